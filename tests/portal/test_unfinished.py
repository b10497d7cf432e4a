"""Nothing that was typed is lost when a session ends, and nothing of it leads astray."""

import html
import re

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, reverse

from agencies.models import User
from agencies.permissions import access
from portal import unfinished

PASSWORD = "mat-khau-dai-2024"
TEXT = "Đã tổ chức 02 cuộc <tuyên truyền>\r\ntại “trường THPT” & xã"
received = []


@access(signed_in="a form of the test")
def form_view(request):
    received.append(request.POST)
    return HttpResponse("saved")


urlpatterns = [path("thu/bieu/", form_view, name="test-form"), path("", include("portal.urls"))]
handler400 = "portal.views.handler400"
handler403 = "portal.views.handler403"


@pytest.fixture(autouse=True)
def _urls(settings):
    settings.ROOT_URLCONF = __name__
    received.clear()


@pytest.fixture
def person(db):
    return User.objects.create_user("stp", password=PASSWORD, full_name="Người của Sở")


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden inputs of a page, as a browser reads them."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(html.unescape(name), html.unescape(value)) for name, value in found]


def test_typed_text_survives_the_end_of_a_session(person):
    client = Client()
    typed = {"result": TEXT, "tags": ["một", "hai"], "empty": ""}
    page = client.post("/thu/bieu/?ky=2024-q2", typed)
    assert page.status_code == 200
    assert not received
    token = dict(hidden(page.content.decode()))["typed"]

    wrong = client.post(reverse("login"), {"username": "stp", "password": "sai", "typed": token})
    again = dict(hidden(wrong.content.decode()))["typed"]

    page = client.post(reverse("login"), {"username": "stp", "password": PASSWORD, "typed": again}).content.decode()
    assert "Nội dung bạn vừa nhập vẫn còn" in page
    assert "&lt;tuyên truyền&gt;" in page
    assert 'action="/thu/bieu/?ky=2024-q2"' in page

    fields: dict[str, list[str]] = {}
    for name, value in hidden(page):
        if name not in {"csrfmiddlewaretoken", "next"}:
            fields.setdefault(name, []).append(value)
    assert client.post("/thu/bieu/?ky=2024-q2", fields).content == b"saved"
    assert received[0]["result"] == TEXT
    assert received[0].getlist("tags") == ["một", "hai"]


def test_secrets_and_files_are_not_carried_and_files_are_named(person):
    upload = SimpleUploadedFile("ảnh.jpg", b"x")
    page = Client().post("/thu/bieu/", {"password": "bí mật", "old_password": "cũ", "note": "ghi", "tep": upload})
    token = dict(hidden(page.content.decode()))["typed"]
    typed = unfinished.unpack(token, RequestFactory().get("/"))
    assert typed.items == [("note", "ghi")]
    assert typed.files == ["ảnh.jpg"]
    assert "Tệp đính kèm không giữ lại được" in page.content.decode()


@pytest.mark.parametrize("target", ["https://xau.vn/", "//xau.vn/", "/\\xau.vn", "javascript:alert(1)", "bieu", ""])
def test_a_token_never_leads_off_the_site(target):
    token = signing.dumps([target, [], []], salt=unfinished.SALT, compress=True)
    assert unfinished.unpack(token, RequestFactory().get("/")) is None


FORGED = ["", "x", "a:b:c", signing.dumps(["/thu/", [], []], salt="another")]


@pytest.mark.parametrize("token", FORGED, ids=["nothing", "a letter", "three parts", "another salt"])
def test_a_forged_token_is_ignored(token, person):
    assert unfinished.unpack(token, RequestFactory().get("/")) is None
    answer = Client().post(reverse("login"), {"username": "stp", "password": PASSWORD, "typed": token})
    assert answer.status_code == 302 and answer.url == reverse("home")


def test_an_old_token_is_ignored(monkeypatch):
    token = unfinished.pack(unfinished.Typed("/thu/bieu/", [("a", "b")], []))
    monkeypatch.setattr(unfinished, "KEPT_FOR", -1)
    assert unfinished.unpack(token, RequestFactory().get("/")) is None


def test_htmx_keeps_its_page_and_gets_a_notice(db):
    answer = Client().post("/thu/bieu/", {"result": TEXT}, headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == "#notices"
    assert "vẫn còn trên trang này" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_get_without_a_session_goes_to_the_sign_in_page(db):
    answer = Client().get("/thu/bieu/?ky=2024-q2")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login") + "?next=")


def test_what_is_shown_is_what_a_person_wrote():
    items = [("form-0-result", "chữ"), ("form-TOTAL_FORMS", "1"), ("version", "3"), ("agency", "12"), ("x", " ")]
    assert unfinished.Typed("/", items, []).shown == [("kết quả thực hiện", "chữ")]


@pytest.mark.parametrize(
    ("origin", "offered"), [("http://testserver", True), ("https://xau.vn", False), ("null", False), (None, False)]
)
def test_a_stale_form_of_this_site_is_offered_again_and_no_other(person, origin, offered):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    headers = {"Origin": origin} if origin else {}
    answer = client.post("/thu/bieu/", {"result": TEXT, "csrfmiddlewaretoken": "cũ"}, headers=headers)
    assert not received
    assert ("Lưu tiếp" in answer.content.decode()) is offered
    if not offered:
        assert answer.status_code == 403


def test_a_stale_sign_in_form_shows_no_password(person):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        reverse("login"), {"username": "stp", "password": PASSWORD}, headers={"Origin": "http://testserver"}
    )
    assert answer.status_code == 403
    assert PASSWORD not in answer.content.decode()
