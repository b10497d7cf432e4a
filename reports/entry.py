"""What an agency's people type into their report: lines, figures, words. Every save is versioned; nothing is lost."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from agencies import clock
from agencies.errors import Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.history import acting, record, timeline
from agencies.permissions import Perm, can
from agencies.vietnamese import show_number
from campaigns.models import Evidence, Task
from reports.earlier import accepted_before
from reports.facts import activity_totals, tasks_with_activities
from reports.line_history import AUTOSAVE, SITTING, as_of
from reports.merging import same
from reports.models import LineEvidence, Period, ProgressReport, ReportFigure, ReportLine

MAX_REASON = 300  # letters of a reason or a note, the column's own limit
# What a lead may say of a task; cancelling is the secretariat's.
LINE_STATUSES = (Task.Status.NOT_STARTED, Task.Status.IN_PROGRESS, Task.Status.DONE, Task.Status.ON_HOLD)
# What is said of a task, as keywords of save_line; the status, its percent and its day are one answer.
STATUS_FIELDS = ("status", "percent", "completed_on")
LINE_FIELDS = (*STATUS_FIELDS, "result", "difficulty", "proposal", "new_expected_on", "no_evidence_reason")


def _open_for_entry(report_id: int, by) -> ProgressReport:
    """Hold the period open, then lock the report. Raises NotAllowed; WrongState when it is not theirs to edit now."""
    period_id = ProgressReport.objects.values_list("period", flat=True).get(pk=report_id)
    held = Period.hold_open(period_id)
    reports = ProgressReport.objects.select_related("agency", "period__council")
    report = reports.select_for_update(of=("self",)).get(pk=report_id)
    if not can(by, Perm.RECORD_PROGRESS, report.agency):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {report.agency} được cập nhật báo cáo này.")
    if not held:
        raise WrongState(f"{report.period} đã khóa; báo cáo không sửa được nữa.")
    if not report.is_editable:
        raise WrongState(
            f"Báo cáo đang ở trạng thái “{report.get_state_display()}” nên không sửa được. Nội dung bạn gõ chưa được "
            f"lưu; hãy {'rút lại báo cáo, hoặc ' if report.may_be_taken_back else ''}đề nghị Thư ký trả lại, rồi lưu "
            "lần nữa."
        )
    return report


def _check_version(row, version: int) -> None:
    if row.version != version:
        raise StaleVersion(
            "Người khác vừa lưu phần này trong lúc bạn gõ. Cả hai nội dung đều còn: bản đã lưu hiện bên cạnh, "
            "nội dung của bạn còn trong biểu. Hãy chọn lời văn rồi lưu lại.",
            current=row,
        )


def _locked_line(line: ReportLine, version: int) -> ReportLine:
    """The stored row, held. Raises StaleVersion when somebody saved since ``version``."""
    rows = ReportLine.objects.select_related("task", "edited_by", "report__agency")
    row = rows.select_for_update(of=("self",)).get(pk=line.pk)
    _check_version(row, version)
    return row


def _record_sitting(*, by, now: datetime, verb: str, obj, summary: str, automatic: bool) -> None:
    """Record a save. One that a form made by itself is told once a sitting; the row history has every version."""
    last = timeline(obj).first() if automatic else None
    if last is None or (last.actor_id, last.verb) != (by.pk, verb) or now - last.at > SITTING:
        record(by=by, now=now, verb=verb, obj=obj, summary=summary)


def save_line(
    *,
    line: ReportLine,
    by,
    now: datetime,
    version: int,
    status: str = "",
    percent: int | None = None,
    result: str = "",
    difficulty: str = "",
    proposal: str = "",
    completed_on: date | None = None,
    new_expected_on: date | None = None,
    no_evidence_reason: str = "",
    evidence: Iterable[Evidence] | None = None,
    automatic: bool = False,
) -> ReportLine:
    """Save what the agency says of one task. Only the lead has a status and a percent; others' are ignored.

    'Hoàn thành' means 100 and a date, 'Chưa thực hiện' means 0 (rule V22). ``evidence`` None leaves the files as they
    are. ``automatic``: the form saved by itself; what is stored already is not saved again, and such saves are recorded
    once a sitting. Raises NotAllowed, WrongState, StaleVersion (``current`` is the stored row) or Incomplete.
    """
    with acting(by=by, verb=AUTOSAVE if automatic else "save_line"):
        report = _open_for_entry(line.report_id, by)
        row = _locked_line(line, version)
        before = {name: getattr(row, name) for name in LINE_FIELDS}
        if row.is_lead:
            row.status, row.percent, row.completed_on = settle_status(
                status, percent, completed_on, clock.local_day(now)
            )
        row.result, row.difficulty, row.proposal = result.strip(), difficulty.strip(), proposal.strip()
        if new_expected_on and abs(new_expected_on.year - report.period.ends_on.year) > 10:
            raise Incomplete(f"Ngày dự kiến {new_expected_on:%d/%m/%Y} không hợp lý; hãy kiểm tra lại năm.")
        row.new_expected_on, row.no_evidence_reason = new_expected_on, no_evidence_reason.strip()
        unchanged = all(same(getattr(row, name), value) for name, value in before.items())
        if unchanged and (automatic or (row.is_filled and evidence is None)):
            return row
        row.edited_at, row.edited_by, row.version = now, by, version + 1
        row.save()
        if evidence is not None:
            _set_evidence(row, list(evidence), report)
        summary = f"Cập nhật nhiệm vụ: {row.task}"
        _record_sitting(by=by, now=now, verb="save_line", obj=row, summary=summary, automatic=automatic)
    return row


def last_accepted_line(line: ReportLine) -> ReportLine | None:
    """What the agency said of the task in its last accepted report before this one; None when it never did."""
    report = line.report
    return (
        ReportLine.objects.filter(
            task=line.task_id,
            report__agency=report.agency_id,
            report__state__in=ProgressReport.ACCEPTED_STATES,
            report__period__starts_on__lt=report.period.starts_on,
        )
        .select_related("report__period")
        .order_by("-report__period__starts_on")
        .first()
    )


def last_accepted_report(report: ProgressReport) -> ProgressReport | None:
    """The agency's last accepted report before this one; None when there is none."""
    return accepted_before(report).select_related("period").order_by("-period__starts_on").first()


def repeats_truly(before: ReportLine) -> bool:
    """Whether an earlier line can be true of a later period as it stands: its result counts nothing (no digit)."""
    return not any(letter.isdigit() for letter in before.result)


def repeat_last_line(*, line: ReportLine, by, now: datetime, version: int) -> ReportLine:
    """'Không thay đổi so với kỳ trước': say of the task what the last accepted report said of it.

    Countable facts are of one period: words with figures in them are not repeated, nor any words when activities of
    this period serve the task. Raises NotAllowed, WrongState (there is no such report), StaleVersion or Incomplete.
    """
    with acting(by=by, verb="repeat_last_line"):
        report = _open_for_entry(line.report_id, by)
        before = last_accepted_line(line)
        if before is None:
            raise WrongState(
                "Chưa có báo cáo kỳ trước nào được tiếp nhận cho nhiệm vụ này; hãy ghi nội dung của kỳ này."
            )
        if not repeats_truly(before):
            raise Incomplete("Lời kỳ trước có số liệu của kỳ trước; hãy ghi kết quả kỳ này.")
        if (report.pk, line.task_id) in tasks_with_activities([report]):
            raise Incomplete("Trong kỳ đã ghi hoạt động cho nhiệm vụ này; hãy ghi kết quả kỳ này.")
        values = {name: getattr(before, name) for name in LINE_FIELDS}
        return save_line(line=line, by=by, now=now, version=version, **values)


def restore_line(*, line: ReportLine, by, now: datetime, version: int, to: int) -> ReportLine:
    """Bring back what the line said at version ``to``; the version that it replaces stays among the earlier ones.

    A version in which nobody had said anything yet leaves the line waiting again. Raises NotAllowed, WrongState (no
    such version) or StaleVersion.
    """
    with acting(by=by, verb="restore_line"):
        _open_for_entry(line.report_id, by)
        row = _locked_line(line, version)
        old = as_of(row, to)
        if old is None:
            raise WrongState("Không còn bản đã lưu đó; nội dung hiện có vẫn giữ nguyên.")
        for name in LINE_FIELDS:
            setattr(row, name, getattr(old, name))
        row.edited_at, row.edited_by = (now, by) if old.edited_at else (None, None)
        row.version = version + 1
        row.save()
        record(
            by=by, now=now, verb="restore_line", obj=row, summary=f"Lấy lại bản đã lưu trước của nhiệm vụ: {row.task}"
        )
    return row


def settle_status(
    status: str, percent: int | None, completed_on: date | None, today: date
) -> tuple[str, int, date | None]:
    """Status, percent and completion date as they are stored (rule V22). Raises Incomplete when they cannot be."""
    if status not in LINE_STATUSES:
        raise Incomplete("Chọn tình trạng của nhiệm vụ.")
    if percent is not None and not 0 <= percent <= 100:
        raise Incomplete("Tỷ lệ hoàn thành từ 0 đến 100.")
    if status == Task.Status.DONE:
        if completed_on and not date(2000, 1, 1) <= completed_on:
            raise Incomplete(f"Ngày hoàn thành {completed_on:%d/%m/%Y} không hợp lý; hãy kiểm tra lại năm.")
        if completed_on and completed_on > today:
            raise Incomplete(f"Ngày hoàn thành {completed_on:%d/%m/%Y} không được sau hôm nay (V07).")
        return status, 100, completed_on or today
    if status == Task.Status.NOT_STARTED:
        return status, 0, None
    return status, percent or 0, None


def _set_evidence(row: ReportLine, evidence: list[Evidence], report: ProgressReport) -> None:
    foreign = [item for item in evidence if item.agency_id != report.agency_id]
    if foreign:
        raise NotAllowed("Minh chứng phải là tệp của chính cơ quan.")
    row.evidence.through.objects.filter(line=row).exclude(evidence__in=evidence).delete()
    have = set(row.evidence.values_list("pk", flat=True))
    LineEvidence.objects.bulk_create(
        [LineEvidence(line=row, evidence=item) for item in evidence if item.pk not in have]
    )


def attach_evidence(*, line: ReportLine, evidence: Evidence, by, now: datetime) -> None:
    """Point a line to one more file of the agency. Doing it twice changes nothing."""
    with acting(by=by, verb="attach_evidence"):
        report = _open_for_entry(line.report_id, by)
        have = list(line.evidence.all())
        _set_evidence(line, [*have, *([] if evidence in have else [evidence])], report)


def detach_evidence(*, line: ReportLine, evidence: Evidence, by, now: datetime) -> None:
    """Take a file off a line; the file itself stays on the task."""
    with acting(by=by, verb="detach_evidence"):
        report = _open_for_entry(line.report_id, by)
        _set_evidence(line, [item for item in line.evidence.all() if item != evidence], report)
        summary = f"Gỡ minh chứng {evidence} khỏi nhiệm vụ: {line.task}"
        record(by=by, now=now, verb="detach_evidence", obj=line, summary=summary)


def save_figures(
    *,
    report: ProgressReport,
    by,
    now: datetime,
    version: int,
    values: Mapping[str, tuple[Decimal | None, str]],
    notes: Mapping[str, str] | None = None,
    automatic: bool = False,
) -> ProgressReport:
    """Save figures typed by hand: indicator code → (value, reason), and notes that answer warnings (V19, V20) by code.

    An indicator without a note in ``notes`` keeps the one it has. A count that comes from activities is kept as
    'corrected' only when it differs from them, and then needs a reason. ``automatic`` as in ``save_line``.
    Raises NotAllowed, WrongState, StaleVersion or Incomplete; then nothing is written.
    """
    with acting(by=by, verb="save_figures"):
        locked = _open_for_entry(report.pk, by)
        _check_version(locked, version)
        computed = activity_totals([locked.agency_id], locked.period.span).get(locked.agency_id, {})
        todo, changed = [], []
        for figure in locked.figures.select_related("indicator"):
            if figure.indicator.code not in values:
                continue
            value, reason = values[figure.indicator.code]
            if value is not None and value < 0:
                todo.append(f"{figure.indicator}: số liệu không được âm (V09).")
                continue
            note = (notes or {}).get(figure.indicator.code, figure.note).strip()
            if len(note) > MAX_REASON or len(reason.strip()) > MAX_REASON:
                todo.append(f"{figure.indicator}: lý do, giải trình dài không quá {MAX_REASON} ký tự.")
                continue
            before = _entered(figure)
            todo += _set_figure(figure, value, reason.strip(), note, computed)
            if _entered(figure) != before:
                changed.append(figure)
        if todo:
            raise Incomplete(*todo)
        ReportFigure.objects.bulk_update(changed, ENTERED)
        locked.version += 1
        locked.save(update_fields=["version"])
        summary = f"Cập nhật số liệu: {locked}"
        _record_sitting(by=by, now=now, verb="save_figures", obj=locked, summary=summary, automatic=automatic)
    return locked


ENTERED = ("value", "corrected", "reason", "note")  # what somebody types at a figure


def _entered(figure: ReportFigure) -> tuple:
    return tuple(getattr(figure, name) for name in ENTERED)


def _set_figure(figure: ReportFigure, value, reason: str, note: str, computed: Mapping[str, Decimal]) -> list[str]:
    figure.note = note
    if figure.indicator.from_activities:
        known = computed.get(figure.indicator.code, Decimal(0))
        if value is None or value == known:
            figure.value, figure.corrected, figure.reason = None, False, ""
        elif not reason:
            return [
                f"{figure.indicator}: bạn nhập {show_number(value)} nhưng hoạt động đã ghi cộng được "
                f"{show_number(known)}. Hãy ghi lý do, hoặc bổ sung hoạt động (C02)."
            ]
        else:
            figure.value, figure.corrected, figure.reason = value, True, reason
    else:
        figure.value, figure.reason = value, reason
    return []


def save_narrative(
    *,
    report: ProgressReport,
    by,
    now: datetime,
    version: int,
    nothing_to_report: bool = False,
    automatic: bool = False,
    **texts: str,
) -> ProgressReport:
    """Save the agency's own words (keys of ProgressReport.NARRATIVE) and its 'Không phát sinh'.

    ``automatic`` as in ``save_line``. Raises NotAllowed, WrongState or StaleVersion; then nothing is written.
    TypeError for an unknown heading.
    """
    if unknown := set(texts) - set(ProgressReport.NARRATIVE):
        raise TypeError(f"unknown headings {sorted(unknown)}")
    with acting(by=by, verb="save_narrative"):
        locked = _open_for_entry(report.pk, by)
        _check_version(locked, version)
        stored = {name: getattr(locked, name) for name in texts}
        unchanged = all(same(stored[name], text) for name, text in texts.items())
        if automatic and unchanged and locked.nothing_to_report == nothing_to_report:
            return locked
        for name, text in texts.items():
            setattr(locked, name, text.strip())
        locked.nothing_to_report = nothing_to_report
        locked.version += 1
        locked.save()
        summary = f"Cập nhật phần lời: {locked}"
        _record_sitting(by=by, now=now, verb="save_narrative", obj=locked, summary=summary, automatic=automatic)
    return locked
