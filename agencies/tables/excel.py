"""Reading a .xlsx: values through calamine, formulas and month-only dates by a look at the sheet's own XML."""

import io
import posixpath
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from agencies.tables.package import EXCEL, Package
from agencies.tables.problems import SHEET, BadFile
from agencies.tables.source import (
    Annex,
    SourceRow,
    SourceTable,
    clean_lines,
    column_letters,
    lines_of,
    place_of,
)

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_ROWS, MAX_COLUMNS = 20_000, 200
MAX_MERGED = 200_000  # cells in merged ranges, of all sheets together
# Built-in number formats that show a date without its day: mmm-yy.
_MONTH_ONLY_FORMATS = {17}


def read_workbook(package: Package) -> Annex:
    """The visible sheets of a workbook. Raises BadFile for one that cannot be read or is absurdly large."""
    try:
        return _read(package)
    except (CalamineError, ValueError, OSError) as error:
        raise BadFile("Không đọc được bảng tính. Hãy mở tệp bằng Excel, lưu lại rồi chọn lại.") from error


def _read(package: Package) -> Annex:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(package.content))
    parts, month_only = sheet_parts(package), _month_only_styles(package)
    tables, lines = [], []
    for sheet in workbook.sheets_metadata:
        if sheet.visible != SheetVisibleEnum.Visible or sheet.typ != SheetTypeEnum.WorkSheet:
            continue
        marks = _marks(package, parts.get(sheet.name), month_only)
        rows = tuple(_rows(workbook.get_sheet_by_name(sheet.name), marks))
        if not any(not row.blank for row in rows):
            continue
        name = f"{SHEET} “{sheet.name}”"
        hidden = frozenset(marks.hidden_columns), frozenset(marks.hidden_rows)
        tables.append(SourceTable(name, rows, tuple(marks.formulas), True, tuple(marks.broken.items()), *hidden))
        lines += lines_of(name, rows)
    if not tables:
        raise BadFile("Bảng tính không có ô nào được điền. Hãy kiểm tra lại tệp rồi chọn lại.")
    return Annex(EXCEL, tuple(tables), tuple(lines))


@dataclass
class _Marks:
    """What a sheet's own XML says beyond its values."""

    formulas: list[str] = field(default_factory=list)
    months: set[str] = field(default_factory=set)
    broken: dict[str, str] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


def _rows(sheet, marks: _Marks):
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise BadFile(
            f"Trang tính “{sheet.name}” có {sheet.total_height} hàng, {sheet.total_width} cột, quá lớn để nhập "
            f"(tối đa {MAX_ROWS} hàng, {MAX_COLUMNS} cột). Hãy xóa các hàng, cột thừa rồi chọn lại."
        )
    grid = [
        [_text(value, f"{column_letters(x)}{y + 1}" in marks.months) for x, value in enumerate(row)]
        for y, row in enumerate(values_of(sheet))
    ]
    for address, value in marks.broken.items():  # a cell in error has no value; people see '#REF!'
        row, column = place_of(address)
        if row <= len(grid) and column < len(grid[row - 1]):
            grid[row - 1][column] = value
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left != right:
            continue  # merged sideways: the text stays in the first cell
        for y in range(top + 1, min(bottom, len(grid) - 1) + 1):
            if left < len(grid[y]):
                grid[y][left] = grid[top][left]
    for y, row in enumerate(grid):
        yield SourceRow(y + 1, tuple(row))


def _text(value, month_only: bool) -> str:
    """A cell as a person reads it: whole numbers without '.0', dates as dd/mm/yyyy."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float):
        # Fifteen digits, as Excel keeps them, and never an exponent.
        return str(int(value)) if value.is_integer() else format(Decimal(f"{value:.15g}"), "f")
    if isinstance(value, datetime | date):
        # Excel turns a typed "11/2024" into the first of November; shown as a month, it is read as a month.
        return f"Tháng {value:%m/%Y}" if month_only else f"{value:%d/%m/%Y}"
    if isinstance(value, time | timedelta):
        return str(value)
    return clean_lines(value)


def sheet_parts(package: Package) -> dict[str, str]:
    """Sheet name → its part in the package."""
    if "xl/_rels/workbook.xml.rels" not in package.names:
        return {}
    targets = {node.get("Id"): node.get("Target", "") for node in package.xml("xl/_rels/workbook.xml.rels")}
    parts = {}
    for node in package.xml("xl/workbook.xml").iter(f"{S}sheet"):
        target = targets.get(node.get(f"{R}id"), "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        parts[node.get("name")] = path
    return parts


def _month_only_styles(package: Package) -> frozenset[str]:
    """Style numbers whose format shows a month and a year but no day."""
    if "xl/styles.xml" not in package.names:
        return frozenset()
    root = package.xml("xl/styles.xml")
    month_only = {str(number) for number in _MONTH_ONLY_FORMATS}
    for node in root.iter(f"{S}numFmt"):
        code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", node.get("formatCode", "")).casefold()
        if "y" in code and "m" in code and "d" not in code and "h" not in code:
            month_only.add(node.get("numFmtId", ""))
    formats = root.find(f"{S}cellXfs")
    nodes = list(formats) if formats is not None else []
    return frozenset(str(at) for at, node in enumerate(nodes) if node.get("numFmtId") in month_only)


def _marks(package: Package, part: str | None, month_only: frozenset[str]) -> _Marks:
    """Cells of a sheet that hold a formula or an error, those shown as a month, and what is hidden."""
    if part is None or part not in package.names:
        raise BadFile("Không đọc được bảng tính. Hãy mở tệp bằng Excel, lưu lại rồi chọn lại.")
    root, marks = package.xml(part), _Marks()
    for columns in root.iter(f"{S}col"):
        if columns.get("hidden") in _TRUE:
            first, last = _count(columns.get("min")), _count(columns.get("max"))
            marks.hidden_columns |= set(range(first - 1, min(last, MAX_COLUMNS)))
    marks.hidden_rows = {_count(row.get("r")) for row in root.iter(f"{S}row") if row.get("hidden") in _TRUE}
    for cell in root.iter(f"{S}c"):
        _refuse_far_cell(cell.get("r"))
        address = cell.get("r", "")
        if cell.find(f"{S}f") is not None:
            marks.formulas.append(address)
        if cell.get("t") == "e" and address:
            marks.broken[address] = cell.findtext(f"{S}v") or "#LỖI"
        if cell.get("s") in month_only:
            marks.months.add(address)
    return marks


_TRUE = {"1", "true"}


def _count(text: str | None) -> int:
    return min(int(text), MAX_ROWS) if text and text.isdigit() else 1


def values_of(sheet) -> list[list]:
    """The values of a calamine sheet, row by row. Raises BadFile for a number that is no date in a cell shown as one.

    The reader's panic on such a cell is no ``Exception``; left alone it would end the process that answers.
    """
    try:
        return sheet.to_python(skip_empty_area=False)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        raise BadFile(
            f"Trang tính “{sheet.name}” có ô ngày, giờ chứa một số không phải ngày nên không đọc được. "
            "Hãy đổi ô đó về định dạng Văn bản (Text) hoặc sửa lại ngày, lưu rồi chọn lại."
        ) from error


def refuse_huge_merges(package: Package) -> None:
    """Raise BadFile when the merged cells of all sheets, hidden ones too, are more than any annex has.

    A library that keeps an object for each merged cell would be killed by one range over a whole sheet.
    """
    merged = 0
    for part in package.names:
        if not part.startswith("xl/worksheets/") or not part.endswith(".xml"):
            continue
        for node in package.xml(part).iter(f"{S}mergeCell"):
            first, _colon, last = (node.get("ref") or "").replace("$", "").partition(":")
            try:
                (top, left), (bottom, right) = place_of(first), place_of(last or first)
            except ValueError:
                merged = MAX_MERGED + 1
            else:
                merged += (bottom - top + 1) * (right - left + 1)
            if merged > MAX_MERGED:
                raise BadFile(
                    f"Bảng tính có quá {MAX_MERGED} ô gộp, bất thường so với một tệp nhập. "
                    "Hãy bỏ gộp các vùng thừa rồi chọn lại."
                )


def _refuse_far_cell(address: str | None) -> None:
    """Before the reader makes room for it: one cell at the far corner of a sheet would take all memory there is."""
    if address is None:
        return
    try:
        row, column = place_of(address)
    except ValueError:
        row, column = MAX_ROWS + 1, 0
    if column >= MAX_COLUMNS or row > MAX_ROWS:
        raise BadFile(
            f"Trang tính có ô {address[:20]} ở quá xa (tối đa {MAX_ROWS} hàng, {MAX_COLUMNS} cột). "
            "Hãy xóa các hàng, cột thừa rồi chọn lại."
        )
