"""What the leaders' page shows, all of it taken from the consolidated value: page, files and JSON cannot disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agencies.vietnamese import show_number
from reports.calendars import parse_period, previous, quarters_of
from reports.charts import Chart, trend_chart
from reports.freezing import totals_of
from reports.models import Period
from reports.overview import overview, totals_over
from reports.side_by_side import waiting_for
from reports.standing import counts_by_lead
from reports.summary_grid import Grid, grid_of
from reports.values import DUE_STATES, Counts, Overview, TaskRow, Words

TREND_PERIODS = 8
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
    return f"tăng {show_number(difference)}" if difference > 0 else f"giảm {show_number(-difference)}"


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

    value: Overview
    sentence: tuple[Saying, ...]
    numbers: tuple[Number, ...]
    grid: Grid
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
    value = overview(period, as_of=as_of)
    points = _points(period, periods, value, as_of)
    earlier = next((other for other in periods if other.code == previous(period.span).code), None)
    before = points.get(earlier.code) if earlier else None
    waiting = waiting_for(value, earlier) if earlier else []
    quarters = sorted(code for code in points if "-q" in code and parse_period(code).ends_on <= period.ends_on)
    return Summary(
        value=value,
        sentence=sentence(value),
        numbers=tuple(_number(value, state, before, compared=not waiting) for state in TONES),
        grid=grid_of(value),
        trend=trend_chart([(points[code].label, points[code].counts) for code in quarters]),
        delays=tuple(Delay(task, (value.as_of - task.due_on).days) for task in value.delays),
        asked=value.words_under("proposals") + value.words_under("difficulties"),
        good=value.words_under("highlights"),
        uncompared=f"Chưa so sánh với {before.label} vì {', '.join(waiting)}." if waiting else "",
    )


def _points(period: Period, periods: Iterable[Period], value: Overview, as_of: date) -> dict[str, Point]:
    """Code → totals of the periods of the trend, and of the one before this one. One query at most for quarters."""
    wanted = [other for other in periods if other.code in counted_codes(period.code) and other.pk != period.pk]
    totals = {other.pk: totals_of(other) for other in wanted}
    open_ones = [other for other in wanted if totals[other.pk] is None]
    counted = counts_by_lead([other for other in open_ones if other.is_quarter], as_of=as_of)
    for other in open_ones:
        if other.is_quarter:
            totals[other.pk] = sum(counted[other.pk].values(), Counts())
        else:
            totals[other.pk] = totals_over(other, as_of=as_of)
    points = {other.code: Point(other.span.label, other.code, totals[other.pk]) for other in wanted}
    if period.is_quarter:
        points[period.code] = Point(period.span.label, period.code, value.totals)
    return points


def _number(value: Overview, state: str, before: Point | None, *, compared: bool) -> Number:
    return Number(
        state=state,
        value=getattr(value.totals, state),
        unreported=value.unreported[state],
        before=getattr(before.counts, state) if before else None,
        before_label=before.label if before else "",
        before_code=before.code if before else "",
        compared=compared,
    )


def sentence(value: Overview) -> tuple[Saying, ...]:
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
        parts.append(Saying(f"{show_number(totals.overdue)} nhiệm vụ quá hạn", "tinh-trang=overdue"))
        if totals.overdue > 1:
            parts += [
                Saying(", nhiều nhất ở "),
                Saying(f"{worst[0].short_name} ({show_number(most)})", f"tinh-trang=overdue&co-quan={worst[0].code}"),
            ]
            if len(worst) > 1:
                parts.append(Saying(f" và {len(worst) - 1} cơ quan khác cùng số"))
    else:
        parts.append(Saying("không có nhiệm vụ quá hạn"))
    if totals.due_soon:
        parts += [Saying("; "), Saying(f"{show_number(totals.due_soon)} nhiệm vụ sắp đến hạn", "tinh-trang=due_soon")]
    return (*parts, Saying("."))
