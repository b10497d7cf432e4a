"""The kinds of long work: rooms that know how to do one say so here when the site starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agencies.models import LongWork, User
from agencies.permissions import AGENCY_PERMS, Perm, can, grants_of


@dataclass(frozen=True)
class Step:
    """What a piece did: where the next one begins, how many rows are done now, and what is new of the result.

    ``position`` is kept as JSON. ``total`` and ``parts`` None: as before. ``outcome``: the result in a sentence, said
    when ``done``.
    """

    position: dict
    rows: int = 0
    total: int | None = None
    parts: list | None = None
    done: bool = False
    outcome: str = ""


Piece = Callable[[LongWork, datetime], Step]


@dataclass(frozen=True)
class Kind:
    """One kind: who may have it done, and how its first and its next pieces are done.

    ``begin`` finds out how much there is and writes nothing but files; ``piece`` does the next part. Both run inside
    one transaction with what is written down of them, behind the wall of whoever ordered, and may raise BusinessError,
    whose words are told. A piece that finds nothing left is done. ``perms``: any one of them, on the work's council, or
    anywhere where the work has none; none at all: only the system orders it.
    """

    name: str
    label: str
    perms: tuple[Perm, ...]
    begin: Piece
    piece: Piece
    order_at: str = ""  # name of the address where people order it; '' for a kind that has its own pages
    act: str = ""  # what the button there says
    icon: str = "queue-list"
    look_at: str = ""  # name of the address where the result of one is looked at, with the work's number
    look: str = ""  # what the button there says


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Raises ValueError when the name is taken by another."""
    if KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"long work {kind.name!r} is known already")


def kind_of(work: LongWork) -> Kind:
    """How a work is done. Raises KeyError for a kind that no room knows any more."""
    return KINDS[work.kind]


def may(user: User | None, kind: Kind, council) -> bool:
    """Whether the person may have such a work done for the council, now; ``None`` is the system."""
    if user is None:
        return True
    if council is None:
        return any(map(grants_of(user).holds, kind.perms))
    grants = grants_of(user)
    return any(can(user, perm, council) for perm in kind.perms) or (
        # On an agency of the council: which one, each piece asks for itself.
        council.pk in grants.agency_councils and any(grants.agencies(perm) for perm in AGENCY_PERMS & set(kind.perms))
    )
