"""Activities: what agencies did, day by day, and the counts that reports are made of."""

import calendar
import re
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, F, Prefetch, Q, Sum, Window
from django.db.models.functions import RowNumber
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError, NotAllowed, StaleVersion, WrongState
from agencies.permissions import Perm, access, can, get_for, grants_of
from agencies.tables.listing import list_file
from agencies.vietnamese import fold
from campaigns import activities as verbs
from campaigns.activities import amend_activity, record_activity, withdraw_activity
from campaigns.activity_form import MORE_SITES, ActivityForm, repeated
from campaigns.doubles import own_twin
from campaigns.filters import ActivityFilter
from campaigns.forms import FilesForm
from campaigns.listings import ACTIVITY_COLUMNS
from campaigns.models import Activity, ActivityFigure, DifferentEvents, Evidence, Task
from campaigns.views import CHUNK, REFUSED, Button, id_in, page_of, recent, tell

PAGE = 30
REPEATABLE = 3
PER_DAY = 4  # of the calendar; the rest is one press away
SESSIONS, ATTENDANCE = "PB01", "PB02"  # domain.md §2.5
ANYWAY = "van-ghi"
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@require_safe
@access(Perm.VIEW_WORK)
def activity_list(request):
    """Activities of one's agencies or council, as a list or as a month."""
    form = ActivityFilter(request.GET, user=request.user)
    activities = _narrowed(Activity.objects.visible_to(request.user), form)
    kept = {name: value for name, value in request.GET.items() if value and name not in ("xem", "thang", "page")}
    figures = ActivityFigure.objects.filter(indicator__code=ATTENDANCE)
    rows = activities.select_related("agency", "same_as__agency").prefetch_related(
        Prefetch("figures", queryset=figures, to_attr="attendance"),
        Prefetch("tasks", queryset=Task.objects.select_related("plan", "section")),
    )
    if file := list_file(
        request, name="hoat-dong", title="Hoạt động", columns=ACTIVITY_COLUMNS, rows=rows.iterator(CHUNK)
    ):
        return file
    context = {
        "form": form,
        "totals": _totals(activities),
        "as_month": request.GET.get("xem") == "lich",
        "list_url": f"?{urlencode(kept)}",
        "month_url": f"?{urlencode(kept | {'xem': 'lich'})}",
        "buttons": _list_buttons(request.user),
    }
    if context["as_month"]:
        context |= _month(request, activities, kept)
    else:
        context["page"] = page_of(request, rows, PAGE)
    return render(request, "campaigns/activity_list.html", context)


def _narrowed(activities, form: ActivityFilter):
    if not form.get("da_rut"):
        activities = activities.standing()
    for word in fold(form.get("q") or "").split():
        activities = activities.filter(folded__contains=word)
    wanted = {
        "agency": form.get("co_quan"),
        "form": form.get("hinh_thuc"),
        "tasks": form.get("nhiem_vu"),
        "held_on__gte": form.get("tu"),
        "held_on__lte": form.get("den"),
    }
    if group := form.get("doi_tuong"):
        wanted["target_groups__contains"] = [group]
    return activities.filter(**{name: value for name, value in wanted.items() if value})


def _totals(activities) -> dict:
    """Sums over the whole filter; what was withdrawn, or is counted with another agency's, never counts."""
    figures = ActivityFigure.objects.filter(
        activity__in=activities.counted().order_by(), indicator__code__in=(SESSIONS, ATTENDANCE)
    )
    sums = dict(figures.order_by().values_list("indicator__code").annotate(Sum("value")))
    return {"sessions": sums.get(SESSIONS, 0), "attendance": sums.get(ATTENDANCE, 0)}


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


def find_activity(request, pk: int, *perms: Perm) -> Activity:
    """The activity for this person. Raises Http404 or PermissionDenied."""
    activities = Activity.objects.select_related("agency__council", "recorded_by", "same_as__agency")
    return get_for(request.user, activities, *perms, pk=pk)


def activity_page(
    request, activity: Activity, *, upload: FilesForm | None = None, problems=(), reason: str = "", status: int = 200
):
    """The activity's page. ``upload`` is a refused upload; ``problems`` say why it was not withdrawn for ``reason``."""
    user = request.user
    changes = can(user, Perm.RECORD_PROGRESS, activity.agency) and activity.withdrawn_at is None
    buttons = []
    if changes:
        buttons.append(Button("Sửa", reverse("activity-edit", args=[activity.pk]), "pencil-square"))
    if can(user, Perm.RECORD_PROGRESS, activity.agency):
        url = f"{reverse('activity-create')}?lap-lai={activity.pk}"
        buttons.append(Button("Ghi tương tự", url, "document-duplicate"))
    context = {
        "activity": activity,
        "figures": activity.figures.select_related("indicator"),
        "sites": activity.sites.all(),
        "counted_with": activity.counted_with.select_related("agency"),
        "different": _different(activity),
        "tasks": Task.objects.visible_to(user).filter(activities=activity).select_related("plan"),
        "evidence": Evidence.objects.visible_to(user).filter(activity=activity).select_related("agency", "uploaded_by"),
        "upload": upload or (FilesForm(agencies=[activity.agency]) if changes else None),
        "upload_url": reverse("activity-evidence", args=[activity.pk]),
        "withdraw_url": reverse("activity-withdraw", args=[activity.pk]) if changes else "",
        "problems": problems,
        "reason": reason,
        "timeline": recent(activity),
        "buttons": buttons,
    }
    return render(request, "campaigns/activity_detail.html", context, status=status)


def _different(activity: Activity) -> list[tuple[Activity, DifferentEvents]]:
    """The other agencies' records that look like this one and were said to be other events."""
    said = DifferentEvents.objects.filter(Q(first=activity) | Q(second=activity))
    rows = said.select_related("first__agency", "second__agency", "said_by")
    return [(row.second if row.first_id == activity.pk else row.first, row) for row in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.RECORD_PROGRESS)
def activity_create(request):
    """Record an activity; ?nhiem-vu= ticks a task, ?lap-lai= begins from an earlier activity."""
    if request.method != "POST":
        form = ActivityForm(user=request.user, today=clock.today(), initial=_first_values(request))
        return _activity_form(request, form)
    form = ActivityForm(request.POST, user=request.user, today=clock.today())
    status = REFUSED
    if form.wants_rows:
        status = 200
    elif form.is_valid() and not _asked_about_twin(request, form):
        try:
            activity = record_activity(
                agency=form.cleaned_data["agency"],
                by=request.user,
                now=clock.now(),
                form_key=form.cleaned_data["form_key"],
                **form.values(),
            )
        except BusinessError as error:
            status = tell(form, error)
        else:
            return _saved(request, activity, "Đã ghi nhận hoạt động.")
    return _activity_form(request, form, status=status)


def _asked_about_twin(request, form: ActivityForm) -> bool:
    """Whether the same words of the same day are recorded already and the person has not said to record them anyway."""
    data = form.cleaned_data
    words = {"title": data["title"], "place": data["place"], "held_on": data["held_on"]}
    # A double click comes back with the key of the first one, which the verb knows.
    again = Activity.objects.filter(agency=data["agency"], form_key=data["form_key"]).exists()
    if request.POST.get(ANYWAY) or again:
        return False
    form.twin = own_twin(agency=data["agency"], **words)
    return form.twin is not None


def _saved(request, activity: Activity, done: str):
    """To the activity's page, with what the person should know besides: the period's state, a double."""
    messages.success(request, done)
    for note in verbs.notes_on_day(activity.agency, activity.held_on):
        messages.warning(request, note)
    return redirect("activity-detail", pk=activity.pk)


def _first_values(request) -> dict:
    first = {"held_on": clock.today()}
    if earlier := id_in(request, "lap-lai"):
        first |= repeated(find_activity(request, earlier, Perm.RECORD_PROGRESS))
    if task_id := id_in(request, "nhiem-vu"):
        task = get_for(request.user, Task.objects.all(), pk=task_id)
        mine = grants_of(request.user).agencies(Perm.RECORD_PROGRESS)
        carrying = task.assignments.current().filter(agency__in=mine).first()
        if carrying is None:
            raise Http404
        first |= {"tasks": [str(task.pk)], "agency": carrying.agency_id}
    return first


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.RECORD_PROGRESS)
def activity_edit(request, pk: int):
    """Correct an activity. When somebody saved meanwhile, both texts are shown and nothing is written."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    if activity.withdrawn_at:
        raise WrongState("Hoạt động này đã được rút; không sửa được nữa.")
    if request.method != "POST":
        form = ActivityForm(user=request.user, today=clock.today(), activity=activity)
        return _activity_form(request, form, activity)
    form = ActivityForm(request.POST, user=request.user, today=clock.today(), activity=activity)
    status, stored = REFUSED, None
    if form.wants_rows:
        status = 200
    elif form.is_valid():
        try:
            activity = amend_activity(
                activity=activity,
                by=request.user,
                now=clock.now(),
                version=form.cleaned_data["version"],
                **form.values(),
            )
        except StaleVersion as error:
            status, stored = tell(form, error), error.current
            # What is sent next has been compared with the stored text beside it.
            form.data = form.data.copy()
            form.data["version"] = str(stored.version)
        except BusinessError as error:
            status = tell(form, error)
        else:
            return _saved(request, activity, "Đã lưu hoạt động.")
    return _activity_form(request, form, activity, stored=stored, status=status)


def _activity_form(request, form: ActivityForm, activity: Activity | None = None, *, stored=None, status: int = 200):
    context = {"form": form, "activity": activity, "stored": None, "more_sites": MORE_SITES}
    if activity is None and not form.is_bound:
        # What a person does is mostly what was done before.
        mine = Activity.objects.standing().filter(agency__in=[agency.pk for agency in form.own])
        context["recent"] = mine.filter(recorded_by=request.user).order_by("-recorded_at")[:REPEATABLE]
    if stored is not None:
        context["stored"] = {
            "activity": stored,
            "tasks": stored.tasks.all(),
            "figures": stored.figures.select_related("indicator"),
            "sites": stored.sites.all(),
        }
    return render(request, "campaigns/activity_form.html", context, status=status)


@require_POST
@access(Perm.RECORD_PROGRESS)
def activity_withdraw(request, pk: int):
    """Take an activity out of the count, with a reason."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    reason = request.POST.get("reason", "")
    try:
        withdraw_activity(activity=activity, by=request.user, now=clock.now(), reason=reason)
    except NotAllowed:
        raise
    except BusinessError as error:
        return activity_page(request, activity, problems=error.messages, reason=reason, status=error.status)
    messages.success(request, "Đã rút hoạt động. Hoạt động không còn được tính vào số liệu.")
    return redirect("activity-detail", pk=activity.pk)
