"""Single sign-on by OpenID Connect: leaving for the other directory, coming back, connecting one's own account.

A person is matched by issuer and subject alone, which they connected themself while signed in here. The ID token is
judged by its signature, issuer, audience and time, whatever channel it came by.
"""

import hashlib
from datetime import timedelta

import jwt
from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from requests.exceptions import RequestException

from agencies import clock
from agencies.directory import disconnect_directory
from agencies.permissions import access
from portal.signing_in.views import next_page
from portal.signing_in.views_security import OWN, confirmed

ALGORITHMS = frozenset({"RS256", "PS256", "ES256"})
CLOCKS_MAY_DIFFER = timedelta(seconds=30)
LONGEST_SUBJECT = SocialAccount._meta.get_field("uid").max_length


def subject_of(claims: dict) -> str:
    """Issuer and subject, as an account is connected to them; by their digest where they are too long to be kept."""
    subject = f"{claims['iss']}|{claims['sub']}"
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    return f"sha256:{hashlib.sha256(subject.encode()).hexdigest()}"


class StrictAdapter(OpenIDConnectOAuth2Adapter):
    """Of what the provider says only a signed ID token counts, and of that only who it is."""

    def complete_login(self, request, app, token, **kwargs):
        given = kwargs["response"].get("id_token")
        if not given:
            raise OAuth2Error("no ID token")
        claims = self._decode_id_token(app, given)
        return self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": subject_of(claims)}})

    def _decode_id_token(self, app, id_token):
        try:
            if jwt.get_unverified_header(id_token).get("alg") not in ALGORITHMS:
                raise OAuth2Error("algorithm not allowed")
            algorithm, key = jwtkit.fetch_key(id_token, self.openid_config["jwks_uri"], jwtkit.lookup_kid_jwk)
            claims = jwt.decode(
                id_token,
                key=key,
                algorithms=[algorithm],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=CLOCKS_MAY_DIFFER,
                options={"require": ["iss", "aud", "sub", "iat", "exp"]},
            )
            jwtkit.verify_jti(claims)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("ID token cannot be read") from error
        if not claims.get("sub"):
            raise OAuth2Error("nobody named")
        return claims


def _leave(request, process: str, next_url: str | None = None):
    """The page that goes on to the provider. A form may not be redirected off the site (content policy), a page may."""
    try:
        provider = get_adapter().get_provider(request, settings.OIDC)
    except (SocialApp.DoesNotExist, ImproperlyConfigured) as error:
        raise Http404 from error
    try:
        answer = provider.redirect(request, process, next_url=next_url)
    except (RequestException, KeyError, ValueError) as error:
        get_adapter().on_authentication_error(request, provider, exception=error)
    if not isinstance(answer, HttpResponseRedirect):
        return answer
    return render(request, "portal/signing_in/leave.html", {"url": answer.url, "sso_name": settings.PORTAL_OIDC_NAME})


@require_POST
@access(public="đăng nhập bằng tài khoản dùng chung")
def sso_login(request):
    """Leave for the provider to sign in."""
    return _leave(request, AuthProcess.LOGIN, next_page(request, request.POST.get("next", "")))


@require_safe
@login_not_required
@access(public="nơi nhà cung cấp đăng nhập một lần trả người dùng về")
def sso_callback(request, provider_id: str):
    """Back from the provider: what came is asked for its signature before anything else."""
    try:
        return OAuth2CallbackView.adapter_view(StrictAdapter(request, provider_id))(request)
    except (SocialApp.DoesNotExist, ImproperlyConfigured) as error:
        raise Http404 from error


@require_POST
@access(signed_in=OWN)
@confirmed
def sso_connect(request):
    """Leave for the provider to prove that the account over there is one's own."""
    return _leave(request, AuthProcess.CONNECT)


@require_POST
@access(signed_in=OWN)
@confirmed
def sso_disconnect(request):
    """From now on the other directory does not open this account."""
    if not SocialAccount.objects.filter(user=request.user).exists():
        messages.info(request, "Tài khoản của bạn không còn kết nối nào. Không có gì thay đổi thêm.")
        return redirect("security")
    disconnect_directory(user=request.user, now=clock.now())
    messages.success(request, "Đã ngắt kết nối. Bạn vẫn đăng nhập được bằng mật khẩu.")
    return redirect("security")
