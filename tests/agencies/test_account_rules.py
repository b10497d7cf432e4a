"""Passwords, first sign-in, accounts nobody uses, and the last resort."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies import accounts, clock, locks, tasks
from agencies.accounts import change_own_password, reset_password
from agencies.imports.people_list import first_password
from agencies.membership import open_account
from agencies.models import FormerPassword, Notice, RecordEntry, Role, User
from tests.world import PASSWORD, make_person

pytestmark = pytest.mark.django_db
LONG = "Con trâu đi trước 1 cái cày"


def refusals(password: str, user=None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return sorted(problem.code for problem in error.error_list)
    return []


@pytest.mark.parametrize(
    ("password", "without", "second"),
    [
        (LONG, [], []),
        ("Ngắn gọn 1!", ["password_too_short"], []),
        ("Ngắn 1!", ["password_too_short"], ["password_too_short"]),
        ("con trâu đi trước 1 cái cày", ["password_without_class"], ["password_without_class"]),
        ("CON TRÂU ĐI TRƯỚC 1 CÁI CÀY", ["password_without_class"], ["password_without_class"]),
        ("Con trâu đi trước cái cày", ["password_without_class"], ["password_without_class"]),
        ("Contrâuđitrước1cáicày", ["password_without_class"], ["password_without_class"]),
        ("12345678901234", ["password_without_class"], ["password_without_class"]),
        ("Officer_A 1!", ["password_too_short", "password_too_similar"], ["password_too_similar"]),
    ],
)
def test_what_a_password_must_be(world, password, without, second):
    user = world.people["officer_a"]
    assert refusals(password, user) == without
    TOTP.activate(user, generate_totp_secret())
    assert refusals(password, user) == second


def test_the_passwords_the_portal_makes_keep_its_own_rule():
    for _time in range(20):
        assert refusals(first_password()) == []


def test_the_last_ten_do_not_come_back(world):
    user = world.people["officer_a"]
    given = [PASSWORD] + [f"{LONG} {number}" for number in range(12)]
    for password in given[1:]:
        assert refusals(password, user) == []
        change_own_password(user=user, password=password, now=world.now)
    assert [refusals(password, user) for password in given[-10:]] == [["password_recent"]] * 10
    assert refusals(given[-11], user) == []
    assert FormerPassword.objects.filter(user=user).count() == 10
    assert refusals(given[-1], world.people["officer_b"]) == []


def test_who_was_given_a_password_changes_it_first(world, sign_in):
    by = world.people["administrator"]
    person = open_account(
        scope=world.agencies["a"], role=Role.LIAISON, on=world.today, username="moi", full_name="Người Mới",
        password=PASSWORD, by=by, now=world.now,
    )  # fmt: skip
    client = Client()
    assert client.post("/dang-nhap/", {"username": "moi", "password": PASSWORD}).url == reverse("home")
    for address in (reverse("home"), reverse("my-work"), reverse("security"), "/quan-tri/"):
        assert client.get(address).url == reverse("password-change"), address
    fields = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    page = client.post(reverse("password-change"), fields).content.decode()
    assert "đã dùng trong 10 lần gần đây" in page and "do người khác đặt" in page
    client.post(reverse("password-change"), fields | {"new_password1": LONG, "new_password2": LONG})
    assert client.get(reverse("my-work")).status_code == 200

    reset_password(user=person, password=PASSWORD + "!", by=by, now=world.now)
    assert client.get(reverse("my-work")).status_code == 302
    client.post("/dang-nhap/", {"username": "moi", "password": PASSWORD + "!"})
    assert client.get(reverse("my-work")).url == reverse("password-change")


def test_an_administrators_password_grows_old_and_nobody_elses(world, sign_in):
    old = timezone.now() - timedelta(days=61)
    User.objects.update(date_joined=old)
    for who, url in (("administrator", reverse("password-change")), ("officer_a", None)):
        answer = sign_in(world.people[who]).get(reverse("record"))
        assert answer.get("Location") == url, who
    User.objects.update(password_changed_at=timezone.now())
    assert sign_in(world.people["administrator"]).get(reverse("record")).status_code == 200


def test_accounts_that_nobody_uses_are_closed_and_reopened_with_their_roles(world):
    now = timezone.now()
    User.objects.update(date_joined=now - timedelta(days=400), last_login=now - timedelta(days=44))
    User.objects.filter(username__in=("officer_a", "inactive")).update(last_login=now - timedelta(days=46))
    User.objects.filter(username="officer_b").update(last_login=None)
    User.objects.filter(username="officer_c").update(last_login=None, date_joined=now - timedelta(days=3))
    closed = accounts.disable_unused(now=now)
    assert {user.username for user in closed} == {"officer_a", "officer_b"}
    assert accounts.disable_unused(now=now) == []
    entry = RecordEntry.objects.get(verb="disable_unused", agency=world.agencies["a"])
    assert (entry.actor, "45 ngày" in entry.summary) == (None, True)

    accounts.reopen_account(user=world.people["officer_a"], by=world.people["administrator"], now=now)
    assert accounts.disable_unused(now=now) == []  # it counts from the reopening
    client = Client()
    client.post("/dang-nhap/", {"username": "officer_a", "password": PASSWORD})
    assert client.get(reverse("my-work")).status_code == 200


def test_the_last_administrator_is_not_closed_for_want_of_use_and_that_is_told(world):
    now = timezone.now()
    User.objects.update(date_joined=now - timedelta(days=400), last_login=now)
    second = make_person("quan_tri_2", (world.council, Role.ADMINISTRATOR))
    both = User.objects.filter(pk__in=[world.people["administrator"].pk, second.pk])
    both.update(date_joined=now - timedelta(days=400), last_login=now - timedelta(days=46))
    User.objects.filter(pk=second.pk).update(last_login=now - timedelta(days=60))
    for night in range(3):
        accounts.disable_unused(now=now + timedelta(days=night))
    assert list(both.filter(is_active=True)) == [world.people["administrator"]]  # whoever was there last
    entry = RecordEntry.objects.get(verb="keep_unused")
    assert (entry.actor, entry.council) == (None, world.council)
    for reader in ("secretary", "leader"):
        told = Notice.objects.filter(recipient=world.people[reader], text__contains="quản trị duy nhất")
        assert told.count() == 1, reader
    accounts.disable_unused(now=now + timedelta(days=31))
    assert RecordEntry.objects.filter(verb="keep_unused").count() == 2


def test_who_signs_in_while_the_job_runs_is_not_closed(world, monkeypatch):
    now = timezone.now()
    User.objects.update(date_joined=now - timedelta(days=400), last_login=now)
    User.objects.filter(username__in=("officer_a", "officer_b")).update(last_login=now - timedelta(days=46))
    ending = accounts.end_sessions

    def meanwhile(**arguments):
        User.objects.filter(username__in=("officer_a", "officer_b"), is_active=True).update(last_login=now)
        return ending(**arguments)

    monkeypatch.setattr(accounts, "end_sessions", meanwhile)
    assert len(accounts.disable_unused(now=now)) == 1


@pytest.mark.parametrize(("demo", "left"), [(True, True), (False, False)])
def test_the_nightly_job_leaves_a_demo_alone(world, settings, demo, left):
    settings.PORTAL_DEMO, settings.PORTAL_TODAY = demo, None
    User.objects.update(date_joined=timezone.now() - timedelta(days=400), last_login=None)
    tasks.tidy_signing_in(timestamp=0)
    assert User.objects.filter(username="officer_a").get().is_active is left


def test_the_last_resort_opens_an_account_whatever_keeps_it_shut(world, sign_in):
    person = world.people["secretary"]
    TOTP.activate(person, generate_totp_secret())
    User.objects.filter(pk=person.pk).update(is_active=False)
    for _try in range(5):
        locks.take_try(key=locks.keys_of(person)[0], browser="", now=clock.instant())
    out = StringIO()
    with pytest.raises(CommandError, match="10 ký tự"):
        call_command("break_glass", "secretary", reason="vội", stdout=out)
    with pytest.raises(CommandError, match="Không có tài khoản"):
        call_command("break_glass", "khong-co", reason="Theo lệnh của lãnh đạo Sở", stdout=out)
    person.refresh_from_db()
    assert not person.is_active
    call_command("break_glass", "secretary", reason="Mất điện thoại, Giám đốc Sở duyệt", stdout=out)
    password = out.getvalue().split("một lần: ")[1].split("\n")[0]
    client = Client()
    assert client.post("/dang-nhap/", {"username": "secretary", "password": password}).url == reverse("home")
    assert client.get(reverse("home")).url == reverse("password-change")
    entry = RecordEntry.objects.get(verb="break_glass")
    assert (entry.actor, entry.council, entry.reason) == (None, world.council, "Mất điện thoại, Giám đốc Sở duyệt")
    assert password not in entry.summary
