"""Dates day first, numbers as Vietnamese officials write them."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.templatetags.portal import icon, number, progress, state_badge


class OneDate(forms.Form):
    day = forms.DateField()
    amount = forms.DecimalField(required=False, localize=True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("3/4/2026", date(2026, 4, 3)),
        ("31/12/2024", date(2024, 12, 31)),
        ("03-04-2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
    ],
)
def test_a_date_is_read_day_first(typed, meant):
    form = OneDate({"day": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == meant


@pytest.mark.parametrize("typed", ["04/31/2026", "31/02/2026", "hôm qua"])
def test_a_date_that_is_none_is_refused(typed):
    assert not OneDate({"day": typed}).is_valid()


@pytest.mark.parametrize(("typed", "meant"), [("1.234,5", "1234.5"), ("0", "0"), ("12", "12")])
def test_a_number_is_read_with_vietnamese_separators(typed, meant):
    form = OneDate({"day": "03/04/2026", "amount": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["amount"] == Decimal(meant)


def test_django_itself_writes_dates_day_first_and_leaves_keys_and_years_alone():
    context = Context({"day": date(2026, 4, 3), "at": timezone.make_aware(datetime(2026, 4, 3, 7, 5)), "n": 2024})
    assert (
        Template("{{ day }}|{{ at }}|{{ n }}|{{ n|number }}").render(context)
        == "03/04/2026|07:05 03/04/2026|2024|2.024"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("", "—"),
        (0, "0"),
        (Decimal("0.000"), "0"),
        (Decimal("-0.0"), "0"),
        (1234.5, "1.234,5"),
        (Decimal("1234.500"), "1.234,5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1.000"),
        (1234567, "1.234.567"),
        (-1234.25, "-1.234,25"),
        (float("nan"), "—"),
        ("chưa có", "chưa có"),
    ],
)
def test_number(value, text):
    assert number(value) == text


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3))
def test_number_can_be_read_back(value):
    assert Decimal(number(value).replace(".", "").replace(",", ".")) == value


def test_a_state_is_icon_word_and_colour():
    drawn = state_badge("overdue", "Quá <hạn>")
    assert "<svg" in drawn and "badge-bad" in drawn and "Quá &lt;hạn&gt;" in drawn
    assert "badge-neutral" in state_badge("no such state", "?")


@pytest.mark.parametrize(("value", "text"), [(None, "—"), (0, "0%"), (49.6, "50%"), (120, "100%")])
def test_progress(value, text):
    assert text in progress(value)


def test_a_misspelt_icon_raises():
    with pytest.raises(Exception, match="does not exist"):
        icon("no-such-icon")
