"""A figure as people type it: what is read, what is refused in which words, and what is asked about (V09, V29)."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from campaigns.count_field import CountField


class Figures(forms.Form):
    people = CountField()
    money = CountField(decimals=1)
    order = CountField(asks=False)
    rate = CountField(percent=True)


def typed(initial=None, **data):
    return Figures(data, initial=initial)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("people", "1234", 1234),
        ("people", " 0 ", 0),
        ("people", "", None),
        ("people", "1 234", 1234),
        ("money", "12,5", Decimal("12.5")),
        ("money", "12,50", Decimal("12.5")),
        ("money", "0", Decimal(0)),
        ("order", "1.010", 1010),
        ("rate", "60%", 60),
        ("rate", "100 %", 100),
        ("rate", "0", 0),
    ],
)
def test_plain_numbers_are_read_at_once(name, text, value):
    form = typed(**{name: text})
    assert form.is_valid() and form.cleaned_data[name] == value and form[name].reading is None


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("people", "12,5", "là số nguyên; bạn gõ “12,5”"),
        ("people", "1,234", "Nếu là một nghìn hai trăm ba mươi bốn, hãy ghi 1234"),
        ("people", "12.5", "không rõ là số nào"),
        ("people", "1.23", "không rõ là số nào"),
        ("people", "1.234 5", "không phải là số nguyên"),
        ("people", "mười hai", "không phải là số nguyên"),
        ("people", "-3", "không được âm"),
        ("people", "−3", "không được âm"),
        ("people", "12 người", "không ghi chữ “người”: hãy ghi 12"),
        ("people", "5 nghìn", "ghi đủ các chữ số"),
        ("people", "12%", "Không gõ dấu %: hãy ghi 12 (V29)"),
        ("people", "12,5 %", "Không gõ dấu %: hãy ghi 12,5"),
        ("people", "1e3", "không phải là số nguyên"),
        ("people", "٣", "không phải là số nguyên"),
        ("people", "9" * 30, "Số quá lớn"),
        ("money", "12.5", "Phần lẻ ghi bằng dấu phẩy: hãy ghi 12,5"),
        ("money", "12,55", "tối đa 1 chữ số sau dấu phẩy"),
        ("money", "-0,5", "không được âm"),
        ("money", "12 triệu đồng", "không ghi chữ"),
        ("rate", "150%", "Tỷ lệ phải từ 0 đến 100"),
        ("rate", "150", "Tỷ lệ phải từ 0 đến 100"),
        ("rate", "-5%", "Tỷ lệ phải từ 0 đến 100"),
        ("rate", "%", "không phải là số nguyên"),
        ("rate", "6%%", "không phải là số nguyên"),
    ],
)
def test_what_is_no_figure_is_told_and_stays_in_the_form(name, text, said):
    form = typed(**{name: text})
    assert not form.is_valid() and said in form.errors[name][0]
    assert form[name].reading is None and form[name].value() == text


@pytest.mark.parametrize(
    ("name", "text", "words", "value"),
    [
        ("people", "1.234", "1.234 (một nghìn hai trăm ba mươi bốn)", 1234),
        ("people", "12.345.678", "12.345.678 (mười hai triệu ba trăm bốn mươi lăm nghìn", 12345678),
        ("money", "1.234,5", "1.234,5 (một nghìn hai trăm ba mươi bốn phẩy năm)", Decimal("1234.5")),
    ],
)
def test_a_dotted_number_counts_only_once_confirmed(name, text, words, value):
    form = typed(**{name: text})
    assert not form.is_valid() and words in form.errors[name][0]
    page = str(form[name])
    assert f"Hiểu là {words}" in page and f'value="{text}"' in page and "checked" not in page
    for confirmation in ({f"{name}-dung": text}, {"so-dung": f"order=1|{name}={text}"}):
        form = typed(**{name: text}, **confirmation)
        assert form.is_valid() and form.cleaned_data[name] == value
        assert "checked" in str(form[name])
    assert not typed(**{name: text, f"{name}-dung": "9.999"}).is_valid()  # another number was confirmed


def test_what_the_portal_wrote_is_not_asked_about():
    form = typed(initial={"people": 1234}, people="1.234")
    assert form.is_valid() and form.cleaned_data["people"] == 1234
    assert not typed(initial={"people": 1234}, people="1.235").is_valid()


def test_an_untouched_form_asks_nothing():
    assert "checkbox" not in str(Figures(initial={"people": 1234})["people"])


@given(st.decimals(min_value=0, max_value=9_999_999_999, places=1))
def test_an_amount_reads_as_it_is_written(amount):
    field = CountField(decimals=1)
    assert field.clean(field.prepare_value(amount)) == amount


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_number_or_refused_in_words(text):
    try:
        value = CountField().clean(text)
    except ValidationError as error:
        assert all(message for message in error.messages)
    else:
        assert value is None or value >= 0
