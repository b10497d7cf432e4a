"""One Chart value, three drawings: SVG on the page, native in Word and in Excel; all hold the same numbers."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from agencies.tables.sheets import TextWorkbook
from agencies.vietnamese import show_number
from reports.charts import Chart, Series, attainment_chart, sessions_chart, tasks_chart, trend_chart
from reports.drawing import WIDTH, drawing
from reports.exports.native_chart import draw, write_cells
from reports.exports.word_chart import _chart_xml
from reports.values import Counts
from tests.reports.values_sample import sample

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
COURSE = [
    ("Quý III/2023", Counts(12, 12, 0, 0, 0, 0)),
    ("Quý IV/2023", Counts(20, 10, 5, 3, 2, 1)),
    ("Quý I/2024", Counts(72, 15, 57, 0, 0, 0)),
]


def charts():
    value = sample()
    return {
        "tasks": tasks_chart(value),
        "sessions": sessions_chart(value),
        "trend": trend_chart(COURSE),
        "attainment": attainment_chart(value.targets),
    }


def numbers(chart):
    return {series.name: [Decimal(value or 0) for value in series.values] for series in chart.series}


def drawn(root):
    """Series name → what a native chart draws."""
    return {
        series.findtext(f"{C}tx//{C}v"): [Decimal(point.text) for point in series.findall(f"{C}val//{C}v")]
        for series in root.iter(f"{C}ser")
    }


def excel_chart(chart):
    out = io.BytesIO()
    with TextWorkbook(out) as book:
        sheet = book.add_worksheet("S")
        write_cells(sheet, chart)
        last = len(chart.categories)
        native = draw(
            book, chart, ["S", 1, 0, last, 0], lambda at: ["S", 1, at + 1, last, at + 1],
            [["S", 0, at + 1] for at in range(len(chart.series))],
        )  # fmt: skip
        sheet.insert_chart(last + 2, 0, native)
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        return etree.fromstring(archive.read("xl/charts/chart1.xml"))


def figure(chart):
    return html.fromstring(render_to_string("reports/_chart.html", {"drawing": drawing(chart, "bieu-do")}))


def number(text):
    return Decimal(0) if text.strip() == "—" else Decimal(text.strip().replace(".", "").replace(",", "."))


@pytest.mark.parametrize("name", ["tasks", "sessions", "trend", "attainment"])
def test_page_word_and_excel_draw_the_same_numbers(name):
    chart = charts()[name]
    assert drawn(etree.fromstring(_chart_xml(chart, "rId1"))) == numbers(chart)
    assert drawn(excel_chart(chart)) == numbers(chart)
    rows = figure(chart).xpath(".//tbody/tr")
    table = [[number(cell.text_content()) for cell in row.xpath("./td")] for row in rows]
    assert table == [[Decimal(value or 0) for value in values] for _name, values in chart.rows]
    assert [row.xpath("./th")[0].text_content() for row in rows] == list(chart.categories)


def test_time_runs_in_columns_and_agencies_in_bars():
    for name, wanted in (("trend", "col"), ("tasks", "bar"), ("sessions", "bar")):
        root = etree.fromstring(_chart_xml(charts()[name], "rId1"))
        assert root.find(f".//{C}barDir").get("val") == wanted


@pytest.mark.parametrize("name", ["tasks", "sessions", "trend", "attainment"])
def test_the_drawing_is_named_described_and_without_style(name):
    chart = charts()[name]
    shown = figure(chart)
    svg = shown.xpath("./svg")[0]
    ids = svg.get("aria-labelledby").split()
    assert svg.get("role") == "img"
    assert [svg.xpath(f".//*[@id='{one}']")[0].tag for one in ids] == ["title", "desc"]
    assert chart.title in svg.xpath("./title")[0].text and svg.xpath("./desc")[0].text == chart.description
    assert not shown.xpath("//*[@style]")
    bars = svg.xpath("./rect")
    assert len(bars) == sum(1 for _name, values in chart.rows for value in values if value)
    assert all(rect.xpath("./title")[0].text for rect in bars)
    # Without colour the numbers still stand there: each bar's total, and each part that has room.
    told = [text.text for text in svg.xpath("./text")]
    for _category, values in chart.rows:
        whole = sum(value or 0 for value in values)
        assert show_number(whole) in told


counts = st.lists(st.tuples(*[st.integers(0, 5000)] * 4), min_size=2, max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(counts, st.booleans())
def test_bars_stay_inside_and_stand_to_each_other_as_their_numbers(rows, columns):
    states = ("done", "on_track", "due_soon", "overdue")
    chart = Chart(
        "Biểu đồ", "nhiệm vụ", tuple(f"Quý I/{2000 + at}" for at in range(len(rows))),
        tuple(Series(state, tuple(row[at] for row in rows), state) for at, state in enumerate(states)),
        stacked=True, columns=columns,
    )  # fmt: skip
    made = drawing(chart, "x")
    for rect in made.rects:
        assert rect.x >= 0 and rect.y >= 0
        assert rect.x + rect.width <= WIDTH + 0.5 and rect.y + rect.height <= made.height + 0.5
    sizes = [rect.height if columns else rect.width for rect in made.rects]
    values = [value for row in rows for value in row if value]
    assert len(sizes) == len(values)
    for size, value in zip(sizes, values, strict=True):
        assert size == pytest.approx(max(sizes) * value / max(values), abs=0.2)


def test_nothing_to_show_is_not_drawn():
    assert trend_chart(COURSE[:1]) is None and attainment_chart([]) is None and drawing(None, "x") is None


def test_hostile_names_stay_words():
    hostile = '"><script>alert(1)</script>{{ 7*7 }}'
    chart = Chart(hostile, "cuộc", (hostile, "b"), (Series("Số cuộc", (3, 2)),))
    page = render_to_string("reports/_chart.html", {"drawing": drawing(chart, "x")})
    assert "<script>" not in page and html.fromstring(page).xpath("./svg/title")[0].text.startswith('"><script>')
