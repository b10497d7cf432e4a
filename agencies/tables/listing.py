"""A list as a file: what its filters show, as .xlsx or .csv, with Vietnamese headings and typed cells.

A list page answers ``?xuat=xlsx`` or ``?xuat=csv`` with the same rows that it shows, over all its pages: same view,
same permission, same filters. Text stays text: nothing that somebody typed becomes a formula in the file.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.timezone import localtime, make_naive

from agencies import downloads
from agencies.tables.sheets import TextWorkbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet program takes text that begins with one of these for a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_CELL = 32_767  # letters in one Excel cell


@dataclass(frozen=True)
class Column:
    """One column: its heading, how a row's value is read, and its width in Excel's units (about one letter each)."""

    heading: str
    read: Callable[[Any], Any]
    width: int = 18


def list_file(request, *, name: str, title: str, columns: list[Column], rows: Iterable) -> HttpResponse | None:
    """The file that the address asks for, or None when it asks for the page. ``name`` is the file's, without ending."""
    downloads.of(request, None, title)
    match request.GET.get("xuat"):
        case "xlsx":
            return _answer(as_xlsx(title, columns, rows), XLSX, f"{name}.xlsx")
        case "csv":
            lines = as_csv(columns, rows)
            return _headers(StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8"), f"{name}.csv")
        case _:
            return None


def _answer(content: bytes, media_type: str, name: str) -> HttpResponse:
    return _headers(HttpResponse(content, content_type=media_type), name)


def _headers(response, name: str):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def harmless(text: str) -> str:
    """Text that no spreadsheet program reads as a formula: an apostrophe goes before a dangerous first letter."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _plain(value) -> Any:
    """A value as a cell can hold it: local time without zone, text without what a cell cannot carry."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return make_naive(localtime(value)) if value.tzinfo else value
    return value if isinstance(value, date) else str(value)


def as_csv(columns: list[Column], rows: Iterable) -> Iterator[str]:
    """Lines of a CSV file (UTF-8 with its mark, so that Excel reads the diacritics); dates as dd/mm/yyyy."""
    out = io.StringIO()
    writer = csv.writer(out)

    def line(cells) -> str:
        out.seek(0)
        out.truncate()
        writer.writerow(cells)
        return out.getvalue()

    yield "\ufeff" + line(column.heading for column in columns)
    for row in rows:
        yield line(_csv_cell(_plain(column.read(row))) for column in columns)


def _csv_cell(value) -> Any:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)).normalize():f}".replace(".", ",")  # 115.000 would be read as 115 thousand
    return harmless(value) if isinstance(value, str) else value


def as_xlsx(title: str, columns: list[Column], rows: Iterable) -> bytes:
    """A workbook of one sheet: title, headings that stay in view and filter, typed cells. Rows are written as read."""
    out = io.BytesIO()
    book = TextWorkbook(out, streamed=True)
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    head = book.add_format(
        font | {"bold": True, "text_wrap": True, "border": 1, "align": "center", "bg_color": "#E8EEF5"}
    )
    text = book.add_format(font | {"text_wrap": True, "border": 1})
    # "#,##0.###" would leave a comma behind whole numbers: '115,'.
    number = book.add_format(font | {"border": 1, "num_format": "#,##0"})
    fraction = book.add_format(font | {"border": 1, "num_format": "#,##0.0##"})
    day = book.add_format(font | {"border": 1, "num_format": "dd/mm/yyyy", "align": "center"})
    moment = book.add_format(font | {"border": 1, "num_format": "dd/mm/yyyy hh:mm", "align": "center"})
    sheet = book.add_worksheet("Danh sách")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    sheet.write_string(0, 0, title, book.add_format(font | {"bold": True, "font_size": 14}))
    for at, column in enumerate(columns):
        sheet.write_string(2, at, column.heading, head)
    count = 2
    for count, row in enumerate(rows, 3):
        for at, column in enumerate(columns):
            value = _plain(column.read(row))
            if value is None or value == "":
                sheet.write_blank(count, at, None, text)
            elif isinstance(value, datetime):
                sheet.write_datetime(count, at, value, moment)
            elif isinstance(value, date):
                sheet.write_datetime(count, at, value, day)
            elif isinstance(value, bool):
                sheet.write_string(count, at, "Có" if value else "Không", text)
            elif isinstance(value, str):
                sheet.write_string(count, at, value[:MAX_CELL], text)
            else:
                sheet.write_number(count, at, value, number if value == int(value) else fraction)
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, max(count, 2), len(columns) - 1)
    book.close()
    return out.getvalue()
