"""One agency's report: reading it, reviewing it, moving it on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import BusinessError, Incomplete
from agencies.history import timeline
from agencies.models import SavedView
from agencies.permissions import Perm, access, grants_of
from agencies.saved_views import filters_in
from agencies.tables.listing import Column, list_file
from agencies.talk import talks_about
from reports import workflow
from reports.beside import review_of
from reports.filters import ReportFilter
from reports.line_pages import OF_LINE, line_page
from reports.models import Period, ProgressReport
from reports.views.desk import build_desk
from reports.views.find import period_for, periods_of, report_for

_VERBS = {
    "nop": ("submit_report", "Đã nộp báo cáo."),
    "trinh": ("submit_report", "Đã trình lãnh đạo đơn vị duyệt."),
    "duyet": ("approve_report", "Đã duyệt và gửi báo cáo đến Thư ký Hội đồng."),
    "khong-duyet": ("send_back_report", "Đã trả lại cho người lập."),
    "rut-lai": ("withdraw_report", "Đã rút lại báo cáo; có thể sửa tiếp."),
    "tiep-nhan": ("accept_report", "Đã tiếp nhận báo cáo"),
    "tra-lai": ("return_report", "Đã trả lại báo cáo cho cơ quan."),
}

PLACES = 50  # to look at, named at the top; each is marked where it stands as well

_COLUMNS = [
    Column("Kỳ", lambda report: str(report.period), 16),
    Column("Cơ quan", lambda report: report.agency.name, 46),
    Column("Trạng thái", lambda report: report.get_state_display(), 24),
    Column("Nộp lúc", lambda report: report.handed_in_at, 17),
    Column("Tiếp nhận lúc", lambda report: report.accepted_at, 17),
    Column("Không phát sinh", lambda report: report.nothing_to_report, 12),
]


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def report_home(request):
    """The newest period's list, or a word that none is open yet."""
    period = Period.objects.visible_to(request.user).quarters().order_by("-starts_on").first()
    if period is None:
        context = {"period": None, "may_open": grants_of(request.user).holds(Perm.COORDINATE_PERIODS)}
        return render(request, "reports/report_list.html", context)
    filters = request.GET.urlencode()  # a saved filter is one of whatever period is the newest
    return redirect(reverse("report-list", args=[period.code]) + (f"?{filters}" if filters else ""))


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def report_list(request, code):
    """The reports of a period that this person may see; of a longer period, those of its quarters."""
    period, form = period_for(request, code), ReportFilter(request.GET, user=request.user)
    reports = (
        form.narrowed(ProgressReport.objects.visible_to(request.user))
        .filter(period__in=period.quarters())
        .select_related("agency", "period")
        .order_by("agency__protocol_order", "agency__code", "period__starts_on")
    )
    name, title = f"bao-cao-{period.code}", f"Báo cáo {period}"
    if file := list_file(request, name=name, title=title, columns=_COLUMNS, rows=reports):
        return file
    filters = filters_in(SavedView.List.REPORTS, request.GET.urlencode())
    context = {
        "period": period,
        "periods": periods_of(request, period.council),
        "reports": list(reports),
        "form": form,
        "filters": f"?{filters}" if filters else "",
    }
    return render(request, "reports/report_list.html", context)


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def report_detail(request, code, agency):
    """One report beside the last accepted ones: where to look first, lines, figures, words, what may be done."""
    report = report_for(request, code, agency)
    return render(request, "reports/report_detail.html", _page(request, report))


def _page(request, report: ProgressReport, **more) -> dict:
    today = clock.today()
    desk = build_desk(report, request.user, today)
    talks = talks_about(report, request.user)
    review = review_of(desk.sheet, desk.findings, talks, today, fold=not desk.can_edit)
    lines = line_page(review.plans, asked=request.GET.get("trang", ""), line=request.GET.get(OF_LINE, ""))
    return {
        "object": report,
        "review": review,
        "lines": lines,
        "places": [(place, lines.address_of(place.anchor)) for place in review.places[:PLACES]],
        "more_places": max(0, len(review.places) - PLACES),
        "waiting": [(one, lines.address_of(one.anchor, f"y-kien-so-{one.pk}")) for one in talks.waiting],
        "report": report,
        "period": report.period,
        "desk": desk,
        "sheet": desk.sheet,
        "receipts": list(report.receipts.only("pk", "year", "serial", "handed_in_at")),
        "timeline": timeline(report)[:50],
        "show_record": report.agency_id in grants_of(request.user).agencies(Perm.VIEW_AGENCY_RECORD)
        or report.agency.council_id in grants_of(request.user).councils(Perm.VIEW_AGENCY_RECORD),
    } | more


@access(Perm.SUBMIT_REPORT, Perm.APPROVE_REPORT, Perm.REVIEW_REPORTS)
@require_POST
def report_transition(request, code, agency, verb):
    """Carry out one verb of the report's table. What is refused is shown on the report, with the reason typed kept."""
    report = report_for(request, code, agency)
    if verb not in _VERBS:
        raise Http404
    name, done = _VERBS[verb]
    reason = request.POST.get("reason", "")
    arguments = {"reason": reason} if name in ("send_back_report", "return_report") else {}
    try:
        getattr(workflow, name)(report=report, by=request.user, now=clock.now(), **arguments)
    except BusinessError as error:
        fresh = report_for(request, code, agency)
        page = _page(request, fresh, refused=error.messages, refused_verb=verb, reason=reason)
        page["refused_missing"] = name == "submit_report" and isinstance(error, Incomplete)
        return render(request, "reports/report_detail.html", page, status=error.status)
    if name in ("submit_report", "approve_report") and (receipt := report.receipts.first()):
        done += f" {receipt} đã được lập."
    if name == "accept_report":
        messages.success(request, f"{done} của {report.agency}.")
        return _on_to_the_next(request, report)
    messages.success(request, done)
    return redirect("report-detail", code=code, agency=agency)


def _on_to_the_next(request, report: ProgressReport):
    """After accepting: the next report of the period that waits for review; the board when none does."""
    waiting = (
        ProgressReport.objects.visible_to(request.user)
        .filter(period=report.period_id, state=ProgressReport.State.SUBMITTED)
        .select_related("agency")
        .order_by("agency__protocol_order", "agency__code")
    )
    left = list(waiting)
    if not left:
        messages.info(request, "Không còn báo cáo nào chờ tiếp nhận trong kỳ này.")
        return redirect("board", code=report.period.code)
    # In the order of the board: the one after it, from the top again after the last.
    here = (report.agency.protocol_order, report.agency.code)
    after = [row for row in left if (row.agency.protocol_order, row.agency.code) > here]
    following = (after or left)[0]
    messages.info(request, f"Đây là báo cáo kế tiếp chờ tiếp nhận; còn {len(left)} báo cáo trong kỳ này.")
    return redirect("report-detail", code=report.period.code, agency=following.agency.code)
