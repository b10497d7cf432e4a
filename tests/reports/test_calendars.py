"""Period arithmetic: NĐ 09/2019 Điều 12 as a table, and what must hold for every date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calendars import (
    WorkCalendar,
    deadlines,
    due_in_period,
    following,
    parse_period,
    previous,
    quarter,
    quarter_of,
    same_period_last_year,
)
from reports.holidays import HOLIDAYS, MAKEUP_DAYS

DATES = st.dates(date(2001, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("code", "start", "end", "label"),
    [
        ("2024-q1", "2023-12-15", "2024-03-14", "Quý I/2024"),
        ("2024-q2", "2024-03-15", "2024-06-14", "Quý II/2024"),
        ("2024-q3", "2024-06-15", "2024-09-14", "Quý III/2024"),
        ("2024-q4", "2024-09-15", "2024-12-14", "Quý IV/2024"),
        ("2024-6t", "2023-12-15", "2024-06-14", "6 tháng đầu năm 2024"),
        ("2024-6tc", "2024-06-15", "2024-12-14", "6 tháng cuối năm 2024"),
        ("2024-9t", "2023-12-15", "2024-09-14", "9 tháng năm 2024"),
        ("2024", "2023-12-15", "2024-12-14", "Năm 2024"),
        ("2025-q1", "2024-12-15", "2025-03-14", "Quý I/2025"),
    ],
)
def test_periods_by_decree(code, start, end, label):
    span = parse_period(code)
    assert (span.code, span.starts_on, span.ends_on, span.label) == (
        code, date.fromisoformat(start), date.fromisoformat(end), label,
    )  # fmt: skip


@pytest.mark.parametrize(
    "code", ["", "2024-q0", "2024-q5", "24-q1", "2024q1", "2024-12", "1999-q1", "2024-q1x", "٢٠٢٤"]
)
def test_other_codes_are_refused_in_words(code):
    with pytest.raises(ValueError, match="Không hiểu kỳ báo cáo"):
        parse_period(code)


@given(DATES)
def test_every_day_is_in_exactly_one_quarter(day):
    span = quarter_of(day)
    assert day in span
    others = [quarter(year, number) for year in (day.year, day.year + 1) for number in (1, 2, 3, 4)]
    assert [other for other in others if day in other] == [span]


@given(DATES)
def test_quarters_follow_without_gap_or_overlap(day):
    span = quarter_of(day)
    assert following(span).starts_on == span.ends_on + timedelta(days=1)
    assert previous(following(span)) == span
    assert same_period_last_year(span).year == span.year - 1


@given(DATES, st.sets(DATES, max_size=20), st.sets(DATES, max_size=5))
def test_deadlines_are_working_days_in_order(cutoff, holidays, makeup):
    calendar = WorkCalendar(frozenset(holidays), frozenset(makeup))
    due = deadlines(cutoff, calendar)
    assert cutoff < due.agency < due.secretariat < due.leader
    assert all(calendar.is_working_day(day) for day in (due.agency, due.secretariat, due.leader))


@pytest.mark.parametrize(
    ("cutoff", "holidays", "makeup", "agency"),
    [
        ("2024-06-14", [], [], "2024-06-17"),  # Friday: the Monday after
        ("2024-03-14", [], [], "2024-03-15"),
        ("2024-09-14", [], [], "2024-09-16"),  # Saturday
        ("2024-06-14", ["2024-06-17"], [], "2024-06-18"),
        ("2024-06-14", [], ["2024-06-15"], "2024-06-15"),  # a Saturday worked instead
    ],
)
def test_agency_deadline(cutoff, holidays, makeup, agency):
    days = [frozenset(map(date.fromisoformat, each)) for each in (holidays, makeup)]
    assert deadlines(date.fromisoformat(cutoff), WorkCalendar(*days)).agency == date.fromisoformat(agency)


def test_the_holiday_table_is_in_order():
    rows = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last, _name in HOLIDAYS]
    assert rows == sorted(rows) and all(first <= last for first, last in rows)
    assert all(date.fromisoformat(day).weekday() >= 5 for day, _name in MAKEUP_DAYS)


@pytest.mark.parametrize(
    ("recurrence", "due_date", "code", "expected"),
    [
        ("", "2024-05-15", "2024-q2", "2024-05-15"),
        ("", None, "2024-q2", None),
        ("ongoing", None, "2024-q2", None),
        ("on_demand", "2024-05-15", "2024-q2", None),
        ("quarterly", None, "2024-q2", "2024-06-14"),
        ("monthly", None, "2024-q3", "2024-09-14"),
        ("half_yearly", None, "2024-q1", "2024-06-14"),
        ("half_yearly", None, "2024-q3", "2024-12-14"),
        ("yearly", None, "2024-q1", "2024-12-14"),
        ("yearly", None, "2025-q4", "2025-11-30"),  # the plan ends before the reporting year does
    ],
)
def test_due_date_of_a_task_in_a_period(recurrence, due_date, code, expected):
    due = due_in_period(
        due_date=due_date and date.fromisoformat(due_date),
        recurrence=recurrence,
        span=parse_period(code),
        plan_ends_on=date(2025, 11, 30),
    )
    assert due == (expected and date.fromisoformat(expected))
