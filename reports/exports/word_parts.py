"""The pieces of which the Word template is built: styles, paragraphs, drawn lines, tables, page numbers.

Lengths are millimetres, font sizes points.
"""

from docx.document import Document as DocumentObject
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
ALIGN_LEFT, ALIGN_CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER
# Styles of the drawn lines: a share of the words above, or as long as they are (word_fit sets the lengths).
RULE, FULL_RULE = "Report Rule", "Report Rule Full"
ALIGN_RIGHT, ALIGN_BOTH = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


def dress_styles(document: DocumentObject) -> None:
    """Times New Roman, black, Vietnamese, in every style that the report uses."""
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
        (RULE, "Normal", 14, False),
        (FULL_RULE, "Normal", 14, False),
    ):
        known = name in [style.name for style in document.styles]
        style = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles[base]
        _dress(style, size, bold=bold)
        layout = style.paragraph_format
        if "Rule" in name:
            continue
        if "Table" not in name:
            layout.alignment = ALIGN_BOTH if name == "Report Body" else ALIGN_LEFT
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


def page_number(section) -> None:
    """Arabic, size 13, centred in the top margin, not on the first page of the section."""
    section.different_first_page_header_footer = True
    section.first_page_header.is_linked_to_previous = False
    section.header.is_linked_to_previous = False
    paragraph = section.header.paragraphs[0]
    paragraph.style = "Normal"
    paragraph.alignment = ALIGN_CENTER
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


def tiny(paragraph: Paragraph) -> None:
    """Make an empty paragraph as low as Word allows."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(1)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)


def write(
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
    """One paragraph of one run: ``before`` and ``after`` in points, ``keep`` with the next paragraph."""
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


def tag(where: DocumentObject | _Cell, text: str) -> Paragraph:
    """A paragraph that holds one docxtpl paragraph tag and nothing else; it vanishes when rendered."""
    return write(where, "{%p " + text + " %}")


def rule(where: DocumentObject | _Cell, width: float, length: float, *, after: float = 0, style: str = RULE) -> None:
    """A drawn line of the given length, centred in the given width."""
    paragraph = where.add_paragraph(style=style)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((width - length) / 2)
    layout.first_line_indent = Mm(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    layout.space_before, layout.space_after = Pt(4), Pt(after)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def table_of(document: DocumentObject, rows: int, widths: list[float], *, grid: bool = True, name: str = "") -> Table:
    """A table of fixed column widths; without ``grid`` it only arranges text. ``name`` lets the renderer find it."""
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
        table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)
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


def keep_row(table: Table, index: int, *, header: bool = False) -> None:
    """Keep the row in one piece; a header row repeats on every page."""
    properties = table.rows[index]._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(("w:tblHeader",) if header else ())):
        properties.append(OxmlElement(name))


def write_row(table: Table, index: int, texts, *, style="Report Table", bold=None, aligns=None, header=False) -> None:
    """One paragraph per cell; the row is kept in one piece."""
    for column, text in enumerate(texts):
        cell = table.cell(index, column)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        align = aligns[column] if aligns else ALIGN_CENTER
        write(cell.paragraphs[0], text, style=style, bold=bold, align=align)
    keep_row(table, index, header=header)


def row_tag(table: Table, index: int, text: str) -> None:
    """A row that holds one docxtpl row tag and nothing else; it vanishes when rendered."""
    table.cell(index, 0).paragraphs[0].add_run("{%tr " + text + " %}")


def write_merged(table: Table, index: int, text: str) -> None:
    """One bold cell over the whole row."""
    cells = table.rows[index].cells
    merged = cells[0].merge(cells[-1])
    for paragraph in merged.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    write(merged.paragraphs[0], text, style="Report Table", bold=True, align=ALIGN_LEFT, keep=True)


def modern_settings(document: DocumentObject) -> None:
    """Word opens the file in its present mode, not in compatibility mode; the language is Vietnamese."""
    settings = document.settings.element
    compat = settings.find(qn("w:compat"))
    for old in list(compat):
        compat.remove(old)
    setting = OxmlElement("w:compatSetting")
    for name, value in (
        ("name", "compatibilityMode"),
        ("uri", "http://schemas.microsoft.com/office/word"),
        ("val", "15"),
    ):
        setting.set(qn(f"w:{name}"), value)
    compat.append(setting)
    settings.find(qn("w:themeFontLang")).set(qn("w:val"), "vi-VN")
