"""The handover page: what is open, what was promised, how it was done, who to ask."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agencies.membership import join, leave
from agencies.models import Membership, Role
from campaigns.activities import record_activity
from reports.handover import handover_of
from reports.models import ReportLine
from reports.workflow import accept_report, submit_report
from tests.world import add_task, fill_in, make_person


@pytest.fixture
def handed(world):
    """Agency B: its report of Quý II accepted, with words, a promise, a proposal and an activity."""
    officer = world.people["officer_b"]
    record_activity(
        agency=world.agencies["b"], by=officer, now=world.now, title="Tập huấn hòa giải", held_on=world.today,
        place="Quận Ninh Kiều",
    )  # fmt: skip
    fill_in(world, "b", officer)
    ReportLine.objects.filter(report=world.report("b")).update(proposal="Bổ sung kinh phí in tài liệu.")
    submit_report(report=world.report("b"), by=officer, now=world.now)
    accept_report(report=world.report("b"), by=world.people["secretary"], now=world.now)
    return world


@pytest.mark.django_db
def test_what_a_newcomer_finds(handed):
    add_task(handed, handed.plan, 97, "b", due_date=handed.today - timedelta(days=1), recurrence="")
    found = handover_of(handed.agencies["b"], handed.today)
    assert found.tasks[0].state == "overdue" and found.tasks[0].due == handed.today - timedelta(days=1)
    assert {line.new_expected_on for line in found.promised} == {date(2024, 7, 31)}
    assert found.proposals[0][2] == "Bổ sung kinh phí in tài liệu."
    season = found.seasons[0]
    assert season.report == handed.report("b") and season.activity_count == 1
    assert all(line.result == "Đã tổ chức 02 cuộc tuyên truyền." for line in season.lines)
    assert {member.user.username for member in found.present} == {"officer_b", "viewer_a_officer_b"}
    assert {member.user.username for member in found.council_people} == {"secretary", "administrator"}


@pytest.mark.django_db
def test_former_officers_are_named(world):
    member = Membership.objects.get(user=world.people["officer_b"], agency=world.agencies["b"])
    leave(member=member, by=None, now=world.now, on=world.today)
    found = handover_of(world.agencies["b"], world.today)
    assert [row.user for row in found.past] == [world.people["officer_b"]]


@pytest.mark.django_db
def test_the_page_says_it_and_keeps_contacts_for_colleagues(handed, sign_in):
    officer = handed.people["officer_b"]
    officer.phone = "0292 123 456"
    officer.save(update_fields=["phone"])
    url = reverse("agency-handover", args=[handed.agencies["b"].pk])
    own = sign_in(handed.people["viewer_a_officer_b"]).get(url).content.decode()
    assert "Tập huấn hòa giải" in own and "0292 123 456" in own and "31/07/2024" in own
    leader = sign_in(handed.people["leader"]).get(url).content.decode()
    assert "Tập huấn hòa giải" in leader and "0292 123 456" not in leader


@pytest.mark.django_db
def test_an_agency_with_nothing_yet(world, sign_in):
    url = reverse("agency-handover", args=[world.agencies["c"].pk])
    text = sign_in(world.people["secretary"]).get(url).content.decode()
    assert "chưa có báo cáo nào được tiếp nhận" in text and "Không có kỳ báo cáo nào đang mở" in text


@pytest.mark.parametrize(("days", "told"), [(0, True), (60, True), (61, False)])
@pytest.mark.django_db
def test_the_desk_leads_a_newcomer_there(world, sign_in, days, told):
    person = make_person("nguoi_moi")
    joined = world.today - timedelta(days=days)
    join(user=person, scope=world.agencies["a"], role=Role.LIAISON, by=None, now=world.now, on=joined)
    text = sign_in(person).get(reverse("my-work")).content.decode()
    assert (reverse("agency-handover", args=[world.agencies["a"].pk]) in text) is told
