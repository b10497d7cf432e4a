"""Numbers that Word writes by itself (automatic lists): they are nowhere in the text, so they are counted again."""

import re

from agencies.vietnamese import int_to_roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Numbering:
    """The automatic lists of one document, counted as its paragraphs are read in order."""

    def __init__(self, root):
        self._levels: dict[tuple[str, str], tuple[str, str, int]] = {}  # (numId, ilvl) → format, pattern, first number
        self._counts: dict[tuple[str, str], int] = {}
        self._abstract_of: dict[str, str] = {}
        if root is None:
            return
        abstract = {node.get(f"{W}abstractNumId"): node for node in root.findall(f"{W}abstractNum")}
        for num in root.findall(f"{W}num"):
            ref = num.find(f"{W}abstractNumId")
            source = abstract.get(ref.get(f"{W}val")) if ref is not None else None
            if source is None:
                continue
            self._abstract_of[num.get(f"{W}numId")] = ref.get(f"{W}val")
            for level in source.findall(f"{W}lvl"):
                key = (num.get(f"{W}numId"), level.get(f"{W}ilvl"))
                start = _value(level, "start", "1")
                self._levels[key] = (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    int(start) if start.isdigit() else 1,
                )

    def label(self, paragraph) -> str:
        """The number that Word shows before this paragraph, '' when it shows none; bullets read as '-'."""
        properties = paragraph.find(f"{W}pPr/{W}numPr")
        if properties is None:
            return ""
        num_id, level = _value(properties, "numId", ""), _value(properties, "ilvl", "0")
        if (num_id, level) not in self._levels or not level.isdigit():
            return ""
        number_format, pattern, _start = self._levels[num_id, level]
        if number_format == "bullet":
            return "-"
        if number_format == "none":
            return ""
        # Lists that share a definition count together.
        group = self._abstract_of[num_id]
        first = self._levels[num_id, level][2]
        self._counts[group, level] = self._counts.get((group, level), first - 1) + 1
        for other, deeper in list(self._counts):
            if other == group and int(deeper) > int(level):
                del self._counts[other, deeper]

        def shown(match: re.Match) -> str:
            at = str(int(match[1]) - 1)
            kind, _pattern, start = self._levels.get((num_id, at), ("decimal", "", 1))
            return _written(self._counts.get((group, at), start), kind)

        return re.sub(r"%(\d)", shown, pattern)


def _value(parent, tag: str, default: str) -> str:
    node = parent.find(W + tag)
    return node.get(f"{W}val", default) if node is not None else default


def _written(number: int, number_format: str) -> str:
    if number_format in {"upperRoman", "lowerRoman"} and 0 < number < 90:
        roman = int_to_roman(number)
        return roman if number_format == "upperRoman" else roman.lower()
    if number_format in {"upperLetter", "lowerLetter"} and 0 < number <= 26:
        letter = _LETTERS[number - 1]
        return letter.upper() if number_format == "upperLetter" else letter
    return str(number)
