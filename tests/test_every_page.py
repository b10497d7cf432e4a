"""What every page keeps, for every role: valid HTML, nothing inline, a light first view, no heading over nothing."""

import gzip
import re
from html.parser import HTMLParser

import brotli
import html5lib
import pytest
from django.contrib.staticfiles import finders

from portal.middleware import POLICY
from tests.pages import ROLES, distinct, pages_of

FIRST_VIEW_KB = 100
_WEIGHT: dict[str, int] = {}


@pytest.fixture
def pages(world, objects, sign_in):
    """All pages of all roles."""
    return [page for role in ROLES for page in pages_of(role, sign_in(world.people.get(role)), world, objects)]


def _told(findings: list[str]) -> str:
    return "\n" + "\n".join(findings)


class Inline(HTMLParser):
    """Collects what a strict policy would refuse: inline script and style, attributes that are code, foreign addresses."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.static: set[str] = set()
        self._in_script = ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        where = f"<{tag} {' '.join(f'{key}={value!r}' for key, value in list(given.items())[:3])}>"
        for name, value in given.items():
            if name == "style" or re.fullmatch(r"on[a-z]+|hx-on.*", name) or name == "srcdoc":
                self.found.append(f"{name}= in {where}")
            if name in {"hx-vals", "hx-headers", "hx-vars"} and (value or "").strip().startswith(
                ("js:", "javascript:")
            ):
                self.found.append(f"code in {name} of {where}")
            if name in {"href", "src", "action", "formaction", "poster"} and re.match(
                r"\s*(javascript|vbscript):", value or "", re.I
            ):
                self.found.append(f"code in {name} of {where}")
        if tag == "style":
            self.found.append(where)
        if tag == "script" and not given.get("src") and given.get("type") not in {"application/json"}:
            self.found.append(f"inline {where}")
        loads = given.get("src") or (given.get("href") if tag == "link" else None) or ""
        if loads:
            later = tag == "img" and given.get("loading") == "lazy"  # the guide's pictures, each behind "Xem hình"
            if loads.startswith("/static/") and not later:
                self.static.add(loads.removeprefix("/static/").split("?")[0])
            elif not loads.startswith(("/", "data:")) or loads.startswith("//"):
                self.found.append(f"loads {loads}")

    handle_startendtag = handle_starttag


def _weight(path: str) -> int:
    """Bytes of a static file as whitenoise sends it: brotli, or gzip where the file is small."""
    if path not in _WEIGHT:
        found = finders.find(path)
        assert found, f"no static file {path}"
        with open(found, "rb") as file:
            content = file.read()
        _WEIGHT[path] = min(len(brotli.compress(content)), len(content))
    return _WEIGHT[path]


@pytest.mark.django_db
def test_the_pages_keep_the_rules_of_markup(pages):
    wrong, heaviest, parser = [], (0, ""), html5lib.HTMLParser(strict=False)
    for page in pages:
        if page.policy != POLICY:
            wrong.append(f"{page}: the content policy is {page.policy!r}")
        scan = Inline()
        scan.feed(page.html)
        wrong += [f"{page}: {found}" for found in scan.found]
        weight = len(gzip.compress(page.html.encode())) + sum(map(_weight, scan.static))
        heaviest = max(heaviest, (weight, str(page)))
        if weight > FIRST_VIEW_KB * 1024:
            wrong.append(f"{page}: the first view weighs {weight / 1024:.1f} KB")
    for page in distinct(pages):
        parser.parse(page.html)
        for (line, column), code, _data in parser.errors:
            near = page.html.splitlines()[line - 1][max(0, column - 60) : column + 20] if line else ""
            wrong.append(f"{page}: html5lib {code} at {line}:{column} near {near!r}")
    print(f"\nPAGES {len(pages)} of {len(ROLES)} roles; heaviest first view {heaviest[0] / 1024:.1f} KB: {heaviest[1]}")
    assert len(pages) > 150
    assert wrong == [], _told(wrong)
