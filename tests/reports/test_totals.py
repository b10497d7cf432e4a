"""Rule V18: a total row is the sum of what stands under it, at every level; rule V17: a rate names its whole."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.consolidation import consolidate
from reports.freezing import freeze
from reports.integrity import problems
from reports.models import Period
from reports.rules.totals import total_rows_add_up
from reports.values import AgencyFigure, Counts
from reports.wording import ratio
from tests.reports.values_sample import empty, sample


def test_good_totals_are_left_alone():
    assert list(total_rows_add_up(sample())) == []
    assert list(total_rows_add_up(empty())) == []


def with_indicator(whole, code, **changes):
    rows = tuple(replace(row, **changes) if row.code == code else row for row in whole.indicators)
    return replace(whole, indicators=rows)


def test_every_level_is_checked():
    value = sample()
    one = Counts.one("done")
    agency, plan, cell = value.agencies[0], value.plans[0], value.cells[0]
    wrong = {
        "Dòng tổng nhiệm vụ": replace(value, totals=value.totals + one),
        "khác tổng các nhiệm vụ": replace(value, tasks=value.tasks[1:]),
        f"Dòng {agency.short_name} khác": replace(
            value, agencies=(replace(agency, counts=agency.counts + one), *value.agencies[1:])
        ),
        f"Dòng kế hoạch {plan.number} khác": replace(
            value, plans=(replace(plan, counts=plan.counts + one), *value.plans[1:])
        ),
        "khác tổng các kế hoạch của cơ quan": replace(
            value, cells=(replace(cell, counts=cell.counts + one), *value.cells[1:])
        ),
        "Chỉ tiêu PB01 khác tổng các cơ quan": with_indicator(value, "PB01", value=value.indicator("PB01").value + 1),
        "không cơ quan nào báo cáo": with_indicator(value, "PB01", by_agency=()),
    }
    for words, changed in wrong.items():
        assert any(words in problem for problem in total_rows_add_up(changed)), words


def figures_of(*numbers):
    return tuple(AgencyFigure(agency, Decimal(number)) for agency, number in zip("xyz", numbers, strict=False))


def test_a_whole_is_the_sum_of_its_parts_when_all_reported_all():
    value = sample()
    for code, numbers in {"PB10": (10, 4), "PB10a": (5, 1), "PB10b": (5, 1), "PB10c": (0, 2)}.items():
        value = with_indicator(value, code, by_agency=figures_of(*numbers), value=Decimal(sum(numbers)))
    assert list(total_rows_add_up(value)) == []
    off = with_indicator(value, "PB10c", by_agency=figures_of(1, 2), value=Decimal(3))
    assert [problem for problem in total_rows_add_up(off)] == ["Chỉ tiêu PB10 khác tổng PB10a + PB10b + PB10c (V11)."]
    partly = with_indicator(value, "PB10c", by_agency=figures_of(1), value=Decimal(1))
    assert list(total_rows_add_up(partly)) == []


@pytest.mark.django_db
def test_a_consolidated_period_adds_up_and_a_frozen_one_that_does_not_is_noticed(world):
    value = consolidate(Period.objects.get(pk=world.period.pk), as_of=world.today)
    assert list(total_rows_add_up(value)) == []
    off = replace(value, totals=value.totals + Counts.one("done"), period=replace(value.period, locked=True))
    frozen = freeze(off, council_id=world.council.pk)
    Period.objects.filter(pk=world.period.pk).update(state="locked", locked_at=world.now, frozen=frozen)
    assert any("cộng không khớp: Dòng tổng nhiệm vụ" in problem for problem in problems())


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_share_lies_between_0_and_100_and_has_no_value_without_a_whole(part, more):
    rate = ratio(part, part + more)
    assert rate is None if part + more == 0 else 0 <= rate <= 100


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_a_cumulated_flow_never_falls(figures):
    """V19: figures are not negative (V09), so each cumulated total is at least the one before."""
    sums = [sum(figures[: n + 1]) for n in range(len(figures))]
    assert sums == sorted(sums)
