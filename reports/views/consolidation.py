"""The council's report of a period: the numbers, the drafted words and their sources, the exports, the issue."""

from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from agencies import clock, downloads
from agencies.errors import StaleVersion, WrongState
from agencies.permissions import Perm, access, can
from reports.charts import CHARTED, sessions_chart, tasks_chart
from reports.consolidation import consolidate
from reports.differences import Stretch, places, word_diff
from reports.document import document_parts, newest_report, value_of
from reports.drafting import Draft, draft_sentences
from reports.drawing import drawing
from reports.edits import Heading, Mark, headings, highlighted, odd_token, shown_on_page
from reports.exports.excel import excel_report
from reports.exports.word import TEMPLATE_FAILED, TEMPLATE_FAILS, word_report
from reports.forms import CouncilReportForm, IssueForm
from reports.issuing import Settlement, issue_as_typed, own_entries, save_council_report
from reports.models import CouncilReport, CouncilReportVersion, Period
from reports.outline import OUTLINE
from reports.sources import Source, sources
from reports.summary_grid import AGENCIES, most_troubled
from reports.values import Consolidation, Counts, IndicatorRow
from reports.views.find import period_among, period_for
from reports.views.period_choice import period_choice
from reports.word_templates import active_template
from reports.workflow import available_for_period

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SALT = "reports.council-draft"
# What may be wished for along with a save: how the file is called, and where it comes from.
_FILES = {"word": ("Word", "consolidation-word"), "excel": ("Excel", "consolidation-excel")}
_HELD, _CLERKS = "council-issue", ("number", "issued_on", "adjustment", "reason")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@dataclass(frozen=True)
class InHand:
    """What the page of a period shows: its editions, the report in hand, its numbers, draft and texts, read once."""

    period: Period
    periods: list[Period]  # of its council
    editions: list[CouncilReport]
    value: Consolidation
    draft: Draft
    texts: dict[str, Heading]

    @property
    def report(self) -> CouncilReport | None:
        return self.editions[-1] if self.editions else None

    @property
    def editing(self) -> bool:
        return self.report is not None and self.report.state == CouncilReport.State.DRAFT

    @property
    def replaced(self) -> CouncilReport | None:
        """The issued edition that the draft in hand, or the one to come, replaces."""
        issued = [one for one in self.editions if one.state == CouncilReport.State.ISSUED]
        return issued[-1] if issued else None


def _in_hand(period: Period, periods: list[Period]) -> InHand:
    newest = CouncilReportVersion.objects.filter(report=OuterRef("pk")).order_by("-version")
    saved = {
        "saved_at": Subquery(newest.values("saved_at")[:1]),
        "saver": Subquery(newest.values("saved_by__full_name")[:1]),
    }
    of_period = CouncilReport.objects.filter(period=period).defer("frozen").annotate(**saved)
    editions = list(of_period.order_by("edition"))
    value = consolidate(period, as_of=clock.today())
    draft = draft_sentences(value)
    texts = headings(own_entries(editions[-1] if editions else None), draft, value)
    return InHand(period, periods, editions, value, draft, texts)


@access(Perm.CONSOLIDATE)
def consolidation(request, code):
    """Totals by agency and plan, figures with their comparisons, and the text of each heading to edit."""
    period, periods = period_among(request, code, Perm.CONSOLIDATE, tasks=True)
    if request.method == "POST":
        return _save(request, period, periods)
    hand = _in_hand(period, periods)
    return render(
        request, "reports/consolidation.html", _page(request, hand, CouncilReportForm(initial=_initial(hand)))
    )


def _save(request, period: Period, periods: list[Period]) -> HttpResponse:
    form, stale, status = CouncilReportForm(request.POST), None, 422
    settled = _settlement(request.POST)
    _hold_issue_fields(request, period)
    if form.is_valid():
        try:
            typed = _typed(form, period) | {"settled": settled}
            save_council_report(period=period, by=request.user, now=clock.now(), **typed)
        except StaleVersion as error:
            stale, status = error.current, error.status
            _after_another(form, error)
        else:
            return _saved(request, period, settled)
    page = _page(request, _in_hand(period, periods), form, stale)
    return render(request, "reports/consolidation.html", page, status=status)


def _saved(request, period: Period, settled: Settlement | None) -> HttpResponse:
    """Back to the page after a save. A file wished for along with it starts there: the message holds its link."""
    page = reverse("consolidation", kwargs={"code": period.code})
    told = f"Đã lưu dự thảo báo cáo lúc {clock.now():%H:%M}."
    wish = request.POST.get("xuat", "")
    if wish not in _FILES:
        messages.success(request, told)
        return redirect(page + (f"#muc-{settled.heading}" if settled else ""))
    name, route = _FILES[wish]
    link = '{} Tệp {} đang tải về; nếu không thấy, bấm <a href="{}" data-download>Tải tệp {}</a>.'
    messages.success(request, format_html(link, told, name, reverse(route, kwargs={"code": period.code}), name))
    return redirect(f"{page}?tai={wish}")


def _typed(form: CouncilReportForm, period: Period) -> dict:
    """What stood in the boxes, as ``save_council_report`` takes it."""
    data = form.cleaned_data
    return {
        "version": data["version"],
        "narrative": form.narrative(),
        "signing": data["signing"],
        "signer_name": data["signer_name"],
        "addressee": data["addressee"],
        "recipients": data["recipients"].splitlines(),
        "shown": _shown(data["drafted"], period),
    }


def _after_another(form: CouncilReportForm, error: StaleVersion) -> None:
    """The form as typed, to be saved over what somebody else saved once both have been read."""
    form.data = form.data.copy()
    form.data["version"] = str(error.current.version)
    form.add_error(None, error.messages)


def _hold_issue_fields(request, period: Period) -> None:
    """Number, date and reasons typed beside a draft are no part of it; they wait in the session for the issue."""
    typed = {name: request.POST[name][:1000] for name in _CLERKS if request.POST.get(name)}
    held = {key: one for key, one in request.session.get(_HELD, {}).items() if key != str(period.pk)}
    request.session[_HELD] = held | ({str(period.pk): typed} if typed else {})


def _issue_form(request, period: Period) -> IssueForm:
    held = request.session.get(_HELD, {}).get(str(period.pk), {})
    return IssueForm(initial={"issued_on": clock.today()} | held)


def _settlement(data) -> Settlement | None:
    """Which mark was decided on: the button pressed carries heading and sentence."""
    for name, take in (("lay", True), ("giu", False)):
        heading, bar, sentence = data.get(name, "").partition("|")
        if bar:
            return Settlement(heading, sentence, take)
    return None


def _shown(carried: str, period: Period) -> dict | None:
    """The drafted sentences that stood on the page; None when the page carried none that this portal signed."""
    try:
        told = signing.loads(carried, salt=_SALT)
    except signing.BadSignature:
        return None
    return told["drafted"] if told["period"] == period.pk else None


def _initial(hand: InHand) -> dict:
    parts = document_parts(hand.period, hand.value, None, hand.draft) if hand.report is None else vars(hand.report)
    drafted = {key: shown_on_page(hand.draft[key], hand.value) for key, one in hand.texts.items() if not one.own}
    return {f"h_{key}": one.text for key, one in hand.texts.items()} | {
        "version": hand.report.version if hand.editing else None,
        "drafted": signing.dumps({"period": hand.period.pk, "drafted": drafted}, salt=_SALT, compress=True),
        "signing": parts["signing"],
        "signer_name": hand.report.signer_name if hand.report else "",
        "addressee": parts["addressee"],
        "recipients": "\n".join(parts["recipients"]),
    }


@dataclass(frozen=True)
class MarkShown:
    """A mark as the page shows it: its number, the two sentences as one difference, the figures with their rows."""

    number: int
    mark: Mark
    stretches: list[Stretch]
    figures: list[tuple[IndicatorRow, str | None, str | None]]


@dataclass(frozen=True)
class HeadingShown:
    """One heading on the page: its text to edit on the left, its sources on the right."""

    heading: object
    place: str = ""
    bound: object = None
    text: Heading | None = None
    marks: tuple[MarkShown, ...] = ()
    stretches: tuple[tuple[str, int], ...] = ()
    sources: tuple[Source, ...] = ()


def _rows(text: str) -> int:
    """How high the box of a text is: about its lines, within reason."""
    return min(18, max(3, sum(1 + len(line) // 62 for line in text.split("\n")) + 1))


def _headings(hand: InHand, form: CouncilReportForm) -> list[HeadingShown]:
    rows = {row.code: row for row in hand.value.indicators}
    full = {key: place for key, place, _title in places()}
    shown = []
    for heading in OUTLINE:
        if not heading.has_text:
            shown.append(HeadingShown(heading))
            continue
        text, bound = hand.texts[heading.key], form[f"h_{heading.key}"]
        bound.field.widget.attrs["rows"] = _rows(text.text)
        found = [
            MarkShown(
                number,
                mark,
                word_diff(mark.before, mark.after),
                [(rows[one.code], one.before, one.after) for one in mark.figures if one.code in rows],
            )
            for number, mark in enumerate(text.marks, 1)
        ]
        shown.append(
            HeadingShown(
                heading,
                full[heading.key],
                bound,
                text,
                tuple(found),
                tuple(highlighted(text.text, list(text.marks))) if found else (),
                tuple(sources(hand.draft[heading.key], hand.value)),
            )
        )
    return shown


def longer_actions(user, period: Period) -> dict:
    """The buttons of a longer period, which has no board of its own: lock it, reopen it."""
    return {row.name: row for row in available_for_period(user, period)}


def _remind_url(request, period: Period) -> str:
    """Where missing agencies are reminded: the board of the quarter, or of the first quarter that still waits."""
    if not can(request.user, Perm.REVIEW_REPORTS, period.council) or period.is_locked:
        return ""
    if period.is_quarter:
        return reverse("board", kwargs={"code": period.code})
    waiting = period.outstanding().first()
    return reverse("board", kwargs={"code": waiting.period.code}) if waiting else ""


def _page(request, hand: InHand, form: CouncilReportForm, stale=None, issue_form: IssueForm | None = None) -> dict:
    outdated = [key for key, one in hand.texts.items() if one.marks]
    issue_form = issue_form or _issue_form(request, hand.period)
    agencies = hand.value.agencies
    progress, charted = most_troubled(agencies, AGENCIES), len(agencies) <= CHARTED
    shown = {row.code for row in progress}
    others = [row for row in agencies if row.code not in shown]
    issue_form.mark_required(adjusts=hand.replaced is not None, missing=bool(hand.value.missing))
    return {
        "period": hand.period,
        "choice": period_choice(hand.period, hand.periods, "consolidation"),
        "updated_at": clock.now(),
        "remind_url": _remind_url(request, hand.period),
        "chart_tasks": drawing(tasks_chart(hand.value), "theo-co-quan") if charted else None,
        "chart_sessions": drawing(sessions_chart(hand.value), "cuoc-theo-co-quan") if charted else None,
        "progress": progress,
        "others": len(others),
        "others_counts": sum((row.counts for row in others), Counts()),
        "value": hand.value,
        "report": hand.report,
        "editions": hand.editions,
        "replaced": hand.replaced,
        "form": form,
        "headings": _headings(hand, form),
        "stale": stale,
        "issue_form": issue_form,
        "outdated": outdated,
        "odd": hand.editing and any(one.odd for one in hand.texts.values()),
        "odd_token": odd_token(hand.texts),
        "can_issue": hand.editing,
        "actions": {} if hand.period.is_quarter else longer_actions(request.user, hand.period),
    }


@access(Perm.CONSOLIDATE)
def word(request, code):
    """The report as a Word file laid out by NĐ 30/2020; a draft leaves number and date blank."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    report = newest_report(period)
    value = value_of(period, report, as_of=clock.today())
    try:
        content = word_report(value, template=active_template(period.council), **document_parts(period, value, report))
    except TEMPLATE_FAILS:
        messages.error(request, TEMPLATE_FAILED)
        return redirect("template-list")
    downloads.of(request, report or period, "Báo cáo của Hội đồng")
    return _file(content, _WORD, f"BaoCao_{period.council.code}_{period.code}.docx")


@access(Perm.CONSOLIDATE)
def excel(request, code):
    """The annexes as an Excel file: the same numbers, as typed cells."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    report = newest_report(period)
    content = excel_report(value_of(period, report, as_of=clock.today()))
    downloads.of(request, report or period, "Phụ lục báo cáo của Hội đồng")
    return _file(content, _EXCEL, f"PhuLuc_{period.council.code}_{period.code}.xlsx")


@access(Perm.CONSOLIDATE)
@require_POST
def issue(request, code):
    """Save what was typed and issue it with the clerk's number and date; it is frozen from then on."""
    period, periods = period_among(request, code, Perm.CONSOLIDATE, tasks=True)
    form, issue_form = CouncilReportForm(request.POST), IssueForm(request.POST)
    stale, status, kept = None, 422, False
    given, now = issue_form.is_valid() and issue_form.cleaned_data, clock.now()
    _hold_issue_fields(request, period)
    if form.is_valid():
        what = {"period": period, "by": request.user, "now": now}
        try:
            if given:
                report, refused = issue_as_typed(**what, typed=_typed(form, period), given=given)
                if refused is None:
                    return _issued(request, report)
                status = refused.status
                issue_form.add_error(None, refused.messages)
            else:
                save_council_report(**what, **_typed(form, period))
            kept = True
        except StaleVersion as error:
            stale, status = error.current, error.status
            _after_another(form, error)
        except WrongState as error:
            status = error.status
            issue_form.add_error(None, error.messages)
    hand = _in_hand(period, periods)
    page = _page(request, hand, CouncilReportForm(initial=_initial(hand)) if kept else form, stale, issue_form)
    page |= {"refused": True, "kept_at": now if kept else None}
    return render(request, "reports/consolidation.html", page, status=status)


def _issued(request, report: CouncilReport) -> HttpResponse:
    request.session.pop(_HELD, None)
    messages.success(request, f"Đã phát hành báo cáo số {report.number}; số liệu của bản này không đổi nữa.")
    return redirect("consolidation", code=report.period.code)
