"""What a paragraph and its letters really look like in Word: defaults, then table, paragraph and letter styles, then
what is set on the spot. Lengths come out in millimetres, sizes and spaces in points.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SLOTS = ("ascii", "hAnsi", "cs", "eastAsia")
TOGGLES = ("b", "i", "caps", "smallCaps", "vanish")
_TWIPS_PER_MM = 56.6929
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,9}(\.[0-9]{1,9})?\s*", re.ASCII)


@dataclass(frozen=True)
class Letters:
    """The look of one run of letters."""

    fonts: dict[str, str]
    size: float
    bold: bool
    italic: bool
    caps: bool
    color: str  # "auto", or six hexadecimal digits, or "theme:…"
    hidden: bool
    underlined: bool


@dataclass(frozen=True)
class Layout:
    """How one paragraph stands on the page."""

    align: str  # left, center, right, both
    left: float
    right: float
    first_line: float  # negative: hanging
    before: float
    after: float
    line: float  # lines for "auto", else points
    line_rule: str  # auto, exact, atLeast
    keep_next: bool
    numbered: bool
    borders: frozenset[str] = field(default_factory=frozenset)


class Styles:
    """The styles of one document, and what they make of a paragraph or run."""

    def __init__(self, root):
        self._styles, self._default = {}, {}
        self.unreadable: dict[str, None] = {}  # attributes that hold no number where one must stand, once each
        self._known: dict[tuple, Letters | Layout] = {}  # most paragraphs of a table look alike
        defaults = root.find(f"{W}docDefaults") if root is not None else None
        self._run_defaults = defaults.find(f"{W}rPrDefault/{W}rPr") if defaults is not None else None
        self._paragraph_defaults = defaults.find(f"{W}pPrDefault/{W}pPr") if defaults is not None else None
        for style in root.iter(f"{W}style") if root is not None else ():
            self._styles[style.get(f"{W}styleId")] = style
            if style.get(f"{W}default") in ("1", "true", "on"):
                self._default[style.get(f"{W}type")] = style.get(f"{W}styleId")

    def number(self, given: str | None, default: float, what: str) -> float:
        """A number as Word writes it. One that cannot be read counts as the default and is noted in ``unreadable``."""
        if not given:
            return default
        if not _NUMBER.fullmatch(given):
            self.unreadable.setdefault(f"{what}=“{given[:20]}”")
            return default
        return float(given)

    def millimetres(self, twips: str | None, what: str) -> float:
        """Twentieths of a point, as Word writes lengths, in millimetres; 0 for none."""
        return self.number(twips, 0, what) / _TWIPS_PER_MM

    def name(self, style_id: str | None) -> str:
        """The name of a paragraph style as Word shows it; of the default one for None."""
        style = self._styles.get(style_id or self._default.get("paragraph"))
        named = style.find(f"{W}name") if style is not None else None
        return named.get(f"{W}val", "") if named is not None else ""

    def _chain(self, style_id: str | None, kind: str) -> list:
        """The style and those it is based on, the base first."""
        chain, known = [], set()
        style_id = style_id or self._default.get(kind)
        while style_id in self._styles and style_id not in known:
            known.add(style_id)
            style = self._styles[style_id]
            chain.append(style)
            based = style.find(f"{W}basedOn")
            style_id = based.get(f"{W}val") if based is not None else None
        return chain[::-1]

    def _levels(self, paragraph, table_style: str | None, name: str) -> list:
        """The property elements that apply to a paragraph or its runs, the weakest first."""
        properties = paragraph.find(f"{W}pPr")
        chosen = properties.find(f"{W}pStyle") if properties is not None else None
        styles = self._chain(table_style, "table") if table_style else []
        styles = [*styles, *self._chain(chosen.get(f"{W}val") if chosen is not None else None, "paragraph")]
        return [found for style in styles if (found := style.find(f"{W}{name}")) is not None]

    def letters(self, run, paragraph, table_style: str | None) -> Letters:
        """The look of a run."""
        direct = run.find(f"{W}rPr")
        key = (
            "letters",
            table_style,
            _style_of(paragraph),
            b"" if direct is None else etree.tostring(direct, with_tail=False),
        )
        if key not in self._known:
            self._known[key] = self._letters(direct, paragraph, table_style)
        return self._known[key]

    def _letters(self, direct, paragraph, table_style: str | None) -> Letters:
        chosen = direct.find(f"{W}rStyle") if direct is not None else None
        weak = [self._run_defaults] if self._run_defaults is not None else []
        by_paragraph = self._levels(paragraph, table_style, "rPr")
        by_letters = [
            found
            for style in (self._chain(chosen.get(f"{W}val"), "character") if chosen is not None else [])
            if (found := style.find(f"{W}rPr")) is not None
        ]
        levels = [*weak, *by_paragraph, *by_letters, *([direct] if direct is not None else [])]
        fonts: dict[str, str] = {}
        size, color, underline = 10.0, "auto", "none"
        for level in levels:
            _read_fonts(level.find(f"{W}rFonts"), fonts)
            if (given := level.find(f"{W}sz")) is not None:
                size = self.number(given.get(f"{W}val"), 20, "w:sz") / 2
            if (given := level.find(f"{W}color")) is not None:
                color = given.get(f"{W}val") or "auto"
                if given.get(f"{W}themeColor") and color == "auto":
                    color = f"theme:{given.get(f'{W}themeColor')}"
            if (given := level.find(f"{W}u")) is not None:
                underline = given.get(f"{W}val") or "single"
        on = {name: _toggled(name, weak, by_paragraph, by_letters, direct) for name in TOGGLES}
        return Letters(
            fonts=fonts,
            size=size,
            bold=on["b"],
            italic=on["i"],
            caps=on["caps"] or on["smallCaps"],
            color=color,
            hidden=on["vanish"],
            underlined=underline != "none",
        )

    def layout(self, paragraph, table_style: str | None) -> Layout:
        """How a paragraph stands."""
        direct = paragraph.find(f"{W}pPr")
        key = ("layout", table_style, b"" if direct is None else etree.tostring(direct, with_tail=False))
        if key not in self._known:
            self._known[key] = self._layout(direct, paragraph, table_style)
        return self._known[key]

    def _layout(self, direct, paragraph, table_style: str | None) -> Layout:
        levels = [
            *([self._paragraph_defaults] if self._paragraph_defaults is not None else []),
            *self._levels(paragraph, table_style, "pPr"),
            *([direct] if direct is not None else []),
        ]
        indent: dict[str, str] = {}
        spacing: dict[str, str] = {}
        align, keep, numbered, borders = "left", False, False, frozenset()
        for level in levels:
            _take(level.find(f"{W}ind"), indent)
            if "hanging" in indent and (given := level.find(f"{W}ind")) is not None:
                if given.get(f"{W}firstLine") is not None and given.get(f"{W}hanging") is None:
                    del indent["hanging"]
            _take(level.find(f"{W}spacing"), spacing)
            if (given := level.find(f"{W}jc")) is not None:
                align = given.get(f"{W}val") or "left"
            if (given := level.find(f"{W}keepNext")) is not None:
                keep = _is_on(given)
            if (given := level.find(f"{W}numPr/{W}numId")) is not None:
                numbered = given.get(f"{W}val") not in (None, "0")
            if (given := level.find(f"{W}pBdr")) is not None:
                borders = frozenset(
                    edge.tag.removeprefix(W) for edge in given if edge.get(f"{W}val") not in (None, "nil", "none")
                )
        rule = spacing.get("lineRule", "auto")
        line = self.number(spacing.get("line"), 240, "w:line")

        def length(*names: str) -> float:
            name = next((name for name in names if name in indent), names[0])
            return self.millimetres(indent.get(name), f"w:{name}")

        return Layout(
            align={"start": "left", "end": "right", "distribute": "both"}.get(align, align),
            left=length("left", "start"),
            right=length("right", "end"),
            first_line=-length("hanging") if "hanging" in indent else length("firstLine"),
            before=self._space(spacing, "before"),
            after=self._space(spacing, "after"),
            line=line / 240 if rule == "auto" else line / 20,
            line_rule=rule,
            keep_next=keep,
            numbered=numbered,
            borders=borders,
        )

    def _space(self, spacing: dict[str, str], side: str) -> float:
        if spacing.get(f"{side}Autospacing") in ("1", "true", "on"):
            return 14.0  # what Word gives an "automatic" space
        return self.number(spacing.get(side), 0, f"w:{side}") / 20


def _style_of(paragraph) -> str:
    chosen = paragraph.find(f"{W}pPr/{W}pStyle")
    return chosen.get(f"{W}val", "") if chosen is not None else ""


def _read_fonts(given, fonts: dict[str, str]) -> None:
    if given is None:
        return
    for slot in SLOTS:
        if theme := given.get(f"{W}{'cstheme' if slot == 'cs' else slot + 'Theme'}"):
            fonts[slot] = f"theme:{theme}"
        elif name := given.get(f"{W}{slot}"):
            fonts[slot] = name


def _take(given, into: dict[str, str]) -> None:
    if given is not None:
        into.update({name.removeprefix(W): value for name, value in given.attrib.items()})


def _is_on(element) -> bool:
    return element.get(f"{W}val") not in ("0", "false", "off", "none")


def _last(levels, name: str) -> bool | None:
    found = None
    for level in levels:
        if (given := level.find(f"{W}{name}")) is not None:
            found = _is_on(given)
    return found


def _toggled(name: str, weak, by_paragraph, by_letters, direct) -> bool:
    """Bold and its kin: what is set on the spot counts; else paragraph and letter styles switch each other."""
    if direct is not None and (given := direct.find(f"{W}{name}")) is not None:
        return _is_on(given)
    styled = bool(_last(by_paragraph, name)) ^ bool(_last(by_letters, name))
    return styled or bool(_last(weak, name))
