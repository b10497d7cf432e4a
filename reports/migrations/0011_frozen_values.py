"""The numbers of locked periods leave the period's row for a table of their own, with all that its versions carry."""

import django.db.models.deletion
from django.db import migrations, models

# Every value once for each period that carries it, now or in one of its versions. The parts are those of
# reports/freezing.py. The rows are rewritten by ALTER TABLE, not by UPDATE: neither the wall around a locked period nor
# the guard of the versions is taken down for it, and no version is written of a change that changes nothing.
MOVE = """
    CREATE TEMPORARY TABLE frozen_before ON COMMIT DROP AS
        SELECT nextval(pg_get_serial_sequence('reports_frozenvalue', 'id')) AS id, found.* FROM (
            SELECT DISTINCT ON (period, digest) * FROM (
                SELECT id AS period, council_id, md5(frozen_before::text) AS digest, frozen_before AS whole
                FROM reports_period WHERE frozen_before IS NOT NULL
                UNION ALL
                SELECT id, council_id, md5(frozen_before::text), frozen_before
                FROM reports_periodevent WHERE frozen_before IS NOT NULL
            ) AS kept ORDER BY period, digest
        ) AS found;
    CREATE UNIQUE INDEX ON frozen_before (period, digest);
    ANALYZE frozen_before;

    INSERT INTO reports_frozenvalue (id, council_id, totals, unreported, delays, told, tasks)
    SELECT id, council_id, coalesce(whole->'totals', '{}'),
        (SELECT jsonb_build_object(
            'done', count(*) FILTER (WHERE task->>'state' = 'done'),
            'on_track', count(*) FILTER (WHERE task->>'state' = 'on_track'),
            'due_soon', count(*) FILTER (WHERE task->>'state' = 'due_soon'),
            'overdue', count(*) FILTER (WHERE task->>'state' = 'overdue'),
            'suspended', count(*) FILTER (WHERE task->>'state' = 'suspended'))
         FROM jsonb_array_elements(whole->'tasks') AS task WHERE NOT (task->>'reported')::boolean),
        (SELECT coalesce(jsonb_agg(task ORDER BY due_on, place), '[]') FROM (
            SELECT task, task->>'due_on' COLLATE "C" AS due_on, place
            FROM jsonb_array_elements(whole->'tasks') WITH ORDINALITY AS told(task, place)
            WHERE task->>'state' = 'overdue' ORDER BY due_on, place LIMIT 5) AS late),
        whole - 'totals' - 'tasks', coalesce(whole->'tasks', '[]')
    FROM frozen_before ORDER BY id;

    CREATE FUNCTION pg_temp.frozen_value_of(bigint, jsonb) RETURNS bigint STABLE LANGUAGE sql AS
        'SELECT id FROM pg_temp.frozen_before WHERE period = $1 AND digest = md5($2::text)';
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE reports_period ALTER COLUMN frozen_id TYPE bigint
        USING pg_temp.frozen_value_of(id, frozen_before);
    ALTER TABLE reports_periodevent ALTER COLUMN frozen_id TYPE bigint
        USING pg_temp.frozen_value_of(id, frozen_before);
    DROP FUNCTION pg_temp.frozen_value_of;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0013_record"),
        ("reports", "0010_search_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("totals", models.JSONField(verbose_name="tổng số nhiệm vụ")),
                ("unreported", models.JSONField(verbose_name="chưa có báo cáo kỳ này")),
                ("delays", models.JSONField(verbose_name="chậm nhất")),
                ("told", models.JSONField(verbose_name="số liệu, lời văn")),
                ("tasks", models.JSONField(verbose_name="từng nhiệm vụ")),
                (
                    "council",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="frozen_values",
                        to="agencies.council",
                        verbose_name="hội đồng",
                    ),
                ),
            ],
            options={
                "verbose_name": "số liệu đã khóa",
                "verbose_name_plural": "số liệu đã khóa",
            },
        ),
        migrations.RemoveConstraint(model_name="period", name="period_locked_is_dated_and_frozen"),
        migrations.RenameField(model_name="period", old_name="frozen", new_name="frozen_before"),
        migrations.RenameField(model_name="periodevent", old_name="frozen", new_name="frozen_before"),
        migrations.AddField(
            model_name="period",
            name="frozen",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="reports.frozenvalue",
                verbose_name="số liệu đã khóa",
            ),
        ),
        migrations.AddField(
            model_name="periodevent",
            name="frozen",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="reports.frozenvalue",
                verbose_name="số liệu đã khóa",
            ),
        ),
        migrations.RunSQL(MOVE),
        migrations.RemoveField(model_name="period", name="frozen_before"),
        migrations.RemoveField(model_name="periodevent", name="frozen_before"),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("frozen__isnull", False), ("locked_at__isnull", False), ("state", "locked")),
                    models.Q(("frozen__isnull", True), ("locked_at__isnull", True), ("state", "open")),
                    _connector="OR",
                ),
                name="period_locked_is_dated_and_frozen",
            ),
        ),
    ]
