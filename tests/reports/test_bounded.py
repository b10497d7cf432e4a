"""A province's report stays readable: what a paragraph names and what stands beside a sentence is bounded."""

from dataclasses import replace
from decimal import Decimal

from reports.drafting import draft_sentences
from reports.drafting.plans import NAMED
from reports.sources import SHOWN, sources
from reports.values import AgencyFigure, Counts
from tests.reports.values_sample import sample


def province():
    """The sample with forty agencies that all report everything, the first of which is late with thirty tasks."""
    value = sample()
    first = value.agencies[0]
    agencies = [first, *(replace(first, code=f"p{at}", short_name=f"Phường {at}") for at in range(39))]
    late = [replace(value.tasks[0], id=1000 + at, lead=first.code, state="overdue") for at in range(30)]
    figures = tuple(AgencyFigure(row.code, Decimal(at + 1)) for at, row in enumerate(agencies))
    return replace(
        value,
        agencies=(replace(first, counts=Counts.one("overdue", 30)), *agencies[1:]),
        tasks=tuple(late),
        indicators=tuple(replace(row, by_agency=figures) for row in value.indicators),
    )


def test_a_paragraph_names_so_many_and_says_how_many_more():
    value = province()
    sentence = next(one for one in draft_sentences(value)["plans"] if one.key == f"co-quan:{value.agencies[0].code}")
    assert sentence.text.count("“") == NAMED and f"và {30 - NAMED} nhiệm vụ quá hạn khác (Phụ lục III)" in sentence.text
    assert len(sentence.tasks) == 30
    source = next(iter(sources((sentence,), value)))
    assert len(source.tasks) == NAMED and source.counted == 30


def test_beside_a_figure_stand_the_largest_and_how_many_more():
    value = province()
    figure = next(iter(sources(draft_sentences(value)["education"], value))).figures[0]
    assert [many for _agency, many in figure.some] == [Decimal(at) for at in range(41 - SHOWN, 41)]
    assert figure.more == 40 - SHOWN and figure.none == 0
