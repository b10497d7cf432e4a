"""A million report lines as CSV and as Excel: seconds, beside bare COPY and other writers, cut in the middle."""

import hashlib
import io
import resource
import tempfile
import time
import zipfile
from collections.abc import Iterator

from django.db import connection

from agencies import wall
from agencies.files.storing import content_of
from agencies.long_work import orders, running
from agencies.models import LongWork
from agencies.tables.sql_rows import Window
from reports.long_exports import LINES, SOURCES, line_columns, order_export
from tests.long_work.data import NOW


def ordered(council, secretary, file_format: str) -> LongWork:
    periods = list(council.periods.filter(kind="quarter"))
    return order_export(
        kind=LINES, file_format=file_format, council=council, periods=periods, by=secretary, now=NOW
    )  # fmt: skip


def worked(work: int, stop_after: int = 0) -> tuple[float, int]:
    """(seconds, rows) of a worker that does the work to its end, or so many pieces; as the job does, behind the wall."""
    started, pieces = time.perf_counter(), 0
    with wall.everywhere():
        turn = LongWork.objects.get(pk=work).turn
        while running.do_piece(work=work, turn=turn, now=NOW):
            pieces += 1
            if pieces == stop_after:
                break
    return time.perf_counter() - started, LongWork.objects.get(pk=work).rows_done


def peak() -> float:
    """The most memory this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bare_copy(council) -> float:
    """Seconds of one COPY TO STDOUT of the same rows and columns as they are stored, by the tables' owner."""
    source, work = SOURCES[LINES], ordered_for_columns(council)
    values = ", ".join(column.sql for column in line_columns(work))
    window = one_window(source, work)
    started = time.perf_counter()
    with tempfile.TemporaryFile() as out, connection.cursor() as cursor:
        with cursor.copy(f"COPY (SELECT {values} {window.sql}) TO STDOUT (FORMAT csv)", window.params) as copy:
            for data in copy:
                out.write(data)
    return time.perf_counter() - started


def ordered_for_columns(council) -> LongWork:
    periods = list(council.periods.filter(kind="quarter").values_list("pk", flat=True))
    return LongWork(council=council, parameters={"periods": periods, "format": "csv"}, kind=LINES, title="")


def one_window(source, work, rows: int = 10**9) -> Window:
    return source.after(work, None, rows)[0]


def result(work: int) -> Iterator[bytes]:
    for path, _size in LongWork.objects.get(pk=work).parts:
        yield content_of(path)


def digest(work: int) -> str:
    """SHA-256 of the whole result."""
    whole = hashlib.sha256()
    for part in result(work):
        whole.update(part)
    return whole.hexdigest()


def cut_in_the_middle(council, secretary, file_format: str, pieces: int, run) -> LongWork:
    """Cancelled after so many pieces, resumed, done; ``run`` does it in a process of its own."""
    work = ordered(council, secretary, file_format)
    run("work", work.pk, pieces)
    orders.cancel(work=work, by=secretary, now=NOW)
    orders.resume(work=work, by=secretary, now=NOW)
    run("work", work.pk, 0)
    return LongWork.objects.get(pk=work.pk)


def rows_in_workbook(work: int) -> tuple[int, int]:
    """(rows of data, bytes of XML) of a finished workbook: the zip is whole and each check sum holds."""
    rows, size = 0, 0
    with tempfile.TemporaryFile() as file:
        for part in result(work):
            file.write(part)
        with zipfile.ZipFile(file) as book:
            for name in book.namelist():
                with book.open(name) as member:
                    tail = b""
                    while chunk := member.read(1 << 20):
                        size += len(chunk)
                        rows += (tail + chunk).count(b"<row ") - tail.count(b"<row ")
                        tail = chunk[-4:]
                    rows -= 2 * name.startswith("xl/worksheets/")  # the title and the headings
    return rows, size


def other_writers(council, rows: int) -> Iterator[tuple[str, float]]:
    """(name, rows a second) of other ways to the same sheet, values read from the database included."""
    from agencies.tables.listing import Column, as_xlsx

    source, work = SOURCES[LINES], ordered_for_columns(council)
    columns = line_columns(work)
    values = ", ".join(column.sql for column in columns)
    window = one_window(source, work, rows)
    query = f"SELECT {values} {window.sql}"

    def fetched():
        with connection.cursor() as cursor:
            cursor.execute(query, window.params)
            yield from cursor.fetchall()

    started = time.perf_counter()
    as_xlsx("x", [Column(column.heading, lambda row, at=at: row[at]) for at, column in enumerate(columns)], fetched())
    yield "XlsxWriter constant_memory", window.rows / (time.perf_counter() - started)
    try:
        from rustpy_xlsxwriter import write_worksheet
    except ImportError:
        pass
    else:
        started = time.perf_counter()
        heads = [column.heading for column in columns]
        records = ({head: _flat(value) for head, value in zip(heads, row, strict=True)} for row in fetched())
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            write_worksheet(records=list(records), file_name=file.name)
        yield "rustpy-xlsxwriter (rows in a list)", window.rows / (time.perf_counter() - started)
    few = one_window(source, work, 2_000)
    started = time.perf_counter()
    _import_export(work, few)
    yield "import-export's default", few.rows / (time.perf_counter() - started)


def _flat(value):
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value


def _import_export(work: LongWork, window: Window) -> None:
    from import_export import resources
    from import_export.formats.base_formats import XLSX

    from reports.models import ReportLine

    class LineResource(resources.ModelResource):
        class Meta:
            model = ReportLine
            fields = (
                "report__period__code", "report__agency__code", "report__agency__name", "report__state",
                "task__plan__number", "task__section__title", "task__number", "task__title", "role", "due_on", "status",
                "percent", "completed_on", "result", "difficulty", "proposal", "new_expected_on", "edited_at",
            )  # fmt: skip

    lines = ReportLine.objects.filter(report__in=window.params["reports"])[: window.rows]
    io.BytesIO(XLSX().export_data(LineResource().export(lines)))
