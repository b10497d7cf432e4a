"""The columns of a plan's annex (domain.md §1.3), recognised by their headings in any order and spelling."""

import re
from dataclasses import dataclass
from enum import StrEnum

from agencies.vietnamese import clean, fold_words
from campaigns.imports.problems import BadFile
from campaigns.imports.reading import Annex, SourceRow, SourceTable


class Column(StrEnum):
    """What a column means; the value is how the portal calls it to people."""

    NUMBER = "STT"
    TITLE = "Nội dung"
    LEAD = "Chủ trì"
    SUPPORTING = "Phối hợp"
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
)
_LONGEST_HEADING = 80


def heading_of(text: str) -> Column | None:
    """The column that a heading names, or None."""
    folded = fold_words(text)
    if not folded or len(folded) > _LONGEST_HEADING:
        return None
    return next((column for column, pattern in _HEADINGS if pattern.fullmatch(folded)), None)


@dataclass(frozen=True)
class TaskTable:
    """A table whose heading row was found: where each column is, and the rows below."""

    name: str
    is_sheet: bool
    at: dict[Column, int]
    extra: dict[int, str]  # columns that are not ours: index → heading as written
    heading_row: int
    rows: tuple[SourceRow, ...]
    formulas: tuple[str, ...]

    def cell(self, row: SourceRow, column: Column) -> str:
        """The text of one cell, '' when the column or the cell is not there."""
        index = self.at.get(column)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def extras(self, row: SourceRow) -> list[str]:
        """'Kinh phí: 5 triệu' for each filled cell of the columns that are not ours."""
        return [
            f"{heading}: {row.cells[index]}"
            for index, heading in self.extra.items()
            if index < len(row.cells) and row.cells[index]
        ]


def recognise(cells) -> dict[Column, int]:
    """Which cell of a row is the heading of which column; the first of two alike wins."""
    found: dict[Column, int] = {}
    weak = None
    for index, text in enumerate(cells):
        column = heading_of(text)
        if column is Column.LEAD and "chu tri" not in fold_words(text):
            weak = index if weak is None else weak
        elif column is not None:
            found.setdefault(column, index)
    if weak is not None:
        found.setdefault(Column.LEAD, weak)
    return found


def looks_like_heading(cells) -> bool:
    """Whether a row repeats the heading (long Word tables repeat it by hand on each page)."""
    found = recognise(cells)
    return Column.TITLE in found and Column.LEAD in found


def task_tables(annex: Annex) -> tuple[list[TaskTable], list[str]]:
    """The tables of tasks in a file, and the names of sheets left unread.

    Raises BadFile when no table has the headings that are needed, or when those that have are empty.
    """
    tables, unread, nearest = [], [], {}
    for source in annex.tables:
        found, near = _find_heading(source)
        if found is not None:
            tables.append(found)
        else:
            nearest = max(nearest, near, key=len)
            if source.is_sheet:
                unread.append(source.name)
    if not tables:
        raise BadFile(_missing_headings(nearest))
    if not any(not row.blank for table in tables for row in table.rows):
        raise BadFile("Bảng có tiêu đề nhưng không có dòng nhiệm vụ nào. Hãy điền nhiệm vụ rồi chọn lại.")
    return tables, unread


def _find_heading(source: SourceTable) -> tuple[TaskTable | None, dict[Column, str]]:
    nearest: dict[Column, str] = {}
    for position, row in enumerate(source.rows):
        found, cells, used = recognise(row.cells), list(row.cells), 1
        # A heading of two rows ("Cơ quan thực hiện" over "Chủ trì" and "Phối hợp"): the lower cell speaks first.
        if found and position + 1 < len(source.rows):
            below = source.rows[position + 1].cells
            lower = recognise(below)
            if lower and len(found) >= 2:
                both = [
                    (below[i] if i < len(below) and below[i] else cells[i] if i < len(cells) else "")
                    for i in range(max(len(cells), len(below)))
                ]
                combined = recognise(both)
                if len(combined) > len(found):
                    found, cells, used = combined, both, 2
        if len(found) > len(nearest):
            nearest = {column: cells[index] for column, index in found.items()}
        if all(column in found for column in REQUIRED):
            taken = set(found.values())
            extra = {i: clean(text) for i, text in enumerate(cells) if i not in taken and text}
            rows = source.rows[position + used :]
            return (
                TaskTable(source.name, source.is_sheet, found, extra, row.number, rows, source.formulas),
                nearest,
            )
    return None, nearest


def _missing_headings(nearest: dict[Column, str]) -> str:
    needed = "“Nội dung công việc”, “Cơ quan chủ trì”, “Thời gian thực hiện”"
    if not nearest:
        return (
            f"Không tìm thấy dòng tiêu đề của bảng nhiệm vụ. Bảng cần có các cột {needed}; "
            "nên có thêm “STT”, “Cơ quan phối hợp”, “Sản phẩm”, “Ghi chú”."
        )
    found = ", ".join(f"“{clean(text)}”" for text in nearest.values())
    missing = ", ".join(f"“{column.value}”" for column in REQUIRED if column not in nearest)
    return (
        f"Bảng nhiệm vụ thiếu cột {missing}. Bảng cần có các cột {needed}; trong tệp chỉ thấy {found}. "
        "Hãy thêm hoặc sửa tên cột rồi chọn lại."
    )
