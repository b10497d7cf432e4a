"""The row of saved filters above a list."""

from django import template
from django.db.models import Q

from agencies.models import SavedView
from agencies.saved_views import filters_in
from agencies.views_saved import address_of

register = template.Library()


@register.inclusion_tag("portal/_saved_views.html", takes_context=True)
def saved_views(context, list_name: str):
    """The person's filters of a list and those shared with them, as chips; and the form that keeps the present ones.

    ``list_name`` is one of SavedView.List. One query.
    """
    request, shell = context["request"], context["shell"]
    now = filters_in(list_name, request.GET.urlencode())
    gone = request.GET.get("da-bo", "")
    wanted = Q(removed_at__isnull=True)
    if gone.isascii() and gone.isdecimal() and len(gone) < 19:
        wanted |= Q(pk=int(gone), owner=request.user)
    found = SavedView.objects.visible_to(request.user).filter(wanted, list_name=list_name)
    chips, removed = [], None
    for view in found.select_related("agency", "council", "owner"):
        if view.removed_at is not None:
            removed = view
            continue
        own = view.owner_id == request.user.pk
        shared = str(view.agency) if view.agency else "Hội đồng" if view.council else ""
        chips.append({"view": view, "url": address_of(view), "on": view.query == now, "own": own, "shared": shared})
    return {
        "chips": chips,
        "own": [chip for chip in chips if chip["own"]],
        "removed": removed,
        "query": now,
        "kept_already": any(chip["on"] and chip["own"] for chip in chips),
        "list_name": list_name,
        "shares": shell.scopes,
        "csrf_token": context.get("csrf_token"),
    }
