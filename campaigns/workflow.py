"""Plans and tasks: their states, and one function per verb."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from agencies import clock
from agencies import workflow as engine
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import acting, record
from agencies.models import Agency, Council
from agencies.permissions import Perm, can
from agencies.workflow import Transition, check_reason
from campaigns import checks
from campaigns.models import Assignment, Plan, PlanParty, PlanSection, Task, full_number
from campaigns.parties import add_party, set_signatories

_S = Plan.State

PLAN_TRANSITIONS = (
    Transition(
        name="activate_plan",
        slug="dua-vao-thuc-hien",
        label="Đưa vào thực hiện",
        sources=frozenset({_S.DRAFT}),
        target=_S.ACTIVE,
        perm=Perm.MANAGE_PLANS,
        summary="Đưa kế hoạch vào thực hiện",
        icon="play",
        tone="primary",
    ),
    Transition(
        name="complete_plan",
        slug="ket-thuc",
        label="Kết thúc kế hoạch",
        sources=frozenset({_S.ACTIVE}),
        target=_S.COMPLETED,
        perm=Perm.MANAGE_PLANS,
        summary="Kết thúc kế hoạch",
        icon="flag",
        needs_reason=True,
    ),
    Transition(
        name="supersede_plan",
        slug="thay-the",
        label="Thay thế bằng kế hoạch khác",
        sources=frozenset({_S.ACTIVE, _S.COMPLETED}),
        target=_S.SUPERSEDED,
        perm=Perm.MANAGE_PLANS,
        summary="Thay thế kế hoạch",
        icon="arrow-path",
        needs_reason=True,
    ),
    Transition(
        name="cancel_plan",
        slug="huy",
        label="Hủy dự thảo",
        sources=frozenset({_S.DRAFT}),
        target=_S.CANCELLED,
        perm=Perm.MANAGE_PLANS,
        summary="Hủy dự thảo kế hoạch",
        icon="x-mark",
        tone="danger",
        needs_reason=True,
    ),
)
_TRANSITION = {row.name: row for row in PLAN_TRANSITIONS}


def _check_may_manage(by, council: Council) -> None:
    if by is not None and not can(by, Perm.MANAGE_PLANS, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được lập, nhập và điều chỉnh kế hoạch.")


def create_plan(
    *,
    council: Council,
    by,
    now: datetime,
    number: str,
    title: str,
    starts_on: date,
    ends_on: date,
    kind: str = Plan.Kind.PLAN,
    signed_on: date | None = None,
    legal_bases: Iterable[str] = (),
    parties: Iterable[Agency] = (),
    note: str = "",
    source_name: str = "",
    source_digest: str = "",
) -> Plan:
    """Write down a plan as a draft; officers do not see it until it is put into force.

    Raises NotAllowed, Incomplete (dates out of order, no title) or WrongState (number taken that year, rule V04).
    """
    _check_may_manage(by, council)
    plan = Plan(
        council=council,
        number=number.strip(),
        title=title.strip(),
        kind=kind,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        legal_bases=list(legal_bases),
        note=note,
        source_name=source_name,
        source_digest=source_digest,
    )
    _check_facts(plan)
    try:
        with acting(by=by, verb="create_plan"):
            plan.save(force_insert=True)
            for agency in parties:
                add_party(plan=plan, agency=agency, role=PlanParty.Role.SIGNATORY)
            record(by=by, now=now, verb="create_plan", obj=plan, summary=f"Lập dự thảo kế hoạch: {plan}")
    except IntegrityError as error:
        raise _number_taken(number) from error
    return plan


def _check_facts(plan: Plan) -> None:
    """Rules V03 and V04. Raises Incomplete or WrongState."""
    if todo := checks.span_in_order(plan.title, plan.starts_on, plan.ends_on):
        raise Incomplete(*todo)
    year = (plan.signed_on or plan.starts_on).year
    if not checks.number_is_free(plan.council, plan.number, year, except_plan=plan.pk):
        raise _number_taken(plan.number)


def _number_taken(number: str) -> WrongState:
    return WrongState(f"Số, ký hiệu “{number}” đã có kế hoạch khác trong năm (V04). Chưa ghi gì; hãy kiểm tra lại số.")


def amend_plan(*, plan: Plan, by, now: datetime, reason: str = "", **fields) -> Plan:
    """Change a plan's own facts. Once it is in force a reason is asked for, and kept (domain.md §8.1).

    ``fields``: number, title, kind, signed_on, starts_on, ends_on, legal_bases, note, parties (those that signed).
    """
    _check_may_manage(by, plan.council)
    parties = fields.pop("parties", None)
    if plan.state != _S.DRAFT:
        reason = check_reason(reason)
    if plan.state in (_S.CANCELLED, _S.SUPERSEDED):
        raise WrongState(f"Kế hoạch ở trạng thái “{plan.get_state_display()}” không sửa được nữa.")
    try:
        with acting(by=by, verb="amend_plan", reason=reason):
            locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
            for name, value in fields.items():
                setattr(locked, name, value)
            _check_facts(locked)
            locked.save()
            if parties is not None:
                set_signatories(plan=locked, agencies=list(parties))
            record(by=by, now=now, verb="amend_plan", obj=locked, summary=f"Sửa kế hoạch: {locked}", reason=reason)
    except IntegrityError as error:
        raise _number_taken(fields.get("number", plan.number)) from error
    return locked


def save_section(
    *,
    plan: Plan,
    by,
    now: datetime,
    import_key: str,
    number: str,
    title: str,
    parent: PlanSection | None,
    sort_order: int,
) -> PlanSection:
    """Create or update a heading of the plan, found again by its key. The same input again changes nothing."""
    _check_may_manage(by, plan.council)
    path = full_number(parent.path if parent else "", number)
    wanted = {"number": number, "path": path, "title": title, "parent": parent, "sort_order": sort_order}
    with acting(by=by, verb="save_section"):
        section, created = PlanSection.objects.get_or_create(plan=plan, import_key=import_key, defaults=wanted)
        if not created and any(getattr(section, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(section, name, value)
            section.save()
    return section


@transaction.atomic
def save_task(
    *,
    plan: Plan,
    by,
    now: datetime,
    import_key: str,
    number: str,
    title: str,
    section: PlanSection | None,
    lead: Agency,
    supporting: Iterable[Agency] = (),
    supporting_text: str = "",
    timing_text: str = "",
    starts_on: date | None = None,
    due_date: date | None = None,
    recurrence: str = "",
    expected_output: str = "",
    note: str = "",
    sort_order: int = 0,
    reason: str = "",
) -> tuple[Task, bool]:
    """Create or update one task, found again by its key, with exactly one lead. Returns (task, changed).

    The same input again changes nothing. Raises NotAllowed; WrongState when the plan takes no more tasks; Incomplete
    when the lead also supports (rule V01) or an agency is not of the plan's council or not valid then (rule V02).
    """
    _check_may_manage(by, plan.council)
    if plan.state not in (_S.DRAFT, _S.ACTIVE):
        raise WrongState(f"Kế hoạch ở trạng thái “{plan.get_state_display()}” không nhận thêm hay đổi nhiệm vụ.")
    supporting = list(dict.fromkeys(supporting))
    if todo := checks.agencies_fit(plan, lead, supporting):
        raise Incomplete(*todo)
    wanted = {
        "number": number,
        "title": title.strip(),
        "section": section,
        "supporting_text": supporting_text,
        "timing_text": timing_text,
        "starts_on": starts_on,
        "due_date": due_date,
        "recurrence": recurrence,
        "expected_output": expected_output,
        "note": note,
        "sort_order": sort_order,
    }
    with acting(by=by, verb="save_task", reason=reason):
        task, created = Task.objects.select_for_update(of=("self",)).get_or_create(
            plan=plan, import_key=import_key, defaults=wanted | {"council_id": plan.council_id}
        )
        changed = created or any(getattr(task, name) != value for name, value in wanted.items())
        if changed and not created:
            for name, value in wanted.items():
                setattr(task, name, value)
            task.save()
        assigned = _set_assignments(task, lead, supporting, on=clock.local_day(now) if not created else plan.starts_on)
        if assigned:
            add_party(plan=plan, agency=lead, role=PlanParty.Role.SIGNATORY)
            for agency in supporting:
                add_party(plan=plan, agency=agency, role=PlanParty.Role.PARTICIPANT)
        if changed or assigned:
            verb = "Thêm nhiệm vụ" if created else "Sửa nhiệm vụ"
            record(by=by, now=now, verb="save_task", obj=task, summary=f"{verb}: {task}", reason=reason)
    return task, changed or assigned


def _set_assignments(task: Task, lead: Agency, supporting: list[Agency], *, on: date) -> bool:
    """Make the current assignments these. One that has been reported on ends with a date, it is never deleted."""
    wanted = {lead.pk: Assignment.Role.LEAD} | {agency.pk: Assignment.Role.SUPPORTING for agency in supporting}
    current = {row.agency_id: row for row in task.assignments.current()}
    changed = False
    for agency_id, row in current.items():
        if wanted.get(agency_id) != row.role:
            changed = True
            row.date_to = max(on, row.date_from)
            row.save(update_fields=["date_to"])
    for agency_id, role in wanted.items():
        row = current.get(agency_id)
        if row is None or row.role != role:
            changed = True
            Assignment.objects.create(task=task, agency_id=agency_id, role=role, date_from=on)
    return changed


def hand_over_task(*, task: Task, to: Agency, by, now: datetime, on: date, reason: str) -> Task:
    """Give the lead of a task to another agency from a day on; what was reported before stays with whom it was."""
    _check_may_manage(by, task.council)
    reason = check_reason(reason)
    with acting(by=by, verb="hand_over_task", reason=reason):
        task = Task.objects.select_for_update(of=("self",)).select_related("plan").get(pk=task.pk)
        supporting = [
            row.agency
            for row in task.assignments.current().select_related("agency")
            if row.role == Assignment.Role.SUPPORTING and row.agency_id != to.pk
        ]
        if todo := [*checks.agencies_fit(task.plan, to, supporting), *checks.valid_on(to, on)]:
            raise Incomplete(*todo)
        if _set_assignments(task, to, supporting, on=on):
            add_party(plan=task.plan, agency=to, role=PlanParty.Role.SIGNATORY)
            record(
                by=by,
                now=now,
                verb="hand_over_task",
                obj=task,
                summary=f"Giao lại nhiệm vụ cho {to}: {task}",
                reason=reason,
            )
    return task


def cancel_task(*, task: Task, by, now: datetime, reason: str) -> Task:
    """Take a task out of its plan by agreement of the parties; its past stays. Cancelling twice changes nothing.

    Raises NotAllowed, Incomplete (no reason of ten characters, rule V23) or WrongState (it is already done).
    """
    _check_may_manage(by, task.council)
    reason = check_reason(reason)
    with acting(by=by, verb="cancel_task", reason=reason):
        task = Task.objects.select_for_update(of=("self",)).select_related("plan", "council").get(pk=task.pk)
        before = task.status
        if before == Task.Status.DONE:
            raise WrongState(f"Nhiệm vụ “{task}” đã hoàn thành nên không hủy. Chưa có gì thay đổi.")
        if before != Task.Status.CANCELLED:
            task.status = Task.Status.CANCELLED
            task.save(update_fields=["status"])
            summary = f"Hủy nhiệm vụ: {task}"
            record(by=by, now=now, verb="cancel_task", obj=task, summary=summary, reason=reason,
                   from_state=before, to_state=task.status)  # fmt: skip
    return task


def missing_before_activation(plan: Plan) -> list[str]:
    """What a draft still lacks before officers may work on it."""
    todo = []
    if not plan.number:
        todo.append("Kế hoạch chưa có số, ký hiệu.")
    if plan.signed_on is None:
        todo.append("Kế hoạch chưa có ngày ký.")
    if plan.parties.filter(role=PlanParty.Role.SIGNATORY).count() < 2:
        todo.append("Kế hoạch phối hợp cần ít nhất hai bên ký kết.")
    if not plan.tasks.exists():
        todo.append("Kế hoạch chưa có nhiệm vụ nào.")
    return todo


def activate_plan(*, plan: Plan, by, now: datetime) -> Plan:
    """Put a signed plan into force. (reports/opening.py also adds its tasks to the periods that are open.)"""
    return engine.perform(_TRANSITION["activate_plan"], plan, by=by, now=now, missing=missing_before_activation)


def complete_plan(*, plan: Plan, by, now: datetime, reason: str) -> Plan:
    """End a plan: its tasks are no longer reported on; its past stays."""
    return engine.perform(_TRANSITION["complete_plan"], plan, by=by, now=now, reason=reason)


def supersede_plan(*, plan: Plan, successor: Plan, by, now: datetime, reason: str) -> Plan:
    """Declare a plan replaced by another one of the same council (domain.md §5.1, Gia Lai)."""
    if successor.council_id != plan.council_id or successor.pk == plan.pk:
        raise WrongState("Kế hoạch thay thế phải là một kế hoạch khác của cùng hội đồng.")

    if successor.state in (_S.CANCELLED, _S.SUPERSEDED):
        raise WrongState(
            f"Kế hoạch thay thế đang ở trạng thái “{successor.get_state_display()}”; hãy chọn kế hoạch khác."
        )

    def act(locked: Plan) -> None:
        locked.superseded_by = successor

    return engine.perform(_TRANSITION["supersede_plan"], plan, by=by, now=now, reason=reason, act=act)


def cancel_plan(*, plan: Plan, by, now: datetime, reason: str) -> Plan:
    """Cancel a draft. It stays on the record; its number becomes free."""
    return engine.perform(_TRANSITION["cancel_plan"], plan, by=by, now=now, reason=reason)
