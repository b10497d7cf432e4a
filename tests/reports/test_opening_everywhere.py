"""Opening a quarter for every council: council by council, cut and resumed, one that fails does not hold up the others."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agencies import clock
from agencies.long_work import orders, running
from agencies.models import LongWork
from campaigns.models import Indicator, Task
from reports import opening_everywhere, tasks
from reports.calendars import due_in_period
from reports.models import Period, ReportFigure, ReportLine
from reports.opening import UnknownPeriod, open_period, refresh_period
from reports.opening_everywhere import order_opening
from tests.world import add_task

CODE = "2024-q3"


def piece(work: LongWork, world) -> bool:
    work.refresh_from_db()
    return running.do_piece(work=work.pk, turn=work.turn, now=world.now)


def rows(council) -> list:
    """What the quarter of a council was filled with."""
    lines = ReportLine.objects.filter(report__period__council=council, report__period__code=CODE)
    figures = ReportFigure.objects.filter(report__period__council=council, report__period__code=CODE)
    return [
        sorted(
            lines.values_list("report__agency__code", "task__title", "role", "due_on", "status", "percent"), key=str
        ),
        sorted(figures.values_list("report__agency__code", "indicator__code", "value"), key=str),
    ]


@pytest.fixture
def varied(world):
    """A task of every recurrence, and a dated one that is under way."""
    for number, recurrence in enumerate(Task.Recurrence.values, 10):
        more = {"due_date": date(2024, 9, 1)} if recurrence == "" else {}
        add_task(world, world.plan, number, "a", "b", recurrence=recurrence, timing_text="x", **more)
    Task.objects.filter(import_key="thu:10").update(status="in_progress", percent=40)
    Task.objects.filter(import_key="thu:13").update(status="done", percent=100, completed_on=date(2024, 6, 20))
    return world


def test_lines_are_those_that_the_arithmetic_says(varied):
    period, _opened = open_period(council=varied.council, code=CODE, by=None, now=varied.now)
    lines = ReportLine.objects.filter(report__period=period).select_related("task__plan")
    assert lines.filter(task__import_key__in=[f"thu:{number}" for number in range(10, 17)]).count() == 14
    for line in lines:
        task = line.task
        due = due_in_period(
            due_date=task.due_date, recurrence=task.recurrence, span=period.span, plan_ends_on=task.plan.ends_on
        )
        goes_on = task.recurrence == "" and task.status != "done"
        status = (task.status, task.percent) if goes_on else ("not_started", 0)
        assert (line.due_on, line.status, line.percent) == (due, *(status if line.is_lead else ("", None))), (
            task.recurrence
        )
    assert refresh_period(period=period, by=None, now=varied.now) == 0


def test_a_stock_starts_from_the_last_accepted_value(world):
    stock = Indicator.objects.filter(nature="stock", reported_by="every").first()
    ReportFigure.objects.filter(report__period=world.period, report__agency__code="a", indicator=stock).update(value=7)
    report = world.report("a")
    type(report).objects.filter(pk=report.pk).update(
        state="accepted", submitted_at=world.now, submitted_by=world.people["officer_a"], accepted_at=world.now
    )
    period, _opened = open_period(council=world.council, code=CODE, by=None, now=world.now)
    figures = ReportFigure.objects.filter(report__period=period, indicator=stock)
    assert dict(figures.values_list("report__agency__code", "value"))["a"] == 7
    assert figures.exclude(report__agency__code="a").filter(value__isnull=False).count() == 0


@pytest.mark.parametrize("after", range(3))
def test_cut_anywhere_and_resumed_it_is_as_opened_one_by_one(varied, after):
    councils = [varied.council, varied.other_council]
    for council in councils:
        open_period(council=council, code=CODE, by=None, now=varied.now)
    one_by_one = [rows(council) for council in councils]
    for table in (ReportFigure, ReportLine):
        table.objects.filter(report__period__code=CODE).delete()
    Period.objects.filter(code=CODE).first().reports.model.objects.filter(period__code=CODE).delete()
    Period.objects.filter(code=CODE).delete()
    work = order_opening(code=CODE, now=varied.now)
    for _piece in range(after):
        piece(work, varied)
    orders.cancel(work=work, by=None, now=varied.now)
    assert not piece(work, varied)
    assert Period.objects.filter(code=CODE).count() == max(0, after - 1)
    for _twice in range(2):
        assert order_opening(code=CODE, now=varied.now).pk == work.pk
    while piece(work, varied):
        pass
    work.refresh_from_db()
    assert (work.state, work.rows_done, work.rows_total) == ("done", 2, 2)
    assert work.outcome.startswith("Đã mở cho 2 hội đồng")
    assert [rows(council) for council in councils] == one_by_one


def test_one_council_that_fails_does_not_hold_up_the_others(world, monkeypatch):
    real = opening_everywhere.open_period

    def failing(*, council, **more):
        if council == world.council:
            Period.objects.create(council=council, code="x")  # taken back with all that went before
        return real(council=council, **more)

    monkeypatch.setattr(opening_everywhere, "open_period", failing)
    with pytest.raises(CommandError, match="chưa mở được"):
        call_command("open_period", "--all-councils", CODE, stdout=StringIO())
    assert Period.objects.get(code=CODE).council == world.other_council
    monkeypatch.undo()
    said = StringIO()
    call_command("open_period", CODE, "--all-councils", stdout=said)
    assert "2/2 hội đồng" in said.getvalue() and "Đã mở cho 1 hội đồng" in said.getvalue()
    assert Period.objects.filter(code=CODE).count() == 2


def test_the_command_stops_and_refuses(world):
    work = order_opening(code=CODE, now=clock.at(world.today))
    said = StringIO()
    call_command("open_period", CODE, "--all-councils", "--stop", stdout=said)
    work.refresh_from_db()
    assert work.state == "cancelled" and "Đã dừng" in said.getvalue()
    for wrong in ([CODE], ["can-tho", CODE, "--all-councils"], ["--all-councils", "2024"]):
        with pytest.raises(CommandError):
            call_command("open_period", *wrong, stdout=StringIO())
    with pytest.raises(UnknownPeriod):
        order_opening(code="2024", now=world.now)


@pytest.mark.parametrize(("day", "wanted", "ordered"), [("15", True, 1), ("15", False, 0), ("16", True, 0)])
def test_the_timetable_opens_on_the_first_day_where_it_is_told_to(world, settings, day, wanted, ordered):
    settings.PORTAL_TODAY, settings.PORTAL_OPEN_PERIODS = date(2024, 6, int(day)), wanted
    for _twice in range(2):
        tasks.open_quarter(timestamp=0)
    assert LongWork.objects.filter(kind=opening_everywhere.OPEN, parameters={"period": CODE}).count() == ordered


def test_nobody_has_a_page_of_it(world, sign_in):
    work = order_opening(code=CODE, now=world.now)
    for person in ("secretary", "administrator"):
        assert sign_in(world.people[person]).get(f"/viec-dai/{work.pk}/").status_code == 404
