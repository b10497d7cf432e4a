"""The numbers of a locked period as the database keeps them, in parts: the one place that writes and reads their shape.

What the parts are for: ``totals`` are read for every period of a trend, ``unreported`` and ``delays`` for the leaders'
page, ``told`` is the rest of the value, and ``tasks``, by far the largest, only where single tasks are listed.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, When

from reports.models import FrozenValue, Period
from reports.values import DUE_STATES, Consolidation, Counts, Overview, TaskRow, typed

DELAYS = 5  # of a period, told on its page; the rest is one link away
PARTS = ("totals", "unreported", "delays", "told", "tasks")


def freeze(value: Consolidation, *, council_id: int) -> FrozenValue:
    """Keep a value for good; ``thaw`` gives it back unchanged."""
    return FrozenValue.objects.create(council_id=council_id, **in_parts(value.to_json()))


def in_parts(whole: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a value as the parts of a FrozenValue."""
    rest = {key: part for key, part in whole.items() if key not in ("totals", "tasks")}
    return {
        "totals": whole["totals"],
        "unreported": _unreported(whole["tasks"]),
        "delays": _delays(whole["tasks"]),
        "told": rest,
        "tasks": whole["tasks"],
    }


def thaw(frozen: FrozenValue) -> Consolidation:
    """The whole value. Raises KeyError or ValueError when it is not one."""
    return Consolidation.from_json({**frozen.told, "totals": frozen.totals, "tasks": frozen.tasks})


def thaw_overview(frozen: FrozenValue) -> Overview:
    """The value without its tasks, which are not read."""
    return typed(
        Overview,
        {**frozen.told, "totals": frozen.totals, "unreported": frozen.unreported, "delays": frozen.delays},
    )


def day_of(frozen: FrozenValue) -> date:
    """The day that a frozen value tells the state of."""
    return date.fromisoformat(frozen.told["as_of"])


def parts_apart(frozen: FrozenValue) -> list[str]:
    """Names of the parts that are not what the tasks beside them say."""
    own = {"unreported": _unreported(frozen.tasks), "delays": _delays(frozen.tasks)}
    return [name for name, part in own.items() if getattr(frozen, name) != part]


def _unreported(tasks: list[dict]) -> dict[str, int]:
    counted = dict.fromkeys(DUE_STATES, 0)
    for task in tasks:
        counted[task["state"]] += not task["reported"]
    return counted


def _delays(tasks: list[dict]) -> list[dict]:
    return sorted((task for task in tasks if task["state"] == "overdue"), key=lambda task: task["due_on"])[:DELAYS]


# --- beside the periods of one query ------------------------------------------------------------------------------


def with_totals(periods: QuerySet, codes: Collection[str]) -> QuerySet:
    """The periods; locked ones of these codes carry the totals of their frozen value, for ``totals_of``."""
    return periods.annotate(frozen_totals=Case(When(code__in=codes, then=F("frozen__totals")))) if codes else periods


def totals_of(period: Period) -> Counts | None:
    """The totals that ``with_totals`` read; None of an open period, and of one that it was not asked for."""
    told = getattr(period, "frozen_totals", None)
    return Counts(**told) if told else None


def with_frozen(periods: QuerySet, *, code: str, tasks: bool) -> QuerySet:
    """The periods, that of ``code`` with its frozen value beside it, for ``lay_in``; ``tasks``: all of it."""
    parts = PARTS if tasks else PARTS[:-1]
    return periods.annotate(**{_beside(part): Case(When(code=code, then=F(f"frozen__{part}"))) for part in parts})


def lay_in(period: Period) -> None:
    """Give a period the frozen value that ``with_frozen`` read beside it, so that nothing reads it again."""
    if period.frozen_id is not None:
        read = {part: getattr(period, _beside(part)) for part in PARTS if hasattr(period, _beside(part))}
        names, values = ("id", "council_id", *read), (period.frozen_id, period.council_id, *read.values())
        period.frozen = FrozenValue.from_db(period._state.db, names, values)


def _beside(part: str) -> str:
    return f"frozen_part_{part}"


# --- single tasks, picked by the database -------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Which tasks of a period: by state ('' is all that count), lead agency, plan ('' any), and what is said of them.

    Suspended tasks stand apart from every total, so they are listed only when asked for.
    """

    state: str = ""
    agency: str = ""
    plan: str = ""
    unreported: bool = False  # only those whose lead has no accepted report this period
    proposing: bool = False  # only those with a proposal

    def keeps(self, task: "Lean") -> bool:
        """Whether it is one of them."""
        return (
            (task.state == self.state if self.state else self.proposing or task.state != "suspended")
            and (not self.agency or task.lead == self.agency)
            and (not self.plan or str(task.plan) == self.plan)
            and not (self.unreported and task.reported)
            and not (self.proposing and not task.proposing)
        )


@dataclass(frozen=True, slots=True)
class Lean:
    """One task of a quarter, as much of it as is counted."""

    id: int
    lead: str
    plan: int
    plan_number: str
    state: str
    due_on: date | None
    reported: bool
    proposing: bool


_LEAN = """
    SELECT f.id, (t->>'id')::bigint, t->>'lead', (t->>'plan')::bigint, t->>'plan_number', t->>'state',
        (t->>'due_on')::date, (t->>'reported')::boolean, t->>'proposal' <> ''
    FROM reports_frozenvalue f, jsonb_array_elements(f.tasks) WITH ORDINALITY AS told(t, place)
    WHERE f.id = ANY(%s) ORDER BY f.id, place
"""
_PICKED = """
    SELECT f.id, t FROM reports_frozenvalue f, jsonb_array_elements(f.tasks) WITH ORDINALITY AS told(t, place)
    WHERE f.id = ANY(%s) AND (t->>'id')::bigint = ANY(%s) ORDER BY f.id, place
"""


def lean_tasks(frozen: Collection[int]) -> dict[int, list[Lean]]:
    """Id of each frozen value → its tasks, in their order. One query, none for none."""
    found = {pk: [] for pk in frozen}
    if found:
        with connection.cursor() as cursor:
            cursor.execute(_LEAN, [list(found)])
            for pk, *row in cursor.fetchall():
                found[pk].append(Lean(*row))
    return found


def picked_tasks(frozen: Collection[int], tasks: Collection[int]) -> dict[int, list[TaskRow]]:
    """Id of each frozen value → those of the tasks that stand in it, in their order. One query, none for none."""
    found = {pk: [] for pk in frozen}
    if found and tasks:
        with connection.cursor() as cursor:
            cursor.execute(_PICKED, [list(found), list(tasks)])
            for pk, row in cursor.fetchall():
                found[pk].append(typed(TaskRow, json.loads(row) if isinstance(row, str) else row))
    return found
