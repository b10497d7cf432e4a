"""The walls in the browser stand around every answer: pages, fragments, files, refusals, crashes and redirects."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from portal.middleware import FEATURES, POLICY
from portal.unfinished import is_own_path
from tests.addresses import arguments
from tests.matrix import EXPECTED

ROOT = Path(__file__).resolve().parents[2]
EVIL = "evil.example"
# Wherever an address takes an address: all names that any page knows, at once.
LURES = "?" + "&".join(f"{name}=//{EVIL}/" for name in ("next", "tiep", "ve", "back", "url", "return", "redirect_to"))
STRICT = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": FEATURES,
    "X-Permitted-Cross-Domain-Policies": "none",
}
# A file shown in place has a stricter policy of its own; a calendar program may keep the feed for a quarter of an hour.
POLICIES = {POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"}
FEED_CACHE = "private, max-age=900"


def off(answer) -> list[str]:
    """What is missing around an answer."""
    missing = [f"{name}: {answer.get(name)}" for name, value in STRICT.items() if answer.get(name) != value]
    if answer.get("Content-Security-Policy") not in POLICIES:
        missing.append(f"policy {answer.get('Content-Security-Policy')}")
    kept = answer.get("Cache-Control", "")
    if not {"private", "no-store"} <= set(kept.split(", ")) and kept != FEED_CACHE:
        missing.append(f"cache {answer.get('Cache-Control')}")
    told = b"".join(answer.streaming_content) if answer.streaming else answer.content
    lured = [urlsplit(answer.get(name, "")).netloc for name in ("Location", "HX-Redirect", "HX-Push-Url")]
    links = [piece for piece in (b'href="//' + EVIL.encode(), b"http://" + EVIL.encode(), b"https://" + EVIL.encode())]
    if set(lured) - {"", "testserver"} or any(link in told for link in links):
        missing.append("leads elsewhere")
    return missing


@pytest.mark.parametrize("who", ["secretary", "officer_a", None])
def test_every_address(world, objects, sign_in, who):
    client, wrong = sign_in(world.people[who] if who else None), {}
    for name in EXPECTED:
        url = reverse(name, kwargs=arguments(name, objects)) + LURES
        answer = client.get(url, HTTP_X_FORWARDED_HOST=EVIL, HTTP_FORWARDED=f"host={EVIL}")
        if missing := off(answer):
            wrong[name] = missing
    assert wrong == {}


def test_the_administrators_site(world, sign_in):
    client = sign_in(world.people["administrator"])
    for url in ("/quan-tri/", "/quan-tri/login/?next=//evil.example/", "/quan-tri/agencies/user/", "/quan-tri/x/"):
        assert off(client.get(url)) == [], url


def test_refusals_and_crashes(world, sign_in, settings, monkeypatch):
    client = sign_in(world.people["officer_a"])
    client.raise_request_exception = False
    answers = {
        400: client.get("/", HTTP_HOST=EVIL),
        404: client.get("/khong-co/"),
        405: client.get("/co-chu/"),
        403: Client(enforce_csrf_checks=True).post("/dang-nhap/"),
    }
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answers[413] = client.post("/co-chu/", {str(n): "" for n in range(9)})
    monkeypatch.setattr("portal.views.search_for", lambda *args: 1 / 0)
    answers[500] = client.get("/tim-kiem/?q=a")
    for status, answer in answers.items():
        assert (answer.status_code, off(answer)) == (status, []), status
    settings.SECURE_SSL_REDIRECT = True  # the first to ask for the host is then Django's own middleware
    answer = Client(raise_request_exception=False).get("/", HTTP_HOST=EVIL)
    assert (answer.status_code, off(answer)) == (400, [])


def test_no_form_goes_through_without_its_token(world, objects):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["secretary"])
    passed = {}
    for name in EXPECTED:
        answer = client.post(reverse(name, kwargs=arguments(name, objects)), {"reason": "x"})
        if answer.status_code != 403 or "Trang đã cũ" not in answer.content.decode():
            passed[name] = answer.status_code
    assert passed == {}
    assert client.post("/quan-tri/agencies/user/add/", {}).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "http:evil",
     "javascript:alert(1)", "/\t/evil.example", "\n//evil.example", "evil.example", "", " //evil.example", "ftp:/x"],
)  # fmt: skip
def test_where_one_is_led_next_is_on_this_site(world, rf, path):
    request = rf.get("/")
    assert not is_own_path(path, request)
    client = Client()
    person = world.people["officer_a"]
    person.set_password("Mat-khau-rat-dai-2024")
    person.save()
    given = {"username": person.username, "password": "Mat-khau-rat-dai-2024", "next": path}
    for url, data in (("/dang-nhap/", given), ("/co-chu/", {"step": "up", "next": path})):
        answer = client.post(url, data)
        assert answer.status_code == 302, url  # signed in: it is led somewhere
        assert "evil" not in answer.get("Location", "") and "javascript" not in answer.get("Location", "")


def test_a_file_shown_in_place_has_no_origin(world, objects, sign_in):
    answer = sign_in(world.people["officer_a"]).get(f"/minh-chung/{objects['evidence']}/")
    assert answer["Content-Disposition"].startswith("inline") and "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] == "image/png"


def test_no_script_of_ours_builds_code():
    for name in ("portal", "reports", "campaigns", "agencies"):
        for script in sorted((ROOT / name / "static").rglob("*.js")):
            text = script.read_text()
            assert "eval(" not in text and "new Function" not in text, script


PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("check", deploy=True, fail_level="WARNING")
secure, plain = Client().get("/dang-nhap/", secure=True, HTTP_HOST="pbgdpl.example.vn"), Client().get("/dang-nhap/?a=1", HTTP_HOST="pbgdpl.example.vn")
cookies = {name: {key: morsel[key] for key in ("secure", "httponly", "path", "domain", "samesite")} for name, morsel in secure.cookies.items()}
print(json.dumps({"status": secure.status_code, "hsts": secure.get("Strict-Transport-Security"), "cookies": cookies,
    "plain": [plain.status_code, plain.get("Location")], "session": settings.SESSION_COOKIE_NAME,
    "secure": settings.SESSION_COOKIE_SECURE, "debug": settings.DEBUG, "demo": settings.PORTAL_DEMO}))
"""


def production(code: str, tmp_path, **more) -> subprocess.CompletedProcess:
    """A process of its own with the settings of a real site, which has no database to ask."""
    given = {
        "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": "postgresql://u:p@127.0.0.1:1/none",
        "PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SECRET_KEY": "k0" * 40 + "Zq9", "PORTAL_HOSTS": "pbgdpl.example.vn",
        "PORTAL_URL": "https://pbgdpl.example.vn", "PORTAL_PROXIES": "1", "PATH": os.environ["PATH"],
    }  # fmt: skip
    return subprocess.run([sys.executable, "-c", code], env=given | more, cwd=ROOT, capture_output=True, text=True)


def test_production_settings_pass_every_check_and_close_the_cookies(tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text('{"paths": {}, "version": "1.1", "hash": ""}')
    code = PRODUCTION.replace(
        "django.setup()",
        'from django.conf import settings\nsettings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}\ndjango.setup()',
        1,
    )
    done = production(code, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert "no issues" in done.stdout
    assert told["status"] == 200 and told["hsts"] == "max-age=31536000; includeSubDomains"
    assert told["plain"] == [301, "https://pbgdpl.example.vn/dang-nhap/?a=1"]
    assert told["session"].startswith("__Host-") and told["secure"] and not told["debug"] and not told["demo"]
    closed = {"secure": True, "httponly": "", "path": "/", "domain": "", "samesite": "Lax"}
    assert told["cookies"] == {"__Host-csrf": closed}


@pytest.mark.parametrize("hosts", ["*", "", "a.vn,*"])
def test_a_site_without_a_name_does_not_start(tmp_path, hosts):
    done = production("import django; django.setup()", tmp_path, PORTAL_HOSTS=hosts)
    assert done.returncode and "PORTAL_HOSTS phải nêu đúng tên miền" in done.stderr
