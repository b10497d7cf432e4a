"""What a period is filled with, each kind of row by one INSERT … SELECT: reports, a line per task, the figures.

Triggers, versions and the wall between councils see every row as they would a single one.
"""

from django.db import connection
from django.db.models import QuerySet

from agencies.models import Agency
from campaigns.models import Assignment, Indicator, Plan, Task
from reports.calendars import due_in_period
from reports.models import Period, ProgressReport

_EDITABLE = [state.value for state in ProgressReport.EDITABLE_STATES]
_ACCEPTED = [state.value for state in ProgressReport.ACCEPTED_STATES]


def add_reports(period: Period, running: QuerySet[Assignment]) -> int:
    """A report for each agency of the period's plans, or with something to do, that has none; how many."""
    span = period.span
    parties = Agency.objects.in_force(span.ends_on).filter(
        council=period.council_id,
        plan_parties__plan__state=Plan.State.ACTIVE,
        plan_parties__plan__starts_on__lte=span.ends_on,
        plan_parties__plan__ends_on__gte=span.starts_on,
    )
    busy = running.order_by().values_list("agency", flat=True).distinct()
    wanted = set(parties.values_list("pk", flat=True)) | set(busy)
    missing = wanted - set(period.reports.values_list("agency", flat=True))
    fresh = [ProgressReport(period=period, agency_id=pk) for pk in sorted(missing)]
    return len(ProgressReport.objects.bulk_create(fresh))


def add_lines(period: Period, running: QuerySet[Assignment]) -> int:
    """A line for each of the assignments that has none, in reports that are not handed in; how many.

    A dated task goes on from where it was; a recurring one begins a new round.
    """
    given = running.order_by().values_list(
        *("pk", "agency_id", "role", "task_id", "task__recurrence", "task__status", "task__percent", "task__due_date"),
        *("task__plan_id", "task__sort_order", "task__plan__ends_on"),
    )
    found, params = given.query.sql_with_params()
    due, dates = _due(period)
    with connection.cursor() as cursor:
        # The assignments are read once, with all that is asked of them: a second look at them by their ids would be
        # planned as if there were a few.
        cursor.execute(
            f"""
            INSERT INTO reports_reportline (report_id, assignment_id, task_id, role, due_on, status, percent, result,
                difficulty, proposal, no_evidence_reason, version)
            SELECT r.id, a.id, a.task_id, a.role, {due},
                   CASE WHEN a.role <> 'lead' THEN '' WHEN a.recurrence = '' AND a.status <> 'done' THEN a.status
                        ELSE 'not_started' END,
                   CASE WHEN a.role <> 'lead' THEN NULL WHEN a.recurrence = '' AND a.status <> 'done' THEN a.percent
                        ELSE 0 END,
                   '', '', '', '', 1
            FROM ({found}) a (id, agency_id, role, task_id, recurrence, status, percent, due_date, plan_id, sort_order,
                              ends_on)
            JOIN reports_progressreport r ON r.period_id = %s AND r.agency_id = a.agency_id AND r.state = ANY(%s)
            WHERE NOT EXISTS (SELECT FROM reports_reportline l WHERE l.report_id = r.id AND l.assignment_id = a.id)
            ORDER BY r.id, a.plan_id, a.sort_order, a.task_id, a.id
            """,
            [*dates, *params, period.pk, _EDITABLE],
        )
        return cursor.rowcount


def _due(period: Period) -> tuple[str, list]:
    """When a task is due in the period, as SQL of the assignment ``a``: by ``due_in_period``, whose days depend on
    the period alone but for the end of the plan."""
    never, cases, dates = period.ends_on.replace(year=9999), [], []
    for recurrence in sorted(set(Task.Recurrence.values) - {Task.Recurrence.ONCE}):
        day = due_in_period(due_date=None, recurrence=recurrence, span=period.span, plan_ends_on=never)
        cases.append(f"WHEN '{recurrence}' THEN " + ("NULL" if day is None else "LEAST(%s::date, a.ends_on)"))
        dates += [] if day is None else [day]
    return f"CASE a.recurrence {' '.join(cases)} ELSE a.due_date END", dates


def add_figures(period: Period) -> int:
    """A row per indicator that an agency reports and has none of, in reports that are not handed in; how many.

    A stock starts from the agency's last accepted value. An open report also gets the rows of indicators that came into
    the catalogue after it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO reports_reportfigure (report_id, indicator_id, value, reason, corrected, note)
            SELECT r.id, i.id, last.value, '', false, ''
            FROM reports_progressreport r
            JOIN campaigns_indicator i ON i.reported_by = %(every)s OR r.agency_id = %(standing)s
            LEFT JOIN (
                SELECT DISTINCT ON (o.agency_id, f.indicator_id) o.agency_id, f.indicator_id, f.value
                FROM reports_reportfigure f JOIN reports_progressreport o ON o.id = f.report_id
                JOIN reports_period p ON p.id = o.period_id JOIN campaigns_indicator s ON s.id = f.indicator_id
                WHERE p.council_id = %(council)s AND p.starts_on < %(day)s AND s.nature = %(stock)s
                      AND o.state = ANY(%(accepted)s)
                ORDER BY o.agency_id, f.indicator_id, p.starts_on DESC
            ) last ON last.agency_id = r.agency_id AND last.indicator_id = i.id
            WHERE r.period_id = %(period)s AND r.state = ANY(%(editable)s) AND NOT EXISTS (
                SELECT FROM reports_reportfigure f WHERE f.report_id = r.id AND f.indicator_id = i.id)
            ORDER BY r.id, i.sort_order
            """,
            {
                "every": Indicator.Reporter.EVERY.value,
                "standing": period.council.standing_agency_id,
                "council": period.council_id,
                "day": period.starts_on,
                "stock": Indicator.Nature.STOCK.value,
                "accepted": _ACCEPTED,
                "period": period.pk,
                "editable": _EDITABLE,
            },
        )
        return cursor.rowcount
