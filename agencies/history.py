"""Who did what: writing the record, and reading it for people."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import pghistory
from django.db import transaction
from django.db.models import F

from agencies import wall
from agencies.fields import stored
from agencies.models import Agency, Council, RecordEntry

# The address that the present request came from; None in commands and jobs.
_from_where: ContextVar[str | None] = ContextVar("from_where", default=None)


@contextmanager
def coming_from(address: str | None):
    """Every line of the record written inside says that the deed came from this address."""
    token = _from_where.set(address)
    try:
        yield
    finally:
        _from_where.reset(token)


@contextmanager
def acting(*, by, verb: str, reason: str = ""):
    """One verb at work: one transaction, and its who and why on every row version that the database keeps."""
    with transaction.atomic(), pghistory.context(user=by.pk if by else None, verb=verb, reason=stored(reason)):
        yield


def record(
    *,
    by,
    now: datetime,
    verb: str,
    obj,
    summary: str,
    reason: str = "",
    from_state: str = "",
    to_state: str = "",
    kind: RecordEntry.Kind = RecordEntry.Kind.DEED,
) -> RecordEntry:
    """Write one line of the record, inside the verb's own transaction. ``by`` is None for the system itself.

    ``obj`` is None for what concerns no object. From where it came is known (``coming_from``); what the verb changed in
    the object is added by the database (agencies/journal/database.sql), so that nobody need tell it and nobody can.
    """
    scope = getattr(obj, "permission_scope", None)
    agency = scope if isinstance(scope, Agency) else None
    council = scope if isinstance(scope, Council) else None
    council_id = agency.council_id if agency else (council.pk if council else None)
    with wall.also(council_id):  # signing in is on the record of a council one is not in yet
        return RecordEntry.objects.create(
            at=now,
            kind=kind,
            actor=by,
            actor_name=str(by) if by else "Hệ thống",
            address=_from_where.get(),
            verb=verb,
            summary=summary,
            agency=agency,
            council_id=council_id,
            object_type=obj._meta.label_lower if obj is not None else "",
            object_id=obj.pk if obj is not None else None,
            from_state=from_state,
            to_state=to_state,
            reason=reason,
        )


class Placed:
    """An object seen from the council or agency in whose record its line belongs."""

    def __init__(self, obj, scope: Agency | Council | None):
        self._meta, self.pk, self.permission_scope = obj._meta, obj.pk, scope


def place_of(person) -> Agency | Council | None:
    """Where a person's own line belongs: their first present role, else the last one they had; None without any."""
    roles = person.memberships.select_related("agency", "council")
    member = roles.order_by(F("left_on").desc(nulls_first=True), "-pk").first()
    return member.scope if member else None


def timeline(obj):
    """The record of one object, newest first."""
    return RecordEntry.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk)
