"""Search: with or without diacritics, only what one may see, and a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.vietnamese import fold
from portal.marking import marked
from portal.search import PER_KIND, search_for
from tests.world import add_task


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Hòa giải ở cơ sở", "hoa giai", "<mark>Hòa</mark> <mark>giải</mark> ở cơ sở"),
        ("Hoà giải", "hòa", "<mark>Hoà</mark> giải"),
        ("Đường <b> & đê", "duong", "<mark>Đường</mark> &lt;b&gt; &amp; đê"),
        ("a&b", "b", "a&amp;<mark>b</mark>"),
        ("không có", "xyz", "không có"),
        ("ma túy", "m ma", "<mark>ma</mark> túy"),
        ("Ho\u0300a", "hoa", "<mark>H\u00f2a</mark>"),
        ("giải  giải", "giai", "<mark>giải</mark>  <mark>giải</mark>"),
    ],
)
def test_marking(text, query, shown):
    assert marked(text, fold(query).split()) == shown


def found(user, query) -> dict[str, list[str]]:
    return {
        group.label: [str(hit.title) for hit in group.hits] for group in search_for(user, query).groups if group.hits
    }


@pytest.mark.parametrize(
    "query", ["hòa giải", "hoà giải", "hoa giai", "HOA  GIAI", "Hoà Giải", "giai hoa", "ho\u0300a"]
)
def test_every_spelling_finds_the_same(world, query):
    assert any("<mark>Hòa</mark>" in title for title in found(world.people["secretary"], query)["Nhiệm vụ"])


def test_every_word_must_be_there(world):
    assert not found(world.people["secretary"], "hoa giai matuy")
    assert found(world.people["secretary"], "tuyen truyen ma tuy hoc sinh")


@pytest.mark.parametrize("query", ["", "   ", "\x00"])
def test_an_empty_query_gives_a_hint(world, sign_in, query):
    answer = sign_in(world.people["secretary"]).get(reverse("search"), {"q": query})
    assert "Gõ vài từ" in answer.content.decode()


@pytest.mark.parametrize("query", ["%", "_", "100%", "'; --", "\\"])
def test_signs_have_no_meaning(world, query):
    assert not found(world.people["secretary"], query)


def test_nobody_finds_what_they_may_not_see(world):
    query = "tien giang"
    for name in ("secretary", "leader", "administrator", "officer_a", "outsider", "inactive"):
        assert not found(world.people[name], query), name
    assert found(world.people["other_secretary"], query)
    # An officer finds the tasks of their own agency only; an administrator finds no business at all.
    assert "Nhiệm vụ" in found(world.people["officer_a"], "ma tuy")
    assert not found(world.people["officer_c"], "ma tuy")
    assert set(found(world.people["administrator"], "cong an")) == {"Cơ quan"}


def test_a_name_may_hold_any_sign(world):
    agency = world.agencies["a"]
    type(agency).objects.filter(pk=agency.pk).update(short_name="A|B|")
    assert "Người" in found(world.people["secretary"], "nguoi officer a")


def test_titles_that_begin_with_the_words_come_first(world):
    for number, title in ((7, "Tổ chức cuộc thi"), (8, "Cuộc thi tổ chức xã"), (9, "Thi cuộc, không liền")):
        add_task(world, world.plan, number, "a", title=title)
    titles = found(world.people["secretary"], "cuoc thi")["Nhiệm vụ"]
    assert [title.split()[0] for title in titles] == ["8.", "7.", "9."]


def test_at_most_twenty_of_a_kind_with_their_total(world, sign_in):
    client, secretary = sign_in(world.people["secretary"]), world.people["secretary"]
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse("search"), {"q": "bao ve"})
    for number in range(100, 100 + PER_KIND + 3):
        add_task(world, world.plan, number, "a", "b", title=f"Bảo vệ môi trường {number}")
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("search"), {"q": "bao ve"}).content.decode()
    tasks = search_for(secretary, "bao ve").groups[1]
    assert (len(tasks.hits), tasks.total) == (PER_KIND, PER_KIND + 3)
    assert f"hiện {PER_KIND} kết quả đầu" in page
    # One more than an empty answer: the assignments of the tasks found, with their agencies.
    assert len(many) <= len(few) + 1


def test_the_query_is_escaped(world, sign_in):
    page = sign_in(world.people["secretary"]).get(reverse("search"), {"q": "<script>x"}).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
