"""Lists as files, from the database: against XlsxWriter from a list in memory, and against COPY of the same rows."""

import csv
import io
from collections.abc import Iterator

import xlsxwriter
from django.db import connection
from python_calamine import CalamineWorkbook

from agencies import clock, wall
from agencies.tables.listing import _plain
from campaigns.listings import TASK_COLUMNS
from campaigns.models import Task
from campaigns.views.tasks import task_row, with_assignments
from tests.bench.measure import OURS, Goal, Measure, Side, rolled_back
from tests.bench.memory import peak_mb
from tests.bench.pages import signed_in
from tests.bench.site import Site
from tests.bench.statements import captured

_COPY = """COPY (
SELECT p.number, concat(s.path, t.number) AS place, t.title, n.lead, n.supporting, t.timing_text, t.due_date,
       t.expected_output, t.status, t.percent
FROM campaigns_task t JOIN campaigns_plan p ON p.id = t.plan_id
LEFT JOIN campaigns_plansection s ON s.id = t.section_id
LEFT JOIN LATERAL (
    SELECT string_agg(a.short_name, ', ' ORDER BY a.protocol_order) FILTER (WHERE c.role = 'lead') AS lead,
           string_agg(a.short_name, ', ' ORDER BY a.protocol_order) FILTER (WHERE c.role = 'supporting') AS supporting
    FROM campaigns_assignment c JOIN agencies_agency a ON a.id = c.agency_id
    WHERE c.task_id = t.id AND c.date_to IS NULL) n ON true
WHERE t.council_id = {council}
ORDER BY p.starts_on DESC, p.number, p.id, t.sort_order, t.id
) TO STDOUT (FORMAT csv)"""
_TITLE = [column.heading for column in TASK_COLUMNS].index("Nội dung")


def measures(site: Site) -> Iterator[Measure]:
    """The secretary's whole task list as Excel and as CSV."""
    rows = cells(site)
    # In children with sessions of their own, before anything is written here that they would wait for.
    weighed = {OURS: lambda: _excel_alone(site), "xlsxwriter": lambda: bare_sheet(rows)}
    memory = {name: peak_mb(work) if site.weighed else None for name, work in weighed.items()}
    with rolled_back():
        client = signed_in(site.secretary)

        def excel() -> bytes:
            return _whole(client.get("/nhiem-vu/?xuat=xlsx"))

        def text() -> bytes:
            return _whole(client.get("/nhiem-vu/?xuat=csv"))

        def copied() -> bytes:
            return copy_out(site)

        bare = Side("xlsxwriter", lambda: bare_sheet(rows), rows=len(rows), memory=memory["xlsxwriter"])
        copy = Side("copy", copied, rows=len(rows))
        ours = Side(OURS, excel, rows=len(rows), queries=_queries(excel), memory=memory[OURS])
        yield Measure(
            "task list as Excel",
            "exports",
            (ours, bare, copy),
            (
                Goal(7, "rows a second ÷ bare XlsxWriter's", "xlsxwriter", at_least=1.5),
                Goal(7, "Excel ÷ COPY to CSV", "copy", at_most=4),
            ),
            _same_titles,
            most_rounds=9,
            seconds=20,
        )
        yield Measure(
            "task list as CSV",
            "exports",
            (Side(OURS, text, rows=len(rows), queries=_queries(text)), copy),
            (Goal(8, "CSV ÷ COPY TO", "copy", at_most=3),),
            _same_titles,
            most_rounds=9,
            seconds=20,
        )


def _excel_alone(site: Site) -> bytes:
    with rolled_back():
        return _whole(signed_in(site.secretary).get("/nhiem-vu/?xuat=xlsx"))


def cells(site: Site) -> list[list]:
    """The values of the list, row by row, as they stand in the file."""
    today = clock.today()
    with wall.for_person(site.secretary.pk):
        tasks = with_assignments(Task.objects.visible_to(site.secretary).select_related("plan", "section"))
        rows = [task_row(task, today) for task in tasks.order_by("plan", "sort_order", "pk").iterator(500)]
    return [[_plain(column.read(row)) for column in TASK_COLUMNS] for row in rows]


def bare_sheet(rows: list[list]) -> bytes:
    """The rows as a workbook, as XlsxWriter's own guide has it: a row at a time, memory constant."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def copy_out(site: Site) -> bytes:
    """The same rows by one COPY."""
    with connection.connection.cursor() as cursor, cursor.copy(_COPY.format(council=int(site.council.pk))) as copy:
        return b"".join(bytes(part) for part in copy)


def _whole(answer) -> bytes:
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def titles(content: bytes) -> list[str]:
    """The titles in a file of either kind, however many lines stand above the list."""
    if content.startswith(b"PK"):
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    else:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    said = [str(row[_TITLE]).lstrip("'") for row in rows if len(row) > _TITLE]
    return said[said.index("Nội dung") + 1 :] if "Nội dung" in said else said


def _same_titles(answers) -> None:
    told = {name: titles(content) for name, content in answers.items()}
    for name, said in told.items():
        assert said == told[OURS], f"{name} has {len(said)} rows, ours {len(told[OURS])}"


def _queries(call) -> int:
    with captured() as statements:
        call()
    return len(statements)
