"""A period without its single tasks, counted where they stand: what the leaders' page shows.

It says what consolidating the period says (a test holds the two equal), for a fraction of the work: an open quarter is
counted by the database, a locked one reads the parts of its frozen value that the page shows, and a longer period that
is open adds up its quarters' tasks without reading what was written about them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, Func, JSONField, OuterRef, Q, Value, When

from campaigns.models import Assignment
from reports.consolidation import PLAN_ORDER, in_plan_order, read, task_rows
from reports.freezing import DELAYS, Lean, lean_tasks, picked_tasks, thaw_overview
from reports.longer import latest_state, merge_tasks, merge_told
from reports.models import Period, ProgressReport, ReportLine
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
from reports.standing import in_state, lead_lines, with_state
from reports.values import DUE_STATES, Cell, Counts, Overview, PlanRow, TaskRow


def overview(period: Period, *, as_of: date) -> Overview:
    """The overview of a period as of a day (never later than its cut-off), or of the day it was locked."""
    if period.frozen_id is not None:
        return thaw_overview(period.frozen)
    make = _quarter if period.is_quarter else _longer
    return with_targets(period, lambda day, figures: make(period, day, figures), as_of=as_of)


def totals_over(period: Period, *, as_of: date) -> Counts:
    """The totals alone of a longer period that is open: those of its overview."""
    tasks = merged(parts_of(period, tasks=False), min(as_of, period.ends_on))
    return sum((Counts.one(state, many) for state, many in Counter(task.state for task in tasks).items()), Counts())


def _quarter(period: Period, as_of: date, figures: Beside | None, *, delays: bool = True) -> Overview:
    if period.frozen_id is not None:
        return thaw_overview(period.frozen)
    as_of = min(as_of, period.ends_on)
    reports = list(reports_of(period).annotate(counted=_counted(period, as_of)))
    plans: dict[int, PlanRow] = {}
    by_agency, by_plan, by_cell, unreported = defaultdict(Counts), defaultdict(Counts), defaultdict(Counts), Counter()
    for report in reports:
        agency = report.agency.code
        for plan, number, title, signed_on, state, many in report.counted:
            counts = Counts.one(state, many)
            plans.setdefault(plan, PlanRow(plan, number, title, signed_on and date.fromisoformat(signed_on), Counts()))
            by_agency[agency] += counts
            by_plan[plan] += counts
            by_cell[agency, plan] += counts
            unreported[state] += 0 if report.state in ProgressReport.ACCEPTED_STATES else many
    totals = sum(by_agency.values(), Counts())
    return Overview(
        council=council_part(period),
        period=period_part(period),
        as_of=as_of,
        totals=totals,
        agencies=tuple(agency_row(report, period, by_agency[report.agency.code]) for report in reports),
        plans=tuple(
            replace(plan, counts=by_plan[plan.id])
            for plan in sorted(plans.values(), key=lambda plan: (plan.number, plan.id))
        ),
        cells=tuple(Cell(agency, plan, counts) for (agency, plan), counts in by_cell.items()),
        indicators=indicator_rows(period, [report.agency.code for report in reports], figures) if figures else (),
        words=tuple(words_of(reports)),
        unreported={state: unreported[state] for state in DUE_STATES},
        delays=_latest(period, as_of) if delays and totals.overdue else (),
    )


def _counted(period: Period, as_of: date) -> ArraySubquery:
    """Beside each report: the tasks that its agency leads, counted by plan and state."""
    lines = with_state(ReportLine.objects.filter(report=OuterRef("pk"), role=Assignment.Role.LEAD), {period.pk: as_of})
    of_plan = ("task__plan_id", "task__plan__number", "task__plan__title", "task__plan__signed_on", "state")
    grouped = lines.order_by().values(*of_plan).annotate(many=Count("pk"))
    row = Func(*map(F, of_plan), F("many"), function="jsonb_build_array", output_field=JSONField())
    return ArraySubquery(grouped.annotate(row=row).values("row"))


def _latest(period: Period, as_of: date) -> tuple[TaskRow, ...]:
    late = in_state(with_state(in_plan_order(lead_lines([period])), {period.pk: as_of}), "overdue", as_of)
    return task_rows(read(late.order_by("due_on", *PLAN_ORDER)[:DELAYS]), as_of)


def _longer(period: Period, as_of: date, figures: Beside) -> Overview:
    parts = parts_of(period, tasks=False)
    values = [_quarter(part, as_of, None, delays=False) for part in parts]  # whose figures are those of the period
    tasks = merged(parts, as_of)
    counted, unreported = defaultdict(Counts), Counter()
    for task in tasks:
        counted[task.lead, task.plan] += Counts.one(task.state)
        unreported[task.state] += not task.reported
    late = sorted((task for task in tasks if task.state == "overdue"), key=lambda task: task.due_on)[:DELAYS]
    agencies = dict.fromkeys(row.code for value in values for row in value.agencies)
    return Overview(
        council=values[-1].council,
        period=period_part(period, parts=parts),
        as_of=as_of,
        indicators=indicator_rows(period, list(agencies), figures),
        notes=notes_of(period, parts),
        unreported={state: unreported[state] for state in DUE_STATES},
        delays=rows_of(parts, [task.id for task in late], as_of),
        **merge_told(values, counted),
    )


# --- the tasks of quarters, as much of them as is counted ---------------------------------------------------------


def lean(parts: Collection[Period], as_of: date) -> list[list[Lean]]:
    """The tasks of each quarter, in the order in which it lists them. Two queries, however many quarters."""
    frozen = lean_tasks([part.frozen_id for part in parts if part.frozen_id is not None])
    opened: dict[int, list[Lean]] = {part.pk: [] for part in parts if part.frozen_id is None}
    if opened:
        ends = {part.pk: min(as_of, part.ends_on) for part in parts if part.pk in opened}
        lines = with_state(lead_lines(opened), ends).annotate(
            proposing=Case(When(~Q(proposal="") & Q(reported=True), then=True), default=Value(False))
        )
        rows = lines.order_by(*PLAN_ORDER).values_list(
            "report__period_id", "task_id", "report__agency__code", "task__plan_id", "task__plan__number",
            "state", "due_on", "reported", "proposing",
        )  # fmt: skip
        for pk, *row in rows:
            opened[pk].append(Lean(*row))
    return [frozen[part.frozen_id] if part.frozen_id is not None else opened[part.pk] for part in parts]


def merged(parts: Collection[Period], as_of: date) -> list[Lean]:
    """The tasks of a longer period made of those quarters: each once, as its last quarter left it, plan by plan."""
    latest: dict[int, Lean] = {}
    for quarter in lean(parts, as_of):
        for task in quarter:
            latest[task.id] = task
    rows = [
        Lean(
            task.id, task.lead, task.plan, task.plan_number, latest_state(task.state, task.due_on, as_of),
            task.due_on, task.reported, task.proposing,
        )
        for task in latest.values()
    ]  # fmt: skip
    return sorted(rows, key=lambda task: (task.plan_number, task.plan))


def rows_of(parts: Collection[Period], tasks: Iterable[int], as_of: date) -> tuple[TaskRow, ...]:
    """Whole rows of these tasks of a longer period, in the order in which they are asked for. Two queries."""
    wanted = list(tasks)
    frozen = picked_tasks([part.frozen_id for part in parts if part.frozen_id is not None], wanted)
    opened: dict[int, list] = {part.pk: [] for part in parts if part.frozen_id is None}
    if opened and wanted:
        for line in read(in_plan_order(lead_lines(opened).filter(task__in=wanted))):
            opened[line.report__period_id].append(line)
    quarters = [
        (
            part.span.label,
            frozen[part.frozen_id]
            if part.frozen_id is not None
            else task_rows(opened[part.pk], min(as_of, part.ends_on)),
        )
        for part in parts
    ]
    found = {task.id: task for task in merge_tasks(quarters, as_of=as_of)}
    return tuple(found[pk] for pk in wanted)
