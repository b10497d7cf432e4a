"""People and their roles: join, leave, close an account, and what follows when agencies merge or are renamed."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies import role_notices, wall
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import Placed, acting, record
from agencies.models import (
    AGENCY_ROLES,
    COUNCIL_ROLES,
    ERASED_USERNAME,
    Agency,
    Council,
    Membership,
    RecordEntry,
    Role,
    Succession,
    User,
)
from agencies.permissions import Perm, can, ensure_group, forget_grants, grants_of

_OPENED_HERE = {"object_type": User._meta.label_lower, "verb": "create_account"}


def people_of(council: Council) -> QuerySet[User]:
    """Everyone the council knows: by a role, past or present, or because the account was opened there."""
    roles = Membership.objects.filter(Q(agency__council=council) | Q(council=council), user=OuterRef("pk"))
    opened = RecordEntry.objects.filter(**_OPENED_HERE, council=council, object_id=OuterRef("pk"))
    return User.objects.filter(Exists(roles) | Exists(opened))


def councils_of(person: User) -> set[int]:
    """Ids of the councils that know the person (see ``people_of``): also of those that whoever asks may not see."""
    by_role = person.memberships.values_list(Coalesce("agency__council_id", "council_id"), flat=True)
    opened = RecordEntry.objects.filter(**_OPENED_HERE, object_id=person.pk).values_list("council_id", flat=True)
    with wall.everywhere():
        return {*by_role.order_by(), *opened.order_by()}


def known_nowhere() -> list[int]:
    """Ids of the accounts that no council knows: made on the command line, and without a role until now."""
    roles = Membership.objects.filter(user=OuterRef("pk"))
    opened = RecordEntry.objects.filter(**_OPENED_HERE, object_id=OuterRef("pk"))
    with wall.everywhere():
        return list(User.objects.filter(~Exists(roles), ~Exists(opened)).values_list("pk", flat=True))


def works_elsewhere(person: User, councils) -> bool:
    """Whether the person holds a role today in a council that is none of these."""
    held = person.memberships.filter(left_on__isnull=True).annotate(of=Coalesce("agency__council_id", "council_id"))
    with wall.everywhere():
        return held.exclude(of__in=councils).exists()


def _council_of(scope: Agency | Council) -> Council:
    return scope.council if isinstance(scope, Agency) else scope


def _may_manage_people(by, scope: Agency | Council) -> bool:
    # An agency carries its council's rights (permissions.can), so that the council need not be read.
    return can(by, Perm.MANAGE_ACCOUNTS, scope)


def create_account(
    *, username: str, full_name: str, password: str, by: User | None, now: datetime, council: Council, **details
) -> User:
    """Open an account for one person. Without a role it can do nothing yet.

    Raises NotAllowed unless ``by`` manages accounts of the council (None is the system: commands and the demo), and
    WrongState when the name is taken.
    """
    if by is not None and not _may_manage_people(by, council):
        raise NotAllowed("Chỉ quản trị hệ thống được tạo tài khoản.")
    # A name that an erased account had stands on the record for that one; and no account looks like an erased one.
    if username.startswith(ERASED_USERNAME.format(pk="")) or _was_somebodys(username):
        raise WrongState(f"Tên đăng nhập “{username}” đã có người dùng. Hãy chọn tên khác.")
    try:
        with acting(by=by, verb="create_account"):
            # Who opens the account knows its password: the person's first deed is to choose another.
            details["must_change_password"] = password is not None
            user = User.objects.create_user(username=username, password=password, full_name=full_name, **details)
            record(by=by, now=now, verb="create_account", obj=Placed(user, council), summary=f"Tạo tài khoản {user}")
    except IntegrityError as error:
        raise WrongState(f"Tên đăng nhập “{username}” đã có người dùng. Hãy chọn tên khác.") from error
    return user


def _was_somebodys(username: str) -> bool:
    versions = User.pgh_event_model.objects.filter(username__iexact=username)
    return versions.exclude(pgh_obj_id__in=User.objects.filter(username__iexact=username).values("pk")).exists()


@transaction.atomic
def open_account(
    *,
    scope: Agency | Council,
    role: Role,
    on: date,
    username: str,
    full_name: str,
    password: str,
    by: User | None,
    now: datetime,
    **details,
) -> User:
    """Open an account and give it its first role, both or neither. Raises what those two verbs raise."""
    user = create_account(
        username=username,
        full_name=full_name,
        password=password,
        by=by,
        now=now,
        council=_council_of(scope),
        **details,
    )
    join(user=user, scope=scope, role=role, by=by, now=now, on=on)
    return user


def join(*, user: User, scope: Agency | Council, role: Role, by: User | None, now: datetime, on: date) -> Membership:
    """Give a person a role from a day on. Giving it twice changes nothing.

    Raises NotAllowed unless ``by`` manages accounts there, when somebody would give a role to themself, or when the
    account belongs to other councils only; and WrongState for an account that has been closed or a role that does not
    fit the scope.
    """
    if by is not None:
        if not _may_manage_people(by, scope):
            raise NotAllowed("Chỉ quản trị hệ thống được giao vai trò.")
        if by == user:
            raise NotAllowed("Không ai tự giao vai trò cho chính mình.")
        known = councils_of(user)
        if known and _council_of(scope).pk not in known:
            raise NotAllowed("Tài khoản này thuộc hội đồng khác; hãy tạo tài khoản riêng trong hội đồng của bạn.")
    return _join(user=user, scope=scope, role=role, by=by, now=now, on=on)


def _join(*, user: User, scope: Agency | Council, role: Role, by: User | None, now: datetime, on: date) -> Membership:
    """``join`` for callers who have made sure of the authority of ``by``; raises WrongState alone."""
    if role not in (AGENCY_ROLES if isinstance(scope, Agency) else COUNCIL_ROLES):
        raise WrongState(f"Vai trò “{Role(role).label}” không dùng cho {scope}.")
    if not user.is_active:
        raise WrongState(f"Tài khoản {user} đã đóng; hãy mở lại tài khoản trước khi giao vai trò.")
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
                obj=Placed(member, scope),
                summary=f"Giao vai trò {member.get_role_display()} tại {scope} cho {user}",
            )
            if by is not None:
                role_notices.role_given(member=member, scope=scope, by=by, now=now)
    forget_grants(user)
    return member


def leave(*, member: Membership, by: User | None, now: datetime, on: date) -> Membership:
    """End a role. The past stays: who held it and until when. Ending it twice changes nothing.

    Raises NotAllowed unless ``by`` manages accounts there, and for one's own role: so a council never loses its last
    administrator by a slip of the hand.
    """
    if by is not None:
        if not _may_manage_people(by, member.scope):
            raise NotAllowed("Chỉ quản trị hệ thống được kết thúc vai trò.")
        if by.pk == member.user_id:
            raise NotAllowed("Không ai tự kết thúc vai trò của chính mình; hãy nhờ một quản trị hệ thống khác.")
    return end_role(member=member, by=by, now=now, on=on)


def end_role(*, member: Membership, by: User | None, now: datetime, on: date) -> Membership:
    """``leave`` for callers who have made sure of the authority of ``by`` (agencies/reviews.py).

    Raises WrongState for the last administrator of a council.
    """
    holder = member.user
    with acting(by=by, verb="leave"):
        if by is not None and member.role == Role.ADMINISTRATOR and member.left_on is None:
            keep_an_administrator(person=holder, councils=[member.council_id])
        member = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
        if member.left_on is None:
            member.left_on = max(on, member.joined_on)
            member.save(update_fields=["left_on"])
            member.user.groups.remove(ensure_group(member.scope, member.role))
            record(
                by=by,
                now=now,
                verb="leave",
                obj=Placed(member, member.scope),
                summary=f"Kết thúc vai trò {member.get_role_display()} của {member.user}",
            )
            if by is not None:
                role_notices.role_ended(member=member, by=by, now=now)
    forget_grants(holder)
    return member


def keep_an_administrator(*, person: User, councils: Iterable[int | None]) -> None:
    """Make sure that each of these councils has an administrator beside the person; others who take one away wait.

    Raises WrongState when the person is the last one whose account is open: nobody could open another. Runs in the
    caller's transaction, before what it is asked for.
    """
    held = {"role": Role.ADMINISTRATOR, "left_on__isnull": True}
    mine = person.memberships.filter(**held, council__in=[council for council in councils if council])
    for council_id in sorted(mine.values_list("council", flat=True)):
        council = Council.objects.select_for_update(no_key=True).get(pk=council_id)
        if not council.memberships.filter(**held, user__is_active=True).exclude(user=person).exists():
            raise WrongState(
                f"{person} là quản trị duy nhất của {council}. Không có gì thay đổi; hãy giao vai trò quản trị cho "
                "người khác trước."
            )


def close_account(*, user: User, by: User, now: datetime, council: Council) -> User:
    """Close an account and end its roles; the account itself and all it did remain on the record.

    Raises NotAllowed unless ``by`` manages accounts of the council, the account is the council's own, and every role
    it still holds is within reach of ``by``; then nothing is changed.
    """
    if not can(by, Perm.MANAGE_ACCOUNTS, council) or council.pk not in councils_of(user):
        raise NotAllowed("Chỉ quản trị hệ thống của hội đồng mà tài khoản thuộc về được đóng tài khoản.")
    if by == user:
        raise NotAllowed("Không ai tự đóng tài khoản của chính mình.")
    with acting(by=by, verb="close_account"):
        if works_elsewhere(user, grants_of(by).councils(Perm.MANAGE_ACCOUNTS)):
            raise NotAllowed(
                f"{user} còn vai trò ở hội đồng khác. Tài khoản chưa đóng; "
                "bạn có thể kết thúc các vai trò trong hội đồng của mình."
            )
        for member in user.memberships.filter(left_on__isnull=True).select_related("agency", "council", "user"):
            leave(member=member, by=by, now=now, on=timezone.localdate(now))
        if user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
            record(by=by, now=now, verb="close_account", obj=Placed(user, council), summary=f"Đóng tài khoản {user}")
    forget_grants(user)
    return user


ENDING_KINDS = frozenset({Succession.Kind.MERGE, Succession.Kind.RENAME})


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

    The tasks stay with whom they were assigned to until the secretariat hands them over. A split or a transfer of
    functions ends nobody. Recording the same succession twice changes nothing. Raises NotAllowed unless ``by``
    manages the council's agencies, WrongState when dates or councils do not fit; then nothing is written.
    """
    if by is not None and not can(by, Perm.MANAGE_AGENCIES, successor):
        raise NotAllowed("Chỉ Thư ký Hội đồng được ghi nhận sáp nhập, chia tách, đổi tên.")
    if not predecessors:
        raise Incomplete("Chọn ít nhất một cơ quan cũ.")
    if kind == Succession.Kind.RENAME and len(predecessors) > 1:
        raise WrongState("Đổi tên chỉ có một cơ quan cũ. Nhiều cơ quan thành một là “Hợp nhất, sáp nhập”.")
    rows = []
    for old in predecessors:
        with acting(by=by, verb="succeed", reason=document_number):
            # The dates are judged on the row as it is stored, and held until the end of the transaction.
            old.valid_to = Agency.objects.select_for_update().get(pk=old.pk).valid_to
            known = Succession.objects.filter(predecessor=old, successor=successor).first()
            if known is not None:
                if (known.kind, known.effective_on) != (kind, on):
                    raise WrongState(
                        f"Đã ghi nhận {successor} kế thừa {old} ({known.get_kind_display()}, từ "
                        f"{known.effective_on:%d/%m/%Y}). Không ghi thêm lần nữa."
                    )
                rows.append(known)
                continue
            _check_dates(old, successor, kind, on)
            row = Succession.objects.create(
                predecessor=old, successor=successor, kind=kind, effective_on=on, document_number=document_number
            )
            rows.append(row)
            if kind in ENDING_KINDS:
                old.valid_to = on
                old.save(update_fields=["valid_to"])
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


def _check_dates(old: Agency, successor: Agency, kind: str, on: date) -> None:
    """Raise WrongState, saying which date is wrong, unless ``successor`` can follow ``old`` on that day."""
    if old.council_id != successor.council_id:
        raise WrongState(f"{old} và {successor} không cùng một hội đồng.")
    if old == successor:
        raise WrongState(f"{old} không thể kế thừa chính mình.")
    if on <= old.valid_from:
        raise WrongState(
            f"Ngày {on:%d/%m/%Y} không hợp với thời gian hoạt động: {old} hoạt động từ {old.valid_from:%d/%m/%Y}."
        )
    if not successor.exists_on(on):
        raise WrongState(f"Ngày {on:%d/%m/%Y} không hợp với thời gian hoạt động: {successor} không hoạt động ngày đó.")
    if old.valid_to is not None and (on > old.valid_to or (kind in ENDING_KINDS and on != old.valid_to)):
        raise WrongState(
            f"Ngày {on:%d/%m/%Y} không hợp với thời gian hoạt động: {old} kết thúc từ {old.valid_to:%d/%m/%Y}."
        )
    if kind in ENDING_KINDS and (later := old.origins.filter(effective_on__gte=on).first()):
        raise WrongState(
            f"{old} mới kế thừa {later.predecessor} từ {later.effective_on:%d/%m/%Y}, "
            "nên không thể kết thúc từ ngày đó trở về trước."
        )


def _hand_over_people(old: Agency, new: Agency, by, now: datetime, on: date) -> None:
    """Everyone of the old agency gets the same role in the new one, and keeps reading the old one's past."""
    present = old.memberships.filter(left_on__isnull=True, user__is_active=True)
    for member in present.select_related("user"):
        # The authority is the succession itself, already checked; accounts as such are not touched.
        _join(user=member.user, scope=new, role=Role(member.role), by=by, now=now, on=on)
