"""The pages of plans: who sees what, what is refused, and how many questions a page asks the database."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import clock
from agencies.models import RecordEntry
from campaigns.models import Plan
from campaigns.views.plans import plan_rows
from campaigns.workflow import create_plan, save_section, save_task, supersede_plan
from tests.world import add_task

SIGNED = {
    "number": "02/KHPH-STP-LHPN",
    "title": "Kế hoạch phối hợp về bình đẳng giới",
    "kind": "plan",
    "signed_on": "03/04/2024",
    "starts_on": "03/04/2024",
    "ends_on": "31/12/2025",
    "legal_bases": "Luật số 14/2012/QH13\r\n\r\n  Luật số  73/2006/QH11 ",
    "note": "",
}


def form_of(world, **changes) -> dict:
    return (
        SIGNED | {"council": world.council.pk, "parties": [world.agencies["stp"].pk, world.agencies["b"].pk]} | changes
    )


def draft(world, number="", **changes) -> Plan:
    fields = {"title": "Dự thảo", "starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)} | changes
    return create_plan(council=world.council, by=None, now=world.now, number=number, **fields)


@pytest.mark.parametrize(
    ("who", "own", "foreign"),
    [
        (None, 302, 302),
        ("outsider", 403, 403),
        ("administrator", 403, 403),
        ("inactive", 302, 302),
        ("officer_a", 200, 404),
        ("officer_b", 200, 404),
        ("officer_c", 404, 404),  # of the council, but no party
        ("approver_a", 200, 404),
        ("secretary", 200, 404),
        ("leader", 200, 404),
        ("other_secretary", 404, 200),
        ("officer_x", 404, 200),
    ],
)
def test_who_opens_a_plan(world, sign_in, who, own, foreign):
    client = sign_in(world.people[who] if who else None)
    assert client.get(f"/ke-hoach/{world.plan.pk}/").status_code == own
    assert client.get(f"/ke-hoach/{world.other_plan.pk}/").status_code == foreign


def test_a_draft_is_seen_by_those_who_see_the_whole_council(world, sign_in):
    plan = draft(world, parties=[world.agencies["a"], world.agencies["b"]])
    for who, status in [("officer_a", 404), ("secretary", 200), ("leader", 200), ("other_secretary", 404)]:
        assert sign_in(world.people[who]).get(f"/ke-hoach/{plan.pk}/").status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer_a", 403), ("approver_a", 403), ("leader", 403), ("other_secretary", 404), ("secretary", 200)],
)
def test_only_the_secretary_of_the_council_changes_a_plan(world, sign_in, who, status):
    client = sign_in(world.people[who])
    assert client.get(f"/ke-hoach/{world.plan.pk}/sua/").status_code == status
    if status != 200:
        assert client.post(f"/ke-hoach/{world.plan.pk}/sua/", form_of(world)).status_code == status
        assert client.post(f"/ke-hoach/{world.plan.pk}/van-ban/").status_code == status
    world.plan.refresh_from_db()
    assert world.plan.number == "01/KHPH-STP-CA"


def test_the_list_shows_state_parties_and_progress(world, sign_in):
    page = sign_in(world.people["officer_a"]).get("/ke-hoach/")
    (plan,) = page.context["page"]
    assert (plan.party_names, plan.done_count, plan.task_count) == ("Sở Tư pháp, Công an, Hội LHPN", 0, 4)
    assert "Nhập từ phụ lục" not in page.content.decode()
    assert "Nhập từ phụ lục" in sign_in(world.people["secretary"]).get("/ke-hoach/").content.decode()


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {"01/KHPH-STP-CA", "07/DT"}),
        ("?q=can+tho", {"01/KHPH-STP-CA"}),
        ("?q=C%E1%BA%A7n%20Th%C6%A1", {"01/KHPH-STP-CA"}),
        ("?q=100%25", set()),
        ("?trang-thai=draft", {"07/DT"}),
        ("?trang-thai=active", {"01/KHPH-STP-CA"}),
        ("?trang-thai=completed", set()),
        ("?trang-thai=khong-co", {"01/KHPH-STP-CA", "07/DT"}),  # told, and left out
        ("?page=99", {"01/KHPH-STP-CA", "07/DT"}),
    ],
)
def test_filters_of_the_list(world, sign_in, query, numbers):
    draft(world, "07/DT")
    page = sign_in(world.people["secretary"]).get(f"/ke-hoach/{query}")
    assert page.status_code == 200
    assert {plan.number for plan in page.context["page"]} == numbers


@pytest.mark.parametrize("query", ["", "?trang-thai=completed", "?q=khongcogi"])
def test_empty_lists_say_what_to_do(world, sign_in, query):
    Plan.objects.filter(pk=world.plan.pk).update(council=world.other_council)
    text = sign_in(world.people["secretary"]).get(f"/ke-hoach/{query}").content.decode()
    assert 'class="empty"' in text


def test_constant_number_of_queries(world, sign_in):
    client = sign_in(world.people["secretary"])
    client.get("/ke-hoach/")
    one = count_queries(client, "/ke-hoach/")
    for number in range(19):
        draft(world, f"{number}/KH", parties=[world.agencies["a"], world.agencies["b"]])
    assert len(client.get("/ke-hoach/").context["page"]) == 20
    assert count_queries(client, "/ke-hoach/") == one


def test_plan_page_asks_the_same_for_few_and_many_tasks(world, sign_in):
    client = sign_in(world.people["officer_a"])
    client.get(f"/ke-hoach/{world.plan.pk}/")
    few = count_queries(client, f"/ke-hoach/{world.plan.pk}/")
    for number in range(10, 40):
        add_task(world, world.plan, number, "a", "b", "stp")
    assert count_queries(client, f"/ke-hoach/{world.plan.pk}/") == few


def count_queries(client, url) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_party_reads_the_whole_list_but_opens_its_own_tasks(world, sign_in):
    page = sign_in(world.people["officer_b"]).get(f"/ke-hoach/{world.plan.pk}/")
    opened = {row.item.task.number: row.item.is_open for block in page.context["blocks"] for row in block.rows}
    assert opened == {"1.": True, "2.": True, "3.": False, "4.": False}
    text = page.content.decode()
    assert "Nhiệm vụ số 3" in text and f"/nhiem-vu/{world.tasks[2].pk}/" not in text
    assert "Quá hạn 26 ngày" not in text  # how far the work of others is stays theirs
    assert "Quá hạn 26 ngày" in sign_in(world.people["officer_a"]).get(f"/ke-hoach/{world.plan.pk}/").content.decode()


def test_sections_and_tasks_in_the_order_of_the_annex(world):
    plan = draft(world, "08/KH")

    def heading(key, order, parent=None):
        return save_section(
            plan=plan, by=None, now=world.now, import_key=key, number=key, title="Mục", parent=parent, sort_order=order
        )

    def task(number, order, section):
        save_task(
            plan=plan, by=None, now=world.now, import_key=number, number=number, title="Việc", section=section,
            lead=world.agencies["a"], sort_order=order,
        )  # fmt: skip

    one = heading("I", 10)
    inner = heading("I.1", 30, one)
    heading("II", 60)
    three = heading("III", 70)
    task("a", 20, one)
    task("b", 40, inner)
    task("c", 50, one)
    task("d", 80, three)
    task("e", 90, None)
    rows = plan_rows(plan, world.people["secretary"], world.today)
    names = [row.item.number if row.is_heading else row.item.task.number for row in rows]
    assert names == ["I", "a", "I.1", "b", "c", "II", "III", "d", "e"]
    assert [row.depth for row in rows if row.is_heading] == [0, 1, 0, 0]


def test_create_a_plan(world, sign_in):
    client = sign_in(world.people["secretary"])
    answer = client.post("/ke-hoach/them/", form_of(world))
    plan = Plan.objects.get(number="02/KHPH-STP-LHPN")
    assert answer.status_code == 302 and answer.url == f"/ke-hoach/{plan.pk}/"
    assert (plan.signed_on, plan.state, plan.council) == (date(2024, 4, 3), "draft", world.council)
    assert plan.legal_bases == ["Luật số 14/2012/QH13", "Luật số 73/2006/QH11"]
    assert {party.agency.code for party in plan.parties.all()} == {"stp", "b"}
    text = client.get(f"/ke-hoach/{plan.pk}/").content.decode()
    assert "03/04/2024" in text and "Kế hoạch chưa có nhiệm vụ nào." in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": "  "}, "Không được để trống."),
        ({"starts_on": "04/13/2024"}, "dd/mm/yyyy"),
        ({"ends_on": "01/01/2020"}, "bằng hoặc sau ngày bắt đầu"),
        ({"parties": "foreign"}, "không có trong danh sách của bạn"),
        ({"parties": ["abc"]}, "không có trong danh sách của bạn"),
        ({"council": "foreign"}, "không có trong danh sách của bạn"),
        ({"kind": "khac"}, "không có trong danh sách của bạn"),
        ({"number": "01/KHPH-STP-CA"}, "đã có kế hoạch khác trong năm"),
    ],
)
def test_a_wrong_form_is_told_and_nothing_is_written(world, sign_in, changes, said):
    foreign = {"parties": [world.agencies["x"].pk], "council": world.other_council.pk}
    changes = {name: foreign[name] if value == "foreign" else value for name, value in changes.items()}
    before = Plan.objects.count(), RecordEntry.objects.count()
    answer = sign_in(world.people["secretary"]).post("/ke-hoach/them/", form_of(world, note="Giữ câu này", **changes))
    assert answer.status_code in (409, 422)
    text = answer.content.decode()
    assert said in text and "Giữ câu này" in text
    assert (Plan.objects.count(), RecordEntry.objects.count()) == before


def test_a_signed_plan_changes_only_with_a_reason(world, sign_in):
    client, url = sign_in(world.people["secretary"]), f"/ke-hoach/{world.plan.pk}/sua/"
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', client.get(url).content.decode()))
    typed = {name: typed[name] for name in ("number", "title", "signed_on", "starts_on", "ends_on")}
    typed |= form_of(world, parties=[world.agencies[code].pk for code in ("stp", "a", "b")], note="") | typed
    refused = client.post(url, typed | {"title": "Trích yếu mới", "reason": "ngắn"})
    assert refused.status_code == 422 and "ít nhất 10 ký tự" in refused.content.decode()
    assert client.post(url, typed | {"title": "Trích yếu mới", "reason": "Theo công văn số 15"}).status_code == 302
    world.plan.refresh_from_db()
    assert world.plan.title == "Trích yếu mới"
    assert RecordEntry.objects.filter(verb="amend_plan").latest("at").reason == "Theo công văn số 15"


def test_a_party_with_tasks_cannot_be_dropped(world, sign_in):
    typed = form_of(world, parties=[world.agencies["stp"].pk], reason="Bỏ bớt một bên ký kết")
    answer = sign_in(world.people["secretary"]).post(f"/ke-hoach/{world.plan.pk}/sua/", typed)
    assert answer.status_code == 409 and "Không bỏ được Công an, Hội LHPN" in answer.content.decode()
    assert world.plan.parties.count() == 3


@pytest.mark.parametrize(
    ("who", "labels"),
    [
        ("secretary", {"Kết thúc kế hoạch", "Thay thế bằng kế hoạch khác"}),
        ("leader", set()),
        ("officer_a", set()),
    ],
)
def test_buttons_of_a_plan_in_force(world, sign_in, who, labels):
    page = sign_in(world.people[who]).get(f"/ke-hoach/{world.plan.pk}/")
    assert {item["row"].label for item in page.context["transitions"]} == labels
    assert bool(page.context["buttons"]) == (who == "secretary")


def test_superseded_plans_link_to_each_other(world, sign_in):
    newer = draft(world, "09/KH")
    supersede_plan(plan=world.plan, successor=newer, by=None, now=clock.now(), reason="Có kế hoạch mới thay thế")
    client = sign_in(world.people["secretary"])
    assert f'href="/ke-hoach/{newer.pk}/"' in client.get(f"/ke-hoach/{world.plan.pk}/").content.decode()
    assert f'href="/ke-hoach/{world.plan.pk}/"' in client.get(f"/ke-hoach/{newer.pk}/").content.decode()
    # A party reads that it was replaced, not the draft that replaces it.
    seen = sign_in(world.people["officer_a"]).get(f"/ke-hoach/{world.plan.pk}/").content.decode()
    assert "Kế hoạch khác của hội đồng" in seen and f'href="/ke-hoach/{newer.pk}/"' not in seen


def test_two_people_on_one_plan_are_told(world, sign_in):
    """The second of two forms that showed the same plan saves nothing until its author has seen the other's change."""
    secretary = sign_in(world.people["secretary"])
    url = reverse("plan-edit", kwargs={"pk": world.plan.pk})
    form = secretary.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    shown = {name: value for name, value in shown.items() if value is not None}
    shown |= {"signed_on": "29/02/2024", "starts_on": "01/01/2024", "ends_on": "31/12/2025"}
    shown["reason"] = "Điều chỉnh theo công văn số 5"
    assert secretary.post(url, shown | {"title": "Trích yếu mới"}).status_code == 302
    answer = secretary.post(url, shown | {"note": "Ghi chú của người thứ hai"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Người khác vừa sửa" in page and "Trích yếu mới" in page
    world.plan.refresh_from_db()
    assert (world.plan.title, world.plan.note) == ("Trích yếu mới", "")
