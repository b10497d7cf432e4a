"""Figures that come from dated facts: activities of an agency, added up over any span of days."""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from campaigns.models import ActivityFigure
from reports.calendars import PeriodSpan


def activity_totals(agency_ids: Collection[int], span: PeriodSpan) -> dict[int, dict[str, Decimal]]:
    """Sum of each indicator over the counted activities of each agency in the span: agency id → code → value.

    An indicator that no activity carries is absent: nobody did it, which the report states as 0.
    """
    rows = (
        ActivityFigure.objects.filter(
            activity__agency__in=list(agency_ids),
            activity__held_on__range=(span.starts_on, span.ends_on),
            activity__withdrawn_at__isnull=True,
        )
        .values_list("activity__agency", "indicator__code")
        .annotate(total=Sum("value"))
        .order_by()
    )
    totals: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for agency_id, code, total in rows:
        totals[agency_id][code] = total
    return totals
