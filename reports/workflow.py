"""The quarter's state machines: an agency's report and the period. One table each, one function per verb."""

from datetime import datetime

from django.db.models import Q

from agencies import clock
from agencies import workflow as engine
from agencies.errors import WrongState
from agencies.history import acting
from agencies.models import RecordEntry
from agencies.permissions import Perm
from agencies.workflow import Transition
from reports import telling
from reports.beside import kept_looks
from reports.calendars import quarters_of
from reports.carry import carry_to_tasks
from reports.consolidation import consolidate
from reports.freezing import freeze
from reports.models import Period, ProgressReport, ReportLine
from reports.receipts import give_receipt
from reports.rules import check
from reports.sheet import freeze_figures, load_sheet

_R, _P = ProgressReport.State, Period.State
_HANDS_IN = frozenset({_R.DRAFT, _R.RETURNED})

REPORT_TRANSITIONS = (
    Transition("submit_report", "Nộp báo cáo", _HANDS_IN, _R.SUBMITTED, Perm.SUBMIT_REPORT, "Nộp báo cáo",
               slug="nop", icon="paper-airplane", tone="primary"),
    Transition("request_approval", "Trình lãnh đạo duyệt", _HANDS_IN, _R.AWAITING_APPROVAL, Perm.SUBMIT_REPORT,
               "Trình lãnh đạo đơn vị duyệt", slug="trinh", icon="paper-airplane", tone="primary"),
    Transition("approve_report", "Duyệt và gửi", frozenset({_R.AWAITING_APPROVAL}), _R.SUBMITTED,
               Perm.APPROVE_REPORT, "Duyệt báo cáo", slug="duyet", icon="check", tone="primary"),
    Transition("send_back_report", "Trả lại cho người lập", frozenset({_R.AWAITING_APPROVAL}), _R.RETURNED,
               Perm.APPROVE_REPORT, "Lãnh đạo đơn vị trả lại báo cáo", needs_reason=True, slug="khong-duyet",
               icon="arrow-uturn-left", tone="danger"),
    Transition("withdraw_report", "Rút lại để sửa", frozenset({_R.AWAITING_APPROVAL, _R.SUBMITTED}), _R.DRAFT,
               Perm.SUBMIT_REPORT, "Rút lại báo cáo", slug="rut-lai", icon="arrow-uturn-left"),
    Transition("accept_report", "Tiếp nhận", frozenset({_R.SUBMITTED}), _R.ACCEPTED, Perm.REVIEW_REPORTS,
               "Tiếp nhận báo cáo", slug="tiep-nhan", icon="check", tone="primary"),
    Transition("return_report", "Trả lại", frozenset({_R.SUBMITTED, _R.ACCEPTED}), _R.RETURNED, Perm.REVIEW_REPORTS,
               "Trả lại báo cáo", needs_reason=True, slug="tra-lai", icon="arrow-uturn-left", tone="danger"),
)  # fmt: skip

PERIOD_TRANSITIONS = (
    Transition("lock_period", "Khóa kỳ", frozenset({_P.OPEN}), _P.LOCKED, Perm.COORDINATE_PERIODS, "Khóa kỳ",
               slug="khoa", icon="lock-closed", tone="danger"),
    Transition("reopen_period", "Mở lại kỳ", frozenset({_P.LOCKED}), _P.OPEN, Perm.COORDINATE_PERIODS, "Mở lại kỳ",
               needs_reason=True, slug="mo-lai", icon="lock-open", tone="danger"),
)  # fmt: skip

# Offered only right after accepting, on the board; elsewhere a report goes back with a reason.
_UNDO_ACCEPT = Transition("undo_accept", "Hoàn tác tiếp nhận", frozenset({_R.ACCEPTED}), _R.SUBMITTED,
                          Perm.REVIEW_REPORTS, "Hoàn tác tiếp nhận báo cáo", icon="arrow-uturn-left")  # fmt: skip

_ROW = {row.name: row for row in (*REPORT_TRANSITIONS, *PERIOD_TRANSITIONS, _UNDO_ACCEPT)}


def available_for_report(user, report: ProgressReport) -> list[Transition]:
    """The buttons of a report for this person: an agency with an approver asks for approval, the others hand in."""
    if report.period.is_locked:
        return []
    skipped = "submit_report" if report.agency.requires_approval else "request_approval"
    rows = engine.available(user, report, REPORT_TRANSITIONS)
    return [row for row in rows if row.name != skipped]


def available_for_period(user, period: Period) -> list[Transition]:
    """The buttons of a period for this person."""
    return engine.available(user, period, PERIOD_TRANSITIONS)


def _perform(name: str, report: ProgressReport, *, by, now: datetime, reason: str = "", act, missing=None):
    """Hold the period open, then carry out one transition of a report. Raises WrongState when it is locked."""
    engine.require_may(_ROW[name], report, by)
    with acting(by=by, verb=name, reason=reason):
        if not Period.hold_open(report.period_id):
            raise WrongState(
                f"{report.period} đã khóa; báo cáo không đổi được nữa. Đề nghị Thư ký mở lại kỳ nếu cần sửa."
            )
        return engine.perform(_ROW[name], report, by=by, now=now, reason=reason, act=act, missing=missing)


def took_part(report: ProgressReport, user) -> bool:
    """Whether the person entered or handed in any of this report, at any time: the record remembers every save."""
    if report.submitted_by_id == user.pk or report.lines.filter(edited_by=user).exists():
        return True
    mine = RecordEntry.objects.filter(actor=user, verb__in=_ENTRY_VERBS)
    return mine.filter(
        Q(object_type=report._meta.label_lower, object_id=report.pk)
        | Q(object_type=ReportLine._meta.label_lower, object_id__in=report.lines.values("pk"))
    ).exists()


_OWN_WORK = {
    "approve_report": "Người lập, người trình không được tự duyệt; cần lãnh đạo đơn vị khác duyệt (V25).",
    "accept_report": "Người lập, người trình báo cáo không được tự tiếp nhận; cần Thư ký khác tiếp nhận (V25).",
}


def own_work(verb: str, report: ProgressReport, user) -> list[str]:
    """What stands against approving or accepting a report that one took part in (rule V25)."""
    return [_OWN_WORK[verb]] if took_part(report, user) else []


_ENTRY_VERBS = ("save_line", "save_figures", "save_narrative", "submit_report", "request_approval")


def submit_report(*, report: ProgressReport, by, now: datetime) -> ProgressReport:
    """Hand the report in: to the agency's approver where approval is asked for, otherwise to the secretariat.

    A report that leaves the agency gets a numbered receipt (reports/receipts.py). Raises NotAllowed, WrongState, or
    Incomplete listing everything that is missing. Handing in twice is no error.
    """
    name = "request_approval" if report.agency.requires_approval else "submit_report"

    sheets, findings = [], []

    def missing(locked: ProgressReport) -> list[str]:
        # Read while the report is still the agency's: only then are its figures computed from activities.
        sheets.append(load_sheet(locked))
        findings.extend(check(sheets[0], clock.local_day(now)))
        return [finding.message for finding in findings if finding.is_error]

    def act(locked: ProgressReport) -> None:
        freeze_figures(sheets[0])
        locked.submitted_at, locked.submitted_by, locked.return_reason = now, by, ""
        locked.approved_at = locked.approved_by = locked.accepted_at = locked.accepted_by = None
        locked.version += 1
        locked.warnings = kept_looks(sheets[0], findings, clock.local_day(now))
        if name == "submit_report":
            give_receipt(report=locked, by=by, now=now)
            telling.tell_handed_in(report=locked, by=by, now=now)
        else:
            telling.tell_approval_asked(report=locked, by=by, now=now)

    return _perform(name, report, by=by, now=now, act=act, missing=missing)


def approve_report(*, report: ProgressReport, by, now: datetime) -> ProgressReport:
    """The agency's approver approves and sends it on. Who handed it in cannot approve it (rule V25)."""

    def missing(locked: ProgressReport) -> list[str]:
        return own_work("approve_report", locked, by)

    def act(locked: ProgressReport) -> None:
        locked.approved_at, locked.approved_by = now, by
        locked.version += 1
        give_receipt(report=locked, by=by, now=now)
        telling.tell_handed_in(report=locked, by=by, now=now)

    return _perform("approve_report", report, by=by, now=now, act=act, missing=missing)


def send_back_report(*, report: ProgressReport, by, now: datetime, reason: str) -> ProgressReport:
    """The approver sends it back to whoever prepared it, with a reason of ten characters or more (rule V23)."""
    return _give_back("send_back_report", report, by, now, reason)


def return_report(*, report: ProgressReport, by, now: datetime, reason: str) -> ProgressReport:
    """The secretariat returns it to the agency, with a reason of ten characters or more (rule V23)."""
    return _give_back("return_report", report, by, now, reason)


def _give_back(name: str, report: ProgressReport, by, now: datetime, reason: str) -> ProgressReport:
    counted = False

    def act(locked: ProgressReport) -> None:
        nonlocal counted
        counted = locked.accepted_at is not None
        locked.returned_at, locked.returned_by, locked.return_reason = now, by, reason.strip()
        locked.accepted_at = locked.accepted_by = None
        locked.version += 1
        telling.tell_returned(report=locked, by=by, now=now, reason=locked.return_reason)

    with acting(by=by, verb=name, reason=reason):
        locked = _perform(name, report, by=by, now=now, reason=reason, act=act)
        if counted:
            carry_to_tasks(_led_tasks(locked))
    return locked


def withdraw_report(*, report: ProgressReport, by, now: datetime) -> ProgressReport:
    """The agency takes its report back to correct it, as long as the secretariat has not accepted it."""

    def act(locked: ProgressReport) -> None:
        locked.submitted_at = locked.submitted_by = locked.approved_at = locked.approved_by = None
        locked.version += 1

    return _perform("withdraw_report", report, by=by, now=now, act=act)


def accept_report(*, report: ProgressReport, by, now: datetime) -> ProgressReport:
    """The secretariat accepts: the report's figures count from now, its tasks take the state it reports.

    Who took part in making the report cannot accept it (rule V25).
    """

    def missing(locked: ProgressReport) -> list[str]:
        return own_work("accept_report", locked, by)

    def act(locked: ProgressReport) -> None:
        locked.accepted_at, locked.accepted_by = now, by
        locked.version += 1
        telling.tell_accepted(report=locked, by=by, now=now)

    with acting(by=by, verb="accept_report"):
        locked = _perform("accept_report", report, by=by, now=now, act=act, missing=missing)
        carry_to_tasks(_led_tasks(locked))
    return locked


def may_undo_accept(report: ProgressReport, by, now: datetime) -> bool:
    """Whether the person accepted it today: a slip of the hand is taken back without a word to the agency."""
    return (
        report.state == _R.ACCEPTED
        and report.accepted_by_id == by.pk
        and clock.local_day(report.accepted_at) == clock.local_day(now)
    )


def undo_accept(*, report: ProgressReport, by, now: datetime) -> ProgressReport:
    """Take back one's own acceptance of the same day: the report waits for review again.

    Later, or for somebody else, ``return_report`` with its reason is the way. Raises NotAllowed or WrongState.
    """
    accepted_as = 0

    def missing(locked: ProgressReport) -> list[str]:
        if not may_undo_accept(locked, by, now):
            return ["Chỉ người vừa tiếp nhận hoàn tác được, trong cùng ngày. Hãy dùng “Trả lại” và ghi lý do."]
        return []

    def act(locked: ProgressReport) -> None:
        nonlocal accepted_as
        accepted_as = locked.version
        locked.accepted_at = locked.accepted_by = None
        locked.version += 1

    with acting(by=by, verb="undo_accept"):
        locked = _perform("undo_accept", report, by=by, now=now, act=act, missing=missing)
        if accepted_as:
            telling.tell_not_accepted_after_all(report=locked, accepted_as=accepted_as, by=by, now=now)
            carry_to_tasks(_led_tasks(locked))
    return locked


def _led_tasks(report: ProgressReport) -> list[int]:
    return list(report.lines.filter(role="lead").values_list("task", flat=True))


# --- the period ---------------------------------------------------------------------------------------------------


def lock_period(*, period: Period, by, now: datetime, reason: str = "") -> Period:
    """Lock a period: its numbers are frozen and nothing in it changes any more, not even by raw SQL (rule V24).

    With reports outstanding a reason is asked for; a longer period waits until its quarters are locked. Raises
    NotAllowed, WrongState or Incomplete.
    """

    def missing(locked: Period) -> list[str]:
        return missing_before_lock(locked, reason, hold=True)

    def act(locked: Period) -> None:
        locked.reports.filter(state=_R.ACCEPTED).update(state=_R.LOCKED)
        value = consolidate(
            Period.objects.get(pk=locked.pk), as_of=min(clock.local_day(now), locked.ends_on), locking=True
        )
        locked.frozen = freeze(value, council_id=locked.council_id)
        locked.locked_at, locked.locked_by = now, by

    return engine.perform(_ROW["lock_period"], period, by=by, now=now, reason=reason, missing=missing, act=act)


def missing_before_lock(period: Period, reason: str = "", *, hold: bool = False) -> list[str]:
    """What stands against locking a period; ``reason`` answers for the reports still outstanding.

    ``hold``: its quarters stay as they are until the transaction ends.
    """
    if not period.is_quarter:
        return _open_quarters(period, hold)
    open_reports = list(period.outstanding())
    waiting = [str(report.agency) for report in open_reports if report.state == _R.SUBMITTED]
    if waiting:
        return [f"Còn báo cáo đã nộp chưa tiếp nhận: {', '.join(waiting)}. Hãy tiếp nhận hoặc trả lại trước."]
    if open_reports and len(reason.strip()) < engine.MINIMUM_REASON:
        names = ", ".join(str(report.agency) for report in open_reports)
        return [f"Chưa có báo cáo của: {names}. Muốn khóa kỳ khi còn thiếu, hãy ghi lý do (từ 10 ký tự)."]
    return []


def missing_before_reopen(period: Period, around: list[Period]) -> list[str]:
    """What stands against reopening a period; ``around``: the longer periods that are added up from it."""
    held = [row for row in around if row.is_locked]
    if not held:
        return []
    names = ", ".join(str(row) for row in held)
    return [f"{period} nằm trong {names} đã khóa. Hãy mở lại {names} trước, rồi mở lại {period}."]


def _open_quarters(longer: Period, hold: bool) -> list[str]:
    """What stands against locking a longer period."""
    parts = longer.quarters()
    found = {part.code: part for part in (parts.select_for_update(of=("self",)) if hold else parts)}
    open_ones = [
        part.label for part in quarters_of(longer.span) if part.code not in found or not found[part.code].is_locked
    ]
    if not open_ones:
        return []
    return [f"{longer} được cộng từ các quý; hãy khóa {', '.join(open_ones)} trước."]


def reopen_period(*, period: Period, by, now: datetime, reason: str) -> Period:
    """Reopen a locked period, with a reason that stays on the record; its accepted reports are accepted again.

    A quarter stays locked as long as a longer period that is added up from it is.
    """

    def missing(locked: Period) -> list[str]:
        return missing_before_reopen(locked, around)

    def act(locked: Period) -> None:
        locked.reopen_reason = f"{now:%H:%M %d/%m/%Y}: {reason.strip()}"
        locked.frozen = locked.locked_at = locked.locked_by = None

    with acting(by=by, verb="reopen_period", reason=reason):
        # The longer periods first, as lock_period does, so that the two never wait for each other.
        around = list(period.longer().select_for_update(of=("self",))) if period.is_quarter else []
        locked = engine.perform(_ROW["reopen_period"], period, by=by, now=now, reason=reason, missing=missing, act=act)
        locked.reports.filter(state=_R.LOCKED).update(state=_R.ACCEPTED)
    return locked
