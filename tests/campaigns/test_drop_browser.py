"""In a real browser: files dropped, pasted or photographed, their progress, what fails and comes again; without JavaScript."""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaigns.activities import record_activity
from campaigns.models import Evidence
from portal.demo.files import pdf
from reports.models import ReportLine
from tests.browser import signed_in
from tests.kept_rows import committed_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
PDF = {"name": "bien-ban.pdf", "mimeType": "application/pdf", "buffer": pdf("a")}

# A picture made in the page, so that its thumbnail can be drawn; and the events that a hand makes.
HAND = """
async ({how, name, type, size, text}) => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 60, height: 40});
  canvas.getContext("2d").fillRect(0, 0, name.length, 5);
  const blob = await new Promise(done => canvas.toBlob(done, "image/png"));
  const carried = new DataTransfer();
  carried.items.add(new File([size ? new Uint8Array(size).fill(77) : blob], name, {type}));
  if (text) { carried.setData("text/plain", text); }
  const at = document.querySelector(how === "paste" ? "body" : "main");
  const event = how === "paste" ? new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true});
  (how === "paste" && text ? document.querySelector("textarea") : at).dispatchEvent(event);
  return event.defaultPrevented;
}
"""


def hand(page, how, name="image.png", mime="image/png", size=0, text=""):
    return page.evaluate(HAND, {"how": how, "name": name, "type": mime, "size": size, "text": text})


@pytest.fixture
def site(live_server, db, settings, browser):
    """A way to open the page of an activity as its officer, with what the browser can or cannot do."""
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    activity = record_activity(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, title="Buổi nói chuyện",
        held_on=world.today,
    )  # fmt: skip

    def open_page(url_name="activity-detail", pk=activity.pk, **context):
        page = signed_in(browser, live_server.url, "officer_a", **context)
        page.goto(reverse(url_name, args=[pk] if pk else []))
        return page

    yield open_page


def names() -> set[str]:
    return set(Evidence.objects.values_list("original_name", flat=True))


def test_dropped_and_pasted_files_are_sent_at_once(site):
    page = site()
    expect(page.get_by_role("button", name="Gửi tệp")).to_be_hidden()
    assert hand(page, "drop", "anh.png")  # anywhere on the page: a slip of the hand replaces nothing
    expect(page.locator("[data-file-list]")).to_contain_text("anh.png")
    expect(page.locator(".drop-item")).to_contain_text("Đã lưu.")
    expect(page.locator("canvas.drop-picture")).to_be_visible()
    assert hand(page, "paste")
    expect(page.locator("[data-file-list]")).to_contain_text("Ảnh dán")
    assert not hand(page, "paste", text="Chữ chép từ Word")  # words go where the cursor is
    page.set_input_files("#chon-files", [PDF])
    expect(page.locator("[data-file-list]")).to_contain_text("bien-ban.pdf")
    assert len(names()) == 3
    page.get_by_role("button", name="Gỡ bien-ban.pdf").click()
    page.locator("#notices").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#notices")).to_contain_text("Đã đưa lại tệp")
    expect(page.get_by_role("link", name="bien-ban.pdf")).to_be_visible()


def test_what_may_not_be_kept_is_told_file_by_file(site):
    page = site()
    hand(page, "drop", "a.exe", "", 10)
    expect(page.locator(".drop-item", has_text="a.exe")).to_contain_text("Không nhận loại tệp này")
    hand(page, "drop", "to.pdf", "application/pdf", 11_000_000)
    expect(page.locator(".drop-item", has_text="to.pdf")).to_contain_text("quá mức 10 MB")
    hand(page, "drop", "gia.pdf", "application/pdf", 10)  # what only the server can see
    expect(page.locator(".drop-item", has_text="gia.pdf")).to_contain_text("không phải là .pdf")
    page.get_by_role("button", name="Bỏ gia.pdf").click()
    expect(page.locator(".drop-item", has_text="gia.pdf")).to_have_count(0)
    assert names() == set()


def test_progress_cancel_and_a_lost_connection(site):
    page = site()
    held = []
    page.route("**/minh-chung/", lambda route: held.append(route))
    hand(page, "drop", "cham.png")
    expect(page.locator(".drop-item progress")).to_be_visible()
    page.get_by_role("button", name="Hủy cham.png").click()
    expect(page.locator(".drop-item")).to_have_count(0)
    page.unroute("**/minh-chung/")
    page.route("**/minh-chung/", lambda route: route.abort("internetdisconnected"))
    hand(page, "drop", "mat-mang.png")
    expect(page.locator(".drop-item")).to_contain_text("Mất kết nối")
    page.unroute("**/minh-chung/")
    page.route("**/minh-chung/", lambda route: route.fulfill(status=503, body="<h1>Hỏng</h1>"))
    page.get_by_role("button", name="Gửi lại mat-mang.png").click()
    expect(page.locator(".drop-item")).to_contain_text("Máy chủ gặp lỗi")
    page.unroute("**/minh-chung/")
    page.evaluate("window.dispatchEvent(new Event('online'))")  # the network is back: it goes by itself
    expect(page.locator("[data-file-list]")).to_contain_text("mat-mang.png")
    assert names() == {"mat-mang.png"}


def test_a_phone_photographs_and_an_unsaved_form_carries_its_files(site):
    page = site("activity-create", None, width=360, has_touch=True, is_mobile=True)
    camera = page.locator("input[data-camera]")
    assert camera.get_attribute("capture") == "environment" and camera.get_attribute("name") is None
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Chụp ảnh").click()
    chooser.value.set_files([PDF | {"name": "chup-1.pdf"}])
    page.set_input_files("#chon-tep-moi", [PDF | {"name": "chup-2.pdf", "buffer": pdf("b")}])
    expect(page.locator(".drop-item")).to_have_count(2)
    page.get_by_role("button", name="Bỏ chup-1.pdf").click()
    hand(page, "drop", "anh.png")
    expect(page.locator(".drop-item")).to_have_count(2)
    page.get_by_label("Địa điểm").fill("Chợ Cái Răng")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#notices")).to_contain_text("2 tệp minh chứng")
    assert names() == {"chup-2.pdf", "anh.png"}


def test_a_fragment_that_comes_later_takes_files_too(site):
    page = site("activity-list", None)
    assert page.evaluate("window.dropFiles"), "what takes files comes later than the form that shows"
    page.get_by_role("link", name="Ghi nhận hoạt động").first.click()
    expect(page.locator("dialog[open] [data-drop]")).to_be_visible()
    hand(page, "paste")
    expect(page.locator("dialog .drop-item")).to_contain_text("Sẽ gửi khi bấm Lưu")
    held = page.evaluate(
        "JSON.stringify(Array.from(document.querySelector('#chon-tep-moi').files).map(file => file.name))"
    )
    assert json.loads(held)[0].startswith("Ảnh dán")


def test_a_report_s_line_takes_files_at_once_and_what_waits_goes_with_the_form(site):
    page, line = site(), ReportLine.objects.filter(report__agency__code="a").order_by("pk").first()
    place = {"code": "2024-q2", "agency": "a", "pk": line.pk}
    page.goto(reverse("report-line", kwargs=place))
    hand(page, "drop", "anh.png")
    expect(page.locator("#minh-chung")).to_contain_text("anh.png")
    expect(page.locator(".drop-item")).to_contain_text("Đã lưu.")
    hand(page, "drop", "gia.pdf", "application/pdf", 10)
    expect(page.locator(".drop-item", has_text="gia.pdf")).to_contain_text("không phải là .pdf")
    page.route("**/minh-chung/", lambda route: route.abort("internetdisconnected"))
    page.set_input_files("#chon-tep", [PDF])
    expect(page.locator(".drop-item", has_text="bien-ban.pdf")).to_contain_text("Mất kết nối")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("1 minh chứng")
    assert set(line.evidence.values_list("original_name", flat=True)) == {"anh.png", "bien-ban.pdf"}


def test_without_javascript_the_plain_field_sends(site):
    page = site(java_script_enabled=False)
    page.set_input_files("#chon-files", [PDF])
    page.get_by_role("button", name="Gửi tệp").click()
    expect(page.locator("#notices")).to_contain_text("Đã lưu 1 tệp.")
    page.get_by_role("button", name="Gỡ bien-ban.pdf").click()
    page.locator("#notices").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#notices")).to_contain_text("Đã đưa lại tệp")
    assert Evidence.objects.get().removed_at is None
