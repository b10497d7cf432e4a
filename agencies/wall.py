"""The second wall between councils, kept by the database itself (row-level security, docs/decisions/0017).

Every table that belongs to a council answers only with the rows of the councils named in the setting
``portal.councils``, whatever the query asks. This module is the only one that says which: for a person (computed by the
database from the roles held, not from the grants that the queries filter on), or for a job that serves every council.
The policies themselves are installed after migrate by ``portal/council_wall``.

The wall belongs to the work under way, not to a database session: ``portal/postgresql`` sends it along with every
statement of every database, as settings that end with the statement's transaction. So no session remembers anybody,
a pooler may lend it to the next request, and a session opened anew in the middle of a request is behind the wall too.

Behind the wall a statement acts as the role ``portal_app``, which owns nothing. In production the portal signs in as
that role, so that what was never opened shows nothing; elsewhere it signs in as the owner and takes the role on here.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection

ROLE = "portal_app"

_FOR_PERSON = "portal_councils_of(%s::bigint)"
_EVERYWHERE = "portal_all_councils()"


@dataclass(frozen=True)
class Standing:
    """What the wall lets through."""

    councils: frozenset[int]
    person: int | None = None  # whose councils they are, where they are exactly one person's


_NOW: ContextVar[Standing | None] = ContextVar("council_wall", default=None)


def standing() -> frozenset[int] | None:
    """Ids of the councils that the wall lets through now; None where none was put up (migrations, tests)."""
    now = _NOW.get()
    return now.councils if now else None


def statements(councils) -> str:
    """The SQL that puts up the wall of these councils until the end of the transaction it stands in."""
    return f"SET LOCAL role = '{ROLE}'; SET LOCAL portal.councils = '{_as_array(councils)}'; "


def no_wall() -> str:
    """The SQL that takes it down again before the transaction ends."""
    return "SET LOCAL role = 'none'; SET LOCAL portal.councils = '{}'; "


@contextmanager
def for_person(user_id: int | None):
    """Only the councils in which that person holds a role today; with None, for somebody unknown, no council at all."""
    theirs = frozenset() if user_id is None else _ask(_FOR_PERSON, user_id)
    with _behind(Standing(theirs, user_id)):
        yield theirs


@contextmanager
def for_councils(councils):
    """Only these councils."""
    with _behind(Standing(frozenset(councils))) as known:
        yield known


@contextmanager
def everywhere():
    """Every council: for jobs and commands, and for the few questions that must be asked of all
    (is this account known to another council too?)."""
    with _behind(Standing(_ask(_EVERYWHERE))) as councils:
        yield councils


@contextmanager
def also(council_id: int | None):
    """One council more, where a wall stands: a line of the record about an account of a council one is not in yet."""
    now = standing()
    if now is None or council_id is None or council_id in now:
        yield
        return
    with for_councils(now | {council_id}):
        yield


@contextmanager
def also_of(user_id: int):
    """That person's councils too, where a wall stands that does not let them all through already."""
    now = _NOW.get()
    theirs = frozenset()
    if now is not None and now.person != user_id:
        theirs = _ask(_FOR_PERSON, user_id) - now.councils
    if not theirs:
        yield
        return
    with for_councils(now.councils | theirs):
        yield


@contextmanager
def _behind(wall: Standing):
    """Have every statement told; afterwards as before. A list of rows that somebody else throws away half sent, on
    another thread, takes nothing down there."""
    before = _NOW.get()
    _NOW.set(wall)
    try:
        yield wall.councils
    finally:
        if _NOW.get() is wall:
            _NOW.set(before)


def _ask(councils: str, *params) -> frozenset[int]:
    """What that SQL function of the wall's own answers. Past Django's cursor, which counts and refuses: the wall goes
    up in every state of a transaction. Raises django.db.Error where there is no database."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        (array,) = connection.connection.execute(f"SELECT {councils}", params).fetchone()
    return frozenset(int(council) for council in array.strip("{}").split(",") if council)


def _as_array(councils) -> str:
    return "{" + ",".join(str(int(council)) for council in sorted(councils)) + "}"
