"""Telling people: writing notices, marking them read. Who is told is the caller's business; nobody is told twice."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from agencies.clock import local_day
from agencies.fields import stored
from agencies.mail import MAILED_KINDS
from agencies.models import Agency, Council, Membership, Notice, Role, User
from agencies.tasks import mail_notices

MAILED_AT_ONCE = 100  # notices in one job


def holders(*, roles: Iterable[Role], agency: Agency | None = None, council: Council | None = None) -> list[User]:
    """Active people who hold one of the roles on the agency (or on the council itself), each once."""
    members = Membership.objects.filter(role__in=list(roles), left_on__isnull=True, user__is_active=True)
    members = members.filter(agency=agency) if agency else members.filter(council=council, agency__isnull=True)
    return list({member.user_id: member.user for member in members.select_related("user").order_by("pk")}.values())


def holders_by_agency(*, roles: Iterable[Role], agencies: Iterable[Agency]) -> dict[int, list[User]]:
    """Agency id → active people who hold one of the roles on it, each once; one query however many agencies."""
    members = Membership.objects.filter(
        role__in=list(roles), left_on__isnull=True, user__is_active=True, agency__in=[agency.pk for agency in agencies]
    )
    found: dict[int, dict[int, User]] = {}
    for member in members.select_related("user").order_by("pk"):
        found.setdefault(member.agency_id, {})[member.user_id] = member.user
    return {agency: list(people.values()) for agency, people in found.items()}


def notify(
    *,
    to: Iterable[User],
    kind: Notice.Kind,
    text: str,
    now: datetime,
    path: str = "",
    by: User | None = None,
    scope: Agency | Council | None = None,
    key: str = "",
) -> list[Notice]:
    """Tell each person once; the sender is never told of their own deed.

    ``path`` is where it is read on the portal, ``scope`` the agency or council it is about. With a ``key`` a person
    who was told under that key already is passed over. What has to be acted on goes by e-mail as well, to those who
    have an address. Returns the notices written; runs in the caller's transaction.
    """
    people = {person.pk: person for person in to if person.is_active and (by is None or person.pk != by.pk)}
    agency = scope if isinstance(scope, Agency) else None
    council = scope if isinstance(scope, Council) else (agency.council if agency else None)
    written = []
    with transaction.atomic():
        told = set()
        if key:
            told = set(Notice.objects.filter(recipient__in=people, key=key).values_list("recipient", flat=True))
        for pk, person in people.items():
            if pk not in told:
                written.append(
                    Notice(
                        recipient=person,
                        kind=kind,
                        at=now,
                        text=stored(text),
                        path=path,
                        sender=by,
                        agency=agency,
                        council=council,
                        key=key,
                    )  # fmt: skip
                )
        # Two senders at the same moment: the database lets one of them through.
        Notice.objects.bulk_create(written, ignore_conflicts=bool(key))
        _mail(written, key)
    return written


def _mail(written: list[Notice], key: str) -> None:
    """Give the notices that go by e-mail to the job queue, inside this transaction."""
    going = [notice for notice in written if notice.kind in MAILED_KINDS and notice.recipient.email]
    if key:  # rows written beside a conflict come back without their ids
        mine = Notice.objects.filter(key=key, recipient__in=[notice.recipient_id for notice in going]) if going else []
        ids = sorted(notice.pk for notice in mine)
    else:
        ids = [notice.pk for notice in going]
    for first in range(0, len(ids), MAILED_AT_ONCE):
        mail_notices.defer(notices=ids[first : first + MAILED_AT_ONCE])


def take_back(*, key: str) -> set[int]:
    """Remove a notice that turned out not to be so, where nobody has read it yet and no e-mail went.

    Returns the ids of the people who have been told already and need another word.
    """
    notices = Notice.objects.filter(key=key)
    notices.waiting().filter(mailed_at__isnull=True).delete()
    return set(notices.values_list("recipient", flat=True))


def settle(*, kinds: Iterable[Notice.Kind], now: datetime, scope: Agency | Council, path: str = "") -> int:
    """Mark as seen what nobody has to act on any more, of an agency or council, of one page where ``path`` says so.

    Two councils may have pages of the same address, so that the page alone does not tell. Returns how many.
    """
    about = Notice.objects.waiting().filter(kind__in=list(kinds), at__lte=now)
    about = about.filter(agency=scope) if isinstance(scope, Agency) else about.filter(council=scope)
    return (about.filter(path=path) if path else about).update(read_at=now)


def of_day(notices: Iterable[Notice]) -> list[tuple[date, list[Notice]]]:
    """Notices, newest first, by the day on which they were told."""
    days: dict[date, list[Notice]] = {}
    for notice in notices:
        days.setdefault(local_day(notice.at), []).append(notice)
    return list(days.items())


def mark_read(*, user: User, now: datetime, notices: Iterable[int] | None = None) -> int:
    """Mark one's notices as read: those given by id, or all. Returns how many were waiting."""
    waiting = Notice.objects.visible_to(user).waiting()
    return (waiting if notices is None else waiting.filter(pk__in=list(notices))).update(read_at=now)
