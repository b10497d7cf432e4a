"""The annexes of the report as plain rows of text: figures of legal education and mediation, tasks and their state."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from campaigns.catalogue import STANDING_AGENCY_GROUPS
from reports.drafting import change, missing_sentence, partial_sentence, settlement_rates
from reports.drafting.phrases import LATEST_WITHIN
from reports.values import Consolidation, IndicatorRow, TaskRow
from reports.wording import count, day, in_sentence, percent, signed_percent
from reports.wording import number as digits

AGENCIES_PER_TABLE = 8
_LEGEND = " Dấu “—”: chưa có số liệu hoặc không tính được tỷ lệ; số 0: không phát sinh."


def annexes(value: Consolidation) -> dict[str, Any]:
    """Three annexes: number, title, rows and note of each."""
    period = in_sentence(value.period.long_label).upper()
    mediation = [row for row in value.indicators if row.group in STANDING_AGENCY_GROUPS]
    education = [row for row in value.indicators if row.group not in STANDING_AGENCY_GROUPS]
    of_decided, of_received = settlement_rates(value)
    rates = (
        f" Tỷ lệ hòa giải thành: {percent(of_decided)} (hòa giải thành ÷ (hòa giải thành + hòa giải không thành)); "
        f"{percent(of_received)} (hòa giải thành ÷ tổng số vụ việc tiếp nhận)."
    )
    return {
        "education": _figures("Phụ lục I", f"SỐ LIỆU PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT {period}", education, value),
        "mediation": _figures("Phụ lục II", f"SỐ LIỆU HÒA GIẢI Ở CƠ SỞ {period}", mediation, value, rates),
        "tasks": {
            "number": "Phụ lục III",
            "title": f"TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ {period}",
            "rows": _task_rows(value) or [{"heading": True, "name": "Không có nhiệm vụ trong kỳ."}],
        },
    }


def _figures(
    title_number: str, title: str, rows: Sequence[IndicatorRow], value: Consolidation, remark: str = ""
) -> dict[str, Any]:
    lines: list[dict[str, Any]] = []
    group, index = None, 0
    for row in rows:
        if row.group != group:
            group, index = row.group, 0
            lines.append({"heading": True, "name": row.group})
        index += not row.parent
        lines.append(
            {
                "heading": False,
                "index": "" if row.parent else index,
                "name": _indented(row, rows),
                "unit": row.unit,
                "value": digits(row.value, row.decimals),
                "previous": digits(row.previous, row.decimals) + _mark(row.previous, row.previous_note),
                "change": signed_percent(change(value, row.value, row.previous)),
                "last_year": digits(row.last_year, row.decimals) + _mark(row.last_year, row.last_year_note),
                "change_year": signed_percent(change(value, row.value, row.last_year)),
            }
        )
    return {
        "number": title_number,
        "title": title,
        "rows": lines or [{"heading": True, "name": "Chưa có số liệu."}],
        "note": _scope(value) + _sole_source(rows, value) + remark + _LEGEND + _comparisons(rows, value),
        "blocks": _blocks(rows, value),
    }


def _indented(row: IndicatorRow, rows: Sequence[IndicatorRow]) -> str:
    if not row.parent:
        return row.name
    deeper = any(other.code == row.parent and other.parent for other in rows)
    return f"{'+' if deeper else '-'} {row.name}"


def _mark(before: Decimal | None, note: str) -> str:
    """The mark of a comparison that must be read with its note."""
    return " (*)" if note and before is not None else ""


def _comparisons(rows: Sequence[IndicatorRow], value: Consolidation) -> str:
    """Why comparisons are marked or left out, and what else must be known beside the numbers, each said once."""
    notes = [note for row in rows for note in (row.previous_note, row.last_year_note) if note]
    told = " ".join(dict.fromkeys([*notes, *value.notes]))
    return f" {told}" if told else ""


def _sole_source(rows: Sequence[IndicatorRow], value: Consolidation) -> str:
    """A sentence instead of a table by agency, when one agency alone reported all the figures."""
    sources = {figure.agency for row in rows for figure in row.by_agency}
    names = [agency.name for agency in value.agencies if agency.code in sources]
    return f" Toàn bộ số liệu do {names[0]} báo cáo." if len(names) == 1 else ""


def _blocks(rows: Sequence[IndicatorRow], value: Consolidation) -> list[dict[str, Any]]:
    """The figures by agency, the agencies that reported any spread evenly over tables narrow enough for the page."""
    reported = [row for row in rows if row.by_agency]
    with_figures = {figure.agency for row in reported for figure in row.by_agency}
    agencies = [agency for agency in value.agencies if agency.code in with_figures]
    if len(agencies) < 2:
        return []
    many = math.ceil(len(agencies) / AGENCIES_PER_TABLE)
    size = math.ceil(len(agencies) / many)
    blocks = []
    for part in range(many):
        chosen = agencies[part * size : (part + 1) * size]
        blocks.append(
            {
                "part": f" (phần {part + 1}/{many})" if many > 1 else "",
                "agencies": [{"name": agency.short_name or agency.name} for agency in chosen],
                "rows": [
                    {
                        "name": _indented(row, rows),
                        "unit": row.unit,
                        "figures": [digits(row.of(agency.code), row.decimals) for agency in chosen],
                        "total": digits(row.value, row.decimals),
                    }
                    for row in reported
                ],
            }
        )
    return blocks


def _task_rows(value: Consolidation) -> list[dict[str, Any]]:
    plans = {plan.id: plan for plan in value.plans}
    names = {agency.code: agency.short_name or agency.name for agency in value.agencies}
    rows: list[dict[str, Any]] = []
    current, section = None, ""
    for task in value.tasks:
        if task.plan != current:
            current, plan = task.plan, plans.get(task.plan)
            rows.append({"heading": True, "name": _plan_name(plan) if plan else task.plan_number})
            section = ""
        if task.section and task.section != section:
            # The annex keeps its headings: "1." under "II." is not "1." under "I.".
            section = task.section
            rows.append({"heading": True, "name": section})
        rows.append(
            {
                "heading": False,
                "number": task.number,
                "title": task.title,
                "lead": task.lead_name or names.get(task.lead, task.lead),
                "supporting": "; ".join(task.supporting_names),
                "timing": task.timing_text or day(task.due_on),
                "state": task.state_label,
                "percent": digits(task.percent),
                "result": _result(task),
                "reason": _reason(task),
            }
        )
    return rows


def _plan_name(plan) -> str:
    signed = f"ngày {day(plan.signed_on)}" if plan.signed_on else ""
    sources = ", ".join(filter(None, (f"số {plan.number}" if plan.number else "", signed)))
    return f"{plan.title} ({sources})" if sources else plan.title


def _result(task: TaskRow) -> str:
    lines = [task.result.strip()] if task.result.strip() else []
    if task.completed_on:
        lines.append(f"Hoàn thành ngày {day(task.completed_on)}.")
    if not task.reported:
        lines.append("(chưa có báo cáo)")
    return "\n".join(lines)


def _reason(task: TaskRow) -> str:
    lines = [task.difficulty.strip()] if task.difficulty.strip() else []
    if task.state == "overdue" and not lines:
        lines.append("Đơn vị chưa nêu lý do.")
    if task.new_expected_on:
        lines.append(f"Dự kiến hoàn thành ngày {day(task.new_expected_on)}.")
    return "\n".join(lines)


def _scope(value: Consolidation) -> str:
    told = f"{count(len(value.accepted))}/{count(len(value.reporting))}"
    scope = f"Ghi chú: Số liệu tổng hợp từ báo cáo đã tiếp nhận của {told} cơ quan, đơn vị."
    if value.period.part_labels:
        parts = ", ".join(value.period.part_labels)
        scope = f"Ghi chú: Số liệu cộng từ báo cáo {parts} đã tiếp nhận; {told} cơ quan, đơn vị có đủ báo cáo các quý."
        if value.missing:
            scope += f" Chỉ tiêu tại thời điểm (đội ngũ, tổ hòa giải…) {LATEST_WITHIN}."
    return " ".join(filter(None, (scope, missing_sentence(value), partial_sentence(value))))
