"""Where a task stands in a quarter: what its lead's accepted report says, else what was last accepted before it.

The rule stands here twice: in Python (``standing`` and reports/due.py) for the lines that a page or a file shows, and
in SQL (``with_state``) for those that are only counted. A test holds the two equal.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, DateField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.db.models.lookups import Exact

from campaigns.models import Assignment, Task
from reports.due import DUE_SOON_DAYS
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
    """The line of every task's lead in those quarters."""
    return ReportLine.objects.filter(report__period__in=periods, role=Assignment.Role.LEAD)


def _accepted_before() -> QuerySet:
    """The lines accepted of the same task in earlier quarters, the newest first, within a query of lines."""
    return ReportLine.objects.filter(
        task=OuterRef("task"),
        role=Assignment.Role.LEAD,
        report__state__in=ProgressReport.ACCEPTED_STATES,
        report__period__starts_on__lt=OuterRef("report__period__starts_on"),
    ).order_by("-report__period__starts_on", "-pk")


def with_before(lines: QuerySet) -> QuerySet:
    """The lines with ``before``: what was last accepted of the task before them."""
    told = JSONObject(status="status", percent="percent", completed_on="completed_on", due_on="due_on")
    return lines.annotate(before=Subquery(_accepted_before().values_list(told, flat=True)[:1]))


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


def with_state(lines: QuerySet, as_of: Mapping[int, date]) -> QuerySet:
    """The lines with ``state``, a key of DUE_STATES, and ``reported``; ``as_of``: quarter id → the day it is seen from.

    The same as ``standing`` and ``due_state`` say, worked out by the database.
    """
    day, soon = _by_period(as_of), _by_period({pk: end + timedelta(days=DUE_SOON_DAYS) for pk, end in as_of.items()})
    by_date = Case(
        When(Q(due_on__isnull=True) | Q(due_on__gt=soon), then=Value("on_track")),
        When(due_on__lt=day, then=Value("overdue")),
        default=Value("due_soon"),
    )
    same_round = Q(Exact(OuterRef("task__recurrence"), Value(""))) | Q(due_on=OuterRef("due_on"))
    earlier = _accepted_before().values_list(Case(When(same_round, then=_SPOKEN)), flat=True)[:1]
    reported = Q(report__state__in=ProgressReport.ACCEPTED_STATES)
    # What was said before is looked up only for the lines that are not reported, and once for each.
    return lines.annotate(
        reported=Case(When(reported, then=True), default=False),
        state=Coalesce(Case(When(reported, then=_SPOKEN), default=Subquery(earlier)), by_date),
    )


def in_state(lines: QuerySet, state: str, as_of: date) -> QuerySet:
    """Those lines of ``with_state``, of one quarter seen from a day, that are in a state.

    What the due date alone rules out is not looked at any further.
    """
    soon = as_of + timedelta(days=DUE_SOON_DAYS)
    dated = {"overdue": Q(due_on__lt=as_of), "due_soon": Q(due_on__gte=as_of, due_on__lte=soon)}
    return lines.filter(dated.get(state, Q()), state=state)


# What a line says whatever the day is; NULL when the due date decides.
_SPOKEN = Case(
    When(status=Task.Status.DONE, then=Value("done")), When(status=Task.Status.ON_HOLD, then=Value("suspended"))
)


def _by_period(days: Mapping[int, date]):
    if len(set(days.values())) == 1:
        return Value(next(iter(days.values())), DateField())
    return Case(*(When(report__period=pk, then=Value(day, DateField())) for pk, day in days.items()))


def counts_by_lead(periods: Collection[Period], *, as_of: date) -> dict[int, dict[tuple[str, str], Counts]]:
    """Tasks by state of several open quarters: period id → (code, short name) of each lead agency → its counts.

    They are what consolidating each quarter would count. One query, none for no quarters.
    """
    if not periods:
        return {}
    ends = {period.pk: min(as_of, period.ends_on) for period in periods}
    counted = {pk: defaultdict(Counts) for pk in ends}
    rows = with_state(lead_lines(periods), ends).order_by()
    rows = rows.values_list("report__period_id", "report__agency__code", "report__agency__short_name", "state")
    for period, code, name, state, many in rows.annotate(many=Count("pk")):
        counted[period][code, name] += Counts.one(state, many)
    return counted
