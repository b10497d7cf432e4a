"""A real Chromium for tests: how it is started, and a page on which somebody is signed in."""

import threading

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.world import PASSWORD

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip

# A busy machine answers slowly; what a page shows in the end is what counts.
expect.set_options(timeout=60_000)


class Answering:
    """How many requests of browsers the test's own server is answering (those of test clients are the test's own)."""

    def __init__(self):
        self.count, self.changed = 0, threading.Condition()
        request_started.connect(self.begins)
        request_finished.connect(self.ends)

    def begins(self, **_signal):
        self._add(1)

    def ends(self, **_signal):
        self._add(-1)

    def _add(self, step: int):
        if threading.current_thread() is not threading.main_thread():
            with self.changed:
                self.count += step
                self.changed.notify_all()

    def wait_for_rest(self):
        """Until nothing is being answered: what still writes would stand in the way of emptying the database."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, timeout=60), f"{self.count} requests without an end"


answering = Answering()


def launch(playwright) -> Browser:
    """Headless Chromium that speaks to nobody but the test's own server."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope="module")
def chromium():
    """One Chromium for the tests of a file: starting it takes longer than most of them."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def browser(chromium) -> Browser:
    """The browser of one test; what was opened in it is closed at the end."""
    yield chromium
    for context in chromium.contexts:
        context.close()
    answering.wait_for_rest()


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill in the form of signing in that the page shows, and press its button."""
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.locator("main form button[type=submit]").click()


def signed_in(
    browser: Browser, base_url: str, username: str, *, width: int = 1280, height: int = 900, **context
) -> Page:
    """A page of a browser context of its own on which ``username`` is signed in; ``context`` goes to Playwright."""
    window = {"width": width, "height": height}
    opened = browser.new_context(viewport=window, locale="vi-VN", base_url=base_url, **context)
    opened.set_default_timeout(90_000)
    page = opened.new_page()
    page.goto("/dang-nhap/")
    sign_in(page, username)
    expect(page.locator("h1")).not_to_have_text("Đăng nhập")
    return page
