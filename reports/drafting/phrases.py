"""Pieces of sentences about figures: a count with its noun, its parts, who did it, the comparison with before.

Only what the data says: a figure that nobody reported is None and is never told as 0 (rule V08), and nothing is
compared while reports are missing, for part of the figures against all of an earlier period tells a false decline.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reports.drafting.sentences import Sentence
from reports.values import Consolidation, IndicatorRow
from reports.wording import count, day, growth, in_text, listed, number, percent, rounded, same_period_words

ALL_AGENCIES = "các cơ quan, đơn vị"
# From this many times the earlier figure on, "gấp 12 lần" is read more easily than "tăng 1.100%".
_TIMES = 10
# What a stock of a longer period is, while quarterly reports are missing.
LATEST_WITHIN = "theo số liệu gần nhất đã tiếp nhận trong kỳ"


def capital(text: str) -> str:
    """The text with its first letter in upper case, the others as they are."""
    return text[:1].upper() + text[1:]


def amount(value: Consolidation, code: str) -> Decimal | None:
    """The figure of an indicator over all agencies; None when nobody reported it or there is no such indicator."""
    row = value.indicator(code)
    return row.value if row else None


def phrase(value: Consolidation, code: str, noun: str) -> str:
    """'05 cuộc thi'; '' when nobody reported the figure."""
    row = value.indicator(code)
    return "" if row is None or row.value is None else f"{count(row.value, row.decimals)} {noun}"


def moment(value: Consolidation) -> str:
    """'Tính đến ngày 14/06/2024': the day that stocks are told of, which never lies behind what is known.

    While reports are missing it also says what the numbers rest on: a quarter counts only the agencies accepted in
    it, a longer period takes each agency's latest accepted number, so the two differ on the same day.
    """
    period = value.period
    told = f"Tính đến ngày {day(min(value.as_of, period.ends_on))}"
    if period.part_labels and (value.missing or value.notes):
        return f"{told}, {LATEST_WITHIN}"
    if value.missing and value.accepted:
        return f"{told}, theo {count(len(value.accepted))}/{count(len(value.reporting))} báo cáo đã tiếp nhận"
    return told


def lacking(value: Consolidation, what: str) -> str:
    """'Chưa có số liệu về …', of stocks; while reports are missing, in which reports there is nothing."""
    if value.missing and (value.accepted or value.period.part_labels):
        return f"{moment(value)}, chưa có số liệu về {what}."
    return f"Chưa có số liệu về {what}."


def parts(value: Consolidation, named: Iterable[tuple[str, str]], unit: str = "") -> str:
    """' (trong đó: nữ 1.200 lượt người, …)' from (code, words) pairs; parts that are 0 or unknown are left out."""
    told = []
    for code, words in named:
        row = value.indicator(code)
        if row is not None and row.value:
            told.append(f"{words} {count(row.value, row.decimals)} {unit}".strip())
    return f" (trong đó: {', '.join(told)})" if told else ""


def doers(value: Consolidation, *codes: str) -> str:
    """Who did it: the agency's name when one alone has the figures, else 'các cơ quan, đơn vị'."""
    rows = [row for row in map(value.indicator, codes) if row is not None]
    busy = {figure.agency for row in rows for figure in row.by_agency if figure.value}
    named = busy or {figure.agency for row in rows for figure in row.by_agency}
    if len(named) != 1:
        return ALL_AGENCIES
    only = named.pop()
    return next((agency.name for agency in value.agencies if agency.code == only), ALL_AGENCIES)


@dataclass
class Notes:
    """The notes of one heading on figures that do not compare as they are: each is printed once, at its end."""

    told: list[str] = field(default_factory=list)

    def mark(self, note: str) -> str:
        """The sign that leads to a note: ' (*)', ' (**)' for a second one; '' for no note."""
        note = " ".join(note.split()).removeprefix("(*)").strip()
        if not note:
            return ""
        if note not in self.told:
            self.told.append(note)
        return f" ({'*' * (self.told.index(note) + 1)})"

    def sentences(self, figures: Sequence[str] = ()) -> list[Sentence]:
        """The notes themselves, each a paragraph."""
        return [
            Sentence(
                f"ghi-chu:{place}",
                f"({'*' * place}) {capital(note)}{'' if note.endswith(('.', '!', '?')) else '.'}",
                figures=tuple(figures),
                opens=True,
            )
            for place, note in enumerate(self.told, 1)
        ]


def told(
    value: Consolidation,
    key: str,
    text: str,
    *,
    figures: Iterable[str],
    compared: Iterable[tuple[str, str]] = (),
    notes: Notes | None = None,
    opens: bool = True,
) -> list[Sentence]:
    """A sentence about figures, and behind it the one that compares them: (code, subject) pairs in ``compared``."""
    known = tuple(code for code in figures if amount(value, code) is not None)
    comparison, codes, loose = _comparison(value, compared, notes or Notes())
    if loose:
        text = text[:-1] + loose + text[-1:]
    first = Sentence(key, text, figures=known or tuple(figures), opens=opens)
    return [first, Sentence(f"{key}/so-sanh", comparison, figures=codes)] if comparison else [first]


def _comparison(value, subjects, notes: Notes) -> tuple[str, tuple[str, ...], str]:
    """The sentence of comparison, the codes in it, and marks of figures whose comparison is left out altogether."""
    if value.missing:
        return "", (), ""
    rows = [(row, subject) for code, subject in subjects if (row := value.indicator(code)) is not None]
    clauses, codes, unmarked = [], [], []
    for name, before_of, note_of in _versus(value):
        changes = []
        for row, subject in rows:
            change, note = _change(row, before_of(row)), note_of(row)
            if change:
                changes.append(f"{subject} {change}{notes.mark(note)}")
                codes.append(row.code)
            elif note and row.value is not None:
                unmarked.append(note)
        if changes:
            clauses.append(f"so với {name}, {listed(changes)}")
    loose = "".join(dict.fromkeys(notes.mark(note) for note in unmarked))
    return (f"{capital('; '.join(clauses))}." if clauses else ""), tuple(dict.fromkeys(codes)), loose


def _versus(value: Consolidation):
    """(name, figure before, its note) of each period to compare with; once when the two are the same period."""
    period = value.period
    last_year = same_period_words(period.last_year_label)
    again = (last_year, lambda row: row.last_year, lambda row: row.last_year_note)
    if period.previous_label == period.last_year_label:
        return [again]
    return [(in_text(period.previous_label), lambda row: row.previous, lambda row: row.previous_note), again]


def _change(row: IndicatorRow, before: Decimal | None) -> str:
    """'tăng 12,5%', 'không thay đổi'; from or to 0 the difference itself, for a rate says nothing there (rule V17).

    '' when either is unknown, and when there was none then and is none now.
    """
    if row.value is None or before is None or not (row.value or before):
        return ""
    if row.value == before:
        return "không thay đổi"
    way = "tăng" if row.value > before else "giảm"
    if not before or not row.value:
        return f"{way} {count(abs(row.value - before), row.decimals)} {row.unit.lower()}"
    if row.value >= before * _TIMES:
        return f"gấp {number(row.value / before, 1)} lần"
    change = abs(growth(row.value, before))
    return f"{way} {percent(change) if rounded(change, 1) else 'dưới 0,1%'}"
