"""A few random walks in every run; `make walks TIMES=10000` for many."""

import os

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.walks.__main__ import told, walking
from tests.walks.machine import Walk


@pytest.mark.django_db
def test_nobody_ever_sees_or_changes_what_the_rules_forbid(world):
    Walk.original = world
    run_state_machine_as_test(Walk, settings=walking(int(os.environ.get("WALKS", "25"))))
    print(f"\n{told()}")
