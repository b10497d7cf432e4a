"""Worlds of sizes: what ``make_world`` copies is what the verbs and triggers would have left. Built once, undone."""

import hashlib
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings

from agencies.journal.chain import findings
from agencies.models import Agency, Council, User
from campaigns.models import Activity, Task
from portal.council_wall.install import COLUMN, walled_tables
from portal.worlds import engine
from portal.worlds.build import build, compute, unfinished
from portal.worlds.land import Ground
from portal.worlds.sizes import LAST, QUARTERS, SIZES, TODAY, shares
from portal.worlds.versions import versioned_tables
from reports.carry import tasks_out_of_step
from reports.consolidation import consolidate
from reports.facts import activity_totals
from reports.integrity import problems
from reports.models import Period, ProgressReport, ReportFigure, ReportLine

pytestmark = pytest.mark.django_db
XS = SIZES["XS"]
DEMO = {"PORTAL_DEMO": True, "PORTAL_TODAY": TODAY}


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    """The smallest world, in a transaction that is undone after the module."""
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), override_settings(PASSWORD_HASHERS=quick, **DEMO):
        with transaction.atomic():
            if not engine.acts_as_superuser():
                pytest.skip("the server's account is no superuser")
            said = []
            build(XS, seed=1, reset=False, say=said.append)
            with connection.cursor() as cursor:  # what a commit would do: the lockings' lines get their links
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            yield said
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _worlds_day(settings):
    settings.PORTAL_DEMO, settings.PORTAL_TODAY = True, TODAY


def test_it_is_valid_and_its_record_proves_itself(small):
    assert list(problems()) == []
    assert list(findings()) == []
    assert any("Khóa 14 kỳ" in line for line in small)


def test_what_is_out_of_step_is_found(small):
    done = Task.objects.filter(status="done").first()
    Task.objects.filter(pk=done.pk).update(status="in_progress", percent=10, completed_on=None)
    # A line that says nothing of the state counts as nothing begun.
    silent = Task.objects.filter(status="in_progress").exclude(pk=done.pk).first()
    newest = ReportLine.objects.filter(task=silent, role="lead", report__accepted_at__isnull=False)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the newest may stand in a locked period
        newest.filter(pk=newest.order_by("-report__period__starts_on").first().pk).update(status="")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert {task.pk for task in tasks_out_of_step()} == {done.pk, silent.pk}
    found = list(problems())
    assert len(found) == 2 and all("Tình trạng nhiệm vụ số" in text for text in found)


def test_it_has_what_its_size_promises(small):
    assert (Council.objects.count(), Agency.objects.count()) == (XS.councils, XS.agencies)
    assert Task.objects.count() == XS.tasks
    assert abs(Activity.objects.count() - XS.activities) <= XS.agencies * len(QUARTERS)
    quarters = Period.objects.quarters()
    assert Counter(quarters.values_list("state", flat=True)) == {"locked": LAST * XS.councils, "open": XS.councils}
    assert ReportLine.objects.count() > 5 * XS.tasks
    led = Counter(Task.objects.filter(assignments__role="lead").values_list("assignments__agency", flat=True))
    assert max(led.values()) > 2 * XS.tasks / XS.agencies  # a few carry much
    open_states = set(ProgressReport.objects.filter(period__state="open").values_list("state", flat=True))
    assert len(open_states) > 2 and "locked" not in open_states


def test_every_foreign_key_holds_although_none_was_asked(small):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass, a.attname, confrelid::regclass, b.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]"
            " JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1]"
            " WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        )
        found = cursor.fetchall()
        asked = " UNION ALL ".join(
            f"SELECT '{table}.{column}' WHERE EXISTS (SELECT FROM {table} t WHERE {column} IS NOT NULL"
            f" AND NOT EXISTS (SELECT FROM {other} o WHERE o.{key} = t.{column}))"
            for table, column, other, key in found
        )
        cursor.execute(asked)
        assert len(found) > 100 and cursor.fetchall() == []


def test_every_row_stands_behind_the_wall_of_its_council(small):
    """What the sleeping trigger would have filled in is what was copied."""
    with connection.cursor() as cursor:
        for table in walled_tables():
            if table.source and table.name != "agencies_recordlink":
                source = table.source.replace("NEW.", "t.")
                cursor.execute(f"SELECT count(*) FROM {table.name} t WHERE {COLUMN} IS DISTINCT FROM {source}")
                assert (table.name, cursor.fetchone()) == (table.name, (0,))


def test_every_row_has_versions_and_the_last_is_the_row(small):
    with connection.cursor() as cursor:
        for table, versions in versioned_tables():
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_name = %s AND column_name IN"
                " (SELECT column_name FROM information_schema.columns WHERE table_name = %s)",
                [table, versions],
            )
            columns = cursor.fetchone()[0]
            cursor.execute(
                f"SELECT count(*) FROM (SELECT {columns} FROM {table} EXCEPT SELECT {columns} FROM"
                f" (SELECT DISTINCT ON (pgh_obj_id) * FROM {versions} ORDER BY pgh_obj_id, pgh_id DESC) v) AS apart"
            )
            assert (table, cursor.fetchone()) == (table, (0,))


def test_a_frozen_value_is_what_consolidating_says(small):
    period = Period.objects.quarters().filter(state="locked").order_by("-starts_on").first()
    frozen = consolidate(period, as_of=period.ends_on)
    led = ReportLine.objects.filter(report__period=period, role="lead")
    assert frozen.period.locked and len(frozen.tasks) == led.count() > 0
    figures = ReportFigure.objects.filter(report__period=period, indicator__code="PB02", value__isnull=False)
    assert frozen.indicator("PB02").value == sum(figures.values_list("value", flat=True))


def test_a_report_that_was_handed_in_says_what_the_activities_say(small):
    for period in Period.objects.quarters():
        totals = activity_totals(list(period.reports.values_list("agency", flat=True)), period.span)
        handed_in = ReportFigure.objects.filter(
            report__period=period, report__submitted_at__isnull=False, indicator__from_activities=True
        )
        for agency, code, value, computed in handed_in.values_list(
            "report__agency", "indicator__code", "value", "computed"
        ):
            assert value == computed == totals.get(agency, {}).get(code, 0)


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("can-tho.congan", "/viec-cua-toi/"),
        ("can-tho.congan", "/nhiem-vu/"),
        ("can-tho.congan", "/bao-cao/2025-q4/congan/"),
        ("can-tho.thuky", "/dieu-phoi/2025-q4/"),
        ("can-tho.thuky", "/bao-cao/2025-q3/congan/"),
        ("can-tho.thuky", "/tong-hop/2025-q4/"),
        ("can-tho.lanhdao", "/tong-quan/2025-q4/"),
        ("can-tho.lanhdao", "/tong-quan/2024/"),
        ("ha-noi.thuky", "/tong-quan/2025-q3/"),
    ],
)
def test_its_people_open_their_pages(small, login, path):
    client = Client()
    client.force_login(User.objects.get(username=login))
    assert client.get(path).status_code == 200


def test_the_same_seed_makes_the_same_rows(small):
    def digest(ground: Ground) -> str:
        land = compute(ground, 1, (9, 30, 60))
        return hashlib.sha256("\n".join(line for s in land.sheets.values() for line in s.lines).encode()).hexdigest()

    first, other = Ground.lay(XS, 7), Ground.lay(XS, 8)
    assert digest(first) == digest(first) != digest(other)


def test_it_refuses_where_there_are_councils_and_where_people_work(small, settings):
    with pytest.raises(CommandError, match="đã có hội đồng"):
        call_command("make_world", "XS", stdout=StringIO())
    with pytest.raises(CommandError, match="Chỉ L"):
        call_command("make_world", "S", "--finish", stdout=StringIO())
    with pytest.raises(CommandError, match="Chưa chép đủ"):
        call_command("make_world", "L", "--finish", stdout=StringIO())
    assert unfinished(XS) == ""
    settings.PORTAL_DEMO = False
    with pytest.raises(CommandError, match="minh họa"):
        call_command("make_world", "XS", stdout=StringIO())


def test_indexes_that_were_taken_away_are_made_again_as_they_were(small, settings, tmp_path):
    """Also by the command that comes after one that was killed."""
    settings.DATA_DIR = tmp_path

    def standing():
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1")
            return cursor.fetchall()

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = standing()
    away = engine.take_indexes_away(note=True)
    assert len(standing()) == len(before) - len(away)
    assert engine.put_back_what_was_noted() == len(away) > 50
    assert standing() == before and engine.put_back_what_was_noted() == 0


def test_parts_add_up():
    assert sum(shares(4500, [1.0 - index / 68 for index in range(34)], least=60)) == 4500
    assert shares(10, [1.0, 1.0, 2.0]) == [3, 2, 5]
