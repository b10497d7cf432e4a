"""What can be done with a report, a line of it or a period, by whom, and what stands against it."""

from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from agencies.explain import Deed, of_transition
from agencies.permissions import Perm
from agencies.workflow import MINIMUM_REASON
from reports.models import Period, ProgressReport, ReportLine
from reports.rules import check
from reports.sheet import load_sheet
from reports.workflow import (
    PERIOD_TRANSITIONS,
    REPORT_TRANSITIONS,
    missing_before_lock,
    missing_before_reopen,
    own_work,
)

_R = ProgressReport.State
_A_REASON = "x" * MINIMUM_REASON  # 'with a reason': what is missing apart from it


def deeds_of_report(report: ProgressReport, today: date) -> list[Deed]:
    """Reading it, filling it in, and the rows of its transition table that its agency goes through."""
    skipped = {"submit_report"} if report.agency.requires_approval else {"request_approval"}
    if not report.agency.requires_approval and report.state != _R.AWAITING_APPROVAL:
        skipped |= {"approve_report", "send_back_report"}  # nobody's work in this agency
    rows = [row for row in REPORT_TRANSITIONS if row.name not in skipped]
    against = {
        "submit_report": lambda _user: _missing(report, today),
        "request_approval": lambda _user: _missing(report, today),
        "approve_report": lambda user: own_work("approve_report", report, user),
        "accept_report": lambda user: own_work("accept_report", report, user),
    }
    moves = [of_transition(row, report, against=against.get(row.name), hint=_hint(row.name, report)) for row in rows]
    return [
        Deed("view_report", "Xem báo cáo", (Perm.VIEW_WORK,), (report.agency,)),
        _entry("edit_report", "Sửa nhiệm vụ, số liệu, phần lời", report),
        *(_while_open(deed, report.period) for deed in moves),
    ]


def _entry(name: str, label: str, report: ProgressReport) -> Deed:
    """Typing into the report: only the liaison officer, only while it is the agency's (reports/entry.py)."""
    closed = (lambda _user: []) if report.is_editable else (lambda _user: [_handed_in(report)])
    return _while_open(Deed(name, label, (Perm.RECORD_PROGRESS,), (report.agency,), closed), report.period)


def why_closed(report: ProgressReport) -> str:
    """Why nothing can be typed into the report now, and what would help; "" while it can."""
    if report.period.is_locked:
        return _locked(report.period)
    return "" if report.is_editable else _handed_in(report)


def _while_open(deed: Deed, period: Period) -> Deed:
    """The deed, with nothing else said when the period is locked: then nothing in it changes (rule V24)."""
    if not period.is_locked:
        return deed
    return replace(deed, against=lambda _user: [_locked(period)])


def _locked(period: Period) -> str:
    return f"{period} đã khóa ngày {_day(period.locked_at)}; muốn sửa, đề nghị Thư ký mở lại kỳ."


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y}" if at else "chưa rõ"


def _handed_in(report: ProgressReport) -> str:
    """Why a report that is not the agency's any more cannot be typed into, and what would help."""
    match report.state:
        case _R.AWAITING_APPROVAL:
            return (
                f"Không sửa được vì báo cáo đã trình lãnh đạo đơn vị ngày {_day(report.submitted_at)}. {_helps(report)}"
            )
        case _R.SUBMITTED:
            return f"Không sửa được vì báo cáo đã nộp ngày {_day(report.handed_in_at)}. {_helps(report)}"
        case _:
            return f"Không sửa được vì báo cáo đã được tiếp nhận ngày {_day(report.accepted_at)}. {_helps(report)}"


def _helps(report: ProgressReport) -> str:
    """What would make the report the agency's again."""
    match report.state:
        case _R.AWAITING_APPROVAL:
            return "Cán bộ đầu mối rút lại được, hoặc lãnh đạo đơn vị trả lại."
        case _R.SUBMITTED:
            return "Cán bộ đầu mối rút lại được, hoặc đề nghị Thư ký trả lại."
        case _R.ACCEPTED:
            return "Muốn sửa, đề nghị Thư ký trả lại."
        case _R.LOCKED:
            return "Muốn sửa, đề nghị Thư ký mở lại kỳ."
    return ""


def _hint(verb: str, report: ProgressReport) -> str:
    """What would bring the report where the verb can be done."""
    if verb in ("accept_report", "return_report"):
        return "Chờ cơ quan nộp." if report.state not in ProgressReport.HANDED_IN_STATES else ""
    return "" if verb in ("approve_report", "send_back_report") else _helps(report)


def _missing(report: ProgressReport, today: date) -> list[str]:
    """What the rules find missing, as submit_report asks them."""
    return [finding.message for finding in check(load_sheet(report), today) if finding.is_error]


def deeds_of_line(line: ReportLine) -> list[Deed]:
    """Reading one task's line and saying something in it."""
    report = line.report
    entry = _entry("save_line", "Cập nhật dòng này", report)
    if not line.is_lead:
        entry = replace(entry, note="Cơ quan phối hợp ghi kết quả; tình trạng và tỷ lệ do cơ quan chủ trì ghi.")
    return [
        Deed("view_line", "Xem dòng này", (Perm.VIEW_WORK,), (report.agency,)),
        entry,
        _entry("attach_evidence", "Gắn, gỡ minh chứng", report),
    ]


def deeds_of_period(period: Period) -> list[Deed]:
    """Bringing it in step with the plans, drafting the council's report, locking and reopening."""
    council = (period.council,)

    def in_step(_user) -> list[str]:
        if not period.is_quarter:
            return [f"{period} được cộng từ các quý; nhiệm vụ mới được bổ sung vào kỳ quý."]
        return [_locked(period)] if period.is_locked else []

    against = {
        "lock_period": lambda _user: missing_before_lock(period, _A_REASON),
        "reopen_period": lambda _user: missing_before_reopen(
            period, list(period.longer()) if period.is_quarter else []
        ),
    }
    rows = {row.name: of_transition(row, period, against=against[row.name]) for row in PERIOD_TRANSITIONS}
    if not period.is_locked and not missing_before_lock(period, _A_REASON) and (asks := missing_before_lock(period)):
        rows["lock_period"] = replace(rows["lock_period"], note=asks[0])
    return [
        Deed("view_period", "Xem báo cáo của các cơ quan trong kỳ", (Perm.VIEW_COUNCIL_WORK,), council),
        Deed("refresh_period", "Bổ sung nhiệm vụ mới vào kỳ", (Perm.COORDINATE_PERIODS,), council, in_step),
        Deed("save_council_report", "Soạn báo cáo tổng hợp", (Perm.CONSOLIDATE,), council),
        *rows.values(),
    ]
