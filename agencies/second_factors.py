"""Second factors: an authenticator app's codes, passkeys, recovery codes. Verbs, and judging what somebody gives.

The arithmetic is allauth's (django-allauth, mfa); what is ours: a code opens one session only, by the database itself,
and everything that changes is on the record.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.crypto import constant_time_compare

from agencies.errors import NotAllowed, WrongState
from agencies.history import Placed, acting, place_of, record
from agencies.models import User
from agencies.signin_rules import has_second_factor

STEP = 30  # seconds that one code of an authenticator app lives (RFC 6238)
NAMES = {
    Authenticator.Type.TOTP: "ứng dụng tạo mã",
    Authenticator.Type.WEBAUTHN: "khóa đăng nhập",
    Authenticator.Type.RECOVERY_CODES: "mã dự phòng",
}


def right_step(secret: str, code: str, now: datetime) -> int | None:
    """The step of time whose code this is: the present one or a neighbour, for clocks that are off; None otherwise."""
    digits = "".join(code.split())
    present = int(now.timestamp()) // STEP
    found = None
    for step in (present - 1, present, present + 1):
        if constant_time_compare(digits, format_hotp_value(hotp_value(secret, step))):
            found = step
    return found


@transaction.atomic
def use_code(*, user: User, code: str, now: datetime) -> Authenticator | None:
    """The factor that this code belongs to, used up by it; None when it is wrong or was used before."""
    code = code.strip()
    rows = Authenticator.objects.select_for_update().filter(user=user)
    for row in rows.exclude(type=Authenticator.Type.WEBAUTHN):
        if row.type == Authenticator.Type.TOTP:
            step = right_step(decrypt(row.data["secret"]), code, now)
            if step is None or step <= row.data.get("used_step", 0):
                continue
            row.data["used_step"] = step
            row.save(update_fields=["data"])
            return row
        if RecoveryCodes(row).validate_code("".join(code.split())):
            return row
    return None


def add_app(*, user: User, secret: str, code: str, now: datetime) -> Authenticator:
    """Turn on codes of an authenticator app, proven by one. Raises WrongState for a wrong code or a second app."""
    step = right_step(secret, code, now)
    if step is None:
        raise WrongState(
            "Mã chưa đúng. Chưa có gì thay đổi. Kiểm tra giờ của điện thoại (đặt giờ tự động), chờ mã mới rồi nhập lại."
        )
    with acting(by=user, verb="add_second_factor"):
        User.objects.select_for_update().get(pk=user.pk)
        if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            raise WrongState("Ứng dụng tạo mã đã được bật. Muốn đổi điện thoại, hãy gỡ ứng dụng cũ trước.")
        row = TOTP.activate(user, secret).instance
        row.data["used_step"] = step
        row.save(update_fields=["data"])
        _record(user, user, now, "add_second_factor", f"{user} bật {NAMES[row.type]}")
    return row


def add_passkey(*, user: User, name: str, credential: dict, now: datetime) -> Authenticator:
    """Keep a passkey whose registration has been judged (allauth.mfa.webauthn)."""
    with acting(by=user, verb="add_second_factor"):
        User.objects.select_for_update().get(pk=user.pk)
        row = WebAuthn.add(user, name, credential).instance
        _record(user, user, now, "add_second_factor", f"{user} thêm {NAMES[row.type]} “{name}”")
    return row


def new_recovery_codes(*, user: User, now: datetime) -> list[str]:
    """Ten new codes, shown once by the caller; the old ones end. Raises WrongState without a second factor."""
    with acting(by=user, verb="new_recovery_codes"):
        User.objects.select_for_update().get(pk=user.pk)
        if not has_second_factor(user):
            raise WrongState("Cần bật ứng dụng tạo mã hoặc thêm khóa đăng nhập trước, rồi mới tạo mã dự phòng.")
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        codes = RecoveryCodes.activate(user).get_unused_codes()
        _record(user, user, now, "new_recovery_codes", f"{user} tạo bộ mã dự phòng mới")
    return codes


def remove_factor(*, user: User, pk: int, now: datetime) -> None:
    """Take away one of one's own factors. With the last one go the recovery codes, and a password that was allowed to
    be short because of it must be changed. Taking away what is gone changes nothing."""
    with acting(by=user, verb="remove_second_factor"):
        User.objects.select_for_update().get(pk=user.pk)  # of two taken away at once the later one is the last
        row = Authenticator.objects.select_for_update().filter(user=user, pk=pk).first()
        if row is None:
            return
        kind = NAMES[row.type]
        row.delete()
        if not has_second_factor(user):
            Authenticator.objects.filter(user=user).delete()
            _ask_for_a_long_password(user)
        _record(user, user, now, "remove_second_factor", f"{user} gỡ {kind}")


def forget_factors(*, user: User, by: User | None, now: datetime, council) -> int:
    """Take away every factor of an account whose person lost them; how many. The caller has asked for the authority.

    A password that was allowed to be short because of them must be changed.
    """
    if by is not None and by.pk == user.pk:
        raise NotAllowed("Không ai tự gỡ xác thực hai bước của chính mình tại đây; hãy nhờ một quản trị hệ thống khác.")
    with acting(by=by, verb="forget_second_factors"):
        User.objects.select_for_update().get(pk=user.pk)
        count, _tables = Authenticator.objects.filter(user=user).delete()
        if count:
            _ask_for_a_long_password(user)
            _record(user, by, now, "forget_second_factors", f"Gỡ xác thực hai bước của {user}", council)
    return count


def _ask_for_a_long_password(user: User) -> None:
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])


def _record(user: User, by: User | None, now: datetime, verb: str, summary: str, scope=None) -> None:
    record(by=by, now=now, verb=verb, obj=Placed(user, scope or place_of(user)), summary=summary)
