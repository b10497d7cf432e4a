"""The council's own report: saving its words, issuing it with the clerk's number and date, freezing it."""

import re
from datetime import date, datetime

from agencies import clock
from agencies.errors import Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.history import acting, record
from agencies.permissions import Perm, can
from agencies.workflow import check_reason
from reports.consolidation import consolidate
from reports.drafting import draft_narrative
from reports.models import CouncilReport, Period

# "15" or "15/BC-HĐPH": the number comes first, the abbreviations are free text (domain.md §1.1).
_NUMBER = re.compile(r"[0-9]{1,5}(/[\w.\-]{2,40})?")


def merged_narrative(report: CouncilReport | None, drafted: dict[str, str]) -> dict[str, str]:
    """The text of every heading: the secretariat's own words where it wrote some, else the draft from the data."""
    own = report.narrative if report else {}
    return drafted | {key: entry["text"] for key, entry in own.items()}


def outdated_headings(report: CouncilReport | None, drafted: dict[str, str]) -> set[str]:
    """Headings in the secretariat's own words whose figures or sources have changed since they were written."""
    own = report.narrative if report else {}
    return {key for key, entry in own.items() if entry["basis"] != drafted.get(key)}


def save_council_report(
    *,
    period: Period,
    by,
    now: datetime,
    version: int | None,
    narrative: dict[str, str],
    signing: str,
    addressee: str,
    recipients: list[str],
    signer_name: str = "",
) -> CouncilReport:
    """Save the draft of the council's report: text by heading, addressee, signatory. ``version`` None makes the draft.

    Only text that differs from the drafted one is kept, with what it was written from: the other headings go on
    following the data. Raises NotAllowed, or StaleVersion when somebody else saved meanwhile; then nothing is written.
    """
    if not can(by, Perm.CONSOLIDATE, period.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được soạn báo cáo của Hội đồng.")
    with acting(by=by, verb="save_council_report"):
        draft = _draft_of(period)
        if draft is None:
            edition = CouncilReport.objects.filter(period=period).count() + 1
            draft = CouncilReport(period=period, edition=edition, version=0)
        if draft.version != (version or 0):
            raise StaleVersion(
                "Người khác vừa lưu báo cáo này. Bản đã lưu hiện bên cạnh; nội dung của bạn còn trong biểu.",
                current=draft,
            )
        drafted = draft_narrative(consolidate(period, as_of=clock.local_day(now)))
        draft.narrative = {
            key: {"text": text, "basis": drafted[key]}
            for key, text in ((key, _plain(text)) for key, text in narrative.items())
            if key in drafted and text and text != _plain(drafted[key])
        }
        draft.signing, draft.addressee, draft.signer_name = signing, addressee.strip(), signer_name.strip()
        draft.recipients = [line.strip() for line in recipients if line.strip()]
        draft.version += 1
        draft.save()
        record(by=by, now=now, verb="save_council_report", obj=draft, summary=f"Soạn {draft}")
    return draft


def _draft_of(period: Period) -> CouncilReport | None:
    """The draft in hand, under the period's row lock, which also orders the editions."""
    Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    return CouncilReport.objects.filter(period=period, state=CouncilReport.State.DRAFT).first()


def _plain(text: str) -> str:
    """Text as it is compared: browsers send line ends as CR LF."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


def missing_before_issue(period: Period, *, number: str, issued_on: date, reason: str, today: date) -> list[str]:
    """What still stands against issuing, in words."""
    todo = []
    if not _NUMBER.fullmatch(number):
        todo.append("Số, ký hiệu do văn thư cấp bắt đầu bằng chữ số, ví dụ 15 hoặc 15/BC-HĐPH.")
    elif _taken(period, number, issued_on):
        todo.append(f"Số {number} đã dùng cho báo cáo khác của Hội đồng trong năm {issued_on.year} (V04).")
    if issued_on > today:
        todo.append(f"Ngày ban hành {issued_on:%d/%m/%Y} chưa đến.")
    if issued_on < period.starts_on:
        todo.append(f"Ngày ban hành {issued_on:%d/%m/%Y} trước khi {period} bắt đầu ({period.starts_on:%d/%m/%Y}).")
    waiting = period.outstanding()
    if waiting:
        try:
            check_reason(reason)
        except Incomplete:
            names = ", ".join(report.name_within(period) for report in waiting)
            todo.append(f"Chưa có báo cáo được tiếp nhận của: {names}. Muốn phát hành khi còn thiếu, hãy ghi lý do.")
    return todo


def _taken(period: Period, number: str, issued_on: date) -> bool:
    digits = number.split("/")[0].lstrip("0")
    draft = CouncilReport.objects.filter(period=period, state=CouncilReport.State.DRAFT).first()
    issued = CouncilReport.objects.filter(
        period__council=period.council_id, state=CouncilReport.State.ISSUED, issued_on__year=issued_on.year
    ).filter(signing__in=CouncilReport.same_register(draft.signing if draft else CouncilReport.Signing.CHAIR))
    return any(known.split("/")[0].lstrip("0") == digits for known in issued.values_list("number", flat=True))


def issue_report(*, period: Period, by, now: datetime, number: str, issued_on: date, reason: str = "") -> CouncilReport:
    """Issue the council's draft with the number and date that the clerk gave (NĐ 30/2020 Điều 15); it is then frozen.

    Numbers and words are frozen together. A correction afterwards is a new edition. Issuing twice is no error. With
    reports missing a reason is asked for. Raises NotAllowed, Incomplete or WrongState.
    """
    if not can(by, Perm.CONSOLIDATE, period.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được phát hành báo cáo của Hội đồng.")
    number, today = number.strip(), clock.local_day(now)
    with acting(by=by, verb="issue_report", reason=reason.strip()):
        draft = _draft_of(period)
        if draft is None:
            issued = CouncilReport.objects.filter(period=period, number=number).first()
            if issued is not None:
                return issued  # a double click
            raise WrongState("Chưa có dự thảo báo cáo để phát hành. Hãy soạn và lưu dự thảo trước.")
        todo = missing_before_issue(period, number=number, issued_on=issued_on, reason=reason, today=today)
        if todo:
            raise Incomplete(*todo)
        value = consolidate(period, as_of=today)
        drafted = draft_narrative(value)
        texts = merged_narrative(draft, drafted)
        draft.narrative = {key: {"text": text, "basis": drafted[key]} for key, text in texts.items()}
        draft.frozen = value.to_json()
        draft.state, draft.number = CouncilReport.State.ISSUED, number
        draft.issued_on, draft.issued_at, draft.issued_by = issued_on, now, by
        draft.version += 1
        draft.save()
        summary = f"Phát hành {draft}, số {number} ngày {issued_on:%d/%m/%Y}"
        record(
            by=by, now=now, verb="issue_report", obj=draft, summary=summary, to_state=draft.state, reason=reason.strip()
        )
    return draft
