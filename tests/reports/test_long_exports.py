"""Exports of report lines, figures and activities as long works: every row once, typed and safe, however often cut."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from agencies.errors import Incomplete, NotAllowed
from agencies.long_work import exporting, orders, running
from agencies.models import LongWork
from agencies.tables import pieced_xlsx
from agencies.tables.sql_rows import SqlColumn, csv_head
from campaigns import long_exports as activity_exports
from campaigns.activities import record_activity
from campaigns.models import Activity
from campaigns.views import activities as activity_pages
from reports.long_exports import FIGURES, LINES, order_export
from reports.models import ReportFigure, ReportLine
from reports.opening import open_period

EVIL = (
    '=HYPERLINK("http://x","bấm")', "+84 292", "-1", "@sum", "\tTab", "＝1", "a & <b> \"c\" ]]> _x0041_ 'd'",
    "hai\ndòng", "<r><t>X</t></r>", "x" * 40_000, "00123",
)  # fmt: skip


@pytest.fixture
def filled(world):
    """The secretary's council with three quarters, lines full of what people type, figures of every size."""
    for code in ("2024-q3", "2024-q1"):
        open_period(council=world.council, code=code, by=None, now=world.now)
    lines = list(ReportLine.objects.filter(report__period__council=world.council).order_by("pk"))
    for line, text in zip(lines, EVIL * 9, strict=False):
        line.result, line.difficulty = text, "Khó"
        line.edited_at, line.edited_by = datetime.fromisoformat("2024-06-30T18:30:00+00:00"), world.people["secretary"]
        line.due_on, line.percent = date(2024, 2, 29), 7 if line.is_lead else None
        line.save()
    figures = ReportFigure.objects.filter(report__period=world.period)
    for figure, value in zip(figures, (0, 12, Decimal("12.5"), Decimal("1234567.125"), None) * 99, strict=False):
        ReportFigure.objects.filter(pk=figure.pk).update(value=value)
    return world


def ordered(world, kind: str, file_format: str, by: str = "secretary") -> LongWork:
    # Figures are many: of one quarter alone.
    periods = [world.period] if kind == FIGURES else list(world.council.periods.filter(kind="quarter"))
    return order_export(
        kind=kind, file_format=file_format, council=world.council, periods=periods, by=world.people[by], now=world.now
    )


def content(work: LongWork, client=None) -> bytes:
    response = client.get(reverse("work-file", args=[work.pk]))
    body = b"".join(response.streaming_content)
    assert len(body) == int(response["Content-Length"])
    return body


def finished(work: LongWork, world, stop_after: int | None = None) -> LongWork:
    """Done to the end; cancelled and resumed after that many pieces."""
    pieces = 0
    while running.do_piece(work=work.pk, turn=LongWork.objects.get(pk=work.pk).turn, now=world.now):
        pieces += 1
        if pieces == stop_after:
            orders.cancel(work=work, by=work.ordered_by, now=world.now)
            assert not running.do_piece(work=work.pk, turn=1, now=world.now)
            orders.resume(work=work, by=work.ordered_by, now=world.now)
    work.refresh_from_db()
    assert (work.state, work.error, work.rows_done) == ("done", "", work.rows_total)
    return work


def expected(world, kind: str) -> list:
    """The rows by the ORM: (period, agency, what)."""
    if kind == LINES:
        lines = ReportLine.objects.filter(report__period__council=world.council).select_related(
            "report__period", "task"
        )
        lines = lines.order_by("report__period__starts_on", "report_id", "task__plan_id", "task__sort_order", "pk")
        return [(str(row.report.period), row.report.agency.code, row.task.title, row.result) for row in lines]
    figures = ReportFigure.objects.filter(report__period=world.period).select_related("indicator")
    figures = figures.order_by("report__period__starts_on", "report_id", "indicator__sort_order", "pk")
    return [(str(row.report.period), row.report.agency.code, row.indicator.code, row.value) for row in figures]


def test_csv_of_lines_has_every_row_and_no_formula(filled, sign_in, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS", 2)
    client = sign_in(filled.people["secretary"])
    whole = content(finished(ordered(filled, LINES, "csv"), filled), client)
    assert whole.startswith(b"\xef\xbb\xbf")
    heads, *rows = csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline=""))
    at = [heads.index(name) for name in ("Kỳ", "Mã cơ quan", "Nhiệm vụ", "Kết quả thực hiện")]
    got = [tuple(row[place] for place in at) for row in rows]
    guarded = {text: f"'{text}" for text in EVIL[:6]}
    assert got == [(*row[:3], guarded.get(row[3], row[3])) for row in expected(filled, LINES)] and len(got) == 18
    first = dict(zip(heads, rows[0], strict=True))
    assert (first["Hạn trong kỳ"], first["Cập nhật lúc"]) == ("29/02/2024", "01/07/2024 01:30")
    assert {row[heads.index("Vai trò")] for row in rows} == {"Chủ trì", "Phối hợp"}


def sheets(data: bytes) -> list[list[tuple]]:
    """Every cell (value, type, number format) of every sheet below the headings."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [
        [tuple((cell.value, cell.data_type, cell.number_format) for cell in row) for row in sheet.iter_rows(min_row=4)]
        for sheet in book
    ]


@pytest.mark.parametrize(("kind", "most"), [(LINES, 1_000_000), (LINES, 8), (FIGURES, 1_000_000)])
def test_excel_has_every_row_typed_and_text_stays_text(filled, sign_in, monkeypatch, kind, most):
    monkeypatch.setattr(exporting, "ROWS", 5 if kind == LINES else 100)
    monkeypatch.setattr(pieced_xlsx, "MOST_ROWS", most)
    data = content(finished(ordered(filled, kind, "xlsx"), filled), sign_in(filled.people["secretary"]))
    tabs, want = sheets(data), expected(filled, kind)
    rows = [row for tab in tabs for row in tab]
    assert (len(tabs) > 1) == (most == 8) and len(rows) == len(want)
    heads = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(data)).active[3]]
    place = {name: heads.index(name) for name in heads}
    if kind == LINES:
        got = [tuple(row[place[name]][0] for name in ("Kỳ", "Mã cơ quan", "Nhiệm vụ")) for row in rows]
        assert got == [row[:3] for row in want]
        results = [row[place["Kết quả thực hiện"]] for row in rows]
        texts = [row[3][:32_767] for row in want]
        assert [value.replace("_x005F_", "_") for value, _type, _look in results] == texts
        assert {kind_of for _value, kind_of, _look in results} == {"s"}
        assert rows[0][place["Hạn trong kỳ"]] == (datetime(2024, 2, 29), "d", "dd/mm/yyyy")
        assert rows[0][place["Cập nhật lúc"]][0] == datetime(2024, 7, 1, 1, 30)
        assert {row[place["%"]][:2] for row in rows} == {(7, "n"), (None, "n")}
    else:
        values = [(row[place["Số liệu"]][0], row[place["Số liệu"]][2]) for row in rows]
        assert [value for value, _look in values] == [None if row[3] is None else float(row[3]) for row in want]
        looks = {(12, "#,##0"), (12.5, "#,##0.0##"), (1234567.125, "#,##0.0##"), (0, "#,##0")}
        assert looks <= set(values)
    read = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert sum(len(read.get_sheet_by_name(name).to_python()) - 3 for name in read.sheet_names) == len(want)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_cut_anywhere_the_file_is_the_same_byte_for_byte(filled, sign_in, monkeypatch, file_format):
    monkeypatch.setattr(exporting, "ROWS", 5)
    monkeypatch.setattr(pieced_xlsx, "MOST_ROWS", 12)
    client = sign_in(filled.people["secretary"])
    whole = content(finished(ordered(filled, LINES, file_format), filled), client)
    for stop_after in (1, 3):
        assert content(finished(ordered(filled, LINES, file_format), filled, stop_after), client) == whole


def test_a_council_without_lines_gives_a_file_of_headings(filled, sign_in):
    ReportLine.objects.filter(report__period__council=filled.council).delete()
    client = sign_in(filled.people["secretary"])
    assert sheets(content(finished(ordered(filled, LINES, "xlsx"), filled), client)) == [[]]
    assert content(finished(ordered(filled, LINES, "csv"), filled), client).count(b"\n") == 1


def test_only_the_secretariat_and_only_its_own_quarters(filled):
    for other in ("officer_a", "leader", "administrator", "other_secretary"):
        with pytest.raises(NotAllowed):
            ordered(filled, LINES, "csv", by=other)
    secretary = filled.people["secretary"]
    wanted = {"kind": LINES, "file_format": "csv", "council": filled.council, "by": secretary, "now": filled.now}
    for periods in ([], [filled.other_period], list(filled.council.periods.filter(kind="year"))):
        with pytest.raises(Incomplete):
            order_export(**wanted, periods=periods)


def test_ordered_from_the_page(filled, sign_in):
    client = sign_in(filled.people["secretary"])
    address = reverse("export-order")
    page = client.get(address).content.decode()
    assert "Quý III/2024" in page and "Đặt việc xuất" in page
    data = {"what": LINES, "file_format": "csv", "periods": [str(filled.period.pk)], "hoi-dong": "can-tho"}
    assert client.post(address, data | {"periods": []}).status_code == 422
    assert client.post(address, data | {"periods": [str(filled.other_period.pk)]}).status_code == 422
    assert client.post(address, data | {"hoi-dong": "tien-giang"}).status_code == 404
    work = LongWork.objects.get(pk=int(urlsplit(client.post(address, data)["Location"]).path.split("/")[2]))
    assert (work.title, work.file_name) == (
        "Dòng báo cáo Quý II/2024, thành phố Cần Thơ", "dong-bao-cao-can-tho-2024-q2.csv",
    )  # fmt: skip
    assert "Xuất dữ liệu các kỳ" in client.get(reverse("work-list")).content.decode()


def test_a_long_list_of_activities_is_ordered_instead_of_waited_for(world, sign_in, monkeypatch):
    for number in range(5):
        record_activity(
            agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, title=f"=Buổi {number}",
            held_on=date(2024, 6, 1 + number % 2), figures={"PB02": 10 + number}, tasks=[world.tasks[0]],
            target_groups=["workers"], topics=["Đất đai"], place="Nhà văn hóa",
        )  # fmt: skip
    for module in (activity_exports, activity_pages):
        monkeypatch.setattr(module, "LONG", 3)
    monkeypatch.setattr(exporting, "ROWS", 2)
    client, page = sign_in(world.people["officer_a"]), reverse("activity-list")
    query = {"xuat": "csv", "q": "buoi", "tu": "01/06/2024"}
    small = client.get(page, query | {"tu": "02/06/2024"})
    answer = client.get(page, query)
    assert answer["Location"].startswith(reverse("activity-export"))
    assert "<b>5</b> hoạt động" in client.get(answer["Location"]).content.decode()
    work = LongWork.objects.get(pk=int(client.post(answer["Location"])["Location"].split("/")[2]))
    rows = list(csv.reader(io.StringIO(content(finished(work, world), client).decode("utf-8-sig"))))
    mine = list(csv.reader(io.StringIO(b"".join(small.streaming_content).decode("utf-8-sig"))))
    # The same columns and cells as the page's own file, but for the words of the tasks, which the database makes.
    tasks = mine[0].index("Nhiệm vụ")
    assert rows[0] == mine[0] and len(rows) == 6 and {row[5] for row in rows[1:]} == {"10", "11", "12", "13", "14"}
    of_second = [row for row in rows[1:] if row[0] == "02/06/2024"]
    assert sorted([*row[:tasks], *row[tasks + 1 :]] for row in of_second) == sorted(
        [*row[:tasks], *row[tasks + 1 :]] for row in mine[1:]
    )
    assert rows[1][tasks].startswith("1. Tuyên truyền phòng, chống ma túy")
    # What the person may not see any more is not written: the filter is asked anew at each piece.
    other = activity_exports.order_export(query="", file_format="csv", count=1, by=world.people["officer_c"],
                                          now=world.now)  # fmt: skip
    assert Activity.objects.count() == 5 and finished(other, world).rows_total == 0


def test_headings_with_quotes_stay_one_cell():
    heads = csv_head([SqlColumn('Cột "A", B', "1"), SqlColumn("C", "2")]).decode("utf-8-sig")
    assert next(csv.reader([heads])) == ['Cột "A", B', "C"]
