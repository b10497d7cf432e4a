"""Every page × role in a real Chromium: axe, light and dark, wide and narrow, enlarged, by keyboard, under the policy.

The pages are walked once for the whole file; each test reads one kind of finding. A page whose own part is word for
word that of another role's is opened once (tests/pages.py).
"""

import os
import time
from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from portal.shell import TEXT_SIZES
from tests.browser import launch
from tests.conftest import HASHERS
from tests.pages import ROLES, distinct, pages_of
from tests.test_access import objects
from tests.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Everything axe knows at its strictest common level, and its advice for good practice.
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Colours depend on the theme and structure on the width, so two runs of all rules and two of the colours see it all.
VIEWS = ((1280, "light", ALL), (1280, "dark", COLOURS), (360, "dark", ALL), (360, "light", COLOURS))

# Two frames for what scripts do when the window's size changes, and no colour caught half-way.
SETTLED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  document.getAnimations().forEach(a => a.finish());
  done();
})))"""
RUN_AXE = """async rules => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ['violations'], preload: false});
  return found.violations.flatMap(v => v.nodes.map(
    n => v.id + ': ' + n.target.join(' ') + ' – ' + (n.any[0] || n.all[0] || n.none[0] || {message: v.help}).message));
}"""
OVERFLOW = """() => {
  const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
  if (over <= 0) return null;
  const worst = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > root.clientWidth + 1
    && ![...Array(20)].reduce((a, _) => a && (a.stop ? a : {el: a.el.parentElement, stop: !a.el.parentElement
      || /auto|scroll|hidden/.test(getComputedStyle(a.el.parentElement).overflowX)}), {el: e, stop: false}).el);
  const e = worst[worst.length - 1] || document.body;
  return over + ' px, <' + e.tagName.toLowerCase() + ' class="' + e.className + '"> ' + (e.innerText || '').slice(0, 40);
}"""
# Headings with nothing to say, and words that are cut off.
LOOKS = """() => {
  const found = [], shown = e => e.offsetParent !== null || e.getClientRects().length;
  document.querySelectorAll('main :is(h1, h2, h3, h4)').forEach(h => {
    if (!shown(h)) return;
    if (!h.innerText.trim()) { found.push('an empty ' + h.tagName); return; }
    let next = h, rest = '';
    while (next && next.tagName !== 'MAIN' && !rest) {
      let after = next.nextElementSibling;
      while (after && !shown(after)) after = after.nextElementSibling;
      if (after) { rest = /^H[1-4]$/.test(after.tagName) && after.tagName <= h.tagName ? 'none' : 'text'; break; }
      next = next.parentElement;
    }
    if (rest !== 'text') found.push('a heading over nothing: ' + h.innerText.slice(0, 50));
  });
  document.querySelectorAll('main td.num, main th.num').forEach(c => {
    if (shown(c) && innerWidth > 700 && !/right|end/.test(getComputedStyle(c).textAlign)) found.push('numbers not to the right: ' + c.innerText.slice(0, 30));
  });
  document.querySelectorAll('main *').forEach(e => {
    const s = getComputedStyle(e);
    if (s.textOverflow === 'ellipsis' && e.scrollWidth > e.clientWidth + 1) found.push('cut words: ' + e.innerText.slice(0, 40));
  });
  document.querySelectorAll('img:not(#content-start img)').forEach(e => {
    if (shown(e) && !(e.getAttribute('width') && e.getAttribute('height'))) found.push('an image without its size: ' + e.getAttribute('src'));
  });
  return found;
}"""
FOCUS = """() => {
  const found = [], able = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  document.querySelectorAll(able).forEach(e => {
    if (e.tabIndex > 0) found.push('tabindex ' + e.tabIndex + ' on ' + e.outerHTML.slice(0, 80));
    if (e.disabled || e.tabIndex < 0 || !e.getClientRects().length) return;
    e.focus({preventScroll: true});
    if (document.activeElement !== e) return;
    const s = getComputedStyle(e);
    if ((s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 1) && s.boxShadow === 'none')
      found.push('no visible focus on ' + e.outerHTML.slice(0, 100));
  });
  return found;
}"""
SHIFT = """() => new Promise(done => {
  let sum = 0, what = '';
  new PerformanceObserver(list => list.getEntries().forEach(e => {
    sum += e.value;
    what = (e.sources || []).map(s => s.node && (s.node.className || s.node.nodeName)).join(', ');
  })).observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done([sum, what])));
})"""
POLICY_WATCH = """document.addEventListener('securitypolicyviolation',
  e => console.error('POLICY ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ' ' + e.sample))"""

ONLY = os.environ.get("PAGES", "")  # only pages with this in their name, address or role, while working on them
LARGEST = TEXT_SIZES[max(TEXT_SIZES)]
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
    with django_db_blocker.unblock(), override_settings(**quick, PORTAL_TODAY=None):
        cache.clear()
        world = build_world()
        with override_settings(PORTAL_TODAY=world.today):
            server = LiveServer("localhost")
            try:
                yield _walk(server.url, world, objects.__wrapped__(world))
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
            context.add_init_script(POLICY_WATCH)
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
                        walk.add("requests", page, "1280", [text])
                    elif "POLICY" in text or "Content Security Policy" in text:
                        walk.add("policy", page, "1280", [text])
                    elif kind == "error" and f"status of {page.status}" not in text:
                        walk.add("errors", page, "1280", [text])
            context.close()
        browser.close()
    walk.seconds = time.monotonic() - started
    return walk


def _look(tab, page, walk: Walk) -> None:
    """Open one page and look at it in every view; what a person has to load is loaded once."""
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.emulate_media(color_scheme="light")
    tab.goto(page.url)
    jump, what = tab.evaluate(SHIFT)
    if jump > 0.01:
        walk.add("jumps", page, "1280", [f"{jump:.3f} ({what})"])
    tab.evaluate(AXE)
    for width, theme, rules in VIEWS:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=theme)
        tab.evaluate(SETTLED)
        walk.add("axe", page, f"{width} {theme}", tab.evaluate(RUN_AXE, rules))
        walk.runs += 1
        if rules is ALL:
            walk.add("looks", page, str(width), tab.evaluate(LOOKS))
    # 1280 at 200 % is 640 wide; the largest letters of +A at both widths.
    for width, letters in ((1280, ""), (640, ""), (360, ""), (1280, LARGEST), (360, LARGEST)):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.evaluate("name => { document.documentElement.className = 'js ' + name }", letters)
        if over := tab.evaluate(OVERFLOW):
            walk.add("overflow", page, f"{width} {letters}", [over])
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.keyboard.press("Tab")
    walk.add("focus", page, "1280", tab.evaluate(FOCUS))


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
