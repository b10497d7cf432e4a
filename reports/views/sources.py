"""Where a figure comes from: the activities behind an agency's figure, the agencies behind the council's."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from agencies import clock
from agencies.permissions import Perm, access
from campaigns.models import Activity, DifferentEvents, Indicator
from reports.consolidation import consolidate
from reports.facts import Source, source_activities
from reports.models import ProgressReport
from reports.sheet import load_sheet
from reports.views.find import period_for, report_for


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def report_source(request, code, agency, indicator):
    """The activities of the agency that carry an indicator in the period, and the figure that its report gives."""
    report = report_for(request, code, agency)
    row = next((row for row in load_sheet(report).figures if row.code == indicator), None)
    if row is None:
        raise Http404
    period = report.period
    sources = source_activities(report.agency_id, (period.starts_on, period.ends_on), indicator)
    counted = sum(source.value for source in sources if source.counts)
    handed_in = None if report.is_editable else report.submitted_at
    context = {
        "report": report,
        "period": period,
        "row": row,
        "indicator": row.figure.indicator,
        "sources": [(source, _moved(source, handed_in)) for source in sources],
        "counted": counted,
        "left_out": sum(source.value for source in sources if not source.counts),
        "has_left_out": any(not source.counts for source in sources),
        "handed_in": handed_in,
        # Handed in is fixed: what was recorded, corrected or withdrawn later shows as a difference, and is said.
        "apart": handed_in and not row.figure.corrected and row.value is not None and row.value != counted,
    }
    return render(request, "reports/report_source.html", context)


def _moved(source: Source, handed_in) -> str:
    """What happened to an activity after the report was handed in; '' for nothing."""
    activity = source.activity
    if handed_in is None:
        return ""
    if activity.recorded_at > handed_in:
        return "ghi sau khi nộp"
    if activity.withdrawn_at and activity.withdrawn_at > handed_in:
        return "rút sau khi nộp"
    if activity.same_as_at and activity.same_as_at > handed_in:
        return "nhận ra trùng sau khi nộp"
    return ""


@access(Perm.CONSOLIDATE)
def consolidation_source(request, code, indicator):
    """One figure of the council by agency; each leads to the activities behind it."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    value = consolidate(period, as_of=clock.today())
    row = value.indicator(indicator)
    if row is None:
        raise Http404
    reports = ProgressReport.objects.filter(period__in=period.quarters()).select_related("agency", "period")
    parts: dict[str, list[ProgressReport]] = {}
    for report in reports.order_by("period__starts_on"):
        parts.setdefault(report.agency.code, []).append(report)
    accepted = {agency.code for agency in value.accepted}
    shown = [agency for agency in value.agencies if agency in value.reporting or row.of(agency.code) is not None]
    context = {
        "period": period,
        "value": value,
        "row": row,
        # A longer period is made of quarters; the activities stand in the quarters' own pages.
        "agencies": [
            (agency, row.of(agency.code), agency.code in accepted, parts.get(agency.code, [])) for agency in shown
        ],
        "from_activities": get_object_or_404(Indicator, code=indicator).from_activities,
    }
    return render(request, "reports/consolidation_source.html", context)


@access(Perm.REVIEW_REPORTS)
def board_doubles(request, code):
    """Events of a period that several agencies recorded: with whom each is counted, and those said to be apart."""
    period = period_for(request, code, Perm.REVIEW_REPORTS)
    days = (period.starts_on, period.ends_on)
    doubles = (
        Activity.objects.filter(agency__council=period.council_id, held_on__range=days, same_as__isnull=False)
        .select_related("agency", "same_as__agency")
        .order_by("held_on", "same_as", "pk")
    )
    reports: dict[int, list[ProgressReport]] = {}
    for report in ProgressReport.objects.filter(period__in=period.quarters()).select_related("agency", "period"):
        reports.setdefault(report.agency_id, []).append(report)
    apart = (
        DifferentEvents.objects.filter(
            Q(first__agency__council=period.council_id),
            Q(first__held_on__range=days) | Q(second__held_on__range=days),
        )
        .select_related("first__agency", "second__agency", "said_by")
        .order_by("first__held_on", "pk")
    )
    context = {
        "period": period,
        "doubles": [(activity, _still_counted(activity, reports.get(activity.agency_id, []))) for activity in doubles],
        "apart": list(apart),
    }
    return render(request, "reports/board_doubles.html", context)


def _still_counted(activity: Activity, reports: list[ProgressReport]) -> ProgressReport | None:
    """The report that had been handed in before the double was found: its fixed figures still hold the activity."""
    for report in reports:
        held = report.period.starts_on <= activity.held_on <= report.period.ends_on
        if held and not report.is_editable and report.submitted_at <= activity.same_as_at:
            return report
    return None
