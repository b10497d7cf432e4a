"""A list in a workbook or CSV file as rows of named values: where its heading is, which column means what."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from agencies.tables.csv_text import csv_text
from agencies.tables.excel import MAX_COLUMNS, column_letters, read_workbook
from agencies.tables.package import EXCEL, open_package, refuse_too_big
from agencies.tables.problems import BadFile, Problem
from agencies.tables.source import SourceRow, SourceTable, clean_lines
from agencies.vietnamese import fold_words

# A heading stands within the first rows: above it come the list's title and the agency's name.
_HEADING_WITHIN = 15
MAX_ROWS = 5000
MAX_PHYSICAL_ROWS = 2 * MAX_ROWS  # blank ones included


@dataclass(frozen=True)
class ListRow:
    """One row of the list: its number as the program counts it, and its values by field."""

    number: int
    values: Mapping[str, str]
    cells: Mapping[str, str] = field(default_factory=dict)  # field → address, 'C14'

    def get(self, name: str) -> str:
        """The text of a field; '' when the cell is empty or the file has no such column."""
        return self.values.get(name, "")


@dataclass(frozen=True)
class ListFile:
    """The rows below the heading, which fields the file has, and the columns it has that nobody knows."""

    sheet: str
    rows: tuple[ListRow, ...]
    fields: tuple[str, ...]
    unknown: tuple[str, ...]
    headings: Mapping[str, str]  # field → heading as written

    def problem(self, row: ListRow, name: str, message: str, fix: str = "") -> Problem:
        """A problem of one cell of the list."""
        return Problem(
            message,
            sheet=self.sheet,
            row=row.number,
            column=self.headings.get(name, ""),
            value=row.get(name)[:120],
            fix=fix,
            cell=row.cells.get(name, ""),
        )


def read_list(content: bytes, filename: str, headings: Mapping[str, tuple[str, ...]], required: str) -> ListFile:
    """The list in an .xlsx or .csv file. ``headings`` are the ways a field's heading is written, field by field.

    Blank rows and columns never stop it. Raises BadFile, in words, when there is no list with a column ``required``.
    """
    tables = _csv_table(content) if _is_csv(content, filename) else _workbook_tables(content, filename)
    names = {fold_words(way): name for name, ways in headings.items() for way in ways}
    for table in tables:
        for at, row in enumerate(table.rows[:_HEADING_WITHIN]):
            found = _columns(row, names)
            if required in found.values() and len(found) > 1:
                return _below(table, at, found)
    wanted = "; ".join(ways[0] for ways in headings.values())
    raise BadFile(
        f"Không tìm thấy hàng tiêu đề có cột “{headings[required][0]}”. Các cột Cổng hiểu: {wanted}. "
        "Hãy tải tệp mẫu, chép danh sách vào rồi chọn lại."
    )


def _is_csv(content: bytes, filename: str) -> bool:
    return filename.casefold().endswith(".csv") and not content.startswith(b"PK")


def _workbook_tables(content: bytes, filename: str) -> tuple[SourceTable, ...]:
    package = open_package(content, filename)
    if package.kind != EXCEL:
        raise BadFile("Danh sách cần là tệp Excel (.xlsx) hoặc CSV. Hãy chép bảng sang Excel rồi chọn lại.")
    return read_workbook(package).tables


def _csv_table(content: bytes) -> tuple[SourceTable, ...]:
    refuse_too_big(content)
    text, delimiter = csv_text(content)
    try:
        # A row more than can be used: the file is refused below without reading all of it.
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), MAX_PHYSICAL_ROWS + 1))
    except csv.Error as error:
        raise BadFile("Tệp CSV không đọc được. Hãy lưu lại thành .xlsx rồi chọn lại.") from error
    if len(rows) > MAX_PHYSICAL_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise BadFile(
            f"Tệp CSV quá lớn cho một danh sách (tối đa {MAX_PHYSICAL_ROWS} hàng, {MAX_COLUMNS} cột). "
            "Hãy xóa các hàng, cột thừa rồi chọn lại."
        )
    # The portal guards text that a spreadsheet would take for a formula with an apostrophe; it comes off again here.
    cells = (tuple(clean_lines(_unguarded(cell)) for cell in row) for row in rows)
    return (SourceTable("Tệp CSV", tuple(SourceRow(at, row) for at, row in enumerate(cells, 1))),)


def _unguarded(cell: str) -> str:
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell


def _columns(row: SourceRow, names: Mapping[str, str]) -> dict[int, str]:
    """Column → field; the first of two columns with the same meaning counts."""
    found: dict[int, str] = {}
    for index, cell in enumerate(row.cells):
        name = names.get(fold_words(cell))
        if name and name not in found.values():
            found[index] = name
    return found


def _below(table: SourceTable, at: int, columns: dict[int, str]) -> ListFile:
    heading = table.rows[at]
    rows = []
    for row in table.rows[at + 1 :]:
        values = {name: row.cells[index] for index, name in columns.items() if index < len(row.cells)}
        if not any(values.values()):
            continue
        if len(rows) == MAX_ROWS:
            raise BadFile(f"Danh sách có hơn {MAX_ROWS} dòng. Hãy chia thành nhiều tệp.")
        cells = {name: f"{column_letters(index)}{row.number}" for index, name in columns.items()}
        rows.append(ListRow(row.number, values, cells))
    if not rows:
        raise BadFile("Dưới hàng tiêu đề không có dòng nào được điền.")
    unknown = tuple(
        cell for index, cell in enumerate(heading.cells) if cell and index not in columns and not _is_serial(cell)
    )
    written = {name: heading.cells[index] for index, name in columns.items()}
    return ListFile(table.name, tuple(rows), tuple(columns.values()), unknown, written)


def _is_serial(heading: str) -> bool:
    return fold_words(heading) in ("stt", "tt", "so tt", "so thu tu")
