"""The bytes of a .docx or .xlsx as plain rows of text: which table or sheet, which row, which cells."""

import re
from dataclasses import dataclass

from agencies.vietnamese import clean

# Characters that XML or Excel may carry and PostgreSQL or people cannot use; tab and line feed stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b]")


_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class SourceRow:
    """One row. Cells merged sideways hold their text once, in the first; cells merged downwards repeat it."""

    number: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True)
class SourceTable:
    """A table of a document or a sheet of a workbook."""

    name: str
    rows: tuple[SourceRow, ...]
    formulas: tuple[str, ...] = ()  # addresses of cells that hold a formula, e.g. 'B7'
    is_sheet: bool = False
    broken: tuple[tuple[str, str], ...] = ()  # cells with an error value: address and value, e.g. ('C5', '#REF!')
    hidden_columns: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        """Columns up to the last one with text."""
        return max((at + 1 for row in self.rows for at, text in enumerate(row.cells) if text), default=0)


@dataclass(frozen=True)
class SourceLine:
    """A line of text, and the table and row it stands in ('' and 0 outside tables)."""

    text: str
    table: str = ""
    row: int = 0


@dataclass(frozen=True)
class Annex:
    """All tables of a file and, for the plan's own number, title and legal bases, all its lines in order."""

    kind: str
    tables: tuple[SourceTable, ...]
    lines: tuple[SourceLine, ...] = ()


def lines_of(table: str, rows) -> list[SourceLine]:
    """The lines of the cells of some rows, from left to right and down."""
    return [
        SourceLine(line, table, row.number) for row in rows for cell in row.cells for line in cell.split("\n") if line
    ]


def column_letters(index: int) -> str:
    """0 → 'A', 26 → 'AA'."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(address: str) -> tuple[int, int]:
    """'C14' → (14, 2): the row from 1 and the column from 0. Raises ValueError for anything else."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


def clean_lines(text: object) -> str:
    """The cell's text in NFC with its line breaks kept and empty lines dropped: they separate agencies."""
    if text is None:
        return ""
    lines = (clean(_CONTROL.sub("", line)) for line in str(text).replace("\r", "\n").replace("\v", "\n").split("\n"))
    return "\n".join(line for line in lines if line)
