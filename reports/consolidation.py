"""How agencies add up: the accepted reports of one period of one council, as one plain value (reports/values.py).

``reports/overview.py`` gives the same value without its single tasks, counted by the database.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Collate

from campaigns.models import Assignment, Task, full_number
from reports.due import due_state
from reports.freezing import thaw
from reports.longer import merge_quarters
from reports.models import Period, ProgressReport
from reports.period_parts import (
    Beside,
    agency_row,
    council_part,
    indicator_rows,
    notes_of,
    parts_of,
    period_part,
    reports_of,
    with_targets,
    words_of,
)
from reports.standing import Standing, lead_lines, standing, with_before
from reports.values import Cell, Consolidation, Counts, PlanRow, TaskRow


def consolidate(period: Period, *, as_of: date, locking: bool = False) -> Consolidation:
    """Consolidate a period as of a day (never later than its cut-off). A locked period gives its frozen value.

    Figures and words come from accepted reports only; a task whose lead's report is not accepted shows its last
    accepted state, and says so (``TaskRow.reported``). A half-year, nine months or a year is made of its quarters'
    values. ``locking`` is the moment of locking itself.
    """
    if period.frozen_id is not None:
        return thaw(period.frozen)
    make = _quarter if period.is_quarter else _longer
    return with_targets(
        period, lambda day, figures: make(period, day, figures, locking=locking), as_of=as_of, locked=locking
    )


def _quarter(period: Period, as_of: date, figures: Beside | None, *, locking: bool = False) -> Consolidation:
    if period.frozen_id is not None:
        return thaw(period.frozen)
    as_of, reports = min(as_of, period.ends_on), list(reports_of(period))
    lines = read(in_plan_order(lead_lines([period])))
    tasks = task_rows(lines, as_of)
    by_agency, by_plan, by_cell = defaultdict(Counts), defaultdict(Counts), defaultdict(Counts)
    for task in tasks:
        one = Counts.one(task.state)
        by_agency[task.lead] += one
        by_plan[task.plan] += one
        by_cell[task.lead, task.plan] += one
    return Consolidation(
        council=council_part(period),
        period=period_part(period, locking=locking),
        as_of=as_of,
        totals=sum(by_agency.values(), Counts()),
        agencies=tuple(agency_row(report, period, by_agency[report.agency.code]) for report in reports),
        plans=_plan_rows(lines, by_plan),
        cells=tuple(Cell(agency, plan, counts) for (agency, plan), counts in by_cell.items()),
        indicators=indicator_rows(period, [report.agency.code for report in reports], figures) if figures else (),
        tasks=tasks,
        words=tuple(words_of(reports)),
    )


def _longer(period: Period, as_of: date, figures: Beside, *, locking: bool) -> Consolidation:
    parts = parts_of(period, tasks=True)
    values = [_quarter(part, as_of, None) for part in parts]  # whose figures are those of the period
    agencies = dict.fromkeys(row.code for value in values for row in value.agencies)
    return merge_quarters(
        values,
        period=period_part(period, locking=locking, parts=parts),
        as_of=as_of,
        indicators=indicator_rows(period, list(agencies), figures),
        notes=notes_of(period, parts),
    )


# Plans stand in the order of their numbers, letter by letter, as reports/longer.py and reports/overview.py sort them.
PLAN_ORDER = (Collate("task__plan__number", "C"), "task__plan_id", "task__sort_order", "pk")
# What is read of a line, its report and its task: rows of these and no objects, of which a province's quarter has
# thirty thousand.
_READ = (
    "report__period_id", "report__state", "report__agency__code", "report__agency__short_name",
    "task_id", "task__plan_id", "task__plan__number", "task__plan__title", "task__plan__signed_on",
    "task__section__number", "task__section__title", "task__section__path",
    "task__number", "task__title", "task__timing_text", "task__recurrence",
    "due_on", "status", "percent", "completed_on", "result", "difficulty", "proposal", "new_expected_on",
    "before", "helper_names",
)  # fmt: skip


def in_plan_order(lines: QuerySet) -> QuerySet:
    """Lines of leads, plan by plan, with what ``read`` reads beside them."""
    helpers = Assignment.objects.filter(
        task=OuterRef("task_id"), role=Assignment.Role.SUPPORTING, date_to__isnull=True
    ).order_by("agency__protocol_order")
    lines = with_before(lines).annotate(helper_names=ArraySubquery(helpers.values("agency__short_name")))
    return lines.order_by(*PLAN_ORDER)


def read(lines: QuerySet) -> list:
    """The lines of ``in_plan_order`` as ``task_rows`` takes them. One query."""
    return list(lines.values_list(*_READ, named=True))


def task_rows(lines: Iterable, as_of: date) -> tuple[TaskRow, ...]:
    """Lines that were ``read``, as values."""
    return tuple(_task_row(line, as_of) for line in lines)


def _task_row(line, as_of: date) -> TaskRow:
    reported = line.report__state in ProgressReport.ACCEPTED_STATES
    said = standing(
        Standing(line.status, line.percent, line.completed_on, line.due_on),
        reported=reported,
        recurrence=line.task__recurrence,
        before=line.before,
    )
    return TaskRow(
        id=line.task_id,
        plan=line.task__plan_id,
        plan_number=line.task__plan__number,
        section=f"{line.task__section__number or ''} {line.task__section__title or ''}".strip(),
        number=line.task__number,
        title=line.task__title,
        lead=line.report__agency__code,
        lead_name=line.report__agency__short_name,
        supporting_names=tuple(line.helper_names),
        timing_text=line.task__timing_text,
        due_on=line.due_on,
        state=due_state(said.status, line.due_on, as_of),
        status_label=_STATUS_LABELS[said.status],
        percent=said.percent or 0,
        completed_on=said.completed_on,
        result=line.result if reported else "",
        difficulty=line.difficulty if reported else "",
        proposal=line.proposal if reported else "",
        new_expected_on=line.new_expected_on if reported else None,
        reported=reported,
        place=full_number(line.task__section__path or "", line.task__number),
    )


_STATUS_LABELS = dict(Task.Status.choices)


def _plan_rows(lines: Iterable, by_plan: dict[int, Counts]) -> tuple[PlanRow, ...]:
    plans = {
        line.task__plan_id: (line.task__plan__number, line.task__plan__title, line.task__plan__signed_on)
        for line in lines
    }
    return tuple(PlanRow(pk, *plan, by_plan[pk]) for pk, plan in plans.items())
