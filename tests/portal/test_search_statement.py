"""A statement composed once answers everybody as one composed for them alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.search_words import Blank, asked
from agencies.vietnamese import fold
from campaigns.activities import record_activity
from portal import search_statement
from portal.search import _KINDS, search_for
from portal.search_statement import PHRASE, rows_of

pytestmark = pytest.mark.django_db
PEOPLE = ["officer_a", "officer_b", "officer_c", "secretary", "leader", "administrator", "other_secretary", "outsider"]
QUERIES = ["tuyen truyen", "phap luat", "a", "cong an", "hoa giai o co so", "100%"]


@pytest.fixture
def recorded(world):
    for agency in "ab":
        record_activity(
            agency=world.agencies[agency],
            by=world.people[f"officer_{agency}"],
            now=world.now,
            title=f"Tuyên truyền pháp luật tại {agency}",
            held_on=world.today,
        )
    return world


def alone(user, query: str) -> list[tuple]:
    """The rows as a statement of their own gives them."""
    first, *others = (make(user, asked(query), fold(query)) for make in _KINDS)
    return sorted(first.union(*others, all=True), key=repr)


@pytest.mark.parametrize("query", QUERIES)
def test_the_same_rows_for_everybody(recorded, query):
    for name in PEOPLE:
        user = recorded.people[name]
        assert sorted(rows_of(_KINDS, user, asked(query), fold(query)), key=repr) == alone(user, query), name


def test_people_of_one_shape_share_it_and_see_their_own(recorded):
    search_statement._composed.cache_clear()
    seen = {}
    for name in ("officer_a", "officer_b", "officer_a"):
        hits = [
            hit
            for group in search_for(recorded.people[name], "tuyen truyen phap luat tai").groups
            for hit in group.hits
        ]
        seen.setdefault(name, {str(hit.title) for hit in hits})
    assert search_statement._composed.cache_info().currsize == 1
    assert len(seen["officer_a"]) == len(seen["officer_b"]) == 1 and not seen["officer_a"] & seen["officer_b"]


def test_nothing_stays_blank(recorded):
    for name in PEOPLE:
        shape, numbers = search_statement._shape_of(search_statement.grants_of(recorded.people[name]))
        filled = search_statement._composed(_KINDS, shape).filled(["hoa"], "hoa", numbers)
        assert not [param for param in filled if isinstance(param, Blank) or param == PHRASE]
        assert not [
            param for param in filled if isinstance(param, int) and param <= search_statement._FIRST_BLANK + 10**6
        ]


def test_one_query(recorded):
    user = recorded.people["secretary"]
    search_for(user, "tuyen truyen")
    with CaptureQueriesContext(connection) as asked_now:
        search_for(user, "phap luat")
    assert len(asked_now) == 1


def test_the_index_may_be_asked_behind_the_wall():
    """Without this mark PostgreSQL reads every row of the council before it looks at a word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proleakproof FROM pg_proc WHERE oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure")
        assert cursor.fetchone() == (True,)
