"""The board in a real browser: few clicks, all of it by keyboard, on a phone too."""

import pytest
from playwright.sync_api import expect

from agencies.models import Notice
from reports import workflow
from reports.models import ProgressReport, Reminder
from tests.browser import signed_in
from tests.effort import Effort
from tests.kept_rows import committed_world
from tests.world import fill_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
BOARD = "/dieu-phoi/2024-q2/"


@pytest.fixture
def built(db, settings):
    """The test world in real transactions, B's report handed in and clean."""
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    ProgressReport.objects.filter(pk=world.report("b").pk).update(warnings={"looks": []})
    return world


@pytest.fixture
def desk(live_server, built, browser):
    """A function: (username, width) → a signed-in page that fails on a script's error."""
    failures = []

    def open_as(username, width=1280, **context):
        page = signed_in(browser, live_server.url, username, width=width, **context)
        page.on("pageerror", lambda error: failures.append(str(error)))
        return page

    yield open_as
    assert failures == []


def test_everybody_late_is_reminded_in_two_clicks(desk, built):
    page = desk("secretary")
    page.goto(BOARD)
    effort = Effort(page, "Đôn đốc mọi cơ quan chưa nộp")
    effort.click(page.get_by_role("link", name="Đôn đốc 2 cơ quan chưa nộp"))
    expect(page.get_by_label("Nội dung gửi")).to_have_value(
        "Đề nghị quý cơ quan hoàn thành và nộp báo cáo Quý II/2024 trước khi hết ngày 17/06/2024 (còn 7 ngày)."
    )
    effort.click(page.get_by_role("button", name="Gửi đôn đốc"))
    expect(page.locator("#notices")).to_contain_text("Đã đôn đốc 2 cơ quan: Sở Tư pháp, Công an")
    assert Reminder.objects.count() == 2
    effort.done(most=3)

    # The officer sees the bell, opens the notice and is at the desk; the bell is empty.
    officer = desk("officer_a", width=360)
    bell = officer.get_by_role("link", name="2 thông báo chưa xem")  # the period's opening, too
    bell.click()
    expect(officer.locator(".notice").first).to_contain_text("Đề nghị quý cơ quan hoàn thành")
    assert officer.evaluate("document.documentElement.scrollWidth") <= 360
    officer.locator(".notice").first.get_by_role("button", name="Mở").click()
    officer.wait_for_url("**/viec-cua-toi/")
    officer.goto("/thong-bao/")
    officer.get_by_role("button", name="Đánh dấu đã xem tất cả").click()
    expect(officer.get_by_role("link", name="Thông báo", exact=True)).to_be_visible()
    assert not Notice.objects.filter(recipient=built.people["officer_a"], read_at__isnull=True).exists()


def test_a_clean_report_is_read_and_accepted_in_two_clicks(desk, built):
    page = desk("secretary")
    page.goto(BOARD)
    effort = Effort(page, "Rà soát và tiếp nhận một báo cáo sạch")
    effort.click(page.get_by_role("link", name="Rà soát Hội LHPN"))
    effort.click(page.get_by_role("button", name="Tiếp nhận").first)
    expect(page.locator("#notices")).to_contain_text("Đã tiếp nhận báo cáo")
    effort.done(most=2)


def test_the_whole_board_by_keyboard(desk, built):
    page = desk("secretary")
    page.goto(BOARD)
    links = page.locator("[data-row-link]")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("x")
    expect(page.get_by_label("Chọn Sở Tư pháp")).to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")  # the last row stays the last
    expect(links.nth(2)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("a")
    row = page.locator("[data-row]").nth(1)
    expect(row.get_by_role("status")).to_have_text("Chưa tiếp nhận được: cơ quan chưa nộp báo cáo.")
    page.keyboard.press("r")
    expect(page.locator("h1")).to_have_text("Đôn đốc nộp báo cáo Quý II/2024")
    expect(page.locator("input[name=co-quan]")).to_have_value("a")

    # Letters typed into a box are letters.
    page.goto(BOARD)
    page.locator("#find-q").click()
    page.keyboard.type("jjxarr")
    expect(page.locator("#find-q")).to_have_value("jjxarr")
    assert page.url.endswith(BOARD)

    # Accept the clean one, and take it back.
    page.goto(BOARD)
    for _row in range(3):
        page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_text("Đã tiếp nhận báo cáo của Hội LHPN")).to_have_count(1)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#notices")).to_contain_text("Đã hoàn tác tiếp nhận: Hội LHPN")
    assert built.report("b").state == "submitted"

    # Switched off, the letters do nothing; the choice is kept.
    page.get_by_role("button", name="Phím tắt: bật").click()
    page.reload()
    expect(page.get_by_role("button", name="Phím tắt: tắt")).to_be_visible()
    page.keyboard.press("j")
    expect(links.nth(0)).not_to_be_focused()


def test_ticking_all_who_owe_and_a_phone(desk, built):
    page = desk("secretary", width=360)
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Chọn tất cả cơ quan chưa nộp").click()
    assert page.locator("tbody input:checked").count() == 2
    page.get_by_role("button", name="Đôn đốc cơ quan đã chọn").click()
    expect(page.locator("input[name=co-quan]:checked")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_javascript_the_board_reminds_and_accepts(desk, built):
    page = desk("secretary", java_script_enabled=False)
    page.goto(BOARD)
    page.get_by_label("Chọn Công an").check()
    page.get_by_role("button", name="Đôn đốc cơ quan đã chọn").click()
    page.get_by_role("button", name="Gửi đôn đốc").click()
    expect(page.locator("#notices")).to_contain_text("Đã đôn đốc 1 cơ quan: Công an")
    page.get_by_role("button", name="Tiếp nhận 1 báo cáo không có gì cần xem").click()
    expect(page.get_by_text("Đã tiếp nhận báo cáo của Hội LHPN")).to_be_visible()
