"""Sessions kept in the database with whose they are, so that a person can see and end them (SESSION_ENGINE)."""

from datetime import datetime, timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from agencies import clock, signin_rules
from agencies.errors import WrongState
from agencies.history import Placed, acting, place_of, record
from agencies.models import Session, User
from agencies.session_owner import session_read

STARTED, ADDRESS, BROWSER = "started_at", "from_address", "from_browser"
# How often, at most, a session says that it was used: a write for every page would cost more than it tells.
TOUCH_AFTER = timedelta(minutes=1)


class SessionStore(DatabaseStore):
    """Django's database store on our own table."""

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls):
        return Session

    def _get_session_from_db(self):
        row = super()._get_session_from_db()
        if row is not None:
            self.seen_at = row.seen_at
        session_read(row.user if row is not None else None)
        return row

    def create_model_instance(self, data):
        now = clock.instant()
        signed_in = SESSION_KEY in data and BACKEND_SESSION_KEY in data
        if signed_in:
            data.setdefault(STARTED, now.isoformat())
        row = super().create_model_instance(data)
        row.reference = Session.reference_of(row.session_key)
        row.user_id = int(data[SESSION_KEY]) if signed_in else None
        row.started_at = datetime.fromisoformat(data.get(STARTED) or now.isoformat())
        row.seen_at, row.address, row.browser = now, data.get(ADDRESS, ""), data.get(BROWSER, "")
        self.seen_at = now
        return row

    @property
    def started_at(self) -> datetime | None:
        """When its person signed in; None while nobody has."""
        started = self.get(STARTED)
        return datetime.fromisoformat(started) if started else None

    def touch(self, now: datetime) -> None:
        """Say that the session was used, at most once a minute. One write without reading."""
        if self.seen_at is not None and now - self.seen_at >= TOUCH_AFTER:
            Session.objects.filter(session_key=self.session_key).update(
                seen_at=now, expire_date=now + signin_rules.IDLE
            )
            self.seen_at = now


def end_sessions(*, user: User, by: User | None, now: datetime, only: Session | None = None, but: str = "") -> int:
    """End one session of an account (``only``), or all but the one with the key ``but``; how many ended.

    Ending what has ended changes nothing. Raises WrongState for somebody else's session.
    """
    rows = Session.objects.filter(user=user)
    if only is not None:
        if only.user_id != user.pk:
            raise WrongState("Phiên này không phải của tài khoản đó.")
        rows = rows.filter(pk=only.pk)
    with acting(by=by, verb="end_sessions"):
        ended, _tables = rows.exclude(pk=but).delete()
        if ended:
            summary = f"Kết thúc {ended} phiên làm việc của {user}"
            record(by=by, now=now, verb="end_sessions", obj=Placed(user, place_of(user)), summary=summary)
    return ended


def forget_expired(now: datetime) -> int:
    """Delete sessions that have run out (a nightly job); how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
