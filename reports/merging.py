"""Two people on one row: what each changed since the version they started from, put together. Pure, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agencies.vietnamese import nfc


@dataclass(frozen=True)
class Merged:
    """Mine and theirs as one. ``taken`` are fields that only they changed; ``clashes`` those that both changed apart.

    ``values`` holds theirs for a taken field and mine for every other, a clash included: nothing is decided for me.
    """

    values: dict[str, Any]
    taken: tuple[str, ...] = ()
    clashes: tuple[str, ...] = ()


def same(one: Any, other: Any) -> bool:
    """Whether two values are stored alike: the line ends of a browser and blanks around a text say nothing."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return nfc(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return value


def merge(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any], groups: Sequence[Sequence[str]] = ()
) -> Merged:
    """Put together what two people made of ``base``, field by field; a group of fields is taken or kept as a whole.

    The three have the same fields. A field that only one of us changed, or both alike, needs no decision.
    """
    grouped = {name for group in groups for name in group}
    units = [*(tuple(group) for group in groups), *((name,) for name in base if name not in grouped)]
    values, taken, clashes = dict(mine), [], []
    for unit in units:
        if _alike(unit, mine, theirs) or _alike(unit, base, theirs):
            continue
        if _alike(unit, base, mine):
            values |= {name: theirs[name] for name in unit}
            taken += [name for name in unit if not same(mine[name], theirs[name])]
        else:
            clashes += [name for name in unit if not same(mine[name], theirs[name])]
    return Merged(values, tuple(taken), tuple(clashes))


def _alike(unit: Sequence[str], one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(same(one[name], other[name]) for name in unit)
