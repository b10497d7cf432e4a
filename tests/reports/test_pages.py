"""The pages of the quarter as people meet them: refusals keep what was typed, repeats change nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import RecordEntry
from campaigns.activities import record_activity
from campaigns.evidence import store_evidence
from portal.demo.files import picture
from reports import workflow
from reports.consolidation import consolidate
from reports.integrity import problems
from reports.models import CouncilReport, Period, ProgressReport, ReportLine
from tests.world import add_task, fill_in

pytestmark = pytest.mark.django_db
PNG = picture("a")


def line_of(world, code="b", task=1):
    return ReportLine.objects.get(report=world.report(code), task=world.tasks[task])


def line_url(line, name="report-line"):
    place = {"code": "2024-q2", "agency": line.report.agency.code, "pk": line.pk}
    return reverse(name, kwargs=place)


def typed(line, **values):
    return {"version": line.version, "status": "in_progress", "percent": "40", "result": "Đã tập huấn 02 lớp",
            "difficulty": "", "proposal": ""} | values  # fmt: skip


def test_saving_a_line_goes_to_the_next_that_waits(world, sign_in):
    line = line_of(world)
    response = sign_in(world.people["officer_b"]).post(line_url(line), typed(line, tiep="1"))
    waiting = ReportLine.objects.get(report=line.report, task=world.tasks[0])
    assert response.status_code == 302 and response.url == line_url(waiting)
    line.refresh_from_db()
    assert (line.percent, line.result, line.version) == (40, "Đã tập huấn 02 lớp", 2)


def test_a_stale_line_shows_both_texts_and_saves_neither_twice(world, sign_in):
    line, officer = line_of(world), sign_in(world.people["officer_b"])
    colleague = sign_in(world.people["viewer_a_officer_b"])
    colleague.post(line_url(line), typed(line, result="Lời của đồng nghiệp"))
    answer = officer.post(line_url(line), typed(line, result="Lời của tôi"))
    page = answer.content.decode()
    assert answer.status_code == 409 and "Lời của đồng nghiệp" in page and "Lời của tôi" in page
    line.refresh_from_db()
    assert line.result == "Lời của đồng nghiệp"
    officer.post(line_url(line), typed(line, result="Lời của tôi"))
    line.refresh_from_db()
    assert line.result == "Lời của tôi"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent": "abc"}, "không phải là số nguyên"),
        ({"percent": "101"}, "100"),
        ({"status": "cancelled"}, "không"),
        ({"status": ""}, "Chọn tình trạng"),
        ({"status": "done", "completed_on": "31/02/2024"}, "Không có ngày này"),
        ({"status": "done", "completed_on": "30/06/2024"}, "không được sau hôm nay"),
    ],
)
def test_a_wrong_line_is_refused_in_words_and_kept_in_the_form(world, sign_in, wrong, said):
    line = line_of(world)
    answer = sign_in(world.people["officer_b"]).post(line_url(line), typed(line, result="Câu chưa được lưu") | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "Câu chưa được lưu" in page
    line.refresh_from_db()
    assert (line.result, line.edited_at) == ("", None)


def test_a_supporting_agency_cannot_set_the_leads_status(world, sign_in):
    line = ReportLine.objects.get(report=world.report("b"), task=world.tasks[0])
    sign_in(world.people["officer_b"]).post(line_url(line), typed(line, result="Đã cử báo cáo viên", status="done"))
    line.refresh_from_db()
    assert (line.status, line.percent, line.result) == ("", None, "Đã cử báo cáo viên")


def test_evidence_is_kept_with_the_line_whole_or_not_at_all(world, sign_in):
    line, officer = line_of(world), sign_in(world.people["officer_b"])
    bad = [SimpleUploadedFile("anh.png", PNG), SimpleUploadedFile("macro.docx", b"PK not a zip")]
    answer = officer.post(line_url(line), typed(line, result="Câu chưa lưu", tep=bad))
    page = answer.content.decode()
    assert answer.status_code == 422 and "macro.docx" in page and "Câu chưa lưu" in page
    line.refresh_from_db()
    assert (line.result, line.evidence.count()) == ("", 0)
    officer.post(line_url(line), typed(line, tep=[SimpleUploadedFile("anh.png", PNG)]))
    assert [item.original_name for item in line.evidence.all()] == ["anh.png"]
    officer.post(line_url(line, "line-evidence"), {"bo": line.evidence.get().pk})
    assert line.evidence.count() == 0


def test_last_periods_words_are_added_to_what_was_typed(world, sign_in):
    line, officer = line_of(world), sign_in(world.people["officer_b"])
    answer = officer.post(line_url(line), typed(line, result="Đang gõ dở", chep="1"))
    assert answer.status_code == 200 and "Đang gõ dở" in answer.content.decode()
    line.refresh_from_db()
    assert line.result == ""


def test_earlier_versions_of_a_line_can_be_read(world, sign_in):
    line, officer = line_of(world), sign_in(world.people["officer_b"])
    officer.post(line_url(line), typed(line, result="Bản thứ nhất"))
    line.refresh_from_db()
    officer.post(line_url(line), typed(line, result="Bản thứ hai"))
    assert "Bản thứ nhất" in officer.get(line_url(line)).content.decode()


def test_another_agencys_file_cannot_be_taken_off_or_shown(world, sign_in):
    theirs = store_evidence(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, name="a.png", content=PNG
    )
    officer = sign_in(world.people["officer_b"])
    assert officer.post(line_url(line_of(world), "line-evidence"), {"bo": theirs.pk}).status_code == 404
    assert officer.get(reverse("evidence-file", kwargs={"pk": theirs.pk})).status_code == 404


def figures_url(code):
    return reverse("report-figures", kwargs={"code": "2024-q2", "agency": code})


def test_figures_from_activities_are_filled_in_and_a_correction_needs_a_reason(world, sign_in):
    record_activity(
        agency=world.agencies["b"], by=world.people["officer_b"], now=world.now, title="Nói chuyện",
        held_on=world.today, figures={"PB01": 2, "PB02": 1250},
    )  # fmt: skip
    officer, report = sign_in(world.people["officer_b"]), world.report("b")
    assert 'value="1.250"' in officer.get(figures_url("b")).content.decode()
    answer = officer.post(figures_url("b"), {"version": report.version, "v_PB02": "1300", "v_PB08": "7"})
    assert answer.status_code == 422 and "1.250" in answer.content.decode() and "1300" in answer.content.decode()
    assert report.figures.get(indicator__code="PB08").value is None
    data = {"version": report.version, "v_PB02": "1300", "r_PB02": "Cộng thiếu một điểm cầu", "v_PB08": "7"}
    assert officer.post(figures_url("b"), data).status_code == 302
    assert report.figures.get(indicator__code="PB02").value == 1300
    assert report.figures.get(indicator__code="PB08").value == 7


@pytest.mark.parametrize("value", ["abc", "-5", "1,5", "1.23", "99999999999999999"])
def test_a_figure_that_is_none_is_refused(world, sign_in, value):
    report = world.report("b")
    answer = sign_in(world.people["officer_b"]).post(figures_url("b"), {"version": report.version, "v_PB08": value})
    assert answer.status_code == 422 and f'value="{value}"' in answer.content.decode()
    assert report.figures.get(indicator__code="PB08").value is None


def test_activities_after_hand_in_do_not_change_the_report(world):
    officer = world.people["officer_b"]
    report = fill_in(world, "b", officer)
    workflow.submit_report(report=report, by=officer, now=world.now)
    record_activity(
        agency=world.agencies["b"], by=officer, now=world.now, title="Muộn", held_on=world.today,
        figures={"PB01": 5, "PB02": 500},
    )  # fmt: skip
    assert report.figures.get(indicator__code="PB01").value == 0


def test_opening_a_period_twice_says_so(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    answer = secretary.post(reverse("period-open"), {"code": "2024-q2"}, follow=True)
    assert "đã mở từ" in answer.content.decode()
    assert Period.objects.quarters().filter(council=world.council).count() == 1


def test_the_quarter_one_most_likely_means_to_open_is_chosen_already(world, sign_in):
    form = sign_in(world.people["secretary"]).get(reverse("period-open")).context["form"]
    offered = [code for code, _words in form.fields["code"].choices]
    assert "2024-q2" not in offered and form["code"].initial == offered[0] == "2024-q3"


def transition(client, code, verb, **data):
    return client.post(
        reverse("report-transition", kwargs={"code": "2024-q2", "agency": code, "verb": verb}), data, follow=True
    )


def test_returning_needs_a_reason_and_keeps_what_was_typed(world, sign_in):
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    secretary = sign_in(world.people["secretary"])
    answer = transition(secretary, "b", "tra-lai", reason="sai")
    assert (
        answer.status_code == 422
        and "10 ký tự" in answer.content.decode()
        and ">sai</textarea>" in answer.content.decode()
    )
    transition(secretary, "b", "tra-lai", reason="Bổ sung minh chứng nhiệm vụ 2")
    assert world.report("b").state == "returned"
    assert "Bổ sung minh chứng nhiệm vụ 2" in sign_in(officer).get(reverse("my-work")).content.decode()


def test_accepting_many_names_those_that_cannot_be(world, sign_in):
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    chosen = [world.report("b").pk, world.report("a").pk, 999_999, "x"]
    answer = sign_in(world.people["secretary"]).post(
        reverse("board-accept", kwargs={"code": "2024-q2"}), {"bao-cao": chosen}, follow=True
    )
    page = answer.content.decode()
    assert "Đã tiếp nhận báo cáo của Hội LHPN" in page and "Công an:" in page
    assert (world.report("b").state, world.report("a").state) == ("accepted", "draft")


def test_new_tasks_are_offered_to_the_open_period(world, sign_in):
    add_task(world, world.plan, 9, "b", title="Nhiệm vụ bổ sung")
    secretary = sign_in(world.people["secretary"])
    board = reverse("board", kwargs={"code": "2024-q2"})
    assert "Có 1 dòng nhiệm vụ" in secretary.get(board).content.decode()
    secretary.post(reverse("period-refresh", kwargs={"code": "2024-q2"}))
    assert "Có 1 dòng nhiệm vụ" not in secretary.get(board).content.decode()
    assert world.report("b").lines.filter(task__title="Nhiệm vụ bổ sung").count() == 1


def accept_all(world):
    for code in ("a", "b", "stp"):
        officer = world.people[f"officer_{code}"]
        report = workflow.submit_report(report=fill_in(world, code, officer), by=officer, now=world.now)
        if report.state == "awaiting":
            report = workflow.approve_report(report=report, by=world.people["approver_a"], now=world.now)
        workflow.accept_report(report=report, by=world.people["secretary"], now=world.now)


def test_the_council_report_is_drafted_saved_issued_and_frozen(world, sign_in):
    accept_all(world)
    secretary = sign_in(world.people["secretary"])
    url = reverse("consolidation", kwargs={"code": "2024-q2"})
    page = secretary.get(url)
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"h_strengths": "Lời của Thư ký =1+1 {{ 7*7 }}"}
    assert secretary.post(url, data).status_code == 302
    draft = CouncilReport.objects.get()
    assert (draft.state, draft.edition, draft.narrative["strengths"]["text"]) == (
        "draft", 1, "Lời của Thư ký =1+1 {{ 7*7 }}",
    )  # fmt: skip
    assert set(draft.narrative) == {"strengths"}  # the other headings go on following the data
    stale = secretary.post(url, data | {"version": "0"})
    assert stale.status_code == 409 and "Người khác vừa lưu" in stale.content.decode()
    issue = reverse("consolidation-issue", kwargs={"code": "2024-q2"})
    data["version"] = 1
    for number, day in (("", "10/06/2024"), ("15/BC-HĐPH", "11/06/2024"), ("15/BC-HĐPH", "10/06")):
        assert secretary.post(issue, data | {"number": number, "issued_on": day}).status_code == 422
        data["version"] += 1  # refused, and saved all the same
    for _click in (1, 2):
        answer = secretary.post(issue, data | {"number": "15/BC-HĐPH", "issued_on": "10/06/2024"})
        assert answer.status_code == 302
    issued = CouncilReport.objects.get()
    assert (issued.state, issued.number) == ("issued", "15/BC-HĐPH")
    form = secretary.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"h_strengths": "Bản điều chỉnh"}
    secretary.post(url, data)
    assert list(CouncilReport.objects.order_by("edition").values_list("edition", "state")) == [
        (1, "issued"),
        (2, "draft"),
    ]


def test_locking_with_reports_missing_needs_a_reason(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    lock = reverse("period-lock", kwargs={"code": "2024-q2"})
    answer = secretary.post(lock, {"reason": ""})
    assert answer.status_code == 422 and "Hội LHPN" in answer.content.decode()
    assert secretary.post(lock, {"reason": "Chốt theo yêu cầu của Ủy ban"}).status_code == 302
    assert Period.objects.get(pk=world.period.pk).state == "locked"
    officer = sign_in(world.people["officer_b"])
    assert officer.post(line_url(line_of(world)), typed(line_of(world))).status_code == 409


def test_every_number_of_the_summary_opens_its_list(world, sign_in):
    accept_all(world)
    leader = sign_in(world.people["leader"])
    url = reverse("summary-period", kwargs={"code": "2024-q2"})
    value = consolidate(Period.objects.get(pk=world.period.pk), as_of=world.today)
    for state in ("done", "on_track", "due_soon", "overdue"):
        listed = leader.get(url, {"tinh-trang": state}).context["page"]
        assert len(listed) == getattr(value.totals, state)
    for cell in value.cells:
        listed = leader.get(url, {"co-quan": cell.agency, "ke-hoach": cell.plan}).context["page"]
        assert len(listed) == cell.counts.tasks
    assert sum(row.counts.tasks for row in value.agencies) == value.totals.tasks
    assert list(problems()) == []


def test_integrity_notices_what_slipped_past_the_verbs(world):
    world.tasks[0].__class__.objects.filter(pk=world.tasks[0].pk).update(percent=77, status="in_progress")
    world.people["outsider"].groups.add(world.people["secretary"].groups.first())
    evidence = store_evidence(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, name="a.png", content=PNG
    )
    evidence.file.storage.delete(evidence.file.name)
    found = "\n".join(problems())
    assert "Tình trạng nhiệm vụ" in found and "nhóm quyền" in found and "Thiếu tệp" in found


def test_the_record_names_who_did_what_and_why(world):
    officer = world.people["officer_b"]
    report = workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    workflow.return_report(
        report=report, by=world.people["secretary"], now=world.now, reason="Thiếu minh chứng tập huấn"
    )
    entry = RecordEntry.objects.filter(verb="return_report").get()
    assert (entry.actor, entry.agency, entry.reason, entry.from_state, entry.to_state) == (
        world.people["secretary"], world.agencies["b"], "Thiếu minh chứng tập huấn", "submitted", "returned",
    )  # fmt: skip
    events = ProgressReport.pgh_event_model.objects.filter(pgh_obj_id=report.pk, state="returned")
    assert events.get().pgh_context.metadata["reason"] == "Thiếu minh chứng tập huấn"


def test_a_second_secretary_is_told_that_a_draft_exists(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    url = reverse("consolidation", kwargs={"code": "2024-q2"})
    form = secretary.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    assert secretary.post(url, data | {"h_strengths": "Lời thứ nhất"}).status_code == 302
    answer = secretary.post(url, data | {"h_strengths": "Lời thứ hai"})
    assert answer.status_code == 409 and "Lời thứ hai" in answer.content.decode()
    assert CouncilReport.objects.get().narrative["strengths"]["text"] == "Lời thứ nhất"


@pytest.mark.parametrize("chosen", ["%00", "../x", "khong-co"])
def test_an_odd_council_in_the_address_is_404(world, sign_in, chosen):
    url = reverse("board", kwargs={"code": "2024-q2"})
    assert sign_in(world.people["secretary"]).get(f"{url}?hoi-dong={chosen}").status_code == 404


def test_a_reason_with_a_nul_is_kept_without_it(world, sign_in):
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    transition(sign_in(world.people["secretary"]), "b", "tra-lai", reason="Bổ sung\x00 minh chứng nhé")
    assert world.report("b").return_reason == "Bổ sung minh chứng nhé"
