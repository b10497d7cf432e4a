"""/suc-khoe/: well or not, for whoever watches; what is wrong, for those who can mend it. Numbers for Prometheus."""

import secrets
import time
from http import HTTPStatus

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.clock import instant
from agencies.permissions import Perm, access, grants_of
from portal import health, metrics

_KEPT_SECONDS = 5  # somebody asking all day long costs the database nothing more


@require_safe
@access(public="máy giám sát hỏi “còn chạy không” không có tài khoản; chỉ trả lời có hoặc không")
def health_page(request):
    """Anonymous: only whether all is well (200) or not (503). Administrators: what each thing says."""
    found = _findings()
    well = all(finding.well for finding in found)
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    if _is_machine(request):
        details = {finding.name: {"ok": finding.well, "says": finding.words} for finding in found}
        return JsonResponse({"ok": well, "checks": details}, status=status)
    if _is_administrator(request):
        rows = [(health.NAMES[finding.name], finding) for finding in found]
        return render(request, "portal/health.html", {"well": well, "rows": rows}, status=status)
    return JsonResponse({"ok": well}, status=status)


@require_safe
@access(public="máy đo không có tài khoản; chỉ mở khi PORTAL_METRICS=1, từ chính máy chủ hoặc với mã bí mật")
def metrics_page(request):
    """Numbers in Prometheus's text format; for anybody else there is no such page."""
    if not settings.PORTAL_METRICS or not _is_machine(request):
        raise Http404
    lines = metrics.request_lines()
    for finding in health.examine(instant()):
        lines += metrics.gauge(f"portal_{finding.name}_ok", finding.well, "1 when well.")
        if finding.value is not None:
            name = f"portal_{finding.name}_{finding.unit}"
            lines += metrics.gauge(name, finding.value, "As /suc-khoe/ measures it.")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


_last: tuple[float, list[health.Finding]] = (float("-inf"), [])


def _findings() -> list[health.Finding]:
    """What was found within the last seconds, by this process: not in the cache, which may stand in the database."""
    global _last
    if time.monotonic() - _last[0] > _KEPT_SECONDS:
        _last = (time.monotonic(), health.examine(instant()))
    return _last[1]


def _is_machine(request) -> bool:
    """A watching program: it knows the secret, or asks from this machine past the web server in front."""
    secret = settings.PORTAL_METRICS_SECRET
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if secret and secrets.compare_digest(given.encode(), secret.encode()):
        return True
    direct = "X-Forwarded-For" not in request.headers and "Forwarded" not in request.headers
    here = request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1", ""}  # a socket has no address
    return bool(settings.PORTAL_METRICS) and direct and here


def _is_administrator(request) -> bool:
    try:
        return request.user.is_authenticated and grants_of(request.user).holds(Perm.MANAGE_ACCOUNTS)
    except Error:
        return False  # without a database nobody is known
