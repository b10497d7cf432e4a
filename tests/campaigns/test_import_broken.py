"""Broken files: a clear report of every error in one pass, and the person's own file back with comments."""

import io
import json
from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from docx import Document

from agencies import clock
from agencies.models import Council
from agencies.tables.marking import AUTHOR
from agencies.tables.problems import BadFile, Problem
from campaigns.imports.encoding import TCVN3, VNI, old_encoding
from campaigns.imports.marking import with_comments
from campaigns.imports.service import import_plan, plan_preview
from campaigns.models import Plan
from tests.annexes import HEADINGS, docx, one_row, rezip, xlsx
from tests.annexes_broken import BROKEN, sheet
from tests.annexes_broken import TCVN3 as IN_TCVN3
from tests.annexes_broken import VNI as IN_VNI
from tests.annexes_shapes import council_of_cantho

TODAY = date(2024, 3, 1)


@pytest.fixture
def council(db, settings) -> Council:
    settings.PORTAL_TODAY = TODAY
    return council_of_cantho()


def problems_of(council, content, filename) -> tuple[Problem, ...]:
    try:
        return plan_preview(council=council, content=content, filename=filename, today=TODAY).errors
    except BadFile as error:
        return error.problems


@pytest.mark.parametrize("name", BROKEN)
def test_each_error_says_where_what_and_how(council, name):
    broken = BROKEN[name]
    content = broken.build()
    problems = problems_of(council, content, broken.filename)
    for table, cell, words in broken.said:
        found = [p for p in problems if (p.sheet, p.cell) == (table, cell) and words in p.message]
        assert found, (name, table, cell, words, [p.sentence for p in problems])
        assert "Hãy" in found[0].message or found[0].fix, found[0]
        if cell and table.startswith("Trang tính"):
            assert f"ô {cell}" in found[0].sentence
    with pytest.raises(Exception) as caught:
        import_plan(council=council, content=content, filename=broken.filename, by=None, now=clock.at(TODAY))
    assert caught.value.status == 422
    assert Plan.objects.count() == 0


@pytest.mark.parametrize("name", BROKEN)
def test_the_command_hands_the_file_back_with_its_errors(council, tmp_path, name):
    broken = BROKEN[name]
    source, out = tmp_path / broken.filename, tmp_path / f"loi-{broken.filename}"
    source.write_bytes(broken.build())
    stdout, stderr = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command(
            "import_plan", str(source), "--council", "can-tho", "--json", "--errors-to", str(out),
            stdout=stdout, stderr=stderr,
        )  # fmt: skip
    answer = json.loads(stdout.getvalue())
    said = [(error["sheet"], error["cell"]) for error in answer["errors"]]
    assert [place for *place, _words in map(list, broken.said) if tuple(place) not in said] == []
    assert out.exists() is broken.opens
    if broken.opens:
        comments = comments_of(out.read_bytes(), out.suffix)
        for _table, cell, words in broken.said:
            assert words in comments[cell], (cell, comments)
    else:
        assert "không mở được an toàn" in stderr.getvalue()


def comments_of(content: bytes, suffix: str) -> dict[str, str]:
    """Address → text of the comment, read by another program than wrote it where there is one."""
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.comment]
        assert {cell.comment.author for cell in cells} == {AUTHOR}
        return {cell.coordinate: cell.comment.text for cell in cells}
    document = Document(io.BytesIO(content))
    texts = {comment.comment_id: comment.text for comment in document.comments}
    found: dict[str, str] = {}
    for y, row in enumerate(document.tables[0].rows):
        for x, cell in enumerate(row.cells):
            for mark in cell._tc.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}commentReference"):
                number = int(mark.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}id"))
                found[f"{'ABCDEFG'[x]}{y + 1}"] = texts[number]
    return found


def test_the_returned_workbook_is_otherwise_as_it_was(council):
    content = xlsx(rows=["I. CHUNG", one_row(lead="Sở Y tế"), one_row(number="2", title="=1+1", lead="")])
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active["B3"].font = openpyxl.styles.Font(bold=True, name="Times New Roman")
    book.active["G3"].comment = openpyxl.comments.Comment("Nhớ hỏi lại", "Chị Hoa")
    book.active.column_dimensions["B"].width = 60
    before = io.BytesIO()
    book.save(before)
    problems = problems_of(council, before.getvalue(), "a.xlsx")
    after = openpyxl.load_workbook(io.BytesIO(with_comments(before.getvalue(), "a.xlsx", problems)[0])).active
    old = book.active
    assert [[cell.value for cell in row] for row in after] == [[cell.value for cell in row] for row in old]
    assert after["B4"].data_type == old["B4"].data_type
    assert after["B3"].font.b and after.column_dimensions["B"].width == 60
    assert after.merged_cells.ranges == old.merged_cells.ranges
    assert after["G3"].comment.text == "Nhớ hỏi lại"
    assert "Không biết cơ quan" in after["C3"].comment.text and "CÁCH SỬA" in after["C3"].comment.text


def test_a_comment_in_a_merged_cell_stands_on_the_cell_that_people_see(council):
    document = Document()
    table = document.add_table(rows=3, cols=4)
    for at, text in enumerate(["STT", "Nội dung", "Chủ trì", "Thời gian"]):
        table.cell(0, at).text = text
    for row in (1, 2):
        for at, text in ((0, str(row)), (1, f"Việc {row}"), (3, "Hằng quý")):
            table.cell(row, at).text = text
    table.cell(1, 2).merge(table.cell(2, 2)).text = "Sở Y tế"
    out = io.BytesIO()
    document.save(out)
    marked, _kind = with_comments(out.getvalue(), "a.docx", problems_of(council, out.getvalue(), "a.docx"))
    comments = comments_of(marked, ".docx")
    assert set(comments) >= {"C2"} and comments["C2"].count("Không biết cơ quan") == 2

    content = sheet([one_row(lead=""), one_row(number="2", title="B", lead="")])
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active.merge_cells("C3:C4")
    book.active["C3"] = "Sở Y tế"
    out = io.BytesIO()
    book.save(out)
    marked, _kind = with_comments(out.getvalue(), "a.xlsx", problems_of(council, out.getvalue(), "a.xlsx"))
    assert comments_of(marked, ".xlsx")["C3"].count("Không biết cơ quan") == 2


def test_a_problem_without_a_place_is_put_at_the_beginning():
    marked, kind = with_comments(docx(), "a.docx", [Problem("Không biết kế hoạch từ ngày nào.", fix="Điền ngày.")])
    assert kind == "docx"
    document = Document(io.BytesIO(marked))
    assert [comment.text for comment in document.comments] == [
        "LỖI: Không biết kế hoạch từ ngày nào.\nCÁCH SỬA: Điền ngày."
    ]
    assert document.paragraphs[0]._p.xpath(".//w:commentReference")
    marked, _kind = with_comments(xlsx(), "a.xlsx", [Problem("Không biết kế hoạch từ ngày nào.")])
    assert "Không biết" in comments_of(marked, ".xlsx")["A1"]


def test_nothing_is_written_into_an_unsafe_file():
    broken = BROKEN["macro"]
    with pytest.raises(BadFile):
        with_comments(broken.build(), broken.filename, [Problem("x")])


def test_a_range_merged_over_a_whole_sheet_is_not_opened_for_comments():
    huge = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells><pageMargins'
    content = rezip(xlsx(), change={"xl/worksheets/sheet1.xml": lambda b: b.replace(b"<pageMargins", huge, 1)})
    with pytest.raises(BadFile, match="ô gộp"):
        with_comments(content, "a.xlsx", [Problem("x")])


def test_a_file_that_cannot_be_written_again_says_so():
    content = rezip(xlsx(), change={"xl/styles.xml": lambda b: b.replace(b'<sz val="11"/>', b'<sz val="to"/>')})
    with pytest.raises(BadFile, match="các lỗi vẫn có đủ trên trang"):
        with_comments(content, "a.xlsx", [Problem("x")])


def test_a_column_that_is_missing_is_one_error_not_one_per_row(council):
    headings = [*HEADINGS[:2], "Ai làm", *HEADINGS[3:]]
    content = sheet([one_row(number=str(n), title=f"Việc {n}") for n in range(1, 6)], headings=headings)
    problems = problems_of(council, content, "a.xlsx")
    assert [(p.cell, "thiếu cột “Chủ trì”" in p.message) for p in problems] == [("A2", True)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (IN_TCVN3, TCVN3),
        (IN_VNI, VNI),
        ("Ban hành kế hoạch phổ biến, giáo dục pháp luật năm 2024 «Tuổi trẻ với pháp luật» § 3", None),
        ("Tuần lễ café – crème brûlée", None),
        ("", None),
    ],
)
def test_old_encodings_are_told_apart(text, encoding):
    assert old_encoding(text, max(3, len(text) // 12)) is encoding


def test_a_single_old_cell_is_an_error_of_that_cell(council):
    rows = [one_row(number=str(n), title=f"Tập huấn hòa giải viên đợt {n}, bồi dưỡng kỹ năng") for n in range(1, 9)]
    problems = problems_of(council, sheet([*rows, one_row(number="9", title=IN_VNI)]), "a.xlsx")
    assert [(p.cell, "VNI" in p.message, "Unikey" in p.fix) for p in problems] == [("B11", True, True)]
