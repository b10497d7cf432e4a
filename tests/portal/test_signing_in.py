"""Wrong tries: counted by name, the same for names that do not exist, never against an agency behind one address."""

import re

import pytest
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import accounts, clock, locks, signin_rules, wall
from agencies.errors import NotAllowed
from agencies.models import RecordEntry, User, WrongTries
from agencies.tasks import note_lock
from portal import unfinished
from portal.recording import address_of
from portal.signing_in.forms import LOCKED, SLOW_DOWN, SignInForm
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/dang-nhap/"


def try_in(client: Client, username: str, password: str, **meta) -> str:
    """What the page says; '' when signed in."""
    answer = client.post(LOGIN, {"username": username, "password": password}, **meta)
    return "" if answer.status_code == 302 else answer.context["form"].non_field_errors()[0]


def spoil(username: str, times: int, client: Client | None = None, **meta) -> list[str]:
    return [try_in(client or Client(), username, f"sai-{number}", **meta) for number in range(times)]


def deferred(monkeypatch) -> list[dict]:
    jobs: list[dict] = []
    monkeypatch.setattr(note_lock, "defer", lambda **arguments: jobs.append(arguments))
    return jobs


def test_the_fifth_wrong_try_locks_and_the_right_password_does_not_help(world, monkeypatch):
    jobs = deferred(monkeypatch)
    said = spoil("officer_a", 5)
    assert said == [SignInForm.WRONG] * 4 + [LOCKED]
    assert try_in(Client(), "officer_a", PASSWORD) == LOCKED
    assert try_in(Client(), "OFFICER_A", PASSWORD) == LOCKED
    assert try_in(Client(), "officer_b", PASSWORD) == ""
    assert len(jobs) == 1
    person = accounts.note_lock(**jobs[0] | {"until": clock.instant()}, now=world.now)
    entry = RecordEntry.objects.get(verb="lock_account")
    assert (person, entry.actor, entry.agency) == (world.people["officer_a"], None, world.agencies["a"])


def test_a_right_try_before_the_fifth_starts_anew(world):
    for _round in range(2):
        assert LOCKED not in spoil("officer_a", 4)
        assert try_in(Client(), "officer_a", PASSWORD) == ""


def test_the_lock_ends_after_twelve_hours(world, monkeypatch):
    deferred(monkeypatch)
    spoil("officer_a", 5)
    late = clock.instant() + signin_rules.LOCKED_FOR
    monkeypatch.setattr(clock, "instant", lambda: late - signin_rules.WARN_BEFORE)
    assert try_in(Client(), "officer_a", PASSWORD) == LOCKED
    monkeypatch.setattr(clock, "instant", lambda: late + signin_rules.WARN_BEFORE)
    assert try_in(Client(), "officer_a", PASSWORD) == ""


def test_names_that_do_not_exist_are_answered_and_worked_for_the_same(world, monkeypatch):
    """The same words, the same number of queries, one password hash each, at every step up to and past the lock."""
    jobs = deferred(monkeypatch)
    hashed = []
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))  # how Django evens out the time
    monkeypatch.setattr(User, "check_password", lambda self, raw: bool(hashed.append(raw)))
    seen = {}
    for name in ("officer_a", "khong-co-ai", "inactive"):
        hashed.clear()
        steps = []
        for _try in range(7):
            with CaptureQueriesContext(connection) as queries:
                said = try_in(Client(), name, "sai")
            steps.append((said, len(queries), len(hashed)))
        seen[name] = steps
    assert seen["officer_a"] == seen["khong-co-ai"] == seen["inactive"]
    assert len(jobs) == 3
    assert accounts.note_lock(key=jobs[1]["key"], until=clock.instant(), now=world.now) is None
    assert not WrongTries.objects.filter(key__contains="officer").exists()


def test_once_locked_the_right_password_costs_and_leaves_what_a_wrong_one_does(world, monkeypatch):
    deferred(monkeypatch)
    spoil("officer_a", 5)
    hashed = []
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda self, raw: check(self, raw) if hashed.append(raw) is None else 0)
    seen = []
    for password in ("sai", PASSWORD, PASSWORD):
        hashed.clear()
        before = RecordEntry.objects.filter(verb="sign_in_failed").count()
        with CaptureQueriesContext(connection) as queries:
            said = try_in(Client(), "officer_a", password)
        lines = RecordEntry.objects.filter(verb="sign_in_failed").count() - before
        seen.append((said, len(queries), len(hashed), lines))
        assert PASSWORD not in hashed
    assert seen == [(LOCKED, seen[0][1], 1, 1)] * 3


def test_slowed_down_the_right_password_leaves_a_line_too(world, monkeypatch):
    monkeypatch.setattr(signin_rules, "ADDRESS_TRIES", 0)
    assert [try_in(Client(), "officer_a", password) for password in ("sai", PASSWORD)] == [SLOW_DOWN] * 2
    assert RecordEntry.objects.filter(verb="sign_in_failed").count() == 2


def test_a_counter_that_a_right_try_takes_away_meanwhile_is_made_again(world, monkeypatch):
    make, times = WrongTries.objects.bulk_create, []

    def taken_away(rows, **more):
        made = make(rows, **more)
        times.append(rows)
        if len(times) % 3:
            WrongTries.objects.all().delete()
        return made

    monkeypatch.setattr(WrongTries.objects, "bulk_create", taken_away)
    assert locks.take_try(key="k", browser="", now=clock.instant()) and len(times) == 3


def test_a_stranger_locks_a_name_for_strangers_not_for_the_person_at_their_own_machine(world, monkeypatch):
    deferred(monkeypatch)
    own = Client()
    assert try_in(own, "officer_a", PASSWORD) == ""
    own.post(reverse("logout"))
    spoil("officer_a", 6)
    assert try_in(Client(), "officer_a", PASSWORD) == LOCKED
    assert try_in(own, "officer_a", PASSWORD) == ""
    # The known machine has its own five tries, and its mark is worth nothing for another name.
    own.post(reverse("logout"))
    assert spoil("officer_a", 5, own)[-1] == LOCKED
    assert spoil("officer_b", 5)[-1] == LOCKED
    assert try_in(own, "officer_b", PASSWORD) == LOCKED


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "W1siYSIsImIiXV0:1x:zz"])
def test_a_forged_mark_is_no_mark(world, monkeypatch, forged):
    deferred(monkeypatch)
    spoil("officer_a", 5)
    client = Client()
    client.cookies["may_quen"] = forged
    assert try_in(client, "officer_a", PASSWORD) == LOCKED


def test_an_address_is_slowed_not_locked_and_known_machines_do_not_wait(world, monkeypatch):
    deferred(monkeypatch)
    monkeypatch.setattr(signin_rules, "ADDRESS_TRIES", 12)
    own = Client()
    assert try_in(own, "officer_b", PASSWORD) == ""
    own.post(reverse("logout"))
    for name in ("a", "b", "c"):
        spoil(name, 4)
    assert try_in(Client(), "officer_a", PASSWORD) == SLOW_DOWN
    assert try_in(Client(), "officer_a", PASSWORD, REMOTE_ADDR="10.0.0.7") == ""
    assert try_in(own, "officer_b", PASSWORD) == ""
    late = clock.instant() + signin_rules.ADDRESS_WINDOW + signin_rules.WARN_BEFORE
    monkeypatch.setattr(clock, "instant", lambda: late)
    assert try_in(Client(), "officer_a", PASSWORD) == ""


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "1.2.3.4", "1.2.3.4"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "<script>", ""),
    ],
)
def test_a_visitor_does_not_choose_their_address(settings, rf, proxies, forwarded, seen):
    settings.PORTAL_PROXIES = proxies
    assert (address_of(rf.get("/", headers={"X-Forwarded-For": forwarded})) or "") == seen


def test_an_administrator_unlocks_on_the_record(world, monkeypatch, sign_in):
    deferred(monkeypatch)
    person, by = world.people["officer_a"], world.people["administrator"]
    spoil("officer_a", 5)
    for who in ("secretary", "officer_a"):
        with pytest.raises(NotAllowed):
            accounts.unlock_account(user=person, by=world.people[who], now=world.now)
    with pytest.raises(NotAllowed):
        accounts.unlock_account(user=world.people["officer_x"], by=by, now=world.now)
    desk, listed = sign_in(by), reverse("admin:agencies_user_changelist")
    page = desk.get(reverse("admin:agencies_user_change", args=[person.pk])).content.decode()
    assert "đến " in page and "khóa đăng nhập" in page.lower()
    desk.post(listed, {"action": "unlock", "_selected_action": [person.pk]})
    assert try_in(Client(), "officer_a", PASSWORD) == ""
    assert RecordEntry.objects.get(verb="unlock_account").actor == by


def test_what_was_typed_comes_back_behind_the_persons_own_wall(world, monkeypatch):
    stood, offer = [], unfinished.offer
    monkeypatch.setattr(unfinished, "offer", lambda *given: stood.append(wall.standing()) or offer(*given))
    page = Client().post(reverse("view-save"), {"name": "Chữ đã gõ"}).content.decode()
    token = re.search(r'name="typed" value="([^"]+)"', page)[1]
    answer = Client().post(LOGIN, {"username": "officer_a", "password": PASSWORD, "typed": token})
    assert "Chữ đã gõ" in answer.content.decode() and stood == [{world.council.pk}]


def test_somebody_else_at_the_same_browser_starts_clean(world):
    client = Client()
    try_in(client, "officer_a", PASSWORD)
    session = client.session
    session["riêng"] = "của người trước"
    session.save()
    assert try_in(client, "officer_b", PASSWORD) == ""
    assert get_user(client) == world.people["officer_b"] and "riêng" not in client.session


def test_wrong_old_passwords_are_counted_too(world, monkeypatch, sign_in):
    deferred(monkeypatch)
    client = sign_in(world.people["officer_a"])
    fields = {"old_password": "sai", "new_password1": "x", "new_password2": "x"}
    said = [client.post(reverse("password-change"), fields).context["form"].errors["old_password"][0] for _ in range(5)]
    assert said[-1] == LOCKED and LOCKED not in said[:4]
    assert client.post(reverse("confirm"), {"password": PASSWORD}).context["form"].errors["password"] == [LOCKED]
    lines = RecordEntry.objects.filter(verb="own_password_wrong", kind=RecordEntry.Kind.ACCESS)
    assert lines.count() == 6 and {line.actor for line in lines} == {world.people["officer_a"]}
