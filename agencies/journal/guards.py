"""What refuses a change to the record: on which tables it stands, putting it up, and finding where it is missing.

The guarded tables are the record, its chain, pghistory's row versions and its contexts. The guard is a statement
trigger of the table's own, ENABLE ALWAYS: neither the owner nor ``session_replication_role`` gets past it, only DDL on
the table (dropping, disabling), which ``verify_record`` finds.
"""

import re
from contextlib import contextmanager
from pathlib import Path

import pghistory.models
from django.apps import apps
from django.db import connection, transaction

from agencies.models import RecordEntry, RecordLink

DATABASE = Path(__file__).with_name("database.sql")
_GUARD = "portal_insert_only"
_CONTEXT_GUARD = "portal_context_while_it_lasts"
_BEFORE = "CREATE TRIGGER {0} BEFORE INSERT ON {1} FOR EACH ROW EXECUTE FUNCTION {0}()"
_DEFERRED = (
    "CREATE CONSTRAINT TRIGGER {0} AFTER INSERT ON {1} DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION {0}()"
)
# (table, trigger) → as the database tells it, besides the guards: what fills a line and links it
_WORKING = {
    (table, name): text.format(name, table)
    for name, table, text in (
        (
            "portal_record_fill",
            "agencies_recordentry",
            "CREATE TRIGGER {0} BEFORE INSERT ON {1} FOR EACH ROW EXECUTE FUNCTION {0}()",
        ),
        ("portal_record_wait", "agencies_recordentry", _DEFERRED),
        ("portal_record_link", "agencies_recordwaiting", _DEFERRED),
    )
}
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)\((.*?)\$\$(.*?)\$\$", re.DOTALL)
_SETTING = re.compile(r"\bSET (\w+) = (.+?)(?=\s+(?:SET|AS)\b)", re.DOTALL)


def guarded_tables() -> list[str]:
    """Names of the insert-only tables: the record, its chain, pghistory's versions and contexts."""
    versions = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    models = [RecordEntry, RecordLink, pghistory.models.Context, *versions]
    return sorted(model._meta.db_table for model in models if model._meta.managed)


def _wanted() -> set[tuple[str, str]]:
    context = pghistory.models.Context._meta.db_table
    return {(table, _GUARD) for table in guarded_tables()} | {(context, _CONTEXT_GUARD)}


def _standing() -> dict[tuple[str, str], tuple[str, str]]:
    """(table, trigger) → how it is enabled ('A' always, 'O' in ordinary sessions, 'D' not at all), and what it does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid, true) FROM pg_trigger"
            " WHERE tgname LIKE 'portal\\_%%' AND NOT tgisinternal",
        )
        return {(table, name): (enabled, text) for table, name, enabled, text in cursor.fetchall()}


def missing_guards() -> list[str]:
    """In words, each table on which something of the record is missing, switched off or made to do something else;
    nothing when all stands."""
    standing, found = _standing(), []
    for table, name in sorted(_wanted()):
        if standing.get((table, name)) != ("A", _guard_text(table, name)):
            found.append(f"Bảng {table} không còn được chặn sửa, xóa (thiếu, đã tắt hoặc đã đổi trigger {name}).")
    for (table, name), text in sorted(_WORKING.items()):
        if standing.get((table, name)) not in {("A", text), ("O", text)}:
            found.append(f"Bảng {table} không còn ghi chuỗi nhật ký (thiếu, đã tắt hoặc đã đổi trigger {name}).")
    if _installed() != _version():
        found.append("Hàm ghi nhật ký trong cơ sở dữ liệu khác với bản của phần mềm; hãy chạy manage.py migrate.")
    return found


def _installed() -> list[tuple]:
    """Every function of the record as the database has it: name, body, whether it acts as its owner, its settings."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc, prosecdef, proconfig FROM pg_proc"
            " WHERE proname ~ '^portal_(record|insert|context)_?' AND pronamespace = 'public'::regnamespace"
        )
        return sorted((name, body, definer, tuple(sorted(given or ()))) for name, body, definer, given in cursor)


def _version() -> list[tuple]:
    """The same, as this version of the portal has them."""
    return sorted(
        (
            name,
            body,
            "SECURITY DEFINER" in head,
            tuple(sorted(f"{key}={value}" for key, value in _SETTING.findall(head))),
        )
        for name, head, body in _FUNCTION.findall(DATABASE.read_text(encoding="utf-8"))
    )


def put_up_guards(**_kwargs) -> None:
    """After a migrate: the functions as this version has them, and the guard on every table that lacks it.

    A database in which all stands is left alone, so that a migrate with nothing to do takes no lock. Tables that a
    migrate to an earlier state does not know yet, or no longer, are passed over.
    """
    tables = set(connection.introspection.table_names())
    if RecordLink._meta.db_table not in tables:
        return  # a migrate to before the chain existed
    standing = _standing()
    with transaction.atomic(), connection.cursor() as cursor:
        changed = any(standing.get(place, ("", ""))[1] != text for place, text in _WORKING.items())
        if changed or _installed() != _version():
            cursor.execute(DATABASE.read_text(encoding="utf-8"))
        for table, name in sorted(_wanted()):
            if table in tables and standing.get((table, name)) != ("A", _guard_text(table, name)):
                cursor.execute(_guard(table, name))


def _guard_text(table: str, name: str) -> str:
    """The guard's trigger as the database tells it, its events in the database's own order."""
    if name == _CONTEXT_GUARD:
        when = "BEFORE UPDATE ON {} FOR EACH ROW"
    elif table == pghistory.models.Context._meta.db_table:
        when = "BEFORE DELETE OR TRUNCATE ON {} FOR EACH STATEMENT"
    else:
        when = "BEFORE DELETE OR UPDATE OR TRUNCATE ON {} FOR EACH STATEMENT"
    return f"CREATE TRIGGER {name} {when.format(table)} EXECUTE FUNCTION {name}()"


def _guard(table: str, name: str) -> str:
    quoted = connection.ops.quote_name(table)
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {quoted};"
        f"{_guard_text(table, name)};"
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
