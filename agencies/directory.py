"""An account of another directory (single sign-on) that opens an account here: connected by its person, told apart by
issuer and subject, never by a name or an address."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError

from agencies.errors import WrongState
from agencies.history import Placed, acting, place_of, record
from agencies.models import Council, User


def connect_directory(*, user: User, provider: str, subject: str, now: datetime) -> SocialAccount:
    """Connect one's account to a subject over there. Connecting the same twice changes nothing.

    Raises WrongState when that subject opens another account, or this account is opened by another subject.
    """
    try:
        with acting(by=user, verb="connect_directory"):
            User.objects.select_for_update().get(pk=user.pk)
            own = SocialAccount.objects.filter(user=user).first()
            if own is not None and (own.provider, own.uid) != (provider, subject):
                raise WrongState(
                    "Tài khoản của bạn đã kết nối với một tài khoản dùng chung khác. Hãy ngắt kết nối đó trước."
                )
            if own is None:
                own = SocialAccount.objects.create(user=user, provider=provider, uid=subject)
                place = Placed(user, place_of(user))
                summary = f"{user} kết nối tài khoản dùng chung"
                record(by=user, now=now, verb="connect_directory", obj=place, summary=summary)
    except IntegrityError as error:
        raise WrongState(
            "Tài khoản dùng chung này đang kết nối với một tài khoản khác của cổng. Không có gì thay đổi. Nếu đó là "
            "tài khoản cũ của bạn, hãy đăng nhập vào đó và ngắt kết nối trước."
        ) from error
    return own


def cut_directory(*, user: User, by: User | None, now: datetime, council: Council | None) -> bool:
    """End the connection of an account whose way in is given anew; whether there was one. The caller has asked for the
    authority. Who opened it over there would else still open it."""
    with acting(by=by, verb="disconnect_directory"):
        found = bool(SocialAccount.objects.filter(user=user).delete()[0])
        if found:
            summary = f"Ngắt kết nối tài khoản dùng chung của {user} khi đặt lại mật khẩu"
            record(by=by, now=now, verb="disconnect_directory", obj=Placed(user, council), summary=summary)
    return found


def disconnect_directory(*, user: User, now: datetime) -> None:
    """End the connection. Ending what is not there changes nothing."""
    with acting(by=user, verb="disconnect_directory"):
        if SocialAccount.objects.filter(user=user).delete()[0]:
            place = Placed(user, place_of(user))
            summary = f"{user} ngắt kết nối tài khoản dùng chung"
            record(by=user, now=now, verb="disconnect_directory", obj=place, summary=summary)
