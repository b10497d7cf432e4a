"""Nothing in our scripts and styles is newer than Chrome 109, the last one on Windows 7 and 8 of government offices.

Read, not run: the browsers that can be installed for the tests are newer. What merely looks plainer there is allowed.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(
    path
    for room in ("agencies", "campaigns", "reports", "portal")
    for path in (ROOT / room).glob("static/**/*")
    if path.suffix in {".js", ".css"}
)
# First Chrome with it → how it is written.
TOO_NEW = {
    ".css": {
        110: r"initial-letter",
        111: r"color-mix\(|oklch\(|round\(",
        112: r"(?m)^\s*&|\{\s*&[\s.:#\[>]",
        114: r"\[popover\]|:popover-open",
        116: r"display\s+\d|transition-behavior",
        117: r"subgrid|@starting-style",
        118: r"@scope",
        120: r":dir\(|:user-(?:in)?valid",
        123: r"light-dark\(|field-sizing",
        125: r"anchor-name|position-anchor",
        129: r"interpolate-size",
    },
    ".js": {
        110: r"\.(?:toSorted|toReversed|toSpliced)\(",
        114: r"popover|showPopover",
        117: r"\.groupBy\(",
        119: r"Promise\.withResolvers",
        120: r"URL\.canParse",
        121: r"Array\.fromAsync",
        122: r"\.(?:isSubsetOf|isSupersetOf|symmetricDifference)\(|Iterator\.from",
        133: r"\.moveBefore\(",
    },
}


def newer(text: str, kind: str) -> list[str]:
    """What of the text needs a newer Chrome: 'Chrome 111: color-mix('."""
    return [
        f"Chrome {version}: {found}"
        for version, written in TOO_NEW[kind].items()
        for found in re.findall(written, text)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_newer_than_the_oldest_browser(path):
    assert newer(path.read_text(encoding="utf-8"), path.suffix) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a { color: color-mix(in srgb, red, blue) }", ".css"),
        ("a { & b { c: d } }", ".css"),
        ("p { color: light-dark(black, white) }", ".css"),
        ("rows.toSorted()", ".js"),
        ("Object.groupBy(rows, name)", ".js"),
    ],
)
def test_what_is_newer_is_found(text, kind):
    assert newer(text, kind)
