"""The design's tokens: contrast kept in both themes, the document equal to the stylesheet, nothing styled without them."""

import os
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse

from portal.design.pieces import pieces
from portal.design.tokens import DARK, LIGHT, PAIRS, PRINT, as_markdown, colours, contrast, measured, tokens
from portal.templatetags.portal import STATES

ROOT = Path(__file__).resolve().parent.parent.parent
DOC = ROOT / "docs" / "design.md"
MARKS = ("<!-- tokens -->\n", "\n<!-- /tokens -->")
SHEETS = [path for room in ("agencies", "campaigns", "reports", "portal") for path in sorted((ROOT / room / "static").rglob("*.css"))]  # fmt: skip


@pytest.mark.parametrize(
    ("front", "ground", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#0000ff", "#ffffff", 8.592),
    ],
)
def test_contrast_as_wcag_defines_it(front, ground, ratio):
    assert contrast(front, ground) == pytest.approx(ratio, abs=0.001) == contrast(ground, front)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_pair_keeps_its_contrast(theme):
    low = {
        f"{pair.front} on {pair.ground}": measured(pair, theme) for pair in PAIRS if measured(pair, theme) < pair.least
    }
    assert low == {}


def test_words_on_paper_are_black_enough():
    paper = tokens()[PRINT]
    for name in ("text", "muted", "link", "ok", "warn", "bad", "info", "neutral"):
        assert contrast(paper[name], "#ffffff") >= 4.5, name


def test_the_document_says_what_the_stylesheet_says():
    before, rest = DOC.read_text(encoding="utf-8").split(MARKS[0])
    _old, after = rest.split(MARKS[1].lstrip("\n"))
    expected = before + MARKS[0] + as_markdown() + MARKS[1] + after
    if os.environ.get("UPDATE_DESIGN") == "1":
        DOC.write_text(expected, encoding="utf-8")
    assert DOC.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_sheets_use_only_tokens_that_exist(sheet):
    known = set(tokens()[LIGHT]) | set(re.findall(r"--([a-z0-9-]+):", sheet.read_text(encoding="utf-8")))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text(encoding="utf-8")))
    assert used - known == set()


def test_every_state_of_every_room_is_on_the_page(world, sign_in):
    answer = sign_in(world.people["secretary"]).get(reverse("design"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="badge ') >= len(STATES)
    for piece in pieces():
        assert f'id="{piece.key}"' in page and piece.title in page
    for name in colours():
        assert f"--{name}</code>" in page


def test_the_page_is_there_only_while_developing(world, sign_in, settings):
    settings.PORTAL_DESIGN = False
    assert sign_in(world.people["secretary"]).get(reverse("design")).status_code == 404


def test_the_page_of_last_resort_names_its_sheets():
    """500.html and 503.html are files without a server behind them: their addresses are written out."""
    for page in ("500.html", "503.html"):
        for name in re.findall(r'href="/static/([^"]+)"', render_to_string(page)):
            assert finders.find(name), name
