"""The agencies of a plan: which signed it, which only take part in its tasks (domain.md §8.2)."""

from datetime import datetime

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import acting, record
from agencies.models import Agency
from agencies.permissions import Perm, can
from campaigns.models import Assignment, Plan, PlanParty


def add_party(*, plan: Plan, agency: Agency, role: str) -> None:
    """Make an agency a party of the plan, or raise one that only takes part to one that signed; never the other way.

    Called by the verbs above and below, inside their transaction.
    """
    defaults = {"sort_order": agency.protocol_order, "role": role}
    party, created = PlanParty.objects.get_or_create(plan=plan, agency=agency, defaults=defaults)
    if not created and role == PlanParty.Role.SIGNATORY and party.role != role:
        party.role = role
        party.save(update_fields=["role"])


def set_signatories(*, plan: Plan, agencies: list[Agency]) -> None:
    """Make these the agencies that signed. Called by ``amend_plan``, inside its transaction.

    One left out that still supports a task takes part from now on. Raises WrongState for one that still leads a task.
    """
    left_out = plan.parties.filter(role=PlanParty.Role.SIGNATORY).exclude(agency__in=agencies)
    busy = Assignment.objects.current().filter(task__plan=plan, agency__in=left_out.values("agency"))
    leading = busy.filter(role=Assignment.Role.LEAD).select_related("agency")
    if names := sorted({row.agency.short_name for row in leading}):
        raise WrongState(f"Không bỏ được {', '.join(names)}: còn nhiệm vụ chủ trì trong kế hoạch.")
    still = set(busy.values_list("agency", flat=True))
    for party in left_out:
        if party.agency_id in still:
            party.role = PlanParty.Role.PARTICIPANT
            party.save(update_fields=["role"])
        else:
            party.delete()
    for agency in agencies:
        add_party(plan=plan, agency=agency, role=PlanParty.Role.SIGNATORY)


def set_party_roles(*, plan: Plan, by, now: datetime, roles: dict[Agency, str]) -> Plan:
    """Say of agencies whether they signed the plan or only take part in it; the others stay as they are.

    Raises NotAllowed; WrongState once the plan is no longer a draft; Incomplete for an agency of another council.
    The same roles again change nothing.
    """
    if by is not None and not can(by, Perm.MANAGE_PLANS, plan.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được lập, nhập và điều chỉnh kế hoạch.")
    with acting(by=by, verb="set_party_roles"):
        plan = Plan.objects.select_for_update(of=("self",)).select_related("council").get(pk=plan.pk)
        if plan.state != Plan.State.DRAFT:
            raise WrongState("Kế hoạch đã ký; hãy sửa các bên ký kết trong mục Sửa kế hoạch, kèm lý do.")
        if foreign := [str(agency) for agency in roles if agency.council_id != plan.council_id]:
            raise Incomplete(f"{', '.join(foreign)} không thuộc {plan.council}.")
        stored, changed = {party.agency_id: party for party in plan.parties.all()}, []
        for agency, role in roles.items():
            party = stored.get(agency.pk)
            if party is None:
                PlanParty.objects.create(plan=plan, agency=agency, role=role, sort_order=agency.protocol_order)
            elif party.role != role:
                party.role = role
                party.save(update_fields=["role"])
            else:
                continue
            changed.append(f"{agency.short_name}: {PlanParty.Role(role).label.lower()}")
        if changed:
            summary = f"Xác định các bên của kế hoạch {plan.number or plan.title}: {'; '.join(changed)}"
            record(by=by, now=now, verb="set_party_roles", obj=plan, summary=summary)
    return plan
