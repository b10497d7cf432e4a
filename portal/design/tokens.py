"""The design's tokens as numbers: read from tokens.css itself, measured, and written into docs/design.md."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "static" / "portal" / "tokens.css"
LIGHT, DARK, PRINT = "light", "dark", "print"
_BLOCKS = ((LIGHT, r"^:root \{(.*?)^\}"), (DARK, r"scheme: dark\) \{(.*?)^\}"), (PRINT, r"@media print \{(.*?)^\}"))

# WCAG 2.2 AA: running text, and the edges and marks of what one uses.
TEXT, EDGE = 4.5, 3.0
STATES = ("ok", "warn", "bad", "info", "neutral")


@dataclass(frozen=True)
class Pair:
    """Two colours that meet on some page, and the least ratio between them."""

    front: str
    ground: str
    what: str
    least: float = TEXT


PAIRS = (
    *(Pair("text", ground, "words") for ground in ("page", "surface", "surface-2", "mark")),
    *(Pair("muted", ground, "what is said beside") for ground in ("page", "surface", "surface-2")),
    *(Pair("link", ground, "links") for ground in ("page", "surface", "surface-2")),
    Pair("brand-text", "brand", "the first button"),
    Pair("brand-text", "brand-deep", "the first button under the pointer"),
    Pair("lacquer-text", "lacquer", "the head of the page"),
    Pair("lacquer-text", "lacquer-deep", "the head's buttons under the pointer"),
    Pair("lacquer-quiet", "lacquer", "the council's name in the head"),
    Pair("gold-text", "gold", "the search button, the notice of made-up data"),
    Pair("nav-mark", "surface", "the entry one is at"),
    *(Pair(state, f"{state}-soft", "a badge, a notice") for state in STATES),
    *(Pair(state, "surface", "a state's word on a card") for state in STATES),
    *(Pair("text", f"{state}-soft", "words in a notice") for state in STATES),
    *(
        Pair("line-strong", ground, "the edge of a field or button", EDGE)
        for ground in ("page", "surface", "surface-2")
    ),
    *(Pair("focus", ground, "where the keyboard is", EDGE) for ground in ("page", "surface", "surface-2")),
    Pair("gold", "lacquer", "where the keyboard is, in the head", EDGE),
)


@cache
def tokens() -> dict[str, dict[str, str]]:
    """theme → token → value, as tokens.css says; the dark theme and print hold every token, changed or not."""
    css = CSS.read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for theme, pattern in _BLOCKS:
        block = re.search(pattern, css, re.S | re.M)
        own = dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", block[1])) if block else {}
        found[theme] = found.get(LIGHT, {}) | own
    return found


def colours() -> list[str]:
    """The names of the tokens that are colours, in the order of the file."""
    return [name for name, value in tokens()[LIGHT].items() if value.startswith("#")]


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, ground: str) -> float:
    """The ratio of two colours written #rrggbb, from 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(front), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def measured(pair: Pair, theme: str) -> float:
    """The contrast of a pair in a theme, cut (never rounded up) to two digits."""
    values = tokens()[theme]
    return int(contrast(values[pair.front], values[pair.ground]) * 100) / 100


def as_markdown() -> str:
    """The tables of docs/design.md."""
    light, dark, paper = (tokens()[theme] for theme in (LIGHT, DARK, PRINT))
    rows = ["| token | value |", "|---|---|"]
    rows += [f"| `--{name}` | `{value}` |" for name, value in light.items() if name not in colours()]
    rows += ["", "| colour | light | dark | print |", "|---|---|---|---|"]
    rows += [f"| `--{name}` | `{light[name]}` | `{dark[name]}` | `{paper[name]}` |" for name in colours()]
    rows += ["", "| colour on ground | for | at least | light | dark |", "|---|---|---:|---:|---:|"]
    rows += [
        f"| `{pair.front}` on `{pair.ground}` | {pair.what} | {pair.least:g} "
        f"| {measured(pair, LIGHT):.2f} | {measured(pair, DARK):.2f} |"
        for pair in PAIRS
    ]
    return "\n".join(rows)
