"""Charts as plain geometry: one value, drawn as inline SVG by a template, with its data table beside it."""

from dataclasses import dataclass

from reports.values import DUE_STATES, Counts

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
