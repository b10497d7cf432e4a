"""Verbs on one account: its password, its particulars, opening it again. Roles are in agencies/membership.py."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils import timezone

from agencies import locks, role_notices, signin_rules
from agencies.directory import cut_directory
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import Placed, acting, place_of, record
from agencies.membership import councils_of, keep_an_administrator
from agencies.models import Council, RecordEntry, Role, User
from agencies.passwords import replace_password
from agencies.permissions import Perm, grants_of
from agencies.second_factors import forget_factors
from agencies.sessions import end_sessions

TOLD_AGAIN_AFTER = timedelta(days=30)
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
    with acting(by=user, verb="change_password"):
        replace_password(user=user, password=password, now=now, must_change=False)
        place = Placed(user, place_of(user))
        record(by=user, now=now, verb="change_password", obj=place, summary=f"{user} tự đổi mật khẩu")
    return user


def reset_password(*, user: User, password: str, by: User, now: datetime) -> User:
    """An administrator gives somebody a new password, to be changed at once; the account's sessions end, and its
    connection to another directory. Those who watch over the person are told (agencies/role_notices.py).

    Raises NotAllowed for an account of another council, and for one's own: that needs the old password.
    """
    council = _council_for(by, user, "đặt lại mật khẩu")
    with acting(by=by, verb="reset_password"):
        user = User.objects.select_for_update().get(pk=user.pk)
        replace_password(user=user, password=password, now=now, must_change=True)
        end_sessions(user=user, by=by, now=now)
        place = Placed(user, council)
        record(by=by, now=now, verb="reset_password", obj=place, summary=f"Đặt lại mật khẩu của {user}")
        cut_directory(user=user, by=by, now=now, council=council)
        _tell(user, council, by, now, f"{by} đặt lại mật khẩu của {user}.")
    return user


def reopen_account(*, user: User, by: User, now: datetime) -> User:
    """Open a closed account again; roles that were ended are given anew. Opening an open one changes nothing.

    Raises NotAllowed as ``reset_password`` does, and WrongState for an account whose name was erased.
    """
    council = _council_for(by, user, "mở lại tài khoản")
    with acting(by=by, verb="reopen_account"):
        user = User.objects.select_for_update().get(pk=user.pk)
        _not_erased(user)
        if not user.is_active:
            user.is_active, user.reopened_at = True, now
            user.save(update_fields=["is_active", "reopened_at"])
            place = Placed(user, council)
            record(by=by, now=now, verb="reopen_account", obj=place, summary=f"Mở lại tài khoản {user}")
    return user


def unlock_account(*, user: User, by: User, now: datetime) -> bool:
    """Let an account that wrong tries have locked sign in again at once; whether anything was counted against it."""
    council = _council_for(by, user, "mở khóa")
    with acting(by=by, verb="unlock_account"):
        counted = locks.forget_tries(user)
        if counted:
            place = Placed(user, council)
            record(by=by, now=now, verb="unlock_account", obj=place, summary=f"Mở khóa đăng nhập cho {user}")
    return bool(counted)


def reset_second_factor(*, user: User, by: User, now: datetime) -> int:
    """Take away the second factors of somebody who lost them, and end their sessions; how many factors there were."""
    council = _council_for(by, user, "gỡ xác thực hai bước")
    with acting(by=by, verb="forget_second_factors"):
        count = forget_factors(user=user, by=by, now=now, council=council)
        if count:
            end_sessions(user=user, by=by, now=now)
            _tell(user, council, by, now, f"{by} gỡ xác thực hai bước của {user}.")
    return count


def note_lock(*, key: str, until: datetime, now: datetime) -> User | None:
    """Write on the record that wrong tries have locked an account. ``key``: agencies/locks.py. None: no such account.

    Done by the queue (agencies/tasks.py), so that signing in does the same work whether or not the account exists.
    """
    found = next((user for user in User.objects.iterator() if key in locks.keys_of(user)), None)
    if found is not None:
        with acting(by=None, verb="lock_account"):
            summary = (
                f"Khóa đăng nhập của {found} đến {timezone.localtime(until):%H:%M %d/%m/%Y} vì "
                f"{signin_rules.MAX_TRIES} lần thử sai liên tiếp"
            )
            place = Placed(found, place_of(found))
            record(by=None, now=now, verb="lock_account", obj=place, summary=summary)
    return found


def disable_unused(*, now: datetime) -> list[User]:
    """Close accounts that nobody has signed in to for 45 days, keeping their roles; an administrator reopens them.

    The last administrator of a council stays open, or nobody could: the record and those who lead the council are told
    once a month. Returns the accounts closed.
    """
    used = Greatest("last_login", "date_joined", "reopened_at")  # PostgreSQL passes over what is unknown
    unused = User.objects.annotate(used=used).filter(is_active=True, used__lt=now - signin_rules.UNUSED_FOR)
    closed = []
    for pk in list(unused.order_by("used", "pk").values_list("pk", flat=True)):
        with acting(by=None, verb="disable_unused"):
            user = unused.select_for_update(of=("self",)).filter(pk=pk).first()  # nobody has signed in meanwhile
            if user is None:
                continue
            try:
                keep_an_administrator(person=user, councils=councils_of(user))
            except WrongState:
                _keep_open(user, now)
                continue
            user.is_active = False
            user.save(update_fields=["is_active"])
            end_sessions(user=user, by=None, now=now)
            summary = f"Tạm đóng tài khoản {user} vì {signin_rules.UNUSED_FOR.days} ngày không đăng nhập"
            record(by=None, now=now, verb="disable_unused", obj=Placed(user, place_of(user)), summary=summary)
            closed.append(user)
    return closed


def _keep_open(user: User, now: datetime) -> None:
    """Say of the last administrator of a council that nobody uses the account, which stays open; once a month."""
    place = Placed(user, place_of(user))
    told = {"object_type": User._meta.label_lower, "object_id": user.pk, "verb": "keep_unused"}
    if RecordEntry.objects.filter(**told, at__gt=now - TOLD_AGAIN_AFTER).exists():
        return
    days = signin_rules.UNUSED_FOR.days
    summary = f"Không tạm đóng tài khoản {user} dù {days} ngày không đăng nhập: là quản trị duy nhất của hội đồng"
    record(by=None, now=now, verb="keep_unused", obj=place, summary=summary)
    held = user.memberships.filter(role=Role.ADMINISTRATOR, left_on__isnull=True).select_related("council")
    for member in held:
        role_notices.last_administrator_kept(council=member.council, now=now, text=f"{summary}.")


def break_glass(*, user: User, password: str, reason: str, now: datetime) -> User:
    """The last resort, on the server's own command line: open an account whatever keeps it shut.

    Unlocks and reopens it, takes away its second factors and its connection to another directory, ends its sessions and
    gives it a password that must be changed at once. It gives no role. Written on the record of every council that
    knows the account, with the reason, and told to those who watch over it; raises Incomplete without a
    reason, WrongState for an account whose name was erased.
    """
    reason = reason.strip()
    if len(reason) < 10:
        raise Incomplete("Lý do cần từ 10 ký tự, để người xem nhật ký hiểu vì sao. Chưa có gì thay đổi.")
    with acting(by=None, verb="break_glass", reason=reason):
        user = User.objects.select_for_update().get(pk=user.pk)
        _not_erased(user)
        user.is_active, user.reopened_at = True, now
        user.save(update_fields=["is_active", "reopened_at"])
        replace_password(user=user, password=password, now=now, must_change=True)
        locks.forget_tries(user)
        forget_factors(user=user, by=None, now=now, council=place_of(user))
        cut_directory(user=user, by=None, now=now, council=place_of(user))
        end_sessions(user=user, by=None, now=now)
        summary = f"Mở khẩn cấp tài khoản {user} từ máy chủ: mật khẩu mới, gỡ khóa và xác thực hai bước"
        councils = Council.objects.filter(pk__in=councils_of(user)).order_by("pk")
        for council in councils or [None]:
            place = Placed(user, council)
            record(by=None, now=now, verb="break_glass", obj=place, summary=summary, reason=reason)
        text = f"{summary}. Lý do: {reason}"
        role_notices.opened_anew(user=user, councils=councils, by=None, now=now, text=text)
    return user


@transaction.atomic
def amend_person(*, user: User, by: User, now: datetime, **particulars: str) -> User:
    """Correct a person's name, position, telephone or address. Raises NotAllowed as ``reset_password`` does."""
    if unknown := set(particulars) - set(AMENDABLE):
        raise TypeError(f"not particulars of a person: {sorted(unknown)}")
    council = _council_for(by, user, "sửa thông tin", itself=True)
    user = User.objects.select_for_update().get(pk=user.pk)
    _not_erased(user)
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


def _tell(user: User, council: Council, by: User, now: datetime, text: str) -> None:
    councils = Council.objects.filter(pk__in=councils_of(user)).order_by("pk") or [council]
    role_notices.opened_anew(user=user, councils=councils, by=by, now=now, text=text)


def _not_erased(user: User) -> None:
    """Raise WrongState for an account whose name was erased: nobody may be put back behind its number."""
    if user.is_erased:
        raise WrongState(
            f"{user}: tài khoản đã xóa tên theo đề nghị, không mở lại hay sửa được. Chưa có gì thay đổi; nếu người đó "
            "trở lại làm việc, hãy tạo tài khoản mới."
        )


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
