"""The first-login tour: offered once where one's work begins, done or skipped for good, and again from the menu."""

import pytest
from django.urls import reverse

from agencies.models import Role, User
from agencies.tours import finish_tours
from portal.shell import PLACES
from portal.tours import MOST_STEPS, TOURS, tour_for
from portal.views import HOMES


def forget(*people) -> None:
    """As on the first day."""
    User.objects.filter(pk__in=[person.pk for person in people]).update(tours_seen=[])


def test_every_role_has_a_tour_of_at_most_five_steps():
    assert {tour.role for tour in TOURS} == set(Role)
    names = {place.url_name for place in PLACES}
    for tour in TOURS:
        assert 1 <= len(tour.steps) <= MOST_STEPS
        assert {step.place for step in tour.steps} <= names | {""}


def test_who_has_several_roles_gets_the_first_one():
    assert tour_for(["liaison", "secretary"]).role == Role.SECRETARY
    assert tour_for([]) is None


@pytest.mark.parametrize(
    ("who", "role"),
    [("officer_a", "Cán bộ đầu mối"), ("approver_a", "Lãnh đạo đơn vị"), ("secretary", "Thư ký Hội đồng"),
     ("leader", "Lãnh đạo Hội đồng"), ("administrator", "Quản trị hệ thống")],
)  # fmt: skip
@pytest.mark.django_db
def test_it_is_offered_at_home_once(world, sign_in, who, role):
    person = world.people[who]
    forget(person)
    client = sign_in(person)
    landed = client.get(reverse("home"), follow=True)
    assert f"Hướng dẫn nhanh · {role}" in landed.content.decode()
    client.post(reverse("tour-done"), {"next": landed.request["PATH_INFO"]})
    assert "data-tour" not in client.get(reverse("home"), follow=True).content.decode()
    # It can be read again, and an account with a session elsewhere does not see it either.
    assert role in client.get(reverse("tour")).content.decode()
    assert "data-tour" not in sign_in(person).get(reverse("home"), follow=True).content.decode()


@pytest.mark.django_db
def test_it_offers_itself_nowhere_else(world, sign_in):
    forget(world.people["officer_a"])
    client = sign_in(world.people["officer_a"])
    assert "data-tour" not in client.get(reverse("activity-create")).content.decode()
    assert {name for _perm, name in HOMES} <= {"board-home", "summary", "my-work", "task-list", "agency-list"}


@pytest.mark.django_db
def test_a_new_role_has_its_own_tour(world, sign_in):
    person = world.people["officer_a"]
    forget(person)
    person.refresh_from_db()
    finish_tours(by=person, roles=[Role.LIAISON])
    finish_tours(by=person, roles=[Role.LIAISON])
    assert User.objects.get(pk=person.pk).tours_seen == ["liaison"]
    from agencies.membership import join

    join(user=person, scope=world.council, role=Role.SECRETARY, by=None, now=world.now, on=world.today)
    text = sign_in(person).get(reverse("home"), follow=True).content.decode()
    assert "Hướng dẫn nhanh · Thư ký Hội đồng" in text


@pytest.mark.django_db
def test_done_goes_back_inside_the_portal_only(world, sign_in):
    client = sign_in(world.people["officer_a"])
    assert client.post(reverse("tour-done"), {"next": "https://example.org/"})["Location"] == reverse("home")
    assert client.post(reverse("tour-done"), {"next": "/viec-cua-toi/"})["Location"] == "/viec-cua-toi/"
    assert client.post(reverse("tour-done"), headers={"X-Requested-With": "fetch"}).status_code == 204


@pytest.mark.django_db
def test_somebody_without_a_role_is_told_whom_to_ask(world, sign_in):
    forget(world.people["outsider"])
    client = sign_in(world.people["outsider"])
    assert "data-tour" not in client.get(reverse("home")).content.decode()
    assert "quản trị hệ thống" in client.get(reverse("tour")).content.decode()
