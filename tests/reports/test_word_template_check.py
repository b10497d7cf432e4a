"""Uploaded Word templates: a good one is taken, everything else is refused in words, and nothing in it ever runs."""

import io
import zipfile

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError

from reports.exports.word import rendered
from reports.exports.word_context import GUIDE, report_context
from reports.exports.word_dummy import dummy_consolidation, dummy_parts
from reports.exports.word_guide import template_to_edit
from reports.exports.word_package import NotWord, open_word
from reports.exports.word_template import council_report_template
from reports.exports.word_template_check import MAX_BYTES, check_template, preview
from tests.reports import nd30_mutations as m
from tests.reports.word_samples import report

FIRST = "{{ subject }}"


def with_paragraph(*texts: str) -> bytes:
    """The built-in template with paragraphs more, above its signature."""

    def change(document):
        place = m.the(document, "{%p for heading in headings %}")
        for text in texts:
            place.insert_paragraph_before(text, style="Report Body")

    return m.edited(council_report_template(), change)


def replaced(old: str, new: str) -> bytes:
    return m.edited(council_report_template(), m.words(old, new))


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_the_built_in_template_passes_its_own_check():
    checked = check_template(council_report_template())
    assert (checked.problems, checked.notes, checked.findings) == ((), (), ())
    assert "Hội đồng phối hợp phổ biến, giáo dục pháp luật tỉnh Ví Dụ" in text_of(checked.preview)


def test_the_downloaded_template_carries_a_guide_that_is_never_printed():
    guided = text_of(template_to_edit())
    assert "HƯỚNG DẪN SỬA MẪU" in guided and all(name in guided for name in GUIDE)
    checked = check_template(template_to_edit())
    assert (checked.problems, checked.findings) == ((), ())
    assert "HƯỚNG DẪN SỬA MẪU" not in text_of(checked.preview)


def test_the_guide_names_exactly_the_variables_of_the_report():
    assert set(GUIDE) == set(report_context(dummy_consolidation(), **dummy_parts()))


def test_a_well_edited_template_is_used():
    edited = with_paragraph("Báo cáo {{ label|lower }} gồm {{ headings|length }} đề mục.", "{{ agencies|first }}")
    assert "nhiều phần" in check_template(edited).problems[0]
    edited = with_paragraph("Báo cáo {{ label|lower }} gồm {{ headings|length }} đề mục.")
    assert check_template(edited).problems == ()
    assert "Báo cáo quý ii/2024 gồm 16 đề mục." in text_of(report(template=edited))


def test_tags_that_word_has_cut_into_runs_are_still_tags():
    def cut(document):
        given = m.the(document, FIRST)
        size = given.runs[0].font.size
        given.runs[0].text = "{"
        for piece in ("{ sub", "ject", " }", "}"):
            run = given.add_run(piece)
            run.bold, run.font.size = True, size

    edited = m.edited(council_report_template(), cut)
    assert check_template(edited).problems == ()
    assert "Kết quả thực hiện công tác phối hợp" in text_of(report(template=edited))


def test_layout_against_the_decree_is_a_warning_not_a_refusal():
    checked = check_template(m.edited(council_report_template(), m.font(FIRST, size=16)))
    assert checked.problems == ()
    assert {finding.rule for finding in checked.findings} == {"L18"}


def test_what_a_template_leaves_out_without_harm_is_told():
    checked = check_template(replaced("{{ place }}, ", "Ví Dụ, "))
    assert checked.problems == () and checked.notes == ("Mẫu không in: place.",)


# what is typed into the template, what is said about it
WRONG = [
    ("{{ subjekt }}", "Không có biến “subjekt”. Có phải “subject”?"),
    ("{{ totals.tassks }}", "“totals” không có phần “tassks”. Có phải “tasks”?"),
    ("{{ subject.name }}", "“subject” là chữ, không có phần “name”."),
    ("{{ agencies }}", "“agencies” là danh sách, không in thẳng được"),
    ("{{ agencies.name }}", "“agencies” là danh sách: dùng vòng lặp for"),
    ("{{ agencies[0] }}", "không lấy phần tử theo số"),
    ("{{ charts.tasks }}", "có nhiều phần"),
    ("{{ subject|attr('x') }}", "bộ lọc “attr”"),
    ("{{ subject|map('upper') }}", "bộ lọc “map”"),
    ("{{ subject|tojson }}", "bộ lọc “tojson”"),
    ("{{ subject|safe }}", "bộ lọc “safe”"),
    # what would run
    ("{{ ''.__class__ }}", "Không được đọc phần trong của máy"),
    ("{{ ''['__class__'] }}", "Không được đọc phần trong của máy"),
    ("{{ subject.__class__.__mro__ }}", "Không được đọc phần trong của máy"),
    ("{{ subject.upper() }}", "gọi hàm"),
    ("{{ cycler() }}", "gọi hàm"),
    ("{{ lipsum(9999) }}", "gọi hàm"),
    ("{{ range(10**9) }}", "gọi hàm"),
    ("{{ self.__init__.__globals__ }}", "Không được đọc phần trong của máy"),
    ("{% import 'os' as os %}", "nạp (import)"),
    ("{% from 'os' import system %}", "nạp (import)"),
    ("{% include 'tep' %}", "chèn tệp (include)"),
    ("{% extends 'tep' %}", "kế thừa (extends)"),
    ("{% set x = 1 %}", "gán biến (set)"),
    ("{% macro f() %}{% endmacro %}", "macro"),
    ("{% block b %}{% endblock %}", "block"),
    ("{% with a = 1 %}{% endwith %}", "with"),
    # what would not end, or would fill the memory
    ("{% for x in range(999999999) %}a{% endfor %}", "gọi hàm"),
    ("{{ 'a' * 999999999 }}", "phép tính"),
    ("{{ 9 ** 9999999 }}", "phép tính"),
    ("{{ '%999999999d' % 1 }}", "phép tính"),
    ("{{ subject.format(1) }}", "gọi hàm"),
    ("{% for x in agencies recursive %}{{ loop(agencies) }}{% endfor %}", "đệ quy"),
    ("{% for a in agencies %}{% for b in agencies %}x{% endfor %}{% endfor %}", "lặp lồng nhau"),
    (
        "{% for h in headings %}{% for a in agencies %}{% for b in agencies %}x{% endfor %}{% endfor %}{% endfor %}",
        "lặp lồng nhau",
    ),
    (
        "{% for h in headings %}{% for p in h.paragraphs %}{% for q in h.paragraphs %}x{% endfor %}{% endfor %}"
        "{% endfor %}",
        "lặp lồng nhau",
    ),
    ("{% for a in subject %}x{% endfor %}", "không phải danh sách"),
    ("{% for subject in agencies %}x{% endfor %}", "đã là biến của báo cáo"),
    ("{% for a, b in agencies %}x{% endfor %}", "chỉ có một tên"),
    ("{% for a in [1, 2] %}x{% endfor %}", "danh sách tự viết"),
    # what does not close, open or stand alone
    ("{{ subject }", "Thẻ “{{” chưa đóng bằng “}}”"),
    ("{% if draft", "Thẻ “{%” chưa đóng bằng “%}”"),
    ("subject }}", "không có dấu mở"),
    ("{{ {% subject }}", "chưa đóng"),
    ("{% if draft %}nháp", "Thiếu thẻ đóng {% endif %}"),
    ("nháp{% endif %}", "không có thẻ mở tương ứng"),
    ("{% while draft %}", "Không dùng được thẻ {% while %}"),
    ("{{ subject subject }}", "Thẻ viết sai"),
    ("{{ }}", "Thẻ viết sai"),
    ("{% for in agencies %}x{% endfor %}", "Thẻ viết sai"),
    ("Nếu {%p if draft %} thì", "phải đứng một mình trong đoạn"),
    ("{%p if draft %}{%p endif %}", "phải đứng một mình trong đoạn"),
    ("{%tr for row in agencies %}", "phải nằm trong bảng"),
    ("{{r subject }}", "Không dùng được thẻ {{r …}}"),
    ("{{p subject }}", "phải đứng một mình trong đoạn"),
]  # fmt: skip


@pytest.mark.parametrize("typed, told", WRONG, ids=[typed[:40] for typed, _told in WRONG])
def test_a_wrong_tag_is_refused_in_words(typed, told):
    problems = check_template(with_paragraph(typed)).problems
    assert problems and any(told in problem for problem in problems), problems


def test_all_that_is_wrong_is_told_at_once():
    problems = check_template(with_paragraph("{{ subjekt }}", "{{ ''.__class__ }}", "{{ totals.x }}")).problems
    assert len(problems) == 3


@pytest.mark.parametrize("name", [name for name, (_words, needed) in GUIDE.items() if needed])
def test_a_template_without_a_needed_variable_is_refused_and_the_variable_named(name):
    lists = {"headings": "{{ item.title }}", "recipients": "{{ item }}", "signer_titles": "{{ item }}"}
    document = Document()
    for known in (known for known, (_words, needed) in GUIDE.items() if needed and known != name):
        if known in lists:
            for text in (f"{{%p for item in {known} %}}", lists[known], "{%p endfor %}"):
                document.add_paragraph(text)
        else:
            document.add_paragraph(f"{{{{ {known} }}}}")
    out = io.BytesIO()
    document.save(out)
    problems = check_template(out.getvalue()).problems
    assert len(problems) == 1 and f"Mẫu thiếu biến {{{{ {name} }}}}" in problems[0], problems


def test_tags_in_headers_are_read_too():
    def header(document):
        document.sections[0].header.paragraphs[0].add_run("{{ ''.__class__ }}")

    assert "phần trong của máy" in check_template(m.edited(council_report_template(), header)).problems[0]


def test_tags_in_the_file_properties_never_run():
    def properties(document):
        document.core_properties.comments = "{{ 7 * 7 }}"

    edited = m.edited(council_report_template(), properties)
    made = Document(io.BytesIO(report(template=edited)))
    assert "49" not in (made.core_properties.comments, made.core_properties.subject)


def test_even_unchecked_a_template_stays_in_its_sandbox():
    """The second wall: were the reading of tags to miss something, running it must still fail."""
    context = report_context(dummy_consolidation(), **dummy_parts())
    for typed in (
        "{{ subject.__class__.__mro__ }}",
        "{{ range(10) }}",
        "{{ nothing_known }}",
        "{{ headings.clear() }}",
    ):
        with pytest.raises((SecurityError, TemplateError)):
            rendered(with_paragraph(typed), context)


def docx_with(**parts: bytes) -> bytes:
    return m.rezipped(council_report_template(), **parts)


def rels(relation: str) -> bytes:
    known = m.part(council_report_template(), "word/_rels/document.xml.rels").decode()
    return known.replace("</Relationships>", relation + "</Relationships>").encode()


def external(kind: str, target: str) -> bytes:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return rels(f'<Relationship Id="rIdX" Type="{base}/{kind}" Target="{target}" TargetMode="External"/>')


def field(instruction: str) -> bytes:
    def change(document):
        run = m.the(document, "BÁO CÁO").add_run()
        for kind in ("begin", None, "end"):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = instruction
            run._r.append(element)

    return m.edited(council_report_template(), change)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a>" + b" " * 80_000_000 + b"</a>")
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


NOT_TEMPLATES = [
    ("empty", lambda: b"", "Tệp rỗng"),
    ("text", lambda: b"Kinh gui ban", "không phải văn bản Word"),
    ("PDF", lambda: b"%PDF-1.7 ...", "tệp PDF"),
    ("old Word", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "định dạng cũ"),
    ("RTF", lambda: b"{\\rtf1}", "RTF"),
    ("renamed zip", lambda: zipped(**{"a.txt": b"x"}), "một gói nén khác"),
    ("renamed Excel", lambda: zipped(**{"[Content_Types].xml": b"<T/>", "xl/workbook.xml": b"<w/>"}), "Excel"),
    ("cut short", lambda: council_report_template()[:9000], "bị hỏng"),
    ("not XML", lambda: docx_with(**{"word/document.xml": b"<w:document"}), "bị hỏng"),
    ("macro", lambda: docx_with(**{"word/vbaProject.bin": b"x"}), "macro"),
    ("macro type", lambda: docx_with(**{"[Content_Types].xml": b"<T>macroEnabled</T>"}), "macro"),
    ("DOCTYPE", lambda: docx_with(**{"word/fontTable.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}), "DOCTYPE"),
    ("bomb", bomb, "bất thường"),
    ("heavy", lambda: b"PK" + b"0" * MAX_BYTES, "quá mức"),
    ("ActiveX", lambda: docx_with(**{"word/activeX/activeX1.xml": b"<a/>"}), "ActiveX"),
    ("OLE", lambda: docx_with(**{"word/embeddings/oleObject1.bin": b"x"}), "OLE"),
    ("remote image", lambda: docx_with(**{"word/_rels/document.xml.rels": external("image", "http://x/a.png")}), "ảnh lấy từ ngoài"),
    ("remote template", lambda: docx_with(**{"word/_rels/document.xml.rels": external("attachedTemplate", "http://x/a.dotm")}), "mẫu (template) đính từ ngoài"),
    ("link", lambda: docx_with(**{"word/_rels/document.xml.rels": external("hyperlink", "http://x/")}), "liên kết ra ngoài"),
    ("INCLUDEPICTURE", lambda: field(' INCLUDEPICTURE "http://x/a.png" '), "INCLUDEPICTURE"),
    ("DDEAUTO", lambda: field(" DDEAUTO c:\\\\x "), "DDEAUTO"),
]  # fmt: skip


@pytest.mark.parametrize("make, told", [row[1:] for row in NOT_TEMPLATES], ids=[row[0] for row in NOT_TEMPLATES])
def test_what_is_no_plain_word_file_is_refused_in_words(make, told):
    problems = check_template(make()).problems
    assert len(problems) >= 1 and told in " ".join(problems), problems


def test_a_document_with_its_own_charts_and_page_fields_is_plain():
    assert check_template(preview(None)).problems  # no tags: variables are missing, but nothing acts
    assert "thiếu biến" in check_template(preview(None)).problems[0]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_refused_without_falling_over(content, zip_like):
    with pytest.raises(NotWord):
        open_word((b"PK\x03\x04" if zip_like else b"") + content)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="{}%#_.|()[]'\"abcsubject in for if endif p tr ", max_size=40))
def test_any_tags_are_judged_without_falling_over(typed):
    from reports.exports.word_template_check import _unpaired

    problems = _unpaired(typed)
    assert all(isinstance(problem, str) for problem in problems)


def test_a_chart_left_out_or_moved_is_no_fault():
    def moved(document):
        drawing = m.the(document, "{{ charts.tasks.drawing }}")
        m.the(document, "{%p for heading in headings %}").insert_paragraph_before("{{ charts.tasks.drawing }}")
        drawing.runs[0].text = ""

    assert check_template(m.edited(council_report_template(), moved)).problems == ()


def test_a_table_with_a_column_less_keeps_its_own_widths():
    def narrower(document):
        for table in document.tables:
            if table._tbl.tblPr.xpath("./w:tblDescription[@w:val='figures']"):
                for row in table._tbl.tr_lst:
                    if len(row.tc_lst) > 1:
                        row.remove(row.tc_lst[-1])
                    else:
                        row.tc_lst[0].grid_span = 7
                table._tbl.tblGrid.remove(table._tbl.tblGrid.gridCol_lst[-1])

    edited = m.edited(council_report_template(), narrower)
    assert check_template(edited).problems == ()
    made = Document(io.BytesIO(report(template=edited)))
    heads = [cell.text for cell in made.tables[3].rows[0].cells]
    assert heads[-1] == "Quý II/2023" and len(heads) == 7


def test_fonts_of_the_secretariat_are_told():
    checked = check_template(m.edited(council_report_template(), m.font("BÁO CÁO", name="Arial", size=Pt(14).pt)))
    assert checked.problems == () and {finding.rule for finding in checked.findings} == {"L04"}
