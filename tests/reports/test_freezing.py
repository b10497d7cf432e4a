"""The numbers of a locked period: kept in parts that say the same, given back unchanged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reports.consolidation import consolidate
from reports.freezing import (
    DELAYS,
    freeze,
    in_parts,
    parts_apart,
    thaw,
    thaw_overview,
    totals_of,
    with_totals,
)
from reports.integrity import frozen_parts_that_disagree
from reports.models import FrozenValue, Period
from tests.reports.overviews import overview_of
from tests.reports.values_sample import sample


@pytest.mark.django_db
def test_a_value_comes_back_unchanged_and_its_parts_are_told_apart(world):
    late = [
        replace(task, state="overdue", reported=at % 2 == 0, due_on=world.today - timedelta(days=at % 3))
        for at, task in enumerate(sample().tasks * DELAYS)
    ]
    value = replace(sample(), tasks=tuple(late))
    frozen = FrozenValue.objects.get(pk=freeze(value, council_id=world.council.pk).pk)
    assert thaw(frozen) == value and not parts_apart(frozen)
    assert sum(frozen.unreported.values()) == sum(not task.reported for task in value.tasks)
    assert thaw_overview(frozen) == overview_of(value) and len(frozen.delays) == DELAYS
    frozen.delays.pop()
    assert parts_apart(frozen) == ["delays"]


@pytest.mark.django_db
def test_parts_that_disagree_are_noticed(world):
    parts = in_parts(consolidate(world.period, as_of=world.today).to_json())
    parts["unreported"]["done"] += 1
    frozen = FrozenValue.objects.create(council=world.council, **parts)
    Period.objects.filter(pk=world.period.pk).update(state="locked", locked_at=world.now, frozen=frozen)
    assert ["unreported" in problem for problem in frozen_parts_that_disagree()] == [True]
    period = with_totals(Period.objects.filter(pk=world.period.pk), [world.period.code]).get()
    assert totals_of(period) == consolidate(period, as_of=world.today).totals
