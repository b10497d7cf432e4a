"""From a signed annex to a plan with its tasks: preview, all or nothing, twice changes nothing; command and pages."""

import io
import json
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies import clock
from agencies.errors import NotAllowed, WrongState
from agencies.models import Agency, Council, RecordEntry, Role
from agencies.tables import shelf
from agencies.tables.problems import ImportRefused
from campaigns import workflow
from campaigns.imports.service import import_plan, plan_preview
from campaigns.models import Plan, PlanSection, Task
from tests.annexes import REAL_ROWS, docx, one_row, xlsx
from tests.world import make_agency, make_council, make_person

NOW = clock.at(date(2024, 3, 1))
BODIES = [
    ("stp", "Sở Tư pháp thành phố Cần Thơ", "Sở Tư pháp", "STP"),
    ("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố Cần Thơ", "UB MTTQVN", "UBMTTQVN"),
    ("gddt", "Sở Giáo dục và Đào tạo thành phố Cần Thơ", "Sở GD&ĐT", "SGDĐT"),
    ("cong-an", "Công an thành phố Cần Thơ", "Công an thành phố", "CATP"),
    ("phu-nu", "Hội Liên hiệp Phụ nữ thành phố Cần Thơ", "Hội LHPN", ""),
    ("thanh-doan", "Thành đoàn Cần Thơ", "Thành đoàn", ""),
]


@pytest.fixture
def council(db, settings) -> Council:
    settings.PORTAL_TODAY = date(2024, 3, 1)
    council = make_council("can-tho", "thành phố Cần Thơ")
    for order, (code, name, short_name, abbreviation) in enumerate(BODIES):
        make_agency(council, code, name, short_name, order, abbreviation=abbreviation)
    return council


@pytest.fixture
def secretary(council):
    return make_person("thu-ky", (council, Role.SECRETARY))


def run(council, content=None, filename="phu-luc.docx", **more):
    return import_plan(council=council, content=content or docx(), filename=filename, by=None, now=NOW, **more)


def counted():
    return Plan.objects.count(), PlanSection.objects.count(), Task.objects.count(), RecordEntry.objects.count()


def test_a_signed_annex_becomes_a_draft_with_its_tasks(council, secretary):
    result = import_plan(council=council, content=docx(), filename="phu-luc.docx", by=secretary, now=NOW)
    plan = result.plan
    assert (plan.state, plan.number, plan.signed_on) == ("draft", "02/KHPH-STP-UBMTTQVN", date(2024, 2, 29))
    assert (plan.starts_on, plan.ends_on, plan.source_name) == (date(2024, 1, 1), date(2025, 12, 31), "phu-luc.docx")
    assert (result.new, result.changed, result.unchanged) == (4, 0, 0)
    read = [
        (
            task.number,
            str(task.section),
            task.recurrence,
            task.due_date,
            [row.agency.code for row in task.assignments.all()],
        )
        for task in plan.tasks.all()
    ]
    assert read == [
        ("1", "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "yearly", None, ["stp", "mttq"]),
        ("2", "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", "", date(2024, 11, 15), ["stp"]),
        ("a)", "1. Phổ biến pháp luật", "", date(2024, 9, 30), ["cong-an", "gddt", "phu-nu", "thanh-doan"]),
        ("b)", "1. Phổ biến pháp luật", "", date(2024, 11, 9), ["mttq", "stp"]),
    ]
    assert {party.agency.code for party in plan.parties.all()} == {code for code, *_ in BODIES}
    assert plan.tasks.get(number="b)").supporting_text == "Sở Tư pháp, các cơ quan, đơn vị liên quan"
    assert RecordEntry.objects.filter(verb="import_plan", actor=secretary).count() == 1


def test_the_preview_writes_nothing_and_promises_what_the_import_does(council):
    before = counted()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        preview = plan_preview(council=council, content=docx(), filename="a.docx", today=date(2024, 3, 1))
    assert counted() == before
    assert not [q["sql"] for q in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", q["sql"])]
    assert (preview.count("new"), preview.errors, preview.plan) == (4, (), None)
    assert [(w.row, w.column) for w in preview.warnings] == [(5, "Phối hợp"), (9, "Phối hợp")]


@pytest.mark.parametrize("filename", ["a.docx", "a.xlsx"])
def test_the_same_file_twice_changes_nothing_and_says_so(council, filename):
    content = docx() if filename.endswith("docx") else xlsx(before=["KẾ HOẠCH phối hợp giai đoạn 2024 - 2025"])
    first = run(council, content, filename)
    before = counted()
    again = run(council, content, filename)
    assert again.plan == first.plan
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)
    assert "Không có gì thay đổi" in again.summary
    assert counted() == before


def test_a_corrected_file_updates_its_rows_and_keeps_what_it_no_longer_has(council):
    plan = run(council).plan
    changed = [
        list(row) if isinstance(row, list) else row
        for row in REAL_ROWS
        if not (isinstance(row, list) and row[0] == "b)")
    ]
    changed[3] = [*changed[3]]
    changed[3][4] = "Trước ngày 30/11/2024"
    preview = plan_preview(council=council, content=docx(rows=changed), filename="b.docx", today=NOW.date())
    assert [t.outcome for t in preview.tasks] == ["unchanged", "changed", "unchanged"]
    assert any("có trong cổng nhưng không có trong tệp" in w.message for w in preview.warnings)
    result = run(council, docx(rows=changed))
    assert (result.plan, result.new, result.changed, result.unchanged) == (plan, 0, 1, 2)
    assert plan.tasks.get(number="2").due_date == date(2024, 11, 30)
    assert plan.tasks.count() == 4


def test_a_plan_in_force_takes_more_tasks_and_a_finished_one_is_refused_in_words(council):
    plan = run(council).plan
    workflow.activate_plan(plan=plan, by=make_person("tk", (council, Role.SECRETARY)), now=NOW)
    more = [*REAL_ROWS, "III. KIỂM TRA", one_row(number="1", title="Kiểm tra chéo", lead="Sở Tư pháp")]
    assert run(council, docx(rows=more)).new == 1
    Plan.objects.filter(pk=plan.pk).update(state=Plan.State.COMPLETED)
    with pytest.raises(WrongState, match="Đã kết thúc"):
        run(council, docx(rows=more))


def test_one_bad_row_and_nothing_is_written(council):
    rows = [
        one_row(),
        one_row(number="2", lead="Sở Y tế", timing="31/02/2024"),
        one_row(number="3", lead="STP và CATP"),
        one_row(number="4", title="", supporting="Hội Luật sư"),
    ]
    before = counted()
    with pytest.raises(ImportRefused) as caught:
        run(council, docx(rows=rows))
    assert counted() == before
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (3, "Chủ trì"),
        (3, "Thời gian"),
        (4, "Chủ trì"),
        (5, "Nội dung"),
        (5, "Phối hợp"),
    ]
    assert caught.value.status == 422
    assert all(p.message and p.fix and p.sheet == "Bảng 1" for p in caught.value.problems)


def test_a_verb_that_refuses_half_way_undoes_everything(council, monkeypatch):
    before, real, calls = counted(), workflow.save_task, []

    def third_fails(**given):
        calls.append(1)
        if len(calls) == 3:
            raise WrongState("Đang khóa.")
        return real(**given)

    monkeypatch.setattr(workflow, "save_task", third_fails)
    with pytest.raises(WrongState, match="Đang khóa"):
        run(council)
    assert counted() == before


def test_the_lead_is_dropped_from_supporting_with_a_warning(council):
    rows = [one_row(lead="STP", supporting="Sở Tư pháp, Công an TP", timing="Quý I/2027")]
    preview = plan_preview(council=council, content=docx(rows=rows), filename="a.docx", today=NOW.date())
    assert [agency.code for agency in preview.tasks[0].supporting] == ["cong-an"]
    assert [w.column for w in preview.warnings] == ["Phối hợp", "Thời gian"]
    assert "ngoài thời gian của kế hoạch" in preview.warnings[1].message
    assert run(council, docx(rows=rows)).new == 1


def test_the_span_is_asked_for_when_no_year_is_known(council):
    content = xlsx(rows=[one_row(timing="Hằng quý")])
    with pytest.raises(ImportRefused, match="Từ ngày"):
        run(council, content, "a.xlsx")
    plan = run(
        council,
        content,
        "a.xlsx",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
        number="5/KH",
        title="Năm 2024",
    ).plan
    assert (plan.number, plan.title, plan.ends_on) == ("5/KH", "Năm 2024", date(2024, 12, 31))


def test_without_a_span_the_years_of_the_timings_make_one(council):
    plan = run(council, xlsx(rows=[one_row(), one_row(number="2", timing="Tháng 3/2025")]), "Ke_hoach.xlsx").plan
    assert (plan.starts_on, plan.ends_on, plan.title) == (date(2024, 1, 1), date(2025, 12, 31), "Ke hoach")


def test_formulas_are_named_by_their_cells(council):
    content = xlsx(rows=[one_row(), one_row(number="2")], formulas={"A3": "=A2+1", "F2": "=1+1"})
    preview = plan_preview(council=council, content=content, filename="a.xlsx", today=NOW.date())
    assert [(p.cell, p.message, p.column) for p in preview.errors[:2]] == [
        ("A3", "Ô A3 chứa công thức, không phải giá trị.", "STT"),
        ("F2", "Ô F2 chứa công thức, không phải giá trị.", "Sản phẩm"),
    ]


def test_text_that_is_too_long_and_an_old_encoding_are_refused(council):
    preview = plan_preview(
        council=council, content=docx(rows=[one_row(number="9" * 31)]), filename="a.docx", today=NOW.date()
    )
    assert preview.errors[0].column == "STT"
    from agencies.tables.problems import BadFile

    with pytest.raises(BadFile, match="TCVN3"):
        run(
            council,
            docx(rows=[one_row(title="TËp huÊn ph¸p luËt cho ®éi ngò b¸o c¸o viªn, hßa gi¶i viªn ë c¬ së ¶®µ»")] * 9),
        )


def test_only_agencies_that_exist_then_and_only_of_this_council(council):
    Agency.objects.filter(code="cong-an").update(valid_to=date(2023, 6, 1))
    other = make_council("tien-giang", "tỉnh Tiền Giang")
    make_agency(other, "y-te", "Sở Y tế tỉnh Tiền Giang", "Sở Y tế", 1)
    preview = plan_preview(
        council=council,
        content=docx(rows=[one_row(lead="CATP"), one_row(number="2", lead="Sở Y tế")]),
        filename="a.docx",
        today=NOW.date(),
    )
    assert "không tồn tại" in preview.errors[0].message
    assert "Không biết" in preview.errors[1].message


def test_only_the_councils_secretariat_imports(council):
    outsider = make_person("nguoi-xem", (council, Role.LEADER))
    with pytest.raises(NotAllowed):
        import_plan(council=council, content=docx(), filename="a.docx", by=outsider, now=NOW)


def test_queries_do_not_grow_with_the_rows_of_a_preview(council):
    def queries(count):
        rows = [one_row(number=str(n), supporting="CATP") for n in range(1, count + 1)]
        with CaptureQueriesContext(connection) as found:
            plan_preview(council=council, content=docx(rows=rows), filename="a.docx", today=NOW.date())
        return len([q for q in found if "SAVEPOINT" not in q["sql"]])

    assert queries(2) == queries(20)


# --- the command -----------------------------------------------------------------------------------------------------


def command(path, *options):
    out = io.StringIO()
    error = None
    try:
        call_command("import_plan", str(path), "--council", "can-tho", *options, stdout=out)
    except CommandError as raised:
        error = str(raised)
    return out.getvalue(), error


@pytest.fixture
def saved(tmp_path):
    def save(content, name="phu-luc.docx"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return save


def test_the_command_prints_json_alone(council, saved):
    out, error = command(saved(docx()), "--json", "--dry-run")
    answer = json.loads(out)
    assert error is None
    assert Plan.objects.count() == 0
    assert answer["plan"]["number"] == "02/KHPH-STP-UBMTTQVN"
    assert answer["plan"]["starts_on"] == "2024-01-01"
    assert answer["tasks"][2] == {
        "number": "a)",
        "section": "II. CÔNG TÁC TUYÊN TRUYỀN > 1. Phổ biến pháp luật",
        "title": "Tuyên truyền phòng, chống ma túy",
        "lead": "cong-an",
        "supporting": ["thanh-doan", "gddt", "phu-nu"],
        "supporting_text": "Thành đoàn;\nSở GD&ĐT và Hội LHPN",
        "timing_text": "Quý II–III/2024",
        "due_date": "2024-09-30",
        "recurrence": "",
        "output": "Cuộc/lượt người",
    }
    assert answer["tasks"][0]["due_date"] is None
    assert [set(w) for w in answer["warnings"]] == [{"sheet", "row", "column", "cell", "value", "message"}] * 2


def test_the_command_imports_and_repeats_without_change(council, saved):
    path = saved(xlsx(), "phu-luc.xlsx")
    options = ("--number", "01/KHPH-X", "--from", "2024-01-01", "--to", "2025-12-31")
    assert "Đã nhập 4 nhiệm vụ mới" in command(path, *options)[0]
    assert "Không có gì thay đổi" in command(path, *options)[0]
    assert Plan.objects.get().number == "01/KHPH-X"


def test_the_command_says_why_it_failed(council, saved, tmp_path):
    out, error = command(saved(docx(rows=[one_row(lead="Sở Y tế")])), "--json")
    assert json.loads(out)["errors"][0]["row"] == 2
    assert "Chưa nhập gì" in error
    assert Plan.objects.count() == 0
    out, error = command(saved(b"%PDF-1.4", "a.docx"), "--json")
    assert "PDF" in json.loads(out)["errors"][0]["message"]
    assert "Không mở được" in command(tmp_path / "khong-co.docx")[1]
    assert "Ngày “2024-13-01” không đúng" in command(saved(docx()), "--from", "2024-13-01")[1]
    assert "hiện có: can-tho" in _error(lambda: call_command("import_plan", "x", "--council", "sai"))


def _error(call) -> str:
    with pytest.raises(CommandError) as caught:
        call()
    return str(caught.value)


# --- the pages -------------------------------------------------------------------------------------------------------


def upload(client, content, name="phu-luc.docx", **more):
    return client.post(reverse("plan-import"), {"file": SimpleUploadedFile(name, content), **more})


def test_upload_preview_confirm_and_a_second_click(council, secretary, sign_in, settings):
    client = sign_in(secretary)
    assert client.get(reverse("plan-import")).status_code == 200
    response = upload(client, docx())
    assert response.status_code == 302
    page = client.get(response.url)
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "Nhập kế hoạch",
        "01/04/2024 – 30/09/2024",
        "Hằng năm",
        "các cơ quan, đơn vị liên quan",
        "Công an thành phố",
    ):
        assert words in text
    assert Plan.objects.count() == 0
    token = {"tep": response.url.split("tep=")[1]}
    done = client.post(reverse("plan-import-preview"), token)
    plan = Plan.objects.get()
    assert done.url == reverse("plan-detail", args=[plan.pk])
    before = counted()
    again = client.post(reverse("plan-import-preview"), token)
    assert again.url == done.url
    assert counted() == before


def test_a_file_with_errors_shows_them_beside_their_rows_and_has_no_confirm_button(council, secretary, sign_in):
    client = sign_in(secretary)
    response = upload(client, docx(rows=[one_row(lead="Sở Y tế"), one_row(number="2", timing="sớm")]))
    text = client.get(response.url).content.decode()
    assert "2 lỗi" in text
    assert 'href="#hang-10"' in text
    assert 'id="hang-10"' in text
    assert "Không hiểu thời gian" in text
    assert 'value="nhap"' not in text
    refused = client.post(reverse("plan-import-preview"), {"tep": response.url.split("tep=")[1]})
    assert refused.status_code == 422
    assert Plan.objects.count() == 0


def test_an_unreadable_file_is_refused_with_what_was_typed_kept(council, secretary, sign_in):
    page = upload(sign_in(secretary), b"%PDF-1.4", number="07/KHPH", starts_on="01/01/2024", ends_on="31/12/2023")
    assert page.status_code == 422
    assert "trước ngày bắt đầu" in page.content.decode()
    page = upload(sign_in(secretary), b"%PDF-1.4", number="07/KHPH")
    assert "PDF" in page.content.decode()
    assert "07/KHPH" in page.content.decode()


def test_an_upload_belongs_to_its_person_and_session_and_ends_after_a_day(council, secretary, sign_in, settings):
    mine = sign_in(secretary)
    url = upload(mine, docx()).url
    elsewhere = sign_in(secretary)
    assert elsewhere.get(url).url == reverse("plan-import")
    other = sign_in(make_person("thu-ky-2", (council, Role.SECRETARY)))
    assert other.get(url).url == reverse("plan-import")
    assert mine.get(reverse("plan-import-preview") + "?tep=../../etc/passwd").status_code == 302
    folder = settings.MEDIA_ROOT / "nhap-tam"
    shelf.sweep(clock.instant() + timedelta(days=2))  # as the next upload does, and every night
    assert mine.get(url).url == reverse("plan-import")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_who_may_not_import_is_refused(council, sign_in):
    leader = make_person("lanh-dao", (council, Role.LEADER))
    assert sign_in(leader).get(reverse("plan-import")).status_code == 403
    assert sign_in().get(reverse("plan-import")).status_code == 302


def test_the_choice_of_council_is_narrowed_to_ones_own(council, secretary, sign_in):
    other = make_council("tien-giang", "tỉnh Tiền Giang")
    both = make_person("hai-noi", (council, Role.SECRETARY), (other, Role.SECRETARY))
    assert 'name="council"' not in sign_in(secretary).get(reverse("plan-import")).content.decode()
    assert 'name="council"' in sign_in(both).get(reverse("plan-import")).content.decode()
    third = make_council("an-giang", "tỉnh An Giang")
    assert upload(sign_in(both), docx(), council=third.pk).status_code == 422
