"""The second wall between councils, kept by the database itself (row-level security, docs/decisions/0017).

Every table that belongs to a council answers a connection only with the rows of the councils named in its setting
``portal.councils``, whatever the query asks. This module is the only one that says which: for a person (computed by the
database from the roles held, not from the grants that the queries filter on), or for a job that serves every council.
The policies themselves are installed after migrate by ``portal/council_wall``.

Behind the wall a connection acts as the role ``portal_app``, which owns nothing. In production it signs in as that
role, so that what was never opened shows nothing; elsewhere it signs in as the owner and takes the role on here.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from psycopg.pq import TransactionStatus

ROLE = "portal_app"

_FOR_PERSON = "portal_councils_of(%s::bigint)"
_EVERYWHERE = "portal_all_councils()"
_GIVEN = "%s"


@dataclass(frozen=True)
class Standing:
    """What the wall lets through on one database session."""

    councils: frozenset[int]
    person: int | None  # whose councils they are, where they are exactly one person's
    session: object  # the psycopg connection on which this was said; another one knows nothing of it


def standing() -> frozenset[int] | None:
    """Ids of the councils that the wall lets through now; None where none was put up (migrations, tests)."""
    now = _standing()
    return now.councils if now else None


@contextmanager
def for_person(user_id: int | None):
    """Only the councils in which that person holds a role today; with None, for somebody unknown, no council at all."""
    with _behind(_FOR_PERSON, user_id, person=user_id) as councils:
        yield councils


@contextmanager
def for_councils(councils):
    """Only these councils."""
    with _behind(_GIVEN, _as_array(councils)) as known:
        yield known


@contextmanager
def everywhere():
    """Every council: for jobs and commands, and for the few questions that must be asked of all
    (is this account known to another council too?)."""
    with _behind(_EVERYWHERE) as councils:
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
    now = _standing()
    theirs = frozenset()
    if now is not None and now.person != user_id:
        theirs = _ids(_say(now.session, f"SELECT {_FOR_PERSON}", user_id)[0]) - now.councils
    if not theirs:
        yield
        return
    with for_councils(now.councils | theirs):
        yield


@contextmanager
def _behind(councils: str, *params, person: int | None = None):
    """Take the role on and name the councils, given as SQL; afterwards everything is as before."""
    connection.ensure_connection()
    before, session = _standing(), connection.connection
    sql = f"SELECT set_config('role', '{ROLE}', false), set_config('portal.councils', {councils}, false)"
    known = _ids(_say(session, sql, *params)[1])
    connection.portal_wall = Standing(known, person, session)
    try:
        yield known
    finally:
        _put_back(session, before)


def _put_back(session, before: Standing | None) -> None:
    connection.portal_wall = before
    # A closed session took its settings with it. A transaction that failed takes back, with itself, what was set in it.
    if connection.connection is not session or session.closed:
        return
    if session.info.transaction_status == TransactionStatus.INERROR:
        return
    role, councils = (ROLE, before.councils) if before else ("none", ())
    sql = "SELECT set_config('role', %s, false), set_config('portal.councils', %s, false)"
    _say(session, sql, role, _as_array(councils))


def _standing() -> Standing | None:
    now = getattr(connection, "portal_wall", None)
    return now if now is not None and now.session is connection.connection else None


def _say(session, sql: str, *params):
    """Past Django's own cursor: it counts and refuses, and the wall must come down in every state of a transaction."""
    return session.execute(sql, params).fetchone()


def _ids(array: str) -> frozenset[int]:
    return frozenset(int(council) for council in array.strip("{}").split(",") if council)


def _as_array(councils) -> str:
    return "{" + ",".join(str(int(council)) for council in sorted(councils)) + "}"
