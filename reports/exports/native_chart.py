"""A ``Chart`` as a native chart of Excel, the same drawing that Word takes: editable, in Times New Roman, and readable
on a black and white printer (greys, black borders, a number on every bar).
"""

from collections.abc import Callable, Sequence

from xlsxwriter.chart import Chart as NativeChart

from agencies.tables.sheets import TextWorkbook
from reports.charts import Chart
from reports.wording import printable

FONT = "Times New Roman"
SIZE = 11
# State of tasks → (fill, letters): neighbours in a bar differ in print as well as on screen.
_GREYS = {
    "done": ("#7F7F7F", "#000000"),
    "on_track": ("#D9D9D9", "#000000"),
    "due_soon": ("#FFFFFF", "#000000"),
    "overdue": ("#000000", "#FFFFFF"),
    "": ("#A6A6A6", "#000000"),
}
BAR = 7  # millimetres of height for one category
COLUMNS = 55  # of standing columns
FRAME = 22  # and for axis and legend

# The cells of a series: [sheet, first row, first column, last row, last column].
Cells = Sequence[str | int]


def height(chart: Chart) -> float:
    """Millimetres that the chart needs."""
    if chart.columns:
        return FRAME + COLUMNS
    return FRAME + BAR * len(chart.categories)


def draw(
    book: TextWorkbook, chart: Chart, categories: Cells, values: Callable[[int], Cells], names: Sequence[object]
) -> NativeChart:
    """The native chart over cells of a workbook. ``values`` gives the cells of each series, ``names`` its name."""
    kind = {"type": "column" if chart.columns else "bar"}
    drawn = book.add_chart(kind | {"subtype": "stacked"} if chart.stacked else kind)
    letters = {"name": FONT, "size": SIZE, "bold": False, "color": "#000000"}
    for at, series in enumerate(chart.series):
        fill, color = _GREYS[series.state]
        inside = {"position": "center"} if chart.stacked else {"position": "outside_end"}
        drawn.add_series(
            {
                "name": names[at],
                "categories": list(categories),
                "values": list(values(at)),
                "fill": {"color": fill},
                "border": {"color": "#000000", "width": 0.75},
                "gap": 45,
                "overlap": 100 if chart.stacked else 0,
                # A bar of nothing carries no number.
                "data_labels": {"value": True, "num_format": "#,##0;;;", "font": letters | {"color": color}} | inside,
            }
        )
    drawn.set_title({"none": True})
    named = {
        "interval_unit": 1,  # no name is left out
        "num_font": letters,
        "line": {"color": "#000000"},
        "major_tick_mark": "none",
    }
    counted = {
        "num_font": letters,
        "num_format": "#,##0",
        "min": 0,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}},
    } | _whole_steps(chart)
    if chart.columns:
        drawn.set_x_axis(named | {"major_gridlines": {"visible": False}})
        drawn.set_y_axis(counted)
    else:
        # The axes of lying bars count from below; agencies stand in protocol order from above.
        drawn.set_y_axis(named | {"reverse": True})
        drawn.set_x_axis(counted | {"label_position": "high"})
    drawn.set_legend({"position": "bottom", "font": letters} if chart.stacked else {"none": True})
    drawn.set_chartarea({"border": {"none": True}, "fill": {"color": "#FFFFFF"}})
    return drawn


def _whole_steps(chart: Chart) -> dict[str, int]:
    """Small counts are not divided: steps of one."""
    return {"major_unit": 1} if chart.most <= 10 else {}


def write_cells(sheet, chart: Chart) -> None:
    """The numbers of a chart as a small table at the top of a sheet: names in the first row and column."""
    for column, series in enumerate(chart.series, 1):
        sheet.write_string(0, column, printable(series.name))
        for row, amount in enumerate(series.values, 1):
            if amount is not None:
                sheet.write_number(row, column, amount)
    for row, name in enumerate(chart.categories, 1):
        sheet.write_string(row, 0, printable(name))
    sheet.set_column(0, 0, 30)
