"""One measure: our way of doing something and the others that do the same, timed in turns.

A machine shared with others is slow now and quick then. So the sides take turns, round by round, and what is kept is
the ratio of their medians: in seconds of processor (ours and the database session's), and by the clock beside it.
"""

import gc
import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from django.db import connection, transaction

OURS = "ours"


@dataclass(frozen=True)
class Side:
    """One way of doing the work. ``around`` is entered before each turn and left after it, untimed."""

    name: str
    call: Callable[[], Any]
    around: Callable[[], AbstractContextManager] = nullcontext
    rows: int | None = None  # rows handled in one turn
    queries: int | None = None
    memory: float | None = None  # MB at most, beyond what the process had before


@dataclass(frozen=True)
class Goal:
    """What is asked of a ratio: ``number`` in the table of goals, how many times ``floor`` a side may or must be.

    ``at_most``: the side's cost over the floor's; ``at_least``: the floor's over the side's. ``by``: cpu or wall.
    """

    number: int
    words: str
    floor: str
    at_most: float | None = None
    at_least: float | None = None
    rows_per_s: float | None = None  # alone: no floor is asked
    side: str = OURS
    by: str = "cpu"


def all_equal(answers: dict[str, Any]) -> None:
    """Every side gave the same answer. Raises AssertionError otherwise."""
    first, *others = answers.items()
    for name, answer in others:
        assert answer == first[1], f"{name} and {first[0]} do not do the same: {answer!r:.300} {first[1]!r:.300}"


@dataclass(frozen=True)
class Measure:
    """Sides that do the same work; ``same`` raises AssertionError when their answers say that they do not."""

    name: str
    group: str
    sides: tuple[Side, ...]
    goals: tuple[Goal, ...] = ()
    same: Callable[[dict[str, Any]], None] = all_equal
    note: str = ""
    most_rounds: int = 25
    seconds: float = 6.0  # that all its rounds together may take, beyond the fewest


@dataclass
class Turns:
    """What a side's turns took, in seconds."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Nothing written inside stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def processor() -> float:
    """Seconds of processor that this process and its database session have used; of the clock where that is unknown.

    What the database's parallel workers use is not in it: it is in the clock's time only.
    """
    session = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    if not session.exists():
        return perf_counter()
    return process_time() + int(session.read_text().split()[0]) / 1e9


def answers_of(measure: Measure) -> dict[str, Any]:
    """Each side's answer, checked to be the same. Raises AssertionError otherwise."""
    answers = {}
    for side in measure.sides:
        with side.around():
            answers[side.name] = side.call()
    measure.same(answers)
    return answers


def timed(measure: Measure, fewest: int = 3) -> dict[str, Turns]:
    """The turns of every side, in rounds that begin with another side each time."""
    connection.ensure_connection()
    turns = {side.name: Turns() for side in measure.sides}
    begun, done = perf_counter(), 0
    while done < measure.most_rounds:
        start = done % len(measure.sides)
        for side in (*measure.sides[start:], *measure.sides[:start]):
            gc.collect()
            with side.around():
                spent, clock = processor(), perf_counter()
                side.call()
                turns[side.name].wall.append(perf_counter() - clock)
                turns[side.name].cpu.append(processor() - spent)
        done += 1
        if done >= fewest and perf_counter() - begun > measure.seconds:
            break
    return turns


def run(measure: Measure, fewest: int = 3) -> dict[str, Any]:
    """Check that the sides do the same, time them, and tell the outcome as it is written to JSON."""
    answers_of(measure)
    turns = timed(measure, fewest)
    sides = {side.name: _side(side, turns[side.name]) for side in measure.sides}
    ours = sides[measure.sides[0].name]
    ratios = {
        name: {by: _ratio(ours[f"{by}_ms"], side[f"{by}_ms"]) for by in ("cpu", "wall")}
        for name, side in list(sides.items())[1:]
    }
    return {
        "name": measure.name,
        "group": measure.group,
        "note": measure.note,
        "rounds": len(turns[measure.sides[0].name].cpu),
        "sides": sides,
        "ratios": ratios,
        "goals": [judged(goal, sides) for goal in measure.goals],
    }


def _ratio(one: float, other: float) -> float:
    return round(one / other, 2) if other else 0.0


def _side(side: Side, turns: Turns) -> dict[str, Any]:
    cpu, wall = statistics.median(turns.cpu), statistics.median(turns.wall)
    told = {
        "cpu_ms": round(cpu * 1000, 3),
        "wall_ms": round(wall * 1000, 3),
        "p95_ms": round(p95(turns.wall) * 1000, 3),
    }
    if side.rows:
        told |= {"rows": side.rows, "rows_per_cpu_s": round(side.rows / cpu), "rows_per_s": round(side.rows / wall)}
    if side.queries is not None:
        told["queries"] = side.queries
    if side.memory is not None:
        told["memory_mb"] = round(side.memory, 1)
    return told


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def judged(goal: Goal, sides: dict[str, dict]) -> dict[str, Any]:
    """A goal, its value here and whether it is met. Per row where the two sides handle different numbers of rows."""
    cost, floor = (_cost(sides[name], goal.by) for name in (goal.side, goal.floor))
    if goal.rows_per_s is not None:
        value, asked = 1000 / cost, f"≥ {goal.rows_per_s:g} rows/s"
        met = value >= goal.rows_per_s
    elif goal.at_most is not None:
        value, asked = cost / floor, f"≤ {goal.at_most:g}×"
        met = value <= goal.at_most
    else:
        value, asked = floor / cost, f"≥ {goal.at_least:g}×"
        met = value >= goal.at_least
    return {
        "number": goal.number, "words": goal.words, "goal": asked, "value": round(value, 2), "met": met,
        "floor": goal.floor, "by": goal.by,
    }  # fmt: skip


def _cost(side: dict, by: str) -> float:
    return side[f"{by}_ms"] / side.get("rows", 1)
