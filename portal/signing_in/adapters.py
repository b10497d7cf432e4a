"""How allauth's engine is fitted to the portal: our words, our pages, our record; nothing of its own reaches a page."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from agencies import sign_ins, wall
from agencies.clock import now
from agencies.directory import connect_directory
from agencies.errors import WrongState
from agencies.models import User
from agencies.sessions import ADDRESS, BROWSER, STARTED
from portal import unfinished
from portal.middleware import problem_page
from portal.recording import address_of
from portal.signing_in import browsers

TYPED = "signing_in.typed"


class AccountAdapter(DefaultAccountAdapter):
    """From the password (or single sign-on) to the session, through the second factor."""

    def get_login_stages(self):
        return ["allauth.mfa.stages.AuthenticateStage"]

    def is_open_for_signup(self, request):
        return False  # accounts are opened by administrators

    def add_message(self, request, level, *args, **kwargs):
        """The pages say it themselves."""

    def send_notification_mail(self, *args, **kwargs):
        """The record and the notices tell; an address may not be the person's own."""

    def get_login_redirect_url(self, request):
        return reverse("home")

    def is_safe_url(self, url):
        return bool(url) and unfinished.is_own_path(url, self.request)

    def respond_user_inactive(self, request, user):
        return refused(request)

    def login(self, request, user):
        super().login(request, user)
        request.session.pop(STARTED, None)  # it begins now, also when the browser was signed in already
        request.session[ADDRESS] = address_of(request) or ""
        request.session[BROWSER] = request.headers.get("User-Agent", "")[:300]

    def post_login(self, request, user, *, redirect_url=None, **_more):
        """Where the person was going, or what an ended session had typed; the browser is known from now on."""
        token = request.session.pop(TYPED, "")
        typed = unfinished.unpack(token, request) if token else None
        if typed:
            # The request began as nobody's: the page that gives it back is already the person's own.
            with wall.for_person(user.pk):
                response = unfinished.offer(request, typed, "Bạn đã đăng nhập lại.")
        else:
            response = redirect(redirect_url or reverse("home"))
        browsers.remember(request, response, user.username)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets encrypted where they lie, names in Vietnamese."""

    def encrypt(self, text):
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user):
        return user.username

    def get_totp_issuer(self):
        return "Cong phoi hop PBGDPL"  # some apps show no diacritics

    def _get_site_name(self):
        return "Cổng phối hợp PBGDPL"

    def get_public_key_credential_user_entity(self, user):
        return super().get_public_key_credential_user_entity(user) | {"name": user.username, "display_name": str(user)}


def _box() -> MultiFernet:
    """The key of the secrets, made from the portal's own; fallbacks open what was written before a change of key."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"portal.second-factor:" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """A person of another directory is matched by the subject they connected themself, never by name or address."""

    def pre_social_login(self, request, sociallogin):
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(_connect(request, sociallogin.account))
        if not sociallogin.is_existing:
            sign_ins.directory_refused(request, None, "chưa kết nối với tài khoản nào của cổng")
            raise ImmediateHttpResponse(not_connected(request))
        if not sociallogin.user.is_active:
            sign_ins.directory_refused(request, sociallogin.user, "tài khoản đã đóng")
            raise ImmediateHttpResponse(not_connected(request))

    def is_open_for_signup(self, request, sociallogin):
        return False

    def is_auto_signup_allowed(self, request, sociallogin):
        return False

    def new_user(self, request, sociallogin):
        return User()  # never saved

    def populate_user(self, request, sociallogin, data):
        return sociallogin.user

    def send_notification_mail(self, *args, **kwargs):
        """See ``AccountAdapter``."""

    def get_connect_redirect_url(self, request, socialaccount):
        return reverse("security")

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        user = request.user if request.user.is_authenticated else None
        sign_ins.directory_refused(request, user, "nhà cung cấp không xác nhận")
        raise ImmediateHttpResponse(
            problem_page(
                request,
                401,
                "Chưa đăng nhập được bằng tài khoản dùng chung",
                happened=[f"{settings.PORTAL_OIDC_NAME} không xác nhận được bạn, hoặc lần đăng nhập đã quá lâu."],
                kept="Không có gì thay đổi.",
                todo=["Đăng nhập lại từ đầu. Nếu vẫn gặp, dùng tên đăng nhập và mật khẩu của cổng này."],
                back=(reverse("login"), "Về trang đăng nhập"),
            )
        )


def _connect(request, account):
    """Somebody signed in has come back from proving that the account over there is theirs."""
    if not request.user.is_authenticated:
        return redirect("login")
    try:
        connect_directory(user=request.user, provider=account.provider, subject=account.uid, now=now())
    except WrongState as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Đã kết nối với {settings.PORTAL_OIDC_NAME}.")
    return redirect("security")


def not_connected(request):
    """Known over there, not here: nothing is created, and it is not said whether an account might fit."""
    return problem_page(
        request,
        403,
        "Tài khoản dùng chung chưa được kết nối",
        happened=["Chưa có tài khoản đang dùng nào của cổng này kết nối với tài khoản vừa đăng nhập."],
        kept="Không có tài khoản nào được tạo.",
        todo=["Đăng nhập bằng tên đăng nhập và mật khẩu, mở “Bảo mật tài khoản” rồi bấm “Kết nối”."],
        back=(reverse("login"), "Về trang đăng nhập"),
    )


def refused(request):
    """An account that was closed between two steps of signing in."""
    return redirect("login")
