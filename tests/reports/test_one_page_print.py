"""In a real browser: the leaders' page prints on exactly one A4 page, and a phone's first screens tell the state."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from agencies.models import User
from portal.demo.build import build
from portal.demo.world import DAY
from tests.browser import signed_in
from tests.kept_rows import committed_world
from tests.reports.leaders_world import thirty_agencies

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
A4 = (595, 842)  # points


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """Size of every page of a PDF, in whole points."""
    boxes = re.findall(rb"/Type\s*/Page\b[^s].*?/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf, re.S)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def printed(page) -> list[tuple[int, int]]:
    return pages(page.pdf(format="A4", prefer_css_page_size=True))


@pytest.mark.parametrize("many", [30, 45])
def test_a_council_of_many_agencies_prints_on_one_a4_page(browser, live_server, db, settings, many):
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    thirty_agencies(world, many)
    page = signed_in(browser, live_server.url, "leader")
    page.goto("/tong-quan/2024-q2/")
    expect(page.locator("h1")).to_have_text("Tổng quan Quý II/2024")
    assert printed(page) == [A4]
    leading = many + 3  # and the three of the small world
    rows = page.locator(".grid-table tbody tr")
    expect(rows).to_have_count(min(leading, 30))
    if leading > 30:
        expect(rows.last).to_contain_text(f"{leading - 29} cơ quan khác")
    totals = rows.locator("td:last-child .num").all_inner_texts()
    assert sum(int(re.match(r"\d+/(\d+)", text)[1]) for text in totals) == int(page.locator("#so-tasks").inner_text())


def page_as(browser, live_server, user, *, width: int):
    """A page on which ``user`` is signed in already."""
    client = Client()
    client.force_login(user)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", base_url=live_server.url)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return context.new_page()


def test_the_demo_prints_on_one_page_and_a_phone_sees_the_state_first(browser, live_server, db, settings):
    settings.PORTAL_TODAY = DAY
    build()
    leader = User.objects.get(username="lanhdao")
    page = page_as(browser, live_server, leader, width=1280)
    for code in ("2024-q2", "2024-q1", "2024-6t", "2023"):
        page.goto(f"/tong-quan/{code}/")
        expect(page.locator("#so-tasks")).to_be_visible()
        assert printed(page) == [A4], code
    phone = page_as(browser, live_server, leader, width=360)
    phone.goto("/tong-quan/2024-q2/")
    for what, screens in (("#tom-tat", 1), ("#so-overdue", 1.3), (".delays li >> nth=0", 2)):
        box = phone.locator(what).bounding_box()
        assert box["y"] + box["height"] <= 900 * screens, what
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    fold = phone.locator(".period-fold")
    assert fold.bounding_box()["height"] <= 60  # one line; the state comes first
    fold.locator("summary").click()
    fold.get_by_role("link", name=re.compile(r"^Quý I\b")).first.click()
    expect(phone.locator("h1")).to_have_text("Tổng quan Quý I/2024")
