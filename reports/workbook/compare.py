"""A filled-in workbook against the report as it stands: what its owner changed, and what changed here meanwhile.

Every cell has three sides: as downloaded (its digest in the keys), as it is in the file, as it is on the portal now.
Unchanged in the file → the portal's side stays, whatever it is now. Changed in the file only → a change. Changed on
both sides, differently → a conflict, and a person chooses.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from agencies import clock
from agencies.errors import Incomplete
from agencies.vietnamese import show_number
from campaigns.models import Task
from reports.entry import LINE_STATUSES, settle_status
from reports.models import ProgressReport, ReportLine
from reports.sheet import FigureRow, Sheet
from reports.workbook import fields
from reports.workbook.cells import check_decimals, read_cell
from reports.workbook.fields import FIGURE, FIGURE_FIELDS, LINE, LINE_FIELDS, NOTHING, PROGRESS, WORD, canonical, digest
from reports.workbook.filled import Filled, Place
from reports.workbook.keys import check_report
from reports.workbook.problems import (
    FILE,
    PORTAL,
    YES,
    CellError,
    CellProblem,
    CellQuestion,
    Delta,
    Preview,
    Unit,
    confirmation,
    short,
)

_MISSING = object()  # the cell is not in the file, or what stands there cannot be taken


class Comparison:
    """One run over the workbook; ``preview`` collects what it finds."""

    def __init__(self, filled: Filled, sheet: Sheet, answers: Mapping[str, str], now: datetime, preview: Preview):
        self.filled, self.sheet, self.answers, self.preview = filled, sheet, answers, preview
        self.today: date = clock.local_day(now)

    # --- one cell -----------------------------------------------------------------------------------------------------

    def read(self, place: Place | None, field: fields.Field, base: str, label: str):
        """(value, changed by the file's owner). The value is _MISSING when there is nothing to take."""
        if place is None:
            return _MISSING, False
        try:
            value = read_cell(place.grid, place.row, place.column, field.kind)
        except CellQuestion as question:
            value = self.ask(place, label, question)
            return (value, True) if value is not _MISSING else (_MISSING, False)
        except CellError as error:
            self.wrong(place, label, error)
            return _MISSING, False
        if base.startswith("!"):
            if digest(field.kind, value) != base[1:]:
                error = CellError("Nội dung này dài quá một ô Excel nên không sửa trong tệp.", "Hãy sửa trên cổng.")
                self.wrong(place, label, error)
            return _MISSING, False
        return value, digest(field.kind, value) != base

    def wrong(self, place: Place, label: str, error: CellError) -> None:
        """Name the cell, its value, what is wrong and how to put it right."""
        value = short(place.grid.value(place.row, place.column))
        problem = CellProblem(place.grid.name, place.address, label, value, error.reason, error.fix)
        self.preview.problems.append(problem)

    def ask(self, place: Place, label: str, question: CellQuestion):
        """The confirmed meaning of a cell; _MISSING while it is open or the person leaves the cell out."""
        asked = confirmation(place.grid.name, place.address, label, question, self.answers)
        self.preview.questions.append(asked)
        return question.meaning if asked.answer == YES else _MISSING

    def unit(self, kind: str, name: str, part: str, subject: str, cells, values: dict, *, moved: bool, note="") -> None:
        """Keep the cells of a row that change together. ``moved``: the portal's side changed since the download."""
        if not cells:
            return
        key = f"chon-{kind}-{name}-{part}"
        choice = self.answers.get(key, "") if moved else FILE
        choice = choice if choice in (FILE, PORTAL) else ""
        self.preview.units.append(Unit(key, kind, name, subject, tuple(cells), values, moved, choice, note))

    # --- lines --------------------------------------------------------------------------------------------------------

    def lines(self) -> None:
        """Every line of the report that the workbook names."""
        known = {str(line.pk): line for line in self.sheet.lines}
        absent = 0
        for pk, (version, base) in self.filled.keys.lines.items():
            line = known.pop(pk, None)
            if line is None:
                self.preview.notes.append(
                    "Một nhiệm vụ trong tệp không còn trong báo cáo (đã kết thúc phân công); phần điền cho nhiệm vụ đó "
                    "không được ghi."
                )
            elif (LINE, pk) not in self.filled.places:
                absent += 1
            else:
                self.line(line, version, base)
        if absent:
            self.preview.notes.append(f"{absent} nhiệm vụ của báo cáo không có trong tệp: giữ nguyên trên cổng.")
        if known:
            self.preview.notes.append(
                f"{len(known)} nhiệm vụ được thêm sau khi tải tệp: chưa có trong tệp, giữ nguyên."
            )

    def line(self, line: ReportLine, version: int, base: dict[str, str]) -> None:
        """One line: its progress as a whole, its texts and dates one by one."""
        typed, changed = {}, {}
        before = len(self.preview.problems)
        for field in LINE_FIELDS:
            place = self.filled.place(LINE, line.pk, field.name)
            value, mine = self.read(place, field, base[field.name], field.head)
            if field.lead_only and not line.is_lead:
                if mine and value is not _MISSING:
                    self.wrong(place, field.head, CellError("Cơ quan phối hợp không ghi ô này.", "Hãy xóa trống ô."))
                continue
            typed[field.name], changed[field.name] = value, mine
        wrong = len(self.preview.problems) > before
        subject = f"{line.task.place} {line.task.title}".strip()
        note = ""
        if line.version != version and line.edited_at:
            note = f"{line.edited_by} đã cập nhật trên cổng lúc {timezone.localtime(line.edited_at):%H:%M %d/%m/%Y}."
        if line.is_lead and not wrong:
            self.progress(line, typed, changed, base, subject, note)
        for field in LINE_FIELDS:
            if field.name in PROGRESS or not changed.get(field.name) or typed[field.name] is _MISSING:
                continue
            place, value, stored = (
                self.filled.place(LINE, line.pk, field.name),
                typed[field.name],
                getattr(line, field.name),
            )
            if canonical(field.kind, value) == canonical(field.kind, stored):
                continue
            try:
                self.check(field, value)
            except CellError as error:
                self.wrong(place, field.head, error)
                continue
            moved = digest(field.kind, stored) != base[field.name]
            self.unit(
                LINE, str(line.pk), field.name, subject, [self.delta(field, stored, value, place)],
                {field.name: value}, moved=moved, note=note,
            )  # fmt: skip

    def check(self, field: fields.Field, value) -> None:
        """What the portal's own form refuses, refused at the cell."""
        if field.kind == "line" and len(value) > fields.LONGEST_LINE:
            raise CellError(f"Dài {len(value)} ký tự, quá {fields.LONGEST_LINE}.", "Hãy rút gọn.")
        if field.name == "new_expected_on" and value:
            if abs(value.year - self.sheet.report.period.ends_on.year) > 10:
                raise CellError(f"Ngày {value:%d/%m/%Y} không hợp lý.", "Hãy kiểm tra lại năm.")

    def progress(self, line: ReportLine, typed: dict, changed: dict, base: dict, subject: str, note: str) -> None:
        """Status, percent and date of completion: read from the file together, settled by rule V22."""
        if not any(changed[name] and typed[name] is not _MISSING for name in PROGRESS):
            return
        values = {name: getattr(line, name) if typed[name] is _MISSING else typed[name] for name in PROGRESS}
        done = values["status"] == Task.Status.DONE
        places = {name: self.filled.place(LINE, line.pk, name) for name in PROGRESS}
        heads = {field.name: field for field in LINE_FIELDS}
        problems = list(self.progress_problems(values, changed))
        for name, error in problems:
            self.wrong(places[name] or next(place for place in places.values() if place), heads[name].head, error)
        if problems:
            return
        if done and values["completed_on"] is None and line.status == Task.Status.DONE:
            values["completed_on"] = line.completed_on  # uploading the same file another day changes nothing
        settled = dict(zip(PROGRESS, settle_status(*values.values(), self.today), strict=True))
        cells = [
            self.delta(heads[name], getattr(line, name), settled[name], places[name], automatic=not changed[name])
            for name in PROGRESS
            if canonical(heads[name].kind, settled[name]) != canonical(heads[name].kind, getattr(line, name))
        ]
        moved = any(digest(heads[name].kind, getattr(line, name)) != base[name] for name in PROGRESS)
        self.unit(LINE, str(line.pk), "tien-do", subject, cells, settled, moved=moved, note=note)

    def progress_problems(self, values: dict, changed: dict):
        """(field, error) for what contradicts itself; what merely follows from the status is not an error."""
        status, percent, day = (values[name] for name in PROGRESS)
        label = fields.shown("status", status)
        if status not in LINE_STATUSES:
            yield "status", CellError("Ô tình trạng trống hoặc không chọn được.", "Chọn tình trạng trong danh sách.")
            return
        if changed["percent"] and percent is not None:
            if status == Task.Status.DONE and percent != 100:
                yield (
                    "percent",
                    CellError(f"Ghi {percent}% nhưng tình trạng là “{label}” (V22).", "Ghi 100 hoặc đổi tình trạng."),
                )
            if status == Task.Status.NOT_STARTED and percent:
                yield (
                    "percent",
                    CellError(f"Ghi {percent}% nhưng tình trạng là “{label}” (V22).", "Ghi 0 hoặc đổi tình trạng."),
                )
        if changed["completed_on"] and day and status != Task.Status.DONE:
            yield (
                "completed_on",
                CellError(f"Có ngày hoàn thành nhưng tình trạng là “{label}”.", "Đổi tình trạng hoặc xóa ngày."),
            )
        elif day and status == Task.Status.DONE:
            try:
                settle_status(status, percent, day, self.today)
            except Incomplete as error:
                yield "completed_on", CellError(error.messages[0])

    def delta(self, field: fields.Field, before, after, place: Place | None, *, automatic: bool = False) -> Delta:
        """One changed cell as people read it."""
        where = f"{place.grid.name}, ô {place.address}" if place else ""
        return Delta(
            field.head, fields.shown(field.kind, before), fields.shown(field.kind, after), where, automatic=automatic
        )

    # --- figures ------------------------------------------------------------------------------------------------------

    def figures(self) -> None:
        """Every indicator of the report that the workbook names."""
        rows = {row.code: row for row in self.sheet.figures}
        for code, base in self.filled.keys.figures.items():
            if code in rows and (FIGURE, code) in self.filled.places:
                self.figure(rows[code], base)

    def figure(self, row: FigureRow, base: dict[str, str]) -> None:
        """One figure with its reason."""
        indicator, subject = row.figure.indicator, str(row.figure.indicator)
        stored = {"value": row.value, "reason": row.figure.reason}
        typed, changed, places = {}, {}, {}
        for field in FIGURE_FIELDS:
            places[field.name] = self.filled.place(FIGURE, row.code, field.name)
            value, mine = self.read(places[field.name], field, base[field.name], f"{row.code} {field.head}")
            if field.name == "value" and mine and value is not _MISSING and value is not None:
                value = self.decimals(value, indicator.decimals, places["value"], subject)
            if field.name == "reason" and mine and not indicator.from_activities:
                error = CellError(
                    "Chỉ tiêu này không tính từ hoạt động nên không ghi lý do.", "Hãy để ô như lúc tải về."
                )
                self.wrong(places["reason"], field.head, error)
                return
            if value is _MISSING:
                value, mine = stored[field.name], False
            typed[field.name], changed[field.name] = value, mine
        if not any(changed.values()):
            return
        outcome = figure_outcome(row, typed["value"], typed["reason"] or "", self.sheet.report)
        if outcome == (stored["value"], stored["reason"]):
            return
        value, reason = outcome
        try:
            self.check(FIGURE_FIELDS[1], reason)
            needs_reason(row, value, reason)
        except CellError as error:
            self.wrong(places["reason"] or places["value"], f"{row.code} {FIGURE_FIELDS[1].head}", error)
            return
        moved = any(digest(field.kind, stored[field.name]) != base[field.name] for field in FIGURE_FIELDS)
        cells = [
            self.delta(field, stored[field.name], new, places[field.name], automatic=not changed[field.name])
            for field, new in zip(FIGURE_FIELDS, outcome, strict=True)
            if canonical(field.kind, new) != canonical(field.kind, stored[field.name])
        ]
        values = {"value": typed["value"], "reason": reason}
        self.unit(FIGURE, row.code, "so", subject, cells, values, moved=moved)

    def decimals(self, value, decimals: int, place: Place, label: str):
        """The value when the indicator can hold it; _MISSING when it is wrong, asked about or left out."""
        try:
            check_decimals(value, decimals)
        except CellQuestion as question:
            return self.ask(place, label, question)
        except CellError as error:
            self.wrong(place, label, error)
            return _MISSING
        return value

    # --- words --------------------------------------------------------------------------------------------------------

    def words(self) -> None:
        """The agency's own words, and 'Không phát sinh'."""
        report: ProgressReport = self.sheet.report
        for field in fields.word_fields():
            place = self.filled.place(WORD, field.name, "text")
            base = self.filled.keys.words.get(field.name)
            if place is None or base is None:
                continue
            value, mine = self.read(place, field, base, field.head)
            stored = getattr(report, field.name)
            if field.name == NOTHING and value == "":
                value = False
            if not mine or value is _MISSING or canonical(field.kind, value) == canonical(field.kind, stored):
                continue
            moved = digest(field.kind, stored) != base
            self.unit(
                WORD, field.name, "chu", field.head, [self.delta(field, stored, value, place)],
                {field.name: value}, moved=moved,
            )  # fmt: skip


def figure_outcome(row: FigureRow, value, reason: str, report: ProgressReport) -> tuple:
    """(figure, reason) as they would read once saved: what equals the activities needs no correction."""
    indicator = row.figure.indicator
    if indicator.from_activities and (value is None or value == row.computed):
        return row.computed, ""
    if value is None and report.nothing_to_report and indicator.nature == "flow":
        return row.value, reason
    return value, reason


def needs_reason(row: FigureRow, value, reason: str) -> None:
    """Refuse a figure that differs from the recorded activities without saying why."""
    if row.figure.indicator.from_activities and value != row.computed and not reason:
        raise CellError(
            f"Ghi {show_number(value)} nhưng hoạt động đã ghi cộng được {show_number(row.computed)}.",
            "Hãy ghi lý do, hoặc bổ sung hoạt động trên cổng.",
        )


def compare(filled: Filled, sheet: Sheet, answers: Mapping[str, str], now: datetime, preview: Preview) -> None:
    """Fill the preview with what the workbook changes. Raises WorkbookRefused for a workbook of another report."""
    check_report(filled.keys, sheet.report)
    preview.downloaded = f"{timezone.localtime(filled.keys.at):%H:%M ngày %d/%m/%Y}"
    preview.problems += filled.problems
    preview.notes += filled.notes
    run = Comparison(filled, sheet, answers, now, preview)
    run.lines()
    run.figures()
    run.words()
