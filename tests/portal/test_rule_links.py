"""A rule named in a message leads to the page that says what it asks."""

import pytest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from portal.templatetags.portal import rule_link, with_rules


def test_a_rule_in_a_message_is_a_link_and_all_else_is_escaped():
    said = with_rules("Số <b>05</b> đã dùng (V04), xem (V99) và V05.")
    assert isinstance(said, SafeString)
    assert f"({rule_link('V04')})" in said and f'href="{reverse("rules")}#V04"' in said
    assert "&lt;b&gt;" in said and "(V99)" in said and "#V05" not in said


def test_what_is_safe_already_is_not_escaped_twice():
    assert with_rules(mark_safe("a &amp; b")) == "a &amp; b"


@pytest.mark.django_db
def test_a_refused_form_links_its_rule(world, sign_in):
    url = reverse("report-figures", kwargs={"code": "2024-q2", "agency": "b"})
    page = sign_in(world.people["officer_b"]).post(url, {"version": 1, "v_PB08": "5%"}).content.decode()
    assert f'href="{reverse("rules")}#V29"' in page
