"""How far a plan is, from its rows as one person may see them: by section, by agency, and along its months.

Who sees the whole council counts every task. Everybody else counts the tasks that they may open; of other agencies
they get one sum (domain.md §8.1: aggregate numbers of others).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from campaigns.models import Assignment, Task

# A plan of a longer time is drawn from the years in which something is due.
MOST_YEARS = 10


@dataclass
class Tally:
    """Tasks that were not cancelled: how many, done, past their date."""

    total: int = 0
    done: int = 0
    overdue: int = 0

    def add(self, task: Task, today: date) -> None:
        """Count one task as of ``today``."""
        if task.status == Task.Status.CANCELLED:
            return
        self.total += 1
        self.done += task.status == Task.Status.DONE
        late = task.status not in (Task.Status.DONE, Task.Status.ON_HOLD)
        self.overdue += bool(late and task.due_date and task.due_date < today)

    @property
    def percent(self) -> float | None:
        """Done of all, 0–100; None without a task."""
        return 100 * self.done / self.total if self.total else None


@dataclass
class Block:
    """A main section of the signed list with all that stands under it; without ``heading`` for loose tasks."""

    heading: object | None
    rows: list = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    task_count: int = 0


def blocks_of(rows, today: date) -> list[Block]:
    """The rows of a plan (campaigns.views.plans.PlanRow) cut at its main sections, in the order of the signed text."""
    blocks: list[Block] = []
    for row in rows:
        if row.is_heading and row.depth == 0:
            blocks.append(Block(row.item))
            continue
        if not blocks or (not row.is_heading and row.depth == 0 and blocks[-1].heading is not None):
            blocks.append(Block(None))
        blocks[-1].rows.append(row)
        if not row.is_heading:
            blocks[-1].task_count += 1
            if row.item.is_open:
                blocks[-1].tally.add(row.item.task, today)
    return blocks


@dataclass
class AgencyProgress:
    """One agency's part: the tasks that it leads, and how many it supports. Without a name: all others together."""

    name: str
    agency_id: int | None
    led: Tally = field(default_factory=Tally)
    supported: int = 0


def progress_by_agency(task_rows, today: date, *, own: frozenset[int] | None) -> list[AgencyProgress]:
    """A row per agency that carries tasks now, in protocol order; ``own`` is None for who sees the whole council."""
    found: dict[int | None, AgencyProgress] = {}
    order: dict[int | None, tuple] = {None: (1,)}
    others: set[int] = set()
    for row in task_rows:
        if row.task.status == Task.Status.CANCELLED:
            continue
        for part in row.task.carriers:
            key, name = part.agency_id, part.agency.name
            order[key] = (0, part.agency.protocol_order, part.agency.code)
            if own is not None and key not in own:
                others.add(key)
                key, name = None, ""
            entry = found.setdefault(key, AgencyProgress(name, key))
            if part.role == Assignment.Role.LEAD:
                entry.led.add(row.task, today)
            else:
                entry.supported += 1
    if None in found:
        found[None].name = f"{len(others)} cơ quan khác, cộng chung"
    return [found[key] for key in sorted(found, key=lambda key: order[key])]


@dataclass
class Month:
    """A month of the plan and the tasks due in it, by date."""

    first: date
    within: bool
    is_now: bool
    rows: list = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """The plan's years, each of twelve months; and how many tasks have no date, by what the plan says instead."""

    years: list[tuple[int, list[Month]]]
    undated: list[tuple[str, int]]
    dated: int

    @property
    def busy(self) -> list[Month]:
        """The months in which something is due, and the present one."""
        return [month for _year, months in self.years for month in months if month.rows or month.is_now]


def timeline_of(plan, task_rows, today: date) -> Timeline:
    """The plan's tasks along its months, cancelled ones left out."""
    standing = [row for row in task_rows if row.task.status != Task.Status.CANCELLED]
    dated = sorted((row for row in standing if row.task.due_date), key=lambda row: row.task.due_date)
    undated = Counter(
        row.task.get_recurrence_display() if row.task.recurrence else "Không ghi ngày"
        for row in standing
        if not row.task.due_date
    )
    first, last = plan.starts_on, plan.ends_on
    if dated:
        first, last = min(first, dated[0].task.due_date), max(last, dated[-1].task.due_date)
    years = list(range(first.year, last.year + 1))
    if len(years) > MOST_YEARS:
        years = sorted({row.task.due_date.year for row in dated})[:MOST_YEARS]
    by_month: dict[tuple[int, int], list] = {}
    for row in dated:
        by_month.setdefault((row.task.due_date.year, row.task.due_date.month), []).append(row)
    grid = [(year, [_month(plan, date(year, number, 1), today, by_month) for number in range(1, 13)]) for year in years]
    return Timeline(grid, sorted(undated.items(), key=lambda item: (-item[1], item[0])), len(dated))


def _month(plan, first: date, today: date, by_month) -> Month:
    here = (first.year, first.month)
    within = (plan.starts_on.year, plan.starts_on.month) <= here <= (plan.ends_on.year, plan.ends_on.month)
    return Month(first, within, here == (today.year, today.month), by_month.get(here, []))
