"""Which servers a process talks to, what a session of the server remembers, and the page while there is none."""

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, InternalError, OperationalError, connection, transaction
from django.test import Client
from django.urls import path
from psycopg.errors import ReadOnlySqlTransaction

from agencies import wall
from agencies.models import Agency, Council
from agencies.permissions import access
from portal import urls as portal_urls
from portal.databases import databases
from portal.views import handler500  # noqa: F401

POOLER, SERVER = "postgresql://portal_app:p@127.0.0.1:6432/portal", "postgresql://portal_app:p@db1:5432/portal"
OTHER = "postgresql://portal_app@127.0.0.1:6432/portal_standby"
ALL = {"DATABASE_URL_DIRECT": SERVER, "DATABASE_URL_STANDBY": OTHER}


@pytest.mark.parametrize(("environment", "web", "ports", "kept", "long_lists"), [
    ({}, True, ["6432"], 600, True),
    (ALL, True, ["6432", "6432"], 600, False),
    (ALL, False, ["5432"], 600, True),  # job workers, migrations, backups
    ({"PORTAL_POOL": "1-4"}, True, ["6432"], 0, True),
])  # fmt: skip
def test_who_talks_to_which_server(environment, web, ports, kept, long_lists):
    found = databases(POOLER, environment, serves_web=web)
    assert list(found) == ["default", "standby"][: len(ports)] and [entry["PORT"] for entry in found.values()] == ports
    for entry in found.values():
        assert (entry["CONN_MAX_AGE"], entry["DISABLE_SERVER_SIDE_CURSORS"]) == (kept, not long_lists)
        assert entry["OPTIONS"].get("pool", {}).get("max_size") == (4 if kept == 0 else None)


@pytest.mark.parametrize(("environment", "words"), [
    ({"DATABASE_URL_DIRECT": "postgresql://portal_owner@db1/portal"}, "cùng một tài khoản"),
    ({"PORTAL_POOL": "4"}, "1-4"), ({"PORTAL_POOL": "4-1"}, "1-4"), ({"PORTAL_POOL": "0-0"}, "1-4"),
])  # fmt: skip
def test_what_contradicts_itself_is_refused_in_words(environment, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        databases(POOLER, environment, serves_web=True)


def remembered() -> tuple:
    """What the session itself knows, asked past the wall."""
    session = connection.connection
    return (
        psycopg.ClientCursor(session)
        .execute("SELECT current_user = session_user, coalesce(current_setting('portal.councils', true), '')")
        .fetchone()
    )


def test_a_session_remembers_nobody(world):
    """Inside a transaction what was told last stands until it ends: after it nothing does (tests/operate/test_pooler.py).

    Every statement brings its own wall, whatever stood before it: a savepoint taken back, a failure, an outer wall.
    """
    first, both = {world.council.pk}, {world.council.pk, world.other_council.pk}

    def seen() -> set[int]:
        return set(Council.objects.values_list("pk", flat=True))

    assert seen() == both
    with wall.for_person(world.people["secretary"].pk):
        assert seen() == first and remembered() == (False, f"{{{world.council.pk}}}")
        with pytest.raises(DataError, match="division"), transaction.atomic(), wall.everywhere():
            assert seen() == both
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1/0")
        assert seen() == first
        assert {agency.council_id for agency in Agency.objects.iterator(chunk_size=1)} == first
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE agencies_council SET place = place WHERE id = %s", [[pk] for pk in both])
            assert cursor.rowcount == 1
            with cursor.copy("COPY (SELECT id FROM agencies_council) TO STDOUT") as rows:
                assert {int(row[0]) for row in rows.rows()} == first
        savepoint = transaction.savepoint()
    assert seen() == both and remembered()[0]
    transaction.savepoint_rollback(savepoint)  # back to where the wall stood
    assert seen() == both and remembered() == (True, "{}")


def test_what_is_said_before_a_statement_is_in_no_log(world, django_assert_num_queries):
    with wall.for_person(world.people["secretary"].pk), django_assert_num_queries(1) as asked:
        Council.objects.get()
    assert asked.captured_queries[0]["sql"].startswith("SELECT")


def _read_only() -> Exception:
    error = InternalError("cannot execute INSERT in a read-only transaction")
    error.__cause__ = ReadOnlySqlTransaction()
    return error


ERRORS = {"gone": OperationalError("server closed the connection"), "not-yet": _read_only(), "fault": ValueError("x")}


@access(public="a view of the test")
def failing(request, kind):
    raise ERRORS[kind]


urlpatterns = [path("thu/<str:kind>/", failing), *portal_urls.urlpatterns]


@pytest.mark.parametrize(("kind", "status"), [("gone", 503), ("not-yet", 503), ("fault", 500)])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_while_the_database_is_away_the_page_says_so_and_keeps_what_was_typed(db, settings, kind, status, headers):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    typed = {"result": "Đã nói <chuyện>\nở trường", "password": "bí mật", "csrfmiddlewaretoken": "t"}
    answer = client.post(f"/thu/{kind}/?trang=2", typed, headers=headers)
    assert answer.status_code == status
    if status == 500:
        return
    page = answer.content.decode()
    assert answer["Retry-After"] == "10" and "bí mật" not in page
    if headers:  # the script that asked keeps what was typed and tries again by itself
        assert page == ""
        return
    assert "Thử lại" in page and 'action="/thu/' in page and "?trang=2" in page
    assert "Đã nói &lt;chuyện&gt;\r\nở trường" in page or "Đã nói &lt;chuyện&gt;\nở trường" in page
    assert "Thử lại</button>" not in client.get(f"/thu/{kind}/").content.decode()
