"""Đôn đốc by hand: the page that shows what would be sent to whom, and sending it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.errors import BusinessError, WrongState
from agencies.permissions import Perm, access
from reports import reminders
from reports.models import Period
from reports.views.board import to_board, where
from reports.views.find import period_for


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.COORDINATE_PERIODS)
def remind(request, code):
    """What would be sent to which agency (``?co-quan=`` names them, else all that owe); the button sends it.

    Agencies ticked on the board come here by POST with ``xem`` and are shown, nothing is sent.
    """
    period = period_for(request, code, Perm.COORDINATE_PERIODS)
    if request.method != "POST":
        return _page(request, period, request.GET.getlist("co-quan"))
    if "xem" in request.POST:
        return _show_ticked(request, period)
    codes = request.POST.getlist("co-quan")
    agencies = dict(period.reports.values_list("agency__code", "agency"))
    known = request.POST.getlist("lan-nua")
    try:
        sent = reminders.remind(
            period=period,
            agencies=[agencies[name] for name in codes if name in agencies],
            by=request.user,
            now=clock.now(),
            text=request.POST.get("noi-dung", ""),
            token=_key(request),
            again=[agencies[name] for name in known if name in agencies],
        )
    except BusinessError as error:
        twice = getattr(error, "agencies", ())
        typed = {
            "status": error.status,
            "text": request.POST.get("noi-dung", ""),
            # A form that was sent already gets a key of its own for what is sent now.
            "token": None if isinstance(error, WrongState) else _key(request),
            "ticked": {name for name in codes if agencies.get(name) not in twice},
        }
        return _page(request, period, request.POST.getlist("hien"), refused=error.messages, **typed)
    nobody = [str(row.agency) for row in sent if not row.told]
    names = ", ".join(str(row.agency) for row in sent)
    messages.success(request, f"Đã đôn đốc {len(sent)} cơ quan: {names}. Việc này được ghi vào nhật ký.")
    if nobody:
        messages.warning(
            request,
            f"Chưa có người nhận ở: {', '.join(nobody)}. Hãy giao vai trò cán bộ đầu mối tại trang Cơ quan.",
        )
    return to_board(request, code)


def _key(request) -> str:
    """The form's key as the page gave it; '' for anything else."""
    try:
        return str(UUID(request.POST.get("khoa", "")))
    except ValueError:
        return ""


def _show_ticked(request, period: Period):
    """From the ticked rows of the board to the address of the page that shows their reminders."""
    ticked = [int(pk) for pk in request.POST.getlist("bao-cao") if pk.isdecimal() and len(pk) < 19]
    owing = period.reports.filter(pk__in=ticked, state__in=reminders.OWING_STATES)
    codes = list(owing.order_by("agency__protocol_order", "agency__code").values_list("agency__code", flat=True))
    if not codes:
        said = "Các cơ quan đã chọn đều đã nộp báo cáo." if ticked else "Chưa chọn cơ quan nào để đôn đốc."
        messages.warning(request, said)
        return to_board(request, period.code)
    query = [("co-quan", name) for name in codes]
    if council := request.GET.get("hoi-dong"):
        query.append(("hoi-dong", council))
    return redirect(f"{reverse('board-remind', kwargs={'code': period.code})}?{urlencode(query)}")


def _page(request, period: Period, codes: list[str], *, text=None, token=None, ticked=None, refused=(), status=200):
    """The page over these agencies (all that owe when none is named)."""
    today = clock.today()
    owing = reminders.owing(period)
    shown = [row for row in owing if row.report.agency.code in codes] if codes else owing
    for row in shown:
        row.today = row.reminded_on(today)
        # Whoever was reminded today is ticked only by hand: a second reminder has to be meant.
        row.ticked = not row.today if ticked is None else row.report.agency.code in ticked
    context = {
        "period": period,
        "rows": shown,
        "text": reminders.suggested_text(period, today) if text is None else text,
        "token": token or str(uuid4()),
        "refused": refused,
        "limit": reminders.MAX_TEXT,
        "where": where(request),
        "ticked": sum(row.ticked for row in shown),
        "others": len(owing) - len(shown),
    }
    return render(request, "reports/board_remind.html", context, status=status)
