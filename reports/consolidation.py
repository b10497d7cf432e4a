"""How agencies add up: the accepted reports of one period of one council, as one plain value (reports/values.py)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from agencies.clock import local_day
from campaigns.models import Assignment, Indicator, Task
from reports.attainment import attainment
from reports.calendars import PeriodSpan, following, previous, quarters_of, same_period_last_year
from reports.carry import accepted_lines
from reports.comparison import Handover, accepted_figures, comparability, handovers
from reports.due import due_state
from reports.longer import merge_quarters
from reports.models import Period, ProgressReport, ReportLine
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
    if period.frozen is not None:
        return Consolidation.from_json(period.frozen)
    as_of, changes = min(as_of, period.ends_on), handovers(period.council_id)
    make = _quarter if period.is_quarter else _longer
    value = make(period, as_of, locking, changes)
    whole = period.is_quarter or len(value.period.part_labels) == len(quarters_of(period.span))
    targets = attainment(
        period,
        as_of=as_of,
        complete=value.period.locked or (whole and not value.missing),
        changes=changes,
        natures={row.code: row.nature for row in value.indicators},
    )
    return replace(value, targets=targets)


def _quarter(period: Period, as_of: date, locking: bool, changes: list[Handover]) -> Consolidation:
    if period.frozen is not None:
        return Consolidation.from_json(period.frozen)
    as_of = min(as_of, period.ends_on)
    reports = list(period.reports.select_related("agency").order_by("agency__protocol_order", "agency__code"))
    lines = _lead_lines(period)
    tasks = _task_rows(period, lines, as_of)
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
        indicators=_indicator_rows(period, [report.agency.code for report in reports], changes),
        tasks=tasks,
        words=tuple(_words(reports)),
    )


def _longer(period: Period, as_of: date, locking: bool, changes: list[Handover]) -> Consolidation:
    parts = list(period.quarters().select_related("council__standing_agency"))
    values = [_quarter(part, as_of, False, changes) for part in parts]
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
        indicators=_indicator_rows(period, list(agencies), changes),
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
        ReportLine.objects.filter(report__period=period, role=Assignment.Role.LEAD)
        .select_related("report__agency", "task__plan", "task__section")
        .annotate(helper_names=ArraySubquery(helpers.values("agency__short_name")))
        .order_by("task__plan__number", "task__plan_id", "task__sort_order", "pk")
    )


def _task_rows(period: Period, lines: list[ReportLine], as_of: date) -> tuple[TaskRow, ...]:
    carried = accepted_lines([line.task_id for line in lines], before=period.starts_on)
    return tuple(_task_row(line, carried.get(line.task_id), as_of) for line in lines)


def _task_row(line: ReportLine, before: ReportLine | None, as_of: date) -> TaskRow:
    task, reported = line.task, line.report.state in ProgressReport.ACCEPTED_STATES
    said = line if reported else (before if before is not None and _same_round(task, before, line) else None)
    status = said.status if said is not None and said.status else Task.Status.NOT_STARTED
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
        state=due_state(status, line.due_on, as_of),
        status_label=Task.Status(status).label,
        percent=(said.percent or 0) if said is not None else 0,
        completed_on=said.completed_on if said is not None else None,
        result=line.result if reported else "",
        difficulty=line.difficulty if reported else "",
        proposal=line.proposal if reported else "",
        new_expected_on=line.new_expected_on if reported else None,
        reported=reported,
        place=task.place,
    )


def _same_round(task: Task, before: ReportLine, line: ReportLine) -> bool:
    """Whether what was last accepted still speaks of the same round: always for a dated task, by due date else."""
    return task.recurrence == "" or (line.due_on is not None and before.due_on == line.due_on)


def _plan_rows(lines: Iterable[ReportLine], by_plan: dict[int, Counts]) -> tuple[PlanRow, ...]:
    plans = {line.task.plan_id: line.task.plan for line in lines}
    return tuple(PlanRow(pk, plan.number, plan.title, plan.signed_on, by_plan[pk]) for pk, plan in plans.items())


def _indicator_rows(period: Period, order: list[str], changes: list[Handover]) -> tuple[IndicatorRow, ...]:
    span = period.span
    before, last_year = previous(span), same_period_last_year(span)
    accepted = accepted_figures(period.council_id, {span, before, last_year}, changes)
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
