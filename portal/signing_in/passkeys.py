"""Passkeys (WebAuthn) between the browser and allauth: options out, signed answers in, every refusal in our words."""

import json
import struct

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError

REFUSED = (
    "Khóa đăng nhập chưa được chấp nhận. Chưa có gì thay đổi. Thử lại đúng thiết bị và trình duyệt đã đăng ký khóa, "
    "hoặc dùng mã xác thực."
)
# What a forged or garbled answer makes the parsers raise, those of JSON and of CBOR.
GARBLED = (
    ValidationError, ValueError, TypeError, LookupError, AttributeError, struct.error, RecursionError, InvalidSignature,
)  # fmt: skip


def has_any(user) -> bool:
    """Whether the person has registered a passkey."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def begin_sign_in(user) -> dict:
    """What the browser asks its key to sign; remembered in the session."""
    return auth.begin_authentication(user)


def judge_sign_in(user, credential: str) -> Authenticator | None:
    """The passkey that signed what was asked; None when it did not, or is not this person's."""
    try:
        given = json.loads(credential)
        auth.parse_authentication_response(given)
        return auth.complete_authentication(user, given)
    except GARBLED:
        return None


def begin_registration(user) -> dict:
    """What the browser asks a new key to make; remembered in the session."""
    return auth.begin_registration(user, passwordless=False)


def judge_registration(credential: str) -> dict | None:
    """The registration as the browser gave it, when it answers what was asked; None otherwise."""
    try:
        given = json.loads(credential)
        auth.parse_registration_response(given)
        auth.complete_registration(given)
    except GARBLED:
        return None
    return given
