"""Charts as plain values: one ``Chart`` is drawn as inline SVG (reports/drawing.py) and by Word and Excel themselves
(reports/exports/native_chart.py); beside it the small bars of a table's cells.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from agencies.vietnamese import show_number
from reports.goals import TargetRow
from reports.values import DUE_STATES, AgencyRow, Counts, Told

CHARTED = 40  # agencies in a chart on a page that can still be read; of more the tables tell more
# Drawn from the bottom up, or from the left: what is done carries the rest.
STACK = ("done", "on_track", "due_soon", "overdue")


@dataclass(frozen=True)
class Bar:
    """One rectangle of a small bar: where it begins and how wide it is (user units), and which state it shows."""

    x: float
    width: float
    state: str


def small_bar(counts: Counts, *, width: int = 96) -> tuple[Bar, ...]:
    """One lying stacked bar of a cell of the agency × plan grid; empty for a cell without tasks."""
    x, bars = 0.0, []
    for state in STACK:
        if value := getattr(counts, state):
            wide = width * value / counts.tasks
            bars.append(Bar(round(x, 1), round(wide, 1), state))
            x += wide
    return tuple(bars)


@dataclass(frozen=True)
class Series:
    """One row of numbers of a chart, in the order of its categories; ``state`` names a state of tasks, or is ''."""

    name: str
    values: tuple[Decimal | int | None, ...]
    state: str = ""


@dataclass(frozen=True)
class Chart:
    """Numbers to be drawn as lying bars, or as columns: in Word and Excel as a native chart, to be edited there.

    ``unit`` is what is counted. Series of a ``stacked`` chart add up to one bar per category. ``columns`` is for time,
    which runs from left to right.
    """

    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    columns: bool = False

    @property
    def rows(self) -> list[tuple[str, list[Decimal | int | None]]]:
        """The numbers as a table: a category with its value in each series."""
        return [(name, [series.values[at] for series in self.series]) for at, name in enumerate(self.categories)]

    @property
    def most(self) -> Decimal | int:
        """The longest bar."""
        bars = [[value or 0 for value in values] for _name, values in self.rows]
        return max((sum(bar) if self.stacked else max(bar) for bar in bars), default=0)

    @property
    def description(self) -> str:
        """The chart in words, for those who cannot see it."""
        told = []
        for at, name in enumerate(self.categories):
            parts = [(series.name, series.values[at]) for series in self.series if series.values[at]]
            named = ", ".join(f"{label} {show_number(n)}" if self.stacked else show_number(n) for label, n in parts)
            told.append(f"{name}: {named or 0}")
        return f"{self.title} ({self.unit}). {'; '.join(told)}."


def _short(row: AgencyRow) -> str:
    """A name that fits beside its bar."""
    name = row.short_name or row.name
    return name if len(name) <= 40 else name[:39].rstrip() + "…"


def trend_chart(points: Iterable[tuple[str, Counts]]) -> Chart | None:
    """Tasks by state over the periods, oldest first; None with fewer than two periods, where there is no course."""
    points = list(points)
    if len(points) < 2:
        return None
    return Chart(
        title="Nhiệm vụ theo tình trạng qua các kỳ",
        unit="nhiệm vụ",
        categories=tuple(label for label, _counts in points),
        series=tuple(
            Series(DUE_STATES[state], tuple(getattr(counts, state) for _label, counts in points), state)
            for state in STACK
        ),
        stacked=True,
        columns=True,
    )


def attainment_chart(rows: Iterable[TargetRow]) -> Chart | None:
    """How much of each target is reached, in percent of it; None when none can be measured."""
    known = [row for row in rows if row.percent is not None]
    if not known:
        return None
    return Chart(
        title="Mức đạt so với chỉ tiêu",
        unit="% của chỉ tiêu",
        categories=tuple(f"{row.code} {row.name}" if row.scope == "council" else row.name for row in known),
        series=(Series("So với chỉ tiêu", tuple(round(row.percent, 1) for row in known)),),
    )


def tasks_chart(value: Told) -> Chart | None:
    """Tasks by state for each lead agency; None with fewer than two agencies, where a chart shows nothing."""
    agencies = [row for row in value.agencies if row.counts.tasks]
    if len(agencies) < 2:
        return None
    return Chart(
        title="Tình hình thực hiện nhiệm vụ theo cơ quan, đơn vị chủ trì",
        unit="nhiệm vụ",
        categories=tuple(_short(row) for row in agencies),
        series=tuple(
            Series(DUE_STATES[state], tuple(getattr(row.counts, state) for row in agencies), state) for state in STACK
        ),
        stacked=True,
    )


def sessions_chart(value: Told) -> Chart | None:
    """Sessions of direct legal education (PB01) by agency; None with figures of fewer than two agencies."""
    row = value.indicator("PB01")
    names = {agency.code: _short(agency) for agency in value.agencies}
    figures = [figure for figure in row.by_agency if figure.agency in names] if row is not None else []
    if len(figures) < 2 or not any(figure.value for figure in figures):
        return None
    return Chart(
        title="Số cuộc phổ biến, giáo dục pháp luật trực tiếp theo cơ quan, đơn vị",
        unit="cuộc",
        categories=tuple(names[figure.agency] for figure in figures),
        series=(Series("Số cuộc", tuple(int(figure.value) for figure in figures)),),
    )
