"""In a real browser: a passkey registered and used, and a session that runs out without a word being lost."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from agencies.models import Session
from tests.browser import sign_in, signed_in
from tests.world import build_empty_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def page(live_server, db, settings, browser):
    """The page of an officer who is signed in, under the strict content policy; nothing may go wrong on it unseen."""
    settings.PORTAL_TODAY = build_empty_world().today
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = signed_in(browser, live_server.url, "officer_a")
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda told: problems.append(told.text) if "Content Security Policy" in told.text else None)
    yield page
    assert problems == []


def give_password(page):
    page.goto("/dang-nhap/")
    sign_in(page, "officer_a")


def test_a_passkey_is_registered_and_opens_the_account(page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(reverse("security"))
    page.get_by_role("link", name="Thêm khóa đăng nhập").click()
    page.get_by_label("Tên gợi nhớ").fill("Máy ở phòng 203")
    page.get_by_role("button", name="Thêm khóa").click()
    expect(page.locator("h1")).to_have_text("Mã dự phòng")
    page.get_by_role("button", name="Tạo và hiện 10 mã").click()
    expect(page.locator(".codes code")).to_have_count(10)
    code = page.locator(".codes code").first.inner_text()

    page.context.clear_cookies()
    give_password(page)
    expect(page.locator("h1")).to_have_text("Xác thực bước hai")
    page.get_by_role("button", name="Dùng khóa đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Việc của tôi")
    assert Authenticator.objects.get(type="webauthn").last_used_at

    page.context.clear_cookies()
    give_password(page)
    page.get_by_label("Mã xác thực").fill(code)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.locator("h1")).to_have_text("Việc của tôi")


def test_a_session_that_runs_out_warns_and_loses_nothing(page):
    page.clock.install()
    page.goto(reverse("activity-create"))
    page.get_by_label("Tên hoạt động").fill("Nói chuyện chuyên đề")
    box = page.get_by_role("dialog")
    # Far from the warning: on a slow machine the time that the page itself takes is added to the jump.
    page.clock.fast_forward("08:00")
    expect(box).to_have_count(0)
    page.clock.fast_forward("04:30")
    expect(box).to_contain_text("Phiên làm việc sắp hết")
    page.get_by_role("button", name="Tiếp tục làm việc").click()
    expect(box).to_have_count(0)

    page.clock.fast_forward("14:30")
    expect(box).to_contain_text("Phiên làm việc đã hết")
    Session.objects.all().delete()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Đăng nhập lại").click()
    window = opened.value
    page.get_by_role("button", name="Tiếp tục", exact=True).click()
    expect(box).to_contain_text("Phiên làm việc đã hết")
    give_password(window)
    expect(window.locator("h1")).not_to_have_text("Đăng nhập")
    page.get_by_role("button", name="Tiếp tục", exact=True).click()
    expect(box).to_have_count(0)
    expect(page.get_by_label("Tên hoạt động")).to_have_value("Nói chuyện chuyên đề")
