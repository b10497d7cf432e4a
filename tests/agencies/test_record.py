"""The record is insert only, also for the owner of its tables, and every line is in its council's chain."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from agencies.history import acting, record
from agencies.journal.guards import guarded_tables, missing_guards
from agencies.models import RecordEntry, RecordLink
from portal.views_record import _in_words


def sql(text: str, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text, params or None)
        return cursor.fetchall() if cursor.description else None


@pytest.mark.django_db
def test_every_insert_only_table_has_its_guard():
    assert missing_guards() == []
    assert {"agencies_recordentry", "agencies_recordlink", "pghistory_context"} < set(guarded_tables())
    assert len(guarded_tables()) > 30


@pytest.mark.django_db
@pytest.mark.parametrize("ignored", [False, True], ids=["plainly", "with pgtrigger told to look away"])
def test_the_owner_of_the_tables_meets_an_error(world, ignored):
    if ignored:
        sql("SELECT set_config('pgtrigger.ignore', '{%}', false)".replace("%", ",".join(guarded_tables())))
        sql("SELECT set_config('session_replication_role', 'replica', false)")
    try:
        for table in guarded_tables():
            column = "updated_at = now()" if table == "pghistory_context" else None
            for text in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                with pytest.raises(DatabaseError, match="insert only"):
                    sql(text)
            name = sql(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                table,
            )[0][0]
            if column is None:
                with pytest.raises(DatabaseError, match="insert only"):
                    sql(f"UPDATE {table} SET {name} = {name}")
    finally:
        sql("SELECT set_config('pgtrigger.ignore', '', false), set_config('session_replication_role', 'origin', false)")


@pytest.mark.django_db
def test_lines_are_chained_in_their_councils(world):
    connection.check_constraints()
    assert not RecordEntry.objects.filter(link__isnull=True).exists()
    before = RecordLink.objects.filter(chain=world.council.pk).latest("number")
    line = record(by=None, now=world.now, verb="try", obj=world.agencies["a"], summary="Một việc")
    connection.check_constraints()
    link = RecordLink.objects.get(entry=line)
    assert (link.chain, link.number, bytes(link.before)) == (world.council.pk, before.number + 1, bytes(before.digest))


@pytest.mark.parametrize(("label", "field", "value", "said"), [
    ("agencies.User", "reopened_at", "2024-06-10T18:00:00.123456+00:00", "01:00 11/06/2024"),
    ("agencies.User", "reopened_at", None, "—"),
    ("agencies.Agency", "valid_from", "2024-06-10", "10/06/2024"),
    ("agencies.Agency", "name", "2024-06-10T18:00:00+00:00", "2024-06-10T18:00:00+00:00"),
    ("campaigns.ActivityFigure", "value", 12.5, "12,5"),
    ("campaigns.ActivityFigure", "value", "1200.000", "1.200"),
    ("agencies.User", "is_active", False, "Không"),
])  # fmt: skip
def test_before_and_after_are_told_as_people_write(label, field, value, said):
    assert _in_words(apps.get_model(label)._meta.get_field(field), value) == said


@pytest.mark.django_db
def test_before_and_after_hold_no_column_of_the_wall(world):
    line = world.report("a").lines.first()
    with acting(by=None, verb="try"):
        line.result = "Kết quả khác"
        line.save()
        told = record(by=None, now=world.now, verb="try", obj=line, summary="Thử")
    told.refresh_from_db()
    assert told.changes and "wall_council_id" not in told.changes
