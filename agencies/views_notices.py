"""What the portal tells the person who is signed in: the list, and marking as seen. Everybody sees only their own."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from agencies.models import Notice
from agencies.notices import mark_read, of_day
from agencies.permissions import access

PAGE = 50
_OWN = "mỗi người chỉ thấy thông báo gửi cho chính mình"


@require_safe
@access(signed_in=_OWN)
def notice_list(request):
    """One's notices, newest first, by day; ``?loc=chua-xem`` leaves out those that were seen."""
    notices = Notice.objects.visible_to(request.user)
    waiting = notices.waiting().count()
    only_waiting = request.GET.get("loc") == "chua-xem"
    shown = (notices.waiting() if only_waiting else notices).select_related("sender", "agency", "council")
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    # "Mark all" means all that could be seen: one told after the page was made stays unread.
    newest = max((notice.pk for notice in page), default=0) if page.number == 1 else 0
    context = {"page": page, "days": of_day(page), "waiting": waiting, "only_waiting": only_waiting, "newest": newest}
    return render(request, "agencies/notices.html", context | {"today": clock.today()})


@require_POST
@access(signed_in=_OWN)
def notice_open(request, pk):
    """Mark one notice as seen and go to where it leads; one that leads nowhere stays on the list."""
    notice = Notice.objects.visible_to(request.user).filter(pk=pk).first()
    if notice is None:
        raise Http404
    mark_read(user=request.user, now=clock.now(), notices=[notice.pk])
    inside = notice.path.startswith("/") and url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None)
    return redirect(notice.path if inside else reverse("notice-list"))


@require_POST
@access(signed_in=_OWN)
def notice_read_all(request):
    """Mark everything as seen: those that the page showed and any older ones, not one that came since."""
    until = request.POST.get("den", "")
    waiting = Notice.objects.visible_to(request.user).waiting()
    if until.isdecimal() and len(until) < 19:
        waiting = waiting.filter(pk__lte=int(until))
    count = mark_read(user=request.user, now=clock.now(), notices=waiting.values_list("pk", flat=True))
    messages.success(request, f"Đã đánh dấu {count} thông báo là đã xem." if count else "Không còn thông báo chưa xem.")
    return redirect("notice-list")
