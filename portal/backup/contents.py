"""What a database holds, as counts and digests: equal contents have equal values, whatever server they stand on."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import psycopg
from psycopg import sql

# Whoever is signed in signs in again after a restore: a session that was ended since must not come back to life.
LEFT_OUT = ("public.agencies_session",)

TABLES = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1
"""
# The place of a row plays no part; two equal rows count twice.
_DIGEST = (
    "SELECT {name}, count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0)::text"
    " FROM ONLY {table} t"
)
_SEQUENCES_BEHIND = """
    SELECT format('SELECT %L WHERE coalesce((SELECT max(%I) FROM ONLY %I.%I), 0)'
                  ' > (SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM %s)',
                  c.relname, a.attname, n.nspname, c.relname, pg_get_serial_sequence(
                    quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND a.attnum > 0
      AND NOT a.attisdropped AND pg_get_serial_sequence(
            quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname) IS NOT NULL
"""


@dataclass(frozen=True)
class Contents:
    """The rows of one table: how many, and a digest of all of them together."""

    rows: int
    digest: str

    def to_json(self) -> dict:
        """For the manifest."""
        return asdict(self)


def digest_statement(table: str) -> sql.Composed:
    """The SELECT that gives one row: table, rows, digest. ``table`` is schema.name as TABLES lists it."""
    return sql.SQL(_DIGEST).format(name=sql.Literal(table), table=sql.Identifier(*table.split(".", 1)))


def contents_of(connection: psycopg.Connection) -> dict[str, Contents]:
    """Every table of the database as this connection (its snapshot) sees it, without LEFT_OUT."""
    found = {}
    for (table,) in connection.execute(TABLES).fetchall():
        if table not in LEFT_OUT:
            _name, rows, digest = connection.execute(digest_statement(table)).fetchone()
            found[table] = Contents(rows, digest)
    return found


def sequences_behind(connection: psycopg.Connection) -> list[str]:
    """Tables whose next number is already taken; nothing when all is well."""
    asked = [statement for (statement,) in connection.execute(_SEQUENCES_BEHIND).fetchall()]
    return [row[0] for statement in asked for row in connection.execute(statement).fetchall()]


def differences(wanted: dict[str, Contents], found: dict[str, Contents]) -> Iterable[str]:
    """What differs, a sentence each; nothing when the two are the same row by row."""
    for table in sorted(wanted.keys() | found.keys()):
        ours, theirs = wanted.get(table), found.get(table)
        if theirs is None:
            yield f"Thiếu bảng {table} ({ours.rows} dòng)."
        elif ours is None:
            yield f"Thừa bảng {table} ({theirs.rows} dòng)."
        elif ours.rows != theirs.rows:
            yield f"Bảng {table}: {theirs.rows} dòng, bản sao lưu có {ours.rows}."
        elif ours != theirs:
            yield f"Bảng {table}: đủ {ours.rows} dòng nhưng nội dung khác."
