"""The first-login tour in a real browser, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from agencies.models import User
from tests.browser import signed_in
from tests.kept_rows import committed_world
from tests.portal.test_tour import forget


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_by_keyboard_and_escape(live_server, settings, browser):
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    forget(world.people["officer_a"], world.people["officer_b"])
    page = signed_in(browser, live_server.url, "officer_a")
    panel, title = page.locator("[data-tour]"), page.locator("#tour-title")
    expect(title).to_be_focused()
    expect(title).to_contain_text("1/5")
    expect(panel.locator("li:visible")).to_have_count(1)
    page.keyboard.press("Tab")  # the first button: there is no step before
    page.keyboard.press("Enter")
    expect(title).to_contain_text("2/5")
    with page.expect_response("**/huong-dan-nhanh/xong/"):
        page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
    page.reload()
    expect(panel).to_have_count(0)
    assert "liaison" in User.objects.get(username="officer_a").tours_seen
    page.context.close()
    # Without JavaScript: a card with every step, and one button.
    plain = signed_in(browser, live_server.url, "officer_b", width=360, java_script_enabled=False)
    expect(plain.locator("[data-tour] li:visible")).to_have_count(5)
    plain.get_by_role("button", name="Đã hiểu").click()
    expect(plain.locator("[data-tour]")).to_have_count(0)
