"""An agency's own Excel of figures → the report's indicators, by column code and header path. Asked, never guessed.

The hierarchy rows and 'Tổng số' rows of the ministry's layout are skipped: an agency reports its own row. Empty cells
say nothing: they leave the portal's figure as it is.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from agencies.models import Agency
from agencies.tables.problems import BadFile
from agencies.tables.problems import CellError as MatchError
from agencies.vietnamese import fold_words, show_number
from campaigns.imports.matching import AgencyMatcher
from campaigns.models import Indicator
from reports.sheet import FigureRow, Sheet
from reports.workbook.cells import check_decimals, read_cell
from reports.workbook.compare import figure_outcome, needs_reason
from reports.workbook.fields import FIGURE, FIGURE_FIELDS, canonical, shown
from reports.workbook.grid import Grid, address
from reports.workbook.known_columns import form_named, indicators_of
from reports.workbook.problems import (
    SKIP,
    YES,
    CellError,
    CellProblem,
    CellQuestion,
    Delta,
    Preview,
    Question,
    Unit,
    confirmation,
    short,
)
from reports.workbook.tables import Column, DataRow, ListTable, WideTable, find_tables

_REASON = "Theo tệp số liệu của cơ quan"
_DIFFERS = ((YES, f"Ghi theo tệp, với lý do “{_REASON}”"), (SKIP, "Giữ số từ hoạt động"))
_TOGETHER, _ONE_BY_ONE = 3, "tung"
_THOUSANDS = re.compile(r"\b(?:nghin|ngan|1000) dong\b|\bdvt dong\b|don vi tinh dong\b")
_MILLIONS = re.compile(r"\btrieu dong\b")


class _Reading:
    """One run over a file of figures; ``preview`` collects what it finds."""

    def __init__(self, sheet: Sheet, answers: Mapping[str, str], preview: Preview):
        self.sheet, self.answers, self.preview = sheet, answers, preview
        self.rows: dict[str, FigureRow] = {row.code: row for row in sheet.figures}
        self.differing: list[tuple] = []  # (grid, cell, figure, value, what differs)
        self.given: dict[str, str] = {}  # indicator → the cell that gave it

    def ask(self, key: str, where: str, text: str, options, *, required=True, sheet="", cell="") -> str:
        """The answer to a question, '' while it is open."""
        answer = self.answers.get(key, "")
        answer = answer if answer in {value for value, _words in options} else ""
        self.preview.questions.append(Question(key, where, text, tuple(options), answer, required, sheet, cell))
        return answer

    # --- one cell -----------------------------------------------------------------------------------------------------

    def take(self, grid: Grid, row: int, column: int, code: str) -> None:
        """The figure in a cell becomes a change of the indicator, or a problem, or a question."""
        where, figure = address(row, column), self.rows[code]
        label = str(figure.figure.indicator)
        try:
            value = read_cell(grid, row, column, "figure")
            if value is None:
                return
            check_decimals(value, figure.figure.indicator.decimals)
        except CellQuestion as question:
            asked = confirmation(grid.name, where, label, question, self.answers)
            self.preview.questions.append(asked)
            if asked.answer != YES:
                return
            value = question.meaning
        except CellError as error:
            self.wrong(grid, where, label, grid.value(row, column), error)
            return
        if first := self.given.get(code):
            reason = f"Chỉ tiêu này đã lấy ở {first}."
            self.wrong(grid, where, label, value, CellError(reason, "Hãy bỏ một trong hai ô, hoặc bỏ qua một cột."))
            return
        self.given[code] = f"{grid.name}, ô {where}"
        if (row, column) in grid.formulas:
            self.preview.notes.append(f"{grid.name}, ô {where} là công thức; lấy kết quả {show_number(value)}.")
        self.change(grid, where, figure, value)

    def change(self, grid: Grid, where: str, figure: FigureRow, value) -> None:
        """Keep the change of one figure. One that differs from the recorded activities needs a reason first."""
        stored = (figure.value, figure.figure.reason)
        reason = figure.figure.reason
        outcome = figure_outcome(figure, value, reason, self.sheet.report)
        if outcome == stored:
            return
        place, label = f"{grid.name}, ô {where}", str(figure.figure.indicator)
        try:
            needs_reason(figure, outcome[0], outcome[1])
        except CellError as error:
            self.differing.append((grid, where, figure, value, error.reason))
            return
        self.keep(figure, label, place, value, outcome)

    def ask_reasons(self) -> None:
        """Figures that differ from the recorded activities: many are asked about together, few one by one."""
        each = len(self.differing) < _TOGETHER
        answer = ""
        if not each:
            told = "; ".join(
                f"{figure.code} (tệp {show_number(value)}, hoạt động {show_number(figure.computed)})"
                for _grid, _where, figure, value, _reason in self.differing
            )
            options = (*_DIFFERS, (_ONE_BY_ONE, "Chọn từng chỉ tiêu"))
            text = f"{len(self.differing)} chỉ tiêu khác với số cộng từ hoạt động đã ghi: {told}."
            answer = self.ask("lydo", self.differing[0][0].name, text, options, sheet=self.differing[0][0].name)
            each = answer == _ONE_BY_ONE
        for grid, where, figure, value, reason in self.differing:
            place, label = f"{grid.name}, ô {where}", str(figure.figure.indicator)
            if each:
                text = f"{label}: {reason}"
                answer = self.ask(f"lydo-{figure.code}", place, text, _DIFFERS, sheet=grid.name, cell=where)
            if answer == YES:
                self.keep(figure, label, place, value, (value, _REASON))

    def keep(self, figure: FigureRow, label: str, place: str, value, outcome: tuple) -> None:
        """Keep the change of one figure and its reason."""
        stored = (figure.value, figure.figure.reason)
        cells = [
            Delta(
                field.head, shown(field.kind, before), shown(field.kind, after), place, automatic=field.name == "reason"
            )
            for field, before, after in zip(FIGURE_FIELDS, stored, outcome, strict=True)
            if canonical(field.kind, before) != canonical(field.kind, after)
        ]
        if cells:
            values = {"value": value, "reason": outcome[1]}
            unit = Unit(f"chon-{FIGURE}-{figure.code}-so", FIGURE, figure.code, label, tuple(cells), values)
            self.preview.units.append(unit)

    def wrong(self, grid: Grid, where: str, label: str, value, error: CellError) -> None:
        """Name the cell, its value, what is wrong and how to put it right."""
        self.preview.problems.append(CellProblem(grid.name, where, label, short(value), error.reason, error.fix))

    # --- tables -------------------------------------------------------------------------------------------------------

    def listed(self, table: ListTable) -> None:
        """A list of our own codes."""
        grid, chosen = table.grid, table.chosen
        if chosen is None and table.values:
            options = [(str(column.index), f"Cột {_letters(column.index)}: {column.told}") for column in table.values]
            key = f"cot-so-{grid.name}"
            answer = self.ask(key, grid.name, "Cột nào là số liệu kỳ này?", options, sheet=grid.name)
            if not answer:
                return
            chosen = int(answer)
        if chosen is None:
            self.preview.notes.append(f"Trang “{grid.name}” có mã chỉ tiêu nhưng không có cột số liệu nào.")
            return
        for row, code in table.rows:
            self.one(grid, row, chosen, code)

    def one(self, grid: Grid, row: int, column: int, code: str) -> None:
        """A cell of an indicator, if the agency reports it."""
        if code in self.rows:
            self.take(grid, row, column, code)
        elif grid.text(row, column):
            self.preview.notes.append(
                f"{grid.name}, ô {address(row, column)}: cơ quan không báo cáo chỉ tiêu {code}; bỏ qua."
            )

    def wide(self, table: WideTable) -> None:
        """A table in the ministry's layout: find the agency's row, then every column's indicator."""
        row = self.own_row(table)
        if row is None:
            return
        form = form_named(table.about)
        fitting = {column: self.fitting(column, form) for column in table.columns}
        # Two columns that fit the same indicator are both in doubt.
        sure = Counter(codes[0] for codes in fitting.values() if len(codes) == 1)
        for column, codes in fitting.items():
            if not _is_filled(table.grid, row.index, column.index):
                continue
            if len(codes) == 1 and sure[codes[0]] == 1:
                code = codes[0]
            else:
                code = self.which(table, column, codes)
            if code:
                if self.unit_of_money_differs(table, row.index, column, code):
                    continue
                self.one(table.grid, row.index, column.index, code)

    def fitting(self, column: Column, form: str) -> list[str]:
        """The indicators that a column surely or possibly is."""
        if column.code:
            return [column.code]
        return indicators_of(column.number, column.folded, form) if column.number else []

    def which(self, table: WideTable, column: Column, codes: list[str]) -> str:
        """Ask which indicator a column is; those that fit stand first. '' while open or left out."""
        likely = codes or indicators_of(None, column.folded)
        order = [code for code in likely if code in self.rows] + [code for code in self.rows if code not in likely]
        options = [(SKIP, "Bỏ qua cột này"), *((code, str(self.rows[code].figure.indicator)) for code in order)]
        text = f"Cột {_letters(column.index)} “{column.told}” là chỉ tiêu nào?"
        if likely:
            text += f" Gần đúng: {', '.join(likely)}."
        answer = self.ask(
            f"cot-{table.name}-{_letters(column.index)}", table.name, text, options,
            required=bool(likely) or column.number is not None, sheet=table.grid.name,
        )  # fmt: skip
        return "" if answer == SKIP else answer

    def unit_of_money_differs(self, table: WideTable, row: int, column: Column, code: str) -> bool:
        """Money in thousands is not taken for millions."""
        if self.rows.get(code) is None or self.rows[code].figure.indicator.unit != "Triệu đồng":
            return False
        words = column.folded if "dong" in column.folded.split() else fold_words(table.about)
        if not _THOUSANDS.search(words) or _MILLIONS.search(words):
            return False
        value = table.grid.value(row, column.index)
        error = CellError(
            "Cột này ghi theo đồng hoặc nghìn đồng; chỉ tiêu tính theo triệu đồng.", "Hãy đổi ra triệu đồng."
        )
        self.wrong(table.grid, address(row, column.index), str(self.rows[code].figure.indicator), value, error)
        return True

    def own_row(self, table: WideTable) -> DataRow | None:
        """The agency's own row. With several that may be it, or only totals, the person says which."""
        units = [row for row in table.rows if row.kind == "unit"]
        agency = self.sheet.report.agency
        mine = [row for row in table.rows if row.kind != "total" and self.names_us(row)]
        skipped = [row for row in table.rows if row.kind != "unit"]
        if len(mine) == 1:
            self.skipped(table, [row for row in skipped if row is not mine[0]])
            return mine[0]
        if len(units) == 1 and not mine and not units[0].name:
            self.skipped(table, skipped)
            return units[0]
        choices = mine or units or list(table.rows)
        if not choices:
            self.preview.notes.append(f"Trang “{table.name}” không có hàng số liệu nào.")
            return None
        options = [(str(row.index), f"Hàng {row.index + 1}: {row.label or '(không có tên)'}") for row in choices]
        options.append((SKIP, "Không hàng nào; bỏ qua trang này"))
        answer = self.ask(
            f"hang-{table.name}", table.name, f"Hàng nào là số liệu của {agency.name}?", options,
            sheet=table.grid.name,
        )  # fmt: skip
        return next((row for row in choices if str(row.index) == answer), None)

    def names_us(self, row: DataRow) -> bool:
        """Whether a row's label is a name of the agency and of no other of its council."""
        if not row.name:
            return False
        try:
            return self.matcher.lead(row.name) == self.sheet.report.agency
        except MatchError:
            return False

    @cached_property
    def matcher(self) -> AgencyMatcher:
        """The names of the council's agencies."""
        council = self.sheet.report.agency.council
        return AgencyMatcher(Agency.objects.filter(council=council), place=council.place)

    def skipped(self, table: WideTable, rows: list[DataRow]) -> None:
        """Say which hierarchy and total rows were left out."""
        if rows:
            told = ", ".join(f"{row.index + 1} ({row.label or 'không có tên'})" for row in rows[:6])
            more = f" và {len(rows) - 6} hàng nữa" if len(rows) > 6 else ""
            self.preview.notes.append(f"Trang “{table.name}”: bỏ qua hàng tổng, hàng nhóm {told}{more}.")


def read_figures(grids: list[Grid], sheet: Sheet, answers: Mapping[str, str], preview: Preview) -> None:
    """Fill the preview with what the figures of a file change. Raises BadFile when no sheet has a table of figures."""
    reading = _Reading(sheet, answers, preview)
    codes = list(Indicator.objects.values_list("code", flat=True))
    found = 0
    for grid in grids:
        for table in find_tables(grid, codes) if grid.visible else ():
            found += 1
            if isinstance(table, ListTable):
                reading.listed(table)
            else:
                reading.wide(table)
    if reading.differing:
        reading.ask_reasons()
    if not found:
        raise BadFile(
            "Không thấy bảng số liệu nào trong tệp: cần hàng mã cột (1), (2)… như biểu của Bộ, hoặc cột mã chỉ tiêu "
            "PB01, PB02… Cũng không phải tệp điền do cổng tạo. Hãy kiểm tra lại tệp rồi chọn lại."
        )


def _is_filled(grid: Grid, row: int, column: int) -> bool:
    place = (row, column)
    return bool(grid.text(row, column)) or place in grid.unknown or place in (grid.errors or {})


def _letters(column: int) -> str:
    return address(0, column).rstrip("1")
