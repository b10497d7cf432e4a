"""Every page × role in a real Chromium: axe, light and dark, wide and narrow, enlarged, by keyboard, under the policy.

The pages are walked once for the whole file; each test reads one kind of finding. A page whose own part is word for
word that of another role's is opened once (tests/pages.py).
"""

import os
import time
from datetime import timedelta
from pathlib import Path
from unittest import mock
from urllib.parse import urljoin

import axe_playwright_python
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from agencies import signin_rules
from portal.shell import TEXT_SIZES
from tests.addresses import every_object
from tests.browser import launch
from tests.kept_rows import committed_world
from tests.pages import ROLES, distinct, pages_of
from tests.world import HASHERS

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
# Everything axe knows at its strictest common level, and its advice for good practice.
ALL = {"axe": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "by": "tag"}
COLOURS = {"axe": ["color-contrast", "link-in-text-block"], "by": "rule"}
LARGEST = TEXT_SIZES[max(TEXT_SIZES)]
BOTH, USUAL, NONE = {"letters": ["", LARGEST]}, {"letters": [""]}, {"letters": []}
# Width, theme, what is asked. Colours depend on the theme and structure on the width, so two runs of all rules and two
# of the colours see it all. 640 is 1280 at 200 %.
VIEWS = (
    (1280, "light", ALL | BOTH | {"jumps": True, "looks": True, "focus": True}),
    (1280, "dark", COLOURS | NONE),
    (360, "dark", ALL | BOTH | {"looks": True}),
    (360, "light", COLOURS | NONE),
    (640, "light", USUAL),
)

ONLY = os.environ.get("PAGES", "")  # only pages with this in their name, address or role, while working on them
KINDS = ("axe", "policy", "requests", "overflow", "looks", "focus", "jumps", "errors")


class Walk:
    """The findings of one walk over all pages, by kind."""

    def __init__(self):
        self.found: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self.pages = self.opened = self.runs = 0
        self.seconds = 0.0

    def add(self, kind: str, page, view: str, findings) -> None:
        self.found[kind] += [f"{page}, {view}: {found}" for found in findings]


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker, tmp_path_factory):
    """All pages opened in Chromium against a world of real transactions, which is emptied at the end."""
    quick = {
        "PASSWORD_HASHERS": HASHERS,
        "PORTAL_DEMO": False,
        "PORTAL_DESIGN": True,
        "MEDIA_ROOT": tmp_path_factory.mktemp("files"),
        "MIDDLEWARE": [name for name in django_settings.MIDDLEWARE if "whitenoise" not in name],
        "STORAGES": django_settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    }
    # However long the walk takes, nobody's session runs out on it and nobody is asked for the password once more: a page
    # of signing in would be looked at instead.
    for_a_day = {"IDLE": timedelta(days=1), "IDLE_ADMINISTRATOR": timedelta(days=1)}
    quick["ACCOUNT_REAUTHENTICATION_TIMEOUT"] = timedelta(days=1).total_seconds()
    with (
        django_db_blocker.unblock(),
        override_settings(**quick, PORTAL_TODAY=None),
        mock.patch.multiple(signin_rules, **for_a_day),
    ):
        cache.clear()
        world = committed_world()
        with override_settings(PORTAL_TODAY=world.today):
            server = LiveServer("localhost")
            try:
                yield _walk(server.url, world, every_object(world))
            finally:
                server.stop()
                call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)


def _walk(base: str, world, things: dict) -> Walk:
    walk, started, pages, sessions = Walk(), time.monotonic(), [], {}
    for role in ROLES:
        client = Client()
        if role in world.people:
            client.force_login(world.people[role])
            sessions[role] = client.cookies["sessionid"].value
        pages += pages_of(role, client, world, things)
    chosen = [page for page in distinct(pages) if ONLY in str(page)]
    walk.pages, walk.opened = len(pages), len(chosen)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for role in ROLES:
            context = browser.new_context(base_url=base, locale="vi-VN", viewport={"width": 1280, "height": 900})
            context.add_init_script(AXE)
            context.add_init_script(LOOK)
            if role in sessions:
                context.add_cookies([{"name": "sessionid", "value": sessions[role], "url": base}])
            tab = context.new_page()
            said: list[tuple[str, str]] = []
            tab.on("console", lambda message, said=said: said.append((message.type, message.text)))
            tab.on("pageerror", lambda error, said=said: said.append(("error", str(error))))
            tab.on("request", lambda request, said=said: said.append(("request", request.url)))
            for page in (page for page in chosen if page.role == role):
                said.clear()
                _look(tab, page, walk)
                for kind, text in said:
                    if kind == "request" and not text.startswith((base + "/", "data:")):
                        walk.add("requests", page, "loading", [text])
                    elif "POLICY" in text or "Content Security Policy" in text:
                        walk.add("policy", page, "loading", [text])
                    elif kind == "error" and f"status of {page.status}" not in text:
                        walk.add("errors", page, "loading", [text])
            context.close()
        browser.close()
    walk.seconds = time.monotonic() - started
    return walk


def _look(tab, page, walk: Walk) -> None:
    """Open one page and look at it in every view; what a person has to load is loaded once."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.goto(page.url)
    if tab.url.split("#")[0] != urljoin(tab.url, page.url):
        walk.add("errors", page, "loading", [f"led to {tab.url}"])
    tab.keyboard.press("Tab")  # from here on the focus is shown as to somebody at the keyboard
    width, theme = 1280, "light"
    for view in VIEWS:
        if view[0] != width:
            tab.set_viewport_size({"width": view[0], "height": 900})
        if view[1] != theme:
            tab.emulate_media(color_scheme=view[1])
        width, theme, wanted = view
        for kind, findings in tab.evaluate("wanted => look(wanted)", wanted).items():
            walk.add(kind, page, f"{width} {theme}", findings)
        walk.runs += "axe" in wanted


def _told(findings: list[str]) -> str:
    return f"{len(findings)} findings\n" + "\n".join(findings[:200])


WHAT = {
    "axe": "accessibility rules that are broken",
    "policy": "things that the content policy refused",
    "requests": "requests that leave the site",
    "overflow": "pages wider than the window",
    "looks": "headings over nothing, numbers not to the right, words cut off, images without a size",
    "focus": "things one cannot see to have the focus",
    "jumps": "pages that jump while they load",
    "errors": "errors of scripts and of loading",
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_has(walk, kind):
    print(
        f"\n{WHAT[kind]}: {len(walk.found[kind])} on {walk.pages} pages ({walk.opened} opened, {walk.runs} axe runs, {walk.seconds:.0f} s)"
    )
    assert walk.found[kind] == [], f"{WHAT[kind]}: {_told(walk.found[kind])}"
