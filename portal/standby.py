"""Heavy pages are read from a hot standby, under a promise of freshness (docs/decisions/0020-beyond-one-machine.md).

Which pages is the one list below. For them the default connection *is* the standby's while the view runs, raw SQL and
all, behind the same wall; there is no second way to ask. Who is signed in was read from the primary before.

The promise. (1) Nothing older than PORTAL_STANDBY_LAG seconds: about once a second each process notes how far the
primary's log is, and a page is read from the standby only when that has replayed everything noted that long ago. No
clock of another machine is asked, and a standby that is cut off cannot pass for an idle one. (2) A person sees their
own writes: after each form their browser carries the place of the primary's log, and the standby must have replayed it.
Else, or when the standby is away or fails for whatever reason, the primary answers and nobody notices.
"""

import re
import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connections
from django.urls import Resolver404, resolve

from agencies import clock
from portal import metrics
from portal.databases import STANDBY

# The pages, by their names in the URLconf; besides these, every list as a file (?xuat=). None may write: the standby
# itself refuses that, and the primary is asked then. A page joins the list here and nowhere else.
READ_THERE = {
    "summary", "summary-period", "search", "consolidation-word", "consolidation-excel", "form-excel",
}  # fmt: skip
_FILE = "xuat"
COOKIE = "da-ghi"  # the place in the log of this browser's last write
_PLACE = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}", re.ASCII)
_SAFE = {"GET", "HEAD"}
_NOTE_EVERY, _SHUT_FOR = 1.0, 10.0  # seconds


def place_of(text: str) -> int:
    """A place in the log as a number: '16/B374D848'. Raises ValueError for anything else."""
    if not _PLACE.fullmatch(text):
        raise ValueError(text)
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)


@dataclass(frozen=True)
class Note:
    """How far the primary's log was, when by this machine's clock, and which time it was for people."""

    taken: float
    instant: datetime
    place: int


class Watch:
    """What one process knows about primary and standby. ``monotonic`` is its clock, in seconds."""

    def __init__(self, monotonic=time.monotonic):
        self._clock, self._lock = monotonic, threading.Lock()
        self._notes: deque[Note] = deque()
        self._shut_until = float("-inf")

    def may_read(self, written: int | None) -> tuple[str, datetime | None]:
        """('standby', as of when its data is), or why not: 'wrote', 'lag', 'down'; ``written``: one's last write.

        Asks the standby one question, and about once a second the primary another. Raises django.db.Error when the
        primary is away.
        """
        if self._clock() < self._shut_until:
            return "down", None
        notes = self._noted()
        try:
            replayed = _asked(STANDBY, "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END::text")
        except Error:
            self._shut_until = self._clock() + _SHUT_FOR
            return "down", None
        if replayed is None:
            return "down", None  # promoted: not a standby any more
        reached = place_of(replayed)
        if reached < notes[0].place:
            return "lag", None
        if written is not None and reached < written:
            return "wrote", None
        return "standby", next(note.instant for note in reversed(notes) if note.place <= reached)

    def _noted(self) -> list[Note]:
        """The notes that are young enough, the oldest first; at least one."""
        with self._lock:
            now = self._clock()
            if not self._notes or now - self._notes[-1].taken >= _NOTE_EVERY:
                instant = clock.instant()
                self._notes.append(Note(now, instant, primary_place()))
            while self._notes[0].taken < now - settings.PORTAL_STANDBY_LAG:
                self._notes.popleft()
            return list(self._notes)


def primary_place() -> int:
    """How far the primary's log is: everything acknowledged so far stands before it."""
    return place_of(_asked("default", "SELECT pg_current_wal_lsn()::text"))


def _asked(alias: str, sql: str) -> str | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


class ReadsStandby:
    """The innermost middleware, there only where DATABASE_URL_STANDBY is given."""

    def __init__(self, get_response):
        if STANDBY not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response, self.watch = get_response, Watch()

    def __call__(self, request):
        if request.method not in _SAFE:
            return _marked(request, self.get_response(request))
        if not is_read_there(request):
            return self.get_response(request)
        where, instant = self.watch.may_read(_written(request))
        if where == "standby":
            request.read_until = instant
            with reading():
                response = self.get_response(request)
            if response.status_code < 500:
                if response.streaming:
                    response.streaming_content = _read_while_sent(response.streaming_content)
                _count(where)
                return response
            del request.read_until
            where = (
                "failed"  # it tried to write, was in the way of what is replayed, or went away: asking again is safe
            )
        _count(where)
        return self.get_response(request)


def is_read_there(request) -> bool:
    """Whether the address is one of the pages above."""
    if _FILE in request.GET:
        return True
    try:
        return resolve(request.path_info).view_name in READ_THERE
    except Resolver404:
        return False


@contextmanager
def reading():
    """Everything this thread asks of the default database is asked of the standby."""
    usual = connections["default"]
    connections["default"] = connections[STANDBY]
    try:
        yield
    finally:
        connections["default"] = usual


def _read_while_sent(lines):
    with reading():
        yield from lines


def _written(request) -> int | None:
    """The place of this browser's last write; None when it says none, or nonsense, which makes nothing fresher."""
    try:
        return place_of(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return None


def _marked(request, response):
    """After a form: the browser carries the place, as long as the promise to everybody does not cover it anyway."""
    if response.status_code >= 500 or not request.user.is_authenticated:
        return response
    try:
        place = primary_place()
    except Error:
        return response  # the answer itself is good; the next page will find the database away
    response.set_cookie(
        COOKIE,
        f"{place >> 32:X}/{place & 0xFFFFFFFF:X}",
        max_age=int(2 * settings.PORTAL_STANDBY_LAG) + 5,
        httponly=True,
        secure=settings.PORTAL_TLS,
        samesite="Lax",
    )
    return response


def _count(where: str) -> None:
    if settings.PORTAL_METRICS:
        metrics.count_read(where)
