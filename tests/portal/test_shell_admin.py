"""The administrators' site: who enters, whom they reach, and that all of it is on the record."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from agencies.accounts import amend_person, change_own_password, reopen_account, reset_password
from agencies.errors import NotAllowed
from agencies.membership import close_account, join
from agencies.models import Agency, RecordEntry, Role, User
from reports.models import Holiday
from tests.world import make_person

NEW = "Con trâu đi trước 1 cái cày"
ACCOUNTS = "admin:agencies_user_changelist"


def change(user):
    return reverse("admin:agencies_user_change", args=[user.pk])


@pytest.fixture
def desk(world, sign_in):
    return sign_in(world.people["administrator"])


@pytest.mark.parametrize("who", ["secretary", "leader", "officer_a", "outsider"])
def test_only_administrators_enter(world, sign_in, who):
    User.objects.filter(username=who).update(is_staff=True, is_superuser=True)
    client = sign_in(User.objects.get(username=who))
    for name in ("admin:index", ACCOUNTS, "admin:reports_holiday_changelist"):
        answer = client.get(reverse(name), follow=True)
        assert answer.status_code == 403, (who, name)


def test_there_is_one_sign_in_page_only(world, desk):
    for address in (reverse("admin:index"), reverse("admin:login")):
        answer = Client().get(address, follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("login")), address
    assert Client().post(reverse("admin:login"), {"username": "a", "password": "b"}).status_code == 302
    assert desk.get(reverse("admin:login")).url == reverse("admin:index")
    assert desk.get(reverse("admin:password_change")).url == reverse("password-change")
    assert desk.post(reverse("admin:logout")).url == reverse("login")


def test_no_business_data_is_registered():
    assert {model._meta.label for model in admin.site._registry} == {
        "agencies.User",
        "reports.Holiday",
    }


def test_the_lists_open(desk):
    for name in ("admin:index", ACCOUNTS, "admin:reports_holiday_changelist"):
        assert desk.get(reverse(name)).status_code == 200, name


def test_an_administrator_reaches_their_own_council_and_nobody_else(world, desk):
    page = desk.get(reverse(ACCOUNTS)).content.decode()
    for name, person in world.people.items():
        reached = name not in {"other_secretary", "officer_x"}
        assert (f">{person.username}<" in page) is reached, name
        assert (desk.get(change(person)).status_code == 200) is reached, name
        passwords = reverse("admin:auth_user_password_change", args=[person.pk])
        if not reached:
            assert desk.post(passwords, {"password1": NEW, "password2": NEW}).status_code in {302, 403, 404}
            person.refresh_from_db()
            assert not person.check_password(NEW)


def test_an_account_that_another_council_knows_too_is_read_only(world, desk):
    shared = make_person("hai-noi", (world.agencies["a"], Role.VIEWER), (world.agencies["x"], Role.LIAISON))
    assert desk.get(change(shared)).status_code == 200
    assert desk.post(change(shared), {"full_name": "Tên khác"}).status_code == 403
    passwords = reverse("admin:auth_user_password_change", args=[shared.pk])
    assert desk.post(passwords, {"password1": NEW, "password2": NEW}).status_code == 403
    shared.refresh_from_db()
    assert shared.full_name == "Người hai-noi" and not shared.check_password(NEW)


def test_correcting_a_person_is_on_the_record_and_nothing_else_is_taken(world, desk):
    person = world.people["officer_a"]
    fields = {"full_name": "Tên Mới", "position": "Chuyên viên", "phone": "", "email": ""}
    more = {"is_superuser": "on", "is_staff": "on", "username": "khac", "groups": "1", "is_active": ""}
    assert desk.post(change(person), fields | more).status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.position, person.username) == ("Tên Mới", "Chuyên viên", "officer_a")
    assert person.is_active and not person.is_superuser and not person.is_staff
    entry = RecordEntry.objects.get(verb="amend_person")
    assert (entry.council, entry.summary) == (world.council, "Sửa họ và tên, chức vụ của Tên Mới")


def test_a_new_password_is_on_the_record_and_ends_the_sessions(world, desk, sign_in):
    person = world.people["officer_a"]
    theirs = sign_in(person)
    passwords = reverse("admin:auth_user_password_change", args=[person.pk])
    page = desk.post(passwords, {"password1": "ngắn", "password2": "ngắn"})
    assert page.status_code == 200
    answer = desk.post(passwords, {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW)
    entry = RecordEntry.objects.get(verb="reset_password")
    assert (entry.actor, entry.council) == (world.people["administrator"], world.council)
    assert theirs.get(reverse("record")).status_code == 302


def test_no_password_is_shown_and_ones_own_is_not_reset_here(world, desk):
    person, by = world.people["officer_a"], world.people["administrator"]
    page = desk.get(change(person)).content.decode()
    assert person.password[:12] not in page and "pbkdf2" not in page and "md5$" not in page
    passwords = reverse("admin:auth_user_password_change", args=[by.pk])
    assert desk.post(passwords, {"password1": NEW, "password2": NEW}).status_code == 403
    history = desk.get(reverse("admin:agencies_user_history", args=[person.pk]))
    assert history.url.startswith(reverse("record") + f"?nguoi={person.pk}")


def test_accounts_are_neither_added_nor_deleted_here(world, desk):
    assert desk.get(reverse("admin:agencies_user_add")).status_code == 403
    person = world.people["officer_a"]
    assert desk.post(reverse("admin:agencies_user_delete", args=[person.pk]), {"post": "yes"}).status_code == 403
    desk.post(reverse(ACCOUNTS), {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"})
    assert User.objects.filter(pk=person.pk).exists()


def test_the_pages_speak_vietnamese(world, desk):
    pages = [desk.get(reverse(name)).content.decode() for name in (ACCOUNTS, "admin:reports_holiday_changelist")]
    for page in pages:
        assert "Skip to main" not in page and "---------" not in page and "Thêm vào" not in page
        assert "Đến nội dung chính" in page
    assert "Chọn việc" in pages[0]


def test_the_administrators_record_tells_nothing_of_the_business(world, sign_in):
    """Who takes part, not what their tasks and reports say; the file and the search as the page."""
    council, a, now = world.council, world.agencies["a"], world.now
    for kind, obj, summary in (
        ("campaigns.task", a, "Sửa nhiệm vụ mật"),
        ("reports.report", a, "Trả lại báo cáo mật"),
        ("agencies.comment", a, "Nêu ý kiến mật"),
        ("agencies.agency", a, "Sửa cơ quan tên gì đó"),
        ("agencies.registerimport", council, "Nhập danh sách người dùng"),
    ):
        agency = obj if obj is a else None
        RecordEntry.objects.create(
            at=now, actor_name="Ai", verb="x", summary=summary, council=council, agency=agency, object_type=kind,
            reason="Lý do" if agency is None else f"Lý do: {summary}",
        )  # fmt: skip
    seen = {}
    for who in ("administrator", "secretary", "officer_a"):
        client = sign_in(world.people[who])
        for query in ({}, {"q": "mật"}, {"xuat": "csv"}):
            answer = client.get(reverse("record"), query)
            content = answer.getvalue() if answer.streaming else answer.content
            seen[who, *query] = content.decode("utf-8-sig")
    for page in (seen["administrator",], seen["administrator", "xuat"]):
        assert "nhiệm vụ mật" not in page and "báo cáo mật" not in page and "ý kiến mật" not in page
        assert "Sửa cơ quan tên gì đó" in page and "Nhập danh sách người dùng" in page
    assert "Không có dòng nhật ký nào khớp" in seen["administrator", "q"]
    assert "Với vai trò quản trị" in seen["administrator",]
    for who in ("secretary", "officer_a"):
        for page in (seen[who,], seen[who, "xuat"], seen[who, "q"]):
            assert "nhiệm vụ mật" in page and "báo cáo mật" in page and "Với vai trò quản trị" not in page


def test_the_record_is_read_on_its_own_page_alone(world, desk):
    """Here it would stand with the names of erased persons, and with a form."""
    assert not admin.site.is_registered(RecordEntry) and "recordentry" not in desk.get("/quan-tri/").content.decode()


def test_days_off_are_edited_and_on_the_record(world, desk):
    add = reverse("admin:reports_holiday_add")
    assert desk.post(add, {"day": "29/04/2031", "name": "Nghỉ hoán đổi"}).status_code == 302
    holiday = Holiday.objects.get(day="2031-04-29")
    desk.post(reverse("admin:reports_holiday_delete", args=[holiday.pk]), {"post": "yes"})
    assert not Holiday.objects.filter(pk=holiday.pk).exists()
    said = list(RecordEntry.objects.filter(verb="edit_holiday").order_by("pk").values_list("summary", "council"))
    assert said == [
        ("Thêm ngày nghỉ 29/04/2031 Nghỉ hoán đổi", world.council.pk),
        ("Xóa ngày nghỉ 29/04/2031 Nghỉ hoán đổi", world.council.pk),
    ]


def test_a_closed_account_is_opened_again_without_roles(world, desk):
    by, person = world.people["administrator"], world.people["officer_b"]
    close_account(user=person, by=by, now=world.now, council=world.council)
    desk.post(reverse(ACCOUNTS), {"action": "reopen", "_selected_action": [person.pk]})
    person.refresh_from_db()
    assert person.is_active
    assert not person.memberships.filter(left_on=None).exists()
    assert RecordEntry.objects.filter(verb="reopen_account", object_id=person.pk).count() == 1
    reopen_account(user=person, by=by, now=world.now)
    assert RecordEntry.objects.filter(verb="reopen_account", object_id=person.pk).count() == 1


def test_the_verbs_refuse_by_themselves(world):
    by, foreign = world.people["administrator"], world.people["officer_x"]
    for who in (world.people["secretary"], by):
        with pytest.raises(NotAllowed):
            reset_password(user=foreign, password=NEW, by=who, now=world.now)
        with pytest.raises(NotAllowed):
            amend_person(user=foreign, by=who, now=world.now, full_name="Khác")
    with pytest.raises(NotAllowed):
        reset_password(user=by, password=NEW, by=by, now=world.now)
    with pytest.raises(TypeError):
        amend_person(user=world.people["officer_a"], by=by, now=world.now, is_superuser=True)
    assert change_own_password(user=world.people["outsider"], password=NEW, now=world.now).check_password(NEW)


def test_a_role_given_later_widens_the_reach(world, desk):
    newcomer = make_person("moi")
    assert desk.get(change(newcomer)).status_code == 200
    agency = Agency.objects.get(pk=world.agencies["x"].pk)
    join(user=newcomer, scope=agency, role=Role.VIEWER, by=None, now=world.now, on=world.today)
    assert desk.get(change(newcomer)).status_code == 302
