"""Puts the wall into the database after every migrate, as the owner of the tables; safe to repeat."""

import hashlib

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from agencies.wall import ROLE
from portal.council_wall.tables import COLUMN, Table, walled_tables

# Read once a query, not once a row: an array of ids, nothing where nobody said anything.
_COUNCILS = "((SELECT nullif(current_setting('portal.councils', true), '')::bigint[])::bigint[])"

# They see past the wall, and therefore give away ids alone.
_FUNCTIONS = """
CREATE OR REPLACE FUNCTION portal_councils_of(person bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT coalesce(m.council_id, a.council_id)), '{}')::text
    FROM agencies_membership m
    JOIN agencies_user u ON u.id = m.user_id AND u.is_active
    LEFT JOIN agencies_agency a ON a.id = m.agency_id
    WHERE m.user_id = person AND m.left_on IS NULL
$$;
CREATE OR REPLACE FUNCTION portal_all_councils() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(id), '{}')::text FROM agencies_council
$$;
"""

_ASKED = {"agencies_council", "agencies_agency", "agencies_membership", "agencies_user", "django_migrations"}

# pghistory keeps beside the versions who wrote them and why, and no council. A context is read by whoever reads a
# version that the portal shows with it, and by the verb that is still writing it.
CONTEXTS = "pghistory_context"
_SHOWN_WITH = ("reports_reportlineevent", "reports_progressreportevent")
_CONTEXTS_ASK = {CONTEXTS, *_SHOWN_WITH}
_MINE = f"{CONTEXTS}.id = nullif(current_setting('pghistory.context_id', true), '')::uuid"
_SHOWN = "".join(f" OR EXISTS (SELECT FROM {name} v WHERE v.pgh_context_id = {CONTEXTS}.id)" for name in _SHOWN_WITH)
_CONTEXTS_WALL = f"""
    ALTER TABLE {CONTEXTS} ENABLE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS council_wall_read ON {CONTEXTS};
    DROP POLICY IF EXISTS council_wall_write ON {CONTEXTS};
    DROP POLICY IF EXISTS council_wall_while ON {CONTEXTS};
    CREATE POLICY council_wall_read ON {CONTEXTS} FOR SELECT USING ({_MINE}{_SHOWN});
    CREATE POLICY council_wall_write ON {CONTEXTS} FOR INSERT WITH CHECK (true);
    CREATE POLICY council_wall_while ON {CONTEXTS} FOR UPDATE USING ({_MINE});
"""


def put_up(**_signal) -> None:
    """Receiver of post_migrate: role, privileges, columns, triggers and policies, all or nothing.

    Raises ImproperlyConfigured, in words, where the role is missing and may not be made.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        there = _columns(cursor)
        if not _ASKED <= set(there):
            return  # a migrate to before there were people and councils
        tables = [table for table in walled_tables() if _needs(table) <= there.get(table.name, set())]
        script = _script(tables) + (_CONTEXTS_WALL if _CONTEXTS_ASK <= set(there) else "")
        digest = hashlib.sha256((_FUNCTIONS + script).encode()).hexdigest()
        _role(cursor)
        _let_search_use_its_index(cursor)
        cursor.execute(_privileges())
        cursor.execute("SELECT obj_description(to_regprocedure('portal_all_councils()'), 'pg_proc')")
        if cursor.fetchone() == (digest,) and not without_wall():
            return
        cursor.execute(_FUNCTIONS)
        # Nothing may wait for the end of the transaction on a table that is being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            _column(cursor, table)
        cursor.execute(script)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"COMMENT ON FUNCTION portal_all_councils() IS '{digest}'")


def without_wall() -> list[str]:
    """Tables of the list that have no policy for reading, or whose policies are switched off."""
    names = [*(table.name for table in walled_tables()), CONTEXTS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity"
            " AND p.polname LIKE 'council_wall%' AND p.polcmd IN ('r', '*')"
        )
        standing = {name for (name,) in cursor.fetchall()}
    return [name for name in names if name not in standing]


def acts_as_owner() -> bool:
    """Whether the database session, before any wall, is one that policies do not bind: owner, superuser, BYPASSRLS."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relrowsecurity"
            " AND c.relnamespace = 'public'::regnamespace AND pg_has_role(session_user, c.relowner, 'USAGE'))"
            " FROM pg_roles r WHERE r.rolname = session_user"
        )
        return cursor.fetchone()[0]


def _let_search_use_its_index(cursor) -> None:
    """Behind a wall the database asks an index only by operators known to tell nothing of rows that one may not see,
    and does not know that of its text search. Saying so takes a superuser; deploy/postgresql/roles.sql says it where
    migrate runs as somebody less. Unsaid, a search finds the same and reads every row of the council for it."""
    cursor.execute(
        "SELECT r.rolsuper AND NOT p.proleakproof FROM pg_roles r, pg_proc p"
        " WHERE r.rolname = current_user AND p.oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure"
    )
    if cursor.fetchone()[0]:
        cursor.execute("ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF")


def _role(cursor) -> None:
    """The role without property. Roles belong to the server: another database's migrate may be making it right now."""
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    (may_create,) = cursor.fetchone()
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
    if cursor.fetchone():
        return
    if not may_create:
        raise ImproperlyConfigured(
            f"Cơ sở dữ liệu chưa có vai trò {ROLE} và tài khoản chạy migrate không được tạo vai trò. "
            "Chưa có gì thay đổi. Chạy deploy/postgresql/roles.sql bằng tài khoản quản trị PostgreSQL, "
            "rồi chạy lại migrate."
        )
    cursor.execute(
        f"DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS; GRANT {ROLE} TO CURRENT_USER;"
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )


def _privileges() -> str:
    """Rows only: no table may be made, emptied or altered; the list of migrations is not the portal's, and the chain of
    the record is written by the database's own functions alone (agencies/journal/database.sql)."""
    return f"""
        GRANT USAGE ON SCHEMA public TO {ROLE};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE};
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLE};
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {ROLE};
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {ROLE};
        REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {ROLE};
        DO $$ DECLARE kept text; BEGIN
            FOREACH kept IN ARRAY ARRAY['agencies_recordlink', 'agencies_recordwaiting'] LOOP
                IF to_regclass('public.' || kept) IS NOT NULL THEN
                    EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %I FROM {ROLE}', kept);
                END IF;
            END LOOP;
        END $$;
    """


def _columns(cursor) -> dict[str, set[str]]:
    """Table → its columns, of those that a migrate has made so far: it may be one of a part, or back to earlier."""
    cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    found: dict[str, set[str]] = {}
    for name, column in cursor.fetchall():
        found.setdefault(name, set()).add(column)
    return found


def _needs(table: Table) -> set[str]:
    """The columns on which a table's policy and trigger stand, besides the one that is made here."""
    return {*table.source_columns, *([] if table.source else [table.column]), *([table.also] if table.also else [])}


def _column(cursor, table: Table) -> None:
    """The council beside the row, filled for rows that are older than the wall without waking any trigger."""
    if not table.source:
        return
    cursor.execute(
        "SELECT 1 FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND column_name = %s",
        [table.name, COLUMN],
    )
    if cursor.fetchone():
        return
    source = table.source.replace("NEW.", "t.")
    cursor.execute(f"""
        ALTER TABLE {table.name} ADD COLUMN {COLUMN} bigint;
        ALTER TABLE {table.name} DISABLE TRIGGER USER;
        UPDATE {table.name} t SET {COLUMN} = {source};
        ALTER TABLE {table.name} ENABLE TRIGGER USER;
    """)
    if not table.history:
        cursor.execute(f"CREATE INDEX ON {table.name} ({COLUMN})")


def _script(tables: list[Table]) -> str:
    return "\n".join(statement for table in tables for statement in _statements(table))


def _statements(table: Table):
    name, mine = table.name, f"{table.column} = ANY ({_COUNCILS})"
    seen = f"({table.column} IS NULL OR {mine})" if table.shared and not table.history else f"({mine})"
    if table.also:  # the agencies that are asked stand behind the wall themselves
        seen = f"({mine} OR {table.also} IN (SELECT id FROM agencies_agency))"
    if table.source:
        columns = ", ".join((*table.source_columns, COLUMN))
        yield f"""
            CREATE OR REPLACE FUNCTION wall_of_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.{COLUMN} := {table.source}; RETURN NEW; END $$;
            CREATE OR REPLACE TRIGGER a_council_wall BEFORE INSERT OR UPDATE OF {columns}
                ON {name} FOR EACH ROW EXECUTE FUNCTION wall_of_{name}();"""
        if not table.shared:
            yield f"ALTER TABLE {name} ALTER COLUMN {COLUMN} SET NOT NULL;"
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"
    for policy in ("council_wall", "council_wall_read", "council_wall_write"):
        yield f"DROP POLICY IF EXISTS {policy} ON {name};"
    if table.insert_only:
        # Versions are written by triggers of tables whose own wall has been passed already.
        written = "true" if table.history else seen
        yield f"CREATE POLICY council_wall_read ON {name} FOR SELECT USING {seen};"
        yield f"CREATE POLICY council_wall_write ON {name} FOR INSERT WITH CHECK ({written});"
    else:
        yield f"CREATE POLICY council_wall ON {name} USING {seen};"
