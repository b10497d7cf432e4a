"""An uploaded sheet of figures is taken back whole, once, and not over somebody's later work."""

import pytest
from django.urls import reverse

from agencies.errors import NotAllowed, WrongState
from reports import entry
from reports.workbook.undo import undo_figures
from reports.workbook.upload import apply_upload, preview_upload
from tests.reports.test_workbook_pages import address, hidden, send
from tests.reports.workbook_files import plain_book

pytestmark = pytest.mark.django_db
ANSWERS = {"lydo": "co", "lydo-PB01": "co"}
SHEET = [["Mã", "Chỉ tiêu", "Số liệu"], ["PB01", "Số cuộc", 7], ["PB08", "Số báo cáo viên", 31], ["PB09", "", 40]]


def figures(world, code="b") -> dict:
    rows = world.report(code).figures.select_related("indicator")
    return {row.indicator.code: (row.value, row.corrected, row.reason) for row in rows}


def put_in(world):
    content = plain_book(SHEET)
    source = {"report": world.report("b"), "content": content, "filename": "so.xlsx", "answers": ANSWERS}
    preview = preview_upload(**source, now=world.now)
    assert not preview.problems
    return apply_upload(**source, by=world.people["officer_b"], now=world.now, fingerprint=preview.fingerprint)


def type_in(world, **values):
    report = world.report("b")
    entry.save_figures(
        report=report, by=world.people["officer_b"], now=world.now, version=report.version,
        values={code: (value, "Đếm lại") for code, value in values.items()},
    )  # fmt: skip


def test_what_stood_there_comes_back(world):
    type_in(world, PB01=3, PB08=12)
    before = figures(world)
    done = put_in(world)
    assert figures(world)["PB01"][:2] == (7, True) and figures(world)["PB08"][0] == 31
    officer = world.people["officer_b"]
    assert undo_figures(report=world.report("b"), undo=done.undo, by=officer, now=world.now) == 3
    assert figures(world) == before


def test_later_work_is_not_taken_back(world):
    done = put_in(world)
    type_in(world, PB09=41)
    kept = figures(world)
    with pytest.raises(WrongState, match="PB09"):
        undo_figures(report=world.report("b"), undo=done.undo, by=world.people["officer_b"], now=world.now)
    assert figures(world) == kept


def test_only_the_agency_s_officer_may(world):
    done = put_in(world)
    kept = figures(world)
    with pytest.raises(NotAllowed):
        undo_figures(report=world.report("b"), undo=done.undo, by=world.people["officer_a"], now=world.now)
    assert figures(world) == kept


def test_the_button_works_once(world, sign_in):
    officer = sign_in(world.people["officer_b"])
    before = figures(world)
    url = send(officer, plain_book(SHEET)).url
    chosen = {f"q:{question}": answer for question, answer in ANSWERS.items()}
    page = officer.get(url.partition("?")[0], chosen | {"tep": url.partition("tep=")[2]}).content.decode()
    officer.post(address("report-upload-preview"), hidden(page) | {"ghi": "1"} | chosen)
    assert figures(world) != before
    page = officer.get(address("report-upload")).content.decode()
    assert "Hoàn tác lần nạp này" in page
    form = {"tep": url.partition("tep=")[2]}
    answer = officer.post(address("report-upload-undo"), form, follow=True)
    assert "Đã hoàn tác: 3 số liệu" in answer.content.decode() and figures(world) == before
    again = officer.post(address("report-upload-undo"), form, follow=True).content.decode()
    assert "đã được hoàn tác" in again and "Hoàn tác lần nạp này" not in again
    other = sign_in(world.people["officer_b"])
    assert other.post(reverse("report-upload-undo", kwargs={"code": "2024-q2", "agency": "b"}), form).status_code == 302
    assert figures(world) == before
