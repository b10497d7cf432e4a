"""What the leaders' page shows, all of it taken from the consolidated value: page, files and JSON cannot disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reports.calendars import parse_period, previous, quarters_of
from reports.charts import Bar, Chart, small_bar, trend_chart
from reports.consolidation import consolidate
from reports.freezing import totals_of, worst_delays
from reports.models import Period
from reports.side_by_side import waiting_for
from reports.standing import counts_by_lead
from reports.values import DUE_STATES, AgencyRow, Consolidation, Counts, PlanRow, TaskRow, Words

TREND_PERIODS = 8
GRID_AGENCIES = 30  # rows that fit one printed A4 page beside all the rest
WORDS_SHOWN = 3

TONES = {"done": "ok", "on_track": "info", "due_soon": "warn", "overdue": "bad"}


@dataclass(frozen=True)
class Saying:
    """A part of the sentence on top, and the list behind it as the query of an address ('' for none)."""

    text: str
    query: str = ""


@dataclass(frozen=True)
class Number:
    """One of the four numbers, with that of the period before (None when there was none)."""

    state: str
    value: int
    unreported: int  # of them, tasks whose lead has no accepted report this period
    before: int | None
    before_label: str
    before_code: str
    compared: bool  # False while reports of one of the two are missing: the difference would be of those alone

    @property
    def label(self) -> str:
        return DUE_STATES[self.state]

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def change(self) -> str:
        """The change in words: 'tăng 3', 'giảm 2', 'không đổi'; '' without a period to compare with."""
        return "" if self.before is None or not self.compared else change(self.value - self.before)


def change(difference) -> str:
    """A difference of two counts in words."""
    if not difference:
        return "không đổi"
    return f"tăng {difference}" if difference > 0 else f"giảm {-difference}"


@dataclass(frozen=True)
class GridCell:
    """One agency, or the rest of them, in one plan: counts and their small bar."""

    plan: PlanRow
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
class Point:
    """One period of the course over time."""

    label: str
    code: str
    counts: Counts


@dataclass(frozen=True)
class Delay:
    """One of the worst delays: the task, and by how many days it is late."""

    task: TaskRow
    days: int


@dataclass(frozen=True)
class Summary:
    """One page for a leader: the sentence on top, four numbers, the grid, the trend, the worst delays."""

    value: Consolidation
    sentence: tuple[Saying, ...]
    numbers: tuple[Number, ...]
    grid: tuple[GridRow, ...]
    trend: Chart | None
    delays: tuple[Delay, ...]
    asked: tuple[Words, ...]  # proposals first, then difficulties
    good: tuple[Words, ...]
    uncompared: str  # why the four numbers tell no change; '' when they do, or when there was no period before


def counted_codes(code: str) -> list[str]:
    """The codes of the periods whose totals the page of a period shows beside its own. Raises ValueError for none."""
    span = parse_period(code)
    codes, part = [previous(span).code], quarters_of(span)[-1]
    for _one in range(TREND_PERIODS):
        codes.append(part.code)
        part = previous(part)
    return codes


def summarise(period: Period, *, periods: Iterable[Period], as_of: date) -> Summary:
    """The summary of a period as of a day. ``periods`` are those of its council, with their ``frozen_totals``."""
    value = consolidate(period, as_of=as_of)
    points = _points(period, periods, value, as_of)
    earlier = next((other for other in periods if other.code == previous(period.span).code), None)
    before = points.get(earlier.code) if earlier else None
    waiting = waiting_for(value, earlier) if earlier else []
    quarters = sorted(code for code in points if "-q" in code and parse_period(code).ends_on <= period.ends_on)
    return Summary(
        value=value,
        sentence=sentence(value),
        numbers=tuple(_number(value, state, before, compared=not waiting) for state in TONES),
        grid=_grid(value),
        trend=trend_chart([(points[code].label, points[code].counts) for code in quarters]),
        delays=tuple(Delay(task, (value.as_of - task.due_on).days) for task in worst_delays(value.tasks)),
        asked=value.words_under("proposals") + value.words_under("difficulties"),
        good=value.words_under("highlights"),
        uncompared=f"Chưa so sánh với {before.label} vì {', '.join(waiting)}." if waiting else "",
    )


def _points(period: Period, periods: Iterable[Period], value: Consolidation, as_of: date) -> dict[str, Point]:
    """Code → totals of the periods of the trend, and of the one before this one. One query at most for quarters."""
    wanted = [other for other in periods if other.code in counted_codes(period.code) and other.pk != period.pk]
    totals = {other.pk: totals_of(other) for other in wanted}
    open_ones = [other for other in wanted if totals[other.pk] is None]
    counted = counts_by_lead([other for other in open_ones if other.is_quarter], as_of=as_of)
    for other in open_ones:
        if other.is_quarter:
            totals[other.pk] = sum(counted[other.pk].values(), Counts())
        else:
            totals[other.pk] = consolidate(other, as_of=as_of).totals
    points = {other.code: Point(other.span.label, other.code, totals[other.pk]) for other in wanted}
    if period.is_quarter:
        points[period.code] = Point(period.span.label, period.code, value.totals)
    return points


def _number(value: Consolidation, state: str, before: Point | None, *, compared: bool) -> Number:
    return Number(
        state=state,
        value=getattr(value.totals, state),
        unreported=sum(task.state == state and not task.reported for task in value.tasks),
        before=getattr(before.counts, state) if before else None,
        before_label=before.label if before else "",
        before_code=before.code if before else "",
        compared=compared,
    )


def _grid(value: Consolidation) -> tuple[GridRow, ...]:
    """Agency × plan. Of more agencies than fit a printed page the most troubled stand, the rest added up in a row."""
    leading = [row for row in value.agencies if row.counts.tasks]
    cells = {(cell.agency, cell.plan): cell.counts for cell in value.cells}
    shown = leading
    if len(leading) > GRID_AGENCIES:
        troubled = sorted(leading, key=lambda row: (-row.counts.overdue, -row.counts.due_soon, -row.counts.tasks))
        kept = {row.code for row in troubled[: GRID_AGENCIES - 1]}
        shown = [row for row in leading if row.code in kept]
    rows = []
    for row in shown:
        own = [cells.get((row.code, plan.id), Counts()) for plan in value.plans]
        rows.append(GridRow(row, _cells(value, own), row.counts, small_bar(row.counts)))
    if rest := [row for row in leading if row not in shown]:
        sums = [sum((cells.get((row.code, plan.id), Counts()) for row in rest), Counts()) for plan in value.plans]
        whole = sum((row.counts for row in rest), Counts())
        rows.append(GridRow(None, _cells(value, sums), whole, small_bar(whole), len(rest)))
    return tuple(rows)


def _cells(value: Consolidation, counts: Iterable[Counts]) -> tuple[GridCell, ...]:
    return tuple(GridCell(plan, own, small_bar(own)) for plan, own in zip(value.plans, counts, strict=True))


def sentence(value: Consolidation) -> tuple[Saying, ...]:
    """The state of the campaign in one plain sentence, in parts that lead to what stands behind them."""
    owed, handed = value.reporting, [row for row in value.reporting if row.handed_in_on]
    if owed:
        parts = [
            Saying(f"{len(handed)}/{len(owed)} cơ quan đã nộp báo cáo", "xem=co-quan"),
            Saying(", "),
            Saying(f"{len(value.accepted)} đã được tiếp nhận", "xem=da-tiep-nhan"),
            Saying("; "),
        ]
    else:
        parts = [Saying("Chưa cơ quan nào phải nộp báo cáo; ")]
    totals = value.totals
    if totals.overdue:
        most = max(row.counts.overdue for row in value.agencies)
        worst = [row for row in value.agencies if row.counts.overdue == most]
        parts.append(Saying(f"{totals.overdue} nhiệm vụ quá hạn", "tinh-trang=overdue"))
        if totals.overdue > 1:
            parts += [
                Saying(", nhiều nhất ở "),
                Saying(f"{worst[0].short_name} ({most})", f"tinh-trang=overdue&co-quan={worst[0].code}"),
            ]
            if len(worst) > 1:
                parts.append(Saying(f" và {len(worst) - 1} cơ quan khác cùng số"))
    else:
        parts.append(Saying("không có nhiệm vụ quá hạn"))
    if totals.due_soon:
        parts += [Saying("; "), Saying(f"{totals.due_soon} nhiệm vụ sắp đến hạn", "tinh-trang=due_soon")]
    return (*parts, Saying("."))


def selected(
    value: Consolidation, *, state: str = "", agency: str = "", plan: str = "", unreported: bool = False
) -> tuple[TaskRow, ...]:
    """The tasks behind a number of the page: by state, lead agency and plan ('' is all that count).

    Suspended tasks stand apart from every total, so they are listed only when asked for. ``unreported``: only those
    whose lead has no accepted report this period.
    """
    return tuple(
        task
        for task in value.tasks
        if (task.state == state if state else task.state != "suspended")
        and (not agency or task.lead == agency)
        and (not plan or str(task.plan) == plan)
        and not (unreported and task.reported)
    )
