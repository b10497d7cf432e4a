"""The tables of tasks in a file: where their heading is, what each column means, what is left unread."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from agencies.tables.problems import BadFile, CellError, Problem
from agencies.tables.source import Annex, SourceRow, SourceTable, column_letters
from agencies.vietnamese import clean, fold_words
from campaigns.imports.columns import REQUIRED, Column, Heading, heading_at
from campaigns.imports.corrections import AS_NOTE, IGNORED, NONE, Corrections
from campaigns.imports.timing import read_timing

_YEAR_TO_READ_WITH = {"plan_starts": date(2024, 1, 1), "plan_ends": date(2024, 12, 31)}
_COLUMN_NUMBER = re.compile(r"\(\d{1,2}\)")
_A_DAY = re.compile(r"(?<!\d)\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}(?!\d)|\bng[aà]y\b", re.IGNORECASE)


@dataclass(frozen=True)
class ColumnGuess:
    """One column of a table as people see it: its name, a value in it, and what it is taken for.

    ``meaning`` is the name of a Column, AS_NOTE or IGNORED.
    """

    index: int
    heading: str
    sample: str
    meaning: str
    hidden: bool = False

    @property
    def letter(self) -> str:
        """'C' for the third column."""
        return column_letters(self.index)


@dataclass(frozen=True)
class TaskTable:
    """A table whose heading row was found: where each column is, and the rows below."""

    name: str
    is_sheet: bool
    at: dict[Column, int]
    extra: dict[int, str]  # columns that are not ours: index → heading as written
    heading_row: int
    rows: tuple[SourceRow, ...]
    source: SourceTable
    index: int = 0  # among the tables of the file
    columns: tuple[ColumnGuess, ...] = ()
    continues: str = ""  # the table whose heading this one shares, when it has none of its own
    same_heading: bool = False  # as the table before: the list goes on
    headings: frozenset[tuple[str, ...]] = field(default=frozenset())  # its heading rows, folded

    def cell(self, row: SourceRow, column: Column) -> str:
        """The text of one cell, '' when the column or the cell is not there."""
        index = self.at.get(column)
        return row.cells[index] if index is not None and index < len(row.cells) else ""

    def timing(self, row: SourceRow) -> str:
        """The timing of a row; "Bắt đầu" and "Hoàn thành" make 'Từ … đến …'."""
        end = clean(self.cell(row, Column.TIMING))
        start = clean(self.cell(row, Column.STARTS))
        if not start or start == end:
            return end
        if not end:
            return f"Từ {start}" if _A_DAY.search(start) else start  # a first day alone is no deadline
        return f"Từ {start} đến {end}"

    def extras(self, row: SourceRow) -> list[str]:
        """'Kinh phí: 5 triệu' for each filled cell of the columns that are not ours."""
        return [
            f"{heading}: {row.cells[index]}"
            for index, heading in self.extra.items()
            if index < len(row.cells) and row.cells[index]
        ]

    def address(self, row: int, column: Column) -> str:
        """'C14', or '' when the table has no such column."""
        index = self.at.get(column)
        return "" if index is None else f"{column_letters(index)}{row}"

    def repeats_heading(self, row: SourceRow) -> bool:
        """Whether the row is the table's own heading once more."""
        return _folded(row) in self.headings

    @property
    def missing(self) -> tuple[Column, ...]:
        """The columns without which no task can be read."""
        return tuple(column for column in REQUIRED if column not in self.at)


def task_tables(annex: Annex, corrections: Corrections = NONE) -> tuple[list[TaskTable], list[str]]:
    """The tables of tasks in a file, and the names of sheets left unread.

    When no table has all the headings that are needed, the one that comes nearest is returned, its ``missing`` columns
    to be chosen by a person. Raises BadFile when nothing comes near, or when the tables are empty.
    """
    tables: list[TaskTable] = []
    unread: list[SourceTable] = []
    nearest: TaskTable | None = None
    for index, source in enumerate(annex.tables):
        table = _with_heading(source, index, corrections)
        if table is not None and not table.missing:
            tables.append(_marked(table, tables))
        elif tables and (going_on := _going_on(source, index, tables[-1], corrections)):
            tables.append(going_on)
        else:
            unread.append(source)
            if table is not None and (nearest is None or len(table.at) > len(nearest.at)):
                nearest = table
    if not tables:
        if nearest is None or len(nearest.at) < 2 or Column.TITLE not in nearest.at:
            raise _no_heading(annex, nearest)
        tables = [nearest]
        unread = [source for source in unread if source is not nearest.source]
    if not any(not row.blank for table in tables for row in table.rows):
        message = "Bảng có tiêu đề nhưng không có dòng nhiệm vụ nào. Hãy điền nhiệm vụ rồi chọn lại."
        first = tables[0]
        place = Problem(message, first.name, first.heading_row, cell=f"A{first.heading_row}")
        raise BadFile(message, problems=(place,))
    return tables, [source.name for source in unread if source.is_sheet]


def missing_columns(table: TaskTable) -> Problem | None:
    """What to say of a table whose heading lacks a column, or None."""
    if not table.missing:
        return None
    found = ", ".join(f"“{guess.heading}”" for guess in table.columns if guess.heading)
    missing = ", ".join(f"“{column.value}”" for column in table.missing)
    return Problem(
        f"Bảng nhiệm vụ thiếu cột {missing}; trong tệp chỉ thấy {found}.",
        table.name,
        table.heading_row,
        fix="Chọn cột ở mục “Cột nào là gì”, hoặc sửa tên cột trong tệp rồi chọn lại.",
        cell=f"A{table.heading_row}",
    )


# --- finding the heading ---------------------------------------------------------------------------------------------


def _with_heading(source: SourceTable, index: int, corrections: Corrections) -> TaskTable | None:
    best: Heading | None = None
    for position in range(len(source.rows)):
        heading = heading_at(source.rows, position, source.hidden_columns)
        if best is None or len(heading.found) > len(best.found):
            best = heading
        if all(column in heading.found for column in REQUIRED):
            best = heading
            break
    if best is None or not best.found:
        return None
    return _table(source, index, best, corrections)


def _table(source, index, heading: Heading, corrections: Corrections, *, continues: TaskTable | None = None):
    first = 0 if continues else heading.position + heading.used
    rows = source.rows[first:]
    guesses = _guesses(source, rows, heading, corrections.columns.get(str(index), {}))
    heading_row = continues.heading_row if continues else source.rows[heading.position].number
    own = () if continues else source.rows[heading.position : first]
    return TaskTable(
        source.name,
        source.is_sheet,
        {Column[guess.meaning]: guess.index for guess in guesses if guess.meaning in Column.__members__},
        {guess.index: guess.heading or f"Cột {guess.letter}" for guess in guesses if guess.meaning == AS_NOTE},
        heading_row,
        rows,
        source,
        index,
        tuple(guesses),
        continues.name if continues else "",
        bool(continues),
        continues.headings if continues else frozenset(_folded(row) for row in own),
    )


def _guesses(source: SourceTable, rows, heading: Heading, said: dict[str, str]) -> list[ColumnGuess]:
    meaning = {index: column.name for column, index in heading.found.items()}
    taken = {value for value in said.values() if value in Column.__members__}
    guesses = []
    for index in range(max(source.width, len(heading.names))):
        name = heading.names[index] if index < len(heading.names) else ""
        values = [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index]]
        sample = next((text for text in values if not _COLUMN_NUMBER.fullmatch(text)), values[0] if values else "")
        if not name and not sample:
            continue  # a blank column
        hidden = index in source.hidden_columns
        guess = meaning.get(index) or (IGNORED if hidden else AS_NOTE)
        if said.get(str(index)) is None and guess in taken:
            guess = AS_NOTE  # a person gave this meaning to another column
        guess = said.get(str(index), guess)
        if guess in Column.__members__ and any(guess == other.meaning for other in guesses):
            guess = AS_NOTE  # two columns cannot be the same
        guesses.append(ColumnGuess(index, name, clean(sample)[:80], guess, hidden))
    return guesses


def _marked(table: TaskTable, before: list[TaskTable]) -> TaskTable:
    """A table under the same heading as the one before goes on with its list."""
    return replace(table, same_heading=bool(before) and bool(table.headings & before[-1].headings))


def _going_on(source: SourceTable, index: int, before: TaskTable, corrections: Corrections) -> TaskTable | None:
    """A table without a heading of its own that goes on with the one before: the same columns, timings that read."""
    if abs(source.width - before.source.width) > 1 or not source.rows:
        return None
    heading = Heading(0, 0, _names_of(before), dict(before.at))
    table = _table(source, index, heading, corrections, continues=before)
    full = [row for row in table.rows if all(table.cell(row, column) for column in REQUIRED)]
    readable = sum(_reads(table.timing(row)) for row in full)
    return table if full and 2 * readable >= len(full) else None


def _names_of(table: TaskTable) -> tuple[str, ...]:
    names = {guess.index: guess.heading for guess in table.columns}
    return tuple(names.get(at, "") for at in range(max(names, default=-1) + 1))


def _reads(timing: str) -> bool:
    try:
        read_timing(timing, **_YEAR_TO_READ_WITH)
    except CellError:
        return False
    return True


def _folded(row: SourceRow) -> tuple[str, ...]:
    return tuple(fold_words(text) for text in row.cells if text)


def _no_heading(annex: Annex, nearest: TaskTable | None) -> BadFile:
    needed = "“Nội dung công việc”, “Cơ quan chủ trì”, “Thời gian thực hiện”"
    first = nearest.source if nearest else annex.tables[0]
    row = next((row.number for row in first.rows if not row.blank), 1)
    said = ""
    if nearest:
        names = ", ".join(f"“{guess.heading}”" for guess in nearest.columns if guess.meaning in Column.__members__)
        said, row = f"; trong tệp chỉ thấy {names}", nearest.heading_row
    message = (
        f"Không tìm thấy dòng tiêu đề của bảng nhiệm vụ. Bảng cần có các cột {needed}{said}; "
        "nên có thêm “STT”, “Cơ quan phối hợp”, “Sản phẩm”, “Ghi chú”. Hãy thêm dòng tiêu đề rồi chọn lại."
    )
    return BadFile(message, problems=(Problem(message, first.name, row, cell=f"A{row}"),))
