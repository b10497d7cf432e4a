"""Plans: the list, one plan as signed with how far it is, and its definition."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, Value
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError
from agencies.once import once
from agencies.permissions import Perm, access, can, get_for, grants_of
from agencies.tables.listing import list_file
from agencies.vietnamese import fold
from agencies.workflow import available
from campaigns.checks import plan_warnings
from campaigns.filters import PlanFilter
from campaigns.forms import FilesForm, PlanForm
from campaigns.imports.undo import undoable
from campaigns.listings import PLAN_COLUMNS
from campaigns.models import Plan, PlanParty, PlanSection, Task
from campaigns.plan_progress import blocks_of, progress_by_agency, timeline_of
from campaigns.views import CHUNK, REFUSED, Button, page_of, recent, tell
from campaigns.views.files import file_lists, keep_files, list_answer, one_by_one
from campaigns.views.tasks import TaskRow, task_row, with_assignments
from campaigns.workflow import PLAN_TRANSITIONS, amend_plan, create_plan, missing_before_activation

PAGE = 20
_EDITABLE = (Plan.State.DRAFT, Plan.State.ACTIVE, Plan.State.COMPLETED)


@require_safe
@access(Perm.VIEW_WORK)
def plan_list(request):
    """Plans one may see, by state and words, with how many tasks are done."""
    form = PlanFilter(request.GET)
    plans = Plan.objects.visible_to(request.user)
    for word in fold(form.get("q") or "").split():
        plans = plans.filter(folded__contains=word)
    states = _state_chips(form, dict(plans.order_by().values_list("state").annotate(Count("pk"))))
    if state := form.get("trang_thai"):
        plans = plans.filter(state=state)
    plans = plans.annotate(
        task_count=Count("tasks", filter=~Q(tasks__status=Task.Status.CANCELLED)),
        done_count=Count("tasks", filter=Q(tasks__status=Task.Status.DONE)),
    )
    # A count groups the rows, and grouping drops the model's own order.
    plans = plans.order_by("-starts_on", "number", "pk").prefetch_related("parties__agency")
    if file := list_file(
        request, name="ke-hoach", title="Kế hoạch phối hợp", columns=PLAN_COLUMNS, rows=plans.iterator(CHUNK)
    ):
        return file
    page = page_of(request, plans, PAGE)
    for plan in page:
        plan.party_names = ", ".join(party.agency.short_name for party in plan.parties.all())
        plan.percent_done = 100 * plan.done_count / plan.task_count if plan.task_count else None
    context = {"form": form, "states": states, "page": page, "buttons": _list_buttons(request.user)}
    return render(request, "campaigns/plan_list.html", context)


def _state_chips(form: PlanFilter, counts: dict[str, int]) -> list[dict]:
    q, chosen = form.get("q"), form.get("trang_thai")
    kept = {"q": q} if q else {}
    chips = [{"label": "Tất cả", "count": sum(counts.values()), "url": f"?{urlencode(kept)}", "on": not chosen}]
    for state, label in Plan.State.choices:
        if counts.get(state) or state == chosen:
            url = f"?{urlencode(kept | {'trang-thai': state})}"
            chips.append({"label": label, "count": counts.get(state, 0), "url": url, "on": state == chosen})
    return chips


def _list_buttons(user) -> list[Button]:
    if not grants_of(user).holds(Perm.MANAGE_PLANS):
        return []
    return [
        Button("Nhập từ phụ lục", reverse("plan-import"), "arrow-up-tray", "primary"),
        Button("Lập kế hoạch", reverse("plan-create"), "plus"),
    ]


@require_safe
@access(Perm.VIEW_WORK)
def plan_detail(request, pk: int):
    """One plan: its facts, the signed text, the whole task list as signed."""
    return plan_page(request, find_plan(request, pk))


def find_plan(request, pk: int, *perms: Perm) -> Plan:
    """The plan for this person, with its council and the number of its targets. Raises Http404 or PermissionDenied."""
    plans = Plan.objects.select_related("council__standing_agency", "superseded_by")
    plans = plans.annotate(target_count=Count("targets"))
    return get_for(request.user, plans, *perms, pk=pk)


def plan_page(request, plan: Plan, *, upload: FilesForm | None = None, status: int = 200):
    """The plan's page; ``upload`` is the form of a refused upload, with its errors."""
    user = request.user
    manages = can(user, Perm.MANAGE_PLANS, plan.council)
    today, whole = clock.today(), plan.council_id in grants_of(user).councils(Perm.VIEW_COUNCIL_WORK)
    rows = plan_rows(plan, user, today)
    visible = Plan.objects.visible_to(user)
    task_rows = [row.item for row in rows if isinstance(row.item, TaskRow)]
    tasks = [row.task for row in task_rows]
    counted = [task for task in tasks if task.status != Task.Status.CANCELLED]
    parties = list(plan.parties.select_related("agency"))
    done = sum(task.status == Task.Status.DONE for task in counted)
    context = {
        "plan": plan,
        "parties": [party for party in parties if party.role == PlanParty.Role.SIGNATORY],
        "participants": [party for party in parties if party.role == PlanParty.Role.PARTICIPANT],
        "blocks": blocks_of(rows, today),
        "by_agency": progress_by_agency(
            task_rows, today, own=None if whole else grants_of(user).agencies(Perm.VIEW_WORK)
        ),
        "months": timeline_of(plan, task_rows, today),
        "whole": whole,
        "today": today,
        "task_count": len(counted),
        "done_count": done,
        "percent_done": 100 * done / len(counted) if counted else None,
        "successor": visible.filter(pk=plan.superseded_by_id).first() if plan.superseded_by_id else None,
        "predecessors": visible.filter(superseded_by=plan),
        "target_count": plan.target_count,
        "reads_attainment": can(user, Perm.VIEW_SUMMARY, plan.council),
        "upload": upload or (FilesForm(agencies=_keeper(plan)) if manages and _keeper(plan) else None),
        "upload_url": reverse("plan-file", args=[plan.pk]),
        "timeline": recent(plan),
        "buttons": _plan_buttons(plan) if manages else [],
        "transitions": _transitions(user, plan),
        "warnings": plan_warnings(plan, tasks) if manages else [],
        "undo": undoable(plan) if manages else None,
        "missing": missing_before_activation(plan) if manages and plan.state == Plan.State.DRAFT else [],
    } | file_lists(user, plan=plan)
    return render(request, "campaigns/plan_detail.html", context, status=status)


def _keeper(plan: Plan) -> list:
    """Whose file the signed text is: the standing agency's."""
    return [plan.council.standing_agency] if plan.council.standing_agency_id else []


def _plan_buttons(plan: Plan) -> list[Button]:
    buttons = []
    if plan.state in (Plan.State.DRAFT, Plan.State.ACTIVE):
        buttons.append(Button("Thêm nhiệm vụ", reverse("task-create", args=[plan.pk]), "plus"))
    if plan.state in _EDITABLE:
        buttons.append(Button("Sửa kế hoạch", reverse("plan-edit", args=[plan.pk]), "pencil-square"))
    return buttons


def _transitions(user, plan: Plan) -> list[dict]:
    """What the person may do with the plan's state now, each with where it is sent and what it asks."""
    found = []
    for row in available(user, plan, PLAN_TRANSITIONS):
        url = reverse("plan-transition", kwargs={"pk": plan.pk, "verb": row.slug})
        choice = None
        if row.target == Plan.State.SUPERSEDED:
            others = Plan.objects.visible_to(user).filter(council=plan.council_id).exclude(pk=plan.pk)
            choice = list(others.exclude(state=Plan.State.CANCELLED))
        found.append({"row": row, "url": url, "successors": choice})
    return found


# --- the task list as signed --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanRow:
    """A row of the task list: a heading (a PlanSection) or a task, at a depth."""

    item: PlanSection | TaskRow
    depth: int
    is_heading: bool


def plan_rows(plan: Plan, user, today: date) -> list[PlanRow]:
    """Headings and tasks in the order of the signed text. Three queries, whatever the plan's length.

    How far a task is shows only to those who may open it; what was signed shows to every party (domain.md §8.1).
    """
    whole = plan.council_id in grants_of(user).councils(Perm.VIEW_COUNCIL_WORK)
    mine = Value(True) if whole else Exists(Task.objects.visible_to(user).filter(pk=OuterRef("pk")))
    below: dict[int | None, list[PlanSection]] = {}
    for section in plan.sections.all():
        below.setdefault(section.parent_id, []).append(section)
    tasks: dict[int | None, list[TaskRow]] = {}
    listed = plan.tasks.select_related("section").annotate(is_open=mine).order_by("sort_order", "pk")
    for task in with_assignments(listed):
        row = task_row(task, today, is_open=task.is_open)
        tasks.setdefault(task.section_id, []).append(row)
    return _ordered(None, 0, below, tasks)[1]


def _ordered(section_id, depth, below, tasks) -> tuple[float, list[PlanRow]]:
    """The rows under a heading, and the place of the first: sections and tasks share one order in an annex.

    A heading stands where its first task stands, an empty one before the heading that follows it.
    """
    blocks = [(row.task.sort_order, [PlanRow(row, depth, False)]) for row in tasks.get(section_id, ())]
    place = float("inf")
    headings = []
    for section in reversed(below.get(section_id, ())):
        first, rows = _ordered(section.pk, depth + 1, below, tasks)
        place = min(first, place)
        headings.append((place, [PlanRow(section, depth, True), *rows]))
    blocks += reversed(headings)
    blocks.sort(key=lambda block: block[0])
    return (blocks[0][0] if blocks else float("inf")), [row for _place, rows in blocks for row in rows]


# --- writing ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.MANAGE_PLANS)
@once
def plan_create(request):
    """Write down a plan by hand; it begins as a draft."""
    form = PlanForm(request.POST if request.method == "POST" else None, user=request.user)

    def save():
        return create_plan(by=request.user, now=clock.now(), **form.cleaned_data)

    return _save_or_show(request, form, save, "Đã lập dự thảo kế hoạch. Bước tiếp theo: thêm nhiệm vụ.")


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.MANAGE_PLANS)
def plan_edit(request, pk: int):
    """Change a plan's own facts; with a reason once it is signed."""
    plan = find_plan(request, pk, Perm.MANAGE_PLANS)
    form = PlanForm(request.POST if request.method == "POST" else None, user=request.user, plan=plan)

    def save():
        reason = form.cleaned_data.get("reason", "")
        return amend_plan(plan=plan, by=request.user, now=clock.now(), reason=reason, **form.changes())

    return _save_or_show(request, form, save, "Đã lưu kế hoạch.", plan)


def _save_or_show(request, form: PlanForm, save, done: str, plan: Plan | None = None):
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                saved = save()
            except BusinessError as error:
                status = tell(form, error)
            else:
                messages.success(request, done)
                return redirect("plan-detail", pk=saved.pk)
    return render(request, "campaigns/plan_form.html", {"form": form, "plan": plan}, status=status)


@require_POST
@access(Perm.MANAGE_PLANS)
def plan_file(request, pk: int):
    """Keep the signed text of a plan; it is the standing agency's file."""
    plan = find_plan(request, pk, Perm.MANAGE_PLANS)
    if not _keeper(plan):
        raise BusinessError(f"{plan.council} chưa có cơ quan thường trực, nên chưa nhận tệp văn bản được.")
    form = FilesForm(request.POST, request.FILES, agencies=_keeper(plan))
    if one_by_one(request):
        return list_answer(request, form, plan=plan)
    if keep_files(request, form, plan=plan):
        return redirect("plan-detail", pk=plan.pk)
    return plan_page(request, plan, upload=form, status=REFUSED)
