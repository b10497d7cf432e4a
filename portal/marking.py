"""The words of a question marked in a text as it is written, although the question has no diacritics."""

import unicodedata
from functools import lru_cache

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from agencies.vietnamese import fold, nfc

EXCERPT = 160  # characters around the first hit in a long text


def _spans(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the folded words stand in the text as written: merged (start, end) pairs of NFC characters.

    The best places count alone: whole words ("an" in "an ninh"), else beginnings ("anh"), else insides ("ban").
    """
    folded, origin = [], []
    for index, char in enumerate(text):
        for letter in _letters(char):
            folded.append(letter)
            origin.append(index)
    flat, spans = "".join(folded), []
    for word in words:
        places, start = [], flat.find(word)
        while start >= 0:
            places.append(start)
            start = flat.find(word, start + len(word))
        begins = [place for place in places if not flat[max(place - 1, 0) : place].isalnum()]
        whole = [place for place in begins if not flat[place + len(word) : place + len(word) + 1].isalnum()]
        spans += [(origin[place], origin[place + len(word) - 1] + 1) for place in whole or begins or places]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1  # a sign that has no letter of its own with what it stands on
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    """What a character is in folded text: a letter, several, or none."""
    return " " if char.isspace() else fold(char)


def marked(text: str, words: list[str]) -> SafeString:
    """The text, escaped, with every hit inside <mark> even when the diacritics differ."""
    text = nfc(text)
    pieces, done = [], 0
    for start, end in _spans(text, words):
        pieces.append(f"{conditional_escape(text[done:start])}<mark>{conditional_escape(text[start:end])}</mark>")
        done = end
    # Every piece is escaped above and here.
    return mark_safe("".join(pieces) + conditional_escape(text[done:]))


def excerpt(title: SafeString, text: str, words: list[str]) -> SafeString | str:
    """The part of a longer text around its first hit, when the title alone does not show every word."""
    text = nfc(text)
    missing = [word for word in words if word not in fold(title)]
    if not missing or not text or not (spans := _spans(text, missing)):
        return ""
    start = max(0, spans[0][0] - EXCERPT // 3)
    if start and (space := text.find(" ", start, spans[0][0])) >= 0:
        start = space + 1  # no excerpt begins in the middle of a word
    end = min(len(text), start + EXCERPT)
    if end < len(text) and (space := text.rfind(" ", spans[0][1], end)) > 0:
        end = space
    part = marked(text[start:end], words)
    return mark_safe(f"{'…' if start else ''}{part}{'…' if end < len(text) else ''}")
