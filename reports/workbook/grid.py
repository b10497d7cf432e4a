"""An uploaded .xlsx as grids of typed values: what calamine reads, and what only the sheet's own XML tells.

The XML says which cells hold a formula, an error, or a number shown as a percentage.
"""

import io
import re
from dataclasses import dataclass

from lxml.etree import _Element
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from agencies.tables.excel import MAX_COLUMNS, MAX_ROWS, S, column_letters, sheet_parts, values_of
from agencies.tables.package import EXCEL, Package, open_package
from agencies.tables.problems import BadFile
from agencies.vietnamese import clean

_UNREADABLE = "Không đọc được bảng tính. Hãy mở tệp bằng Excel, lưu lại rồi chọn lại."
_PERCENT_FORMATS = {"9", "10"}  # built in: 0% and 0.00%
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Grid:
    """One worksheet. Cells are addressed by (row, column) from 0; ``value`` of a cell outside is ''."""

    name: str
    visible: bool
    rows: list[list[object]]
    formulas: frozenset[tuple[int, int]] = frozenset()  # with a stored result
    unknown: frozenset[tuple[int, int]] = frozenset()  # a formula whose result was never stored
    errors: dict[tuple[int, int], str] | None = None  # '#DIV/0!'
    percents: frozenset[tuple[int, int]] = frozenset()
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    def value(self, row: int, column: int) -> object:
        """The typed value: str, float, int, bool, date, datetime; '' for an empty cell."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    def text(self, row: int, column: int) -> str:
        """The value on one line of text, whole numbers without '.0'."""
        value = self.value(row, column)
        return str(int(value)) if isinstance(value, float) and value.is_integer() else clean(value)

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """A cell as Excel names it: (6, 3) → 'D7'."""
    return f"{column_letters(column)}{row + 1}"


def read_grids(content: bytes, filename: str) -> list[Grid]:
    """Every worksheet of an uploaded workbook, hidden ones too. Raises BadFile, in words."""
    package = open_package(content, filename)
    if package.kind != EXCEL:
        raise BadFile("Đây là văn bản Word. Hãy chọn tệp Excel (.xlsx) đã điền.")
    try:
        return _read(package)
    except (CalamineError, ValueError, OSError) as error:
        raise BadFile(_UNREADABLE) from error


def _read(package: Package) -> list[Grid]:
    # Before calamine makes room for the cells, every address is looked at.
    parts, percent_styles = sheet_parts(package), _percent_styles(package)
    seen = {name: _look(package, part, percent_styles) for name, part in parts.items()}
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(package.content))
    grids = []
    for about in workbook.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        if about.name not in seen:
            raise BadFile(_UNREADABLE)
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
            raise BadFile(f"Trang tính “{about.name}” quá lớn (tối đa {MAX_ROWS} hàng, {MAX_COLUMNS} cột).")
        visible = about.visible == SheetVisibleEnum.Visible
        rows, merged = values_of(sheet), tuple(sheet.merged_cell_ranges or ())
        grids.append(Grid(about.name, visible, rows, merged=merged, **seen[about.name]))
    return grids


def _percent_styles(package: Package) -> frozenset[str]:
    """Style numbers that show a number as a percentage: Excel keeps a typed '50%' as 0.5."""
    if "xl/styles.xml" not in package.names:
        return frozenset()
    root = package.xml("xl/styles.xml")
    percent = set(_PERCENT_FORMATS)
    for node in root.iter(f"{S}numFmt"):
        if "%" in re.sub(r'"[^"]*"|\\.', "", node.get("formatCode", "")):
            percent.add(node.get("numFmtId", ""))
    formats = root.find(f"{S}cellXfs")
    nodes = list(formats) if formats is not None else []
    return frozenset(str(at) for at, node in enumerate(nodes) if node.get("numFmtId") in percent)


def _look(package: Package, part: str, percent_styles: frozenset[str]) -> dict:
    if part not in package.names:
        raise BadFile(_UNREADABLE)
    formulas, unknown, errors, percents = set(), set(), {}, set()
    row_at = -1
    for row in package.xml(part).iter(f"{S}row"):
        number = row.get("r")
        row_at = int(number) - 1 if number and number.isdecimal() and len(number) < 9 else row_at + 1
        column_at = -1
        for cell in row.iter(f"{S}c"):
            row_at, column_at = _place(cell, row_at, column_at)
            place = (row_at, column_at)
            value = cell.find(f"{S}v")
            if cell.get("t") == "e":
                errors[place] = (value.text or "") if value is not None else ""
            if cell.find(f"{S}f") is not None:
                (formulas if value is not None and value.text else unknown).add(place)
            if cell.get("s") in percent_styles:
                percents.add(place)
    return {
        "formulas": frozenset(formulas),
        "unknown": frozenset(unknown),
        "errors": errors,
        "percents": frozenset(percents),
    }


def _place(cell: _Element, row: int, column: int) -> tuple[int, int]:
    """Where a cell stands; without an address it follows the one before.

    Refuses a cell far away before calamine makes room for it: one at the far corner would take all memory there is.
    """
    reference = cell.get("r")
    column += 1
    if reference is not None:
        match = _ADDRESS.fullmatch(reference)
        if match is None:
            raise BadFile(_UNREADABLE)
        row, column = int(match[2]) - 1, -1
        for letter in match[1]:
            column = (column + 1) * 26 + ord(letter) - 65
    if not (0 <= row < MAX_ROWS and column < MAX_COLUMNS):
        raise BadFile(
            f"Trang tính có ô ở quá xa (tối đa {MAX_ROWS} hàng, {MAX_COLUMNS} cột). "
            "Hãy xóa các hàng, cột thừa rồi chọn lại."
        )
    return row, column
