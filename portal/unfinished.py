"""Never lose a sentence: what somebody typed comes back after the session ended under their hands.

A form that arrives without a session is answered by the sign-in page carrying the typed fields, compressed and
signed. After signing in, the person sees them again and sends them to where they were going with one press.
Files and passwords are never carried.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pghistory.models
from django.apps import apps
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

SALT = "portal.unfinished"
KEPT_FOR = timedelta(hours=12)
FIELD = "typed"  # name of the hidden field of the sign-in page
ROOMS = ("agencies", "campaigns", "reports")

# Fields that people do not type: they are sent again but not shown.
_TECHNICAL = re.compile(r"(^|-)((TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|id|version|drafted|form_key|next|action)$")
_SECRET = re.compile(r"password|mat_khau|csrfmiddlewaretoken", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """The fields of one form that could not be saved, and where they were going."""

    path: str
    items: list[tuple[str, str]]
    files: list[str]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """What a person wrote, as (label, text), without empty fields, technical ones and ids of choices."""
        labels, choices = _vocabulary()
        shown = []
        for name, value in self.items:
            bare = re.split(r"[-.]", name)[-1]
            if value.strip() and bare not in choices and not _TECHNICAL.search(name):
                shown.append((labels.get(bare, ""), value))
        return shown


@cache
def _vocabulary() -> tuple[dict[str, str], frozenset[str]]:
    """Field name → what people call it, when it has one meaning; and the names of fields that hold ids."""
    meanings: dict[str, set[str]] = {}
    choices = set()
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            if issubclass(model, pghistory.models.Event):
                continue
            for field in (*model._meta.fields, *model._meta.many_to_many):
                if field.is_relation:
                    choices.add(field.name)
                else:
                    meanings.setdefault(field.name, set()).add(str(field.verbose_name))
    return {name: next(iter(words)) for name, words in meanings.items() if len(words) == 1}, frozenset(choices)


def typed_in(request: HttpRequest) -> Typed:
    """What came with a POST, in its order, without secrets and without the contents of files.

    Nothing of the pages of signing in and of one's own security: what is typed there is secret by any name.
    """
    if request.path.startswith((reverse("login"), reverse("security"))):
        return Typed(request.get_full_path(), [], [])
    items = [(name, value) for name, values in request.POST.lists() for value in values if not _SECRET.search(name)]
    files = [upload.name for _name, uploads in request.FILES.lists() for upload in uploads]
    return Typed(request.get_full_path(), items, files)


def pack(typed: Typed) -> str:
    """Compressed and signed, for a hidden field."""
    return signing.dumps([typed.path, typed.items, typed.files], salt=SALT, compress=True)


def unpack(token: str, request: HttpRequest) -> Typed | None:
    """The fields again; None when the token is not ours, too old, or leads off this site."""
    try:
        path, items, files = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError):
        return None
    if not is_own_path(path, request):
        return None
    return Typed(path, [tuple(item) for item in items], files)


def is_own_path(path: str, request: HttpRequest) -> bool:
    """Whether an address leads to a page of this site (no scheme, no host, no protocol-relative tricks)."""
    return path.startswith("/") and url_has_allowed_host_and_scheme(
        path, allowed_hosts=None, require_https=request.is_secure()
    )


def sign_in_keeping_typed(request: HttpRequest) -> HttpResponse:
    """Answer to a POST without a session: the sign-in page with everything typed inside.

    A form sent by htmx stays on its page with its text; only a notice is shown there. A form that saves by itself
    asks for JSON and is told where to sign in.
    """
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"state": "signed_out", "login_url": reverse("login")}, status=401)
    if request.headers.get("HX-Request"):
        return as_notice(render(request, "portal/_session_over.html", {"login_url": reverse("login")}))
    from portal.signing_in.views import sign_in_page  # the views import this module

    return sign_in_page(request, typed=typed_in(request))


def offer(request: HttpRequest, typed: Typed, reason: str) -> HttpResponse:
    """The page that shows what was typed and sends it again with one press."""
    return render(request, "portal/unfinished.html", {"typed": typed, "reason": reason})


def as_notice(response: HttpResponse) -> HttpResponse:
    """Send a fragment to the notices of the page, so that htmx leaves what was typed where it is."""
    response["HX-Retarget"], response["HX-Reswap"] = "#notices", "innerHTML"
    return response
