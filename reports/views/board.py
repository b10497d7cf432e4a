"""The secretariat's board: who has handed in, what waits for review; opening, locking and reopening a period."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import BusinessError
from agencies.history import timeline
from agencies.models import Council
from agencies.permissions import Perm, access, get_for, grants_of
from reports import opening, workflow
from reports.calendars import following, parse_period, quarter_of
from reports.forms import OpenPeriodForm
from reports.models import Period, ProgressReport
from reports.views.find import period_for, periods_of


@access(Perm.REVIEW_REPORTS, Perm.COORDINATE_PERIODS)
def board_home(request):
    """The newest period of the secretariat's council; without any, the page that opens the first."""
    councils = grants_of(request.user).councils(Perm.REVIEW_REPORTS)
    quarters = Period.objects.quarters().filter(council__in=councils)
    period = quarters.filter(state="open").order_by("starts_on").first() or quarters.order_by("-starts_on").first()
    return redirect("board", code=period.code) if period else redirect("period-open")


@access(Perm.REVIEW_REPORTS, Perm.COORDINATE_PERIODS)
def board(request, code):
    """Every agency × its report: state, when, on time, how much is filled in; longer periods have none to chase."""
    period = period_for(request, code, Perm.REVIEW_REPORTS)
    if not period.is_quarter:
        return redirect("consolidation", code=code)
    return render(request, "reports/board.html", _board_page(request, period))


def _board_page(request, period: Period, **more) -> dict:
    today = clock.today()
    led = Q(lines__role="lead")
    reports = list(
        ProgressReport.objects.visible_to(request.user)
        .filter(period=period)
        .select_related("agency", "period", "submitted_by", "returned_by")
        .annotate(
            led=Count("lines", filter=led),
            filled=Count("lines", filter=led & Q(lines__edited_at__isnull=False)),
            troubles=Count("lines", filter=~Q(lines__difficulty="")),
        )
        .order_by("agency__protocol_order", "agency__code")
    )
    for report in reports:
        handed_in = report.handed_in_at
        report.on_time = clock.local_day(handed_in) <= period.agency_due_on if handed_in else None
        report.late = handed_in is None and today > period.agency_due_on
    new_lines, blocked = (0, []) if period.is_locked else opening.agencies_without_line(period)
    handed = [report for report in reports if report.state in ProgressReport.HANDED_IN_STATES]
    return {
        "period": period,
        "periods": [row for row in periods_of(request, period.council) if row.is_quarter],
        "reports": reports,
        "handed_in": len(handed),
        "on_time": sum(report.on_time for report in handed),
        "accepted": sum(report.state in ProgressReport.ACCEPTED_STATES for report in reports),
        "returned": sum(report.state == ProgressReport.State.RETURNED for report in reports),
        "waiting": [report for report in reports if report.state == ProgressReport.State.SUBMITTED],
        "outstanding": [report for report in reports if report.state not in ProgressReport.ACCEPTED_STATES],
        "days_left": clock.days_between(today, period.agency_due_on),
        "actions": {row.name: row for row in workflow.available_for_period(request.user, period)},
        "new_lines": new_lines,
        "blocked": blocked,
        "timeline": timeline(period)[:20],
    } | more


@access(Perm.COORDINATE_PERIODS)
def period_open(request):
    """Open the next quarter; a quarter that is open already is only shown."""
    councils = Council.objects.filter(pk__in=grants_of(request.user).councils(Perm.COORDINATE_PERIODS))
    chosen = request.POST.get("hoi-dong") or request.GET.get("hoi-dong")
    lookup = {"code": slugify(chosen)} if chosen else {"pk": councils.values_list("pk", flat=True).first()}
    council = get_for(request.user, Council.objects, Perm.COORDINATE_PERIODS, **lookup)
    spans = _spans_to_open(council)
    form = OpenPeriodForm(request.POST or None, spans=spans)
    if request.method == "POST" and form.is_valid():
        period, opened = opening.open_period(
            council=council, code=form.cleaned_data["code"], by=request.user, now=clock.now()
        )
        if opened:
            count = period.reports.count()
            messages.success(
                request, f"Đã mở {period}: {count} cơ quan có báo cáo, hạn {period.agency_due_on:%d/%m/%Y}."
            )
        else:
            messages.info(request, f"{period} đã mở từ {period.opened_at:%d/%m/%Y}; không có gì thay đổi.")
        return redirect("board", code=period.code)
    context = {"form": form, "council": council, "councils": list(councils), "spans": spans}
    return render(request, "reports/period_open.html", context, status=422 if form.errors else 200)


def _spans_to_open(council: Council):
    """The current quarter, the one before and the next two, and after the last opened one, the following."""
    now = quarter_of(clock.today())
    spans = {now, following(now), following(following(now))}
    codes = Period.objects.quarters().filter(council=council).values_list("code", flat=True)
    spans |= {following(parse_period(code)) for code in codes}
    return sorted(spans)


@access(Perm.REVIEW_REPORTS)
@require_POST
def accept_selected(request, code):
    """Accept the ticked reports. Each is accepted whole; those that cannot be are named and left as they were."""
    period = period_for(request, code, Perm.REVIEW_REPORTS)
    chosen = [int(pk) for pk in request.POST.getlist("bao-cao") if pk.isdecimal() and len(pk) < 19]
    reports = ProgressReport.objects.visible_to(request.user).filter(period=period, pk__in=chosen)
    accepted = []
    for report in reports.select_related("agency__council", "period__council"):
        try:
            workflow.accept_report(report=report, by=request.user, now=clock.now())
            accepted.append(str(report.agency))
        except BusinessError as error:
            messages.error(request, f"{report.agency}: {' '.join(error.messages)}")
    if accepted:
        messages.success(request, f"Đã tiếp nhận báo cáo của {', '.join(accepted)}.")
    elif not chosen:
        messages.warning(request, "Chưa chọn báo cáo nào để tiếp nhận.")
    return redirect("board", code=code)


@access(Perm.COORDINATE_PERIODS)
@require_POST
def period_refresh(request, code):
    """Add lines for tasks that came after the period was opened."""
    period = period_for(request, code, Perm.COORDINATE_PERIODS)
    added = opening.refresh_period(period=period, by=request.user, now=clock.now())
    messages.success(
        request, f"Đã bổ sung {added} dòng nhiệm vụ." if added else "Không có nhiệm vụ mới; không có gì thay đổi."
    )
    return redirect("board", code=code)


@access(Perm.COORDINATE_PERIODS)
@require_POST
def period_lock(request, code):
    """Lock the period; with reports outstanding a reason is asked for."""
    return _move_period(request, code, workflow.lock_period, "Đã khóa kỳ; số liệu không thay đổi được nữa.")


@access(Perm.COORDINATE_PERIODS)
@require_POST
def period_reopen(request, code):
    """Reopen the period, with a reason."""
    return _move_period(request, code, workflow.reopen_period, "Đã mở lại kỳ; việc mở lại được ghi vào nhật ký.")


def _move_period(request, code, verb, done):
    period = period_for(request, code, Perm.COORDINATE_PERIODS)
    reason = request.POST.get("reason", "")
    try:
        verb(period=period, by=request.user, now=clock.now(), reason=reason)
    except BusinessError as error:
        if period.is_quarter:
            page = _board_page(request, period, refused=error.messages, reason=reason)
            return render(request, "reports/board.html", page, status=error.status)
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, done)
    return redirect("board" if period.is_quarter else "consolidation", code=code)
