"""Native charts in a Word file: a DrawingML chart part with its numbers in an embedded workbook, editable in Word."""

import io
import zipfile

from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree
from markupsafe import Markup, escape

from agencies.tables.sheets import TextWorkbook
from reports.charts import Chart
from reports.exports.native_chart import FONT, SIZE, draw, height, write_cells
from reports.wording import printable

WIDTH = 155  # millimetres: the width of the text, less a little
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARK = "portal-chart-"
_SHEET = "Sheet1"
_EMU = 36000


class Drawing(Markup):
    """XML made here, not typed by anybody: it goes into the document as it is."""


def drawing(key: str, chart: Chart) -> Drawing:
    """The place of a chart inside a run of text; ``attach_charts`` puts the chart itself behind it."""
    title, described = (escape(printable(text)[:2000]) for text in (chart.title, chart.description))
    frame = (
        f'<w:drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{WIDTH * _EMU}" cy="{int(height(chart) * _EMU)}"/>'
        f'<wp:docPr id="1" name="{title}" descr="{described}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}">'
        f'<c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{_MARK}{key}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    return Drawing(f'</w:t></w:r><w:r>{frame}</w:r><w:r><w:t xml:space="preserve">')


def attach_charts(document: DocumentObject, charts: dict[str, Chart]) -> None:
    """Give every placed chart its part and its workbook."""
    for place in document.element.body.iter(f"{{{_C}}}chart"):
        key = place.get(f"{{{_R}}}id", "")
        if key.startswith(_MARK):
            part = _chart_part(document, charts[key.removeprefix(_MARK)])
            place.set(f"{{{_R}}}id", document.part.relate_to(part, RELATIONSHIP_TYPE.CHART))


def _chart_part(document: DocumentObject, chart: Chart) -> Part:
    package = document.part.package
    workbook = Part(
        package.next_partname("/word/embeddings/Microsoft_Excel_Worksheet%d.xlsx"),
        _SHEET_TYPE,
        _workbook(chart, drawn=False),
        package,
    )
    name = package.next_partname("/word/charts/chart%d.xml")
    part = Part(PackURI(name), _CHART_TYPE, b"", package)
    part._blob = _chart_xml(chart, part.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE))
    return part


def _workbook(chart: Chart, *, drawn: bool) -> bytes:
    """The numbers of the chart as a workbook, with or without the chart over them."""
    out = io.BytesIO()
    with TextWorkbook(out, font=FONT) as book:
        sheet = book.add_worksheet(_SHEET)
        write_cells(sheet, chart)
        if drawn:
            last = len(chart.categories)
            native = draw(
                book,
                chart,
                [_SHEET, 1, 0, last, 0],
                lambda at: [_SHEET, 1, at + 1, last, at + 1],
                [[_SHEET, 0, at + 1] for at in range(len(chart.series))],
            )
            sheet.insert_chart(last + 3, 0, native)
    return out.getvalue()


def _chart_xml(chart: Chart, relation: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(_workbook(chart, drawn=True))) as archive:
        root = etree.fromstring(archive.read("xl/charts/chart1.xml"))
    for printing in root.findall(f"{{{_C}}}printSettings"):
        root.remove(printing)
    for labels in root.iter(f"{{{_C}}}dLbls"):
        _say_all(labels)
    letters = etree.fromstring(
        f'<c:txPr xmlns:c="{_C}" xmlns:a="{_A}"><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{SIZE * 100}">'
        f'<a:solidFill><a:srgbClr val="000000"/></a:solidFill><a:latin typeface="{FONT}"/><a:cs typeface="{FONT}"/>'
        '</a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
    )
    source = etree.fromstring(
        f'<c:externalData xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relation}"><c:autoUpdate val="0"/></c:externalData>'
    )
    root.append(letters)
    root.append(source)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _say_all(labels) -> None:
    """A label shows its number and nothing else, said in full: programs differ in what they take for unsaid."""
    for name in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize"):
        for old in labels.findall(f"{{{_C}}}{name}"):
            labels.remove(old)
        etree.SubElement(labels, f"{{{_C}}}{name}").set("val", "1" if name == "showVal" else "0")
