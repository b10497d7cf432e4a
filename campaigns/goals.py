"""How far a task's targets are, told to somebody who records what was done for it."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, Value, When

from agencies.vietnamese import show_number
from campaigns.models import ActivityFigure, Target


def reporting_year(day: date) -> tuple[int, date, date]:
    """The year to which a day is reported, with its first and last day. The reports room, which knows the calendars,
    puts its own in place of this one when the site starts."""
    return day.year, date(day.year, 1, 1), date(day.year, 12, 31)


def goals_told(task_ids: Collection[int], today: date) -> dict[int, list[str]]:
    """Task id → its targets of this year and of the whole plan, each with what activities have recorded for it so far.

    Recorded is not yet reported: the leaders' figures count accepted reports only. One query.
    """
    year, first, last = reporting_year(today)
    since = Case(When(year__isnull=True, then=F("plan__starts_on")), default=Value(first))
    recorded = ActivityFigure.objects.filter(
        activity__tasks=OuterRef("task"),
        indicator=OuterRef("indicator"),
        activity__withdrawn_at__isnull=True,
        activity__same_as__isnull=True,
        activity__held_on__gte=OuterRef("since"),
        activity__held_on__lte=last,
    )
    total = recorded.order_by().values("indicator").annotate(total=Sum("value")).values("total")
    targets = (
        Target.objects.filter(Q(year=year) | Q(year__isnull=True), task__in=task_ids, indicator__from_activities=True)
        .select_related("indicator__parent")
        .annotate(since=since)
        .annotate(recorded=Subquery(total))
        .order_by("indicator__sort_order", "year")
    )
    told = defaultdict(list)
    for target in targets:
        told[target.task_id].append(_told(target))
    return told


def _told(target: Target) -> str:
    """'Số cuộc PBGDPL trực tiếp năm 2024: đã ghi 6 cuộc, cần ít nhất 8, còn 2', in the indicator's unit."""
    recorded, unit = target.recorded or 0, target.indicator.unit.lower()
    when = f" năm {target.year}" if target.year else ""
    more = target.direction == Target.Direction.MORE_THAN
    need = f"cần {'hơn' if more else 'ít nhất'} {show_number(target.value)}"
    if recorded > target.value or (recorded == target.value and not more):
        state = "đã đủ"
    else:
        state = f"còn {show_number(target.value - recorded)}" if recorded < target.value else "chưa đủ"
    return f"{target.indicator.full_name}{when}: đã ghi {show_number(recorded)} {unit}, {need}, {state}"
