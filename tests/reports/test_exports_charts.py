"""Native charts in Word and Excel: editable, their numbers those of the value, legible without colour."""

import dataclasses
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from reports.charts import sessions_chart, tasks_chart
from reports.exports.excel import excel_report
from reports.exports.word_template import council_report_template
from tests.reports import nd30_mutations as m
from tests.reports.values_sample import empty, sample
from tests.reports.word_samples import report

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@pytest.fixture(scope="module")
def document():
    return Document(io.BytesIO(report()))


def chart_parts(document):
    """(chart root, workbook) of every chart, in the order in which they stand."""
    found = []
    for place in document.element.body.iter(f"{C}chart"):
        part = document.part.related_parts[place.get(f"{R}id")]
        root = etree.fromstring(part.blob)
        workbook = part.related_parts[root.find(f"{C}externalData").get(f"{R}id")]
        found.append((root, openpyxl.load_workbook(io.BytesIO(workbook.blob))))
    return found


def drawn(root):
    """Series name → the numbers that the chart draws."""
    return {
        series.findtext(f"{C}tx//{C}v"): [Decimal(point.text) for point in series.findall(f"{C}val//{C}v")]
        for series in root.iter(f"{C}ser")
    }


def cells(workbook):
    rows = list(workbook.active.iter_rows(values_only=True))
    return {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0]) if name}, [
        row[0] for row in rows[1:]
    ]


def test_the_charts_stand_under_their_headings_with_captions(document):
    texts, charts = [], []
    for block in document.element.body:
        text = "".join(node.text or "" for node in block.iter(qn("w:t")))
        if any(True for _ in block.iter(f"{C}chart")):
            charts.append(texts[-1])
        texts.append(text)
    assert charts == [
        "Biểu đồ 1. Số cuộc phổ biến, giáo dục pháp luật trực tiếp theo cơ quan, đơn vị(Đơn vị tính: cuộc)",
        "Biểu đồ 2. Tình hình thực hiện nhiệm vụ theo cơ quan, đơn vị chủ trì(Đơn vị tính: nhiệm vụ)",
    ]
    heading = next(at for at, text in enumerate(texts) if text.startswith("1. Công tác phổ biến"))
    assert (
        heading < texts.index(charts[0]) < next(at for at, text in enumerate(texts) if text.startswith("2. Cuộc thi"))
    )


def test_chart_and_embedded_workbook_hold_the_value_numbers(document):
    value = sample()
    (sessions, sessions_book), (tasks, tasks_book) = chart_parts(document)
    row = value.indicator("PB01")
    assert drawn(sessions) == {"Số cuộc": [figure.value for figure in row.by_agency]}
    assert cells(sessions_book)[0] == {"Số cuộc": [int(figure.value) for figure in row.by_agency]}
    shown = [agency for agency in value.agencies if agency.counts.tasks]
    wanted = {
        "Hoàn thành": [agency.counts.done for agency in shown],
        "Đúng tiến độ": [agency.counts.on_track for agency in shown],
        "Sắp đến hạn": [agency.counts.due_soon for agency in shown],
        "Quá hạn": [agency.counts.overdue for agency in shown],
    }
    assert drawn(tasks) == wanted and cells(tasks_book)[0] == wanted
    assert cells(tasks_book)[1] == [agency.short_name for agency in shown]
    assert sum(map(sum, wanted.values())) == value.totals.tasks


def test_charts_are_legible_in_black_and_white_and_in_times(document):
    for root, _book in chart_parts(document):
        assert {face.get("typeface") for face in root.iter(f"{A}latin")} == {"Times New Roman"}
        colours = {fill.get("val") for fill in root.iter(f"{A}srgbClr")}
        assert all(code[:2] == code[2:4] == code[4:] for code in colours), colours
        fills = [series.find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val") for series in root.iter(f"{C}ser")]
        assert len(set(fills)) == len(fills)
        for labels in root.iter(f"{C}dLbls"):
            told = {name: labels.find(f"{C}{name}").get("val") for name in ("showVal", "showLegendKey", "showSerName")}
            assert told == {"showVal": "1", "showLegendKey": "0", "showSerName": "0"}


def test_charts_are_told_in_words(document):
    told = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert "STP: 12" in told[0] and "Sở Nội vụ: 0" in told[0]
    assert "UBMTTQVN: Hoàn thành 1, Quá hạn 1" in told[1]


def test_parts_of_the_package_are_declared_and_named_once():
    content = report()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        types = archive.read("[Content_Types].xml").decode()
    assert len(names) == len(set(names))
    for number in (1, 2):
        assert f"word/charts/chart{number}.xml" in names and f"/word/charts/chart{number}.xml" in types
        assert f"word/embeddings/Microsoft_Excel_Worksheet{number}.xlsx" in names


def test_nothing_to_compare_is_not_drawn():
    value = sample()
    assert tasks_chart(empty()) is None and sessions_chart(empty()) is None
    alone = dataclasses.replace(value, agencies=value.agencies[:1])
    assert tasks_chart(alone) is None and sessions_chart(alone) is None
    nothing = tuple(
        dataclasses.replace(row, by_agency=tuple(dataclasses.replace(f, value=Decimal(0)) for f in row.by_agency))
        for row in value.indicators
    )
    assert sessions_chart(dataclasses.replace(value, indicators=nothing)) is None
    document = Document(io.BytesIO(report(empty(), narrative={})))
    assert chart_parts(document) == [] and "Biểu đồ" not in document.element.body.xml


def test_a_chart_used_twice_by_a_template_is_drawn_twice():
    def twice(document):
        m.the(document, "{%p for heading in headings %}").insert_paragraph_before("{{ charts.tasks.drawing }}")

    document = Document(io.BytesIO(report(template=m.edited(council_report_template(), twice))))
    assert len(chart_parts(document)) == 3


def test_hostile_names_stay_words_in_charts():
    value = sample()
    hostile = '=1+1 "x" <c:chart/> &amp; {{ 7*7 }} ]]>'
    agencies = tuple(dataclasses.replace(row, short_name=hostile) for row in value.agencies)
    document = Document(io.BytesIO(report(dataclasses.replace(value, agencies=agencies))))
    for root, book in chart_parts(document):
        assert {node.text for node in root.iter(f"{C}cat") for node in node.iter(f"{C}v")} == {hostile}
        assert {cell.data_type for row in book.active.iter_rows(min_row=2, max_col=1) for cell in row} == {"s"}


def test_excel_draws_over_its_own_cells():
    with zipfile.ZipFile(io.BytesIO(excel_report(sample()))) as archive:
        roots = [etree.fromstring(archive.read(f"xl/charts/chart{number}.xml")) for number in (1, 2)]
    value = sample()
    formulas = [node.text for root in roots for node in root.iter(f"{C}f")]
    assert "'Tổng hợp'!$G$6:$G$15" in formulas and all("Tổng hợp" in f or "Số liệu" in f for f in formulas)
    assert drawn(roots[0])["Quá hạn"] == [row.counts.overdue for row in value.agencies]
    row = value.indicator("PB01")
    assert [int(v) for v in drawn(roots[1])["Số cuộc PBGDPL trực tiếp"] if v] == [
        int(figure.value) for figure in row.by_agency if figure.value
    ]
    with zipfile.ZipFile(io.BytesIO(excel_report(empty()))) as archive:
        assert not any("charts" in name for name in archive.namelist())
