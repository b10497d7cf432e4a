"""What a plan needs of the reports: how far its targets are, and moving it on, which also fills open periods."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError
from agencies.permissions import Perm, access, get_for
from campaigns import workflow
from campaigns.models import Plan
from reports.consolidation import consolidate
from reports.models import Period
from reports.opening import put_plan_in_force


@require_safe
@access(Perm.VIEW_SUMMARY)
def plan_attainment(request, pk):
    """How far a plan's targets are, by the newest quarter that has been opened and has begun."""
    plan = get_for(request.user, Plan.objects.select_related("council__standing_agency"), Perm.VIEW_SUMMARY, pk=pk)
    today = clock.today()
    periods = Period.objects.quarters().filter(council=plan.council, starts_on__lte=today)
    # After the plan's end the last quarter that it reached into tells how it ended.
    period = periods.filter(starts_on__lte=plan.ends_on).order_by("-starts_on").first()
    rows = []
    if period is not None:
        period.council = plan.council
        rows = [row for row in consolidate(period, as_of=today).plan_targets if row.plan == plan.pk]
    context = {"plan": plan, "period": period, "rows": rows, "wanted": plan.targets.count()}
    return render(request, "reports/plan_attainment.html", context)


@access(Perm.MANAGE_PLANS)
@require_POST
def plan_transition(request, pk, verb):
    """Put a plan into force, end it, replace it or cancel a draft."""
    plan = get_for(request.user, Plan.objects.select_related("council"), Perm.MANAGE_PLANS, pk=pk)
    common = {"plan": plan, "by": request.user, "now": clock.now()}
    reason = request.POST.get("reason", "")
    try:
        if verb == "dua-vao-thuc-hien":
            plan, added = put_plan_in_force(**common)
            done = f"Đã đưa kế hoạch {plan.number} vào thực hiện."
            if added:
                done += f" Đã thêm {added} dòng nhiệm vụ vào kỳ báo cáo đang mở."
        elif verb == "ket-thuc":
            workflow.complete_plan(**common, reason=reason)
            done = f"Đã kết thúc kế hoạch {plan.number}."
        elif verb == "huy":
            workflow.cancel_plan(**common, reason=reason)
            done = "Đã hủy dự thảo kế hoạch; nội dung vẫn còn trong nhật ký."
        elif verb == "thay-the":
            successor = request.POST.get("successor", "")
            lookup = {"pk": int(successor)} if successor.isdecimal() and len(successor) < 19 else {"pk": 0}
            workflow.supersede_plan(**common, successor=get_for(request.user, Plan.objects, **lookup), reason=reason)
            done = f"Đã ghi nhận kế hoạch {plan.number} bị thay thế."
        else:
            raise Http404
    except BusinessError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, done)
    return redirect("plan-detail", pk=pk)
