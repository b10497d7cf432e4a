"""When agencies are reminded by themselves: pure Python, no Django, no clock.

Four steps stand around an agency's deadline: seven, three and one day before it, and one day after. Nobody is
reminded on a day off: a step before the deadline moves to the working day before it, the step after to the next
working day. Where two steps would meet (a deadline on a Monday puts T-3 and T-1 on the same Friday) the earlier one
moves further back, so that no agency is reminded twice on one day and the order of the steps is kept.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from reports.calendars import WorkCalendar

BEFORE = (1, 3, 7)  # days before the deadline, nearest first
AFTER = 1
# A server that was off on a step's day makes it up when it is back, at most this many days later.
MAKE_UP_DAYS = 3


@dataclass(frozen=True, order=True)
class Step:
    """One automatic reminder: the day on which it goes and its name ('T-3')."""

    day: date
    name: str


def timetable(due_on: date, calendar: WorkCalendar) -> tuple[Step, ...]:
    """The steps around a deadline in the order in which they go, each on a working day of its own."""
    steps, day = [], due_on
    for before in BEFORE:
        day = min(due_on - timedelta(days=before), day - timedelta(days=1))
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
        steps.append(Step(day, f"T-{before}"))
    after = calendar.add_working_days(due_on, AFTER)
    return (*reversed(steps), Step(after, f"T+{AFTER}"))


def step_for(today: date, due_on: date, calendar: WorkCalendar) -> Step | None:
    """The step that stands on ``today``, or the last one before it while it can still be made up; None on a day off.

    A caller sends a step whose day has passed only when nobody was sent it on its day.
    """
    if not calendar.is_working_day(today):
        return None
    past = [step for step in timetable(due_on, calendar) if step.day <= today]
    return past[-1] if past and today - past[-1].day <= timedelta(days=MAKE_UP_DAYS) else None
