"""The desk: what came back and why, what an approver sees meanwhile, and what handing in is called."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from agencies import comments
from reports.models import ProgressReport
from reports.remarks import remarks_waiting
from reports.views.desk import build_desk, desks_of
from reports.workflow import return_report, submit_report
from tests.world import fill_in

pytestmark = pytest.mark.django_db
B = {"code": "2024-q2", "agency": "b"}


def desk_page(client) -> str:
    return client.get(reverse("my-work")).content.decode()


@pytest.fixture
def returned(world):
    """B's report, sent back with a remark at its line, at a figure and of the whole."""
    by, secretary = world.people["officer_b"], world.people["secretary"]
    report = submit_report(report=fill_in(world, "b", by), by=by, now=world.now)
    line = report.lines.get(role="lead")
    said = [("Thiếu số nữ", f"dong-{line.pk}"), ("Xem lại kinh phí", "so-lieu-PB10"), ("Nộp muộn", "")]
    for text, anchor in said:
        comments.comment(obj=report, by=secretary, now=world.now, text=text, anchor=anchor)
    comments.comment(obj=report, by=by, now=world.now, text="Cho hỏi thêm", anchor="so-lieu-PB09")
    return return_report(report=report, by=secretary, now=world.now, reason="Cần sửa theo ý kiến")


def test_a_returned_report_begins_with_what_was_said_of_it(world, sign_in, returned):
    page = desk_page(sign_in(world.people["officer_b"]))
    line = returned.lines.get(role="lead")
    line_url = reverse("report-line", kwargs=B | {"pk": line.pk})
    figures = reverse("report-figures", kwargs=B)
    said = page[page.index("Ý kiến chờ đơn vị xử lý") :]
    for address, text in (
        (f"{line_url}#id_result", "Thiếu số nữ"),
        (f"{figures}#so-lieu-PB10", "Xem lại kinh phí"),
        (f"{reverse('report-detail', kwargs=B)}#y-kien-so-", "Nộp muộn"),
    ):
        assert re.search(f'href="{address}[^<]*</a>: {text}', said)
    assert "Cho hỏi thêm" not in page
    groups = re.findall(rf'<section id="([a-z_]+)-{returned.pk}">', page)
    assert groups[0] == "returned" and "updated" in groups
    first = page[page.index(f'id="returned-{returned.pk}"') : page.index(f'id="updated-{returned.pk}"')]
    assert f'id="viec-{line.pk}"' in first and first.count('class="work-title"') == 1


def test_remarks_left_open_are_shown_before_handing_in_again_and_do_not_block_it(world, sign_in, returned):
    officer = sign_in(world.people["officer_b"])
    page = desk_page(officer)
    warned = page[page.index("Nộp báo cáo: còn 3 ý kiến chưa trả lời") :]
    warned = warned[: warned.index("</details>")]
    assert "Thiếu số nữ" in warned and 'data-verb="nop"' in warned
    # Answered or settled, they are open no more, and the button is plain again.
    line_remark, figure_remark, whole = remarks_waiting([returned])[returned.pk]
    by = world.people["officer_b"]
    comments.comment(obj=returned, by=by, now=world.now, text="Đã bổ sung", parent=line_remark)
    comments.resolve(comment=figure_remark, by=by, now=world.now)
    assert "còn 1 ý kiến chưa trả lời" in desk_page(officer)
    comments.resolve(comment=whole, by=by, now=world.now)
    page = desk_page(officer)
    assert "chưa trả lời" not in page and f'id="returned-{returned.pk}"' not in page and 'data-verb="nop"' in page
    officer.post(reverse("report-transition", kwargs=B | {"verb": "nop"}))
    assert world.report("b").state == ProgressReport.State.SUBMITTED


def test_a_line_put_right_is_not_what_waits_next(world, returned):
    line = returned.lines.get(role="lead")
    by = world.people["officer_b"]
    (desk,) = desks_of([world.report("b")], by, world.today)
    assert desk.next_after(None) == f"viec-{line.pk}"
    returned.lines.filter(pk=line.pk).update(edited_at=world.now + timedelta(minutes=5))
    (desk,) = desks_of([world.report("b")], by, world.today)
    assert desk.next_after(None) == "" and desk.groups[0][0] == "returned"


def test_an_approver_is_told_that_nothing_waits_yet(world, sign_in):
    report, approver = world.report("a"), sign_in(world.people["approver_a"])
    page = desk_page(approver)
    lines = report.lines.count()
    assert f"Chưa có báo cáo nào chờ đồng chí duyệt; cán bộ đầu mối đang lập (0/{lines} nhiệm vụ)" in page
    assert "còn thiếu" not in page and 'class="work-list"' not in page
    assert reverse("report-detail", kwargs={"code": "2024-q2", "agency": "a"}) in page
    by = world.people["officer_a"]
    submit_report(report=fill_in(world, "a", by), by=by, now=world.now)
    page = desk_page(approver)
    assert "Chưa có báo cáo nào chờ" not in page and "Duyệt và gửi" in page and 'class="work-list"' in page


@pytest.mark.parametrize(("code", "label"), [("a", "Trình lãnh đạo duyệt"), ("b", "Nộp báo cáo")])
def test_handing_in_has_one_name(world, sign_in, code, label):
    officer = sign_in(world.people[f"officer_{code}"])
    other = {"Trình lãnh đạo duyệt", "Nộp báo cáo"} - {label}
    page = desk_page(officer)
    assert f"{label}: còn thiếu" in page and not any(f"{name}: còn thiếu" in page for name in other)
    report = fill_in(world, code, world.people[f"officer_{code}"])
    desk = build_desk(report, world.people[f"officer_{code}"], world.today)
    assert label in [row.label for row in desk.actions]
