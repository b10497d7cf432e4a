"""A filled database of the first release with a demo, brought forward: nothing is lost and everything agrees.

``release_2026_11.sql.xz`` is pg_dump's plain text of that release's demo world (two councils, every state).
"""

import lzma
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from psycopg.types.json import Jsonb

from portal.backup.contents import contents_of, sequences_behind
from reports.integrity import CHECKS
from tests.separate import own_database

pytestmark = pytest.mark.django_db
RELEASE = Path(__file__).with_name("release_2026_11.sql.xz")
# Tables that a release rewrites by itself: the list of steps taken, and the catalogues of names.
RENEWED = {"public.django_migrations", "public.django_content_type", "public.auth_permission"}


@pytest.fixture
def old_release(django_db_setup, django_db_blocker):
    """The database as that release left it."""
    with django_db_blocker.unblock(), own_database("upgrade", like_tests=False) as server:
        arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        psql = server.start("psql", *arguments, stdin=subprocess.PIPE)
        psql.communicate(lzma.decompress(RELEASE.read_bytes()))
        assert psql.returncode == 0
        yield server


def numbers_of(look, table: str, key: str, where: str = "") -> list[tuple]:
    """(id, frozen numbers as the first releases kept them) of every row of a table of periods."""
    return look.execute(
        f"SELECT t.{key}, told || jsonb_build_object('totals', totals, 'tasks', tasks) FROM {table} t"
        f" LEFT JOIN reports_frozenvalue f ON f.id = t.frozen_id {where} ORDER BY 1"
    ).fetchall()


def reopened_and_locked_again(look) -> None:
    """One period of the release locked with other numbers for a while: only its versions still carry those."""
    open_again = "UPDATE reports_period SET state = 'open', locked_at = NULL, frozen = NULL, reopen_reason = %s"
    lock = "UPDATE reports_period SET state = 'locked', locked_at = now(), frozen = %s"
    pk, whole = look.execute("SELECT id, frozen FROM reports_period WHERE state = 'locked' LIMIT 1").fetchone()
    for time, numbers in enumerate((whole | {"as_of": "2023-06-01"}, whole)):
        look.execute(f"{open_again} WHERE id = %s", [f"Lần {time}", pk])
        look.execute(f"{lock} WHERE id = %s", [Jsonb(numbers), pk])


def test_a_filled_database_of_an_earlier_release_goes_forward(old_release):
    with old_release.connect() as look:
        reopened_and_locked_again(look)
        before = {table: contents.rows for table, contents in contents_of(look).items()}
        sealed = look.execute("SELECT id, frozen FROM reports_councilreport ORDER BY id").fetchall()
        words = look.execute("SELECT id, result FROM reports_reportline ORDER BY id").fetchall()
        locked = look.execute("SELECT id, frozen FROM reports_period WHERE frozen IS NOT NULL ORDER BY id").fetchall()
        versions = look.execute("SELECT pgh_id, frozen FROM reports_periodevent ORDER BY pgh_id").fetchall()
    call_command("migrate", verbosity=0)
    with old_release.connect() as look:
        after = {table: contents.rows for table, contents in contents_of(look).items()}
        assert look.execute("SELECT id, frozen FROM reports_councilreport ORDER BY id").fetchall() == sealed
        assert look.execute("SELECT id, result FROM reports_reportline ORDER BY id").fetchall() == words
        assert sequences_behind(look) == []
        assert numbers_of(look, "reports_period", "id", "WHERE frozen_id IS NOT NULL") == locked
        assert numbers_of(look, "reports_periodevent", "pgh_id") == versions
    assert len(locked) > 3 and len([whole for _id, whole in versions if whole]) > len(locked) + 1
    fewer = {table: (rows, after.get(table)) for table, rows in before.items() if after.get(table, -1) < rows}
    assert not {table: rows for table, rows in fewer.items() if table not in RENEWED}
    assert before["public.reports_reportfigure"] > 500 and sealed
    # The files stayed with that release; the other checks see everything.
    assert [problem for name, check in CHECKS if name != "tệp minh chứng" for problem in check()] == []
    call_command("migrate", "--check", verbosity=0)
    with connection.cursor() as cursor:  # the walls of the database stand on the old rows too
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
        assert cursor.fetchone()[0] > 50
