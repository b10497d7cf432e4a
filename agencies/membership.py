"""People and their roles: join, leave, close an account, and what follows when agencies merge or are renamed."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import acting, record
from agencies.models import Agency, Council, Membership, Role, Succession, User
from agencies.permissions import Perm, can, ensure_group, forget_grants


def _may_manage_people(by, scope: Agency | Council) -> bool:
    council = scope.council if isinstance(scope, Agency) else scope
    return can(by, Perm.MANAGE_ACCOUNTS, council)


def create_account(
    *, username: str, full_name: str, password: str, by: User | None, now: datetime, council: Council, **details
) -> User:
    """Open an account for one person. Without a role it can do nothing yet.

    Raises NotAllowed unless ``by`` manages accounts of the council (None is the system: commands and the demo), and
    WrongState when the name is taken.
    """
    if by is not None and not _may_manage_people(by, council):
        raise NotAllowed("Chỉ quản trị hệ thống được tạo tài khoản.")
    try:
        with acting(by=by, verb="create_account"):
            user = User.objects.create_user(username=username, password=password, full_name=full_name, **details)
            record(by=by, now=now, verb="create_account", obj=_Scoped(user, council), summary=f"Tạo tài khoản {user}")
    except IntegrityError as error:
        raise WrongState(f"Tên đăng nhập “{username}” đã có người dùng. Hãy chọn tên khác.") from error
    return user


def join(*, user: User, scope: Agency | Council, role: Role, by: User | None, now: datetime, on: date) -> Membership:
    """Give a person a role from a day on. Giving it twice changes nothing.

    Raises NotAllowed unless ``by`` manages accounts there, or when somebody would give a role to themself, and
    WrongState for an account that has been closed or a role that does not fit the scope.
    """
    if by is not None:
        if not _may_manage_people(by, scope):
            raise NotAllowed("Chỉ quản trị hệ thống được giao vai trò.")
        if by == user:
            raise NotAllowed("Không ai tự giao vai trò cho chính mình.")
    if not user.is_active:
        raise WrongState(f"Tài khoản {user} đã đóng; hãy mở lại trước khi giao vai trò.")
    place = {"agency": scope} if isinstance(scope, Agency) else {"council": scope}
    with acting(by=by, verb="join"):
        member, created = Membership.objects.get_or_create(
            user=user, role=Role(role), left_on=None, **place, defaults={"joined_on": on}
        )
        user.groups.add(ensure_group(scope, role))
        if created:
            record(
                by=by,
                now=now,
                verb="join",
                obj=_Scoped(member, scope),
                summary=f"Giao vai trò {member.get_role_display()} tại {scope} cho {user}",
            )
    forget_grants(user)
    return member


def leave(*, member: Membership, by: User | None, now: datetime, on: date) -> Membership:
    """End a role. The past stays: who held it and until when. Ending it twice changes nothing."""
    if by is not None and not _may_manage_people(by, member.scope):
        raise NotAllowed("Chỉ quản trị hệ thống được kết thúc vai trò.")
    with acting(by=by, verb="leave"):
        member = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
        if member.left_on is None:
            member.left_on = max(on, member.joined_on)
            member.save(update_fields=["left_on"])
            member.user.groups.remove(ensure_group(member.scope, member.role))
            record(
                by=by,
                now=now,
                verb="leave",
                obj=_Scoped(member, member.scope),
                summary=f"Kết thúc vai trò {member.get_role_display()} của {member.user}",
            )
    forget_grants(member.user)
    return member


def close_account(*, user: User, by: User, now: datetime, council: Council) -> User:
    """Close an account and end its roles; the account itself and all it did remain on the record."""
    if not can(by, Perm.MANAGE_ACCOUNTS, council):
        raise NotAllowed("Chỉ quản trị hệ thống được đóng tài khoản.")
    if by == user:
        raise NotAllowed("Không ai tự đóng tài khoản của chính mình.")
    with acting(by=by, verb="close_account"):
        for member in user.memberships.filter(left_on__isnull=True):
            leave(member=member, by=by, now=now, on=now.date())
        if user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
            record(by=by, now=now, verb="close_account", obj=_Scoped(user, council), summary=f"Đóng tài khoản {user}")
    return user


@transaction.atomic
def succeed(
    *,
    predecessors: list[Agency],
    successor: Agency,
    kind: Succession.Kind,
    on: date,
    by: User | None,
    now: datetime,
    document_number: str = "",
    hand_over_people: bool = True,
) -> list[Succession]:
    """One agency follows others from a day on: their existence ends, their people move, their past keeps its names.

    The tasks stay with whom they were assigned to until the secretariat hands them over. Raises NotAllowed unless
    ``by`` manages the council's agencies, WrongState when dates or councils do not fit.
    """
    if by is not None and not can(by, Perm.MANAGE_AGENCIES, successor.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được ghi nhận sáp nhập, chia tách, đổi tên.")
    if not predecessors:
        raise Incomplete("Chọn ít nhất một cơ quan cũ.")
    rows = []
    for old in predecessors:
        if old.council_id != successor.council_id:
            raise WrongState(f"{old} và {successor} không cùng một hội đồng.")
        if old == successor or on <= old.valid_from or not successor.exists_on(on):
            raise WrongState(f"Ngày {on:%d/%m/%Y} không hợp với thời gian tồn tại của {old} hoặc {successor}.")
        with acting(by=by, verb="succeed", reason=document_number):
            row, created = Succession.objects.get_or_create(
                predecessor=old,
                successor=successor,
                defaults={"kind": kind, "effective_on": on, "document_number": document_number},
            )
            rows.append(row)
            if not created:
                continue
            if kind in {Succession.Kind.MERGE, Succession.Kind.RENAME}:
                old.valid_to = on
                old.save()
                if hand_over_people:
                    _hand_over_people(old, successor, by, now, on)
            record(
                by=by,
                now=now,
                verb="succeed",
                obj=old,
                summary=f"{row.get_kind_display()}: {old} → {successor} từ {on:%d/%m/%Y}",
                reason=document_number,
            )
    return rows


def _hand_over_people(old: Agency, new: Agency, by, now: datetime, on: date) -> None:
    """Everyone of the old agency gets the same role in the new one, and keeps reading the old one's past."""
    for member in old.memberships.filter(left_on__isnull=True).select_related("user"):
        # The authority is the succession itself, already checked; accounts as such are not touched.
        join(user=member.user, scope=new, role=Role(member.role), by=None, now=now, on=on)


class _Scoped:
    """An account or membership seen from the council or agency in whose record its line belongs."""

    def __init__(self, obj, scope):
        self._meta, self.pk, self.permission_scope = obj._meta, obj.pk, scope
