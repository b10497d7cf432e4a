"""Answers to something done: a notice that can take it back with one press."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django_htmx.http import HttpResponseClientRefresh

TAKEN_BACK = "Hoàn tác ngay sau khi ghi nhận."  # the reason on the record when an activity is undone by its notice


@dataclass(frozen=True)
class Undo:
    """What takes back what was just done: an address to send to, and what to send there (a reason, for one).

    ``in_place``: the address answers htmx by drawing the page again, whichever it is (``undone``).
    """

    url: str
    fields: Mapping[str, object] = field(default_factory=dict)
    in_place: bool = False


def tell_done(request, text: str, *, undo: Undo | None = None, again: str = "") -> None:
    """Say that something was done, with a button that takes it back.

    ``again`` is the address at which one does the like once more.
    """
    context = {"text": text, "undo": undo, "again": again}
    messages.success(request, render_to_string("campaigns/_done.html", context, request))


def undone(request, url_name: str, pk: int) -> HttpResponse:
    """After something was taken back: htmx stays on the page it was pressed on, a plain form goes to the object's."""
    if request.htmx:
        return HttpResponseClientRefresh()
    return redirect(url_name, pk=pk)
