"""The report as a prepared .xlsx to fill in offline: typed cells, only what may be edited is unlocked, ready to print.

What people typed is written as text and never becomes a formula; every text cell that may be edited has the format
'Text', so that a line begun with '-' or '=' stays a line of text in Excel too.
"""

import io
import math
from datetime import date, datetime

from xlsxwriter.worksheet import Worksheet

from agencies.tables.sheets import TextWorkbook
from reports.entry import LINE_STATUSES
from reports.exports.excel import FONT, inert
from reports.models import ProgressReport, ReportLine
from reports.sheet import FigureRow, Sheet
from reports.wording import in_sentence, printable
from reports.workbook import fields
from reports.workbook.fields import FIGURE_FIELDS, LINE_FIELDS, digest, row_key
from reports.workbook.guide import GUIDE_LINES
from reports.workbook.keys import SHEET, Keys, pack

_HEAD_FILL, _GROUP_FILL, _EDIT_FILL, _CLOSED_FILL, _OLD = "#DDE6F0", "#F2F2F2", "#FFFBE6", "#EDEDED", "#7F7F7F"
_SIZE, _LINE_HEIGHT = 11, 15
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_TASK_COLUMNS = (
    ("Số TT", 6), ("Nhiệm vụ", 28), ("Vai trò", 8), ("Thời gian", 10), ("Hạn", 10.5), ("Kết quả kỳ trước", 18),
)  # fmt: skip
_FIELD_WIDTHS = {"status": 13.5, "percent": 5, "completed_on": 10.5, "result": 30, "difficulty": 20, "proposal": 15,
                 "new_expected_on": 10.5, "no_evidence_reason": 12}  # fmt: skip


def workbook_of(sheet: Sheet, now: datetime) -> bytes:
    """The workbook of a loaded report, as .xlsx bytes: Nhiệm vụ, Số liệu, Lời văn, Hướng dẫn and the hidden keys."""
    out = io.BytesIO()
    with TextWorkbook(out, font=FONT, size=_SIZE) as book:
        report = sheet.report
        book.set_properties(
            {
                "title": printable(str(report)),
                "author": printable(report.agency.name),
                "created": now.replace(tzinfo=None),
            }
        )
        writer = _Writer(book, report)
        keys = Keys(
            report=report.pk, council=report.agency.council.code, agency=report.agency.code,
            agency_name=report.agency.name, period=report.period.code, period_name=str(report.period),
            version=report.version, downloaded_at=now.isoformat(), lines=_tasks(writer, sheet),
            figures=_figures(writer, sheet), words=_words(writer, report),
        )  # fmt: skip
        _guide(writer)
        hidden = book.add_worksheet(SHEET)
        for row, text in enumerate(pack(keys)):
            hidden.write_string(row, 0, text)
        hidden.very_hidden()
    return out.getvalue()


class _Writer:
    """The workbook while it is being written: formats, page layout, and one way to write each kind of cell."""

    def __init__(self, book: TextWorkbook, report: ProgressReport):
        self.book, self.report = book, report
        self._formats: dict[tuple, object] = {}
        self._lines: dict[tuple[str, int], int] = {}
        self._widths: dict[str, list[float]] = {}

    def format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(properties)
        return self._formats[key]

    def cell(self, **properties):
        return self.format(**({"border": 1, "valign": "top"} | properties))

    def sheet(self, name: str, title: str, columns: list[tuple[str, float]], *, frozen: int) -> tuple[Worksheet, int]:
        """A protected sheet with its title, its header row and its hidden key column; returns it and its first row."""
        sheet, period = self.book.add_worksheet(name), self.report.period
        title = f"{title} {in_sentence(str(period)).upper()}"
        lines = (
            (self.report.agency.name.upper(), {"bold": True}),
            (title, {"bold": True, "font_size": 14}),
            (
                f"Số liệu từ ngày {period.starts_on:%d/%m/%Y} đến ngày {period.ends_on:%d/%m/%Y}; hạn nộp "
                f"{period.agency_due_on:%d/%m/%Y}. Chỉ điền vào ô nền vàng, rồi nạp tệp lên cổng.",
                {"italic": True},
            ),
        )
        for row, (text, properties) in enumerate(lines):
            sheet.write_string(row, 1, printable(text), self.format(**properties))
        sheet.set_row(1, 22)
        self._widths[name] = [3, *(width for _, width in columns)]
        sheet.set_column(0, 0, 3, None, {"hidden": True})
        head = len(lines) + 1
        form = self.cell(bold=True, bg_color=_HEAD_FILL, align="center", valign="vcenter", text_wrap=True)
        for column, (text, width) in enumerate(columns, 1):
            sheet.set_column(column, column, width)
            sheet.write_string(head, column, text, form)
            self._heighten(sheet, head, column, text)
        sheet.freeze_panes(head + 1, frozen + 1)
        self._page(sheet, name, head)
        return sheet, head + 1

    def _page(self, sheet: Worksheet, name: str, head: int) -> None:
        sheet.repeat_rows(head)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.4, top=0.7, bottom=0.7)
        sheet.hide_gridlines(1)  # on screen only
        label = printable(f"{self.report.agency} · {self.report.period}").replace("&", "&&")
        sheet.set_header(f'&R&"{FONT},Italic"&10{label}')
        sheet.set_footer(f'&L&"{FONT},Italic"&10{name}&C&"{FONT},Regular"&10Trang &P/&N')
        # No password: the lock keeps accidents out, the portal checks everything again.
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def key(self, sheet: Worksheet, row: int, kind: str, name: object) -> None:
        sheet.write_string(row, 0, row_key(kind, name))

    def group(self, sheet: Worksheet, row: int, text: str) -> None:
        """A heading over the rows below it."""
        last = len(self._widths[sheet.name])
        for column in range(1, last):
            sheet.write_blank(row, column, None, self.format(bg_color=_GROUP_FILL, bold=True, bottom=1, top=1))
        sheet.write_string(row, 1, printable(text), self.format(bg_color=_GROUP_FILL, bold=True, bottom=1, top=1))

    def fixed(self, sheet: Worksheet, row: int, column: int, value: object, **look) -> None:
        """A locked cell: text as text, numbers as numbers, dates as dates."""
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.cell(**look))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.cell(num_format="dd/mm/yyyy", align="center", **look))
        elif not isinstance(value, str):
            form = self.cell(num_format=_number_format(value), align="right", indent=1, **look)
            sheet.write_number(row, column, value, form)
        else:
            self._text(sheet, row, column, printable(value), look)

    def editable(self, sheet: Worksheet, row: int, column: int, kind: str, value: object, *, decimals: int = 0) -> str:
        """A cell that may be filled in; returns the digest by which a change of it is known."""
        look = {"bg_color": _EDIT_FILL, "locked": False}
        if kind in ("prose", "line"):
            text = fields.tidy(kind, value)
            if not fields.fits(text):
                told = fields.too_long_text(text)
                self._text(sheet, row, column, told, {"bg_color": _CLOSED_FILL})
                return f"!{digest(kind, told)}"
            self._text(sheet, row, column, text, look | {"num_format": "@"})
        elif kind in ("status", "flag"):
            self._text(sheet, row, column, fields.shown(kind, value), look)
        else:
            figure = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
            number_format = {"day": "dd/mm/yyyy", "percent": "0"}.get(kind, figure)
            place = {"align": "center"} if kind == "day" else {"align": "right", "indent": 1}
            form = self.cell(num_format=number_format, **place, **look)
            if value is None or value == "":
                sheet.write_blank(row, column, None, form)
            elif kind == "day":
                sheet.write_datetime(row, column, value, form)
            else:
                sheet.write_number(row, column, value, form)
        self._validate(sheet, row, column, kind, decimals)
        return digest(kind, value)

    def _text(self, sheet: Worksheet, row: int, column: int, text: str, look: dict) -> None:
        more = {} if inert(text) else {"quote_prefix": True}
        form = self.cell(**{"text_wrap": True, "align": "left"} | look | more)
        if text:
            sheet.write_string(row, column, text, form)
        else:
            sheet.write_blank(row, column, None, form)
        self._heighten(sheet, row, column, text)

    def _heighten(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """Make the row high enough for wrapped text: not every program does so by itself when it opens a file."""
        width = self._widths[sheet.name][column]
        lines = sum(math.ceil(max(len(line), 1) / (width * 1.2)) for line in text.split("\n"))
        if lines > self._lines.get((sheet.name, row), 0):
            self._lines[sheet.name, row] = lines
            sheet.set_row(row, min(_LINE_HEIGHT * lines + 3, 409))

    def at_least(self, sheet: Worksheet, row: int, lines: int) -> None:
        """Room to write in, however little stands there now."""
        if lines > self._lines.get((sheet.name, row), 0):
            self._lines[sheet.name, row] = lines
            sheet.set_row(row, _LINE_HEIGHT * lines + 3)

    def _validate(self, sheet: Worksheet, row: int, column: int, kind: str, decimals: int) -> None:
        rule, title, message = {
            "status": (
                {"validate": "list", "source": [str(status.label) for status in LINE_STATUSES]},
                "Tình trạng", "Chọn một tình trạng trong danh sách.",
            ),
            "flag": ({"validate": "list", "source": [fields.YES, fields.NO]}, "Không phát sinh", "Chọn Có hoặc Không."),
            "percent": (
                {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100},
                "Tỷ lệ hoàn thành", "Số nguyên từ 0 đến 100, không gõ dấu %.",
            ),
            "day": (
                {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY},
                "Ngày", "Viết ngày/tháng/năm, ví dụ 03/04/2026.",
            ),
            "figure": (
                {"validate": "decimal" if decimals else "integer", "criteria": ">=", "value": 0},
                "Số liệu", "Số không âm, ví dụ 1234" + (" hoặc 12,5." if decimals else "; không phát sinh thì ghi 0."),
            ),
            "line": (
                {"validate": "length", "criteria": "<=", "value": fields.LONGEST_LINE},
                "Lý do", f"Dài không quá {fields.LONGEST_LINE} ký tự.",
            ),
            "prose": (
                {"validate": "length", "criteria": "<=", "value": fields.LONGEST_CELL},
                "Nội dung", "Dài quá mức một ô Excel; hãy sửa trên cổng.",
            ),
        }[kind]  # fmt: skip
        sheet.data_validation(
            row, column, row, column, rule | {"ignore_blank": True, "error_title": title, "error_message": message}
        )


def _tasks(writer: _Writer, sheet: Sheet) -> dict[str, list]:
    columns = [*_TASK_COLUMNS, *((field.head, _FIELD_WIDTHS[field.name]) for field in LINE_FIELDS)]
    page, row = writer.sheet(fields.TASKS, "KẾT QUẢ THỰC HIỆN NHIỆM VỤ", columns, frozen=2)
    kept: dict[str, list] = {}
    plan = None
    for line in sheet.lines:
        if line.task.plan_id != plan:
            plan = line.task.plan_id
            writer.group(page, row, f"Kế hoạch {line.task.plan}")
            row += 1
        writer.key(page, row, fields.LINE, line.pk)
        old = {"font_color": _OLD, "italic": True, "font_size": _SIZE - 1}
        told = (line.task.place, line.task.title, line.get_role_display(), line.task.timing_text, line.due_on)
        for column, value in enumerate(told, 1):
            writer.fixed(page, row, column, value)
        writer.fixed(page, row, len(told) + 1, _last_period(sheet.previous_lines.get(line.task_id)), **old)
        digests = {}
        for column, field in enumerate(LINE_FIELDS, len(_TASK_COLUMNS) + 1):
            value = getattr(line, field.name)
            if field.lead_only and not line.is_lead:
                writer.fixed(page, row, column, None, bg_color=_CLOSED_FILL)
                digests[field.name] = digest(field.kind, None)
            else:
                digests[field.name] = writer.editable(page, row, column, field.kind, value)
        writer.at_least(page, row, 3)
        kept[str(line.pk)] = [line.version, digests]
        row += 1
    if not sheet.lines:
        writer.group(page, row, "Cơ quan không chủ trì hay phối hợp nhiệm vụ nào trong kỳ.")
    return kept


def _number_format(value) -> str:
    """Digits grouped, decimals only where there are any: '#,##0.###' alone shows a bare comma after whole numbers."""
    return "#,##0" if value == int(value) else "#,##0.0##"


def _last_period(before: ReportLine | None) -> str:
    if before is None:
        return ""
    status = f"{before.get_status_display()}, {before.percent or 0}%. " if before.status else ""
    text = f"{status}{before.result}".strip()
    return text if len(text) <= 400 else f"{text[:400]} […]"


def _figures(writer: _Writer, sheet: Sheet) -> dict[str, dict]:
    columns = [("Mã", 9), ("Chỉ tiêu", 46), ("Đơn vị", 12), ("Từ hoạt động", 13), ("Kỳ trước", 13),
               (FIGURE_FIELDS[0].head, 15), (FIGURE_FIELDS[1].head, 40)]  # fmt: skip
    page, row = writer.sheet(fields.FIGURES, "SỐ LIỆU BÁO CÁO", columns, frozen=2)
    kept: dict[str, dict] = {}
    group = None
    for figure in sheet.figures:
        indicator = figure.figure.indicator
        if indicator.group != group:
            group = indicator.group
            writer.group(page, row, group)
            row += 1
        kept[figure.code] = _figure_row(writer, page, row, figure)
        row += 1
    return kept


def _figure_row(writer: _Writer, page: Worksheet, row: int, figure: FigureRow) -> dict[str, str]:
    indicator = figure.figure.indicator
    writer.key(page, row, fields.FIGURE, figure.code)
    part = {"indent": 2} if indicator.parent_id else {}
    writer.fixed(page, row, 1, figure.code)
    writer.fixed(page, row, 2, indicator.name, **part)
    writer.fixed(page, row, 3, indicator.unit)
    writer.fixed(page, row, 4, figure.computed, font_color=_OLD)
    writer.fixed(page, row, 5, figure.previous, font_color=_OLD)
    kept = {"value": writer.editable(page, row, 6, "figure", figure.value, decimals=indicator.decimals)}
    if indicator.from_activities:
        kept["reason"] = writer.editable(page, row, 7, "line", figure.figure.reason)
    else:
        # Only what is counted from activities has something to differ from.
        writer.fixed(page, row, 7, figure.figure.reason, bg_color=_CLOSED_FILL)
        kept["reason"] = digest("line", figure.figure.reason)
    return kept


def _words(writer: _Writer, report: ProgressReport) -> dict[str, str]:
    page, row = writer.sheet(
        fields.WORDS, "ĐÁNH GIÁ, PHƯƠNG HƯỚNG, KIẾN NGHỊ", [("Đề mục", 34), (fields.TEXT_HEAD, 110)], frozen=1
    )
    kept = {}
    for field in fields.word_fields():
        writer.key(page, row, fields.WORD, field.name)
        writer.fixed(page, row, 1, field.head, bold=True)
        kept[field.name] = writer.editable(page, row, 2, field.kind, getattr(report, field.name))
        writer.at_least(page, row, 6 if field.kind == "prose" else 1)
        row += 1
    return kept


def _guide(writer: _Writer) -> None:
    page, row = writer.sheet(fields.GUIDE, "HƯỚNG DẪN ĐIỀN BÁO CÁO", [("Mục", 30), ("Cách điền", 110)], frozen=0)
    for what, how in GUIDE_LINES:
        writer.fixed(page, row, 1, what, bold=True)
        writer.fixed(page, row, 2, how)
        row += 1


def file_name(report: ProgressReport) -> str:
    """'bao-cao-2024-q2-cong-an.xlsx'."""
    return f"bao-cao-{report.period.code}-{report.agency.code}.xlsx"
