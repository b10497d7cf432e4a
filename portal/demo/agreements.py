"""Entering plans as the secretariat does: by hand, task by task, or from the signed annex as a Word file."""

from datetime import datetime

from campaigns import workflow as verbs
from campaigns.evidence import store_evidence
from campaigns.imports.service import import_plan
from campaigns.models import Indicator, Plan
from campaigns.targets import set_target
from portal.demo.files import pdf, word
from portal.demo.pieces import PlanText
from portal.demo.world import World
from reports.opening import put_plan_in_force


def draft_plan(world: World, text: PlanText, now: datetime) -> Plan:
    """Write the plan down as a draft, with its sections, tasks, targets and, once it is signed, its signed text."""
    by = world.secretary
    plan = verbs.create_plan(
        council=world.council,
        by=by,
        now=now,
        number=text.number,
        title=text.title,
        kind=text.kind,
        signed_on=text.signed_on,
        starts_on=text.starts_on,
        ends_on=text.ends_on,
        legal_bases=text.legal_bases,
        parties=[world.agencies[code] for code in text.parties],
        note=text.note,
    )
    tasks, order = {}, 0
    for place, section in enumerate(text.sections, 1):
        heading = verbs.save_section(
            plan=plan,
            by=by,
            now=now,
            import_key=section.number,
            number=section.number,
            title=section.title,
            parent=None,
            sort_order=1000 * place,
        )
        for row in section.tasks:
            order += 10
            supporting = [world.agencies[code] for code in row.supporting]
            tasks[row.code], _changed = verbs.save_task(
                plan=plan,
                by=by,
                now=now,
                import_key=f"{section.number}/{row.number}",
                number=row.number,
                title=row.title,
                section=heading,
                lead=world.agencies[row.lead],
                supporting=supporting,
                supporting_text=", ".join(agency.short_name for agency in supporting),
                timing_text=row.timing,
                due_date=row.due,
                recurrence=row.recurrence,
                expected_output=row.output,
                sort_order=1000 * place + order,
            )
    world.remember(text, plan, tasks)
    set_targets(world, text, now)
    if text.signed_on:
        content = pdf(text.number, text.title, "Tài liệu minh họa, không phải văn bản đã ký")
        _keep_file(world, plan, f"{text.number.replace('/', '-')}.pdf", content, now)
    return plan


def annex_of(world: World, text: PlanText) -> bytes:
    """The plan's annex as a Word file, with the columns that provincial annexes have (domain catalogue §1.3)."""
    names = {code: agency.short_name for code, agency in world.agencies.items()}
    table = [
        ["STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện", "Sản phẩm, kết quả"]
    ]
    for section in text.sections:
        table.append([section.number, section.title, "", "", "", ""])
        for row in section.tasks:
            helpers = ", ".join(names[code] for code in row.supporting)
            table.append([row.number, row.title, names[row.lead], helpers, row.timing, row.output])
    return word(["PHỤ LỤC", f"(Kèm theo Kế hoạch số {text.number})"], table)


def import_signed_plan(world: World, text: PlanText, now: datetime) -> Plan:
    """Import the annex, add what an annex does not say, and put the plan into force."""
    by, content, name = world.secretary, annex_of(world, text), f"Phu luc {text.number.replace('/', '-')}.docx"
    plan = import_plan(
        council=world.council,
        content=content,
        filename=name,
        number=text.number,
        title=text.title,
        starts_on=text.starts_on,
        ends_on=text.ends_on,
        by=by,
        now=now,
    ).plan
    plan = verbs.amend_plan(
        plan=plan,
        by=by,
        now=now,
        signed_on=text.signed_on,
        legal_bases=list(text.legal_bases),
        note=text.note,
        parties=[world.agencies[code] for code in text.parties],
    )
    stored = {task.title: task for task in plan.tasks.all()}
    world.remember(text, plan, {task.code: stored[task.title] for task in text.tasks})
    set_targets(world, text, now)
    _keep_file(world, plan, name, content, now)
    world.plans[text.key], _lines = put_plan_in_force(plan=plan, by=by, now=now)
    return world.plans[text.key]


def _keep_file(world: World, plan: Plan, name: str, content: bytes, now: datetime) -> None:
    store_evidence(
        agency=world.council.standing_agency, by=world.secretary, now=now, name=name, content=content, plan=plan
    )


def set_targets(world: World, text: PlanText, now: datetime) -> None:
    """The numbers the plan wants to reach."""
    indicators = {row.code: row for row in Indicator.objects.filter(code__in=[row[1] for row in text.targets])}
    for code, indicator, year, value in text.targets:
        set_target(
            plan=world.plans[text.key],
            task=world.tasks[f"{text.key}/{code}"] if code else None,
            indicator=indicators[indicator],
            year=year,
            value=value,
            by=world.secretary,
            now=now,
        )


def sign_plan(world: World, text: PlanText, now: datetime) -> Plan:
    """Write the plan down and put it into force."""
    plan, _lines = put_plan_in_force(plan=draft_plan(world, text, now), by=world.secretary, now=now)
    world.plans[text.key] = plan
    return plan
