"""Reviewing in a real browser: by keyboard, a comment in place, a name after an @, and accepting in two clicks."""

import pytest
from playwright.sync_api import expect

from agencies.models import Comment, Notice
from reports.models import ProgressReport
from reports.workflow import submit_report
from tests.browser import signed_in
from tests.effort import Effort
from tests.kept_rows import committed_world
from tests.quarters import accept, opened
from tests.world import fill_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def world(db, settings):
    """Reports of B and of the standing agency wait for the secretariat, A's for its approver; B has an earlier one."""
    built = committed_world()
    settings.PORTAL_TODAY = built.today
    accept(opened(built, "2024-q1"), "b", PB08=2, PB09=20)
    for code in ("stp", "a", "b"):
        officer = built.people[f"officer_{code}"]
        submit_report(report=fill_in(built, code, officer), by=officer, now=built.now)
    return built


def test_reading_by_keyboard_and_saying_something_in_place(world, browser, live_server):
    page = signed_in(browser, live_server.url, "secretary")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/bao-cao/2024-q2/b/")
    expect(page.get_by_text("kỳ trước 2, kỳ này 10 (gấp 5 lần)").first).to_be_visible()
    page.keyboard.press("j")
    figure = page.locator("#so-lieu-PB08")
    expect(figure).to_be_focused()
    page.keyboard.press("c")
    box = page.locator("#viet-so-lieu-PB08")
    expect(box).to_be_focused()
    # Letters inside a box are letters.
    page.keyboard.type("Xem lại giúp, ajkr: thừa chữ số? @off")
    choices = page.get_by_role("listbox").get_by_role("option")
    expect(choices).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value("Xem lại giúp, ajkr: thừa chữ số? @Người officer_b ")
    page.keyboard.press("Control+Enter")
    remark = figure.locator(".remark")
    expect(remark).to_contain_text("thừa chữ số? @Người officer_b")
    expect(page).to_have_url(f"{live_server.url}/bao-cao/2024-q2/b/")
    assert Notice.objects.get(kind="mention").recipient == world.people["officer_b"]
    # Returning begins with what was said; the form opens under the keys.
    page.reload()
    page.keyboard.press("r")
    expect(page.locator("textarea[name=reason]").first).to_be_focused()
    expect(page.locator("textarea[name=reason]").first).to_have_value(
        "1. Số liệu PB08: Xem lại giúp, ajkr: thừa chữ số? @Người officer_b"
    )
    remark.get_by_role("button", name="Rút lại").click()
    expect(remark).to_have_count(0)
    assert Comment.objects.get().withdrawn_at and errors == []


def test_the_keys_follow_the_list_of_what_to_look_at(world, browser, live_server):
    page = signed_in(browser, live_server.url, "secretary")
    page.goto("/bao-cao/2024-q2/b/")
    places = page.locator("[data-looks] > li > a[href^='#']").evaluate_all("links => links.map(link => link.hash)")
    assert places
    for place in places:
        page.keyboard.press("j")
        expect(page.locator(place)).to_be_focused()
    for place in reversed(places[:-1]):
        page.keyboard.press("k")
        expect(page.locator(place)).to_be_focused()


def test_a_clean_report_is_accepted_in_two_clicks(world, browser, live_server):
    page = signed_in(browser, live_server.url, "secretary")
    page.goto("/dieu-phoi/2024-q2/")
    effort = Effort(page, "Rà soát và tiếp nhận một báo cáo sạch")
    effort.click(page.get_by_role("link", name="Rà soát Hội LHPN"))
    effort.click(page.get_by_role("button", name="Tiếp nhận").first)
    expect(page.locator("h1")).to_contain_text("Sở Tư pháp")
    expect(page.locator("#notices")).to_contain_text("Đã tiếp nhận báo cáo của Hội LHPN")
    assert world.report("b").state == ProgressReport.State.ACCEPTED
    effort.done(most=2)
    page.keyboard.press("a")
    expect(page.locator("h1")).to_contain_text("Điều phối")
    expect(page.locator("#notices")).to_contain_text("Không còn báo cáo nào chờ tiếp nhận")


def test_the_approver_decides_on_a_phone(world, browser, live_server):
    page = signed_in(browser, live_server.url, "approver_a", width=360)
    page.goto("/bao-cao/2024-q2/a/")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    effort = Effort(page, "Duyệt báo cáo của đơn vị trên điện thoại")
    bar = page.locator(".review-bar")
    expect(bar.get_by_role("button", name="Duyệt và gửi")).to_be_in_viewport()
    effort.click(bar.get_by_role("button", name="Duyệt và gửi"))
    expect(page.locator("#notices")).to_contain_text("Đã duyệt và gửi báo cáo")
    effort.done(most=1)
    assert world.report("a").approved_by == world.people["approver_a"]
