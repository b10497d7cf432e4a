"""Rates and states of targets: pure arithmetic, in tables of cases (rule V17) and for any figures."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.catalogue import INDICATORS
from reports.goals import TARGET_STATES, TargetRow, is_over, measured, reached, tally
from reports.rates import RATE_BY_ID, RATES, SETTLED_OF_DECIDED, SETTLED_OF_RECEIVED, rates_of

NATURES = {row[0]: row[3] for row in INDICATORS}
whole = st.integers(0, 10**7).map(Decimal)


def test_every_rate_says_what_is_divided_by_what():
    assert len(RATE_BY_ID) == len(RATES)
    for rate in RATES:
        assert "÷" in rate.formula and rate.name and rate.unit
        assert set(rate.codes) <= set(NATURES)
        # A sum over quarters is never divided by what stood at the end of one.
        assert len({NATURES[code] for code in rate.codes}) == 1, rate.id


@pytest.mark.parametrize(
    ("rate", "figures", "text"),
    [
        # Đắk Nông, 6 tháng 2022 (domain.md §2.4.4): 323 = 186 + 103 + 34
        ("settled_of_received", {"HG11": 323, "HG15": 186, "HG19": 103}, "57,6%"),
        ("settled_of_decided", {"HG11": 323, "HG15": 186, "HG19": 103}, "64,4%"),
        # Quảng Bình, 6 tháng 2014
        ("settled_of_received", {"HG11": 1451, "HG15": 1232}, "84,9%"),
        ("settled_of_received", {"HG11": 0, "HG15": 0}, "—"),
        ("settled_of_received", {"HG15": 4}, "—"),
        ("settled_of_received", {"HG11": 4, "HG15": None}, "—"),
        ("settled_of_received", {"HG11": 4, "HG15": 0}, "0%"),
        ("settled_of_decided", {"HG15": 0, "HG19": 0}, "—"),
        ("settled_of_decided", {"HG15": 3, "HG19": None}, "—"),
        ("trainers_per_100_teams", {"DA01": 7, "HG01": 640}, "1 người/100 tổ"),
        ("trainers_per_100_teams", {"DA01": 7, "HG01": 701}, "0,88 người/100 tổ"),
        ("trainers_per_100_teams", {"DA01": 7, "HG01": 700}, "1 người/100 tổ"),
        ("trainers_per_100_teams", {"DA01": 1, "HG01": 3}, "1 người/100 tổ"),
        ("trainers_per_100_teams", {"DA01": 1, "HG01": 0}, "—"),
        ("trainers_trained", {"DA01": 8, "DA01a": 6}, "75%"),
        ("trainers_trained", {"DA01": 0, "DA01a": 0}, "—"),
        ("teams_consolidated", {"HG01": 641, "DA02": 641}, "100%"),
        ("teams_supported", {"HG01": 640, "DA03": 64}, "10%"),
        ("mediators_with_materials", {"HG02": 4412, "DA04": 2240}, "50,8%"),
        ("pilot_settled_of_received", {"DA05": 30, "DA05a": 27}, "90%"),
        ("mediators_trained", {"HG02": 8, "HG08": 3}, "37,5%"),
    ],
)
def test_rates(rate, figures, text):
    found = RATE_BY_ID[rate].of({code: None if value is None else Decimal(value) for code, value in figures.items()})
    assert found.text == text
    assert found.told == f"{text} ({RATE_BY_ID[rate].formula})"
    assert (found.value is None) == (text == "—")


@given(settled=whole, unsettled=whole, pending=whole)
def test_settlement_rates_lie_between_0_and_100(settled, unsettled, pending):
    figures = {"HG11": settled + unsettled + pending, "HG15": settled, "HG19": unsettled}
    received, decided = SETTLED_OF_RECEIVED.of(figures).value, SETTLED_OF_DECIDED.of(figures).value
    assert (received is None) == (figures["HG11"] == 0) and (decided is None) == (settled + unsettled == 0)
    for value in (received, decided):
        assert value is None or 0 <= value <= 100
    if received is not None and decided is not None:
        assert received <= decided  # what is pending stands in one denominator only


@given(trainers=whole, teams=whole)
def test_a_trainer_per_hundred_begun(trainers, teams):
    value = RATE_BY_ID["trainers_per_100_teams"].of({"DA01": trainers, "HG01": teams}).value
    lots = (int(teams) + 99) // 100
    assert value == (Decimal(trainers) / lots if lots else None)


def test_nothing_known_is_no_rate_at_all():
    assert {row.text for row in rates_of(lambda code: None)} == {"—"}


# --- states of targets --------------------------------------------------------------------------------------------


def target(value="85", direction="gte", unit="%", **more) -> TargetRow:
    fields = {"scope": "council", "code": "T7", "name": "Tỷ lệ hòa giải thành", "source": "QĐ 315"}
    return TargetRow(**fields, direction=direction, target=Decimal(value), unit=unit, **more)


@pytest.mark.parametrize(
    ("goal", "direction", "achieved", "over", "state"),
    [
        ("85", "gte", "85", False, "met"),
        ("85", "gte", "85", True, "met"),
        ("85", "gte", "84.999", False, "running"),
        ("85", "gte", "84.999", True, "missed"),
        ("90", "gt", "90", False, "running"),
        ("90", "gt", "90", True, "missed"),
        ("90", "gt", "90.001", True, "met"),
        ("100", "gte", "100", True, "met"),
        ("1", "gte", "0", False, "running"),
        ("85", "gte", None, False, "none"),
        ("85", "gte", None, True, "none"),
    ],
)
def test_state_of_a_target(goal, direction, achieved, over, state):
    row = measured(target(goal, direction), None if achieved is None else Decimal(achieved), over=over)
    assert (row.state, row.state_label) == (state, TARGET_STATES[state])


@pytest.mark.parametrize(
    ("row", "achieved", "texts"),
    [
        (target("85"), "87.37", ("≥ 85%", "87,4%", "102,8%")),
        (target("85"), "84.96", ("≥ 85%", "84,96%", "99,9%")),
        (target("90", "gt"), "90", ("> 90%", "90%", "100%")),
        (target("90", "gt"), "90.02", ("> 90%", "90,02%", "100%")),
        (target("100"), "99.9996", ("≥ 100%", "99,9996%", "99,9%")),
        (target("85"), None, ("≥ 85%", "—", "—")),
        (target("1", unit="người/100 tổ"), "1.142857", ("≥ 1 người/100 tổ", "1,14 người/100 tổ", "114,3%")),
        (target("6000", unit="lượt người"), "5120", ("≥ 6.000 lượt người", "5.120 lượt người", "85,3%")),
        (target("12.5", unit="triệu đồng", decimals=1), "12.5", ("≥ 12,5 triệu đồng", "12,5 triệu đồng", "100%")),
    ],
)
def test_a_target_in_words(row, achieved, texts):
    """Percentages carry a comma (V29), and rounding never makes a missed target look reached."""
    row = measured(row, None if achieved is None else Decimal(achieved), over=False)
    assert (row.target_text, row.achieved_text, row.percent_text) == texts


def test_a_target_in_one_line():
    row = measured(target(), Decimal(21000) / 243, over=False, numerator=Decimal(210), denominator=Decimal(243))
    assert row.sentence == "Tỷ lệ hòa giải thành: 86,4% (210/243), chỉ tiêu ≥ 85%: đạt"


positive = st.decimals(min_value="0.001", max_value=10**9, places=3)


@given(goal=positive, achieved=st.none() | st.decimals(min_value=0, max_value=10**9, places=3), over=st.booleans())
def test_a_state_follows_the_exact_value(goal, achieved, over):
    row = measured(target(str(goal)), achieved, over=over)
    assert (row.state == "met") == (achieved is not None and achieved >= goal)
    assert (row.state == "none") == (achieved is None)
    if row.state in ("running", "missed"):
        assert row.percent < 100 and row.percent_text != "100%"
        assert row.achieved_text != row.target_text.split(" ", 1)[1]
    assert reached("gt", goal, goal) is False and reached("gte", goal, goal) is True


@pytest.mark.parametrize(
    ("until", "as_of", "complete", "over"),
    [
        (None, date(2024, 6, 10), False, True),  # to be kept at any time
        (date(2024, 12, 14), date(2024, 6, 14), True, False),
        (date(2024, 12, 14), date(2024, 12, 14), True, True),
        (date(2024, 12, 14), date(2024, 12, 14), False, False),  # reports of the last quarter are still coming in
        (date(2024, 12, 14), date(2025, 3, 14), True, True),
    ],
)
def test_when_a_targets_time_is_up(until, as_of, complete, over):
    assert is_over(until, as_of=as_of, complete=complete) is over


def test_tally_names_the_states_that_occur():
    rows = [measured(target(), value, over=False) for value in (Decimal(90), Decimal(91), Decimal(1), None)]
    assert tally(rows) == [("met", "Đạt", 2), ("running", "Đang thực hiện", 1), ("none", "Chưa có số liệu", 1)]
