"""The review page: what stands first, comments at their places, returning with them, accepting one after another."""

from decimal import Decimal

import pytest
from django.urls import reverse

from agencies import comments
from agencies.models import Comment, Notice
from campaigns.models import Indicator, Task
from reports import workflow
from reports.entry import save_line
from reports.models import ProgressReport, ReportFigure
from reports.workflow import accept_report, return_report, submit_report
from tests.quarters import accept, opened
from tests.world import fill_in

pytestmark = pytest.mark.django_db
B = {"code": "2024-q2", "agency": "b"}
PAGE, TALK = reverse("report-detail", kwargs=B), reverse("report-talk", kwargs=B)


def submitted(world, code: str, **values) -> ProgressReport:
    officer = world.people[f"officer_{code}"]
    report = submit_report(report=fill_in(world, code, officer, **values), by=officer, now=world.now)
    return report


def page_of(client, url=PAGE) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def first_section(page: str) -> str:
    return page[page.index('id="xem-ky"') : page.index('id="nhiem-vu"')]


@pytest.fixture
def earlier(world):
    """Agency B's accepted report of the quarter before: 10 talks' money, its led task at 80 %."""
    period = opened(world, "2024-q1")
    accept(period, "b", PB08=10, PB09=4)
    line = ProgressReport.objects.get(period=period, agency__code="b").lines.get(role="lead")
    line.status, line.percent, line.result = "in_progress", 80, "Đã tổ chức 02 cuộc tuyên truyền."
    line.edited_at, line.edited_by = world.now, world.people["officer_b"]
    line.save()
    return period


def test_the_review_opens_on_what_changed(world, sign_in, earlier):
    report = submitted(world, "b", PB08=40, PB08a=4)
    line = report.lines.get(role="lead")
    section = first_section(page_of(sign_in(world.people["secretary"])))
    assert f'href="#dong-{line.pk}"' in section and "kỳ trước 80%, kỳ này 50%" in section
    assert 'href="#so-lieu-PB08"' in section and "kỳ trước 10, kỳ này 40 (gấp 4 lần)" in section
    assert "<b>Tăng vọt:</b>" in section  # a word, never the colour alone
    assert section.index(f"#dong-{line.pk}") < section.index("#so-lieu-PB08")


def test_an_ordinary_report_says_so_and_a_first_one_has_nothing_beside_it(world, sign_in):
    submitted(world, "b")
    section = first_section(page_of(sign_in(world.people["secretary"])))
    assert "Không thấy gì khác thường" in section and "chưa có gì để so sánh" in section


def test_a_figure_stands_beside_last_period_last_year_and_the_usual(world, sign_in):
    for code, value in (("2023-q2", 8), ("2023-q3", 10), ("2023-q4", 12), ("2024-q1", 10)):
        period = opened(world, code)
        # Before the plan was signed nobody had tasks to report on; figures they had.
        report, _new = ProgressReport.objects.get_or_create(period=period, agency=world.agencies["b"])
        ReportFigure.objects.get_or_create(report=report, indicator=Indicator.objects.get(code="PB08"))
        accept(period, "b", PB08=value)
    report = submitted(world, "b", PB08=42, PB08a=4)
    page = page_of(sign_in(world.people["secretary"]))
    row = page[page.index('id="so-lieu-PB08"') :]
    row = row[: row.index("</tr>")]
    assert "<b>42</b>" in row and "+320%" in row and "Quý II/2023:</b> 8" in row
    assert "cao bất thường (gấp 4,2 lần trung vị 4 kỳ)" in row
    assert report.figures.get(indicator__code="PB08").value == Decimal(42)
    assert "chỉ tiêu bằng 0 ở kỳ này và các kỳ trước" in page


def test_lines_with_nothing_new_are_folded_for_the_reader_and_open_for_the_officer(world, sign_in):
    fill_in(world, "b", world.people["officer_b"])
    report = world.report("b")
    supporting = report.lines.get(role="supporting")
    type(supporting).objects.filter(pk=supporting.pk).update(edited_at=None, edited_by=None, result="")
    folded = 'class="findings quiet"><summary>1 nhiệm vụ không có gì mới'
    assert folded in page_of(sign_in(world.people["secretary"]))
    assert folded not in page_of(sign_in(world.people["officer_b"]))


def test_words_changed_are_marked(world, sign_in, earlier):
    report = submitted(world, "b")
    line = report.lines.get(role="lead")
    type(line).objects.filter(pk=line.pk).update(result="Đã tổ chức 03 cuộc tuyên truyền.")
    page = page_of(sign_in(world.people["secretary"]))
    assert "<ins>03 </ins>" in page and "<del>02 </del>" in page


# --- comments -------------------------------------------------------------------------------------------------------


def test_a_comment_is_written_on_a_page_without_script_and_read_at_its_line(world, sign_in):
    report = submitted(world, "b")
    line = report.lines.get(role="lead")
    secretary, officer = sign_in(world.people["secretary"]), sign_in(world.people["officer_b"])
    url = f"{TALK}?cho=dong-{line.pk}"
    assert f'href="{url}"' in page_of(secretary)
    assert 'name="noi-dung"' in page_of(secretary, url) and line.task.title in page_of(secretary, url)
    sent = secretary.post(url, {"noi-dung": "Chưa có số <b>nữ</b>, xem /nhiem-vu/"})
    (row,) = Comment.objects.all()
    assert sent.status_code == 302 and sent.url == f"{PAGE}#y-kien-so-{row.pk}" and row.anchor == f"dong-{line.pk}"
    return_report(report=report, by=world.people["secretary"], now=world.now, reason="Bổ sung số liệu nữ")
    for place in (PAGE, reverse("report-line", kwargs=B | {"pk": line.pk})):
        page = page_of(officer, place)
        assert "Chưa có số &lt;b&gt;nữ&lt;/b&gt;" in page and '<a href="/nhiem-vu/">/nhiem-vu/</a>' in page
    settled = officer.post(reverse("comment-move", kwargs={"pk": row.pk, "verb": "xong"}))
    assert settled.status_code == 302
    assert f'Đã sửa</span> <span class="muted">{world.people["officer_b"]}' in page_of(secretary)


def test_in_place_only_the_talk_comes_back(world, sign_in):
    submitted(world, "b")
    secretary = sign_in(world.people["secretary"])
    htmx = {"HTTP_HX_REQUEST": "true"}
    url = f"{TALK}?cho=so-lieu-PB08"
    opened_box = secretary.get(url, **htmx).content.decode()
    assert opened_box.lstrip().startswith('<div class="talk"') and "@officer_b" in opened_box
    assert "@officer_a" not in opened_box  # does not see this report
    closed = secretary.get(f"{url}&dong=1", **htmx).content.decode()
    assert "<form" not in closed
    said = secretary.post(url, {"noi-dung": "Thừa chữ số?"}, **htmx)
    assert "Thừa chữ số?" in said.content.decode() and "<html" not in said.content.decode()
    figures = page_of(sign_in(world.people["officer_b"]), reverse("report-figures", kwargs=B))
    assert "Ý kiến về số liệu" in figures and "Thừa chữ số?" in figures


def test_a_refused_comment_stays_in_the_box(world, sign_in):
    submitted(world, "b")
    answer = sign_in(world.people["secretary"]).post(f"{TALK}?cho=", {"noi-dung": "Nhờ @officer_c xem lại giúp"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Không tìm thấy ai là “@officer_c”" in page
    assert "Nhờ @officer_c xem lại giúp</textarea>" in page and not Notice.objects.filter(kind="mention").exists()


@pytest.mark.parametrize(
    "place", ["dong-0", "dong-x", "dong-", "so-lieu-HG01", "danh-gia-", "danh-gia-x", "khac", "%00"]
)
def test_a_place_that_the_report_does_not_have_is_404(world, sign_in, place):
    assert sign_in(world.people["secretary"]).get(f"{TALK}?cho={place}").status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "²", "9" * 30])
def test_an_answer_to_what_is_not_there_is_404(world, sign_in, number):
    client = sign_in(world.people["secretary"])
    assert client.get(f"{TALK}?cho=&tra-loi={number}").status_code == 404
    assert client.post(f"{TALK}?cho=", {"noi-dung": "Đồng ý", "tra-loi": number}).status_code == 404


def test_what_was_taken_back_is_shown_to_nobody(world, sign_in):
    report = submitted(world, "b")
    secretary = sign_in(world.people["secretary"])
    row = comments.comment(obj=report, by=world.people["secretary"], now=world.now, text="Nhầm báo cáo rồi")
    comments.comment(obj=report, by=world.people["officer_b"], now=world.now, text="Xin xác nhận", parent=row)
    assert secretary.post(reverse("comment-move", kwargs={"pk": row.pk, "verb": "rut"})).status_code == 302
    page = page_of(sign_in(world.people["officer_b"]))
    assert "Nhầm báo cáo rồi" not in page and "Người viết đã rút ý kiến này" in page and "Xin xác nhận" in page


def test_a_task_is_discussed_by_those_who_carry_it(world, sign_in):
    task = world.tasks[0]
    url, talk = reverse("task-detail", kwargs={"pk": task.pk}), reverse("task-talk", kwargs={"pk": task.pk})
    officer_b = sign_in(world.people["officer_b"])
    assert "Chưa có trao đổi nào" in page_of(officer_b, url)
    officer_b.post(talk, {"noi-dung": "@officer_a cho xin lịch"})
    assert "@Người officer_a</b> cho xin lịch" in page_of(sign_in(world.people["officer_a"]), url)
    assert Notice.objects.get(kind="mention").recipient == world.people["officer_a"]


# --- returning and accepting ----------------------------------------------------------------------------------------


def test_returning_begins_with_the_comments_that_wait(world, sign_in):
    report = submitted(world, "b")
    by, line = world.people["secretary"], report.lines.get(role="lead")
    said = [("Thiếu số nữ", f"dong-{line.pk}"), ("Đã xong", ""), ("Xem lại kinh phí", "so-lieu-PB10"), ("Nộp muộn", "")]
    for text, anchor in said:
        row = comments.comment(obj=report, by=by, now=world.now, text=text, anchor=anchor)
        if text == "Đã xong":
            comments.resolve(comment=row, by=by, now=world.now)
    page = page_of(sign_in(by))
    reason = f"1. Nhiệm vụ {line.task.place}: Thiếu số nữ\n2. Số liệu PB10: Xem lại kinh phí\n3. Nộp muộn"
    assert f">{reason}</textarea>" in page
    sign_in(by).post(reverse("report-transition", kwargs=B | {"verb": "tra-lai"}), {"reason": reason})
    desk = page_of(sign_in(world.people["officer_b"]), reverse("my-work"))
    assert "Thiếu số nữ<br>2. Số liệu PB10: Xem lại kinh phí<br>3. Nộp muộn" in desk


def test_accepting_opens_the_next_that_waits_and_then_the_board(world, sign_in):
    for code in ("stp", "a", "b"):
        submitted(world, code)
    workflow.approve_report(report=world.report("a"), by=world.people["approver_a"], now=world.now)
    secretary = sign_in(world.people["secretary"])
    went = []
    for code in ("a", "b", "stp"):
        url = reverse("report-transition", kwargs=B | {"agency": code, "verb": "tiep-nhan"})
        went.append(secretary.post(url).url)
    assert went == ["/bao-cao/2024-q2/b/", "/bao-cao/2024-q2/stp/", "/dieu-phoi/2024-q2/"]
    page = page_of(secretary, went[-1])
    assert "Không còn báo cáo nào chờ tiếp nhận" in page and "Đã tiếp nhận báo cáo của Sở Tư pháp." in page


def test_the_approver_decides_on_the_same_page(world, sign_in):
    fill_in(world, "a", world.people["officer_a"])
    submit_report(report=world.report("a"), by=world.people["officer_a"], now=world.now)
    approver, url = sign_in(world.people["approver_a"]), PAGE.replace("/b/", "/a/")
    page = page_of(approver, url)
    assert 'id="xem-ky"' in page and 'data-verb="duyet"' in page and 'data-verb="khong-duyet"' in page
    assert "<kbd>a</kbd> duyệt và gửi" in page and "<kbd>r</kbd> trả lại cho người lập" in page
    assert approver.post(f"{url}duyet/").status_code == 302
    assert world.report("a").state == ProgressReport.State.SUBMITTED


def test_a_locked_report_takes_no_more_comments(world, sign_in):
    report = submitted(world, "b")
    accept_report(report=report, by=world.people["secretary"], now=world.now)
    reason = "Các cơ quan khác chưa nộp trong kỳ"
    workflow.lock_period(period=world.period, by=world.people["secretary"], now=world.now, reason=reason)
    secretary = sign_in(world.people["secretary"])
    page = page_of(secretary)
    assert "data-talk-open" not in page and "không ghi thêm ý kiến" in page
    assert secretary.post(f"{TALK}?cho=", {"noi-dung": "Muộn rồi"}).status_code == 409


def test_a_done_task_without_a_file_is_pointed_at(world, sign_in):
    report = world.report("b")
    line = report.lines.get(role="lead")
    save_line(
        line=line, by=world.people["officer_b"], now=world.now, version=line.version, status=Task.Status.DONE,
        percent=100, result="Đã tập huấn xong.", no_evidence_reason="Danh sách lưu tại xã",
    )  # fmt: skip
    section = first_section(page_of(sign_in(world.people["secretary"])))
    assert "báo hoàn thành, không có tệp; lý do: Danh sách lưu tại xã" in section
