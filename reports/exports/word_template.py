"""The Word template of the council's report, built in code by the layout of NĐ 30/2020/NĐ-CP, Phụ lục I (domain.md §4).

The result is an ordinary .docx with docxtpl tags; ``reports.exports.word`` renders it. Lengths are millimetres, font
sizes points.
"""

import functools
import io
from collections.abc import Callable

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from reports.exports.word_parts import (
    ALIGN_BOTH,
    ALIGN_CENTER,
    ALIGN_LEFT,
    ALIGN_RIGHT,
    FULL_RULE,
    dress_styles,
    keep_row,
    modern_settings,
    page_number,
    row_tag,
    rule,
    table_of,
    tag,
    tiny,
    write,
    write_merged,
    write_row,
)

TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 20
LANDSCAPE_RIGHT = 15
TEXT_WIDTH = 210 - LEFT - RIGHT
LANDSCAPE_WIDTH = 297 - LEFT - LANDSCAPE_RIGHT
# Descriptions by which the renderer finds the tables whose number of columns depends on the data.
FIGURES_TABLE, MATRIX_TABLE = "figures", "matrix"

_STATES = ("tasks", "done", "on_track", "due_soon", "overdue", "suspended")
_STATE_HEADS = ("Tổng số", "Hoàn thành", "Đúng tiến độ", "Sắp đến hạn", "Quá hạn", "Tạm dừng")


@functools.cache
def council_report_template(guide: Callable[[DocumentObject], None] | None = None) -> bytes:
    """The template as .docx bytes; built once per process. ``guide`` writes on a last page that is never printed."""
    document = Document()
    dress_styles(document)
    _portrait(document)
    _head(document)
    _body(document)
    _signature(document)
    _annex(document, "annexes.education")
    _annex(document, "annexes.mediation")
    _task_annex(document)
    if guide is not None:
        guide(document)
    modern_settings(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _portrait(document: DocumentObject) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    page_number(section)


def _landscape(document: DocumentObject) -> None:
    """A landscape section whose pages are counted anew: each annex numbers its own pages."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    # The paragraph that carries the break stands after a table: as small as can be, lest it make a page of its own.
    carrier = document.element.body.findall(qn("w:p"))[-1]
    tiny(Paragraph(carrier, document))
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.right_margin = Mm(LANDSCAPE_RIGHT)
    page_number(section)
    pages = OxmlElement("w:pgNumType")
    pages.set(qn("w:start"), "1")
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    section._sectPr.insert_element_before(pages, "w:cols", "w:titlePg", "w:docGrid")


def _head(document: DocumentObject) -> None:
    left, right = 68, TEXT_WIDTH - 68
    table = table_of(document, 2, [left, right], grid=False)
    issuer, nation = table.rows[0].cells
    write(issuer.paragraphs[0], "{{ parent_body }}", size=12, align=ALIGN_CENTER)
    write(issuer, "{{ issuing_body }}", size=12, bold=True, align=ALIGN_CENTER)
    rule(issuer, left, 28)
    write(nation.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=ALIGN_CENTER)
    write(nation, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=ALIGN_CENTER)
    rule(nation, right, 56, style=FULL_RULE)
    number, place = table.rows[1].cells
    write(number.paragraphs[0], "{{ number_line }}", size=13, align=ALIGN_CENTER, before=3)
    tag(number, "if draft")
    write(number, "DỰ THẢO", size=13, bold=True, align=ALIGN_CENTER, before=3)
    tag(number, "endif")
    write(place.paragraphs[0], "{{ place }}, {{ date_line }}", size=13, italic=True, align=ALIGN_CENTER, before=3)
    for index in (0, 1):
        keep_row(table, index)
    write(document, "BÁO CÁO", bold=True, align=ALIGN_CENTER, before=18)
    write(document, "{{ subject }}", bold=True, align=ALIGN_CENTER)
    rule(document, TEXT_WIDTH, 55, after=6)
    tag(document, "if addressee")
    write(document, "Kính gửi: {{ addressee }}.", align=ALIGN_CENTER, before=6, after=12)
    tag(document, "endif")
    tag(document, "if opening")
    write(document, "{{ opening }}", style="Report Body")
    tag(document, "endif")


def _body(document: DocumentObject) -> None:
    tag(document, "for heading in headings")
    tag(document, "if heading.level == 1")
    write(document, "{{ heading.number }} {{ heading.title }}", style="Heading 1", keep=True)
    tag(document, "else")
    write(document, "{{ heading.number }} {{ heading.title }}", style="Heading 2", keep=True)
    tag(document, "endif")
    tag(document, "for paragraph in heading.paragraphs")
    tag(document, "if paragraph.keep")
    write(document, "{{ paragraph.text }}", style="Report Body", keep=True)
    tag(document, "else")
    write(document, "{{ paragraph.text }}", style="Report Body")
    tag(document, "endif")
    tag(document, "endfor")
    tag(document, "if heading.key == 'education' and charts.education")
    _chart(document, "charts.education")
    tag(document, "endif")
    tag(document, "if heading.key == 'plans' and agencies")
    write(
        document, "Tình hình thực hiện nhiệm vụ theo cơ quan, đơn vị chủ trì", bold=True, align=ALIGN_CENTER, keep=True
    )
    write(document, "(Đơn vị tính: nhiệm vụ)", size=13, italic=True, align=ALIGN_CENTER, after=4, keep=True)
    _state_table(document)
    write(document, "{{ state_note }}", size=12, italic=True, before=4, after=6, align=ALIGN_BOTH)
    tag(document, "endif")
    tag(document, "if heading.key == 'plans' and charts.tasks")
    _chart(document, "charts.tasks")
    tag(document, "endif")
    tag(document, "endfor")


def _chart(document: DocumentObject, name: str) -> None:
    """A caption above its chart, on one page."""
    write(document, f"{{{{ {name}.caption }}}}", size=13, bold=True, align=ALIGN_CENTER, before=8, after=4, keep=True)
    write(document, f"{{{{ {name}.drawing }}}}", align=ALIGN_CENTER, after=6)


def _state_table(document: DocumentObject) -> None:
    table = table_of(document, 5, [13, 42, 15, 18, 18, 18, 18, 18])
    left = [ALIGN_CENTER, ALIGN_LEFT, *[ALIGN_CENTER] * 6]
    write_row(table, 0, ("STT", "Cơ quan, đơn vị", *_STATE_HEADS), bold=True, header=True)
    row_tag(table, 1, "for row in agencies")
    cells = ("{{ loop.index }}", "{{ row.name }}", *(f"{{{{ row.{state} }}}}" for state in _STATES))
    write_row(table, 2, cells, aligns=left)
    row_tag(table, 3, "endfor")
    write_row(table, 4, ("", "Tổng cộng", *(f"{{{{ totals.{state} }}}}" for state in _STATES)), bold=True)


def _signature(document: DocumentObject) -> None:
    left, right = 75, TEXT_WIDTH - 75
    write(document, "", size=6, keep=True)
    table = table_of(document, 1, [left, right], grid=False)
    keep_row(table, 0)
    recipients, signer = table.rows[0].cells
    write(recipients.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True, keep=True)
    tag(recipients, "for line in recipients")
    write(recipients, "{{ line }}", size=11, keep=True)
    tag(recipients, "endfor")
    signer._tc.remove(signer.paragraphs[0]._p)
    tag(signer, "for line in signer_titles")
    write(signer, "{{ line }}", bold=True, align=ALIGN_CENTER, keep=True)
    tag(signer, "endfor")
    for _ in range(5):  # room for signature and seal
        write(signer, "", keep=True)
    write(signer, "{{ signer_name }}", bold=True, align=ALIGN_CENTER)


def _annex_head(document: DocumentObject, annex: str) -> None:
    _landscape(document)
    write(document, f"{{{{ {annex}.number }}}}", bold=True, align=ALIGN_CENTER, keep=True)
    write(document, f"{{{{ {annex}.title }}}}", size=13, bold=True, align=ALIGN_CENTER, keep=True)
    write(document, "{{ annex_line }}", size=13, italic=True, align=ALIGN_CENTER, after=8, keep=True)


def _annex(document: DocumentObject, annex: str) -> None:
    """An annex of figures: one table for the whole, then tables by agency, a limited number of agencies on each."""
    _annex_head(document, annex)
    heads = (
        "STT",
        "Chỉ tiêu",
        "Đơn vị tính",
        "{{ label }}",
        "{{ previous_label }}",
        "Tăng, giảm so với {{ previous_label }}",
    )
    heads += ("{{ last_year_label }}", "Tăng, giảm so với cùng kỳ")
    fields = ("index", "name", "unit", "value", "previous", "change", "last_year", "change_year")
    table = table_of(document, 8, [20] * 8, name=FIGURES_TABLE)
    aligns = [ALIGN_CENTER, ALIGN_LEFT, ALIGN_CENTER, *[ALIGN_RIGHT] * 5]
    write_row(table, 0, heads, bold=True, header=True)
    row_tag(table, 1, f"for row in {annex}.rows")
    row_tag(table, 2, "if row.heading")
    write_row(table, 3, ("", "", "", "", "", "", "", ""))
    write_merged(table, 3, "{{ row.name }}")
    row_tag(table, 4, "else")
    write_row(table, 5, [f"{{{{ row.{field} }}}}" for field in fields], aligns=aligns)
    row_tag(table, 6, "endif")
    row_tag(table, 7, "endfor")
    write(document, f"{{{{ {annex}.note }}}}", size=12, italic=True, before=4, align=ALIGN_BOTH)
    tag(document, f"for block in {annex}.blocks")
    write(
        document,
        "Chia theo cơ quan, đơn vị{{ block.part }}",
        size=13,
        bold=True,
        align=ALIGN_CENTER,
        before=12,
        after=4,
        keep=True,
    )
    table = table_of(document, 4, [20] * 6, name=MATRIX_TABLE)
    value_cells = ("{%%tc for %s in block.agencies %%}", "{{ agency.name }}", "{%%tc endfor %%}")
    write_row(
        table,
        0,
        ("Chỉ tiêu", "Đơn vị tính", value_cells[0] % "agency", value_cells[1], "{%tc endfor %}", "Tổng số"),
        bold=True,
        header=True,
    )
    row_tag(table, 1, "for row in block.rows")
    write_row(
        table,
        2,
        (
            "{{ row.name }}",
            "{{ row.unit }}",
            "{%tc for figure in row.figures %}",
            "{{ figure }}",
            "{%tc endfor %}",
            "{{ row.total }}",
        ),
        aligns=[ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT, ALIGN_RIGHT],
    )
    row_tag(table, 3, "endfor")
    tag(document, "endfor")


def _task_annex(document: DocumentObject) -> None:
    _annex_head(document, "annexes.tasks")
    style = "Report Table Small"
    table = table_of(document, 8, [12, 47, 24, 28, 23, 19, 11, 64, 24])
    heads = ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian thực hiện", "Tình trạng")
    write_row(table, 0, (*heads, "%", "Kết quả", "Khó khăn, lý do chậm"), style=style, bold=True, header=True)
    row_tag(table, 1, "for row in annexes.tasks.rows")
    row_tag(table, 2, "if row.heading")
    write_row(table, 3, [""] * 9, style=style)
    write_merged(table, 3, "{{ row.name }}")
    row_tag(table, 4, "else")
    fields = ("number", "title", "lead", "supporting", "timing", "state", "percent", "result", "reason")
    aligns = [
        ALIGN_CENTER,
        ALIGN_LEFT,
        ALIGN_LEFT,
        ALIGN_LEFT,
        ALIGN_CENTER,
        ALIGN_CENTER,
        ALIGN_CENTER,
        ALIGN_LEFT,
        ALIGN_LEFT,
    ]
    write_row(table, 5, [f"{{{{ row.{field} }}}}" for field in fields], style=style, aligns=aligns)
    row_tag(table, 6, "endif")
    row_tag(table, 7, "endfor")
    write(document, "{{ tasks_note }}", size=12, italic=True, before=4, align=ALIGN_BOTH)
