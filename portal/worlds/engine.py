"""The database while a world is copied: triggers asleep, secondary indexes away, the server in a hurry; then as before.

Triggers and foreign keys sleep by ``session_replication_role``, which only a superuser may set.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

# Tables with most of the rows: their indexes are made at the end, in one go each.
_LARGE = (
    "reports_reportline", "reports_reportlineevent", "reports_reportfigure", "reports_reportfigureevent",
    "campaigns_activity", "campaigns_activityevent", "campaigns_activity_tasks", "campaigns_activityfigure",
    "campaigns_activityfigureevent", "campaigns_task", "campaigns_taskevent", "campaigns_assignment",
    "campaigns_assignmentevent", "agencies_recordentry",
)  # fmt: skip
_HURRY = {
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}


def acts_as_superuser() -> bool:
    """Whether the session may put triggers to sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return cursor.fetchone()[0]


@contextmanager
def asleep() -> Iterator[None]:
    """Within the transaction: no trigger fires and no foreign key is asked; the guards of the record stand."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """The embedded server without care for a crash while the world is built; its settings put back at the end."""
    if not settings.EMBEDDED_DATABASE:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%%postgresql.auto.conf'")
        # Of a build that was killed the hurry itself may stand there: nobody chose it.
        before = {name: value for name, value in cursor.fetchall() if name in _HURRY and value != _HURRY[name]}
        for name, value in _HURRY.items():
            cursor.execute(f"ALTER SYSTEM SET {name} = %s", [value])
        cursor.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name in _HURRY:
                how = "= %s" if name in before else "TO DEFAULT"
                cursor.execute(f"ALTER SYSTEM SET {name} {how}", [before[name]] if name in before else [])
            cursor.execute("SELECT pg_reload_conf()")
            cursor.execute("CHECKPOINT")
        os.sync()  # what was written while nobody waited for the disk


def _noted() -> Path:
    return Path(settings.DATA_DIR) / "make-world-indexes.json"


def take_indexes_away(*, note: bool) -> list[str]:
    """Drop every index of the large tables but the primary keys; returns what makes them again.

    ``note`` keeps that in a file of the data folder too, for the command that comes after one that was killed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),"
            " c.conname, pg_get_constraintdef(c.oid) FROM pg_index i"
            " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'"
            " WHERE i.indrelid::regclass::text = ANY (%s) AND NOT i.indisprimary ORDER BY 1, 2",
            [list(_LARGE)],
        )
        found, again = cursor.fetchall(), []
        for table, _index, definition, constraint, told in found:
            again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{constraint}" {told}' if constraint else definition)
        if note and again:
            _noted().write_text(json.dumps(again))
        for table, index, _definition, constraint, _told in found:
            cursor.execute(
                f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}"
            )
    return again


def put_indexes_back(statements: list[str], *, note: bool) -> None:
    """Make again what was taken away, several workers to an index."""
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        try:
            for statement in statements:
                cursor.execute(statement)
        finally:
            cursor.execute("RESET maintenance_work_mem")
    if note:
        _noted().unlink(missing_ok=True)


def put_back_what_was_noted() -> int:
    """The indexes that a killed command left away; returns how many were missing."""
    if not _noted().exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
    missing = [text for text in json.loads(_noted().read_text()) if _index_of(text) not in there]
    put_indexes_back(missing, note=True)
    return len(missing)


def _index_of(statement: str) -> str:
    words = statement.split()
    return (words[words.index("ON") - 1] if "INDEX" in words else words[5]).strip('"')


def count_on() -> None:
    """Let every sequence go on after the last number of its table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_name), quote_ident(column_name),"
            " pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND is_identity = 'YES'"
        )
        for table, column, sequence in cursor.fetchall():
            cursor.execute(
                f"SELECT setval(%s, m) FROM (SELECT max({column}) AS m FROM {table}) AS t WHERE m IS NOT NULL",
                [sequence],
            )


def analyze(*, vacuum: bool) -> None:
    """Statistics for the planner; ``vacuum``, outside a transaction, also marks what is visible to all."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)" if vacuum else "ANALYZE")
