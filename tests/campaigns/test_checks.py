"""Rules V01–V04 of plans and tasks, at the verbs and on their pages."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from agencies.errors import Incomplete, WrongState
from agencies.models import Agency
from campaigns.checks import number_is_free, outside_plan, plan_warnings
from campaigns.models import Plan, Task
from campaigns.workflow import amend_plan, create_plan, hand_over_task, save_task

pytestmark = pytest.mark.django_db
REASON = "Theo công văn số 15 ngày 01/6/2024"


def draft(world, **changes) -> Plan:
    fields = {
        "council": world.council, "by": world.people["secretary"], "now": world.now, "number": "05/KH-STP",
        "title": "Kế hoạch", "starts_on": date(2024, 3, 1), "ends_on": date(2024, 12, 31), "signed_on": date(2024, 3, 1),
        "parties": [world.agencies["a"], world.agencies["b"]],
    }  # fmt: skip
    return create_plan(**(fields | changes))


def task_in(world, plan, **changes) -> Task:
    fields = {
        "plan": plan, "by": world.people["secretary"], "now": world.now, "import_key": "k", "number": "1.",
        "title": "Việc", "section": None, "lead": world.agencies["a"],
    }  # fmt: skip
    return save_task(**(fields | changes))[0]


@pytest.mark.parametrize(
    ("number", "signed_on", "free"),
    [
        ("05/KH-STP", date(2024, 8, 1), False),
        ("5/kh-stp", date(2024, 8, 1), False),
        ("005 / KH-STP", date(2024, 8, 1), False),
        ("05/KH-STP", date(2023, 12, 30), True),  # signed in another year, whenever it begins
        ("05/KH-CA", date(2024, 8, 1), True),  # another issuing body: its letters are part of the number
        ("50/KH-STP", date(2024, 8, 1), True),
        ("", date(2024, 8, 1), True),
    ],
)
def test_a_number_is_unique_in_the_year_of_signing(world, number, signed_on, free):
    draft(world)
    assert number_is_free(world.council, number, signed_on.year) == free
    if free:
        assert draft(world, number=number, signed_on=signed_on).number == number
    else:
        with pytest.raises(WrongState, match="V04"):
            draft(world, number=number, signed_on=signed_on)


def test_the_database_too_counts_the_year_of_signing(world):
    plan = draft(world, signed_on=date(2023, 12, 30))
    other = draft(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(signed_on=other.signed_on)


def test_another_council_has_its_own_numbers(world):
    draft(world)
    assert number_is_free(world.other_council, "05/KH-STP", 2024)


def test_amending_into_a_taken_number_is_refused(world):
    draft(world)
    other = draft(world, number="06/KH-STP")
    with pytest.raises(WrongState, match="V04"):
        amend_plan(plan=other, by=world.people["secretary"], now=world.now, number="5/KH-STP")
    amend_plan(plan=other, by=world.people["secretary"], now=world.now, number="06/KH-STP", title="Tên khác")


def test_dates_out_of_order_are_refused(world):
    with pytest.raises(Incomplete, match="V03"):
        draft(world, ends_on=date(2024, 2, 29))


def test_a_plan_signed_after_it_began_is_odd_until_a_note_says_why(world):
    plan = draft(world, signed_on=date(2024, 3, 2))
    assert [rule for rule, _words in plan_warnings(plan, [])] == ["V03"]
    plan.note = "Ký sau theo thống nhất của các bên"
    assert plan_warnings(plan, []) == []


@pytest.mark.parametrize(
    ("day", "outside"),
    [
        (date(2024, 2, 29), True),
        (date(2024, 3, 1), False),
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (None, False),
    ],
)
def test_a_day_within_the_plan(world, day, outside):
    plan = draft(world)
    assert outside_plan(plan, day) == (day if outside else None)


def test_the_plan_page_lists_tasks_due_outside_and_links_the_rule(world, sign_in):
    plan = draft(world)
    task_in(world, plan, due_date=date(2025, 2, 1))
    page = sign_in(world.people["secretary"]).get(reverse("plan-detail", args=[plan.pk])).content.decode()
    assert "01/02/2025 ngoài thời gian của kế hoạch" in page and f"{reverse('rules')}#V03" in page


def test_typing_a_date_outside_the_plan_needs_a_note(world, sign_in):
    plan = draft(world)
    url, client = reverse("task-create", args=[plan.pk]), sign_in(world.people["secretary"])
    data = {
        "number": "1.",
        "title": "Việc mới",
        "lead": world.agencies["a"].pk,
        "due_date": "15/01/2025",
        "recurrence": "",
    }
    refused = client.post(url, data)
    assert refused.status_code == 422 and "ngoài thời gian của kế hoạch" in refused.content.decode()
    assert client.post(url, data | {"note": "Văn bản đã ký ghi như vậy"}).status_code == 302
    assert Task.objects.get(plan=plan).due_date == date(2025, 1, 15)


def test_a_lead_does_not_also_support(world):
    plan = draft(world)
    with pytest.raises(Incomplete, match="V01"):
        task_in(world, plan, supporting=[world.agencies["a"]])


def test_lead_and_supporting_become_parties(world):
    plan = draft(world, parties=[])
    task_in(world, plan, supporting=[world.agencies["c"]])
    assert {party.agency.code for party in plan.parties.all()} == {"a", "c"}


def test_work_is_given_to_an_agency_that_exists_that_day(world):
    plan = draft(world)
    task = task_in(world, plan)
    ended = world.agencies["c"]
    Agency.objects.filter(pk=ended.pk).update(valid_to=world.today)
    ended.refresh_from_db()
    hand_over = {"task": task, "to": ended, "by": world.people["secretary"], "now": world.now, "reason": REASON}
    with pytest.raises(Incomplete, match="V02"):
        hand_over_task(**hand_over, on=world.today)
    hand_over_task(**hand_over, on=world.today - timedelta(days=1))
    Agency.objects.filter(pk=ended.pk).update(valid_to=date(2024, 2, 1))
    ended.refresh_from_db()
    with pytest.raises(Incomplete, match="V02"):
        task_in(world, plan, import_key="k2", lead=ended)
