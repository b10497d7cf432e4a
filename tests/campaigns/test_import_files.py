"""Reading files: what is refused and in which words, how rows, headings, merged cells and sections are found."""

import io
import zipfile

import pytest
import xlsxwriter
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from agencies.tables.problems import BadFile
from campaigns.imports.columns import Column, heading_of
from campaigns.imports.header import read_header
from campaigns.imports.hierarchy import outline_of, rank_of
from campaigns.imports.reading import read_annex
from campaigns.imports.tables import missing_columns, task_tables
from tests.annexes import HEADINGS, LETTERHEAD, docx, one_row, rezip, xlsx


def outline(content, filename="phu-luc.docx"):
    return outline_of(task_tables(read_annex(content, filename))[0])


def plain_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("ghi-chu.txt", "chỉ là một gói nén")
    return out.getvalue()


def bomb():
    return rezip(docx(), add={"word/media/image1.bmp": b"\0" * 60_000_000})


def encrypted_flag():
    content = bytearray(docx())
    at = content.find(b"PK\x01\x02")
    while at != -1:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
ENTITY = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
BAD_FILES = {
    "empty": (lambda: b"", "a.docx", "rỗng"),
    "pdf": (lambda: b"%PDF-1.7 ...", "a.docx", "PDF"),
    "old format": (lambda: OLE, "a.doc", "định dạng cũ"),
    "encrypted": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "mật khẩu"),
    "encrypted zip": (encrypted_flag, "a.docx", "mật khẩu"),
    "text": (lambda: "STT;Nội dung".encode(), "a.docx", "không phải là Word hay Excel"),
    "renamed zip": (plain_zip, "a.docx", "gói nén"),
    "cut short": (lambda: docx()[:3000], "a.docx", "bị hỏng"),
    "garbled": (lambda: docx()[:2000] + b"\0" * 500 + docx()[2500:], "a.docx", "bị hỏng"),
    "macro": (lambda: rezip(docx(), add={"word/vbaProject.bin": b"x"}), "a.docx", "macro"),
    "macro type": (
        lambda: rezip(
            docx(), change={"[Content_Types].xml": lambda b: b.replace(b"document.main", b"document.macroEnabled.main")}
        ),
        "a.docx",
        "macro",
    ),
    "bomb": (bomb, "a.docx", "bất thường"),
    "entities": (
        lambda: rezip(docx(), change={"word/document.xml": lambda b: b.replace(b"?>", b"?>" + ENTITY, 1)}),
        "a.docx",
        "DOCTYPE",
    ),
    "broken xml": (lambda: rezip(docx(), change={"word/document.xml": lambda b: b[:500]}), "a.docx", "bị hỏng"),
    "far cell": (
        lambda: rezip(
            xlsx(), change={"xl/worksheets/sheet1.xml": lambda b: b.replace(b'r="A1"', b'r="XFD1048576"', 1)}
        ),
        "a.xlsx",
        "quá xa",
    ),
    "absurd cell": (
        lambda: rezip(
            xlsx(), change={"xl/worksheets/sheet1.xml": lambda b: b.replace(b'r="A1"', b'r="ZZZZZ99999999"', 1)}
        ),
        "a.xlsx",
        "quá xa",
    ),
    "broken sheet": (lambda: rezip(xlsx(), change={"xl/workbook.xml": lambda b: b[:60]}), "a.xlsx", "bảng tính"),
    "wrong extension": (lambda: xlsx(), "a.docx", "bảng tính Excel"),
    "foreign extension": (lambda: docx(), "a.odt", ".odt"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_each_bad_file_has_its_own_sentence(name):
    make, filename, says = BAD_FILES[name]
    with pytest.raises(BadFile) as caught:
        read_annex(make(), filename)
    assert says in caught.value.messages[0]


def test_a_file_too_large_names_its_size_and_the_cap(settings):
    settings.PORTAL_MAX_UPLOAD_BYTES = 1024 * 1024
    with pytest.raises(BadFile, match=r"1,5 MB, vượt mức 1 MB"):
        read_annex(b"PK" + b"\0" * (1024 * 1024 + 512 * 1024 - 2), "a.docx")


def test_a_document_without_a_table():
    document = Document()
    document.add_paragraph("KẾ HOẠCH")
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(BadFile, match="không có bảng nào"):
        read_annex(out.getvalue(), "a.docx")


def test_missing_headings_are_named_with_those_found():
    headings = ["STT", "Nội dung", "Ai làm", "Phối hợp", "Thời gian", "Sản phẩm", "Ghi chú"]
    [table], _unread = task_tables(read_annex(docx(headings=headings), "a.docx"))
    problem = missing_columns(table)
    assert "thiếu cột “Chủ trì”" in problem.message
    assert "“Ai làm”, “Phối hợp”, “Thời gian”" in problem.message
    with pytest.raises(BadFile, match="Không tìm thấy dòng tiêu đề"):
        outline(xlsx(rows=[["a", "b", "c"]], headings=["x", "y", "z"]), "a.xlsx")


def test_an_empty_table():
    with pytest.raises(BadFile, match="không có dòng nhiệm vụ"):
        outline(docx(rows=[]))


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("STT", Column.NUMBER),
        ("Số TT", Column.NUMBER),
        ("TT", Column.NUMBER),
        ("Nội dung công việc", Column.TITLE),
        ("NHIỆM VỤ", Column.TITLE),
        ("Hoạt động", Column.TITLE),
        ("noi dung nhiem vu", Column.TITLE),
        ("Cơ quan, đơn vị chủ trì", Column.LEAD),
        ("Chủ trì", Column.LEAD),
        ("Đơn vị chủ trì thực hiện", Column.LEAD),
        ("Đơn vị thực hiện chính", Column.LEAD),
        ("Cơ quan phối hợp", Column.SUPPORTING),
        ("Phối hợp", Column.SUPPORTING),
        ("Đơn vị phối hợp thực hiện", Column.SUPPORTING),
        ("Thời gian thực hiện", Column.TIMING),
        ("Tiến độ", Column.TIMING),
        ("Thời hạn hoàn thành", Column.TIMING),
        ("Sản phẩm, kết quả", Column.OUTPUT),
        ("Kết quả", Column.OUTPUT),
        ("Ghi chú", Column.NOTE),
        ("Kinh phí", None),
        ("", None),
    ],
)
def test_headings(text, column):
    assert heading_of(text) is column


@pytest.mark.parametrize(("name", "make"), [("phu-luc.docx", docx), ("phu-luc.xlsx", xlsx)])
def test_a_real_annex_reads_the_same_from_word_and_excel(name, make):
    found = outline(make(), name)
    assert [(s.number, s.title) for s in found.sections] == [
        ("I.", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"),
        ("II.", "CÔNG TÁC TUYÊN TRUYỀN"),
        ("1.", "Phổ biến pháp luật"),
    ]
    assert [(t.number, found.path(t.section_key)) for t in found.tasks] == [
        ("1", "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"),
        ("2", "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"),
        ("a)", "II. CÔNG TÁC TUYÊN TRUYỀN > 1. Phổ biến pháp luật"),
        ("b)", "II. CÔNG TÁC TUYÊN TRUYỀN > 1. Phổ biến pháp luật"),
    ]
    assert found.tasks[2].supporting == "Thành đoàn;\nSở GD&ĐT và Hội LHPN"
    assert len({t.import_key for t in found.tasks}) == 4


def test_columns_in_another_order_and_unknown_ones_kept_in_the_note():
    headings = ["Chủ trì", "Thời gian", "Kinh phí", "Nội dung", "TT", "Ghi chú"]
    task = outline(
        xlsx(rows=[["STP", "Hằng quý", "5 triệu đồng", "Tập huấn", 3, "Ghi thêm"]], headings=headings), "a.xlsx"
    ).tasks[0]
    assert (task.number, task.title, task.lead, task.timing) == ("3", "Tập huấn", "STP", "Hằng quý")
    assert task.note == "Ghi thêm\nKinh phí: 5 triệu đồng"


@pytest.mark.parametrize(
    ("value", "text"), [(3, "3"), (1.1, "1.1"), (0.1 + 0.2, "0.3"), (1234567.25, "1234567.25"), (1e15, str(10**15))]
)
def test_numbers_are_read_as_people_see_them(value, text):
    headings = ["Nội dung", "Chủ trì", "Thời gian", "Kinh phí (đồng)"]
    [task] = outline(xlsx(rows=[["Tập huấn", "STP", "Hằng quý", value]], headings=headings), "a.xlsx").tasks
    assert task.note == f"Kinh phí (đồng): {text}"


def test_a_heading_of_two_rows():
    document = Document()
    table = document.add_table(rows=3, cols=5)
    for at, text in enumerate(["STT", "Nội dung", "Cơ quan thực hiện", "", "Thời gian"]):
        if text:
            table.cell(0, at).text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    for at in (0, 1, 4):
        table.cell(0, at).merge(table.cell(1, at))
    table.cell(1, 2).text, table.cell(1, 3).text = "Chủ trì", "Phối hợp"
    for at, text in enumerate(["1", "Tập huấn", "STP", "Công an", "Hằng quý"]):
        table.cell(2, at).text = text
    out = io.BytesIO()
    document.save(out)
    [task] = outline(out.getvalue()).tasks
    assert (task.lead, task.supporting, task.timing) == ("STP", "Công an", "Hằng quý")


def test_cells_merged_downwards_apply_to_each_row_in_both_formats():
    document = Document()
    table = document.add_table(rows=3, cols=4)
    for at, text in enumerate(["STT", "Nội dung", "Chủ trì", "Thời gian"]):
        table.cell(0, at).text = text
    for row, text in ((1, "Tập huấn"), (2, "Kiểm tra")):
        table.cell(row, 0).text, table.cell(row, 1).text, table.cell(row, 3).text = str(row), text, "Hằng quý"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "STP"
    out = io.BytesIO()
    document.save(out)
    assert [t.lead for t in outline(out.getvalue()).tasks] == ["STP", "STP"]

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    page.write_row(0, 0, ["STT", "Nội dung", "Chủ trì", "Thời gian"])
    page.write_row(1, 0, [1, "Tập huấn", "", "Hằng quý"])
    page.write_row(2, 0, [2, "Kiểm tra", "", "Hằng quý"])
    page.merge_range(1, 2, 2, 2, "STP")
    book.close()
    assert [t.lead for t in outline(out.getvalue(), "a.xlsx").tasks] == ["STP", "STP"]


def test_numbers_that_word_writes_by_itself_are_counted():
    document = Document()
    table = document.add_table(rows=4, cols=4)
    for at, text in enumerate(["STT", "Nội dung", "Chủ trì", "Thời gian"]):
        table.cell(0, at).text = text
    for row in (1, 2, 3):
        table.cell(row, 1).text, table.cell(row, 2).text, table.cell(row, 3).text = f"Việc {row}", "STP", "Hằng quý"
        paragraph = table.cell(row, 0).paragraphs[0]
        properties = paragraph._p.get_or_add_pPr()
        numbering = OxmlElement("w:numPr")
        for tag, value in (("w:ilvl", "0"), ("w:numId", "5")):
            node = OxmlElement(tag)
            node.set(qn("w:val"), value)
            numbering.append(node)
        properties.append(numbering)
    # numId 5 of python-docx's default template is a bullet or decimal list; make it decimal for certain.
    root = document.part.numbering_part._element
    num = next(n for n in root.findall(qn("w:num")) if n.get(qn("w:numId")) == "5")
    abstract_id = num.find(qn("w:abstractNumId")).get(qn("w:val"))
    level = next(a for a in root.findall(qn("w:abstractNum")) if a.get(qn("w:abstractNumId")) == abstract_id).find(
        qn("w:lvl")
    )
    level.find(qn("w:numFmt")).set(qn("w:val"), "decimal")
    level.find(qn("w:lvlText")).set(qn("w:val"), "%1.")
    out = io.BytesIO()
    document.save(out)
    assert [t.number for t in outline(out.getvalue()).tasks] == ["1.", "2.", "3."]


def test_repeated_headings_totals_and_signatures_are_no_tasks():
    rows = [one_row(), HEADINGS, one_row(number="2", title="Kiểm tra"), ["", "Tổng số", "", "", "", "2", ""]]
    after = [None, ["Nơi nhận:", "", "", "", "GIÁM ĐỐC", "", ""], ["- Như trên;", "", "", "", "", "", ""]]
    assert [t.title for t in outline(xlsx(rows=rows, after=after), "a.xlsx").tasks] == [
        "Tập huấn hòa giải viên",
        "Kiểm tra",
    ]
    assert not outline(xlsx(rows=rows, after=after), "a.xlsx").sections


def test_a_row_without_a_title_between_tasks_is_read_so_that_it_becomes_an_error():
    rows = [one_row(), one_row(number="", title="", lead="", supporting="Công an"), one_row(number="3")]
    assert [t.supporting for t in outline(xlsx(rows=rows), "a.xlsx").tasks] == ["", "Công an", ""]


def test_a_task_that_continues_a_headings_numbers_stands_beside_it():
    rows = ["I. CHUNG", ["1", "Mục một"] + [""] * 5, one_row(number="a)"), one_row(number="2", title="Việc hai")]
    found = outline(docx(rows=rows))
    assert [found.path(t.section_key) for t in found.tasks] == ["I. CHUNG > 1. Mục một", "I. CHUNG"]


def test_keys_survive_an_inserted_row_and_tell_repeated_numbers_apart():
    before = [
        t.import_key
        for t in outline(docx(rows=["I. CHUNG", one_row(number="1"), one_row(number="3", title="Ba")])).tasks
    ]
    after = [
        t.import_key
        for t in outline(
            docx(
                rows=[
                    "I. CHUNG",
                    one_row(number="1"),
                    one_row(number="2", title="Hai"),
                    one_row(number="3", title="Ba"),
                ]
            )
        ).tasks
    ]
    assert [after[0], after[2]] == before
    same = outline(
        docx(rows=[one_row(number="-"), one_row(number="-", title="Khác"), one_row(number="-", title="Khác")])
    ).tasks
    assert len({t.import_key for t in same}) == 3


@pytest.mark.parametrize(
    ("outer", "inner"),
    [("Phần A", "I"), ("A.", "I."), ("I", "1"), ("II.", "1.1"), ("1.", "1.1"), ("1.1", "a)"), ("a)", "-")],
)
def test_kinds_of_numbering_nest(outer, inner):
    assert rank_of(outer)[0] < rank_of(inner)[0]


def test_a_month_typed_in_excel_is_read_as_a_month():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    month, day = book.add_format({"num_format": "mmm-yy"}), book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_row(0, 0, ["STT", "Nội dung", "Chủ trì", "Thời gian"])
    page.write_row(1, 0, [1, "Tập huấn", "STP"])
    page.write_number(1, 3, 45597, month)
    page.write_row(2, 0, [2, "Kiểm tra", "STP"])
    page.write_number(2, 3, 45597, day)
    book.close()
    assert [t.timing for t in outline(out.getvalue(), "a.xlsx").tasks] == ["Tháng 11/2024", "01/11/2024"]


def test_the_plans_own_facts_come_from_the_letterhead():
    annex = read_annex(docx(), "a.docx")
    header = read_header(annex, task_tables(annex)[0])
    assert header.number == "02/KHPH-STP-UBMTTQVN"
    assert header.title == f"Kế hoạch p{LETTERHEAD[3][1:]}"
    assert (
        f"{header.signed_on:%d/%m/%Y} {header.starts_on:%d/%m/%Y} {header.ends_on:%d/%m/%Y}"
        == "29/02/2024 01/01/2024 31/12/2025"
    )
    assert len(header.legal_bases) == 2
    assert header.kind == "plan"
