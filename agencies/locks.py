"""Wrong tries and locks. After five wrong tries in a row a name is locked for twelve hours or until it is unlocked.

What is counted is a *name as typed*, whether or not an account has it, so that a lock tells nobody which accounts
exist. A browser on which its person has signed in before carries a signed cookie and is counted by itself: a stranger
who locks a name locks it for strangers, not for the person at their own desk. An address is never locked, only slowed.

A try is counted before the password is looked at and taken back when it was right: of a hundred tries at the same
instant five are judged.
"""

import hashlib
import hmac
from datetime import datetime

from django.conf import settings
from django.db import transaction

from agencies import signin_rules
from agencies.models import User, WrongTries
from agencies.vietnamese import clean

PASSWORD, CODE, ADDRESS = "password", "code", "address"


def key_of(kind: str, name: str) -> str:
    """The digest under which tries at a name (or from an address) are counted."""
    words = f"portal.locks:{kind}:{clean(name).casefold()}"
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).hexdigest()


def keys_of(user: User) -> list[str]:
    """Both counters of an account: its password and its second step."""
    return [key_of(PASSWORD, user.username), key_of(CODE, user.username)]


@transaction.atomic
def take_try(*, key: str, browser: str, now: datetime) -> bool:
    """Count a try before it is judged. False: locked, it must not be judged."""
    row = _counter(key, browser, now)
    if row.locked_until is not None and row.locked_until > now:
        return False
    if row.locked_until is not None or now - row.since > signin_rules.LOCKED_FOR:
        row.count, row.since, row.locked_until = 0, now, None
    row.count += 1
    if row.count >= signin_rules.MAX_TRIES:
        row.locked_until = now + signin_rules.LOCKED_FOR
    row.save()
    return True


def was_right(*, key: str, browser: str) -> None:
    """The try was right: nothing is counted against this browser any more."""
    WrongTries.objects.filter(key=key, browser=browser).delete()


def locked_until(*, key: str, browser: str, now: datetime) -> datetime | None:
    """Until when that name is locked for that browser; None when it is not."""
    rows = WrongTries.objects.filter(key=key, browser=browser, locked_until__gt=now)
    return rows.values_list("locked_until", flat=True).first()


@transaction.atomic
def take_address(*, address: str, now: datetime) -> bool:
    """Count a wrong try from an address. False: too many lately from browsers that nobody knows; wait a little."""
    row = _counter(key_of(ADDRESS, address), "", now)
    if now - row.since > signin_rules.ADDRESS_WINDOW:
        row.count, row.since = 0, now
    row.count += 1
    row.save()
    return row.count <= signin_rules.ADDRESS_TRIES


def give_back_address(*, address: str) -> None:
    """The try from this address was right: it is not counted."""
    with transaction.atomic():
        row = WrongTries.objects.select_for_update().filter(key=key_of(ADDRESS, address), browser="").first()
        if row is not None and row.count:
            row.count -= 1
            row.save(update_fields=["count"])


def _counter(key: str, browser: str, now: datetime) -> WrongTries:
    """The row of a counter, locked until the end of the transaction.

    Raises WrongTries.DoesNotExist when right tries at the same instant took it away three times.
    """
    rows = WrongTries.objects.select_for_update().filter(key=key, browser=browser)
    for _try in range(3):
        WrongTries.objects.bulk_create(
            [WrongTries(key=key, browser=browser, count=0, since=now)], ignore_conflicts=True
        )
        if (row := rows.first()) is not None:
            return row
    raise WrongTries.DoesNotExist


def locks_of(users: list[User], now: datetime) -> dict[int, datetime]:
    """Account → until when its name is locked anywhere, in one query."""
    owner = {key: user.pk for user in users for key in keys_of(user)}
    rows = WrongTries.objects.filter(key__in=owner, locked_until__gt=now).order_by("locked_until")
    return {owner[key]: until for key, until in rows.values_list("key", "locked_until")}


def forget_tries(user: User) -> int:
    """Unlock: forget every wrong try at the account, from any browser. How many counters there were."""
    return WrongTries.objects.filter(key__in=keys_of(user)).delete()[0]


def forget_old_tries(now: datetime) -> int:
    """Delete counters that no longer hold anybody up (a nightly job); how many."""
    return WrongTries.objects.filter(since__lt=now - 2 * signin_rules.LOCKED_FOR).delete()[0]
