"""The wall in the database: what a query that forgot its scope sees, changes and adds. Nothing of another council."""

import json
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import include, path

from agencies import clock, locks, once, signin_rules, tasks, wall
from agencies.errors import NotAllowed
from agencies.history import record
from agencies.journal import anchors
from agencies.membership import close_account, councils_of, join
from agencies.models import Council, Membership, RecordEntry, RecordLink, Role, SentForm, Succession, User
from agencies.permissions import Perm, grants_of
from campaigns.activities import record_activity
from campaigns.evidence import store_evidence
from campaigns.models import Activity, Plan, PlanParty, Task
from portal.council_wall.tables import walled_tables
from reports.comparison import handovers
from reports.models import ProgressReport, ReportLine
from reports.receipts import give_receipt
from tests.files import jpeg
from tests.world import PASSWORD, make_person


def careless(request):
    """A view whose author forgot the scope everywhere."""
    rows = [f"{task.council_id}:{task.plan.title}" for task in Task.objects.select_related("plan")]
    rows += [f"{line.report.agency.council_id}:dòng" for line in ReportLine.objects.select_related("report__agency")]
    rows += [f"{council.pk}:{council.name}" for council in Council.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT a.council_id || ':' || v.title FROM campaigns_activityevent v, agencies_agency a"
                       " WHERE a.id = v.agency_id")  # fmt: skip
        rows += [row for (row,) in cursor.fetchall()]
    return HttpResponse("\n".join(rows))


def careless_stream(request):
    """The same, read while it is sent."""
    return StreamingHttpResponse(f"{task.council_id}\n" for task in Task.objects.iterator())


urlpatterns = [path("bat-can/", careless), path("bat-can-dong/", careless_stream), path("", include("portal.urls"))]


@pytest.fixture
def busy(world):
    """Both councils with something in most tables."""
    for code, person in (("a", "officer_a"), ("x", "officer_x")):
        agency, officer, report = world.agencies[code], world.people[person], world.report(code)
        record_activity(agency=agency, by=officer, now=world.now, title=f"Buổi nói chuyện {code}", held_on=world.today,
                        figures={"PB02": 5})  # fmt: skip
        store_evidence(agency=agency, by=officer, now=world.now, name="a.jpg", content=jpeg())
        give_receipt(report=report, by=officer, now=world.now)
    return world


def councils_in(answer) -> set[int]:
    lines = b"".join(answer).decode().split("\n")
    return {int(line.split(":")[0]) for line in lines if line}


@pytest.mark.parametrize("who, theirs", [
    ("officer_a", ["council"]), ("secretary", ["council"]), ("administrator", ["council"]),
    ("other_secretary", ["other_council"]), ("officer_x", ["other_council"]), ("outsider", []), (None, []),
])  # fmt: skip
def test_a_view_that_forgot_its_scope_shows_nothing_of_another_council(busy, sign_in, who, theirs):
    client = sign_in(busy.people.get(who))
    with override_settings(ROOT_URLCONF=__name__):
        for address in ("/bat-can/", "/bat-can-dong/"):
            assert councils_in(client.get(address)) == {getattr(busy, name).pk for name in theirs}, address
    assert wall.standing() is None and Task.objects.values("council").distinct().count() == 2


def test_somebody_of_two_councils_sees_both(busy, sign_in):
    both = make_person("hai_noi", (busy.agencies["a"], Role.LIAISON), (busy.agencies["x"], Role.VIEWER))
    with override_settings(ROOT_URLCONF=__name__):
        assert councils_in(sign_in(both).get("/bat-can/")) == {busy.council.pk, busy.other_council.pk}


def test_every_table_answers_with_the_councils_own_rows_alone(busy):
    """Behind the wall a table holds exactly its rows of that council and those that are everybody's; by raw SQL."""
    foreign = set()
    with connection.cursor() as cursor:
        for table in walled_tables():
            cursor.execute(f"SELECT count(*) FILTER (WHERE {table.column} = %s OR ({table.column} IS NULL AND %s)),"
                           f" count(*) FILTER (WHERE {table.column} = %s) FROM {table.name}",
                           [busy.council.pk, table.shared and not table.history, busy.other_council.pk])  # fmt: skip
            own, theirs = cursor.fetchone()
            foreign |= {table.name} if theirs else set()
            with wall.for_person(busy.people["secretary"].pk):
                cursor.execute(f"SELECT count(*) FROM {table.name}")
                assert cursor.fetchone() == (own,), table.name
    assert len(foreign) >= 30, sorted(foreign)  # else there was nothing to hide


def test_rows_of_another_council_are_neither_changed_nor_deleted(busy):
    with wall.for_person(busy.people["secretary"].pk):
        assert Task.objects.filter(plan=busy.other_plan).update(title="Đã bị sửa") == 0
        assert Activity.objects.filter(agency=busy.agencies["x"]).delete()[0] == 0
        with connection.cursor() as cursor:
            cursor.execute("UPDATE campaigns_plan SET title = title")
            assert cursor.rowcount == Plan.objects.count() == 1
    assert not Task.objects.filter(title="Đã bị sửa").exists() and Activity.objects.filter(agency__code="stp").exists()


def test_nothing_is_added_to_another_council_nor_carried_over(busy):
    a, x = busy.agencies["a"], busy.agencies["x"]
    task = busy.tasks[0]
    attempts = {
        "plan": lambda: Plan.objects.create(
            council=busy.other_council, title="x", starts_on=busy.today, ends_on=busy.today
        ),
        "party of their plan": lambda: PlanParty.objects.create(plan=busy.other_plan, agency=a),
        "their agency's report": lambda: ProgressReport.objects.create(period=busy.other_period, agency=a),
        "their agency's activity": lambda: Activity.objects.filter(agency=a).update(agency=x),
        "a task handed to them": lambda: Task.objects.filter(pk=task.pk).update(council=busy.other_council),
        "a role there": lambda: Membership.objects.create(
            user=busy.people["secretary"], council=busy.other_council, role=Role.SECRETARY, joined_on=busy.today
        ),
        "the column itself": lambda: _sql("UPDATE campaigns_planparty SET wall_council_id = %s", busy.other_council.pk),
        "a line of their record": lambda: RecordEntry.objects.create(
            at=busy.now, verb="x", summary="x", object_type="x", council=busy.other_council, actor_name="x"
        ),
    }
    for name, attempt in attempts.items():
        with wall.for_person(busy.people["secretary"].pk):
            if name == "the column itself":  # it is computed anew from the plan
                attempt()
                assert set(PlanParty.objects.values_list("plan__council", flat=True)) == {busy.council.pk}
                continue
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
    assert Activity.objects.filter(agency=a).exists()


def _sql(sql: str, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_the_record_is_written_also_for_a_council_one_is_not_in_yet(world):
    """A failed sign-in: nobody is signed in, the account belongs to a council."""
    with wall.for_person(None):
        record(by=None, now=world.now, verb="thu", obj=world.council, summary="Đăng nhập không được")
        assert RecordEntry.objects.count() == RecordEntry.objects.filter(council=None).count()
    assert RecordEntry.objects.filter(verb="thu", council=world.council).count() == 1


def test_the_record_is_not_rewritten_behind_the_wall(world):
    with wall.for_person(world.people["secretary"].pk):
        assert RecordEntry.objects.exists()
        for attempt in ("UPDATE agencies_recordentry SET summary = ''", "DELETE FROM agencies_recordentry"):
            with pytest.raises(DatabaseError, match="insert only"), transaction.atomic():
                _sql(attempt)


@pytest.mark.django_db
def test_the_role_owns_nothing_and_can_do_nothing_to_the_tables():
    _sql("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
                       " FROM pg_roles WHERE rolname = %s", [wall.ROLE])  # fmt: skip
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [wall.ROLE])
        assert cursor.fetchone() == (0,)
    for deed in (
        "TRUNCATE campaigns_task CASCADE",
        "ALTER TABLE campaigns_task DISABLE ROW LEVEL SECURITY",
        "DROP POLICY council_wall ON campaigns_task",
        "ALTER TABLE campaigns_task DISABLE TRIGGER ALL",
        "CREATE TABLE of_mine (id int)",
        "DELETE FROM django_migrations",
        "SET session_replication_role = replica",
        "INSERT INTO agencies_recordlink SELECT * FROM agencies_recordlink",
        "INSERT INTO agencies_recordwaiting VALUES (1, 0)",
    ):
        with (
            wall.everywhere(),
            pytest.raises(DatabaseError, match="permission denied|must be owner"),
            transaction.atomic(),
        ):
            _sql(deed)
    with wall.for_person(None), transaction.atomic():
        _sql("SET LOCAL row_security = off")  # then a query is refused instead of narrowed
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Task.objects.count()


def test_in_production_the_connection_is_the_roles_from_its_first_word(world, sign_in):
    """Signed in to the database as portal_app: before anything is said nothing is seen, and the portal works."""
    _sql(f"SET SESSION AUTHORIZATION {wall.ROLE}")
    try:
        assert not Task.objects.exists() and not Council.objects.exists() and not RecordEntry.objects.exists()
        client = sign_in()
        assert client.get("/nhiem-vu/").status_code == 302
        answer = client.post("/dang-nhap/", {"username": "officer_a", "password": PASSWORD}, follow=True)
        assert answer.status_code == 200 and "Việc của tôi" in answer.content.decode()
        assert "ma túy" in client.get("/nhiem-vu/").content.decode()
        assert client.get(f"/ke-hoach/{world.other_plan.pk}/").status_code == 404
        assert not Task.objects.exists() and wall.standing() is None
    finally:
        _sql("RESET SESSION AUTHORIZATION")


def test_in_production_the_jobs_of_the_worker_serve_every_council(world, settings):
    """The worker's connection is the role's too; the tasks themselves are called, as the queue calls them."""
    officer, used = world.people["officer_x"], world.now - signin_rules.UNUSED_FOR * 2
    User.objects.filter(pk=officer.pk).update(last_login=used, date_joined=used)
    User.objects.exclude(pk=officer.pk).update(last_login=world.now)
    SentForm.objects.create(user=officer, key=uuid4(), path="/", location="/", at=clock.instant() - once.KEPT * 2)
    connection.check_constraints()
    _sql(f"SET SESSION AUTHORIZATION {wall.ROLE}")
    try:
        settings.PORTAL_DEMO, settings.PORTAL_TODAY = False, world.today
        tasks.note_lock(key=locks.keys_of(world.people["officer_a"])[0], until=world.now.isoformat())
        tasks.tidy_signing_in(timestamp=0)
        connection.check_constraints()
        tasks.keep_anchor(timestamp=0)
        assert wall.standing() is None and not RecordEntry.objects.exclude(council=None).exists()
    finally:
        _sql("RESET SESSION AUTHORIZATION")
    assert not SentForm.objects.exists()
    lock = RecordEntry.objects.get(verb="lock_account")
    assert (lock.council, lock.agency) == (world.council, world.agencies["a"])
    unused = RecordEntry.objects.get(verb="disable_unused", object_id=officer.pk)
    assert (unused.council, unused.agency) == (world.other_council, world.agencies["x"])
    assert RecordEntry.objects.visible_to(world.people["administrator"]).contains(lock)
    (line,) = anchors.anchors_file().read_text().splitlines()
    kept = json.loads(json.loads(line)["anchor"])["ends"]
    assert {int(chain) for chain in kept} == set(RecordLink.objects.values_list("chain", flat=True))
    assert {world.council.pk, world.other_council.pk} <= {int(chain) for chain in kept}


def test_the_wall_comes_down_as_it_went_up(world):
    first = world.council.pk
    with wall.for_person(world.people["secretary"].pk):
        assert wall.standing() == {first}
        with wall.everywhere():
            assert wall.standing() == {first, world.other_council.pk} and Council.objects.count() == 2
        with pytest.raises(DatabaseError), transaction.atomic(), wall.everywhere():
            _sql("SELECT 1/0")  # the transaction takes back, with itself, what was said in it
        assert wall.standing() == {first} and Council.objects.count() == 1
        with pytest.raises(ValueError), wall.also(world.other_council.pk):
            assert Council.objects.count() == 2
            raise ValueError
        assert Council.objects.count() == 1
    assert wall.standing() is None and Council.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, current_setting('portal.councils', true)")
        assert cursor.fetchone() == (True, "{}")


def test_what_is_set_aside_half_sent_takes_no_other_wall_down(world):
    sending = wall.for_person(world.people["other_secretary"].pk)
    sending.__enter__()
    with wall.for_person(world.people["secretary"].pk):
        sending.__exit__(None, None, None)
        assert wall.standing() == {world.council.pk} and Council.objects.count() == 1
    wall._NOW.set(None)


def test_a_succession_is_seen_from_both_sides_and_the_agency_of_the_other_is_not(world):
    Succession.objects.create(predecessor=world.agencies["c"], successor=world.agencies["x"], kind="transfer",
                              effective_on=world.today)  # fmt: skip
    for who in ("secretary", "other_secretary"):
        with wall.for_person(world.people[who].pk):
            assert (
                Succession.objects.count() == 1
                and Succession.objects.select_related("successor", "predecessor").count() <= 1
            )
            (change,) = handovers(councils_of(world.people[who]).pop())
            assert not change.within and "một cơ quan của hội đồng khác" in change.names
    with wall.for_person(world.people["leader"].pk), pytest.raises(DatabaseError), transaction.atomic():
        Succession.objects.create(predecessor=world.agencies["x"], successor=world.agencies["c"], kind="transfer",
                                  effective_on=world.today)  # fmt: skip


def test_what_somebody_holds_does_not_depend_on_who_asks(world):
    both = make_person("hai_noi", (world.agencies["a"], Role.LIAISON), (world.other_council, Role.SECRETARY))
    for asking in (None, world.people["secretary"].pk, both.pk):
        both.__dict__.pop("_grants", None)
        with wall.for_person(asking):
            assert grants_of(both).councils(Perm.MANAGE_PLANS) == {world.other_council.pk}
            assert grants_of(both).agencies(Perm.SUBMIT_REPORT) == {world.agencies["a"].pk}
            assert councils_of(both) == {world.council.pk, world.other_council.pk}


def test_an_account_known_to_another_council_too_stays_out_of_reach_behind_the_wall(world):
    """Their role there is hidden from this administrator; it still counts."""
    administrator, both = world.people["administrator"], make_person(
        "hai_noi", (world.agencies["a"], Role.LIAISON), (world.other_council, Role.SECRETARY)
    )  # fmt: skip
    with wall.for_person(administrator.pk):
        with pytest.raises(NotAllowed, match="hội đồng khác") as refused:
            close_account(user=both, by=administrator, now=world.now, council=world.council)
        assert world.other_council.name not in str(refused.value)
        with pytest.raises(NotAllowed):
            join(user=world.people["officer_x"], scope=world.agencies["a"], role=Role.VIEWER, by=administrator,
                 now=world.now, on=world.today)  # fmt: skip
    both.refresh_from_db()
    assert both.is_active and both.memberships.filter(left_on__isnull=True).count() == 2


def test_the_administrators_site_lists_nobody_of_another_council(world, sign_in):
    page = sign_in(world.people["administrator"]).get("/quan-tri/agencies/user/").content.decode()
    assert "officer_a" in page and "officer_x" not in page and "other_secretary" not in page


def test_rows_of_before_the_wall_are_filled_in_without_a_trace(busy):
    """An upgrade: the column comes to tables that are full, among them locked periods and insert-only ones."""
    from portal.council_wall.install import put_up, without_wall

    tables = ("reports_reportline", "reports_reportlineevent", "reports_reportfigure")
    versions = apps.get_model("reports", "ReportLineEvent").objects.count()
    connection.check_constraints()  # nothing may wait for the transaction's end on a table that is altered
    for name in tables:
        _sql(f"ALTER TABLE {name} DROP COLUMN wall_council_id CASCADE")
    assert set(without_wall()) == set(tables)
    put_up()
    put_up()
    assert without_wall() == []
    assert apps.get_model("reports", "ReportLineEvent").objects.count() == versions
    with wall.for_person(busy.people["secretary"].pk):
        assert (
            ReportLine.objects.exists()
            and not ReportLine.objects.exclude(report__agency__council=busy.council).exists()
        )
        assert ReportLine.objects.exists()
