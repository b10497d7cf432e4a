"""No table and no command is forgotten by the wall: found by looking, not by remembering."""

import inspect

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db import connection
from pghistory.models import Context
from procrastinate.contrib.django import app

from agencies import wall
from agencies.commands import CouncilsCommand
from agencies.history import acting
from portal.council_wall import install
from portal.council_wall.checks import the_wall_stands
from portal.council_wall.install import without_wall
from portal.council_wall.tables import BELONGS, NOBODYS, ROOMS, label_of, our_models, walled_tables

# Commands that run as the owner of the database, or touch nothing of a council; each with the reason.
NO_COUNCILS_BUSINESS = {
    "demo": "makes and empties the whole installation, as its owner",
    "serve": "migrates and starts the processes; what they do is walled in each",
    "show_period": "arithmetic of the calendar and the common days off",
    "check_document": "reads a file",
    "backup": "copies every row of every council, as the role that may read them all",
    "restore": "makes the whole installation anew, as its owner",
    "make_world": "copies whole councils into the tables, as a superuser",
    "create_council": "makes what the wall goes by, as the owner",
    "bench_wall": "measures with and without the wall, as the owner",
}

NO_COUNCILS_JOB = {"agencies.take_up_stalled": "asks the queue's own tables alone, which are nobody's"}


# Tables of libraries: of a person or of the machinery, before or without any council.
OF_LIBRARIES = {
    "account": "addresses of persons, unused: an account's own address is in agencies_user",
    "auth": "names of groups and permissions",
    "django": "migrations, names of models, the administrators' site's own notes",
    "guardian": "the library's own tables of grants, unused: ours stand in agencies_*permission",
    "mfa": "a person's second factors, asked before any council is known",
    "procrastinate": "the queue: numbers of rows, never what stands in them",
    "socialaccount": "a person's ways of signing in elsewhere",
}


def test_every_model_says_to_which_council_its_rows_belong():
    """A new model: add it to BELONGS, or to NOBODYS with the reason (portal/council_wall/tables.py)."""
    known = {label_of(model) for model in our_models()}
    assert known - set(BELONGS) - set(NOBODYS) == set()
    assert (set(BELONGS) | set(NOBODYS)) - known == set()
    assert not set(BELONGS) & set(NOBODYS)
    assert all(len(reason) > 15 for reason in NOBODYS.values())


@pytest.mark.django_db
def test_every_table_of_the_list_has_its_policy():
    assert without_wall() == []


@pytest.mark.django_db
def test_every_table_of_the_database_that_leads_to_a_council_is_behind_the_wall():
    """Not the models but the database is asked: whatever refers, over however many steps, to a council."""
    with connection.cursor() as cursor:
        cursor.execute("""
            WITH RECURSIVE leads AS (
                SELECT 'agencies_council'::regclass::oid AS rel
                UNION SELECT k.conrelid FROM pg_constraint k JOIN leads ON k.confrelid = leads.rel WHERE k.contype = 'f'
            )
            SELECT c.relname FROM leads JOIN pg_class c ON c.oid = leads.rel
            UNION SELECT table_name FROM information_schema.columns
                  WHERE table_schema = 'public' AND column_name IN ('council_id', 'agency_id', 'plan_id', 'period_id')
        """)
        lead = {name for (name,) in cursor.fetchall()}
    walled = {table.name for table in walled_tables()}
    assert lead - walled == set()
    # and the versions that the database keeps of each row
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'pgh_obj_id'"
                       " AND table_schema = 'public'")  # fmt: skip
        versions = {name for (name,) in cursor.fetchall()}
    assert versions - walled == {"agencies_userevent", "campaigns_indicatorevent", "reports_holidayevent"}


@pytest.mark.django_db
def test_every_other_table_of_the_database_is_known_by_name():
    """A new library, or a table made past the models: say why the wall need not stand around it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        names = {name for (name,) in cursor.fetchall()}
    ours = {table.name for table in walled_tables()} | {apps.get_model(label)._meta.db_table for label in NOBODYS}
    versions = {"agencies_userevent", "campaigns_indicatorevent", "reports_holidayevent"}
    others = names - ours - versions - {install.CONTEXTS}
    assert {name for name in others if name.partition("_")[0] not in OF_LIBRARIES} == {"agencies_recordwaiting"}


def test_what_people_gave_as_reasons_is_not_read_by_another_council(world):
    """pghistory's contexts: who did it and why, beside the versions (no council in them)."""
    plan, line = world.other_plan, world.report("x").lines.first()
    with acting(by=world.people["other_secretary"], verb="try", reason="Chuyện riêng"):
        type(plan).objects.filter(pk=plan.pk).update(title="Khác")
    with acting(by=world.people["officer_x"], verb="autosave_line", reason="Chuyện riêng"):
        type(line).objects.filter(pk=line.pk).update(result="Khác")
    with connection.cursor() as cursor:  # as after the commit that ends a verb, and the test's transaction does not
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")
    told = Context.objects.filter(metadata__reason="Chuyện riêng")
    assert told.count() == 2  # the owner, whom no policy binds
    with wall.for_person(world.people["secretary"].pk):
        assert not told.exists()
        with acting(by=world.people["secretary"], verb="mine", reason="Chuyện mình"):  # writing goes on, twice too
            for title in ("Một", "Hai"):
                type(plan).objects.filter(pk=world.plan.pk).update(title=title)
    assert Context.objects.filter(metadata__verb="mine").count() == 1
    with wall.for_person(world.people["officer_x"].pk):
        version = type(line).pgh_event_model.objects.select_related("pgh_context").latest("pgh_id")
        assert version.pgh_context.metadata["verb"] == "autosave_line" and told.count() == 1


def test_the_wall_goes_around_what_a_partial_migrate_has_made(world, monkeypatch):
    """Up to an earlier step of one room there are fewer tables, and fewer columns."""
    real = install._columns

    def partial(cursor):
        there = real(cursor)
        return {name: columns - {"plan_id"} for name, columns in there.items() if not name.startswith("reports_")}

    laid = []
    monkeypatch.setattr(install, "_columns", partial)
    monkeypatch.setattr(install, "_script", lambda tables: laid.extend(tables) or "")
    install.put_up()
    names = {table.name for table in laid}
    assert "campaigns_task" in names and "campaigns_planparty" not in names and "reports_period" not in names
    monkeypatch.setattr(install, "_columns", lambda cursor: {"django_migrations": set()})
    monkeypatch.setattr(install, "_role", lambda cursor: 1 / 0)
    install.put_up()


@pytest.mark.django_db
def test_a_policy_taken_away_is_missed_and_comes_back_with_the_next_migrate():
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP POLICY council_wall ON campaigns_task; ALTER TABLE reports_period DISABLE ROW LEVEL SECURITY"
        )
    assert sorted(without_wall()) == ["campaigns_task", "reports_period"]
    install.put_up()
    assert without_wall() == []


def test_every_command_works_behind_the_wall_or_says_why_not():
    """A new command on a council's business is a CouncilsCommand (agencies/commands.py)."""
    ours = {name: app for name, app in get_commands().items() if app in (*ROOMS, "portal")}
    outside = {name for name, app in ours.items() if not isinstance(load_command_class(app, name), CouncilsCommand)}
    assert outside - set(NO_COUNCILS_BUSINESS) == set()
    assert {name for name in NO_COUNCILS_BUSINESS if name in ours} <= outside


def test_every_job_opens_the_wall_or_says_why_not():
    """The worker signs in as portal_app: a job that opens nothing sees nothing, and its lines are no council's."""
    ours = {name: task for name, task in app.tasks.items() if name.split(".")[0] in (*ROOMS, "portal")}
    outside = {name for name, task in ours.items() if "with wall.everywhere():" not in inspect.getsource(task.func)}
    assert len(ours) > 5 and outside == set(NO_COUNCILS_JOB)


@pytest.mark.django_db
def test_the_deploy_check_remarks_an_owner_and_a_table_left_open(settings):
    settings.EMBEDDED_DATABASE = False
    assert [remark.id for remark in the_wall_stands(None, databases=["default"])] == ["portal.W001"]
    assert the_wall_stands(None, databases=None) == []
    with connection.cursor() as cursor:
        cursor.execute("DROP POLICY council_wall ON campaigns_task")
        cursor.execute("SET SESSION AUTHORIZATION portal_app")
    try:
        assert [remark.id for remark in the_wall_stands(None, databases=["default"])] == ["portal.W002"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")
