"""Personal data: who sees how to reach a person, and what the portal holds about one (docs/privacy.md).

The one place that masks. Pages, files and searches ask ``Reach.of`` and never read a person's telephone or address for
somebody else on their own.
"""

import re
from dataclasses import dataclass

from agencies.models import Agency, Council, User
from agencies.permissions import Perm, can, grants_of

HIDDEN = "•••"
_DIGITS_SHOWN = 3


def masked_phone(phone: str) -> str:
    """The last three digits, enough to recognise a number one already has: '•••678'. Empty stays empty."""
    digits = re.sub(r"\D", "", phone)
    return (HIDDEN + digits[-_DIGITS_SHOWN:] if len(digits) > 2 * _DIGITS_SHOWN else HIDDEN) if phone else ""


def masked_email(email: str) -> str:
    """The first letter and the office's domain: 'n•••@cantho.gov.vn'. Empty stays empty."""
    name, at, domain = email.rpartition("@")
    return (f"{name[:1]}{HIDDEN}@{domain}" if at and name else HIDDEN) if email else ""


@dataclass(frozen=True)
class Reach:
    """How to reach a person, as one reader may see it."""

    phone: str
    email: str
    whole: bool

    @classmethod
    def of(cls, person: User, *, reader: User, scope: Agency | Council) -> "Reach":
        """Whole for the person, for people of the same agency and for those who manage that council's agencies or
        accounts (they telephone when a report is late, they write when an account is opened); masked for all others.

        ``scope`` is the agency or council in which the person is being looked at.
        """
        if reader.pk == person.pk or sees_whole(reader, scope):
            return cls(person.phone, person.email, True)
        return cls(masked_phone(person.phone), masked_email(person.email), False)


def sees_whole(reader: User, scope: Agency | Council) -> bool:
    """Whether the reader sees telephone and address of the people of that agency or council unmasked."""
    if isinstance(scope, Agency) and scope.pk in grants_of(reader).all_agencies:
        return True
    return can(reader, Perm.MANAGE_ACCOUNTS, scope) or can(reader, Perm.MANAGE_AGENCIES, scope)
