"""The form of an activity in a real browser, without JavaScript and without a mouse."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns.models import Activity
from tests.browser import signed_in
from tests.kept_rows import committed_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def keyboard(live_server, db, settings, browser):
    """A browser page without JavaScript, signed in."""
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    yield signed_in(browser, live_server.url, "officer_a", width=360, height=740, java_script_enabled=False)


def _tab_to(page, locator) -> None:
    for _step in range(80):
        page.keyboard.press("Tab")
        if locator.evaluate("field => field === document.activeElement"):
            return
    raise AssertionError(f"{locator} cannot be reached by keyboard")


def test_by_keyboard_alone_without_javascript(keyboard):
    page = keyboard
    page.goto(reverse("activity-create"))
    _tab_to(page, page.get_by_label("Tên hoạt động"))
    page.keyboard.type("Nói chuyện chuyên đề")
    more = page.locator("details.more > summary")
    _tab_to(page, more)
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_label("Điểm cầu, dòng 1"))
    page.keyboard.type("Nhà máy 1")
    _tab_to(page, page.get_by_label("Số người dự, dòng 1"))
    page.keyboard.type("80")
    _tab_to(page, page.get_by_role("button", name="Thêm dòng"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("Điểm cầu, dòng 8")).to_be_visible()
    expect(page.get_by_label("Điểm cầu, dòng 1")).to_have_value("Nhà máy 1")
    # Enter in a field saves; it does not ask for more rows.
    _tab_to(page, page.get_by_label("Số người dự, dòng 1"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nói chuyện chuyên đề")
    figures = Activity.objects.get().figures.values_list("indicator__code", "value")
    assert dict(figures) == {"PB01": 1, "PB02": 80}
