"""What activities add up to, from the sums that the database keeps by agency and month, and the proof of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from campaigns.models import ActivitySum
from campaigns.models.activity_sums import COUNTED, RECORDED, STANDING_ACTIVITIES, STANDING_FIGURES, facts


@dataclass(frozen=True)
class MonthlySums:
    """Sums of activities: first day of a month → code of an indicator, COUNTED or RECORDED → sum."""

    months: dict[date, dict[str, Decimal]] = field(default_factory=dict)

    def of(self, code: str, month: date | None = None) -> Decimal:
        """The sum of a code in one month, or in all; 0 where nothing was recorded."""
        chosen = [self.months.get(month, {})] if month else self.months.values()
        return sum((values.get(code, Decimal(0)) for values in chosen), Decimal(0))

    @property
    def recorded(self) -> int:
        """How many activities stand, those counted with another agency's among them."""
        return int(self.of(RECORDED))


def sums_for(user, *, agency_id: int | None = None, codes=()) -> MonthlySums:
    """The sums of every activity that the person may see, or of one agency's among them; one query.

    The activities are those of ``Activity.objects.visible_to(user).standing()``; ``codes`` are indicators.
    """
    rows = ActivitySum.objects.visible_to(user).filter(code__in=[COUNTED, RECORDED, *codes])
    if agency_id is not None:
        rows = rows.filter(agency=agency_id)
    months: dict[date, dict[str, Decimal]] = defaultdict(dict)
    for month, code, value in rows.order_by().values_list("month", "code").annotate(total=Sum("value")):
        months[month][code] = value
    return MonthlySums(dict(months))


def sums_of(activities, *, codes=()) -> MonthlySums:
    """The same of any activities, added up now, in two queries. Those withdrawn are recorded too where they are among
    them; none of their figures counts."""
    months: dict[date, dict[str, Decimal]] = defaultdict(dict)
    by_month = activities.order_by().annotate(month=TruncMonth("held_on")).values_list("month")
    counts = Q(withdrawn_at__isnull=True, same_as__isnull=True)
    for month, recorded, counted in by_month.annotate(recorded=Count("pk"), counted=Count("pk", filter=counts)):
        months[month] |= {RECORDED: Decimal(recorded), COUNTED: Decimal(counted)}
    figures = by_month.filter(counts, figures__indicator__code__in=codes).values_list(
        "month", "figures__indicator__code"
    )
    for month, code, value in figures.annotate(total=Sum("figures__value")):
        months[month][code] = value
    return MonthlySums(dict(months))


_TRUTH = f"""
    SELECT agency_id, month, code, sum(value) AS value
    FROM ({facts(STANDING_ACTIVITIES, STANDING_FIGURES)}) AS said
    GROUP BY agency_id, month, code"""


def apart_from_activities() -> Iterator[str]:
    """A sentence for every sum that is not what the activities say. Reads every activity once."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(kept.agency_id, truth.agency_id), coalesce(kept.month, truth.month),"
            f" coalesce(kept.code, truth.code), coalesce(kept.value, 0), coalesce(truth.value, 0)"
            f" FROM campaigns_activitysum kept FULL JOIN ({_TRUTH}) truth USING (agency_id, month, code)"
            f" WHERE coalesce(kept.value, 0) <> coalesce(truth.value, 0) ORDER BY 1, 2, 3"
        )
        for agency, month, code, kept, truth in cursor.fetchall():
            yield (
                f"Tổng hoạt động {code} tháng {month:%m/%Y} của cơ quan số {agency} đang ghi {kept.normalize():f}, "
                f"các hoạt động cộng lại là {truth.normalize():f}: chạy manage.py rebuild_sums."
            )


def rebuild() -> int:
    """Make every sum anew from the activities, all or nothing; how many sums there are. Writers wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE campaigns_activity, campaigns_activityfigure IN SHARE MODE")
        cursor.execute("DELETE FROM campaigns_activitysum")
        cursor.execute(f"INSERT INTO campaigns_activitysum (agency_id, month, code, value) {_TRUTH} ORDER BY 1, 2, 3")
        return cursor.rowcount
