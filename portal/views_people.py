"""Seeing as a person sees, and the first-login tour."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from agencies.models import User
from agencies.permissions import Perm, access
from agencies.tours import finish_tours
from portal.preview import councils_in_common, seen_by
from portal.tours import TOURS, tour_for
from portal.unfinished import is_own_path


@require_safe
@access(Perm.MANAGE_AGENCIES, Perm.MANAGE_ACCOUNTS)
def person_preview(request, pk: int):
    """What a person sees and may do, for those who manage the agencies or accounts of a council they belong to.

    Reading only: nothing can be done from here in the person's name. Others are 404.
    """
    person = User.objects.filter(pk=pk).first()
    councils = councils_in_common(request.user, person) if person else frozenset()
    if not councils:
        raise Http404
    seen = seen_by(person, reader=request.user, councils=councils, today=clock.today())
    return render(request, "portal/preview.html", {"seen": seen, "person": person})


@require_safe
@access(signed_in="ai cũng xem lại được hướng dẫn nhanh của vai trò mình")
def tour(request):
    """The tours of the roles one holds, all steps on one page."""
    held = set(_roles(request.user))
    return render(request, "portal/tour.html", {"tours": [row for row in TOURS if row.role.value in held]})


@require_POST
@access(signed_in="mỗi người tự đánh dấu đã xem hướng dẫn của mình")
def tour_done(request):
    """Done or skipped: the tours of the roles one holds never come back by themselves."""
    held = _roles(request.user)
    if tour_for(held):
        finish_tours(by=request.user, roles=held)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    back = request.POST.get("next", "")
    return redirect(back if back and is_own_path(back, request) else reverse("home"))


def _roles(user) -> list[str]:
    return list(user.memberships.filter(left_on__isnull=True).values_list("role", flat=True).order_by().distinct())
