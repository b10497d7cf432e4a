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
    found, params = running.order_by().values("pk").query.sql_with_params()
    due, dates = _due(period)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO reports_reportline (report_id, assignment_id, task_id, role, due_on, status, percent, result,
                difficulty, proposal, no_evidence_reason, version)
            SELECT r.id, a.id, t.id, a.role, {due},
                   CASE WHEN a.role <> 'lead' THEN '' WHEN t.recurrence = '' AND t.status <> 'done' THEN t.status
                        ELSE 'not_started' END,
                   CASE WHEN a.role <> 'lead' THEN NULL WHEN t.recurrence = '' AND t.status <> 'done' THEN t.percent
                        ELSE 0 END,
                   '', '', '', '', 1
            FROM campaigns_assignment a JOIN campaigns_task t ON t.id = a.task_id
            JOIN campaigns_plan p ON p.id = t.plan_id
            JOIN reports_progressreport r ON r.period_id = %s AND r.agency_id = a.agency_id AND r.state = ANY(%s)
            WHERE a.id IN ({found}) AND NOT EXISTS (
                SELECT FROM reports_reportline l JOIN reports_progressreport o ON o.id = l.report_id
                WHERE o.period_id = %s AND l.assignment_id = a.id)
            ORDER BY r.id, t.plan_id, t.sort_order, t.id, a.id
            """,
            [*dates, period.pk, _EDITABLE, *params, period.pk],
        )
        return cursor.rowcount


def _due(period: Period) -> tuple[str, list]:
    """When a task is due in the period, as SQL of task ``t`` and plan ``p``: by ``due_in_period``, whose days depend on
    the period alone but for the end of the plan."""
    never, cases, dates = period.ends_on.replace(year=9999), [], []
    for recurrence in sorted(set(Task.Recurrence.values) - {Task.Recurrence.ONCE}):
        day = due_in_period(due_date=None, recurrence=recurrence, span=period.span, plan_ends_on=never)
        cases.append(f"WHEN '{recurrence}' THEN " + ("NULL" if day is None else "LEAST(%s::date, p.ends_on)"))
        dates += [] if day is None else [day]
    return f"CASE t.recurrence {' '.join(cases)} ELSE t.due_date END", dates


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
