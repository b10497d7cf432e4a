"""Screens of plans, tasks, activities and evidence, and what several of them share."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404

from agencies.errors import BusinessError
from agencies.history import timeline

REFUSED = 422  # a page that comes back because something on it is wrong
TIMELINE_ROWS = 30
CHUNK = 500  # rows read at a time for a file


@dataclass(frozen=True)
class Button:
    """Something the person may do from a page; the view decides, the template only draws."""

    label: str
    url: str
    icon: str
    tone: str = "plain"  # primary, plain, danger
    opens_in_place: bool = False  # the form of an activity, on a page that loads activity.js


def page_of(request, rows, size: int, *, total: int | None = None):
    """The page that the address asks for; the nearest one when there is no such page. ``total``: rows, when known."""
    paginator = Paginator(rows, size)
    if total is not None:
        paginator.count = total
    return paginator.get_page(request.GET.get("page"))


def tell(form, error: BusinessError) -> int:
    """Put the words of a refusal on top of the form, with what was typed kept; returns the answer's status."""
    for message in error.messages:
        form.add_error(None, message)
    return error.status


def id_in(request, name: str) -> int | None:
    """An object's number in the address; None when absent. Raises Http404 when it is no number."""
    text = request.GET.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)


def recent(obj):
    """The newest lines of an object's record."""
    return timeline(obj)[:TIMELINE_ROWS]
