"""The numbers of a locked period as the database keeps them, in parts: the one place that writes and reads their shape.

What the parts are for: ``totals`` are read for every period of a trend, ``unreported`` and ``delays`` for the leaders'
page, ``told`` is the rest of the value, and ``tasks``, by far the largest, only where single tasks are listed.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Case, F, QuerySet, When

from reports.models import FrozenValue, Period
from reports.values import DUE_STATES, Consolidation, Counts, TaskRow

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


def worst_delays(tasks: Iterable[TaskRow]) -> list[TaskRow]:
    """The tasks that are late, the latest first, as many as a period's page tells."""
    return sorted((task for task in tasks if task.state == "overdue"), key=lambda task: task.due_on)[:DELAYS]


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


def with_frozen(periods: QuerySet, *, code: str) -> QuerySet:
    """The periods, that of ``code`` with its frozen value beside it, for ``lay_in``."""
    return periods.annotate(**{_beside(part): Case(When(code=code, then=F(f"frozen__{part}"))) for part in PARTS})


def lay_in(period: Period) -> None:
    """Give a period the frozen value that ``with_frozen`` read beside it, so that nothing reads it again."""
    if period.frozen_id is not None:
        parts = {part: getattr(period, _beside(part)) for part in PARTS}
        period.frozen = FrozenValue(pk=period.frozen_id, council_id=period.council_id, **parts)


def _beside(part: str) -> str:
    return f"frozen_part_{part}"
