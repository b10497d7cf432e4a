"""The gate before every page, the administrators' site included: a session in use, a password of one's own, a second
factor where the rules ask for one (agencies/signin_rules.py). It knows no page: it lets through those that open it."""

from datetime import timedelta

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.models import AnonymousUser
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from agencies import clock, signin_rules
from portal import unfinished
from portal.middleware import problem_page

# Pages on which a person does what the gate asks for, and those of anybody.
ALWAYS = frozenset({"login", "account_login", "logout", "text-size", "session-extend", "calendar-feed"})
PASSWORD_PAGES = ALWAYS | {"password-change"}
SECOND_FACTOR_PAGES = PASSWORD_PAGES | {"security", "confirm", "totp-add", "passkey-add", "recovery-codes"}
# What changes how the account is opened: with a second factor turned on, only for a session that has given it,
# whomever the rules ask for one. A session from before, on the password alone, could take the account over here.
OWN_SECURITY = (SECOND_FACTOR_PAGES - ALWAYS) | {
    "factor-remove", "sso-connect", "sso-disconnect", "session-list", "session-end", "session-end-others",
}  # fmt: skip

# Pages that ask again by themselves, every few seconds (htmx): nobody is using the session then.
ASK_BY_THEMSELVES = frozenset({"work-detail"})


class Gate:
    """Ends what has run out before the view is asked, and leads to what is still to be done."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated:
            return None
        now = clock.instant()
        if _run_out(request, now):
            _end(request)  # the view's own rule answers, and keeps what was typed
            return None
        name = request.resolver_match.view_name
        if name not in ASK_BY_THEMSELVES or "HX-Request" not in request.headers:
            request.session.touch(now)
        if name in OWN_SECURITY and not passed_second_factor(request) and signin_rules.has_second_factor(user):
            _end(request)  # turned on elsewhere since: sign in with it
            return None
        if name not in PASSWORD_PAGES and signin_rules.must_change_password(user, now):
            return _lead_to(request, "password-change", "Bạn cần đổi mật khẩu trước khi làm việc")
        if name not in SECOND_FACTOR_PAGES and not passed_second_factor(request):
            if signin_rules.needs_second_factor(user):
                if signin_rules.has_second_factor(user):  # turned on elsewhere since: sign in with it
                    _end(request)
                    return None
                return _lead_to(request, "security", "Bạn cần bật xác thực hai bước trước khi làm việc")
        return None


def passed_second_factor(request) -> bool:
    """Whether this session was opened, or since confirmed, with a second factor of its person."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _run_out(request, now) -> bool:
    session, user = request.session, request.user
    if session.started_at is not None and now - session.started_at > signin_rules.LONGEST_SESSION:
        return True
    idle = now - session.seen_at if session.seen_at else timedelta()
    # Whose limit it is costs a query: asked only by who was away longer than the shortest.
    return idle > signin_rules.IDLE_ADMINISTRATOR and idle > signin_rules.idle_limit(user)


def _end(request) -> None:
    """End a session that ran out. Nobody signed out: no event says so."""
    request.session.flush()
    request.user = AnonymousUser()


def _lead_to(request, url_name: str, title: str):
    url = reverse(url_name)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"state": "signed_out", "login_url": url}, status=401)
    if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
        return redirect(url)
    return problem_page(
        request,
        403,
        title,
        happened=[f"{title}: quy định này vừa áp dụng cho tài khoản của bạn."],
        kept="Chưa có gì được lưu.",
        todo=["Mở trang nêu dưới đây, làm theo hướng dẫn, rồi lưu lại."],
        typed=unfinished.typed_in(request) if request.method == "POST" else None,
        back=(url, "Mở trang cần làm"),
    )
