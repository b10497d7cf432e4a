"""Finding the period or report that an address names, for this person: 404 when foreign, 403 when not theirs to use."""

import re
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.http import Http404

from agencies.models import Council
from agencies.permissions import Perm, can, get_for, grants_of
from reports.comparison import with_handovers
from reports.freezing import lay_in, with_frozen, with_totals
from reports.models import Period, ProgressReport, ReportLine

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,40}")


def period_for(request, code: str, *perms: Perm) -> Period:
    """The period of that code in the person's council.

    A person of several councils gets the one named by ``?hoi-dong=`` or else the first where a permission is held.
    """
    periods = Period.objects.visible_to(request.user).filter(code=code).select_related("council__standing_agency")
    if chosen := request.GET.get("hoi-dong"):
        if not _SLUG.fullmatch(chosen):
            raise Http404
        periods = periods.filter(council__code=chosen)
    found = list(periods.order_by("council__code"))
    if not found:
        raise Http404
    for period in found:
        if not perms or any(can(request.user, perm, period.council) for perm in perms):
            return period
    raise PermissionDenied


def period_among(
    request, code: str, *perms: Perm, counted: Collection[str] = (), tasks: bool = False
) -> tuple[Period, list[Period]]:
    """``period_for`` and ``periods_of`` at once: the period of that code, and all of its council for the switch.

    One query for a person of one council. Only the period itself carries its frozen value (with its ``tasks``, if they
    are asked for) and its handovers; locked ones whose codes are ``counted`` carry their frozen totals.
    Raises what ``period_for`` raises.
    """
    if len(grants_of(request.user).all_councils) != 1:
        period = period_for(request, code, *perms)
        of_council = Period.objects.visible_to(request.user).filter(council=period.council)
        return period, _by_year(with_totals(of_council, counted))
    periods = Period.objects.visible_to(request.user).select_related("council__standing_agency")
    periods = with_frozen(with_handovers(with_totals(periods, counted), code=code), code=code, tasks=tasks)
    found = list(periods.order_by("-starts_on"))
    period = next((one for one in found if one.code == code), None)
    chosen = request.GET.get("hoi-dong")
    if period is None or (chosen and chosen != period.council.code):
        raise Http404
    if perms and not any(can(request.user, perm, period.council) for perm in perms):
        raise PermissionDenied
    lay_in(period)
    return period, _by_year(found)


def council_for(request, *perms: Perm) -> Council:
    """The person's council: the one named by ``?hoi-dong=``, else the first where a permission is held.

    Raises Http404 for one that is not theirs, PermissionDenied where none of ``perms`` is held.
    """
    councils = Council.objects.visible_to(request.user)
    if chosen := request.GET.get("hoi-dong"):
        councils = councils.filter(code=chosen) if _SLUG.fullmatch(chosen) else councils.none()
    found = list(councils.order_by("code"))
    if not found:
        raise Http404
    for council in found:
        if not perms or any(can(request.user, perm, council) for perm in perms):
            return council
    raise PermissionDenied


def report_for(request, code: str, agency: str, *perms: Perm) -> ProgressReport:
    """One agency's report of one period."""
    reports = ProgressReport.objects.select_related("agency__council", "period__council__standing_agency")
    # A person of two councils whose agencies share a code gets the first council's, always the same.
    reports = reports.order_by("agency__council__code")
    return get_for(request.user, reports, *perms, period__code=code, agency__code=agency)


def line_of(report: ProgressReport, pk: int) -> ReportLine:
    """A line of that report. Raises Http404 for any other."""
    line = report.lines.select_related("task__plan", "task__section", "edited_by", "report").filter(pk=pk).first()
    if line is None:
        raise Http404
    return line


def periods_of(request, council) -> list[Period]:
    """The council's periods for the switch on top of a page: by year, newest first; quarters before longer ones."""
    periods = Period.objects.visible_to(request.user).filter(council=council).order_by("-starts_on")
    return _by_year(periods)


def _by_year(periods) -> list[Period]:
    return sorted(periods, key=lambda period: (-period.span.year, not period.is_quarter, -period.ends_on.toordinal()))
