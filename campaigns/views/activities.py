"""Activities: what agencies did, day by day, and the counts that reports are made of."""

import calendar
import re
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, F, Prefetch, Q, Window
from django.db.models.functions import RowNumber
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.permissions import Perm, access, can, get_for, grants_of
from agencies.tables.listing import list_file
from campaigns.activity_sums import MonthlySums, sums_for, sums_of
from campaigns.filters import ActivityFilter
from campaigns.forms import FilesForm
from campaigns.listings import ACTIVITY_COLUMNS
from campaigns.long_exports import ATTENDANCE, LONG, narrowed
from campaigns.models import Activity, ActivityFigure, DifferentEvents, Task
from campaigns.models.activity_sums import COUNTED
from campaigns.views import CHUNK, Button, page_of, recent
from campaigns.views.files import file_lists

PAGE = 30
REPEATABLE = 3
PER_DAY = 4  # of the calendar; the rest is one press away
# What is summed above the list, domain.md §2.5.
SUMS = {"sessions": "PB01", "attendance": ATTENDANCE, "contests": "PB03", "materials": "PB05", "articles": "PB07"}
ANYWAY = "van-ghi"
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@require_safe
@access(Perm.VIEW_WORK)
def activity_list(request):
    """Activities of one's agencies or council, as a list or as a month."""
    form = ActivityFilter(request.GET, user=request.user)
    activities = narrowed(Activity.objects.visible_to(request.user), form)
    kept = {name: value for name, value in request.GET.items() if value and name not in ("xem", "thang", "page")}
    figures = ActivityFigure.objects.filter(indicator__code=ATTENDANCE)
    rows = activities.select_related("agency", "same_as__agency").prefetch_related(
        Prefetch("figures", queryset=figures, to_attr="attendance"),
        Prefetch("tasks", queryset=Task.objects.select_related("plan", "section")),
    )
    if request.GET.get("xuat") and activities[LONG : LONG + 1].exists():
        return redirect(f"{reverse('activity-export')}?{request.GET.urlencode()}")
    if file := list_file(
        request, name="hoat-dong", title="Hoạt động", columns=ACTIVITY_COLUMNS, rows=rows.iterator(CHUNK)
    ):
        return file
    sums = _sums(request, activities, form)
    context = {
        "form": form,
        "totals": _totals(sums),
        "as_month": request.GET.get("xem") == "lich",
        "list_url": f"?{urlencode(kept)}",
        "month_url": f"?{urlencode(kept | {'xem': 'lich'})}",
        "buttons": _list_buttons(request.user),
    }
    if context["as_month"]:
        context |= _month(request, activities, kept)
    else:
        context["page"] = page_of(request, rows, PAGE, total=sums.recorded)
        context["months"] = _by_month(sums, context["page"])
        context["recording"] = grants_of(request.user).agencies(Perm.RECORD_PROGRESS)
    return render(request, "campaigns/activity_list.html", context)


def _sums(request, activities, form: ActivityFilter) -> MonthlySums:
    """Sums over the whole filter by month; what was withdrawn, or is counted with another agency's, never counts.

    What the filter asks of agencies alone stands ready; anything narrower is added up.
    """
    used = {name for name, value in form.cleaned_data.items() if value}
    if used <= {"co_quan"}:
        agency = form.get("co_quan")
        return sums_for(request.user, agency_id=agency.pk if agency else None, codes=SUMS.values())
    return sums_of(activities, codes=SUMS.values())


def _totals(sums: MonthlySums) -> dict:
    return {"count": sums.of(COUNTED)} | {name: sums.of(code) for name, code in SUMS.items()}


def _by_month(sums: MonthlySums, page) -> list[dict]:
    """The rows of a page under their months, each with the sums of the whole month, not of the page alone."""
    return [
        {
            "month": month,
            "rows": list(group),
            "count": sums.of(COUNTED, month),
            "people": sums.of(ATTENDANCE, month),
        }
        for month, group in groupby(page, key=lambda row: row.held_on.replace(day=1))
    ]


def _list_buttons(user) -> list[Button]:
    if not grants_of(user).holds(Perm.RECORD_PROGRESS):
        return []
    return [Button("Ghi nhận hoạt động", reverse("activity-create"), "plus", "primary")]


def _month(request, activities, kept: dict) -> dict:
    """The month asked for as weeks of days, with the first few activities of each day."""
    today, asked = clock.today(), request.GET.get("thang", "")
    first, problem = _first_day(asked, today)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    within = activities.filter(held_on__range=(first, last))
    counts = dict(within.order_by().values_list("held_on").annotate(Count("pk", distinct=True)))
    shown: dict[date, list[Activity]] = {}
    rank = Window(RowNumber(), partition_by=F("held_on"), order_by="pk")
    for activity in within.order_by().annotate(rank=rank).filter(rank__lte=PER_DAY).select_related("agency"):
        shown.setdefault(activity.held_on, []).append(activity)
    weeks = []
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        days = []
        for day in week:
            url = f"?{urlencode(kept | {'tu': f'{day:%d/%m/%Y}', 'den': f'{day:%d/%m/%Y}'})}"
            rows = sorted(shown.get(day, ()), key=lambda activity: activity.pk)
            more = counts.get(day, 0) - len(rows)
            days.append(
                {
                    "day": day,
                    "within": day.month == first.month,
                    "today": day == today,
                    "rows": rows,
                    "more": more,
                    "url": url,
                }
            )
        weeks.append(days)

    def url_of(year: int, month: int) -> str:
        if not 1900 <= year <= 2199:
            return ""
        return f"?{urlencode(kept | {'xem': 'lich', 'thang': f'{year:04d}-{month:02d}'})}"

    before = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
    after = (first.year, first.month + 1) if first.month < 12 else (first.year + 1, 1)
    return {
        "month": first,
        "weeks": weeks,
        "month_count": sum(counts.values()),
        "month_problem": problem,
        "month_asked": f"{first:%Y-%m}",
        "before_url": url_of(*before),
        "after_url": url_of(*after),
    }


def _first_day(asked: str, today: date) -> tuple[date, str]:
    """The first day of the month asked for, and what was wrong with the asking."""
    if not asked:
        return today.replace(day=1), ""
    found = _MONTH.fullmatch(asked)
    if found and 1 <= int(found[2]) <= 12 and 1900 <= int(found[1]) <= 2199:
        return date(int(found[1]), int(found[2]), 1), ""
    return today.replace(day=1), "Tháng ghi theo dạng năm-tháng, ví dụ 2024-06; đang hiện tháng này."


# --- one activity -------------------------------------------------------------------------------------------------


@require_safe
@access(Perm.VIEW_WORK)
def activity_detail(request, pk: int):
    """One activity with its counts, sites, tasks and files."""
    return activity_page(request, find_activity(request, pk))


def repeat_url(activity: Activity) -> str:
    """The address of a form that begins from an activity."""
    return f"{reverse('activity-create')}?lap-lai={activity.pk}"


def find_activity(request, pk: int, *perms: Perm) -> Activity:
    """The activity for this person. Raises Http404 or PermissionDenied."""
    activities = Activity.objects.select_related("agency__council", "recorded_by", "same_as__agency")
    return get_for(request.user, activities, *perms, pk=pk)


def activity_page(
    request, activity: Activity, *, upload: FilesForm | None = None, problems=(), reason: str = "", status: int = 200
):
    """The activity's page. ``upload`` is a refused upload; ``problems`` say why it was not withdrawn for ``reason``."""
    user = request.user
    records = can(user, Perm.RECORD_PROGRESS, activity.agency)
    changes = records and activity.withdrawn_at is None
    buttons = []
    if changes:
        buttons.append(Button("Sửa", reverse("activity-edit", args=[activity.pk]), "pencil-square"))
    if records:
        buttons.append(Button("Ghi lại như lần này", repeat_url(activity), "document-duplicate", opens_in_place=True))
    context = {
        "activity": activity,
        "figures": activity.figures.select_related("indicator"),
        "sites": activity.sites.all(),
        "counted_with": activity.counted_with.select_related("agency"),
        "different": _different(activity),
        "tasks": Task.objects.visible_to(user).filter(activities=activity).select_related("plan"),
        "upload": upload or (FilesForm(agencies=[activity.agency]) if changes else None),
        "upload_url": reverse("activity-evidence", args=[activity.pk]),
        "withdraw_url": reverse("activity-withdraw", args=[activity.pk]) if changes else "",
        "restore_url": reverse("activity-restore", args=[activity.pk]) if records and not changes else "",
        "problems": problems,
        "reason": reason,
        "timeline": recent(activity),
        "buttons": buttons,
    } | file_lists(user, activity=activity)
    return render(request, "campaigns/activity_detail.html", context, status=status)


def _different(activity: Activity) -> list[tuple[Activity, DifferentEvents]]:
    """The other agencies' records that look like this one and were said to be other events."""
    said = DifferentEvents.objects.filter(Q(first=activity) | Q(second=activity))
    rows = said.select_related("first__agency", "second__agency", "said_by")
    return [(row.second if row.first_id == activity.pk else row.first, row) for row in rows]
