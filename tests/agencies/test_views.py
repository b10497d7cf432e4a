"""The pages of agencies and people: who gets in, what each sees, what happens to what was typed."""

import re
from datetime import date

import pytest
from django.urls import reverse

from agencies.models import Agency, Membership, RecordEntry, Role, Succession, User
from agencies.permissions import Perm, can, forget_grants
from tests.agencies.test_membership import DAY, SECRET, found

EVERYBODY = (
    "officer_a",
    "officer_b",
    "approver_a",
    "secretary",
    "leader",
    "administrator",
    "other_secretary",
    "officer_x",
    "outsider",
    "inactive",
    None,
)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def member_of(world, name) -> Membership:
    return world.people[name].memberships.get()


# Page → who gets which answer; whoever is not named gets what "*" says. Nobody without an account gets in: 302.
PAGES = {
    "agency-list": (lambda w: [], {"*": 200, "outsider": 403}),
    "agency-detail": (
        lambda w: [w.agencies["a"].pk],
        {
            "*": 404,
            "officer_a": 200,
            "approver_a": 200,
            "secretary": 200,
            "leader": 200,
            "administrator": 200,
            "outsider": 403,
        },
    ),
    "council-detail": (
        lambda w: [w.council.code],
        {"*": 200, "other_secretary": 404, "officer_x": 404, "outsider": 403},
    ),
    "agency-create": (lambda w: [], {"*": 403, "secretary": 200, "other_secretary": 200}),
    "agency-edit": (lambda w: [w.agencies["a"].pk], {"*": 403, "secretary": 200, "other_secretary": 404}),
    "agency-succession": (lambda w: [w.agencies["a"].pk], {"*": 403, "secretary": 200, "other_secretary": 404}),
    "account-create": (lambda w: [w.agencies["a"].pk], {"*": 403, "administrator": 200}),
    "membership-create": (lambda w: [w.agencies["a"].pk], {"*": 403, "administrator": 200}),
    "council-account-create": (lambda w: [w.council.code], {"*": 403, "administrator": 200}),
    "council-membership-create": (lambda w: [w.council.code], {"*": 403, "administrator": 200}),
    "membership-end": (lambda w: [member_of(w, "officer_a").pk], {"*": 403, "administrator": 200}),
    "account-close": (lambda w: [w.people["officer_a"].pk], {"*": 403, "administrator": 200}),
}


@pytest.mark.parametrize("name", PAGES)
def test_who_gets_in(world, sign_in, name):
    arguments, expected = PAGES[name]
    url = reverse(name, args=arguments(world))
    lines = RecordEntry.objects.count()
    got = {who: sign_in(who and world.people[who]).get(url).status_code for who in EVERYBODY}
    assert got == {who: expected.get(who, expected["*"]) for who in EVERYBODY} | {"inactive": 302, None: 302}
    assert RecordEntry.objects.count() == lines  # reading writes nothing


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name not in {"agency-list", "agency-detail", "council-detail"}]
)
def test_who_may_post(world, sign_in, name):
    arguments, expected = PAGES[name]
    url = reverse(name, args=arguments(world))
    lines = RecordEntry.objects.count()
    for who in EVERYBODY:
        wanted = {"inactive": 302, None: 302}.get(who, expected.get(who, expected["*"]))
        if wanted in {403, 404}:
            assert sign_in(world.people[who]).post(url).status_code == wanted, who
    assert RecordEntry.objects.count() == lines


@pytest.mark.parametrize(
    "name", ["account-create", "membership-create", "membership-end", "account-close", "agency-detail"]
)
def test_another_councils_is_not_found(world, sign_in, name):
    x = world.agencies["x"].pk
    keys = {"membership-end": member_of(world, "officer_x").pk, "account-close": world.people["officer_x"].pk}
    client = sign_in(world.people["administrator"])
    url = reverse(name, args=[keys.get(name, x)])
    assert client.get(url).status_code == 404
    if name != "agency-detail":
        assert client.post(url).status_code == 404
        assert client.get(reverse(name, args=[10**9])).status_code == 404


@pytest.mark.parametrize("name", ["council-account-create", "council-membership-create", "council-detail"])
def test_another_council_is_not_found(world, sign_in, name):
    client = sign_in(world.people["administrator"])
    assert client.get(reverse(name, args=[world.other_council.code])).status_code == 404


# --- the list -----------------------------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [row.agency.short_name for row in response.context["rows"]]


def test_the_list_in_protocol_order(world, sign_in):
    secretary = sign_in(world.people["secretary"]).get(reverse("agency-list"))
    assert names(secretary) == ["Sở Tư pháp", "Công an", "Hội LHPN", "Ban Dân tộc"]
    assert "Thêm cơ quan" in text(secretary) and "Tiền Giang" not in text(secretary)
    counts = {row.agency.code: row.counts for row in secretary.context["rows"]}
    assert counts["b"] == [2, 0, 0] and counts["a"][1:] == [1, 1]
    officer = sign_in(world.people["officer_a"]).get(reverse("agency-list"))
    assert names(officer) == ["Công an"] and "Thêm cơ quan" not in text(officer)
    for who in ("leader", "officer_a"):
        page = sign_in(world.people[who]).get(reverse("agency-list"))
        assert "Cán bộ đầu mối" not in page.content.decode().split("<main", 1)[1]
    assert "Thêm cơ quan" not in text(sign_in(world.people["administrator"]).get(reverse("agency-list")))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=dan+toc", ["Ban Dân tộc"]),
        ("q=DÂN+TỘC", ["Ban Dân tộc"]),
        ("q=tộc+ban", ["Ban Dân tộc"]),
        ("q=%25", []),
        ("q=khong-co", []),
        ("trang-thai=ton-tai", ["Sở Tư pháp", "Công an", "Hội LHPN"]),
        ("trang-thai=da-ket-thuc", ["Ban Dân tộc"]),
        ("trang-thai=chua-hieu-luc", ["Sở DT&TG"]),
        ("page=99", ["Sở Tư pháp", "Công an", "Hội LHPN", "Ban Dân tộc", "Sở DT&TG"]),
    ],
)
def test_narrowing_the_list(world, sign_in, query, expected):
    Agency.objects.filter(pk=world.agencies["c"].pk).update(valid_to=date(2024, 6, 10))
    Agency.objects.create(
        council=world.council, code="moi", name="Sở mới", short_name="Sở DT&TG", valid_from=DAY, protocol_order=9
    )
    page = sign_in(world.people["secretary"]).get(f"{reverse('agency-list')}?{query}")
    assert names(page) == expected
    assert expected or "Không có cơ quan nào khớp" in text(page)


def test_a_state_that_does_not_exist_is_said(world, sign_in):
    page = sign_in(world.people["secretary"]).get(f"{reverse('agency-list')}?trang-thai=xxx")
    assert len(names(page)) == 4 and "không có trong danh sách" in text(page)


def test_several_councils_are_told_apart(world, sign_in):
    from agencies.membership import join

    both = world.people["secretary"]
    join(user=both, scope=world.other_council, role=Role.LEADER, by=None, now=world.now, on=world.today)
    page = sign_in(both).get(reverse("agency-list"))
    assert names(page).count("Sở Tư pháp") == 2 and "tỉnh Tiền Giang" in text(page)
    # The other council's people are not for a leader to count.
    assert [row.counts is None for row in page.context["rows"]] == [False] * 4 + [True]


def test_queries_do_not_grow_with_the_list(world, sign_in, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for who in ("secretary", "administrator"):
        client = sign_in(world.people[who])
        urls = [reverse("agency-list"), reverse("agency-detail", args=[world.agencies["a"].pk])]

        def count(client=client, urls=urls):
            with CaptureQueriesContext(
                connection,
            ) as caught:
                for url in urls:
                    assert client.get(url).status_code == 200
            return len(caught)

        count()  # the session and the content types are warm
        before = count()
        for number in range(5):
            Agency.objects.create(
                council=world.council,
                code=f"{who}-{number}",
                name=f"Cơ quan {who} {number}",
                short_name=f"CQ {number}",
                valid_from=date(2020, 1, 1),
                parent=world.agencies["a"],
            )
            person = User.objects.create_user(f"{who}{number}", full_name="Ai Đó")
            Membership.objects.create(
                user=person, agency=world.agencies["a"], role=Role.VIEWER, joined_on=date(2024, 1, 1)
            )
        assert count() == before


# --- one agency ---------------------------------------------------------------------------------------------------


def detail(world, sign_in, who, code="a"):
    return sign_in(world.people[who]).get(reverse("agency-detail", args=[world.agencies[code].pk]))


def test_contacts_are_for_colleagues_and_those_who_manage(world, sign_in):
    User.objects.filter(username="officer_a").update(phone="0909 123 456", email="a@congan.example")
    for who, shown in {
        "officer_a": True,
        "approver_a": True,
        "viewer_a_officer_b": True,
        "secretary": True,
        "administrator": True,
        "leader": False,
    }.items():
        page = detail(world, sign_in, who).content.decode()
        assert ("0909 123 456" in page, "a@congan.example" in page) == (shown, shown), who
        assert "Người officer_a" in page


def test_buttons_are_what_each_may_do(world, sign_in):
    everything = {"Sắp xếp tổ chức", "Sửa", "Giao vai trò", "Tạo tài khoản", "Kết thúc vai trò", "Đóng tài khoản"}
    for who, buttons in {
        "secretary": {"Sắp xếp tổ chức", "Sửa"},
        "administrator": {"Giao vai trò", "Tạo tài khoản", "Kết thúc vai trò", "Đóng tài khoản"},
        "leader": set(),
        "officer_a": set(),
    }.items():
        main = detail(world, sign_in, who).content.decode().split("<main", 1)[1]
        assert {label for label in everything if f"</svg>{label}" in main} == buttons, who


def test_no_business_on_these_pages(world, sign_in):
    for url in (reverse("agency-detail", args=[world.agencies["a"].pk]), reverse("council-detail", args=["can-tho"])):
        page = text(sign_in(world.people["administrator"]).get(url))
        assert "Nhật ký" in page
        for word in ("ma túy", "Quý II/2024", "01/KHPH", "Nhiệm vụ số"):
            assert word not in page


def test_the_record_is_for_those_who_may_read_it(world, sign_in):
    for who, shown in {"officer_a": True, "secretary": True, "viewer_a_officer_b": False, "leader": False}.items():
        assert ("Giao vai trò Lãnh đạo đơn vị" in text(detail(world, sign_in, who))) == shown, who


def test_the_past_is_told(world, sign_in):
    new = found(world, "c")
    page = text(sign_in(world.people["secretary"]).get(reverse("agency-detail", args=[new.pk])))
    assert "01/03/2025 · Đổi tên: kế thừa Ban Dân tộc thành phố" in page and "12/NQ-HĐND" in page
    officer = detail(world, sign_in, "officer_b", "b").content.decode()
    assert "Trước đây" not in officer
    # An officer reads the name of the other agency, without a way to a page that is not theirs.
    moved = world.people["officer_c"].memberships.get(agency=world.agencies["c"])
    Membership.objects.filter(pk=moved.pk).update(left_on=DAY)
    world.people["officer_c"].groups.remove(world.people["officer_c"].groups.get(name__contains=f"-{moved.agency_id}-"))
    own = sign_in(world.people["officer_c"]).get(reverse("agency-detail", args=[new.pk])).content.decode()
    assert "Ban Dân tộc thành phố" in own and f"/co-quan/{moved.agency_id}/" not in own
    old = text(detail(world, sign_in, "secretary", "c"))
    assert "Trước đây (1)" in old and "Sở Dân tộc và Tôn giáo kế thừa" in old


# --- people -------------------------------------------------------------------------------------------------------


def account(**more) -> dict:
    return {
        "username": "nguyen.thi.moi",
        "full_name": "Nguyễn Thị Mới",
        "position": "Phó Trưởng phòng",
        "phone": "0909",
        "email": "moi@example.vn",
        "role": "liaison",
        "joined_on": "01/06/2024",
        "password": SECRET,
    } | more


def test_opening_an_account(world, sign_in):
    client = sign_in(world.people["administrator"])
    url = reverse("account-create", args=[world.agencies["b"].pk])
    response = client.post(url, account(), follow=True)
    assert response.redirect_chain == [(reverse("agency-detail", args=[world.agencies["b"].pk]), 302)]
    assert "Đã tạo tài khoản" in text(response) and SECRET not in response.content.decode()
    person = User.objects.get(username="nguyen.thi.moi")
    assert person.check_password(SECRET) and can(person, Perm.SUBMIT_REPORT, world.agencies["b"])
    assert (person.position, person.memberships.get().joined_on) == ("Phó Trưởng phòng", date(2024, 6, 1))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"username": "OFFICER_B"}, "đã có người dùng"),
        ({"username": "có dấu cách"}, "Chỉ dùng chữ, số"),
        ({"username": ""}, "Không được để trống"),
        ({"full_name": "x" * 121}, "Dài quá 120 ký tự"),
        ({"email": "sai"}, "Địa chỉ thư điện tử không đúng"),
        ({"role": "secretary"}, "Vai trò này không dùng ở đây"),
        ({"role": "administrator"}, "Vai trò này không dùng ở đây"),
        ({"joined_on": "31/02/2024"}, "dd/mm/yyyy"),
        ({"joined_on": "11/06/2024"}, "không được sau hôm nay"),
        ({"password": "ngan"}, "14"),
        ({"password": "12345678901234567"}, "số"),
        ({"password": "nguyen.thi.moi"}, "giống"),
        ({"password": ""}, "Không được để trống"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, sign_in, changed, words):
    client = sign_in(world.people["administrator"])
    count = (User.objects.count(), RecordEntry.objects.count())
    response = client.post(reverse("account-create", args=[world.agencies["b"].pk]), account(**changed))
    page = response.content.decode()
    assert response.status_code == 422 and words in page
    assert 'value="Nguyễn Thị Mới"' in page or "full_name" in changed
    assert 'value="Phó Trưởng phòng"' in page and SECRET not in page
    assert (User.objects.count(), RecordEntry.objects.count()) == count


def test_council_roles(world, sign_in):
    client = sign_in(world.people["administrator"])
    response = client.post(reverse("council-account-create", args=["can-tho"]), account(role="secretary"))
    assert response["Location"] == reverse("council-detail", args=["can-tho"])
    assert can(User.objects.get(username="nguyen.thi.moi"), Perm.MANAGE_PLANS, world.council)
    leader = {"user": world.people["officer_b"].pk, "role": "leader", "joined_on": "10/06/2024"}
    assert client.post(reverse("council-membership-create", args=["can-tho"]), leader).status_code == 302
    assert can(world.people["officer_b"], Perm.VIEW_SUMMARY, world.council)
    assert "Người officer_b" in text(client.get(reverse("council-detail", args=["can-tho"])))


@pytest.mark.parametrize("who", ["administrator", "officer_x", "other_secretary", "inactive", "outsider"])
def test_whom_no_role_can_be_given(world, sign_in, who):
    """Oneself, people of another council, closed accounts, and accounts that the council does not know."""
    client = sign_in(world.people["administrator"])
    url = reverse("membership-create", args=[world.agencies["b"].pk])
    data = {"user": world.people[who].pk, "role": "viewer", "joined_on": "10/06/2024"}
    assert f"Người {who}" not in client.get(url).content.decode().split("<main", 1)[1]
    response = client.post(url, data)
    assert response.status_code == 422 and "không có trong hội đồng" in text(response)
    assert not world.people[who].memberships.filter(agency=world.agencies["b"]).exists()


def test_ending_a_role(world, sign_in):
    client, member = sign_in(world.people["administrator"]), member_of(world, "officer_a")
    url = reverse("membership-end", args=[member.pk])
    for day, words in (("01/01/2023", "không thể kết thúc trước"), ("11/06/2024", "không được sau hôm nay")):
        response = client.post(url, {"left_on": day})
        assert response.status_code == 422 and words in text(response) and f'value="{day}"' in response.content.decode()
    assert client.post(url, {"left_on": "05/06/2024"}).status_code == 302
    member.refresh_from_db()
    assert member.left_on == date(2024, 6, 5)
    person = world.people["officer_a"]
    forget_grants(person)
    assert not can(person, Perm.VIEW_WORK, world.agencies["a"])
    assert client.get(url).status_code == 409 and "đã kết thúc từ 05/06/2024" in text(client.get(url))
    assert client.post(url, {"left_on": "06/06/2024"}).status_code == 302
    member.refresh_from_db()
    assert member.left_on == date(2024, 6, 5)


def test_ending_ones_own_role_is_refused_in_words(world, sign_in):
    own = member_of(world, "administrator")
    response = sign_in(world.people["administrator"]).post(
        reverse("membership-end", args=[own.pk]), {"left_on": "10/06/2024"}
    )
    assert response.status_code == 403 and "chính mình" in text(response)
    own.refresh_from_db()
    assert own.left_on is None


def test_closing_an_account(world, sign_in):
    client, officer = sign_in(world.people["administrator"]), world.people["officer_a"]
    theirs = sign_in(officer)
    assert theirs.get(reverse("agency-list")).status_code == 200
    url = reverse("account-close", args=[officer.pk])
    assert "không bị xóa" in text(client.get(url))
    assert client.post(url)["Location"] == reverse("agency-detail", args=[world.agencies["a"].pk])
    officer.refresh_from_db()
    assert not officer.is_active
    assert theirs.get(reverse("agency-list")).status_code == 302  # the open session ends with the account
    assert client.get(url).status_code == 409 and client.post(url).status_code == 302
    page = text(client.get(reverse("agency-detail", args=[world.agencies["a"].pk])))
    assert "Trước đây" in page and "Đóng tài khoản Người officer_a" not in page.split("Nhật ký")[0]


def test_closing_ones_own_account_is_refused_in_words(world, sign_in):
    by = world.people["administrator"]
    response = sign_in(by).post(reverse("account-close", args=[by.pk]))
    assert response.status_code == 403 and "chính mình" in text(response)
    assert not Succession.objects.exists()
