"""Files that leave the portal, on the record: every export and every file opened, whoever built it.

The middleware (portal/recording.py) writes the line for any answer that carries a file, so that a new export cannot be
forgotten; the view only tells what the file is of (``of``), for the line to stand in the right agency's record.
"""

from datetime import datetime

from agencies.clock import local_day
from agencies.history import Placed, place_of, record
from agencies.models import RecordEntry, User

_TOLD = "_file_is_of"


def of(request, obj, title: str = "") -> None:
    """Tell what the file in this request's answer is of, and its title in the record when the name says too little."""
    setattr(request, _TOLD, (obj, title))


def told_by_its_verb(request) -> None:
    """The verb that made this file has written its own line."""
    setattr(request, _TOLD, None)


def write_download(*, request, name: str, by: User, now: datetime) -> RecordEntry | None:
    """The line of one file that goes to a person; None when the verb wrote it."""
    if getattr(request, _TOLD, ()) is None:
        return None
    obj, title = getattr(request, _TOLD, (None, ""))
    if obj is None or getattr(obj, "permission_scope", None) is None:
        obj = Placed(obj if obj is not None else by, place_of(by))
    summary = f"Tải “{title}” (tệp {name})" if title else f"Tải tệp {name}"
    return record(by=by, now=now, verb="download", obj=obj, summary=summary, kind=RecordEntry.Kind.EXPORT)


def write_calendar_read(*, person: User, address: str | None, now: datetime) -> RecordEntry | None:
    """A calendar program read a person's calendar: one line a day and address, for it asks many times an hour."""
    mine = RecordEntry.objects.filter(object_type=User._meta.label_lower, object_id=person.pk, verb="read_calendar")
    if mine.filter(address=address, at__date=local_day(now)).exists():
        return None
    summary = f"Chương trình lịch đọc lịch công tác của {person} (tệp .ics), lần đầu trong ngày"
    place = Placed(person, place_of(person))
    return record(by=person, now=now, verb="read_calendar", obj=place, summary=summary, kind=RecordEntry.Kind.EXPORT)
