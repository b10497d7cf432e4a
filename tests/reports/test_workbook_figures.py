"""Sheets of figures: the ministry's layout and lists of our codes, matched by code and header path, asked when in doubt."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.tables.problems import BadFile
from campaigns.activities import record_activity
from reports.workbook.cells import check_decimals, read_figure
from reports.workbook.known_columns import indicators_of
from reports.workbook.problems import CellError, CellQuestion
from reports.workbook.upload import UploadRefused, apply_upload, preview_upload
from tests.reports.workbook_files import plain_book

# Biểu 09e in two levels, as the ministry prints it.
HEAD_09E = [
    ["Biểu số 09e/BTP/PBGDPL", "", "", "", "", "", "", "", "Đơn vị báo cáo: Hội LHPN"],
    ["KẾT QUẢ PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT"],
    [],
    ["STT", "Đơn vị", "Báo cáo viên pháp luật", "", "PBGDPL trực tiếp", "", "Thi tìm hiểu pháp luật", "",
     "Tài liệu PBGDPL phát hành", "", "Kinh phí (triệu đồng)", "", "", ""],
    ["", "", "Tổng số", "Trong đó: số người tham gia phổ biến trực tiếp", "Số cuộc", "Số lượt người tham dự",
     "Số cuộc thi", "Số lượt người dự thi", "Tổng số", "Trong đó: đăng tải trên Internet", "Tổng số",
     "NSNN phân bổ thường xuyên", "NSNN theo chương trình, đề án", "Nguồn hỗ trợ khác"],
    ["A", "B", *(f"({number})" for number in range(1, 13))],
]  # fmt: skip
MERGES_09E = ["C4:D4", "E4:F4", "G4:H4", "I4:J4", "K4:N4", "A4:A5", "B4:B5", "A2:N2"]
VALUES = [10, 4, 6, 300, 1, 50, 400, 20, "12,5", 10.5, 2, 0]
ROWS_09E = [
    ["", "Tổng số", 30, 12, 18, 900, 3, 150, 1200, 60, 37.5, 31.5, 6, 0],
    ["I", "Tại cấp tỉnh", 30, 12, 18, 900, 3, 150, 1200, 60, 37.5, 31.5, 6, 0],
    ["1", "Công an thành phố", 20, 8, 12, 600, 2, 100, 800, 40, 25, 21, 4, 0],
    ["2", "Hội Liên hiệp Phụ nữ thành phố", *VALUES],
    [],
    ["", "Người lập biểu", "", "", "Người kiểm tra", "", "", "", "", "", "GIÁM ĐỐC"],
]
CODES_09E = ["PB08", "PB08a", "PB01", "PB02", "PB03", "PB04", "PB05", "PB05i", "PB10", "PB10a", "PB10b", "PB10c"]


def look(world, content, code="b", answers=None):
    return preview_upload(
        report=world.report(code), content=content, filename="so-lieu.xlsx", now=world.now, answers=answers
    )


def write(world, content, code="b", answers=None):
    preview = look(world, content, code, answers)
    return apply_upload(
        report=world.report(code), by=world.people[f"officer_{code}"], now=world.now, content=content,
        filename="so-lieu.xlsx", fingerprint=preview.fingerprint, answers=answers,
    )  # fmt: skip


def taken(preview):
    return {unit.name: unit.values["value"] for unit in preview.units}


@pytest.mark.django_db
def test_the_ministrys_layout_is_read_by_code_and_path(world):
    content = plain_book([*HEAD_09E, *ROWS_09E], merges=MERGES_09E)
    preview = look(world, content)
    assert preview.source == "figures" and preview.problems == []
    assert any("hàng tổng, hàng nhóm 7 (Tổng số), 8 (I Tại cấp tỉnh)" in note for note in preview.notes), preview.notes
    # Nine of the twelve differ from what activities add up to, 0: one question for all of them, or one by one.
    assert [question.key for question in preview.questions] == ["lydo"]
    assert "PB02 (tệp 300, hoạt động 0)" in preview.questions[0].text
    assert taken(preview) == {"PB08": 10, "PB08a": 4}
    whole = dict(zip(CODES_09E, [Decimal(str(v).replace(",", ".")) for v in VALUES], strict=True))
    del whole["PB10c"]  # 0, as the activities say
    assert taken(look(world, content, answers={"lydo": "co"})) == whole
    each = look(world, content, answers={"lydo": "tung"})
    asked = {question.key.removeprefix("lydo-") for question in each.questions[1:]}
    assert asked == {"PB01", "PB02", "PB03", "PB04", "PB05", "PB05i", "PB10", "PB10a", "PB10b"}
    assert each.open_questions == 9
    answers = {"lydo": "tung", **{f"lydo-{code}": "bo" for code in asked}, "lydo-PB02": "co"}
    assert "PB01" not in taken(look(world, content, answers=answers))
    write(world, content, answers=answers)
    figure = world.report("b").figures.get(indicator__code="PB02")
    assert (figure.value, figure.corrected, figure.reason) == (300, True, "Theo tệp số liệu của cơ quan")
    assert look(world, content, answers={"lydo": "bo"}).changes_nothing


@pytest.mark.django_db
def test_a_public_security_office_is_no_total(world):
    """'Công an' begins like 'Cộng'."""
    preview = look(world, plain_book([*HEAD_09E, *ROWS_09E], merges=MERGES_09E), "a")
    assert taken(preview)["PB08"] == 20 and not any("Công an" in note for note in preview.notes)


@pytest.mark.django_db
def test_figures_that_agree_with_the_activities_need_no_reason(world):
    record_activity(
        agency=world.agencies["b"], by=world.people["officer_b"], now=world.now, title="Buổi nói chuyện",
        held_on=world.today, figures={"PB01": 6, "PB02": 300},
    )  # fmt: skip
    preview = look(world, plain_book([*HEAD_09E, *ROWS_09E], merges=MERGES_09E))
    (question,) = preview.questions
    assert question.text.startswith("7 chỉ tiêu khác") and "PB01" not in question.text
    assert "PB01" not in taken(preview)


@pytest.mark.django_db
def test_the_same_leaf_under_another_parent_is_another_indicator(world):
    """'Tổng số' stands three times; without its parent, a column is asked about, never guessed."""
    bare = [list(row) for row in HEAD_09E]
    bare[3] = ["STT", "Đơn vị", *[""] * 12]
    preview = look(world, plain_book([*bare, *ROWS_09E]))
    asked = {question.key for question in preview.questions if question.key.startswith("cot-")}
    assert {"cot-Biểu-C", "cot-Biểu-I", "cot-Biểu-K"} <= asked
    assert not {"PB08", "PB05", "PB10"} & set(taken(preview))
    answers = {"cot-Biểu-C": "PB08", "cot-Biểu-I": "bo", "cot-Biểu-K": "bo"}
    assert taken(look(world, plain_book([*bare, *ROWS_09E]), answers=answers))["PB08"] == 10


@pytest.mark.django_db
def test_a_code_that_contradicts_its_heading_is_asked(world):
    head = [list(row) for row in HEAD_09E]
    head[5][2], head[5][3] = "(3)", "(4)"  # the codes of PB01, PB02 over the columns of PB08, PB08a
    head[5][4], head[5][5] = "(1)", "(2)"
    preview = look(world, plain_book([*head, *ROWS_09E], merges=MERGES_09E))
    asked = {question.key: question.text for question in preview.questions if question.key.startswith("cot-")}
    assert set(asked) == {"cot-Biểu-C", "cot-Biểu-D", "cot-Biểu-E", "cot-Biểu-F"}
    assert "Gần đúng: PB08" in asked["cot-Biểu-C"] and "PB08" not in taken(preview)
    with pytest.raises(UploadRefused, match="cần chọn"):
        write(world, plain_book([*head, *ROWS_09E], merges=MERGES_09E))


@pytest.mark.django_db
def test_the_other_code_means_another_thing_on_another_form(world):
    """(1) of Biểu 10c is teams; the standing agency alone reports them."""
    head = [
        ["Biểu số 10c/BTP/PBGDPL/HGCS"],
        ["Tên đơn vị", "Số tổ hòa giải", "Số hòa giải viên", "", "", "", "", "", ""],
        ["", "", "Tổng số", "Chia theo giới tính", "", "Trình độ chuyên môn", "", "Trong đó: dân tộc thiểu số",
         "Số hòa giải viên được bồi dưỡng"],
        ["", "", "", "Nam", "Nữ", "Có trình độ chuyên môn Luật", "Chưa qua đào tạo chuyên môn Luật", "", ""],
        ["A", *(f"({number})" for number in range(1, 9))],
        ["Tổng số trên địa bàn", 4, 20, 12, 8, 6, 14, 2, 15],
        ["Sở Tư pháp thành phố", 2, 8, 4, 4, 2, 6, 1, 3],
    ]  # fmt: skip
    merges = ["B2:B4", "C2:I2", "C3:C4", "D3:E3", "F3:G3", "H3:H4", "I3:I4"]
    preview = look(world, plain_book(head, merges=merges), "stp")
    assert taken(preview) == dict(zip([f"HG0{n}" for n in range(1, 9)], [2, 8, 4, 4, 2, 6, 1, 3], strict=True))
    for_b = look(world, plain_book(head, merges=merges))
    assert for_b.units == [] and [question.key for question in for_b.questions] == ["hang-Biểu"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "question"),
    [
        ([["", "Tổng số", *VALUES]], True),
        ([["1", "Trường THPT Châu Văn Liêm", *VALUES]], True),
        ([["", "", *VALUES]], False),
        ([["1", "Hội LHPN", *VALUES]], False),
        ([["1", "Hội LHPN", *VALUES], ["2", "Hội Liên hiệp Phụ nữ thành phố", *VALUES]], True),
        ([["664", "Hội Liên hiệp phụ nữ thành phố", *VALUES]], False),
    ],
    ids=["only a total", "another name", "no name", "short name", "twice", "digits in the label"],
)
def test_the_agencys_own_row(world, rows, question):
    content = plain_book([*HEAD_09E, *rows], merges=MERGES_09E)
    preview = look(world, content)
    row = next((item for item in preview.questions if item.key == "hang-Biểu"), None)
    assert (row is not None) == question
    if row is not None:
        assert preview.units == [] and row.required
        answered = look(world, content, answers={"hang-Biểu": "6"})
        assert taken(answered)["PB08"] == 10
    else:
        assert taken(preview)["PB08"] == 10


@pytest.mark.django_db
def test_a_list_with_our_codes(world):
    rows = [
        ["STT", "Mã", "Chỉ tiêu", "Kỳ trước", "Kỳ này"],
        [1, "PB08", "Số báo cáo viên", 9, 11],
        [2, "pb09", "Số tuyên truyền viên", 664, "664"],
        ["", "", "Tổng số", 673, 675],
        [3, "HG01", "Số tổ hòa giải", 1, 2],
        [4, "PB10", "Kinh phí", 1, ""],
    ]
    preview = look(world, plain_book(rows))
    assert taken(preview) == {"PB08": 11, "PB09": 664} and preview.questions == []
    assert any("HG01" in note for note in preview.notes)
    rows[0][4] = "Cột lạ"
    preview = look(world, plain_book(rows))
    (question,) = preview.questions
    assert question.key == "cot-so-Biểu" and preview.units == []
    assert taken(look(world, plain_book(rows), answers={question.key: "4"})) == {"PB08": 11, "PB09": 664}


@pytest.mark.django_db
def test_our_codes_over_the_columns(world):
    rows = [["Đơn vị", "PB08", "PB08a", "PB09"], ["Hội LHPN", 3, 2, "1.234"], ["Tổng", 9, 9, 9]]
    preview = look(world, plain_book(rows))
    assert taken(preview) == {"PB08": 3, "PB08a": 2}
    (question,) = preview.questions
    assert question.where == "Biểu, ô D2" and "1234" in question.text


@pytest.mark.django_db
def test_every_wrong_cell_is_named_at_once(world):
    values = list(VALUES)
    values[0], values[1], values[8], values[9] = -1, "bốn", "1.234", "12,55"
    preview = look(world, plain_book([*HEAD_09E, ["1", "Hội LHPN", *values]], merges=MERGES_09E))
    assert [(problem.cell, problem.value) for problem in preview.problems] == [
        ("C7", "-1"), ("D7", "bốn"), ("L7", "12,55"),
    ]  # fmt: skip
    assert [question.cell for question in preview.questions if question.key.startswith("o-")] == ["K7"]


@pytest.mark.django_db
def test_formulas_count_as_their_stored_result(world):
    rows = [*HEAD_09E, ["1", "Hội LHPN", *VALUES]]
    content = plain_book(rows, merges=MERGES_09E, formulas={"C7": ("=5+6", 11), "D7": ("=1/0", "#DIV/0!")})
    preview = look(world, content)
    assert taken(preview)["PB08"] == 11 and any("C7 là công thức" in note for note in preview.notes)
    assert [(problem.cell, "#DIV/0!" in problem.reason) for problem in preview.problems] == [("D7", True)]


@pytest.mark.django_db
def test_two_tables_on_one_sheet(world):
    """The second table's codes are another form's; its title and its unit are no rows of the first."""
    second = [
        ["Tổ chức hòa giải ở cơ sở", "", "", "", "Đơn vị tính: tổ, người"],
        ["Đơn vị", "Số tổ hòa giải", "Số hòa giải viên", "", ""],
        ["", "", "Tổng số", "Nam", "Nữ"],
        ["A", "(1)", "(2)", "(3)", "(4)"],
        ["Sở Tư pháp", 2, 8, 4, 4],
    ]  # fmt: skip
    rows = [*HEAD_09E, ["", "Tổng số", *VALUES], ["1", "Sở Tư pháp thành phố", *VALUES], [], *second]
    preview = look(world, plain_book(rows, merges=[*MERGES_09E, "C11:E11", "B11:B12"]), "stp", {"lydo": "bo"})
    assert preview.problems == [] and not preview.open_questions, (preview.problems, preview.questions)
    assert {code: taken(preview)[code] for code in ("PB08", "HG01", "HG02", "HG03", "HG04")} == {
        "PB08": 10, "HG01": 2, "HG02": 8, "HG03": 4, "HG04": 4,
    }  # fmt: skip


@pytest.mark.django_db
def test_money_in_thousands_is_not_taken_for_millions(world):
    head = [list(row) for row in HEAD_09E]
    head[3][10] = "Kinh phí (nghìn đồng)"
    preview = look(world, plain_book([*head, *ROWS_09E], merges=MERGES_09E))
    assert {problem.cell for problem in preview.problems} == {"K10", "L10", "M10", "N10"}
    assert all("triệu đồng" in problem.reason for problem in preview.problems)


@pytest.mark.django_db
def test_two_cells_for_one_indicator_are_an_error(world):
    rows = [["Mã", "Số liệu"], ["PB08", 3], ["PB08", 4], ["PB09", 1]]
    preview = look(world, plain_book(rows))
    assert [problem.cell for problem in preview.problems] == ["B3"] and "B2" in preview.problems[0].reason


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [[["Họ tên", "Điểm"], ["An", 9]], [["(1)", "chỉ một cột"]], [[""]]])
def test_a_file_without_figures_is_refused(world, rows):
    with pytest.raises(BadFile, match="Không thấy bảng số liệu|không đọc được|rỗng"):
        look(world, plain_book(rows))


# --- the columns of the ministry's forms --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "path", "indicators"),
    [
        (1, "tong so bao cao vien phap luat", ["PB08"]),
        (1, "so cuoc pho bien phap luat truc tiep", ["PB01"]),
        (1, "so to hoa giai", ["HG01"]),
        (1, "tong so vu viec tiep nhan hoa giai", ["HG11"]),
        (1, "tong so", []),
        (2, "so luot nguoi tham du", ["PB02"]),
        (3, "so cuoc pbgdpl truc tiep", ["PB01"]),
        (3, "so cuoc thi tim hieu phap luat", ["PB03"]),
        (5, "tong so tai lieu phat mien phi", ["PB05"]),
        (5, "ket qua hoa giai / hoa giai thanh / tong so", ["HG15"]),
        (6, "ket qua hoa giai / hoa giai thanh / tranh chap dan su", ["HG16"]),
        (2, "chia theo pham vi / tranh chap dan su", ["HG12"]),
        (9, "ket qua hoa giai / hoa giai khong thanh", ["HG19"]),
        (10, "ket qua hoa giai / chua giai quyet", ["HG20"]),
        (11, "ket qua hoa giai / dang giai quyet", ["HG21"]),
        (9, "so lan phat song chuong trinh pho bien phap luat tren dai truyen thanh xa", ["PB06"]),
        (10, "so tin bai ve phap luat tren phuong tien thong tin dai chung", ["PB07"]),
        (12, "tong kinh phi / nguon ho tro khac", ["PB10c"]),
        (4, "tong so", []),
    ],
)
def test_code_and_path_together(number, path, indicators):
    assert indicators_of(number, path) == indicators


# --- numbers as people type them ----------------------------------------------------------------------------------


@given(st.integers(min_value=0, max_value=10**12))
def test_a_plain_number_is_itself_and_a_grouped_one_is_asked(number):
    assert read_figure(float(number)) == read_figure(str(number)) == number
    grouped = f"{number:,}".replace(",", ".")
    if "." in grouped:
        with pytest.raises(CellQuestion) as asked:
            read_figure(grouped)
        assert asked.value.meaning == number


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text):
    try:
        value = read_figure(text)
    except (CellError, CellQuestion):
        return
    assert value is None or value >= 0


@given(st.decimals(min_value=0, max_value=10**9, places=1))
def test_a_decimal_comma_is_a_decimal_comma(value):
    assert read_figure(f"{value:f}".replace(".", ",")) == value
    check_decimals(value, 1)
