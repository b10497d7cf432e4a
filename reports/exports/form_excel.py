"""A statistical form as an Excel sheet in the ministry's layout: A4 landscape, code box, merged header, totals.

Totals are formulas that already show their value; a figure that nobody gave is an empty cell, 0 is a figure.
"""

import io
import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from agencies.models import Council
from agencies.tables.sheets import TextWorkbook
from reports.exports.excel import FONT, inert
from reports.forms_catalogue.definition import Form, header_cells, header_levels
from reports.forms_catalogue.filling import FormRow, FormValue, add_up
from reports.forms_filled import Filled
from reports.statistics_calendar import REPORTERS, StatisticsSpan
from reports.wording import long_day, printable

LABEL_WIDTH, LINE_HEIGHT, TOP = 40, 15, 6  # TOP: rows above the table's header
# Points of height that one landscape A4 page holds at the scale of one page wide, and how much more may be squeezed in.
PAGE, LITTLE_MORE = 560, 1.35
LEGEND = "Ô trống: chưa có số liệu; số 0: không phát sinh."


@dataclass(frozen=True)
class FormFrame:
    """What stands around the table: who reports, from where, in which period."""

    council: str
    standing_agency: str
    place: str
    year: int
    span: StatisticsSpan | None = None

    @classmethod
    def of(cls, council: Council, filled: Filled, *, today: date) -> "FormFrame":
        """The frame of a filled-in form of a council, to be signed this year."""
        standing = council.standing_agency.name if council.standing_agency else ""
        return cls(council.name, standing, council.place, today.year, filled.span)


def form_excel(value: FormValue, frame: FormFrame) -> bytes:
    """The form as .xlsx bytes, one sheet."""
    out = io.BytesIO()
    with TextWorkbook(out, font=FONT, size=11) as book:
        figures = value.figures
        book.set_properties(
            {
                "title": printable(f"Biểu {value.form.form_code} {figures.period_label}"),
                "author": printable(frame.standing_agency or frame.council),
                "created": datetime(figures.ends_on.year, figures.ends_on.month, figures.ends_on.day),
            }
        )
        _Drawing(book, value, frame).draw()
    return out.getvalue()


def period_line(value: FormValue) -> str:
    """'Kỳ báo cáo: Năm 2024 (sơ bộ)'."""
    figures = value.figures
    kind = ""
    if figures.is_preliminary:
        # Only the year is cut on different days by kind of reporter.
        by_kind = figures.reporter and figures.period_code.isdigit()
        kind = f" – sơ bộ (đơn vị báo cáo thuộc {REPORTERS[figures.reporter]})" if by_kind else " – sơ bộ"
    return f"Kỳ báo cáo: {figures.period_label}{kind}"


def days_line(value: FormValue) -> str:
    """'(từ ngày 01 tháng 01 năm 2024 đến ngày 31 tháng 12 năm 2024)'."""
    figures = value.figures
    ends = [long_day(each, each.year) for each in (figures.starts_on, figures.ends_on)]
    return f"(từ {ends[0]} đến {ends[1]})"


def due_line(form: Form, span: StatisticsSpan | None) -> str:
    """When the ministry wants the form, as far as it is known; the days are those of the form's own circular."""
    if span is None or not follows_regime(form, span) or not (span.preliminary_due or span.official_due):
        return "Ngày nhận báo cáo: ……………"
    parts = []
    if span.preliminary_due:
        name = "báo cáo 6 tháng" if span.kind == "half_year" else "báo cáo năm"
        parts.append(f"{name} {span.preliminary_due:%d/%m/%Y}")
    if span.official_due:
        parts.append(f"báo cáo năm chính thức {span.official_due:%d/%m/%Y}")
    return f"Ngày nhận báo cáo: {'; '.join(parts)}"


def follows_regime(form: Form, span: StatisticsSpan) -> bool:
    """Whether the form and the period's deadlines come from the same circular."""
    return span.regime.circular.removeprefix("Thông tư ") in form.circular


class _Drawing:
    """The sheet while it is being written."""

    def __init__(self, book: TextWorkbook, value: FormValue, frame: FormFrame):
        self.book, self.value, self.frame = book, value, frame
        self.sheet = book.add_worksheet(_sheet_name(value.form.form_code))
        self.last = len(value.form.columns)  # the label stands in column 0
        self.width = max(9.0, min(14.0, 118 / max(self.last, 1)))
        self._formats: dict[tuple, Any] = {}
        self._heights: dict[int, float] = {}

    def format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def draw(self) -> None:
        """Everything, from the code box to the signatures."""
        self.sheet.set_column(0, 0, LABEL_WIDTH)
        self.sheet.set_column(1, self.last, self.width)
        self._top()
        first = self._header()
        self._rows(first)
        self._foot(first + len(self.value.rows))
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        # A form a little longer than a page is made to fit: nobody signs a page that holds the signature alone.
        sheet.fit_to_pages(1, int(PAGE < self._tall() <= PAGE * LITTLE_MORE))
        sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.repeat_rows(TOP, first - 1)
        sheet.print_area(0, 0, self._end, self.last)
        sheet.freeze_panes(first, 1)
        sheet.hide_gridlines(2)
        sheet.set_footer(f'&R&"{FONT},Regular"&10Trang &P/&N')

    def _height(self, row: int, points: float) -> None:
        self._heights[row] = points
        self.sheet.set_row(row, points)

    def _tall(self) -> float:
        return sum(self._heights.get(row, LINE_HEIGHT) for row in range(self._end + 1))

    def _text(self, row: int, column: int, text: str, **properties) -> None:
        self._merged(row, column, row, column, text, **properties)

    def _merged(self, top: int, left: int, bottom: int, right: int, text: str, **properties) -> None:
        told = printable(text)
        if not inert(told):
            properties["quote_prefix"] = True
        form = self.format(text_wrap=True, valign=properties.pop("valign", "vcenter"), **properties)
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", form)
        self.sheet.write_string(top, left, told, form)

    def _top(self) -> None:
        """The code box on the left, title and period in the middle, who reports to whom on the right."""
        form, frame = self.value.form, self.frame
        side = 3 if self.last >= 8 else 2
        right = self.last - side + 1
        box = f"Biểu số: {form.form_code}\nBan hành theo {form.circular}\n{due_line(form, frame.span)}"
        self._merged(0, 0, 4, 0, box, border=1, valign="top", font_size=10)
        to = form.receiver or "……………"
        who = f"Đơn vị báo cáo:\n{frame.standing_agency or frame.council}\nĐơn vị nhận báo cáo:\n{to}"
        self._merged(0, right, 4, self.last, who, border=1, valign="top", font_size=10)
        middle = (
            (frame.council.upper(), {"bold": True, "font_size": 11}),
            (form.title.upper(), {"bold": True, "font_size": 13}),
            (period_line(self.value), {"bold": True}),
            (days_line(self.value), {"italic": True}),
            (self._calendar_line(), {"italic": True, "font_size": 10}),
        )
        room = self.width * max(right - 1, 1)
        for row, (text, properties) in enumerate(middle):
            self._merged(row, 1, row, right - 1, text, align="center", **properties)
            size = properties.get("font_size", 11)
            self._height(row, max(20, _lines(text, room * 11 / size / (1.15 if row < 2 else 1)) * (size + 4.5)))
        self._height(5, 6)

    def _calendar_line(self) -> str:
        figures = self.value.figures
        if figures.is_preliminary:
            return (
                f"{self.value.calendar_label}; thực tế đến hết ngày {figures.actual_until:%d/%m/%Y}, còn lại ước tính"
            )
        return f"{self.value.calendar_label}; số liệu thực tế"

    def _header(self) -> int:
        """The merged header, the units, the column codes. Returns the first row of figures."""
        columns = self.value.form.columns
        levels = header_levels(columns)
        look = {"bold": True, "border": 1, "align": "center", "font_size": 10}
        self._merged(TOP, 0, TOP + levels, 0, "Tên cơ quan, đơn vị", **look)
        heights = [1] * levels
        for cell in header_cells(columns):
            left, top = cell.column + 1, TOP + cell.level
            self._merged(top, left, top + cell.rowspan - 1, left + cell.colspan - 1, cell.text, **look)
            need = math.ceil(_lines(cell.text, self.width * cell.colspan * 0.95) / cell.rowspan)
            bottom = cell.level + cell.rowspan - 1
            heights[bottom] = max(heights[bottom], need)
        for level, lines in enumerate(heights):
            self._height(TOP + level, max(18, lines * 13.5 + 5))
        for at, column in enumerate(columns, 1):
            self._text(TOP + levels, at, column.unit, border=1, align="center", italic=True, font_size=9)
        self._height(TOP + levels, 16 if all(len(c.unit) <= self.width * 1.1 for c in columns) else 28)
        codes = TOP + levels + 1
        for at, code in enumerate(["A", *(column.code for column in columns)]):
            self._text(codes, at, code, border=1, align="center", italic=True, font_size=9)
        return codes + 1

    def _rows(self, first: int) -> None:
        for number, row in enumerate(self.value.rows):
            at, bold = first + number, row.level == 0
            self._text(at, 0, row.label, border=1, bold=bold, indent=row.level, italic=row.kind == "estimate")
            self._height(at, max(18, _lines(row.label, LABEL_WIDTH * 1.1 - 2 * row.level) * LINE_HEIGHT + 4))
            for column in range(len(row.values)):
                self._number(first, number, row, column)

    def _number(self, first: int, number: int, row: FormRow, column: int) -> None:
        value, decimals = row.values[column], self.value.decimals[column]
        form = self.format(
            border=1,
            valign="vcenter",
            align="right",
            bold=row.level == 0,
            italic=row.kind == "estimate",
            num_format="#,##0" + ("." + "0" * decimals if decimals else ""),
        )
        at, left = first + number, column + 1
        formula = self._formula(first, row, column)
        if row.kind == "estimate" and value is None and self._may_estimate(column):
            self._text(at, left, "chưa nhập", border=1, align="right", italic=True, font_size=9)
        elif value is None:
            self.sheet.write_blank(at, left, None, form)
        elif formula:
            self.sheet.write_formula(at, left, formula, form, _plain(value))
        else:
            self.sheet.write_number(at, left, value, form)

    def _may_estimate(self, column: int) -> bool:
        each, known = self.value.form.columns[column], self.value.figures.indicators
        return bool(each.indicators) and all(known[code].nature == "flow" for code in each.indicators if code in known)

    def _formula(self, first: int, row: FormRow, column: int) -> str:
        """What adds the cell up; '' when it is a figure of its own, or its parts do not make it up."""
        rows, letter = self.value.rows, xl_col_to_name(column + 1)
        if row.kind == "actual":
            return f"={xl_rowcol_to_cell(first, column + 1)}"
        if row.kind == "expected":
            parts = [at for at, other in enumerate(rows) if other.kind in ("actual", "estimate")]
            if rows[parts[1]].values[column] is None:
                return f"={letter}{first + parts[0] + 1}"
        else:
            parts = list(row.parts)
        if not parts or add_up([rows[part].values[column] for part in parts]) != row.values[column]:
            return ""
        if parts == list(range(parts[0], parts[-1] + 1)):
            return f"=SUM({letter}{first + parts[0] + 1}:{letter}{first + parts[-1] + 1})"
        return f"=SUM({','.join(f'{letter}{first + part + 1}' for part in parts)})"

    def _foot(self, row: int) -> None:
        notes = [LEGEND, *self.value.notes]
        self._merged(row, 0, row, self.last, "Ghi chú:", bold=True, italic=True, font_size=10)
        room = LABEL_WIDTH + self.width * self.last
        for at, note in enumerate(notes, row + 1):
            self._merged(at, 0, at, self.last, f"– {note}", italic=True, font_size=10, valign="top")
            self._height(at, _lines(note, room * 1.15) * 13.5 + 1)
        row += len(notes) + 2
        self._end = row + 6  # three rows of signatures, and room to sign
        half = max(self.last // 2, 2)
        place = f"{self.frame.place}, {long_day(None, self.frame.year)}"
        self._merged(row, half + 1, row, self.last, place, italic=True, align="center")
        for left, right, head, how in (
            (0, 0, "Người lập biểu", "(Ký, ghi rõ họ tên)"),
            (1, half, "Người kiểm tra", "(Ký, ghi rõ họ tên)"),
            (half + 1, self.last, "GIÁM ĐỐC", "(ký, đóng dấu)"),
        ):
            self._merged(row + 1, left, row + 1, right, head, bold=True, align="center")
            self._merged(row + 2, left, row + 2, right, how, italic=True, align="center", font_size=10)


def _lines(text: str, width: float) -> int:
    """How many lines the text takes in a cell of that many characters."""
    return sum(math.ceil(max(len(line), 1) / max(width, 1)) for line in text.split("\n"))


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _sheet_name(form_code: str) -> str:
    """A name that Excel takes: 31 characters, none of []:*?/\\."""
    name = "".join("-" if char in "[]:*?/\\" else char for char in printable(form_code)).strip("'")
    return f"Biểu {name}"[:31] if name else "Biểu"
