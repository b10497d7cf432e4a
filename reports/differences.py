"""Two versions of the council's report beside each other: words left out and put in, figures before and after."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from reports.edits import FigureChange
from reports.outline import OUTLINE

_TOKEN = re.compile(r"\S+\s*|\s+")


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
    """The difference of two texts by words. Joining "same" and "del" gives ``before``; "same" and "ins", ``after``."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, [one.rstrip() for one in old], [one.rstrip() for one in new], autojunk=False)
    out: list[Stretch] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            for mine, theirs in zip(old[a:b], new[c:d], strict=True):
                word = mine.rstrip()
                _add(out, "same", word)
                gaps = mine[len(word) :], theirs[len(word) :]
                if gaps[0] == gaps[1]:
                    _add(out, "same", gaps[0])
                else:
                    _add(out, "del", gaps[0])
                    _add(out, "ins", gaps[1])
        else:
            _add(out, "del", "".join(old[a:b]))
            _add(out, "ins", "".join(new[c:d]))
    return out


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
