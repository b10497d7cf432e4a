"""Rows of an annex → sections and tasks, nested by the kind of numbering: Phần A › I › 1 › 1.1 › a) › -."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agencies.tables.source import SourceRow
from agencies.vietnamese import clean, fold_words, roman_to_int
from campaigns.imports.columns import Column, looks_like_heading
from campaigns.imports.corrections import NONE, SECTION, SKIP, TASK, Corrections
from campaigns.imports.ditto import is_ditto
from campaigns.imports.tables import TaskTable

_LEADING = re.compile(
    r"^((?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC)\s+(?:[A-ZĐ]|[IVXL]+|\d+)\b\s*[.:)]?|"
    r"(?:[IVXL]+|\d+)(?:\.\d+)*\s*[.):/](?!\d)|(?:[IVXL]+|\d+)(?:\.\d+)+(?=\s)|[A-ZĐa-zđ][.)]|[-–+•])\s*(\S.*)$",
    re.DOTALL,
)
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2}|[a-z])\s*\)?")
_TOTALS = re.compile(r"(tong so|tong cong|tong|cong)( nhiem vu| cong viec| hoat dong)?( \d+)?")
_SIGNATURES = re.compile(r"(noi nhan|kt|tm|tl|tuq|giam doc|pho giam doc|chu tich|nguoi lap( bieu)?|dai dien)\b.*")
PART, ROMAN, DIGIT, LETTER, BULLET, PLAIN = 0, 10, 20, 50, 60, 70


@dataclass(frozen=True)
class SectionRow:
    """A heading row of the annex."""

    import_key: str
    number: str
    title: str
    parent_key: str
    sort_order: int
    sheet: str
    row: int
    key: str = ""  # "table:row" in the file, for corrections
    cell: str = ""

    @property
    def heading(self) -> str:
        """'I. Công tác phối hợp': number and title as one line."""
        if not self.number:
            return self.title
        return f"{self.number}{'.' if self.number[-1].isalnum() else ''} {self.title}"


@dataclass(frozen=True)
class TaskRow:
    """A task row of the annex, every cell still as written."""

    import_key: str
    section_key: str
    sheet: str
    row: int
    sort_order: int
    number: str
    title: str
    lead: str
    supporting: str
    timing: str
    output: str
    note: str
    key: str = ""  # "table:row" in the file, for corrections
    cells: Mapping[Column, str] = field(default_factory=dict)  # the address of each cell

    def cell(self, column: str) -> str:
        """'C14' for the column called so; the title's when the table has no such column."""
        return self.cells.get(Column(column), "") or self.cells.get(Column.TITLE, "")


@dataclass(frozen=True)
class PassedOver:
    """A row that is neither heading nor task, and why."""

    sheet: str
    row: int
    key: str
    text: str
    why: str


@dataclass
class Outline:
    """Sections and tasks in the order of the annex, empty headings, and what was passed over."""

    sections: list[SectionRow] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)

    def path(self, key: str) -> str:
        """'I. Công tác … > 1. …': the headings from the top down to a section; '' for none."""
        by_key, names = {section.import_key: section for section in self.sections}, []
        while key:
            names.append(by_key[key].heading)
            key = by_key[key].parent_key
        return " > ".join(reversed(names))

    def empty_sections(self) -> list[SectionRow]:
        """Headings with neither a task nor a heading below: often a task whose lead and timing were forgotten."""
        used = {task.section_key for task in self.tasks} | {section.parent_key for section in self.sections}
        return [section for section in self.sections if section.import_key not in used]


@dataclass
class _Open:
    key: str
    rank: int
    value: int
    holds: set[int] = field(default_factory=set)  # ranks of the tasks that hang directly under it


def outline_of(tables: list[TaskTable], corrections: Corrections = NONE) -> Outline:
    """Read every table from top to bottom, as a person has corrected it."""
    outline, taken = Outline(), Counter()
    order, stack, above = 0, [], {}
    for table in tables:
        rows = _rows_that_count(table, corrections, outline)
        if not _goes_on(table, rows):
            stack, above = [], {}
        for row in rows:
            order += 10
            number, title, is_section = _number_and_title(table, row)
            kind = corrections.row(_key(table, row)).kind
            if kind == SECTION or (is_section and kind != TASK):
                _open_section(outline, stack, taken, table, row, number, title, order)
            else:
                outline.tasks.append(_task(table, row, number, title, _home(stack, number), order, above))
    outline.tasks = _with_keys(outline.tasks)
    return outline


def _key(table: TaskTable, row: SourceRow) -> str:
    return f"{table.index}:{row.number}"


def _rows_that_count(table: TaskTable, corrections: Corrections, outline: Outline) -> list[SourceRow]:
    """The rows that are headings or tasks; the others go to the outline's list of what was passed over."""
    last_task_row, ended, counting = _last_task_row(table), False, []
    for row in table.rows:
        if row.blank:
            continue
        kind = corrections.row(_key(table, row)).kind
        ended = ended or _ends(table, row, last_task_row)
        why = "bỏ qua theo yêu cầu" if kind == SKIP else "ở dưới bảng" if ended else _noise(table, row)
        if kind in {TASK, SECTION} or not why:
            counting.append(row)
        else:
            text = " · ".join(clean(cell) for cell in row.cells if cell)
            outline.passed_over.append(PassedOver(table.name, row.number, _key(table, row), text[:300], why))
    return counting


def _goes_on(table: TaskTable, rows: list[SourceRow]) -> bool:
    """Whether the table's first row belongs under the headings of the table before (a list broken over pages)."""
    if not rows or not table.same_heading:
        return False
    number, _title, is_section = _number_and_title(table, rows[0])
    rank, value = rank_of(number)
    if rank == BULLET or (rank == PLAIN and not is_section):
        return True
    return rank not in {PLAIN, PART} and value not in {1, ord("a"), ord("A")}


def _noise(table: TaskTable, row: SourceRow) -> str:
    """Why a row is neither heading nor task ('' when it is one): repeated headings, column numbers, totals."""
    filled = [text for text in row.cells if text]
    if looks_like_heading(row.cells) or table.repeats_heading(row):
        return "tiêu đề lặp lại"
    if len(filled) >= 3 and all(_COLUMN_NUMBER.fullmatch(text.casefold()) for text in filled):
        return "số thứ tự cột"
    if table.cell(row, Column.LEAD):
        return ""
    totals = (filled[0], table.cell(row, Column.TITLE))
    if any(_TOTALS.fullmatch(fold_words(text)) for text in totals) and not table.timing(row):
        return "dòng tổng cộng"
    only_number = rank_of(filled[0])[0] != PLAIN and len(filled[0]) <= 6  # a number with nothing beside it
    if not _said(table, row) and not table.cell(row, Column.TITLE) and len(filled) == 1 and only_number:
        return "chỉ có số thứ tự"
    return ""


def _said(table: TaskTable, row: SourceRow) -> bool:
    """Whether the row says anything that only a task says."""
    return any(
        table.cell(row, c) for c in (Column.LEAD, Column.SUPPORTING, Column.STARTS, Column.TIMING, Column.OUTPUT)
    )


def _ends(table: TaskTable, row: SourceRow, last_task_row: int) -> bool:
    """Below the table come recipients and signatures, which are not tasks."""
    filled = [text for text in row.cells if text]
    if all(_SIGNATURES.fullmatch(fold_words(text)) for text in filled):
        return True
    if not table.is_sheet or row.number <= last_task_row:
        return False  # tasks follow: a row that lacks its title is an error, not the end
    if fold_words(filled[0]).startswith(("noi nhan", "ghi chu")):
        return True
    return not any(table.cell(row, column) for column in (Column.NUMBER, Column.TITLE, Column.LEAD))


def _last_task_row(table: TaskTable) -> int:
    full = (row.number for row in table.rows if table.cell(row, Column.TITLE) and table.timing(row))
    return max(full, default=0)


def _number_and_title(table: TaskTable, row: SourceRow) -> tuple[str, str, bool]:
    """The row's number and title as written, and whether it is a heading."""
    number, title = clean(table.cell(row, Column.NUMBER)), clean(table.cell(row, Column.TITLE))
    is_section = not _said(table, row)
    if not title and is_section:
        # One cell merged over the whole row: its text sits in the first column.
        title, number = number or clean(next(text for text in row.cells if text)), ""
    if not number and (match := _LEADING.match(title)):
        number, title = clean(match[1]), clean(match[2])
    return number, title, is_section


def rank_of(number: str) -> tuple[int, int]:
    """(kind of numbering, its value): lower kinds enclose higher ones. 'II.' → (10, 2); 'a)' → (50, 1)."""
    text = clean(number).rstrip(".):/ ")
    folded = fold_words(number)
    if folded.startswith(("phan ", "chuong ", "muc ")):
        return PART, rank_of(text.split()[-1])[1]
    parts = text.split(".")
    if text[:1].isupper() and parts[0].isupper():
        try:
            value = roman_to_int(parts[0])
        except ValueError:
            if len(text) == 1:
                return PART, ord(text)
        else:
            deeper = [part for part in parts[1:] if part.isdigit()]
            return (ROMAN, value) if not deeper else (DIGIT + len(deeper) - 1, int(deeper[-1][:6]))
    if parts and all(part.isascii() and part.isdigit() for part in parts):
        return DIGIT + min(len(parts), 20) - 1, int(parts[-1][:6])
    if len(text) == 1 and text.isalpha():
        return LETTER, ord(text)
    if number.strip() in {"-", "–", "+", "•"}:
        return BULLET, 0
    return PLAIN, 0


def _open_section(outline, stack, taken, table, row, number, title, order) -> None:
    rank, value = rank_of(number)
    while stack and stack[-1].rank >= rank:
        stack.pop()
    parent_key = stack[-1].key if stack else ""
    own = fold_words(number) or _digest(title)
    key = f"{parent_key}/{own}" if parent_key else own
    if taken[key]:
        key = f"{key}:{_digest(title)}"
    if len(key) > 150:
        key = _digest(key)
    taken[key] += 1
    if taken[key] > 1:
        key = f"{key}#{taken[key]}"
        taken[key] += 1
    cell = table.address(row.number, Column.TITLE)
    outline.sections.append(
        SectionRow(key, number, title, parent_key, order, table.name, row.number, _key(table, row), cell)
    )
    stack.append(_Open(key, rank, value))


def _home(stack: list[_Open], number: str) -> str:
    """The section a task hangs under: the nearest one, unless its number continues a heading's own series.

    After the heading "1. Công tác …" a task numbered "2" stands beside it, one numbered "1" or "a)" stands inside.
    """
    rank, value = rank_of(number)
    if rank not in {BULLET, PLAIN}:
        while stack and stack[-1].rank == BULLET:
            stack.pop()
        for depth, section in enumerate(stack):
            if section.rank == rank and value == section.value + 1 and rank not in section.holds:
                del stack[depth:]
                break
    if not stack:
        return ""
    stack[-1].holds.add(rank)
    return stack[-1].key


def _task(table, row, number: str, title: str, section_key: str, order: int, above: dict[Column, str]) -> TaskRow:
    """``above`` holds what the row above says, for "như trên"; it is brought up to date."""
    cells = {column: table.cell(row, column) for column in (Column.LEAD, Column.SUPPORTING, Column.OUTPUT)}
    cells[Column.TIMING] = table.timing(row)
    for column, text in cells.items():
        if is_ditto(text) and above.get(column):
            cells[column] = above[column]
    above.clear()
    above.update(cells)
    note = "\n".join(part for part in (table.cell(row, Column.NOTE), *table.extras(row)) if part)
    return TaskRow(
        import_key="",
        section_key=section_key,
        sheet=table.name,
        row=row.number,
        sort_order=order,
        number=number,
        title=title,
        lead=cells[Column.LEAD],
        supporting=cells[Column.SUPPORTING],
        timing=cells[Column.TIMING],
        output=cells[Column.OUTPUT],
        note=note,
        key=_key(table, row),
        cells={column: table.address(row.number, column) for column in table.at},
    )


def _with_keys(tasks: list[TaskRow]) -> list[TaskRow]:
    """A key for each task that stays the same when the file is imported again, rows added or moved meanwhile."""
    numbers = Counter((task.section_key, fold_words(task.number)) for task in tasks)
    taken, keyed = Counter(), []
    for task in tasks:
        number = fold_words(task.number)
        key = f"{task.section_key}|{number}"
        if not number or numbers[task.section_key, number] > 1:
            key = f"{key}:{_digest(task.title)}"
        taken[key] += 1
        if taken[key] > 1:
            key = f"{key}#{taken[key]}"
        keyed.append(replace(task, import_key=key))
    return keyed


def _digest(text: str) -> str:
    return hashlib.sha256(fold_words(text).encode()).hexdigest()[:16]
