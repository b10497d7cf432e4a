"""What dated facts say: activities of an agency, added up over any span of days, and those that slip past a report."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from campaigns.models import Activity, ActivityFigure
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


@dataclass(frozen=True)
class ActivityFacts:
    """Activities that a report does not count, and why (rules V07, V26)."""

    late: int = 0  # of the period, recorded after the report was handed in
    lost: int = 0  # of the period before, recorded after that one's report was handed in
    lost_period: str = ""
    elsewhere: int = 0  # counted for the lead of their task


def activity_facts(report, before) -> ActivityFacts:
    """What slipped past an agency's report; ``before`` is its last accepted report, None when there is none."""
    asked = {
        "late": _recorded_after(report) if not report.is_editable else None,
        "lost": _recorded_after(before) if before is not None else None,
        "elsewhere": _counted_elsewhere(report),
    }
    counts = {name: Count("pk", filter=condition) for name, condition in asked.items() if condition is not None}
    if not counts:
        return ActivityFacts()
    found = Activity.objects.filter(agency=report.agency_id, withdrawn_at__isnull=True).aggregate(**counts)
    return ActivityFacts(**found, lost_period=str(before.period) if before is not None else "")


def _counted_elsewhere(report) -> Q | None:
    """Activities of the period that are counted with another agency's record of the same event, where those are told
    apart (``Activity.same_as``)."""
    if not hasattr(Activity, "same_as"):
        return None
    span = report.period.span
    return Q(held_on__range=(span.starts_on, span.ends_on), same_as__isnull=False)


def _recorded_after(report) -> Q | None:
    """Activities of the report's period that were recorded after it was handed in; None when it never was."""
    if report.submitted_at is None:
        return None
    span = report.period.span
    return Q(held_on__range=(span.starts_on, span.ends_on), recorded_at__gt=report.submitted_at)
