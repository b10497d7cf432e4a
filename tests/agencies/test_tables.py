"""Files that people hand in are read, or refused in words: nothing in a cell ends the process that reads it."""

import io
import zipfile
from datetime import time, timedelta

import openpyxl
import pytest
import xlsxwriter

from agencies.tables.excel import read_workbook
from agencies.tables.marking import mark_workbook
from agencies.tables.package import open_package
from agencies.tables.problems import BadFile
from reports.workbook.cells import read_figure
from reports.workbook.grid import read_grids
from reports.workbook.problems import CellError


def book_with(value: float, shown_as: str) -> bytes:
    """A workbook whose second cell holds that number in that format."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Biểu")
        sheet.write_string(0, 0, "Ngày")
        sheet.write_number(0, 1, 12345, book.add_format({"num_format": shown_as}))
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as source, zipfile.ZipFile(packed, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b"<v>12345</v>", f"<v>{value}</v>".encode())
            target.writestr(info.filename, content)
    return packed.getvalue()


@pytest.mark.parametrize("shown_as", ["dd/mm/yyyy", "h:mm", "[h]:mm:ss"])
@pytest.mark.parametrize("value", [-1e18, 1e18, 1e10])
@pytest.mark.parametrize(
    "read",
    [lambda content: read_workbook(open_package(content, "a.xlsx")), lambda content: read_grids(content, "a.xlsx")],
    ids=["lists", "workbook"],
)
def test_a_number_that_is_no_date_is_read_or_refused_in_words(read, value, shown_as):
    try:
        read(book_with(value, shown_as))
    except BadFile as refused:
        assert "ngày, giờ" in refused.messages[0] or "Không đọc được" in refused.messages[0]


@pytest.mark.parametrize("value", [time(10, 30), timedelta(hours=30), float("nan"), float("inf"), True])
def test_what_is_no_number_is_no_figure(value):
    with pytest.raises(CellError, match="không phải là số"):
        read_figure(value)


def test_a_merged_cell_carries_its_comment_and_a_huge_merge_is_refused():
    book = openpyxl.Workbook()
    book.active.title = "Số liệu"
    book.active["F3"] = "abc"
    book.active.merge_cells("F3:G3")
    out = io.BytesIO()
    book.save(out)
    marked = openpyxl.load_workbook(
        io.BytesIO(mark_workbook(out.getvalue(), {("Số liệu", "G3"): "LỖI: không phải số"}))
    )
    assert "không phải số" in marked["Số liệu"]["F3"].comment.text
    huge = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as source, zipfile.ZipFile(huge, "w") as target:
        for info in source.infolist():
            target.writestr(info.filename, source.read(info).replace(b"F3:G3", b"C1:XFD1048576"))
    with pytest.raises(BadFile, match="ô gộp"):
        mark_workbook(huge.getvalue(), {("Số liệu", "A1"): "x"})
