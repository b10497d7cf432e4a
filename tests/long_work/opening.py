"""Opening a quarter of 125,000 lines beside one bare INSERT … SELECT of the same lines."""

import time

from django.db import connection, transaction

from agencies import wall
from agencies.models import Council, LongWork
from reports.models import Period, ReportLine
from reports.opening import running_assignments
from reports.opening_everywhere import order_opening
from tests.long_work.data import NOW

CODE = "2025-q1"


def emptied() -> None:
    """The quarter as never opened."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        where = "WHERE report_id IN (SELECT id FROM reports_progressreport WHERE period_id IN (%s))"
        periods = f"SELECT id FROM reports_period WHERE code = '{CODE}'"
        for table in ("reports_reportline", "reports_reportfigure"):
            cursor.execute(f"DELETE FROM {table} {where % periods}")
        cursor.execute(f"DELETE FROM reports_progressreport WHERE period_id IN ({periods})")
        cursor.execute(f"DELETE FROM reports_period WHERE code = '{CODE}'")
        cursor.execute("SET session_replication_role = DEFAULT")


def bare() -> float:
    """Seconds of one INSERT … SELECT of the lines of the opened quarter, triggers and versions as ever; taken back."""
    period = Period.objects.get(code=CODE, council__code="thu")
    found, params = running_assignments(period).order_by().values("pk").query.sql_with_params()
    with wall.everywhere(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_reportline WHERE report_id IN"
                       " (SELECT id FROM reports_progressreport WHERE period_id = %s)", [period.pk])  # fmt: skip
        started = time.perf_counter()
        cursor.execute(
            "INSERT INTO reports_reportline (report_id, assignment_id, task_id, role, status, percent, result,"
            " difficulty, proposal, no_evidence_reason, version)"
            " SELECT r.id, a.id, a.task_id, a.role, CASE a.role WHEN 'lead' THEN 'not_started' ELSE '' END,"
            " CASE a.role WHEN 'lead' THEN 0 END, '', '', '', '', 1 FROM campaigns_assignment a"
            f" JOIN reports_progressreport r ON r.period_id = %s AND r.agency_id = a.agency_id WHERE a.id IN ({found})",
            [period.pk, *params],
        )
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def measure(council: Council, run) -> None:
    """Print the opening and the bare statement, twice each."""
    council.plans.update(ends_on="2025-12-31")
    for _run in range(2):
        emptied()
        LongWork.objects.filter(kind="mo-ky-moi-hoi-dong").delete()
        work = order_opening(code=CODE, now=NOW)
        seconds, _rows, most, began = run("work", work.pk, 0)
        lines = ReportLine.objects.filter(report__period__code=CODE).count()
        alone = bare()
        print(
            f"opening {lines:,} lines (reports, lines, figures, notices, record): {seconds:.1f} s; one bare INSERT …"
            f" SELECT of the lines: {alone:.1f} s; {seconds / alone:.2f}x; peak {most:.0f} MB (before {began:.0f} MB)",
            flush=True,
        )
