"""Rules over a consolidated value: total rows are the sums of what stands under them, at every level."""

from collections import defaultdict
from collections.abc import Iterator

from reports.rules.pairs import SUMS
from reports.values import Consolidation, Counts, IndicatorRow


def total_rows_add_up(value: Consolidation) -> Iterator[str]:
    """V18: Σ tasks = Σ agencies = Σ plans = totals, each agency and each plan = Σ its cells, each indicator = Σ its
    agencies, and a whole = Σ its parts wherever the same agencies reported all of them."""
    tasks = sum((Counts.one(task.state) for task in value.tasks), Counts())
    levels = {"các nhiệm vụ": tasks, "các cơ quan": _sum(value.agencies), "các kế hoạch": _sum(value.plans)}
    for name, total in levels.items():
        if total != value.totals:
            yield f"Dòng tổng nhiệm vụ khác tổng {name}."
    by_agency, by_plan = defaultdict(Counts), defaultdict(Counts)
    for cell in value.cells:
        by_agency[cell.agency] += cell.counts
        by_plan[cell.plan] += cell.counts
    for agency in value.agencies:
        if by_agency[agency.code] != agency.counts:
            yield f"Dòng {agency.short_name} khác tổng các kế hoạch của cơ quan."
    for plan in value.plans:
        if by_plan[plan.id] != plan.counts:
            yield f"Dòng kế hoạch {plan.number} khác tổng các cơ quan trong kế hoạch."
    for row in value.indicators:
        if row.by_agency and sum(figure.value for figure in row.by_agency) != row.value:
            yield f"Chỉ tiêu {row.code} khác tổng các cơ quan."
        elif not row.by_agency and row.value:
            yield f"Chỉ tiêu {row.code} có tổng số nhưng không cơ quan nào báo cáo."
    yield from _wholes(value)


def _sum(rows) -> Counts:
    return sum((row.counts for row in rows), Counts())


def _wholes(value: Consolidation) -> Iterator[str]:
    for rule, whole, parts in SUMS:
        total, rows = value.indicator(whole), [value.indicator(part) for part in parts]
        if total is None or None in rows or any(_who(row) != _who(total) for row in rows):
            continue  # not all of them reported all of it: the sum says nothing
        if total.value is not None and total.value != sum(row.value for row in rows):
            yield f"Chỉ tiêu {whole} khác tổng {' + '.join(parts)} ({rule})."


def _who(row: IndicatorRow) -> set[str]:
    return {figure.agency for figure in row.by_agency}
