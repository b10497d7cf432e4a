"""The one statement of a search, composed once for everybody who holds grants of the same shape.

Building nine querysets and having Django write their SQL takes longer than the database takes to answer, and people
search with every letter they type. The SQL depends on how many agencies and councils somebody holds which permission
on, never on which: so it is written once with numbers and words left blank, and these are filled in for each question.
Whatever narrows a list to a person (``visible_to``) has run, for the person's own shape, when the SQL was written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import connection

from agencies.permissions import Grants, StandIn, grants_of
from agencies.search_words import BLANK, Blank

# In place of the phrase: no text that anybody types holds it.
PHRASE = "\x00phrase"
# Numbers that stand for those of agencies and councils: no row has one below zero.
_FIRST_BLANK = -(10**12)
_SHAPES_KEPT = 200
Kind = Callable[[StandIn, object, str], object]
Shape = tuple[tuple, tuple, frozenset]


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters, some of them blank; ``sql`` is '' where nothing at all may be seen."""

    sql: str = ""
    params: tuple = ()

    def filled(self, words: list[str], phrase: str, numbers: Mapping[int, int]) -> list:
        """The parameters for these words, and for the person whose numbers these are (blank → own)."""
        return [_fill(param, words, phrase, numbers) for param in self.params]


def _fill(param, words: list[str], phrase: str, numbers: Mapping[int, int]):
    if isinstance(param, Blank):
        return param.filled(words)
    if isinstance(param, str):
        return phrase if param == PHRASE else param
    if isinstance(param, int) and not isinstance(param, bool):
        return numbers.get(param, param)
    return param


def rows_of(kinds: tuple[Kind, ...], user, words: list[str], phrase: str) -> Iterable[tuple]:
    """The rows of all kinds together that this person may see and that hold the words. One query.

    A kind makes a queryset of values, all with the same columns, of ``(somebody, BLANK, PHRASE)``.
    """
    shape, numbers = _shape_of(grants_of(user))
    statement = _composed(kinds, shape)
    if not statement.sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.filled(words, phrase, numbers))
        return cursor.fetchall()


def _shape_of(grants: Grants) -> tuple[Shape, dict[int, int]]:
    """Grants with every number blank, and which number each blank stands for."""
    held = grants.all_agencies, grants.all_councils
    blanks: list[dict[int, int]] = []
    start = _FIRST_BLANK
    for ids in held:
        blanks.append({number: start + place for place, number in enumerate(sorted(ids))})
        start += len(ids)
    of_agency, of_council = blanks
    shape = (
        tuple(sorted((perm, frozenset(of_agency[pk] for pk in ids)) for perm, ids in grants.on_agency.items())),
        tuple(sorted((perm, frozenset(of_council[pk] for pk in ids)) for perm, ids in grants.on_council.items())),
        frozenset(of_council[pk] for pk in grants.agency_councils),
    )
    return shape, {blank: number for each in blanks for number, blank in each.items()}


@lru_cache(maxsize=_SHAPES_KEPT)
def _composed(kinds: tuple[Kind, ...], shape: Shape) -> Statement:
    on_agency, on_council, agency_councils = shape
    somebody = StandIn(Grants(dict(on_agency), dict(on_council), agency_councils))
    first, *others = (make(somebody, BLANK, PHRASE) for make in kinds)
    try:
        sql, params = first.union(*others, all=True).query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return Statement()
    return Statement(sql, tuple(params))
