"""Rows of the whole database, kept and laid in again: what every test that commits would otherwise make anew.

Emptying the database after such a test, Django sends ``post_migrate``, which writes the portal's own lists and looks at
every trigger and policy; the world of tests/world.py takes longer still. Both are made once per process.
"""

import copy
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings

from tests.world import HASHERS, World, build_world


@dataclass
class Rows:
    """What stands in every table, as COPY writes it, and where the sequences are."""

    tables: dict[str, bytes]
    sequences: list[tuple[str, int, bool]]

    @classmethod
    def of_now(cls) -> "Rows":
        """The rows as they are committed now, of the tables that an emptying empties; those without any are left out."""
        with transaction.atomic(), connection.cursor() as cursor:
            names = connection.introspection.django_table_names(only_existing=True, include_views=False)
            tables = {}
            for name in sorted(names):
                with cursor.cursor.copy(f'COPY "{name}" TO STDOUT') as out:
                    if found := b"".join(out):
                        tables[name] = found
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
            return cls(tables, [(name, last or 1, last is not None) for name, last in cursor.fetchall()])

    def lay(self, *, on: "Rows | None" = None) -> None:
        """Put them into an empty database, or into one in which ``on`` stands and nothing else.

        Triggers that work on a new row stay silent: their work is among the rows. What was only added to (the record
        refuses anything else) is added to.
        """
        standing = on.tables if on else {}
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            # The queue's tables are not Django's, so nobody empties them; its sequences are among those set back below.
            for name in ("events", "periodic_defers", "jobs"):
                cursor.execute(f"DELETE FROM procrastinate_{name}")
            for name, found in self.tables.items():
                there = standing.get(name, b"")
                if not found.startswith(there):
                    cursor.execute(f'DELETE FROM "{name}"')
                    there = b""
                if more := found[len(there) :]:
                    with cursor.cursor.copy(f'COPY "{name}" FROM STDIN') as into:
                        into.write(more)
            cursor.executemany(
                "SELECT setval(%s::regclass, %s, %s)", [(f'"{n}"', at, on) for n, at, on in self.sequences]
            )
        ContentType.objects.clear_cache()
        cache.clear()


class Kept:
    """The rows of this process: those of a migrated database, and those of the world."""

    def __init__(self):
        self.ground: Rows | None = None
        self.world: World | None = None
        self.rows: Rows | None = None

    def keep_ground(self) -> None:
        """Once, when the test database has just been migrated."""
        self.ground = Rows.of_now()

    def lay_ground(self) -> None:
        """After an emptying: what stood there after the migrations."""
        self.ground.lay()

    def committed_world(self) -> World:
        """The world of tests/world.py in a database that has nothing but the ground, committed."""
        if self.world is None:
            with override_settings(PASSWORD_HASHERS=HASHERS):
                built = build_world()
            self.world, self.rows = copy.deepcopy(built), Rows.of_now()
            return built
        self.rows.lay(on=self.ground)
        return copy.deepcopy(self.world)


kept = Kept()
committed_world = kept.committed_world
