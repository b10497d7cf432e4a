"""The rules of signing in, all in one place: figures and who they bind. Nothing here reads the clock.

Sources: hồ sơ cấp độ 2 and, where it is stricter, QCVN 12 (docs/decisions/0013-signing-in.md). Passwords are judged by
agencies/passwords.py, tries counted by agencies/locks.py, sessions kept by agencies/sessions.py, with these figures.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings

from agencies.permissions import Perm, grants_of

# --- passwords
MIN_LENGTH = 14
MIN_LENGTH_WITH_SECOND_FACTOR = 8
REMEMBERED_PASSWORDS = 10
ADMINISTRATORS_PASSWORD_AGE = timedelta(days=60)

# --- wrong tries
MAX_TRIES = 5
LOCKED_FOR = timedelta(hours=12)
# An address is an agency of hundreds behind one gateway: it is slowed down, never locked.
ADDRESS_TRIES, ADDRESS_WINDOW = 100, timedelta(minutes=10)

# --- sessions
IDLE = timedelta(minutes=15)
IDLE_ADMINISTRATOR = timedelta(minutes=5)
LONGEST_SESSION = timedelta(hours=12)
WARN_BEFORE = timedelta(minutes=2)

# --- accounts
UNUSED_FOR = timedelta(days=45)

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_administrator(user) -> bool:
    """Whether the person manages accounts of any council, or was made a superuser on the command line."""
    return user.is_superuser or grants_of(user).holds(Perm.MANAGE_ACCOUNTS)


def is_secretary(user) -> bool:
    """Whether the person does the secretariat's work in any council."""
    return grants_of(user).holds(Perm.MANAGE_PLANS)


def has_second_factor(user) -> bool:
    """Whether the person has something beside the password; recovery codes alone are not it."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=PROOFS).exists()


def needs_second_factor(user) -> bool:
    """Whether the person may work only with a second factor (settings.SECOND_FACTOR_FOR)."""
    whom = settings.SECOND_FACTOR_FOR
    if whom == "nobody":
        return False
    return whom == "everybody" or is_administrator(user) or is_secretary(user)


def idle_limit(user) -> timedelta:
    """How long a session lives without its person doing anything."""
    return IDLE_ADMINISTRATOR if is_administrator(user) else IDLE


def must_change_password(user, now: datetime) -> bool:
    """Whether somebody else gave the password, or an administrator's has grown old.

    A demo's passwords are public and its day stands still: there they do not grow old.
    """
    if user.must_change_password:
        return True
    since = user.password_changed_at or user.date_joined
    return now - since > ADMINISTRATORS_PASSWORD_AGE and not settings.PORTAL_DEMO and is_administrator(user)


def min_length(user=None) -> int:
    """The least number of characters of a password of this person."""
    second = user is not None and user.pk is not None and has_second_factor(user)
    return MIN_LENGTH_WITH_SECOND_FACTOR if second else MIN_LENGTH
