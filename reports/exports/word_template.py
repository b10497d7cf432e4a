"""The Word template of the council's report, built in code by the layout of NĐ 30/2020/NĐ-CP, Phụ lục I (domain.md §4).

The result is an ordinary .docx with docxtpl tags; ``reports.exports.word`` renders it. Lengths are millimetres, font
sizes points.
"""

import functools
import io

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 20
LANDSCAPE_RIGHT = 15
TEXT_WIDTH = 210 - LEFT - RIGHT
LANDSCAPE_WIDTH = 297 - LEFT - LANDSCAPE_RIGHT
# Descriptions by which the renderer finds the tables whose number of columns depends on the data.
FIGURES_TABLE, MATRIX_TABLE = "figures", "matrix"

_LEFT, _CENTER, _RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_STATES = ("tasks", "done", "on_track", "due_soon", "overdue", "suspended")
_STATE_HEADS = ("Tổng số", "Hoàn thành", "Đúng tiến độ", "Sắp đến hạn", "Quá hạn", "Tạm dừng")


@functools.cache
def council_report_template() -> bytes:
    """The template as .docx bytes; built once per process."""
    document = Document()
    _styles(document)
    _portrait(document)
    _head(document)
    _body(document)
    _signature(document)
    _annex(document, "annexes.education")
    _annex(document, "annexes.mediation")
    _task_annex(document)
    _settings(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _styles(document: DocumentObject) -> None:
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(defaults):
        if child.tag in (qn("w:rFonts"), qn("w:lang")):
            defaults.remove(child)
    fonts = OxmlElement("w:rFonts")
    language = OxmlElement("w:lang")
    for name in ("val", "eastAsia", "bidi"):
        language.set(qn(f"w:{name}"), "vi-VN")
    defaults.insert(0, fonts)
    defaults.append(language)
    _times(fonts)
    normal = document.styles["Normal"]
    _dress(normal, 14)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for name, base, size, bold in (
        ("Heading 1", "Normal", 14, True),
        ("Heading 2", "Normal", 14, True),
        ("Report Body", "Normal", 14, False),
        ("Report Table", "Normal", 12, False),
        ("Report Table Small", "Normal", 11, False),
    ):
        known = name in [style.name for style in document.styles]
        style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        _dress(style, size, bold=bold)
        layout = style.paragraph_format
        if "Table" not in name:
            layout.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            layout.first_line_indent = Mm(12.7)
            layout.space_before, layout.space_after = Pt(6), Pt(6)
            layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.1
        else:
            layout.space_before = layout.space_after = Pt(2)
        layout.keep_with_next = name.startswith("Heading")
        layout.widow_control = True


def _times(fonts) -> None:
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _dress(style, size: float, *, bold: bool = False) -> None:
    style.font.name = FONT
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    _times(style.element.get_or_add_rPr().get_or_add_rFonts())


def _portrait(document: DocumentObject) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    _page_number(section)


def _page_number(section) -> None:
    """Arabic, size 13, centred in the top margin, not on the first page of the section."""
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Normal"
    paragraph.alignment = _CENTER
    for kind, text in (("begin", None), (None, "PAGE"), ("separate", None), ("text", "2"), ("end", None)):
        run = paragraph.add_run(text if kind == "text" else "")
        run.font.size = Pt(13)
        if kind in ("begin", "separate", "end"):
            char = OxmlElement("w:fldChar")
            char.set(qn("w:fldCharType"), kind)
            run._r.append(char)
        elif kind is None:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)


def _landscape(document: DocumentObject) -> None:
    """A landscape section whose pages are counted anew: each annex numbers its own pages."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    # The paragraph that carries the break stands after a table: as small as can be, lest it make a page of its own.
    carrier = document.element.body.findall(qn("w:p"))[-1]
    _tiny(Paragraph(carrier, document))
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.right_margin = Mm(LANDSCAPE_RIGHT)
    _page_number(section)
    pages = OxmlElement("w:pgNumType")
    pages.set(qn("w:start"), "1")
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    section._sectPr.insert_element_before(pages, "w:cols", "w:titlePg", "w:docGrid")


def _tiny(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(1)
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "2")
    paragraph._p.get_or_add_pPr().get_or_add_rPr().append(size) if hasattr(
        paragraph._p.get_or_add_pPr(), "get_or_add_rPr"
    ) else None


def _write(
    where: DocumentObject | _Cell | Paragraph,
    text: str,
    *,
    style: str = "Normal",
    size: float | None = None,
    bold: bool | None = None,
    italic: bool | None = None,
    align=None,
    before: float | None = None,
    after: float | None = None,
    keep: bool | None = None,
) -> Paragraph:
    paragraph = where if isinstance(where, Paragraph) else where.add_paragraph()
    paragraph.style = style
    run = paragraph.add_run(text)
    run.bold, run.italic = bold, italic
    if size:
        run.font.size = Pt(size)
    layout = paragraph.paragraph_format
    if align is not None:
        layout.alignment = align
    if before is not None:
        layout.space_before = Pt(before)
    if after is not None:
        layout.space_after = Pt(after)
    layout.keep_with_next = keep
    return paragraph


def _tag(where: DocumentObject | _Cell, text: str) -> Paragraph:
    """A paragraph that holds one docxtpl paragraph tag and nothing else; it vanishes when rendered."""
    return _write(where, "{%p " + text + " %}")


def _rule(where: DocumentObject | _Cell, width: float, length: float, *, after: float = 0) -> None:
    """A drawn line of the given length, centred in the given width."""
    paragraph = where.add_paragraph()
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((width - length) / 2)
    layout.first_line_indent = Mm(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    layout.space_after = Pt(after)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def _table(document: DocumentObject, rows: int, widths: list[float], *, grid: bool = True, name: str = "") -> Table:
    table = document.add_table(rows, len(widths))
    table.style = "Table Grid" if grid else "Normal Table"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    fit(table, widths)
    if name:
        description = OxmlElement("w:tblDescription")
        description.set(qn("w:val"), name)
        table._tbl.tblPr.append(description)
    if not grid:
        margins = OxmlElement("w:tblCellMar")
        for side in ("left", "right"):
            edge = OxmlElement(f"w:{side}")
            edge.set(qn("w:w"), "0")
            edge.set(qn("w:type"), "dxa")
            margins.append(edge)
        table._tbl.tblPr.append(margins)
    return table


def fit(table: Table, widths: list[float]) -> None:
    """Give the columns of a table their widths in millimetres; merged cells get the sum of theirs."""
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(int(Mm(width).twips)))
    for row in table._tbl.tr_lst:
        at = 0
        for cell in row.tc_lst:
            cell.width = Mm(sum(widths[at : at + cell.grid_span]))
            at += cell.grid_span


def _row(table: Table, index: int, *, header: bool = False) -> None:
    """Keep the row in one piece; a header row repeats on every page."""
    properties = table.rows[index]._tr.get_or_add_trPr()
    for tag in ("w:cantSplit", *(("w:tblHeader",) if header else ())):
        properties.append(OxmlElement(tag))


def _cells(table: Table, index: int, texts, *, style="Report Table", bold=None, aligns=None, header=False) -> None:
    for column, text in enumerate(texts):
        cell = table.cell(index, column)
        cell.vertical_alignment = 1  # WD_CELL_VERTICAL_ALIGNMENT.CENTER
        align = aligns[column] if aligns else _CENTER
        _write(cell.paragraphs[0], text, style=style, bold=bold, align=align)
    _row(table, index, header=header)


def _row_tag(table: Table, index: int, text: str) -> None:
    table.cell(index, 0).paragraphs[0].add_run("{%tr " + text + " %}")


def _head(document: DocumentObject) -> None:
    left, right = 72, TEXT_WIDTH - 72
    table = _table(document, 2, [left, right], grid=False)
    issuer, nation = table.rows[0].cells
    _write(issuer.paragraphs[0], "{{ parent_body }}", size=12, align=_CENTER)
    _write(issuer, "{{ issuing_body }}", size=12, bold=True, align=_CENTER)
    _rule(issuer, left, 28)
    _write(nation.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=_CENTER)
    _write(nation, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=_CENTER)
    _rule(nation, right, 56)
    number, place = table.rows[1].cells
    _write(number.paragraphs[0], "{{ number_line }}", size=13, align=_CENTER, before=3)
    _tag(number, "if draft")
    _write(number, "DỰ THẢO", size=13, bold=True, align=_CENTER, before=3)
    _tag(number, "endif")
    _write(place.paragraphs[0], "{{ place }}, {{ date_line }}", size=13, italic=True, align=_CENTER, before=3)
    for index in (0, 1):
        _row(table, index)
    _write(document, "BÁO CÁO", bold=True, align=_CENTER, before=18)
    _write(document, "{{ subject }}", bold=True, align=_CENTER)
    _rule(document, TEXT_WIDTH, 55, after=6)
    _tag(document, "if addressee")
    _write(document, "Kính gửi: {{ addressee }}.", align=_CENTER, before=6, after=12)
    _tag(document, "endif")


def _body(document: DocumentObject) -> None:
    _tag(document, "for heading in headings")
    _tag(document, "if heading.level == 1")
    _write(document, "{{ heading.number }} {{ heading.title }}", style="Heading 1", keep=True)
    _tag(document, "else")
    _write(document, "{{ heading.number }} {{ heading.title }}", style="Heading 2", keep=True)
    _tag(document, "endif")
    _tag(document, "for paragraph in heading.paragraphs")
    _tag(document, "if paragraph.keep")
    _write(document, "{{ paragraph.text }}", style="Report Body", keep=True)
    _tag(document, "else")
    _write(document, "{{ paragraph.text }}", style="Report Body")
    _tag(document, "endif")
    _tag(document, "endfor")
    _tag(document, "if heading.key == 'plans' and agencies")
    _write(document, "Tình hình thực hiện nhiệm vụ theo cơ quan, đơn vị chủ trì", bold=True, align=_CENTER, keep=True)
    _write(document, "(Đơn vị tính: nhiệm vụ)", size=13, italic=True, align=_CENTER, after=4, keep=True)
    _state_table(document)
    _write(document, "{{ state_note }}", size=12, italic=True, before=4, after=6, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _tag(document, "endif")
    _tag(document, "endfor")


def _state_table(document: DocumentObject) -> None:
    table = _table(document, 5, [10, 51, 15, 17, 17, 17, 16, 17])
    left = [_CENTER, _LEFT, *[_CENTER] * 6]
    _cells(table, 0, ("TT", "Cơ quan, đơn vị", *_STATE_HEADS), bold=True, header=True)
    _row_tag(table, 1, "for row in agencies")
    cells = ("{{ loop.index }}", "{{ row.name }}", *("{{ row.%s }}" % state for state in _STATES))
    _cells(table, 2, cells, aligns=left)
    _row_tag(table, 3, "endfor")
    _cells(table, 4, ("", "Tổng cộng", *("{{ totals.%s }}" % state for state in _STATES)), bold=True)


def _signature(document: DocumentObject) -> None:
    left, right = 75, TEXT_WIDTH - 75
    _write(document, "", size=6)
    table = _table(document, 1, [left, right], grid=False)
    _row(table, 0)
    recipients, signer = table.rows[0].cells
    _write(recipients.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True, keep=True)
    _tag(recipients, "for line in recipients")
    _write(recipients, "{{ line }}", size=11, keep=True)
    _tag(recipients, "endfor")
    _write(signer.paragraphs[0], "TM. HỘI ĐỒNG", bold=True, align=_CENTER, keep=True)
    _tag(signer, "for line in signer_titles")
    _write(signer, "{{ line }}", bold=True, align=_CENTER, keep=True)
    _tag(signer, "endfor")
    for _ in range(5):  # room for signature and seal
        _write(signer, "", keep=True)
    _write(signer, "{{ signer_name }}", bold=True, align=_CENTER)


def _annex_head(document: DocumentObject, annex: str) -> None:
    _landscape(document)
    _write(document, "{{ %s.number }}" % annex, bold=True, align=_CENTER, keep=True)
    _write(document, "{{ %s.title }}" % annex, size=13, bold=True, align=_CENTER, keep=True)
    _write(document, "{{ annex_line }}", size=13, italic=True, align=_CENTER, after=8, keep=True)


def _annex(document: DocumentObject, annex: str) -> None:
    """An annex of figures: one table for the whole, then tables by agency, a limited number of agencies on each."""
    _annex_head(document, annex)
    heads = ("TT", "Chỉ tiêu", "Đơn vị tính", "{{ label }}", "{{ previous_label }}", "Tăng, giảm so với {{ previous_label }}")
    heads += ("{{ last_year_label }}", "Tăng, giảm so với cùng kỳ")
    fields = ("index", "name", "unit", "value", "previous", "change", "last_year", "change_year")
    table = _table(document, 8, [20] * 8, name=FIGURES_TABLE)
    aligns = [_CENTER, _LEFT, _CENTER, *[_RIGHT] * 5]
    _cells(table, 0, heads, bold=True, header=True)
    _row_tag(table, 1, "for row in %s.rows" % annex)
    _row_tag(table, 2, "if row.heading")
    _cells(table, 3, ("", "", "", "", "", "", "", ""))
    _merged(table, 3, "{{ row.name }}")
    _row_tag(table, 4, "else")
    _cells(table, 5, ["{{ row.%s }}" % field for field in fields], aligns=aligns)
    _row_tag(table, 6, "endif")
    _row_tag(table, 7, "endfor")
    _write(document, "{{ figures_note }}", size=12, italic=True, before=4, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _tag(document, "for block in %s.blocks" % annex)
    _write(document, "Chia theo cơ quan, đơn vị{{ block.part }}", size=13, bold=True, align=_CENTER, before=12, after=4, keep=True)
    table = _table(document, 4, [20] * 6, name=MATRIX_TABLE)
    value_cells = ("{%%tc for %s in block.agencies %%}", "{{ agency.name }}", "{%%tc endfor %%}")
    _cells(table, 0, ("Chỉ tiêu", "Đơn vị tính", value_cells[0] % "agency", value_cells[1], "{%tc endfor %}", "Tổng số"), bold=True, header=True)
    _row_tag(table, 1, "for row in block.rows")
    _cells(
        table,
        2,
        ("{{ row.name }}", "{{ row.unit }}", "{%tc for figure in row.figures %}", "{{ figure }}", "{%tc endfor %}", "{{ row.total }}"),
        aligns=[_LEFT, _CENTER, _RIGHT, _RIGHT, _RIGHT, _RIGHT],
    )
    _row_tag(table, 3, "endfor")
    _tag(document, "endfor")


def _merged(table: Table, index: int, text: str) -> None:
    """One bold cell over the whole row."""
    cells = table.rows[index].cells
    merged = cells[0].merge(cells[-1])
    for paragraph in merged.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    _write(merged.paragraphs[0], text, style="Report Table", bold=True, align=_LEFT, keep=True)


def _task_annex(document: DocumentObject) -> None:
    _annex_head(document, "annexes.tasks")
    style = "Report Table Small"
    table = _table(document, 8, [15, 58, 27, 33, 25, 22, 11, 36, 25])
    heads = ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện", "Tình trạng")
    _cells(table, 0, (*heads, "%", "Kết quả", "Khó khăn, lý do chậm"), style=style, bold=True, header=True)
    _row_tag(table, 1, "for row in annexes.tasks.rows")
    _row_tag(table, 2, "if row.heading")
    _cells(table, 3, [""] * 9, style=style)
    _merged(table, 3, "{{ row.name }}")
    _row_tag(table, 4, "else")
    fields = ("number", "title", "lead", "supporting", "timing", "state", "percent", "result", "reason")
    aligns = [_CENTER, _LEFT, _LEFT, _LEFT, _CENTER, _CENTER, _CENTER, _LEFT, _LEFT]
    _cells(table, 5, ["{{ row.%s }}" % field for field in fields], style=style, aligns=aligns)
    _row_tag(table, 6, "endif")
    _row_tag(table, 7, "endfor")
    _write(document, "{{ tasks_note }}", size=12, italic=True, before=4, align=WD_ALIGN_PARAGRAPH.JUSTIFY)


def _settings(document: DocumentObject) -> None:
    """Word opens the file in its present mode, not in compatibility mode."""
    compat = OxmlElement("w:compat")
    setting = OxmlElement("w:compatSetting")
    for name, value in (
        ("name", "compatibilityMode"),
        ("uri", "http://schemas.microsoft.com/office/word"),
        ("val", "15"),
    ):
        setting.set(qn(f"w:{name}"), value)
    compat.append(setting)
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    settings.append(compat)
