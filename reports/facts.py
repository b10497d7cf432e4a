"""Figures that come from dated facts: activities of agencies, added up over any span of days of any calendar.

A quarter of the administrative calendar, a half-year of the statistics and a plan's own months are only days here;
nothing is ever added up from totals of other periods.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q, Sum

from agencies.models import Agency
from campaigns.models import Activity, ActivityFigure
from reports.calendars import PeriodSpan, parse_period, quarter_of
from reports.models import Period, ProgressReport

Days = tuple[date, date]  # first and last day, both included
Totals = dict[int, dict[str, Decimal]]  # agency id → indicator code → sum


def activity_totals(agency_ids: Collection[int], span: PeriodSpan) -> Totals:
    """Sum of each indicator over the counted activities of each agency in the span: agency id → code → value.

    An indicator that no activity carries is absent: nobody did it, which the report states as 0.
    """
    return totals_by_days(agency_ids, [(span.starts_on, span.ends_on)])[0]


def totals_by_days(agency_ids: Collection[int], spans: Sequence[Days]) -> list[Totals]:
    """The same for several spans of days at once, in their order, in one query. Spans may overlap or lie apart."""
    if not spans:
        return []
    within = reduce(or_, (Q(activity__held_on__range=days) for days in spans))
    sums = {f"sum_{number}": Sum("value", filter=Q(activity__held_on__range=days)) for number, days in enumerate(spans)}
    rows = (
        ActivityFigure.objects.filter(
            within,
            activity__agency__in=list(agency_ids),
            activity__withdrawn_at__isnull=True,
            activity__same_as__isnull=True,
        )
        .values_list("activity__agency", "indicator__code")
        .annotate(**sums)
        .order_by()
    )
    totals: list[Totals] = [defaultdict(dict) for _days in spans]
    for agency_id, code, *values in rows:
        for found, value in zip(totals, values, strict=True):
            if value is not None:
                found[agency_id][code] = value
    return totals


def tasks_with_activities(reports: Iterable[ProgressReport]) -> set[tuple[int, int]]:
    """(report id, task id) where the report's agency has standing activities for the task in its period. One query."""
    spans = {report.pk: (report.agency_id, report.period.span) for report in reports}
    if not spans:
        return set()
    mine = [
        Q(activity__agency=agency, activity__held_on__range=(span.starts_on, span.ends_on))
        for agency, span in spans.values()
    ]
    ties = Activity.tasks.through.objects.filter(reduce(or_, mine), activity__withdrawn_at__isnull=True)
    rows = set(ties.values_list("task_id", "activity__agency", "activity__held_on"))
    return {
        (pk, task)
        for pk, (agency, span) in spans.items()
        for task, doer, day in rows
        if doer == agency and span.starts_on <= day <= span.ends_on
    }


@dataclass(frozen=True)
class Source:
    """One activity that carries an indicator, and whether its value is in the sum."""

    activity: Activity
    value: Decimal

    @property
    def counts(self) -> bool:
        return self.activity.withdrawn_at is None and self.activity.same_as_id is None


def source_activities(agency_id: int, days: Days, code: str) -> list[Source]:
    """Every activity of the agency in these days that carries the indicator, by day; also those that do not count.

    The values of those that count add up to what ``totals_by_days`` gives.
    """
    figures = ActivityFigure.objects.filter(
        indicator__code=code, activity__agency=agency_id, activity__held_on__range=days
    ).select_related("activity__same_as__agency")
    return [Source(row.activity, row.value) for row in figures.order_by("activity__held_on", "activity_id")]


def reporting_year(day: date) -> tuple[int, date, date]:
    """The administrative reporting year to which a day belongs, with its first and last day."""
    span = parse_period(str(quarter_of(day).year))
    return span.year, span.starts_on, span.ends_on


def notes_on_day(agency: Agency, day: date, *, withdrawn: bool = False) -> list[str]:
    """What to say to somebody who records, changes, withdraws (``withdrawn``) or brings back an activity of that day
    (rule V07); nothing when all is usual."""
    period = Period.objects.filter(
        council=agency.council_id, starts_on__lte=day, ends_on__gte=day, reports__agency=agency
    ).first()
    if period is None and withdrawn:
        return []
    if period is None:
        return [
            f"Ngày {day:%d/%m/%Y} không thuộc kỳ báo cáo nào đã mở cho {agency}. Hoạt động vẫn được lưu, và được tính "
            "khi mở kỳ có ngày này; nếu ghi nhầm ngày, hãy sửa lại (V07)."
        ]
    report = ProgressReport.objects.get(period=period, agency=agency)
    if period.is_locked:
        return [f"{period} đã khóa: số liệu đã chốt của kỳ này không đổi theo việc vừa làm (V07)."]
    if not report.is_editable:
        return [
            f"Báo cáo {period} của {agency} đang ở trạng thái “{report.get_state_display()}”: số liệu đã nộp không đổi "
            "theo việc vừa làm. Muốn tính lại, hãy rút lại báo cáo hoặc đề nghị Thư ký trả lại (V07)."
        ]
    return []


@dataclass(frozen=True)
class ActivityFacts:
    """Activities that a report does not count, and why (rules V07, V26)."""

    late: int = 0  # of the period, recorded after the report was handed in
    lost: int = 0  # of the period before, recorded after that one's report was handed in
    lost_period: str = ""
    elsewhere: int = 0  # of the period, counted with the lead's record of the same event
