"""The frame: signing in, where each person lands, what they see of the navigation, sizes of letters, the record."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.history import record
from agencies.models import RecordEntry, User
from portal.shell import TEXT_SIZE_COOKIE
from portal.signing_in.forms import SignInForm
from tests.world import PASSWORD

HOME = {
    "secretary": "board-home",
    "leader": "summary",
    "officer_a": "my-work",
    "approver_a": "my-work",
    "viewer_a_officer_b": "my-work",
    "administrator": "agency-list",
}


@pytest.mark.parametrize(("who", "url_name"), HOME.items())
def test_everybody_lands_where_their_work_waits(world, sign_in, who, url_name):
    answer = sign_in(world.people[who]).get(reverse("home"))
    assert (answer.status_code, answer.url) == (302, reverse(url_name))


def test_a_person_without_a_role_is_told_whom_to_ask(world, sign_in):
    page = sign_in(world.people["outsider"]).get(reverse("home")).content.decode()
    assert "chưa được giao vai trò" in page
    assert "quản trị hệ thống" in page


NAVIGATION = {
    "secretary": "Điều phối|Tổng quan|Kế hoạch|Nhiệm vụ|Hoạt động|Lịch|Chỉ tiêu|Báo cáo|Biểu mẫu|Cơ quan|Nhật ký",
    "leader": "Tổng quan|Kế hoạch|Nhiệm vụ|Hoạt động|Lịch|Chỉ tiêu|Báo cáo|Biểu mẫu|Cơ quan",
    "officer_a": "Việc của tôi|Kế hoạch|Nhiệm vụ|Hoạt động|Lịch|Chỉ tiêu|Báo cáo|Cơ quan|Nhật ký",
    "administrator": "Cơ quan|Nhật ký|Quản trị",
    "outsider": "",
}


@pytest.mark.parametrize(("who", "labels"), NAVIGATION.items())
def test_the_navigation_shows_what_one_may_use(world, sign_in, who, labels):
    page = sign_in(world.people[who]).get(reverse("password-change"))
    shell = page.context["shell"]
    assert "|".join(item.label for item in shell.navigation) == labels
    for item in shell.navigation:
        assert f'href="{item.url}"' in page.content.decode()


def test_the_entry_of_the_page_is_marked(world, sign_in):
    page = sign_in(world.people["secretary"]).get(reverse("record")).content.decode()
    assert page.count('aria-current="page">') >= 1
    assert f'<a href="{reverse("record")}" aria-current="page">' in page


@pytest.mark.parametrize(
    ("name", "entry"), [("task-create", "Nhiệm vụ"), ("plan-targets", "Kế hoạch"), ("board-home", "Điều phối")]
)
def test_one_entry_alone_is_marked(world, sign_in, name, entry):
    args = [] if name == "board-home" else [world.plan.pk]
    page = sign_in(world.people["secretary"]).get(reverse(name, args=args), follow=True)
    assert [item.label for item in page.context["shell"].navigation if item.current] == [entry]


def test_the_header_names_the_person_role_and_council(world, sign_in):
    page = sign_in(world.people["officer_a"]).get(reverse("password-change")).content.decode()
    assert "Người officer_a" in page
    assert "Cán bộ đầu mối · Công an" in page
    assert world.council.name in page
    assert 'href="#main"' in page and 'lang="vi"' in page


# --- signing in ---------------------------------------------------------------------------------------------------


def sign_in_with(client, **fields):
    return client.post(reverse("login"), fields)


def test_signing_in_rotates_the_session_and_goes_home(world):
    client = Client()
    client.cookies["sessionid"] = "chosen-by-somebody-else"
    answer = sign_in_with(client, username="officer_a", password=PASSWORD)
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert client.cookies["sessionid"].value != "chosen-by-somebody-else"
    assert client.get(reverse("login")).url == reverse("home")


def test_one_answer_for_every_reason_to_refuse(world):
    cases = [("nobody", PASSWORD), ("officer_a", "sai"), ("inactive", PASSWORD), ("inactive", "sai")]
    for username, password in cases:
        answer = sign_in_with(Client(), username=username, password=password)
        assert answer.context["form"].non_field_errors() == [SignInForm.WRONG], (username, password)


@pytest.mark.parametrize(
    ("target", "followed"),
    [
        ("/nhat-ky/?page=2", True),
        ("https://xau.vn/", False),
        ("//xau.vn/", False),
        ("/\\xau.vn", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_next_is_followed_inside_the_site_only(world, target, followed):
    expected = target if followed else reverse("home")
    client = Client()
    page = client.get(reverse("login"), {"next": target}).content.decode()
    assert ('name="next" value="/nhat-ky' in page) is followed
    assert sign_in_with(client, username="officer_a", password=PASSWORD, next=target).url == expected
    assert client.get(reverse("login"), {"next": target}).url == expected


def test_signing_out_needs_a_post(world, sign_in):
    client = sign_in(world.people["officer_a"])
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout")).url == reverse("login")
    assert client.get(reverse("record")).status_code == 302


def test_changing_ones_password_is_on_the_record(world, sign_in):
    user = world.people["officer_a"]
    client, other = sign_in(user), sign_in(user)
    new = "Con trâu đi trước 1 cái cày"
    fields = {"old_password": "sai", "new_password1": new, "new_password2": new}
    page = client.post(reverse("password-change"), fields).content.decode()
    assert "Mật khẩu hiện tại không đúng" in page and new not in page
    assert client.post(reverse("password-change"), fields | {"old_password": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    entry = RecordEntry.objects.get(verb="change_password")
    assert (entry.actor, entry.agency) == (user, world.agencies["a"])
    assert client.get(reverse("record")).status_code == 200
    assert other.get(reverse("record")).status_code == 302


@pytest.mark.parametrize("demo", [True, False])
def test_only_a_demo_shows_its_accounts_and_its_day(world, settings, demo):
    settings.PORTAL_DEMO = demo
    page = Client().get(reverse("login")).content.decode()
    assert ("Tài khoản dùng thử" in page) is demo
    assert ("Dữ liệu minh họa · hôm nay là 10/06/2024" in page) is demo


# --- sizes of letters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("0", "up", "1"),
        ("3", "up", "3"),
        ("0", "down", "-1"),
        ("-1", "down", "-1"),
        ("999", "up", "1"),
        ("x", "?", "0"),
    ],
)
def test_text_size(client, before, step, after):
    client.cookies[TEXT_SIZE_COOKIE] = before
    answer = client.post(reverse("text-size"), {"step": step, "next": "/dang-nhap/?next=/nhat-ky/"})
    assert answer.url == "/dang-nhap/?next=/nhat-ky/"
    assert answer.cookies[TEXT_SIZE_COOKIE].value == after


@pytest.mark.parametrize("target", ["https://xau.vn/", "//xau.vn", "/\\xau.vn", "\\\\xau.vn", "http:xau.vn", "", "x"])
def test_text_size_never_leads_off_the_site(client, target):
    assert client.post(reverse("text-size"), {"step": "up", "next": target}).url == reverse("home")


def test_the_chosen_size_is_a_class_of_the_page(db, client):
    client.cookies[TEXT_SIZE_COOKIE] = "2"
    assert '<html lang="vi" class="text-2">' in client.get(reverse("login")).content.decode()


# --- the record ---------------------------------------------------------------------------------------------------


@pytest.fixture
def entries(world):
    secretary, a, b = world.people["secretary"], world.agencies["a"], world.agencies["b"]
    for number in range(60):
        record(by=secretary, now=world.now, verb="thu", obj=a if number % 2 else b, summary=f"Việc thử {number}")
    record(
        by=None, now=world.now, verb="thu", obj=world.other_council, summary="Việc của tỉnh khác", reason="lý do khác"
    )
    return world


def test_the_record_shows_ones_own_in_a_constant_number_of_queries(entries, sign_in):
    client = sign_in(entries.people["officer_a"])
    with CaptureQueriesContext(connection) as narrow:
        one = client.get(reverse("record"), {"q": "Việc thử 1"})
    with CaptureQueriesContext(connection) as wide:
        page = client.get(reverse("record"))
    assert len(narrow) == len(wide)
    assert {entry.agency for entry in page.context["page_obj"].paginator.object_list} == {entries.agencies["a"]}
    assert one.context["page_obj"].paginator.count < page.context["page_obj"].paginator.count


def test_the_record_of_the_other_council_stays_there(entries, sign_in):
    page = sign_in(entries.people["secretary"]).get(reverse("record"), {"q": "tỉnh khác"}).content.decode()
    assert "Không có dòng nhật ký nào khớp" in page
    assert "Việc của tỉnh khác" in sign_in(entries.people["other_secretary"]).get(reverse("record")).content.decode()


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"q": "Việc thử"}, 60),
        ({"q": "Việc thử", "tu": "10/06/2024", "den": "10/06/2024"}, 60),
        ({"q": "Việc thử", "tu": "11/06/2024"}, 0),
        ({"q": "Việc thử", "den": "09/06/2024"}, 0),
        ({"q": "100%"}, 0),
    ],
)
def test_filters(entries, sign_in, filters, count):
    answer = sign_in(entries.people["secretary"]).get(reverse("record"), filters)
    assert answer.context["page_obj"].paginator.count == count


def test_a_wrong_filter_is_explained_and_the_page_still_shows(entries, sign_in):
    secretary = sign_in(entries.people["secretary"])
    page = secretary.get(reverse("record"), {"tu": "31/02/2024", "q": "Việc thử"}).content.decode()
    assert "Ngày ghi theo dạng" in page and "Việc thử" in page and "31/02/2024" in page
    page = secretary.get(reverse("record"), {"agency": entries.agencies["x"].pk, "page": "xa"})
    assert page.status_code == 200 and page.context["form"].errors["agency"]


def test_paging_keeps_the_filters(entries, sign_in):
    page = sign_in(entries.people["secretary"]).get(reverse("record"), {"q": "Việc thử"}).content.decode()
    assert "page=2" in page and "q=Vi%E1%BB%87c+th%E1%BB%AD&amp;page=2" in page


def test_the_record_is_closed_to_leaders_and_strangers(entries, sign_in):
    assert sign_in(entries.people["leader"]).get(reverse("record")).status_code == 403
    assert sign_in(entries.people["outsider"]).get(reverse("record")).status_code == 403
    assert Client().get(reverse("record")).status_code == 302


def test_the_page_for_our_own_faults_needs_nothing():
    assert "Máy chủ gặp lỗi" in render_to_string("500.html")


def test_no_page_carries_inline_style_or_script(world, sign_in):
    for page in (Client().get(reverse("login")), sign_in(world.people["secretary"]).get(reverse("record"))):
        text = page.content.decode()
        assert "style=" not in text and "<script>" not in text and "onclick" not in text
        assert "http://" not in text and "https://" not in text.replace("https://www.w3.org", "")


def test_user_text_is_escaped_in_the_frame(world, sign_in):
    User.objects.filter(pk=world.people["officer_a"].pk).update(full_name="<b>Tên</b>")
    page = sign_in(User.objects.get(username="officer_a")).get(reverse("password-change")).content.decode()
    assert "<b>Tên</b>" not in page and "&lt;b&gt;Tên&lt;/b&gt;" in page
