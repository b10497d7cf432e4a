"""What is counted and what is to be reached: the catalogue of indicators, and the targets of a plan."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError
from agencies.permissions import Perm, access, can
from agencies.tables.listing import list_file
from agencies.vietnamese import show_number
from campaigns.filters import IndicatorFilter
from campaigns.listings import INDICATOR_COLUMNS
from campaigns.models import Indicator, Plan, Target
from campaigns.target_forms import NewTargetForm, TargetForm
from campaigns.targets import OPEN_STATES, remove_target, set_target
from campaigns.views import REFUSED, recent, tell
from campaigns.views.done import Undo, tell_done
from campaigns.views.plans import find_plan


@require_safe
@access(Perm.VIEW_WORK)
def indicator_list(request):
    """The catalogue of what is counted: unit, nature, who reports it, and the form it is a column of."""
    rows = list(Indicator.objects.select_related("parent"))
    form = IndicatorFilter(request.GET, user=request.user)
    shown = [row for row in rows if form.keeps(row)]
    if file := list_file(request, name="chi-tieu", title="Danh mục chỉ tiêu", columns=INDICATOR_COLUMNS, rows=shown):
        return file
    groups = [(name, list(members)) for name, members in groupby(shown, key=lambda row: row.group)]
    return render(request, "campaigns/indicator_list.html", {"groups": groups, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.VIEW_WORK)
def plan_targets(request, pk: int):
    """The targets of a plan; for the secretariat of a plan that is open, with a form for one more."""
    perms = [Perm.MANAGE_PLANS] if request.method == "POST" else []
    plan = find_plan(request, pk, *perms)
    manages = can(request.user, Perm.MANAGE_PLANS, plan.council) and plan.state in OPEN_STATES
    form = NewTargetForm(request.POST if request.method == "POST" else None, plan=plan) if manages else None
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form is None:
            raise BusinessError(f"Kế hoạch ở trạng thái “{plan.get_state_display()}” không nhận thêm chỉ tiêu.")
        if form.is_valid():
            try:
                set_target(plan=plan, by=request.user, now=clock.now(), **form.cleaned_data)
            except BusinessError as error:
                status = tell(form, error)
            else:
                messages.success(request, "Đã đặt chỉ tiêu.")
                return redirect("plan-targets", pk=plan.pk)
    rows = targets_of(plan)
    context = {"plan": plan, "rows": rows, "form": form, "manages": manages, "timeline": recent(plan)}
    context["whole"] = can(request.user, Perm.VIEW_COUNCIL_WORK, plan.council)  # who may open every task
    return render(request, "campaigns/plan_targets.html", context, status=status)


def targets_of(plan: Plan):
    """The plan's targets: those of the whole plan first, then task by task as signed."""
    rows = Target.objects.filter(plan=plan).select_related("indicator__parent", "task__section")
    order = ("task__sort_order", "task", "indicator__sort_order", "year")
    whole, by_task = rows.filter(task=None).order_by(*order[2:]), rows.exclude(task=None).order_by(*order)
    return [*whole, *by_task]


def _find(request, pk: int, target: int) -> Target:
    """The target of a plan that the person manages; Http404 for one of another plan."""
    plan = find_plan(request, pk, Perm.MANAGE_PLANS)
    row = Target.objects.filter(plan=plan, pk=target).select_related("indicator__parent", "task__section").first()
    if row is None:
        raise Http404
    row.plan = plan
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.MANAGE_PLANS)
def target_edit(request, pk: int, target: int):
    """Change the number to reach; or, from the same page, take the target back."""
    row = _find(request, pk, target)
    form = TargetForm(request.POST if request.method == "POST" else None, target=row)
    status = 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            kept = {"plan": row.plan, "task": row.task, "indicator": row.indicator, "year": row.year}
            try:
                set_target(**kept, by=request.user, now=clock.now(), **form.cleaned_data)
            except BusinessError as error:
                status = tell(form, error)
            else:
                messages.success(request, "Đã lưu chỉ tiêu.")
                return redirect("plan-targets", pk=pk)
    context = {"plan": row.plan, "target": row, "form": form, "asks_reason": row.plan.state != Plan.State.DRAFT}
    return render(request, "campaigns/target_form.html", context, status=status)


@require_POST
@access(Perm.MANAGE_PLANS)
def target_remove(request, pk: int, target: int):
    """Take a target back; the plan's record keeps what it was."""
    row = _find(request, pk, target)
    remove_target(target=row, by=request.user, now=clock.now(), reason=request.POST.get("reason", ""))
    again = {"task": row.task_id or "", "indicator": row.indicator_id, "year": row.year or ""}
    again |= {"direction": row.direction, "value": show_number(row.value), "reason": "Hoàn tác việc bỏ chỉ tiêu."}
    back = Undo(reverse("plan-targets", args=[pk]), again)
    tell_done(request, "Đã bỏ chỉ tiêu; nhật ký của kế hoạch còn ghi.", undo=back)
    return redirect("plan-targets", pk=pk)
