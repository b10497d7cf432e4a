"""The pages of the offline workbook as people meet them: download, fill in, upload, look, choose, confirm."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies import clock
from reports import workflow
from reports.models import ReportLine
from tests.annexes import rezip
from tests.reports.test_workbook_round import led
from tests.reports.test_workbook_upload import colleague_writes
from tests.reports.workbook_files import Book, plain_book, text
from tests.world import fill_in

pytestmark = pytest.mark.django_db
PLACE = {"code": "2024-q2", "agency": "b"}


def address(name, **place):
    return reverse(name, kwargs=PLACE | place)


def download(client) -> Book:
    answer = client.get(address("report-workbook"))
    assert answer.status_code == 200 and 'filename="bao-cao-2024-q2-b.xlsx"' in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]
    return Book(answer.content)


def send(client, content: bytes, name="tep-dien.xlsx"):
    return client.post(address("report-upload"), {"file": SimpleUploadedFile(name, content)})


def hidden(page: str) -> dict:
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("tep", "van-tay")}


def test_the_whole_way(world, sign_in):
    officer = sign_in(world.people["officer_b"])
    page = officer.get(address("report-detail")).content.decode()
    assert "Tải tệp để điền ngoại tuyến" in page and "Nạp tệp đã điền" in page
    book, line = download(officer), led(world)
    book.line(line.pk, "status").value = "Đang thực hiện"
    book.line(line.pk, "percent").value = 60
    text(book.line(line.pk, "result"), "=Đã tổ chức <b>02</b> lớp")
    book.figure("PB08").value = 12
    text(book.word("proposals"), "Đề nghị cấp thêm tài liệu.")
    answer = send(officer, book.content)
    assert answer.status_code == 302 and "/nap-tep/xem-truoc/?tep=" in answer.url
    page = officer.get(answer.url).content.decode()
    assert "<ins>=Đã tổ chức &lt;b&gt;02&lt;/b&gt; lớp</ins>" in page and "<ins>60%</ins>" in page
    assert "Tổng kinh phí" not in page.split("Sau khi ghi")[0]
    line.refresh_from_db()
    assert line.edited_at is None
    answer = officer.post(address("report-upload-preview"), hidden(page) | {"ghi": "1"})
    assert answer.status_code == 302 and answer.url == address("report-detail")
    page = officer.get(answer.url).content.decode()
    assert "Đã ghi 1 nhiệm vụ, 1 số liệu, 1 phần lời văn." in page
    assert "=Đã tổ chức &lt;b&gt;02&lt;/b&gt; lớp" in page and "Đề nghị cấp thêm tài liệu." in page
    line.refresh_from_db()
    assert (line.percent, line.version) == (60, 2)
    again = download(officer)
    assert again.line(line.pk, "percent").value == 60


def test_a_second_click_on_confirm_writes_nothing(world, sign_in):
    officer = sign_in(world.people["officer_b"])
    book = download(officer)
    text(book.line(led(world).pk, "result"), "Kết quả")
    url = send(officer, book.content).url
    form = hidden(officer.get(url).content.decode()) | {"ghi": "1"}
    officer.post(address("report-upload-preview"), form)
    version = led(world).version
    answer = officer.post(address("report-upload-preview"), form, follow=True)
    assert "đã nạp rồi" in answer.content.decode() and led(world).version == version
    assert officer.get(url).url == address("report-detail")


def test_an_upload_belongs_to_its_person_and_report(world, sign_in):
    officer, colleague = sign_in(world.people["officer_b"]), sign_in(world.people["viewer_a_officer_b"])
    book = download(officer)
    text(book.line(led(world).pk, "result"), "Kết quả")
    url = send(officer, book.content).url
    assert officer.get(url).status_code == 200
    token = url.split("tep=")[1]
    copy = f"{address('report-upload-copy')}?tep={token}"
    for client in (colleague, sign_in(world.people["officer_b"])):
        assert client.get(url).url == address("report-upload") == client.get(copy).url
        form = {"tep": token, "ghi": "1", "van-tay": ""}
        assert client.post(address("report-upload-preview"), form).url == address("report-upload")
    for bad in ("", "../../etc/passwd", "0" * 32):
        assert officer.get(address("report-upload-preview"), {"tep": bad}).url == address("report-upload")
    assert led(world).edited_at is None


def test_errors_are_listed_and_handed_back(world, sign_in):
    officer = sign_in(world.people["officer_b"])
    book = download(officer)
    cell = book.figure("PB08")
    cell.value = "12 người"
    book.line(led(world).pk, "status").value = "Xong rồi"
    url = send(officer, book.content).url
    page = officer.get(url).content.decode()
    assert "2 lỗi: chưa ghi được" in page and f"Số liệu, ô {cell.coordinate}" in page and "Ghi vào báo cáo" not in page
    form = hidden(page)
    refused = officer.post(address("report-upload-preview"), form | {"ghi": "1"})
    assert refused.status_code == 422 and "tệp còn 2 lỗi" in refused.content.decode()
    copy = officer.get(address("report-upload-copy"), {"tep": form["tep"]})
    marked = openpyxl.load_workbook(io.BytesIO(copy.content))
    assert "12 người" in marked["Số liệu"][cell.coordinate].comment.text
    assert "ghi-chu-loi.xlsx" in copy["Content-Disposition"]


def test_a_conflict_is_chosen_on_the_page(world, sign_in):
    officer, line = sign_in(world.people["officer_b"]), led(world)
    book = download(officer)
    text(book.line(line.pk, "result"), "Lời trong tệp")
    colleague_writes(world)
    page = officer.get(send(officer, book.content).url).content.decode()
    assert "Giữ bản nào?" in page and "Lời của đồng nghiệp".split()[0] in page
    form = hidden(page) | {"ghi": "1"}
    refused = officer.post(address("report-upload-preview"), form)
    assert refused.status_code == 422 and "còn 1 điều cần chọn" in refused.content.decode()
    officer.post(address("report-upload-preview"), form | {f"q:chon-dong-{line.pk}-result": "tep"})
    line.refresh_from_db()
    assert (line.result, line.percent) == ("Lời trong tệp", 40)


def test_figures_of_ones_own_sheet_are_asked_shown_and_written(world, sign_in):
    officer = sign_in(world.people["officer_b"])
    content = plain_book([["Mã", "Chỉ tiêu", "Số liệu"], ["PB08", "BCV", "1.234"], ["PB09", "TTV", 20]])
    page = officer.get(send(officer, content, "so lieu quy II.xlsx").url).content.decode()
    assert "so lieu quy II.xlsx" in page and "Cần bạn xác nhận" in page and "PB09" in page
    form = hidden(page) | {"q:o-Biểu-C2": "co"}
    stale = officer.post(address("report-upload-preview"), form | {"ghi": "1"})
    assert stale.status_code == 409 and "<ins>1.234</ins>" in stale.content.decode()
    shown = officer.post(address("report-upload-preview"), form | {"xem": "1"})
    assert shown.status_code == 200 and "<ins>1.234</ins>" in shown.content.decode()
    form |= hidden(shown.content.decode())
    officer.post(address("report-upload-preview"), form | {"ghi": "1"})
    figures = dict(world.report("b").figures.values_list("indicator__code", "value"))
    assert (figures["PB08"], figures["PB09"]) == (1234, 20)


def test_nothing_to_write_is_said(world, sign_in):
    officer = sign_in(world.people["officer_b"])
    page = officer.get(send(officer, download(officer).content).url).content.decode()
    assert "không có gì để ghi" in page and "Ghi vào báo cáo" not in page


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.xlsx", "rỗng"),
        (b"%PDF-1.7", "a.pdf", "PDF"),
        (b"PK\x03\x04 hong", "a.xlsx", "hỏng"),
        (plain_book([["x", 1]]), "a.xlsx", "Không thấy bảng số liệu"),
        (plain_book([["x", 1]]), "a.docx", "đuôi .docx"),
        (rezip(plain_book([["x", 1]]), add={"xl/vbaProject.bin": b"x"}), "a.xlsx", "macro"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(world, sign_in, content, name, said):
    answer = send(sign_in(world.people["officer_b"]), content, name)
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_large_file_is_refused_before_it_is_read(world, sign_in, settings):
    settings.PORTAL_MAX_UPLOAD_BYTES = 1000
    answer = send(sign_in(world.people["officer_b"]), b"PK" + b"0" * 5000)
    assert answer.status_code == 422 and "quá mức" in answer.content.decode()


def test_a_cell_far_away_is_refused(world, sign_in):
    def far(body: bytes) -> bytes:
        return body.replace(b'r="A1"', b'r="XFD1048576"')

    content = rezip(plain_book([["x", 1]]), change={"xl/worksheets/sheet1.xml": far})
    answer = send(sign_in(world.people["officer_b"]), content)
    assert answer.status_code == 422 and "quá xa" in answer.content.decode()


def test_handed_in_reports_offer_nothing(world, sign_in):
    officer = sign_in(world.people["officer_b"])
    fill_in(world, "b", world.people["officer_b"])
    book = download(officer)
    text(book.line(led(world).pk, "result"), "Muộn")
    url = send(officer, book.content).url
    form = hidden(officer.get(url).content.decode()) | {"ghi": "1"}
    workflow.submit_report(report=world.report("b"), by=world.people["officer_b"], now=clock.now())
    assert officer.get(address("report-workbook")).status_code == 409
    assert "Nạp tệp đã điền" not in officer.get(address("report-detail")).content.decode()
    assert "nên không nạp tệp được" in officer.get(address("report-upload")).content.decode()
    assert send(officer, book.content).status_code == 409
    answer = officer.post(address("report-upload-preview"), form, follow=True)
    assert "Đã nộp, chờ tiếp nhận" in answer.content.decode()
    assert ReportLine.objects.filter(report=world.report("b"), result="Muộn").count() == 0


@pytest.mark.parametrize("who", ["approver_a", "viewer_a_officer_b", "secretary", "leader"])
def test_who_may_only_read_sees_no_buttons_and_gets_no_file(world, sign_in, who):
    client = sign_in(world.people[who])
    place = {"agency": "a"}
    assert "ngoại tuyến" not in client.get(address("report-detail", **place)).content.decode()
    assert client.get(address("report-workbook", **place)).status_code == 403
    assert client.post(address("report-upload", **place)).status_code == 403
