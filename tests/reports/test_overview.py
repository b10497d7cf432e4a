"""What the database counts is what consolidating says: states, overviews, the lists behind the numbers, the grid."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies import clock
from campaigns.models import Task
from reports import workflow
from reports.behind import TasksBehind
from reports.consolidation import consolidate, in_plan_order, read, task_rows
from reports.freezing import Wanted
from reports.models import Period, ProgressReport, ReportLine
from reports.overview import overview, totals_over
from reports.standing import in_state, lead_lines, with_state
from reports.summary_grid import AGENCIES, PLANS, grid_of
from reports.values import DUE_STATES, Cell, Counts
from tests.quarters import accept, opened
from tests.reports.leaders_world import with_every_state
from tests.reports.overviews import overview_of
from tests.reports.values_sample import sample

pytestmark = pytest.mark.django_db
DAYS = st.one_of(st.none(), st.integers(-40, 40).map(lambda days: date(2024, 6, 10) + timedelta(days=days)))
STATES = st.sampled_from(["draft", "submitted", "returned", "accepted"])
SAID = st.tuples(st.sampled_from(["", *Task.Status.values]), DAYS)


@given(data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_sees_a_task_where_the_rule_sees_it(world, data):
    before, after = opened(world, "2024-q1"), world.period
    for report in ProgressReport.objects.filter(period__in=(before, after)):
        handed_in = {"submitted_at": world.now, "submitted_by": world.people["officer_a"], "accepted_at": world.now}
        told = {"state": data.draw(STATES), "returned_at": world.now, "return_reason": "Lý do đủ dài"}
        ProgressReport.objects.filter(pk=report.pk).update(**handed_in, **told)
    for task in world.tasks:
        Task.objects.filter(pk=task.pk).update(recurrence=data.draw(st.sampled_from(["", "quarterly"])))
        for line in ReportLine.objects.filter(task=task, role="lead"):
            status, due_on = data.draw(SAID)
            ReportLine.objects.filter(pk=line.pk).update(status=status, due_on=due_on)
    for period in (before, after):
        as_of = min(world.today, period.ends_on)
        wanted = {
            row.id: (row.state, row.reported) for row in task_rows(read(in_plan_order(lead_lines([period]))), as_of)
        }
        lines = with_state(lead_lines([period]), {period.pk: as_of})
        assert {pk: (state, told) for pk, state, told in lines.values_list("task", "state", "reported")} == wanted
        for state in DUE_STATES:
            found = set(in_state(lines, state, as_of).values_list("task", flat=True))
            assert found == {pk for pk, (own, _told) in wanted.items() if own == state}


def lock(world, period) -> None:
    workflow.lock_period(
        period=period, by=world.people["secretary"], now=clock.at(date(2024, 6, 20)), reason="Chốt theo chỉ đạo"
    )


@pytest.fixture
def quarters(world):
    """Every state in Quý II, a task that goes on through Quý I and Quý II, a third quarter open."""
    with_every_state(world)
    opened(world, "2024-q3")
    return world


def in_order(value):
    """The value with its cells in one order: a count has no other."""
    return replace(value, cells=tuple(sorted(value.cells, key=lambda cell: (cell.agency, cell.plan))))


@pytest.mark.parametrize("locked", [(), ("2024-q1",), ("2024-q1", "2024-q2", "2024-6t")])
def test_overviews_and_lists_say_what_consolidating_says(quarters, locked):
    world = quarters
    for code in locked:
        lock(world, Period.objects.get(council=world.council, code=code))
    for period in Period.objects.filter(council=world.council).select_related("council__standing_agency"):
        for today in (world.today, date(2024, 9, 30)):
            value, seen = consolidate(period, as_of=today), overview(period, as_of=today)
            assert in_order(seen) == in_order(overview_of(value)), period
            if not period.is_quarter and not period.is_locked:
                assert totals_over(period, as_of=today) == value.totals
            if today == world.today and (period.is_quarter or locked):
                lists(period, value, today)


def lists(period, value, today) -> None:
    """Every list behind a number, whole and a part of it."""
    agencies, plans = [row.code for row in value.agencies if row.counts.tasks], [row.id for row in value.plans]
    wanted = [Wanted(), Wanted(proposing=True), Wanted(unreported=True), *(Wanted(state=one) for one in DUE_STATES)]
    wanted += [Wanted("overdue", code) for code in agencies[:2]] + [Wanted("", agencies[0], str(plans[0]))]
    wanted += [Wanted(plan=plan) for plan in ("0", "x", "²", "9" * 30)]
    for what in wanted:
        tasks = TasksBehind(period, what, as_of=today)
        those = [
            task
            for task in value.tasks
            if (task.state == what.state if what.state else what.proposing or task.state != "suspended")
            and what.agency in ("", task.lead)
            and what.plan in ("", str(task.plan))
            and not (what.unreported and task.reported)
            and not (what.proposing and not task.proposal)
        ]
        assert tasks.count() == len(those), (period, what)
        assert tasks[0:100] == those and tasks[1:2] == those[1:2]


def test_the_grid_is_bounded_and_loses_nothing():
    value = sample()
    agencies = [
        replace(value.agencies[0], code=f"a{at}", counts=Counts.one("overdue" if at == 40 else "done", 8 + at))
        for at in range(AGENCIES + 20)
    ]
    plans = [replace(value.plans[0], id=at, counts=Counts.one("done", 1)) for at in range(1, PLANS + 4)]
    cells = tuple(
        Cell(agency.code, plan.id, Counts.one("done", at + 1)) for agency in agencies for at, plan in enumerate(plans)
    )
    big = grid_of(replace(value, agencies=tuple(agencies), plans=tuple(plans), cells=cells))
    assert len(big.rows) == AGENCIES and big.rows[-1].others == 21 and big.rows[-1].agency is None
    assert len(big.plans) == PLANS - 1 and big.other_plans == 4
    assert "a40" in [row.agency.code for row in big.rows[:-1]]  # the most troubled
    assert sum((cell.counts for row in big.rows for cell in row.cells), Counts()) == sum(
        (cell.counts for cell in cells), Counts()
    )
    assert sum((row.counts for row in big.rows), Counts()) == sum((row.counts for row in agencies), Counts())
    few = grid_of(value)
    assert few.other_plans == 0 and all(row.agency for row in few.rows)


def test_long_lists_come_a_page_at_a_time(world, sign_in, monkeypatch):
    with_every_state(world)
    accept(world.period, "a", PB01=3)
    ProgressReport.objects.filter(period=world.period).update(proposals="Đề nghị cấp thêm tài liệu.")
    ReportLine.objects.filter(report__period=world.period, role="lead").update(proposal="Đề nghị hỗ trợ.")
    monkeypatch.setattr("reports.views.summary.PAGE", 1)
    leader = sign_in(world.people["leader"])
    for query in ("xem=nhiem-vu", "xem=co-quan", "xem=ke-hoach", "xem=y-kien", "xem=nhiem-vu&de-xuat=1"):
        first, second = (leader.get(f"/tong-quan/2024-q2/?{query}&page={number}") for number in (1, 2))
        assert first.status_code == second.status_code == 200
        assert first.context["page"].paginator.count >= 1
        if first.context["page"].has_next():
            assert "Trang 1/" in first.content.decode() and list(first.context["page"]) != list(second.context["page"])
    assert "nhiệm vụ có đề xuất" in leader.get("/tong-quan/2024-q2/?xem=y-kien").content.decode()
