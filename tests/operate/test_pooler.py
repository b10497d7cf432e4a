"""Behind PgBouncer in transaction mode, one session for everybody: no council sees another's rows."""

import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.test import Client

from agencies import wall
from agencies.models import Agency, Council, User
from portal.postgresql.base import DatabaseWrapper
from tests.pooler import MISSING, PROGRAM, Pooler
from tests.separate import own_database
from tests.world import build_empty_world

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not PROGRAM, reason=MISSING)]
ROUNDS = 25
SESSIONS: set[int] = set()  # process ids of the server's sessions that anybody met


@pytest.fixture(scope="module")
def pooled(django_db_setup, django_db_blocker):
    """The world of two councils behind a pooler that has a single session; gives (world, entry of DATABASES)."""
    with django_db_blocker.unblock(), own_database("pooled"):
        world, behind = build_empty_world(), connection.settings_dict
        server = {"host": behind["HOST"], "dbname": behind["NAME"], "user": behind["USER"]}
        server |= {"port": behind["PORT"]} if behind["PORT"] else {}
        # Not among the tests' own folders: those open to nobody else, and PgBouncer refuses to run as root.
        place = Path(tempfile.mkdtemp(prefix="pooler-"))
        place.chmod(0o755)
        pooler = Pooler(place, {"portal": server}, default_pool_size=1, reserve_pool_size=0, max_db_connections=1)
        entry = behind | {"HOST": "127.0.0.1", "PORT": str(pooler.port), "NAME": "portal", "USER": "portal"}
        try:
            yield world, entry | {"DISABLE_SERVER_SIDE_CURSORS": True}
        finally:
            pooler.stop()
            shutil.rmtree(place)


def at_once(entry, *works):
    """Do the works each on a thread and a client connection of its own, all through the one session."""
    failed, start = [], threading.Barrier(len(works))

    def run(work):
        usual, connections["default"] = connections["default"], DatabaseWrapper(entry, "default")
        try:
            start.wait(timeout=300)
            work()
        except BaseException as error:  # told to the test, whatever it was
            failed.append(error)
        finally:
            connection.close()
            connections["default"] = usual

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    if failed:
        raise failed[0]


def session() -> int:
    """Which session of the server answers just now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def reader(person: User, own: Council, foreign: Council):
    """Somebody who reads in every way the portal has, in and outside transactions, and tries to write next door."""

    def work():
        for _round in range(ROUNDS):
            with wall.for_person(person.pk):
                SESSIONS.add(session())
                assert set(Council.objects.values_list("pk", flat=True)) == {own.pk}
                with transaction.atomic():
                    assert {agency.council_id for agency in Agency.objects.iterator()} == {own.pk}
                    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
                        Agency.objects.create(council=foreign, code="la", name="x", valid_from="2024-01-01")
                    assert Council.objects.get() == own
                assert not Agency.objects.filter(council=foreign).update(name="Đã bị sửa")
                with connection.cursor() as cursor, cursor.copy("COPY (TABLE agencies_council) TO STDOUT") as rows:
                    assert len(list(rows.rows())) == 1

    return work


def nobody():
    """Without a wall the owner sees all: what the others left in the session would narrow it."""
    for _round in range(ROUNDS):
        SESSIONS.add(session())
        assert Council.objects.count() == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user = session_user, current_setting('portal.councils', true)")
            assert cursor.fetchone() in {(True, ""), (True, None)}


def test_two_councils_in_turns_on_one_session(pooled):
    world, entry = pooled
    here, there = (world.people["secretary"], world.council), (world.people["other_secretary"], world.other_council)
    at_once(entry, reader(*here, there[1]), nobody, reader(*there, here[1]), reader(*here, there[1]))
    assert len(SESSIONS) == 1


def test_pages_of_two_councils_in_turns_on_one_session(pooled, settings):
    world, entry = pooled
    settings.PORTAL_TODAY = world.today

    def visitor(name, own, foreign):
        def work():
            client = Client()
            client.force_login(world.people[name])
            for _round in range(3):
                page = client.get("/co-quan/").content.decode()
                assert own in page and foreign not in page
                assert "<h1" in client.get("/nhat-ky/").content.decode()

        return work

    names = [agency.name for code in "ax" for agency in [world.agencies[code]]]
    at_once(entry, visitor("secretary", *names), visitor("other_secretary", *reversed(names)))
