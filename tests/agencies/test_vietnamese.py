"""Vietnamese text: stored in one spelling, compared in none, sorted as a dictionary does."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.vietnamese import clean, fold, fold_words, int_to_roman, nfc, roman_to_int, sort_key

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
VIETNAMESE = st.text(alphabet=LETTERS + LETTERS.upper() + " .,-()0123456789", max_size=40)
ANYTHING = st.text(max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa giải", "hoà giải"),
        ("Hòa Giải", "hoa giai"),
        ("Ủy ban MTTQ", "UỶ BAN  MTTQ"),
        ("Đoàn thanh niên", "doan thanh nien"),
        ("ĐOÀN", "đoàn"),
        ("Ðoàn", "Đoàn"),  # the Icelandic letter of old files
        ("Sở\u00a0Tư pháp", "Sở Tư pháp"),  # a hard space
        ("Sở Tư\u200b pháp\ufeff", "Sở Tư pháp"),  # marks that nobody sees
        (unicodedata.normalize("NFD", "Nguyễn Đức Ưởng"), "nguyen duc uong"),
        ("", "   "),
    ],
)
def test_spellings_of_one_word_are_equal(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert fold("Sở Tư pháp") != fold("Sở Nội vụ")
    assert fold_words("Ủy ban MTTQVN, TP.") == "uy ban mttqvn tp"
    assert fold_words("—…—") == ""


@given(ANYTHING)
def test_folding_is_final(text):
    assert fold(fold(text)) == fold(text)
    assert fold(nfc(text)) == fold(text)
    assert fold_words(fold(text)) == fold_words(text)


@given(VIETNAMESE)
def test_vietnamese_folds_to_plain_letters(text):
    assert fold(text).isascii()
    assert fold(text.upper()) == fold(text) == fold(unicodedata.normalize("NFD", text))


@given(ANYTHING)
def test_what_is_kept_is_nfc(text):
    assert unicodedata.is_normalized("NFC", nfc(text))
    assert nfc(nfc(text)) == nfc(text)
    tidy = clean(text)
    assert tidy == tidy.strip() and "  " not in tidy and "\n" not in tidy
    assert clean(tidy) == tidy


def test_cleaning_odd_values():
    assert clean(None) == "" and clean(12) == "12" and clean(" a \n b\t") == "a b"


@pytest.mark.parametrize(
    "in_order",
    [
        ["da", "đa", "e"],
        ["Dung", "Đào", "Em"],
        ["an", "ăn", "ân", "bà"],
        ["o", "ô", "ơ", "p"],
        ["u", "ư", "v"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],  # ngang, huyền, hỏi, ngã, sắc, nặng
        ["ma", "má", "mac"],  # tones decide only between words equal without them
        ["an", "an bình", "anh"],  # a shorter word first, a space before any letter
        ["1.", "2.", "9.", "10.", "11.", "100."],
        ["09", "10", "011"],
        ["Phường 2", "Phường 10"],
        ["II.2", "II.9", "II.10"],
        ["2024-q2", "2024-q10"],
        ["10 người", "an"],
    ],
)
def test_dictionary_order(in_order):
    assert sorted(reversed(in_order), key=sort_key) == in_order
    assert len({sort_key(text) for text in in_order}) == len(in_order)


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_numbers_sort_as_numbers(a, b):
    assert (sort_key(f"{a}.") < sort_key(f"{b}.")) == (a < b)
    assert (sort_key(f"Mục {a:05d}") < sort_key(f"Mục {b}")) == (a < b)


@given(ANYTHING)
def test_a_sort_key_is_digits_whatever_comes(text):
    assert set(sort_key(text)) <= set("0123456789")


@given(VIETNAMESE)
def test_case_and_form_do_not_change_the_place(text):
    assert sort_key(text) == sort_key(text.upper()) == sort_key(unicodedata.normalize("NFD", text))


@given(VIETNAMESE, VIETNAMESE)
def test_a_beginning_comes_before_the_whole(text, more):
    assert sort_key(text) <= sort_key(f"{text} {more}")


@pytest.mark.parametrize(("number", "text"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (89, "LXXXIX")])
def test_roman_numerals(number, text):
    assert int_to_roman(number) == text and roman_to_int(text) == number


@given(st.integers(1, 89))
def test_roman_numerals_there_and_back(number):
    text = int_to_roman(number)
    assert roman_to_int(text) == roman_to_int(f" {text.lower()} ") == number


@pytest.mark.parametrize("text", ["", " ", "IIII", "VX", "IC", "LXXXX", "XC", "M", "4", "A", "IVI", "VV", "ⅳ"])
def test_what_is_no_roman_numeral(text):
    with pytest.raises(ValueError):
        roman_to_int(text)


@given(st.text(max_size=8))
def test_roman_numerals_from_anything(text):
    try:
        assert 1 <= roman_to_int(text) <= 89
    except ValueError:
        pass


@pytest.mark.parametrize("number", [0, -1, 90, 1000])
def test_no_roman_numeral_outside_the_range(number):
    with pytest.raises(ValueError):
        int_to_roman(number)
