"""Browsers that their people have signed in with before, by a signed cookie.

It opens nothing: it only says that wrong tries from here are counted apart from those of strangers
(agencies/locks.py). An office machine keeps it for the last few people who use it.
"""

import secrets

from django.core import signing

from agencies.vietnamese import clean

COOKIE, SALT = "may_quen", "portal.known-browser"
KEPT_FOR = 180 * 24 * 3600
MOST_PEOPLE = 8


def _known(request) -> list[list[str]]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError):
        return []


def known_as(request, username: str) -> str:
    """The mark of this browser for that name; '' when that person never signed in from here."""
    folded = clean(username).casefold()
    return next((mark for name, mark in _known(request) if name == folded), "")


def remember(request, response, username: str) -> None:
    """From now on this browser is known to that person. Its mark stays, so that tries stay counted."""
    folded = clean(username).casefold()
    mark = known_as(request, username) or secrets.token_hex(16)
    others = [[name, theirs] for name, theirs in _known(request) if name != folded]
    value = signing.dumps([[folded, mark], *others][:MOST_PEOPLE], salt=SALT)
    # Not Strict: whoever comes by a link in an e-mail is still at their own machine.
    response.set_cookie(COOKIE, value, max_age=KEPT_FOR, secure=request.is_secure(), httponly=True, samesite="Lax")
