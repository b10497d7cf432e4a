"""The council's report as a Word file, of two hundred tasks, against docxtpl alone on the same template and context."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice

from docx import Document
from docxtpl import DocxTemplate

from agencies import clock, wall
from reports.consolidation import consolidate
from reports.document import document_parts
from reports.exports.word import environment, word_report
from reports.exports.word_context import report_context
from reports.exports.word_template import council_report_template
from tests.bench.measure import OURS, Goal, Measure, Side
from tests.bench.site import Site

TASKS = 200


def measures(site: Site) -> Iterator[Measure]:
    """The file itself; its numbers are known before."""
    tasks = TASKS if site.size else 10
    with wall.for_person(site.secretary.pk):
        period = type(site.period).objects.select_related("council__standing_agency").get(pk=site.period.pk)
        value = consolidate(period, as_of=clock.today())
        value = replace(value, tasks=tuple(islice(cycle(value.tasks), tasks)))
        parts = document_parts(period, value, None)
    template, context = council_report_template(), report_context(value, **parts)

    def bare() -> bytes:
        filled = DocxTemplate(io.BytesIO(template))
        filled.render(context, environment())
        out = io.BytesIO()
        filled.save(out)
        return out.getvalue()

    yield Measure(
        f"Word report of {tasks} tasks",
        "word",
        (Side(OURS, lambda: word_report(value, **parts)), Side("docxtpl", bare)),
        (Goal(13, "report ÷ bare docxtpl", "docxtpl", at_most=2),),
        _same_tables,
        most_rounds=9,
        seconds=20,
    )


def _same_tables(answers) -> None:
    told = {name: table_texts(content) for name, content in answers.items()}
    for name, said in told.items():
        assert said == told[OURS], f"{name}: {len(said)} rows of tables, ours {len(told[OURS])}"


def table_texts(content: bytes) -> list[str]:
    """The text of every row of every table."""
    return ["|".join(row.itertext()) for row in Document(io.BytesIO(content)).element.body.iter("{*}tr")]
