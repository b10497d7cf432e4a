"""The council's report of a period: the numbers, the drafted words, the exports, the issue."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import BusinessError, StaleVersion
from agencies.permissions import Perm, access
from reports.consolidation import consolidate
from reports.document import document_parts, newest_report, value_of
from reports.drafting import draft_narrative
from reports.exports.excel import excel_report
from reports.exports.word import TEMPLATE_FAILED, TEMPLATE_FAILS, word_report
from reports.forms import CouncilReportForm, IssueForm
from reports.issuing import issue_report, outdated_headings, save_council_report
from reports.models import CouncilReport, Period
from reports.values import Consolidation
from reports.views.find import period_for, periods_of
from reports.word_templates import active_template

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@access(Perm.CONSOLIDATE)
def consolidation(request, code):
    """Totals by agency and plan, figures with their comparisons, and the text of each heading to edit."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    report = newest_report(period)
    value = consolidate(period, as_of=clock.today())
    form = CouncilReportForm(request.POST or None, initial=_initial(period, value, report))
    stale, status = None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                save_council_report(
                    period=period,
                    by=request.user,
                    now=clock.now(),
                    version=data["version"],
                    narrative=form.narrative(),
                    signing=data["signing"],
                    signer_name=data["signer_name"],
                    addressee=data["addressee"],
                    recipients=data["recipients"].splitlines(),
                )
            except StaleVersion as error:
                stale, status = error.current, error.status
                form.data = form.data.copy()
                form.data["version"] = str(error.current.version)
                form.add_error(None, error.messages)
            else:
                messages.success(request, f"Đã lưu dự thảo báo cáo lúc {clock.now():%H:%M}.")
                return redirect("consolidation", code=code)
    return render(
        request, "reports/consolidation.html", _page(request, period, value, report, form, stale), status=status
    )


def _initial(period: Period, value: Consolidation, report: CouncilReport | None) -> dict:
    parts = document_parts(period, value, report)
    editing = report is not None and report.state == CouncilReport.State.DRAFT
    texts = {f"h_{key}": text for key, text in parts["narrative"].items()}
    return texts | {
        "version": report.version if editing else None,
        "signing": parts["signing"],
        "signer_name": parts["signer"],
        "addressee": parts["addressee"],
        "recipients": "\n".join(parts["recipients"]),
    }


def _page(request, period, value, report, form, stale=None, **more) -> dict:
    editing = report is not None and report.state == CouncilReport.State.DRAFT
    return {
        "period": period,
        "periods": periods_of(request, period.council),
        "value": value,
        "report": report,
        "form": form,
        "stale": stale,
        "issue_form": more.pop("issue_form", None) or IssueForm(initial={"issued_on": clock.today()}),
        "editions": CouncilReport.objects.filter(period=period).select_related("issued_by"),
        "own_words": set(report.narrative) if editing else set(),
        "outdated": outdated_headings(report, draft_narrative(value)) if editing else set(),
        "can_issue": editing,
    } | more


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
    return _file(content, _WORD, f"BaoCao_{period.council.code}_{period.code}.docx")


@access(Perm.CONSOLIDATE)
def excel(request, code):
    """The annexes as an Excel file: the same numbers, as typed cells."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    content = excel_report(value_of(period, newest_report(period), as_of=clock.today()))
    return _file(content, _EXCEL, f"PhuLuc_{period.council.code}_{period.code}.xlsx")


@access(Perm.CONSOLIDATE)
@require_POST
def issue(request, code):
    """Issue the draft with the clerk's number and date; it is frozen from then on."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    form = IssueForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            issued = issue_report(period=period, by=request.user, now=clock.now(), **form.cleaned_data)
        except BusinessError as error:
            status = error.status
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Đã phát hành báo cáo số {issued.number}; số liệu của bản này không đổi nữa.")
            return redirect("consolidation", code=code)
    report = newest_report(period)
    value = consolidate(period, as_of=clock.today())
    text_form = CouncilReportForm(initial=_initial(period, value, report))
    page = _page(request, period, value, report, text_form, issue_form=form)
    return render(request, "reports/consolidation.html", page, status=status)
