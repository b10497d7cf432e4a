"""What every answer gets: a content policy, privacy in caches, errors of the business as pages people can act on."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers

from agencies.errors import BusinessError, Incomplete, NotAllowed, StaleVersion, WrongState
from portal import request_trail, unfinished

# What a person can do about each kind of refusal, from the most particular to the most general.
ADVICE = (
    (StaleVersion, "Có người vừa sửa cùng chỗ này", "Mở lại trang để xem bản mới nhất, rồi nhập lại phần của bạn."),
    (Incomplete, "Còn thiếu nội dung", "Bổ sung các mục nêu trên rồi làm lại."),
    (NotAllowed, "Bạn không có quyền làm việc này", "Nếu cần, đề nghị Thư ký Hội đồng hoặc quản trị hệ thống."),
    (WrongState, "Việc này không làm được lúc này", "Mở lại trang để xem tình trạng hiện tại, rồi chọn việc phù hợp."),
    (BusinessError, "Chưa thực hiện được", "Xem lý do nêu trên, sửa cho phù hợp rồi làm lại."),
)


# All a page uses lies in files of the portal itself: no inline script or style, nothing from another host, no frame.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
# What a browser could do for a page and this portal never asks for; passkeys it may ask for itself.
_NEVER = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "usb", "window-management",
    "xr-spatial-tracking",
)  # fmt: skip
FEATURES = ", ".join(
    [*(f"{name}=()" for name in _NEVER), "publickey-credentials-create=(self)", "publickey-credentials-get=(self)"]
)
WALLS = {
    # Django's SecurityMiddleware sets these three, but not on its own refusal of a foreign host.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": FEATURES,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Cache-Control": "private, no-store",
}


class ContentPolicy:
    """The walls in the browser around every answer, refusals and files included: injected markup can do nothing, no
    other site can frame, embed or open it, and nobody keeps it. A file may carry a stricter policy of its own.

    Only Django's own page about a crash goes without it, which a developer sees with PORTAL_DEBUG=1.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not (settings.DEBUG and response.status_code in {404, 500}):
            for name, value in WALLS.items():
                response.headers.setdefault(name, value)
        return response


class PrivatePages:
    """No cache between the portal and a person mixes up what two people see; static files are served before this."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


class DomainErrors:
    """A BusinessError that no form caught becomes a page: what happened, what was kept, what to do.

    So does opening the address of a button: after a refused deed it stands in the browser, and reloading asks for it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.method in {"GET", "HEAD"}:
            return _button_only(request, response["Allow"])
        return response

    def process_exception(self, request, exception):
        if not isinstance(exception, BusinessError):
            return None
        title, todo = next((title, todo) for kind, title, todo in ADVICE if isinstance(exception, kind))
        typed = unfinished.typed_in(request) if request.method == "POST" else None
        kept = "Không có gì thay đổi trong dữ liệu."
        if typed and typed.shown:
            kept += " Nội dung bạn đã nhập được ghi lại bên dưới để sao chép."
        return problem_page(
            request, exception.status, title, happened=exception.messages, kept=kept, todo=[todo], typed=typed
        )


def _button_only(request, allowed: str):
    """The address takes what a button sends (``allowed`` methods) and has no page of its own."""
    above = _page_above(request.path)
    response = problem_page(
        request,
        405,
        "Địa chỉ này không có trang để xem",
        happened=["Địa chỉ này chỉ nhận thao tác từ nút bấm, không mở hay tải lại trực tiếp được."],
        kept="Việc mở địa chỉ này không làm thay đổi dữ liệu.",
        todo=["Mở trang có nút bấm rồi thao tác từ đó." if above else "Về trang chính rồi chọn việc cần làm."],
        back=(above, "Về trang có nút bấm"),
    )
    response["Allow"] = allowed
    return response


def _page_above(path: str) -> str:
    """The nearest address above this one that leads somewhere; '' when that is the home page."""
    home = reverse("home")
    while (path := path.rstrip("/").rpartition("/")[0] + "/") != home:
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return ""


def problem_page(
    request,
    status: int,
    title: str,
    *,
    happened: list[str],
    kept: str,
    todo: list[str],
    typed=None,
    back: tuple[str, str] | None = None,
):
    """The one page for things gone wrong; a notice that leaves the page alone when htmx asks.

    ``back`` is an address and its words; without it, the page that the person came from.
    """
    htmx = bool(request.headers.get("HX-Request"))
    if htmx and typed:
        kept = "Không có gì thay đổi trong dữ liệu. Nội dung bạn nhập vẫn còn trên trang này."
    context = {
        "problem": title,
        "happened": happened,
        "kept": kept,
        "todo": todo,
        "typed": typed,
        "back": back or (_page_before(request), "Về trang trước"),
        "request_id": request_trail.current(),
    }
    template = "portal/_problem.html" if htmx else "portal/error.html"
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return unfinished.as_notice(response) if htmx else response


def _page_before(request) -> str:
    """The page of this site that the person came from; '' when the browser does not say."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""  # the very thing this page is about
    origin, referer = f"{request.scheme}://{host}", request.headers.get("Referer", "")
    path = referer.removeprefix(origin)
    return path if path != referer and unfinished.is_own_path(path, request) and path != request.path else ""
