"""Native charts of the Excel file: they follow the cells of its tables, and can be edited there."""

from dataclasses import replace

from xlsxwriter.chart import Chart as NativeChart
from xlsxwriter.worksheet import Worksheet

from agencies.tables.sheets import TextWorkbook
from reports.charts import STACK, Chart, Series, sessions_chart, tasks_chart
from reports.exports.native_chart import FONT, draw, height
from reports.values import AgencyRow, Consolidation

# Where the tables stand that the charts follow: sheet, row of the heads.
TASKS_SHEET, FIGURES_SHEET, HEAD = "Tổng hợp", "Số liệu", 4
_DONE_COLUMN = 6  # after STT, agency, report, day, on time, total
_AGENCY_COLUMN = 4  # after code, indicator, unit, nature
_WIDTH = 900  # pixels
_PIXELS = 96 / 25.4  # per millimetre
_ROW = 20  # pixels of a row of the sheet


def native_charts(
    book: TextWorkbook, value: Consolidation, agencies: list[AgencyRow]
) -> list[tuple[Chart, NativeChart]]:
    """The charts that have something to compare. ``agencies``: the columns of the sheet of figures."""
    charts = []
    if (chart := tasks_chart(value)) is not None:
        first, last = HEAD + 1, HEAD + len(value.agencies)
        counted = tuple(
            Series(known.name, tuple(getattr(row.counts, known.state) for row in value.agencies), known.state)
            for known in chart.series
        )
        chart = replace(chart, categories=tuple(row.name for row in value.agencies), series=counted)
        columns = [_DONE_COLUMN + at for at in range(len(STACK))]
        names = [[TASKS_SHEET, HEAD, column] for column in columns]
        values = [[TASKS_SHEET, first, column, last, column] for column in columns]
        charts.append((chart, draw(book, chart, [TASKS_SHEET, first, 1, last, 1], values.__getitem__, names)))
    if (chart := sessions_chart(value)) is not None:
        at, row = next((at, row) for at, row in enumerate(value.indicators, HEAD + 1) if row.code == "PB01")
        last = _AGENCY_COLUMN + len(agencies) - 1
        own = replace(chart.series[0], values=tuple(row.of(agency.code) for agency in agencies))
        names = tuple(agency.short_name or agency.name for agency in agencies)
        chart = replace(chart, categories=names, series=(own,))
        heads = [FIGURES_SHEET, HEAD, _AGENCY_COLUMN, HEAD, last]
        cells = [FIGURES_SHEET, at, _AGENCY_COLUMN, at, last]
        charts.append((chart, draw(book, chart, heads, lambda _at: cells, [[FIGURES_SHEET, at, 1]])))
    return charts


def place(sheet: Worksheet, charts: list[tuple[Chart, NativeChart]], *, row: int) -> None:
    """Put the charts one below the other, from a row on, with their titles."""
    letters = {"name": FONT, "size": 12, "color": "#000000"}
    for chart, native in charts:
        tall = round((height(chart) + 12) * _PIXELS)
        native.set_title({"name": f"{chart.title} ({chart.unit})", "name_font": letters})
        native.set_size({"width": _WIDTH, "height": tall})
        sheet.insert_chart(row, 0, native, {"description": chart.description[:250]})
        row += tall // _ROW + 2
