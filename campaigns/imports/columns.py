"""The columns of a plan's annex (domain.md §1.3), recognised by their headings in any order and spelling."""

import re
from dataclasses import dataclass
from enum import StrEnum

from agencies.vietnamese import clean, fold_words


class Column(StrEnum):
    """What a column means; the value is how the portal calls it to people."""

    NUMBER = "STT"
    TITLE = "Nội dung"
    LEAD = "Chủ trì"
    SUPPORTING = "Phối hợp"
    STARTS = "Bắt đầu"
    TIMING = "Thời gian"
    OUTPUT = "Sản phẩm"
    NOTE = "Ghi chú"


REQUIRED = (Column.TITLE, Column.LEAD, Column.TIMING)

# Folded headings, most telling first: "Cơ quan chủ trì thực hiện" is a lead before it is anything else.
_HEADINGS: tuple[tuple[Column, re.Pattern], ...] = (
    (Column.NUMBER, re.compile(r"(stt|tt|so tt|so thu tu)")),
    (Column.NOTE, re.compile(r"ghi chu.*")),
    (Column.LEAD, re.compile(r".*\bchu tri\b(?!.*phoi hop).*|(co quan |don vi )?(thuc hien chinh|dau moi)")),
    (Column.SUPPORTING, re.compile(r"(?!.*\bchu tri\b).*\b(phoi hop|phoi ket hop)( thuc hien)?")),
    (Column.STARTS, re.compile(r"(thoi gian |thoi diem |ngay |thang )?bat dau( thuc hien)?|tu (ngay|thang)")),
    (
        Column.TIMING,
        re.compile(r"(du kien )?(thoi gian|tien do|thoi han|thoi diem|han hoan thanh|moc thoi gian)\b.*"),
    ),
    (
        Column.OUTPUT,
        re.compile(r"(du kien )?(san pham|ket qua)\b.*|.*\b(san pham|ket qua)( dau ra| du kien| dat duoc)?"),
    ),
    (
        Column.TITLE,
        re.compile(
            r"(ten )?(noi dung|nhiem vu|cong viec|hoat dong|dau viec)\b.*|"
            r"(cac |ten )+(noi dung|nhiem vu|cong viec|hoat dong)\b.*"
        ),
    ),
    # A lone "Đơn vị thực hiện" column names who carries the task; it yields to a "Chủ trì" column.
    (Column.LEAD, re.compile(r"(co quan|don vi)( co quan| don vi)? thuc hien|(co quan|don vi) chiu trach nhiem.*")),
    # The second half of "Thời gian: Bắt đầu | Hoàn thành".
    (Column.TIMING, re.compile(r"(ngay |thang )?(hoan thanh|ket thuc)|den (ngay|thang)")),
)
_LONGEST_HEADING = 80


def heading_of(text: str) -> Column | None:
    """The column that a heading names, or None."""
    folded = fold_words(text)
    if not folded or len(folded) > _LONGEST_HEADING:
        return None
    return next((column for column, pattern in _HEADINGS if pattern.fullmatch(folded)), None)


def recognise(cells, hidden: frozenset[int] = frozenset()) -> dict[Column, int]:
    """Which cell of a row is the heading of which column; the first of two alike wins, a hidden one comes last."""
    found: dict[Column, int] = {}
    weak: dict[Column, int] = {}
    for index in sorted(range(len(cells)), key=lambda at: (at in hidden, at)):
        column = heading_of(cells[index])
        if column is not None:
            (weak if _is_weak(column, cells[index]) else found).setdefault(column, index)
    return weak | found


def _is_weak(column: Column, text: str) -> bool:
    folded = fold_words(text)
    if column is Column.LEAD:
        return "chu tri" not in folded
    return column is Column.TIMING and not re.search(r"thoi|tien do|\bhan\b", folded)


def looks_like_heading(cells) -> bool:
    """Whether a row repeats the heading (long tables repeat it by hand on each page)."""
    found = recognise(cells)
    return Column.LEAD in found and (Column.TITLE in found or Column.SUPPORTING in found)


@dataclass(frozen=True)
class Heading:
    """The heading of a table, of one row or two: what each column is called and which are the portal's."""

    position: int  # of its first row among the rows of the table
    used: int  # how many rows it takes
    names: tuple[str, ...]
    found: dict[Column, int]


def heading_at(rows, position: int, hidden: frozenset[int] = frozenset()) -> Heading:
    """The heading that begins at this row, as far as it is one ("Cơ quan" over "Chủ trì" and "Phối hợp")."""
    cells = rows[position].cells
    found = recognise(cells, hidden)
    one = Heading(position, 1, tuple(clean(text) for text in cells), found)
    if len(found) < 2 or position + 1 >= len(rows):
        return one
    below = rows[position + 1].cells
    if not _is_second_row(cells, below, found):
        return one
    width = max(len(cells), len(below))
    upper, lower = ([*row, *[""] * (width - len(row))] for row in (cells, below))
    both = [low or up for up, low in zip(upper, lower, strict=True)]
    combined = recognise(both, hidden)
    if len(combined) <= len(found):
        return one
    return Heading(position, 2, tuple(_joined(upper, lower, at) for at in range(width)), combined)


def _is_second_row(cells, below, found: dict[Column, int]) -> bool:
    """Whether the row below holds headings too, and not the first task."""
    own = [(at, text) for at, text in enumerate(below) if text and (at >= len(cells) or text != cells[at])]
    number = found.get(Column.NUMBER)
    if not own or any(at == number for at, _text in own):
        return False
    return 2 * sum(heading_of(text) is not None for _at, text in own) >= len(own)


def _joined(upper: list[str], lower: list[str], at: int) -> str:
    """'Kinh phí – Nguồn': the name of a column under a heading that spans several."""
    above = upper[at]
    if not above and lower[at]:
        above = next((text for text in reversed(upper[:at]) if text), "")
    parts = dict.fromkeys(clean(text) for text in (above, lower[at]) if text)
    return " – ".join(parts)
