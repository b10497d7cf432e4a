"""The address of one's calendar: a secret that is signed from a stored number, renewed or switched off by its person.

The address holds the feed's id and a signature. Only the number under the signature is stored, so that a copy of the
database gives nobody an address; a new secret key of the installation, like a renewal, ends all old addresses.
"""

import secrets
from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from agencies.history import acting
from agencies.models import CalendarFeed, User

_SALT = "agencies.calendar_feed"
_LETTERS = 43  # of hex: 172 bits


def renew_feed(*, by: User, now: datetime) -> CalendarFeed:
    """Give one's calendar an address, or a new one: the address before is dead from now on."""
    with acting(by=by, verb="renew_feed"):
        values = {"nonce": secrets.token_hex(16), "made_at": now}
        feed, _created = CalendarFeed.objects.update_or_create(user=by, defaults=values)
    return feed


def switch_off_feed(*, by: User) -> None:
    """Take the address of one's calendar away. Safe to repeat."""
    with acting(by=by, verb="switch_off_feed"):
        CalendarFeed.objects.filter(user=by).delete()


def secret_of(feed: CalendarFeed) -> str:
    """The part of the address that only its person knows: '12-3fa9…'."""
    signature = salted_hmac(_SALT, f"{feed.pk}:{feed.user_id}:{feed.nonce}", algorithm="sha256").hexdigest()
    return f"{feed.pk}-{signature[:_LETTERS]}"


def person_of(secret: str) -> User | None:
    """Whose calendar the secret opens; None for a wrong, renewed or switched off one and for a closed account.

    The row is found by the part that is no secret; what is secret is compared in constant time, and a signature is
    computed also where there is no row.
    """
    number, _dash, _signature = secret.partition("-")
    feed = None
    if number.isascii() and number.isdecimal() and len(number) < 19:
        feed = CalendarFeed.objects.select_related("user").filter(pk=int(number)).first()
    expected = secret_of(feed or CalendarFeed(pk=0, user_id=0, nonce=""))
    right = constant_time_compare(secret, expected)
    return feed.user if right and feed is not None and feed.user.is_active else None
