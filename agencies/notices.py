"""Telling people: writing notices, marking them read. Who is told is the caller's business; nobody is told twice."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from agencies.fields import stored
from agencies.models import Agency, Council, Membership, Notice, Role, User


def holders(*, roles: Iterable[Role], agency: Agency | None = None, council: Council | None = None) -> list[User]:
    """Active people who hold one of the roles on the agency (or on the council itself), each once."""
    members = Membership.objects.filter(role__in=list(roles), left_on__isnull=True, user__is_active=True)
    members = members.filter(agency=agency) if agency else members.filter(council=council, agency__isnull=True)
    return list({member.user_id: member.user for member in members.select_related("user").order_by("pk")}.values())


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
    who was told under that key already is passed over. Returns the notices written; runs in the caller's transaction.
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
    return written


def mark_read(*, user: User, now: datetime, notices: Iterable[int] | None = None) -> int:
    """Mark one's notices as read: those given by id, or all. Returns how many were waiting."""
    waiting = Notice.objects.visible_to(user).waiting()
    return (waiting if notices is None else waiting.filter(pk__in=list(notices))).update(read_at=now)
