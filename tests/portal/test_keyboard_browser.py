"""In a real browser, by keyboard alone: past the frame, into menus and out again, across what scrolls sideways."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import signed_in
from tests.kept_rows import committed_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


# Asked frame by frame by our own function: what Playwright polls as text is eval, which the page's policy refuses.
# Nothing else bounds how long such a promise is waited for.
SCROLLED = """table => new Promise((done, fail) => {
    setTimeout(() => fail(new Error("never scrolled")), 90_000);
    const look = () => table.scrollLeft > 0 ? done() : requestAnimationFrame(look);
    look();
})"""


@pytest.fixture
def page(live_server, db, settings, browser):
    """The page of the secretary, who has every menu."""
    settings.PORTAL_TODAY = committed_world().today
    yield signed_in(browser, live_server.url, "secretary")


def test_everything_is_reached_and_left_by_keyboard(page):
    page.goto(reverse("agency-list"))
    skip = page.get_by_role("link", name="Đi đến nội dung chính")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main").get_by_role("link").first).to_be_focused()

    # The person's menu opens, is tabbed into, closes with Escape and gives the keyboard back.
    opener = page.locator("details.person > summary")
    opener.focus()
    page.keyboard.press("Enter")
    password = page.get_by_role("link", name="Đổi mật khẩu")
    page.keyboard.press("Tab")
    expect(password).to_be_focused()
    page.keyboard.press("Escape")
    expect(password).to_be_hidden()
    expect(opener).to_be_focused()

    # On a phone the list of places is behind one button, which works without a pointer too.
    page.set_viewport_size({"width": 360, "height": 800})
    places = page.get_by_role("navigation", name="Chính")
    expect(places).to_be_hidden()
    page.locator(".nav-toggle > summary").focus()
    page.keyboard.press("Space")
    expect(places).to_be_visible()
    page.keyboard.press("Tab")
    expect(places.get_by_role("link").first).to_be_focused()


def test_a_wide_table_is_scrolled_by_keyboard_and_only_then_a_stop(page):
    page.goto(reverse("indicator-list"))
    table = page.locator(".table-wrap").first
    expect(table).not_to_have_attribute("tabindex", "0")
    # As a table of figures, which stays a table on a phone.
    page.evaluate("document.querySelector('.table').classList.remove('card-rows')")
    page.set_viewport_size({"width": 360, "height": 800})
    expect(table).to_have_attribute("tabindex", "0")
    table.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    table.evaluate(SCROLLED)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(table).not_to_have_attribute("tabindex", "0")
