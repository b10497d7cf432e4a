"""The Word report, opened again: layout by NĐ 30/2020/NĐ-CP Phụ lục I, numbers equal to the value's, text inert."""

import dataclasses
import io
import re
from datetime import date

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.drafting import draft_narrative, partial_sentence
from reports.exports.word import word_report
from reports.exports.word_issuer import document_number, recipient_lines
from reports.outline import OUTLINE
from tests.reports.test_drafting import complete
from tests.reports.values_sample import empty, sample

HOSTILE = '{{ 7*7 }} {% for x in y %} {_{ a }_} {%p if x %} <w:p> &amp; "‘’“” ]]> {# c #} =1+1\x00\x0b\x1f\ufffe'
VISIBLE = '{{ 7*7 }} {% for x in y %} {_{ a }_} {%p if x %} <w:p> &amp; "‘’“” ]]> {# c #} =1+1'


def made(value=None, **changes):
    value = value or sample()
    options = {
        "narrative": draft_narrative(value),
        "signing": "vice",
        "addressee": "Ủy ban nhân dân thành phố Cần Thơ",
        "recipients": ["Các thành viên Hội đồng"],
    }
    return Document(io.BytesIO(word_report(value, **(options | changes))))


def text_of(document) -> str:
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def paragraphs_of(document):
    from docx.text.paragraph import Paragraph

    return [Paragraph(node, document) for node in document.element.body.iter(qn("w:p"))]


def paragraph(document, text):
    return next(item for item in paragraphs_of(document) if item.text.strip() == text)


@pytest.fixture(scope="module")
def report():
    return made()


def test_page_and_margins(report):
    first = report.sections[0]
    assert (first.page_width, first.page_height) == (pytest.approx(Mm(210), abs=2000), pytest.approx(Mm(297), abs=2000))
    for side, length in (("top", 20), ("bottom", 20), ("left", 30), ("right", 20)):
        assert getattr(first, f"{side}_margin") == pytest.approx(Mm(length), abs=2000)
    for annex in report.sections[1:]:
        assert annex.orientation == WD_ORIENT.LANDSCAPE
        assert annex.page_width > annex.page_height
        assert annex.left_margin == pytest.approx(Mm(30), abs=2000)
        assert annex.right_margin == pytest.approx(Mm(15), abs=2000)
    assert len(report.sections) == 4


def test_page_number_in_the_top_margin_but_not_on_the_first_page(report):
    for section in report.sections:
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert section.header.paragraphs[0].alignment == 1
        assert section.header.paragraphs[0].runs[0].font.size == Pt(13)
        assert "PAGE" not in section.first_page_header._element.xml


def test_times_new_roman_and_black_everywhere(report):
    fonts = {
        value
        for value in report.styles.element.xpath(
            ".//w:style[@w:styleId='Normal' or @w:styleId='Heading1' or @w:styleId='Heading2' or w:name/@w:val='Report Body']"
            "//w:rFonts/@*"
        )
    }
    assert fonts == {"Times New Roman"}
    assert not report.styles.element.xpath(".//w:docDefaults//w:rFonts/@w:asciiTheme")
    assert set(report.element.body.xpath(".//w:rFonts/@w:ascii")) <= {"Times New Roman"}
    for name in ("Heading 1", "Heading 2", "Report Body"):
        assert str(report.styles[name].font.color.rgb) == "000000"
        assert report.styles[name].font.size == Pt(14)


def test_body_layout(report):
    layout = report.styles["Report Body"].paragraph_format
    assert layout.alignment == 3
    assert layout.first_line_indent == pytest.approx(Mm(12.7), abs=2000)
    assert layout.space_before >= Pt(6) and layout.space_after >= Pt(6)
    assert 1.0 <= layout.line_spacing <= 1.5


@pytest.mark.parametrize(
    "text, size, bold, italic",
    [
        ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ CẦN THƠ", 12, None, None),
        ("HỘI ĐỒNG PHỐI HỢP PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT", 12, True, None),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True, None),
        ("Độc lập - Tự do - Hạnh phúc", 13, True, None),
        ("Cần Thơ, ngày      tháng      năm 2024", 13, None, True),
        ("Số:        /BC-HĐPH", 13, None, None),
        ("BÁO CÁO", None, True, None),
        ("Nơi nhận:", 12, True, True),
        ("- Lưu: VT, HĐPH.", 11, None, None),
        ("TM. HỘI ĐỒNG", None, True, None),
        ("KT. CHỦ TỊCH", None, True, None),
        ("PHÓ CHỦ TỊCH THƯỜNG TRỰC", None, True, None),
        ("GIÁM ĐỐC SỞ TƯ PHÁP", None, True, None),
        ("Lê Thị Thí Dụ", None, True, None),
        ("Phụ lục I", None, True, None),
        ("Phụ lục II", None, True, None),
        ("Phụ lục III", None, True, None),
    ],
)
def test_components(report, text, size, bold, italic):
    run = paragraph(report, text).runs[0]
    assert (run.font.size and run.font.size.pt, run.bold, run.italic) == (size, bold, italic)


def test_subject_and_outline(report):
    text = text_of(report)
    assert (
        "Kết quả thực hiện công tác phối hợp phổ biến, giáo dục pháp luật, hòa giải ở cơ sở Quý II năm 2024 "
        "và phương hướng, nhiệm vụ Quý III năm 2024"
    ) in text
    assert "Kính gửi: Ủy ban nhân dân thành phố Cần Thơ." in text
    places = [text.index(f"{heading.number} {heading.title}") for heading in OUTLINE]
    assert places == sorted(places)
    assert "Ban Dân tộc thành phố; Thành đoàn Cần Thơ" in text


def test_table_of_states_equals_the_totals(report):
    value = sample()
    table = next(table for table in report.tables if "Tổng số" in [cell.text for cell in table.rows[0].cells])
    counts = value.totals
    assert [cell.text for cell in table.rows[-1].cells][2:] == [
        str(many)
        for many in (counts.tasks, counts.done, counts.on_track, counts.due_soon, counts.overdue, counts.suspended)
    ]
    assert len(table.rows) == 2 + len(value.agencies)


def test_tables_repeat_their_head_and_keep_rows_whole(report):
    for table in report.tables:
        rows = table._tbl.tr_lst
        assert all(row.trPr is not None and row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        if table.style.name == "Table Grid":
            assert rows[0].trPr.find(qn("w:tblHeader")) is not None
            width = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
            spans = {sum(cell.grid_span for cell in row.tc_lst) for row in rows}
            assert spans == {len(table._tbl.tblGrid)}
            assert width <= Mm(252).twips + 20


def test_annexes_carry_the_figures(report):
    text = text_of(report)
    assert "SỐ LIỆU PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT QUÝ II NĂM 2024" in text
    figures = figures_of(report)
    assert figures["- Trong đó: ngôn ngữ khác"] == ["—"] * 5
    assert "(Kèm theo Báo cáo số        /BC-HĐPH ngày      tháng      năm 2024" in text
    assert "Trùng thời gian phục vụ Đại hội Mặt trận các cấp nên phải lùi lịch." in text


def figures_of(document):
    return {row.cells[1].text: [cell.text for cell in row.cells[3:]] for row in document.tables[3].rows}


def test_changes_are_told_only_when_all_reports_are_in(report):
    full = made(complete())
    assert figures_of(full)["Số cuộc PBGDPL trực tiếp"] == ["69", "61", "+13,1%", "60", "+15%"]
    assert figures_of(full)["Số cuộc thi tìm hiểu pháp luật"] == ["3", "0", "—", "2", "+50%"]
    assert "chưa so sánh với kỳ trước" not in text_of(full)
    assert figures_of(report)["Số cuộc PBGDPL trực tiếp"] == ["69", "61", "—", "60", "—"]
    assert all(cells[2] == cells[4] == "—" for cells in list(figures_of(report).values())[1:] if len(set(cells)) > 1)
    assert text_of(report).count(partial_sentence(sample())) == 3  # II.1 and the notes of two annexes


def test_a_task_without_report_says_so_shortly(report):
    text = text_of(report)
    assert "(chưa có báo cáo)" in text and "kỳ này được tiếp nhận.)" not in text


def test_the_annex_of_a_longer_period_says_what_its_stocks_are():
    value = sample()
    parts = dataclasses.replace(value.period, part_labels=("Quý I/2024", "Quý II/2024"))
    told = "theo số liệu gần nhất đã tiếp nhận trong kỳ."
    assert told in text_of(made(dataclasses.replace(value, period=parts)))
    assert told not in text_of(made(dataclasses.replace(complete(), period=parts)))


def test_a_landscape_section_begins_with_a_heading_paragraph(report):
    blocks = list(report.element.body)
    for index, block in enumerate(blocks):
        if block.tag == qn("w:p") and block.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            following = blocks[index + 1]
            assert following.tag == qn("w:p")
            assert "".join(node.text or "" for node in following.iter(qn("w:t"))).startswith("Phụ lục")


def test_a_deputy_signs_for_the_chair(report):
    lines = [item.text for item in paragraphs_of(report)]
    first = lines.index("TM. HỘI ĐỒNG")
    assert lines[first + 1 : first + 4] == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH THƯỜNG TRỰC", "GIÁM ĐỐC SỞ TƯ PHÁP"]


def test_every_date_has_two_figures_for_day_and_month(report):
    text = text_of(report)
    dates = re.findall(r"(?<![\d/])(\d{1,2}/\d{1,2}/\d{4})", text)
    typed = {date for task in sample().tasks for date in re.findall(r"\d{1,2}/\d{1,2}/\d{4}", task.timing_text)}
    assert "31/05/2024" in dates
    assert all(len(date) == 10 for date in dates if date not in typed)


def test_a_draft_invents_no_number_and_no_date(report):
    text = text_of(report)
    assert "DỰ THẢO" in text
    assert not re.search(r"Số: *\d", text)
    assert not re.search(r"Cần Thơ, ngày \d", text)


def test_issued_with_number_and_date():
    text = text_of(made(number="5", issued_on=date(2025, 2, 3), draft=False, signing="chair"))
    assert "DỰ THẢO" not in text
    assert "Số: 05/BC-HĐPH" in text
    assert "Cần Thơ, ngày 03 tháng 02 năm 2025" in text
    assert "(Kèm theo Báo cáo số 05/BC-HĐPH ngày 03 tháng 02 năm 2025" in text
    assert "CHỦ TỊCH" in text.split("\n") and "GIÁM ĐỐC SỞ TƯ PHÁP" not in text and "KT. CHỦ TỊCH" not in text
    assert "Nguyễn Văn Mẫu" in text


@pytest.mark.parametrize(
    "given, written",
    [
        ("", "       /BC-HĐPH"),
        ("5", "05/BC-HĐPH"),
        ("15", "15/BC-HĐPH"),
        ("15/BC-STP", "15/BC-STP"),
        ("Số: 7/BC-HĐPH", "07/BC-HĐPH"),
    ],
)
def test_document_number(given, written):
    assert document_number(given) == written


def test_recipients():
    assert recipient_lines(["- Như trên;", "Sở Tư pháp;", " "], True) == [
        "- Như trên;",
        "- Sở Tư pháp;",
        "- Lưu: VT, HĐPH.",
    ]
    assert recipient_lines(["Lưu: VT, HĐPH, 05 bản"], False) == ["- Lưu: VT, HĐPH, 05 bản."]


def test_an_unknown_signer_is_refused():
    with pytest.raises(ValueError, match="cách ký"):
        made(signing="nobody")


def test_what_people_type_comes_out_letter_by_letter():
    value = sample()
    task = dataclasses.replace(value.tasks[0], title=HOSTILE, result=HOSTILE, difficulty=HOSTILE)
    agency = dataclasses.replace(value.agencies[0], name=HOSTILE, short_name=HOSTILE)
    value = dataclasses.replace(
        value,
        tasks=(task, *value.tasks[1:]),
        agencies=(agency, *value.agencies[1:]),
        council=dataclasses.replace(value.council, chair_name=HOSTILE, name=HOSTILE),
    )
    document = made(value, narrative={"education": HOSTILE}, addressee=HOSTILE, recipients=[HOSTILE], signing="chair")
    texts = [item.text for item in paragraphs_of(document)]
    assert texts.count(VISIBLE) >= 6
    assert f"Kính gửi: {VISIBLE}." in texts
    assert f"- {VISIBLE};" in texts
    assert not any("49" in text for text in texts if "7*7" not in text and "cuộc" in text and "{" in text)
    assert document.core_properties.author == VISIBLE


def test_empty_data_still_makes_a_document():
    document = made(empty(), narrative={}, addressee="", recipients=[])
    text = text_of(document)
    assert "Chưa có số liệu." in text and "Không có nhiệm vụ trong kỳ." in text
    assert "Chưa có nội dung." in text and "Kính gửi" not in text
    assert len(document.sections) == 4


def test_a_year_has_no_second_column_for_last_year():
    value = sample()
    period = dataclasses.replace(
        value.period,
        label="Năm 2024",
        long_label="Năm 2024",
        next_label="Năm 2025",
        previous_label="Năm 2023",
        last_year_label="Năm 2023",
    )
    document = made(dataclasses.replace(value, period=period))
    heads = [cell.text for cell in document.tables[3].rows[0].cells]
    assert heads == ["STT", "Chỉ tiêu", "Đơn vị tính", "Năm 2024", "Năm 2023", "Tăng, giảm so với cùng kỳ"]
    assert "cơ sở năm 2024 và phương hướng, nhiệm vụ năm 2025" in text_of(document)


def test_many_agencies_are_spread_over_tables():
    value = sample()
    codes = [f"a{index}" for index in range(19)]
    agencies = tuple(dataclasses.replace(value.agencies[0], code=code, short_name=code.upper()) for code in codes)
    row = value.indicators[0]
    figures = tuple(dataclasses.replace(row.by_agency[0], agency=code) for code in codes)
    document = made(
        dataclasses.replace(value, agencies=agencies, indicators=(dataclasses.replace(row, by_agency=figures),))
    )
    heads = [
        [cell.text for cell in table.rows[0].cells][2:-1]
        for table in document.tables
        if table._tbl.tblPr.xpath("./w:tblDescription[@w:val='matrix']")
    ]
    assert [len(head) for head in heads] == [7, 7, 5]
    assert [name for head in heads for name in head] == [code.upper() for code in codes]
    assert "phần 3/3" in text_of(document)
