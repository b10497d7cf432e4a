"""A ``Chart`` as geometry for inline SVG: rectangles and words in user units; the template only writes them down.

Drawn for a telephone first: about as many units wide as it has pixels, so that the letters stay legible there. No
colour is given here and no style: every rectangle carries the class of its state.
"""

from dataclasses import dataclass
from decimal import Decimal

from agencies.vietnamese import show_number
from reports.charts import Chart

WIDTH = 360
_LETTER = 5.6  # about the width of a letter of the size that charts are written in
_LINE, _BAR, _GAP = 15, 14, 9  # a lying bar: its name above it, itself, the space to the next
_TALL, _HEAD, _FOOT = 120, 14, 30  # standing columns: their room, the number above, the names below


@dataclass(frozen=True)
class Rect:
    """One bar or part of a bar, with what it tells."""

    x: float
    y: float
    width: float
    height: float
    state: str
    told: str


@dataclass(frozen=True)
class Label:
    """Words at a place; ``anchor`` as in SVG, ``state`` when they stand inside a bar of that state."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    state: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be written as SVG, with the chart itself for title, description, legend and table."""

    chart: Chart
    key: str  # what the ids of its parts begin with
    height: float
    rects: tuple[Rect, ...]
    labels: tuple[Label, ...]
    width: int = WIDTH


def drawing(chart: Chart | None, key: str) -> Drawing | None:
    """The chart as geometry; ``key`` is unique on the page. None stays None."""
    if chart is None:
        return None
    make = _columns if chart.columns else _lying
    return make(chart, key)


def _share(value, most) -> float:
    return float(value / most) if most else 0.0


def _text(value: Decimal | int | None) -> str:
    return "—" if value is None else show_number(value)


def _lying(chart: Chart, key: str) -> Drawing:
    rects, labels, y = [], [], 0.0
    room = WIDTH - 44  # the number at the end of the bar
    for name, values in chart.rows:
        labels.append(Label(0, y + 11, _fitting(name, WIDTH)))
        x, top = 0.0, y + _LINE
        for series, value in zip(chart.series, values, strict=True):
            wide = room * _share(value or 0, chart.most)
            if value:
                told = f"{name}: {_text(value)} {series.name.lower() if chart.stacked else chart.unit}"
                rects.append(Rect(round(x, 1), top, round(wide, 1), _BAR, series.state, told))
            if chart.stacked and value and wide >= _LETTER * len(_text(value)) + 4:
                labels.append(Label(round(x + wide / 2, 1), top + 11, _text(value), "middle", series.state or "plain"))
            x += wide
        total = sum(value or 0 for value in values) if chart.stacked else values[0]
        labels.append(Label(round(x + 5, 1), top + 11, _text(total), strong=True))
        y += _LINE + _BAR + _GAP
    return Drawing(chart, key, y, tuple(rects), tuple(labels))


def _columns(chart: Chart, key: str) -> Drawing:
    rects, labels = [], []
    step = WIDTH / max(len(chart.categories), 1)
    wide, floor, year = min(44.0, step * 0.68), float(_HEAD + _TALL), ""
    for at, (name, values) in enumerate(chart.rows):
        centre, y = step * (at + 0.5), floor
        for series, value in zip(chart.series, values, strict=True):
            tall = _TALL * _share(value or 0, chart.most)
            y -= tall
            if value:
                told = f"{name}: {_text(value)} {series.name.lower()}"
                rects.append(
                    Rect(round(centre - wide / 2, 1), round(y, 1), round(wide, 1), round(tall, 1), series.state, told)
                )
            if value and tall >= 12:
                labels.append(
                    Label(round(centre, 1), round(y + tall / 2 + 4, 1), _text(value), "middle", series.state or "plain")
                )
        total = sum(value or 0 for value in values)
        labels.append(Label(round(centre, 1), round(y - 3, 1), _text(total), "middle", strong=True))
        part, _slash, its_year = name.partition("/")
        labels.append(Label(round(centre, 1), floor + 13, _fitting(part, step), "middle"))
        if its_year != year:
            labels.append(Label(round(centre, 1), floor + 26, its_year, "middle"))
            year = its_year
    return Drawing(chart, key, floor + _FOOT, tuple(rects), tuple(labels))


def _fitting(name: str, room: float) -> str:
    most = max(3, int(room / _LETTER))
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"
