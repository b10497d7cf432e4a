"""An upload into a report: look at it (nothing is written), then apply it through the report's own verbs."""

import copy
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from agencies.errors import BusinessError, Incomplete, StaleVersion
from agencies.history import acting, record
from reports import entry
from reports.models import ProgressReport
from reports.sheet import Sheet, load_sheet
from reports.workbook import undo
from reports.workbook.compare import compare, figure_outcome
from reports.workbook.fields import FIGURE, LINE, LINE_FIELDS, NOTHING, WORD
from reports.workbook.figures import read_figures
from reports.workbook.filled import find_cells, is_workbook
from reports.workbook.grid import read_grids
from reports.workbook.keys import check_editable, held_for_upload
from reports.workbook.problems import Preview


class UploadRefused(BusinessError):
    """The file has errors or open questions, so nothing was written. ``preview`` is what was read."""

    status = 422

    def __init__(self, *messages: str, preview: Preview):
        super().__init__(*messages)
        self.preview = preview


@dataclass(frozen=True)
class Applied:
    """What an upload changed."""

    lines: int = 0
    figures: int = 0
    words: int = 0
    undo: Mapping[str, dict] = field(default_factory=dict)  # of a sheet of figures: what undo_figures needs

    @property
    def sentence(self) -> str:
        """'Đã ghi 3 nhiệm vụ, 12 số liệu, 2 phần lời văn.'"""
        parts = ((self.lines, "nhiệm vụ"), (self.figures, "số liệu"), (self.words, "phần lời văn"))
        told = ", ".join(f"{count} {what}" for count, what in parts if count)
        return f"Đã ghi {told}." if told else "Không có gì cần ghi: báo cáo trên cổng giữ nguyên."


def preview_upload(
    *, report: ProgressReport, content: bytes, filename: str, now: datetime, answers: Mapping[str, str] | None = None
) -> Preview:
    """What the file would change: a workbook of the portal, or any sheet of figures. Nothing is written.

    ``answers`` are the person's decisions by question and conflict. Raises BadFile, WorkbookRefused, WrongState.
    """
    check_editable(report)
    grids = read_grids(content, filename)
    sheet = load_sheet(report)
    answers = answers or {}
    if is_workbook(grids):
        preview = Preview(filename, "workbook")
        compare(find_cells(grids), sheet, answers, now, preview)
    else:
        preview = Preview(filename, "figures")
        read_figures(grids, sheet, answers, preview)
    preview.stored, preview.result = sheet, _result(sheet, preview, now)
    preview.fingerprint = _fingerprint(sheet, preview)
    return preview


def _result(sheet: Sheet, preview: Preview, now: datetime) -> Sheet:
    """The report as it would stand, in memory: what the rules are asked about."""
    report = copy.copy(sheet.report)
    lines = {line.pk: copy.copy(line) for line in sheet.lines}
    rows = {row.code: row for row in sheet.figures}
    for unit in preview.units:
        if not unit.taken:
            continue
        if unit.kind == WORD:
            setattr(report, unit.name, unit.values[unit.name])
        elif unit.kind == LINE:
            line = lines[int(unit.name)]
            for name, value in unit.values.items():
                setattr(line, name, value)
            line.edited_at = now
    for unit in preview.units:
        if unit.taken and unit.kind == FIGURE:
            row = rows[unit.name]
            value, reason = figure_outcome(row, unit.values["value"], unit.values["reason"], report)
            figure = copy.copy(row.figure)
            figure.reason, figure.corrected = reason, row.computed is not None and value != row.computed
            rows[unit.name] = replace(row, figure=figure, value=value, reason=reason, corrected=figure.corrected)
    return replace(sheet, report=report, lines=list(lines.values()), figures=list(rows.values()))


def _fingerprint(sheet: Sheet, preview: Preview) -> str:
    """Changes whenever what the person was shown would no longer be what happens; choices between two shown texts
    do not change it."""
    told = [str(sheet.report.version), *(f"{line.pk}:{line.version}" for line in sheet.lines)]
    told += [f"{unit.key}|{unit.values!r}|{[cell.before for cell in unit.cells]!r}" for unit in preview.units]
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def apply_upload(
    *,
    report: ProgressReport,
    by,
    now: datetime,
    content: bytes,
    filename: str,
    fingerprint: str,
    answers: Mapping[str, str] | None = None,
) -> Applied:
    """Write what the preview with this fingerprint showed, all of it or nothing. Applying it again changes nothing.

    Raises NotAllowed, WrongState, BadFile, WorkbookRefused, UploadRefused (errors or open questions) or StaleVersion
    when the report is no longer what was shown.
    """
    with acting(by=by, verb="apply_workbook"):
        locked = held_for_upload(report, by)
        list(locked.lines.select_for_update(of=("self",)).order_by("pk"))
        preview = preview_upload(report=locked, content=content, filename=filename, now=now, answers=answers)
        if preview.problems:
            message = f"Chưa ghi gì: tệp còn {len(preview.problems)} lỗi. Sửa trong tệp rồi nạp lại."
            raise UploadRefused(message, preview=preview)
        if preview.open_questions:
            message = f"Chưa ghi gì: còn {preview.open_questions} điều cần chọn bên dưới."
            raise UploadRefused(message, preview=preview)
        if preview.fingerprint != fingerprint and preview.cells:
            raise StaleVersion(
                "Chưa ghi gì: những thay đổi dưới đây khác với bản bạn vừa xem (do lựa chọn mới, hoặc báo cáo vừa được "
                "sửa trên cổng). Hãy xem lại rồi bấm ghi lần nữa.",
                current=preview,
            )
        return _write(locked, preview, by, now)


def _write(report: ProgressReport, preview: Preview, by, now: datetime) -> Applied:
    by_line: dict[int, dict] = {}
    figures, words = {}, {}
    for unit in preview.units:
        if not unit.taken:
            continue
        if unit.kind == LINE:
            by_line.setdefault(int(unit.name), {}).update(unit.values)
        elif unit.kind == FIGURE:
            figures[unit.name] = (unit.values["value"], unit.values["reason"])
        else:
            words |= unit.values
    lines = {line.pk: line for line in preview.stored.lines}
    before = undo.typed_figures(report, figures) if preview.source == "figures" else {}
    try:
        for pk, values in sorted(by_line.items()):
            line = lines[pk]
            stored = {field.name: getattr(line, field.name) for field in LINE_FIELDS}
            entry.save_line(line=line, by=by, now=now, version=line.version, **stored | values)
        if words:
            nothing = words.pop(NOTHING, report.nothing_to_report)
            report = entry.save_narrative(
                report=report, by=by, now=now, version=report.version, nothing_to_report=nothing, **words
            )
        count = len(words) + (preview.stored.report.nothing_to_report != report.nothing_to_report)
        if figures:
            entry.save_figures(report=report, by=by, now=now, version=report.version, values=figures)
    except Incomplete as error:  # the verbs' own words about what the preview could not foresee
        raise UploadRefused("Chưa ghi gì.", *error.messages, preview=preview) from error
    done = Applied(len(by_line), len(figures), count, undo.remembered(before, report))
    if by_line or figures or count:
        record(by=by, now=now, verb="apply_workbook", obj=report, summary=f"Nạp tệp điền ngoại tuyến. {done.sentence}")
    return done
