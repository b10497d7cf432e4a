"""The handover page: for an agency's people, a new officer first of all, and for those who see the whole council."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.models import Agency
from agencies.permissions import Perm, access, get_for, grants_of
from agencies.privacy import Reach, sees_whole
from reports.handover import handover_of


@require_safe
@access(Perm.VIEW_WORK)
def agency_handover(request, pk: int):
    """What is open, what was promised, how it was done last time, who to ask."""
    agency = get_for(request.user, Agency.objects.select_related("council"), Perm.VIEW_WORK, pk=pk)
    handover = handover_of(agency, clock.today())
    context = {
        "agency": agency,
        "handover": handover,
        "today": clock.today(),
        # User names are for colleagues and for those who manage; how to reach people is masked for others.
        "whole": sees_whole(request.user, agency),
        "present": [(member, Reach.of(member.user, reader=request.user, scope=agency)) for member in handover.present],
        "works_here": pk in grants_of(request.user).agencies(Perm.RECORD_PROGRESS),
    }
    return render(request, "reports/handover.html", context)
