"""Import of a long list of activities: read, checked by the verb's rules, written in pieces that are safe to repeat."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies import clock
from agencies.errors import NotAllowed, WrongState
from agencies.files.storing import walk
from agencies.long_work import orders, running
from agencies.membership import join, leave
from agencies.models import WORK_FOLDER, LongWork, RecordEntry, Role, StagedRow, User
from agencies.tables import long_lists
from agencies.tables.problems import BadFile
from campaigns.activities import record_activity
from campaigns.bulk_activities import checking, writing
from campaigns.models import Activity, ActivityFigure, ActivitySite

HEADS = ["TT", "Cơ quan", "Ngày", "Tên hoạt động", "Hình thức", "Địa điểm", "Số người dự", "PB02n", "PB10a", "Lĩnh vực"]
GOOD = [
    [1, "a", "10/01/2024", "Tuyên truyền phòng, chống ma túy", "", "Trường A", 120, 60.0, "", "ma tuy; đất đai"],
    [2, "Công an thành phố", date(2024, 1, 10), "=Hội nghị 1", "Thi tìm hiểu pháp luật", "Phường 1", "", "", 12.5, ""],
    [3, "HỘI LHPN", "2024-01-10", "Tuyên truyền phòng, chống ma túy", "", "Trường A", 120, "", "", ""],  # V26
    [4, "b", "11/02/2024", "Nói chuyện chuyên đề", "direct", "Phường 2", "1500", "", "", ""],
    [5, "b", "11/02/2024", "Nói chuyện chuyên đề", "direct", "Phường 2", "1500", "", "", ""],  # twice: two
]
WRONG = [
    ([6, "c", "11/02/2024", "Của cơ quan khác", "", "", "", "", "", ""], "Cơ quan", "không phải cơ quan mà bạn được ghi"),
    ([7, "a", "31/02/2024", "Ngày sai", "", "", "", "", "", ""], "Ngày", "không phải là ngày"),
    ([8, "a", "11/06/2024", "Ngày mai", "", "", "", "", "", ""], "Ngày", "chưa đến"),
    ([9, "a", "01/01/2003", "Trước khi có", "", "", "", "", "", ""], "Ngày", "V02"),
    ([10, "a", "11/02/2024", " ", "", "", "", "", "", ""], "Tên hoạt động", "cần có tên"),
    ([11, "a", "11/02/2024", "x" * 301, "", "", "", "", "", ""], "Tên hoạt động", "tối đa 300"),
    ([12, "a", "11/02/2024", "Sai hình thức", "hát", "", "", "", "", ""], "Hình thức", "Không có hình thức"),
    ([13, "a", "11/02/2024", "Nữ nhiều hơn", "", "", 5, 6, "", ""], "PB02n", "lớn hơn"),
    ([14, "a", "11/02/2024", "Số âm", "", "", -5, "", "", ""], "Số người dự", "âm"),
    ([15, "a", "11/02/2024", "Dấu chấm", "", "", "1.234", "", "", ""], "Số người dự", "V09"),
    ([16, "a", "11/02/2024", "Lẻ", "", "", 1.5, "", "", ""], "Số người dự", "số nguyên"),
    ([17, "", "", "Thiếu cả", "", "", "", "", "", ""], "Cơ quan", "Thiếu cơ quan"),
]  # fmt: skip


def workbook(rows, heads=HEADS, title: str = "PHỤ LỤC") -> bytes:
    """An .xlsx with a title, an empty row, the headings and these rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 0, title)
    for at, row in enumerate([heads, *rows], 2):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value, day)
            else:
                sheet.write(at, column, value)
    book.close()
    return out.getvalue()


@pytest.fixture
def officer(world) -> User:
    """The officer of a who is that of b as well."""
    person = world.people["officer_a"]
    join(user=person, scope=world.agencies["b"], role=Role.LIAISON, by=None, now=world.now, on=date(2024, 1, 2))
    return User.objects.get(pk=person.pk)


def done(work: LongWork, world, stop_after: int | None = None) -> LongWork:
    """To the end; cancelled and resumed after that many pieces."""
    pieces = 0
    while running.do_piece(work=work.pk, turn=LongWork.objects.get(pk=work.pk).turn, now=world.now):
        pieces += 1
        if pieces == stop_after:
            orders.cancel(work=work, by=work.ordered_by, now=world.now)
            orders.resume(work=work, by=work.ordered_by, now=world.now)
    work.refresh_from_db()
    return work


def checked(world, officer, rows, stop_after: int | None = None, name: str = "nam-2024.xlsx") -> LongWork:
    content = rows if isinstance(rows, bytes) else workbook(rows)
    work = checking.order_check(council=world.council, filename=name, content=content, by=officer, now=world.now)
    work = done(work, world, stop_after)
    assert (work.state, work.error) == ("done", "")
    return work


def written(world, officer, check: LongWork, stop_after: int | None = None) -> LongWork:
    return done(writing.order_import(check=check, by=officer, now=world.now), world, stop_after)


def everything() -> list[tuple]:
    """All activities with their figures, by what they say."""
    found = []
    for row in Activity.objects.select_related("agency", "same_as__agency").order_by(
        "held_on", "agency__code", "title", "pk"
    ):
        figures = dict(row.figures.order_by("indicator__code").values_list("indicator__code", "value"))
        same = row.same_as and row.same_as.agency.code
        found.append(
            (row.agency.code, row.held_on, row.title, row.form, row.place, row.topics, figures, same, row.folded)
        )
    return found


def test_good_rows_become_activities_as_the_verb_makes_them(world, officer):
    check = checked(world, officer, GOOD)
    assert check.position["preview"] | {"notes": 0} == {
        "good": 5, "wrong": 0, "first": "2024-01-10", "last": "2024-02-11", "agencies": 2, "people": "3240.000"[:4],
        "known": 0, "alike": 0, "notes": 0,
    }  # fmt: skip
    assert Activity.objects.count() == 0 and not check.parts
    work = written(world, officer, check)
    assert work.outcome == "Đã nhập 5 hoạt động." and (work.rows_done, work.rows_total) == (5, 5)
    by_import = everything()
    versions = Activity.pgh_event_model.objects.select_related("pgh_context").filter(pgh_label="insert")
    assert {row.pgh_context.metadata["verb"] for row in versions} == {"import_activities"} and versions.count() == 5
    assert ActivityFigure.pgh_event_model.objects.count() == ActivityFigure.objects.count() > 5
    lines = RecordEntry.objects.filter(verb="import_activities").order_by("agency__code")
    assert [(line.agency.code, line.summary, line.actor) for line in lines] == [
        ("a", "Nhập 2 hoạt động từ tệp “nam-2024.xlsx”", officer),
        ("b", "Nhập 3 hoạt động từ tệp “nam-2024.xlsx”", officer),
    ]
    # The same by hand.
    for model in (ActivitySite, ActivityFigure, Activity):
        if model is Activity:
            Activity.objects.update(same_as=None, same_as_at=None)
        model.objects.all().delete()
    for _number, code, day, title, form, place, people, women, money, topics in GOOD:
        agency = world.agencies["a" if code in ("a", "Công an thành phố") else "b"]
        given = {"PB02": people, "PB02n": women, "PB10a": money}
        record_activity(
            agency=agency, by=officer, now=world.now, title=title, place=place,
            held_on=day if isinstance(day, date) else date.fromisoformat("-".join(sorted(day.replace("/", "-").split("-"), key=len, reverse=True)) if day[2] != "/" else f"{day[6:]}-{day[3:5]}-{day[:2]}"),
            form={"": "direct", "direct": "direct"}.get(form, "contest"),
            figures={name: Decimal(str(value)) for name, value in given.items() if value != ""},
            topics=["Phòng, chống ma túy", "Đất đai"] if topics == "ma tuy; đất đai" else [topics] if topics else [],
        )  # fmt: skip
    by_hand = everything()
    assert [row[:5] + row[6:8] for row in by_import] == [row[:5] + row[6:8] for row in by_hand]
    assert [row[7] for row in by_import] == [None, None, "a", None, None]
    assert [row[8] for row in by_import if row[3] == "contest"] == [row[8] for row in by_hand if row[3] == "contest"]


def test_every_error_is_told_cell_by_cell_and_the_rest_can_be_imported(world, officer, sign_in):
    check = checked(world, officer, [*GOOD, *(row for row, _column, _words in WRONG)])
    assert check.outcome == "5 dòng đúng, 12 dòng có lỗi."
    client = sign_in(officer)
    body = b"".join(client.get(reverse("work-file", args=[check.pk])).streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(body)))[1:]
    for at, (_row, column, words) in enumerate(WRONG):
        mine = [line for line in lines if line[0] == str(9 + at)]
        assert any(line[1] == column and words in line[3] for line in mine), (column, mine)
    assert [line[1] for line in lines if line[0] == "20"] == ["Cơ quan", "Ngày"]
    page = client.get(reverse("activity-import-preview", args=[check.pk])).content.decode()
    assert "<b>5</b> dòng nhập được" in page and "<b>12</b> dòng có lỗi" in page and "Nhập 5 hoạt động" in page
    client.post(reverse("activity-import-preview", args=[check.pk]))
    done(LongWork.objects.get(kind=writing.WRITE), world)
    assert Activity.objects.count() == 5


@pytest.mark.parametrize("stop_after", [1, 2, 3, 4])
def test_cut_anywhere_nothing_is_lost_or_doubled(world, officer, monkeypatch, stop_after):
    monkeypatch.setattr(checking, "ROWS", 2)
    monkeypatch.setattr(writing, "ROWS", 2)
    check = checked(world, officer, [*GOOD, WRONG[0][0]], stop_after)
    assert list(StagedRow.objects.values_list("number", flat=True)) == [4, 5, 6, 7, 8, 9]
    assert check.rows_total == 6
    work = written(world, officer, check, min(stop_after, 3))
    assert (work.rows_done, Activity.objects.count()) == (5, 5)


def test_the_same_rows_again_add_nothing_also_from_a_corrected_file(world, officer):
    written(world, officer, checked(world, officer, [*GOOD, WRONG[0][0]]))
    again = checked(world, officer, [[6, "a", "12/02/2024", "Thêm", "", "", "", "", "", ""], *GOOD], name="sua.xlsx")
    assert again.position["preview"]["known"] == 5
    work = written(world, officer, again)
    assert work.outcome == "Đã nhập 1 hoạt động. 5 dòng đã có từ trước, không ghi thêm."
    assert Activity.objects.count() == 6
    assert (
        writing.order_import(check=again, by=officer, now=world.now).pk != work.pk
    )  # ended: another, that adds nothing


def test_what_was_recorded_by_hand_is_pointed_at(world, officer):
    record_activity(
        agency=world.agencies["b"], by=officer, now=world.now, title="Nói chuyện chuyên đề", held_on=date(2024, 2, 11)
    )
    assert checked(world, officer, GOOD).position["preview"]["alike"] == 2


def test_who_loses_an_agency_in_the_middle_is_stopped_there(world, officer, monkeypatch):
    monkeypatch.setattr(writing, "ROWS", 2)
    check = checked(world, officer, GOOD)
    work = writing.order_import(check=check, by=officer, now=world.now)
    for _beginning_and_first in range(2):
        running.do_piece(work=work.pk, turn=1, now=world.now)
    assert Activity.objects.count() == 3  # whole days
    leave(member=officer.memberships.get(agency=world.agencies["b"]), by=None, now=world.now, on=world.today)
    work = done(work, world)
    assert work.state == "failed" and "Hội LHPN" in work.error and Activity.objects.count() == 3


def test_only_who_records_and_only_their_own_check(world, officer):
    for other in ("secretary", "approver_a", "officer_x"):
        with pytest.raises(NotAllowed):
            checking.order_check(
                council=world.council, filename="a.xlsx", content=workbook(GOOD), by=world.people[other], now=world.now
            )
    check = checked(world, officer, GOOD)
    with pytest.raises(NotAllowed):
        writing.order_import(check=check, by=world.people["officer_b"], now=world.now)


def test_old_staged_rows_go_at_night(world, officer):
    check = checked(world, officer, GOOD)
    orders.remove_old_files(check.ended_at + orders.KEPT * 2)
    assert not StagedRow.objects.exists()
    with pytest.raises(WrongState, match="tải tệp lên lại"):
        writing.order_import(check=check, by=officer, now=world.now)


def test_from_the_page(world, officer, sign_in, django_capture_on_commit_callbacks):
    client, address = sign_in(officer), reverse("activity-import")
    assert "Tải tệp mẫu" in client.get(address).content.decode()
    bad = client.post(address, {"council": world.council.pk, "file": SimpleUploadedFile("a.xlsx", workbook([], ["A"]))})
    assert bad.status_code == 422 and "“Hoạt động”" in bad.content.decode()
    sample = client.get(reverse("activity-import-sample")).content
    assert long_lists.open_long_list(
        sample, "a.xlsx", checking._rows_of(LongWork(ordered_by=officer, council=world.council), world.now).means,
        checking.REQUIRED, says=dict.fromkeys(checking.REQUIRED, ""),
    ).unknown == ()  # fmt: skip
    text = "Mã cơ quan;Ngày;Hoạt động\na;10/01/2024;'=Hội nghị\n;;\na;11/01/2024;Hội nghị 2\n"
    sent = {"council": world.council.pk, "file": SimpleUploadedFile("a.csv", text.encode("utf-8-sig"))}
    work = LongWork.objects.get(pk=int(client.post(address, sent)["Location"].split("/")[2]))
    assert client.get(reverse("activity-import-preview", args=[work.pk])).status_code == 302
    assert list(walk(WORK_FOLDER)) != []
    with django_capture_on_commit_callbacks(execute=True):
        done(work, world)
    assert list(walk(WORK_FOLDER)) == []  # the upload is not kept longer than it is needed
    assert client.get(reverse("work-detail", args=[work.pk])).content.decode().count("Xem kết quả kiểm tra") == 1
    assert list(StagedRow.objects.values_list("number", "values__title")) == [(2, "=Hội nghị"), (4, "Hội nghị 2")]
    assert sign_in(world.people["officer_b"]).get(reverse("activity-import-preview", args=[work.pk])).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7", "PDF"),
        ("Cơ quan,Ngày,Hoạt động\n".encode("utf-16"), "UTF-8"),
        (workbook([[*GOOD[0]], *[[""] * 300]], [*HEADS, *[""] * 250, "xa"]), "quá xa"),
    ],
)
def test_files_that_are_no_list_are_refused_in_words(world, officer, content, words):
    name = "a.csv" if words == "UTF-8" else "a.xlsx"
    with pytest.raises(BadFile, match=words):
        checking.order_check(
            council=world.council, filename=name, content=content, by=officer, now=clock.at(world.today)
        )


def test_too_many_rows_are_refused(world, officer, monkeypatch):
    monkeypatch.setattr(long_lists, "MAX_ROWS", 3)
    work = checking.order_check(
        council=world.council, filename="a.xlsx", content=workbook(GOOD), by=officer, now=world.now
    )
    work = done(work, world)
    assert work.state == "failed" and "hơn 3 hàng" in work.error and not StagedRow.objects.exists()
