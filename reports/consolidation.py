"""How agencies add up: the accepted reports of one period of one council, as one plain value (reports/values.py)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from agencies.clock import local_day
from campaigns.models import Assignment, Indicator, Task
from reports.attainment import attainment, spans_needed, targets_of_plans
from reports.calendars import PeriodSpan, following, previous, quarters_of, same_period_last_year
from reports.comparison import Accepted, Handover, accepted_figures, comparability, handovers_of
from reports.due import due_state
from reports.freezing import thaw
from reports.longer import merge_quarters
from reports.models import Period, ProgressReport, ReportLine
from reports.standing import Standing, lead_lines, standing
from reports.values import (
    AgencyFigure,
    AgencyRow,
    Cell,
    Consolidation,
    CouncilPart,
    Counts,
    IndicatorRow,
    PeriodPart,
    PlanRow,
    TaskRow,
    Words,
)

_COUNTED_ONCE = "Nhiệm vụ lặp lại qua các quý được tính một lần, theo tình trạng ở quý gần nhất."


def consolidate(period: Period, *, as_of: date, locking: bool = False) -> Consolidation:
    """Consolidate a period as of a day (never later than its cut-off). A locked period gives its frozen value.

    Figures and words come from accepted reports only; a task whose lead's report is not accepted shows its last
    accepted state, and says so (``TaskRow.reported``). A half-year, nine months or a year is made of its quarters'
    values. ``locking`` is the moment of locking itself.
    """
    if period.frozen_id is not None:
        return thaw(period.frozen)
    as_of, of_plans = min(as_of, period.ends_on), targets_of_plans(period)
    beside = _beside(period, spans_needed(period, of_plans))
    make = _quarter if period.is_quarter else _longer
    value = make(period, as_of, locking, beside)
    whole = period.is_quarter or len(value.period.part_labels) == len(quarters_of(period.span))
    targets = attainment(
        period,
        as_of=as_of,
        complete=value.period.locked or (whole and not value.missing),
        of_plans=of_plans,
        figures=beside.accepted.over,
        natures={row.code: row.nature for row in value.indicators},
    )
    return replace(value, targets=targets)


@dataclass(frozen=True)
class _Beside:
    """The accepted figures of the period and of every stretch of time that it is held against, read once."""

    accepted: Accepted
    changes: list[Handover]


def _beside(period: Period, more: set[PeriodSpan]) -> _Beside:
    span, changes = period.span, handovers_of(period)
    spans = {span, previous(span), same_period_last_year(span)} | more
    return _Beside(accepted_figures(period.council_id, spans, changes), changes)


def _quarter(period: Period, as_of: date, locking: bool, beside: _Beside | None) -> Consolidation:
    if period.frozen_id is not None:
        return thaw(period.frozen)
    as_of = min(as_of, period.ends_on)
    reports = list(period.reports.select_related("agency").order_by("agency__protocol_order", "agency__code"))
    lines = _lead_lines(period)
    tasks = tuple(_task_row(line, as_of) for line in lines)
    by_agency, by_plan, by_cell = defaultdict(Counts), defaultdict(Counts), defaultdict(Counts)
    for task in tasks:
        one = Counts.one(task.state)
        by_agency[task.lead] += one
        by_plan[task.plan] += one
        by_cell[task.lead, task.plan] += one
    return Consolidation(
        council=_council_part(period),
        period=_period_part(period, locking),
        as_of=as_of,
        totals=sum((Counts.one(task.state) for task in tasks), Counts()),
        agencies=tuple(_agency_row(report, period, by_agency[report.agency.code]) for report in reports),
        plans=_plan_rows(lines, by_plan),
        cells=tuple(Cell(agency, plan, counts) for (agency, plan), counts in by_cell.items()),
        indicators=_indicator_rows(period, [report.agency.code for report in reports], beside) if beside else (),
        tasks=tasks,
        words=tuple(_words(reports)),
    )


def _longer(period: Period, as_of: date, locking: bool, beside: _Beside) -> Consolidation:
    parts = list(period.quarters().select_related("council__standing_agency", "frozen"))
    values = [_quarter(part, as_of, False, None) for part in parts]  # whose figures are those of the period
    opened = {part.code for part in parts}
    absent = [part.label for part in quarters_of(period.span) if part.code not in opened]
    notes = (_COUNTED_ONCE,)
    if absent:
        notes += (f"Chưa mở kỳ {', '.join(absent)}: số liệu chỉ gồm {_listed(parts)}.",)
    agencies = dict.fromkeys(row.code for value in values for row in value.agencies)
    return merge_quarters(
        values,
        period=_period_part(period, locking, tuple(part.span.label for part in parts)),
        as_of=as_of,
        indicators=_indicator_rows(period, list(agencies), beside),
        notes=notes,
    )


def _listed(periods: Iterable[Period]) -> str:
    return ", ".join(str(period) for period in periods)


def _council_part(period: Period) -> CouncilPart:
    council = period.council
    standing = council.standing_agency
    return CouncilPart(
        code=council.code,
        name=council.name,
        short_name=council.short_name,
        place=council.place,
        parent_body=council.parent_body,
        standing_agency=standing.name if standing else "",
        standing_agency_abbreviation=standing.abbreviation if standing else "",
        chair_name=council.chair_name,
        standing_vice_chair_name=council.standing_vice_chair_name,
    )


def _period_part(period: Period, locking: bool, part_labels: tuple[str, ...] = ()) -> PeriodPart:
    span = period.span
    return PeriodPart(
        code=span.code,
        label=span.label,
        long_label=span.long_label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        agency_due_on=period.agency_due_on,
        next_label=following(span).long_label,
        previous_label=previous(span).label,
        last_year_label=same_period_last_year(span).label,
        locked=locking or period.is_locked,
        kind=span.kind,
        part_labels=part_labels,
    )


def _agency_row(report: ProgressReport, period: Period, counts: Counts) -> AgencyRow:
    handed_in = local_day(report.handed_in_at) if report.handed_in_at else None
    return AgencyRow(
        code=report.agency.code,
        name=report.agency.name,
        short_name=report.agency.short_name,
        report_state=report.state,
        report_state_label=report.get_state_display(),
        handed_in_on=handed_in,
        on_time=handed_in <= period.agency_due_on if handed_in else None,
        nothing_to_report=report.nothing_to_report,
        counts=counts,
    )


def _lead_lines(period: Period) -> list[ReportLine]:
    """The line of every task's lead agency, plan by plan, with the names of the agencies that support it."""
    helpers = Assignment.objects.filter(
        task=OuterRef("task_id"), role=Assignment.Role.SUPPORTING, date_to__isnull=True
    ).order_by("agency__protocol_order")
    return list(
        lead_lines([period])
        .select_related("report__agency", "task__plan", "task__section")
        .annotate(helper_names=ArraySubquery(helpers.values("agency__short_name")))
        .order_by("task__plan__number", "task__plan_id", "task__sort_order", "pk")
    )


def _task_row(line: ReportLine, as_of: date) -> TaskRow:
    task, reported = line.task, line.report.state in ProgressReport.ACCEPTED_STATES
    said = standing(
        Standing(line.status, line.percent, line.completed_on, line.due_on),
        reported=reported,
        recurrence=task.recurrence,
        before=line.before,
    )
    return TaskRow(
        id=task.pk,
        plan=task.plan_id,
        plan_number=task.plan.number,
        section=str(task.section) if task.section else "",
        number=task.number,
        title=task.title,
        lead=line.report.agency.code,
        lead_name=line.report.agency.short_name,
        supporting_names=tuple(line.helper_names),
        timing_text=task.timing_text,
        due_on=line.due_on,
        state=due_state(said.status, line.due_on, as_of),
        status_label=Task.Status(said.status).label,
        percent=said.percent or 0,
        completed_on=said.completed_on,
        result=line.result if reported else "",
        difficulty=line.difficulty if reported else "",
        proposal=line.proposal if reported else "",
        new_expected_on=line.new_expected_on if reported else None,
        reported=reported,
        place=task.place,
    )


def _plan_rows(lines: Iterable[ReportLine], by_plan: dict[int, Counts]) -> tuple[PlanRow, ...]:
    plans = {line.task.plan_id: line.task.plan for line in lines}
    return tuple(PlanRow(pk, plan.number, plan.title, plan.signed_on, by_plan[pk]) for pk, plan in plans.items())


def _indicator_rows(period: Period, order: list[str], beside: _Beside) -> tuple[IndicatorRow, ...]:
    span, accepted, changes = period.span, beside.accepted, beside.changes
    before, last_year = previous(span), same_period_last_year(span)
    shown = {then.code: comparability(span, then, changes) for then in (before, last_year)}

    def earlier(then: PeriodSpan, row: Indicator) -> tuple[Decimal | None, str]:
        own, (comparable, note) = accepted.over[then.code].get(row.code), shown[then.code]
        if not own:
            return None, ""
        if absent := accepted.absent(then, stock=row.nature == Indicator.Nature.STOCK):
            # Part of a year beside a whole one would tell of a growth that was none.
            return None, f"Không so sánh với {then.label}: chưa có số liệu {', '.join(part.label for part in absent)}."
        return (sum(own.values()), note) if comparable else (None, note)

    rows = []
    for row in Indicator.objects.select_related("parent"):
        own = accepted.over[span.code].get(row.code, {})
        previous_value, previous_note = earlier(before, row)
        last_year_value, last_year_note = earlier(last_year, row)
        rows.append(
            IndicatorRow(
                code=row.code,
                name=row.name,
                unit=row.unit,
                nature=row.nature,
                decimals=row.decimals,
                parent=row.parent.code if row.parent else "",
                group=row.group,
                value=sum(own.values()) if own else None,
                previous=previous_value,
                last_year=last_year_value,
                by_agency=tuple(AgencyFigure(agency, own[agency]) for agency in order if agency in own),
                previous_note=previous_note,
                last_year_note=last_year_note,
            )
        )
    return tuple(rows)


def _words(reports: list[ProgressReport]) -> Iterable[Words]:
    """The agencies' own words, accepted reports only, heading by heading in protocol order."""
    for heading in ProgressReport.NARRATIVE:
        for report in reports:
            if report.state in ProgressReport.ACCEPTED_STATES and (text := getattr(report, heading)):
                yield Words(report.agency.code, report.agency.short_name, heading, text)
