"""What an agency reported before: its accepted reports of earlier periods, for whoever writes or reads the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from campaigns.models import Activity
from reports.facts import ActivityFacts
from reports.models import ProgressReport, ReportFigure


def report_before(report: ProgressReport) -> tuple[ProgressReport | None, ActivityFacts]:
    """The agency's last accepted report before this period, and the activities that slipped past either of the two.

    One query; two where there is no report before.
    """
    held = Activity.objects.filter(agency=report.agency_id, withdrawn_at__isnull=True)
    in_period = held.filter(held_on__range=(report.period.span.starts_on, report.period.span.ends_on))
    after = Q(pk__in=[]) if report.is_editable or not report.submitted_at else Q(recorded_at__gt=report.submitted_at)
    elsewhere = Q(same_as__isnull=False)
    lost = held.filter(
        held_on__range=(OuterRef("period__starts_on"), OuterRef("period__ends_on")),
        recorded_at__gt=OuterRef("submitted_at"),
    )
    before = (
        accepted_before(report)
        .select_related("period")
        .annotate(late=_how_many(in_period.filter(after)), elsewhere=_how_many(in_period.filter(elsewhere)))
        .annotate(lost=_how_many(lost))
        .order_by("-period__starts_on")
        .first()
    )
    if before is not None:
        return before, ActivityFacts(before.late, before.lost, str(before.period), before.elsewhere)
    counts = in_period.aggregate(late=Count("pk", filter=after), elsewhere=Count("pk", filter=elsewhere))
    return None, ActivityFacts(late=counts["late"], elsewhere=counts["elsewhere"])


def accepted_before(report: ProgressReport) -> QuerySet:
    """The agency's accepted reports of earlier periods."""
    return ProgressReport.objects.accepted().filter(
        agency=report.agency_id,
        period__council=report.period.council_id,
        period__starts_on__lt=report.period.starts_on,
    )


def _how_many(activities) -> Coalesce:
    counted = activities.order_by().values("agency").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


@dataclass(frozen=True)
class EarlierFigure:
    """One figure of an accepted report before this one."""

    period: str  # its code
    starts_on: date
    code: str  # of the indicator
    value: Decimal


@dataclass(frozen=True)
class Summary:
    """One indicator over the agency's accepted periods: the last figure, the mean of all, how many, the year's sum."""

    last: Decimal | None = None
    mean: Decimal | None = None
    periods: int = 0
    year: Decimal | None = None


def figures_before(report: ProgressReport) -> list[EarlierFigure]:
    """Every figure that the agency filled in and had accepted before this period, newest period first. One query."""
    rows = (
        ReportFigure.objects.filter(report__in=accepted_before(report), value__isnull=False)
        .order_by("-report__period__starts_on")
        .values_list("report__period__code", "report__period__starts_on", "indicator__code", "value")
    )
    return [EarlierFigure(*row) for row in rows]


def summaries(figures: Iterable[EarlierFigure], before: ProgressReport, year: int) -> dict[str, Summary]:
    """Indicator code → its summary; ``before`` is the last accepted report, ``year`` the reporting year added up."""
    by_code: dict[str, list[EarlierFigure]] = {}
    for figure in figures:
        by_code.setdefault(figure.code, []).append(figure)
    found = {}
    for code, rows in by_code.items():
        values = [row.value for row in rows]
        of_year = [row.value for row in rows if row.period.startswith(f"{year}-")]
        found[code] = Summary(
            last=next((row.value for row in rows if row.period == before.period.code), None),
            mean=sum(values) / len(values),
            periods=len(values),
            year=sum(of_year) if of_year else None,
        )
    return found
