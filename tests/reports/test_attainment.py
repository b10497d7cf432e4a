"""How far targets are: case by case per target of QĐ 315, over the quarters, and for plans and their tasks."""

from datetime import date
from decimal import Decimal

import pytest

from agencies import clock
from campaigns.activities import record_activity, withdraw_activity
from campaigns.models import Indicator, Task
from campaigns.targets import set_target
from campaigns.workflow import cancel_task, complete_plan
from reports import workflow
from reports.calendars import parse_period
from reports.consolidation import consolidate
from reports.models import Period, ProgressReport, ReportFigure
from reports.opening import open_period, refresh_period
from reports.targets import DECISION_TARGETS, set_council_target
from reports.values import Consolidation

pytestmark = pytest.mark.django_db
WHY = "Theo kế hoạch của Ủy ban nhân dân"


def opened(world, code: str) -> Period:
    period, _new = open_period(council=world.council, code=code, by=None, now=clock.at(parse_period(code).starts_on))
    refresh_period(period=period, by=None, now=clock.at(period.starts_on))
    return period


def accept(world, code: str, agency: str, **values) -> None:
    """An agency's report of a quarter as accepted, with these figures; beside PB07 the others were not reported."""
    values = {"PB07": 0} | values
    period = Period.objects.get(council=world.council, code=code)
    report = ProgressReport.objects.get(period=period, agency__code=agency)
    for figure in ReportFigure.objects.filter(report=report).select_related("indicator"):
        value = values.pop(figure.indicator.code, None)
        figure.value = None if value is None else Decimal(value)
        figure.save()
    assert not values, values
    at = clock.at(period.ends_on)
    report.submitted_at, report.accepted_at, report.submitted_by = at, at, world.people["officer_a"]
    report.state = ProgressReport.State.ACCEPTED
    report.save()


def value_of(world, code: str, as_of: date | None = None) -> Consolidation:
    period = Period.objects.select_related("council__standing_agency").get(council=world.council, code=code)
    return consolidate(period, as_of=as_of or period.ends_on)


def row_of(world, period: str, code: str, as_of: date | None = None, **wanted):
    (row,) = [
        row
        for row in value_of(world, period, as_of).targets
        if row.code == code and all(getattr(row, name) == value for name, value in wanted.items())
    ]
    return row


# --- the council's targets, case by case --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "figures", "achieved", "share", "state"),
    [
        ("T2", {"DA01": 7, "HG01": 640}, "1 người/100 tổ", "7/7", "met"),
        ("T2", {"DA01": 6, "HG01": 640}, "0,86 người/100 tổ", "6/7", "running"),
        ("T2", {"DA01": 6, "HG01": 0}, "—", "6/0", "none"),
        ("T2", {"HG01": 640}, "—", "", "none"),
        ("T3", {"DA01": 8, "DA01a": 8}, "100%", "8/8", "met"),
        ("T3", {"DA01": 8, "DA01a": 6}, "75%", "6/8", "running"),
        ("T3", {"DA01": 0, "DA01a": 0}, "—", "0/0", "none"),
        ("T4", {"HG01": 641, "DA02": 641}, "100%", "641/641", "met"),
        ("T4", {"HG01": 6410, "DA02": 6409}, "99,98%", "6.409/6.410", "running"),
        ("T5", {"HG01": 640, "DA03": 64}, "10%", "64/640", "met"),
        ("T5", {"HG01": 640, "DA03": 63}, "9,8%", "63/640", "running"),
        ("T6", {"HG02": 4412, "DA04": 4412}, "100%", "4.412/4.412", "met"),
        ("T6", {"HG02": 4412, "DA04": 0}, "0%", "0/4.412", "running"),
        ("T7", {"HG11": 100, "HG15": 85}, "85%", "85/100", "met"),
        ("T7", {"HG11": 323, "HG15": 186}, "57,6%", "186/323", "running"),
        ("T7", {"HG11": 0, "HG15": 0}, "—", "0/0", "none"),
        ("T8", {"DA05": 30, "DA05a": 28}, "93,3%", "28/30", "met"),
        ("T8", {"DA05": 30, "DA05a": 27}, "90%", "27/30", "running"),
        ("T9", {"HG11": 10, "HG15": 10}, "—", "", "none"),
        ("T1", {"HG01": 640}, "—", "", "none"),
    ],
)
def test_targets_of_the_decision(world, code, figures, achieved, share, state):
    accept(world, "2024-q2", "stp", **figures)
    row = row_of(world, "2024-q2", code)
    assert (row.achieved_text, row.share_text, row.state) == (achieved, share, state)
    assert row.scope == "council" and (row.formula if row.basis else row.note)


def test_the_list_of_a_period_is_that_of_its_time(world):
    opened(world, "2024-q1")
    opened(world, "2025-q4")
    assert [row.code for row in value_of(world, "2024-q2").council_targets] == [row[0] for row in DECISION_TARGETS]
    # The decision was signed on 17/4/2024; the commune standard has no known beginning.
    assert [row.code for row in value_of(world, "2024-q1").council_targets] == ["T9"]
    # The district level ended on 01/7/2025, and its target with it.
    assert "T1" not in [row.code for row in value_of(world, "2025-q4").council_targets]


def test_a_formula_stands_beside_every_computed_target_and_claims_no_missing_quarter(world):
    settled, teams = (
        "hòa giải thành ÷ tổng số vụ việc tiếp nhận",
        "số tổ đã kiện toàn đủ số lượng, thành phần ÷ số tổ hòa giải",
    )
    opened(world, "2024-q1")
    opened(world, "2024-q3")

    def told():
        return row_of(world, "2024-q2", "T7").formula, row_of(world, "2024-q2", "T4").formula

    assert told() == (f"{settled}, chưa có số liệu năm 2024", f"{teams}, chưa có số liệu năm 2024")
    accept(world, "2024-q1", "stp", HG11=4, HG15=3, HG01=2, DA02=2)
    assert told() == (f"{settled}, mới có số liệu Quý I/2024", f"{teams}, mới có số liệu Quý I/2024")
    accept(world, "2024-q2", "stp", HG11=4, HG15=3, HG01=2, DA02=2)
    assert told() == (f"{settled}, cộng dồn từ Quý I đến Quý II/2024", f"{teams}, cuối Quý II/2024")
    assert row_of(world, "2024-9t", "T7").formula == f"{settled}, mới có số liệu Quý I/2024, Quý II/2024"
    assert "không tính" in row_of(world, "2024-q2", "T1").note


def test_flows_are_cumulated_over_the_year_and_stocks_taken_at_the_end(world):
    for code in ("2024-q1", "2024-q3", "2024-q4", "2025-q1"):
        opened(world, code)
    for code, received, settled, teams, done in (
        ("2024-q1", 10, 8, 100, 40),
        ("2024-q2", 20, 18, 120, 60),
        ("2024-q3", 30, 26, 110, 110),
        ("2024-q4", 40, 30, 110, 99),
        ("2025-q1", 7, 7, 90, 90),  # a new year begins anew
    ):
        accept(world, code, "stp", HG11=received, HG15=settled, HG01=teams, DA02=done)
    shares = {
        code: (row_of(world, code, "T7").share_text, row_of(world, code, "T4").share_text)
        for code in ("2024-q2", "2024-q3", "2024-q4", "2024-6t", "2024-6tc", "2024-9t", "2024", "2025-q1")
    }
    assert shares == {
        "2024-q2": ("26/30", "60/120"),
        "2024-q3": ("52/60", "110/110"),
        "2024-q4": ("82/100", "99/110"),
        "2024-6t": ("26/30", "60/120"),
        "2024-6tc": ("82/100", "99/110"),
        "2024-9t": ("52/60", "110/110"),
        "2024": ("82/100", "99/110"),
        "2025-q1": ("7/7", "90/90"),
    }


def test_a_quarter_not_yet_accepted_is_left_out_and_a_stock_is_the_last_known(world):
    opened(world, "2024-q1")
    accept(world, "2024-q1", "stp", HG11=10, HG15=9, HG01=100, DA02=100)
    assert row_of(world, "2024-q2", "T7").share_text == "9/10"
    assert row_of(world, "2024-q2", "T4").state == "met"
    report = world.report("stp")
    report.figures.filter(indicator__code="HG11").update(value=99)  # typed, but not accepted
    assert row_of(world, "2024-q2", "T7").share_text == "9/10"


def test_a_councils_own_figure_takes_the_place_of_the_decisions(world):
    accept(world, "2024-q2", "stp", HG11=10, HG15=9, HG19=1)
    common = {"council": world.council, "by": world.people["secretary"], "now": world.now, "reason": WHY}
    set_council_target(
        code="T7", name="Tỷ lệ hòa giải thành", source="KH 42/KH-UBND", rate="settled_of_decided", value=95, **common
    )
    set_council_target(
        code="CT01", name="Bồi dưỡng", source="KH 42/KH-UBND", rate="mediators_trained", value=50, **common
    )
    row = row_of(world, "2024-q2", "T7")
    # No last day: it is to be kept all the time, so it is missed and not under way.
    assert (row.target_text, row.achieved_text, row.state) == ("≥ 95%", "90%", "missed")
    assert row.formula.startswith("hòa giải thành ÷ (hòa giải thành + hòa giải không thành)")
    assert [row.code for row in value_of(world, "2024-q2").council_targets][0] == "CT01"


# --- targets of plans and tasks -----------------------------------------------------------------------------------


def aim(world, code: str, value: int, *, task: Task | None = None, year: int | None = 2024, **more):
    indicator = Indicator.objects.get(code=code)
    return set_target(
        plan=world.plan,
        task=task,
        indicator=indicator,
        year=year,
        value=value,
        by=None,
        now=world.now,
        reason=WHY,
        **more,
    )


def do(world, agency: str, day: str, tasks, **figures):
    held_on = date.fromisoformat(day)
    return record_activity(
        agency=world.agencies[agency],
        by=world.people[f"officer_{agency}"],
        now=clock.at(held_on),
        title=f"Buổi tuyên truyền {day} {sorted(figures.items())}",
        held_on=held_on,
        tasks=list(tasks),
        figures=figures,
    )


def test_a_plan_with_targets_per_task(world):
    opened(world, "2024-q1")
    first, second, _third, fourth = world.tasks
    for task, value in ((first, 4), (second, 2), (fourth, 1)):
        aim(world, "PB01", value, task=task)
    aim(world, "PB01", 10)
    aim(world, "PB02", 100, task=first, direction="gt")
    do(world, "a", "2024-02-01", [first], PB01=1, PB02=40)
    do(world, "a", "2024-04-01", [first, fourth], PB01=2, PB02=60)  # of two tasks, once for the plan
    do(world, "b", "2024-04-02", [second], PB01=3)
    do(world, "a", "2024-04-03", [], PB01=50)  # serves no task
    withdrawn = do(world, "a", "2024-04-04", [first], PB01=7)
    withdraw_activity(activity=withdrawn, by=world.people["officer_a"], now=world.now, reason="Ghi nhầm hoạt động")
    for code in ("2024-q1", "2024-q2"):
        accept(world, code, "a")
    found = {(row.code, row.task): (row.achieved, row.state) for row in value_of(world, "2024-q2").plan_targets}
    assert found == {
        ("PB01", None): (Decimal(3), "running"),
        ("PB01", first.pk): (Decimal(3), "running"),
        ("PB02", first.pk): (Decimal(100), "running"),  # more than 100 is asked for
        ("PB01", second.pk): (None, "none"),  # its lead's report has not been accepted
        ("PB01", fourth.pk): (Decimal(2), "met"),
    }
    accept(world, "2024-q2", "b")
    assert row_of(world, "2024-q2", "PB01", task=None).achieved == 6
    assert row_of(world, "2024-q2", "PB01", task=second.pk).state == "met"
    assert row_of(world, "2024-q1", "PB01", task=first.pk).achieved == 1


def test_nothing_done_is_nought_once_the_report_is_accepted(world):
    task = world.tasks[0]
    aim(world, "PB01", 4, task=task)
    assert row_of(world, "2024-q2", "PB01").state == "none"
    accept(world, "2024-q2", "a")
    row = row_of(world, "2024-q2", "PB01")
    assert (row.achieved, row.state, row.percent_text) == (0, "running", "0%")


def test_each_year_has_its_own_target_and_some_last_as_long_as_the_plan(world):
    for code in ("2024-q4", "2025-q1"):
        opened(world, code)
    task = world.tasks[0]
    aim(world, "PB01", 2, task=task, year=2024)
    aim(world, "PB01", 9, task=task, year=2025)
    aim(world, "PB01", 5, task=task, year=None)
    do(world, "a", "2024-05-02", [task], PB01=1)
    do(world, "a", "2024-12-20", [task], PB01=3)  # Quý I/2025 began on 15/12/2024
    for code in ("2024-q2", "2024-q4", "2025-q1"):
        accept(world, code, "a")
    rows = {
        code: {row.year: int(row.achieved) for row in value_of(world, code).plan_targets}
        for code in ("2024-q2", "2024-q4", "2024", "2025-q1")
    }
    assert rows == {
        "2024-q2": {2024: 1, None: 1},
        "2024-q4": {2024: 1, None: 1},
        "2024": {2024: 1, None: 1},
        "2025-q1": {2025: 3, None: 4},
    }


def test_a_year_that_is_over_and_complete_misses_its_target(world):
    opened(world, "2024-q4")
    task = world.tasks[0]
    aim(world, "PB01", 2, task=task)
    accept(world, "2024-q4", "a")
    assert row_of(world, "2024-q4", "PB01").state == "running"  # two reports are still missing
    for agency in ("b", "stp"):
        accept(world, "2024-q4", agency)
    assert row_of(world, "2024-q4", "PB01", as_of=date(2024, 12, 13)).state == "running"
    assert row_of(world, "2024-q4", "PB01").state == "missed"


def test_what_no_activity_counts_comes_from_the_reports_of_the_parties_or_the_lead(world):
    opened(world, "2024-q1")
    aim(world, "PB08", 30)
    aim(world, "PB08", 9, task=world.tasks[0])
    aim(world, "HG15", 20)
    for code, of_a, of_b, settled in (("2024-q1", 8, 5, 4), ("2024-q2", 10, 7, 18)):
        accept(world, code, "a", PB08=of_a)
        accept(world, code, "b", PB08=of_b)
        accept(world, code, "stp", HG15=settled, PB08=11)
    whole, own = row_of(world, "2024-q2", "PB08", task=None), row_of(world, "2024-q2", "PB08", task=world.tasks[0].pk)
    assert (whole.achieved, whole.state) == (28, "running")  # at the end, not over the quarters
    assert (own.achieved, own.state) == (10, "met")
    assert row_of(world, "2024-q2", "HG15").achieved == 22
    assert row_of(world, "2024-q2", "HG15").name == "Tổng số vụ việc tiếp nhận: hòa giải thành"
    assert "các bên ký kết" in whole.formula and "đơn vị chủ trì" in own.formula


def test_targets_of_over_cancelled_and_foreign_plans(world):
    aim(world, "PB01", 4, task=world.tasks[0])
    aim(world, "PB01", 9)
    cancel_task(task=world.tasks[0], by=None, now=world.now, reason=WHY)
    other = world.other_period
    assert [row.task for row in value_of(world, "2024-q2").plan_targets] == [None]
    assert consolidate(other, as_of=other.ends_on).plan_targets == ()
    complete_plan(plan=world.plan, by=None, now=world.now, reason=WHY)
    assert len(value_of(world, "2024-q2").plan_targets) == 1  # what it came to


def test_locking_freezes_the_targets_with_the_numbers(world):
    aim(world, "PB01", 4)
    accept(world, "2024-q2", "stp", HG11=10, HG15=9)
    before = value_of(world, "2024-q2").targets
    workflow.lock_period(period=world.period, by=world.people["secretary"], now=world.now, reason=WHY)
    aim(world, "PB01", 400)
    after = value_of(world, "2024-q2")
    assert [row.target for row in after.plan_targets] == [4]
    assert [(row.code, row.achieved) for row in after.targets] == [(row.code, row.achieved) for row in before]
    assert Consolidation.from_json(after.to_json()) == after


def test_a_value_frozen_before_there_were_targets_is_read(world):
    data = value_of(world, "2024-q2").to_json()
    del data["targets"]
    assert Consolidation.from_json(data).targets == ()
