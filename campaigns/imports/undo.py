"""What an import did, remembered row by row, and taken back as long as nothing of it is used."""

from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ProtectedError, RestrictedError

from agencies.errors import NotAllowed, WrongState
from agencies.history import acting, record
from agencies.permissions import Perm, can
from campaigns.models import Activity, Assignment, Evidence, Plan, PlanImport, PlanParty, PlanSection, Target, Task

# In the order in which rows depend on each other: the last is deleted first.
_MODELS = {"plan": Plan, "party": PlanParty, "section": PlanSection, "task": Task, "assignment": Assignment}
_PLAN_OF = {"plan": "pk", "party": "plan", "section": "plan", "task": "plan", "assignment": "task__plan"}
_NOT_COMPARED = {"id", "folded", "state"}


def rows_of(plan: Plan | None) -> dict[str, dict[str, dict]]:
    """Every row of a plan as plain values: {kind: {key: {field: value}}}. Five queries, whatever the plan's length."""
    if plan is None:
        return {kind: {} for kind in _MODELS}
    return {kind: _values(kind, {_PLAN_OF[kind]: plan.pk}) for kind in _MODELS}


def _values(kind: str, where: dict) -> dict[str, dict]:
    model = _MODELS[kind]
    fields = [field for field in model._meta.concrete_fields if field.attname not in _NOT_COMPARED]
    encode = DjangoJSONEncoder().default
    return {
        str(row["pk"]): {
            field.attname: value if isinstance(value := row[field.attname], _PLAIN) else encode(value)
            for field in fields
        }
        for row in model._default_manager.filter(**where).values("pk", *(field.attname for field in fields))
    }


_PLAIN = (str, int, bool, list, type(None))


def remember(
    *, plan: Plan, before: dict, by, now: datetime, file_name: str, digest: str, corrections: dict
) -> PlanImport:
    """Write down what an import made and changed. Called by ``import_plan``, inside its transaction."""
    rows: dict[str, dict] = {}
    for kind, after in rows_of(plan).items():
        old = before[kind]
        rows[kind] = {key: [old.get(key), values] for key, values in after.items() if old.get(key) != values}
    return PlanImport.objects.create(
        council=plan.council,
        plan=plan,
        by=by,
        at=now,
        file_name=file_name[:255],
        digest=digest,
        rows=rows,
        corrections=corrections,
    )


def undoable(plan: Plan) -> PlanImport | None:
    """The plan's latest import when it can be undone now; None otherwise."""
    if plan.state != Plan.State.DRAFT:
        return None
    done = plan.imports.filter(undone_at__isnull=True).select_related("council", "by").order_by("-pk").first()
    return done if done is not None and not why_not(done) else None


def why_not(done: PlanImport) -> list[str]:
    """Why an import cannot be undone; [] when it can."""
    plan = done.plan
    if plan is None:
        return ["Kế hoạch của lần nhập này không còn."]
    if plan.state != Plan.State.DRAFT:
        return [f"Kế hoạch đã ở trạng thái “{plan.get_state_display()}”."]
    now = rows_of(plan)
    changed = {
        kind: [key for key, (_before, after) in done.rows[kind].items() if now[kind].get(key) != after]
        for kind in _MODELS
    }
    reasons = []
    if changed["plan"]:
        reasons.append("Kế hoạch đã được sửa sau khi nhập.")
    touched = {int(key) for key in changed["task"]}
    touched |= {now["assignment"].get(key, done.rows["assignment"][key][1])["task_id"] for key in changed["assignment"]}
    if touched:
        named = ", ".join(f"“{task}”" for task in Task.objects.filter(pk__in=touched)[:3]) or "đã bị xóa"
        reasons.append(f"{len(touched)} nhiệm vụ đã được sửa sau khi nhập: {named}.")
    if changed["section"] or changed["party"]:
        reasons.append("Các mục hoặc các bên của kế hoạch đã được sửa sau khi nhập.")
    made = [int(key) for key, (before, _after) in done.rows["task"].items() if before is None]
    if Activity.objects.filter(tasks__in=made).exists() or Evidence.objects.filter(task__in=made).exists():
        reasons.append("Nhiệm vụ đã có hoạt động hoặc minh chứng.")
    if Target.objects.filter(task__in=made).exists():
        reasons.append("Nhiệm vụ đã có chỉ tiêu được giao.")
    return reasons + _others(done, now)


def _others(done: PlanImport, now: dict) -> list[str]:
    """What would go with the plan, or hang in the air, though this import did not make it."""
    made = {kind: {key for key, (before, _after) in rows.items() if before is None} for kind, rows in done.rows.items()}
    if made["plan"]:
        if any(set(now[kind]) - made[kind] for kind in ("party", "section", "task")):
            return ["Kế hoạch đã được thêm nhiệm vụ, mục hoặc bên ký kết sau khi nhập."]
        if done.plan.files.exists() or done.plan.targets.exists():
            return ["Kế hoạch đã có văn bản hoặc chỉ tiêu đính kèm."]
        return []
    for kind, field in (("task", "section_id"), ("section", "parent_id")):
        if any(
            str(values[field]) in made["section"] and key not in done.rows[kind] for key, values in now[kind].items()
        ):
            return ["Mục do lần nhập này tạo đã có nhiệm vụ khác."]
    parties = {str(now["party"][key]["agency_id"]) for key in made["party"] if key in now["party"]}
    others = (values for key, values in now["assignment"].items() if key not in made["assignment"])
    if any(str(values["agency_id"]) in parties and values["date_to"] is None for values in others):
        return ["Bên ký kết do lần nhập này thêm đã có nhiệm vụ khác."]
    return []


def undo_import(*, done: PlanImport, by, now: datetime) -> PlanImport:
    """Take back exactly what an import did: rows it made are removed, rows it changed get their values back.

    Undoing twice changes nothing. Raises NotAllowed, or WrongState with every reason once something of it is used:
    the plan is in force, a row was edited since, a task has activities, evidence, targets or report lines.
    """
    if by is not None and not can(by, Perm.MANAGE_PLANS, done.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được lập, nhập và điều chỉnh kế hoạch.")
    with acting(by=by, verb="undo_import"):
        done = PlanImport.objects.select_for_update(of=("self",)).select_related("council").get(pk=done.pk)
        if done.undone_at is not None:
            return done
        plan = Plan.objects.select_for_update(of=("self",)).filter(pk=done.plan_id).first()
        done.plan = plan
        if reasons := why_not(done):
            raise WrongState(f"Không hoàn tác được lần nhập “{done.file_name}”; không có gì thay đổi.", *reasons)
        try:
            counts = _take_back(done)
        except (ProtectedError, RestrictedError) as error:
            raise WrongState(
                f"Không hoàn tác được lần nhập “{done.file_name}”: nhiệm vụ đã được dùng trong báo cáo. "
                "Không có gì thay đổi."
            ) from error
        done.undone_at, done.undone_by = now, by
        done.plan = Plan.objects.filter(pk=done.plan_id).first() if done.plan_id else None
        done.save(update_fields=["undone_at", "undone_by", "plan"])
        summary = f"Hoàn tác nhập phụ lục “{done.file_name}”: {counts}"
        record(by=by, now=now, verb="undo_import", obj=done.plan or done, summary=summary)
    return done


def _take_back(done: PlanImport) -> str:
    """Remove and restore, the dependent rows first; says how many tasks."""
    removed = restored = 0
    for kind in reversed(_MODELS):
        model, rows = _MODELS[kind], done.rows[kind]
        made = [int(key) for key, (before, _after) in rows.items() if before is None]
        if kind != "plan" or not made:
            model._default_manager.filter(pk__in=made).delete()
        else:
            PlanImport.objects.filter(plan=made[0]).update(plan=None)
            model._default_manager.filter(pk__in=made).delete()
        for key, (before, _after) in rows.items():
            if before is not None:
                row = model._default_manager.get(pk=int(key))
                for name, value in before.items():
                    setattr(row, name, model._meta.get_field(name).to_python(value))
                row.save()
        if kind == "task":
            removed, restored = len(made), len(rows) - len(made)
    said = f"gỡ {removed} nhiệm vụ, trả lại {restored} nhiệm vụ như trước"
    return f"{said}, gỡ dự thảo kế hoạch" if any(before is None for before, _ in done.rows["plan"].values()) else said
