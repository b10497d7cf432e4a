"""Tasks: the list, one task with its history over the quarters, and its definition."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from agencies import clock
from agencies.errors import BusinessError, WrongState
from agencies.models import Agency
from agencies.permissions import Perm, access, can, get_for, grants_of
from agencies.tables.listing import list_file
from agencies.talk import talks_about
from agencies.vietnamese import fold
from agencies.views_comments import talk_view
from campaigns.filters import TaskFilter
from campaigns.forms import FilesForm, TaskForm
from campaigns.listings import TASK_COLUMNS
from campaigns.models import Activity, Assignment, Plan, Task
from campaigns.views import CHUNK, REFUSED, Button, id_in, page_of, recent, tell
from campaigns.views.files import file_lists
from campaigns.workflow import save_task

PAGE = 50
SOON = timedelta(days=15)
# States of the reports whose words everybody concerned by the task may read (reports/models/progress.py).
_ACCEPTED = ("accepted", "locked")
_CHANGEABLE = (Plan.State.DRAFT, Plan.State.ACTIVE)


@dataclass(frozen=True)
class TaskRow:
    """One task as a row of a table. ``is_open`` tells whether the person may open it and see how far it is."""

    task: Task
    lead: str
    supporting: str
    badges: list[tuple[str, str]]
    is_open: bool = True
    # What the document says of the supporting agencies, '' when it only names those in ``supporting``.
    as_written: str = ""


def due_badge(*, status: str, due_date: date | None, today: date) -> tuple[str, str] | None:
    """(state, words) of a date that has passed or comes within 15 days; None when there is nothing to say.

    Counts as ``TaskQuerySet.overdue`` and ``due_between`` do, so that a list and its badges agree.
    """
    if due_date is None or status in (Task.Status.DONE, Task.Status.CANCELLED, Task.Status.ON_HOLD):
        return None
    if due_date < today:
        return "overdue", f"Quá hạn {(today - due_date).days} ngày"
    if due_date == today:
        return "due_soon", "Đến hạn hôm nay"
    if due_date <= today + SOON:
        return "due_soon", f"Còn {(due_date - today).days} ngày"
    return None


def with_assignments(tasks):
    """The tasks with who carries them now, in two queries more whatever their number."""
    current = Assignment.objects.current().select_related("agency")
    return tasks.prefetch_related(Prefetch("assignments", queryset=current, to_attr="carriers"))


def _says_more(text: str, agencies: list[Agency]) -> bool:
    """Whether a document's words on the supporting agencies tell anything beside those agencies' names."""
    names = {fold(name) for agency in agencies for name in (agency.short_name, agency.name, *agency.aliases)}
    return any(fold(part).strip(" .") not in names for part in re.split(r"[,;\n]", text) if part.strip(" ."))


def task_row(task: Task, today: date, *, is_open: bool = True) -> TaskRow:
    """A row for a task read through ``with_assignments``."""
    carriers = {role: [] for role in Assignment.Role.values}
    for row in task.carriers:
        carriers[row.role].append(row.agency)
    names = {role: [agency.short_name for agency in agencies] for role, agencies in carriers.items()}
    told = task.supporting_text
    due = due_badge(status=task.status, due_date=task.due_date, today=today)
    return TaskRow(
        task=task,
        lead=", ".join(names[Assignment.Role.LEAD]),
        supporting=", ".join(names[Assignment.Role.SUPPORTING]),
        badges=[(task.status, task.get_status_display()), *([due] if due else [])] if is_open else [],
        is_open=is_open,
        as_written=told if _says_more(told, carriers[Assignment.Role.SUPPORTING]) else "",
    )


@require_safe
@access(Perm.VIEW_WORK)
def task_list(request):
    """Tasks of one's agencies, or of one's council, narrowed by what stands in the address."""
    form, today = TaskFilter(request.GET, user=request.user), clock.today()
    tasks = _narrowed(Task.objects.visible_to(request.user), form, request.user, today)
    tasks = with_assignments(tasks.select_related("plan", "section").order_by("plan", "sort_order", "pk"))
    rows = (task_row(task, today) for task in tasks.iterator(CHUNK))
    if file := list_file(request, name="nhiem-vu", title="Nhiệm vụ", columns=TASK_COLUMNS, rows=rows):
        return file
    page = page_of(request, tasks, PAGE)
    context = {"form": form, "page": page, "rows": [task_row(task, today) for task in page], "list_url": request.path}
    context["may_import"] = grants_of(request.user).holds(Perm.MANAGE_PLANS)
    only_results = request.htmx and not request.htmx.history_restore_request
    return render(request, "campaigns/_task_results.html" if only_results else "campaigns/task_list.html", context)


def _narrowed(tasks, form: TaskFilter, user, today: date):
    for word in fold(form.get("q") or "").split():
        tasks = tasks.filter(folded__contains=word)
    if plan := form.get("ke_hoach"):
        tasks = tasks.filter(plan=plan)
    if status := form.get("tinh_trang"):
        tasks = tasks.filter(status=status)
    agency, role = form.get("co_quan"), form.get("vai_tro")
    mine = [agency.pk] if agency else grants_of(user).agencies(Perm.VIEW_WORK) if role else ()
    if mine:
        carried = Assignment.objects.current().filter(agency__in=mine)
        tasks = tasks.filter(pk__in=(carried.filter(role=role) if role else carried).values("task"))
    if form.get("han") == TaskFilter.OVERDUE:
        tasks = tasks.overdue(today)
    elif form.get("han") == TaskFilter.DUE_SOON:
        tasks = tasks.due_between(today, today + SOON)
    return tasks


@require_safe
@access(Perm.VIEW_WORK)
def task_detail(request, pk: int):
    """One task: facts, who carries it, what was done and reported, its files."""
    return task_page(request, find_task(request, pk))


def find_task(request, pk: int, *perms: Perm) -> Task:
    """The task for this person, with its plan, whether that is theirs to open too, and its council.

    Raises Http404 or PermissionDenied.
    """
    plan_is_open = Exists(Plan.objects.visible_to(request.user).filter(pk=OuterRef("plan")))
    tasks = Task.objects.select_related("plan", "council", "section").annotate(plan_is_open=plan_is_open)
    return get_for(request.user, tasks, *perms, pk=pk)


def recording_agencies(request, task: Task) -> list[Agency]:
    """The agencies that carry the task now and for which the person records."""
    mine = grants_of(request.user).agencies(Perm.RECORD_PROGRESS)
    current = Assignment.objects.current().filter(task=task, agency__in=mine).select_related("agency")
    return [row.agency for row in current]


def task_page(request, task: Task, *, upload: FilesForm | None = None, status: int = 200):
    """The task's page; ``upload`` is the form of a refused upload, with its errors."""
    user, today = request.user, clock.today()
    assignments = list(task.assignments.select_related("agency").order_by("date_to", "role", "agency__protocol_order"))
    assignments.sort(key=lambda row: row.date_to is not None)
    recording = [row.agency for row in assignments if row.date_to is None and _records(user, row.agency)]
    due = due_badge(status=task.status, due_date=task.due_date, today=today)
    # The relation is made by the reports room; campaigns only reads it.
    lines = task.lines.filter(
        Q(report__state__in=_ACCEPTED) | Q(report__agency__in=grants_of(user).agencies(Perm.VIEW_WORK))
    )
    activities = Activity.objects.visible_to(user).standing().filter(tasks=task).select_related("agency")
    context = {
        "task": task,
        "plan_is_open": task.plan_is_open,
        "badges": [(task.status, task.get_status_display()), *([due] if due else [])],
        "assignments": assignments,
        "targets": task.targets.select_related("indicator__parent").order_by("indicator__sort_order", "year"),
        "activities": activities[:20],
        "activities_url": f"{reverse('activity-list')}?nhiem-vu={task.pk}",
        "upload": upload or (FilesForm(agencies=recording) if recording else None),
        "upload_url": reverse("task-evidence", args=[task.pk]),
        "lines": lines.select_related("report__period", "report__agency").order_by(
            "-report__period__starts_on", "role", "report__agency__protocol_order"
        ),
        "timeline": recent(task),
        "talk": talks_about(task, user, agencies=_concerned(task, assignments)).whole,
        "object": task,
        "buttons": _buttons(user, task, recording),
    } | file_lists(user, task=task)
    return render(request, "campaigns/task_detail.html", context, status=status)


def _concerned(task: Task, assignments: list[Assignment]) -> frozenset[int]:
    """``task.agencies_concerned()`` from the assignments that the page has read."""
    return frozenset(row.agency_id for row in assignments if task.plan.state in Plan.PUBLISHED)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def task_talk(request, pk: int):
    """Say something about a task."""
    task = find_task(request, pk)
    return talk_view(request, task, anchor="", title=str(task))


def _records(user, agency: Agency) -> bool:
    return agency.pk in grants_of(user).agencies(Perm.RECORD_PROGRESS)


def _buttons(user, task: Task, recording: list[Agency]) -> list[Button]:
    buttons = []
    if recording and task.plan.state == Plan.State.ACTIVE:
        url = f"{reverse('activity-create')}?nhiem-vu={task.pk}"
        buttons.append(Button("Ghi nhận hoạt động", url, "plus", "primary", opens_in_place=True))
    if can(user, Perm.MANAGE_PLANS, task.council) and task.plan.state in _CHANGEABLE:
        buttons.append(Button("Sửa nhiệm vụ", reverse("task-edit", args=[task.pk]), "pencil-square"))
    return buttons


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.MANAGE_PLANS)
def task_create(request, pk: int):
    """Add a task to a plan."""
    plan = get_for(request.user, Plan.objects.select_related("council"), Perm.MANAGE_PLANS, pk=pk)
    _refuse_when_over(plan)
    form = TaskForm(request.POST if request.method == "POST" else None, plan=plan)
    if section := id_in(request, "muc"):
        form.initial["section"] = section
    return _save_or_show(request, plan, form, lambda data: f"tay:{data['form_key'] or form.initial['form_key']}")


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.MANAGE_PLANS)
def task_edit(request, pk: int):
    """Change a task; what an import knows it by stays."""
    task = find_task(request, pk, Perm.MANAGE_PLANS)
    _refuse_when_over(task.plan)
    form = TaskForm(request.POST if request.method == "POST" else None, plan=task.plan, task=task)
    return _save_or_show(request, task.plan, form, lambda data: task.import_key, task)


def _refuse_when_over(plan: Plan) -> None:
    if plan.state not in _CHANGEABLE:
        raise WrongState(f"Kế hoạch ở trạng thái “{plan.get_state_display()}” không nhận thêm hay đổi nhiệm vụ.")


def _save_or_show(request, plan: Plan, form: TaskForm, key_of, task: Task | None = None):
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                saved, changed = save_task(
                    plan=plan,
                    by=request.user,
                    now=clock.now(),
                    import_key=key_of(form.cleaned_data),
                    **form.values(),
                )
            except BusinessError as error:
                status = tell(form, error)
            else:
                messages.success(request, "Đã lưu nhiệm vụ." if changed else "Không có gì thay đổi.")
                return redirect("task-detail", pk=saved.pk)
    return render(request, "campaigns/task_form.html", {"form": form, "plan": plan, "task": task}, status=status)
