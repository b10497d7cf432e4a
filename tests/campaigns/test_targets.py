"""Targets of a plan: who sets them, what they may be, the page, and the catalogue of what is counted."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.models import RecordEntry, User
from campaigns.catalogue import INDICATORS, STANDING_AGENCY_GROUPS, sync_indicators
from campaigns.models import Indicator, Plan, Target
from campaigns.targets import remove_target, set_target
from campaigns.workflow import cancel_task, complete_plan
from reports.models import ProgressReport
from reports.opening import refresh_period
from tests.world import fill_in

pytestmark = pytest.mark.django_db
WHY = "Theo công văn số 15 ngày 01/6/2024"


def aim(world, code="PB01", **changes) -> Target:
    fields = {"plan": world.plan, "task": None, "year": 2024, "value": 10, "by": world.people["secretary"]}
    indicator = Indicator.objects.get(code=code)
    return set_target(**(fields | {"indicator": indicator, "now": world.now, "reason": WHY} | changes))


def test_only_the_secretary_of_the_council_sets_targets(world):
    target = aim(world)
    for who in ("officer_a", "approver_a", "leader", "administrator", "other_secretary", "outsider", "inactive"):
        by = User.objects.get(username=who)
        with pytest.raises(NotAllowed):
            aim(world, by=by, value=99)
        with pytest.raises(NotAllowed):
            remove_target(target=target, by=by, now=world.now, reason=WHY)
    assert Target.objects.get().value == 10


def test_targets_are_set_once_each_and_recorded(world):
    for value in (10, 12, 12):
        aim(world, value=value)
    aim(world, task=world.tasks[0], value=5, direction="gt")
    aim(world, year=None, value=30)
    kept = set(Target.objects.values_list("task", "year", "direction", "value"))
    assert kept == {
        (None, 2024, "gte", Decimal(12)),
        (world.tasks[0].pk, 2024, "gt", Decimal(5)),
        (None, None, "gte", Decimal(30)),
    }
    told = list(RecordEntry.objects.filter(verb="set_target").order_by("pk").values_list("summary", "reason"))
    assert told == [  # setting the same again is no change
        ("Đặt chỉ tiêu: PB01 · Số cuộc PBGDPL trực tiếp ≥ 10 cuộc, năm 2024", WHY),
        ("Đổi chỉ tiêu (trước là 10): PB01 · Số cuộc PBGDPL trực tiếp ≥ 12 cuộc, năm 2024", WHY),
        (f"Đặt chỉ tiêu: PB01 · Số cuộc PBGDPL trực tiếp > 5 cuộc, năm 2024, nhiệm vụ {world.tasks[0]}", WHY),
        ("Đặt chỉ tiêu: PB01 · Số cuộc PBGDPL trực tiếp ≥ 30 cuộc, cả kỳ", WHY),
    ]


def test_taking_a_target_back_leaves_it_on_the_record(world):
    target = aim(world)
    for _click in range(2):
        remove_target(target=target, by=world.people["secretary"], now=world.now, reason=WHY)
    assert not Target.objects.exists()
    entry = RecordEntry.objects.get(verb="remove_target")
    assert (entry.object_id, entry.summary) == (
        world.plan.pk,
        "Bỏ chỉ tiêu: PB01 · Số cuộc PBGDPL trực tiếp ≥ 10 cuộc, năm 2024",
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": 0}, "lớn hơn 0"),
        ({"value": Decimal("10.5")}, "số nguyên"),
        ({"code": "PB10", "value": Decimal("10.55")}, "tối đa 1 chữ số"),
        ({"year": 2026}, "ngoài thời gian"),
        ({"year": 2023}, "ngoài thời gian"),
        ({"direction": "lt"}, "≥ hoặc >"),
        ({"reason": "ngắn"}, "10 ký tự"),
    ],
)
def test_what_is_no_target_is_refused_in_words(world, changes, said):
    with pytest.raises(Incomplete, match=said):
        aim(world, **changes)
    assert not Target.objects.exists()


def test_a_foreign_or_cancelled_task_takes_no_target(world):
    with pytest.raises(Incomplete, match="không thuộc kế hoạch"):
        aim(world, task=world.other_plan.tasks.get())
    cancel_task(task=world.tasks[0], by=None, now=world.now, reason=WHY)
    world.tasks[0].refresh_from_db()
    with pytest.raises(Incomplete, match="đã hủy"):
        aim(world, task=world.tasks[0])


def test_a_draft_asks_for_no_reason_and_a_plan_that_is_over_changes_no_more(world):
    Plan.objects.filter(pk=world.plan.pk).update(state="draft")
    target = aim(world, reason="")
    Plan.objects.filter(pk=world.plan.pk).update(state="active")
    complete_plan(plan=world.plan, by=None, now=world.now, reason=WHY)
    with pytest.raises(WrongState):
        aim(world, value=11)
    with pytest.raises(WrongState):
        remove_target(target=target, by=None, now=world.now, reason=WHY)


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_secretary_adds_changes_and_removes_on_the_page(world, sign_in):
    client, url = sign_in(world.people["secretary"]), reverse("plan-targets", args=[world.plan.pk])
    indicator = Indicator.objects.get(code="PB10")
    data = {"task": world.tasks[0].pk, "indicator": indicator.pk, "year": 2024, "direction": "gte", "reason": WHY}
    assert client.post(url, data | {"value": "1.234,5"}).status_code == 302
    target = Target.objects.get()
    assert (target.value, target.task, target.year) == (Decimal("1234.5"), world.tasks[0], 2024)
    page = client.get(url).content.decode()
    assert "≥ 1.234,5 triệu đồng" in page and world.tasks[0].title in page
    again = client.post(url, data | {"value": "5"})
    assert again.status_code == 422 and "Đã có chỉ tiêu này" in again.content.decode()
    edit = reverse("plan-target-edit", args=[world.plan.pk, target.pk])
    assert 'value="1.234,5"' in client.get(edit).content.decode()
    assert client.post(edit, {"value": "12,5", "direction": "gt", "reason": WHY}).status_code == 302
    target.refresh_from_db()
    assert (target.value, target.direction) == (Decimal("12.5"), "gt")
    remove = reverse("plan-target-remove", args=[world.plan.pk, target.pk])
    assert client.post(remove, {"reason": "ngắn"}).status_code == 422
    assert client.post(remove, {"reason": WHY}).status_code == 302
    assert not Target.objects.exists()


@pytest.mark.parametrize("typed", ["85%", "", "mười", "-3", "1.234.567.890.123.456.789"])
def test_a_number_that_is_none_is_refused_and_kept(world, sign_in, typed):
    """V29: nobody types a percent sign."""
    client, url = sign_in(world.people["secretary"]), reverse("plan-targets", args=[world.plan.pk])
    data = {"indicator": Indicator.objects.get(code="PB01").pk, "direction": "gte", "value": typed, "reason": WHY}
    response = client.post(url, data)
    assert response.status_code == 422 and not Target.objects.exists()
    assert f'value="{typed}"' in response.content.decode() or not typed


def test_a_change_by_somebody_else_is_seen(world, sign_in):
    target, client = aim(world), sign_in(world.people["secretary"])
    edit = reverse("plan-target-edit", args=[world.plan.pk, target.pk])
    seen = client.get(edit).context["form"].initial["seen"]
    aim(world, value=20)
    response = client.post(edit, {"value": "30", "direction": "gte", "reason": WHY, "seen": seen})
    assert response.status_code == 422 and "Người khác vừa sửa" in response.content.decode()
    assert Target.objects.get().value == 20


def test_parties_read_the_targets_and_cannot_touch_them(world, sign_in):
    target = aim(world, task=world.tasks[0])
    client, url = sign_in(world.people["officer_b"]), reverse("plan-targets", args=[world.plan.pk])
    page = client.get(url).content.decode()
    assert "≥ 10 cuộc" in page and "Thêm chỉ tiêu" not in page and "plan-target-edit" not in page
    assert client.post(url, {}).status_code == 403
    assert client.get(reverse("plan-target-edit", args=[world.plan.pk, target.pk])).status_code == 403
    foreign = reverse("plan-target-edit", args=[world.other_plan.pk, target.pk])
    assert sign_in(world.people["other_secretary"]).get(foreign).status_code == 404


# --- the catalogue ------------------------------------------------------------------------------------------------


def test_who_reports_each_indicator(world):
    by_reporter = {
        who: set(Indicator.objects.filter(reported_by=who).values_list("code", flat=True))
        for who in ("every", "standing")
    }
    assert by_reporter["standing"] == {row[0] for row in INDICATORS if row[6] in STANDING_AGENCY_GROUPS}
    assert {"HG01", "HG11", "DA01", "DA05a"} <= by_reporter["standing"] and {"PB08", "TH03"} <= by_reporter["every"]
    reported = {
        code: set(world.report(code).figures.values_list("indicator__code", flat=True)) for code in ("stp", "a")
    }
    assert reported["a"] == by_reporter["every"]
    assert reported["stp"] == by_reporter["every"] | by_reporter["standing"]


def test_the_catalogue_follows_the_code_and_an_own_reporter_is_asked(world):
    Indicator.objects.filter(code="DA01").update(reported_by="every", form_column="cũ")
    sync_indicators()
    row = Indicator.objects.get(code="DA01")
    assert (row.reported_by, row.form_column) == ("standing", "QĐ 315")


def test_an_open_report_gets_the_indicators_that_came_after_it(world):
    figures = world.report("stp").figures
    figures.filter(indicator__code__startswith="DA").delete()
    figures.filter(indicator__code="HG01").update(value=7)
    submitted = world.report("b")
    submitted.figures.filter(indicator__code="PB08").delete()
    ProgressReport.objects.filter(pk=submitted.pk).update(
        state="submitted", submitted_at=world.now, submitted_by=world.people["officer_b"]
    )
    refresh_period(period=world.period, by=None, now=world.now)
    assert figures.filter(indicator__code__startswith="DA", value=None).count() == 7
    assert figures.get(indicator__code="HG01").value == 7  # what was typed stays
    assert not submitted.figures.filter(indicator__code="PB08").exists()  # nothing behind its back


def test_the_catalogue_page(world, sign_in):
    for who in ("officer_a", "leader", "secretary"):
        page = sign_in(world.people[who]).get(reverse("indicator-list")).content.decode()
        assert all(code in page for code, *_rest in INDICATORS)
        assert "09e(3)" in page and "Cơ quan thường trực" in page and "Số thời điểm" in page


def test_the_standing_agency_can_fill_in_its_scheme_figures(world):
    report = fill_in(world, "stp", world.people["officer_stp"])
    assert (
        dict(report.figures.filter(indicator__code__startswith="DA").values_list("indicator__code", "value"))["DA02"]
        == 2
    )
