"""Which tasks an activity may serve, and which of them a person most likely means: those used last come first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from agencies.models import Agency
from campaigns.activity_names import task_words
from campaigns.models import Activity, Plan, Task

SUGGESTED = 5
_NO_GOALS: Mapping[int, Sequence[str]] = {}
_LOOKED_AT = 60  # the person's newest ties of activities to tasks


@dataclass(frozen=True)
class TaskChoice:
    """One box to tick."""

    pk: str
    label: str
    plan: str
    words: str  # its part in the suggested name
    ticked: bool
    goals: tuple[str, ...] = ()  # its targets and how far they are, in words


def offered_tasks(agencies: Sequence[Agency], activity: Activity | None) -> dict[str, Task]:
    """Tasks of the agencies in plans in force, and those the activity already serves, by id, in the plans' order."""
    offered = Q(assignments__agency__in=[agency.pk for agency in agencies], plan__state=Plan.State.ACTIVE)
    if activity is not None:
        offered |= Q(activities=activity)
    tasks = Task.objects.filter(offered).distinct().select_related("plan", "section").prefetch_related("assignments")
    return {str(task.pk): task for task in tasks.order_by("plan", "sort_order", "pk")}


def used_last(user, agencies: Sequence[Agency]) -> list[str]:
    """Ids of the tasks that the person's newest activities serve, the newest first, each once."""
    ties = Activity.tasks.through.objects.filter(
        activity__agency__in=[agency.pk for agency in agencies],
        activity__recorded_by=user,
        activity__withdrawn_at__isnull=True,
    )
    newest = ties.order_by("-activity__recorded_at", "pk").values_list("task_id", flat=True)[:_LOOKED_AT]
    return list(dict.fromkeys(str(pk) for pk in newest))


def likely(tasks: dict[str, Task], *, ticked: Sequence[str], used: Sequence[str]) -> list[str]:
    """Ids of the tasks to show first: the ticked ones, then open ones by last use, then by the nearest due date."""
    over = (Task.Status.DONE, Task.Status.CANCELLED)
    is_open = [pk for pk, task in tasks.items() if task.status not in over]
    by_due = sorted(is_open, key=lambda pk: tasks[pk].due_date or date.max)
    first = [pk for pk in ticked if pk in tasks]
    rest = [pk for pk in [*(pk for pk in used if pk in is_open), *by_due] if pk not in first]
    return [*first, *list(dict.fromkeys(rest))[: max(SUGGESTED - len(first), 0)]]


def as_choices(
    tasks: dict[str, Task], pks: Sequence[str], ticked: Sequence[str], goals: Mapping[int, Sequence[str]] = _NO_GOALS
) -> list[TaskChoice]:
    """The boxes of some of the tasks; ``goals`` are told under theirs."""
    return [
        TaskChoice(
            pk=pk,
            label=label_of(tasks[pk]),
            plan=tasks[pk].plan.number,
            words=task_words(tasks[pk].title),
            ticked=pk in ticked,
            goals=tuple(goals.get(tasks[pk].pk, ())),
        )
        for pk in pks
    ]


def by_plan(tasks: dict[str, Task]):
    """(plan, ids of its tasks) in the plans' order."""
    for plan, rows in groupby(tasks.values(), key=lambda task: task.plan):
        yield plan, [str(task.pk) for task in rows]


def label_of(task: Task) -> str:
    """A task's number and title, cut short."""
    text = f"{task.place} {task.title}".strip()
    return text if len(text) <= 160 else f"{text[:159]}…"
