"""Numbers, dates and names as Vietnamese officials write them (domain.md §4): pure text, no file format.

Thousands take a dot, decimals a comma, a percentage no blank; a small count in prose carries a leading zero.
A figure that nobody reported is "—" and never 0.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NO_FIGURE = "—"
# What XML 1.0 cannot carry; tab and line feed stay.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_QUARTER_LABEL = re.compile(r"^(Quý [IV]+)/(\d{4})$")
_YEAR_AT_END = re.compile(r"\d{4}$")


def printable(text: object) -> str:
    """The text without characters that no file format can carry; line ends as \\n; '' for None."""
    return "" if text is None else _CONTROLS.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def rounded(value: Decimal | int, decimals: int) -> Decimal:
    """The value with that many decimals, halves away from zero, as people round."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: Decimal | int | None, decimals: int = 0) -> str:
    """'3.250', '1.234,5'; zeros at the end of the decimals are left out; None is '—'."""
    if value is None:
        return NO_FIGURE
    whole, _, fraction = f"{rounded(value, decimals):,f}".partition(".")
    fraction = fraction.rstrip("0")
    return whole.replace(",", ".") + (f",{fraction}" if fraction else "")


def count(value: Decimal | int | None, decimals: int = 0) -> str:
    """A number inside a sentence: whole counts from 1 to 9 carry a leading zero ('02 lớp', '05 cuộc thi')."""
    text = number(value, decimals)
    return f"0{text}" if len(text) == 1 and text in "123456789" else text


def ratio(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """part ÷ whole in percent; None when either is unknown or the whole is 0 (rule V17)."""
    if part is None or not whole:
        return None
    return Decimal(part) * 100 / Decimal(whole)


def percent(value: Decimal | None) -> str:
    """'12,5%', without a blank; None is '—'."""
    return NO_FIGURE if value is None else f"{number(value, 1)}%"


def growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """By how many percent ``now`` differs from ``before``; None when either is unknown or ``before`` is 0."""
    return None if now is None or before is None else ratio(now - before, before)


def signed_percent(value: Decimal | None) -> str:
    """A change in a table: '+12,5%', '-3%', '0%'; None is '—'."""
    text = percent(value)
    return f"+{text}" if value is not None and value > 0 and text != "0%" else text.replace("-0%", "0%")


def day(value: date | None) -> str:
    """'29/02/2024'; '' for None."""
    return f"{value:%d/%m/%Y}" if value else ""


def month(value: int) -> str:
    """A month in words: January and February carry a leading zero (NĐ 30/2020, Phụ lục I), the others none."""
    return f"{value:02d}" if value < 3 else str(value)


def long_day(value: date | None, year: int) -> str:
    """'ngày 05 tháng 02 năm 2025'; with no date, room for the clerk to write day and month in."""
    if value is None:
        return f"ngày      tháng      năm {year}"
    return f"ngày {value.day:02d} tháng {month(value.month)} năm {value.year}"


def in_text(label: str) -> str:
    """A period's label in the middle of running text: 'Quý II/2024', 'năm 2024', '9 tháng đầu năm 2024'."""
    if label.startswith("9 tháng năm "):
        return label.replace("9 tháng năm", "9 tháng đầu năm", 1)
    return "năm" + label[3:] if label.startswith("Năm ") else label


def in_sentence(label: str) -> str:
    """A period's label in a title: 'Quý II/2024' → 'Quý II năm 2024', 'Năm 2024' → 'năm 2024'."""
    if match := _QUARTER_LABEL.match(label):
        return f"{match[1]} năm {match[2]}"
    return in_text(label)


def same_period_words(label: str) -> str:
    """The same period of the year before, by its label: 'cùng kỳ năm 2023'; a whole year is 'năm 2023'."""
    year = _YEAR_AT_END.search(label)
    if year is None or label.startswith("Năm "):
        return in_text(label)
    return f"cùng kỳ năm {year[0]}"


def listed(names: Iterable[str], link: str = " và ") -> str:
    """'A, B và C'."""
    items = list(names)
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + link + items[-1] if items else ""


def one_line(text: str) -> str:
    """What an agency wrote, as one paragraph: dashes at line starts are dropped, each line ends as a sentence."""
    lines = [line.strip().lstrip("-–+•").strip() for line in text.splitlines()]
    return " ".join(
        line if line.endswith((".", ";", ":", "!", "?", "…", ",")) else f"{line}." for line in lines if line
    )
