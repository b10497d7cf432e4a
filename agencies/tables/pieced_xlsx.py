"""A workbook of any length, made in pieces that follow one another on the store of files.

XlsxWriter makes everything of the workbook but the rows: styles, headings, widths, filter. The rows come as XML from
the database (agencies/tables/sql_rows.py), each piece compressed by itself, so that a piece that is written is done
for good: cancelled and resumed, the file is the same byte for byte.
"""

import io
import re
import struct
import zipfile
import zlib
from datetime import datetime

from agencies.tables.sheets import TextWorkbook
from agencies.tables.sql_rows import As, SqlColumn, deflated

FIRST_ROW = 4  # after the title, an empty row and the headings
MOST_ROWS = 1_048_576 - FIRST_ROW  # of data in one sheet
MOST_BYTES = 2_000_000_000  # of one sheet's XML; a zip file without extensions ends at 4 GB
_STAMP = (0, (1 << 5) | 1)  # 1 January 1980: a file made twice is the same file
_ROWS = re.compile(r"(<sheetData>)(.*)(</sheetData>)", re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*/>")


class Shell:
    """The workbook without its rows. ``rows``: how many each sheet has; those of an unfinished one do not matter."""

    def __init__(self, title: str, columns: list[SqlColumn], rows: list[int], created: datetime):
        out = io.BytesIO()
        book = TextWorkbook(out, streamed=True)
        book.set_properties({"title": title, "created": created.replace(tzinfo=None)})
        looks = _looks(book)
        for at, count in enumerate(rows, 1):
            _sheet(book, "Danh sách" if at == 1 else f"Danh sách ({at})", title, columns, count, looks)
        book.close()
        with zipfile.ZipFile(out) as made:
            members = {name: made.read(name) for name in made.namelist()}
        self.parts = []  # (name, head, tail) of each sheet
        for at in range(1, len(rows) + 1):
            name = f"xl/worksheets/sheet{at}.xml"
            xml = _DIMENSION.sub("", members.pop(name).decode())
            headings, _sample, styles = _split(_ROWS.search(xml)[2])
            head, tail = _ROWS.sub("\\1\0\\3", xml).split("\0")
            self.parts.append((name, (head + headings).encode(), tail.encode()))
            self.styles = styles  # the same in every sheet
        self.members = members


def _split(rows: str) -> tuple[str, str, list[str]]:
    """(rows before the first of data, the sample row, the style's number of each of its cells)."""
    before, mark, sample = rows.partition(f'<row r="{FIRST_ROW}"')
    return before, mark + sample, re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', mark + sample)


def _looks(book) -> dict:
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    centred = font | {"border": 1, "align": "center"}
    return {
        "title": book.add_format({"font_name": "Times New Roman", "bold": True, "font_size": 14}),
        "head": book.add_format(centred | {"bold": True, "text_wrap": True, "bg_color": "#E8EEF5"}),
        As.TYPED: (text := book.add_format(font | {"text_wrap": True, "border": 1})),
        As.WORD: text,
        # "#,##0.###" would leave a comma behind whole numbers: '115,'.
        As.NUMBER: (number := book.add_format(font | {"border": 1, "num_format": "#,##0"})),
        As.FIGURE: number,
        "fraction": book.add_format(font | {"border": 1, "num_format": "#,##0.0##"}),
        As.DAY: book.add_format(centred | {"num_format": "dd/mm/yyyy"}),
        As.MOMENT: book.add_format(centred | {"num_format": "dd/mm/yyyy hh:mm"}),
    }


def _sheet(book, name: str, title: str, columns: list[SqlColumn], count: int, looks: dict) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.freeze_panes(FIRST_ROW - 1, 0)
    sheet.autofilter(2, 0, max(count + 2, 3), len(columns) - 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    sheet.write_string(0, 0, title, looks["title"])
    for at, column in enumerate(columns):
        sheet.write_string(2, at, column.heading, looks["head"])
    for at, column in enumerate(columns):  # taken out again: it says which number each style has
        sheet.write_blank(FIRST_ROW - 1, at, None, looks[column.kind])
    sheet.write_blank(FIRST_ROW - 1, len(columns), None, looks["fraction"])


# --- the zip around it ---------------------------------------------------------------------------------------------


def local_head(name: str, *, crc: int, packed: int, size: int) -> bytes:
    """What stands before a member of a zip file; ``packed`` and ``size`` are its lengths in bytes."""
    head = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0x800, 8, *_STAMP, crc, packed, size, len(name.encode()), 0)
    return head + name.encode()


def closing(members: list[tuple[str, int, int, int]], others: dict[str, bytes], offset: int) -> bytes:
    """The rest of the file after the members (name, crc, packed, size) that stand in it from its beginning on.

    ``offset``: bytes before the others. Raises struct.error for a file beyond 4 GB.
    """
    out, at, directory = io.BytesIO(), 0, []
    for name, crc, packed, size in members:
        directory.append((name, crc, packed, size, at))
        at += len(local_head(name, crc=crc, packed=packed, size=size)) + packed
    for name, content in others.items():
        data, crc, size = deflated([content], 0, last=True)
        directory.append((name, crc, len(data), size, offset + out.tell()))
        out.write(local_head(name, crc=crc, packed=len(data), size=size) + data)
    begins = offset + out.tell()
    for name, crc, packed, size, where in directory:
        encoded = name.encode()
        fields = (0x02014B50, 20, 20, 0x800, 8, *_STAMP, crc, packed, size, len(encoded), 0, 0, 0, 0, 0, where)
        out.write(struct.pack("<IHHHHHHIIIHHHHHII", *fields) + encoded)
    length = offset + out.tell() - begins
    out.write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, len(directory), len(directory), length, begins, 0))
    return out.getvalue()


EMPTY = zlib.crc32(b"")
