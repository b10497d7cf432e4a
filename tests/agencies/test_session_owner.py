"""A session's person comes with the session, and only ever that session's, as they are now."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from agencies.models import Session, User
from agencies.sessions import SessionStore

pytestmark = pytest.mark.django_db


def person_of(client):
    """Who Django says is asking, with the cookie of this client."""
    request = RequestFactory().get("/")
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    request.session = SessionStore(cookie.value if cookie else None)
    return get_user(request)


def test_one_query_reads_the_session_and_its_person(world, sign_in):
    client = sign_in(world.people["officer_a"])
    with CaptureQueriesContext(connection) as asked:
        assert person_of(client) == world.people["officer_a"]
    assert len(asked) == 1


def test_people_in_turn_are_never_mixed_up(world, sign_in, client):
    clients = {name: sign_in(world.people[name]) for name in ("officer_a", "secretary", "leader")}
    for name in ("officer_a", "secretary", "officer_a", "leader", "leader", "secretary"):
        assert person_of(clients[name]) == world.people[name]
        assert person_of(client).is_anonymous  # nobody's cookie finds nobody, not the person before


@pytest.mark.parametrize("change", ["closed", "password", "ended"])
def test_what_ends_a_session_ends_it_at_once(world, sign_in, change):
    officer = world.people["officer_a"]
    client = sign_in(officer)
    assert person_of(client) == officer
    if change == "closed":
        User.objects.filter(pk=officer.pk).update(is_active=False)
    elif change == "password":
        User.objects.filter(pk=officer.pk).update(password="another")
    else:
        Session.objects.filter(user=officer).delete()
    assert person_of(client).is_anonymous


def test_the_person_is_as_they_are_now(world, sign_in):
    officer = world.people["officer_a"]
    client = sign_in(officer)
    User.objects.filter(pk=officer.pk).update(position="Phó phòng")
    assert person_of(client).position == "Phó phòng"
