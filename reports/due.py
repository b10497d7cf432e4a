"""Where a task stands on a day: the one rule for pages, files and totals."""

from datetime import date, timedelta

from campaigns.models import Task

# A task is "sắp đến hạn" this many days before its date: about the time an agency needs to act on a reminder.
# (Task software in use warns 3 days ahead, domain.md §6.2; for campaigns run by quarter that is too late.)
DUE_SOON_DAYS = 15


def due_state(status: str, due_on: date | None, as_of: date) -> str:
    """A key of values.DUE_STATES: where a task stands on a day. Without a date a task is never late."""
    if status == Task.Status.DONE:
        return "done"
    if status == Task.Status.ON_HOLD:
        return "suspended"
    if due_on is None or due_on > as_of + timedelta(days=DUE_SOON_DAYS):
        return "on_track"
    return "overdue" if due_on < as_of else "due_soon"
