"""The user guide on the portal."""

import pytest
from django.urls import reverse

from portal.guide import guide_for, guides


@pytest.mark.django_db
def test_the_guide_is_on_the_portal(world, sign_in):
    client = sign_in(world.people["approver_a"])
    index = client.get(reverse("guide")).content.decode()
    assert index.index("Lãnh đạo đơn vị") < index.index("Thư ký Hội đồng</a>") and "vai trò của bạn" in index
    for row in guides():
        text = client.get(reverse("guide-role", args=[row.slug])).content.decode()
        assert row.parts[0].shown_steps[0] in text and "**" not in text
    assert client.get(reverse("guide-role", args=["khong-co"])).status_code == 404
    assert reverse("guide") in client.get(reverse("my-work")).content.decode()


def test_every_role_has_a_guide():
    from agencies.models import Role

    assert all(guide_for([role.value]) for role in Role)
