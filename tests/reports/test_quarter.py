"""The quarter as verbs: open, fill in, hand in, approve, return, accept, lock, reopen."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.errors import Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.membership import join
from agencies.models import Role
from campaigns.models import Task
from reports import workflow
from reports.consolidation import consolidate
from reports.entry import save_line
from reports.models import Period, ProgressReport, ReportLine
from reports.opening import UnknownPeriod, open_period
from tests.world import fill_in

pytestmark = pytest.mark.django_db


def test_opening_gives_every_agency_its_lines(world):
    lines = {
        code: sorted((line.task.number, line.role) for line in world.report(code).lines.select_related("task"))
        for code in ("stp", "a", "b")
    }
    assert lines == {
        "stp": [("2.", "supporting"), ("3.", "lead")],
        "a": [("1.", "lead"), ("4.", "lead")],
        "b": [("1.", "supporting"), ("2.", "lead")],
    }


def test_opening_twice_changes_nothing(world):
    before = ReportLine.objects.count()
    again, opened = open_period(council=world.council, code="2024-q2", by=None, now=world.now)
    assert (again, opened, ReportLine.objects.count()) == (world.period, False, before)


@pytest.mark.parametrize("code", ["2024-q5", "2024", "2024-6t", "quý 2", ""])
def test_only_quarters_are_opened(world, code):
    with pytest.raises(UnknownPeriod):
        open_period(council=world.council, code=code, by=None, now=world.now)


def test_the_whole_quarter(world):
    people = world.people
    report = fill_in(world, "a", people["officer_a"])
    report = workflow.submit_report(report=report, by=people["officer_a"], now=world.now)
    assert report.state == "awaiting"
    report = workflow.approve_report(report=report, by=people["approver_a"], now=world.now)
    assert report.state == "submitted"
    report = workflow.return_report(report=report, by=people["secretary"], now=world.now, reason="Bổ sung số liệu")
    assert (report.state, report.return_reason) == ("returned", "Bổ sung số liệu")
    report = workflow.submit_report(report=report, by=people["officer_a"], now=world.now)
    report = workflow.approve_report(report=report, by=people["approver_a"], now=world.now)
    workflow.accept_report(report=report, by=people["secretary"], now=world.now)
    for code in ("b", "stp"):
        report = fill_in(world, code, people[f"officer_{code}"])
        report = workflow.submit_report(report=report, by=people[f"officer_{code}"], now=world.now)
        assert report.state == "submitted"
        workflow.accept_report(report=report, by=people["secretary"], now=world.now)
    before = consolidate(Period.objects.get(pk=world.period.pk), as_of=world.today)
    assert before.totals.tasks == 4 and before.totals.overdue == 1
    period = workflow.lock_period(period=world.period, by=people["secretary"], now=world.now)
    after = consolidate(Period.objects.get(pk=period.pk), as_of=world.today)
    assert (after.totals, after.indicators) == (before.totals, before.indicators)
    assert {row.report_state for row in after.agencies} == {"locked"}
    assert Task.objects.get(pk=world.tasks[0].pk).percent == 50


def test_a_locked_period_refuses_raw_sql(world):
    for code in ("a", "b", "stp"):
        ProgressReport.objects.filter(pk=world.report(code).pk)
    workflow.lock_period(
        period=world.period, by=world.people["secretary"], now=world.now, reason="Chốt theo chỉ đạo của Hội đồng"
    )
    line = world.report("a").lines.first()
    statements = [
        f"UPDATE reports_reportline SET result = 'sửa' WHERE id = {line.pk}",
        f"DELETE FROM reports_reportline WHERE id = {line.pk}",
        f"UPDATE reports_progressreport SET highlights = 'sửa' WHERE id = {line.report_id}",
        f"UPDATE reports_reportfigure SET value = 1 WHERE report_id = {line.report_id}",
        "INSERT INTO reports_progressreport (period_id, agency_id, state, nothing_to_report, direction, highlights,"
        " difficulties, causes, next_steps, proposals, return_reason, version)"
        f" VALUES ({world.period.pk}, {world.agencies['c'].pk}, 'draft', false, '', '', '', '', '', '', '', 1)",
        f"UPDATE reports_period SET ends_on = '2024-06-13' WHERE id = {world.period.pk}",
        f"DELETE FROM reports_period WHERE id = {world.period.pk}",
        f"UPDATE reports_period SET state = 'open', locked_at = NULL, frozen_id = NULL WHERE id = {world.period.pk}",
        "UPDATE reports_frozenvalue SET totals = '{}' /* of a locked period */",
        "DELETE FROM reports_frozenvalue /* of a locked period */",
    ]
    for statement in statements:
        with (
            pytest.raises(DatabaseError, match="lock|insert_only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_reopening_needs_a_reason_and_gives_the_reports_back(world):
    secretary = world.people["secretary"]
    report = fill_in(world, "b", world.people["officer_b"])
    report = workflow.submit_report(report=report, by=world.people["officer_b"], now=world.now)
    workflow.accept_report(report=report, by=secretary, now=world.now)
    workflow.lock_period(period=world.period, by=secretary, now=world.now, reason="Các đơn vị khác nộp chậm")
    with pytest.raises(Incomplete):
        workflow.reopen_period(period=world.period, by=secretary, now=world.now, reason="ngắn")
    workflow.reopen_period(period=world.period, by=secretary, now=world.now, reason="Công an bổ sung số liệu")
    assert world.report("b").state == "accepted"
    assert Period.objects.get(pk=world.period.pk).state == "open"


def test_handing_in_lists_everything_that_is_missing(world):
    with pytest.raises(Incomplete) as error:
        workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=world.now)
    assert any("chưa cập nhật" in message for message in error.value.messages)
    assert any("PB08" in message for message in error.value.messages)
    assert world.report("b").state == "draft"


def test_a_second_click_is_no_error(world):
    officer = world.people["officer_b"]
    report = fill_in(world, "b", officer)
    first = workflow.submit_report(report=report, by=officer, now=world.now)
    second = workflow.submit_report(report=world.report("b"), by=officer, now=world.now)
    assert (first.state, second.state, second.version) == ("submitted", "submitted", first.version)


def test_who_entered_cannot_approve(world):
    officer = world.people["officer_a"]
    join(user=officer, scope=world.agencies["a"], role=Role.APPROVER, by=None, now=world.now, on=world.today)
    report = fill_in(world, "a", officer)
    report = workflow.submit_report(report=report, by=officer, now=world.now)
    with pytest.raises(Incomplete, match="V25"):
        workflow.approve_report(report=report, by=officer, now=world.now)


@pytest.mark.parametrize("who", ["officer_a", "approver_a", "secretary", "leader", "administrator", "officer_x"])
def test_only_the_agencys_officer_fills_in(world, who):
    line = world.report("b").lines.first()
    with pytest.raises(NotAllowed):
        save_line(line=line, by=world.people[who], now=world.now, version=1, status="in_progress", percent=10)


def test_two_writers_are_told(world):
    officer = world.people["officer_b"]
    line = world.report("b").lines.first()
    save_line(line=line, by=officer, now=world.now, version=1, status="in_progress", percent=10, result="Của tôi")
    with pytest.raises(StaleVersion) as error:
        save_line(line=line, by=officer, now=world.now, version=1, status="in_progress", percent=20, result="Khác")
    assert error.value.current.result == "Của tôi"


def test_a_submitted_report_is_not_edited(world):
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    line = world.report("b").lines.first()
    with pytest.raises(WrongState):
        save_line(line=line, by=officer, now=world.now, version=line.version, status="in_progress", percent=10)


TRANSITIONS = [(row.name, state, who) for row in workflow.REPORT_TRANSITIONS for state in ProgressReport.State.values
               for who in ("officer_a", "approver_a", "secretary", "officer_b", "leader", "administrator")]  # fmt: skip
MAY = {
    "submit_report": "officer_a",
    "request_approval": "officer_a",
    "approve_report": "approver_a",
    "send_back_report": "approver_a",
    "withdraw_report": "officer_a",
    "accept_report": "secretary",
    "return_report": "secretary",
}


def test_transition_table_offers_each_verb_to_its_role_only(world):
    report = world.report("a")
    for name, state, who in TRANSITIONS:
        report.state = state
        row = next(row for row in workflow.REPORT_TRANSITIONS if row.name == name)
        offered = name in {row.name for row in workflow.available_for_report(world.people[who], report)}
        assert offered == (MAY[name] == who and state in row.sources and name != "submit_report"), (name, state, who)


def test_who_took_part_can_neither_approve_nor_accept(world):
    """Rule V25 by the record: a colleague who saves the same line again does not make the first author disappear."""
    officer, second = world.people["officer_a"], world.people["approver_a"]
    join(user=second, scope=world.agencies["a"], role=Role.LIAISON, by=None, now=world.now, on=world.today)
    fill_in(world, "a", second)
    report = fill_in(world, "a", officer)
    report = workflow.submit_report(report=report, by=officer, now=world.now)
    with pytest.raises(Incomplete, match="V25"):
        workflow.approve_report(report=report, by=second, now=world.now)
    secretary = world.people["secretary"]
    join(user=secretary, scope=world.agencies["b"], role=Role.LIAISON, by=None, now=world.now, on=world.today)
    report = fill_in(world, "b", secretary)
    report = workflow.submit_report(report=report, by=world.people["officer_b"], now=world.now)
    with pytest.raises(Incomplete, match="V25"):
        workflow.accept_report(report=report, by=secretary, now=world.now)


def test_a_report_loaded_before_the_lock_is_refused_in_words(world):
    officer = world.people["officer_b"]
    report = workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    workflow.accept_report(report=world.report("b"), by=world.people["secretary"], now=world.now)
    workflow.lock_period(
        period=world.period, by=world.people["secretary"], now=world.now, reason="Chốt theo chỉ đạo của Hội đồng"
    )
    for verb in (workflow.withdraw_report, workflow.submit_report):
        with pytest.raises(WrongState, match="đã khóa"):
            verb(report=report, by=officer, now=world.now)


@pytest.mark.parametrize("year", [1, 1999, 9999])
def test_absurd_dates_are_refused(world, year):
    line = world.report("b").lines.first()
    with pytest.raises(Incomplete, match="không hợp lý|không được sau"):
        save_line(
            line=world.report("b").lines.get(role="lead"), by=world.people["officer_b"], now=world.now,
            version=line.version, status="done", completed_on=date(year, 1, 1),
        )  # fmt: skip
