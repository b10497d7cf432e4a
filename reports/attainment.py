"""How far the targets are at the end of a period: those of the council and those of its plans (domain.md §3.2).

A year's flows are added up from its first quarter on, a stock is that of the last quarter; only accepted reports count.
A target of a plan or task is counted from the activities recorded for it, for only they say which plan they served;
what no activity counts is taken from the reports of the task's lead, or of the plan's parties.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q

from campaigns.models import Activity, Assignment, Indicator, Plan, PlanParty, Target, Task
from reports.calendars import PeriodSpan, parse_period, quarters_of, year_to_date
from reports.comparison import Figures
from reports.goals import TargetRow, is_over, measured
from reports.models import CouncilTarget, Period, ProgressReport
from reports.rates import RATE_BY_ID
from reports.targets import applies, effective

# A plan that is over shows what it came to; a draft, a cancelled and a replaced one are held to nothing.
_HELD = (Plan.State.ACTIVE, Plan.State.COMPLETED)


@dataclass(frozen=True)
class _Moment:
    """The period seen as the end of a stretch of time."""

    span: PeriodSpan
    to_date: PeriodSpan
    as_of: date
    complete: bool  # every report due has been accepted, or the period is closed

    def over(self, until: date | None) -> bool:
        return is_over(until, as_of=self.as_of, complete=self.complete)


def targets_of_plans(period: Period) -> list[Target]:
    """The targets of plans that the period is held to. One query."""
    return list(_plan_targets(period))


def spans_needed(period: Period, of_plans: Iterable[Target]) -> set[PeriodSpan]:
    """The stretches of time whose accepted figures ``attainment`` asks for."""
    to_date = year_to_date(period.span)
    return {*_years(of_plans, to_date), *quarters_of(to_date)}


def attainment(
    period: Period,
    *,
    as_of: date,
    complete: bool,
    of_plans: Collection[Target],
    figures: Mapping[str, Figures],
    natures: Mapping[str, str],
) -> tuple[TargetRow, ...]:
    """Every target that stands in the period, with what was reached by its end: the council's first, then by plan.

    ``complete`` tells that no report is missing, ``figures`` are those of the ``spans_needed``, ``natures`` is
    indicator code → flow or stock. One query, and one more where targets are counted by activities.
    """
    now = _Moment(period.span, year_to_date(period.span), as_of, complete)
    of_council = effective(CouncilTarget.objects.of(period.council_id))
    years = _years(of_plans, now.to_date)
    rows = [
        _council_row(target, figures, natures, now)
        for target in of_council
        if applies(target, period.starts_on, period.ends_on)
    ]
    counted, by_year = _counted(of_plans, period, now), {span.code: figures[span.code] for span in years}
    rows += [_plan_row(target, counted.get(target.pk), by_year, natures, now) for target in of_plans]
    return tuple(rows)


def _years(targets: Iterable[Target], to_date: PeriodSpan) -> list[PeriodSpan]:
    """The reporting years that the targets reach back to, the current one to date last."""
    lasting = [row.plan.starts_on.year for row in targets if row.year is None]
    return [*(parse_period(str(year)) for year in range(min(lasting, default=to_date.year), to_date.year)), to_date]


# --- the council's own --------------------------------------------------------------------------------------------


def _council_row(
    target: CouncilTarget, figures: Mapping[str, Figures], natures: Mapping[str, str], now: _Moment
) -> TargetRow:
    rate = RATE_BY_ID.get(target.rate)
    row = TargetRow(
        scope="council",
        code=target.code,
        name=target.name,
        source=target.source,
        direction=target.direction,
        target=target.value,
        unit=target.unit,
        until=target.valid_to,
        note=target.note,
    )
    if rate is None:
        return row
    found = rate.of({code: _sum(figures[now.to_date.code], code) for code in rate.codes})
    quarters = [
        span
        for span in quarters_of(now.to_date)
        if all(_sum(figures[span.code], code) is not None for code in rate.codes)
    ]
    stock = natures.get(rate.codes[0]) == Indicator.Nature.STOCK
    return measured(
        replace(row, basis="rate", formula=f"{rate.formula}, {_told(quarters, now, stock)}"),
        found.value,
        over=now.over(target.valid_to),
        numerator=found.numerator,
        denominator=found.denominator,
    )


def _told(quarters: list[PeriodSpan], now: _Moment, stock: bool) -> str:
    """Of which quarters the figures are, in words: a quarter whose report is missing is not claimed."""
    wanted = list(quarters_of(now.to_date))
    if not quarters:
        return f"chưa có số liệu năm {now.span.year}"
    if stock and quarters[-1] == wanted[-1]:
        return f"cuối {wanted[-1].label}"
    if stock:
        return f"mới có số liệu {quarters[-1].label}"
    return _stretch(now) if quarters == wanted else f"mới có số liệu {', '.join(span.label for span in quarters)}"


def _stretch(now: _Moment) -> str:
    """The year to date, in words."""
    first, last = quarters_of(now.to_date)[0], quarters_of(now.to_date)[-1]
    return f"cộng dồn từ {first.short_label} đến {last.label}" if first != last else f"trong {last.label}"


def _sum(figures: Figures, code: str, agencies: Collection[str] | None = None) -> Decimal | None:
    own = [value for agency, value in figures.get(code, {}).items() if agencies is None or agency in agencies]
    return sum(own, Decimal(0)) if own else None


# --- those of plans -----------------------------------------------------------------------------------------------


def _plan_targets(period: Period):
    """The plans' targets of the year and of no year, each with the agencies whose reports it asks."""
    leads = Assignment.objects.current().filter(task=OuterRef("task"), role=Assignment.Role.LEAD)
    parties = PlanParty.objects.filter(plan=OuterRef("plan"))
    return (
        Target.objects.filter(
            Q(year=period.span.year) | Q(year__isnull=True),
            plan__council=period.council_id,
            plan__state__in=_HELD,
            plan__starts_on__lte=period.ends_on,
            plan__ends_on__gte=period.starts_on,
        )
        .exclude(task__status=Task.Status.CANCELLED)
        .select_related("indicator__parent", "plan", "task__section")
        .annotate(
            leads=ArraySubquery(leads.values("agency__code")), parties=ArraySubquery(parties.values("agency__code"))
        )
        .order_by(
            "plan__number", "plan", F("task__sort_order").asc(nulls_first=True), "task", "indicator__sort_order", "year"
        )
    )


def _asked(target: Target) -> list[str]:
    """Codes of the agencies that a target is theirs to reach."""
    return target.leads if target.task_id else target.parties


def _since(target: Target, now: _Moment) -> date:
    """The first day that counts for a target."""
    return target.plan.starts_on if target.year is None else quarters_of(now.to_date)[0].starts_on


def _counted(targets: Iterable[Target], period: Period, now: _Moment) -> dict[int, Decimal]:
    """What activities count towards each target: target id → sum; absent when there is none. One query at most.

    An activity counts once for a plan, however many of its tasks it served, and only when its agency's report of that
    quarter has been accepted.
    """
    wanted = [row for row in targets if row.indicator.from_activities]
    if not wanted:
        return {}
    reported = ProgressReport.objects.accepted().filter(
        agency=OuterRef("agency"),
        period__council=period.council_id,
        period__starts_on__lte=OuterRef("held_on"),
        period__ends_on__gte=OuterRef("held_on"),
    )
    figures = (
        Activity.objects.counted()
        .filter(
            Exists(reported),
            Q(tasks__in={row.task_id for row in wanted if row.task_id})
            | Q(tasks__plan__in={row.plan_id for row in wanted if not row.task_id}),
            figures__indicator__in={row.indicator_id for row in wanted},
            held_on__range=(min(_since(row, now) for row in wanted), period.ends_on),
        )
        .order_by()
        .values_list("pk", "tasks", "tasks__plan", "held_on", "figures__indicator", "figures__value")
    )
    # (task or None, plan, indicator) → activity → day and figure
    found: dict[tuple, dict[int, tuple[date, Decimal]]] = defaultdict(dict)
    for activity, task, plan, held_on, indicator, value in figures:
        found[task, plan, indicator][activity] = found[None, plan, indicator][activity] = held_on, value
    sums = {}
    for row in wanted:
        since = _since(row, now)
        of_target = found.get((row.task_id, row.plan_id, row.indicator_id), {}).values()
        if values := [value for held_on, value in of_target if held_on >= since]:
            sums[row.pk] = sum(values)
    return sums


def _told_by(target: Target, figures: Mapping[str, Figures]) -> bool:
    """Whether an agency that the target is theirs to reach has an accepted report: then nothing done is 0."""
    asked = set(_asked(target))
    return any(not asked.isdisjoint(own) for of_span in figures.values() for own in of_span.values())


def _plan_row(
    target: Target, counted: Decimal | None, years: Mapping[str, Figures], natures: Mapping[str, str], now: _Moment
) -> TargetRow:
    indicator, task, plan = target.indicator, target.task, target.plan
    year_ends = parse_period(str(target.year)).ends_on if target.year else plan.ends_on
    row = TargetRow(
        scope="plan",
        code=indicator.code,
        name=indicator.full_name,
        source=plan.number,
        direction=target.direction,
        target=target.value,
        unit=indicator.unit.lower(),
        decimals=indicator.decimals,
        plan=plan.pk,
        task=target.task_id,
        place=task.place if task else "",
        task_title=task.title if task else "",
        year=target.year,
        until=min(year_ends, plan.ends_on),
        basis="activities" if indicator.from_activities else "reports",
        formula=_formula(target, now),
    )
    if target.year is not None:
        years = {now.to_date.code: years[now.to_date.code]}
    if indicator.from_activities:
        achieved = counted if counted is not None or not _told_by(target, years) else Decimal(0)
    else:
        asked = _asked(target)
        found = [value for of in years.values() if (value := _sum(of, indicator.code, asked)) is not None]
        stock = natures.get(indicator.code) == Indicator.Nature.STOCK
        achieved = (found[-1] if stock else sum(found)) if found else None
    return measured(row, achieved, over=now.over(row.until))


def _formula(target: Target, now: _Moment) -> str:
    """What was counted, in words."""
    if target.indicator.from_activities:
        of = "nhiệm vụ" if target.task_id else "các nhiệm vụ của kế hoạch"
        what = f"hoạt động đã ghi cho {of}, báo cáo đã tiếp nhận"
    else:
        what = f"báo cáo đã tiếp nhận của {'đơn vị chủ trì' if target.task_id else 'các bên ký kết'}"
    if target.indicator.nature == Indicator.Nature.STOCK:
        return f"{what}, số liệu mới nhất đến {now.span.label}"
    if target.year is None:
        return f"{what}, cộng dồn từ {target.plan.starts_on:%d/%m/%Y} đến {now.span.label}"
    return f"{what}, {_stretch(now)}"
