"""An import is taken back exactly, as long as nothing of it is used."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agencies import clock
from agencies.errors import NotAllowed, WrongState
from agencies.models import Council, RecordEntry, Role
from campaigns.activities import record_activity
from campaigns.evidence import store_evidence
from campaigns.imports.service import import_plan
from campaigns.imports.undo import rows_of, undo_import, undoable, why_not
from campaigns.models import Assignment, Indicator, Plan, PlanImport, PlanParty, PlanSection, Task
from campaigns.targets import set_target
from campaigns.workflow import activate_plan, amend_plan, cancel_task, create_plan, save_task
from portal.demo.files import picture
from reports.opening import open_period
from tests.annexes import REAL_ROWS, docx, one_row
from tests.annexes_shapes import council_of_cantho
from tests.world import make_person

NOW = clock.at(date(2024, 3, 1))
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def council(db, settings) -> Council:
    settings.PORTAL_TODAY = NOW.date()
    made = council_of_cantho()
    made.standing_agency = made.agencies.get(code="stp")
    made.save()
    return made


@pytest.fixture
def secretary(council):
    return make_person("thu-ky", (council, Role.SECRETARY))


def run(council, secretary, content=None, filename="phu-luc.docx", **more):
    return import_plan(council=council, content=content or docx(), filename=filename, by=secretary, now=NOW, **more)


def changed_rows():
    """REAL_ROWS with one task changed, one new one under a new heading, one gone."""
    rows = [row for row in REAL_ROWS if not (isinstance(row, list) and row[0] == "b)")]
    rows[3] = ["2", "Sơ kết, tổng kết", "Sở Nội vụ", "Hội Luật gia", "Trước ngày 30/11/2024", "Báo cáo mới", ""]
    return [*rows, "III. KIỂM TRA", one_row(title="Kiểm tra chéo", lead="Ban Dân tộc")]


def test_a_new_plan_goes_with_everything_that_the_import_made(council, secretary):
    before = [model.objects.count() for model in (Plan, PlanSection, Task, Assignment, PlanParty)]
    done = run(council, secretary).done
    assert (done.by, done.at, done.file_name, len(done.digest)) == (secretary, NOW, "phu-luc.docx", 64)
    undone = undo_import(done=done, by=secretary, now=LATER)
    assert [model.objects.count() for model in (Plan, PlanSection, Task, Assignment, PlanParty)] == before
    assert (undone.plan, undone.undone_at, undone.undone_by) == (None, LATER, secretary)
    entry = RecordEntry.objects.get(verb="undo_import")
    assert entry.actor == secretary and "gỡ 4 nhiệm vụ" in entry.summary and "gỡ dự thảo kế hoạch" in entry.summary
    assert undo_import(done=done, by=secretary, now=LATER).undone_at == LATER
    assert RecordEntry.objects.filter(verb="undo_import").count() == 1
    assert run(council, secretary).new == 4, "the same file can be imported again"


def test_a_second_import_is_taken_back_row_by_row(council, secretary):
    plan = run(council, secretary).plan
    before = rows_of(plan)
    done = run(council, secretary, docx(rows=changed_rows())).done
    assert rows_of(plan) != before
    assert {kind: len(rows) for kind, rows in done.rows.items()} == {
        "plan": 0, "party": 3, "section": 1, "task": 2, "assignment": 4,
    }  # fmt: skip
    undo_import(done=done, by=secretary, now=LATER)
    assert rows_of(plan) == before
    plan.refresh_from_db()
    assert undoable(plan) == plan.imports.get(undone_at__isnull=True), "the first one comes next"
    undo_import(done=undoable(plan), by=secretary, now=LATER)
    assert Plan.objects.count() == 0


def test_importing_the_same_file_again_leaves_nothing_to_undo(council, secretary):
    run(council, secretary)
    assert run(council, secretary).done is None
    assert PlanImport.objects.count() == 1


def _edit_plan(plan, by):
    amend_plan(plan=plan, by=by, now=LATER, note="Ghi thêm")


def _edit_task(plan, by):
    Task.objects.filter(pk=plan.tasks.first().pk).update(expected_output="Khác")


def _cancel_task(plan, by):
    cancel_task(task=plan.tasks.first(), by=by, now=LATER, reason="Không còn cần nữa")


def _add_task(plan, by):
    lead = plan.council.agencies.get(code="stp")
    save_task(plan=plan, by=by, now=LATER, import_key="tay", number="9", title="Thêm tay", section=None, lead=lead)


def _activity(plan, by):
    agency = plan.council.agencies.get(code="stp")
    officer = make_person("can-bo", (agency, Role.LIAISON))
    activity = record_activity(
        agency=agency, by=officer, now=LATER, title="Buổi nói chuyện", held_on=NOW.date(), figures={}
    )
    activity.tasks.add(plan.tasks.first())


def _file(plan, by):
    agency = plan.council.agencies.get(code="stp")
    png = picture("a")
    store_evidence(agency=agency, by=by, now=LATER, name="ban-ky.png", content=png, plan=plan)


def _target(plan, by):
    indicator = Indicator.objects.first()
    set_target(
        plan=plan,
        task=plan.tasks.first(),
        indicator=indicator,
        year=2024,
        value=3,
        by=by,
        now=LATER,
        reason="Theo kế hoạch",
    )


def _section(plan, by):
    plan.sections.update(title="Tên khác")


def _assignment(plan, by):
    row = plan.tasks.get(number="1").assignments.get(role="supporting")
    row.date_to = date(2024, 6, 1)
    row.save()


def _in_force(plan, by):
    activate_plan(plan=plan, by=by, now=LATER)


USES = {
    _edit_plan: "Kế hoạch đã được sửa",
    _edit_task: "1 nhiệm vụ đã được sửa sau khi nhập",
    _cancel_task: "1 nhiệm vụ đã được sửa sau khi nhập",
    _add_task: "được thêm nhiệm vụ",
    _activity: "hoạt động hoặc minh chứng",
    _file: "văn bản hoặc chỉ tiêu",
    _target: "chỉ tiêu được giao",
    _section: "Các mục",
    _assignment: "1 nhiệm vụ đã được sửa",
    _in_force: "Đang thực hiện",
}


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_what_is_used_is_not_taken_back_and_the_reason_is_said(council, secretary, use):
    result = run(council, secretary)
    use(result.plan, secretary)
    plan = Plan.objects.get()
    before = rows_of(plan)
    assert undoable(plan) is None
    done = PlanImport.objects.select_related("plan").get()
    assert any(USES[use] in reason for reason in why_not(done))
    with pytest.raises(WrongState) as caught:
        undo_import(done=done, by=secretary, now=LATER)
    assert "không có gì thay đổi" in caught.value.messages[0]
    assert rows_of(plan) == before
    assert PlanImport.objects.get().undone_at is None


def test_a_task_by_hand_under_an_imported_heading_keeps_the_heading(council, secretary):
    stp = council.agencies.get(code="stp")
    plan = create_plan(
        council=council, by=secretary, now=NOW, number="02/KHPH-STP-UBMTTQVN", title="Kế hoạch",
        starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31), parties=[stp],
    )  # fmt: skip
    done = run(council, secretary).done
    assert done.rows["plan"] == {}
    section = plan.sections.first()
    save_task(
        plan=plan, by=secretary, now=LATER, import_key="tay", number="9", title="Thêm tay", section=section, lead=stp
    )
    assert why_not(PlanImport.objects.get()) == ["Mục do lần nhập này tạo đã có nhiệm vụ khác."]
    Task.objects.filter(import_key="tay").update(section=None)
    undo_import(done=done, by=secretary, now=LATER)
    assert [task.title for task in plan.tasks.all()] == ["Thêm tay"]
    assert list(plan.parties.values_list("agency__code", flat=True)) == ["stp"]


def test_report_lines_hold_the_tasks_fast(council, secretary):
    plan = run(council, secretary).plan
    activate_plan(plan=plan, by=secretary, now=LATER)
    open_period(council=council, code="2024-q1", by=secretary, now=NOW)
    Plan.objects.update(state="draft")  # a state that no verb leads to
    with pytest.raises(WrongState, match="đã được dùng trong báo cáo"):
        undo_import(done=PlanImport.objects.get(), by=secretary, now=LATER)
    assert plan.tasks.count() == 4


def test_only_the_secretariat_of_the_council(council, secretary):
    done = run(council, secretary).done
    leader = make_person("lanh-dao", (council, Role.LEADER))
    with pytest.raises(NotAllowed):
        undo_import(done=done, by=leader, now=LATER)


def test_the_button_on_the_plans_page(council, secretary, sign_in):
    done = run(council, secretary).done
    client, page = sign_in(secretary), reverse("plan-detail", args=[done.plan_id])
    url = reverse("plan-import-undo", args=[done.pk])
    assert url in client.get(page).content.decode()
    leader = sign_in(make_person("lanh-dao", (council, Role.LEADER)))
    assert url not in leader.get(page).content.decode()
    assert client.get(url).status_code == 405
    assert client.post(url).url == reverse("plan-list")
    assert "Đã hoàn tác lần nhập “phu-luc.docx”" in client.get(reverse("plan-list")).content.decode()
    assert client.post(url).status_code == 302, "a double click"
    assert RecordEntry.objects.filter(verb="undo_import").count() == 1


def test_the_button_goes_when_the_plan_is_in_force(council, secretary, sign_in):
    plan = run(council, secretary).plan
    activate_plan(plan=plan, by=secretary, now=LATER)
    client = sign_in(secretary)
    url = reverse("plan-import-undo", args=[plan.imports.get().pk])
    assert url not in client.get(reverse("plan-detail", args=[plan.pk])).content.decode()
    answer = client.post(url)
    assert answer.status_code == 409 and "Đang thực hiện" in answer.content.decode()
