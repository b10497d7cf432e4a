"""The secretariat's board: what each row says, what narrows it, accepting many at once and taking it back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agencies import clock, comments
from agencies.models import Notice
from reports import workflow
from reports.board import FILTERS, load_board
from reports.models import ProgressReport
from tests.quarters import accept, opened
from tests.world import fill_in

pytestmark = pytest.mark.django_db
BOARD = reverse("board", kwargs={"code": "2024-q2"})
ACCEPT = reverse("board-accept", kwargs={"code": "2024-q2"})
UNDO = reverse("board-undo", kwargs={"code": "2024-q2"})
LOOK = {"kind": "jump", "rule": "", "said": "gấp ba", "anchor": "so-lieu-PB01", "subject": "Số cuộc (PB01)", "note": ""}
RULE = LOOK | {"kind": "rule", "rule": "V20"}


def hand_in(world, code, looks=None, now=None):
    """An agency's report handed in; with given reasons to look in place of its own."""
    officer = world.people[f"officer_{code}"]
    report = workflow.submit_report(report=fill_in(world, code, officer), by=officer, now=now or world.now)
    if report.agency.requires_approval:
        workflow.approve_report(report=world.report(code), by=world.people["approver_a"], now=now or world.now)
    if looks is not None:
        ProgressReport.objects.filter(pk=report.pk).update(warnings={"looks": looks})
    return world.report(code)


def rows(world, today=None):
    board = load_board(world.period, ProgressReport.objects.all(), today or world.today)
    return board, {row.report.agency.code: row for row in board.rows}


@pytest.mark.parametrize(
    ("warnings", "clean", "why"),
    [
        ({"looks": []}, True, ""),
        ({"looks": [LOOK | {"note": "Đợt cao điểm"}]}, True, ""),
        ({"looks": [LOOK | {"kind": "no_file"}]}, True, ""),
        ({"looks": [LOOK]}, False, "cần xem kỹ 1 chỗ: Tăng vọt"),
        ({"looks": [LOOK, RULE, LOOK | {"anchor": "x"}]}, False, "cần xem kỹ 2 chỗ: Tăng vọt (2), Nên kiểm tra V20"),
        ([], False, "không rõ chỗ cần xem kỹ (nộp trước khi cổng ghi lại)"),
        (None, False, "không rõ chỗ cần xem kỹ (nộp trước khi cổng ghi lại)"),
    ],
)
def test_clean_is_when_nothing_is_left_to_look_at(world, warnings, clean, why):
    hand_in(world, "b")
    ProgressReport.objects.filter(agency=world.agencies["b"], period=world.period).update(warnings=warnings)
    _board, found = rows(world)
    assert (found["b"].is_clean, found["b"].why_look) == (clean, why)
    assert not found["a"].is_clean and found["a"].why_look == ""  # not handed in: nothing to accept


def test_the_board_and_the_report_count_the_same_places(world, sign_in):
    accept(opened(world, "2024-q1"), "b", PB08=2, PB09=20)
    officer, secretary = world.people["officer_b"], sign_in(world.people["secretary"])
    workflow.submit_report(report=fill_in(world, "b", officer, PB08=40), by=officer, now=world.now)
    _board, found = rows(world)
    count = len(found["b"].to_look_at)
    assert count and not found["b"].is_clean
    page = secretary.get(reverse("report-detail", kwargs={"code": "2024-q2", "agency": "b"})).content.decode()
    assert f'Cần xem kỹ <span class="muted">({count} chỗ' in page
    page = secretary.get(BOARD).content.decode()
    assert f"Cần xem kỹ: {count} chỗ</summary>" in page and "không có gì cần xem</button>" not in page
    assert f"cần xem kỹ {count} chỗ: " in page and "kỳ này 40 (gấp 20 lần)" in page


def test_a_report_with_an_open_comment_is_not_clean(world, sign_in):
    report, by = hand_in(world, "b", []), world.people["secretary"]
    remark = comments.comment(obj=report, by=by, now=world.now, text="Bổ sung số liệu nữ")
    _board, found = rows(world)
    assert not found["b"].is_clean and found["b"].why_look == "1 ý kiến chưa xong"
    page = sign_in(by).get(BOARD).content.decode()
    assert "1 ý kiến chưa xong</div>" in page and "không có gì cần xem</button>" not in page
    comments.resolve(comment=remark, by=by, now=world.now)
    assert rows(world)[1]["b"].is_clean


def test_handed_in_again_after_a_return_is_said(world, sign_in):
    report, by = hand_in(world, "b", []), world.people["secretary"]
    comments.comment(obj=report, by=by, now=world.now, text="Bổ sung số liệu nữ")
    later = world.now + timedelta(hours=1)
    workflow.return_report(report=report, by=by, now=later, reason="Bổ sung số liệu nữ giúp")
    hand_in(world, "b", [], now=later + timedelta(hours=1))
    # Its own approver's sending back is none of the secretariat's business.
    officer = world.people["officer_a"]
    workflow.submit_report(report=fill_in(world, "a", officer), by=officer, now=world.now)
    workflow.send_back_report(
        report=world.report("a"), by=world.people["approver_a"], now=later, reason="Thiếu số liệu nữ"
    )
    hand_in(world, "a", [], now=later + timedelta(hours=1))
    _board, found = rows(world)
    assert found["b"].again and not found["a"].again and not found["stp"].again
    page = sign_in(by).get(BOARD).content.decode()
    assert page.count("Nộp lại</span>") == 1 and "1 ý kiến chưa xong" in page


def test_led_tasks_are_counted_as_such(world, sign_in):
    hand_in(world, "b", [])
    page = sign_in(world.people["secretary"]).get(BOARD).content.decode()
    report = rows(world)[1]["b"].report
    assert (
        "Nhiệm vụ chủ trì đã cập nhật</th>" in page
        and f'<span class="nowrap">{report.filled}/{report.led}</span>' in page
    )


def test_late_and_in_time(world):
    due = world.period.agency_due_on
    hand_in(world, "b", now=clock.at(due, 23, 59))
    hand_in(world, "a", now=clock.at(due + timedelta(days=1), 0, 1))
    board, found = rows(world, due + timedelta(days=3))
    assert (found["b"].on_time, found["a"].on_time, found["stp"].on_time) == (True, False, None)
    assert (found["b"].days_late, found["a"].days_late, found["stp"].days_late) == (0, 0, 3)
    assert {name: board.count(name) for name in FILTERS} == {
        "chua-nop": 1, "muon": 2, "cho-tiep-nhan": 2, "can-xem": len(board.to_look_at), "tra-lai": 0,
    }  # fmt: skip


def test_a_filter_in_the_address_narrows_the_rows_and_not_the_totals(world, sign_in):
    hand_in(world, "b", [])
    secretary = sign_in(world.people["secretary"])
    page = secretary.get(BOARD, {"loc": "chua-nop"}).content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "Công an" in table and "Hội LHPN" not in table
    assert "<b>1/3</b> đã nộp" in page and "Chưa nộp (2)" in page
    assert "Không có cơ quan nào ở tình trạng này" in secretary.get(BOARD, {"loc": "tra-lai"}).content.decode()
    assert secretary.get(BOARD, {"loc": "khac"}).content.decode().count("data-row-link") == 3


def test_accepting_the_clean_ones_names_the_others_and_can_be_undone(world, sign_in):
    clean, odd = hand_in(world, "b", []), hand_in(world, "a", [RULE])
    secretary = sign_in(world.people["secretary"])
    page = secretary.get(BOARD).content.decode()
    assert "Tiếp nhận 1 báo cáo không có gì cần xem" in page and "cần xem kỹ 1 chỗ: Nên kiểm tra V20" in page
    # The page was made before the other one got its warning.
    answer = secretary.post(ACCEPT, {"sach": "1", "bao-cao": [clean.pk, odd.pk]}, follow=True)
    page = answer.content.decode()
    assert "Đã tiếp nhận báo cáo của Hội LHPN" in page and "Công an: chưa tiếp nhận, cần xem kỹ 1 chỗ" in page
    assert [world.report(code).state for code in "ba"] == ["accepted", "submitted"]
    assert page.count("Đã tiếp nhận báo cáo của") == 1 and "Hoàn tác" in page  # one box, with its button
    answer = secretary.post(UNDO, {"bao-cao": clean.pk}, follow=True)
    assert "Đã hoàn tác tiếp nhận: Hội LHPN" in answer.content.decode()
    assert world.report("b").state == "submitted"
    assert not Notice.objects.filter(kind=Notice.Kind.ACCEPTED).exists()
    assert "Đã tiếp nhận báo cáo của" not in secretary.get(BOARD, {"vua": str(clean.pk)}).content.decode()


def test_a_rows_own_button_accepts_that_row_alone(world, sign_in):
    first, second = hand_in(world, "b", []), hand_in(world, "a", [])
    secretary = sign_in(world.people["secretary"])
    answer = secretary.post(ACCEPT, {"mot": first.pk, "bao-cao": [second.pk], "loc": "cho-tiep-nhan"})
    assert answer.url == f"{BOARD}?loc=cho-tiep-nhan&vua={first.pk}"
    assert [world.report(code).state for code in "ba"] == ["accepted", "submitted"]


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30], ["-1"]])
def test_nothing_chosen_is_said(world, sign_in, chosen):
    answer = sign_in(world.people["secretary"]).post(ACCEPT, {"bao-cao": chosen}, follow=True)
    assert "Chưa chọn báo cáo nào" in answer.content.decode() or "Đã tiếp nhận" not in answer.content.decode()


def test_another_councils_report_is_out_of_reach(world, sign_in):
    theirs = world.other_period.reports.first()
    secretary = sign_in(world.people["secretary"])
    for url in (ACCEPT, UNDO):
        secretary.post(url, {"bao-cao": theirs.pk, "mot": theirs.pk})
    theirs.refresh_from_db()
    assert theirs.state == "draft"


def test_a_locked_period_offers_nothing_to_send(world, sign_in):
    workflow.lock_period(
        period=world.period, by=world.people["secretary"], now=world.now, reason="Chốt theo chỉ đạo của Hội đồng"
    )
    page = sign_in(world.people["secretary"]).get(BOARD).content.decode()
    assert "Đôn đốc 3" not in page and 'type="checkbox"' not in page and "data-key=" not in page
