"""“Bảo mật tài khoản”: one's second factors, recovery codes, sessions, and the other directory one is connected to."""

import base64
from datetime import datetime, timedelta
from functools import wraps

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock, second_factors, signin_rules
from agencies.errors import WrongState
from agencies.models import Session
from agencies.permissions import access, get_for
from agencies.sessions import end_sessions
from portal.signing_in import passkeys
from portal.signing_in.forms import AppForm, ConfirmForm, PasskeyForm
from portal.signing_in.user_agents import in_words
from portal.signing_in.views import next_page

SALT, KEY_LIVES = "portal.authenticator-app", timedelta(minutes=15)
CONFIRMED, CONFIRMED_FOR = "confirmed_at", timedelta(minutes=10)
OWN = "mỗi người chỉ thấy và sửa bảo mật của tài khoản mình"


def confirmed(view):
    """Ask for the password once more unless the person gave it within the last ten minutes."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        given = request.session.get(CONFIRMED)
        began = datetime.fromisoformat(given) if given else request.session.started_at
        if began is not None and clock.instant() - began < CONFIRMED_FOR:
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else reverse("security")
        return redirect(f"{reverse('confirm')}?{urlencode({'next': back})}")

    return guarded


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access(signed_in=OWN)
def confirm(request):
    """The password once more."""
    form = ConfirmForm(request, request.POST if request.method == "POST" else None)
    going_to = next_page(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST" and form.is_valid():
        request.session[CONFIRMED] = clock.instant().isoformat()
        return redirect(going_to)
    return render(request, "portal/signing_in/confirm.html", {"form": form, "next": going_to})


@require_safe
@access(signed_in=OWN)
def security(request):
    """What protects one's account, and what the rules still ask for."""
    rows = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    by_type = {kind: [row for row in rows if row.type == kind] for kind in Authenticator.Type}
    codes = by_type[Authenticator.Type.RECOVERY_CODES]
    proven = any(row.type in signin_rules.PROOFS for row in rows)
    context = {
        "app": next(iter(by_type[Authenticator.Type.TOTP]), None),
        "passkeys": [(row, row.wrap().name) for row in by_type[Authenticator.Type.WEBAUTHN]],
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "proven": proven,
        "needed": not proven and signin_rules.needs_second_factor(request.user),
        "sso_name": settings.PORTAL_OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] else "",
        "connected": SocialAccount.objects.filter(user=request.user).first(),
    }
    return render(request, "portal/signing_in/security.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access(signed_in=OWN)
@confirmed
def totp_add(request):
    """Turn on an authenticator app: the key as a picture and as letters, then its first code.

    The key travels in the page, signed for this person, and is stored only once a code has proven it.
    """
    user = request.user
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        messages.info(request, "Ứng dụng tạo mã đã được bật. Muốn đổi điện thoại, hãy gỡ ứng dụng cũ trước.")
        return redirect("security")
    secret = _key_sent_along(request) or generate_totp_secret()
    form = AppForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            factor = second_factors.add_app(
                user=user, secret=secret, code=form.cleaned_data["code"], now=clock.instant()
            )
        except WrongState as error:
            form.add_error("code", error.messages[0])
        else:
            return _proven(request, factor, "Đã bật xác thực bằng ứng dụng tạo mã.")
    if request.method == "POST":
        status = 422
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(user, secret)).encode()
    context = {
        "form": form,
        "picture": "data:image/svg+xml;base64," + base64.b64encode(picture).decode(),
        "letters": [secret[start : start + 4] for start in range(0, len(secret), 4)],
        "key": signing.dumps([user.pk, secret], salt=SALT),
    }
    return render(request, "portal/signing_in/totp_add.html", context, status=status)


def _key_sent_along(request) -> str:
    try:
        owner, secret = signing.loads(request.POST.get("key", ""), salt=SALT, max_age=KEY_LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return secret if owner == request.user.pk else ""


@require_http_methods(["GET", "HEAD", "POST"])
@access(signed_in=OWN)
@confirmed
def passkey_add(request):
    """Register a passkey: options by script, then the browser's signed answer with a name."""
    if request.method == "POST" and "begin" in request.POST:
        return JsonResponse(passkeys.begin_registration(request.user))
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        given = passkeys.judge_registration(request.POST.get("credential", "")) if form.is_valid() else None
        if given is not None:
            name = form.cleaned_data["name"]
            factor = second_factors.add_passkey(user=request.user, name=name, credential=given, now=clock.now())
            return _proven(request, factor, f"Đã thêm khóa đăng nhập “{name}”.")
        if form.is_valid():
            form.add_error(None, passkeys.REFUSED)
    return render(request, "portal/signing_in/passkey_add.html", {"form": form}, status=status)


def _proven(request, factor, said: str):
    """The session now stands on two factors, the others end; without recovery codes those come next."""
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type)
    ended = end_sessions(user=request.user, by=request.user, now=clock.now(), but=request.session.session_key)
    messages.success(request, f"{said} {ended} phiên đăng nhập khác của bạn đã kết thúc." if ended else said)
    kept = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).exists()
    return redirect("security" if kept else "recovery-codes")


@require_http_methods(["GET", "HEAD", "POST"])
@access(signed_in=OWN)
@confirmed
def recovery_codes(request):
    """Ten codes to keep on paper: made by a press and shown that once."""
    codes = second_factors.new_recovery_codes(user=request.user, now=clock.now()) if request.method == "POST" else None
    return render(request, "portal/signing_in/recovery_codes.html", {"codes": codes})


@require_POST
@access(signed_in=OWN)
@confirmed
def factor_remove(request, pk: int):
    """Take away one of one's own factors. One that is gone already (a second click) is nobody's."""
    owner = Authenticator.objects.filter(pk=pk).values_list("user", flat=True).first()
    if owner is None:
        messages.info(request, "Cách xác thực này đã được gỡ từ trước. Không có gì thay đổi thêm.")
        return redirect("security")
    if owner != request.user.pk:
        raise Http404
    second_factors.remove_factor(user=request.user, pk=pk, now=clock.now())
    messages.success(request, "Đã gỡ. Nếu đó là cách xác thực cuối cùng, bạn sẽ được yêu cầu đặt mật khẩu mới.")
    return redirect("security")


# --- sessions


@require_safe
@access(signed_in=OWN)
def session_list(request):
    """Where one is signed in."""
    rows = Session.objects.visible_to(request.user).alive(clock.instant()).order_by("-seen_at")
    sessions = [(row, in_words(row.browser), row.pk == request.session.session_key) for row in rows]
    return render(request, "portal/signing_in/sessions.html", {"sessions": sessions})


@require_POST
@access(signed_in=OWN)
def session_end(request, reference: str):
    """End one of one's own sessions; ending the one in use is signing out."""
    if not Session.objects.filter(reference=reference).exists():  # a second click, or it ran out meanwhile
        messages.info(request, "Phiên làm việc đó đã kết thúc từ trước.")
        return redirect("session-list")
    row = get_for(request.user, Session.objects, reference=reference)
    here = row.pk == request.session.session_key
    end_sessions(user=request.user, by=request.user, now=clock.now(), only=row)
    if here:
        request.session.flush()
        return redirect("login")
    messages.success(request, "Đã kết thúc phiên làm việc đó.")
    return redirect("session-list")


@require_POST
@access(signed_in=OWN)
def session_end_others(request):
    """End every session but this one."""
    count = end_sessions(user=request.user, by=request.user, now=clock.now(), but=request.session.session_key)
    messages.success(request, f"Đã kết thúc {count} phiên khác." if count else "Không có phiên nào khác đang mở.")
    return redirect("session-list")


@require_POST
@access(signed_in="người đang làm việc báo là vẫn còn ở đó")
def session_extend(request):
    """The person is still there (portal/static/portal/idle.js); the gate has already written it down."""
    return JsonResponse({"person": request.user.pk})
