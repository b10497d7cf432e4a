"""Forms that save by themselves: the same verbs, the record told once a sitting, and what each answer says."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from agencies import clock
from agencies.errors import Incomplete
from agencies.models import RecordEntry
from campaigns.activities import record_activity, withdraw_activity
from campaigns.targets import set_target
from reports.entry import repeat_last_line, restore_line, save_line
from reports.line_history import AUTOSAVE, earlier_versions
from reports.models import ProgressReport, ReportLine
from reports.workflow import accept_report, submit_report
from tests.quarters import opened
from tests.reports.test_pages import PNG, figures_url, line_of, line_url, typed
from tests.world import fill_in

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def officer(world, sign_in):
    return sign_in(world.people["officer_b"])


@pytest.fixture
def colleague(world, sign_in):
    """Another officer of the same agency."""
    return sign_in(world.people["viewer_a_officer_b"])


def autosave(client, line, **values):
    return client.post(line_url(line, "report-line-autosave"), typed(line, **values), headers=JSON)


def stored(line):
    return ReportLine.objects.get(pk=line.pk)


def test_an_autosave_stores_what_the_button_would_and_gives_the_new_version(world, officer):
    line = line_of(world)
    answer = autosave(officer, line, result="Đã tập huấn 02 lớp", difficulty="Thiếu báo cáo viên")
    assert answer.json()["state"] == "saved" and answer.json()["version"] == 2
    row = stored(line)
    assert (row.percent, row.result, row.difficulty, row.version) == (40, "Đã tập huấn 02 lớp", "Thiếu báo cáo viên", 2)
    assert row.edited_by == world.people["officer_b"]


def test_a_form_that_came_without_some_boxes_empties_none(world, officer):
    line = line_of(world)
    autosave(officer, line, result="Đã tập huấn 02 lớp")
    part = {"version": 2, "status": "in_progress", "percent": "40"}
    answer = officer.post(line_url(line, "report-line-autosave"), part, headers=JSON)
    assert answer.status_code == 422 and stored(line).result == "Đã tập huấn 02 lớp"


@pytest.mark.parametrize(("wrong", "status"), [({"percent": "999"}, 422), ({"version": 7}, 409)])
def test_as_last_period_never_takes_the_place_of_what_is_typed(world, officer, wrong, status):
    line = line_of(world)
    answer = officer.post(line_url(line), typed(line, result="gõ dở", **{"nhu-cu": "1"}) | wrong)
    assert answer.status_code in {status, 422} and "gõ dở" in answer.content.decode()
    assert stored(line).result == ""


def test_saving_again_what_is_stored_writes_nothing(world, officer):
    line = line_of(world)
    autosave(officer, line)
    again = autosave(officer, stored(line))
    assert again.json()["version"] == 2 and stored(line).version == 2
    # Opening a form and looking elsewhere says nothing of the task: it still waits.
    other = ReportLine.objects.get(report=line.report, task=world.tasks[0])
    empty = {"version": 1, "result": "", "difficulty": "", "proposal": ""}
    answer = officer.post(line_url(other, "report-line-autosave"), empty, headers=JSON)
    assert answer.json()["state"] == "saved" and stored(other).edited_at is None


def test_one_sitting_is_one_entry_of_the_record_and_every_version_is_kept(world):
    line, by = line_of(world), world.people["officer_b"]
    words = "Đã tập huấn hai lớp cho hòa giải viên".split()
    for count in range(1, len(words) + 1):
        save_line(
            line=line, by=by, now=world.now + timedelta(seconds=count), version=count, status="in_progress",
            percent=10, result=" ".join(words[:count]), automatic=True,
        )  # fmt: skip
    told = RecordEntry.objects.filter(verb="save_line", object_id=line.pk)
    assert told.count() == 1 and stored(line).version == len(words) + 1
    history = ReportLine.pgh_event_model.objects.filter(pgh_obj_id=line.pk, pgh_context__metadata__verb=AUTOSAVE)
    assert history.count() == len(words)
    # Half an hour later it is another sitting, and what stood before it can be gone back to.
    save_line(
        line=line, by=by, now=world.now + timedelta(minutes=30), version=len(words) + 1, status="in_progress",
        percent=10, result=" ".join([*words, "và tuyên truyền viên"]), automatic=True,
    )  # fmt: skip
    assert told.count() == 2
    assert [version.result for version in earlier_versions(stored(line))] == [" ".join(words)]


def test_what_was_deleted_within_a_sitting_is_among_the_earlier_versions(world):
    line, by = line_of(world), world.people["officer_b"]
    for count, text in enumerate(["Một đoạn dài đã viết xong từ đầu", "", "Viết lại"], 1):
        now = world.now + timedelta(seconds=count)
        save_line(line=line, by=by, now=now, version=count, status="in_progress", result=text, automatic=True)
    assert [version.result for version in earlier_versions(stored(line))] == ["Một đoạn dài đã viết xong từ đầu"]


def test_different_fields_of_two_people_are_put_together_with_a_word(world, officer, colleague):
    line = line_of(world)
    autosave(officer, line, result="Gốc")
    start = stored(line)
    autosave(colleague, start, result="Gốc", difficulty="Khó của đồng nghiệp")
    answer = autosave(officer, start, result="Lời của tôi").json()
    assert answer["state"] == "saved" and answer["take"] == {"difficulty": "Khó của đồng nghiệp"}
    row = stored(line)
    assert (row.result, row.difficulty, row.version) == ("Lời của tôi", "Khó của đồng nghiệp", answer["version"])


def test_the_same_field_is_asked_about_and_nothing_is_lost(world, officer, colleague):
    line = line_of(world)
    autosave(colleague, line, result="Lời của đồng nghiệp", proposal="Đề xuất chung")
    refused = autosave(officer, line, result="Lời của tôi", status="done", percent="100")
    answer = refused.json()
    assert refused.status_code == 409 and answer["state"] == "clash"
    assert answer["clash"]["result"] == "Lời của đồng nghiệp" and answer["words"]["status"] == "Đang thực hiện"
    assert answer["take"] == {"proposal": "Đề xuất chung"}
    assert answer["by"] == str(world.people["viewer_a_officer_b"])
    assert stored(line).result == "Lời của đồng nghiệp"
    # Keeping mine is a save on top of that version; theirs can be gone back to.
    decided = autosave(officer, stored(line), result="Lời của tôi", proposal="Đề xuất chung")
    assert decided.json()["state"] == "saved" and stored(line).result == "Lời của tôi"
    assert [version.result for version in earlier_versions(stored(line))] == ["Lời của đồng nghiệp"]


def test_ones_own_other_window_is_not_somebody_else(world, officer):
    line = line_of(world)
    autosave(officer, line, result="Câu gửi đi mà không thấy trả lời")
    answer = autosave(officer, line, result="Câu gửi đi mà không thấy trả lời, rồi viết tiếp")
    assert answer.json()["state"] == "saved"
    assert stored(line).result == "Câu gửi đi mà không thấy trả lời, rồi viết tiếp"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"status": "done", "completed_on": "31/02/2024"}, "Không có ngày này"),
        ({"percent": "abc"}, "không phải là số nguyên"),
        ({"status": ""}, "Chọn tình trạng"),
        ({"status": "done", "completed_on": "30/06/2024"}, "không được sau hôm nay"),
    ],
)
def test_what_the_verb_refuses_is_said_and_not_stored(world, officer, wrong, said):
    line = line_of(world)
    answer = autosave(officer, line, **wrong)
    assert answer.status_code == 422 and said in " ".join(answer.json()["said"])
    assert stored(line).version == 1


def test_an_ended_session_another_person_and_a_report_handed_in_each_say_so(world, officer, sign_in):
    line, by = line_of(world), world.people["officer_b"]
    ended = autosave(sign_in(), line)
    assert ended.status_code == 401 and ended.json() == {"state": "signed_out", "login_url": reverse("login")}
    headers = JSON | {"X-Person": str(world.people["officer_a"].pk)}
    other = officer.post(line_url(line, "report-line-autosave"), typed(line), headers=headers)
    assert other.status_code == 409 and other.json()["state"] == "other_person" and stored(line).version == 1
    submit_report(report=fill_in(world, "b", by), by=by, now=world.now)
    late = autosave(officer, stored(line), result="Muộn")
    assert late.json()["state"] == "stopped" and "Đã nộp" in late.json()["said"][0]


def test_words_under_different_headings_are_put_together(world, officer, colleague):
    url = reverse("report-narrative-autosave", kwargs={"code": "2024-q2", "agency": "b"})
    empty = dict.fromkeys(ProgressReport.NARRATIVE, "") | {"version": 1}
    colleague.post(url, empty | {"causes": "Nguyên nhân của họ"}, headers=JSON)
    answer = officer.post(url, empty | {"difficulties": "Khó khăn của tôi"}, headers=JSON).json()
    assert answer["take"] == {"causes": "Nguyên nhân của họ"}
    report = world.report("b")
    assert (report.difficulties, report.causes) == ("Khó khăn của tôi", "Nguyên nhân của họ")
    clash = officer.post(url, empty | {"causes": "Của tôi"}, headers=JSON)
    assert clash.status_code == 409 and clash.json()["clash"] == {"causes": "Nguyên nhân của họ"}


def figures_autosave(client, version, **values):
    url = reverse("report-figures-autosave", kwargs={"code": "2024-q2", "agency": "b"})
    return client.post(
        url, {"version": version} | {name.replace("goc_", "goc-"): v for name, v in values.items()}, headers=JSON
    )


def figure(world, code):
    return world.report("b").figures.get(indicator__code=code).value


def test_two_people_at_two_figures_do_not_meet_and_at_one_are_asked(world, officer, colleague):
    version = world.report("b").version
    assert figures_autosave(colleague, version, v_PB09="20", goc_v_PB09="").json()["state"] == "saved"
    assert figures_autosave(officer, version, v_PB08="10", goc_v_PB08="").json()["state"] == "saved"
    assert (figure(world, "PB08"), figure(world, "PB09")) == (10, 20)
    refused = figures_autosave(officer, version, v_PB09="25", goc_v_PB09="")
    assert refused.status_code == 409 and refused.json()["clash"]["v_PB09"] == "20"
    assert figure(world, "PB09") == 20
    assert figures_autosave(officer, refused.json()["version"], v_PB09="25", goc_v_PB09="20").json()["state"] == "saved"
    assert figure(world, "PB09") == 25


def test_a_figure_that_waits_for_its_reason_does_not_hold_the_others_up(world, officer):
    answer = figures_autosave(officer, 1, v_PB08="7", v_PB01="5", v_PB09="mười").json()
    assert answer["state"] == "saved" and answer["kept"] == ["v_PB08", "r_PB08", "n_PB08"]
    assert len(answer["said"]) == 2 and "lý do" in " ".join(answer["said"])
    assert (figure(world, "PB08"), figure(world, "PB01"), figure(world, "PB09")) == (7, None, None)


# --- last period, earlier versions, files


NO_FIGURES = "Đang phối hợp các trường lựa chọn thời gian tổ chức."


@pytest.fixture
def after_a_quarter(world):
    """Quý II accepted for B; its line of Quý III."""
    by = world.people["officer_b"]
    report = fill_in(world, "b", by)
    report.lines.update(result=NO_FIGURES)
    accept_report(
        report=submit_report(report=report, by=by, now=world.now),
        by=world.people["secretary"], now=world.now,
    )  # fmt: skip
    period = opened(world, "2024-q3")
    return ReportLine.objects.select_related("report__period").get(
        report__period=period, report__agency__code="b", task=world.tasks[1]
    )


def test_nothing_changed_since_last_period_is_one_click_and_can_be_undone(world, officer, after_a_quarter):
    line = after_a_quarter
    url = reverse("report-line", kwargs={"code": "2024-q3", "agency": "b", "pk": line.pk})
    desk = officer.get(reverse("my-work")).content.decode()
    assert 'name="nhu-cu"' in desk and NO_FIGURES in desk
    answer = officer.post(url, {"nhu-cu": "1", "version": 1})
    assert answer.status_code == 302
    row = stored(line)
    assert (row.status, row.percent, row.result) == ("in_progress", 50, NO_FIGURES)
    officer.post(url, {"lay-lai": "1", "version": row.version})
    assert (stored(line).result, stored(line).edited_at) == ("", None)


def test_what_stood_typed_is_kept_when_last_period_is_repeated_over_it(world, officer, after_a_quarter):
    line = after_a_quarter
    url = reverse("report-line", kwargs={"code": "2024-q3", "agency": "b", "pk": line.pk})
    officer.post(url, typed(line, result="Gõ dở của kỳ này") | {"nhu-cu": "1"})
    assert stored(line).result == NO_FIGURES
    assert [version.result for version in earlier_versions(stored(line))] == ["Gõ dở của kỳ này"]


def test_figures_of_last_period_are_not_repeated_into_this_one(world, officer, after_a_quarter):
    line = after_a_quarter
    counted = "Đã tổ chức 01 cuộc cho 76 lượt người, phát 228 tài liệu."
    ReportLine.objects.filter(report__period__code="2024-q2", task=line.task).update(result=counted)
    url = reverse("report-line", kwargs={"code": "2024-q3", "agency": "b", "pk": line.pk})
    row = officer.get(f"{url}?hang=1", headers={"HX-Request": "true"}).content.decode()
    form = officer.get(url).content.decode()
    assert 'name="nhu-cu"' not in row and 'name="nhu-cu"' not in form and 'name="chep"' in form and counted in form
    refused = officer.post(url, {"nhu-cu": "1", "version": 1})
    assert refused.status_code == 422 and "hãy ghi kết quả kỳ này" in refused.content.decode()
    assert (stored(line).result, stored(line).edited_at) == ("", None)


def test_what_was_done_in_the_period_is_not_passed_over(world, officer, after_a_quarter):
    line, by = after_a_quarter, world.people["officer_b"]
    day = line.report.period.starts_on
    now = clock.at(day)

    def record(agency, person, held_on):
        return record_activity(
            agency=world.agencies[agency], by=world.people[person], now=now, title=f"Tuyên truyền ở {agency}",
            held_on=held_on, tasks=[line.task],
        )  # fmt: skip

    record("b", "officer_b", day - timedelta(days=1))
    withdraw_activity(activity=record("b", "officer_b", day), by=by, now=now, reason="Ghi nhầm nhiệm vụ")
    url = reverse("report-line", kwargs={"code": "2024-q3", "agency": "b", "pk": line.pk})
    row = f'href="{url}"'
    desk = officer.get(reverse("my-work")).content.decode()
    assert row in desk and f'action="{url}"' in desk
    record("b", "officer_b", day)
    desk = officer.get(reverse("my-work")).content.decode()
    assert row in desk and f'action="{url}"' not in desk
    assert 'name="nhu-cu"' not in officer.get(url).content.decode()
    with pytest.raises(Incomplete, match="hãy ghi kết quả kỳ này"):
        repeat_last_line(line=line, by=by, now=now, version=1)


def test_there_is_nothing_to_repeat_in_the_first_period(world, officer):
    line = line_of(world)
    answer = officer.post(line_url(line), {"nhu-cu": "1", "version": 1})
    assert answer.status_code == 409 and "Chưa có báo cáo kỳ trước" in answer.content.decode()


def test_repeating_and_restoring_are_on_the_record_of_the_agency_alone(world, after_a_quarter):
    line, now = after_a_quarter, world.now
    from agencies.errors import NotAllowed

    for verb, more in ((repeat_last_line, {}), (restore_line, {"to": 1})):
        with pytest.raises(NotAllowed):
            verb(line=line, by=world.people["officer_a"], now=now, version=1, **more)
    row = repeat_last_line(line=line, by=world.people["officer_b"], now=now, version=1)
    restore_line(line=line, by=world.people["officer_b"], now=now, version=row.version, to=1)
    told = RecordEntry.objects.filter(object_id=line.pk, object_type="reports.reportline").order_by("pk")
    assert list(told.values_list("verb", flat=True)) == ["save_line", "restore_line"]


def test_a_file_taken_off_can_be_put_back(world, officer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    line, htmx = line_of(world), {"HX-Request": "true", "HX-Target": "minh-chung"}
    url = line_url(line, "line-evidence")
    answer = officer.post(url, {"tep": [SimpleUploadedFile("anh.png", PNG)]}, headers=htmx)
    assert answer.status_code == 200 and "anh.png" in answer.content.decode()
    file = line.evidence.get()
    answer = officer.post(url, {"bo": file.pk}, headers=htmx).content.decode()
    assert "Hoàn tác" in answer and "<html" not in answer and line.evidence.count() == 0
    officer.post(url, {"lai": file.pk}, headers=htmx)
    assert line.evidence.get() == file
    assert officer.post(url, {"lai": 999_999}, headers=htmx).status_code == 404
    refused = officer.post(url, {"tep": [SimpleUploadedFile("macro.docx", b"PK")]}, headers=htmx)
    assert refused.status_code == 422 and "macro.docx" in refused.content.decode()


# --- in place


def without_tokens(html: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)


@pytest.mark.parametrize("name", ["report-line", "report-figures", "report-narrative"])
def test_what_opens_in_place_is_the_part_of_the_full_page(world, officer, name):
    line = line_of(world)
    url = line_url(line) if name == "report-line" else reverse(name, kwargs={"code": "2024-q2", "agency": "b"})
    page, part = officer.get(url), officer.get(url, headers={"HX-Request": "true", "HX-Target": f"mo-{line.pk}"})
    fragment = without_tokens(part.content.decode()).strip()
    assert fragment and "<html" not in fragment and fragment in without_tokens(page.content.decode())


def test_saving_in_place_answers_the_row_the_head_and_what_waits_next(world, officer):
    line = line_of(world)
    waiting = ReportLine.objects.get(report=line.report, task=world.tasks[0])
    headers = {"HX-Request": "true", "HX-Target": f"mo-{line.pk}"}
    answer = officer.post(line_url(line), typed(line, tiep="1"), headers=headers)
    page = answer.content.decode()
    assert answer["HX-Retarget"] == f"#viec-{line.pk}" and f'id="dau-{line.report_id}"' in page
    assert "1/2 nhiệm vụ" in page and f'"next": "viec-{waiting.pk}"' in answer["HX-Trigger-After-Settle"]
    refused = officer.post(line_url(line), typed(stored(line), status=""), headers=headers)
    assert refused.status_code == 422 and "Chọn tình trạng" in refused.content.decode()


def test_a_target_of_the_task_puts_its_figure_beside_the_line(world, officer):
    line = line_of(world)
    page = officer.get(line_url(line)).content.decode()
    assert 'name="v_PB08"' not in page
    figure_row = world.report("b").figures.get(indicator__code="PB08")
    set_target(
        plan=world.plan, task=line.task, indicator=figure_row.indicator, year=None, value=10,
        by=world.people["secretary"], now=world.now, reason="Theo kế hoạch đã ký kết",
    )  # fmt: skip
    page = officer.get(line_url(line)).content.decode()
    assert 'name="v_PB08"' in page and 'name="v_PB09"' not in page
    # Sent by itself, it leaves the other figures as they are.
    officer.post(figures_url("b"), {"version": 1, "v_PB09": "20"})
    officer.post(figures_url("b"), {"version": 2, "v_PB08": "12"})
    assert (figure(world, "PB08"), figure(world, "PB09")) == (12, 20)


def test_what_the_year_adds_up_to_stands_beside_the_figure(world, officer, after_a_quarter):
    """Kỳ này cộng các kỳ đã tiếp nhận trong năm; a stock adds up to nothing."""
    place = {"code": "2024-q3", "agency": "b"}
    page = officer.get(reverse("report-figures", kwargs=place)).content.decode()
    assert '<span id="luy-ke-PB10">12</span>' in page and '<span id="luy-ke-PB08">—</span>' in page
    check = reverse("report-figures-check", kwargs=place)
    told = officer.post(check, {"version": 1, "v_PB10": "5"}).content.decode()
    assert '<div id="luy-ke-PB10" hx-swap-oob="innerHTML">17</div>' in told


# --- a report that is not the agency's to type into now


@pytest.mark.parametrize(
    ("accepted", "said", "not_said"),
    [(False, "Cán bộ đầu mối rút lại được", "được tiếp nhận ngày"), (True, "đề nghị Thư ký trả lại", "rút lại được")],
)
def test_the_form_of_a_report_handed_in_is_only_read_and_says_what_helps(world, officer, accepted, said, not_said):
    by = world.people["officer_b"]
    report = submit_report(report=fill_in(world, "b", by), by=by, now=world.now)
    if accepted:
        accept_report(report=report, by=world.people["secretary"], now=world.now)
    line = line_of(world)
    page = officer.get(line_url(line)).content.decode()
    part = page[page.index('class="line-part') :]
    assert said in part and not_said not in part
    form = part[part.index('class="card stack line-form"') : part.index("</form>")]
    assert "data-autosave" not in form and "tự lưu" not in form and 'type="file"' not in form
    assert 'type="submit"' not in form
    boxes = re.findall(r'<(?:textarea|input type="(?:text|radio)")[^>]*>', form)
    assert len(boxes) > 6 and all(" readonly" in box or " disabled" in box for box in boxes)
    # What was typed before it was handed in from another window stays to be copied, and the refusal says what helps.
    late = officer.post(line_url(line), typed(line, result="Câu gõ muộn"))
    refusal = late.content.decode()
    assert late.status_code == 409 and "Câu gõ muộn" in refusal
    assert ("hãy rút lại báo cáo" in refusal) is not accepted
