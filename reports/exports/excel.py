"""The council's figures as an Excel workbook: typed cells (numbers are numbers, dates are dates), ready to print on A4.

What people typed is written as text and can never become a formula, not even after the sheet is saved as CSV and
opened again (the cells carry the quote prefix of Excel).
"""

import io
import math
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from agencies.tables.sheets import TextWorkbook
from reports.drafting import change, missing_sentence, partial_sentence
from reports.exports.excel_charts import native_charts, place
from reports.exports.excel_targets import targets_sheet
from reports.exports.text_width import lines_of
from reports.models import ProgressReport
from reports.values import AgencyRow, Consolidation, Counts, PlanRow
from reports.wording import day, in_sentence, printable, ratio

FONT = "Times New Roman"
# The longest text that a cell of Excel holds is 32,767 characters.
LONGEST = 32_000
LINE_HEIGHT = 16  # points, for 12-point text
_SIZE, _TITLE_SIZE = 12, 14
_UNIT = 2.0  # millimetres that a unit of column width is at least, whatever program opens the file
_ROOMY = 16  # units of column width from which text keeps a distance from the line
_CHARTS = "Biểu đồ"
_CUT = " […]"
_STATES = ("tasks", "done", "on_track", "due_soon", "overdue", "suspended")
_STATE_HEADS = ("Tổng số", "Hoàn thành", "Đúng tiến độ", "Sắp đến hạn", "Quá hạn", "Tạm dừng")
_PLAN_STATES = ("tasks", "done", "overdue")
_PLAN_HEADS = ("Tổng số", "Hoàn thành", "Quá hạn")
_NATURES = {"flow": "Số phát sinh", "stock": "Số thời điểm"}
_HEADER_FILL = "#DDE6F0"


def excel_report(value: Consolidation) -> bytes:
    """The workbook as .xlsx bytes, six sheets: Tổng hợp, Cơ quan × kế hoạch, Số liệu, Chỉ tiêu, Nhiệm vụ, Ý kiến.

    A seventh, Biểu đồ, holds native charts over the cells of the first and third, where there is something to compare.
    """
    out = io.BytesIO()
    with TextWorkbook(out, font=FONT, size=12) as book:
        book.set_properties(
            {
                "title": f"Số liệu tổng hợp {value.period.label}",
                "author": printable(value.council.name),
                "created": datetime(value.as_of.year, value.as_of.month, value.as_of.day),
            }
        )
        sheets = _Sheets(book, value)
        _summary(sheets)
        _by_plan(sheets)
        _figures(sheets)
        targets_sheet(sheets)
        _tasks(sheets)
        _words(sheets)
        _charts(sheets)
        sheets.set_print_areas()
    return out.getvalue()


def inert(text: str) -> bool:
    """Whether the text is harmless even where a program guesses types: it does not begin like a formula."""
    return not text.lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))


class _Sheets:
    """The workbook while it is being written: its formats, and the shape that every sheet shares."""

    def __init__(self, book: TextWorkbook, value: Consolidation):
        self.book = book
        self.value = value
        self._formats: dict[tuple, Any] = {}
        self._widths: dict[str, Sequence[float]] = {}
        self._heights: dict[tuple[str, int], float] = {}

    def format(self, **properties):
        """One format per set of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def cell(self, **properties):
        return self.format(border=1, valign="vcenter", **properties)

    def sheet(self, name: str, title: str, widths: Sequence[float]) -> Worksheet:
        """A sheet with its title block in rows 1–4, laid out for A4 landscape, one page wide."""
        sheet = self.book.add_worksheet(name)
        period = self.value.period
        lines = (
            (self.value.council.name.upper(), {"bold": True}),
            (f"{title} {in_sentence(period.long_label).upper()}", {"bold": True, "font_size": _TITLE_SIZE}),
            (
                f"Số liệu từ ngày {day(period.starts_on)} đến ngày {day(period.ends_on)}; "
                f"tính đến ngày {day(self.value.as_of)}. {missing_sentence(self.value)}".strip(),
                {"italic": True},
            ),
        )
        self._widths[name] = widths
        for row, (text, properties) in enumerate(lines):
            self.note(sheet, row, text, **properties)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.4, top=0.8, bottom=0.8)
        sheet.hide_gridlines(1)  # on screen only
        label = printable(period.label).replace("&", "&&")
        sheet.set_header(f'&R&"{FONT},Italic"&11{label}')
        sheet.set_footer(f'&L&"{FONT},Italic"&11{name}&C&"{FONT},Regular"&11Trang &P/&N')
        return sheet

    def head(self, sheet: Worksheet, row: int, heads: Sequence[str], *, filtered: bool = True, last: int = 0) -> None:
        """The header row: bold on a fill, repeated in print, frozen; with a filter down to the row ``last``."""
        form = self.cell(bold=True, bg_color=_HEADER_FILL, align="center", text_wrap=True)
        for column, text in enumerate(heads):
            sheet.write_string(row, column, printable(text), form)
            self.heighten(sheet, row, text, self._widths[sheet.name][column], bold=True)
        sheet.repeat_rows(row)
        if filtered:
            sheet.autofilter(row, 0, max(row, last), len(heads) - 1)

    def text(self, sheet: Worksheet, row: int, column: int, text: object, **properties) -> None:
        """Text that stays text."""
        told = printable(text)
        if len(told) > LONGEST:
            told = told[:LONGEST] + _CUT
        if not inert(told):
            properties["quote_prefix"] = True
        width = self._widths[sheet.name][column]
        if width >= _ROOMY and "align" not in properties:  # printed small, a letter on the line looks cut
            properties["indent"] = properties.get("indent", 0) + 1
        sheet.write_string(row, column, told, self.cell(text_wrap=True, **properties))
        self.heighten(sheet, row, told, width - 2 * properties.get("indent", 0), bold=properties.get("bold", False))

    def note(self, sheet: Worksheet, row: int, text: str, **properties) -> None:
        """A line of words over the whole width of the table, wrapped there: it makes the printed page no wider."""
        told, widths = printable(text), self._widths[sheet.name]
        if not inert(told):
            properties["quote_prefix"] = True
        form = self.format(text_wrap=True, valign="top", **properties)
        sheet.merge_range(row, 0, row, len(widths) - 1, "", form)
        sheet.write_string(row, 0, told, form)
        size, bold = properties.get("font_size", _SIZE), properties.get("bold", False)
        self.heighten(sheet, row, told, sum(widths), size=size, bold=bold)

    def heighten(
        self, sheet: Worksheet, row: int, text: str, width: float, *, size: float = _SIZE, bold: bool = False
    ) -> None:
        """Make the row high enough for wrapped text: not every program does so by itself when it opens a file."""
        room = width * _UNIT - 1  # the cell's own margins
        lines = sum(max(1, math.ceil(line / room)) for line in lines_of(text, size, room, bold=bold))
        height = min(LINE_HEIGHT * size / _SIZE * lines + 3, 409)
        if height > self._heights.get((sheet.name, row), 0):
            self._heights[sheet.name, row] = height
            sheet.set_row(row, height)

    def set_print_areas(self) -> None:
        """What is printed of each sheet: its table with the words above and below it."""
        for sheet in self.book.worksheets():
            if sheet.name != _CHARTS:
                sheet.print_area(0, 0, sheet.dim_rowmax, len(self._widths[sheet.name]) - 1)

    def number(self, sheet: Worksheet, row: int, column: int, value: Decimal | int | None, decimals: int = 0, **more):
        """A number; nothing at all when nobody reported it."""
        place = {"align": "right", "indent": 1} | more
        form = self.cell(num_format="#,##0" + ("." + "0" * decimals if decimals else ""), **place)
        if value is None:
            sheet.write_blank(row, column, None, form)
        else:
            sheet.write_number(row, column, value, form)

    def share(self, sheet: Worksheet, row: int, column: int, value: Decimal | None, **more) -> None:
        """A percentage, given in percent; nothing when it cannot be computed."""
        form = self.cell(num_format="0.0%", align="right", indent=1, **more)
        if value is None:
            sheet.write_blank(row, column, None, form)
        else:
            sheet.write_number(row, column, value / 100, form)

    def date(self, sheet: Worksheet, row: int, column: int, value: date | None) -> None:
        form = self.cell(num_format="dd/mm/yyyy", align="center")
        if value is None:
            sheet.write_blank(row, column, None, form)
        else:
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), form)

    def total(self, sheet: Worksheet, row: int, column: int, first: int, parts: Sequence[int], value: int) -> None:
        """The sum of the column from the row ``first`` on: a formula that already shows its value.

        When the rows do not make up the value, the value itself is written: no number differs from the page's.
        """
        form = self.cell(num_format="#,##0", bold=True, align="right", indent=1)
        if parts and sum(parts) == value:
            letter = xl_col_to_name(column)
            sheet.write_formula(row, column, f"=SUM({letter}{first + 1}:{letter}{row})", form, value)
        else:
            sheet.write_number(row, column, value, form)


def _summary(sheets: _Sheets) -> None:
    value = sheets.value
    sheet = sheets.sheet("Tổng hợp", "TỔNG HỢP TIẾN ĐỘ NHIỆM VỤ", [6, 40, 24, 12, 11, *[10] * 6, 11])
    head, first = 4, 5
    rows = value.agencies
    heads = ("STT", "Cơ quan, đơn vị", "Báo cáo", "Ngày nộp", "Đúng hạn", *_STATE_HEADS, "Tỷ lệ hoàn thành")
    sheets.head(sheet, head, heads, last=head + len(rows))
    sheet.freeze_panes(first, 2)
    for row, agency in enumerate(rows, first):
        sheets.number(sheet, row, 0, row - head, align="center", indent=0)
        sheets.text(sheet, row, 1, agency.name)
        sheets.text(sheet, row, 2, agency.report_state_label)
        sheets.date(sheet, row, 3, agency.handed_in_on)
        on_time = {True: "Đúng hạn", False: "Trễ hạn", None: ""}[agency.on_time]
        sheets.text(sheet, row, 4, on_time, align="center")
        for column, state in enumerate(_STATES, 5):
            sheets.number(sheet, row, column, getattr(agency.counts, state))
        sheets.share(sheet, row, 11, ratio(agency.counts.done, agency.counts.tasks))
    last = first + len(rows)
    for column in range(5):
        sheets.text(sheet, last, column, "Tổng cộng" if column == 1 else "", bold=True)
    for column, state in enumerate(_STATES, 5):
        parts = [getattr(agency.counts, state) for agency in rows]
        sheets.total(sheet, last, column, first, parts, getattr(value.totals, state))
    sheets.share(sheet, last, 11, ratio(value.totals.done, value.totals.tasks), bold=True)
    note = "Tổng số không gồm nhiệm vụ tạm dừng. Tỷ lệ hoàn thành = Hoàn thành ÷ Tổng số."
    sheets.note(sheet, last + 1, note, italic=True)


def _by_plan(sheets: _Sheets) -> None:
    value = sheets.value
    plans = value.plans
    each = len(_PLAN_STATES)
    widths = [6, 40, *[8.5] * each * (len(plans) + 1)]
    sheet = sheets.sheet("Cơ quan × kế hoạch", "NHIỆM VỤ THEO CƠ QUAN VÀ KẾ HOẠCH", widths)
    top, head, first = 4, 5, 6
    form = sheets.cell(bold=True, bg_color=_HEADER_FILL, align="center", text_wrap=True)
    sheets.head(sheet, head, ("", "", *_PLAN_HEADS * (len(plans) + 1)), filtered=False)
    for column, text in enumerate(("STT", "Cơ quan, đơn vị chủ trì")):
        sheet.merge_range(top, column, head, column, text, form)
    for index, title in enumerate([*map(_plan_title, plans), "Tất cả kế hoạch"]):
        left = 2 + index * each
        sheet.merge_range(top, left, top, left + each - 1, "", form)
        sheet.write_string(top, left, printable(title)[:LONGEST], form)
        sheets.heighten(sheet, top, printable(title), widths[left] * each, bold=True)
    sheet.repeat_rows(top, head)
    sheet.freeze_panes(first, 2)
    lines = []
    for row, agency in enumerate(value.agencies, first):
        sheets.number(sheet, row, 0, row - head, align="center", indent=0)
        sheets.text(sheet, row, 1, agency.name)
        line = [*(value.cell(agency.code, plan.id) for plan in plans), agency.counts]
        lines.append(line)
        _plan_cells(line, lambda column, many, row=row: sheets.number(sheet, row, column, many))
    last = first + len(value.agencies)
    sheets.text(sheet, last, 0, "", bold=True)
    sheets.text(sheet, last, 1, "Tổng cộng", bold=True)

    def write_total(column: int, many: int) -> None:
        block, state = divmod(column - 2, each)
        parts = [getattr(line[block], _PLAN_STATES[state]) for line in lines]
        sheets.total(sheet, last, column, first, parts, many)

    _plan_cells([*(plan.counts for plan in plans), value.totals], write_total)


def _plan_cells(line: Sequence[Counts], write: Callable[[int, int], None]) -> None:
    column = 2
    for counts in line:
        for state in _PLAN_STATES:
            write(column, getattr(counts, state))
            column += 1


def _plan_title(plan: PlanRow) -> str:
    return f"{plan.title} (số {plan.number})" if plan.number else plan.title


def _with_figures(value: Consolidation) -> list[AgencyRow]:
    """The agencies that have a column in the sheet of figures."""
    with_figures = {figure.agency for row in value.indicators for figure in row.by_agency}
    return [row for row in value.agencies if row.code in with_figures or row.report_state != "none"]


def _figures(sheets: _Sheets) -> None:
    value, period = sheets.value, sheets.value.period
    agencies = _with_figures(value)
    widths = [8, 40, 12, 13, *[11] * len(agencies), *[11] * 5]
    sheet = sheets.sheet("Số liệu", "SỐ LIỆU THEO CHỈ TIÊU", widths)
    heads = ["Mã", "Chỉ tiêu", "Đơn vị tính", "Tính chất", *(row.short_name or row.name for row in agencies)]
    heads += [f"Tổng số {period.label}", period.previous_label, f"So với {period.previous_label}"]
    heads += [period.last_year_label, f"So với {period.last_year_label}"]
    head, first = 4, 5
    sheets.head(sheet, head, heads, last=head + len(value.indicators))
    sheet.freeze_panes(first, 2)
    for row, indicator in enumerate(value.indicators, first):
        look = {} if indicator.parent else {"bold": True}
        sheets.text(sheet, row, 0, indicator.code, **look)
        sheets.text(sheet, row, 1, indicator.name, indent=1 if indicator.parent else 0, **look)
        sheets.text(sheet, row, 2, indicator.unit)
        sheets.text(sheet, row, 3, _NATURES.get(indicator.nature, indicator.nature))
        for column, agency in enumerate(agencies, 4):
            sheets.number(sheet, row, column, indicator.of(agency.code), indicator.decimals)
        column = 4 + len(agencies)
        sheets.number(sheet, row, column, indicator.value, indicator.decimals, bold=True)
        sheets.number(sheet, row, column + 1, indicator.previous, indicator.decimals)
        sheets.share(sheet, row, column + 2, change(value, indicator.value, indicator.previous))
        sheets.number(sheet, row, column + 3, indicator.last_year, indicator.decimals)
        sheets.share(sheet, row, column + 4, change(value, indicator.value, indicator.last_year))
    note = "Ô trống: chưa có số liệu hoặc không tính được tỷ lệ; số 0: không phát sinh."
    sheets.note(sheet, first + len(value.indicators), f"{note} {partial_sentence(value)}".strip(), italic=True)


def _tasks(sheets: _Sheets) -> None:
    columns = (
        ("STT", 5),
        ("Kế hoạch", 20),
        ("Mục", 24),
        ("Số TT trong kế hoạch", 8),
        ("Nhiệm vụ", 32),
        ("Cơ quan chủ trì", 16),
        ("Cơ quan phối hợp", 17),
        ("Thời gian thực hiện", 11),
        ("Hạn", 11.5),
        ("Tiến độ", 10),
        ("Tình trạng", 10),
        ("%", 5),
        ("Ngày hoàn thành", 11.5),
        ("Kết quả", 30),
        ("Khó khăn, nguyên nhân", 21),
        ("Đề xuất", 16),
        ("Dự kiến hoàn thành", 11.5),
        ("Báo cáo kỳ này", 8),
    )
    value = sheets.value
    plans = {plan.id: plan.number or plan.title for plan in value.plans}
    sheet = sheets.sheet("Nhiệm vụ", "TIẾN ĐỘ TỪNG NHIỆM VỤ", [width for _, width in columns])
    head, first = 4, 5
    sheets.head(sheet, head, [name for name, _ in columns], last=head + len(value.tasks))
    sheet.freeze_panes(first, 5)
    for row, task in enumerate(value.tasks, first):
        sheets.number(sheet, row, 0, row - head, align="center", indent=0)
        texts = {
            1: plans.get(task.plan, task.plan_number),
            2: task.section,
            3: task.number,
            4: task.title,
            5: task.lead_name,
            6: "; ".join(task.supporting_names),
            7: task.timing_text,
            9: task.state_label,
            10: task.status_label,
            13: task.result,
            14: task.difficulty,
            15: task.proposal,
            17: "Có" if task.reported else "Chưa",
        }
        for column, text in texts.items():
            sheets.text(sheet, row, column, text)
        sheets.number(sheet, row, 11, task.percent)
        for column, moment in ((8, task.due_on), (12, task.completed_on), (16, task.new_expected_on)):
            sheets.date(sheet, row, column, moment)


def _words(sheets: _Sheets) -> None:
    value = sheets.value
    sheet = sheets.sheet("Ý kiến", "Ý KIẾN CỦA CÁC CƠ QUAN, ĐƠN VỊ", [6, 34, 38, 100])
    head, first = 4, 5
    sheets.head(sheet, head, ("STT", "Đề mục", "Cơ quan, đơn vị", "Nội dung"), last=head + len(value.words))
    sheet.freeze_panes(first, 0)
    for row, words in enumerate(value.words, first):
        sheets.number(sheet, row, 0, row - head, align="center", indent=0)
        sheets.text(sheet, row, 1, ProgressReport.NARRATIVE.get(words.heading, words.heading))
        sheets.text(sheet, row, 2, words.agency_name)
        sheets.text(sheet, row, 3, words.text)


def _charts(sheets: _Sheets) -> None:
    charts = native_charts(sheets.book, sheets.value, _with_figures(sheets.value))
    if charts:
        sheet = sheets.sheet(_CHARTS, "BIỂU ĐỒ", [12] * 10)
        sheet.fit_to_pages(1, 1)
        place(sheet, charts, row=4)
