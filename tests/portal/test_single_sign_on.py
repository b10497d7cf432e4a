"""Single sign-on against a real provider process: matched by subject, created by nobody, judged by its signature."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from agencies.models import RecordEntry, User
from tests import oidc_provider

FLAWS = ["issuer", "audience", "expired", "key", "unsigned", "symmetric", "signature", "missing"]
FLAWS += ["without exp", "without iat", "without sub", "from the future"]


@pytest.fixture(scope="module")
def provider():
    """The address of a provider that lives as long as these tests."""
    script = Path(oidc_provider.__file__)
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait()


@pytest.fixture(autouse=True)
def _portal_knows_it(provider, settings):
    app = {
        "provider_id": settings.OIDC,
        "name": "Tài khoản tỉnh",
        "client_id": oidc_provider.CLIENT,
        "secret": oidc_provider.SECRET,
        "settings": {"server_url": provider},
    }
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 120  # the machine may be slow
    common = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": common | {"APPS": [app]}}


def go(client, provider, url_name: str, *, sub: str, flaw: str = "", **fields):
    """Press the button, be signed in over there as ``sub``, come back."""
    requests.get(f"{provider}/be", params={"sub": sub, "flaw": flaw}, timeout=120)
    away = client.post(reverse(url_name), fields)
    assert away.status_code == 200 and "form-action" not in away.headers, away
    back = requests.get(away.context["url"], allow_redirects=False, timeout=120).headers["Location"]
    assert urlsplit(back).path == reverse("openid_connect_callback", args=["oidc"])
    return client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def test_connected_once_it_opens_the_account_and_nobody_elses(world, provider, sign_in):
    officer, other = world.people["officer_a"], world.people["officer_b"]
    assert go(sign_in(officer), provider, "sso-connect", sub="1001").url == reverse("security")
    assert RecordEntry.objects.filter(verb="connect_directory", actor=officer).count() == 1
    stored = SocialAccount.objects.get()
    assert stored.uid == f"{provider}|1001" and "example.vn" not in str(stored.extra_data)

    client = Client()
    answer = go(client, provider, "sso-login", sub="1001", next="/nhat-ky/")
    assert answer.url == "/nhat-ky/" and get_user(client) == officer
    # The same subject cannot open a second account, nor a second subject the same one.
    go(sign_in(other), provider, "sso-connect", sub="1001")
    go(sign_in(officer), provider, "sso-connect", sub="1002")
    assert SocialAccount.objects.get() == stored

    owner = sign_in(officer)
    for _double_click in range(2):
        assert owner.post(reverse("sso-disconnect")).url == reverse("security")
    assert go(Client(), provider, "sso-login", sub="1001").status_code == 403


def test_nobody_is_created_nor_matched_by_name_or_address(world, provider):
    User.objects.filter(username="officer_a").update(email="officer_a@example.vn")
    before = User.objects.count()
    client = Client()
    answer = go(client, provider, "sso-login", sub="la-ai-do")
    assert answer.status_code == 403 and "Không có tài khoản nào được tạo" in answer.content.decode()
    assert not get_user(client).is_authenticated
    assert User.objects.count() == before and not SocialAccount.objects.exists()


def test_a_closed_account_looks_like_an_unknown_one(world, provider):
    SocialAccount.objects.create(user=world.people["inactive"], provider="oidc", uid=f"{provider}|9")
    closed, unknown = (go(Client(), provider, "sso-login", sub=sub) for sub in ("9", "khong-co"))
    assert closed.status_code == unknown.status_code == 403
    assert closed.context["happened"] == unknown.context["happened"]
    lines = RecordEntry.objects.filter(verb="sign_in_failed").order_by("pk")
    assert [line.object_id for line in lines] == [world.people["inactive"].pk, None]


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_word_that_is_not_the_providers_opens_nothing(world, provider, flaw):
    SocialAccount.objects.create(user=world.people["officer_a"], provider="oidc", uid=f"{provider}|1001")
    client = Client()
    answer = go(client, provider, "sso-login", sub="1001", flaw=flaw)
    assert answer.status_code == 401 and not get_user(client).is_authenticated
    assert "Chưa đăng nhập được bằng tài khoản dùng chung" in answer.content.decode()
    line = RecordEntry.objects.get(verb="sign_in_failed")
    assert (line.object_id, line.council) == (None, None) and "tài khoản dùng chung" in line.summary


def test_clocks_may_differ_by_half_a_minute(world, provider):
    SocialAccount.objects.create(user=world.people["officer_a"], provider="oidc", uid=f"{provider}|1001")
    client = Client()
    go(client, provider, "sso-login", sub="1001", flaw="a little ahead")
    assert get_user(client) == world.people["officer_a"]


def test_a_long_subject_is_kept_by_its_digest(world, provider, sign_in):
    officer, other = world.people["officer_a"], world.people["officer_b"]
    one, two = "x" * 250, "x" * 249 + "y"
    go(sign_in(officer), provider, "sso-connect", sub=one)
    assert SocialAccount.objects.get().uid.startswith("sha256:")
    for sub, who in ((one, officer), (two, None)):
        client = Client()
        go(client, provider, "sso-login", sub=sub)
        assert get_user(client).pk == (who and who.pk), sub
    assert go(sign_in(other), provider, "sso-connect", sub=two).url == reverse("security")
    assert SocialAccount.objects.count() == 2


def test_a_callback_nobody_left_for_opens_nothing(world, provider):
    SocialAccount.objects.create(user=world.people["officer_a"], provider="oidc", uid=f"{provider}|1001")
    back = reverse("openid_connect_callback", args=["oidc"])
    for query in ({}, {"code": "x", "state": "y"}, {"error": "access_denied"}, {"code": ["a", "b"]}):
        client = Client()
        assert client.get(back, query).status_code == 401
        assert not get_user(client).is_authenticated
    assert Client().get(reverse("openid_connect_callback", args=["khac"]), {"code": "x"}).status_code == 404


def test_a_provider_that_is_away_is_said_so(world, settings):
    gone = {
        "provider_id": "oidc",
        "name": "x",
        "client_id": "x",
        "secret": "x",
        "settings": {"server_url": "http://127.0.0.1:9"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [gone]}}
    answer = Client().post(reverse("sso-login"))
    assert answer.status_code == 401 and "dùng tên đăng nhập và mật khẩu" in answer.content.decode()


def test_a_second_factor_is_asked_all_the_same(world, provider, settings):
    settings.SECOND_FACTOR_FOR = "roles"
    secretary = world.people["secretary"]
    SocialAccount.objects.create(user=secretary, provider="oidc", uid=f"{provider}|7")
    client = Client()
    go(client, provider, "sso-login", sub="7")
    assert client.get(reverse("plan-list")).url == reverse("security")
    TOTP.activate(secretary, generate_totp_secret())
    client = Client()
    assert go(client, provider, "sso-login", sub="7").url == "/dang-nhap/buoc-hai/"
    assert not get_user(client).is_authenticated
    assert client.get(reverse("plan-list")).url.startswith("/dang-nhap/?next=")
