"""The secretariat's board: who has handed in, what waits for review; opening, locking and reopening a period."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import BusinessError
from agencies.history import timeline
from agencies.models import Council
from agencies.permissions import Perm, access, get_for, grants_of
from reports import opening, workflow
from reports.board import FILTERS, load_board
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
    now = clock.now()
    board = load_board(period, ProgressReport.objects.visible_to(request.user), clock.local_day(now))
    chosen = request.GET.get("loc", "")
    just = request.GET.get("vua", "").split("-")
    new_lines, blocked = (0, []) if period.is_locked else opening.agencies_without_line(period)
    return {
        "period": period,
        "periods": [row for row in periods_of(request, period.council) if row.is_quarter],
        "board": board,
        "rows": board.only(chosen),
        "chosen": chosen if chosen in FILTERS else "",
        "chips": [(name, words, board.count(name)) for name, (words, _keeps) in FILTERS.items()],
        "undo": [
            row.report
            for row in board.rows
            if str(row.report.pk) in just and workflow.may_undo_accept(row.report, request.user, now)
        ],
        "days_left": clock.days_between(clock.local_day(now), period.agency_due_on),
        "actions": {row.name: row for row in workflow.available_for_period(request.user, period)},
        "new_lines": new_lines,
        "blocked": blocked,
        "timeline": timeline(period)[:20],
        "where": where(request),
    } | more


def where(request) -> str:
    """'?hoi-dong=…' when the address names the council: it goes along to every button's address."""
    council = request.GET.get("hoi-dong", "")
    return f"?{urlencode({'hoi-dong': council})}" if council else ""


def to_board(request, code: str, **query: str):
    """Back to the board of that period, with the council and the filter that the address named."""
    kept = {name: request.GET[name] for name in ("hoi-dong",) if request.GET.get(name)}
    if loc := request.POST.get("loc"):
        kept["loc"] = loc
    query = urlencode(kept | query)
    return redirect(f"{reverse('board', kwargs={'code': code})}{'?' if query else ''}{query}")


@access(Perm.COORDINATE_PERIODS)
def period_open(request):
    """Open the next quarter; a quarter that is open already is only shown."""
    councils = Council.objects.filter(pk__in=grants_of(request.user).councils(Perm.COORDINATE_PERIODS))
    chosen = request.POST.get("hoi-dong") or request.GET.get("hoi-dong")
    lookup = {"code": slugify(chosen)} if chosen else {"pk": councils.values_list("pk", flat=True).first()}
    council = get_for(request.user, Council.objects, Perm.COORDINATE_PERIODS, **lookup)
    # Pressing the button again, when the quarter is open by then, is no error.
    spans = _spans_to_open(council, again=request.method == "POST")
    form = OpenPeriodForm(request.POST or None, spans=spans, initial={"code": _to_open_now(spans)})
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


def _spans_to_open(council: Council, *, again: bool):
    """The current quarter, the next two, and what follows one that was opened; ``again``: the open ones as well."""
    now = quarter_of(clock.today())
    codes = Period.objects.quarters().filter(council=council).values_list("code", flat=True)
    opened = {parse_period(code) for code in codes}
    spans = {now, following(now), following(following(now)), *map(following, opened)}
    return sorted(spans | opened if again else spans - opened)


def _to_open_now(spans) -> str:
    """The code of the quarter one most likely means: the current one, or the first after it that is not open."""
    now = quarter_of(clock.today())
    return next((span.code for span in spans if span >= now), spans[0].code)


@access(Perm.REVIEW_REPORTS)
@require_POST
def accept_selected(request, code):
    """Accept the ticked reports, the one whose own button was pressed (``mot``), or the clean ones (``sach``).

    Each is accepted whole; those that cannot be are named and left as they were.
    """
    period = period_for(request, code, Perm.REVIEW_REPORTS)
    chosen = _chosen(request)
    board = load_board(period, ProgressReport.objects.visible_to(request.user), clock.today())
    accepted = []
    for row in board.rows:
        if row.report.pk not in chosen:
            continue
        if "sach" in request.POST and not row.is_clean:
            messages.error(request, f"{row.report.agency}: chưa tiếp nhận, {row.why_look or 'báo cáo đã đổi'}.")
            continue
        try:
            workflow.accept_report(report=row.report, by=request.user, now=clock.now())
            accepted.append(row.report)
        except BusinessError as error:
            messages.error(request, f"{row.report.agency}: {' '.join(error.messages)}")
    if accepted:
        # The board says so itself, beside the button that takes it back.
        return to_board(request, code, vua="-".join(str(report.pk) for report in accepted))
    if not chosen:
        messages.warning(request, "Chưa chọn báo cáo nào để tiếp nhận.")
    return to_board(request, code)


def _chosen(request) -> set[int]:
    """Ids of the reports of which a form speaks."""
    given = [request.POST["mot"]] if request.POST.get("mot") else request.POST.getlist("bao-cao")
    return {int(pk) for pk in given if pk.isdecimal() and len(pk) < 19}


@access(Perm.REVIEW_REPORTS)
@require_POST
def accept_undo(request, code):
    """Take back acceptances of a moment ago, each by whoever accepted it."""
    period = period_for(request, code, Perm.REVIEW_REPORTS)
    reports = ProgressReport.objects.visible_to(request.user).filter(period=period, pk__in=_chosen(request))
    undone = []
    for report in reports.select_related("agency__council", "period__council"):
        try:
            workflow.undo_accept(report=report, by=request.user, now=clock.now())
            undone.append(str(report.agency))
        except BusinessError as error:
            messages.error(request, f"{report.agency}: {' '.join(error.messages)}")
    if undone:
        messages.success(request, f"Đã hoàn tác tiếp nhận: {', '.join(undone)}. Báo cáo đang chờ rà soát.")
    return to_board(request, code)


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
