"""The user guide tells the truth: its words stand on the screens it speaks of, its pictures are of today's screens.

``UPDATE_GUIDE=1`` (``make guide``) takes the pictures anew, with what stood on each screen, and writes docs/use/.
"""

import json
import os
from pathlib import Path

import pytest

from portal.guide import PICTURES, SLUGS, as_markdown, guides, index_markdown
from tests.browser import signed_in
from tests.guide_screens import SCREENS, dressed, words_on
from tests.kept_rows import committed_world

UPDATE = os.environ.get("UPDATE_GUIDE") == "1"
DOCS = Path(__file__).resolve().parent.parent / "docs"
FINGERPRINTS = Path(__file__).with_name("guide_fingerprints.json")
MOST_BYTES = 120 * 1024
AGAIN = "the screen has changed: look at the guide's words, then run `make guide`"


def parts():
    return [(guide, part) for guide in guides() for part in guide.parts]


def test_the_documents_are_the_guide():
    wanted = {DOCS / "use.md": index_markdown()} | {
        DOCS / "use" / f"{row.slug}.md": as_markdown(row) for row in guides()
    }
    if UPDATE:
        for path, text in wanted.items():
            path.write_text(text, encoding="utf-8")
    stale = [
        path.name for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "docs/use is not what portal/guide_pages says; run `make guide`"
    assert {path.stem for path in (DOCS / "use").glob("*.md")} == set(SLUGS)


def test_every_screen_is_used_and_nothing_is_bold_without_one():
    assert {part.screen for _guide, part in parts() if part.screen} == set(SCREENS)
    assert [part.title for _guide, part in parts() if part.bold and not part.screen] == []


def test_every_picture_exists_and_is_small():
    found = {name: PICTURES / f"{name}.png" for name in SCREENS}
    assert [name for name, path in found.items() if not path.exists()] == [], "run `make guide`"
    assert {name: path.stat().st_size for name, path in found.items() if path.stat().st_size > MOST_BYTES} == {}
    assert {path.stem for path in PICTURES.glob("*.png")} == set(SCREENS)


def _take(page, name: str) -> None:
    """The top of the screen, as much of it as fits into the bytes a picture may have."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for height in range(640, 240, -60):
        clip = {"x": 0, "y": 0, "width": 1000, "height": height}
        taken = page.screenshot(clip=clip, animations="disabled", caret="hide")
        if len(taken) <= MOST_BYTES:
            break
    (PICTURES / f"{name}.png").write_bytes(taken)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_words_stand_on_the_screens(live_server, settings, browser):
    world = dressed(committed_world())
    settings.PORTAL_TODAY = world.today
    bold = {}
    for _guide, part in parts():
        bold.setdefault(part.screen, []).extend(part.bold)
    kept = json.loads(FINGERPRINTS.read_text(encoding="utf-8")) if FINGERPRINTS.exists() else {}
    found, missing = {}, []
    pages = {}
    for name, screen in SCREENS.items():
        page = pages.get(screen.user)
        if page is None:
            page = pages[screen.user] = signed_in(browser, live_server.url, screen.user, width=1000)
        screen.go(page, world)
        found[name] = words_on(page)
        shown = " \n ".join(found[name])
        missing += [f"{name}: “{word}”" for word in bold.get(name, []) if word not in shown]
        if UPDATE:
            _take(page, name)
    assert missing == [], "the guide names in bold what is not on its screen"
    if UPDATE:
        FINGERPRINTS.write_text(
            json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
        )
        return
    changed = {
        name: {
            "new": sorted(set(words) - set(kept.get(name, []))),
            "gone": sorted(set(kept.get(name, [])) - set(words)),
        }
        for name, words in found.items()
        if words != kept.get(name)
    }
    assert changed == {}, AGAIN
