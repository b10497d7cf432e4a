"""A council on its first day: every empty page says what to do next, with the button for those who may."""

import pytest
from django.urls import reverse

from tests.world import build_empty_world, make_agency

# who, page, where the button leads ('' when the person can only wait)
CASES = (
    ("secretary", "plan-list", "plan-import"),
    ("officer_a", "plan-list", ""),
    ("secretary", "task-list", "plan-import"),
    ("officer_a", "task-list", ""),
    ("officer_a", "activity-list", "activity-create"),
    ("leader", "activity-list", ""),
    ("secretary", "report-home", "period-open"),
    ("officer_a", "report-home", "task-list"),
    ("leader", "report-home", "task-list"),
    ("officer_a", "my-work", "activity-create"),
    ("approver_a", "my-work", ""),
    ("secretary", "summary", "period-open"),
    ("leader", "summary", ""),
)


@pytest.fixture
def empty(db, settings):
    built = build_empty_world()
    settings.PORTAL_TODAY = built.today
    return built


@pytest.mark.parametrize(("who", "page", "leads"), CASES)
def test_empty_pages(empty, sign_in, who, page, leads):
    text = sign_in(empty.people[who]).get(reverse(page), follow=True).content.decode()
    box = text.split('<div class="empty">', 1)[1].split("</div>", 1)[0]
    assert (f'href="{reverse(leads)}"' in box) if leads else ("href" not in box), box
    assert "Chưa" in box


@pytest.mark.parametrize(
    ("who", "leads"), [("administrator", "account-create"), ("secretary", ""), ("leader", "")]
)  # fmt: skip
def test_an_agency_without_people(empty, sign_in, who, leads):
    agency = make_agency(empty.council, "moi", "Sở Mới thành phố", "Sở Mới", 9)
    text = sign_in(empty.people[who]).get(reverse("agency-detail", args=[agency.pk])).content.decode()
    box = text.split('<div class="empty">', 1)[1].split("</div>", 1)[0]
    assert (reverse("account-create", args=[agency.pk]) in box) if leads else ("Quản trị hệ thống" in box)
