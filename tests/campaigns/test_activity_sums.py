"""The sums kept beside activities follow every way of writing one, and the list shows what the activities add up to."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.activities import amend_activity, record_activity, restore_activity, withdraw_activity
from campaigns.activity_sums import apart_from_activities, rebuild, sums_for, sums_of
from campaigns.models import Activity, ActivityFigure, ActivitySum, Indicator
from campaigns.models.activity_sums import COUNTED, RECORDED
from reports.integrity import problems

pytestmark = pytest.mark.django_db
DAYS = [date(2024, 4, 30), date(2024, 5, 1), date(2024, 5, 20), date(2024, 6, 3)]


def recorded(world, agency="a", held_on=DAYS[2], people=30, title="Nói chuyện chuyên đề"):
    return record_activity(
        agency=world.agencies[agency],
        by=world.people[f"officer_{agency}"],
        now=world.now,
        title=title,
        held_on=held_on,
        tasks=[world.tasks[0]],
        figures={"PB01": Decimal(1), "PB02": Decimal(people)},
    )


def amended(world, activity, **changes):
    values = {"title": activity.title, "held_on": activity.held_on, "form": activity.form, "place": "", "content": ""}
    values |= {"tasks": [world.tasks[0]], "figures": {"PB02": Decimal(7)}, "sites": [], "version": activity.version}
    by = world.people[f"officer_{activity.agency.code}"]
    return amend_activity(activity=activity, by=by, now=world.now, **values | changes)


def test_every_verb_moves_the_sums(world):
    before = sums_for(world.people["secretary"], codes=["PB02"])
    activity = recorded(world, people=40)
    now = sums_for(world.people["secretary"], codes=["PB02"])
    assert (now.recorded - before.recorded, now.of("PB02") - before.of("PB02")) == (1, 40)
    assert now.of("PB02", date(2024, 5, 1)) - before.of("PB02", date(2024, 5, 1)) == 40
    activity = amended(world, activity, held_on=DAYS[0])
    moved = sums_for(world.people["secretary"], codes=["PB02"])
    assert moved.of("PB02", date(2024, 5, 1)) == before.of("PB02", date(2024, 5, 1))
    assert moved.of("PB02", date(2024, 4, 1)) - before.of("PB02", date(2024, 4, 1)) == 7
    withdraw_activity(activity=activity, by=world.people["officer_a"], now=world.now, reason="Nhập hai lần một buổi")
    assert sums_for(world.people["secretary"], codes=["PB02"]).of("PB02") == before.of("PB02")
    restore_activity(activity=activity, by=world.people["officer_a"], now=world.now)
    assert sums_for(world.people["secretary"], codes=["PB02"]).of("PB02") == before.of("PB02") + 7
    assert list(apart_from_activities()) == []


def test_one_event_of_two_agencies_is_recorded_twice_and_counted_once(world):
    before = sums_for(world.people["secretary"])
    for agency in "ab":
        recorded(world, agency, held_on=DAYS[3], people=55, title="Ngày hội pháp luật tại phường")
    now = sums_for(world.people["secretary"])
    assert (now.recorded - before.recorded, now.of(COUNTED) - before.of(COUNTED)) == (2, 1)
    assert list(apart_from_activities()) == []


_STEP = st.tuples(st.sampled_from(["add", "bulk", "value", "day", "agency", "withdraw", "bring back", "drop", "sql"]),
                  st.integers(0, 5), st.integers(0, 90), st.sampled_from(DAYS))  # fmt: skip


@given(steps=st.lists(_STEP, min_size=1, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_however_the_sums_follow(world, steps):
    """Rows one by one, in bulk and by SQL, past every verb: only the database sees them all."""
    officer, indicator = world.people["officer_a"], Indicator.objects.get(code="PB02")
    agencies = [world.agencies["a"], world.agencies["b"]]
    for kind, which, number, day in steps:
        rows = list(Activity.objects.filter(agency__in=agencies, same_as=None).order_by("pk"))
        row = rows[which % len(rows)] if rows else None
        bare = {"recorded_by": officer, "recorded_at": world.now, "title": "Buổi nói chuyện"}
        if kind in ("add", "bulk") or row is None:
            new = [Activity(agency=agencies[n % 2], held_on=day, **bare) for n in range(1 if kind == "add" else 4)]
            made = Activity.objects.bulk_create(new)
            ActivityFigure.objects.bulk_create(
                ActivityFigure(activity=one, indicator=indicator, value=number) for one in made
            )
        elif kind == "value":
            row.figures.update(value=number)
        elif kind == "day":
            Activity.objects.filter(pk=row.pk).update(held_on=day)
        elif kind == "agency":
            Activity.objects.filter(pk=row.pk).update(agency=agencies[number % 2])
        elif kind == "withdraw":
            Activity.objects.filter(pk__in=[one.pk for one in rows[: which + 1]]).update(withdrawn_at=world.now)
        elif kind == "bring back":
            Activity.objects.filter(pk=row.pk).update(withdrawn_at=None)
        elif kind == "drop":
            row.figures.all().delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE campaigns_activityfigure SET value = value + 1")
    assert list(apart_from_activities()) == []
    everything = Activity.objects.visible_to(world.people["secretary"]).standing()
    kept, added_up = sums_for(world.people["secretary"], codes=["PB02"]), sums_of(everything, codes=["PB02"])
    for code in (RECORDED, COUNTED, "PB02"):
        assert kept.of(code) == added_up.of(code)


def test_a_wrong_sum_is_found_and_made_anew(world):
    recorded(world)
    ActivitySum.objects.filter(code="PB02").update(value=1)
    ActivitySum.objects.filter(code=RECORDED).delete()
    found = [text for text in problems() if "tổng hoạt động theo tháng" in text]
    assert found and "rebuild_sums" in found[0]
    assert rebuild() > 0
    assert list(apart_from_activities()) == []


@pytest.mark.parametrize("filters", [{}, {"co-quan": "a"}, {"q": "noi chuyen"}, {"hinh-thuc": "direct"}])
def test_the_list_says_what_its_activities_add_up_to(world, sign_in, filters):
    for number, day in enumerate(DAYS):
        recorded(world, held_on=day, people=10 + number)
    other = recorded(world, "b", held_on=DAYS[1], people=500, title="Tập huấn hòa giải viên")
    if "co-quan" in filters:
        filters = {"co-quan": world.agencies["a"].pk}
    page = sign_in(world.people["secretary"]).get(reverse("activity-list"), filters)
    shown = Activity.objects.visible_to(world.people["secretary"]).standing()
    if filters and "hinh-thuc" not in filters:
        shown = shown.exclude(pk=other.pk)
    if "q" in filters:
        shown = shown.filter(title="Nói chuyện chuyên đề")
    people = sum(
        ActivityFigure.objects.filter(activity__in=shown, indicator__code="PB02").values_list("value", flat=True)
    )
    assert page.context["totals"]["count"] == len(shown.counted())
    assert page.context["totals"]["attendance"] == people
    assert page.context["page"].paginator.count == len(shown)
    assert [month["month"] for month in page.context["months"]] == sorted(
        {row.held_on.replace(day=1) for row in shown}, reverse=True
    )
    assert sum(month["people"] for month in page.context["months"]) == people


def test_the_unfiltered_list_adds_nothing_up(world, sign_in):
    recorded(world)
    client = sign_in(world.people["secretary"])
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("activity-list"))
    assert not [query for query in asked if "SUM" in query["sql"] and "activityfigure" in query["sql"]]


def test_the_council_of_an_activity_is_its_agencys(world):
    activity = recorded(world)
    assert activity.council_id == world.agencies["a"].council_id
    other = world.agencies["x"]
    Activity.objects.filter(pk=activity.pk).update(agency=other)
    activity.refresh_from_db()
    assert activity.council_id == other.council_id
