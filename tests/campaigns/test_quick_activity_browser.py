"""In a real browser: an activity recorded from the desk in place, taken back, done again; the sites; nothing lost."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns.models import Activity
from portal.demo.files import picture
from tests.browser import signed_in
from tests.effort import Effort
from tests.kept_rows import committed_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PNG = {"name": "anh.png", "mimeType": "image/png", "buffer": picture("a")}


@pytest.fixture
def officer(live_server, db, settings, browser):
    """A function: what the browser can do → a page of the officer in a small world."""
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    return lambda **context: signed_in(browser, live_server.url, "officer_a", **context)


def test_recorded_from_the_desk_taken_back_and_done_again(officer):
    page = officer()
    page.goto(reverse("my-work"))
    effort = Effort(page, "Ghi nhận một hoạt động")
    effort.click(page.get_by_role("link", name="Ghi nhận hoạt động"))
    expect(page.get_by_label("Địa điểm")).to_be_focused()
    effort.type("Trường THPT A")
    effort.key("Tab")
    effort.type("120")
    effort.click(page.get_by_label("Tuyên truyền phòng, chống ma túy"))
    suggested = page.get_by_label("Tên hoạt động").get_attribute("placeholder")
    effort.click(page.get_by_role("button", name="Lưu"))
    expect(page.locator("#notices")).to_contain_text("Đã ghi nhận hoạt động")
    effort.done(most=3)
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page).to_have_url(re.compile(rf"{reverse('my-work')}$"))
    activity = Activity.objects.get()
    assert activity.title == suggested and activity.tasks.count() == 1
    assert activity.figures.get(indicator__code="PB02").value == 120

    page.get_by_role("link", name="Ghi tiếp hoạt động tương tự").click()
    expect(page.get_by_label("Địa điểm")).to_have_value("Trường THPT A")
    expect(page.locator("[name=figure-PB02]")).to_have_value("")
    page.get_by_role("button", name="Để sau").click()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#notices")).to_contain_text("Đã rút hoạt động")
    expect(page).to_have_url(re.compile(rf"{reverse('my-work')}$"))
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#notices")).to_contain_text("Đã khôi phục hoạt động")
    assert Activity.objects.get().withdrawn_at is None


def test_what_was_typed_waits_and_files_outlive_a_refusal(officer):
    page = officer(width=360)
    page.goto(reverse("activity-list"))
    page.get_by_role("link", name="Ghi nhận hoạt động").first.click()
    page.get_by_label("Địa điểm").fill("Nhà văn hóa")
    page.locator("#chon-tep-moi").set_input_files([PNG])
    page.locator("[name=figure-PB02]").fill("nhiều")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_role("link", name="Ghi nhận hoạt động").first.click()
    expect(page.get_by_label("Địa điểm")).to_have_value("Nhà văn hóa")
    expect(page.locator("dialog")).to_contain_text("bạn gõ dở còn nguyên")
    page.get_by_label("Địa điểm").press("Control+Enter")
    expect(page.locator("dialog .errorlist")).to_contain_text("không phải là số nguyên")
    expect(page.locator(".drop-item")).to_contain_text("anh.png")
    page.locator("[name=figure-PB02]").fill("30")
    page.locator("[name=figure-PB02]").press("Control+Enter")
    # The list behind the dialog is drawn again by itself.
    expect(page.locator("#ket-qua")).to_contain_text("Phổ biến trực tiếp tại Nhà văn hóa")
    assert Activity.objects.get().evidence.get().original_name == "anh.png"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_sites_are_added_removed_and_given_back_without_leaving(officer):
    page = officer()
    page.goto(reverse("activity-create"))
    page.get_by_label("Địa điểm").fill("Hội trường")
    page.locator("details.more > summary").click()
    for number, people in ((1, "1200"), (2, "34"), (3, "6")):
        page.get_by_label(f"Điểm cầu, dòng {number}").fill(f"Nơi {number}")
        page.get_by_label(f"Số người dự, dòng {number}").fill(people)
    page.get_by_role("button", name="Thêm dòng").click()
    expect(page.get_by_label("Điểm cầu, dòng 4")).to_be_focused()
    page.keyboard.type("Nơi 4")
    expect(page.locator("[data-site-total]")).to_contain_text(
        "4 điểm cầu, 1.240 người dự (1 điểm cầu chưa ghi số người)"
    )
    page.get_by_role("button", name="Bỏ Điểm cầu, dòng 2").click()
    expect(page.locator("[data-site-total]")).to_contain_text("3 điểm cầu, 1.206 người dự")
    expect(page.get_by_text("Đã bỏ điểm cầu “Nơi 2”.")).to_be_visible()
    page.keyboard.press("Enter")  # the cursor waits on Hoàn tác
    expect(page.get_by_label("Điểm cầu, dòng 2")).to_have_value("Nơi 2")
    page.get_by_role("button", name="Bỏ Điểm cầu, dòng 3").click()
    page.get_by_label("Địa điểm").press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Phổ biến trực tiếp tại Hội trường")
    activity = Activity.objects.get()
    assert [site.name for site in activity.sites.all()] == ["Nơi 1", "Nơi 2", "Nơi 4"]
    assert activity.figures.get(indicator__code="PB02").value == 1234
