"""From where a request came, and every file that goes out, for the record (agencies/history.py)."""

import ipaddress
import re
from urllib.parse import unquote

from django.conf import settings

from agencies import downloads
from agencies.clock import now
from agencies.history import coming_from

_NAME = re.compile(r"filename\*=UTF-8''([^;]+)|filename=\"((?:[^\"\\]|\\.)*)\"|filename=([^;\s]+)", re.IGNORECASE)


def address_of(request) -> str | None:
    """The address of the person's machine: what the last of our own proxies saw (PORTAL_PROXIES of them).

    What stands further left in X-Forwarded-For was written by the visitor and proves nothing. None when unknown.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if count := settings.PORTAL_PROXIES:
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        if len(seen) >= count:
            address = seen[-count]
    try:
        return str(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return None  # a unix socket, or nonsense


def file_name(response) -> str:
    """The name of the file that an answer carries; '' when it carries none."""
    stated = response.get("Content-Disposition", "")
    if not stated or response.status_code not in {200, 206}:
        return ""
    names = {("encoded" if star else "plain"): star or quoted or bare for star, quoted, bare in _NAME.findall(stated)}
    return (unquote(names["encoded"]) if "encoded" in names else names.get("plain", "")) or "không tên"


class OnRecord:
    """Every line of the record knows the address; every file that a signed-in person gets is a line."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with coming_from(address_of(request)):
            response = self.get_response(request)
            name = file_name(response)
            # A file asked for with HEAD has not gone out; one for a secret address is written by its view.
            if name and request.method != "HEAD" and request.user.is_authenticated:
                downloads.write_download(request=request, name=name[:150], by=request.user, now=now())
            return response
