"""The words of a row, kept by the database itself for searching: a column, an index, and the condition that asks them.

The column is a ``tsvector`` that PostgreSQL generates from the row's own texts, so that no import, bulk write or raw
SQL escapes it. Django does not know it: no list ever loads it. Each word is kept whole and, where asked, with its
endings ("toan" → "toan", "oan", "an"), so that one prefix question finds words, their beginnings and their insides;
the weight of a lexeme says which it is:

| weight | the lexeme is |
|---|---|
| A | a whole word of the title |
| B | the end of a word of the title |
| C | a whole word of the other text |
| D | the end of a word of the other text |

A migration that changes the type of a column named in ``words_of`` must drop the column before and add it again after
(docs/decisions/0010-search.md).
"""

from dataclasses import dataclass

from django.db import models
from django.db.migrations import RunSQL
from django.db.models.expressions import Expression

from agencies.vietnamese import fold_words

COLUMN = "search_words"
LONGEST_TEXT = 20_000  # characters of a text that are searched
LONGEST_WORD = 40

# One function without helpers: a dump restores it with an empty search path. Folding is that of agencies.vietnamese.
_FUNCTION = rf"""
CREATE FUNCTION portal_search_words(title text, body text, inside boolean) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
    SELECT coalesce(string_agg(lexeme || ':' || marks, ' '), '')::tsvector
    FROM (
        SELECT lexeme, string_agg(DISTINCT mark, ',') AS marks
        FROM (
            SELECT substr(word, place) AS lexeme, CASE WHEN place = 1 THEN whole ELSE part END AS mark
            FROM (
                SELECT DISTINCT left(word, {LONGEST_WORD}) AS word, whole, part
                FROM (VALUES (title, '1A', '2B'), (body, '3C', '4')) AS texts (words, whole, part),
                     regexp_split_to_table(
                         translate(
                             lower(regexp_replace(
                                 normalize(left(words, {LONGEST_TEXT}), NFD),
                                 '[\u0300-\u036f\u200b-\u200d\u2060\ufeff\u00ad]', '', 'g'
                             )),
                             'ĐđÐð', 'dddd'
                         ),
                         '[^0-9a-z]+'
                     ) AS word
                WHERE word <> ''
            ) AS every_word,
            generate_series(1, CASE WHEN inside THEN greatest(1, length(word) - 1) ELSE 1 END) AS place
        ) AS every_piece
        GROUP BY lexeme
    ) AS grouped
$function$
"""


def create_function() -> RunSQL:
    """The migration step that makes the function; the columns follow it."""
    return RunSQL(_FUNCTION, "DROP FUNCTION portal_search_words(text, text, boolean)")


def words_of(table: str, *, title: str = "''", body: str = "''", inside: bool = True, when: str = "") -> RunSQL:
    """The migration step that keeps the words of a table: SQL for its title and its other text.

    ``inside`` keeps the endings of words too (for short texts); ``when`` is a condition without which nothing is kept.
    """
    words = f"portal_search_words({title}, {body}, {'true' if inside else 'false'})"
    if when:
        words = f"CASE WHEN {when} THEN {words} END"
    return RunSQL(
        [
            f"ALTER TABLE {table} ADD COLUMN {COLUMN} tsvector GENERATED ALWAYS AS ({words}) STORED",
            f"CREATE INDEX {table}_words ON {table} USING gin ({COLUMN})",
        ],
        f"ALTER TABLE {table} DROP COLUMN {COLUMN}",
    )


def asked(text: str, most: int = 12) -> list[str]:
    """The folded words of what somebody typed, each once, at most ``most`` of them."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in fold_words(text).split()))[:most]


def _asking(word: str, whole: bool, weights: str) -> str:
    # A single letter begins too many words to say anything: it is only ever a word of its own.
    flags = ("" if whole or len(word) < 2 else "*") + weights
    return f"{word}:{flags}" if flags else word


@dataclass(frozen=True)
class Blank:
    """A question left open in a statement that is composed before the words are known; each has to be filled in."""

    weights: str
    whole: bool

    def filled(self, words: list[str]) -> str:
        """The question about these words."""
        return _question(words, weights=self.weights, whole=self.whole)


# In place of words: the statement is composed without them.
BLANK = object()


class _OfWords(Expression):
    """SQL about the words of the table that a queryset is about; ``words`` come from ``asked`` (letters, digits)."""

    def __init__(self):
        super().__init__()
        self.alias = None

    def resolve_expression(self, query=None, allow_joins=True, reuse=None, summarize=False, for_save=False):
        resolved = self.copy()
        resolved.alias = query.get_initial_alias()
        return resolved

    def relabeled_clone(self, change_map):
        relabeled = self.copy()
        relabeled.alias = change_map.get(self.alias, self.alias)
        return relabeled

    def _column(self, compiler, connection) -> str:
        return f"{compiler.quote_name_unless_alias(self.alias)}.{connection.ops.quote_name(COLUMN)}"


class Holds(_OfWords):
    """Whether the row holds every word, or the beginning of one; ``words`` may be BLANK."""

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, words):
        super().__init__()
        self.question = _question(words)

    def as_sql(self, compiler, connection):
        return f"{self._column(compiler, connection)} @@ %s::tsquery", [self.question]


class Fit(_OfWords):
    """How well the row holds the words: 0 whole words of the title, 1 of any text, 2 and 3 beginnings, 4 and 5 insides.

    One expression and not a Case of several: building that costs more than asking. ``words`` may be BLANK.
    """

    output_field = models.IntegerField()

    def __init__(self, words):
        super().__init__()
        given = (("A", True), ("AC", True), ("A", False), ("AC", False), ("AB", False))
        self.questions = [_question(words, weights=weights, whole=whole) for weights, whole in given]

    def as_sql(self, compiler, connection):
        column = self._column(compiler, connection)
        cases = " ".join(f"WHEN {column} @@ %s::tsquery THEN {place}" for place in range(len(self.questions)))
        return f"CASE {cases} ELSE {len(self.questions)} END", list(self.questions)


def _question(words, *, weights: str = "", whole: bool = False) -> str | Blank:
    if words is BLANK:
        return Blank(weights, whole)
    return " & ".join(_asking(word, whole, weights) for word in words)
