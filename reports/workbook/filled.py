"""Finding the cells of a filled-in workbook again: by the hidden keys of its rows and the headings of its columns.

So rows may be put in another order, deleted, or pushed apart by blank ones, columns moved, sheets renamed.
"""

from dataclasses import dataclass, field

from reports.workbook import fields
from reports.workbook.fields import FIGURE, FIGURE_FIELDS, LINE, LINE_FIELDS, TEXT_HEAD, WORD, Field, head_of, read_key
from reports.workbook.grid import Grid, address
from reports.workbook.keys import MAGIC, Keys, WorkbookRefused, unpack
from reports.workbook.problems import CellProblem

_COLUMNS: dict[str, tuple[Field, ...]] = {
    LINE: LINE_FIELDS,
    FIGURE: FIGURE_FIELDS,
    WORD: (Field("text", TEXT_HEAD, "prose"),),
}
_SHEETS = {LINE: fields.TASKS, FIGURE: fields.FIGURES, WORD: fields.WORDS}


@dataclass(frozen=True)
class Place:
    """Where a field of a row stands in the file."""

    grid: Grid
    row: int
    column: int

    @property
    def address(self) -> str:
        return address(self.row, self.column)


@dataclass
class Filled:
    """The workbook's keys and, for every row of the report it names, the places of its cells."""

    keys: Keys
    places: dict[tuple[str, str], dict[str, Place]] = field(default_factory=dict)  # (kind, name) → field → place
    problems: list[CellProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(self, kind: str, name: object, column: str) -> Place | None:
        """Where a field of a row stands; None when the row or the column is not in the file."""
        return self.places.get((kind, str(name)), {}).get(column)


def is_workbook(grids: list[Grid]) -> bool:
    """Whether the file is a workbook that the portal prepared, its hidden sheet still there.

    Raises WorkbookRefused for one whose rows still carry keys but whose hidden sheet is gone.
    """
    if any(_keys_column(grid) is not None for grid in grids):
        return True
    if any(read_key(value) for grid in grids for row in grid.rows for value in row):
        raise WorkbookRefused(
            "Tệp điền này đã mất trang khóa ẩn (có lẽ do chép các trang sang tệp khác) nên không nạp được. "
            "Hãy nạp chính tệp đã tải về, hoặc tải tệp mới rồi chép phần đã điền sang."
        )
    return False


def _keys_column(grid: Grid) -> tuple[int, int] | None:
    for row, values in enumerate(grid.rows[:20]):
        for column, value in enumerate(values[:20]):
            if value == MAGIC:
                return row, column
    return None


def find_cells(grids: list[Grid]) -> Filled:
    """Read the keys and find every cell. Raises WorkbookRefused for keys that cannot be trusted."""
    at = next((grid, *place) for grid in grids if (place := _keys_column(grid)) is not None)
    grid, top, column = at
    cells = [str(grid.value(row, column)) for row in range(top, len(grid.rows))]
    filled = Filled(unpack([cell for cell in cells if cell]))
    seen: dict[tuple[str, str], Place] = {}
    for grid in grids:
        _rows_of(grid, filled, seen)
    for kind, name in _SHEETS.items():
        if not any(found == kind for found, _ in filled.places):
            wanted = {LINE: filled.keys.lines, FIGURE: filled.keys.figures, WORD: filled.keys.words}[kind]
            if wanted:
                filled.notes.append(f"Tệp không còn trang “{name}”: phần đó trên cổng giữ nguyên.")
    return filled


def _rows_of(grid: Grid, filled: Filled, seen: dict) -> None:
    heads: dict[str, dict[str, int]] = {}
    for row, values in enumerate(grid.rows):
        found = next(((column, key) for column, value in enumerate(values) if (key := read_key(value))), None)
        if found is None:
            continue
        key_column, key = found
        kind = key[0]
        if kind not in heads:
            heads[kind] = _heads(grid, kind, filled)
        if key in seen:
            first = seen[key]
            filled.problems.append(
                CellProblem(
                    grid.name, address(row, key_column + 1), "", "",
                    f"Dòng này trùng với dòng ở trang “{first.grid.name}”, hàng {first.row + 1} (chép dòng).",
                    "Hãy xóa một trong hai dòng.",
                )
            )  # fmt: skip
            continue
        seen[key] = Place(grid, row, key_column)
        filled.places[key] = {name: Place(grid, row, column) for name, column in heads[kind].items()}


def _heads(grid: Grid, kind: str, filled: Filled) -> dict[str, int]:
    """Field → column, from the header row: the one that names most of the kind's columns."""
    wanted = {head_of(field.head): field for field in _COLUMNS[kind]}
    best: dict[str, list[int]] = {}
    for values in grid.rows:
        named: dict[str, list[int]] = {}
        for column, value in enumerate(values):
            if isinstance(value, str) and (field := wanted.get(head_of(value))):
                named.setdefault(field.name, []).append(column)
        if len(named) > len(best):
            best = named
    heads = {}
    for field in _COLUMNS[kind]:
        columns = best.get(field.name, [])
        if len(columns) == 1:
            heads[field.name] = columns[0]
        elif columns:
            told = ", ".join(address(0, column).rstrip("1") for column in columns)
            filled.problems.append(
                CellProblem(
                    grid.name, "", field.head, "", f"Có {len(columns)} cột “{field.head}” ({told}).",
                    "Hãy xóa hoặc đổi tên cột thừa.",
                )
            )  # fmt: skip
        else:
            filled.notes.append(f"Trang “{grid.name}” không còn cột “{field.head}”: cột đó trên cổng giữ nguyên.")
    return heads
