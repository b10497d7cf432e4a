"""Which words of a text went and which came, for the coloured preview."""

import difflib
import re
from dataclasses import dataclass

_WORDS = re.compile(r"\S+\s*|\s+")
# Beyond this a word-by-word comparison costs more than it tells; the texts are then shown whole.
_MOST_WORDS = 1200


@dataclass(frozen=True)
class Piece:
    """A run of text, marked when the other side does not have it."""

    text: str
    marked: bool


def word_diff(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """The two texts in pieces. Joined, the pieces of a side are that side's text again."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if not old or not new or len(old) + len(new) > _MOST_WORDS:
        return [Piece(before, True)] if before else [], [Piece(after, True)] if after else []
    left, right = [], []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i < j:
            left.append(Piece("".join(old[i:j]), kind != "equal"))
        if k < m:
            right.append(Piece("".join(new[k:m]), kind != "equal"))
    return left, right
