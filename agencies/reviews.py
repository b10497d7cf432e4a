"""The register of accounts and its yearly review: each role confirmed or ended by the person responsible for it.

An agency's roles are confirmed by its own leader or by the secretariat, a council's by its secretary or leader; nobody
confirms a role of their own, and the administrator, who gives roles, confirms none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from agencies import role_notices, signin_rules
from agencies.clock import local_day
from agencies.errors import Incomplete, NotAllowed
from agencies.history import Placed, acting, record
from agencies.membership import end_role, keep_an_administrator
from agencies.models import Membership, RecordEntry, Role, RoleReview, User
from agencies.permissions import Perm, can, grants_of
from agencies.pseudonyms import name_shown

REASON_AT_LEAST = 10  # letters, as for every reason of the portal
_CLOSING = ("close_account", "disable_unused", "erase_person")


def may_review(by: User, member: Membership) -> bool:
    """Whether ``by`` answers for this role: see the head of the module."""
    if by.pk == member.user_id:
        return False
    if member.agency is not None:
        return can(by, Perm.APPROVE_REPORT, member.agency) or can(by, Perm.MANAGE_AGENCIES, member.agency)
    return can(by, Perm.VIEW_SUMMARY, member.council)


def roles_answered_for(user: User):
    """The roles, held today, that the person may review or, as an administrator, look at; oldest review first.

    Those of an account that was closed for want of use too: its roles come back with it.
    """
    grants = grants_of(user)
    whole = grants.councils(Perm.MANAGE_AGENCIES) | grants.councils(Perm.MANAGE_ACCOUNTS)
    mine = Q(agency__in=grants.agencies(Perm.APPROVE_REPORT)) | Q(agency__council__in=whole)
    mine |= Q(council__in=whole | grants.councils(Perm.VIEW_SUMMARY))
    rows = _last_reviewed(Membership.objects.filter(mine, left_on__isnull=True))
    rows = rows.select_related("user", "agency__council", "council")
    return rows.order_by(F("reviewed_at").asc(nulls_first=True), "agency__protocol_order", "agency__code", "pk")


def _last_reviewed(members):
    """The same roles, each with when it was last looked at and by whom."""
    last = RoleReview.objects.filter(member=OuterRef("pk")).order_by("-at", "-pk")
    return members.annotate(reviewed_at=Subquery(last.values("at")[:1]), reviewed_by=_reviewer(last))


def _reviewer(last) -> Subquery:
    return Subquery(last.annotate(shown=name_shown("by", "by_name")).values("shown")[:1])


def review_due(member: Membership) -> date:
    """The day until which the role must be looked at again; ``member`` comes from ``roles_answered_for``."""
    last = local_day(member.reviewed_at) if member.reviewed_at else member.joined_on
    return last + timedelta(days=settings.PORTAL_REVIEW_DAYS)


def is_overdue(member: Membership, today: date) -> bool:
    """Whether nobody has looked at the role for a year (or what PORTAL_REVIEW_DAYS says)."""
    return review_due(member) < today


def confirm_roles(*, members: Iterable[Membership], by: User, now: datetime) -> list[RoleReview]:
    """Say of each role that it is still needed. What was confirmed the same day already stays as it is.

    Raises Incomplete for none, and NotAllowed, with nothing written, when one of them is not for ``by`` to confirm.
    """
    members = list(members)
    if not members:
        raise Incomplete("Chưa chọn vai trò nào để xác nhận.")
    for member in members:
        _require(by, member)
    done = []
    with acting(by=by, verb="confirm_role"):
        ids = [member.pk for member in members]
        list(Membership.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        held = _last_reviewed(Membership.objects.filter(pk__in=ids))  # read once the others have done
        for member in held.select_related("user", "agency__council", "council").order_by("pk"):
            today = member.reviewed_at is not None and local_day(member.reviewed_at) == local_day(now)
            if member.left_on is not None or today:
                continue
            done.append(_review(member, RoleReview.Outcome.KEPT, by, now))
    return done


def end_reviewed_role(*, member: Membership, by: User, now: datetime, reason: str) -> Membership:
    """Say of a role that it is not needed any more, and end it today. Ending it twice changes nothing.

    Raises NotAllowed when it is not for ``by`` to end, Incomplete without a reason that says something, WrongState for
    the last administrator of a council.
    """
    _require(by, member)
    if len(reason.strip()) < REASON_AT_LEAST:
        raise Incomplete(f"Ghi lý do kết thúc vai trò, ít nhất {REASON_AT_LEAST} ký tự.")
    with acting(by=by, verb="end_reviewed_role", reason=reason):
        if member.role == Role.ADMINISTRATOR:  # the council before the role, as everywhere: no two wait for each other
            keep_an_administrator(person=member.user, councils=[member.council_id])
        member = (
            Membership.objects.select_for_update(of=("self",)).select_related("agency", "council").get(pk=member.pk)
        )
        if member.left_on is None:
            _review(member, RoleReview.Outcome.ENDED, by, now, reason)
            member = end_role(member=member, by=by, now=now, on=timezone.localdate(now))
            role_notices.ended_in_review(member=member, by=by, now=now)
    return member


def _require(by: User, member: Membership) -> None:
    if not may_review(by, member):
        raise NotAllowed(
            f"Bạn không rà soát được vai trò {member.get_role_display()} của {member.user}: lãnh đạo đơn vị rà soát "
            "người của đơn vị, Thư ký và Lãnh đạo Hội đồng rà soát người của Hội đồng, không ai rà soát chính mình."
        )


def _review(member: Membership, outcome: str, by: User, now: datetime, reason: str = "") -> RoleReview:
    row = RoleReview.objects.create(member=member, outcome=outcome, at=now, by=by, by_name=str(by), reason=reason)
    record(
        by=by,
        now=now,
        verb="review_role",
        obj=Placed(member, member.scope),
        summary=f"Rà soát vai trò {member.get_role_display()} tại {member.scope} của {member.user}: "
        f"{row.get_outcome_display().lower()}",
        reason=reason,
    )
    return row


# --- the register --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """One line of the register of accounts, as domain.md §7.2 asks: one account is one person."""

    user: User
    roles: list[Membership]  # held today, in the councils of the reader
    second_factor: bool
    ended_on: date | None  # the day on which the account was last closed
    today: date

    @property
    def kind(self) -> str:
        """'Quản trị' or 'Tác nghiệp'; nobody's account of machines or technicians exists in the portal."""
        roles = {member.role for member in self.roles}
        if not roles:
            return "Chưa có vai trò"
        kinds = ["Quản trị"] if Role.ADMINISTRATOR in roles else []
        return " và ".join(kinds + (["Tác nghiệp"] if roles - {Role.ADMINISTRATOR} else [])).capitalize()

    @property
    def state(self) -> tuple[str, str]:
        """The badge's key and its word."""
        if not self.user.is_active:
            return "suspended", "Đã đóng"
        return ("active", "Đang dùng") if self.user.last_login else ("not_started", "Chưa đăng nhập lần nào")

    @property
    def role_words(self) -> str:
        return "; ".join(f"{member.get_role_display()} · {member.agency or 'Hội đồng'}" for member in self.roles)

    @property
    def overdue(self) -> bool:
        """Whether one of the roles waits for its review too long."""
        return any(is_overdue(member, self.today) for member in self.roles)

    @property
    def last_review(self) -> Membership | None:
        """The role that was looked at longest ago; None while one was never looked at."""
        if not self.roles or any(member.reviewed_at is None for member in self.roles):
            return None
        return min(self.roles, key=lambda member: member.reviewed_at)


def accounts(people: Iterable[User], *, reader: User, today: date) -> list[Account]:
    """The lines of these people, in a constant number of queries."""
    people = list(people)
    ids = [person.pk for person in people]
    roles: dict[int, list[Membership]] = {}
    for member in _roles_of(ids, reader):
        roles.setdefault(member.user_id, []).append(member)
    closed = dict(
        RecordEntry.objects.filter(object_type=User._meta.label_lower, verb__in=_CLOSING, object_id__in=ids)
        .order_by("at")
        .values_list("object_id", "at")
    )
    proofs = Authenticator.objects.filter(user__in=ids, type__in=signin_rules.PROOFS)
    factors = set(proofs.values_list("user", flat=True))
    return [
        Account(
            person,
            roles.get(person.pk, []),
            person.pk in factors,
            local_day(closed[person.pk]) if not person.is_active and person.pk in closed else None,
            today,
        )
        for person in people
    ]


def _roles_of(ids: list[int], reader: User):
    grants = grants_of(reader)
    councils = grants.councils(Perm.MANAGE_ACCOUNTS) | grants.councils(Perm.MANAGE_AGENCIES)
    within = Q(agency__council__in=councils) | Q(council__in=councils)
    held = _last_reviewed(Membership.objects.filter(within, user__in=ids, left_on__isnull=True))
    return held.select_related("agency", "council").order_by("pk")
