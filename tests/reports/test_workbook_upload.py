"""Uploading a filled-in workbook: errors named cell by cell, conflicts chosen, refusals in words, all or nothing."""

import re
from datetime import date, timedelta

import pytest

from agencies.errors import NotAllowed, StaleVersion, WrongState
from agencies.models import RecordEntry
from agencies.tables.problems import BadFile
from campaigns.activities import record_activity
from reports import entry, workflow
from reports.entry import save_line, save_narrative
from reports.models import ReportLine
from reports.opening import open_period, refresh_period
from reports.rules import check
from reports.workbook.keys import MAGIC, WorkbookRefused
from reports.workbook.marked import marked_copy
from reports.workbook.upload import UploadRefused, apply_upload, preview_upload
from tests.reports.test_workbook_round import deltas, led
from tests.reports.workbook_files import Book, exported, text
from tests.world import add_task, fill_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(world):
    return Book(exported(world.report("b"), world.now))


def look(world, content, code="b", answers=None, days=0):
    return preview_upload(
        report=world.report(code), content=content, filename="tep.xlsx", now=world.now + timedelta(days=days),
        answers=answers,
    )  # fmt: skip


def write(world, content, preview=None, code="b", answers=None, by=None, days=0):
    preview = preview or look(world, content, code, answers, days)
    return apply_upload(
        report=world.report(code), by=by or world.people[f"officer_{code}"], now=world.now + timedelta(days=days),
        content=content, filename="tep.xlsx", fingerprint=preview.fingerprint, answers=answers,
    )  # fmt: skip


def fill(world, book):
    """An officer's afternoon: the led task done, a figure, a text."""
    line = led(world)
    book.line(line.pk, "status").value = "Hoàn thành"
    text(book.line(line.pk, "result"), "=Đã tập huấn 02 lớp")
    text(book.line(line.pk, "no_evidence_reason"), "Không lập văn bản riêng")
    book.figure("PB08").value = 12
    text(book.word("causes"), "- Kinh phí chậm;\n- Cán bộ kiêm nhiệm")
    return line


# --- applied ------------------------------------------------------------------------------------------------------


def test_every_change_is_shown_then_applied_through_the_verbs(world, book):
    line = fill(world, book)
    preview = look(world, book.content)
    assert deltas(preview) == [
        ("dong", str(line.pk), "Tình trạng", "Chưa thực hiện", "Hoàn thành"),
        ("dong", str(line.pk), "%", "0%", "100%"),
        ("dong", str(line.pk), "Ngày hoàn thành", "", "10/06/2024"),
        ("dong", str(line.pk), "Kết quả trong kỳ", "", "=Đã tập huấn 02 lớp"),
        ("dong", str(line.pk), "Lý do không có minh chứng", "", "Không lập văn bản riêng"),
        ("so-lieu", "PB08", "Số liệu kỳ này", "", "12"),
        ("loi-van", "causes", "Nguyên nhân", "", "- Kinh phí chậm;\n- Cán bộ kiêm nhiệm"),
    ]
    assert [cell.automatic for cell in preview.units[0].cells] == [False, True, True]
    before = RecordEntry.objects.count()
    done = write(world, book.content, preview)
    assert (done.lines, done.figures, done.words) == (1, 1, 1) and "1 nhiệm vụ" in done.sentence
    line.refresh_from_db()
    report = world.report("b")
    assert (line.status, line.percent, line.completed_on, line.result) == (
        "done",
        100,
        world.today,
        "=Đã tập huấn 02 lớp",
    )
    assert report.causes == "- Kinh phí chậm;\n- Cán bộ kiêm nhiệm"
    assert report.figures.get(indicator__code="PB08").value == 12
    verbs = list(RecordEntry.objects.order_by("pk").values_list("verb", flat=True))[before:]
    assert verbs == ["save_line", "save_narrative", "save_figures", "apply_workbook"]


def test_the_same_file_again_changes_nothing_on_any_day(world, book):
    fill(world, book)
    write(world, book.content)
    count, version = RecordEntry.objects.count(), world.report("b").version
    for days in (0, 3):
        again = look(world, book.content, days=days)
        assert again.changes_nothing, deltas(again)
        assert write(world, book.content, again, days=days).sentence.startswith("Không có gì cần ghi")
    assert (RecordEntry.objects.count(), world.report("b").version) == (count, version)


def test_nothing_is_half_written(world, book, monkeypatch):
    line = fill(world, book)
    preview = look(world, book.content)

    def broken(**_given):
        raise entry.Incomplete("Không ghi được số liệu.")

    monkeypatch.setattr(entry, "save_figures", broken)
    with pytest.raises(UploadRefused, match="Không ghi được số liệu"):
        write(world, book.content, preview)
    line.refresh_from_db()
    assert (line.result, line.edited_at, world.report("b").causes) == ("", None, "")


def test_the_rules_speak_of_the_report_as_it_would_stand(world, book):
    fill(world, book)
    book.figure("PB08a").value = 40
    preview = look(world, book.content)
    said = [finding.message for finding in check(preview.result, world.today)]
    assert any("lớn hơn" in message and "PB08" in message for message in said)
    assert not any("tập huấn hòa giải viên" in message and "chưa cập nhật" in message for message in said)
    assert world.report("b").figures.get(indicator__code="PB08a").value is None


def test_clearing_cells_is_a_change_too(world):
    fill_in(world, "b", world.people["officer_b"])
    book = Book(exported(world.report("b"), world.now))
    line = led(world)
    book.line(line.pk, "difficulty").value = None
    book.line(line.pk, "new_expected_on").value = None
    book.figure("PB08").value = None
    assert [delta[3:] for delta in deltas(look(world, book.content))] == [
        ("Trùng lịch thi cuối năm học của các trường.", ""), ("31/07/2024", ""), ("10", ""),
    ]  # fmt: skip
    write(world, book.content)
    line.refresh_from_db()
    assert (line.difficulty, line.new_expected_on, line.result) == ("", None, "Đã tổ chức 02 cuộc tuyên truyền.")
    assert world.report("b").figures.get(indicator__code="PB08").value is None


def test_a_correction_needs_its_reason_and_clearing_it_goes_back_to_the_activities(world):
    record_activity(
        agency=world.agencies["b"], by=world.people["officer_b"], now=world.now, title="Buổi nói chuyện",
        held_on=world.today, figures={"PB01": 1, "PB02": 45},
    )  # fmt: skip
    book = Book(exported(world.report("b"), world.now))
    assert book.figure("PB02").value == 45
    book.figure("PB02").value = 1234
    (problem,) = look(world, book.content).problems
    assert problem.cell == book.figure("PB02", "reason").coordinate and "45" in problem.reason
    text(book.figure("PB02", "reason"), "Đếm lại theo danh sách ký")
    write(world, book.content)
    figure = world.report("b").figures.get(indicator__code="PB02")
    assert (figure.value, figure.corrected, figure.reason) == (1234, True, "Đếm lại theo danh sách ký")
    assert look(world, book.content).changes_nothing
    book = Book(exported(world.report("b"), world.now))
    book.figure("PB02").value = None
    book.figure("PB02", "reason").value = None
    write(world, book.content)
    figure.refresh_from_db()
    assert (figure.value, figure.corrected, figure.reason) == (None, False, "")


def test_nothing_to_report(world, book):
    book.word("nothing_to_report").value = "có"
    write(world, book.content)
    assert world.report("b").nothing_to_report is True
    again = Book(exported(world.report("b"), world.now))
    assert again.figure("PB10").value == 0 and look(world, again.content).changes_nothing


# --- errors, all in one pass, each at its cell --------------------------------------------------------------------

_WRONG_CELLS = [
    (("line", "status"), "Xong rồi", "không phải là tình trạng"),
    (("line", "status"), None, "Ô tình trạng trống"),
    (("line", "status"), "Đã hủy", "Ô tình trạng trống hoặc không chọn được"),
    (("line", "percent"), "một nửa", "không phải là tỷ lệ"),
    (("line", "percent"), 101, "ngoài 0–100"),
    (("line", "percent"), -1, "ngoài 0–100"),
    (("line", "percent"), 12.5, "không phải là số nguyên"),
    (("line", "percent"), 60, "tình trạng là “Chưa thực hiện”"),
    (("line", "completed_on"), date(2024, 5, 1), "tình trạng là “Chưa thực hiện”"),
    (("line", "completed_on"), "31/02/2024", "Không có ngày"),
    (("line", "completed_on"), "hôm qua", "không phải là ngày"),
    (("line", "completed_on"), 45385, "một con số"),
    (("line", "new_expected_on"), date(2204, 7, 1), "không hợp lý"),
    (("line", "no_evidence_reason"), "x" * 301, "quá 300"),
    (("figure", "PB08"), -3, "không được âm"),
    (("figure", "PB08"), "-3", "không được âm"),
    (("figure", "PB08"), "12 người", "không phải là số"),
    (("figure", "PB08"), 12.5555, "số nguyên"),
    (("figure", "PB08"), True, "không phải là số"),
    (("figure", "PB08"), date(2024, 5, 1), "không phải là số"),
    (("figure", "PB08"), 10**13, "quá lớn"),
    (("figure", "PB08"), "=1+1", "công thức chưa có kết quả"),
    (("figure", "PB10"), 12.55, "tối đa 1 chữ số"),
    (("word", "nothing_to_report"), "có lẽ", "không phải là Có hay Không"),
]


def cell_of(world, book, place):
    kind, name = place
    return book.line(led(world).pk, name) if kind == "line" else getattr(book, kind)(name)


@pytest.mark.parametrize(("place", "value", "said"), _WRONG_CELLS)
def test_a_wrong_cell_is_named(world, book, place, value, said):
    cell = cell_of(world, book, place)
    cell.value = value
    if isinstance(value, int):
        cell.number_format = "General"
    preview = look(world, book.content)
    assert [(problem.sheet, problem.cell) for problem in preview.problems] == [(cell.parent.title, cell.coordinate)]
    assert said in preview.problems[0].reason and preview.problems[0].where.endswith(f"ô {cell.coordinate}")
    with pytest.raises(UploadRefused, match="1 lỗi"):
        write(world, book.content, preview)
    assert world.report("b").version == 1


def test_all_errors_in_one_pass_and_handed_back_as_comments(world, book):
    wrong = [(("line", "status"), "Xong"), (("figure", "PB08"), "12 người"), (("figure", "PB09"), -1),
             (("word", "nothing_to_report"), "?")]  # fmt: skip
    cells = []
    for place, value in wrong:
        cell = cell_of(world, book, place)
        cell.value = value
        cells.append((cell.parent.title, cell.coordinate))
    text(book.word("causes"), "=Lời không lỗi")
    content = book.content
    preview = look(world, content)
    assert [(problem.sheet, problem.cell) for problem in preview.problems] == cells
    marked = Book(marked_copy(content, preview))
    commented = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in marked.book for row in sheet.iter_rows() for cell in row if cell.comment
    }  # fmt: skip
    assert set(commented) == set(cells) and all(said.startswith("LỖI. ") for said in commented.values())
    same = [(cell.value, cell.number_format) for sheet in book.book for row in sheet.iter_rows() for cell in row]
    assert same == [(cell.value, cell.number_format) for s in marked.book for row in s.iter_rows() for cell in row]
    assert marked.word("causes").data_type == "s" and marked.sheet("Nhiệm vụ").protection.sheet
    again = look(world, marked.content)
    assert [problem.cell for problem in again.problems] == [cell for _sheet, cell in cells]


@pytest.mark.parametrize(
    ("typed", "number_format", "percent"),
    [(50, "0", 50), ("50", "@", 50), ("50%", "@", 50), (0.5, "0%", 50), (0.07, "0.00%", 7), (7.0, "0", 7)],
)
def test_a_percentage_as_people_type_it(world, book, typed, number_format, percent):
    line = led(world)
    book.line(line.pk, "status").value = "đang thực hiện"
    book.line(line.pk, "percent").value = typed
    book.line(line.pk, "percent").number_format = number_format
    write(world, book.content)
    line.refresh_from_db()
    assert (line.status, line.percent) == ("in_progress", percent)


@pytest.mark.parametrize("typed", ["03/04/2024", "3-4-2024", "03.04.2024", date(2024, 4, 3)])
def test_a_day_as_people_type_it(world, book, typed):
    line = led(world)
    book.line(line.pk, "status").value = "Hoàn thành"
    book.line(line.pk, "completed_on").value = typed
    write(world, book.content)
    line.refresh_from_db()
    assert line.completed_on == date(2024, 4, 3)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.234", 1234),
        ("1 234", 1234),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        (1.234, 1234),
        (1.5, 1500),
        ("-", 0),
        ("–", 0),
    ],
)
def test_a_number_that_may_mean_something_else_is_asked_about(world, book, typed, value):
    cell = book.figure("PB08")
    cell.value = typed
    content = book.content
    preview = look(world, content)
    (question,) = preview.questions
    assert question.cell == cell.coordinate and question.open and preview.units == []
    with pytest.raises(UploadRefused, match="1 điều cần chọn"):
        write(world, content, preview)
    write(world, content, answers={question.key: "co"})
    assert world.report("b").figures.get(indicator__code="PB08").value == value
    left_out = look(world, content, answers={question.key: "bo"})
    assert left_out.changes_nothing


def test_an_answer_changes_what_was_shown_so_it_is_shown_again(world, book):
    book.figure("PB08").value = "1.234"
    seen = look(world, book.content)
    answers = {seen.questions[0].key: "co"}
    with pytest.raises(StaleVersion) as refused:
        write(world, book.content, seen, answers=answers)
    assert deltas(refused.value.current)[0][4] == "1.234"
    write(world, book.content, refused.value.current, answers=answers)


# --- changed on the portal meanwhile ------------------------------------------------------------------------------


def colleague_writes(world, **values):
    line = led(world)
    given = {"status": "in_progress", "percent": 40, "result": "Lời của đồng nghiệp"} | values
    save_line(line=line, by=world.people["viewer_a_officer_b"], now=world.now, version=line.version, **given)


@pytest.mark.parametrize(("choice", "result"), [("tep", "Lời trong tệp"), ("cong", "Lời của đồng nghiệp")])
def test_both_sides_changed_both_are_shown_and_one_is_chosen(world, book, choice, result):
    line = led(world)
    text(book.line(line.pk, "result"), "Lời trong tệp")
    colleague_writes(world)
    preview = look(world, book.content)
    (unit,) = preview.conflicts
    assert (unit.cells[0].before, unit.cells[0].after) == ("Lời của đồng nghiệp", "Lời trong tệp")
    assert "viewer_a_officer_b" in unit.note
    with pytest.raises(UploadRefused, match="1 điều cần chọn"):
        write(world, book.content, preview)
    write(world, book.content, preview, answers={unit.key: choice})
    line.refresh_from_db()
    assert (line.result, line.percent, line.status) == (result, 40, "in_progress")


def test_cells_the_owner_left_alone_keep_what_the_portal_has_now(world, book):
    line = led(world)
    text(book.line(line.pk, "proposal"), "Đề nghị cấp tài liệu")
    colleague_writes(world)
    report = world.report("b")
    save_narrative(
        report=report, by=world.people["officer_b"], now=world.now, version=report.version, causes="Viết trên cổng"
    )
    preview = look(world, book.content)
    assert preview.conflicts == [] and [delta[2] for delta in deltas(preview)] == ["Đề xuất, kiến nghị"]
    write(world, book.content, preview)
    line.refresh_from_db()
    assert (line.result, line.proposal) == ("Lời của đồng nghiệp", "Đề nghị cấp tài liệu")
    assert world.report("b").causes == "Viết trên cổng"


def test_progress_is_one_choice(world, book):
    line = led(world)
    book.line(line.pk, "status").value = "Hoàn thành"
    colleague_writes(world, result="")
    (unit,) = look(world, book.content).conflicts
    assert [(cell.label, cell.before, cell.after) for cell in unit.cells] == [
        ("Tình trạng", "Đang thực hiện", "Hoàn thành"), ("%", "40%", "100%"), ("Ngày hoàn thành", "", "10/06/2024"),
    ]  # fmt: skip
    write(world, book.content, answers={unit.key: "cong"})
    line.refresh_from_db()
    assert (line.status, line.percent) == ("in_progress", 40)


def test_the_same_change_on_both_sides_is_no_conflict(world, book):
    text(book.line(led(world).pk, "result"), "Lời của đồng nghiệp")
    colleague_writes(world)
    assert look(world, book.content).changes_nothing


def test_a_change_between_preview_and_confirmation_is_shown_before_it_is_written(world, book):
    line = led(world)
    text(book.line(line.pk, "result"), "Lời trong tệp")
    seen = look(world, book.content)
    colleague_writes(world)
    with pytest.raises(UploadRefused, match="cần chọn"):
        write(world, book.content, seen)
    answers = {f"chon-dong-{line.pk}-result": "tep"}
    with pytest.raises(StaleVersion, match="khác với bản bạn vừa xem"):
        write(world, book.content, seen, answers=answers)
    line.refresh_from_db()
    assert line.result == "Lời của đồng nghiệp"


def test_an_activity_recorded_meanwhile(world, book):
    book.figure("PB02").value = 60
    text(book.figure("PB02", "reason"), "Đếm lại")
    record_activity(
        agency=world.agencies["b"], by=world.people["officer_b"], now=world.now, title="Buổi nói chuyện",
        held_on=world.today, figures={"PB01": 1, "PB02": 45},
    )  # fmt: skip
    preview = look(world, book.content)
    assert [(unit.name, unit.conflict) for unit in preview.units] == [("PB02", True)]
    assert preview.units[0].cells[0].before == "45"


# --- refused in words ---------------------------------------------------------------------------------------------


def test_another_agencys_workbook_is_refused(world):
    with pytest.raises(WorkbookRefused, match="của Công an thành phố, Quý II/2024"):
        look(world, exported(world.report("a"), world.now))


def test_another_councils_workbook_is_refused(world):
    with pytest.raises(WorkbookRefused, match="Sở Tư pháp tỉnh Tiền Giang"):
        look(world, exported(world.report("x"), world.now), "stp")


def test_another_periods_workbook_is_refused(world):
    period, _new = open_period(council=world.council, code="2024-q3", by=None, now=world.now)
    later = period.reports.select_related("agency__council", "period__council").get(agency=world.agencies["b"])
    with pytest.raises(WorkbookRefused, match="Quý III/2024"):
        look(world, exported(later, world.now))


def test_a_workbook_from_before_the_return_is_refused(world):
    fill_in(world, "b", world.people["officer_b"])
    old = exported(world.report("b"), world.now)
    workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=world.now)
    workflow.return_report(
        report=world.report("b"), by=world.people["secretary"], now=world.now + timedelta(hours=1),
        reason="Đề nghị bổ sung kết quả",
    )  # fmt: skip
    with pytest.raises(WorkbookRefused, match="trước khi báo cáo bị trả lại lúc 10:00 10/06/2024"):
        look(world, old)
    assert look(world, exported(world.report("b"), world.now + timedelta(hours=2))).changes_nothing


@pytest.mark.parametrize("state", ["submitted", "accepted", "locked"])
def test_a_report_that_left_the_agency_takes_no_file(world, state):
    fill_in(world, "b", world.people["officer_b"])
    book = Book(exported(world.report("b"), world.now))
    text(book.line(led(world).pk, "result"), "Muộn")
    seen = look(world, book.content)
    workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=world.now)
    secretary = {"by": world.people["secretary"], "now": world.now}
    if state != "submitted":
        workflow.accept_report(report=world.report("b"), **secretary)
    if state == "locked":
        workflow.lock_period(period=world.period, reason="Chốt theo chỉ đạo của Hội đồng", **secretary)
    for attempt in (lambda: look(world, book.content), lambda: write(world, book.content, seen)):
        with pytest.raises(WrongState, match="đã khóa" if state == "locked" else "trạng thái"):
            attempt()
    assert led(world).result == "Đã tổ chức 02 cuộc tuyên truyền."


def test_an_older_edition_or_damaged_keys_are_refused(world, book):
    keys = book.sheet("khoa")
    keys["A3"].value = keys["A3"].value[:-4] + "AAAA"
    with pytest.raises(WorkbookRefused, match="đã bị sửa hoặc hỏng"):
        look(world, book.content)
    keys["A2"].value = "0"
    with pytest.raises(WorkbookRefused, match="mẫu cũ"):
        look(world, book.content)
    assert keys["A1"].value == MAGIC
    del book.book["khoa"]
    with pytest.raises(WorkbookRefused, match="mất trang khóa ẩn"):
        look(world, book.content)


def test_not_a_workbook_at_all(world):
    for content, name in ((b"%PDF-1.4", "a.pdf"), (b"PK\x03\x04 hong", "a.xlsx"), (b"", "a.xlsx")):
        with pytest.raises(BadFile):
            preview_upload(report=world.report("b"), content=content, filename=name, now=world.now)


@pytest.mark.parametrize("who", ["officer_a", "approver_a", "secretary", "leader", "outsider"])
def test_only_the_agencys_officer_applies(world, book, who):
    fill(world, book)
    with pytest.raises(NotAllowed):
        write(world, book.content, by=world.people[who])
    assert led(world).edited_at is None


def test_a_supporting_agency_has_no_status_to_give(world, book):
    supporting = ReportLine.objects.get(report=world.report("b"), task=world.tasks[0])
    book.line(supporting.pk, "percent").value = 50
    text(book.line(supporting.pk, "result"), "Đã cử báo cáo viên")
    (problem,) = look(world, book.content).problems
    assert "phối hợp" in problem.reason
    book.line(supporting.pk, "percent").value = None
    write(world, book.content)
    supporting.refresh_from_db()
    assert (supporting.result, supporting.status, supporting.percent) == ("Đã cử báo cáo viên", "", None)


def test_a_line_added_or_ended_after_the_download_is_said(world, book):
    add_task(world, world.plan, 9, "b", title="Nhiệm vụ thêm sau")
    refresh_period(period=world.period, by=None, now=world.now)
    (note,) = look(world, book.content).notes
    assert re.search("1 nhiệm vụ được thêm sau", note)
