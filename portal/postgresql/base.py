"""Django's PostgreSQL, with the wall between councils (agencies/wall.py) in front of every single statement.

Nothing is said to a *session*: a pooler in transaction mode (PgBouncer) lends one session to many requests, and what
one request left there would be true for the next person. Instead each message to the server carries its own wall, as

    SET LOCAL role = 'portal_app'; SET LOCAL portal.councils = '{3}'; SELECT …

which PostgreSQL takes as one transaction and a pooler hands to one session in one piece; the settings end with that
transaction. A statement that could not be told (inside a transaction that has failed) is one that PostgreSQL refuses.
"""

from contextlib import contextmanager, nullcontext

from django.db.backends.postgresql import base, operations
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.sql import SQL

from agencies import wall

_TOLD = "portal_wall_told"  # on the session: its transaction under way was told of a wall


def _preface(session: Connection) -> str:
    """What goes in front of the next statement; '' when there is nothing to say."""
    status, councils = session.pgconn.transaction_status, wall.standing()
    if status == TransactionStatus.INERROR:
        return ""  # only the way back is taken now, and nothing may stand before it
    if councils is not None:
        setattr(session, _TOLD, True)
        return wall.statements(councils)
    if status == TransactionStatus.IDLE:
        setattr(session, _TOLD, False)
        return ""
    # The wall came down in the middle of a transaction. Going back to a savepoint may put up again what was told
    # before it, so this is said until the transaction ends.
    return wall.no_wall() if getattr(session, _TOLD, False) else ""


class WallMixin:
    """For cursors that send one message per statement."""

    preface = ""  # what stood in front of the last statement, which nobody asked for: left out of logs

    def execute(self, query, params=None, **options):
        """As psycopg does it; the results are the statement's own."""
        self.preface = preface = _preface(self.connection)
        super().execute(_behind(preface, query), params, **options)
        for _said in range(preface.count(";")):
            self.nextset()
        return self

    def executemany(self, query, params_seq, **options):
        """Sent as many messages: told once, in a transaction."""
        with _told(self.connection):
            super().executemany(query, params_seq, **options)

    @contextmanager
    def copy(self, statement, params=None, **options):
        """COPY stands alone in its message: told before it, in a transaction."""
        with _told(self.connection), super().copy(statement, params, **options) as copying:
            yield copying

    def stream(self, query, params=None, **options):
        """As ``copy``."""
        with _told(self.connection):
            yield from super().stream(query, params, **options)


class Cursor(WallMixin, base.Cursor):
    """The cursor of every query."""


class ServerSideCursor(base.ServerSideCursor):
    """A cursor kept by the server for long lists: what it may show is settled when it is declared."""

    def execute(self, query, params=None, **options):
        """DECLARE stands alone in its message. Outside a transaction its rows are set aside when this one ends."""
        with _told(self.connection):
            return super().execute(query, params, **options)


def _behind(preface: str, query):
    if not preface:
        return query
    if isinstance(query, bytes):
        return preface.encode() + query
    return preface + query if isinstance(query, str) else SQL(preface) + query


@contextmanager
def _told(session: Connection):
    """Say it in a message of its own, within the transaction that the next statement belongs to."""
    preface = _preface(session)
    if not preface:
        yield
        return
    # With autocommit the transaction is ours; without, it is the one that Django has asked for and will end.
    alone = session.autocommit and session.pgconn.transaction_status == TransactionStatus.IDLE
    with session.transaction() if alone else nullcontext():
        base.Cursor(session).execute(preface)
        yield


class DatabaseOperations(operations.DatabaseOperations):
    """Words for logs."""

    def last_executed_query(self, cursor, sql, params):
        """What was asked, without what was said before it."""
        said = super().last_executed_query(cursor, sql, params)
        return said and said.removeprefix(getattr(cursor, "preface", ""))


class DatabaseWrapper(base.DatabaseWrapper):
    """The ENGINE of every database of the portal."""

    ops_class = DatabaseOperations

    def get_connection_params(self):
        """With the cursors above."""
        return super().get_connection_params() | {"cursor_factory": Cursor}

    def create_cursor(self, name=None):
        """As Django does it; a named one, kept by the server, is ours too."""
        if not name:
            return super().create_cursor()
        session = self.connection
        cursor = ServerSideCursor(session, name=name, scrollable=False, withhold=session.autocommit)
        if self.timezone != session.adapters.get_loader(base.TIMESTAMPTZ_OID, base.Format.TEXT).timezone:
            base.register_tzloader(self.timezone, cursor)
        return cursor
