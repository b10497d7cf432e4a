"""The one place where the clock is read.

Verbs and arithmetic take time as an argument; views and commands ask here and pass it on. In demo mode the day is
fixed (``PORTAL_TODAY``), so that the demo's story never ages.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def instant() -> datetime:
    """The real instant, also in demo mode: for the age of files and sessions, never for business."""
    return timezone.now()


def now() -> datetime:
    """The current instant, aware; in demo mode the fixed day at the real time of day."""
    real = timezone.now()
    if settings.PORTAL_TODAY is None:
        return real
    local = timezone.localtime(real)
    return datetime.combine(settings.PORTAL_TODAY, local.time(), tzinfo=local.tzinfo)


def today() -> date:
    """Today's date in Asia/Ho_Chi_Minh."""
    return timezone.localdate(now())


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An aware instant on a given day, local time."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def days_between(start: date, end: date) -> int:
    """Whole days from start to end; negative when end is earlier."""
    return (end - start) // timedelta(days=1)


def local_day(instant: datetime) -> date:
    """The date of an aware instant in Asia/Ho_Chi_Minh (15/12 00:30 here is still 14/12 in UTC)."""
    return timezone.localdate(instant)
