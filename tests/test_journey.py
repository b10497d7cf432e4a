"""The whole quarter in a real browser: annex in, reports through every desk, Word and Excel out, leader's totals."""

import io
import json
import re

import docx
import openpyxl
import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from reports.models import ProgressReport
from tests import annexes
from tests.browser import signed_in
from tests.world import build_empty_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

# Numbered, timed and spelt as people do; the names are those of the test world's agencies.
ROWS = [
    "I. CÔNG TÁC TUYÊN TRUYỀN",
    ["1.", "Tuyên truyền phòng, chống ma túy cho học sinh", "CATP", "Hội LHPN", "Hằng quý", "Cuộc, lượt người", ""],
    ["2.", "Phổ biến Luật Căn cước", "Cong an", "Các bên ký kết", "Thường xuyên", "Tin, bài", ""],
    "II. HÒA GIẢI Ở CƠ SỞ",
    ["1.", "Tập huấn hoà giải viên", "Hội Liên hiệp phụ nữ", "STP", "Quý II–III/2024", "Lớp", ""],
    ["2.", "Sơ kết, tổng kết", "STP", "Công an; Hội LHPN", "Trước ngày 15/11/2024", "Báo cáo", ""],
]


@pytest.fixture
def empty_world(db, settings):
    world = build_empty_world()
    settings.PORTAL_TODAY = world.today
    return world


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def desk(live_server, empty_world, request, browser):
    """A function: username → a page of that person's own browser, signed in; the same journey with and without scripts."""
    failures: list[str] = []

    def open_desk(username: str, width: int = 1280):
        page = signed_in(browser, live_server.url, username, width=width, java_script_enabled=request.param)
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("request", lambda request: _only_ours(request.url, live_server.url, failures))
        return page

    yield open_desk
    assert failures == []


def _only_ours(url: str, base: str, failures: list[str]) -> None:
    """No request leaves the installation."""
    if not url.startswith((base, "data:", "blob:")):
        failures.append(f"request to {url}")


def test_the_quarter_from_annex_to_report(desk, live_server, tmp_path, empty_world):
    annex = tmp_path / "phu-luc.docx"
    annex.write_bytes(annexes.docx(ROWS))
    secretary = desk("secretary")

    # The secretary imports the signed annex, puts the plan into force and opens the period.
    secretary.goto(f"{live_server.url}/ke-hoach/nhap/")
    secretary.locator("input[type=file]").set_input_files(annex)
    secretary.get_by_role("button", name=re.compile("Xem trước")).click()
    expect(secretary.locator("main")).to_contain_text("Tuyên truyền phòng, chống ma túy")
    secretary.get_by_role("button", name=re.compile("Nhập")).first.click()
    expect(secretary.locator("h1")).to_contain_text("Kế hoạch")
    secretary.get_by_role("button", name="Đưa vào thực hiện").click()
    expect(secretary.locator("#notices")).to_contain_text("vào thực hiện")
    secretary.goto(f"{live_server.url}/dieu-phoi/mo-ky/")
    secretary.get_by_label("Kỳ báo cáo").select_option("2024-q2")
    secretary.get_by_role("button", name="Mở kỳ").click()
    expect(secretary.locator("h1")).to_contain_text("Điều phối Quý II/2024")

    # Officers record what they did, fill in and hand in; the desk says what is still missing.
    for code in ("a", "b", "stp"):
        officer = desk(f"officer_{code}")
        officer.goto(f"{live_server.url}/hoat-dong/them/")
        officer.get_by_label("Tên hoạt động").fill(f"Hội nghị tuyên truyền pháp luật ở cơ quan {code}")
        officer.get_by_label("Ngày thực hiện").fill("03/04/2024")
        officer.locator("summary", has_text="Thêm chi tiết").click()
        officer.get_by_label(re.compile(r"\(PB01\)")).fill("2")
        officer.locator("[name=figure-PB02]").fill("1.250")
        officer.get_by_role("button", name="Lưu", exact=True).click()
        officer.get_by_label("1.250 (một nghìn hai trăm năm mươi)").check()  # rule V09
        officer.get_by_role("button", name="Lưu", exact=True).click()
        expect(officer.locator("#notices")).to_contain_text("Đã ghi nhận hoạt động")
        officer.goto(f"{live_server.url}/viec-cua-toi/")
        expect(officer.locator("main")).to_contain_text("còn thiếu")
        _fill_in(officer, live_server.url, code)
        officer.goto(f"{live_server.url}/viec-cua-toi/")
        officer.get_by_role("button", name=re.compile("Trình lãnh đạo duyệt|Nộp báo cáo")).click()
        expect(officer.locator("#notices")).to_contain_text(re.compile("Đã trình|Đã nộp"))
        officer.context.close()

    # The approver of A approves on a phone.
    approver = desk("approver_a", width=360)
    approver.goto(f"{live_server.url}/viec-cua-toi/")
    approver.get_by_role("button", name="Duyệt và gửi").click()
    expect(approver.locator("#notices")).to_contain_text("Đã duyệt")

    # The secretary returns one with a reason; it comes back; all are accepted.
    secretary.goto(f"{live_server.url}/bao-cao/2024-q2/b/")
    secretary.locator("summary", has_text="Trả lại").first.click()
    secretary.get_by_label("Lý do (từ 10 ký tự)").first.fill("Đề nghị bổ sung kết quả của nhiệm vụ hòa giải.")
    secretary.locator("form button", has_text="Trả lại").first.click()
    expect(secretary.locator("#notices")).to_contain_text("Đã trả lại")
    officer = desk("officer_b")
    officer.goto(f"{live_server.url}/viec-cua-toi/")
    expect(officer.locator("main")).to_contain_text("Đề nghị bổ sung kết quả")
    officer.get_by_role("button", name="Nộp báo cáo").click()
    secretary.goto(f"{live_server.url}/dieu-phoi/2024-q2/")
    for box in secretary.locator("input[type=checkbox][name='bao-cao']:enabled").all():
        box.check()
    secretary.get_by_role("button", name="Tiếp nhận báo cáo đã chọn").click()
    expect(secretary.locator("main")).to_contain_text("Đã tiếp nhận báo cáo của")
    assert set(ProgressReport.objects.values_list("state", flat=True)) == {"accepted"}

    # From the home page to both files: at most five clicks.
    secretary.goto(live_server.url)
    secretary.get_by_role("link", name="Tổng hợp, xuất báo cáo").click()
    word, excel = (_download(secretary, name, tmp_path) for name in ("Xuất Word", "Xuất Excel"))
    page_totals = _row_of_numbers(secretary.locator("#tong-so td.num").all_inner_texts())

    # Lock; the leader sees the same totals as the page, the JSON, the Word and the Excel file.
    secretary.goto(f"{live_server.url}/dieu-phoi/2024-q2/")
    secretary.locator("summary", has_text="Khóa kỳ").click()
    secretary.locator("form button", has_text="Khóa Quý II/2024").click()
    expect(secretary.locator("#notices")).to_contain_text("Đã khóa kỳ")
    leader = desk("leader", width=360)
    leader.goto(f"{live_server.url}/tong-quan/2024-q2/")
    keys = ("tasks", "done", "on_track", "due_soon", "overdue")
    leaders = tuple(int(leader.locator(f"#so-{key}").inner_text()) for key in keys)
    output = io.StringIO()
    call_command("export_report", "can-tho", "2024-q2", format="json", output="-", stdout=output)
    exported = json.loads(output.getvalue())
    totals = tuple(exported["totals"][key] for key in keys)
    assert leaders == totals == page_totals[:5] == _word_totals(word)[:5] == _excel_totals(excel)[:5]
    figures = {row["code"]: row["value"] for row in exported["indicators"]}
    assert (figures["PB01"], figures["PB02"]) == (6, 3750)
    assert "3.750" in _all_text(word) and 3750 in _all_cells(excel)
    assert "Số:" in _all_text(word) and "ngày      tháng" in _all_text(word).replace("\u00a0", " ")


def _fill_in(page, base: str, code: str) -> None:
    """Update every task line, the figures and the words of one agency's report."""
    report = f"{base}/bao-cao/2024-q2/{code}/"
    page.goto(report)
    links = page.locator("a.btn", has_text="Cập nhật")
    addresses = [link.get_attribute("href") for link in links.all()]
    for address in addresses:
        page.goto(base + address)
        if page.get_by_label("Đang thực hiện").count():
            page.get_by_label("Đang thực hiện").check()
            page.get_by_label("Tỷ lệ hoàn thành (%)").fill("60")
            page.get_by_label("Khó khăn, vướng mắc và nguyên nhân").fill("Trùng lịch thi của các trường.")
            page.get_by_label("Dự kiến hoàn thành").fill("31/07/2024")
        page.get_by_label(re.compile("^Kết quả")).fill("Đã tổ chức 02 cuộc, thu hút 1.250 lượt người tham dự.")
        page.get_by_role("button", name="Lưu", exact=True).click()
        expect(page.locator("#notices")).to_contain_text("Đã lưu")
    page.goto(f"{report}so-lieu/")
    for box in page.locator("input[name^='v_']").all():
        if not box.input_value():
            box.fill("0")
    page.get_by_role("button", name="Lưu số liệu").click()
    expect(page.locator("#notices")).to_contain_text("Đã lưu số liệu", timeout=15_000)
    page.goto(f"{report}danh-gia/")
    page.get_by_label("Kiến nghị, đề xuất").fill("Đề nghị cấp thêm tài liệu tuyên truyền.")
    page.get_by_role("button", name="Lưu đánh giá").click()
    expect(page.locator("#notices")).to_contain_text("Đã lưu", timeout=15_000)


def _download(page, name: str, folder) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_bytes()


def _row_of_numbers(texts) -> tuple[int, ...]:
    return tuple(int(text.replace(".", "")) for text in texts)


def _word_totals(content: bytes) -> tuple[int, ...]:
    for table in docx.Document(io.BytesIO(content)).tables:
        for row in table.rows:
            cells = [cell.text.strip() for cell in row.cells]
            if cells[0].casefold().startswith(("tổng số", "tổng cộng")) or "Tổng cộng" in cells[:2]:
                numbers = [cell for cell in cells if re.fullmatch(r"[\d.]+", cell)]
                if len(numbers) >= 5:
                    return _row_of_numbers(numbers)
    raise AssertionError("no row of totals in the Word file")


def _excel_totals(content: bytes) -> tuple[int, ...]:
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    for row in sheet.iter_rows(values_only=True):
        words = [str(cell) for cell in row if isinstance(cell, str)]
        numbers = [cell for cell in row if isinstance(cell, int)]
        if any(word.startswith("Tổng") for word in words) and len(numbers) >= 5:
            return tuple(numbers)
    raise AssertionError("no row of totals in the Excel file")


def _all_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def _all_cells(content: bytes) -> set:
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {cell for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row}
