"""In a real browser: words typed and not sent are not lost by a slip, and a button pressed twice sends once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns.models import Activity
from tests.browser import signed_in
from tests.world import build_empty_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def page(live_server, db, settings, browser):
    """The page of an officer who is signed in."""
    settings.PORTAL_TODAY = build_empty_world().today
    yield signed_in(browser, live_server.url, "officer_a")


def test_leaving_asks_only_while_something_is_unsent(page):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    home, form = reverse("activity-list"), reverse("activity-create")
    page.goto(form)
    page.goto(home)
    assert asked == []
    page.goto(form)
    page.get_by_label("Tên hoạt động").fill("Nói chuyện chuyên đề")
    page.get_by_role("link", name="Hủy").click()
    expect(page.locator("h1")).to_have_text("Hoạt động")
    assert asked == ["beforeunload"]
    page.goto(form)
    page.get_by_label("Tên hoạt động").fill("Nói chuyện chuyên đề")
    page.get_by_label("Ngày thực hiện").fill("03/06/2024")
    page.get_by_role("button", name="Lưu").dblclick()
    expect(page.locator("h1")).to_have_text("Nói chuyện chuyên đề")
    assert asked == ["beforeunload"] and Activity.objects.count() == 1


def test_a_page_come_back_to_can_be_sent_again(page):
    sent = []

    def stay(route):
        """Answer what is sent so that the browser stays on the page."""
        if route.request.method == "POST":
            sent.append(route.request.post_data)
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/hoat-dong/them/", stay)
    page.goto(reverse("activity-create"))
    page.get_by_label("Tên hoạt động").fill("Nói chuyện chuyên đề")
    page.get_by_label("Ngày thực hiện").fill("03/06/2024")
    button = page.get_by_role("button", name="Lưu")
    button.dblclick()
    expect(button).to_be_disabled()
    assert len(sent) == 1
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow'))")
    button.click()
    expect(button).to_be_disabled()
    assert len(sent) == 2
