"""The one workbook that the portal writes with: what people typed stays text, whatever it looks like."""

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

# XlsxWriter takes a string between these for ready-made XML of a rich string and writes it into the sheet as it is.
_RICH = "<r>"
# Goes before such a string: nobody sees it, and the portal drops it when it reads the file again.
_GUARD = "\u200b"


class TextWorksheet(Worksheet):
    """A sheet whose strings are never formulas, links, numbers or XML."""

    def _write_string(self, row, col, string, cell_format=None):
        return super()._write_string(row, col, _GUARD + string if string.startswith(_RICH) else string, cell_format)


class TextWorkbook(xlsxwriter.Workbook):
    """A workbook of such sheets; the options say so too. ``font`` and ``size`` (points) are those of every cell."""

    worksheet_class = TextWorksheet

    def __init__(self, filename, *, font: str = "Times New Roman", size: float = 11, streamed: bool = False):
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        looks = {"default_format_properties": {"font_name": font, "font_size": size}}
        # Streamed: rows leave the memory as they are written, in order; for lists of any length.
        super().__init__(filename, plain | looks | {"constant_memory" if streamed else "in_memory": True})
