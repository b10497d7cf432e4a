"""Two versions of the council's report beside each other: words left out and put in, figures before and after."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from reports.edits import FigureChange
from reports.outline import OUTLINE

_TOKEN = re.compile(r"\S+\s*|\s+")
# An item of a list ("Sở Tư pháp; Công an tỉnh."), with what ends it.
_ITEM = re.compile(r".+?(?:;\s*|:\s+|\.\s+|\n\s*|\Z)", re.DOTALL)
_ENDS = ";:. \n\t"
_MOST = 6000  # words or items of both texts together: beyond this comparing them takes longer than anybody waits
_LONG = 14  # words: an item longer than any name is prose, compared by words
_FIGURE = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True)
class Stretch:
    """A stretch of text that both versions have ("same"), only the earlier ("del") or only the later one ("ins")."""

    kind: str
    text: str


@dataclass(frozen=True)
class HeadingDifference:
    """One heading whose text differs: its number in full ('II.1.'), its title, the text in stretches."""

    key: str
    place: str
    title: str
    stretches: tuple[Stretch, ...]


def word_diff(before: str, after: str) -> list[Stretch]:
    """The difference of two texts by words. Joining "same" and "del" gives ``before``; "same" and "ins", ``after``.

    A list, its items parted by ";", is compared item by item first: names of agencies are not cut in the middle.
    """
    out: list[Stretch] = []
    if ";" not in before and ";" not in after:
        _by_words(out, before, after)
        return out
    old, new = _ITEM.findall(before), _ITEM.findall(after)
    for same, was, now in _aligned(old, new, _ENDS):
        if same:
            _keep(out, was[0], now[0], _ENDS)
        elif len(was) == len(now):
            for mine, theirs in zip(was, now, strict=True):
                _item(out, mine, theirs)
        else:
            _item(out, "".join(was), "".join(now))
    return out


def beside(before: str, after: str) -> tuple[list[Stretch], list[Stretch]]:
    """The same difference for two columns: the earlier text with its "del", the later one with its "ins"."""
    found = word_diff(before, after)
    return [one for one in found if one.kind != "ins"], [one for one in found if one.kind != "del"]


def _item(out: list[Stretch], mine: str, theirs: str) -> None:
    """One item for another: by words when only figures differ, or when both are prose; else the whole of it."""
    figures_only = _FIGURE.sub("0", mine) == _FIGURE.sub("0", theirs)
    if figures_only or (_prose(mine) and _prose(theirs)):
        _by_words(out, mine, theirs)
    else:
        _add(out, "del", mine)
        _add(out, "ins", theirs)


def _prose(text: str) -> bool:
    return any(len(one.split()) > _LONG for one in _ITEM.findall(text))


def _by_words(out: list[Stretch], before: str, after: str) -> None:
    for same, was, now in _aligned(_TOKEN.findall(before), _TOKEN.findall(after), None):
        if same:
            _keep(out, was[0], now[0], None)
        else:
            _add(out, "del", "".join(was))
            _add(out, "ins", "".join(now))


def _aligned(old: list[str], new: list[str], ends: str | None) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Pairs that are the same but for what ends them, one by one, and the runs between them that differ."""
    if len(old) + len(new) > _MOST and old != new:
        yield False, old, new
        return
    matcher = SequenceMatcher(
        None, [one.rstrip(ends) for one in old], [one.rstrip(ends) for one in new], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield from ((True, [mine], [theirs]) for mine, theirs in zip(old[a:b], new[c:d], strict=True))
        else:
            yield False, old[a:b], new[c:d]


def _keep(out: list[Stretch], mine: str, theirs: str, ends: str | None) -> None:
    """What both texts have; what ends it may differ."""
    core = mine.rstrip(ends)
    _add(out, "same", core)
    gaps = mine[len(core) :], theirs[len(core) :]
    if gaps[0] == gaps[1]:
        _add(out, "same", gaps[0])
    else:
        _add(out, "del", gaps[0])
        _add(out, "ins", gaps[1])


def _add(out: list[Stretch], kind: str, text: str) -> None:
    if not text:
        return
    if out and out[-1].kind == kind:
        out[-1] = Stretch(kind, out[-1].text + text)
    else:
        out.append(Stretch(kind, text))


def places() -> Iterator[tuple[str, str, str]]:
    """(key, number in full, title) of every heading with text: ('education', 'II.1', 'Công tác phổ biến, …')."""
    above = ""
    for heading in OUTLINE:
        number = heading.number.rstrip(".")
        if heading.level == 1:
            above = number
        if heading.has_text:
            yield heading.key, number if heading.level == 1 else f"{above}.{number}", heading.title


def heading_differences(before: dict[str, str], after: dict[str, str]) -> list[HeadingDifference]:
    """The headings whose text differs, in the order of the outline."""
    return [
        HeadingDifference(key, place, title, tuple(word_diff(before.get(key, ""), after.get(key, ""))))
        for key, place, title in places()
        if before.get(key, "") != after.get(key, "")
    ]


def figure_differences(before: dict[str, str | None], after: dict[str, str | None]) -> list[FigureChange]:
    """The figures that differ, in the order of the later version; a code that one version lacks has no figure there."""
    codes = dict.fromkeys([*after, *before])
    rows = (FigureChange(code, before.get(code), after.get(code)) for code in codes)
    return [row for row in rows if row.before != row.after]
