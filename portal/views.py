"""The pages of the shell: home, search, and the pages for things gone wrong. Signing in: signing_in/."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies.permissions import Perm, access, grants_of
from agencies.vietnamese import clean
from portal import request_trail, unfinished
from portal.away import away_page, is_away
from portal.middleware import problem_page
from portal.search import MAX_QUERY, search_for
from portal.shell import TEXT_SIZE_COOKIE, TEXT_SIZES, Shell
from portal.shell import text_size as chosen_text_size
from portal.signing_in.views import next_page

YEAR_IN_SECONDS = 365 * 24 * 3600

# Where each kind of person's work waits; the first that fits.
HOMES = (
    (Perm.REVIEW_REPORTS, "board-home"),
    (Perm.VIEW_SUMMARY, "summary"),
    (Perm.RECORD_PROGRESS, "my-work"),
    (Perm.APPROVE_REPORT, "my-work"),
    (Perm.VIEW_WORK, "task-list"),
    (Perm.MANAGE_ACCOUNTS, "agency-list"),
)


@require_safe
@access(signed_in="mỗi người được đưa đến nơi có việc của mình")
def home(request):
    """Send each person to where their work waits; tell those without a role whom to ask."""
    grants = grants_of(request.user)
    for perm, url_name in HOMES:
        if grants.holds(perm):
            return redirect(url_name)
    return render(request, "portal/no_role.html")


@require_POST
@access(public="cỡ chữ là lựa chọn của trình duyệt, kể cả ở trang đăng nhập")
def text_size(request):
    """+A | -A: keep the choice in a cookie and return to the same page of this site."""
    step = {"up": 1, "down": -1}.get(request.POST.get("step", ""), 0)
    chosen = min(max(TEXT_SIZES), max(min(TEXT_SIZES), chosen_text_size(request) + step))
    response = redirect(next_page(request, request.POST.get("next", "")))
    response.set_cookie(
        TEXT_SIZE_COOKIE,
        str(chosen),
        max_age=YEAR_IN_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return response


# --- search --------------------------------------------------------------------------------------------------------


@require_safe
@access(signed_in="kết quả chỉ gồm những gì người đó được xem")
def search(request):
    """Everything one may see, with or without diacritics."""
    query = clean(request.GET.get("q", "").replace("\x00", ""))[:MAX_QUERY]
    only_results = request.htmx and not request.htmx.history_restore_request
    template = "portal/_found.html" if only_results else "portal/search.html"
    return render(request, template, {"query": query, "found": search_for(request.user, query)})


# --- things gone wrong --------------------------------------------------------------------------------------------


def handler400(request, exception=None):
    """A request that could not be read; too big is said in words."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return problem_page(
            request,
            413,
            "Nội dung gửi lên quá lớn",
            happened=["Biểu này có quá nhiều chữ, quá nhiều ô hoặc quá nhiều tệp nên máy chủ không nhận."],
            kept="Chưa có gì được lưu. Bấm nút Quay lại của trình duyệt để thấy lại nội dung đã nhập.",
            todo=["Chia nội dung thành nhiều lần lưu, hoặc đưa phần dài vào tệp đính kèm."],
        )
    return problem_page(
        request,
        400,
        "Yêu cầu không hợp lệ",
        happened=["Máy chủ không đọc được yêu cầu này."],
        kept="Không có gì thay đổi.",
        todo=["Mở lại trang từ danh mục rồi thử lại."],
    )


def handler403(request, exception=None):
    """Visible, but not theirs to do. Nobody is told to ask themself."""
    roles, grants = Shell(request).roles, grants_of(request.user)
    others = [
        name
        for perm, name in ((Perm.MANAGE_PLANS, "Thư ký Hội đồng"), (Perm.MANAGE_ACCOUNTS, "quản trị hệ thống"))
        if not grants.holds(perm)
    ]
    return problem_page(
        request,
        403,
        "Bạn không có quyền làm việc này",
        happened=[f"Việc này thuộc vai trò khác; vai trò của bạn: {'; '.join(roles) or 'chưa được giao'}."],
        kept="Không có gì thay đổi.",
        todo=[f"Nếu cần, đề nghị {' hoặc '.join(others) or 'người giữ vai trò đó'}."],
    )


def handler404(request, exception=None):
    """No such page, or not theirs to see: the two look the same."""
    return problem_page(
        request,
        404,
        "Không tìm thấy trang",
        happened=["Trang không tồn tại, đã chuyển đi, hoặc không thuộc phạm vi bạn được xem."],
        kept="Không có gì thay đổi.",
        todo=["Kiểm tra lại địa chỉ, dùng ô tìm kiếm, hoặc chọn một mục trong danh mục."],
    )


def handler500(request):
    """Our fault, or the database away. Neither page needs a context, so that they always draw."""
    if is_away(sys.exc_info()[1]):
        return away_page(request)
    return render(None, "500.html", {"request_id": request_trail.current()}, status=500)


def csrf_failure(request, reason=""):
    """A form whose token is stale: mostly a page left open since before signing in again.

    When the browser itself says that the form came from this site (Origin), what was typed is offered again; the
    person still has to press. A form from elsewhere is refused.
    """
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    at_login = request.path.startswith(reverse("login"))
    if own and not at_login and not request.headers.get("HX-Request"):
        if not request.user.is_authenticated:
            return unfinished.sign_in_keeping_typed(request)
        return unfinished.offer(request, unfinished.typed_in(request), "Trang nhập đã mở từ phiên làm việc trước.")
    return problem_page(
        request,
        403,
        "Trang đã cũ",
        happened=["Trang này mở từ phiên làm việc trước, hoặc trình duyệt đang chặn cookie, nên chưa gửi được."],
        kept="Chưa có gì được lưu.",
        todo=["Tải lại trang rồi làm lại. Nếu vẫn gặp, cho phép cookie của cổng này trong trình duyệt."],
    )
