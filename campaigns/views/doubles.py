"""Two records of one event side by side (rule V26), and saying that they are two events."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError, NotAllowed
from agencies.permissions import Perm, access, can
from campaigns.doubles import say_different
from campaigns.models import Activity, DifferentEvents
from campaigns.views.activities import find_activity


@require_safe
@access(Perm.VIEW_WORK)
def activity_compare(request, pk: int, other: int):
    """One's own activity beside the record of another agency that it is counted with, or was."""
    activity = find_activity(request, pk)
    return _page(request, activity, *_counterpart(activity, other))


def _counterpart(activity: Activity, pk: int) -> tuple[Activity, DifferentEvents | None]:
    """The other record and what was said of the two. Raises Http404 for one that has nothing to do with this: the
    other agency's activities are not open to everybody."""
    rows = Activity.objects.select_related("agency", "recorded_by").prefetch_related("figures__indicator", "tasks")
    other = rows.filter(pk=pk).first()
    first, second = sorted((activity.pk, pk))
    said = DifferentEvents.objects.filter(first=first, second=second).select_related("said_by").first()
    if other is None or not (said or other.same_as_id == activity.pk or activity.same_as_id == other.pk):
        raise Http404
    return other, said


def _page(request, activity: Activity, other: Activity, said, *, problems=(), reason: str = "", status: int = 200):
    here = Activity.objects.select_related("agency", "recorded_by").prefetch_related("figures__indicator", "tasks")
    may_say = said is None and can(request.user, Perm.RECORD_PROGRESS, activity.agency)
    context = {
        "activity": activity,
        "sides": [("Hoạt động này", here.get(pk=activity.pk)), ("Hoạt động của cơ quan kia", other)],
        "other": other,
        "counted": None if said else (other if activity.same_as_id == other.pk else activity),
        "said": said,
        "may_say": may_say,
        "problems": problems,
        "reason": reason,
    }
    return render(request, "campaigns/activity_compare.html", context, status=status)


@require_POST
@access(Perm.RECORD_PROGRESS)
def activity_different(request, pk: int, other: int):
    """Say, with a reason, that the two are different events: both count, and are not taken for one again."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    counterpart, said = _counterpart(activity, other)
    reason = request.POST.get("reason", "")
    try:
        say_different(activity=activity, other=counterpart, by=request.user, now=clock.now(), reason=reason)
    except NotAllowed:
        raise
    except BusinessError as error:
        page = {"problems": error.messages, "reason": reason, "status": error.status}
        return _page(request, activity, counterpart, said, **page)
    messages.success(request, "Đã ghi nhận hai sự kiện khác nhau; mỗi hoạt động được tính riêng.")
    return redirect("activity-detail", pk=activity.pk)
