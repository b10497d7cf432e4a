"""Every address × every kind of person. A view without a rule, or an address without a row, fails here."""

import pytest
from django.db import transaction
from django.urls import reverse

from campaigns.models import Evidence
from reports.models import ReportLine
from tests.addresses import arguments, every_view
from tests.matrix import ACTORS, EXPECTED


def test_every_view_has_exactly_one_rule():
    without = [route for _name, route, view in every_view() if not hasattr(view, "access_rule")]
    assert without == []


def test_what_is_public_says_why():
    public = {name: view.access_rule["public"] for name, _route, view in every_view() if view.access_rule["public"]}
    anybodys = {"login", "account_login", "mfa_authenticate", "sso-login", "openid_connect_callback", "logout"}
    assert set(public) == anybodys | {"text-size", "calendar-feed", "health", "metrics"} and all(
        len(why) > 10 for why in public.values()
    )


def test_every_address_is_in_the_matrix():
    assert {name for name, _route, _view in every_view()} == set(EXPECTED)


def status_of(client, method: str, url: str) -> int:
    """The status of one request, whose effects are taken back."""
    with transaction.atomic():
        response = getattr(client, method.lower())(url)
        transaction.set_rollback(True)
    return response.status_code


def walk(world, objects, sign_in, table):
    """name → (method, statuses by actor) as the portal answers."""
    found = {}
    clients = {actor: sign_in(world.people.get(actor)) for actor in ACTORS}
    for name, (method, _statuses) in table.items():
        url = reverse(name, kwargs=arguments(name, objects))
        statuses = [status_of(clients[actor], method, url) for actor in ACTORS]
        if name == "logout":  # it ended the sessions it was asked with
            clients = {actor: sign_in(world.people.get(actor)) for actor in ACTORS}
        found[name] = (method, " ".join(str(status) for status in statuses))
    return found


@pytest.mark.django_db
def test_matrix(world, objects, sign_in, nobody_is_away):
    found = walk(world, objects, sign_in, EXPECTED)
    wrong = {name: (EXPECTED[name][1], row[1]) for name, row in found.items() if row != EXPECTED[name]}
    assert wrong == {}, "\n".join(f"{name}: declared {a}, answered {b}" for name, (a, b) in wrong.items())


@pytest.mark.django_db
def test_the_other_councils_objects_are_404_for_all_of_this_council(world, sign_in):
    """The same addresses with Tiền Giang's objects: nobody of Cần Thơ may learn that they exist."""
    theirs = world.other_plan
    task = theirs.tasks.get()
    line = ReportLine.objects.get(task=task)
    urls = [
        reverse("plan-detail", kwargs={"pk": theirs.pk}),
        reverse("plan-edit", kwargs={"pk": theirs.pk}),
        reverse("task-detail", kwargs={"pk": task.pk}),
        reverse("agency-detail", kwargs={"pk": world.agencies["x"].pk}),
        reverse("council-detail", kwargs={"code": "tien-giang"}),
        reverse("board", kwargs={"code": "2024-q2"}) + "?hoi-dong=tien-giang",
        reverse("consolidation-word", kwargs={"code": "2024-q2"}) + "?hoi-dong=tien-giang",
        reverse("summary-period", kwargs={"code": "2024-q2"}) + "?hoi-dong=tien-giang",
        reverse("report-line", kwargs={"code": "2024-q2", "agency": "stp", "pk": line.pk}),
    ]
    ours = ["outsider", "officer_a", "officer_b", "approver_a", "secretary", "leader", "administrator", "officer_stp"]
    leaks = [
        (actor, url, status)
        for actor in ours
        for url in urls
        if (status := sign_in(world.people[actor]).get(url).status_code) not in (403, 404)
    ]
    assert leaks == []
    assert Evidence.objects.visible_to(world.people["other_secretary"]).count() == 0
