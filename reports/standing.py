"""Where a task stands in a quarter: what its lead's accepted report says, else what was last accepted before it.

The consolidation reads whole lines; ``counts_by_lead`` counts the tasks of other open quarters by the same rule,
without consolidating them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from campaigns.models import Assignment, Task
from reports.due import due_state
from reports.models import Period, ProgressReport, ReportLine
from reports.values import Counts


@dataclass(frozen=True)
class Standing:
    """What was said of a task: its status (a Task.Status value), percent done, days of completion and of its due."""

    status: str = Task.Status.NOT_STARTED
    percent: int | None = 0
    completed_on: date | None = None
    due_on: date | None = None


def lead_lines(periods: Collection[Period]) -> QuerySet:
    """The line of every task's lead in those quarters; ``before`` is what was last accepted of the task before it."""
    earlier = ReportLine.objects.filter(
        task=OuterRef("task"),
        role=Assignment.Role.LEAD,
        report__state__in=ProgressReport.ACCEPTED_STATES,
        report__period__starts_on__lt=OuterRef("report__period__starts_on"),
    ).order_by("-report__period__starts_on", "-pk")
    told = JSONObject(status="status", percent="percent", completed_on="completed_on", due_on="due_on")
    lines = ReportLine.objects.filter(report__period__in=periods, role=Assignment.Role.LEAD)
    return lines.annotate(before=Subquery(earlier.values_list(told, flat=True)[:1]))


def standing(line: Standing, *, reported: bool, recurrence: str, before: Mapping[str, Any] | None) -> Standing:
    """Where the task stands: by its line when that is ``reported`` (accepted), else by ``before``, else not begun.

    What was accepted before still speaks of the same round always for a dated task, by the due date for a recurring.
    """
    said = line if reported else None
    if said is None and before is not None:
        earlier = Standing(
            before["status"], before["percent"], _day(before["completed_on"]), due_on=_day(before["due_on"])
        )
        if recurrence == "" or (line.due_on is not None and earlier.due_on == line.due_on):
            said = earlier
    if said is None:
        return Standing(due_on=line.due_on)
    return said if said.status else Standing(Task.Status.NOT_STARTED, said.percent, said.completed_on, said.due_on)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def counts_by_lead(periods: Collection[Period], *, as_of: date) -> dict[int, dict[tuple[str, str], Counts]]:
    """Tasks by state of several open quarters: period id → (code, short name) of each lead agency → its counts.

    They are what consolidating each quarter would count. One query, none for no quarters.
    """
    if not periods:
        return {}
    ends = {period.pk: min(as_of, period.ends_on) for period in periods}
    counted = {pk: defaultdict(Counts) for pk in ends}
    rows = lead_lines(periods).values_list(
        "report__period_id", "report__agency__code", "report__agency__short_name",
        "report__state", "task__recurrence", "status", "due_on", "before",
    )  # fmt: skip
    for period, code, name, state, recurrence, status, due_on, before in rows:
        said = standing(
            Standing(status, due_on=due_on),
            reported=state in ProgressReport.ACCEPTED_STATES,
            recurrence=recurrence,
            before=before,
        )
        counted[period][code, name] += Counts.one(due_state(said.status, due_on, ends[period]))
    return counted
