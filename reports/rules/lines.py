"""Rules of a task's line: said at all, shown, explained when late or paused, in step with its own percent."""

from collections.abc import Iterator
from datetime import date

from agencies.vietnamese import clean, old_encoding
from agencies.workflow import MINIMUM_REASON
from campaigns.models import Task
from reports.rules.findings import Finding, error, line_anchor, quoted, warning
from reports.sheet import Sheet

_S = Task.Status
_TEXTS = {"result": "kết quả", "difficulty": "khó khăn", "proposal": "đề xuất"}


def every_led_task_is_updated(sheet: Sheet, today: date) -> Iterator[Finding]:
    """C01: every task the agency leads has been looked at in this period, unless nothing happened at all."""
    if sheet.report.nothing_to_report:
        return
    for line in sheet.lines:
        if line.is_lead and not line.is_filled:
            yield error("C01", "chưa cập nhật.", line_anchor(line), subject=f"Nhiệm vụ {quoted(line)}")


def done_is_shown(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V21: 'Hoàn thành' has a result, and evidence or the reason for none."""
    for line in sheet.lines:
        if not line.is_lead or line.status != _S.DONE:
            continue
        if not line.result:
            yield error("V21", "hoàn thành thì cần ghi kết quả.", line_anchor(line), "result", subject=quoted(line))
        if not line.evidence.all() and not line.no_evidence_reason:
            message = "cần minh chứng, hoặc lý do không có minh chứng."
            yield error("V21", message, line_anchor(line), "no_evidence_reason", subject=quoted(line))


def late_is_explained(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V21: an overdue task has its reason and a new expected date."""
    for line in sheet.lines:
        open_task = line.is_lead and line.status not in (_S.DONE, _S.ON_HOLD)
        if not open_task or line.due_on is None or line.due_on >= min(today, sheet.report.period.ends_on):
            continue
        if not line.difficulty or line.new_expected_on is None:
            field = "new_expected_on" if line.difficulty else "difficulty"
            message = f"quá hạn {line.due_on:%d/%m/%Y}: cần nêu nguyên nhân và ngày dự kiến hoàn thành."
            yield error("V21", message, line_anchor(line), field, subject=quoted(line))


def percent_matches_status(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V22: 100 % is 'Hoàn thành' and nothing else, 0 % is 'Chưa thực hiện'."""
    for line in sheet.lines:
        if not line.is_lead or not line.is_filled:
            continue
        if line.status == _S.DONE and line.percent != 100:
            message = "hoàn thành thì tỷ lệ là 100."
        elif line.status == _S.NOT_STARTED and line.percent:
            message = "chưa thực hiện thì tỷ lệ là 0."
        elif line.status == _S.IN_PROGRESS and line.percent in (None, 0, 100):
            message = "đang thực hiện thì tỷ lệ lớn hơn 0 và nhỏ hơn 100."
        elif line.status == _S.ON_HOLD and line.percent == 100:
            message = "tạm dừng thì tỷ lệ nhỏ hơn 100; nếu đã xong, chọn “Hoàn thành”."
        else:
            continue
        yield error("V22", message, line_anchor(line), "percent", subject=quoted(line))


def pauses_and_extensions_have_a_reason(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V23: 'Tạm dừng', and a new date later than the task's own, come with a reason of ten characters or more."""
    for line in sheet.lines:
        if not line.is_lead or not line.is_filled or len(clean(line.difficulty)) >= MINIMUM_REASON:
            continue
        later = line.due_on is not None and line.new_expected_on is not None and line.new_expected_on > line.due_on
        if line.status == _S.ON_HOLD:
            what = "tạm dừng"
        elif later and line.status != _S.DONE and line.difficulty:
            what = f"xin gia hạn đến {line.new_expected_on:%d/%m/%Y}"
        else:
            continue
        message = f"{what}: nêu lý do (từ {MINIMUM_REASON} ký tự) ở mục Khó khăn, vướng mắc và nguyên nhân."
        yield error("V23", message, line_anchor(line), "difficulty", subject=quoted(line))


def completed_within_the_period(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V07: a completion date is not in the future; outside the period it is worth a look."""
    period = sheet.report.period
    for line in sheet.lines:
        day = line.completed_on
        if not line.is_lead or day is None or line.status != _S.DONE:
            continue
        if day > today:
            message = f"ngày hoàn thành {day:%d/%m/%Y} chưa đến."
            yield error("V07", message, line_anchor(line), "completed_on", subject=quoted(line))
        elif not period.starts_on <= day <= period.ends_on:
            message = (
                f"ngày hoàn thành {day:%d/%m/%Y} nằm ngoài kỳ báo cáo ({period.starts_on:%d/%m/%Y} – "
                f"{period.ends_on:%d/%m/%Y}); hãy kiểm tra lại."
            )
            yield warning("V07", message, line_anchor(line), "completed_on", subject=quoted(line))


def lines_are_in_unicode(sheet: Sheet, today: date) -> Iterator[Finding]:
    """V28: text pasted from a document in an old encoding (TCVN3, VNI) is not Vietnamese for anybody else."""
    for line in sheet.lines:
        for name, label in _TEXTS.items():
            if old_encoding(getattr(line, name)):
                message = (
                    f"phần {label} có chữ ở bảng mã cũ (TCVN3 hoặc VNI) nên không đọc được. Chuyển văn "
                    "bản gốc sang Unicode rồi dán lại."
                )
                yield error("V28", message, line_anchor(line), name, subject=quoted(line))


LINE_RULES = (
    every_led_task_is_updated,
    done_is_shown,
    late_is_explained,
    percent_matches_status,
    pauses_and_extensions_have_a_reason,
    completed_within_the_period,
    lines_are_in_unicode,
)
