"""The counts of one activity: what is filled in, what is refused, and how money and topics are read."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaigns.activity_fields import TopicsField
from campaigns.activity_figures import PARTS, SUMS, attendance_code, settled, wrong_figures
from campaigns.count_field import CountField

CODES = sorted({code for pair in PARTS for code in pair} | {c for whole, parts in SUMS for c in (whole, *parts)}
               | {"PB01", "TH01", "PB03", "PB04", "PB06", "PB07"})  # fmt: skip
counts = st.dictionaries(st.sampled_from(CODES), st.none() | st.integers(0, 10**9))
sites = st.lists(st.tuples(st.just("Điểm"), st.booleans(), st.none() | st.integers(0, 10**6)), max_size=6)


@given(counts, sites)
def test_settling_changes_nothing_typed_and_settles_once(figures, places):
    values = settled(figures, places)
    assert all(values[code] == value for code, value in figures.items() if value is not None)
    assert settled(values, places) == values


@given(st.sampled_from(SUMS), st.lists(st.integers(0, 10**6), min_size=1, max_size=3))
def test_totals_follow_from_their_parts(whole_parts, given_parts):
    whole, parts = whole_parts
    values = settled(dict(zip(parts, given_parts, strict=False)))
    assert values[whole] == sum(given_parts) and wrong_figures(values) == []


@given(sites, st.integers(0, 10**7))
def test_sites_agree_with_the_total_or_are_told(places, total):
    known = [attendance for _name, _online, attendance in places if attendance is not None]
    whole = len(known) == len(places)
    values = {"PB01": Decimal(1), "PB02": Decimal(total)}
    fits = not known or sum(known) == total or (sum(known) < total and not whole)
    told = [code for code, _text in wrong_figures(values, places)]
    assert told == ([] if fits else ["PB02"])
    assert wrong_figures(settled({}, places), places) == []


@pytest.mark.parametrize(
    ("figures", "places", "expected"),
    [
        ({}, [], {}),
        ({"PB07": 3}, [], {"PB07": 3}),
        ({"PB02": 40}, [], {"PB01": 1, "PB02": 40}),
        ({"PB01": 2, "PB02": 40}, [], {"PB01": 2, "PB02": 40}),
        ({"PB02": 0}, [], {"PB02": 0}),  # nobody came: nothing says that it took place
        ({"TH02": 40}, [], {"TH01": 1, "TH02": 40}),
        ({}, [("A", False, 30), ("B", True, 12)], {"PB01": 1, "PB02": 42}),
        ({"TH01": 1}, [("A", False, 30), ("B", True, 12)], {"TH01": 1, "TH02": 42}),
        ({"PB03": 1}, [("A", False, 30)], {"PB03": 1, "PB04": 30}),
        ({"PB10a": Decimal("12.5"), "PB10c": Decimal("0.5")}, [], {"PB10a": Decimal("12.5"), "PB10c": Decimal("0.5"), "PB10": 13}),
    ],
)  # fmt: skip
def test_what_is_filled_in(figures, places, expected):
    assert settled(figures, places) == expected


@pytest.mark.parametrize(
    ("figures", "places", "where"),
    [
        ({"PB02": 10, "PB02n": 11}, [], ["PB02n"]),
        ({"PB02": 10, "PB02d": 11}, [], ["PB02d"]),
        ({"PB05i": 3}, [], ["PB05i"]),
        ({"TH02": 5, "TH03": 6}, [], ["TH03"]),
        ({"PB05": 10, "PB05a": 9}, [], ["PB05"]),
        ({"PB05": 10}, [], ["PB05"]),  # not said in which language
        ({"PB10": Decimal("1.5"), "PB10b": Decimal("1.4")}, [], ["PB10"]),
        ({"PB01": 0, "PB02": 10}, [], ["PB01"]),
        ({"PB06": -1}, [], ["PB06"]),
        ({"PB02": 10}, [("A", False, 8), ("B", True, 3)], ["PB02"]),
        ({"PB02": 10}, [("A", False, 8), ("B", True, 1)], ["PB02"]),
        ({"PB02": 10}, [("A", False, 8), ("B", True, None)], []),
        ({"PB05": 0}, [], []),
    ],
)
def test_what_is_refused_is_named(figures, places, where):
    assert [code for code, _text in wrong_figures(settled(figures, places), places)] == where


def test_attendance_belongs_to_what_was_held():
    assert [attendance_code({code: Decimal(1)}) for code in ("PB01", "PB02", "TH01", "TH02", "PB03", "PB07")] == [
        "PB02", "PB02", "TH02", "TH02", "PB04", "PB02",
    ]  # fmt: skip


MONEY = CountField(decimals=1)  # million đồng


# --- fields -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("0", "0"), ("12", "12"), ("12,5", "12.5"), ("1.234,5", "1234.5"), ("1 234", "1234"), ("0,0", "0")],
)
def test_money_is_read(text, value):
    assert MONEY.clean(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12.5", "ghi bằng dấu phẩy"),
        ("12,55", "tối đa 1 chữ số"),
        ("-3", "không được âm"),
        ("-3,5", "không được âm"),
        ("năm triệu", "không phải là số"),
        ("1e3", "không phải là số"),
        ("5%", "Không gõ dấu %"),
        ("9" * 20, "quá lớn"),
    ],
)
def test_money_is_refused(text, said):
    with pytest.raises(ValidationError, match=said):
        MONEY.clean(text)


@given(st.decimals(min_value=0, max_value=10**9, places=1))
def test_money_reads_as_it_is_written(amount):
    field = MONEY
    assert field.clean(field.prepare_value(amount)) == amount


def test_topics_are_tags_in_their_usual_spelling():
    field = TopicsField()
    assert field.clean("phong chong ma tuy;  Đất đai ; PHÒNG, CHỐNG MA TÚY;; Chuyển đổi số.") == [
        "Phòng, chống ma túy", "Đất đai", "Chuyển đổi số",
    ]  # fmt: skip
    assert field.clean("") == [] and field.prepare_value(["Đất đai", "Nhà ở"]) == "Đất đai; Nhà ở"
    for text in ("; ".join(f"Nội dung {n}" for n in range(13)), "x" * 81):
        with pytest.raises(ValidationError):
            field.clean(text)
