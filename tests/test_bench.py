"""``make bench`` is honest: the sides of every measure do the same work, on the test world; no time is looked at."""

import pytest
from django.test import override_settings

from tests.bench import tables
from tests.bench.measure import Goal, Measure, Side, Turns, _side, answers_of, judged, p95
from tests.bench.pages import PAGES
from tests.bench.register import GROUPS
from tests.bench.site import find_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("group", GROUPS)
def test_every_side_of_a_measure_does_the_same(world, group):
    site, told = find_site(), []
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for measure in GROUPS[group](site):
            answers_of(measure)
            told.append(measure.name)
    assert len(told) == len(set(told)) > 0
    if group == "pages":
        assert told == [page.name for page in PAGES]


def test_sides_that_differ_are_refused():
    one, other = Side("ours", lambda: [1, 2]), Side("floor", lambda: [1])
    with pytest.raises(AssertionError, match="floor and ours do not do the same"):
        answers_of(Measure("rows", "lists", (one, other)))


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal(4, "", "floor", at_most=2), 2.0, True),
        (Goal(4, "", "floor", at_most=1.9), 2.0, False),
        (Goal(9, "", "floor", at_least=0.5), 0.5, True),
        (Goal(9, "", "floor", at_least=8), 0.5, False),
        (Goal(9, "", "ours", rows_per_s=500), 500, True),
        (Goal(9, "", "ours", rows_per_s=501), 500, False),
    ],
)
def test_goals_are_of_the_cost_of_a_row(goal, value, met):
    ours = _side(Side("ours", list, rows=10), Turns(cpu=[0.01, 0.02, 0.5], wall=[0.04]))
    floor = _side(Side("floor", list, rows=5), Turns(cpu=[0.005], wall=[0.02]))
    said = judged(goal, {"ours": ours, "floor": floor})
    assert (said["value"], said["met"]) == (value, met)


def test_the_tables_tell_goals_queries_and_growth():
    def world(queries: int, ms: float) -> dict:
        ours = {"cpu_ms": ms, "wall_ms": ms, "p95_ms": ms, "queries": queries}
        goal = {"number": 4, "words": "÷ bare view", "goal": "≤ 2×", "value": 3.0, "met": False}
        desk = {
            "name": "desk", "group": "pages", "note": "", "rounds": 3, "sides": {"ours": ours, "html": ours},
            "ratios": {"html": {"cpu": 1.0, "wall": 1.0}}, "goals": [goal],
        }  # fmt: skip
        return {"size": "S", "rows": {"tasks": 300}, "measures": [desk]}

    text = tables.page({"S": world(9, 10), "L": world(16, 31)})
    assert "## Goals met (S: 1 of 2; L: 0 of 2)" in text
    assert "| 4 | desk | ÷ bare view | ≤ 2× | 3 ✗ | 3 ✗ |" in text
    assert "| 1 | desk | queries | ≤ 12 | 9 ✓ | 16 ✗ |" in text
    assert "| desk | 10 | 31 | 3.1 ✗ | 3.1 | 9 16 | ✗ |" in text
    assert p95([1.0]) == 1.0
