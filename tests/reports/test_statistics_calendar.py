"""The statistics calendar (TT 03/2019/TT-BTP), the school year, and the command that shows a period."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from reports.calendars import parse_period, quarter, quarter_of
from reports.school_calendar import parse_school_year, school_year, school_year_of
from reports.statistics_calendar import (
    REGIMES,
    estimated_from,
    parse_statistics,
    statistics_half,
    statistics_half_of,
    statistics_year,
)

DATES = st.dates(date(2001, 1, 1), date(2099, 12, 31))
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("code", "start", "end", "label"),
    [
        ("2024-6t", "2024-01-01", "2024-06-30", "6 tháng đầu năm 2024"),
        ("2024-6tc", "2024-07-01", "2024-12-31", "6 tháng cuối năm 2024"),
        ("2024", "2024-01-01", "2024-12-31", "Năm 2024"),
        (" 2025-6T ", "2025-01-01", "2025-06-30", "6 tháng đầu năm 2025"),
    ],
)
def test_statistics_periods(code, start, end, label):
    span = parse_statistics(code)
    assert (span.starts_on, span.ends_on, span.label) == (date.fromisoformat(start), date.fromisoformat(end), label)
    assert span.code == code.strip().casefold()


@pytest.mark.parametrize("code", ["2024-q1", "2024-q4", "2024-9t", "2024-9T"])
def test_statistics_have_no_quarter_and_no_nine_months(code):
    with pytest.raises(ValueError, match="Lịch thống kê không có kỳ"):
        parse_statistics(code)


@pytest.mark.parametrize("code", ["", "2024-q5", "24", "1999", "2101", "2024-12", "2024-6tt", "٢٠٢٤", "2024-6t-x"])
def test_other_codes_are_refused_in_words(code):
    with pytest.raises(ValueError, match="Không hiểu kỳ thống kê"):
        parse_statistics(code)


@pytest.mark.parametrize(
    ("code", "reporter", "actual", "preliminary_due", "official_due"),
    [
        ("2024-6t", "1-2", "2024-05-31", "2024-06-25", None),
        ("2024", "1-2", "2024-11-30", "2024-11-28", "2025-02-20"),
        ("2024", "3-12", "2024-10-31", "2024-11-28", "2025-02-20"),
        ("2019-6t", "1-2", "2019-05-31", "2019-06-25", None),  # the first period under TT 03/2019
        ("2018", "1-2", "2018-10-31", None, None),  # TT 20/2013: the last two months are estimated
        ("2024-6tc", "1-2", None, None, None),
        ("2025", "1-2", None, None, None),  # ends under TT 17/2025, whose days nobody has told
        ("2025-6t", "1-2", "2025-05-31", "2025-06-25", None),
    ],
)
def test_what_is_actual_and_when_it_is_due(code, reporter, actual, preliminary_due, official_due):
    span, day = parse_statistics(code), lambda text: text and date.fromisoformat(text)
    assert span.actual_until(reporter) == day(actual)
    assert (span.preliminary_due, span.official_due) == (day(preliminary_due), day(official_due))
    first = estimated_from(span.actual_until(reporter))
    assert first == (day(actual) + ONE_DAY if actual else None)


def test_an_unknown_kind_of_reporter_is_refused():
    with pytest.raises(ValueError, match="loại đơn vị báo cáo"):
        parse_statistics("2024").actual_until("13")


@given(DATES)
def test_every_day_is_in_exactly_one_statistics_half_and_year(day):
    halves = [statistics_half(year, n) for year in (day.year - 1, day.year, day.year + 1) for n in (1, 2)]
    assert [half for half in halves if day in half] == [statistics_half_of(day)]
    assert [year for year in range(day.year - 1, day.year + 2) if day in statistics_year(year)] == [day.year]


@given(st.integers(2001, 2099))
def test_statistics_halves_make_up_the_year_without_gap_or_overlap(year):
    first, second, whole = statistics_half(year, 1), statistics_half(year, 2), statistics_year(year)
    assert (first.starts_on, second.ends_on) == (whole.starts_on, whole.ends_on)
    assert first.ends_on + ONE_DAY == second.starts_on
    assert whole.ends_on + ONE_DAY == statistics_year(year + 1).starts_on
    assert all(span.regime in REGIMES for span in (first, second, whole))


@given(st.integers(2001, 2099))
def test_administrative_quarters_halves_and_year_without_gap_or_overlap(year):
    parts = [quarter(year, number) for number in (1, 2, 3, 4)]
    for span, count in (("6t", 2), ("9t", 3), (None, 4)):
        whole = parse_period(f"{year}-{span}" if span else str(year))
        assert (whole.starts_on, whole.ends_on) == (parts[0].starts_on, parts[count - 1].ends_on)
    second = parse_period(f"{year}-6tc")
    assert second.starts_on == parse_period(f"{year}-6t").ends_on + ONE_DAY
    assert (second.starts_on, second.ends_on) == (parts[2].starts_on, parts[3].ends_on)
    assert parse_period(str(year)).ends_on + ONE_DAY == parse_period(str(year + 1)).starts_on


@given(DATES)
def test_every_day_is_in_exactly_one_administrative_half_and_year(day):
    span = quarter_of(day)
    years = [year for year in range(day.year - 1, day.year + 2) if day in parse_period(str(year))]
    halves = [code for year in range(day.year - 1, day.year + 2) for code in (f"{year}-6t", f"{year}-6tc")
              if day in parse_period(code)]  # fmt: skip
    assert years == [span.year] and halves == [f"{span.year}-{'6t' if span.quarter <= 2 else '6tc'}"]


@given(DATES)
def test_the_school_year_has_summers_off(day):
    year = school_year_of(day)
    assert (year is None) == (day.month in (6, 7, 8))
    around = [school_year(first) for first in range(day.year - 2, day.year + 2)]
    assert [each for each in around if day in each] == ([year] if year else [])


def test_school_years_by_name():
    year = parse_school_year("2024-2025")
    assert (year.starts_on, year.ends_on, year.label) == (date(2024, 9, 1), date(2025, 5, 31), "Năm học 2024–2025")
    for text in ("2024", "2024-2026", "2025-2024", "1999-2000", "năm học"):
        with pytest.raises(ValueError, match="Không hiểu năm học"):
            parse_school_year(text)


def shown(*arguments) -> dict:
    out = StringIO()
    call_command("show_period", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
def test_the_command_shows_both_calendars():
    assert shown("2024-q3") == {
        "period": "2024-q3", "label": "Quý III/2024", "calendar": "hanh-chinh", "start": "2024-06-15",
        "cutoff": "2024-09-14", "agency_due": "2024-09-16", "secretariat_due": "2024-09-19", "leader_due": "2024-09-23",
    }  # fmt: skip
    half = shown("2024-6t", "--calendar", "thong-ke")
    assert (half["calendar"], half["start"], half["cutoff"]) == ("thong-ke", "2024-01-01", "2024-06-30")
    assert (half["actual_until"], half["estimated_from"]) == ("2024-05-31", "2024-06-01")
    assert half["secretariat_due"] == "2024-06-25" and "03/2019" in half["source"]
    year = shown("2024", "--calendar", "thong-ke")
    assert (year["actual_until"], year["actual_until_others"]) == ("2024-11-30", "2024-10-31")
    assert (year["secretariat_due"], year["official_due"]) == ("2024-11-28", "2025-02-20")
    assert shown("2024-6t")["cutoff"] == "2024-06-14"
    out = StringIO()
    call_command("show_period", "2025", "--calendar", "thong-ke", stdout=out)
    assert "chưa rõ" in out.getvalue() and "17/2025" in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["2024-q1", "2024-9t"])
def test_the_command_refuses_a_quarter_of_statistics_in_words(code):
    with pytest.raises(CommandError, match="Lịch thống kê không có kỳ"):
        call_command("show_period", code, "--calendar", "thong-ke")
