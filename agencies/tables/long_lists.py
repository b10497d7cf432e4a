"""A list of a hundred thousand rows in an .xlsx or .csv file: its heading, then row after row, without keeping them.

For long works: no cell is turned into an object that stays, and nothing is told of formulas, merged or hidden cells. Of
a cell with a formula the value that was saved with it is read.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineWorkbook

from agencies.tables.csv_text import csv_text
from agencies.tables.excel import MAX_COLUMNS, sheet_parts
from agencies.tables.package import EXCEL, Package, open_package
from agencies.tables.problems import BadFile

MAX_ROWS = 200_000
MAX_UNPACKED = 400_000_000  # bytes: a row of a list has about a thousand as XML
_HEADING_WITHIN = 15
# A cell so far off that the reader would make room for an absurd sheet: from column GS on, from row 1,000,000 on.
_FAR = re.compile(rb'\br="(?:[A-Z]{3,}\d|(?:[H-Z][A-Z]|G[S-Z])\d|[A-Z]*[1-9]\d{6,})')

# What a cell of the heading means: its field, or None.
Means = Callable[[str], str | None]


@dataclass(frozen=True)
class LongList:
    """Where the columns of a list are, and its rows below the heading."""

    columns: dict[str, int]  # field → index
    headings: dict[str, str]  # field → heading as written
    unknown: tuple[str, ...]
    rows: Iterator[tuple[int, list]]  # (number as the program counts it, values); blank rows are left out
    total: int | None  # about how many there are; None where only reading tells


def open_long_list(
    content: bytes, filename: str, means: Means, required: tuple[str, ...], *, says: dict[str, str]
) -> LongList:
    """The first sheet (or the CSV file) that has a heading with all of ``required``; ``says``: their usual words.

    Raises BadFile, in words; while the rows are read as well, for a row after ``MAX_ROWS``.
    """
    is_csv = filename.casefold().endswith(".csv") and not content.startswith(b"PK")
    for rows, total in [_csv(content)] if is_csv else _sheets(content, filename):
        before = []
        for number, row in rows:
            columns = _meant(row, means)
            if columns.keys() >= set(required):
                headings = {name: str(row[at]).strip() for name, at in columns.items()}
                used = set(columns.values())
                unknown = tuple(str(cell).strip() for at, cell in enumerate(row) if cell and at not in used)
                return LongList(columns, headings, unknown, _bounded(rows, number), total and total - number)
            before.append(number)
            if len(before) == _HEADING_WITHIN:
                break
    raise BadFile(
        f"Không tìm thấy hàng tiêu đề có đủ các cột {', '.join(f'“{says[name]}”' for name in required)} trong "
        f"{_HEADING_WITHIN} hàng đầu. Hãy tải tệp mẫu, chép danh sách vào rồi chọn lại."
    )


def _meant(row: list, means: Means) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        name = means(cell) if isinstance(cell, str) else None
        if name:
            found.setdefault(name, at)
    return found


def _bounded(rows, heading: int) -> Iterator[tuple[int, list]]:
    for number, row in rows:
        if number - heading > MAX_ROWS:
            raise BadFile(f"Danh sách có hơn {MAX_ROWS:,} hàng. Hãy chia thành nhiều tệp.".replace(",", "."))
        if any(cell not in ("", None) for cell in row):
            yield number, row


def _sheets(content: bytes, filename: str):
    package = open_package(content, filename, unpacked=MAX_UNPACKED)
    if package.kind != EXCEL:
        raise BadFile("Danh sách cần là tệp Excel (.xlsx) hoặc CSV. Hãy chép bảng sang Excel rồi chọn lại.")
    parts = sheet_parts(package)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            if name in parts:
                _refuse_far_cells(package, parts[name])
                sheet = workbook.get_sheet_by_name(name)
                yield _numbered(sheet), sheet.total_height
    except (CalamineError, ValueError, OSError, KeyError) as error:
        raise BadFile("Không đọc được bảng tính. Hãy mở tệp bằng Excel, lưu lại rồi chọn lại.") from error


def _numbered(sheet) -> Iterator[tuple[int, list]]:
    try:
        yield from enumerate(sheet.iter_rows(), 1)
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # the reader's panic on a number that is no date is no Exception
        raise BadFile(
            f"Trang tính “{sheet.name}” có ô ngày, giờ chứa một số không phải ngày nên không đọc được. "
            "Hãy đổi ô đó về định dạng Văn bản (Text) hoặc sửa lại ngày, lưu rồi chọn lại."
        ) from error


def _refuse_far_cells(package: Package, part: str) -> None:
    """Before the reader makes room for it: one cell at the far corner of a sheet would take all memory there is."""
    before = b""
    for piece in package.pieces(part):
        if _FAR.search(before + piece):
            raise BadFile(
                f"Trang tính có ô ở quá xa (tối đa {MAX_COLUMNS} cột). Hãy xóa các hàng, cột thừa rồi chọn lại."
            )
        before = piece[-32:]


def _csv(content: bytes):
    return _csv_rows(*csv_text(content)), None


def _csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list]]:
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if len(row) > MAX_COLUMNS:
                raise BadFile(f"Tệp CSV có hàng dài hơn {MAX_COLUMNS} cột. Hãy xóa các cột thừa rồi chọn lại.")
            yield number, [_unguarded(cell) for cell in row]
    except csv.Error as error:
        raise BadFile("Tệp CSV không đọc được. Hãy lưu lại thành .xlsx rồi chọn lại.") from error


def _unguarded(cell: str) -> str:
    """Without the apostrophe by which the portal guards what a spreadsheet would take for a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@" else cell
