"""How far a plan is: its sections, its agencies, its months; and what of it each person is told."""

import re
from datetime import date

import pytest
from django.urls import reverse

from campaigns.models import Indicator, Plan, PlanSection, Task
from campaigns.plan_progress import MOST_YEARS, blocks_of, progress_by_agency, timeline_of
from campaigns.targets import set_target
from campaigns.views.plans import TaskRow, plan_rows
from tests.world import add_task

DONE = {"status": "done", "percent": 100, "completed_on": date(2024, 6, 1)}


@pytest.fixture
def rows(world):
    """The plan with two sections: I. (tasks 1, 2; below it I.1. with task 4) and II. (empty); task 3 stands alone."""
    first = PlanSection.objects.create(plan=world.plan, number="I.", path="I.", title="Một", import_key="1")
    below = PlanSection.objects.create(
        plan=world.plan, number="1.", path="I.1.", title="Một một", import_key="2", parent=first, sort_order=3
    )
    PlanSection.objects.create(plan=world.plan, number="II.", path="II.", title="Hai", import_key="3", sort_order=9)
    for task, section, order in zip(world.tasks, (first, first, None, below), (1, 2, 8, 4), strict=True):
        Task.objects.filter(pk=task.pk).update(section=section, sort_order=order)
    Task.objects.filter(pk=world.tasks[1].pk).update(**DONE)

    def of(who):
        return plan_rows(Plan.objects.get(pk=world.plan.pk), world.people[who], world.today)

    return of


def tasks_of(rows):
    return [row.item for row in rows if isinstance(row.item, TaskRow)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("secretary", {"Một": (3, 1, 1), "Hai": (0, 0, 0), "": (1, 0, 0)}),
        ("officer_a", {"Một": (2, 0, 1), "Hai": (0, 0, 0), "": (0, 0, 0)}),
        ("officer_b", {"Một": (2, 1, 0), "Hai": (0, 0, 0), "": (0, 0, 0)}),
    ],
)
def test_sections_count_what_their_reader_may_open(world, rows, who, expected):
    found = {}
    for block in blocks_of(rows(who), world.today):
        tally = block.tally
        found[block.heading.title if block.heading else ""] = (tally.total, tally.done, tally.overdue)
    assert found == expected


@pytest.mark.django_db
def test_agencies_in_protocol_order_with_what_they_lead(world, rows):
    found = progress_by_agency(tasks_of(rows("secretary")), world.today, own=None)
    assert [(row.name, row.led.total, row.led.done, row.led.overdue, row.supported) for row in found] == [
        ("Sở Tư pháp thành phố", 1, 0, 0, 1),
        ("Công an thành phố", 2, 0, 1, 0),
        ("Hội Liên hiệp Phụ nữ thành phố", 1, 1, 0, 1),
    ]
    assert sum(row.led.total for row in found) == 4


@pytest.mark.django_db
def test_others_are_one_sum_for_an_officer(world, rows):
    own = frozenset({world.agencies["a"].pk})
    found = progress_by_agency(tasks_of(rows("officer_a")), world.today, own=own)
    assert [(row.name, row.led.total, row.led.done) for row in found] == [
        ("Công an thành phố", 2, 0),
        ("2 cơ quan khác, cộng chung", 2, 1),
    ]


@pytest.mark.django_db
def test_months(world, rows):
    add_task(world, world.plan, 20, "a", recurrence="", timing_text="Quý I/2026", due_date=date(2026, 3, 31))
    add_task(world, world.plan, 21, "a", recurrence="", timing_text="Theo yêu cầu")
    line = timeline_of(world.plan, tasks_of(rows("secretary")), world.today)
    assert [year for year, _months in line.years] == [2024, 2025, 2026]
    due = {f"{month.first:%Y-%m}": len(month.rows) for month in line.busy if month.rows}
    assert due == {"2024-05": 1, "2026-03": 1} and line.dated == 2
    assert [f"{month.first:%Y-%m}" for month in line.busy if month.is_now] == ["2024-06"]
    assert [month.within for month in line.years[2][1]] == [False] * 12
    assert line.undated == [("Hằng quý", 2), ("Không ghi ngày", 1), ("Thường xuyên", 1)]


@pytest.mark.django_db
def test_a_plan_of_a_lifetime_is_not_drawn_year_by_year(world, rows):
    world.plan.starts_on, world.plan.ends_on = date(1990, 1, 1), date(2090, 1, 1)
    line = timeline_of(world.plan, tasks_of(rows("secretary")), world.today)
    assert [year for year, _months in line.years] == [2024] and len(line.years) <= MOST_YEARS


@pytest.mark.django_db
def test_the_page(world, rows, sign_in):
    url = reverse("plan-detail", args=[world.plan.pk])
    page = sign_in(world.people["secretary"]).get(url).content.decode()
    assert page.count('<details class="plan-block" open>') == 2 and "1/3 hoàn thành" in page
    assert "Quá hạn 26 ngày" in page and "Hôm nay 10/06" in page
    officer = sign_in(world.people["officer_b"]).get(url).content.decode()
    hidden = world.tasks[3].pk  # agency A's alone: named as signed, without its state
    assert f"/nhiem-vu/{hidden}/" not in officer and not re.search(r"Quá hạn \d", officer)
    assert "I.1.4." in officer


@pytest.mark.django_db
def test_how_far_the_targets_are_stands_on_a_page_of_its_own(world, sign_in):
    page, url = reverse("plan-detail", args=[world.plan.pk]), reverse("plan-attainment", args=[world.plan.pk])
    secretary = sign_in(world.people["secretary"])
    assert url not in secretary.get(page).content.decode()
    assert "chưa có chỉ tiêu bằng số nào" in secretary.get(url).content.decode()
    goal = {"task": None, "year": 2024, "value": 5, "reason": "Theo kế hoạch đã ký"}
    set_target(plan=world.plan, indicator=Indicator.objects.get(code="PB01"), by=None, now=world.now, **goal)
    assert url in secretary.get(page).content.decode()
    assert url not in sign_in(world.people["officer_a"]).get(page).content.decode()
    shown = secretary.get(url).content.decode()
    assert "tính đến Quý II/2024;" in shown and "≥ 5" in shown
