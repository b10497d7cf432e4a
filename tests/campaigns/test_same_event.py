"""Which records are one event, and with whom each is counted: arithmetic alone."""

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.same_event import Event, counted_with, events_around, same_event, similarity, words

T = datetime(2024, 5, 20, 15, 0)


def event(title, place="", agency=1, number=1):
    return Event(number, agency, title, place, T + timedelta(hours=number))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # written alike, or differently spelt
        (("Tuyên truyền phòng, chống ma túy", "Ninh Kiều"), ("tuyen truyen phong chong ma tuy", "ninh kieu"), True),
        (("Tuyên truyền phòng, chống ma túy", ""), ("Phối hợp tổ chức tuyên truyền phòng chống ma tuý", ""), True),
        # one says more
        (("Tuyên truyền phòng, chống ma túy", "Trường THPT An Khánh"), ("Tuyên truyền phòng, chống ma túy cho học sinh", "Trường THPT An Khánh, quận Ninh Kiều"), True),
        # the place once in the title, once in its field
        (("Phiên tòa giả định tại Trường THPT An Khánh", "quận Ninh Kiều"), ("Tổ chức phiên tòa giả định", "Trường THPT An Khánh"), True),
        (("Phiên tòa giả định tại Trường THPT An Khánh", ""), ("Tổ chức phiên tòa giả định", "Trường THPT An Khánh"), True),
        # another ward, another school, another class
        (("Tuyên truyền Luật Đất đai cho Nhân dân phường An Khánh", "quận Ninh Kiều"), ("Tuyên truyền Luật Đất đai cho Nhân dân phường An Bình", "quận Ninh Kiều"), False),
        (("Tuyên truyền Luật Đất đai cho Nhân dân", "phường An Khánh"), ("Tuyên truyền Luật Đất đai cho Nhân dân", "phường An Bình"), False),
        (("Tuyên truyền Luật Đất đai tại phường An Khánh", ""), ("Tuyên truyền Luật Đất đai", "phường An Bình"), False),
        (("Tập huấn hòa giải viên đợt 1", "Hội trường"), ("Tập huấn hòa giải viên đợt 2", "Hội trường"), False),
        # a fragment is not the event
        (("Tuyên truyền pháp luật", "Ninh Kiều"), ("Tuyên truyền pháp luật về đất đai, nhà ở cho Nhân dân", "Ninh Kiều"), False),
        (("Hội nghị", ""), ("Hội nghị Mặt trận", ""), False),
        (("Hội nghị", "Ninh Kiều"), ("Hội nghị", "Ninh Kiều"), True),
        (("", ""), ("Hội nghị", ""), False),
        # other words
        (("Nói chuyện chuyên đề ma túy", "Trường A"), ("Tuyên truyền phòng, chống ma túy", "Trường A"), False),
    ],
)  # fmt: skip
def test_one_event_or_two(one, other, same):
    first, second = event(*one), event(*other, agency=2, number=2)
    assert same_event(first, second) == same_event(second, first) == same


def test_an_agency_does_not_double_itself():
    assert not same_event(event("Buổi nói chuyện", "Trường A"), event("Buổi nói chuyện", "Trường A", number=2))


texts = st.text(alphabet="aàăâbcdđeêiouy 12,.-", max_size=40)


@given(texts, texts, texts, texts)
def test_sameness_is_mutual_and_sure_of_its_words(title, place, title2, place2):
    one, other = event(title, place), event(title2, place2, agency=2, number=2)
    assert same_event(one, other) == same_event(other, one)
    if same_event(one, other):
        assert one.title_words and other.title_words
        # Whatever both titles say besides the places, neither contradicts the other.
        places = one.place_words | other.place_words
        assert not ((one.title_words - other.title_words - places) and (other.title_words - one.title_words - places))


@given(texts, texts)
def test_similarity_is_a_share(one, other):
    value = similarity(words(one), words(other))
    assert 0 <= value <= 1 and value == similarity(words(other), words(one))
    assert (value == 1) == (bool(words(one)) and words(one) == words(other))


@given(
    st.lists(st.tuples(texts, st.sampled_from(["", "An Bình", "An Khánh"]), st.integers(1, 3)), max_size=8), st.data()
)
def test_a_save_looks_at_all_that_hangs_together(rows, data):
    """Around any seeds: every pair among them and whatever they lead to, and nothing that is not alike."""
    events = [event(title, place, agency, number) for number, (title, place, agency) in enumerate(rows, 1)]
    seeds = data.draw(st.sets(st.integers(1, 9), max_size=3))
    every = {(one.id, other.id) for one, other in combinations(events, 2) if same_event(one, other)}
    members, alike = events_around(events, seeds)
    around = {member.id for member in members}
    assert seeds & {row.id for row in events} <= around and len(members) == len(around)
    pairs = {(one.id, other.id) for one, other in alike}
    assert pairs == {pair for pair in every if set(pair) & around} and len(pairs) == len(alike)
    assert all(set(pair) <= around for pair in pairs)


@st.composite
def days(draw):
    """Some records of a day and which of them are one event, with whose lead."""
    ids = list(range(1, draw(st.integers(1, 7)) + 1))
    hours = draw(st.lists(st.integers(0, 5), min_size=len(ids), max_size=len(ids)))
    events = [Event(n, n, "", "", T + timedelta(hours=hour)) for n, hour in zip(ids, hours, strict=True)]
    chosen = draw(st.lists(st.sampled_from(list(combinations(ids, 2)) or [None]), unique=True, max_size=12))
    return events, {pair: draw(st.sampled_from([None, *pair])) for pair in chosen if pair}


@given(days())
def test_counted_once_and_in_one_step(day):
    events, pairs = day
    found = counted_with(events, pairs)
    assert set(found) == {event.id for event in events}
    for one, head in found.items():
        if head is not None:
            assert found[head] is None and tuple(sorted((one, head))) in pairs
        elif not any(one in pair for pair in pairs):
            assert head is None
    # Of two records of one event never both count.
    assert not any(found[one] is None and found[other] is None for one, other in pairs)
    assert counted_with(events[::-1], pairs) == found


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({}, {1: None, 2: None, 3: None}),
        ({(1, 2): None}, {1: None, 2: 1, 3: None}),  # the first recorded
        ({(1, 2): 2}, {1: 2, 2: None, 3: None}),  # the lead, though later
        ({(1, 3): 3, (2, 3): 3, (1, 2): None}, {1: 3, 2: 3, 3: None}),
        ({(1, 2): None, (2, 3): 3}, {1: None, 2: 1, 3: None}),
        ({(1, 2): 2, (2, 3): 3, (1, 3): 1}, {1: None, 2: 1, 3: 1}),  # leads in a circle: the first recorded
    ],
)
def test_who_counts(pairs, expected):
    events = [Event(n, n, "", "", T + timedelta(hours=n)) for n in (1, 2, 3)]
    assert counted_with(events, pairs) == expected
