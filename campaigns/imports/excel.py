"""Reading a .xlsx: values through calamine, formulas and month-only dates by a look at the sheet's own XML."""

import io
import posixpath
import re
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from campaigns.imports.package import EXCEL, Package
from campaigns.imports.problems import BadFile
from campaigns.imports.reading import Annex, SourceRow, SourceTable, clean_lines, lines_of

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAX_ROWS, MAX_COLUMNS = 20_000, 200
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
        formulas, months = _formulas_and_months(package, parts.get(sheet.name), month_only)
        rows = tuple(_rows(workbook.get_sheet_by_name(sheet.name), months))
        if not any(not row.blank for row in rows):
            continue
        name = f"Trang tính “{sheet.name}”"
        tables.append(SourceTable(name, rows, formulas, is_sheet=True))
        lines += lines_of(name, rows)
    if not tables:
        raise BadFile("Bảng tính không có ô nào được điền. Hãy kiểm tra lại tệp rồi chọn lại.")
    return Annex(EXCEL, tuple(tables), tuple(lines))


def _rows(sheet, months: frozenset[str]):
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise BadFile(
            f"Trang tính “{sheet.name}” có {sheet.total_height} hàng, {sheet.total_width} cột, quá lớn cho một phụ lục "
            f"(tối đa {MAX_ROWS} hàng, {MAX_COLUMNS} cột). Hãy xóa các hàng, cột thừa rồi chọn lại."
        )
    grid = [
        [_text(value, f"{column_letters(x)}{y + 1}" in months) for x, value in enumerate(row)]
        for y, row in enumerate(sheet.to_python(skip_empty_area=False))
    ]
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
        return str(int(value)) if value.is_integer() else f"{value:g}"
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


def _formulas_and_months(package: Package, part: str | None, month_only: frozenset[str]):
    """Addresses of the cells of a sheet that hold a formula, and of those shown as a month."""
    if part is None or part not in package.names:
        raise BadFile("Không đọc được bảng tính. Hãy mở tệp bằng Excel, lưu lại rồi chọn lại.")
    formulas, months = [], set()
    for cell in package.xml(part).iter(f"{S}c"):
        _refuse_far_cell(cell.get("r"))
        if cell.find(f"{S}f") is not None:
            formulas.append(cell.get("r", ""))
        if cell.get("s") in month_only:
            months.add(cell.get("r", ""))
    return tuple(formulas), frozenset(months)


_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def _refuse_far_cell(address: str | None) -> None:
    """Before the reader makes room for it: one cell at the far corner of a sheet would take all memory there is."""
    if address is None:
        return
    match = _ADDRESS.fullmatch(address)
    column = 0
    for letter in match[1] if match else "":
        column = column * 26 + ord(letter) - 64
    if match is None or column > MAX_COLUMNS or int(match[2]) > MAX_ROWS:
        raise BadFile(
            f"Trang tính có ô {address[:20]} ở quá xa (tối đa {MAX_ROWS} hàng, {MAX_COLUMNS} cột). "
            "Hãy xóa các hàng, cột thừa rồi chọn lại."
        )


def column_letters(index: int) -> str:
    """0 → 'A', 26 → 'AA'."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
