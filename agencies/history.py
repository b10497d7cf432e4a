"""Who did what: writing the record, and reading it for people."""

from contextlib import contextmanager
from datetime import datetime

import pghistory
from django.db import transaction

from agencies import wall
from agencies.fields import stored
from agencies.models import Agency, Council, RecordEntry


@contextmanager
def acting(*, by, verb: str, reason: str = ""):
    """One verb at work: one transaction, and its who and why on every row version that the database keeps."""
    with transaction.atomic(), pghistory.context(user=by.pk if by else None, verb=verb, reason=stored(reason)):
        yield


def record(
    *, by, now: datetime, verb: str, obj, summary: str, reason: str = "", from_state: str = "", to_state: str = ""
) -> RecordEntry:
    """Write one line of the record, inside the verb's own transaction. ``by`` is None for the system itself."""
    scope = getattr(obj, "permission_scope", None)
    agency = scope if isinstance(scope, Agency) else None
    council = scope if isinstance(scope, Council) else None
    council_id = agency.council_id if agency else (council.pk if council else None)
    with wall.also(council_id):  # signing in is on the record of a council one is not in yet
        return RecordEntry.objects.create(
            at=now,
            actor=by,
            actor_name=str(by) if by else "Hệ thống",
            verb=verb,
            summary=summary,
            agency=agency,
            council_id=council_id,
            object_type=obj._meta.label_lower,
            object_id=obj.pk,
            from_state=from_state,
            to_state=to_state,
            reason=reason,
        )


def timeline(obj):
    """The record of one object, newest first."""
    return RecordEntry.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk).select_related("actor")
