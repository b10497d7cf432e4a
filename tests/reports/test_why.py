"""Why can I, why can't I, of reports, lines and periods: every role × state × deed agrees with the verb."""

import pytest
from django.urls import reverse

from agencies.explain import explain
from agencies.models import Role
from campaigns.evidence import store_evidence
from portal.demo.files import picture
from reports.entry import attach_evidence, save_line, save_narrative
from reports.issuing import save_council_report
from reports.models import Period, ProgressReport
from reports.opening import refresh_period
from reports.why import deeds_of_line, deeds_of_period, deeds_of_report
from reports.workflow import (
    accept_report,
    approve_report,
    lock_period,
    reopen_period,
    return_report,
    send_back_report,
    submit_report,
    withdraw_report,
)
from tests.deeds import REASON, disagreements
from tests.quarters import accept, no_numbers
from tests.world import add_task, fill_in, make_person

STATES = ("empty", "filled", "awaiting", "sent back", "submitted", "returned", "accepted", "locked")


@pytest.fixture
def people(world):
    """Everybody of the world, and two people of two roles each (rule V25)."""
    a, council = world.agencies["a"], world.council
    world.people["both"] = make_person("both", (a, Role.LIAISON), (a, Role.APPROVER))
    world.people["officer_and_secretary"] = make_person(
        "officer_and_secretary", (a, Role.LIAISON), (council, Role.SECRETARY)
    )
    world.people["inactive"].is_active = False
    return world.people


def put(world, state: str, agency: str, officer: str) -> ProgressReport:
    """The report of an agency, brought to that state by the verbs."""
    people, now = world.people, world.now
    report = world.report(agency)
    if state == "empty":
        return report
    fill_in(world, agency, people[officer])
    report = world.report(agency)
    if state == "filled":
        return report
    submit_report(report=report, by=people[officer], now=now)
    if report.state == "awaiting":
        if state == "sent back":
            send_back_report(report=report, by=people["approver_a"], now=now, reason=REASON)
        if state in ("awaiting", "sent back"):
            return report
        approve_report(report=report, by=people["approver_a"], now=now)
    if state == "returned":
        return_report(report=report, by=people["secretary"], now=now, reason=REASON)
    if state in ("accepted", "locked"):
        accept_report(report=report, by=people["secretary"], now=now)
    if state == "locked":
        lock_period(period=world.period, by=people["secretary"], now=now, reason=REASON)
    return world.report(agency)


def report_acts(world, agency: str):
    def fresh():
        return world.report(agency)

    now = world.now

    def moved(verb, **more):
        return lambda user: verb(report=fresh(), by=user, now=now, **more)

    def seen(user):
        return ProgressReport.objects.visible_to(user).filter(pk=fresh().pk).exists()

    return {
        "view_report": seen,
        "edit_report": lambda user: save_narrative(
            report=fresh(), by=user, now=now, version=fresh().version, direction="Đã chỉ đạo triển khai."
        ),
        "submit_report": moved(submit_report),
        "request_approval": moved(submit_report),
        "approve_report": moved(approve_report),
        "send_back_report": moved(send_back_report, reason=REASON),
        "withdraw_report": moved(withdraw_report),
        "accept_report": moved(accept_report),
        "return_report": moved(return_report, reason=REASON),
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("agency", "officer"), [("a", "officer_a"), ("a", "both"), ("b", "officer_b")])
@pytest.mark.django_db
def test_reports(world, people, state, agency, officer):
    put(world, state, agency, officer)
    wrong = disagreements(
        people, lambda: deeds_of_report(world.report(agency), world.today), report_acts(world, agency)
    )
    assert wrong == []


@pytest.mark.django_db
def test_a_secretary_who_filled_it_in_cannot_accept_it(world, people):
    put(world, "submitted", "a", "officer_and_secretary")
    acts = report_acts(world, "a")
    assert disagreements(people, lambda: deeds_of_report(world.report("a"), world.today), acts) == []
    answers = {row.name: row for row in explain(people["officer_and_secretary"], deeds_of_report(world.report("a"), world.today))}  # fmt: skip
    assert "V25" in answers["accept_report"].reasons[0] and answers["return_report"].allowed


@pytest.mark.parametrize("state", STATES)
@pytest.mark.django_db
def test_lines(world, people, state):
    put(world, state, "a", "officer_a")
    now, pk = world.now, world.report("a").lines.first().pk
    file = store_evidence(
        agency=world.agencies["a"], by=people["officer_a"], now=now, name="anh.png", content=picture("a")
    )

    def line():
        return world.report("a").lines.select_related("task", "report__agency", "report__period").get(pk=pk)

    def attach(user):
        attach_evidence(line=line(), evidence=file, by=user, now=now)
        save(user)  # attaching leaves no line of its own in the record

    def save(user):
        save_line(line=line(), by=user, now=now, version=line().version, status="in_progress", percent=10)

    acts = {
        "view_line": lambda user: ProgressReport.objects.visible_to(user).filter(lines=pk).exists(),
        "save_line": save,
        "attach_evidence": attach,
    }
    assert disagreements(people, lambda: deeds_of_line(line()), acts) == []


@pytest.mark.parametrize("stage", ["open", "waiting", "outstanding", "complete", "locked", "year open", "year locked"])
@pytest.mark.django_db
def test_periods(world, people, stage):
    now, secretary = world.now, people["secretary"]
    code = "2024" if stage == "year open" else "2024-q2"
    if stage == "waiting":
        put(world, "submitted", "b", "officer_b")
    if stage == "outstanding":
        put(world, "accepted", "b", "officer_b")
    if stage in ("complete", "locked", "year locked"):
        for report in ProgressReport.objects.filter(period=world.period).select_related("agency"):
            accept(world.period, report.agency.code)
    if stage in ("locked", "year locked"):
        lock_period(period=world.period, by=secretary, now=now)
    if stage == "year locked":
        # Six months added up from two quarters; the first was never opened here, so the row is locked as it stands.
        half = Period.objects.get(council=world.council, code="2024-6t")
        Period.objects.filter(pk=half.pk).update(state="locked", locked_at=now, frozen=no_numbers(half))
    add_task(world, world.plan, 90, "c")  # no report yet: there is something to bring in

    def period():
        return Period.objects.select_related("council__standing_agency").get(council=world.council, code=code)

    acts = {
        "view_period": lambda user: (
            ProgressReport.objects.visible_to(user).filter(period=world.period).count()
            == ProgressReport.objects.filter(period=world.period).count()
        ),
        "refresh_period": lambda user: refresh_period(period=period(), by=user, now=now),
        "save_council_report": lambda user: save_council_report(
            period=period(), by=user, now=now, version=None, narrative={}, signing="vice", addressee="", recipients=[]
        ),
        "lock_period": lambda user: lock_period(period=period(), by=user, now=now, reason=REASON),
        "reopen_period": lambda user: reopen_period(period=period(), by=user, now=now, reason=REASON),
    }
    assert disagreements(people, lambda: deeds_of_period(period()), acts) == []


@pytest.mark.django_db
def test_the_words_say_when_and_what_helps(world, people):
    put(world, "submitted", "b", "officer_b")
    answers = {row.name: row for row in explain(people["officer_b"], deeds_of_report(world.report("b"), world.today))}
    assert answers["edit_report"].reasons == (
        "Không sửa được vì báo cáo đã nộp ngày 10/06/2024. Cán bộ đầu mối rút lại được, hoặc đề nghị Thư ký trả lại.",
    )
    assert answers["withdraw_report"].allowed
    doers = [str(row) for row in answers["accept_report"].doers]
    assert doers == ["Thư ký Hội đồng: Người secretary, Người officer_and_secretary"]


@pytest.mark.django_db
def test_what_is_missing_is_told_and_counted(world, people):
    answers = {row.name: row for row in explain(people["officer_a"], deeds_of_report(world.report("a"), world.today))}
    told = answers["request_approval"]
    assert not told.allowed and len(told.reasons) == 5 and told.more > 0


@pytest.mark.django_db
def test_the_page_and_its_fragment(world, sign_in):
    client = sign_in(world.people["officer_a"])
    report = world.report("a")
    url = reverse("why", kwargs={"kind": "bao-cao", "pk": report.pk})
    assert url in client.get(reverse("report-detail", kwargs={"code": "2024-q2", "agency": "a"})).content.decode()
    page, fragment = client.get(url), client.get(url, headers={"HX-Request": "true"})
    assert "<h1>" in page.content.decode() and "<h1>" not in fragment.content.decode()
    assert "Sửa nhiệm vụ, số liệu, phần lời" in fragment.content.decode()
    line = report.lines.first()
    assert client.get(reverse("why", kwargs={"kind": "dong", "pk": line.pk})).status_code == 200
    assert sign_in(world.people["officer_b"]).get(url).status_code == 404
    theirs = reverse("why", kwargs={"kind": "dong", "pk": line.pk})
    assert sign_in(world.people["officer_b"]).get(theirs).status_code == 404
    assert client.get("/vi-sao/khac/1/").status_code == 404
