"""A few walks, the same in every run; `make walks TIMES=10000` for many that chance chooses."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.walks.machine import Walk, ready_to_walk, tally
from tests.walks.rules import MOVES

STEPS = 12  # deeds tried in one walk
CHANCE = int(os.environ.get("WALKS", "0"))  # how many walks chance chooses; 0: the suite's own

_TOTALS = {"walks", "done", "refused", "looks"}


def walking() -> settings:
    """How hypothesis walks, whatever time one takes. What a search finds stays out of the suite's verdict."""
    return settings(
        max_examples=CHANCE or 25,
        derandomize=not CHANCE,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )


def told() -> str:
    """What was walked, in one line."""
    verbs = ", ".join(f"{name} {count}" for name, count in sorted(tally.items()) if name not in _TOTALS)
    return f"WALKS {tally['walks']}: {tally['done']} deeds done, {tally['refused']} refused, {tally['looks']} looks. {verbs}"


# Each move of a report, in an order in which the rules allow it; the agency "a" asks its approver.
EVERY_MOVE = (
    ("a", "submit_report"),
    ("a", "send_back_report"),
    ("a", "submit_report"),
    ("a", "withdraw_report"),
    ("a", "submit_report"),
    ("a", "approve_report"),
    ("a", "accept_report"),
    ("a", "undo_accept"),
    ("a", "return_report"),
    ("b", "submit_report"),
    ("b", "accept_report"),
    ("b", "return_report"),
)


@pytest.mark.django_db
def test_the_rules_that_walks_are_held_to_know_every_move(world):
    ready_to_walk(world)
    walk = Walk()
    walk.begin(first=0)
    try:
        for agency, verb in EVERY_MOVE:
            done = tally[verb]
            walk.report_moves(by="outsider", apt=True, agency=agency, verb=verb)
            assert tally[verb] == done + 1, f"{verb} was refused"
            walk.reports_stand_where_the_rules_say()
    finally:
        walk.teardown()
    assert {verb for _agency, verb in EVERY_MOVE} == set(MOVES)


@pytest.mark.django_db
def test_nobody_ever_sees_or_changes_what_the_rules_forbid(world):
    ready_to_walk(world)
    run_state_machine_as_test(Walk, settings=walking())
    print(f"\n{told()}")
