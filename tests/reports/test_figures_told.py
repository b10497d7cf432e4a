"""The figures while they are typed, when they are saved, and after the report has left the agency."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies import clock
from agencies.errors import Incomplete
from campaigns.activities import record_activity, withdraw_activity
from campaigns.models import Activity
from reports import workflow
from reports.entry import save_figures
from reports.models import ProgressReport, ReportFigure, ReportLine
from reports.opening import open_period
from reports.rules import check
from reports.sheet import load_sheet
from tests.world import fill_in

pytestmark = pytest.mark.django_db
PLACE = {"code": "2024-q2", "agency": "b"}
FIGURES, CHECK = reverse("report-figures", kwargs=PLACE), reverse("report-figures-check", kwargs=PLACE)
DETAIL = reverse("report-detail", kwargs=PLACE)


@pytest.fixture
def officer(world, sign_in):
    return sign_in(world.people["officer_b"])


def said(answer, code) -> str:
    """What the fragments say beside one figure."""
    page = answer.content.decode()
    found = re.search(rf'<div id="loi-{code}" hx-swap-oob="innerHTML">(.*?)</div>\n', page, re.DOTALL)
    return found[1]


def tell(world, when=None, code="b", **figures):
    return record_activity(
        agency=world.agencies[code], by=world.people[f"officer_{code}"], now=when or world.now, title="Nói chuyện",
        held_on=world.today, figures={name: Decimal(value) for name, value in figures.items()},
    )  # fmt: skip


def figure_of(world, code, agency="b") -> ReportFigure:
    return world.report(agency).figures.get(indicator__code=code)


def test_a_wrong_sum_is_told_while_typing_and_nothing_is_written(world, officer):
    before = ReportFigure.objects.filter(report=world.report("b")).order_by("pk").values_list("pk", "value")
    before = list(before)
    typed = {"v_PB10": "12", "v_PB10a": "10", "v_PB10b": "1", "v_PB10c": "0"}
    answer = officer.post(CHECK, typed)
    assert answer.status_code == 200
    assert "hơn 1 so với tổng" in said(answer, "PB10") and f"{reverse('rules')}#V11" in said(answer, "PB10")
    assert "V11" not in said(officer.post(CHECK, typed | {"v_PB10c": "1"}), "PB10")
    now = list(ReportFigure.objects.filter(report=world.report("b")).order_by("pk").values_list("pk", "value"))
    assert now == before and world.report("b").version == 1


def test_an_empty_box_is_counted_not_shouted_about(world, officer):
    answer = officer.post(CHECK, {"v_PB08": "3"})
    assert "V08" not in said(answer, "PB09")
    assert re.search(r"<b>\d+</b> ô chưa có số liệu", answer.content.decode())


@pytest.mark.parametrize(("text", "words"), [("12 người", "không ghi chữ"), ("-1", "không được âm"), ("5%", "V29")])
def test_what_is_no_number_is_told_beside_it(world, officer, text, words):
    assert words in said(officer.post(CHECK, {"v_PB08": text}), "PB08")


def test_a_dotted_number_is_asked_about_while_typing_and_on_saving(world, officer):
    typed = {"version": 1, "v_PB08": "1.234", "v_PB08a": "2000"}
    told = said(officer.post(CHECK, typed), "PB08")
    assert "Hiểu là 1.234 (một nghìn hai trăm ba mươi bốn)?" in told and 'name="v_PB08-dung"' in told
    assert "V12" in said(officer.post(CHECK, typed), "PB08a")  # the rules read it as 1234 meanwhile
    refused = officer.post(FIGURES, typed | {"n_PB08": "Lời giải trình chưa lưu"})
    page = refused.content.decode()
    assert refused.status_code == 422 and "một nghìn hai trăm ba mươi bốn" in page
    assert 'value="1.234"' in page and 'value="2000"' in page and "Lời giải trình chưa lưu" in page
    assert figure_of(world, "PB08").value is None
    typed |= {"v_PB08a": "2", "v_PB08-dung": "1.234"}
    assert "checked" in said(officer.post(CHECK, typed), "PB08")
    assert officer.post(FIGURES, typed).status_code == 302
    assert figure_of(world, "PB08").value == 1234


def test_one_box_confirms_all_dotted_numbers(world, officer):
    typed = {"version": 1, "v_PB08": "1.234", "v_PB09": "2.345"}
    page = officer.post(FIGURES, typed).content.decode()
    value = re.search(r'name="so-dung" value="([^"]+)"', page)[1]
    assert officer.post(FIGURES, typed | {"so-dung": value}).status_code == 302
    assert (figure_of(world, "PB08").value, figure_of(world, "PB09").value) == (1234, 2345)


def test_the_portals_own_dots_are_saved_without_a_question(world, officer):
    tell(world, PB01=2, PB02=1250)
    assert officer.post(FIGURES, {"version": 1, "v_PB01": "2", "v_PB02": "1.250"}).status_code == 302
    assert not figure_of(world, "PB02").corrected


def grown(world):
    """Quý I and Quý II before, accepted, and Quý III open: the agency's figures have a past."""
    officer, secretary = world.people["officer_b"], world.people["secretary"]
    report = workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    workflow.accept_report(report=report, by=secretary, now=world.now)
    day = date(2024, 7, 1)
    open_period(council=world.council, code="2024-q3", by=None, now=clock.at(day))
    return ProgressReport.objects.select_related("agency", "period__council").get(
        period__code="2024-q3", agency=world.agencies["b"]
    )


def test_a_jump_asks_for_a_note_and_the_note_answers_it(world, sign_in):
    report = grown(world)
    officer, place = sign_in(world.people["officer_b"]), {"code": "2024-q3", "agency": "b"}
    url, live = (reverse(name, kwargs=place) for name in ("report-figures", "report-figures-check"))
    typed = {"version": 1, "v_PB10": "120", "v_PB10a": "120", "v_PB10b": "0", "v_PB10c": "0", "v_PB08": "3"}
    typed |= {"r_PB10": "Theo quyết toán", "r_PB10a": "Theo quyết toán"}
    answer = officer.post(live, typed)
    assert "hơn 3 lần kỳ trước (12)" in said(answer, "PB10") and "asks-note" in said(answer, "PB10")
    assert "Giảm từ 10 còn 3" in said(answer, "PB08")
    officer.post(url, typed)
    page = officer.get(reverse("report-detail", kwargs=place)).content.decode()
    assert "Nên xem lại" in page and "Đã giải trình" not in page
    noted = typed | {"version": 2, "n_PB10": "Được cấp kinh phí hội thi", "n_PB08": "Nghỉ hưu bảy người"}
    assert "Đã giải trình" in said(officer.post(live, noted), "PB10")
    assert officer.post(url, noted).status_code == 302
    assert report.figures.get(indicator__code="PB10").note == "Được cấp kinh phí hội thi"
    secretary = sign_in(world.people["secretary"]).get(reverse("report-detail", kwargs=place)).content.decode()
    assert "Đã giải trình" in secretary and "<b>Giải trình:</b> Nghỉ hưu bảy người" in secretary
    # A form that knows nothing of notes does not wipe them.
    officer.post(url, typed | {"version": 3})
    assert report.figures.get(indicator__code="PB10").note == "Được cấp kinh phí hội thi"


def test_the_mean_of_the_agencys_own_periods_counts(world):
    report = grown(world)
    row = load_sheet(report).row("PB10")
    assert (row.previous, row.mean, row.periods) == (12, 12, 1)


def test_a_note_too_long_for_the_column_is_refused_in_words(world):
    arguments = {"report": world.report("b"), "by": world.people["officer_b"], "now": world.now, "version": 1}
    with pytest.raises(Incomplete, match="300"):
        save_figures(**arguments, values={"PB08": (Decimal(1), "")}, notes={"PB08": "x" * 301})
    assert figure_of(world, "PB08").value is None


def hand_in(world, **correction):
    officer = world.people["officer_b"]
    tell(world, PB01=12, PB02=600)
    report = fill_in(world, "b", officer)
    values = {"PB01": (Decimal(14), "Thiếu hai cuộc ở xã")}
    save_figures(report=report, by=officer, now=world.now, version=report.version, values=values)
    return workflow.submit_report(report=world.report("b"), by=officer, now=world.now)


def test_a_hand_correction_keeps_both_numbers_whatever_comes_later(world, sign_in):
    hand_in(world)
    figure = figure_of(world, "PB01")
    assert (figure.value, figure.computed, figure.corrected) == (14, 12, True)
    untouched = figure_of(world, "PB02")
    assert (untouched.value, untouched.computed, untouched.corrected) == (600, 600, False)
    tell(world, when=world.now + timedelta(hours=1), PB01=3, PB02=90)
    for who in ("officer_b", "secretary"):
        page = re.sub(r"<[^>]+>", "", sign_in(world.people[who]).get(DETAIL).content.decode())
        assert "Từ hoạt động: 12 · Sửa tay: 14 · Lý do: Thiếu hai cuộc ở xã" in page
        assert "nay cộng được 15 (khi nộp: 12)" in page and "nay cộng được 690 (khi nộp: 600)" in page
    assert figure_of(world, "PB01").value == 14 and figure_of(world, "PB02").value == 600


def test_a_report_that_comes_back_follows_its_activities_again(world):
    report = hand_in(world)
    tell(world, when=world.now + timedelta(hours=1), PB02=90)
    workflow.withdraw_report(report=report, by=world.people["officer_b"], now=world.now + timedelta(hours=2))
    row = load_sheet(world.report("b")).row("PB02")
    assert (row.value, row.computed, row.has_moved) == (690, 690, False)
    workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=world.now + timedelta(hours=3))
    assert (figure_of(world, "PB02").value, figure_of(world, "PB02").computed) == (690, 690)


def rules_of(report, today):
    return {finding.rule for finding in check(load_sheet(report), today) if not finding.is_error}


def test_activities_recorded_after_hand_in_are_pointed_out(world):
    hand_in(world)
    assert "V07" not in rules_of(world.report("b"), world.today)
    late = tell(world, when=world.now + timedelta(hours=1), PB01=1)
    assert "V07" in rules_of(world.report("b"), world.today)
    withdraw_activity(activity=late, by=world.people["officer_b"], now=world.now, reason="Ghi hai lần một cuộc")
    assert "V07" not in rules_of(world.report("b"), world.today)


def test_activities_of_a_past_period_that_no_report_counts_are_pointed_out(world):
    report = grown(world)
    assert "V07" not in rules_of(report, date(2024, 7, 1))
    tell(world, when=clock.at(date(2024, 7, 1)), PB01=1)  # held in Quý II, recorded in July
    findings = [finding for finding in check(load_sheet(report), date(2024, 7, 1)) if finding.rule == "V07"]
    assert "Quý II/2024" in findings[0].message and not findings[0].is_error


def test_an_activity_counted_elsewhere_is_pointed_out(world):
    leads = tell(world, code="a", PB01=1)
    Activity.objects.filter(pk=leads.pk).update(same_as=None)
    mine = tell(world, PB01=1)
    Activity.objects.filter(pk=mine.pk).update(same_as=leads.pk, same_as_at=world.now)
    assert "V26" in rules_of(world.report("b"), world.today)
    assert "V26" not in rules_of(world.report("a"), world.today)


# --- a task's line ----------------------------------------------------------------------------------------------------


@pytest.fixture
def line(world) -> ReportLine:
    return ReportLine.objects.get(report=world.report("a"), task=world.tasks[3])  # due 15/5, overdue on 10/6


def check_line(world, sign_in, line, **typed):
    url = reverse("report-line-check", kwargs={"code": "2024-q2", "agency": "a", "pk": line.pk})
    return sign_in(world.people["officer_a"]).post(url, {"version": line.version} | typed)


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"status": "in_progress", "percent": "40"}, "difficulty", "Quá hạn 15/05/2024"),
        ({"status": "in_progress", "percent": "40", "difficulty": "Bận"}, "new_expected_on", "Quá hạn 15/05/2024"),
        ({"status": "in_progress", "percent": "0"}, "percent", "lớn hơn 0 và nhỏ hơn 100"),
        ({"status": "in_progress", "percent": "150%"}, "percent", "Tỷ lệ phải từ 0 đến 100"),
        ({"status": "in_progress", "percent": "101"}, "percent", "Tỷ lệ phải từ 0 đến 100"),
        ({"status": "done"}, "result", "cần ghi kết quả"),
        ({"status": "done", "result": "Xong"}, "no_evidence_reason", "Cần minh chứng"),
        ({"status": "done", "completed_on": "01/03/2024"}, "completed_on", "nằm ngoài kỳ báo cáo"),
        ({"status": "done", "completed_on": "30/12/2024"}, "completed_on", "không được sau hôm nay"),
        ({"status": "on_hold"}, "difficulty", "từ 10 ký tự"),
    ],
)
def test_the_rules_of_a_line_speak_beside_its_fields(world, sign_in, line, typed, field, words):
    answer = check_line(world, sign_in, line, **typed)
    assert answer.status_code == 200 and words in said(answer, field)
    line.refresh_from_db()
    assert line.edited_at is None


def test_a_chosen_file_counts_before_it_is_sent(world, sign_in, line):
    typed = {"status": "done", "result": "Xong"}
    assert "Cần minh chứng" not in said(
        check_line(world, sign_in, line, **typed, **{"so-tep": "1"}), "no_evidence_reason"
    )
    assert "Cần minh chứng" in said(check_line(world, sign_in, line, **typed, **{"so-tep": "x"}), "no_evidence_reason")


def test_nothing_is_said_of_a_line_that_nobody_has_begun(world, sign_in, line):
    page = check_line(world, sign_in, line).content.decode()
    assert "told-warning" not in page and "Quá hạn" not in page


def test_the_page_of_rules_has_an_anchor_for_each(world, sign_in):
    from reports.rules.register import REGISTER

    page = sign_in(world.people["approver_a"]).get(reverse("rules")).content.decode()
    assert [rule.id for rule in REGISTER if f'<tr id="{rule.id}">' not in page] == []
    assert "Số báo cáo viên pháp luật" in page
