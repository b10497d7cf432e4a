"""The targets a council is held to: the list for everybody, their figures for the secretariat."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError
from agencies.once import once
from agencies.permissions import Perm, access, can
from agencies.vietnamese import show_number
from reports.models import CouncilTarget
from reports.rates import RATE_BY_ID
from reports.target_forms import CouncilTargetForm
from reports.targets import effective, remove_council_target, set_council_target
from reports.views.find import council_for


@require_safe
@access(Perm.VIEW_WORK)
def target_list(request):
    """What the council is held to, with how each target is computed and until when it stands."""
    council = council_for(request)
    today = clock.today()
    rows = [
        {
            "target": row,
            "rate": RATE_BY_ID.get(row.rate),
            "goal": f"{row.get_direction_display()} {show_number(row.value)}{'' if row.unit == '%' else ' '}{row.unit}",
            "own": row.council_id is not None,
            "past": row.valid_to is not None and row.valid_to < today,
        }
        for row in effective(CouncilTarget.objects.of(council.pk))
    ]
    manages = can(request.user, Perm.MANAGE_PLANS, council)
    return render(request, "reports/target_list.html", {"council": council, "rows": rows, "manages": manages})


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.MANAGE_PLANS)
@once
def target_create(request):
    """A target of the council's own making."""
    return _save_or_show(request, council_for(request, Perm.MANAGE_PLANS), None)


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.MANAGE_PLANS)
def target_edit(request, code: str):
    """Change a target: the decision's stays for the other councils."""
    council = council_for(request, Perm.MANAGE_PLANS)
    return _save_or_show(request, council, _find(council, code))


def _find(council, code: str) -> CouncilTarget:
    for row in effective(CouncilTarget.objects.of(council.pk).filter(code=code)):
        return row
    raise Http404


def _save_or_show(request, council, target: CouncilTarget | None):
    form = CouncilTargetForm(request.POST if request.method == "POST" else None, target=target)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = {"code": target.code} if target else {}
            try:
                if target is None and CouncilTarget.objects.of(council.pk).filter(code=form.cleaned_data["code"]):
                    raise BusinessError(f"Mã {form.cleaned_data['code']} đã có; hãy sửa chỉ tiêu đó hoặc chọn mã khác.")
                saved = set_council_target(
                    council=council, by=request.user, now=clock.now(), **(values | form.cleaned_data)
                )
            except BusinessError as error:
                status = error.status
                form.add_error(None, error.messages)
            else:
                messages.success(request, f"Đã lưu chỉ tiêu {saved.code}.")
                return redirect("target-list")
    context = {"council": council, "target": target, "own": bool(target and target.council_id), "form": form}
    return render(request, "reports/target_form.html", context, status=status)


@require_POST
@access(Perm.MANAGE_PLANS)
def target_remove(request, code: str):
    """Take the council's own figure back: the decision's counts again."""
    council = council_for(request, Perm.MANAGE_PLANS)
    reason = request.POST.get("reason", "")
    remove_council_target(
        council=council, code=_find(council, code).code, by=request.user, now=clock.now(), reason=reason
    )
    messages.success(request, f"Đã bỏ mức riêng của Hội đồng cho chỉ tiêu {code}.")
    return redirect("target-list")
