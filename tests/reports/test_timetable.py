"""The timetable of reminders: whatever the deadline and the days off, on working days, each step once, in order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calendars import WorkCalendar
from reports.holidays import HOLIDAYS, MAKEUP_DAYS
from reports.timetable import MAKE_UP_DAYS, step_for, timetable

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
NAMES = ["T-7", "T-3", "T-1", "T+1"]


def vietnam() -> WorkCalendar:
    days = set()
    for first, last, _name in HOLIDAYS:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            days.add(day)
            day += timedelta(days=1)
    return WorkCalendar(frozenset(days), frozenset(date.fromisoformat(day) for day, _name in MAKEUP_DAYS))


@st.composite
def calendars(draw, around):
    near = [around + timedelta(days=offset) for offset in range(-25, 26)]
    return WorkCalendar(
        frozenset(draw(st.sets(st.sampled_from(near), max_size=18))),
        frozenset(draw(st.sets(st.sampled_from(near), max_size=4))),
    )


@st.composite
def deadlines(draw):
    due = draw(DAYS)
    return due, draw(calendars(due))


@pytest.mark.parametrize(
    ("due", "days"),
    [
        # An ordinary Friday: as the names say.
        (date(2024, 3, 15), ["2024-03-08", "2024-03-12", "2024-03-14", "2024-03-18"]),
        # Quý II/2024, due on a Monday: T-1 falls on Sunday, so Friday; T-3, Friday too, makes room.
        (date(2024, 6, 17), ["2024-06-10", "2024-06-13", "2024-06-14", "2024-06-18"]),
        # The day after Tết 2024 (8–14/2): everything before the holiday, T+1 the next working day.
        (date(2024, 2, 15), ["2024-02-05", "2024-02-06", "2024-02-07", "2024-02-16"]),
        # Saturday 04/05/2024 was worked instead of Monday 29/04.
        (date(2024, 5, 6), ["2024-04-26", "2024-05-03", "2024-05-04", "2024-05-07"]),
    ],
)
def test_known_deadlines(due, days):
    steps = timetable(due, vietnam())
    assert [step.name for step in steps] == NAMES
    assert [step.day.isoformat() for step in steps] == days


@given(deadlines())
def test_every_step_has_a_working_day_of_its_own_in_order(given_deadline):
    due, calendar = given_deadline
    steps = timetable(due, calendar)
    assert [step.name for step in steps] == NAMES
    assert all(calendar.is_working_day(step.day) for step in steps)
    days = [step.day for step in steps]
    assert days == sorted(set(days)) and days[2] < due < days[3]
    for step, before in zip(steps, (7, 3, 1), strict=False):
        # Never later than its name says, and no earlier than days off and nearer steps push it.
        assert step.day <= due - timedelta(days=before)


@given(deadlines(), st.data())
def test_whatever_days_the_server_is_up_each_step_goes_at_most_once_and_in_order(given_deadline, data):
    due, calendar = given_deadline
    span = [due + timedelta(days=offset) for offset in range(-60, 20)]
    up = sorted(data.draw(st.sets(st.sampled_from(span))))
    steps, sent = timetable(due, calendar), []
    for today in up:
        step = step_for(today, due, calendar)
        if step is not None and step.name not in sent:
            assert calendar.is_working_day(today) and 0 <= (today - step.day).days <= MAKE_UP_DAYS
            sent.append(step.name)
    assert sent == [name for name in NAMES if name in sent]
    # A server that was up on a step's own day sent it.
    assert {step.name for step in steps if step.day in up} <= set(sent)
