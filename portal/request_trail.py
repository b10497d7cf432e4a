"""A name for every request: in the log, in the answer's X-Request-ID, and on the page of an error for the help desk.

nginx gives the name (deploy/nginx); without nginx one is made. The log says what was asked by the address's name and
how it ended, never what was typed, who it was by name, or the address itself (which may carry words or a secret).
"""

import logging
import re
import secrets
import time
from contextvars import ContextVar

from django.conf import settings

from portal import metrics

_CURRENT: ContextVar[str] = ContextVar("request_id", default="")
_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_log = logging.getLogger("portal.request")


def current() -> str:
    """The name of the request being answered by this thread; '' outside one."""
    return _CURRENT.get()


class RequestTrail:
    """The outermost middleware: names the request, times it, and writes one line about it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        token, started = _CURRENT.set(request_id), time.monotonic()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            seconds = time.monotonic() - started
            if settings.PORTAL_METRICS:
                metrics.count(response.status_code, seconds)
            _log.info("request", extra={"fields": _about(request, response.status_code, seconds)})
            return response
        finally:
            _CURRENT.reset(token)


def _about(request, status: int, seconds: float) -> dict:
    match = request.resolver_match
    user = getattr(request, "_cached_user", None)  # asked only where the page itself asked who it was
    return {
        "method": request.method,
        "view": match.view_name if match else "",
        "status": status,
        "ms": round(seconds * 1000),
        "account": user.pk if user is not None else None,
    }
