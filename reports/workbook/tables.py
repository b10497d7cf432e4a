"""Tables of figures in a sheet of somebody's own making: header rows of two levels, column codes, hierarchy rows.

Two shapes are known: the ministry's, one row per place with the figures side by side under codes '(1)', '(2)' (or our
own codes), and the list, one row per indicator with our code (PB01…) beside the figure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from agencies.vietnamese import fold_words
from reports.workbook.grid import Grid

_COLUMN_CODE = re.compile(r"\(\s*(\d{1,2})\s*\)(?:\s*=.*)?")
_NUMBERING = re.compile(r"^(?:[ivxl]+|\d+(?: \d+)*|[a-z]) (?=\S)")
_LABEL_NUMBER = re.compile(r"^\s*(?:[IVXL]+|[0-9]+(?:\.[0-9]+)*|[a-z])(?:[.)]+\s*|\s+)(?=\D)")
# Not every "cong" is a total: Công an, Công đoàn.
_TOTAL = re.compile(r"^(?:tong (?:so|cong)\b|tong$|cong$)")
_GROUP = re.compile(
    r"^(?:tai (?:cap|dia ban)|cap (?:tinh|xa|huyen)|co quan chuyen mon|ket qua tai|cac (?:so|co quan|don vi|xa))\b"
)
_ROMAN = re.compile(r"[IVXL]+\.?")
_SIGNATURE = re.compile(r"^(?:nguoi lap|nguoi kiem tra|giam doc|thu truong|ghi chu|can tho ngay)\b")
_VALUE_HEADS = {"so lieu", "so lieu ky nay", "ky nay", "ket qua", "ket qua ky nay", "thuc hien", "gia tri", "so luong",
                "thuc hien trong ky", "ket qua trong ky", "so lieu trong ky"}  # fmt: skip
_DEEPEST_HEAD, _DEEPEST_TITLE = 5, 12
# A sheet of figures is a page or two; what lies below is not looked at.
_MOST_ROWS = 2000


@dataclass(frozen=True)
class Column:
    """A column of figures: where it stands, its code on the form, our own code, the headings above it."""

    index: int
    number: int | None
    code: str  # our indicator's code when the header names it, else ''
    path: tuple[str, ...]

    @property
    def folded(self) -> str:
        return " / ".join(fold_words(text) for text in self.path)

    @property
    def told(self) -> str:
        """'(4) Phổ biến trực tiếp › Số lượt người'."""
        number = f"({self.number}) " if self.number else ""
        return f"{number}{' › '.join(self.path)}".strip() or "(không có tiêu đề)"


@dataclass(frozen=True)
class DataRow:
    """A row under the header that holds figures; ``kind`` is 'unit', 'group' (I, Tại cấp tỉnh…) or 'total'."""

    index: int
    label: str
    kind: str

    @property
    def name(self) -> str:
        """The label without its numbering: '1.1 Sở Tư pháp' → 'Sở Tư pháp'."""
        return _LABEL_NUMBER.sub("", self.label).strip()


@dataclass(frozen=True)
class WideTable:
    """The ministry's shape: columns of figures, a row per place."""

    grid: Grid
    columns: tuple[Column, ...]
    rows: tuple[DataRow, ...]
    about: str  # what stands above the table: title, unit of money
    name: str  # the sheet's, and which table of it


@dataclass(frozen=True)
class ListTable:
    """One row per indicator: (row, code), and the columns that may hold the figure."""

    grid: Grid
    rows: tuple[tuple[int, str], ...]
    values: tuple[Column, ...]
    chosen: int | None  # the column that is surely meant


def find_tables(grid: Grid, codes: Iterable[str]) -> list[WideTable | ListTable]:
    """The tables of figures of a sheet, from top to bottom. ``codes`` are the indicators' own codes."""
    by_fold = {code.casefold(): code for code in codes}
    grid = replace(grid, rows=grid.rows[:_MOST_ROWS])
    if (listed := _list_table(grid, by_fold)) is not None:
        return [listed]
    heads = _code_rows(grid, by_fold)
    tops = [*(_top_of_head(grid, head) for head, _coded in heads), len(grid.rows)]
    tables, before = [], 0
    for number, (head, coded) in enumerate(heads, 1):
        name, top = grid.name if number == 1 else f"{grid.name}, bảng {number}", tops[number - 1]
        # A table is not told by the title of the one above it.
        above = range(max(before, top - _DEEPEST_TITLE), top)
        about = " ".join(_spanned(grid, row, column) for row in above for column in range(grid.width))
        columns, rows = _wide_table(grid, top, head, max(head + 1, tops[number]), coded)
        tables.append(WideTable(grid, columns, rows, about, name))
        before = head + 1
    return tables


# --- the list -----------------------------------------------------------------------------------------------------


def _list_table(grid: Grid, codes: dict[str, str]) -> ListTable | None:
    best: tuple[int, list[tuple[int, str]]] | None = None
    for column in range(grid.width):
        rows = [(row, code) for row in range(len(grid.rows)) if (code := codes.get(grid.text(row, column).casefold()))]
        if len(rows) >= 2 and (best is None or len(rows) > len(best[1])):
            best = (column, rows)
    if best is None:
        return None
    at, rows = best
    first = rows[0][0]
    columns = []
    for column in range(at + 1, grid.width):
        if any(_holds_figure(grid, row, column) for row, _code in rows):
            path = tuple(filter(None, (_spanned(grid, row, column) for row in range(max(0, first - 3), first))))
            columns.append(Column(column, None, "", tuple(dict.fromkeys(path))))
    named = [column for column in columns if fold_words(column.path[-1] if column.path else "") in _VALUE_HEADS]
    sure = named if len(named) == 1 else columns if len(columns) == 1 else []
    return ListTable(grid, tuple(rows), tuple(columns), sure[0].index if sure else None)


# --- the ministry's shape -----------------------------------------------------------------------------------------


def _wide_table(grid: Grid, top: int, head: int, end: int, coded: dict):
    """(columns, rows) of the table whose header begins at ``top``, whose codes stand at ``head``."""
    last_label = min(coded)
    below = range(head + 1, end)
    columns = []
    for index in range(last_label, grid.width):
        path = tuple(dict.fromkeys(filter(None, (_spanned(grid, row, index) for row in range(top, head)))))
        number, code = coded.get(index, (None, ""))
        if index in coded or (path and any(_holds_figure(grid, row, index) for row in below)):
            columns.append(Column(index, number, code, path))
    rows = []
    for row in below:
        label = " ".join(filter(None, (grid.text(row, column) for column in range(last_label))))
        if rows and _SIGNATURE.match(fold_words(label) or fold_words(_first_text(grid, row))):
            break
        if any(_holds_figure(grid, row, column.index) for column in columns):
            rows.append(DataRow(row, label, _kind_of_row(grid, row, last_label, label)))
    return tuple(columns), tuple(rows)


def _code_rows(grid: Grid, codes: dict[str, str]) -> list[tuple[int, dict[int, tuple[int | None, str]]]]:
    """The rows of column codes: '(1)', '(2)'… or our own, two of them at least."""
    found = []
    for row in range(len(grid.rows)):
        coded: dict[int, tuple[int | None, str]] = {}
        for column in range(len(grid.rows[row])):
            text = grid.text(row, column)
            if match := _COLUMN_CODE.fullmatch(text):
                coded[column] = (int(match[1]), "")
            elif code := codes.get(text.casefold()):
                coded[column] = (None, code)
        if len(coded) >= 2:
            found.append((row, coded))
    return found


def _top_of_head(grid: Grid, head: int) -> int:
    """The first header row: up from the codes until a blank row, or a title that spans everything."""
    top = head
    for row in range(head - 1, max(-1, head - 1 - _DEEPEST_HEAD), -1):
        texts = {text for column in range(grid.width) if (text := _spanned(grid, row, column))}
        if len(texts) < 2 or any(_NOT_HEAD.search(fold_words(text)) for text in texts):
            break
        top = row
    return top


_NOT_HEAD = re.compile(r"^(?:bieu so|don vi (?:bao cao|nhan|tinh)|ban hanh|ky bao cao|ngay nhan)\b")


def _kind_of_row(grid: Grid, row: int, last_label: int, label: str) -> str:
    folded = _NUMBERING.sub("", fold_words(label))
    if _TOTAL.match(folded):
        return "total"
    numbering = grid.text(row, 0) if last_label > 1 else ""
    if _ROMAN.fullmatch(numbering) or _GROUP.match(folded):
        return "group"
    return "unit"


def _spanned(grid: Grid, row: int, column: int) -> str:
    """The text of a cell, or of the merged range it belongs to."""
    for (top, left), (bottom, right) in grid.merged:
        if top <= row <= bottom and left <= column <= right:
            return grid.text(top, left)
    return grid.text(row, column)


def _first_text(grid: Grid, row: int) -> str:
    return next((text for column in range(grid.width) if (text := grid.text(row, column))), "")


def _holds_figure(grid: Grid, row: int, column: int) -> bool:
    value, place = grid.value(row, column), (row, column)
    if isinstance(value, float | int) and not isinstance(value, bool):
        return True
    if place in grid.unknown or place in (grid.errors or {}):
        return True
    return isinstance(value, str) and bool(_FIGURE_LIKE.fullmatch(value.strip()))


_FIGURE_LIKE = re.compile(r"[-–—]|[-\d.,\s]*\d[\d.,\s]*")
