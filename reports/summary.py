"""What the leaders' page shows, all of it taken from the consolidated value: page, files and JSON cannot disagree."""

from dataclasses import dataclass
from datetime import date

from reports.calendars import previous
from reports.charts import Bar, Trend, small_bar, trend
from reports.consolidation import consolidate
from reports.models import Period
from reports.values import AgencyRow, Consolidation, Counts, PlanRow, TaskRow

TREND_PERIODS = 8


@dataclass(frozen=True)
class GridCell:
    """One agency in one plan: counts and their small bar."""

    plan: PlanRow
    counts: Counts
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class GridRow:
    """One agency over the plans."""

    agency: AgencyRow
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class Summary:
    """One page for a leader: the sentence on top, the grid, the trend, the worst delays."""

    value: Consolidation
    before: Consolidation | None
    sentence: str
    grid: tuple[GridRow, ...]
    trend: Trend
    delays: tuple[TaskRow, ...]


def summarise(period: Period, *, as_of: date) -> Summary:
    """The summary of a period as of a day."""
    value = consolidate(period, as_of=as_of)
    council = Period.objects.filter(council=period.council_id).select_related("council__standing_agency")
    quarters = list(council.quarters().filter(ends_on__lte=period.ends_on).order_by("-starts_on")[:TREND_PERIODS])
    points, before = [], None
    for other in reversed(quarters):
        its = value if other.pk == period.pk else consolidate(other, as_of=as_of)
        points.append((its.period.label, its.period.code, its.totals))
        if other.code == previous(period.span).code:
            before = its
    if not period.is_quarter and (earlier := council.filter(code=previous(period.span).code).first()):
        before = consolidate(earlier, as_of=as_of)
    late = sorted((task for task in value.tasks if task.state == "overdue"), key=lambda task: task.due_on)
    return Summary(
        value=value,
        before=before,
        sentence=sentence(value),
        grid=tuple(_grid_row(agency, value) for agency in value.agencies),
        trend=trend(points),
        delays=tuple(late[:5]),
    )


def _grid_row(agency: AgencyRow, value: Consolidation) -> GridRow:
    cells = ((plan, value.cell(agency.code, plan.id)) for plan in value.plans)
    return GridRow(agency, tuple(GridCell(plan, counts, small_bar(counts)) for plan, counts in cells))


def sentence(value: Consolidation) -> str:
    """The state of the campaign in one plain sentence."""
    owed, handed = value.reporting, [row for row in value.reporting if row.handed_in_on]
    parts = [f"{len(handed)}/{len(owed)} cơ quan đã nộp báo cáo, {len(value.accepted)} đã được tiếp nhận"]
    if value.totals.overdue:
        worst = max(value.agencies, key=lambda row: row.counts.overdue)
        parts.append(f"{value.totals.overdue} nhiệm vụ quá hạn, nhiều nhất ở {worst.short_name}")
    else:
        parts.append("không có nhiệm vụ quá hạn")
    if value.totals.due_soon:
        parts.append(f"{value.totals.due_soon} nhiệm vụ sắp đến hạn")
    return "; ".join(parts) + "."


def selected(value: Consolidation, *, state: str = "", agency: str = "", plan: str = "") -> tuple[TaskRow, ...]:
    """The tasks behind a number of the page: by state, lead agency and plan ('' is all that count).

    Suspended tasks stand apart from every total, so they are listed only when asked for.
    """
    return tuple(
        task
        for task in value.tasks
        if (task.state == state if state else task.state != "suspended")
        and (not agency or task.lead == agency)
        and (not plan or str(task.plan) == plan)
    )
