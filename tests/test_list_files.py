"""Every list as a file: exactly the rows that its filters show, typed cells, and nothing that becomes a formula."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.tables.listing import MAX_CELL, Column, as_csv, as_xlsx, harmless
from campaigns.activities import record_activity
from tests.world import add_task

LISTS = (
    "/ke-hoach/",
    "/nhiem-vu/",
    "/hoat-dong/",
    "/chi-tieu/",
    "/co-quan/",
    "/nhat-ky/",
    "/bao-cao/2024-q2/",
    "/bao-cao/2024/",
)
EVIL = '=HYPERLINK("http://x","bấm")'


def table(content: bytes):
    """(headings, rows) of the workbook's only sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.iter_rows(min_row=3))
    return [cell.value for cell in rows[0]], rows[1:]


def lines(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS)
def test_every_list_comes_as_excel_and_csv_with_the_same_rows(world, sign_in, path):
    secretary = sign_in(world.people["secretary"])
    assert "xuat=xlsx" in secretary.get(path).content.decode() or path == "/hoat-dong/"
    headings, rows = table(secretary.get(path, {"xuat": "xlsx"}).content)
    flat = lines(secretary.get(path, {"xuat": "csv"}))
    # The record tells of these two files too, in the second of them.
    flat = [row for row in flat if "Xuất, tải tệp" not in row]
    assert flat[0] == headings and len(flat) - 1 == len(rows)
    assert all(heading == heading.strip() and heading for heading in headings)


@pytest.mark.django_db
def test_the_file_follows_the_filter_and_what_the_person_may_see(world, sign_in):
    secretary, officer = sign_in(world.people["secretary"]), sign_in(world.people["officer_c"])
    _headings, everything = table(secretary.get("/nhiem-vu/", {"xuat": "xlsx"}).content)
    _headings, some = table(secretary.get("/nhiem-vu/", {"xuat": "xlsx", "q": "hoa giai"}).content)
    assert (len(everything), [row[2].value for row in some]) == (4, ["Hòa giải ở cơ sở: tập huấn hòa giải viên"])
    assert len(table(officer.get("/nhiem-vu/", {"xuat": "xlsx"}).content)[1]) == 0
    assert officer.get("/nhat-ky/", {"xuat": "csv"}).status_code == 200
    assert sign_in(None).get("/nhiem-vu/", {"xuat": "xlsx"}).status_code == 302


@pytest.mark.django_db
def test_more_than_a_page_comes_whole_in_constant_queries(world, sign_in, django_assert_max_num_queries):
    for number in range(20, 90):
        add_task(world, world.plan, number, "a")
    secretary = sign_in(world.people["secretary"])
    with django_assert_max_num_queries(8):
        content = secretary.get("/nhiem-vu/", {"xuat": "xlsx", "page": "2"}).content
    assert len(table(content)[1]) == 74


@pytest.mark.django_db
def test_what_people_type_stays_text(world, sign_in):
    record_activity(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, title=EVIL, held_on=world.today,
        figures={}, place="+84 292 3820",
    )  # fmt: skip
    secretary = sign_in(world.people["secretary"])
    _headings, rows = table(secretary.get("/hoat-dong/", {"xuat": "xlsx"}).content)
    assert (rows[0][1].value, rows[0][1].data_type) == (EVIL, "s")
    assert rows[0][0].value == datetime(2024, 6, 10) and rows[0][0].number_format == "dd/mm/yyyy"
    cells = lines(secretary.get("/hoat-dong/", {"xuat": "csv"}))[1]
    assert cells[0] == "10/06/2024" and cells[1] == f"'{EVIL}" and cells[4] == "'+84 292 3820"


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)


@given(
    st.lists(st.tuples(CELLS, st.integers(-(10**9), 10**9), st.dates(date(1950, 1, 1), date(2100, 1, 1))), max_size=5)
)
def test_csv_reads_back_what_was_written_but_for_the_guard(rows):
    columns = [Column("Chữ", lambda row: row[0]), Column("Số", lambda row: row[1]), Column("Ngày", lambda row: row[2])]
    text = "".join(as_csv(columns, rows))
    back = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert back[0] == ["Chữ", "Số", "Ngày"]
    for row, cells in zip(rows, back[1:], strict=True):
        assert cells == [harmless(row[0]), str(row[1]), f"{row[2]:%d/%m/%Y}"]
        assert not cells[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_excel_keeps_types_and_bounds():
    columns = [Column(str(at), lambda row, at=at: row[at]) for at in range(6)]
    row = ("a" * (MAX_CELL + 5), 12, 1.5, None, True, date(2024, 12, 15))
    cells = table(as_xlsx("Thử", columns, [row]))[1][0]
    assert [cell.value for cell in cells] == ["a" * MAX_CELL, 12, 1.5, None, "Có", datetime(2024, 12, 15)]
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "n", "s", "d"]


@pytest.mark.parametrize(
    "text",
    [
        '<r><t>X</t></r></is></c><c r="B4" t="str"><f>HYPERLINK("http://evil")</f></c><c><is><r><t> </t></r>',
        "<r></x></r>",
    ],
)
def test_text_that_looks_like_xml_stays_text(text):
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx("t", [Column("T", lambda row: row)], [text]))).active
    assert sheet["A4"].value.removeprefix("\u200b") == text and sheet["B4"].value is None


def test_numbers_in_csv_are_not_read_as_thousands():
    columns = [Column("Số", lambda row: row)]
    lines = "".join(as_csv(columns, [Decimal("115.000"), Decimal("12.500"), 7])).splitlines()
    assert lines[1:] == ["115", '"12,5"', "7"]


def test_only_one_place_writes_workbooks():
    wrong = [
        str(path)
        for room in ("agencies", "campaigns", "reports", "portal")
        for path in (Path(__file__).parent.parent / room).rglob("*.py")
        if "xlsxwriter.Workbook" in path.read_text() and path.name != "sheets.py"
    ]
    assert wrong == []
