"""Who is told when an administrator changes who may do what, so that no power is given unseen.

A role in the council, or any role of somebody who is an administrator, is told to the council's secretaries and its
other administrators; a role in an agency to the agency's leaders. A new way into an account (a password set anew, its
second factors taken away, the last resort on the server) opens all its person may do: it is told to the council's
secretaries and administrators and to the leaders of the person's agencies. The person is told, too; nobody of their
own deed.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from agencies.clock import local_day
from agencies.models import Agency, Council, Membership, Notice, Role, User
from agencies.notices import holders, notify
from agencies.pages import address

_WATCHING = (Role.SECRETARY, Role.ADMINISTRATOR)


def role_given(*, member: Membership, scope: Agency | Council, by: User, now: datetime) -> None:
    """Tell of a role that ``by`` gave. Runs in the caller's transaction."""
    text = f"{by} giao vai trò {member.get_role_display()} tại {scope} cho {member.user}."
    _tell(member, scope, by, now, text)


def role_ended(*, member: Membership, by: User, now: datetime) -> None:
    """Tell of a role that ``by`` ended. Runs in the caller's transaction."""
    text = f"{by} kết thúc vai trò {member.get_role_display()} tại {member.scope} của {member.user}."
    _tell(member, member.scope, by, now, text)


def opened_anew(*, user: User, councils: Iterable[Council], by: User | None, now: datetime, text: str) -> None:
    """Tell the person, and those who watch over them in these councils, of a new way into the account."""
    told: set[int] = set()
    held = user.memberships.filter(agency__isnull=False, left_on__isnull=True).select_related("agency")
    agencies = list({member.agency_id: member.agency for member in held}.values())
    for council in councils:
        people = [user, *holders(roles=_WATCHING, council=council)]
        for agency in agencies:
            if agency.council_id == council.pk:
                people += holders(roles=[Role.APPROVER], agency=agency)
        people = [person for person in people if person.pk not in told]
        notify(to=people, kind=Notice.Kind.ROLE, text=text, now=now, by=by, scope=council, path=address(council))
        told |= {person.pk for person in people}


def ended_in_review(*, member: Membership, by: User, now: datetime) -> None:
    """Tell the administrators of a role in an agency that its leader or the secretariat ended: the account may be
    needed no longer. Of a role in the council they are told like the others (``role_ended``)."""
    if member.agency is None or _administers(member.user_id, member.agency.council):
        return
    council = member.agency.council
    text = f"{by} kết thúc vai trò {member.get_role_display()} tại {member.scope} của {member.user} khi rà soát."
    people = [person for person in holders(roles=[Role.ADMINISTRATOR], council=council) if person.pk != member.user_id]
    notify(to=people, kind=Notice.Kind.ROLE, text=text, now=now, by=by, scope=council, path=address(council))


def last_administrator_kept(*, council: Council, now: datetime, text: str) -> None:
    """Tell the council's secretaries and leaders that its only administrator does not use the account."""
    people = holders(roles=(Role.SECRETARY, Role.LEADER), council=council)
    notify(to=people, kind=Notice.Kind.ROLE, text=text, now=now, scope=council, path=address(council))


def _tell(member: Membership, scope: Agency | Council, by: User, now: datetime, text: str) -> None:
    council = scope.council if isinstance(scope, Agency) else scope
    common = {"kind": Notice.Kind.ROLE, "now": now, "by": by, "scope": scope, "path": address(scope)}
    told = notify(to=[member.user], text=text, **common)
    watched = isinstance(scope, Council) or _administers(member.user_id, council)
    if watched:
        others = [person for person in holders(roles=_WATCHING, council=council) if person.pk != member.user_id]
        notify(to=others, text=text, **common)
        return
    leaders = holders(roles=[Role.APPROVER], agency=scope)
    if leaders:
        told_already = {notice.recipient_id for notice in told}
        notify(to=[person for person in leaders if person.pk not in told_already], text=text, **common)
        return
    # An agency without a leader in the portal: the secretaries, once a day however many roles a list brings.
    key = f"vai-tro:{scope.pk}:{local_day(now):%Y-%m-%d}"
    words = f"{by} giao hoặc kết thúc vai trò tại {scope}, nơi chưa có lãnh đạo đơn vị trên cổng. Xem ai giữ vai trò."
    notify(to=holders(roles=[Role.SECRETARY], council=council), text=words, key=key, **common)


def _administers(user_id: int, council: Council) -> bool:
    return Membership.objects.filter(
        Q(council=council), user=user_id, role=Role.ADMINISTRATOR, left_on__isnull=True
    ).exists()
