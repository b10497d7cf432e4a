"""Rules V01–V04 of plans and tasks: each function says in words what is wrong or odd; the verbs decide what follows."""

import re
from collections.abc import Iterable
from datetime import date

from agencies.models import Agency, Council
from agencies.vietnamese import fold
from campaigns.models import Plan, Task


def span_in_order(title: str, starts_on: date, ends_on: date) -> list[str]:
    """V03: a plan has a name and ends no earlier than it begins."""
    todo = []
    if not title.strip():
        todo.append("Kế hoạch cần có trích yếu.")
    if ends_on < starts_on:
        todo.append(f"Ngày kết thúc {ends_on:%d/%m/%Y} trước ngày bắt đầu {starts_on:%d/%m/%Y} (V03).")
    return todo


def plan_warnings(plan: Plan, tasks: Iterable[Task]) -> list[tuple[str, str]]:
    """V03: what is odd in a plan, as (rule, words): signed after it began without a note, tasks due outside it."""
    found = []
    if plan.signed_on and plan.signed_on > plan.starts_on and not plan.note.strip():
        found.append(
            f"Ngày ký {plan.signed_on:%d/%m/%Y} sau ngày bắt đầu thực hiện {plan.starts_on:%d/%m/%Y}; hãy kiểm tra "
            "lại, hoặc ghi lý do ở mục Ghi chú của kế hoạch."
        )
    for task in tasks:
        if day := outside_plan(plan, task.starts_on, task.due_date):
            found.append(
                f"Nhiệm vụ “{task}” có ngày {day:%d/%m/%Y} ngoài thời gian của kế hoạch ({plan.starts_on:%d/%m/%Y} – "
                f"{plan.ends_on:%d/%m/%Y})."
            )
    return [("V03", words) for words in found]


def outside_plan(plan: Plan, *days: date | None) -> date | None:
    """V03: the first of the days that is not within the plan, None when all are."""
    return next((day for day in days if day and not plan.starts_on <= day <= plan.ends_on), None)


def number_is_free(council: Council, number: str, year: int, *, except_plan: int | None = None) -> bool:
    """V04: whether no other plan of the council has this number in the year it was signed ('01/KH' is '1/KH')."""
    if not (wanted := _plain(number)):
        return True
    taken = Plan.objects.filter(council=council).exclude(state=Plan.State.CANCELLED).exclude(pk=except_plan)
    rows = taken.exclude(number="").values_list("number", "signed_on", "starts_on")
    return all(_plain(known) != wanted or (signed or begins).year != year for known, signed, begins in rows)


def _plain(number: str) -> str:
    return re.sub(r"\s+", "", fold(number)).lstrip("0")


def agencies_fit(plan: Plan, lead: Agency, supporting: list[Agency]) -> list[str]:
    """V01, V02: one lead that does not also support; agencies of the council, existing while the plan runs."""
    todo = []
    if lead in supporting:
        todo.append(f"{lead} vừa chủ trì vừa phối hợp; mỗi nhiệm vụ có một đơn vị chủ trì duy nhất (V01).")
    for agency in (lead, *supporting):
        if agency.council_id != plan.council_id:
            todo.append(f"{agency} không thuộc {plan.council}.")
        elif agency.valid_from > plan.ends_on or (agency.valid_to and agency.valid_to <= plan.starts_on):
            todo.append(f"{agency} không tồn tại trong thời gian của kế hoạch (V02).")
    return todo


def valid_on(agency: Agency, day: date) -> list[str]:
    """V02: an agency that is given work on a day exists on that day."""
    if agency.exists_on(day):
        return []
    return [f"{agency} không tồn tại vào ngày {day:%d/%m/%Y} (V02); hãy chọn cơ quan kế thừa."]
