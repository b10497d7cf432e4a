"""Activities: recorded once, corrected by one's own agency, counted by their own date."""

import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agencies.errors import Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.models import RecordEntry, User
from campaigns.activities import amend_activity, record_activity, withdraw_activity
from campaigns.count_field import CountField
from campaigns.models import Activity

DAY = date(2024, 5, 20)


def deed(world, code="a", **changes) -> Activity:
    fields = {
        "title": "Nói chuyện chuyên đề ma túy",
        "held_on": DAY,
        "figures": {"PB01": Decimal(1), "PB02": Decimal(1200)},
    }
    return record_activity(
        agency=world.agencies[code], by=world.people[f"officer_{code}"], now=world.now, **(fields | changes)
    )


def typed(world, **changes) -> dict:
    fields = {
        "agency": world.agencies["a"].pk,
        "form_key": str(uuid.uuid4()),
        "title": "Tuyên truyền tại trường",
        "held_on": "03/04/2024",
        "form": "direct",
        "place": "Ninh Kiều",
        "tasks": [world.tasks[0].pk],
        "figure-PB01": "1",
        "figure-PB02": "1.234",
        "figure-PB02-dung": "1.234",
        "figure-PB02n": "1 000",
        "site-0-name": "Trường A",
        "site-0-attendance": "34",
        "site-1-name": "Trường B",
        "site-1-online": "on",
    }
    return fields | changes


def written() -> tuple[int, int]:
    return Activity.objects.count(), RecordEntry.objects.count()


# --- numbers as people type them ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("  ", None), ("0", 0), ("007", 7), ("1234", 1234), ("1.234", 1234), ("1 234", 1234), ("1.234.567", 1234567), (" 12 ", 12), ("1\u00a0234", 1234)],
)  # fmt: skip
def test_counts_read(text, value):
    assert CountField().clean(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "1,5",
        "1.5",
        "1.23",
        "12.34.567",
        "1.2345",
        "ba",
        "1e3",
        "-5",
        "−5",
        "+5",
        "0x10",
        "1.234 5",
        "٣",
        "9" * 40,
        "1/2",
    ],
)
def test_counts_refused(text):
    with pytest.raises(ValidationError):
        CountField().clean(text)


@given(st.integers(min_value=0, max_value=9_999_999_999))
def test_a_count_reads_as_it_is_written(number):
    field = CountField()
    assert field.clean(field.prepare_value(number)) == field.clean(str(number)) == number


# --- verbs ------------------------------------------------------------------------------------------------------------


def test_recording_is_for_the_agency_s_own_officer(world):
    for who in ("officer_b", "approver_a", "viewer_a_officer_b", "secretary", "officer_x", "inactive"):
        by = User.objects.get(username=who)
        with pytest.raises(NotAllowed):
            record_activity(agency=world.agencies["a"], by=by, now=world.now, title="Việc", held_on=DAY)
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "  "},
        {"held_on": date(2024, 6, 11)},  # V07
        {"held_on": date(2003, 12, 31)},  # V02
        {"figures": {"PB02": Decimal(-1)}},
        {"figures": {"PB02": Decimal(10), "PB02n": Decimal(11)}},
        {"figures": {"PB05": Decimal(10), "PB05a": Decimal(9)}},
        {"figures": {"HG01": Decimal(1)}},  # not counted by activities
        {"figures": {"XX": Decimal(1)}},
        {"tasks": "foreign"},
    ],
)
def test_what_cannot_be_recorded(world, changes):
    if changes.get("tasks"):
        changes = {"tasks": [world.tasks[1]]}  # led by b, supported by stp
    before = written()
    with pytest.raises(Incomplete):
        deed(world, **changes)
    assert written() == before


def test_amending_and_withdrawing(world):
    activity, person = deed(world, tasks=[world.tasks[0]]), world.people["officer_a"]
    same = {"held_on": DAY, "form": "direct", "place": "", "content": "", "tasks": [], "sites": []}
    changed = amend_activity(
        activity=activity, by=person, now=world.now, version=1, title="Tên mới", figures={"PB01": Decimal(2)}, **same
    )
    assert changed.version == 2 and [f.value for f in changed.figures.all()] == [Decimal(2)]
    with pytest.raises(StaleVersion) as caught:
        amend_activity(activity=activity, by=person, now=world.now, version=1, title="Cũ", figures={}, **same)
    assert caught.value.current.title == "Tên mới"
    with pytest.raises(Incomplete):
        withdraw_activity(activity=activity, by=person, now=world.now, reason="ngắn")
    withdraw_activity(activity=activity, by=person, now=world.now, reason="Ghi trùng với hoạt động khác")
    with pytest.raises(WrongState):
        amend_activity(activity=activity, by=person, now=world.now, version=3, title="X", figures={}, **same)
    assert not Activity.objects.counted().exists()


# --- pages ------------------------------------------------------------------------------------------------------------


def test_who_opens_and_changes_an_activity(world, sign_in):
    activity = deed(world, tasks=[world.tasks[0]])
    cases = [
        ("outsider", 403, 403),
        ("administrator", 403, 403),
        ("officer_a", 200, 200),
        ("approver_a", 200, 403),
        ("viewer_a_officer_b", 200, 403),
        ("officer_b", 404, 404),  # supports the task; the activity is not theirs
        ("secretary", 200, 403),
        ("leader", 200, 403),
        ("other_secretary", 404, 403),
        ("officer_x", 404, 404),
    ]
    for who, seen, changed in cases:
        client = sign_in(world.people[who])
        assert client.get(f"/hoat-dong/{activity.pk}/").status_code == seen, who
        assert client.get(f"/hoat-dong/{activity.pk}/sua/").status_code == changed, who
        if changed != 200:
            for path in ("sua", "rut", "minh-chung"):
                assert client.post(f"/hoat-dong/{activity.pk}/{path}/", typed(world)).status_code == changed, who
    stranger = sign_in()
    assert stranger.get(f"/hoat-dong/{activity.pk}/").status_code == 302
    assert stranger.post(f"/hoat-dong/{activity.pk}/sua/", typed(world)).status_code == 200  # asked to sign in
    activity.refresh_from_db()
    assert (activity.version, activity.withdrawn_at) == (1, None)


def test_the_form_records_what_was_typed(world, sign_in):
    answer = sign_in(world.people["officer_a"]).post("/hoat-dong/them/", typed(world))
    activity = Activity.objects.get()
    assert answer.status_code == 302 and answer.url == f"/hoat-dong/{activity.pk}/"
    assert (activity.held_on, activity.agency.code) == (date(2024, 4, 3), "a")  # 3 April, not 4 March
    assert {f.indicator.code: f.value for f in activity.figures.select_related("indicator")} == {
        "PB01": 1, "PB02": 1234, "PB02n": 1000,
    }  # fmt: skip
    assert [(s.name, s.online, s.attendance) for s in activity.sites.all()] == [
        ("Trường A", False, 34),
        ("Trường B", True, None),
    ]
    assert list(activity.tasks.all()) == [world.tasks[0]]
    text = sign_in(world.people["officer_a"]).get(answer.url).content.decode()
    assert "1.234" in text and "03/04/2024" in text


def test_a_double_click_records_once(world, sign_in):
    client, form = sign_in(world.people["officer_a"]), typed(world)
    first, second = client.post("/hoat-dong/them/", form), client.post("/hoat-dong/them/", form)
    assert first.url == second.url and Activity.objects.count() == 1
    assert RecordEntry.objects.filter(verb="record_activity").count() == 1


def test_a_wrong_form_is_told_and_nothing_is_written(world, sign_in):
    client, before = sign_in(world.people["officer_a"]), written()
    cases = [
        ({"agency": world.agencies["b"].pk}, "không có trong danh sách của bạn"),
        ({"agency": world.agencies["x"].pk}, "không có trong danh sách của bạn"),
        ({"tasks": [world.tasks[1].pk]}, "không có trong danh sách của bạn"),
        ({"tasks": [world.other_plan.tasks.get().pk]}, "không có trong danh sách của bạn"),
        ({"tasks": ["abc"]}, "không có trong danh sách của bạn"),
        ({"held_on": "20/6/2024"}, "chưa đến"),
        ({"held_on": "04/13/2024"}, "dd/mm/yyyy"),
        ({"figure-PB02": "nhiều"}, "không phải là số nguyên"),
        ({"figure-PB02": "-3"}, "không được âm"),
        ({"figure-PB02n": "2000"}, "lớn hơn PB02"),
        ({"form": "x"}, "không có trong danh sách của bạn"),
        ({"title": "", "place": ""}, "Ghi tên hoạt động, hoặc ghi địa điểm"),
        ({"site-2-attendance": "20"}, "Điểm cầu dòng 3 chưa có tên."),
        ({"site-2-name": "C", "site-2-attendance": "3.000.000.000"}, "Số quá lớn"),
        ({"form_key": "abc"}, "Mã của biểu không hợp lệ"),
    ]
    for changes, said in cases:
        answer = client.post("/hoat-dong/them/", typed(world, content="Giữ câu này", **changes))
        text = answer.content.decode()
        assert answer.status_code == 422 and said in text and "Giữ câu này" in text, changes
    assert written() == before


def test_several_agencies_a_choice_and_each_its_own_tasks(world, sign_in):
    from agencies.membership import join
    from agencies.models import Role

    person = world.people["officer_a"]
    join(user=person, scope=world.agencies["b"], role=Role.LIAISON, by=None, now=world.now, on=world.today)
    client = sign_in(type(person).objects.get(pk=person.pk))
    page = client.get(f"/hoat-dong/them/?nhiem-vu={world.tasks[1].pk}").content.decode()
    assert re.search(rf'<option value="{world.agencies["b"].pk}" selected>', page)
    wrong = client.post("/hoat-dong/them/", typed(world, tasks=[world.tasks[1].pk]))
    assert wrong.status_code == 422 and "không chủ trì hay phối hợp" in wrong.content.decode()
    assert client.post("/hoat-dong/them/", typed(world, agency=world.agencies["b"].pk)).status_code == 302


def test_a_stale_edit_shows_both_and_saves_nothing(world, sign_in):
    activity, client = deed(world), sign_in(world.people["officer_a"])
    url = f"/hoat-dong/{activity.pk}/sua/"
    assert 'value="1.200"' in client.get(url).content.decode()
    assert client.post(url, typed(world, version=1, title="Bản thứ nhất")).status_code == 302
    late = client.post(url, typed(world, version=1, title="Bản đến sau"))
    text = late.content.decode()
    assert late.status_code == 409 and "Bản thứ nhất" in text and 'value="Bản đến sau"' in text
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("Bản thứ nhất", 2)
    seen = re.search(r'name="version" value="(\d+)"', text)[1]
    assert client.post(url, typed(world, version=seen, title="Đã so hai bản")).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("Đã so hai bản", 3)


def test_more_sites_than_rows_are_kept(world, sign_in):
    activity = deed(world, sites=[(f"Điểm {n}", True, None) for n in range(7)])
    client, url = sign_in(world.people["officer_a"]), f"/hoat-dong/{activity.pk}/sua/"
    page = client.get(url).content.decode()
    assert 'name="site-7-name"' in page and "Điểm 6" in page
    sites = {f"site-{n}-name": f"Điểm {n}" for n in range(7)}
    assert client.post(url, typed(world, version=1, **sites)).status_code == 302
    assert activity.sites.count() == 7


def test_repeat_brings_words_not_counts(world, sign_in):
    activity = deed(world, tasks=[world.tasks[0]], place="Cái Răng", sites=[("Điểm 1", True, 1200)])
    client = sign_in(world.people["officer_a"])
    page = client.get(f"/hoat-dong/them/?lap-lai={activity.pk}").content.decode()
    assert "Nói chuyện chuyên đề ma túy" in page and "Cái Răng" in page and 'value="Điểm 1"' in page
    assert "1.200" not in page and 'value="10/06/2024"' in page
    assert client.get("/hoat-dong/them/?lap-lai=abc").status_code == 404
    assert client.get(f"/hoat-dong/them/?nhiem-vu={world.tasks[1].pk}").status_code == 404
    assert sign_in(world.people["officer_b"]).get(f"/hoat-dong/them/?lap-lai={activity.pk}").status_code == 404


def test_withdrawing_needs_a_reason_and_takes_it_out_of_the_count(world, sign_in):
    activity, client = deed(world), sign_in(world.people["officer_a"])
    url = f"/hoat-dong/{activity.pk}/rut/"
    refused = client.post(url, {"reason": "trùng"})
    assert refused.status_code == 422 and "trùng</textarea>" in refused.content.decode()
    assert client.post(url, {"reason": "Ghi trùng với ngày 21/5"}).status_code == 302
    assert client.get("/hoat-dong/").context["totals"]["attendance"] == 0
    assert not client.get("/hoat-dong/").context["page"].object_list
    shown = client.get("/hoat-dong/?da-rut=on")
    assert "Đã rút" in shown.content.decode() and shown.context["totals"]["sessions"] == 0
    assert client.get(f"/hoat-dong/{activity.pk}/sua/").status_code == 409
    assert client.post(f"/hoat-dong/{activity.pk}/minh-chung/").status_code == 409


def test_filters_and_totals(world, sign_in):
    deed(world, tasks=[world.tasks[0]])
    deed(world, title="Hội thi", held_on=date(2024, 6, 1), form="contest", figures={"PB03": Decimal(1)})
    deed(world, "b", title="Tập huấn hòa giải", figures={"PB01": Decimal(2), "PB02": Decimal(30)})
    cases = [
        ("officer_a", "", 2, 1, 1200),
        ("officer_b", "", 1, 2, 30),
        ("secretary", "", 3, 3, 1230),
        ("secretary", f"?co-quan={world.agencies['b'].pk}", 1, 2, 30),
        ("secretary", "?q=hoa+giai", 1, 2, 30),
        ("secretary", "?hinh-thuc=contest", 1, 0, 0),
        ("secretary", "?tu=01/06/2024", 1, 0, 0),
        ("secretary", "?den=31/05/2024", 2, 3, 1230),
        ("secretary", f"?nhiem-vu={world.tasks[0].pk}", 1, 1, 1200),
        ("secretary", "?tu=32/13/2024&co-quan=x&hinh-thuc=y&nhiem-vu=z", 3, 3, 1230),
        ("other_secretary", "", 0, 0, 0),
    ]
    for who, query, rows, sessions, people in cases:
        context = sign_in(world.people[who]).get(f"/hoat-dong/{query}").context
        assert len(context["page"]) == rows, (who, query)
        totals = context["totals"]
        assert (totals["sessions"], totals["attendance"]) == (sessions, people), (who, query)


def test_the_month(world, sign_in):
    for number in range(6):
        deed(world, title=f"Buổi {number}")
    client = sign_in(world.people["officer_a"])
    page = client.get("/hoat-dong/?xem=lich&thang=2024-05")
    (day,) = [cell for week in page.context["weeks"] for cell in week if cell["rows"]]
    assert (day["day"], len(day["rows"]), day["more"], page.context["month_count"]) == (DAY, 4, 2, 6)
    assert page.context["weeks"][0][0]["day"].weekday() == 0  # weeks begin on Monday
    for wrong in ("2024-13", "0000-00", "abc", "9999-12"):
        page = client.get(f"/hoat-dong/?xem=lich&thang={wrong}")
        assert page.context["month"] == date(2024, 6, 1) and "năm-tháng" in page.content.decode()


def test_constant_number_of_queries(world, sign_in):
    client = sign_in(world.people["secretary"])

    def count(url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    urls = ("/hoat-dong/", "/hoat-dong/?xem=lich&thang=2024-05")
    deed(world, tasks=[world.tasks[0]])
    one = [count(url) for url in urls]
    for number in range(49):
        deed(world, title=f"Buổi {number}", tasks=[world.tasks[0], world.tasks[3]])
    assert [count(url) for url in urls] == one


def test_tasks_are_offered_with_their_place_in_the_plan(world, sign_in):
    task = world.tasks[0]
    task.section = world.plan.sections.create(number="II.", path="II.", title="Nội dung phối hợp", sort_order=1)
    task.save()
    page = sign_in(world.people["officer_a"]).get("/hoat-dong/them/").content.decode()
    assert f"{task.place} {task.title}" in page and task.place.startswith("II.")
    assert "data-keep" in page and ">Hủy</a>" in page
