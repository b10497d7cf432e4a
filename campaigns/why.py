"""What can be done with a plan, a task or an activity, by whom, and what stands against it (agencies/explain.py)."""

from datetime import date

from agencies.explain import Deed, of_transition
from agencies.permissions import Perm, can
from campaigns.models import Activity, Plan, Task
from campaigns.workflow import PLAN_TRANSITIONS, missing_before_activation

_CHANGEABLE = (Plan.State.DRAFT, Plan.State.ACTIVE)
_CLOSED = (Plan.State.CANCELLED, Plan.State.SUPERSEDED)
_REPLACING = tuple(state for state in Plan.State if state not in _CLOSED)


def deeds_of_plan(plan: Plan) -> list[Deed]:
    """Reading it, changing it, and every row of its transition table."""
    council = (plan.council,)
    against = {
        "activate_plan": lambda _user: missing_before_activation(plan),
        "supersede_plan": lambda _user: _without_successor(plan),
    }
    return [
        Deed("view_plan", "Xem kế hoạch", (Perm.VIEW_WORK,), _readers_of_plan(plan)),
        Deed(
            "amend_plan",
            "Sửa kế hoạch",
            (Perm.MANAGE_PLANS,),
            council,
            lambda _user: [_over(plan)] if plan.state in _CLOSED else [],
            "" if plan.state == Plan.State.DRAFT else "Kế hoạch đã ký: cần ghi lý do từ 10 ký tự.",
        ),
        Deed(
            "save_task",
            "Thêm, sửa nhiệm vụ",
            (Perm.MANAGE_PLANS,),
            council,
            lambda _user: _takes_no_task(plan),
        ),
        *(of_transition(row, plan, against=against.get(row.name)) for row in PLAN_TRANSITIONS),
    ]  # fmt: skip


def _readers_of_plan(plan: Plan) -> tuple:
    """The parties read it once it is signed; the council's own people always."""
    if plan.state not in Plan.PUBLISHED:
        return (plan.council,)
    return (*(party.agency for party in plan.parties.select_related("agency")), plan.council)


def _over(plan: Plan) -> str:
    return f"Kế hoạch ở trạng thái “{plan.get_state_display()}” không sửa được nữa."


def _takes_no_task(plan: Plan) -> list[str]:
    if plan.state in _CHANGEABLE:
        return []
    return [f"Kế hoạch ở trạng thái “{plan.get_state_display()}” không nhận thêm hay đổi nhiệm vụ."]


def _without_successor(plan: Plan) -> list[str]:
    others = Plan.objects.filter(council=plan.council_id, state__in=_REPLACING).exclude(pk=plan.pk)
    return [] if others.exists() else ["Hội đồng chưa có kế hoạch nào khác để thay thế kế hoạch này."]


def deeds_of_task(task: Task, today: date) -> list[Deed]:
    """Reading it, defining it, recording what was done for it and sending files."""
    assignments = list(task.assignments.select_related("agency__council").order_by("role", "agency__protocol_order"))
    carriers = tuple(row.agency for row in assignments if row.date_to is None)
    ever = tuple({row.agency_id: row.agency for row in assignments}.values())
    council = (task.council,)
    readers = (*ever, task.council) if task.plan.state in Plan.PUBLISHED else (task.council,)

    def gone(user) -> list[str]:
        mine = [agency for agency in ever if can(user, Perm.RECORD_PROGRESS, agency)] or ever
        if any(agency.exists_on(today) for agency in mine):
            return []
        names = ", ".join(str(agency) for agency in mine)
        return [f"{names} không còn hoạt động vào ngày {today:%d/%m/%Y} (V02); cần Thư ký Hội đồng giao lại nhiệm vụ."]

    return [
        Deed("view_task", "Xem nhiệm vụ", (Perm.VIEW_WORK,), readers),
        Deed("save_task", "Sửa nhiệm vụ", (Perm.MANAGE_PLANS,), council, lambda _user: _takes_no_task(task.plan)),
        Deed(
            "record_activity",
            "Ghi nhận hoạt động cho nhiệm vụ",
            (Perm.RECORD_PROGRESS,),
            ever,
            gone,
        ),
        Deed("store_evidence", "Gửi tệp minh chứng", (Perm.RECORD_PROGRESS,), carriers),
    ]  # fmt: skip


def deeds_of_activity(activity: Activity) -> list[Deed]:
    """Reading it, correcting it, taking it out of the count, adding files."""
    agency = (activity.agency,)

    def withdrawn(_user) -> list[str]:
        if activity.withdrawn_at is None:
            return []
        return [f"Hoạt động đã được rút ngày {activity.withdrawn_at:%d/%m/%Y}; hãy ghi một hoạt động mới nếu cần."]

    return [
        Deed("view_activity", "Xem hoạt động", (Perm.VIEW_WORK,), agency),
        Deed("amend_activity", "Sửa hoạt động", (Perm.RECORD_PROGRESS,), agency, withdrawn),
        Deed(
            "withdraw_activity",
            "Rút hoạt động",
            (Perm.RECORD_PROGRESS,),
            agency,
            withdrawn,
            "Cần ghi lý do từ 10 ký tự.",
        ),
        Deed("store_evidence", "Gửi tệp minh chứng", (Perm.RECORD_PROGRESS,), agency),
    ]
