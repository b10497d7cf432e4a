"""The council's own report: saving its words, issuing it with the clerk's number and date, freezing it."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from agencies import clock
from agencies.errors import BusinessError, Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.fields import stored
from agencies.history import acting, record
from agencies.permissions import Perm, can
from agencies.workflow import check_reason
from reports.adjusting import adjustment_paragraph
from reports.consolidation import consolidate
from reports.differences import places
from reports.drafting import Draft, draft_sentences, joined
from reports.edits import advanced, basis_from, basis_of, headings, keep, marks, odd_token, plain, shown_text, take
from reports.models import CouncilReport, Period
from reports.values import Consolidation
from reports.versions import keep_version

# "15" or "15/BC-HĐPH": the number comes first, the abbreviations are free text (domain.md §1.1).
_NUMBER = re.compile(r"[0-9]{1,5}(/[\w.\-]{2,40})?")


# Entry of an issued narrative that is no heading: what an adjusted edition says of the one it replaces.
ADJUSTS = "adjusts"


EVERY_MARK = "*"


@dataclass(frozen=True)
class Settlement:
    """What the secretariat decides on one mark: take the new sentence into the text, or keep the text as it is.

    ``sentence`` is the key of the mark's sentence; EVERY_MARK keeps the text against all marks of the heading.
    """

    heading: str
    sentence: str
    take: bool


def own_entries(report: CouncilReport | None) -> dict[str, dict]:
    """Heading → its text and basis, for the headings in the secretariat's own words.

    An issued edition holds every heading's text; a new edition starts from those that the secretariat had edited.
    """
    if report is None:
        return {}
    if report.state == CouncilReport.State.DRAFT:
        return report.narrative
    return {key: entry for key, entry in report.narrative.items() if entry.get("own")}


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
    shown: dict[str, list] | None = None,
    settled: Settlement | None = None,
) -> CouncilReport:
    """Save the draft of the council's report: text by heading, addressee, signatory. ``version`` None makes the draft.

    Only text that differs from the drafted one is kept, with the sentences it was written from: ``shown`` (heading →
    basis) are those that stood on the page, else the ones of now. The other headings go on following the data.
    ``settled`` is one mark decided on in the same step. Every save is a version that can be read again.
    Raises NotAllowed, or StaleVersion when somebody else saved meanwhile; then nothing is written.
    """
    if not can(by, Perm.CONSOLIDATE, period.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được soạn báo cáo của Hội đồng.")
    with acting(by=by, verb="save_council_report"):
        draft = _draft_of(period)
        before = draft
        if draft is None:
            before = CouncilReport.objects.filter(period=period).order_by("-edition").first()
            draft = CouncilReport(period=period, edition=before.edition + 1 if before else 1, version=0)
        if draft.version != (version or 0):
            raise StaleVersion(
                "Người khác vừa lưu báo cáo này. Bản đã lưu hiện bên cạnh; nội dung của bạn còn trong biểu.",
                current=draft,
            )
        value = consolidate(period, as_of=clock.local_day(now))
        drafted = draft_sentences(value)
        was = own_entries(before)
        draft.narrative = {
            key: entry
            for key, text in narrative.items()
            if key in drafted
            and (entry := _entry(plain(text), was.get(key), drafted[key], value, (shown or {}).get(key)))
        }
        what = _settle(draft, settled, drafted, value) if settled else "Lưu dự thảo"
        draft.signing, draft.addressee, draft.signer_name = signing, addressee.strip(), signer_name.strip()
        draft.recipients = [line.strip() for line in recipients if line.strip()]
        draft.version += 1
        draft.save()
        keep_version(draft, by=by, now=now, what=what, drafted=drafted, value=value)
        record(by=by, now=now, verb="save_council_report", obj=draft, summary=f"Soạn {draft}: {what.lower()}")
    return draft


def _entry(text: str, was: dict | None, sentences, value, shown: list | None) -> dict | None:
    """What is kept of one heading; None when it follows the data: empty, as drafted now, or as it stood on the page."""
    if not text or text == plain(joined(sentences)):
        return None
    now = basis_of(sentences, value)
    if was is not None:
        basis = advanced(text, basis_from(was["basis"]), now)
    else:
        basis = basis_from(shown) if shown is not None else now
        if shown is not None and text == plain(shown_text(shown)):
            return None
    return {"text": text, "basis": [one.to_json() for one in basis]}


def _settle(draft: CouncilReport, settled: Settlement, drafted: Draft, value: Consolidation) -> str:
    """Take or keep one changed sentence; returns what was done, in words. A mark already settled is no error."""
    entry, sentences = draft.narrative.get(settled.heading), drafted.get(settled.heading, ())
    now = basis_of(sentences, value)
    basis = basis_from(entry["basis"]) if entry else []
    found = marks(entry["text"], basis, now) if entry else []
    place = next((place for key, place, _title in places() if key == settled.heading), "")
    if found and settled.sentence == EVERY_MARK and not settled.take:
        entry["basis"] = [one.to_json() for one in now]
        return f"Giữ nguyên {len(found)} câu ở mục {place}"
    mark = next((one for one in found if one.key == settled.sentence), None)
    if mark is None:
        return "Lưu dự thảo"
    text = take(entry["text"], basis, list(sentences), mark) if settled.take else entry["text"]
    basis = keep(advanced(text, basis, now), now, mark.key)
    if plain(text) == plain(joined(sentences)) or not plain(text):
        del draft.narrative[settled.heading]
    else:
        draft.narrative[settled.heading] = {"text": plain(text), "basis": [one.to_json() for one in basis]}
    return f"{'Lấy câu mới' if settled.take else 'Giữ nguyên câu'} ở mục {place}"


def _draft_of(period: Period) -> CouncilReport | None:
    """The draft in hand, under the period's row lock, which also orders the editions."""
    Period.objects.select_for_update(of=("self",)).get(pk=period.pk)
    return CouncilReport.objects.filter(period=period, state=CouncilReport.State.DRAFT).first()


def missing_before_issue(
    period: Period, *, number: str, issued_on: date, reason: str, today: date, replaced=None, adjustment: str = ""
) -> list[str]:
    """What still stands against issuing, in words. ``replaced`` is the issued edition that this one adjusts."""
    todo = []
    if replaced is not None:
        try:
            check_reason(adjustment)
        except Incomplete:
            todo.append(
                "Bản điều chỉnh phải nêu lý do điều chỉnh, ít nhất 10 ký tự (V23); lý do được in trong báo cáo."
            )
        if issued_on < replaced.issued_on:
            day = f"{replaced.issued_on:%d/%m/%Y}"
            todo.append(f"Ngày ban hành bản điều chỉnh không được trước ngày của báo cáo được thay thế ({day}).")
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


def replaced_edition(report: CouncilReport) -> CouncilReport | None:
    """The issued edition that this one adjusts and replaces; None for the first."""
    return CouncilReport.objects.filter(period=report.period_id, edition=report.edition - 1).first()


def adjustment_of(replaced: CouncilReport, value: Consolidation, texts: dict[str, str], reason: str = "") -> str:
    """What an edition says of the one it replaces: its number and date, the reason, what differs."""
    return adjustment_paragraph(
        number=replaced.number,
        issued_on=replaced.issued_on,
        before=Consolidation.from_json(replaced.frozen),
        after=value,
        texts_before={key: entry["text"] for key, entry in replaced.narrative.items() if key != ADJUSTS},
        texts_after=texts,
        reason=reason,
    )


def issue_as_typed(
    *, period: Period, by, now: datetime, typed: dict, given: dict
) -> tuple[CouncilReport, BusinessError | None]:
    """Save what was typed and issue it, in one transaction: what is frozen is what stood in the boxes.

    ``typed``: what ``save_council_report`` takes; ``given``: what ``issue_report`` takes. A refused issue leaves the
    text saved as a draft; answers the report and the refusal, None once issued. A second click on the same page finds
    its report issued. Raises NotAllowed, StaleVersion or WrongState (no draft); then nothing is written.
    """
    if not can(by, Perm.CONSOLIDATE, period.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được phát hành báo cáo của Hội đồng.")
    with acting(by=by, verb="issue_report"):
        if _draft_of(period) is None:
            issued = CouncilReport.objects.filter(period=period, number=given["number"].strip()).first()
            if issued is not None and _is_again(issued, by, typed):
                return issued, None
            if typed["version"] is None:
                raise WrongState("Chưa có dự thảo báo cáo để phát hành. Hãy soạn và lưu dự thảo trước.")
        draft = save_council_report(period=period, by=by, now=now, **typed)
        try:
            with transaction.atomic():
                return issue_report(period=period, by=by, now=now, **given), None
        except (Incomplete, WrongState) as error:
            return draft, error


def _is_again(issued: CouncilReport, by, typed: dict) -> bool:
    """A double click: the same person, the same page (one save and one issue ago), the same words."""
    if issued.issued_by_id != by.pk or issued.version != (typed["version"] or 0) + 2:
        return False
    kept = {key: entry["text"] for key, entry in issued.narrative.items()}
    return all(plain(text) in ("", plain(kept.get(key, ""))) for key, text in typed["narrative"].items())


def issue_report(
    *,
    period: Period,
    by,
    now: datetime,
    number: str,
    issued_on: date,
    reason: str = "",
    adjustment: str = "",
    checked: str = "",
) -> CouncilReport:
    """Issue the council's draft with the number and date that the clerk gave (NĐ 30/2020 Điều 15); it is then frozen.

    Numbers and words are frozen together. A correction afterwards is a new edition, which needs a reason of its own
    (``adjustment``) and says what it replaces. Issuing twice is no error. With reports missing a ``reason`` is asked
    for. Numbers in the secretariat's words that are not the data's must have been looked at: ``checked`` is the
    ``edits.odd_token`` of those. Raises NotAllowed, Incomplete or WrongState.
    """
    if not can(by, Perm.CONSOLIDATE, period.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được phát hành báo cáo của Hội đồng.")
    number, today, adjustment = number.strip(), clock.local_day(now), stored(adjustment).strip()
    with acting(by=by, verb="issue_report", reason=adjustment or reason.strip()):
        draft = _draft_of(period)
        if draft is None:
            issued = CouncilReport.objects.filter(period=period, number=number).first()
            if issued is not None:
                return issued  # a double click
            raise WrongState("Chưa có dự thảo báo cáo để phát hành. Hãy soạn và lưu dự thảo trước.")
        replaced = replaced_edition(draft)
        todo = missing_before_issue(
            period,
            number=number,
            issued_on=issued_on,
            reason=reason,
            today=today,
            replaced=replaced,
            adjustment=adjustment,
        )
        value = consolidate(period, as_of=today)
        drafted = draft_sentences(value)
        own = draft.narrative
        found = headings(own, drafted, value)
        if checked != odd_token(found) and (odd := [key for key, one in found.items() if one.odd]):
            where = ", ".join(place for key, place, _title in places() if key in odd)
            todo.append(
                f"Có số trong lời văn khác số liệu ở mục {where}. Hãy sửa lời văn, hoặc xem danh sách ở phần Phát hành"
                " rồi đánh dấu “Tôi đã kiểm tra”."
            )
        if todo:
            raise Incomplete(*todo)
        texts = {key: one.text for key, one in found.items()}
        draft.narrative = {
            key: {
                "text": text,
                "basis": own[key]["basis"] if key in own else [],
                "own": key in own,
            }
            for key, text in texts.items()
        }
        if replaced is not None:
            draft.adjustment_reason = adjustment
            draft.narrative[ADJUSTS] = {"text": adjustment_of(replaced, value, texts, adjustment)}
        draft.frozen = value.to_json()
        draft.state, draft.number = CouncilReport.State.ISSUED, number
        draft.issued_on, draft.issued_at, draft.issued_by = issued_on, now, by
        draft.version += 1
        draft.save()
        what = f"Phát hành số {number} ngày {issued_on:%d/%m/%Y}"
        keep_version(draft, by=by, now=now, what=what, drafted=drafted, value=value)
        record(
            by=by,
            now=now,
            verb="issue_report",
            obj=draft,
            summary=f"Phát hành {draft}, số {number} ngày {issued_on:%d/%m/%Y}",
            to_state=draft.state,
            reason=adjustment or reason.strip(),
        )
    return draft
