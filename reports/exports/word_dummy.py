"""A made-up report with at least one of everything, to try a template on. Nothing in it is real."""

from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.catalogue import INDICATORS
from reports.drafting import draft_narrative
from reports.values import (
    DUE_STATES,
    AgencyFigure,
    AgencyRow,
    Cell,
    Consolidation,
    CouncilPart,
    Counts,
    IndicatorRow,
    PeriodPart,
    PlanRow,
    TaskRow,
    Words,
)

_AGENCIES = (("a", "Cơ quan A", "CQ A"), ("b", "Cơ quan B của tỉnh Ví Dụ", "CQ B"), ("c", "Cơ quan C", "CQ C"))


def dummy_consolidation() -> Consolidation:
    """Three agencies, two plans, a task in every state, every indicator of the catalogue."""
    tasks = tuple(_task(at, state) for at, state in enumerate(DUE_STATES))
    counts = {code: sum((Counts.one(task.state) for task in tasks if task.lead == code), Counts()) for code in "abc"}
    plans = {plan: sum((Counts.one(task.state) for task in tasks if task.plan == plan), Counts()) for plan in (1, 2)}
    return Consolidation(
        council=CouncilPart(
            code="vi-du",
            name="Hội đồng phối hợp phổ biến, giáo dục pháp luật tỉnh Ví Dụ",
            short_name="tỉnh Ví Dụ",
            place="Ví Dụ",
            parent_body="Ủy ban nhân dân tỉnh Ví Dụ",
            standing_agency="Sở Tư pháp tỉnh Ví Dụ",
            standing_agency_abbreviation="STP",
            chair_name="Họ Và Tên",
            standing_vice_chair_name="Họ Và Tên",
        ),
        period=PeriodPart(
            code="2024-q2",
            label="Quý II/2024",
            long_label="Quý II/2024",
            starts_on=date(2024, 3, 15),
            ends_on=date(2024, 6, 14),
            agency_due_on=date(2024, 6, 17),
            next_label="Quý III/2024",
            previous_label="Quý I/2024",
            last_year_label="Quý II/2023",
            locked=False,
        ),
        as_of=date(2024, 6, 14),
        totals=sum(counts.values(), Counts()),
        agencies=tuple(
            AgencyRow(code, name, short, "accepted", "Đã tiếp nhận", date(2024, 6, 14), True, False, counts[code])
            for code, name, short in _AGENCIES
        ),
        plans=tuple(
            PlanRow(at, f"0{at}/KHPH-VD", f"Kế hoạch ví dụ {at}", date(2024, 1, 5), plans[at]) for at in (1, 2)
        ),
        cells=tuple(Cell(code, 1, counts[code]) for code in "abc"),
        indicators=tuple(_indicator(at, *row[:7]) for at, row in enumerate(INDICATORS, 1)),
        tasks=tasks,
        words=(Words("a", "Cơ quan A", "direction", "Đã ban hành kế hoạch thực hiện."),),
    )


def dummy_parts(*, draft: bool = True) -> dict[str, Any]:
    """What the report needs beside the numbers."""
    value = dummy_consolidation()
    return {
        "narrative": draft_narrative(value),
        "signing": "vice",
        "signer": "",
        "addressee": "Ủy ban nhân dân tỉnh Ví Dụ",
        "recipients": ["Như trên", "Thành viên Hội đồng"],
        "number": "" if draft else "15",
        "issued_on": None if draft else date(2024, 6, 20),
        "draft": draft,
    }


def _task(at: int, state: str) -> TaskRow:
    code, name, _short = _AGENCIES[at % 3]
    return TaskRow(
        id=at,
        plan=1 + at % 2,
        plan_number=f"0{1 + at % 2}/KHPH-VD",
        section="II. Nội dung phối hợp",
        number=f"{at + 1}.",
        title="Nội dung nhiệm vụ ví dụ",
        lead=code,
        lead_name=name,
        supporting_names=("Cơ quan D", "Cơ quan E"),
        timing_text="Quý II/2024",
        due_on=date(2024, 6, 14),
        state=state,
        status_label=DUE_STATES[state],
        percent=100 if state == "done" else 40,
        completed_on=date(2024, 6, 7) if state == "done" else None,
        result="Kết quả ví dụ.",
        difficulty="Lý do ví dụ." if state == "overdue" else "",
        proposal="",
        new_expected_on=date(2024, 7, 30) if state == "overdue" else None,
        reported=True,
    )


def _indicator(at: int, code: str, name: str, unit: str, nature: str, decimals: int, parent: str, group: str):
    figures = tuple(AgencyFigure(agency, Decimal(at * step)) for step, agency in enumerate("abc", 1))
    total = sum((figure.value for figure in figures), Decimal(0))
    before = None if at % 4 == 0 else total - 1
    return IndicatorRow(code, name, unit, nature, decimals, parent, group, total, before, before, figures)
