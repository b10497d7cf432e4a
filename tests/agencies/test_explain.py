"""Why can I, why can't I, of agencies, plans, tasks and activities: every role × state × deed agrees with the verb."""

from datetime import date

import pytest
from django.urls import reverse

from agencies.explain import explain, roles_holding
from agencies.membership import join
from agencies.models import Agency, RecordEntry, Role, Succession
from agencies.permissions import Perm
from agencies.register import amend_agency, found_successor
from agencies.why import deeds_of_agency
from campaigns.activities import amend_activity, record_activity, withdraw_activity
from campaigns.evidence import store_evidence
from campaigns.models import Activity, Plan, Task
from campaigns.why import deeds_of_activity, deeds_of_plan, deeds_of_task
from campaigns.workflow import (
    activate_plan,
    amend_plan,
    cancel_plan,
    complete_plan,
    create_plan,
    hand_over_task,
    save_task,
    supersede_plan,
)
from portal.demo.files import picture
from tests.deeds import REASON, disagreements
from tests.world import add_task, make_person

PNG = picture("a")


@pytest.fixture
def people(world):
    world.people["inactive"].is_active = False
    return world.people


def a_draft(world, number: str) -> Plan:
    return create_plan(
        council=world.council, by=None, now=world.now, number=number, title="Kế hoạch mới", signed_on=world.today,
        starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31), parties=[world.agencies["a"], world.agencies["stp"]],
    )  # fmt: skip


PLAN_STATES = ("empty draft", "draft", "active", "completed", "superseded", "cancelled", "alone")


@pytest.mark.parametrize("state", PLAN_STATES)
@pytest.mark.django_db
def test_plans(world, people, state):
    now = world.now
    plan = a_draft(world, "77/KHPH")
    common = {"plan": plan, "by": None, "now": now}
    if state != "empty draft":
        add_task(world, plan, 1, "a", "b")
    if state in ("active", "completed", "superseded", "alone"):
        activate_plan(**common)
    if state == "completed":
        complete_plan(**common, reason=REASON)
    if state == "superseded":
        supersede_plan(**common, successor=world.plan, reason=REASON)
    if state == "cancelled":
        cancel_plan(**common, reason=REASON)
    if state == "alone":
        Plan.objects.filter(pk=world.plan.pk).update(state="cancelled")

    def fresh():
        return Plan.objects.select_related("council").get(pk=plan.pk)

    def moved(verb, **more):
        return lambda user: verb(plan=fresh(), by=user, now=now, **more)

    def supersede(user):
        successor = Plan.objects.filter(council=world.council).exclude(pk=plan.pk).get()
        supersede_plan(plan=fresh(), successor=successor, by=user, now=now, reason=REASON)

    acts = {
        "view_plan": lambda user: Plan.objects.visible_to(user).filter(pk=plan.pk).exists(),
        "amend_plan": moved(amend_plan, reason=REASON, note="Ghi chú mới"),
        "save_task": lambda user: save_task(
            plan=fresh(), by=user, now=now, import_key="moi:1", number="9.", title="Việc mới", section=None,
            lead=world.agencies["a"],
        ),
        "activate_plan": moved(activate_plan),
        "complete_plan": moved(complete_plan, reason=REASON),
        "supersede_plan": supersede,
        "cancel_plan": moved(cancel_plan, reason=REASON),
    }  # fmt: skip
    assert disagreements(people, lambda: deeds_of_plan(fresh()), acts) == []


@pytest.mark.parametrize("state", ["active", "completed", "draft", "handed over", "agency ended"])
@pytest.mark.django_db
def test_tasks(world, people, state):
    now, plan = world.now, world.plan
    if state == "draft":
        plan = a_draft(world, "78/KHPH")
    task = add_task(world, plan, 95, "a")
    if state == "handed over":
        hand_over_task(task=task, to=world.agencies["b"], by=None, now=now, on=world.today, reason=REASON)
    if state == "agency ended":
        Agency.objects.filter(pk=world.agencies["a"].pk).update(valid_to=world.today)
    if state == "completed":
        complete_plan(plan=plan, by=None, now=now, reason=REASON)

    def fresh():
        return Task.objects.select_related("plan", "council").get(pk=task.pk)

    def own(user) -> Agency:
        """The agency of the task for which the person would act, else the one that carries it first."""
        parts = Agency.objects.filter(assignments__task=task).order_by("code")
        return next((row for row in parts if row.memberships.filter(user=user, role="liaison").exists()), parts[0])

    acts = {
        "view_task": lambda user: Task.objects.visible_to(user).filter(pk=task.pk).exists(),
        "save_task": lambda user: save_task(
            plan=fresh().plan, by=user, now=now, import_key=task.import_key, number="95.", title="Tên khác",
            section=None, lead=world.agencies["c"],
        ),
        "record_activity": lambda user: record_activity(
            agency=own(user), by=user, now=now, title="Buổi nói chuyện", held_on=world.today, tasks=[fresh()]
        ),
        "store_evidence": lambda user: store_evidence(
            agency=world.agencies["b" if state == "handed over" else "a"], by=user, now=now, name="a.png", content=PNG,
            task=fresh(),
        ),
    }  # fmt: skip
    assert disagreements(people, lambda: deeds_of_task(fresh(), world.today), acts) == []


@pytest.mark.parametrize("state", ["standing", "withdrawn"])
@pytest.mark.django_db
def test_activities(world, people, state):
    now, agency, officer = world.now, world.agencies["a"], people["officer_a"]
    made = record_activity(agency=agency, by=officer, now=now, title="Buổi nói chuyện", held_on=world.today)
    if state == "withdrawn":
        withdraw_activity(activity=made, by=officer, now=now, reason=REASON)

    def fresh():
        return Activity.objects.select_related("agency__council").get(pk=made.pk)

    acts = {
        "view_activity": lambda user: Activity.objects.visible_to(user).filter(pk=made.pk).exists(),
        "amend_activity": lambda user: amend_activity(
            activity=fresh(), by=user, now=now, version=fresh().version, title="Tên khác", held_on=world.today,
            form="direct", place="", content="", tasks=[], figures={}, sites=[],
        ),
        "withdraw_activity": lambda user: withdraw_activity(activity=fresh(), by=user, now=now, reason=REASON),
        "store_evidence": lambda user: store_evidence(
            agency=agency, by=user, now=now, name="a.png", content=PNG, activity=fresh()
        ),
    }  # fmt: skip
    assert disagreements(people, lambda: deeds_of_activity(fresh()), acts) == []


@pytest.mark.django_db
def test_agencies(world, people):
    now = world.now
    newcomer = make_person("newcomer")
    amend_agency(agency=world.agencies["a"], by=None, now=now, abbreviation="CATP")

    def fresh():
        return Agency.objects.select_related("council").get(pk=world.agencies["a"].pk)

    acts = {
        "view_work": lambda user: Task.objects.visible_to(user).filter(assignments__agency__code="a", plan=world.plan).exists()
        and user.username not in ("officer_b", "officer_c", "officer_stp"),
        "amend_agency": lambda user: amend_agency(agency=fresh(), by=user, now=now, protocol_order=55),
        "succeed": lambda user: found_successor(
            predecessors=[fresh()], kind=Succession.Kind.RENAME, on=date(2024, 7, 1), document_number="1/QĐ", by=user,
            now=now, name="Công an mới", short_name="Công an mới", code="moi", hand_over_people=True,
        ),
        "join": lambda user: join(user=newcomer, scope=fresh(), role=Role.VIEWER, by=user, now=now, on=world.today),
        "view_record": lambda user: RecordEntry.objects.visible_to(user).filter(agency__code="a", council=world.council).exists(),
    }  # fmt: skip
    assert disagreements(people, lambda: deeds_of_agency(fresh()), acts) == []


@pytest.mark.django_db
def test_names_only_of_people_one_may_see(world, people):
    """An officer of B, who supports a task of A, learns that A's officer may record, but not who that is."""
    task = add_task(world, world.plan, 96, "a", "b")
    answers = {row.name: row for row in explain(people["officer_b"], deeds_of_task(task, world.today))}
    told = {row.where: row.names for row in answers["record_activity"].doers}
    assert told["Công an"] == () and "Người officer_b" in told["Hội LHPN"]
    assert answers["save_task"].doers[0].names == ("Người secretary",)


def test_roles_are_read_from_the_table():
    assert roles_holding([Perm.VIEW_WORK]) == [Role.LIAISON, Role.APPROVER, Role.VIEWER, Role.SECRETARY, Role.LEADER]
    assert roles_holding([Perm.MANAGE_ACCOUNTS]) == [Role.ADMINISTRATOR]


@pytest.mark.django_db
def test_every_kind_answers_in_few_queries(world, sign_in, django_assert_max_num_queries):
    activity = record_activity(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, title="Buổi", held_on=world.today
    )
    pks = {"ke-hoach": world.plan.pk, "nhiem-vu": world.tasks[3].pk, "hoat-dong": activity.pk, "ky": world.period.pk,
           "co-quan": world.agencies["a"].pk, "bao-cao": world.report("a").pk}  # fmt: skip
    for who in ("officer_a", "secretary"):
        client = sign_in(world.people[who])
        for kind, pk in pks.items():
            with django_assert_max_num_queries(30):
                page = client.get(reverse("why", kwargs={"kind": kind, "pk": pk}))
            assert page.status_code == 200 and "Việc của:" in page.content.decode(), kind


@pytest.mark.django_db
def test_another_councils_objects_are_not_found(world, sign_in):
    task = world.other_plan.tasks.get()
    pks = {"ke-hoach": world.other_plan.pk, "nhiem-vu": task.pk, "ky": world.other_period.pk,
           "co-quan": world.agencies["x"].pk, "dong": task.lines.get().pk, "bao-cao": task.lines.get().report_id}  # fmt: skip
    for who in ("officer_a", "secretary", "leader", "administrator"):
        client = sign_in(world.people[who])
        answers = {
            kind: client.get(reverse("why", kwargs={"kind": kind, "pk": pk})).status_code for kind, pk in pks.items()
        }
        assert set(answers.values()) == {404}, (who, answers)
