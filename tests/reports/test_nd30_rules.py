"""The checker of NĐ 30/2020 Phụ lục I, proved by files that break one rule each."""

import unicodedata
from pathlib import Path

import pytest
from docx.shared import Mm, Pt

from reports.exports.nd30.finding import Severity
from reports.exports.nd30.rules import MOST, RULES, check, errors
from tests.reports import nd30_mutations as m
from tests.reports.word_samples import report

NUMBER, PLACE = "Số: 15/BC-HĐPH", "Cần Thơ, ngày 20 tháng 6 năm 2024"
SUBJECT = "Kết quả thực hiện công tác phối hợp"
FIRST = "I. CÔNG TÁC CHỈ ĐẠO"


@pytest.fixture(scope="module")
def good() -> bytes:
    return report(number="15", issued=True)


# rule, what is broken, the change
BROKEN = [
    ("L01", "letter paper", m.section(0, page_width=215.9, page_height=279.4)),
    ("L02", "body on its side", m.both(m.section(0, page_width=297, page_height=210), m.line_as_long_as(SUBJECT, 75))),
    ("L03", "left margin 25", m.section(0, left_margin=25)),
    ("L03", "right margin 22", m.section(0, right_margin=22)),
    ("L03", "top margin 15", m.section(0, top_margin=15)),
    ("L03", "bottom margin 30 in an annex", m.section(1, bottom_margin=30)),
    ("L04", "Arial", m.font(m.BODY, name="Arial")),
    ("L04", "East Asian letters", m.font(m.BODY, slot="eastAsia")),
    ("L04", "complex letters", m.font(m.BODY, slot="cs")),
    ("L05", "red letters", m.font(m.BODY, color="C00000")),
    ("L06", "no page number", m.no_page_number),
    ("L06", "page number on the right", m.header(lambda given: setattr(given, "alignment", m.RIGHT))),
    ("L06", "page number below", m.number_below),
    ("L07", "number on page 1", m.number_on_first_page),
    ("L07", "number in the first header", m.number_in_first_header),
    ("L08", "page number 10", m.header(lambda given: [setattr(run.font, "size", Pt(10)) for run in given.runs])),
    ("L08", "Roman page numbers", m.roman_page_numbers),
    ("L09", "nation in size 14", m.font("CỘNG HÒA", size=14)),
    ("L09", "nation not bold", m.font("CỘNG HÒA", bold=False)),
    ("L09", "nation in small letters", m.words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA", "Cộng hòa xã hội chủ nghĩa")),
    ("L09", "no nation", m.words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "")),
    ("L10", "motto without blanks", m.words("Độc lập - Tự do - Hạnh phúc", "Độc lập-Tự do-Hạnh phúc")),
    ("L10", "motto with long dashes", m.words("Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc")),
    ("L10", "motto in italics", m.font("Độc lập", italic=True)),
    ("L10", "motto in size 12", m.font("Độc lập", size=12)),
    ("L11", "no line below the motto", m.line_gone("Độc lập")),
    ("L11", "a short line below the motto", m.line_as_long_as("Độc lập", 38)),
    ("L12", "superior body in bold", m.font("ỦY BAN NHÂN DÂN", bold=True)),
    ("L12", "superior body in size 14", m.font("ỦY BAN NHÂN DÂN", size=14)),
    ("L12", "superior body in small letters", m.words("ỦY BAN NHÂN DÂN", "Ủy ban nhân dân", first=True)),
    ("L13", "issuing body not bold", m.font("HỘI ĐỒNG PHỐI HỢP", bold=False)),
    ("L13", "issuing body in size 11", m.font("HỘI ĐỒNG PHỐI HỢP", size=11)),
    ("L13", "issuing body in small letters", m.words("HỘI ĐỒNG PHỐI HỢP PHỔ BIẾN", "Hội đồng phối hợp phổ biến")),
    ("L13", "issuing body on the left", m.layout("HỘI ĐỒNG PHỐI HỢP", alignment=m.LEFT)),
    ("L14", "no line below the issuing body", m.line_gone("HỘI ĐỒNG PHỐI HỢP")),
    ("L14", "a line as long as the issuing body", m.line_as_long_as("HỘI ĐỒNG PHỐI HỢP", 2)),
    ("L15", "number without zero", m.words("15/BC-HĐPH", "5/BC-HĐPH")),
    ("L15", "number with a zero too many", m.words("15/BC-HĐPH", "015/BC-HĐPH")),
    ("L15", "abbreviation of another kind", m.words("15/BC-HĐPH", "15/KH-HĐPH")),
    ("L15", "no number in a final document", m.words("15/BC-HĐPH", "      /BC-HĐPH")),
    ("L15", "number in italics", m.font("Số: 15", italic=True)),
    ("L15", "number in size 14", m.font("Số: 15", size=14)),
    ("L16", "day without zero", m.words(PLACE, "Cần Thơ, ngày 5 tháng 6 năm 2024")),
    ("L16", "month without zero", m.words(PLACE, "Cần Thơ, ngày 20 tháng 2 năm 2024")),
    ("L16", "no comma", m.words(PLACE, "Cần Thơ ngày 20 tháng 6 năm 2024")),
    ("L16", "no such day", m.words(PLACE, "Cần Thơ, ngày 31 tháng 6 năm 2024")),
    ("L16", "no day in a final document", m.words(PLACE, "Cần Thơ, ngày     tháng     năm 2024")),
    ("L16", "place upright", m.font(PLACE, italic=False)),
    ("L16", "place in size 12", m.font(PLACE, size=12)),
    ("L17", "kind in small letters", m.words("BÁO CÁO", "Báo cáo", first=True)),
    ("L17", "kind not bold", m.font("BÁO CÁO", bold=False)),
    ("L17", "kind on the left", m.layout("BÁO CÁO", alignment=m.LEFT)),
    ("L17", "kind in size 16", m.font("BÁO CÁO", size=16)),
    ("L17", "no kind", m.gone("BÁO CÁO")),
    ("L18", "subject not bold", m.font(SUBJECT, bold=False)),
    ("L18", "subject on the left", m.layout(SUBJECT, alignment=m.LEFT)),
    ("L18", "subject in size 12", m.font(SUBJECT, size=12)),
    ("L19", "no line below the subject", m.line_gone(SUBJECT)),
    ("L19", "a long line below the subject", m.line_as_long_as(SUBJECT, 5)),
    ("L20", "addressee without colon", m.words("Kính gửi: ", "Kính gửi ")),
    ("L20", "addressee in bold", m.font("Kính gửi", bold=True)),
    ("L21", "a base upright", m.both(m.bases, m.font("Căn cứ Luật", italic=False))),
    ("L21", "a base ends with a full stop", m.both(m.bases, m.words("giáo dục pháp luật;", "giáo dục pháp luật."))),
    ("L21", "the last base ends with a semicolon", m.both(m.bases, m.words("21/2021/QĐ-TTg.", "21/2021/QĐ-TTg;"))),
    ("L22", "text in size 12", m.font(m.BODY, size=12)),
    ("L22", "text in size 15", m.font(m.BODY, size=15)),
    ("L22", "text in italics", m.font(m.BODY, italic=True)),
    ("L23", "text on the left", m.layout(m.BODY, alignment=m.LEFT)),
    ("L24", "no indent", m.layout(m.BODY, first_line_indent=Mm(0))),
    ("L24", "indent 2 cm", m.layout(m.BODY, first_line_indent=Mm(20))),
    ("L25", "no space between paragraphs", m.layout(m.BODY, space_before=Pt(0), space_after=Pt(3))),
    ("L26", "double spacing", m.layout(m.BODY, line_spacing=2.0)),
    ("L26", "lines squeezed", m.layout(m.BODY, line_spacing=0.8)),
    ("L26", "exactly 10 points", m.exactly(10)),
    ("L27", "a number left out", m.words("III. ĐÁNH GIÁ", "IV. ĐÁNH GIÁ")),
    ("L27", "a second number one", m.words("2. Cuộc thi", "1. Cuộc thi")),
    ("L27", "a heading without number", m.words("2. Cuộc thi", "Cuộc thi")),
    ("L28", "heading not bold", m.font("2. Cuộc thi", bold=False)),
    ("L28", "heading in size 16", m.font(FIRST, size=16)),
    ("L29", "title in small letters", m.words("PHÓ CHỦ TỊCH THƯỜNG TRỰC", "Phó Chủ tịch Thường trực")),
    ("L29", "title not bold", m.font("TM. HỘI ĐỒNG", bold=False)),
    ("L29", "title on the left of its cell", m.layout("TM. HỘI ĐỒNG", alignment=m.LEFT)),
    ("L30", "a council signed as a chief", m.gone("TM. HỘI ĐỒNG")),
    ("L30", "TM without its full stop", m.words("TM. HỘI ĐỒNG", "TM HỘI ĐỒNG")),
    ("L30", "a deputy without KT.", m.gone("KT. CHỦ TỊCH")),
    ("L30", "on behalf of another body", m.words("TM. HỘI ĐỒNG", "TM. ỦY BAN NHÂN DÂN")),
    ("L31", "academic title", m.words("Lê Thị Thí Dụ", "TS. Lê Thị Thí Dụ")),
    ("L31", "name in capitals", m.words("Lê Thị Thí Dụ", "LÊ THỊ THÍ DỤ")),
    ("L31", "name not bold", m.font("Lê Thị Thí Dụ", bold=False)),
    ("L32", "no room for the seal", m.no_room_for_the_seal),
    ("L33", "recipients' title upright", m.font("Nơi nhận:", italic=False)),
    ("L33", "recipients' title in size 14", m.font("Nơi nhận:", size=14)),
    ("L33", "recipients' title without colon", m.words("Nơi nhận:", "Nơi nhận")),
    ("L33", "no recipients' title", m.gone("Nơi nhận:")),
    ("L34", "a recipient in size 13", m.font("- Như trên;", size=13)),
    ("L34", "a recipient ends with a comma", m.words("- Như trên;", "- Như trên,")),
    ("L34", "a recipient without dash", m.words("- Như trên;", "Như trên;")),
    ("L34", "the archive does not end with a full stop", m.words("- Lưu: VT, HĐPH.", "- Lưu: VT, HĐPH;")),
    ("L34", "no archive", m.words("- Lưu: VT, HĐPH.", "- Sở Tư pháp.")),
    ("L35", "annex number in capitals", m.retyped("Phụ lục II", "PHỤ LỤC II")),
    ("L35", "annex number left out", m.retyped("Phụ lục III", "Phụ lục IV")),
    ("L35", "annex number not bold", m.font("Phụ lục II", bold=False)),
    ("L36", "annex title in small letters", m.words("SỐ LIỆU HÒA GIẢI", "Số liệu hòa giải")),
    ("L36", "annex title in size 12", m.font("SỐ LIỆU HÒA GIẢI", size=12)),
    ("L37", "attached to nothing", m.gone("(Kèm theo")),
    ("L37", "attached line upright", m.font("(Kèm theo", italic=False)),
    ("L37", "attached to another number", m.words("(Kèm theo Báo cáo số 15", "(Kèm theo Báo cáo số 16", first=True)),
    ("L38", "head row does not repeat", m.row_property("Cơ quan, đơn vị", 0, "tblHeader")),
    ("L39", "a row may break", m.row_property("Cơ quan, đơn vị", 2, "cantSplit")),
    ("L40", "a table too wide", m.wide_table),
    ("L41", "annex begins with its table", m.table_first_in_annex),
    ("L42", "urgency not bold", m.both(m.urgency, m.font("KHẨN", bold=False))),
    ("L42", "urgency in size 11", m.both(m.urgency, m.font("KHẨN", size=11))),
    ("L43", "decomposed letters", m.words("các cơ quan, đơn vị", unicodedata.normalize("NFD", "các cơ quan, đơn vị"))),
    ("L44", "the State in small letters", m.words("Đã tham mưu Hội đồng", "Đã tham mưu nhà nước")),
]  # fmt: skip


def rules_of(content: bytes) -> list[str]:
    return sorted({finding.rule for finding in check(content)})


def test_the_good_file_breaks_no_rule(good):
    assert [str(finding) for finding in check(good)] == []


@pytest.mark.parametrize("more", [m.bases, m.urgency], ids=["with bases", "with urgency"])
def test_what_a_report_may_have_besides_breaks_no_rule(good, more):
    assert [str(finding) for finding in check(m.edited(good, more))] == []


@pytest.mark.parametrize("rule, name, change", BROKEN, ids=[f"{rule} {name}" for rule, name, _change in BROKEN])
def test_one_broken_thing_breaks_exactly_its_rule(good, rule, name, change):
    broken = m.edited(good, change)
    assert rules_of(broken) == [rule], [str(finding) for finding in check(broken)]


def test_every_rule_is_proved_by_a_file_that_breaks_it():
    assert {rule for rule, _name, _change in BROKEN} == {rule.id for rule in RULES}


def test_the_table_of_rules_is_in_order_and_says_where_it_comes_from():
    assert [rule.id for rule in RULES] == [f"L{number:02d}" for number in range(1, len(RULES) + 1)]
    assert len({rule.check for rule in RULES}) == len(RULES)
    assert all(rule.source.startswith("NĐ 30/2020/NĐ-CP, Phụ lục I: ") and rule.check.__doc__ for rule in RULES)


def test_every_rule_stands_in_the_book():
    book = (Path(__file__).parents[2] / "docs/by-the-book/layout.md").read_text(encoding="utf-8")
    for rule in RULES:
        place = f"`{rule.check.__module__.replace('.', '/')}.py:{rule.check.__name__}`"
        assert f"| {rule.id} " in book and place in book, rule.id


def test_signature_cells_swapped_break_the_rules_of_both(good):
    assert rules_of(m.edited(good, m.swap_signature_cells)) == ["L29", "L33"]


def test_letters_that_follow_the_theme_are_found(good):
    assert rules_of(m.theme_fonts(good)) == ["L04"]


def test_a_finding_names_the_place_what_was_found_and_what_is_asked(good):
    finding = check(m.edited(good, m.font(m.BODY, size=12)))[0]
    assert finding.severity == Severity.ERROR
    assert (finding.found, finding.required) == ("nội dung cỡ 12", "cỡ 13 đến 14")
    assert "Trong Quý II/2024" in finding.where
    assert str(finding).startswith("L22 Lỗi: Cỡ chữ nội dung. Thấy nội dung cỡ 12; cần cỡ 13 đến 14. Tại: đoạn “Trong")


def test_what_is_wrong_everywhere_is_told_a_few_times_and_counted(good):
    def small(document):
        document.styles["Report Body"].font.size = Pt(12)

    found = [finding for finding in check(m.edited(good, small)) if finding.rule == "L22"]
    assert len(found) == MOST + 1 and "chỗ nữa" in found[-1].found


def test_a_missing_name_and_small_letters_only_ask_for_a_look(good):
    nameless = check(m.edited(good, m.words("Lê Thị Thí Dụ", "")))
    assert [(finding.rule, finding.severity) for finding in nameless] == [("L31", Severity.WARNING)]
    assert errors(nameless) == []
