"""Rows of an annex → sections and tasks, nested by the kind of numbering: Phần A › I › 1 › 1.1 › a) › -."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, replace

from agencies.vietnamese import clean, fold_words, roman_to_int
from campaigns.imports.columns import Column, TaskTable, looks_like_heading
from campaigns.imports.reading import SourceRow

_LEADING = re.compile(
    r"^((?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC)\s+(?:[A-ZĐ]|[IVXL]+|\d+)\b\s*[.:)]?|"
    r"(?:[IVXL]+|\d+)(?:\.\d+)*\s*[.):/](?!\d)|\d+(?:\.\d+)+(?=\s)|[A-ZĐa-zđ][.)]|[-–+•])\s*(\S.*)$",
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


@dataclass
class Outline:
    """Sections and tasks in the order of the annex, and headings under which nothing was found."""

    sections: list[SectionRow] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)

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


def outline_of(tables: list[TaskTable]) -> Outline:
    """Read every table from top to bottom."""
    outline, taken = Outline(), Counter()
    order = 0
    for table in tables:
        stack: list[_Open] = []
        last_task_row = _last_task_row(table)
        for row in table.rows:
            if _is_noise(table, row):
                continue
            if table.is_sheet and _ends_sheet(table, row, last_task_row):
                break
            order += 10
            number, title, is_section = _number_and_title(table, row)
            if is_section:
                _open_section(outline, stack, taken, table, row, number, title, order)
            else:
                outline.tasks.append(_task(table, row, number, title, _home(stack, number), order))
    outline.tasks = _with_keys(outline.tasks)
    return outline


def _is_noise(table: TaskTable, row: SourceRow) -> bool:
    """Blank rows, repeated headings, rows of column numbers and totals."""
    filled = [text for text in row.cells if text]
    if not filled or looks_like_heading(row.cells):
        return True
    if len(filled) >= 3 and all(_COLUMN_NUMBER.fullmatch(text.casefold()) for text in filled):
        return True
    if table.cell(row, Column.LEAD):
        return False
    first = fold_words(filled[0])
    if _TOTALS.fullmatch(first) and not table.cell(row, Column.TIMING):
        return True
    return (
        not _said(table, row)
        and not table.cell(row, Column.TITLE)
        and len(filled) == 1
        and (
            rank_of(filled[0])[0] != PLAIN and len(filled[0]) <= 6  # a number with nothing beside it
        )
    )


def _said(table: TaskTable, row: SourceRow) -> bool:
    """Whether the row says anything that only a task says."""
    return any(table.cell(row, c) for c in (Column.LEAD, Column.SUPPORTING, Column.TIMING, Column.OUTPUT))


def _ends_sheet(table: TaskTable, row: SourceRow, last_task_row: int) -> bool:
    """Below the table of a sheet come recipients and signatures, which are not tasks."""
    filled = [text for text in row.cells if text]
    if all(_SIGNATURES.fullmatch(fold_words(text)) for text in filled):
        return True
    if row.number <= last_task_row:
        return False  # tasks follow: a row that lacks its title is an error, not the end
    if fold_words(filled[0]).startswith(("noi nhan", "ghi chu")):
        return True
    return not any(table.cell(row, column) for column in (Column.NUMBER, Column.TITLE, Column.LEAD))


def _last_task_row(table: TaskTable) -> int:
    full = (row.number for row in table.rows if table.cell(row, Column.TITLE) and table.cell(row, Column.TIMING))
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
    outline.sections.append(SectionRow(key, number, title, parent_key, order, table.name, row.number))
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


def _task(table: TaskTable, row: SourceRow, number: str, title: str, section_key: str, order: int) -> TaskRow:
    note = "\n".join(part for part in (table.cell(row, Column.NOTE), *table.extras(row)) if part)
    return TaskRow(
        "",
        section_key,
        table.name,
        row.number,
        order,
        number,
        title,
        table.cell(row, Column.LEAD),
        table.cell(row, Column.SUPPORTING),
        clean(table.cell(row, Column.TIMING)),
        table.cell(row, Column.OUTPUT),
        note,
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
