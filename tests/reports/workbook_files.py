"""Workbooks for tests: the exported one edited as people do, and sheets of figures in the ministry's layout."""

import io
import shutil
import subprocess
from datetime import datetime

import openpyxl
import xlsxwriter

from reports.sheet import load_sheet
from reports.workbook.export import workbook_of

LINE_COLUMN = {
    "status": "H", "percent": "I", "completed_on": "J", "result": "K", "difficulty": "L", "proposal": "M",
    "new_expected_on": "N", "no_evidence_reason": "O",
}  # fmt: skip


def exported(report, now: datetime) -> bytes:
    """The workbook as downloaded at ``now``."""
    return workbook_of(load_sheet(report), now)


class Book:
    """The exported workbook opened with openpyxl, its rows found by their hidden keys."""

    def __init__(self, content: bytes):
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.rows = {}
        for sheet in self.book.worksheets:
            for row in range(1, sheet.max_row + 1):
                value = sheet.cell(row, 1).value
                if isinstance(value, str) and value.startswith("#"):
                    self.rows[value] = (sheet, row)

    def line(self, pk: int, field: str):
        """The cell of a line's field."""
        sheet, row = self.rows[f"#dong:{pk}"]
        return sheet[f"{LINE_COLUMN[field]}{row}"]

    def figure(self, code: str, field: str = "value"):
        """The cell of an indicator."""
        sheet, row = self.rows[f"#so-lieu:{code}"]
        return sheet[f"{'G' if field == 'value' else 'H'}{row}"]

    def word(self, name: str):
        """The cell of a heading's text."""
        sheet, row = self.rows[f"#loi-van:{name}"]
        return sheet[f"C{row}"]

    def sheet(self, name: str):
        return self.book[name]

    @property
    def content(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def resaved(content: bytes) -> bytes:
    """The same workbook as another program writes it: shared strings, styles and names all made anew."""
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(out)
    return out.getvalue()


def rezipped_by_libreoffice(content: bytes, folder) -> bytes:
    """The workbook opened and saved by LibreOffice where there is one, else as openpyxl writes it."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return resaved(content)
    source, out = folder / "tep.xlsx", folder / "ra"
    source.write_bytes(content)
    command = [soffice, f"-env:UserInstallation=file://{folder}/ho-so", "--headless", "--convert-to",
               "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(source)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (out / "tep.xlsx").read_bytes()


def text(cell, value: str) -> None:
    """Type a text that stays text, as Excel does in a cell of format 'Text'."""
    cell.value = value
    cell.data_type = "s"


def plain_book(rows, *, sheet="Biểu", merges=(), formulas=None, formats=None) -> bytes:
    """A workbook of one sheet: rows of values from A1, merged ranges 'A1:B1', {address: (formula, result)}."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    for reference in merges:
        page.merge_range(reference, "")
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value not in (None, ""):
                page.write(row, column, value)
    for address, (formula, result) in (formulas or {}).items():
        page.write_formula(address, formula, None, result)
    book.close()
    return out.getvalue()
