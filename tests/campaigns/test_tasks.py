"""The pages of tasks: who sees what, filters, definition, history over the quarters."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import RecordEntry
from campaigns.models import Assignment, Task
from campaigns.views.tasks import due_badge, task_row, with_assignments
from campaigns.workflow import hand_over_task
from reports.models import ProgressReport, ReportLine
from tests.world import add_task

TODAY = date(2024, 6, 10)


@pytest.mark.parametrize(
    ("status", "days", "said"),
    [
        ("not_started", None, None),
        ("not_started", -1, ("overdue", "Quá hạn 1 ngày")),
        ("in_progress", -26, ("overdue", "Quá hạn 26 ngày")),
        ("in_progress", 0, ("due_soon", "Đến hạn hôm nay")),
        ("in_progress", 1, ("due_soon", "Còn 1 ngày")),
        ("not_started", 15, ("due_soon", "Còn 15 ngày")),
        ("not_started", 16, None),
        ("done", -5, None),
        ("cancelled", -5, None),
        ("on_hold", -5, None),
    ],
)
def test_due_badge(status, days, said):
    due = None if days is None else TODAY + timedelta(days=days)
    assert due_badge(status=status, due_date=due, today=TODAY) == said


def test_who_opens_a_task(world, sign_in):
    first, foreign = world.tasks[0], world.other_plan.tasks.get()
    cases = [
        (None, 302, 302),
        ("outsider", 403, 403),
        ("administrator", 403, 403),
        ("officer_a", 200, 404),
        ("officer_b", 200, 404),  # supports
        ("officer_stp", 404, 404),  # party of the plan, not of the task
        ("officer_c", 404, 404),
        ("secretary", 200, 404),
        ("leader", 200, 404),
        ("other_secretary", 404, 200),
    ]
    for who, own, other in cases:
        client = sign_in(world.people[who] if who else None)
        assert client.get(f"/nhiem-vu/{first.pk}/").status_code == own, who
        assert client.get(f"/nhiem-vu/{foreign.pk}/").status_code == other, who


def test_only_the_secretary_changes_a_task(world, sign_in):
    url, typed = f"/nhiem-vu/{world.tasks[0].pk}/sua/", {"title": "Đổi", "lead": world.agencies["b"].pk}
    for who, status in [("officer_a", 403), ("officer_b", 403), ("leader", 403), ("other_secretary", 404)]:
        client = sign_in(world.people[who])
        assert (client.get(url).status_code, client.post(url, typed).status_code) == (status, status), who
        assert client.post(f"/ke-hoach/{world.plan.pk}/nhiem-vu/them/", typed).status_code == status, who
    assert Task.objects.get(pk=world.tasks[0].pk).title == world.tasks[0].title


def test_filters_of_the_list(world, sign_in):
    add_task(
        world, world.plan, 5, "b", "a", recurrence="", due_date=TODAY + timedelta(days=15), timing_text="25/6/2024"
    )
    a, b = world.agencies["a"].pk, world.agencies["b"].pk
    cases = [
        ("secretary", "", "1 2 3 4 5"),
        ("officer_a", "", "1 4 5"),
        ("officer_b", "", "1 2 5"),
        ("officer_x", "", "1"),
        ("secretary", "?q=ma+tuy", "1"),
        ("secretary", "?q=HO%C3%80%20GI%E1%BA%A2I", "2"),
        ("secretary", f"?co-quan={a}", "1 4 5"),
        ("secretary", f"?co-quan={a}&vai-tro=supporting", "5"),
        ("secretary", f"?co-quan={b}&vai-tro=lead", "2 5"),
        ("officer_a", "?vai-tro=lead", "1 4"),
        ("secretary", "?han=qua-han", "4"),
        ("secretary", "?han=sap-den-han", "5"),
        ("secretary", "?tinh-trang=done", ""),
        ("secretary", f"?ke-hoach={world.plan.pk}", "1 2 3 4 5"),
        ("secretary", f"?ke-hoach={world.other_plan.pk}", "1 2 3 4 5"),  # not theirs: told, and left out
        ("secretary", "?ke-hoach=abc&co-quan=99999999999999999999&vai-tro=x&han=y", "1 2 3 4 5"),
        ("secretary", "?page=7", "1 2 3 4 5"),
    ]
    for who, query, numbers in cases:
        answer = sign_in(world.people[who]).get(f"/nhiem-vu/{query}")
        assert answer.status_code == 200
        found = " ".join(row.task.number.strip(".") for row in answer.context["rows"])
        assert found == numbers, (who, query)
    told = sign_in(world.people["secretary"]).get(f"/nhiem-vu/?ke-hoach={world.other_plan.pk}").content.decode()
    assert "không có trong danh sách của bạn" in told and "tỉnh Tiền Giang" not in told


def test_an_unknown_choice_is_told_above_the_boxes(world, sign_in):
    page = sign_in(world.people["secretary"]).get("/nhiem-vu/?tinh-trang=qua-han&q=ke").content.decode()
    told, boxes = page.index("Điều kiện “Tình trạng” (qua-han)"), page.index('<form class="filters"')
    assert told < boxes
    filters = page[boxes : page.index("</form>", boxes)]
    assert "field-wrong" not in filters and "errorlist" not in filters and 'value="ke"' in filters


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{short}", False),
        ("{name};\n{short}.", False),
        ("", False),
        ("{short}, các cơ quan, đơn vị liên quan", True),
        ("Tổ công tác 06", True),
    ],
)
def test_supporting_agencies_are_not_named_twice(world, text, shown):
    b = world.agencies["b"]
    task = add_task(world, world.plan, 77, "a", "b")
    Task.objects.filter(pk=task.pk).update(supporting_text=text.format(short=b.short_name, name=b.name))
    row = task_row(with_assignments(Task.objects.filter(pk=task.pk)).get(), TODAY)
    assert row.supporting == b.short_name and bool(row.as_written) is shown


def test_a_fragment_when_htmx_asks(world, sign_in):
    client = sign_in(world.people["officer_a"])
    part = client.get("/nhiem-vu/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Quá hạn 26 ngày" in part
    again = client.get("/nhiem-vu/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in again.content.decode()


def test_constant_number_of_queries(world, sign_in):
    client = sign_in(world.people["secretary"])
    url = "/nhiem-vu/?q=ma+tuy"
    assert len(client.get(url).context["rows"]) == 1
    one = _count(client, url)
    for number in range(10, 59):
        add_task(world, world.plan, number, "a", "b", "stp", title="Phòng, chống ma túy")
    assert len(client.get(url).context["rows"]) == 50
    assert _count(client, url) == one


def _count(client, url) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_history_shows_what_was_accepted_and_ones_own(world, sign_in):
    task = world.tasks[0]
    for code, words in [("a", "Kết quả của Công an"), ("b", "Phần phối hợp của Phụ nữ")]:
        ReportLine.objects.filter(report=world.report(code), task=task).update(result=words)

    def seen(who):
        text = sign_in(world.people[who]).get(f"/nhiem-vu/{task.pk}/").content.decode()
        return "Kết quả của Công an" in text, "Phần phối hợp của Phụ nữ" in text

    assert [seen(who) for who in ("officer_a", "officer_b", "secretary")] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    person = world.people["officer_a"]
    ProgressReport.objects.filter(pk=world.report("a").pk).update(
        state="accepted", submitted_at=world.now, submitted_by=person, accepted_at=world.now
    )
    assert [seen(who) for who in ("officer_a", "officer_b", "secretary")] == [
        (True, False),
        (True, True),
        (True, False),
    ]


def test_past_assignments_keep_their_dates(world, sign_in):
    hand_over_task(
        task=world.tasks[0],
        to=world.agencies["c"],
        by=None,
        now=world.now,
        on=date(2024, 5, 1),
        reason="Sắp xếp bộ máy",
    )
    page = sign_in(world.people["officer_a"]).get(f"/nhiem-vu/{world.tasks[0].pk}/")
    rows = [(row.agency.code, row.role, row.date_to) for row in page.context["assignments"]]
    assert rows == [("c", "lead", None), ("b", "supporting", None), ("a", "lead", date(2024, 5, 1))]
    assert page.context["upload"] is None and page.context["buttons"] == []  # no longer theirs


def test_buttons_of_a_task(world, sign_in):
    for who, labels in [
        ("officer_a", ["Ghi nhận hoạt động"]),
        ("approver_a", []),
        ("secretary", ["Sửa nhiệm vụ"]),
        ("leader", []),
    ]:
        page = sign_in(world.people[who]).get(f"/nhiem-vu/{world.tasks[0].pk}/")
        assert [button.label for button in page.context["buttons"]] == labels, who


def typed(world, **changes) -> dict:
    lead, supporting = world.agencies["a"].pk, [world.agencies["b"].pk]
    fields = {"number": "9.", "title": "Việc mới", "lead": lead, "supporting": supporting, "sort_order": "1.010"}
    return fields | {"timing_text": "Trước 15/11/2024", "reason": "Bổ sung theo công văn số 20"} | changes


def test_add_a_task_once(world, sign_in):
    client, url = sign_in(world.people["secretary"]), f"/ke-hoach/{world.plan.pk}/nhiem-vu/them/"
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(url).content.decode())[1]
    for _click in range(2):
        assert client.post(url, typed(world, form_key=key)).status_code == 302
    task = Task.objects.get(title="Việc mới")
    assert task.import_key == f"tay:{key}" and task.sort_order == 1010
    assert (task.due_date, task.recurrence) == (date(2024, 11, 15), "")  # read from the words
    assert RecordEntry.objects.filter(object_type="campaigns.task", object_id=task.pk).count() == 1


def test_what_is_typed_wins_over_the_words(world, sign_in):
    client = sign_in(world.people["secretary"])
    client.post(f"/ke-hoach/{world.plan.pk}/nhiem-vu/them/", typed(world, due_date="03/04/2025"))
    assert Task.objects.get(title="Việc mới").due_date == date(2025, 4, 3)


def test_a_wrong_task_is_told_and_nothing_is_written(world, sign_in):
    client, url = sign_in(world.people["secretary"]), f"/ke-hoach/{world.plan.pk}/nhiem-vu/them/"
    a, x = world.agencies["a"].pk, world.agencies["x"].pk
    before = Task.objects.count(), RecordEntry.objects.count()
    cases = [
        ({"reason": "ngắn"}, "ít nhất 10 ký tự"),
        ({"reason": ""}, "Không được để trống."),
        ({"lead": x}, "không có trong danh sách của bạn"),
        ({"supporting": [x]}, "không có trong danh sách của bạn"),
        ({"supporting": [a]}, "một nhiệm vụ chỉ có một đơn vị chủ trì"),
        ({"title": ""}, "Không được để trống."),
        ({"timing_text": "Lúc nào đó tùy hoàn cảnh"}, "tự chọn chu kỳ"),
        ({"due_date": "31/02/2024"}, "dd/mm/yyyy"),
        ({"starts_on": "02/03/2024", "due_date": "01/03/2024"}, "bằng hoặc sau ngày bắt đầu"),
        ({"sort_order": "ba"}, "không phải là số nguyên"),
        ({"section": "1"}, "không có trong danh sách của bạn"),
    ]
    for changes, said in cases:
        answer = client.post(url, typed(world, note="Giữ câu này", **changes))
        text = answer.content.decode()
        assert answer.status_code == 422 and said in text and "Giữ câu này" in text, changes
    assert (Task.objects.count(), RecordEntry.objects.count()) == before


def test_editing_keeps_the_import_key(world, sign_in):
    task, client = world.tasks[0], sign_in(world.people["secretary"])
    url = f"/nhiem-vu/{task.pk}/sua/"
    assert 'value="1."' in client.get(url).content.decode()
    changed = typed(world, title="Tên đã sửa", timing_text="Hằng quý", recurrence="quarterly")
    assert client.post(url, changed).status_code == 302
    task.refresh_from_db()
    assert (task.title, task.import_key) == ("Tên đã sửa", "thu:1")
    assert RecordEntry.objects.filter(object_id=task.pk, verb="save_task").latest("pk").reason.startswith("Bổ sung")


def test_tasks_of_a_plan_that_is_over_stay(world, sign_in):
    type(world.plan).objects.filter(pk=world.plan.pk).update(state="completed")
    client = sign_in(world.people["secretary"])
    assert client.get(f"/nhiem-vu/{world.tasks[0].pk}/sua/").status_code == 409
    assert client.post(f"/ke-hoach/{world.plan.pk}/nhiem-vu/them/", typed(world)).status_code == 409
    assert client.get(f"/nhiem-vu/{world.tasks[0].pk}/").context["buttons"] == []


def test_a_badge_of_a_task_done_again_and_again_says_whose_period_it_is(world, sign_in):
    client = sign_in(world.people["secretary"])
    for task, told in ((world.tasks[2], True), (world.tasks[3], False)):
        page = client.get(reverse("task-detail", args=[task.pk])).content.decode()
        assert ("Kỳ gần nhất được tiếp nhận" in page) is told
        assert "Lịch sử" in page and "Đến ngày" in page and "Diễn biến" not in page


@pytest.mark.parametrize(
    ("date_to", "last"),
    [(None, None), (date(2024, 7, 1), date(2024, 6, 30)), (date(2024, 3, 1), date(2024, 3, 1))],
)
def test_the_last_day_of_a_part(date_to, last):
    assert Assignment(date_from=date(2024, 3, 1), date_to=date_to).last_day == last
