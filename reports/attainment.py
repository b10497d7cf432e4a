"""How far the targets are at the end of a period: those of the council and those of its plans (domain.md §3.2).

A year's flows are added up from its first quarter on, a stock is that of the last quarter; only accepted reports count.
A target of a plan or task is counted from the activities recorded for it, for only they say which plan they served;
what no activity counts is taken from the reports of the task's lead, or of the plan's parties.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Subquery, Sum, Value, When

from campaigns.models import Activity, ActivityFigure, Assignment, Indicator, Plan, PlanParty, Target, Task
from reports.calendars import PeriodSpan, parse_period, quarters_of, year_to_date
from reports.comparison import Figures, Handover, accepted_figures
from reports.goals import TargetRow, is_over, measured
from reports.models import CouncilTarget, Period, ProgressReport, ReportLine
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


def attainment(
    period: Period, *, as_of: date, complete: bool, changes: Iterable[Handover], natures: Mapping[str, str]
) -> tuple[TargetRow, ...]:
    """Every target that stands in the period, with what was reached by its end: the council's first, then by plan.

    ``complete`` tells that no report is missing, ``natures`` is indicator code → flow or stock. Three queries.
    """
    now = _Moment(period.span, year_to_date(period.span), as_of, complete)
    of_plans = list(_plan_targets(period, now))
    of_council = effective(CouncilTarget.objects.of(period.council_id))
    years = _years(of_plans, now)
    figures = accepted_figures(period.council_id, {*years, *quarters_of(now.to_date)}, list(changes)).over
    rows = [
        _council_row(target, figures, natures, now)
        for target in of_council
        if applies(target, period.starts_on, period.ends_on)
    ]
    by_year = [figures[span.code] for span in years]
    rows += [_plan_row(target, by_year, natures, now) for target in of_plans]
    return tuple(rows)


def _years(targets: Iterable[Target], now: _Moment) -> list[PeriodSpan]:
    """The reporting years that the targets reach back to, the current one to date last."""
    lasting = [row.plan.starts_on.year for row in targets if row.year is None and not row.indicator.from_activities]
    return [
        *(parse_period(str(year)) for year in range(min(lasting, default=now.span.year), now.span.year)),
        now.to_date,
    ]


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


def _plan_targets(period: Period, now: _Moment):
    """The plans' targets of the year and of no year, each with what its activities count and whose reports it asks."""
    year_starts = quarters_of(now.to_date)[0].starts_on
    since = Case(
        When(year__isnull=True, then=F("plan__starts_on")), default=Value(year_starts), output_field=DateField()
    )
    serving = Activity.tasks.through.objects
    # Two steps out: from the activities over their figures to the target.
    of_task = serving.filter(task=OuterRef(OuterRef("task"))).values("activity")
    of_plan = serving.filter(task__plan=OuterRef(OuterRef("plan"))).values("activity")
    accepted = ProgressReport.objects.accepted().filter(period__council=period.council_id)
    lines = ReportLine.objects.filter(
        report__in=accepted.filter(period__starts_on__lte=period.ends_on),
        report__period__ends_on__gte=OuterRef("since"),
    )
    leads = Assignment.objects.current().filter(task=OuterRef("task"), role=Assignment.Role.LEAD)
    return (
        Target.objects.filter(
            Q(year=now.span.year) | Q(year__isnull=True),
            plan__council=period.council_id,
            plan__state__in=_HELD,
            plan__starts_on__lte=period.ends_on,
            plan__ends_on__gte=period.starts_on,
        )
        .exclude(task__status=Task.Status.CANCELLED)
        .select_related("indicator__parent", "plan", "task__section")
        .annotate(since=since)
        .annotate(
            counted=Case(
                When(task__isnull=True, then=_activity_sum(of_plan, accepted, period)),
                default=_activity_sum(of_task, accepted, period),
            ),
            told=Case(
                When(task__isnull=True, then=Exists(lines.filter(task__plan=OuterRef("plan")))),
                default=Exists(lines.filter(task=OuterRef("task"))),
            ),
            of_agencies=Case(
                When(
                    task__isnull=True,
                    then=ArraySubquery(PlanParty.objects.filter(plan=OuterRef("plan")).values("agency__code")),
                ),
                default=ArraySubquery(leads.values("agency__code")),
            ),
        )
        .order_by(
            "plan__number", "plan", F("task__sort_order").asc(nulls_first=True), "task", "indicator__sort_order", "year"
        )
    )


def _activity_sum(activities, accepted, period: Period) -> Subquery:
    """The target's indicator over these activities: those that count, since its beginning, in accepted reports."""
    reported = accepted.filter(
        agency=OuterRef("activity__agency"),
        period__starts_on__lte=OuterRef("activity__held_on"),
        period__ends_on__gte=OuterRef("activity__held_on"),
    )
    figures = ActivityFigure.objects.filter(
        Exists(reported),
        indicator=OuterRef("indicator"),
        activity__in=activities,
        activity__held_on__gte=OuterRef("since"),
        activity__held_on__lte=period.ends_on,
    ).filter(activity__in=Activity.objects.counted())
    return Subquery(figures.order_by().values("indicator").annotate(total=Sum("value")).values("total"))


def _plan_row(target: Target, by_year: list[Figures], natures: Mapping[str, str], now: _Moment) -> TargetRow:
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
    if indicator.from_activities:
        achieved = target.counted if target.counted is not None or not target.told else Decimal(0)
    else:
        years = by_year if target.year is None else by_year[-1:]
        found = [value for figures in years if (value := _sum(figures, indicator.code, target.of_agencies)) is not None]
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
