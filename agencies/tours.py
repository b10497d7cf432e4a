"""The first-login tour of each role: remembered per person, so that it never comes back once done or skipped."""

from collections.abc import Iterable

from agencies.history import acting
from agencies.models import Role, User


def finish_tours(*, by: User, roles: Iterable[Role]) -> User:
    """Remember that the person has been through, or has skipped, the tours of these roles. Safe to repeat.

    It is the person's own; nobody else can do it for them, and nothing of the business changes.
    """
    with acting(by=by, verb="finish_tours"):
        stored = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        seen = list(dict.fromkeys([*stored.tours_seen, *(Role(role).value for role in roles)]))
        if seen != stored.tours_seen:
            stored.tours_seen = seen
            stored.save(update_fields=["tours_seen"])
    by.tours_seen = seen
    return by
