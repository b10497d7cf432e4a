"""While the database is away (restarted, failed over): a page that says so and keeps what was typed."""

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.shortcuts import render
from psycopg import errors

from portal import request_trail, unfinished

RETRY_AFTER = 10  # seconds: a failover takes about that long
_TOKEN = "csrfmiddlewaretoken"


def is_away(error: BaseException | None) -> bool:
    """Whether this error says that the database cannot be reached, gave up waiting, or is not the primary (yet)."""
    if isinstance(error, OperationalError | InterfaceError | errors.OperationalError | errors.InterfaceError):
        return True
    return isinstance(error, Error) and isinstance(error.__cause__, errors.ReadOnlySqlTransaction)


def away_page(request: HttpRequest) -> HttpResponseBase:
    """503 with Retry-After. Asks nothing of the database; what a form brought can be sent again with one press."""
    context = {"request_id": request_trail.current(), "seconds": RETRY_AFTER, "typed": None}
    if request.method == "POST":
        context |= _typed(request)
    if request.headers.get("HX-Request") or "application/json" in request.headers.get("Accept", ""):
        # Our scripts keep what was typed where it is, say so, and a form that saves by itself tries again.
        response: HttpResponseBase = HttpResponse(status=503, content_type="text/plain; charset=utf-8")
    else:
        response = render(None, "503.html", context, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _typed(request: HttpRequest) -> dict:
    """What was typed and what sends it again; nothing where it holds secrets or could not be read."""
    try:
        typed, token = unfinished.typed_in(request), request.POST.get(_TOKEN, "")
    except (OSError, RawPostDataException):
        return {}
    return {"typed": typed, "token": token} if typed.items else {}
