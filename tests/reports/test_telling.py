"""The quarter's verbs tell the right people, in the same transaction, once."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from agencies.comments import comment
from agencies.errors import WrongState
from agencies.models import Notice
from reports import workflow
from reports.opening import open_period
from reports.reminders import remind
from tests.world import fill_in

PATH_A = reverse("report-detail", kwargs={"code": "2024-q2", "agency": "a"})
REASON = "Số liệu hòa giải chưa khớp"


def news(world, name) -> list[tuple[str, str]]:
    return list(
        Notice.objects.filter(recipient=world.people[name]).order_by("pk").values_list("kind", "text").distinct()
    )


def handed_in(world, code="b"):
    officer = world.people[f"officer_{code}"]
    return workflow.submit_report(report=fill_in(world, code, officer), by=officer, now=world.now)


def test_opening_tells_each_officer_once(world):
    Notice.objects.all().delete()
    for _twice in range(2):
        open_period(council=world.council, code="2024-q3", by=world.people["secretary"], now=world.now)
    ((kind, text),) = news(world, "officer_b")
    assert kind == "opened" and "Quý III/2024" in text and "Hội LHPN" in text and "hạn nộp 16/09/2024" in text
    assert news(world, "approver_a") == news(world, "secretary") == news(world, "officer_x") == []


def test_from_the_officer_over_the_approver_to_the_secretariat_and_back(world):
    Notice.objects.all().delete()
    report = handed_in(world, "a")
    ((kind, text),) = news(world, "approver_a")
    assert kind == "approval" and "đang chờ bạn duyệt" in text and news(world, "secretary") == []
    workflow.approve_report(report=world.report("a"), by=world.people["approver_a"], now=world.now)
    ((kind, text),) = news(world, "secretary")
    assert kind == "handed_in" and text == "Công an đã nộp báo cáo Quý II/2024, chờ tiếp nhận."
    workflow.return_report(report=world.report("a"), by=world.people["secretary"], now=world.now, reason=REASON)
    (kind, text) = news(world, "officer_a")[-1]
    assert kind == "returned" and text.endswith(REASON)
    assert news(world, "approver_a")[-1][0] == "returned"
    assert Notice.objects.filter(recipient=world.people["officer_a"]).last().path == PATH_A
    # Again, after correcting: told again.
    workflow.submit_report(report=world.report("a"), by=world.people["officer_a"], now=world.now)
    assert [kind for kind, _text in news(world, "approver_a")].count("approval") == 2
    assert report.agency.code == "a"


def test_another_council_with_the_same_addresses_keeps_its_notices(world):
    """Both councils have a Sở Tư pháp with the code 'stp', and so reports of the same address."""
    Notice.objects.all().delete()
    for officer, agency in (("officer_stp", "stp"), ("officer_x", "x")):
        person = world.people[officer]
        workflow.submit_report(report=fill_in(world, agency, person), by=person, now=world.now)
    workflow.accept_report(report=world.report("stp"), by=world.people["secretary"], now=world.now)
    assert world.people["other_secretary"].notices.waiting().count() == 1
    assert world.people["secretary"].notices.waiting().count() == 0


def test_what_is_done_stops_waiting_in_the_bell(world):
    """Handing in settles reminders and returns, accepting settles the secretary's word of it; another owed period not."""

    def waiting(name):
        return list(world.people[name].notices.waiting().order_by("pk").values_list("kind", flat=True))

    secretary = world.people["secretary"]
    Notice.objects.all().delete()
    handed_in(world)
    assert waiting("secretary") == ["handed_in"]
    workflow.return_report(report=world.report("b"), by=secretary, now=world.now, reason=REASON)
    remind(period=world.period, agencies=[world.agencies["b"].pk], by=secretary, now=world.now, text="Đề nghị nộp")
    assert (waiting("secretary"), waiting("officer_b")) == ([], ["returned", "reminder"])
    workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=world.now)
    assert (waiting("secretary"), waiting("officer_b")) == (["handed_in"], [])
    workflow.accept_report(report=world.report("b"), by=secretary, now=world.now)
    assert (waiting("secretary"), waiting("officer_b")) == ([], ["accepted"])
    # A quarter that is still owed keeps its reminder.
    workflow.return_report(report=world.report("b"), by=secretary, now=world.now, reason=REASON)
    later, _opened = open_period(council=world.council, code="2024-q3", by=None, now=world.now)
    Notice.objects.all().delete()
    remind(period=later, agencies=[world.agencies["b"].pk], by=secretary, now=world.now, text="Đề nghị nộp")
    workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=world.now)
    assert waiting("officer_b") == ["reminder"]


def test_what_the_approver_sends_back_is_told_to_the_officer_alone(world):
    handed_in(world, "a")
    Notice.objects.all().delete()
    workflow.send_back_report(report=world.report("a"), by=world.people["approver_a"], now=world.now, reason=REASON)
    assert [kind for kind, _text in news(world, "officer_a")] == ["returned"]
    assert news(world, "approver_a") == news(world, "secretary") == []


def test_a_verb_that_is_taken_back_tells_nobody(world):
    handed_in(world)
    Notice.objects.all().delete()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        workflow.accept_report(report=world.report("b"), by=world.people["secretary"], now=world.now)
        _ = 1 / 0
    assert not Notice.objects.exists()


def test_warnings_are_kept_with_what_was_handed_in(world):
    assert world.report("b").warnings is None
    handed_in(world)
    kept = world.report("b").warnings["looks"]
    assert all(set(row) == {"kind", "rule", "said", "anchor", "subject", "note"} for row in kept)


def test_comments_repeated_in_a_return_are_told_once(world):
    handed_in(world)
    Notice.objects.all().delete()
    secretary, report = world.people["secretary"], world.report("b")
    for text in ("@officer_b bổ sung số nữ", "Thiếu minh chứng\r\nở mục 2", "Việc khác, để kỳ sau @officer_b"):
        comment(obj=report, by=secretary, now=world.now, text=text)
    reason = "1. @Người officer_b bổ sung số nữ\n2. Thiếu minh chứng ở mục 2"
    workflow.return_report(report=world.report("b"), by=secretary, now=world.now, reason=reason)
    assert sorted(kind for kind, _text in news(world, "officer_b")) == ["mention", "returned"]


# --- undoing an acceptance --------------------------------------------------------------------------------------------


def test_a_slip_is_undone_as_if_it_had_not_been(world):
    handed_in(world)
    before = [(task.pk, task.status, task.percent) for task in world.plan.tasks.order_by("pk")]
    Notice.objects.all().delete()
    secretary = world.people["secretary"]
    workflow.accept_report(report=world.report("b"), by=secretary, now=world.now)
    assert [kind for kind, _text in news(world, "officer_b")] == ["accepted"]
    for _twice in range(2):
        workflow.undo_accept(report=world.report("b"), by=secretary, now=world.now)
    report = world.report("b")
    assert report.state == "submitted" and report.accepted_at is None and report.accepted_by is None
    assert [(task.pk, task.status, task.percent) for task in world.plan.tasks.order_by("pk")] == before
    assert news(world, "officer_b") == []


def test_who_has_read_of_the_acceptance_is_told_of_the_undoing(world):
    handed_in(world)
    workflow.accept_report(report=world.report("b"), by=world.people["secretary"], now=world.now)
    Notice.objects.filter(recipient=world.people["officer_b"]).update(read_at=world.now)
    workflow.undo_accept(report=world.report("b"), by=world.people["secretary"], now=world.now)
    assert "đã được hoàn tác" in news(world, "officer_b")[-1][1]


@pytest.mark.parametrize("case", ["another day", "another secretary"])
def test_later_or_for_somebody_else_it_is_returned_with_a_reason_instead(world, case):
    from agencies.errors import Incomplete
    from agencies.membership import join
    from agencies.models import Role
    from tests.world import make_person

    handed_in(world)
    workflow.accept_report(report=world.report("b"), by=world.people["secretary"], now=world.now)
    by, now = world.people["secretary"], world.now
    if case == "another day":
        now += timedelta(days=1)
    else:
        by = make_person("thu-ky-hai")
        join(user=by, scope=world.council, role=Role.SECRETARY, by=None, now=now, on=world.today)
    with pytest.raises((Incomplete, WrongState)):
        workflow.undo_accept(report=world.report("b"), by=by, now=now)
    assert world.report("b").state == "accepted"
