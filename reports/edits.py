"""The secretariat's own text and the drafted sentences it was written from.

An edited heading keeps its text, and beside it the basis: the drafted sentences as they stood, with their figures.
When an agency hands in again, each basis sentence that has changed is a mark on the text, to be taken or kept by the
secretariat; nothing is overwritten. Pure text: no database, no request.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agencies.fields import stored
from reports.drafting import Draft, Sentence, joined
from reports.values import Consolidation

# Where one sentence ends and the next begins; "3.250" and "II.2" have no blank after the dot.
_END = re.compile(r"(?<=[.!?…])[ \t]+|\n+")
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)*(?!\w)")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
# What has digits and tells no figure: years and days, articles of a law, numbers of documents.
_NO_FIGURE = re.compile(
    r"\b(?:19|20)[0-9]{2}\s*[-–]\s*(?:19|20)[0-9]{2}\b"
    r"|\bnăm\s+(?:19|20)[0-9]{2}\b"
    r"|\bquý\s+(?:IV|I{1,3}|[1-4])\b(?:/[0-9]{4})?"
    r"|\bngày\s+[0-9]{1,2}\b(?:/[0-9]{1,2}\b)?(?:/[0-9]{4})?"
    r"|\btháng\s+(?:1[0-2]|0?[1-9])\b(?:/[0-9]{4})?"
    r"|\b(?:điều|khoản|chương)\s+[0-9]+\b"
    r"|\b[0-9]+/[0-9]+/[\w/.-]*\w"
    r"|\b[0-9]+/[^\W\d_][\w/.-]*",
    re.IGNORECASE,
)
# A piece of text belongs to the basis sentence that holds at least this share of its words.
_ALIKE = 0.5


@dataclass(frozen=True)
class Basis:
    """One drafted sentence as it stood when the text was written from it. ``figures``: code → digits, None unknown."""

    key: str
    text: str
    figures: dict[str, str | None]

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "text": self.text, "figures": self.figures}


@dataclass(frozen=True)
class FigureChange:
    """A figure before and after; None is 'no figure'."""

    code: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Mark:
    """One sentence of a text whose basis has changed. ``span`` is where it stands; None when it was not found."""

    key: str
    kind: str  # changed, gone, new
    before: str
    after: str
    span: tuple[int, int] | None
    figures: tuple[FigureChange, ...] = ()


def plain(text: str) -> str:
    """Text as it is kept and compared: NFC, line ends as \\n (browsers send CR LF), no blanks at line ends."""
    lines = stored(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def basis_of(sentences: tuple[Sentence, ...], value: Consolidation) -> list[Basis]:
    """What stands behind a drafted heading now."""
    return [Basis(one.key, one.text, {code: _digits(value, code) for code in one.figures}) for one in sentences]


def basis_from(kept: Any) -> list[Basis]:
    """The basis that was stored; what is not a list of sentences says nothing."""
    rows = kept if isinstance(kept, list) else []
    return [Basis(row["key"], row["text"], row["figures"]) for row in rows]


def figures_of(value: Consolidation) -> dict[str, str | None]:
    """Code of every indicator → its digits, None when nobody reported it."""
    return {row.code: _digits(value, row.code) for row in value.indicators}


def _digits(value: Consolidation, code: str) -> str | None:
    row = value.indicator(code)
    return None if row is None or row.value is None else format(row.value.normalize(), "f")


def shown_text(rows: list) -> str:
    """The drafted text as it stood on a page, from what the page carried of it."""
    return joined(Sentence(row["key"], row["text"], opens=row.get("opens", False)) for row in rows)


def shown_on_page(sentences: tuple[Sentence, ...], value: Consolidation) -> list[dict[str, Any]]:
    """What a page carries of a drafted heading, so that a save knows what the person had before their eyes."""
    rows = zip(basis_of(sentences, value), sentences, strict=True)
    return [basis.to_json() | {"opens": one.opens} for basis, one in rows]


def pieces(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence in the text; what lies between them is white space only."""
    found, start = [], 0
    for end in _END.finditer(text):
        found.append((start, end.start()))
        start = end.end()
    found.append((start, len(text)))
    return [(a, b) for a, b in found if text[a:b].strip()]


def located(text: str, basis: list[Basis]) -> dict[str, tuple[int, int]]:
    """Where each basis sentence stands in the text: letter by letter, else the run of pieces that is most like it.

    No two sentences share a letter; a sentence that is not found is not in the answer.
    """
    spans: dict[str, tuple[int, int]] = {}
    for one in sorted(basis, key=lambda one: -len(one.text)):
        start = text.find(one.text) if one.text else -1
        while start >= 0:
            if all(b <= start or start + len(one.text) <= a for a, b in spans.values()):
                spans[one.key] = (start, start + len(one.text))
                break
            start = text.find(one.text, start + 1)
    lost = [one for one in basis if one.key not in spans]
    free = [(a, b) for a, b in pieces(text) if all(b <= c or d <= a for c, d in spans.values())]
    bags = {one.key: Counter(_WORD.findall(one.text.casefold())) for one in lost}
    belongs = [_likest(text[a:b], bags) for a, b in free]
    for one in lost:
        run = _longest_run([key == one.key for key in belongs], free, spans)
        if run:
            spans[one.key] = run
    return spans


def _likest(piece: str, bags: dict[str, Counter]) -> str | None:
    words = Counter(_WORD.findall(piece.casefold()))
    if not words:
        return None
    shares = {key: sum((words & bag).values()) / words.total() for key, bag in bags.items()}
    best = max(shares, key=shares.get, default=None)
    return best if best is not None and shares[best] >= _ALIKE else None


def _longest_run(mine: list[bool], free: list[tuple[int, int]], spans) -> tuple[int, int] | None:
    """The longest stretch of neighbouring pieces that belong together, with nothing of another sentence between."""
    best = current = None
    for belongs, (a, b) in zip(mine, free, strict=True):
        if not belongs:
            current = None
            continue
        split = current and any(current[1] <= c < a for c, _ in spans.values())
        current = (current[0], b) if current and not split else (a, b)
        if best is None or current[1] - current[0] > best[1] - best[0]:
            best = current
    return best


def marks(text: str, basis: list[Basis], now: list[Basis]) -> list[Mark]:
    """What has changed under a text since it was written: one mark a sentence, in the order of the new draft.

    A changed sentence is marked wherever it stands, and also when it is not found; one that the text already says in
    its new words is not. A sentence without data any more is marked only where the text still says it.
    """
    old, new = {one.key: one for one in basis}, {one.key: one for one in now}
    spans = located(text, basis)
    found = []
    for one in now:
        before = old.get(one.key)
        if (before is not None and before.text == one.text) or (one.text and one.text in text):
            continue
        kind = "new" if before is None else "changed"
        was = before.text if before else ""
        figures = _changes(before.figures if before else {}, one.figures)
        found.append(Mark(one.key, kind, was, one.text, spans.get(one.key), figures))
    for one in basis:
        if one.key not in new and one.key in spans:
            found.append(Mark(one.key, "gone", one.text, "", spans[one.key], _changes(one.figures, {})))
    return found


def _changes(before: dict, after: dict) -> tuple[FigureChange, ...]:
    codes = dict.fromkeys([*after, *before])
    rows = (FigureChange(code, before.get(code), after.get(code)) for code in codes)
    return tuple(row for row in rows if row.before != row.after)


def advanced(text: str, basis: list[Basis], now: list[Basis]) -> list[Basis]:
    """The basis after the text was saved: a sentence that the text says in its new words rests on the new draft."""
    new = {one.key: one for one in now}
    kept = [new[one.key] if one.key in new and new[one.key].text in text else one for one in basis]
    keys = {one.key for one in kept}
    return kept + [one for one in now if one.key not in keys and one.text and one.text in text]


def keep(basis: list[Basis], now: list[Basis], key: str) -> list[Basis]:
    """The basis once a changed sentence has been seen and the text left as it is."""
    new = {one.key: one for one in now}
    kept = [new.get(key, one) if one.key == key else one for one in basis if one.key != key or key in new]
    return kept if key not in new or any(one.key == key for one in kept) else [*kept, new[key]]


def take(text: str, basis: list[Basis], now: list[Sentence], mark: Mark) -> str:
    """The text with the new sentence in the place of the old one; every other letter stays.

    A sentence that was not found goes behind the one that precedes it in the draft, else to the end.
    """
    if mark.kind == "gone":
        start, end = mark.span
        before, after = text[:start], text[end:]
        return before.rstrip(" ") + after if after[:1] in ("\n", "") else before + after.lstrip(" ")
    if mark.span is not None:
        return text[: mark.span[0]] + mark.after + text[mark.span[1] :]
    opens = next((one.opens for one in now if one.key == mark.key), True)
    place = _behind(text, basis, now, mark.key)
    gap = "\n" if opens and place else " " if place else ""
    tail = text[place:]
    return text[:place] + gap + mark.after + ("\n" if tail and not tail.startswith("\n") and opens else "") + tail


def _behind(text: str, basis: list[Basis], now: list[Sentence], key: str) -> int:
    """Where in the text the sentence before ``key`` ends, by the order of the draft; the end of the text otherwise."""
    spans = located(text, [*basis, *(Basis(one.key, one.text, {}) for one in now if one.text in text)])
    order = [one.key for one in now]
    for earlier in reversed(order[: order.index(key)] if key in order else []):
        if earlier in spans:
            return spans[earlier][1]
    return len(text)


def highlighted(text: str, found: list[Mark]) -> list[tuple[str, int]]:
    """The text in stretches, each with the number of its mark (from 1) or 0; joined they are the text again."""
    places = sorted((mark.span, number) for number, mark in enumerate(found, 1) if mark.span)
    stretches, at = [], 0
    for (start, end), number in places:
        stretches += [(text[at:start], 0), (text[start:end], number)]
        at = end
    stretches.append((text[at:], 0))
    return [(part, number) for part, number in stretches if part]


def numbers(text: str) -> Counter[str]:
    """The figures that a text tells, as plain digits ('3.250' → '3250', '08' → '8', '13,1' → '13.1'), and how often.

    Years, days, articles of a law and numbers of documents are no figures.
    """
    return Counter(_amount(found) for found in _FIGURE.findall(_NO_FIGURE.sub(" ", text)))


def _amount(written: str) -> str:
    digits = written.replace(".", "") if _THOUSANDS.fullmatch(written) else written
    digits = digits.replace(",", ".")
    return format(Decimal(digits).normalize(), "f") if digits.count(".") < 2 else written


@dataclass(frozen=True)
class OddNumbers:
    """An edited sentence whose numbers are not those of the data.

    ``lost``: numbers of the drafted sentence that it no longer says; ``strange``: numbers that no figure of the period
    has. Both as plain digits.
    """

    key: str
    sentence: str
    lost: tuple[str, ...]
    strange: tuple[str, ...]


def odd_numbers(text: str, basis: list[Basis], now: Iterable[Sentence], known: set[str]) -> list[OddNumbers]:
    """The sentences of a text whose numbers differ from those of the drafted sentence they were written from.

    ``now``: the drafted sentences of today's data. The agencies' own words are not compared: they may be shortened.
    A sentence that cannot be found in the text any more says nothing. ``known``: every number that the data have.
    """
    drafted = {one.key: one.text for one in now if not one.words}
    rests_on = advanced(text, basis, [Basis(one.key, one.text, {}) for one in now])
    found = []
    for key, (start, end) in sorted(located(text, rests_on).items(), key=lambda row: row[1]):
        if key not in drafted:
            continue
        wanted, stands = numbers(drafted[key]), numbers(text[start:end])
        lost = tuple(wanted - stands)
        strange = tuple(one for one in stands - wanted if one not in known)
        if lost or strange:
            found.append(OddNumbers(key, text[start:end], lost, strange))
    return found


def known_numbers(draft: Draft, value: Consolidation) -> set[str]:
    """Every number that the data of a period have: of the indicators, now and before, and of the drafted sentences."""
    told = {
        format(figure.normalize(), "f")
        for row in value.indicators
        for figure in (row.value, row.previous, row.last_year)
        if figure is not None
    }
    return told.union(*(numbers(one.text) for sentences in draft.values() for one in sentences))


@dataclass(frozen=True)
class Heading:
    """The text under one heading of the report in hand: whose it is, what it rests on, what has changed under it."""

    key: str
    text: str
    own: bool
    marks: tuple[Mark, ...] = ()
    odd: tuple[OddNumbers, ...] = ()


def odd_token(found: dict[str, Heading]) -> str:
    """Names exactly the odd numbers that a person has before their eyes, so that a tick is good for no others.

    Empty when there are none.
    """
    odd = [(key, row.sentence, row.lost, row.strange) for key, one in found.items() for row in one.odd]
    return hashlib.sha256(repr(odd).encode()).hexdigest()[:20] if odd else ""


def headings(entries: dict[str, Any], draft: Draft, value: Consolidation) -> dict[str, Heading]:
    """Every heading with text: the secretariat's own words with their marks, else the draft from the data."""
    found = {}
    known = known_numbers(draft, value) if entries else set()
    for key, sentences in draft.items():
        entry = entries.get(key)
        if entry is None:
            found[key] = Heading(key, joined(sentences), own=False)
            continue
        text, basis = entry["text"], basis_from(entry["basis"])
        changed = marks(text, basis, basis_of(sentences, value))
        odd = odd_numbers(text, basis, sentences, known)
        found[key] = Heading(key, text, own=True, marks=tuple(changed), odd=tuple(odd))
    return found
