"""The officer's desk in a real browser: few clicks, and nothing typed is ever lost."""

import random
import re

import pytest
from django.db import OperationalError
from django.urls import reverse
from playwright.sync_api import expect

from agencies.models import Session
from campaigns.targets import set_target
from portal.demo.files import picture
from reports.models import ProgressReport, ReportLine
from reports.views import autosave
from tests.browser import CHROMIUM, FLAGS, sign_in, signed_in
from tests.effort import Effort
from tests.kept_rows import committed_world
from tests.world import fill_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
DESK = "/viec-cua-toi/"
SYLLABLES = (
    "phổ biến giáo dục pháp luật hòa giải ở cơ sở tuyên truyền ma túy học sinh trường trung học phổ thông quận Ninh "
    "Kiều huyện Thới Lai ấp Đông Thạnh đã tổ chức cuộc thu hút lượt người tham dự phối hợp với Sở Tư pháp đoàn thanh "
    "niên kết quả đạt kế hoạch khó khăn kinh phí hạn hẹp đề nghị hỗ trợ “báo cáo viên” 02 lớp 1.250 người; 50%"
).split()
TIMES = 10
DRAFTS = "Object.keys(localStorage).filter(key => !key.startsWith('phien:'))"  # beside when one was last there


def vietnamese(seed: int, words: int = 18) -> str:
    """Words an official might type, the same for the same seed."""
    chosen = random.Random(seed)
    return f"Lần {seed}: " + " ".join(chosen.choice(SYLLABLES) for _ in range(words))


@pytest.fixture
def built(db, settings):
    """The test world in real transactions: the browser reads it through other connections."""
    built = committed_world()
    settings.PORTAL_TODAY = built.today
    return built


@pytest.fixture
def page(browser, live_server, built):
    """The desk of B's officer."""
    page = signed_in(browser, live_server.url, "officer_b")
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(DESK)
    yield page
    assert failures == []


def lead_line(built) -> ReportLine:
    return ReportLine.objects.get(report=built.report("b"), task=built.tasks[1])


def row(page, line):
    return page.locator(f"#viec-{line.pk}")


def open_line(page, line):
    row(page, line).get_by_role("link", name="Cập nhật").or_(row(page, line).get_by_role("link", name="Sửa")).click()
    expect(page.locator(f"#mo-{line.pk} form.line-form")).to_be_visible()


def result_box(page):
    return page.get_by_role("textbox", name="Kết quả thực hiện")


def said(page):
    """What the form says of its saving; "Đã lưu" beside newer words is marked as behind them."""
    return page.locator("form.line-form [data-saved]:not([data-behind])")


def test_updating_a_task_takes_three_clicks_beside_the_typing(page, built):
    line = lead_line(built)
    indicator = built.report("b").figures.get(indicator__code="PB08").indicator
    set_target(
        plan=built.plan, task=line.task, indicator=indicator, year=None, value=10, by=None, now=built.now,
        reason="Theo kế hoạch đã ký kết",
    )  # fmt: skip
    effort = Effort(page, "Cập nhật một nhiệm vụ (tình trạng, tỷ lệ, một số liệu)")
    effort.click(row(page, line).get_by_role("link", name="Cập nhật"))
    expect(page.locator("input[name=status]:checked")).to_be_focused()
    effort.click(page.get_by_label("Đang thực hiện"))
    effort.key("Tab")
    effort.type("60")
    effort.click(page.locator("input[name=v_PB08]"))
    effort.type("12")
    expect(page.locator(".figures-form [data-saved]:not([data-behind])")).to_contain_text("Đã lưu")
    expect(said(page)).to_contain_text("Đã lưu")
    effort.done(most=3)
    line.refresh_from_db()
    assert (line.status, line.percent) == ("in_progress", 60)
    assert built.report("b").figures.get(indicator__code="PB08").value == 12


def test_a_complete_report_is_handed_in_from_the_home_page(page, built):
    fill_in(built, "b", built.people["officer_b"])
    page.goto("/")
    effort = Effort(page, "Nộp báo cáo đã đủ, từ trang chủ")
    effort.click(page.get_by_role("button", name="Nộp báo cáo"))
    expect(page.locator("#notices")).to_contain_text("Đã nộp báo cáo")
    effort.done(most=3)
    assert built.report("b").state == ProgressReport.State.SUBMITTED


@pytest.mark.parametrize("width", [1280, 360])
def test_what_became_of_the_typing_is_in_sight_while_typing(browser, live_server, built, width):
    page = signed_in(browser, live_server.url, "officer_b", width=width)
    page.goto(DESK)
    line = lead_line(built)
    open_line(page, line)
    expect(row(page, line).locator(".work-side .num")).to_be_hidden()
    box = result_box(page)
    box.fill("Đã tập huấn")
    box.evaluate("box => box.scrollIntoView({block: 'start'})")
    expect(said(page)).to_contain_text("Đã lưu")
    expect(said(page)).to_be_in_viewport(ratio=1)
    on_top = "said => { const at = said.getBoundingClientRect(); return said.contains(document.elementFromPoint(at.left + 5, at.top + 9)); }"
    assert said(page).evaluate(on_top)


def test_by_the_keyboard_from_one_task_to_the_next(page, built):
    line = lead_line(built)
    waiting = ReportLine.objects.get(report=line.report, task=built.tasks[0])
    row(page, line).get_by_role("link", name="Cập nhật").press("Enter")
    expect(page.locator("input[name=status]:checked")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Tỷ lệ hoàn thành")).to_have_value("100")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("Tỷ lệ hoàn thành")).to_have_value("0")
    page.keyboard.press("Tab")
    page.keyboard.type("70")
    result_box(page).focus()
    page.keyboard.type("Đã tập huấn 02 lớp")
    page.keyboard.press("Control+Enter")
    # The next task that waits opens in place, its first field in focus; the first one says what it says now.
    expect(page.locator(f"#mo-{waiting.pk} form.line-form")).to_be_visible()
    expect(page.get_by_label("Kết quả phối hợp")).to_be_focused()
    expect(row(page, line)).to_contain_text("70%")
    expect(page.locator(f"#dau-{line.report_id}")).to_contain_text("1/2 nhiệm vụ")
    line.refresh_from_db()
    assert (line.percent, line.result) == (70, "Đã tập huấn 02 lớp")
    page.keyboard.press("Escape")
    expect(page.locator(".work-open form")).to_have_count(0)


def test_the_rules_answer_without_taking_the_keys(page, built):
    open_line(page, lead_line(built))
    page.evaluate("document.addEventListener('htmx:afterOnLoad', () => { document.body.dataset.told = 'yes'; })")
    result_box(page).focus()
    page.keyboard.type("Đã tập huấn")
    page.locator("body[data-told]").wait_for()
    page.keyboard.type(" 02 lớp")
    expect(result_box(page)).to_be_focused()
    expect(result_box(page)).to_have_value("Đã tập huấn 02 lớp")


def test_the_missing_list_leads_to_the_field_in_place(page, built):
    line = lead_line(built)
    page.locator(".missing > summary").click()
    page.get_by_role("link", name=re.compile("tập huấn hòa giải viên.*chưa cập nhật")).click()
    expect(page.locator(f"#mo-{line.pk} form.line-form")).to_be_visible()
    page.get_by_label("Hoàn thành", exact=True).check()
    result_box(page).fill("Đã xong")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator(".work-open form")).to_have_count(0)
    expect(row(page, line)).to_contain_text("Cần minh chứng")
    page.locator(".missing > summary").click()
    page.get_by_role("link", name=re.compile("cần minh chứng")).click()
    expect(page.get_by_label("Lý do không có minh chứng")).to_be_focused()


def test_files_in_place_and_back(page, built):
    line = lead_line(built)
    open_line(page, line)
    page.locator("input[name=tep]").set_input_files(
        {"name": "anh.png", "mimeType": "image/png", "buffer": picture("a")}
    )
    files = page.locator("#minh-chung")
    expect(files).to_contain_text("anh.png")
    files.get_by_role("button", name="Gỡ").click()
    expect(files).to_contain_text("Chưa có tệp nào")
    files.get_by_role("button", name="Hoàn tác").click()
    expect(files.get_by_role("link", name="anh.png")).to_be_visible()


def test_a_phone_is_as_easy(browser, live_server, built):
    page = signed_in(browser, live_server.url, "officer_b", width=360)
    page.goto(DESK)
    line = lead_line(built)
    open_line(page, line)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_label("Đang thực hiện").check()
    result_box(page).fill("Đã tập huấn")
    expect(said(page)).to_contain_text("Đã lưu")


def test_without_script_the_desk_leads_to_the_page(browser, live_server, built):
    line = lead_line(built)
    page = signed_in(browser, live_server.url, "officer_b", java_script_enabled=False)
    page.goto(DESK)
    row(page, line).get_by_role("link", name="Cập nhật").click()
    expect(page.locator("h1")).to_contain_text("tập huấn hòa giải viên")
    page.get_by_label("Đang thực hiện").check()
    page.get_by_label("Tỷ lệ hoàn thành").fill("30")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("Đã lưu")
    line.refresh_from_db()
    assert line.percent == 30


# --- two people on one line


def colleague_saves(built, line, **values):
    from reports.entry import save_line

    line.refresh_from_db()
    given = {"status": line.status, "percent": line.percent, "result": line.result, "difficulty": line.difficulty}
    save_line(line=line, by=built.people["viewer_a_officer_b"], now=built.now, version=line.version, **(given | values))


def test_two_people_at_different_fields_are_put_together(page, built):
    line = lead_line(built)
    open_line(page, line)
    colleague_saves(built, line, difficulty="Khó khăn của đồng nghiệp")
    result_box(page).press_sequentially("Kết quả của tôi", delay=5)
    expect(said(page)).to_contain_text("gộp với phần người khác vừa ghi")
    expect(page.get_by_label("Khó khăn, vướng mắc")).to_have_value("Khó khăn của đồng nghiệp")
    line.refresh_from_db()
    assert (line.result, line.difficulty) == ("Kết quả của tôi", "Khó khăn của đồng nghiệp")


@pytest.mark.parametrize(
    ("choice", "kept"),
    [
        ("Giữ lời của tôi", "Lời của tôi"),
        ("Lấy lời của Người viewer_a_officer_b", "Lời của đồng nghiệp"),
        ("Giữ cả hai", "Lời của đồng nghiệp\nLời của tôi"),
    ],
)
def test_two_people_at_one_field_both_are_shown(page, built, choice, kept):
    line = lead_line(built)
    open_line(page, line)
    colleague_saves(built, line, result="Lời của đồng nghiệp")
    result_box(page).press_sequentially("Lời của tôi", delay=5)
    clash = page.locator(".clash")
    expect(clash).to_contain_text("Lời của đồng nghiệp")
    expect(result_box(page)).to_have_value("Lời của tôi")
    clash.get_by_role("button", name=choice).click()
    expect(clash).to_have_count(0)
    expect(result_box(page)).to_have_value(kept)
    if choice != "Lấy lời của Người viewer_a_officer_b":
        expect(said(page)).to_contain_text("Đã lưu")
    line.refresh_from_db()
    assert line.result.replace("\r\n", "\n") == kept


# --- nothing typed is lost


def lost(texts: list[str], found: list[str]) -> int:
    """Letters that did not come back."""
    return sum(len(text) for text, back in zip(texts, found, strict=True) if text != back)


def tell(what: str, texts: list[str], found: list[str]) -> None:
    print(f"\nTYPED {what}: {len(texts)} times, {sum(map(len, texts))} letters, {lost(texts, found)} lost")
    assert found == texts


def test_the_browser_closed_in_the_middle_of_typing(browser, live_server, built, tmp_path, monkeypatch):
    """Ten times: typed while nothing can be saved, the browser closed at once, opened again the next day."""
    line, texts, found = lead_line(built), [], []
    save, down = autosave.save_line_together, False

    def unless_down(**given):
        if down:
            raise OperationalError("the server has no database")
        return save(**given)

    # On the server, since a request sent on leaving goes past what the browser is told to hold back.
    monkeypatch.setattr(autosave, "save_line_together", unless_down)
    url = live_server.url + DESK
    for seed in range(TIMES):
        texts.append(vietnamese(seed))
        for closing in (True, False):
            context = browser.browser_type.launch_persistent_context(
                str(tmp_path / "profile"), executable_path=CHROMIUM, args=FLAGS, locale="vi-VN"
            )
            context.set_default_timeout(90_000)
            page = context.pages[0]
            page.goto(url)
            if "/dang-nhap/" in page.url:  # the session's cookie went with the browser
                sign_in(page, "officer_b")
                page.goto(url)
            down = closing
            open_line(page, line)
            if closing:
                result_box(page).fill("")
                page.keyboard.insert_text(texts[-1][:-3])
                page.keyboard.type(texts[-1][-3:])
            else:
                expect(result_box(page)).to_have_value(texts[-1])
                expect(page.locator(".keep-bar")).to_contain_text("Khôi phục nội dung chưa lưu lúc")
                page.locator(".keep-bar").get_by_role("button", name="Giữ").click()
                expect(said(page)).to_contain_text("Đã lưu")
                found.append(ReportLine.objects.get(pk=line.pk).result)
            context.close()
    tell("browser closed", texts, found)


def test_the_session_ended_while_typing(page, built):
    line, texts, found = lead_line(built), [], []
    open_line(page, line)
    for seed in range(TIMES):
        texts.append(vietnamese(seed))
        Session.objects.all().delete()
        result_box(page).fill("")
        page.keyboard.insert_text(texts[-1])
        expect(said(page)).to_contain_text("Phiên làm việc đã hết, chưa lưu")
        with page.context.expect_page() as other:
            said(page).get_by_role("link", name="Đăng nhập lại").click()
        sign_in(other.value, "officer_b")
        expect(other.value.locator("h1")).not_to_have_text("Đăng nhập")
        other.value.close()
        page.bring_to_front()
        page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(said(page)).to_contain_text("Đã lưu")
        found.append(ReportLine.objects.get(pk=line.pk).result)
    tell("session ended", texts, found)


@pytest.mark.parametrize("how", ["aborted", "502", "half of the way"])
def test_the_server_went_away_while_typing(page, built, how):
    """Refused connections, a proxy's 502, and a save that arrived whose answer did not."""
    line, texts, found, down = lead_line(built), [], [], [False]

    def answer(route):
        if not down[0]:
            route.continue_()
        elif how == "502":
            route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")
        else:
            if how == "half of the way":
                route.fetch()
            route.abort("connectionreset")

    page.route("**/tu-luu/", answer)
    open_line(page, line)
    for seed in range(TIMES):
        texts.append(vietnamese(seed))
        down[0] = True
        result_box(page).fill("")
        page.keyboard.insert_text(texts[-1][:20])
        expect(said(page)).to_contain_text("chưa lưu; Cổng tự lưu khi có mạng lại")
        page.keyboard.insert_text(texts[-1][20:])
        down[0] = False
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(said(page)).to_contain_text("Đã lưu")
        found.append(ReportLine.objects.get(pk=line.pk).result)
    tell(f"server gone ({how})", texts, found)


def test_the_network_went_away_while_typing(page, built):
    line, texts, found = lead_line(built), [], []
    open_line(page, line)
    for seed in range(TIMES):
        texts.append(vietnamese(seed))
        page.context.set_offline(True)
        result_box(page).fill("")
        page.keyboard.insert_text(texts[-1])
        expect(said(page)).to_contain_text("Mất mạng, chưa lưu; Cổng tự lưu khi có mạng lại")
        page.context.set_offline(False)
        expect(said(page)).to_contain_text("Đã lưu")
        found.append(ReportLine.objects.get(pk=line.pk).result)
    tell("network off", texts, found)


def sign_in_as(page, username):
    page.context.clear_cookies()
    page.goto("/dang-nhap/")
    sign_in(page, username)
    page.goto(DESK)


def test_a_draft_is_its_writers_alone_and_goes_when_dropped_or_signed_out(page, built):
    line, day = lead_line(built), page.get_by_label("Dự kiến hoàn thành")
    open_line(page, line)
    day.fill("31/02/2024")
    expect(said(page)).to_contain_text("Chưa lưu được: Không có ngày này")
    sign_in_as(page, "viewer_a_officer_b")
    open_line(page, line)
    expect(day).to_have_value("")
    expect(page.locator(".keep-bar")).to_have_count(0)
    # The writer comes back: it is there; dropped, the box is as the server has it.
    sign_in_as(page, "officer_b")
    open_line(page, line)
    expect(day).to_have_value("31/02/2024")
    page.locator(".keep-bar").get_by_role("button", name="Bỏ").click()
    expect(day).to_have_value("")
    assert page.evaluate(DRAFTS) == []
    # Signing out with a draft left asks, and takes it along.
    day.fill("30/02/2024")
    expect(said(page)).to_contain_text("Chưa lưu được")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.locator("details.person > summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    assert len(asked) == 1 and page.evaluate(DRAFTS) == []


def test_a_form_without_autosave_keeps_its_words_too(page, built):
    """The form of an activity: leaving, coming back, saving; then nothing is offered any more."""
    create = reverse("activity-create")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(create)
    name = page.get_by_label("Tên hoạt động")
    name.fill(vietnamese(1))
    page.goto(DESK)
    page.goto(create)
    expect(page.locator(".keep-bar")).to_contain_text("Khôi phục nội dung chưa lưu")
    expect(name).to_have_value(vietnamese(1))
    page.get_by_label("Ngày thực hiện").fill("03/06/2024")
    page.get_by_role("button", name="Lưu", exact=True).first.click()
    expect(page.locator("#notices .alert-success")).to_be_visible()
    page.goto(create)
    expect(page.locator(".keep-bar")).to_have_count(0)
    expect(name).to_have_value("")
