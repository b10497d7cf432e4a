"""The verbs of plans and tasks: states, reasons, one lead, and nothing half-written."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.models import RecordEntry, User
from agencies.workflow import available
from campaigns.models import Assignment, Plan, Task
from campaigns.workflow import (
    PLAN_TRANSITIONS,
    activate_plan,
    amend_plan,
    cancel_plan,
    complete_plan,
    create_plan,
    hand_over_task,
    save_section,
    save_task,
    supersede_plan,
)

REASON = "Theo công văn số 15 ngày 01/6/2024"


def draft(world, **changes) -> Plan:
    fields = {
        "council": world.council, "by": world.people["secretary"], "now": world.now, "number": "05/KH", "title": "Kế hoạch",
        "starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31), "signed_on": date(2024, 1, 1),
        "parties": [world.agencies["a"], world.agencies["b"]],
    }  # fmt: skip
    return create_plan(**(fields | changes))


def task_of(world, plan, key="k", **changes):
    fields = {
        "by": world.people["secretary"], "now": world.now, "number": "1.", "title": "Việc", "section": None,
        "lead": world.agencies["a"], "supporting": [world.agencies["b"]],
    }  # fmt: skip
    return save_task(plan=plan, import_key=key, **(fields | changes))


def test_only_the_secretary_of_the_council_manages(world):
    plan = draft(world)
    task, _changed = task_of(world, plan)
    for who in ("officer_a", "approver_a", "leader", "administrator", "other_secretary", "outsider", "inactive"):
        by = User.objects.get(username=who)
        calls = [
            lambda by=by: draft(world, by=by, number="06/KH"),
            lambda by=by: amend_plan(plan=plan, by=by, now=world.now, title="Khác"),
            lambda by=by: task_of(world, plan, "k2", by=by),
            lambda by=by: activate_plan(plan=plan, by=by, now=world.now),
            lambda by=by: cancel_plan(plan=plan, by=by, now=world.now, reason=REASON),
            lambda by=by: hand_over_task(
                task=task, to=world.agencies["c"], by=by, now=world.now, on=world.today, reason=REASON
            ),
            lambda by=by: save_section(
                plan=plan, by=by, now=world.now, import_key="s", number="I", title="M", parent=None, sort_order=1
            ),
        ]
        for call in calls:
            with pytest.raises(NotAllowed):
                call()
    plan.refresh_from_db()
    assert (plan.state, plan.title, plan.tasks.count()) == ("draft", "Kế hoạch", 1)


def test_the_way_of_a_plan(world):
    plan, by = draft(world, number="", signed_on=None, parties=[]), world.people["secretary"]
    with pytest.raises(Incomplete) as caught:
        activate_plan(plan=plan, by=by, now=world.now)
    assert len(caught.value.messages) == 4
    amend_plan(plan=plan, by=by, now=world.now, number="05/KH", signed_on=date(2024, 1, 1))
    task_of(world, plan)  # the lead of a task is taken to have signed its plan
    with pytest.raises(Incomplete, match="hai bên ký kết"):
        activate_plan(plan=plan, by=by, now=world.now)  # who only supports has not
    amend_plan(plan=plan, by=by, now=world.now, parties=[world.agencies["a"], world.agencies["b"]])
    plan.refresh_from_db()
    assert [row.name for row in available(by, plan, PLAN_TRANSITIONS)] == ["activate_plan", "cancel_plan"]
    activate_plan(plan=plan, by=by, now=world.now)
    entries = RecordEntry.objects.filter(verb="activate_plan", object_id=plan.pk).count()
    activate_plan(plan=plan, by=by, now=world.now)  # a double click
    assert RecordEntry.objects.filter(verb="activate_plan", object_id=plan.pk).count() == entries
    with pytest.raises(WrongState):
        cancel_plan(plan=plan, by=by, now=world.now, reason=REASON)
    with pytest.raises(Incomplete):
        complete_plan(plan=plan, by=by, now=world.now, reason="   xong    ")
    complete_plan(plan=plan, by=by, now=world.now, reason=REASON)
    assert plan.state == Plan.State.COMPLETED
    with pytest.raises(WrongState):
        task_of(world, plan, "k9")
    assert [row.name for row in available(by, plan, PLAN_TRANSITIONS)] == ["supersede_plan"]


def test_replaced_by_a_plan_of_the_same_council(world):
    plan, by = world.plan, world.people["secretary"]
    for wrong in (plan, world.other_plan):
        with pytest.raises(WrongState):
            supersede_plan(plan=plan, successor=wrong, by=by, now=world.now, reason=REASON)
    newer = draft(world)
    supersede_plan(plan=plan, successor=newer, by=by, now=world.now, reason=REASON)
    assert (plan.state, plan.superseded_by) == ("superseded", newer)
    with pytest.raises(WrongState):
        amend_plan(plan=plan, by=by, now=world.now, title="Khác", reason=REASON)


def test_a_number_is_used_once_a_year_and_freed_by_cancelling(world):
    plan, before = draft(world), Plan.objects.count()
    with pytest.raises(WrongState, match="đã có kế hoạch khác trong năm"):
        draft(world)
    assert Plan.objects.count() == before
    with pytest.raises(WrongState):  # the year is that of signing, and "005/KH" is the same number
        draft(world, number="005/kh", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    draft(world, signed_on=date(2025, 1, 2), starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    cancel_plan(plan=plan, by=world.people["secretary"], now=world.now, reason=REASON)
    draft(world)


@pytest.mark.parametrize("changes", [{"title": " "}, {"ends_on": date(2023, 12, 31)}])
def test_a_plan_without_sense_is_refused(world, changes):
    before = Plan.objects.count(), RecordEntry.objects.count()
    with pytest.raises(Incomplete):
        draft(world, **changes)
    assert (Plan.objects.count(), RecordEntry.objects.count()) == before


def test_the_same_task_again_changes_nothing(world):
    plan = draft(world)
    task, changed = task_of(world, plan)
    assert changed
    entries = RecordEntry.objects.count()
    assert task_of(world, plan) == (task, False)
    assert RecordEntry.objects.count() == entries and task.assignments.count() == 2


@pytest.mark.parametrize("case", ["lead supports", "foreign lead", "foreign support", "not yet there", "gone"])
def test_one_lead_of_the_council_and_of_the_time(world, case):
    plan, agencies = draft(world), world.agencies
    if case == "not yet there":
        type(agencies["c"]).objects.filter(pk=agencies["c"].pk).update(valid_from=date(2025, 3, 1))
    if case == "gone":
        type(agencies["c"]).objects.filter(pk=agencies["c"].pk).update(valid_to=date(2024, 1, 1))
    agencies["c"].refresh_from_db()
    changes = {
        "lead supports": {"supporting": [agencies["a"]]},
        "foreign lead": {"lead": agencies["x"]},
        "foreign support": {"supporting": [agencies["x"]]},
    }.get(case, {"supporting": [agencies["c"]]})
    with pytest.raises(Incomplete):
        task_of(world, plan, **changes)
    assert not plan.tasks.exists()


def test_handing_over_keeps_the_past(world):
    task = world.tasks[0]
    with pytest.raises(Incomplete):
        hand_over_task(task=task, to=world.agencies["b"], by=None, now=world.now, on=world.today, reason="ngắn")
    hand_over_task(task=task, to=world.agencies["b"], by=None, now=world.now, on=world.today, reason=REASON)
    rows = [(row.agency.code, row.role, row.date_to) for row in task.assignments.order_by("pk")]
    assert rows == [
        ("a", "lead", world.today),
        ("b", "supporting", world.today),
        ("b", "lead", None),
    ]
    assert RecordEntry.objects.get(verb="hand_over_task").reason == REASON


def test_the_database_holds_to_one_lead(world):
    task = world.tasks[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.create(task=task, agency=world.agencies["c"], role="lead", date_from=world.today)
    with pytest.raises(DatabaseError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(status="done")  # without a date
    with pytest.raises(DatabaseError), transaction.atomic():
        Plan.objects.filter(pk=world.plan.pk).update(state="superseded")
