"""Who needs a second factor, how one is turned on, used once, and taken away; nothing walks around it."""

import base64
import json
import re
from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import accounts, clock, second_factors
from agencies.errors import NotAllowed, WrongState
from agencies.models import RecordEntry
from agencies.tasks import note_lock
from portal.signing_in.forms import LOCKED, CodeForm
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db
SECOND = "/dang-nhap/buoc-hai/"


def code_of(secret: str, at=None) -> str:
    return format_hotp_value(hotp_value(secret, int((at or clock.instant()).timestamp()) // second_factors.STEP))


@pytest.fixture
def frozen(monkeypatch):
    """The clock stands still, so that no code runs out between two lines; a function moves it on."""
    now = [clock.instant()]
    monkeypatch.setattr(clock, "instant", lambda: now[0])

    def later(**more):
        now[0] += timedelta(**more)

    return later


@pytest.fixture
def guarded(world):
    """Officer A with an app; its secret."""
    secret = generate_totp_secret()
    TOTP.activate(world.people["officer_a"], secret)
    return secret


def password_given(username: str = "officer_a") -> Client:
    client = Client()
    answer = client.post("/dang-nhap/", {"username": username, "password": PASSWORD})
    assert answer.url == SECOND and not get_user(client).is_authenticated
    return client


def through_both_steps(client: Client) -> Client:
    """The same client, as if its person had given the second factor too."""
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, get_user(client), "mfa")
    request.session.save()
    return client


NEEDED = {
    "nobody": set(),
    "roles": {"secretary", "administrator"},
    "everybody": {"secretary", "administrator", "leader", "officer_a", "approver_a", "viewer_a_officer_b", "outsider"},
}


@pytest.mark.parametrize("whom", NEEDED)
def test_who_needs_one(world, settings, sign_in, whom):
    settings.SECOND_FACTOR_FOR = whom
    for who in NEEDED["everybody"]:
        client = sign_in(world.people[who])
        held_up = (
            client.get(reverse("home")).url == reverse("security")
            if who != "outsider" or whom == "everybody"
            else False
        )
        assert held_up is (who in NEEDED[whom]), who
        page = client.get(reverse("security")).content.decode()
        assert ("Bạn cần bật xác thực hai bước" in page) is (who in NEEDED[whom]), who


def test_a_session_from_before_the_factor_was_turned_on_signs_in_with_it(world, settings, sign_in):
    settings.SECOND_FACTOR_FOR = "roles"
    client = sign_in(world.people["secretary"])
    TOTP.activate(world.people["secretary"], generate_totp_secret())
    assert client.get(reverse("plan-list")).url.startswith("/dang-nhap/?next=")
    client = password_given("secretary")
    assert client.get(reverse("plan-list")).url.startswith("/dang-nhap/?next=")


OF_ONES_OWN = ["security", "confirm", "password-change", "totp-add", "passkey-add", "recovery-codes", "session-list"]


@pytest.mark.parametrize("whom", ["nobody", "roles", "everybody"])
def test_a_session_on_the_password_alone_cannot_take_over_an_account_with_a_factor(world, settings, sign_in, whom):
    """Whomever the rules ask: it may have been stolen before the factor was turned on."""
    settings.SECOND_FACTOR_FOR = whom
    person = world.people["officer_a"]
    older = [sign_in(person) for _address in [*OF_ONES_OWN, "post", "remove"]]
    TOTP.activate(person, generate_totp_secret())
    factor = Authenticator.objects.get(user=person)
    for address, client in zip(OF_ONES_OWN, older, strict=False):
        assert client.get(reverse(address)).url.startswith("/dang-nhap/"), address
        assert not get_user(client).is_authenticated
    older[-2].post(reverse("recovery-codes"))
    older[-1].post(reverse("factor-remove", args=[factor.pk]))
    assert list(Authenticator.objects.filter(user=person)) == [factor]


def test_turning_one_on_ends_the_other_sessions(world, sign_in, frozen):
    person = world.people["officer_a"]
    here, there, stranger = sign_in(person), sign_in(person), sign_in(world.people["officer_b"])
    page = here.get(reverse("totp-add"))
    fields = {"code": code_of("".join(page.context["letters"])), "key": page.context["key"]}
    assert here.post(reverse("totp-add"), fields).url == reverse("recovery-codes")
    assert "1 phiên đăng nhập khác của bạn đã kết thúc" in here.get(reverse("recovery-codes")).content.decode()
    assert not get_user(there).is_authenticated
    assert get_user(here) == person and get_user(stranger).is_authenticated
    assert RecordEntry.objects.filter(verb="end_sessions", actor=person).count() == 1


def test_an_empty_second_step_is_no_failure(world, guarded):
    client = password_given()
    for fields in ({}, {"code": ""}, {"code": "  "}, {"credential": ""}):
        assert client.post(SECOND, fields).status_code == 200
    assert not RecordEntry.objects.filter(verb="sign_in_failed").exists()
    client.post(SECOND, {"code": "000000"})
    assert RecordEntry.objects.filter(verb="sign_in_failed").count() == 1


def test_the_gate_stands_before_every_address(world, settings, sign_in):
    settings.SECOND_FACTOR_FOR = "everybody"
    client = sign_in(world.people["administrator"])
    for address in ("/quan-tri/", "/quan-tri/agencies/user/", "/nhat-ky/", "/co-quan/"):
        answer = client.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, "/bao-mat/"), address
    assert client.get("/khong-co/").status_code == 404  # no address, nothing behind it
    kept = client.post(reverse("view-save"), {"name": "Chữ đã gõ"})
    assert kept.status_code == 403 and "Chữ đã gõ" in kept.content.decode()
    asked = client.post(reverse("view-save"), headers={"Accept": "application/json"})
    assert (asked.status_code, asked.json()["login_url"]) == (401, "/bao-mat/")
    assert client.post(reverse("logout")).url == reverse("login")


def test_turning_on_an_app_opens_the_portal_at_once(world, settings, sign_in, frozen):
    settings.SECOND_FACTOR_FOR = "everybody"
    person = world.people["officer_a"]
    client = sign_in(person)
    page = client.get(reverse("totp-add")).content.decode()
    secret = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].split())
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    wrong = client.post(reverse("totp-add"), {"code": "000000", "key": key})
    assert wrong.status_code == 422 and secret in "".join(wrong.context["letters"])
    assert client.post(reverse("totp-add"), {"code": code_of(secret), "key": key}).url == reverse("recovery-codes")
    assert client.get(reverse("my-work")).status_code == 200
    row = Authenticator.objects.get(user=person)
    assert secret not in json.dumps(row.data) and decrypt(row.data["secret"]) == secret
    shown = client.post(reverse("recovery-codes")).context["codes"]
    assert len(set(shown)) == 10
    assert shown[0] not in client.get(reverse("recovery-codes")).content.decode()
    assert set(RecordEntry.objects.filter(actor=person).values_list("verb", flat=True)) >= {
        "add_second_factor",
        "new_recovery_codes",
    }


def test_a_key_of_somebody_else_is_not_taken(world, sign_in, frozen):
    page = sign_in(world.people["officer_b"]).get(reverse("totp-add"))
    secret, key = "".join(page.context["letters"]), page.context["key"]
    answer = sign_in(world.people["officer_a"]).post(reverse("totp-add"), {"code": code_of(secret), "key": key})
    assert answer.status_code == 422 and not Authenticator.objects.exists()


def test_a_code_opens_one_session_only(world, guarded, frozen):
    client, code = password_given(), code_of(guarded)
    assert client.post(SECOND, {"code": code[:3] + " " + code[3:]}).url == reverse("home")
    assert get_user(client) == world.people["officer_a"]
    for _again in range(2):
        again = password_given()
        assert again.post(SECOND, {"code": code}).context["form"].errors["code"] == [CodeForm.WRONG]
        frozen(seconds=25)  # still within the neighbour's reach
    frozen(seconds=60)
    assert password_given().post(SECOND, {"code": code_of(guarded)}).status_code == 302


def test_a_clock_that_is_off_by_half_a_minute_is_forgiven_not_more(guarded, frozen):
    now = clock.instant()
    judged = {
        off: second_factors.right_step(guarded, code_of(guarded, now + timedelta(seconds=off)), now) is not None
        for off in (-90, -30, 0, 30, 90)
    }
    assert judged == {-90: False, -30: True, 0: True, 30: True, 90: False}


def test_recovery_codes_open_once_each(world, guarded, frozen):
    codes = second_factors.new_recovery_codes(user=world.people["officer_a"], now=world.now)
    assert password_given().post(SECOND, {"code": codes[3]}).status_code == 302
    assert password_given().post(SECOND, {"code": codes[3]}).status_code == 200
    assert password_given().post(SECOND, {"code": codes[4]}).status_code == 302
    fresh = second_factors.new_recovery_codes(user=world.people["officer_a"], now=world.now)
    assert password_given().post(SECOND, {"code": codes[5]}).status_code == 200
    assert password_given().post(SECOND, {"code": fresh[0]}).status_code == 302


def test_wrong_codes_lock_the_second_step(world, guarded, frozen, monkeypatch):
    jobs: list[dict] = []
    monkeypatch.setattr(note_lock, "defer", lambda **arguments: jobs.append(arguments))
    said = [password_given().post(SECOND, {"code": f"00000{number}"}).context["form"] for number in range(5)]
    assert said[-1].errors["code"] == [LOCKED]
    frozen(minutes=2)
    client = password_given()
    assert client.post(SECOND, {"code": code_of(guarded)}).context["form"].errors["code"] == [LOCKED]
    by = world.people["administrator"]
    assert accounts.note_lock(key=jobs[0]["key"], until=clock.instant(), now=world.now) == world.people["officer_a"]
    accounts.unlock_account(user=world.people["officer_a"], by=by, now=world.now)
    assert client.post(SECOND, {"code": code_of(guarded)}).status_code == 302


def test_the_second_step_is_nothing_without_the_first(world, guarded, frozen):
    for method in (Client().get, Client().post):
        assert method(SECOND, {"code": code_of(guarded)}).url == reverse("login")
    client = password_given()
    for address in (reverse("home"), reverse("security"), "/quan-tri/"):
        assert client.get(address, follow=True).redirect_chain[-1][0].startswith("/dang-nhap/"), address


GARBAGE = [
    "",
    "{}",
    "[]",
    "null",
    "không phải json",
    '{"id": 1}',
    '{"response": {"clientDataJSON": "AAAA"}}',
    "0" * 5000,
]


def told_as_a_key(cbor: bytes) -> str:
    """The answer of a browser to a registration, with this in place of what the key says."""
    client_data = {"type": "webauthn.create", "challenge": "AAAA", "origin": "http://testserver"}
    said = {"clientDataJSON": in_base64(json.dumps(client_data).encode()), "attestationObject": in_base64(cbor)}
    return json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": said})


def in_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


# CBOR that ends too early, that is shorter than it says, that is nested without end.
GARBAGE += [told_as_a_key(cbor) for cbor in (b"\xa1", b"\x19\x01", b"\x81" * 5000)]


@pytest.mark.parametrize("credential", GARBAGE, ids=range(len(GARBAGE)))
def test_a_garbled_passkey_is_refused_in_words(world, guarded, sign_in, credential):
    client = password_given()
    client.post(SECOND, {"begin": "1"})
    answer = client.post(SECOND, {"credential": credential})
    assert answer.status_code == 200 and "Khóa đăng nhập chưa được chấp nhận" in answer.content.decode()
    own = sign_in(world.people["officer_b"])
    assert own.post(reverse("passkey-add"), {"begin": "1"}).json()["publicKey"]["rp"]["id"] == "testserver"
    assert own.post(reverse("passkey-add"), {"name": "Máy", "credential": credential}).status_code == 422
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_what_was_typed_when_the_session_ended_survives_both_steps(world, guarded, frozen):
    token = re.search(
        r'name="typed" value="([^"]+)"', Client().post("/bo-loc/luu/", {"name": "Chữ đã gõ"}).content.decode()
    )[1]
    client = Client()
    client.post("/dang-nhap/", {"username": "officer_a", "password": PASSWORD, "typed": token})
    page = client.post(SECOND, {"code": code_of(guarded)}).content.decode()
    assert "Chữ đã gõ" in page and "Nội dung bạn vừa nhập vẫn còn" in page


def test_codes_and_keys_are_never_carried_to_another_page(world):
    for address in (SECOND, reverse("totp-add")):
        strict = Client(enforce_csrf_checks=True)
        page = strict.post(address, {"code": "918273", "key": "khóa-kín"}, headers={"Origin": "http://testserver"})
        assert "918273" not in page.content.decode() and "khóa-kín" not in page.content.decode()
        assert Client().post(address, {"code": "918273"}).status_code in {200, 302}


def test_taking_away_the_last_one_asks_for_a_long_password(world, guarded, sign_in):
    person = world.people["officer_a"]
    second_factors.new_recovery_codes(user=person, now=world.now)
    client = through_both_steps(sign_in(person))
    codes, app = (Authenticator.objects.get(user=person, type=kind) for kind in ("recovery_codes", "totp"))
    for factor in (codes, codes, app):  # the second time by a double click
        assert client.post(reverse("factor-remove", args=[factor.pk])).url == reverse("security")
    assert not Authenticator.objects.filter(user=person).exists()
    assert client.get(reverse("my-work")).url == reverse("password-change")
    with pytest.raises(WrongState):
        second_factors.new_recovery_codes(user=person, now=world.now)


def test_of_two_taken_away_at_once_the_second_is_the_last(world, guarded):
    """The account is held before its factors are looked at; else each would see the other's still there."""
    with CaptureQueriesContext(connection) as queries:
        second_factors.remove_factor(user=world.people["officer_a"], pk=Authenticator.objects.get().pk, now=world.now)
    asked = [query["sql"] for query in queries if "mfa_authenticator" in query["sql"] or "FOR UPDATE" in query["sql"]]
    assert '"agencies_user"' in asked[1] and "FOR UPDATE" in asked[1]  # the first is the test's own


def test_changes_ask_for_the_password_again(world, guarded, sign_in, frozen):
    client = through_both_steps(sign_in(world.people["officer_a"]))
    app = Authenticator.objects.get()
    frozen(minutes=11)
    for method, address in (
        (client.get, reverse("passkey-add")),
        (client.post, reverse("recovery-codes")),
        (client.post, reverse("factor-remove", args=[app.pk])),
    ):
        assert method(address).url.startswith(reverse("confirm")), address
    assert Authenticator.objects.count() == 1
    assert client.post(reverse("confirm"), {"password": "sai"}).status_code == 200
    assert client.post(reverse("confirm"), {"password": PASSWORD, "next": "//xau.vn"}).url == reverse("home")
    assert client.get(reverse("passkey-add")).status_code == 200


def test_an_administrator_takes_it_away_on_the_record_and_nobody_their_own(world, guarded, sign_in):
    person, by = world.people["officer_a"], world.people["administrator"]
    theirs, desk = sign_in(person), sign_in(by)
    TOTP.activate(by, generate_totp_secret())
    listed = reverse("admin:agencies_user_changelist")
    fields = {"action": "forget_second_factor", "_selected_action": [person.pk, by.pk]}
    desk.post(listed, fields)
    assert list(Authenticator.objects.values_list("user", flat=True)) == [by.pk]
    assert RecordEntry.objects.get(verb="forget_second_factors").actor == by
    assert theirs.get(reverse("my-work")).status_code == 302
    with pytest.raises(NotAllowed):
        accounts.reset_second_factor(user=world.people["officer_x"], by=by, now=world.now)
