"""What refuses a change to the record: on which tables it stands, putting it up, and finding where it is missing.

The guarded tables are the record, its chain, pghistory's row versions and its contexts. The guard is a statement
trigger of the table's own, ENABLE ALWAYS: neither the owner nor ``session_replication_role`` gets past it, only DDL on
the table (dropping, disabling), which ``verify_record`` finds.
"""

import hashlib
from contextlib import contextmanager
from pathlib import Path

import pghistory.models
from django.apps import apps
from django.db import connection, transaction

from agencies.models import RecordEntry, RecordLink

DATABASE = Path(__file__).with_name("database.sql")
_GUARD = "portal_insert_only"
_CONTEXT_GUARD = "portal_context_while_it_lasts"
# trigger → table, besides the guards: what fills a line and links it
_WORKING = {
    "portal_record_fill": "agencies_recordentry",
    "portal_record_wait": "agencies_recordentry",
    "portal_record_link": "agencies_recordwaiting",
}


def guarded_tables() -> list[str]:
    """Names of the insert-only tables: the record, its chain, pghistory's versions and contexts."""
    versions = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    models = [RecordEntry, RecordLink, pghistory.models.Context, *versions]
    return sorted(model._meta.db_table for model in models if model._meta.managed)


def _wanted() -> set[tuple[str, str]]:
    context = pghistory.models.Context._meta.db_table
    return {(table, _GUARD) for table in guarded_tables()} | {(context, _CONTEXT_GUARD)}


def _standing() -> dict[tuple[str, str], str]:
    """(table, trigger) → how it is enabled ('A' always, 'O' in ordinary sessions, 'D' not at all)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
            " WHERE tgname LIKE 'portal\\_%%' AND NOT tgisinternal",
        )
        return {(table, name): enabled for table, name, enabled in cursor.fetchall()}


def missing_guards() -> list[str]:
    """In words, each table on which something of the record is missing or switched off; nothing when all stands."""
    standing, found = _standing(), []
    for table, name in sorted(_wanted()):
        if standing.get((table, name)) != "A":
            found.append(f"Bảng {table} không còn được chặn sửa, xóa (thiếu hoặc đã tắt trigger {name}).")
    for name, table in sorted(_WORKING.items()):
        if standing.get((table, name)) not in {"A", "O"}:
            found.append(f"Bảng {table} không còn ghi chuỗi nhật ký (thiếu hoặc đã tắt trigger {name}).")
    if _installed() != _version():
        found.append("Hàm ghi nhật ký trong cơ sở dữ liệu khác với bản của phần mềm; hãy chạy manage.py migrate.")
    return found


def _functions() -> dict[str, str]:
    """Name → body of every function of the record, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE proname ~ '^portal_(record|insert|context)_?'"
            " AND pronamespace = 'public'::regnamespace ORDER BY proname"
        )
        return dict(cursor.fetchall())


def _version() -> str:
    """The functions' bodies as this version of the portal has them, as one hash."""
    bodies = DATABASE.read_text(encoding="utf-8").split("$$")[1::2]
    return _hash(bodies)


def _installed() -> str:
    return _hash(list(_functions().values()))


def _hash(bodies: list[str]) -> str:
    return hashlib.sha256("\n".join(sorted(bodies)).encode()).hexdigest()


def put_up_guards(**_kwargs) -> None:
    """After a migrate: the functions as this version has them, and the guard on every table that lacks it.

    A database in which all stands is left alone, so that a migrate with nothing to do takes no lock.
    """
    if RecordLink._meta.db_table not in connection.introspection.table_names():
        return  # a migrate to before the chain existed
    standing = _standing()
    with transaction.atomic(), connection.cursor() as cursor:
        if _installed() != _version() or any((table, name) not in standing for name, table in _WORKING.items()):
            cursor.execute(DATABASE.read_text(encoding="utf-8"))
        for table, name in sorted(_wanted()):
            if standing.get((table, name)) != "A":
                cursor.execute(_guard(table, name))


def _guard(table: str, name: str) -> str:
    quoted = connection.ops.quote_name(table)
    if name == _CONTEXT_GUARD:
        when = "BEFORE UPDATE ON {} FOR EACH ROW"
    elif table == pghistory.models.Context._meta.db_table:
        when = "BEFORE DELETE OR TRUNCATE ON {} FOR EACH STATEMENT"
    else:
        when = "BEFORE UPDATE OR DELETE OR TRUNCATE ON {} FOR EACH STATEMENT"
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {quoted};"
        f"CREATE TRIGGER {name} {when.format(quoted)} EXECUTE FUNCTION {name}();"
        f"ALTER TABLE {quoted} ENABLE ALWAYS TRIGGER {name}"
    )


def guards_down() -> list[str]:
    """SQL that takes the guards down: for emptying a demo or a test database, by the owner of the tables alone."""
    return _alter("DISABLE")


def guards_back() -> list[str]:
    """SQL that puts back what ``guards_down`` took down."""
    return _alter("ENABLE ALWAYS")


def _alter(how: str) -> list[str]:
    quote = connection.ops.quote_name
    return [f"ALTER TABLE {quote(table)} {how} TRIGGER {name};" for table, name in sorted(_wanted())]


@contextmanager
def without_guards():
    """Within one transaction: the guards down, and back at its end. The demo's emptying is the only caller."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # or the tables are "in use"
        cursor.execute(" ".join(guards_down()))
        yield
        cursor.execute(" ".join(guards_back()))
