"""The numbers a plan wants to reach: setting and taking back a target of the plan or of one of its tasks."""

from datetime import datetime
from decimal import Decimal

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import acting, record
from agencies.permissions import Perm, can
from agencies.vietnamese import show_number
from agencies.workflow import check_reason
from campaigns.models import Indicator, Plan, Target, Task

# A plan that is over keeps its targets as they were.
OPEN_STATES = (Plan.State.DRAFT, Plan.State.ACTIVE)


def target_years(plan: Plan) -> range:
    """The years for which the plan may have targets of their own."""
    return range(plan.starts_on.year, plan.ends_on.year + 1)


def set_target(
    *,
    plan: Plan,
    task: Task | None,
    indicator: Indicator,
    year: int | None,
    value: Decimal | int,
    by,
    now: datetime,
    direction: str = Target.Direction.AT_LEAST,
    reason: str = "",
) -> Target:
    """Set the number to reach on an indicator, by the plan or one of its tasks, in a reporting year or overall.

    ``value`` is in the indicator's unit, with its decimals. Setting the same again changes nothing. Once the plan is
    in force a reason is asked for, and kept. Raises NotAllowed, WrongState or Incomplete; then nothing is written.
    """
    with acting(by=by, verb="set_target", reason=reason):
        plan, reason = _open_plan(plan, by, reason)
        _check(plan, task, indicator, year, value, direction)
        found = Target.objects.filter(plan=plan, task=task, indicator=indicator, year=year).first()
        if found is not None and (found.value, found.direction) == (value, direction):
            return found
        target = found or Target(plan=plan, task=task, indicator=indicator, year=year)
        before = show_number(target.value) if found else ""
        target.value, target.direction = Decimal(value), direction
        target.save()
        verb = f"Đổi chỉ tiêu (trước là {before})" if found else "Đặt chỉ tiêu"
        record(by=by, now=now, verb="set_target", obj=plan, summary=f"{verb}: {describe(target)}", reason=reason)
    return target


def remove_target(*, target: Target, by, now: datetime, reason: str = "") -> None:
    """Take a target back; the record keeps what it was. Taking it back twice changes nothing.

    Raises NotAllowed, WrongState or Incomplete (no reason although the plan is in force).
    """
    with acting(by=by, verb="remove_target", reason=reason):
        plan, reason = _open_plan(target.plan, by, reason)
        row = Target.objects.select_related("indicator", "task").filter(pk=target.pk).first()
        if row is not None:
            told = describe(row)
            row.delete()
            record(by=by, now=now, verb="remove_target", obj=plan, summary=f"Bỏ chỉ tiêu: {told}", reason=reason)


def describe(target: Target) -> str:
    """A target in words, for the record: 'PB01 · Số cuộc … ≥ 40 cuộc, năm 2024, nhiệm vụ I.2.1'."""
    indicator, task = target.indicator, target.task
    sign, value = target.get_direction_display(), show_number(target.value)
    parts = [f"{indicator} {sign} {value} {indicator.unit.lower()}", f"năm {target.year}" if target.year else "cả kỳ"]
    if task is not None:
        parts.append(f"nhiệm vụ {task}")
    return ", ".join(parts)


def _open_plan(plan: Plan, by, reason: str) -> tuple[Plan, str]:
    """May you, is the plan open, lock it, is there a reason where one is due."""
    if by is not None and not can(by, Perm.MANAGE_PLANS, plan.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được đặt và điều chỉnh chỉ tiêu của kế hoạch.")
    plan = Plan.objects.select_for_update(of=("self",)).select_related("council").get(pk=plan.pk)
    if plan.state not in OPEN_STATES:
        raise WrongState(
            f"Kế hoạch ở trạng thái “{plan.get_state_display()}” nên chỉ tiêu giữ nguyên. Chưa có gì thay đổi."
        )
    return plan, check_reason(reason) if plan.state != Plan.State.DRAFT else reason.strip()


def _check(plan: Plan, task: Task | None, indicator: Indicator, year: int | None, value, direction: str) -> None:
    todo = []
    if task is not None and task.plan_id != plan.pk:
        todo.append("Nhiệm vụ không thuộc kế hoạch này.")
    elif task is not None and task.status == Task.Status.CANCELLED:
        todo.append("Nhiệm vụ đã hủy nên không đặt chỉ tiêu.")
    if year is not None and year not in target_years(plan):
        todo.append(f"Năm {year} ở ngoài thời gian của kế hoạch ({plan.starts_on.year} - {plan.ends_on.year}).")
    if value is None or value <= 0:
        todo.append("Chỉ tiêu phải lớn hơn 0.")
    elif value != round(Decimal(value), indicator.decimals):
        kind = "số nguyên" if indicator.decimals == 0 else f"số có tối đa {indicator.decimals} chữ số thập phân"
        todo.append(f"Chỉ tiêu “{indicator.name}” là {kind} (V09).")
    if direction not in Target.Direction.values:
        todo.append("Chọn cách so sánh: ≥ hoặc >.")
    if todo:
        raise Incomplete(*todo)
