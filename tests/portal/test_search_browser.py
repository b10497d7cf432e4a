"""In a real browser: results while one types, walked through and opened by the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import signed_in
from tests.effort import Effort
from tests.kept_rows import committed_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def opened(live_server, db, settings, browser):
    """(a page of an officer who is signed in, the world, what the browser complained about)."""
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    page = signed_in(browser, live_server.url, "secretary")
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page, world, wrong


def test_finding_a_task_by_typing(opened):
    page, _world, _wrong = opened
    page.goto("/nhiem-vu/")
    effort = Effort(page, "Tìm một nhiệm vụ bằng hai từ không dấu rồi mở ra")
    effort.click(page.locator("#find-q"))
    effort.type("hoa giai")
    effort.key("Enter")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#find-count")).to_contain_text("kết quả cho “hoa giai”")
    effort.key("ArrowDown")
    expect(page.locator(".found a").first).to_be_focused()
    effort.key("Enter")
    expect(page.locator("h1")).to_contain_text("Hòa giải ở cơ sở")
    effort.done(most=1)


def test_results_follow_the_typing(opened):
    page, _world, wrong = opened
    page.goto("/tim-kiem/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("hoa giai xyz")
    expect(page.locator("#find-count")).to_have_text("Không có kết quả cho “hoa giai xyz”", timeout=30_000)
    for _letter in " xyz":
        page.keyboard.press("Backspace")
    expect(page.locator("#find-count")).to_contain_text("kết quả cho “hoa giai”", timeout=30_000)
    expect(page.locator("mark").first).to_have_text("Hòa")
    expect(page).to_have_url(re.compile(r"/tim-kiem/\?q=hoa(\+|%20)giai$"))
    page.locator("#q").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".found a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    assert wrong == []


def test_a_filter_is_saved_used_and_taken_back(opened):
    page, _world, wrong = opened
    page.goto("/nhiem-vu/")
    page.get_by_label("Hạn", exact=True).select_option("qua-han")
    expect(page).to_have_url("/nhiem-vu/?q=&ke-hoach=&co-quan=&vai-tro=&tinh-trang=&han=qua-han")
    effort = Effort(page, "Lưu bộ lọc của danh sách rồi dùng lại")
    effort.click(page.get_by_text("Lưu bộ lọc này"))
    effort.click(page.get_by_label("Tên bộ lọc"))
    effort.type("Trễ hạn")
    effort.key("Enter")
    chip = page.get_by_role("link", name="Trễ hạn")
    expect(chip).to_have_attribute("aria-current", "true")
    page.goto("/nhiem-vu/")
    effort.click(chip)
    expect(page.get_by_label("Hạn", exact=True)).to_have_value("qua-han")
    effort.done(most=3)
    page.get_by_text("Sửa bộ lọc đã lưu").click()
    page.get_by_role("button", name="Bỏ bộ lọc Trễ hạn").click()
    expect(chip).to_have_count(0)
    page.get_by_role("button", name="Hoàn tác").click()
    expect(chip).to_have_attribute("aria-current", "true")
    assert wrong == []
