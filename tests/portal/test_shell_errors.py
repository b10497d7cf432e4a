"""Things gone wrong become words that people can act on, and nothing is cached on the way."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from agencies.errors import BusinessError, Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.models import User
from agencies.permissions import access
from portal import urls as portal_urls

ERRORS = {kind.__name__: kind for kind in (BusinessError, Incomplete, NotAllowed, StaleVersion, WrongState)}


@access(public="a view of the test")
def failing(request, kind):
    raise ERRORS[kind]("Dòng 1 còn <thiếu> kết quả.", "Dòng 2 chưa có số liệu.")


@access(public="a view of the test")
def reading(request):
    return HttpResponse(len(request.POST))


urlpatterns = [path("thu/doc/", reading), path("thu/<str:kind>/", failing), *portal_urls.urlpatterns]
handler400 = "portal.views.handler400"
handler403 = "portal.views.handler403"
handler404 = "portal.views.handler404"
handler500 = "portal.views.handler500"


@pytest.fixture(autouse=True)
def _urls(settings):
    settings.ROOT_URLCONF = __name__


STATUSES = {"BusinessError": 409, "Incomplete": 422, "NotAllowed": 403, "StaleVersion": 409, "WrongState": 409}


@pytest.mark.parametrize(("kind", "status"), STATUSES.items())
def test_an_error_of_the_business_is_a_page(db, kind, status):
    answer = Client().post(f"/thu/{kind}/", {"result": "chữ đã gõ", "password": "bí mật"})
    page = answer.content.decode()
    assert answer.status_code == status
    for words in (
        "Điều gì đã xảy ra",
        "Đã giữ lại gì",
        "Làm gì tiếp",
        "Dòng 1 còn &lt;thiếu&gt; kết quả.",
        "Dòng 2 chưa có số liệu.",
    ):
        assert words in page
    assert "chữ đã gõ" in page and "bí mật" not in page


@pytest.mark.parametrize("kind", ERRORS)
def test_htmx_gets_a_notice_beside_what_was_typed(db, kind):
    answer = Client().post(f"/thu/{kind}/", {"result": "chữ"}, headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == "#notices"
    assert answer.status_code == STATUSES[kind]
    assert "<html" not in answer.content.decode() and "Dòng 2 chưa có số liệu." in answer.content.decode()


@pytest.mark.parametrize(
    ("referer", "link"),
    [
        ("http://testserver/nhiem-vu/?tu=1", 'href="/nhiem-vu/?tu=1"'),
        ("https://xau.vn/nhiem-vu/", None),
        ("http://testserver.xau.vn/", None),
        ("http://testserver//xau.vn/", None),
    ],
)
def test_the_way_back_stays_on_the_site(db, referer, link):
    page = Client().get("/thu/WrongState/", headers={"Referer": referer}).content.decode()
    assert ("Về trang trước" in page) is bool(link)
    assert link is None or link in page


def test_not_found_and_refused(db):
    page = Client().get("/khong-co/")
    assert page.status_code == 404 and "Không tìm thấy trang" in page.content.decode()
    client = Client()
    client.force_login(User.objects.create_user("ai-do"))
    page = client.get(reverse("record"))
    assert page.status_code == 403 and "Bạn không có quyền" in page.content.decode()


@pytest.mark.parametrize(
    ("limit", "fields"),
    [
        ({"DATA_UPLOAD_MAX_NUMBER_FIELDS": 2}, {"a": 1, "b": 2, "c": 3}),
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": 10}, {"a": "x" * 100}),
    ],
)
@pytest.mark.parametrize("checked", [True, False])
def test_too_much_is_said_in_words(db, settings, limit, fields, checked):
    for name, value in limit.items():
        setattr(settings, name, value)
    client = Client(enforce_csrf_checks=checked)
    client.get(reverse("login"))
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    answer = client.post("/thu/doc/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()


def test_pages_are_private(db):
    for address in (reverse("login"), "/khong-co/", "/thu/WrongState/"):
        answer = Client().get(address)
        assert answer["Cache-Control"] == "private, no-store", address
        assert "Cookie" in answer["Vary"] and "HX-Request" in answer["Vary"]


@pytest.mark.parametrize(
    ("who", "address", "above"),
    [
        ("officer_a", "/bao-cao/2024-q2/congan/trinh/", "/bao-cao/2024-q2/congan/"),
        ("officer_a", "/bao-cao/2024-q2/congan/dong/5/minh-chung/", "/bao-cao/2024-q2/congan/dong/5/"),
        ("secretary", "/dieu-phoi/2024-q2/khoa/", "/dieu-phoi/2024-q2/"),
        ("secretary", "/ke-hoach/5/chuyen/hoan-thanh/", "/ke-hoach/5/"),
        (None, "/dang-xuat/", None),
        (None, "/co-chu/", None),
    ],
)
def test_the_address_of_a_button_is_explained(world, who, address, above):
    client = Client()
    if who:
        client.force_login(world.people[who])
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert "chỉ nhận thao tác từ nút bấm" in page and 'href="/"' in page
    assert ("Về trang có nút bấm" in page) is (above is not None)
    assert above is None or f'href="{above}"' in page


@pytest.mark.parametrize(
    ("who", "role", "ask"),
    [
        ("administrator", "Quản trị hệ thống", "Nếu cần, đề nghị Thư ký Hội đồng."),
        ("officer_a", "Cán bộ đầu mối", "Nếu cần, đề nghị Thư ký Hội đồng hoặc quản trị hệ thống."),
        ("outsider", "chưa được giao", "Nếu cần, đề nghị Thư ký Hội đồng hoặc quản trị hệ thống."),
    ],
)
def test_who_is_refused_learns_whose_work_it_is(world, who, role, ask):
    client = Client()
    client.force_login(world.people[who])
    answer = client.get(reverse("agency-succession", args=[world.agencies["a"].pk]))
    page = answer.content.decode()
    assert answer.status_code == 403 and ask in page
    assert f"Việc này thuộc vai trò khác; vai trò của bạn: {role}" in page
