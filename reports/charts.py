"""Charts as plain values: geometry that a template draws as inline SVG, with its data table beside it, and ``Chart``,
which Word and Excel draw themselves.
"""

from dataclasses import dataclass
from decimal import Decimal

from reports.values import DUE_STATES, AgencyRow, Consolidation, Counts

# Drawn from the bottom up: what is done carries the rest.
STACK = ("done", "on_track", "due_soon", "overdue")


@dataclass(frozen=True)
class Bar:
    """One rectangle: where it stands (user units), how big it is, which state it shows, and its number."""

    x: float
    y: float
    width: float
    height: float
    state: str
    value: int

    @property
    def label(self) -> str:
        return DUE_STATES[self.state]


@dataclass(frozen=True)
class Column:
    """One period of the trend: its name, its counts, its bars from bottom to top."""

    label: str
    code: str
    counts: Counts
    bars: tuple[Bar, ...]
    x: float


@dataclass(frozen=True)
class Trend:
    """Tasks by state over the periods, as stacked columns in a box of width × height user units."""

    columns: tuple[Column, ...]
    width: int
    height: int
    top: int  # the largest total, written at the upper grid line

    @property
    def grid(self) -> tuple[tuple[float, int], ...]:
        """(y, value) of the grid lines."""
        return tuple(
            (self.height - 24 - (self.height - 40) * part / 2, round(self.top * part / 2)) for part in (0, 1, 2)
        )


def trend(points: list[tuple[str, str, Counts]], *, width: int = 560, height: int = 180) -> Trend:
    """Stacked columns of (label, code, counts), oldest first."""
    top = max([counts.tasks for _label, _code, counts in points], default=0) or 1
    step = (width - 40) / max(len(points), 1)
    bar_width = min(48.0, step * 0.6)
    columns = []
    for index, (label, code, counts) in enumerate(points):
        centre = 40 + step * (index + 0.5)
        y, bars = float(height - 24), []
        for state in STACK:
            value = getattr(counts, state)
            tall = (height - 40) * value / top
            y -= tall
            if value:
                bars.append(Bar(round(centre - bar_width / 2, 1), round(y, 1), bar_width, round(tall, 1), state, value))
        columns.append(Column(label, code, counts, tuple(bars), round(centre, 1)))
    return Trend(tuple(columns), width, height, top)


def small_bar(counts: Counts, *, width: int = 96, height: int = 10) -> tuple[Bar, ...]:
    """One lying stacked bar of a cell of the agency × plan grid; empty for a cell without tasks."""
    x, bars = 0.0, []
    for state in STACK:
        value = getattr(counts, state)
        if value:
            wide = width * value / counts.tasks
            bars.append(Bar(round(x, 1), 0, round(wide, 1), height, state, value))
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
    """Numbers to be drawn as lying bars: in Word and Excel as a native chart, which people can edit there.

    ``unit`` is what is counted. Series of a ``stacked`` chart add up to one bar per category.
    """

    title: str
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False

    @property
    def description(self) -> str:
        """The chart in words, for those who cannot see it."""
        told = []
        for at, name in enumerate(self.categories):
            parts = [(series.name, series.values[at]) for series in self.series if series.values[at]]
            named = ", ".join(f"{label} {amount}" if self.stacked else f"{amount}" for label, amount in parts)
            told.append(f"{name}: {named or 0}")
        return f"{self.title} ({self.unit}). {'; '.join(told)}."


def _short(row: AgencyRow) -> str:
    """A name that fits beside its bar."""
    name = row.short_name or row.name
    return name if len(name) <= 40 else name[:39].rstrip() + "…"


def tasks_chart(value: Consolidation) -> Chart | None:
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


def sessions_chart(value: Consolidation) -> Chart | None:
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
