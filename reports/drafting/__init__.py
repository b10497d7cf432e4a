"""A first draft of the council's report, written from the consolidated value alone, sentence by sentence.

Only what the data says: a figure that nobody reported is named as missing or its clause is left out, a figure of 0 is
said to be none, and a rate states the formula behind it (rule V17). The secretariat edits the text afterwards.
"""

from reports.drafting.mediation import mediation, settlement_rates
from reports.drafting.own_words import change, missing_sentence, own_words, partial_sentence
from reports.drafting.plans import plans, standards
from reports.drafting.results import budget, contests, education, materials, people
from reports.drafting.sentences import Draft, Sentence, joined, texts
from reports.outline import OUTLINE
from reports.values import Consolidation

__all__ = [
    "Draft",
    "Sentence",
    "change",
    "draft_narrative",
    "draft_sentences",
    "joined",
    "missing_sentence",
    "partial_sentence",
    "settlement_rates",
    "texts",
]

_WRITTEN = {
    "education": education,
    "contests": contests,
    "materials": materials,
    "people": people,
    "mediation": mediation,
    "standards": standards,
    "plans": plans,
    "budget": budget,
}


def draft_sentences(value: Consolidation) -> Draft:
    """First draft of every heading that has text: key of OUTLINE → sentences, each with what it was written from."""
    return {
        heading.key: tuple(_WRITTEN[heading.key](value) if heading.key in _WRITTEN else own_words(value, heading.key))
        for heading in OUTLINE
        if heading.has_text
    }


def draft_narrative(value: Consolidation) -> dict[str, str]:
    """The same draft as text: key of OUTLINE → paragraphs separated by a line feed."""
    return texts(draft_sentences(value))
