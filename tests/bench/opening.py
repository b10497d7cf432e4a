"""Opening a period for a council, against one INSERT … SELECT of the very same lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection

from agencies import clock, wall
from reports.calendars import following
from reports.opening import open_period
from tests.bench.measure import OURS, Goal, Measure, Side, rolled_back
from tests.bench.site import Site
from tests.bench.statements import captured

# In the order in which they are filled: table → which of its rows belong to the period %s.
_TABLES = {
    "reports_period": "id = {period}",
    "reports_progressreport": "period_id = {period}",
    "reports_reportline": "report_id IN (SELECT id FROM reports_progressreport WHERE period_id = {period})",
    "reports_reportfigure": "report_id IN (SELECT id FROM reports_progressreport WHERE period_id = {period})",
}


@dataclass(frozen=True)
class Opened:
    """What opening the next quarter writes, as COPY's lines by table."""

    code: str
    rows: dict[str, bytes]
    lines: int
    figures: int


def measures(site: Site) -> Iterator[Measure]:
    """The next quarter of one council, its plans made to last until its end."""
    with rolled_back():
        span = following(site.period.span)
        with connection.cursor() as cursor, _without_triggers():
            cursor.execute(
                "UPDATE campaigns_plan SET ends_on = greatest(ends_on, %s) WHERE council_id = %s AND state = 'active'",
                [span.ends_on, site.council.pk],
            )
            cursor.execute(
                "DELETE FROM reports_period WHERE council_id = %s AND code = %s", [site.council.pk, span.code]
            )

        def ours() -> int:
            with wall.for_person(site.secretary.pk):
                period, _new = open_period(council=site.council, code=span.code, by=site.secretary, now=clock.now())
            return _lines_of(period.pk)

        opened = what_it_writes(site, span.code)
        for table in _TABLES:
            _into_scratch(table, opened.rows[table])
        with rolled_back(), captured() as statements:
            ours()
        yield Measure(
            f"open a quarter, {opened.lines} lines",
            "opening",
            (
                Side(OURS, ours, rolled_back, rows=opened.lines, queries=len(statements)),
                Side("insert, select", _insert(("reports_reportline",), opened.lines), _ready, rows=opened.lines),
                Side(
                    "insert, select without triggers",
                    _insert(("reports_reportline",), opened.lines),
                    lambda: _ready(triggers=False),
                    rows=opened.lines,
                ),
                Side(
                    "and its figures",
                    _insert(("reports_reportline", "reports_reportfigure"), opened.lines),
                    _ready,
                    rows=opened.lines,
                ),
            ),
            (
                Goal(
                    10,
                    "opening ÷ INSERT … SELECT of its lines, with the table's triggers",
                    "insert, select",
                    at_most=1.5,
                ),
                Goal(10, "opening ÷ INSERT … SELECT of its lines and figures", "and its figures", at_most=1.5),
            ),
            note=f"{opened.figures} figures too",
            most_rounds=5,
            seconds=20,
        )


def what_it_writes(site: Site, code: str) -> Opened:
    """Open it once, keep what was written, take it back."""
    with rolled_back():
        with wall.for_person(site.secretary.pk):
            period, _new = open_period(council=site.council, code=code, by=site.secretary, now=clock.now())
        rows = {}
        for table, which in _TABLES.items():
            with connection.connection.cursor() as cursor:
                sql = f"COPY (SELECT {_columns(table)} FROM {table} WHERE {which.format(period=period.pk)}) TO STDOUT"
                with cursor.copy(sql) as copy:
                    rows[table] = b"".join(bytes(part) for part in copy)
        return Opened(code, rows, _lines_of(period.pk), rows["reports_reportfigure"].count(b"\n"))


def _columns(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public' "
            "AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return ", ".join(f'"{name}"' for (name,) in cursor.fetchall())


def _into_scratch(table: str, rows: bytes) -> None:
    columns = _columns(table)
    with connection.connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bench_{table} ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")
        with cursor.copy(f"COPY bench_{table} ({columns}) FROM STDIN") as copy:
            copy.write(rows)
        cursor.execute(f"ANALYZE bench_{table}")


def _insert(tables: tuple[str, ...], lines: int):
    sql = [f"INSERT INTO {table} ({_columns(table)}) SELECT {_columns(table)} FROM bench_{table}" for table in tables]

    def send() -> int:
        with connection.connection.cursor() as cursor:
            cursor.execute(sql[0])
            written = cursor.rowcount
            for more in sql[1:]:
                cursor.execute(more)
        assert written == lines
        return written

    return send


@contextmanager
def _ready(triggers: bool = True):
    """The period and its reports stand; the lines are to be written, with the table's triggers or without."""
    with rolled_back():
        with _without_triggers():
            for table in ("reports_period", "reports_progressreport"):
                with connection.connection.cursor() as cursor:
                    cursor.execute(
                        f"INSERT INTO {table} ({_columns(table)}) SELECT {_columns(table)} FROM bench_{table}"
                    )
        if triggers:
            yield
        else:
            with _without_triggers():
                yield


@contextmanager
def _without_triggers():
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


def _lines_of(period: int) -> int:
    with connection.connection.cursor() as cursor:
        which = _TABLES["reports_reportline"].format(period=int(period))
        return cursor.execute(f"SELECT count(*) FROM reports_reportline WHERE {which}").fetchone()[0]
