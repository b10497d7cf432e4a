"""Ways to break one thing in a Word file that is laid out well: each takes the opened document and changes it."""

import io
import re
import zipfile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


def edited(content: bytes, change) -> bytes:
    """The file with one change, saved again."""
    document = Document(io.BytesIO(content))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paragraphs(document):
    return [Paragraph(node, document) for node in document.element.body.iter(qn("w:p"))]


def the(document, beginning: str) -> Paragraph:
    """The first paragraph whose text begins so."""
    return next(given for given in paragraphs(document) if given.text.strip().startswith(beginning))


def after(document, beginning: str) -> Paragraph:
    every = paragraphs(document)
    at = next(index for index, given in enumerate(every) if given.text.strip().startswith(beginning))
    return every[at + 1]


def font(beginning: str, **look):
    """Set attributes of the letters of a paragraph: size, bold, italic, name, color."""

    def change(document):
        for run in the(document, beginning).runs:
            for name, value in look.items():
                if name == "size":
                    run.font.size = Pt(value)
                elif name == "color":
                    run.font.color.rgb = RGBColor.from_string(value)
                elif name == "slot":
                    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn(f"w:{value}"), "Arial")
                else:
                    setattr(run.font, name, value)

    return change


def layout(beginning: str, **look):
    """Set attributes of a paragraph's layout."""

    def change(document):
        for name, value in look.items():
            setattr(the(document, beginning).paragraph_format, name, value)

    return change


def words(old: str, new: str, *, first: bool = False):
    """Replace words wherever they stand inside one run (only the first time with ``first``)."""

    def change(document):
        done = 0
        for node in document.element.body.iter(qn("w:t")):
            if node.text and old in node.text and not (first and done):
                node.text = node.text.replace(old, new)
                node.set(qn("xml:space"), "preserve")
                done += 1
        assert done, f"nothing reads {old!r}"

    return change


def retyped(beginning: str, text: str):
    """Type another text into a paragraph of one run."""

    def change(document):
        the(document, beginning).runs[0].text = text

    return change


def gone(beginning: str):
    """Take a paragraph away (an emptied one stays where a cell needs it)."""

    def change(document):
        given = the(document, beginning)
        parent = given._p.getparent()
        if parent.tag == qn("w:tc") and len(parent.findall(qn("w:p"))) == 1:
            for run in given.runs:
                run.text = ""
        else:
            parent.remove(given._p)

    return change


def line_gone(beginning: str):
    """Take away the line below a paragraph."""

    def change(document):
        borders = after(document, beginning)._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
        borders.getparent().remove(borders)

    return change


def line_as_long_as(beginning: str, indent: float):
    """Make the line below a paragraph reach to the given indents (mm)."""

    def change(document):
        given = after(document, beginning).paragraph_format
        given.left_indent = given.right_indent = Mm(indent)

    return change


def section(index: int, **sizes):
    """Set sizes of a section in millimetres, or other attributes as they are."""

    def change(document):
        for name, value in sizes.items():
            setattr(document.sections[index], name, Mm(value) if isinstance(value, int | float) else value)

    return change


def header(change_paragraph):
    def change(document):
        change_paragraph(document.sections[0].header.paragraphs[0])

    return change


def no_page_number(document):
    given = document.sections[0].header.paragraphs[0]
    for run in list(given.runs):
        run._r.getparent().remove(run._r)


def number_below(document):
    given, footer = document.sections[0].header.paragraphs[0], document.sections[0].footer
    footer.is_linked_to_previous = False
    for run in list(given.runs):
        footer.paragraphs[0]._p.append(run._r)


def number_on_first_page(document):
    properties = document.sections[0]._sectPr
    properties.remove(properties.find(qn("w:titlePg")))


def number_in_first_header(document):
    section = document.sections[0]
    for run in list(section.header.paragraphs[0].runs):
        copied = __import__("copy").deepcopy(run._r)
        section.first_page_header.paragraphs[0]._p.append(copied)


def roman_page_numbers(document):
    properties = document.sections[0]._sectPr
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:fmt"), "lowerRoman")
    properties.insert_element_before(numbers, "w:cols", "w:titlePg", "w:docGrid")


def table_of(document, head: str):
    return next(table for table in document.tables if head in [cell.text for cell in table.rows[0].cells])


def row_property(head: str, row: int, name: str):
    """Take a property of a table row away."""

    def change(document):
        properties = table_of(document, head).rows[row]._tr.trPr
        for found in properties.findall(qn(f"w:{name}")):
            properties.remove(found)

    return change


def wide_table(document):
    for column in table_of(document, "Cơ quan, đơn vị")._tbl.tblGrid.findall(qn("w:gridCol")):
        column.set(qn("w:w"), "2400")


def table_first_in_annex(document):
    """Move the headings of the last annex below its table."""
    heads = [the(document, "Phụ lục III"), after(document, "Phụ lục III")]
    heads.append(after(document, heads[-1].text))
    table = document.tables[-1]._tbl
    for given in reversed(heads):
        table.addnext(given._p)


def swap_signature_cells(document):
    row = next(table for table in document.tables if "Nơi nhận:" in table._tbl.xml).rows[0]._tr
    cells = row.tc_lst
    cells[1].addnext(cells[0])


def no_room_for_the_seal(document):
    every = paragraphs(document)
    for at, given in enumerate(every):
        if given.text.strip() == "Lê Thị Thí Dụ":
            for empty in every[at - 4 : at]:
                empty._p.getparent().remove(empty._p)


def bases(document):
    """Two legal bases laid out well, above the text."""
    first = the(document, "Thực hiện 05 kế hoạch")
    for text in ("Căn cứ Luật Phổ biến, giáo dục pháp luật;", "Căn cứ Quyết định số 21/2021/QĐ-TTg."):
        given = first.insert_paragraph_before(text, style="Report Body")
        given.runs[0].italic = True


def urgency(document):
    given = Paragraph(OxmlElement("w:p"), document.tables[0].cell(1, 0))
    the(document, "Số:")._p.addnext(given._p)
    run = given.add_run("KHẨN")
    run.bold, run.font.size = True, Pt(13)
    given.alignment = CENTER


def both(*changes):
    def change(document):
        for one in changes:
            one(document)

    return change


def rezipped(content: bytes, rename=None, **changed: bytes) -> bytes:
    """The package with parts replaced or added (part names with / written as given in a dictionary)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.pop(name, None) or old.read(name))
        for name, data in changed.items():
            new.writestr(name, data)
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def theme_fonts(content: bytes) -> bytes:
    """Letters that follow the theme of Word instead of Times New Roman."""
    styles = part(content, "word/styles.xml").decode()
    styles = re.sub(r'w:ascii="Times New Roman"', 'w:asciiTheme="minorHAnsi"', styles)
    return rezipped(content, **{"word/styles.xml": styles.encode()})


def exactly(points: float):
    def change(document):
        given = the(document, BODY).paragraph_format
        given.line_spacing_rule, given.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)

    return change


BODY = "Trong Quý II/2024"
