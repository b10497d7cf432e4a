"""Numbers in Vietnamese words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.number_words import number_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (55, "năm mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1234, "một nghìn hai trăm ba mươi bốn"),
        (10_000, "mười nghìn"),
        (1_000_000, "một triệu"),
        (1_000_234, "một triệu hai trăm ba mươi bốn"),
        (2_000_000_000, "hai tỷ"),
        (1_234_000_000_000, "một nghìn hai trăm ba mươi bốn tỷ"),
        (Decimal("1234.5"), "một nghìn hai trăm ba mươi bốn phẩy năm"),
        (Decimal("12.500"), "mười hai phẩy năm"),
        (Decimal("0.05"), "không phẩy không năm"),
    ],
)
def test_numbers_are_read_aloud(value, words):
    assert number_words(value) == words


@given(st.integers(min_value=0, max_value=10**15), st.integers(min_value=0, max_value=10**15))
def test_two_numbers_never_sound_the_same(one, other):
    assert (number_words(one) == number_words(other)) == (one == other)


def test_below_zero_is_not_read():
    with pytest.raises(ValueError):
        number_words(-1)
