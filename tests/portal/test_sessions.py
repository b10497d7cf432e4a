"""Sessions: how long they live, what ends them, and seeing and ending one's own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import clock, signin_rules
from agencies.models import RecordEntry, Session, User
from agencies.sessions import forget_expired
from portal.signing_in.user_agents import in_words
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/huong-dan/"


def age(client: Client, **ago) -> None:
    """As if the session had been used last, and written down, that long ago."""
    then = clock.instant() - timedelta(**ago)
    Session.objects.filter(pk=client.session.session_key).update(seen_at=then, expire_date=then + signin_rules.IDLE)


@pytest.mark.parametrize(
    ("who", "minutes", "lives"),
    [("officer_a", 14, True), ("officer_a", 16, False), ("administrator", 4, True), ("administrator", 6, False)],
)
def test_an_idle_session_ends(world, sign_in, monkeypatch, who, minutes, lives):
    now = clock.instant()
    monkeypatch.setattr(clock, "instant", lambda: now)  # the machine may be slow
    client = sign_in(world.people[who])
    age(client, minutes=minutes)
    assert (client.get(PAGE).status_code == 200) is lives
    if lives:  # it was used: the time runs anew
        row = Session.objects.get(pk=client.session.session_key)
        assert row.seen_at == now


def test_what_was_typed_is_kept_when_an_idle_session_ends(world, sign_in):
    client = sign_in(world.people["administrator"])
    age(client, minutes=6)
    page = client.post(reverse("view-save"), {"name": "Chữ đã gõ"}).content.decode()
    assert "Phiên làm việc đã hết" in page and 'name="typed"' in page


def test_no_session_outlives_twelve_hours(world, sign_in, monkeypatch):
    client = sign_in(world.people["officer_a"])
    later = clock.instant() + timedelta(hours=12, minutes=1)
    Session.objects.update(seen_at=later, expire_date=later + timedelta(minutes=10))
    monkeypatch.setattr(clock, "instant", lambda: later)
    assert client.get(PAGE).status_code == 302


def test_a_page_costs_no_more_for_it(world, sign_in, monkeypatch):
    now = clock.instant()
    monkeypatch.setattr(clock, "instant", lambda: now)
    client = sign_in(world.people["officer_a"])
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    told = [query["sql"] for query in queries if "agencies_session" in query["sql"]]
    assert len(told) == 1 and told[0].startswith("SELECT")


def test_one_sees_and_ends_ones_own_sessions_only(world):
    agents = {
        "chrome": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/109.0 Safari/537.36",
        "phone": "<b>x</b>",
    }
    clients = {name: Client(headers={"User-Agent": agent}) for name, agent in agents.items()}
    for client in clients.values():
        client.post("/dang-nhap/", {"username": "officer_a", "password": PASSWORD}, REMOTE_ADDR="10.1.2.3")
    stranger = Client()
    stranger.post("/dang-nhap/", {"username": "officer_b", "password": PASSWORD})
    here, there = clients["chrome"], clients["phone"]
    page = here.get(reverse("session-list")).content.decode()
    assert "Chrome trên Windows <b>(phiên này)</b>" in page and "10.1.2.3" in page and "<b>x</b>" not in page
    assert there.session.session_key not in page and here.session.session_key not in page
    assert page.count("Kết thúc</button>") == 2

    reference = Session.reference_of(there.session.session_key)
    assert stranger.post(reverse("session-end", args=[reference])).status_code == 404
    assert there.get(PAGE).status_code == 200
    assert here.post(reverse("session-end", args=[reference])).url == reverse("session-list")
    assert there.get(PAGE).status_code == 302 and here.get(PAGE).status_code == 200
    assert here.post(reverse("session-end", args=[reference])).url == reverse("session-list")  # a double click
    there.post("/dang-nhap/", {"username": "officer_a", "password": PASSWORD})
    here.post(reverse("session-end-others"))
    assert there.get(PAGE).status_code == 302 and here.get(PAGE).status_code == 200
    assert stranger.get(PAGE).status_code == 200
    own = Session.reference_of(here.session.session_key)
    assert here.post(reverse("session-end", args=[own])).url == reverse("login")
    assert here.get(PAGE).status_code == 302
    assert RecordEntry.objects.filter(verb="end_sessions", actor=world.people["officer_a"]).count() == 3


def test_the_page_says_when_it_ends_by_role(world, sign_in):
    for who, seconds in (("officer_a", 900), ("administrator", 300)):
        page = sign_in(world.people[who]).get(PAGE).content.decode()
        assert f'<meta name="idle" content="{seconds}"' in page
    assert 'name="idle"' not in Client().get("/dang-nhap/").content.decode()
    told = sign_in(world.people["officer_a"]).post(reverse("session-extend"))
    assert told.json() == {"person": world.people["officer_a"].pk}
    asked = Client().post(reverse("session-extend"), headers={"Accept": "application/json"})
    assert asked.status_code == 401


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it(world):
    client = Client()
    client.post("/dang-nhap/", {"username": "officer_a", "password": PASSWORD})
    session, known = client.cookies["sessionid"], client.cookies["may_quen"]
    assert session["max-age"] == "" and session["httponly"] and known["httponly"] and known["samesite"] == "Lax"


def test_sessions_that_ran_out_are_forgotten(world, sign_in):
    old, live = sign_in(world.people["officer_a"]), sign_in(world.people["officer_b"])
    age(old, hours=1)
    assert forget_expired(clock.instant()) == 1
    assert live.get(PAGE).status_code == 200
    User.objects.filter(username="officer_b").update(is_active=False)
    assert live.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "Microsoft Edge trên Windows"),
        ("Mozilla/5.0 (Linux; Android 13) Chrome/109 Mobile Safari", "Chrome trên điện thoại Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Safari/604", "Safari trên iPhone"),
        ("", "Trình duyệt không rõ"),
    ],
)
def test_browsers_are_called_by_names_people_know(agent, words):
    assert in_words(agent) == words
