"""Keeping the filters of a list under a name; every answer leads back to the list."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies import clock, saved_views
from agencies.errors import BusinessError
from agencies.models import Agency, Council, SavedView
from agencies.permissions import access, get_for

_OWN = "bộ lọc là của người lưu; ai được dùng chung thì hàm lưu kiểm tra"


def address_of(view: SavedView) -> str:
    """The list with the view's filters."""
    return f"{reverse(saved_views.LISTS[view.list_name].url_name)}?{view.query}"


@require_POST
@access(signed_in=_OWN)
def view_save(request):
    """Keep the filters that a list shows, for oneself or shared."""
    list_name, query = request.POST.get("danh-sach", ""), request.POST.get("loc", "")[:8000]
    if list_name not in SavedView.List.values:
        raise Http404
    back = f"{reverse(saved_views.LISTS[list_name].url_name)}?{saved_views.filters_in(list_name, query)}"
    given = {"by": request.user, "now": clock.now(), "list_name": list_name, "query": query}
    shared = _shared_with(request.user, request.POST.get("dung-chung", ""))
    try:
        view = saved_views.save_view(**given, name=request.POST.get("ten", ""), **shared)
    except BusinessError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect(back)
    messages.success(request, f"Đã lưu bộ lọc “{view.name}”.")
    return redirect(address_of(view))


def _shared_with(user, text: str) -> dict:
    """The agency or council that a choice names ('agency-3'), of those that the person may see; Http404 for another."""
    kind, _dash, number = text.partition("-")
    models = {"agency": Agency, "council": Council}
    if not text:
        return {}
    if kind not in models or not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise Http404
    return {kind: get_for(user, models[kind].objects, pk=int(number))}


def _change(request, pk: int, act, done: str):
    view = get_for(request.user, SavedView.objects, pk=pk)
    try:
        view = act(view)
    except BusinessError as error:
        if error.status == 403:
            raise
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, done.format(view.name))
    return view


@require_POST
@access(signed_in=_OWN)
def view_rename(request, pk: int):
    """Give one's view another name."""
    given = {"by": request.user, "now": clock.now(), "name": request.POST.get("ten", "")}
    view = _change(request, pk, lambda view: saved_views.rename_view(view=view, **given), "Đã đổi tên thành “{}”.")
    return redirect(address_of(view))


@require_POST
@access(signed_in=_OWN)
def view_remove(request, pk: int):
    """Take one's view away; the list then offers to bring it back."""
    given = {"by": request.user, "now": clock.now()}
    view = _change(request, pk, lambda view: saved_views.remove_view(view=view, **given), "Đã bỏ bộ lọc “{}”.")
    return redirect(f"{reverse(saved_views.LISTS[view.list_name].url_name)}?{urlencode({'da-bo': view.pk})}")


@require_POST
@access(signed_in=_OWN)
def view_restore(request, pk: int):
    """Bring back a view that one removed."""
    given = {"by": request.user, "now": clock.now()}
    view = _change(request, pk, lambda view: saved_views.restore_view(view=view, **given), "Đã lấy lại bộ lọc “{}”.")
    return redirect(address_of(view))
