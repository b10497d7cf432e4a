"""In a real browser: the secretary's consolidation desk, by mouse in few clicks and by keyboard."""

import re

import pytest
from docx import Document
from playwright.sync_api import expect

from reports.models import CouncilReport
from tests.browser import signed_in
from tests.effort import Effort
from tests.kept_rows import committed_world
from tests.reports.leaders_world import with_every_state

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def secretary(live_server, db, settings, browser):
    """The secretary's page, at home."""
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    with_every_state(world)
    page = signed_in(browser, live_server.url, "secretary", accept_downloads=True)
    page.goto("/dieu-phoi/2024-q2/")
    yield page


def test_the_quarters_word_report_from_the_home_page(secretary, tmp_path):
    secretary.goto("/")
    hands = Effort(secretary, "Tải báo cáo Word của quý, từ trang chủ")
    hands.click(secretary.get_by_role("link", name=re.compile("Tổng hợp")).first)
    expect(secretary.locator("h1")).to_contain_text("Tổng hợp Quý")  # the oldest one still open: the one to finish
    with secretary.expect_download() as waiting:
        hands.click(secretary.get_by_role("link", name="Xuất Word"))
    file = tmp_path / "bao-cao.docx"
    waiting.value.save_as(file)
    text = "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)
    assert "BÁO CÁO" in text
    hands.done(most=5)


def _words(waiting, tmp_path) -> str:
    file = tmp_path / "bao-cao.docx"
    waiting.value.save_as(file)
    return "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)


def test_a_file_asked_for_with_words_unsaved_holds_them(secretary, tmp_path):
    secretary.goto("/tong-hop/2024-q2/")
    secretary.on("dialog", lambda dialog: pytest.fail(dialog.message))
    unsaved = secretary.locator(".council-saved [data-unsaved]")
    expect(unsaved).to_be_empty()
    box = secretary.get_by_label("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI")
    box.fill("Lời chưa lưu của Thư ký.")
    expect(unsaved).to_have_text("Chưa lưu")
    with secretary.expect_download() as waiting:
        secretary.get_by_role("link", name="Xuất Word").click()
    assert "Lời chưa lưu của Thư ký." in _words(waiting, tmp_path)
    expect(secretary.locator("#notices")).to_contain_text("Tệp Word đang tải về")
    expect(unsaved).to_be_empty()
    expect(secretary).to_have_url(re.compile(r"/tong-hop/2024-q2/$"))
    before = CouncilReport.objects.get().version
    with secretary.expect_download():
        secretary.get_by_role("link", name="Xuất Excel").click()
    assert CouncilReport.objects.get().version == before  # nothing unsaved: the link as it is


def test_words_typed_over_a_newer_save_stay_and_no_file_comes(secretary):
    secretary.goto("/tong-hop/2024-q2/")
    box = secretary.get_by_label("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI")
    box.fill("Lời của Thư ký.")
    with secretary.context.new_page() as other:
        other.goto("/tong-hop/2024-q2/")
        other.get_by_label("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI").fill("Lời của người khác.")
        other.locator(".council-saved").get_by_role("button", name="Lưu dự thảo").click()
        expect(other.locator("#notices")).to_contain_text("Đã lưu dự thảo")
    secretary.get_by_role("link", name="Xuất Word").click()
    expect(secretary.get_by_role("heading", name="Bản người khác vừa lưu")).to_be_visible()
    expect(box).to_have_value("Lời của Thư ký.")
    expect(secretary.locator(".council-saved [data-unsaved]")).to_have_text("Chưa lưu")
    assert CouncilReport.objects.get().narrative["direction"]["text"] == "Lời của người khác."


def test_missing_agencies_are_named_on_top_with_the_way_to_remind_them(secretary):
    secretary.goto("/tong-hop/2024-q2/")
    alert = secretary.locator(".alert-warning").first
    expect(alert).to_contain_text("Chưa tính báo cáo của 2 cơ quan")
    expect(alert).to_contain_text("Công an")
    alert.get_by_role("link", name="Đôn đốc ở trang Điều phối").click()
    expect(secretary.locator("h1")).to_contain_text("Điều phối Quý II/2024")


def test_the_text_is_edited_and_saved_by_keyboard(secretary):
    secretary.goto("/tong-hop/2024-q2/")
    first = secretary.get_by_label("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI")
    first.focus()
    secretary.keyboard.press("Alt+ArrowDown")
    second = secretary.get_by_label("1. Công tác phổ biến, giáo dục pháp luật")
    expect(second).to_be_focused()
    expect(secretary.locator(".council-contents a[aria-current]")).to_contain_text("II.1")
    secretary.keyboard.type("Lời gõ bằng bàn phím. ")
    secretary.keyboard.press("Alt+ArrowUp")
    expect(first).to_be_focused()
    secretary.keyboard.press("Control+s")
    expect(secretary.locator("#notices")).to_contain_text("Đã lưu dự thảo")
    stored = CouncilReport.objects.get().narrative["education"]["text"]
    assert stored.startswith("Lời gõ bằng bàn phím. ")
    expect(secretary.locator(".council-contents")).to_contain_text("đã sửa")
    expect(secretary.locator(".council-saved")).to_contain_text("Lưu gần nhất lúc")


def test_figures_stand_in_no_box_and_the_list_of_headings_stays_in_sight(secretary):
    secretary.goto("/tong-hop/2024-q2/")
    assert secretary.locator("#so-lieu").locator("xpath=ancestor::section[1]").locator("input, textarea").count() == 0
    secretary.locator("#muc-proposals").scroll_into_view_if_needed()
    expect(secretary.locator(".council-contents a", has_text="V. KIẾN NGHỊ")).to_be_in_viewport()
    secretary.set_viewport_size({"width": 360, "height": 900})
    expect(secretary.locator(".council-contents")).to_be_hidden()
    expect(secretary.locator(".council-narrow")).to_be_visible()
    assert secretary.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
