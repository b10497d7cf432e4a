"""Sums of activities by agency and month, kept by the database itself in the transaction that changes an activity.

A council's list of activities shows the sums of tens of thousands of rows on top; adding them up for every page costs
more than the page. Here they stand ready: whatever writes an activity or its figures, verb, bulk import or raw SQL,
writes the difference beside it. ``campaigns/activity_sums.py`` reads them, holds them against the facts and can make
them anew.
"""

import pgtrigger
from django.db import models
from django.db.models import Q

from agencies.models import Agency
from agencies.permissions import Perm, grants_of

# What is summed besides the indicators, by which codes: activities that were not withdrawn, and those that count (V26).
RECORDED, COUNTED = "recorded", "counted"


class ActivitySumQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sums of one's agencies; every sum of a council seen as a whole: those of the activities that one may see."""
        grants = grants_of(user)
        return self.filter(
            Q(agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(agency__council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
        )


class ActivitySum(models.Model):
    """What one agency's activities of one month add up to, of one indicator or in number. A row of 0 says nothing."""

    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="+")
    month = models.DateField("ngày đầu tháng")
    code = models.CharField("mã chỉ tiêu, hoặc số hoạt động", max_length=12)
    value = models.DecimalField("tổng", max_digits=20, decimal_places=3)

    objects = ActivitySumQuerySet.as_manager()

    class Meta:
        verbose_name = "tổng hoạt động theo tháng"
        verbose_name_plural = "tổng hoạt động theo tháng"
        ordering = ["agency", "month", "code"]
        # The list of an agency or a council reads all its months in the order of this key, the value with it.
        constraints = [
            models.UniqueConstraint(fields=["agency", "month", "code"], include=["value"], name="activity_sum_once")
        ]

    def __str__(self):
        return f"{self.agency_id} {self.month:%m/%Y} {self.code}: {self.value}"


# An activity says nothing once withdrawn; counted with another agency's record of the event it is only recorded.
_COUNTS = "a.withdrawn_at IS NULL AND a.same_as_id IS NULL"


def facts(activities: str, figures: str) -> str:
    """SQL for what these rows say, as (agency_id, month, code, value): ``activities`` a table of activities,
    ``figures`` a table of figures with a column ``activities`` has as id. Rows of either may bear a ``sign``."""
    month = "date_trunc('month', a.held_on)::date"
    return f"""
        SELECT a.agency_id, {month} AS month, '{RECORDED}' AS code, a.sign::numeric AS value
        FROM {activities} a WHERE a.withdrawn_at IS NULL
        UNION ALL
        SELECT a.agency_id, {month}, '{COUNTED}', a.sign FROM {activities} a WHERE {_COUNTS}
        UNION ALL
        SELECT a.agency_id, {month}, i.code, a.sign * f.sign * f.value
        FROM {activities} a JOIN {figures} f ON f.activity_id = a.id JOIN campaigns_indicator i ON i.id = f.indicator_id
        WHERE {_COUNTS}"""


def _add(differences: str) -> str:
    """PL/pgSQL that adds differences to the sums; in the order of the key, so that two writers never wait in a ring."""
    return f"""
        INSERT INTO campaigns_activitysum AS kept (agency_id, month, code, value)
        SELECT agency_id, month, code, sum(value) FROM ({differences}) AS said
        GROUP BY agency_id, month, code HAVING sum(value) <> 0 ORDER BY agency_id, month, code
        ON CONFLICT (agency_id, month, code) DO UPDATE SET value = kept.value + EXCLUDED.value;
        RETURN NULL;"""


def _signed(table: str, sign: int) -> str:
    return f"SELECT {sign} AS sign, * FROM {table}"


STANDING_ACTIVITIES = "(SELECT 1 AS sign, * FROM campaigns_activity)"
STANDING_FIGURES = "(SELECT 1 AS sign, * FROM campaigns_activityfigure)"
_STEPS = (
    (pgtrigger.Insert, {"new": "new_rows"}),
    (pgtrigger.Update, {"new": "new_rows", "old": "old_rows"}),
    (pgtrigger.Delete, {"old": "old_rows"}),
)


def _changed(tables: dict[str, str]) -> str:
    """The rows that a statement wrote, with sign 1, and those it took away, with sign -1."""
    return "(" + " UNION ALL ".join(_signed(name, 1 if key == "new" else -1) for key, name in tables.items()) + ")"


def _triggers(name: str, differences) -> list[pgtrigger.Trigger]:
    """One trigger for each kind of statement: a statement of five thousand rows adds its differences up once."""
    return [
        pgtrigger.Trigger(
            name=f"{name}_{str(operation).lower()}",
            operation=operation,
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            referencing=pgtrigger.Referencing(**tables),
            func=_add(differences(_changed(tables))),
        )
        for operation, tables in _STEPS
    ]


# Of an activity that changes, its figures as they stand are moved; of figures that change, only the figures: the two
# triggers together follow both, whatever is written first.
SUMS_OF_ACTIVITIES = _triggers("activity_sums", lambda changed: facts(changed, STANDING_FIGURES))
SUMS_OF_FIGURES = _triggers(
    "figure_sums",
    lambda changed: (
        f"""
        SELECT a.agency_id, date_trunc('month', a.held_on)::date AS month, i.code, f.sign * f.value AS value
        FROM {changed} f JOIN campaigns_activity a ON a.id = f.activity_id
             JOIN campaigns_indicator i ON i.id = f.indicator_id
        WHERE {_COUNTS}"""
    ),
)
