"""The short form in place, its suggested name and tasks, files that travel with it, and taking back what was recorded."""

import json
import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import RecordEntry
from campaigns.activities import record_activity, withdraw_activity
from campaigns.activity_names import suggested_title, task_words
from campaigns.activity_tasks import likely
from campaigns.goals import goals_told
from campaigns.models import Activity, Evidence, Indicator, Task
from campaigns.targets import set_target
from portal.demo.files import pdf, picture

NEW = "/hoat-dong/them/"
PNG = picture("a")
IN_PLACE = {"HX-Request": "true"}


def typed(world, **changes) -> dict:
    fields = {
        "agency": world.agencies["a"].pk,
        "form_key": str(uuid.uuid4()),
        "held_on": "03/06/2024",
        "form": "school",
    }
    return fields | {"place": "Trường THPT A", "figure-PB02": "120", "tasks": [world.tasks[0].pk]} | changes


def deed(world, title="Buổi nói chuyện", who="officer_a", **more) -> Activity:
    fields = {"held_on": date(2024, 6, 1), "now": world.now} | more
    return record_activity(agency=world.agencies[who[-1]], by=world.people[who], title=title, **fields)


@pytest.mark.parametrize(
    ("form", "task", "place", "name"),
    [
        ("direct", "Tuyên truyền phòng,\n chống ma túy.", "Trường A", "Phổ biến trực tiếp: Tuyên truyền phòng, chống ma túy tại Trường A"),
        ("contest", "", "Nhà văn hóa", "Thi tìm hiểu pháp luật tại Nhà văn hóa"),
        ("other", "Việc", " xã B ", "Hoạt động: Việc tại xã B"),
        ("no such form", "", "xã B", "Hoạt động tại xã B"),
        # Without a place two agencies' events of a day would be told in the same words (V26).
        ("direct", "Tuyên truyền", "", ""),
        ("direct", "Tuyên truyền", "  ", ""),
    ],
)  # fmt: skip
def test_the_suggested_name(form, task, place, name):
    assert suggested_title(form=form, task=task, place=place) == name


@given(st.text(), st.text(max_size=200))
def test_a_suggested_name_always_fits(task, place):
    name = suggested_title(form="direct", task=task, place=place)
    assert len(name) <= 300 and bool(name) == bool(place.strip())
    assert len(task_words(task)) <= 161 and "\n" not in task_words(task)


def test_likely_tasks_come_in_the_order_of_use():
    def task(pk, due=None, status="not_started"):
        return Task(pk=pk, due_date=due, status=status)

    soon, later = date(2024, 7, 1), date(2024, 9, 1)
    tasks = {"1": task(1), "2": task(2, later), "3": task(3, soon), "4": task(4, status="done"), "5": task(5), "6": task(6), "7": task(7)}  # fmt: skip
    assert likely(tasks, ticked=[], used=["5", "4", "99"]) == ["5", "3", "2", "1", "6"]  # done and foreign left out
    assert likely(tasks, ticked=["4", "7"], used=["5"]) == ["4", "7", "5", "3", "2"]
    assert likely(tasks, ticked=list("1234567"), used=["5"]) == list("1234567")


def test_a_name_left_out_is_made_from_the_task_and_the_place(world, sign_in):
    client = sign_in(world.people["officer_a"])
    assert client.post(NEW, typed(world)).status_code == 302
    activity = Activity.objects.get()
    about = "Tuyên truyền phòng, chống ma túy cho học sinh"
    assert activity.title == f"Giáo dục pháp luật trong nhà trường: {about} tại Trường THPT A"
    refused = client.post(NEW, typed(world, place=""))
    assert refused.status_code == 422 and list(refused.context["form"].errors) == ["title"]
    # Somebody who empties the name of a recorded activity is asked for one: it is not renamed.
    assert client.post(f"/hoat-dong/{activity.pk}/sua/", typed(world, version=1)).status_code == 422


def test_in_place_it_is_a_fragment_and_answers_with_a_notice(world, sign_in):
    client = sign_in(world.people["officer_a"])
    opened = client.get(NEW, headers=IN_PLACE).content.decode()
    assert "<html" not in opened and 'hx-target="#quick-activity-body"' in opened and 'value="10/06/2024"' in opened
    wrong = client.post(NEW, typed(world, **{"figure-PB02": "nhiều"}), headers=IN_PLACE)
    assert wrong.status_code == 422 and "<html" not in wrong.content.decode()
    assert 'value="nhiều"' in wrong.content.decode() and not Activity.objects.exists()
    done = client.post(NEW, typed(world), headers=IN_PLACE)
    activity, text = Activity.objects.get(), done.content.decode()
    assert done.status_code == 200 and "activity-recorded" in json.loads(done["HX-Trigger"])
    assert '<div id="notices" hx-swap-oob="innerHTML">' in text and "Đã ghi nhận hoạt động" in text
    assert f'action="/hoat-dong/{activity.pk}/rut/"' in text and f'href="{NEW}?lap-lai={activity.pk}"' in text
    # The notice was shown: it does not come again on the next page.
    assert "Đã ghi nhận" not in client.get("/hoat-dong/").content.decode()


def test_what_was_recorded_is_taken_back_and_given_back(world, sign_in):
    client = sign_in(world.people["officer_a"])
    page = client.post(NEW, typed(world), follow=True).content.decode()
    activity = Activity.objects.get()
    reason = re.search(r'name="reason" value="([^"]+)"', page)[1]
    taken = client.post(f"/hoat-dong/{activity.pk}/rut/", {"reason": reason}, headers=IN_PLACE)
    assert taken.status_code == 200 and taken["HX-Refresh"] == "true"
    page = client.get(f"/hoat-dong/{activity.pk}/").content.decode()
    assert (
        "Đã rút hoạt động." in page
        and "&lt;form" not in page
        and f'action="/hoat-dong/{activity.pk}/khoi-phuc/"' in page
    )
    assert client.get("/hoat-dong/").context["totals"]["attendance"] == 0
    assert client.post(f"/hoat-dong/{activity.pk}/khoi-phuc/").status_code == 302
    activity.refresh_from_db()
    assert activity.withdrawn_at is None and activity.withdrawn_reason == ""
    assert client.get("/hoat-dong/").context["totals"]["attendance"] == 120
    verbs = RecordEntry.objects.filter(object_id=activity.pk, object_type="campaigns.activity").values_list("verb")
    assert [verb for (verb,) in verbs.order_by("pk")] == ["record_activity", "withdraw_activity", "restore_activity"]


def test_it_begins_as_the_agency_did_last(world, sign_in):
    client = sign_in(world.people["officer_a"])
    assert client.get(NEW).context["form"]["form"].value() == "direct"
    mine = deed(world, form="school", place="Trường A", tasks=[world.tasks[3]], target_groups=["workers"],
                figures={"PB02": 40}, sites=[("Điểm 1", True, None)])  # fmt: skip
    later = world.now + timedelta(hours=1)
    deed(world, "Phát thanh", "officer_b", form="media", now=later)
    form = client.get(NEW).context["form"]
    assert form["form"].value() == "school" and not form["tasks"].value()
    assert [choice.pk for choice in form.suggested_tasks()][0] == str(world.tasks[3].pk)  # used last
    again = client.get(f"{NEW}?lap-lai=truoc").context["form"]
    assert again["title"].value() == mine.title and again["place"].value() == "Trường A"
    assert again["tasks"].value() == [str(world.tasks[3].pk)] and again["target_groups"].value() == ["workers"]
    assert again["held_on"].value() == world.today and again["figure-PB02"].value() is None
    assert again["site-0-name"].value() == "Điểm 1"
    # Nobody who has recorded nothing yet gets an error.
    assert sign_in(world.people["officer_c"]).get(f"{NEW}?lap-lai=truoc").status_code == 200


def test_files_travel_with_the_form_all_or_nothing(world, sign_in):
    client = sign_in(world.people["officer_a"])

    def send(*files, headers=None):
        sent = typed(world, tep=[SimpleUploadedFile(name, content) for name, content in files])
        return client.post(NEW, sent, headers=headers or {})

    refused = send(("anh.png", PNG), ("a.exe", b"MZ"))
    text = refused.content.decode()
    assert refused.status_code == 422 and "Không nhận tệp “a.exe”" in text and "hãy chọn lại tệp" in text
    assert "hãy chọn lại tệp" not in send(("a.exe", b"MZ"), headers=IN_PLACE).content.decode()  # the page keeps them
    assert send(*[(f"{number}.png", PNG) for number in range(11)]).status_code == 422
    assert not Activity.objects.exists() and not Evidence.objects.exists()
    assert send(("anh.png", PNG), ("tin.pdf", pdf("a"))).status_code == 302
    assert {file.original_name for file in Activity.objects.get().evidence.all()} == {"anh.png", "tin.pdf"}


def test_the_list_stands_under_its_months_with_the_sums_of_the_whole_month(world, sign_in):
    for number in range(32):
        day = date(2024, 6, 1) if number < 31 else date(2024, 5, 31)
        deed(world, f"Buổi nói chuyện {number}", held_on=day, figures={"PB02": 2})
    client = sign_in(world.people["officer_a"])
    first, second = (client.get(f"/hoat-dong/?page={page}").context["months"] for page in (1, 2))
    assert [(group["month"], group["count"], group["people"]) for group in first] == [(date(2024, 6, 1), 31, 62)]
    assert [(group["month"], len(group["rows"]), group["count"]) for group in second] == [
        (date(2024, 6, 1), 1, 31),
        (date(2024, 5, 1), 1, 1),
    ]
    task = client.get(f"/hoat-dong/?nhiem-vu={world.tasks[0].pk}").context
    assert task["months"] == [] and task["totals"]["count"] == 0


@pytest.mark.parametrize(
    ("year", "direction", "value", "said"),
    [
        (2024, "gte", 8, "năm 2024: đã ghi 2 cuộc, cần ít nhất 8, còn 6"),
        (2024, "gte", 2, "năm 2024: đã ghi 2 cuộc, cần ít nhất 2, đã đủ"),
        (2024, "gt", 2, "năm 2024: đã ghi 2 cuộc, cần hơn 2, chưa đủ"),
        (None, "gte", 8, "trực tiếp: đã ghi 3 cuộc, cần ít nhất 8, còn 5"),  # since the plan began
        (2025, "gte", 8, None),
    ],
)
def test_a_task_says_what_it_still_needs(world, sign_in, year, direction, value, said):
    task, indicator = world.tasks[0], Indicator.objects.get(code="PB01")
    kept = {"plan": world.plan, "task": task, "indicator": indicator, "year": year, "value": value}
    set_target(**kept, direction=direction, by=None, now=world.now, reason="Theo kế hoạch đã ký")
    # The reporting year 2024 began on 15/12/2023, the plan on 01/01/2024; one was withdrawn, one is of another task.
    deed(world, tasks=[task], figures={"PB01": 2})
    deed(world, "Buổi hai", tasks=[world.tasks[3]], figures={"PB01": 5})
    gone = deed(world, "Buổi ba", tasks=[task], figures={"PB01": 7})
    withdraw_activity(activity=gone, by=world.people["officer_a"], now=world.now, reason="Ghi nhầm hoạt động")
    later = goals_told([task.pk], date(2025, 1, 10)) if year is None else {}
    assert all("đã ghi 2" in text for texts in later.values() for text in texts)
    if year is None:
        deed(world, "Buổi tư", held_on=date(2024, 1, 1), tasks=[task], figures={"PB01": 1})
    form = sign_in(world.people["officer_a"]).get(NEW).context["form"]
    (choice,) = [choice for choice in form.suggested_tasks() if choice.pk == str(task.pk)]
    assert len(choice.goals) == (1 if said else 0) and (said is None or choice.goals[0].endswith(said))
