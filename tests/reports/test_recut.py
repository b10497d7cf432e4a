"""Accepted quarterly figures re-cut on the statistics calendar: borders, hand corrections, stocks, renamed agencies."""

from datetime import date
from decimal import Decimal

import pytest

from agencies import clock
from agencies.membership import succeed
from agencies.models import Succession
from campaigns.activities import withdraw_activity
from campaigns.models import Indicator
from reports.consolidation import consolidate
from reports.forms_catalogue.filling import fill
from reports.forms_catalogue.loader import catalogue
from reports.models import Period
from reports.recut import consolidated_figures, standing_line, statistics_figures
from reports.statistics_calendar import parse_statistics
from tests.reports.statistics_world import did, reported
from tests.world import make_agency

pytestmark = pytest.mark.django_db
LATER = date(2025, 6, 1)
FORMS = {form.code: form for form in catalogue()}


def cut(world, code, *, today=LATER, **more):
    return statistics_figures(world.council, parse_statistics(code), today=today, **more)


def values(figures, indicator):
    """Agency name → figure, of those that have one."""
    return {row.name: row.values[indicator] for row in figures.agencies if indicator in row.values}


def total(figures, indicator):
    return sum(values(figures, indicator).values())


def test_activities_at_the_border_fall_on_the_day_they_were_held(world):
    """14/12 and 15/12 are two administrative quarters, 31/12 and 01/01 two statistics years."""
    for day, people in (("2023-12-14", 1), ("2023-12-15", 10), ("2023-12-31", 100), ("2024-01-01", 1000),
                        ("2024-03-14", 10_000), ("2024-12-14", 100_000), ("2024-12-15", 1_000_000)):  # fmt: skip
        did(world, "b", day, PB01=1, PB02=people)
    reported(world, "b", "2023-q4", PB01=1, PB02=1)
    reported(world, "b", "2024-q1", PB01=4, PB02=11_110)
    reported(world, "b", "2024-q4", PB01=1, PB02=100_000)
    assert total(cut(world, "2023"), "PB02") == 1 + 10 + 100
    assert total(cut(world, "2024"), "PB02") == 1000 + 10_000 + 100_000 + 1_000_000
    assert total(cut(world, "2024-6t"), "PB02") == 11_000
    # The administrative calendar adds up the same facts otherwise.
    q1 = consolidate(Period.objects.get(council=world.council, code="2024-q1"), as_of=LATER)
    assert q1.indicator("PB02").value == 11_110


def test_halves_make_up_the_year(world):
    for day in ("2024-01-01", "2024-06-30", "2024-07-01", "2024-12-31"):
        did(world, "a", day, PB01=1, PB02=7)
    reported(world, "a", "2024-q1", PB01=3, PB02=20, PB10=5)
    reported(world, "a", "2024-q3", PB01=4, PB02=30, PB10=6)
    for code in ("PB01", "PB02", "PB10"):
        halves = [total(cut(world, half), code) for half in ("2024-6t", "2024-6tc")]
        assert sum(halves) == total(cut(world, "2024"), code), code


def test_hand_corrections_are_dated_by_the_cutoff_of_their_quarter(world):
    did(world, "b", "2023-12-20", PB01=2, PB02=60)
    did(world, "b", "2024-02-10", PB01=1, PB02=40)
    reported(world, "b", "2024-q1", PB01=5, PB02=130)  # two events and 30 people beyond the diary
    assert total(cut(world, "2023"), "PB01") == 2
    assert total(cut(world, "2024"), "PB01") == 1 + (5 - 3)
    assert total(cut(world, "2024"), "PB02") == 40 + (130 - 100)
    assert total(cut(world, "2023"), "PB01") + total(cut(world, "2024"), "PB01") == 5


def test_figures_without_a_day_follow_their_quarter(world):
    reported(world, "stp", "2024-q1", HG11=40, PB10="12.5")
    reported(world, "stp", "2024-q2", HG11=50, PB10=3)
    reported(world, "stp", "2025-q1", HG11=9, PB10=1)
    assert total(cut(world, "2024-6t"), "HG11") == 90 and total(cut(world, "2024"), "HG11") == 90
    assert total(cut(world, "2024-6t"), "PB10") == Decimal("15.5")
    early = cut(world, "2024-6t", preliminary=True)  # actual to 31/5: Quý II ends on 14/6
    assert total(early, "HG11") == 40 and early.actual_until == date(2024, 5, 31)


def test_a_preliminary_year_is_cut_by_kind_of_reporter(world):
    for day in ("2024-10-31", "2024-11-01", "2024-11-30", "2024-12-01"):
        did(world, "b", day, PB01=1)
    assert total(cut(world, "2024", preliminary=True), "PB01") == 3
    assert total(cut(world, "2024", preliminary=True, reporter="3-12"), "PB01") == 1
    with pytest.raises(ValueError, match="chưa rõ ngày chốt"):
        cut(world, "2025", preliminary=True)


def test_stocks_are_the_last_accepted_value_and_are_never_added(world):
    reported(world, "b", "2024-q1", PB08=10)
    reported(world, "b", "2024-q2", PB08=12)
    reported(world, "b", "2024-q4", PB08=15)
    reported(world, "a", "2023-q4", PB08=7)
    assert values(cut(world, "2024"), "PB08") == {"Công an thành phố": 7, "Hội Liên hiệp Phụ nữ thành phố": 15}
    assert values(cut(world, "2024-6t"), "PB08")["Hội Liên hiệp Phụ nữ thành phố"] == 12
    assert values(cut(world, "2023"), "PB08") == {"Công an thành phố": 7}


def test_zero_is_a_figure_and_nothing_is_not(world):
    reported(world, "b", "2024-q1", PB01=0, PB03=None)
    figures = cut(world, "2024")
    assert values(figures, "PB01") == {"Hội Liên hiệp Phụ nữ thành phố": 0} and values(figures, "PB03") == {}
    value = fill(FORMS["09e"], figures)
    assert value.value("TS", "3") == 0 and value.value("TS", "5") is None
    assert cut(world, "2022").agencies == ()


def test_withdrawn_activities_do_not_count(world):
    activity = did(world, "b", "2024-05-02", PB01=1)
    assert total(cut(world, "2024"), "PB01") == 1
    withdraw_activity(
        activity=activity, by=world.people["officer_b"], now=world.now, reason="Ghi nhầm hoạt động của đơn vị khác"
    )
    assert values(cut(world, "2024"), "PB01") == {}


def test_reports_not_accepted_are_named_and_only_their_diary_counts(world):
    did(world, "b", "2024-04-02", PB01=2)
    reported(world, "b", "2024-q2", state="submitted", PB01=9, PB10=100)
    figures = cut(world, "2024")
    assert total(figures, "PB01") == 2 and values(figures, "PB10") == {}
    notes = "\n".join(figures.notes)
    assert "Hội Liên hiệp Phụ nữ thành phố (Quý II/2024)" in notes and "chưa được tiếp nhận" in notes
    assert "Quý III/2024" in notes  # nobody opened it
    assert "15/12/2024 đến ngày 31/12/2024 thuộc Quý I/2025" in notes
    assert "Kỳ chưa kết thúc" in "\n".join(cut(world, "2024", today=date(2024, 6, 10)).notes)


def rename_c(world, on=date(2024, 10, 1)):
    """Ban Dân tộc becomes Sở Dân tộc và Tôn giáo."""
    world.agencies["d"] = make_agency(world.council, "d", "Sở Dân tộc và Tôn giáo", "Sở DT&TG", 5)
    world.agencies["d"].valid_from = on
    world.agencies["d"].save()
    succeed(
        predecessors=[world.agencies["c"]], successor=world.agencies["d"], kind=Succession.Kind.RENAME, on=on,
        by=None, now=clock.at(on),
    )  # fmt: skip


def test_a_renamed_agency_counts_its_flows_under_both_names_and_its_stock_once(world):
    did(world, "c", "2024-03-20", PB01=3)
    reported(world, "c", "2024-q1", PB08=7, PB01=0)
    reported(world, "c", "2024-q3", PB08=8, PB01=3)
    rename_c(world)
    did(world, "d", "2024-11-05", PB01=2)
    before = cut(world, "2024")
    assert values(before, "PB08") == {
        "Ban Dân tộc thành phố (đến trước 01/10/2024)": 8
    }  # the successor has not told yet
    reported(world, "d", "2024-q4", PB08=9, PB01=2)
    figures = cut(world, "2024")
    assert values(figures, "PB08") == {"Sở Dân tộc và Tôn giáo": 9}
    # The activity of 20/3 is in Quý II, which was not reported; Quý III adds three beyond the diary, Quý IV nothing.
    assert values(figures, "PB01") == {"Ban Dân tộc thành phố (đến trước 01/10/2024)": 6, "Sở Dân tộc và Tôn giáo": 2}
    # Half a year earlier the old name still stands alone.
    assert values(cut(world, "2024-6t"), "PB08") == {"Ban Dân tộc thành phố": 7}


def test_an_agency_that_ended_without_successor_keeps_its_flows_but_no_stock(world):
    reported(world, "c", "2024-q1", PB08=7, PB10=3)
    world.agencies["c"].valid_to = date(2024, 7, 1)
    world.agencies["c"].save()
    figures = cut(world, "2024")
    assert values(figures, "PB08") == {} and total(figures, "PB10") == 3


def test_two_agencies_merged_give_way_to_their_successor_together(world):
    reported(world, "b", "2024-q1", PB08=10)
    reported(world, "c", "2024-q1", PB08=7)
    world.agencies["d"] = make_agency(world.council, "d", "Cơ quan hợp nhất", "CQHN", 6)
    world.agencies["d"].valid_from = date(2024, 8, 1)
    world.agencies["d"].save()
    succeed(
        predecessors=[world.agencies["b"], world.agencies["c"]], successor=world.agencies["d"],
        kind=Succession.Kind.MERGE, on=date(2024, 8, 1), by=None, now=clock.at(date(2024, 8, 1)),
    )  # fmt: skip
    assert total(cut(world, "2024"), "PB08") == 17
    reported(world, "d", "2024-q3", PB08=16)
    assert values(cut(world, "2024"), "PB08") == {"Cơ quan hợp nhất": 16}


def test_the_standing_agency_stands_where_its_predecessor_stood(world):
    reported(world, "stp", "2024-q1", PB10=1)
    new = make_agency(world.council, "stp2", "Sở Tư pháp (mới)", "STP mới", 1)
    new.valid_from = date(2024, 7, 1)
    new.save()
    succeed(
        predecessors=[world.agencies["stp"]], successor=new, kind=Succession.Kind.MERGE, on=date(2024, 7, 1),
        by=None, now=clock.at(date(2024, 7, 1)),
    )  # fmt: skip
    world.council.standing_agency = new
    world.council.save()
    assert standing_line(world.council) == {world.agencies["stp"].pk, new.pk}
    assert [row.is_standing for row in cut(world, "2024").agencies] == [True]


def test_the_other_council_is_never_counted(world):
    did(world, "x", "2024-05-05", PB01=50)
    assert values(cut(world, "2024"), "PB01") == {}


@pytest.mark.parametrize("code", ["2024-q1", "2024-6t", "2024"])
def test_on_the_administrative_calendar_the_totals_are_those_of_the_consolidation(world, code):
    reported(world, "stp", "2024-q1", PB01=2, PB02=50, PB05=6, PB05a=6, PB05b=0, PB05c=0, HG01=5, HG02=20, HG11=9)
    reported(world, "a", "2024-q1", PB01=3, PB02=70, PB08=4, PB08a=1, PB10="2.5")
    reported(world, "b", "2024-q1", PB01=0, PB02=0, PB08=6, PB08a=5, PB10=1)
    reported(world, "a", "2024-q2", PB01=1, PB02=10, PB08=5, PB08a=2, PB10=4)
    reported(world, "stp", "2024-q2", HG01=6, HG02=22, HG11=11)
    value = consolidate(Period.objects.get(council=world.council, code=code), as_of=LATER)
    figures = consolidated_figures(world.council, value)
    for form in (form for form in FORMS.values() if form.is_known):
        filled = fill(form, figures)
        for column in form.columns:
            wanted = [value.indicator(indicator).value for indicator in column.indicators]
            wanted = sum(each for each in wanted if each is not None) if any(w is not None for w in wanted) else None
            assert filled.value("TS", column.code) == wanted, (form.code, column.code)
    assert all(row.name in " ".join(figures.notes) for row in value.missing)


def test_every_indicator_is_known_to_the_filling(world):
    assert set(cut(world, "2024").indicators) == set(Indicator.objects.values_list("code", flat=True))
