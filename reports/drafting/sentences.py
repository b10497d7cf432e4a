"""One sentence of the drafted report, and everything it was written from.

A sentence knows its figures, the agencies' words, the tasks and the reports behind it, so that the secretariat can
check it, and a key that stays the same when the figures change, so that an edited text is told what changed under it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.values import Words


@dataclass(frozen=True)
class Sentence:
    """One sentence (or one agency's paragraph) under a heading. ``key`` names it within its heading.

    ``figures``: codes of the indicators it tells; ``words``: what the agencies wrote; ``tasks``: ids of the tasks it
    counts or names; ``agencies``: codes of the agencies whose report, handed in or not, it speaks of.
    """

    key: str
    text: str
    figures: tuple[str, ...] = ()
    words: tuple[Words, ...] = ()
    tasks: tuple[int, ...] = ()
    agencies: tuple[str, ...] = ()
    opens: bool = False  # begins a paragraph


# Heading of the outline → its sentences.
Draft = dict[str, tuple[Sentence, ...]]


def joined(sentences: Iterable[Sentence]) -> str:
    """The text under a heading: sentences with a space between them, paragraphs with a line feed."""
    text = ""
    for sentence in sentences:
        text += ("\n" if sentence.opens else " ") * bool(text) + sentence.text
    return text


def texts(draft: Draft) -> dict[str, str]:
    """Key of OUTLINE → text, paragraphs separated by a line feed."""
    return {key: joined(sentences) for key, sentences in draft.items()}
