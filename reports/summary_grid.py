"""The grid of the leaders' page: lead agency × plan, bounded to what fits one printed page and can be read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts import Bar, small_bar
from reports.values import AgencyRow, Counts, PlanRow, Told

AGENCIES = 30  # rows that fit one printed A4 page beside all the rest
PLANS = 7  # columns that fit its width


@dataclass(frozen=True)
class GridCell:
    """One agency, or the rest of them, in one plan, or in the rest of them (None): counts and their small bar."""

    plan: PlanRow | None
    counts: Counts
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class GridRow:
    """One agency over the plans; ``agency`` None stands for ``others`` agencies that have no row of their own."""

    agency: AgencyRow | None
    cells: tuple[GridCell, ...]
    counts: Counts
    bars: tuple[Bar, ...]
    others: int = 0


@dataclass(frozen=True)
class Grid:
    """The rows, the plans with a column of their own, and how many have none: those are added up in a last column."""

    rows: tuple[GridRow, ...]
    plans: tuple[PlanRow, ...]
    other_plans: int = 0


def grid_of(value: Told) -> Grid:
    """Of more agencies, or plans, than fit the most troubled stand in their own order; the rest is added up."""
    leading = [row for row in value.agencies if row.counts.tasks]
    counted = [row for row in value.plans if row.counts.tasks]
    agencies, plans = most_troubled(leading, AGENCIES), most_troubled(counted, PLANS)
    own_row, own_column = {row.code for row in agencies}, {row.id for row in plans}
    counts: dict[tuple[str, int], Counts] = defaultdict(Counts)
    for cell in value.cells:
        at = cell.agency if cell.agency in own_row else "", cell.plan if cell.plan in own_column else 0
        counts[at] += cell.counts
    columns: list[PlanRow | None] = list(plans)
    others = len(counted) - len(plans)
    if others:
        columns.append(None)

    def row(agency: AgencyRow | None, total: Counts, many: int = 0) -> GridRow:
        own = [counts[agency.code if agency else "", plan.id if plan else 0] for plan in columns]
        cells = tuple(GridCell(plan, one, small_bar(one)) for plan, one in zip(columns, own, strict=True))
        return GridRow(agency, cells, total, small_bar(total), many)

    rows = [row(agency, agency.counts) for agency in agencies]
    if rest := [agency for agency in leading if agency.code not in own_row]:
        rows.append(row(None, sum((agency.counts for agency in rest), Counts()), len(rest)))
    return Grid(tuple(rows), tuple(plans), others)


def most_troubled(rows: Sequence, most: int) -> list:
    """Agencies or plans, or as many of them as fit: the most troubled ones then, in their own order."""
    if len(rows) <= most:
        return list(rows)
    troubled = sorted(rows, key=lambda row: (-row.counts.overdue, -row.counts.due_soon, -row.counts.tasks))
    kept = {id(row) for row in troubled[: most - 1]}
    return [row for row in rows if id(row) in kept]
