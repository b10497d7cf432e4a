"""The leaders' numbers of a council: the page and its reckoning, against bare SQL by GROUPING SETS.

The bare SQL counts the tasks of every open quarter of the trend by agency, plan and state, reads the frozen totals of
the locked ones, and adds up the accepted figures of the quarter, the one before and the same a year ago.
"""

from collections.abc import Iterator

from django.db import connection

from agencies import clock, wall
from reports.calendars import previous, same_period_last_year
from reports.due import DUE_SOON_DAYS
from reports.freezing import with_totals
from reports.models import Period
from reports.summary import counted_codes, summarise
from tests.bench.measure import OURS, Goal, Measure, Side, rolled_back
from tests.bench.pages import signed_in
from tests.bench.site import Site
from tests.bench.statements import captured

COUNTS = """
SELECT period_id, agency_id, plan_id, state, count(*) FROM (
  SELECT period_id, agency_id, plan_id, CASE
      WHEN status = 'done' THEN 'done' WHEN status = 'on_hold' THEN 'suspended'
      WHEN due_on IS NULL OR due_on > least(%(today)s, ends_on) + %(soon)s THEN 'on_track'
      WHEN due_on < least(%(today)s, ends_on) THEN 'overdue' ELSE 'due_soon' END AS state
  FROM (
    SELECT r.period_id, r.agency_id, t.plan_id, l.due_on, p.ends_on, CASE
        WHEN r.state IN ('accepted', 'locked') THEN l.status
        WHEN t.recurrence = '' OR (l.due_on IS NOT NULL AND b.due_on = l.due_on) THEN b.status END AS status
    FROM reports_reportline l
    JOIN reports_progressreport r ON r.id = l.report_id
    JOIN reports_period p ON p.id = r.period_id
    JOIN campaigns_task t ON t.id = l.task_id
    LEFT JOIN LATERAL (
      SELECT e.status, e.due_on FROM reports_reportline e
      JOIN reports_progressreport er ON er.id = e.report_id JOIN reports_period ep ON ep.id = er.period_id
      WHERE e.task_id = l.task_id AND e.role = 'lead' AND er.state IN ('accepted', 'locked')
        AND ep.starts_on < p.starts_on
      ORDER BY ep.starts_on DESC, e.id DESC LIMIT 1) b ON r.state NOT IN ('accepted', 'locked')
    WHERE r.period_id = ANY(%(open)s) AND l.role = 'lead') said) stands
GROUP BY GROUPING SETS ((period_id, agency_id, plan_id, state), (period_id, agency_id, state),
                        (period_id, plan_id, state), (period_id, state))"""
FROZEN = """SELECT p.id, v.totals FROM reports_period p JOIN reports_frozenvalue v ON v.id = p.frozen_id
WHERE p.id = ANY(%(locked)s)"""
FIGURES = """
SELECT p.id, f.indicator_id, r.agency_id, sum(coalesce(f.value, f.computed))
FROM reports_reportfigure f JOIN reports_progressreport r ON r.id = f.report_id JOIN reports_period p ON p.id = r.period_id
WHERE p.council_id = %(council)s AND p.code = ANY(%(beside)s) AND r.state IN ('accepted', 'locked')
GROUP BY GROUPING SETS ((p.id, f.indicator_id, r.agency_id), (p.id, f.indicator_id))"""


def measures(site: Site) -> Iterator[Measure]:
    """The reckoning alone, then the whole page."""
    with rolled_back():
        client, given = signed_in(site.leader), parameters(site)
        address = site.address("summary-period")

        def page() -> dict:
            answer = client.get(address)
            assert answer.status_code == 200, answer.status_code
            return {}

        def reckoning() -> dict:
            with wall.for_person(site.leader.pk):
                periods = Period.objects.visible_to(site.leader).select_related("council__standing_agency")
                periods = with_totals(periods, counted_codes(site.period.code))
                found = list(periods.filter(council=site.council).order_by("-starts_on"))
                period = next(one for one in found if one.pk == site.period.pk)
                told = summarise(period, periods=found, as_of=clock.today()).value.totals
            return {name: number for name, number in vars(told).items() if name != "tasks"}

        def bare() -> dict:
            return bare_numbers(given, site.period.pk)

        def only_where_told(answers) -> None:
            told = [answer for answer in answers.values() if answer]
            assert all(answer == told[0] for answer in told), answers

        for name, call in (("reckoning", reckoning), ("whole page", page)):
            call()
            with captured() as statements:
                call()
            yield Measure(
                f"leaders' numbers, {name}",
                "leaders",
                (Side(OURS, call, queries=len(statements)), Side("grouping sets", bare, queries=3)),
                (Goal(5, f"{name} ÷ bare SQL", "grouping sets", at_most=1.5),),
                only_where_told,
            )


def parameters(site: Site) -> dict:
    """What the bare SQL is asked with."""
    codes = counted_codes(site.period.code)
    shown = Period.objects.filter(council=site.council, code__in=codes)
    span = site.period.span
    return {
        "council": site.council.pk,
        "today": clock.today(),
        "soon": DUE_SOON_DAYS,
        "open": list(shown.filter(frozen__isnull=True, kind=Period.Kind.QUARTER).values_list("pk", flat=True)),
        "locked": list(shown.filter(frozen__isnull=False).values_list("pk", flat=True)),
        "beside": [span.code, previous(span).code, same_period_last_year(span).code],
    }


def bare_numbers(given: dict, period: int) -> dict[str, int]:
    """The three statements, every row fetched; the totals of that period by state."""
    with connection.connection.cursor() as cursor:
        rows = cursor.execute(COUNTS, given).fetchall()
        cursor.execute(FROZEN, given).fetchall()
        cursor.execute(FIGURES, given).fetchall()
    totals = dict.fromkeys(("done", "on_track", "due_soon", "overdue", "suspended"), 0)
    return totals | {state: n for pk, agency, plan, state, n in rows if (pk, agency, plan) == (period, None, None)}
