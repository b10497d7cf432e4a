"""Verbs on one account: its password, its particulars, opening it again. Roles are in agencies/membership.py."""

from datetime import datetime

from django.db import transaction

from agencies.errors import NotAllowed
from agencies.history import Placed, acting, record
from agencies.membership import councils_of
from agencies.models import Council, User
from agencies.permissions import Perm, grants_of

# What an administrator may correct; the name one signs in with is for ever, being on the record.
AMENDABLE = ("full_name", "position", "phone", "email")


def may_manage(by: User, user: User) -> bool:
    """Whether every council that knows the account is one whose accounts ``by`` manages.

    An account that another council knows too is out of reach: its password would open that council's business. So is
    one made on the command line with every right of Django's own.
    """
    mine = grants_of(by).councils(Perm.MANAGE_ACCOUNTS)
    return bool(mine) and not user.is_superuser and councils_of(user) <= mine


def change_own_password(*, user: User, password: str, now: datetime) -> User:
    """A person changes their own password (already checked by the form against the rules and the old one)."""
    member = user.memberships.filter(left_on__isnull=True).select_related("agency", "council").first()
    with acting(by=user, verb="change_password"):
        user.set_password(password)
        user.save(update_fields=["password"])
        place = Placed(user, member.scope if member else None)
        record(by=user, now=now, verb="change_password", obj=place, summary=f"{user} tự đổi mật khẩu")
    return user


def reset_password(*, user: User, password: str, by: User, now: datetime) -> User:
    """An administrator gives somebody a new password; the sessions of the account end.

    Raises NotAllowed for an account of another council, and for one's own: that needs the old password.
    """
    council = _council_for(by, user, "đặt lại mật khẩu")
    with acting(by=by, verb="reset_password"):
        user = User.objects.select_for_update().get(pk=user.pk)
        user.set_password(password)
        user.save(update_fields=["password"])
        place = Placed(user, council)
        record(by=by, now=now, verb="reset_password", obj=place, summary=f"Đặt lại mật khẩu của {user}")
    return user


def reopen_account(*, user: User, by: User, now: datetime) -> User:
    """Open a closed account again, without roles: they are given anew. Opening an open one changes nothing."""
    council = _council_for(by, user, "mở lại tài khoản")
    with acting(by=by, verb="reopen_account"):
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            place = Placed(user, council)
            record(by=by, now=now, verb="reopen_account", obj=place, summary=f"Mở lại tài khoản {user}")
    return user


@transaction.atomic
def amend_person(*, user: User, by: User, now: datetime, **particulars: str) -> User:
    """Correct a person's name, position, telephone or address. Raises NotAllowed as ``reset_password`` does."""
    if unknown := set(particulars) - set(AMENDABLE):
        raise TypeError(f"not particulars of a person: {sorted(unknown)}")
    council = _council_for(by, user, "sửa thông tin", itself=True)
    user = User.objects.select_for_update().get(pk=user.pk)
    changed = [name for name, value in particulars.items() if getattr(user, name) != value]
    if not changed:
        return user
    with acting(by=by, verb="amend_person"):
        for name in changed:
            setattr(user, name, particulars[name])
        user.save(update_fields=changed)
        what = ", ".join(str(User._meta.get_field(name).verbose_name) for name in changed)
        record(by=by, now=now, verb="amend_person", obj=Placed(user, council), summary=f"Sửa {what} của {user}")
    return user


def _council_for(by: User, user: User, what: str, *, itself: bool = False) -> Council:
    """The council in whose record the line belongs. Raises NotAllowed when the account is out of reach."""
    if not may_manage(by, user):
        raise NotAllowed(
            f"Bạn không được {what}: tài khoản thuộc cả hội đồng khác hoặc ngoài phạm vi quản trị của bạn."
        )
    if by == user and not itself:
        raise NotAllowed(f"Không ai tự {what} của chính mình tại đây; hãy dùng trang Đổi mật khẩu.")
    mine = grants_of(by).councils(Perm.MANAGE_ACCOUNTS)
    return Council.objects.get(pk=min(councils_of(user) & mine or mine))
