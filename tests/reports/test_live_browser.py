"""The rules while one types, in a real browser: told beside the field, gone when put right, typed text never lost."""

import pytest
from playwright.sync_api import expect

from portal.demo.files import picture
from tests.browser import signed_in
from tests.kept_rows import committed_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def built(db, settings):
    """The test world in real transactions: the browser reads it through other connections."""
    built = committed_world()
    settings.PORTAL_TODAY = built.today
    return built


@pytest.fixture
def page(live_server, built, browser):
    """A browser of the officer of B."""
    page = signed_in(browser, live_server.url, "officer_b")
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    assert failures == []


def type_in(page, code: str, text: str) -> None:
    """Type as a person does, key by key."""
    box = page.locator(f"input[name='v_{code}']")
    box.fill("")
    box.press_sequentially(text, delay=20)


def test_the_rules_speak_while_one_types(page, live_server, built):
    figures = f"{live_server.url}/bao-cao/2024-q2/b/so-lieu/"
    page.goto(figures)
    told = page.locator("#loi-PB10")
    for code, text in {"PB10": "12", "PB10a": "10", "PB10b": "1", "PB10c": "0"}.items():
        type_in(page, code, text)
    for code in ("PB10", "PB10a", "PB10b"):  # no activity carries money: a hand correction, with its reason
        page.locator(f"input[name='r_{code}']").fill("Theo quyết toán")
    type_in(page, "PB10c", "0")
    expect(told).to_contain_text("hơn 1 so với tổng PB10a + PB10b + PB10c là 11")
    expect(told.locator("a.rule", has_text="V11")).to_have_attribute("href", "/quy-tac/#V11")
    expect(page.locator("#tom-tat")).to_contain_text("1 lỗi")
    # Nothing was taken away under the hands that type.
    expect(page.locator("input[name='v_PB10c']")).to_be_focused()
    type_in(page, "PB10c", "1")
    page.locator("input[name='r_PB10c']").fill("Theo quyết toán")
    expect(told).to_have_text("")
    expect(page.locator("#tom-tat")).to_contain_text("Không có lỗi")

    # A hand correction shows the box for its reason, and hides it again.
    reason = page.locator("input[name='r_PB01']")
    expect(reason).to_be_hidden()
    type_in(page, "PB01", "14")
    type_in(page, "PB02", "700")
    expect(reason).to_be_visible()
    reason.fill("Thiếu các cuộc ở xã")
    page.locator("input[name='r_PB02']").fill("Thiếu các cuộc ở xã")

    # A dotted number is read aloud and counts once it has been confirmed; then the form saves at once.
    type_in(page, "PB08", "1.234")
    question = page.locator("#loi-PB08 input[type=checkbox]")
    expect(page.locator("#loi-PB08")).to_contain_text("1.234 (một nghìn hai trăm ba mươi bốn)")
    question.check()
    expect(page.locator("#tom-tat")).not_to_contain_text("Xác nhận")
    expect(question).to_be_checked()
    page.get_by_role("button", name="Lưu số liệu").click()
    expect(page.locator("#notices")).to_contain_text("Đã lưu số liệu")
    assert _stored(built, "PB10", "PB10c", "PB08", "PB01") == [12, 1, 1234, 14]


def test_a_line_says_what_it_needs_and_fits_a_phone(page, live_server, built):
    line = built.report("b").lines.get(role="lead")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/bao-cao/2024-q2/b/dong/{line.pk}/")
    page.get_by_label("Hoàn thành", exact=True).check()
    expect(page.locator("#loi-result")).to_contain_text("Hoàn thành thì cần ghi kết quả")
    expect(page.locator("#loi-no_evidence_reason")).to_contain_text("Cần minh chứng")
    page.locator("input[name=tep]").set_input_files(
        {"name": "anh.png", "mimeType": "image/png", "buffer": picture("a")}
    )
    expect(page.locator("#loi-no_evidence_reason")).to_have_text("")
    page.get_by_label("Kết quả thực hiện").press_sequentially("Đã tập huấn 02 lớp", delay=10)
    expect(page.locator("#loi-result")).to_have_text("")
    page.goto(f"{live_server.url}/bao-cao/2024-q2/b/so-lieu/")
    type_in(page, "PB09", "12 người")
    expect(page.locator("#loi-PB09")).to_contain_text("hãy ghi 12")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def _stored(built, *codes):
    rows = dict(built.report("b").figures.values_list("indicator__code", "value"))
    return [rows[code] for code in codes]
