"""Signing in and out: the password, the second step, one's own password."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agencies import signin_rules
from agencies.accounts import change_own_password
from agencies.clock import instant, now
from agencies.permissions import access
from agencies.sessions import end_sessions
from portal import unfinished
from portal.signing_in import passkeys
from portal.signing_in.adapters import TYPED
from portal.signing_in.forms import CodeForm, OwnPasswordForm, SignInForm


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@access(public="trang đăng nhập")
def login(request):
    """Sign in. ``next`` is followed only inside this site; typed fields of an ended session are offered again."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(next_page(request, request.GET.get("next", "")))
        return sign_in_page(request, going_to=request.GET.get("next", ""))
    token = request.POST.get(unfinished.FIELD, "")
    typed = unfinished.unpack(token, request) if token else None
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        return sign_in_page(request, form=form, typed=typed, going_to=request.POST.get("next", ""))
    if request.user.is_authenticated:
        end_session(request)  # somebody else at the same browser: nothing of theirs stays
    if typed:
        request.session[TYPED] = unfinished.pack(typed)
    going_to = next_page(request, request.POST.get("next", ""))
    return perform_password_login(request, {}, Login(user=form.get_user(), redirect_url=going_to))


def sign_in_page(request, *, form=None, typed=None, going_to=""):
    """The sign-in page, with what an ended session had typed."""
    context = {
        "form": form or SignInForm(request),
        "typed": typed,
        "token": unfinished.pack(typed) if typed else "",
        "next": going_to if going_to and unfinished.is_own_path(going_to, request) else "",
        "login_url": reverse("login"),
        "sso_name": settings.PORTAL_OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] else "",
    }
    if settings.PORTAL_DEMO:
        from portal.demo.logins import DEMO_LOGINS, DEMO_PASSWORD  # not loaded where real people work

        context |= {"demo_logins": DEMO_LOGINS, "demo_password": DEMO_PASSWORD}
    return render(request, "portal/login.html", context)


def next_page(request, path: str) -> str:
    """The address a person asked for when it is one of this site, else the home page."""
    return path if path and unfinished.is_own_path(path, request) else reverse("home")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access(public="bước thứ hai của đăng nhập: người chưa có phiên mới đến đây")
def second_step(request):
    """The second factor: a code, or a passkey (its options are asked for by script, then given back signed)."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None or request.user.is_authenticated:
        return redirect("login")
    user = stage.login.user
    form = CodeForm(request, user, request.POST if "code" in request.POST else None)
    problem = ""
    if request.method == "POST" and "begin" in request.POST:
        return JsonResponse(passkeys.begin_sign_in(user))
    if request.method == "POST":
        if "credential" in request.POST:
            factor = passkeys.judge_sign_in(user, request.POST["credential"])
            problem = "" if factor else passkeys.REFUSED
        else:
            factor = form.factor if form.is_valid() else None
        if factor is not None:
            post_authentication(request, factor)
            return stage.exit()
        if request.POST.get("credential") or request.POST.get("code", "").strip():  # a press on an empty box is no try
            user_login_failed.send(sender=__name__, credentials={"username": user.username}, request=request)
    context = {"form": form, "has_passkey": passkeys.has_any(user), "problem": problem}
    return render(request, "portal/signing_in/second_step.html", context)


@require_POST
@access(public="người đã hết phiên vẫn bấm được nút đăng xuất")
def logout(request):
    """Sign out."""
    end_session(request)
    messages.success(request, "Bạn đã đăng xuất.")
    return redirect("login")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access(signed_in="ai cũng đổi được mật khẩu của chính mình")
def password_change(request):
    """Change one's own password; the other sessions of the account end."""
    must = signin_rules.must_change_password(request.user, instant())
    form = OwnPasswordForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = change_own_password(user=request.user, password=form.cleaned_data["new_password1"], now=now())
        update_session_auth_hash(request, user)
        end_sessions(user=user, by=user, now=now(), but=request.session.session_key)
        messages.success(request, "Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.")
        return redirect("home")
    return render(request, "portal/password_change.html", {"form": form, "must": must})
