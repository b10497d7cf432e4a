import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

# The council is worked out from the agency, as the trigger does from now on; no version of an activity is written.
_FILL = """
    ALTER TABLE campaigns_activity DISABLE TRIGGER USER;
    UPDATE campaigns_activity t SET council_id = a.council_id FROM agencies_agency a WHERE a.id = t.agency_id;
    ALTER TABLE campaigns_activity ENABLE TRIGGER USER;
"""
_ADD_UP = """
    INSERT INTO campaigns_activitysum (agency_id, month, code, value)
    SELECT agency_id, date_trunc('month', held_on)::date, code, sum(value)
    FROM (
        SELECT agency_id, held_on, 'recorded' AS code, 1::numeric AS value
        FROM campaigns_activity WHERE withdrawn_at IS NULL
        UNION ALL
        SELECT agency_id, held_on, 'counted', 1
        FROM campaigns_activity WHERE withdrawn_at IS NULL AND same_as_id IS NULL
        UNION ALL
        SELECT a.agency_id, a.held_on, i.code, f.value
        FROM campaigns_activity a
        JOIN campaigns_activityfigure f ON f.activity_id = a.id JOIN campaigns_indicator i ON i.id = f.indicator_id
        WHERE a.withdrawn_at IS NULL AND a.same_as_id IS NULL
    ) AS said
    GROUP BY 1, 2, 3 HAVING sum(value) <> 0
"""


def _council(**options):
    return models.ForeignKey(
        to="agencies.council",
        on_delete=django.db.models.deletion.RESTRICT,
        related_name="+",
        editable=False,
        db_index=False,
        verbose_name="hội đồng",
        **options,
    )


class Migration(migrations.Migration):
    """A council's activities in order, and their sums by agency and month."""

    dependencies = [("agencies", "0013_record"), ("campaigns", "0007_search_words")]

    operations = [
        migrations.AddField("activity", "council", _council(null=True)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField("activity", "council", _council()),
        migrations.AddIndex(
            "activity",
            models.Index(F("council"), F("held_on").desc(), F("id").desc(), name="activity_newest_of_council"),
        ),
        migrations.CreateModel(
            name="ActivitySum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="ngày đầu tháng")),
                ("code", models.CharField(max_length=12, verbose_name="mã chỉ tiêu, hoặc số hoạt động")),
                ("value", models.DecimalField(decimal_places=3, max_digits=20, verbose_name="tổng")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="cơ quan",
                    ),
                ),
            ],
            options={
                "verbose_name": "tổng hoạt động theo tháng",
                "verbose_name_plural": "tổng hoạt động theo tháng",
                "ordering": ["agency", "month", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency", "month", "code"), include=("value",), name="activity_sum_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(_ADD_UP, migrations.RunSQL.noop),
    ]
