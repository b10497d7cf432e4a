"""Long works of the person who is signed in: the list, how far one is, cancel, go on, and its file."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from agencies import clock, downloads
from agencies.errors import BusinessError
from agencies.files.storing import opened
from agencies.history import Placed, place_of
from agencies.long_work import orders
from agencies.long_work.kinds import KINDS, kind_of, may
from agencies.models import LongWork
from agencies.permissions import access, grants_of
from agencies.tables.listing import XLSX

PAGE = 30
_CHUNK = 1 << 18
_OWN = "mỗi người chỉ thấy công việc dài do chính mình đặt"
_TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}


@require_safe
@access(signed_in=_OWN)
def work_list(request):
    """One's long works, newest first, and what may be ordered."""
    page = Paginator(LongWork.objects.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    grants = grants_of(request.user)
    orderable = [kind for kind in KINDS.values() if kind.order_at and any(map(grants.holds, kind.perms))]
    return render(request, "agencies/long_works.html", {"page": page, "orderable": orderable})


def _mine(request, pk: int) -> LongWork:
    work = LongWork.objects.visible_to(request.user).select_related("council").filter(pk=pk).first()
    if work is None:
        raise Http404
    return work


@require_safe
@access(signed_in=_OWN)
def work_detail(request, pk):
    """How far a work is; with htmx the part that changes asks again every few seconds while it is under way."""
    work, now = _mine(request, pk), clock.now()
    context = {
        "work": work,
        "kind": kind_of(work),
        "deeds": orders.available(work, request.user, now),
        "silent": orders.is_silent(work, now),
        "kept_until": work.ended_at + orders.KEPT if work.ended_at else None,
    }
    template = "agencies/_long_work.html" if request.htmx else "agencies/long_work.html"
    return render(request, template, context)


@require_POST
@access(signed_in=_OWN)
def work_cancel(request, pk):
    """Stop a work; what is done stays."""
    return _carry_out(request, pk, orders.cancel, "Đã hủy. Phần đã làm vẫn được giữ; có thể làm tiếp.")


@require_POST
@access(signed_in=_OWN)
def work_resume(request, pk):
    """Go on with a work from where it stopped."""
    return _carry_out(request, pk, orders.resume, "Việc đã vào hàng đợi, làm tiếp từ chỗ đã dừng.")


def _carry_out(request, pk: int, verb, said: str):
    try:
        verb(work=_mine(request, pk), by=request.user, now=clock.now())
    except BusinessError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, said)
    return redirect("work-detail", pk=pk)


@require_safe
@access(signed_in=_OWN)
def work_file(request, pk):
    """The result of a work, for who ordered it and still may; 404 when there is none (any more)."""
    work = _mine(request, pk)
    if not may(request.user, kind_of(work), work.council):
        raise PermissionDenied
    if not work.has_file:
        raise Http404
    downloads.of(request, Placed(work, work.council or place_of(request.user)), work.title)
    media_type = _TYPES.get(work.file_name.rpartition(".")[2], "application/octet-stream")
    response = StreamingHttpResponse(_pieces(work), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{work.file_name}"'
    response["Content-Length"] = work.size
    return response


def _pieces(work: LongWork) -> Iterator[bytes]:
    for path, _size in work.parts:
        with opened(path) as file:
            while chunk := file.read(_CHUNK):
                yield chunk
