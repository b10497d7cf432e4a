"""Forms on the pages: what applies when, filling in, estimates, and a version added without a programmer."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from agencies.errors import Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.models import RecordEntry
from reports.form_versions import (
    DefinitionRefused,
    FormUnavailable,
    applying,
    confirm_form_version,
    retire_form_version,
    save_estimates,
    upload_form_version,
    versions_of,
)
from reports.forms_catalogue.loader import catalogue
from reports.forms_catalogue.workbook import write_definition
from reports.models import FormEstimate, FormVersion
from tests.reports.statistics_world import did, reported

pytestmark = pytest.mark.django_db
FORMS = {form.code: form for form in catalogue()}


def definition(code="09e") -> Workbook:
    return load_workbook(io.BytesIO(write_definition(FORMS[code], [("PB01", "Số cuộc", "Cuộc", "Số phát sinh")])))


def content_of(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def new_form(**cells) -> Workbook:
    """The 09e definition made into 04a of TT 17/2025, with single cells changed: {'Cột!A3': '…'}."""
    book = definition()
    given = {"Biểu!B1": "04a", "Biểu!B2": "04a/TP/PBGDPL", "Biểu!B4": "Thông tư số 17/2025/TT-BTP ngày 24/10/2025",
             "Biểu!B7": "01/11/2025", "Biểu!B8": ""} | cells  # fmt: skip
    for place, text in given.items():
        sheet, address = place.split("!")
        book[sheet][address] = text
    return book


def upload(world, book: Workbook, by="secretary") -> FormVersion:
    return upload_form_version(
        council=world.council, by=world.people[by], now=world.now, content=content_of(book), filename="bieu.xlsx"
    )


def file_of(book: Workbook, name="bieu.xlsx"):
    return SimpleUploadedFile(name, content_of(book))


# --- a version without a programmer -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["09e", "10c", "tt20-hgcs"])
def test_a_downloaded_definition_reads_back_unchanged(world, sign_in, code):
    client = sign_in(world.people["secretary"])
    answer = client.get(reverse("form-definition", kwargs={"form": code}))
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Biểu", "Dòng", "Cột", "Quy tắc", "Chỉ tiêu"]
    book["Biểu"]["B1"], book["Biểu"]["B7"], book["Biểu"]["B8"] = "ban-moi", "01/01/2026", ""
    version = upload(world, book)
    form, old = version.form, FORMS[code]
    assert (form.columns, form.rows, form.rules, form.notes) == (old.columns, old.rows, old.rules, old.notes)
    assert (form.subject, form.calendar, form.source) == (old.subject, old.calendar, old.source)


def test_upload_preview_confirm_fill_retire(world, sign_in):
    did(world, "b", "2025-11-20", PB01=3, PB02=90)
    client = sign_in(world.people["secretary"])
    answer = client.post(reverse("form-upload"), {"file": file_of(new_form())})
    version = FormVersion.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("form-version", kwargs={"pk": version.pk})
    page = client.get(answer.url).content.decode()
    assert "chưa được dùng ở đâu" in page and "NSNN phân bổ thường xuyên" in page and "Xác nhận" in page
    with pytest.raises(FormUnavailable):
        applying(world.council, "04a", date(2025, 12, 31))
    client.post(reverse("form-version-transition", kwargs={"pk": version.pk, "verb": "xac-nhan"}))
    version.refresh_from_db()
    assert (version.state, version.confirmed_by) == ("active", world.people["secretary"])
    page = client.get(reverse("form-fill", kwargs={"form": "04a", "code": "2025"})).content.decode()
    assert "04a/TP/PBGDPL" in page and ">90<" in page
    # The subject has a known form again: the old one may be compared with.
    form, notes = applying(world.council, "09e", date(2025, 12, 31))
    assert form.code == "09e" and "04a/TP/PBGDPL" in notes[0]
    assert "bản của Hội đồng" in client.get(reverse("form-list")).content.decode()
    url = reverse("form-version-transition", kwargs={"pk": version.pk, "verb": "thoi-dung"})
    refused = client.post(url, {"reason": "ngắn"})
    assert refused.status_code == 422 and "ngắn" in refused.content.decode()
    client.post(url, {"reason": "Bộ ban hành bản đính chính"})
    version.refresh_from_db()
    assert (version.state, version.retire_reason) == ("retired", "Bộ ban hành bản đính chính")
    assert not any(each.row for each in versions_of(world.council))
    verbs = list(RecordEntry.objects.filter(object_type="reports.formversion").values_list("verb", flat=True))
    assert sorted(verbs) == ["confirm_form_version", "retire_form_version", "upload_form_version"]


@pytest.mark.parametrize(
    ("cells", "at", "said"),
    [
        ({"Cột!F4": "PB77"}, "Trang “Cột”, ô F4", "Không có chỉ tiêu “PB77”"),
        ({"Cột!F4": "PB01 + HG01"}, "Trang “Cột”, ô F4", "số phát sinh với số thời điểm"),
        ({"Cột!A5": "3"}, "Trang “Cột”, ô A5", "Trùng mã cột (3)"),
        ({"Cột!B4": ""}, "Trang “Cột”, ô B4", "bị trống ở cấp này"),
        ({"Cột!B2": "Thi tìm hiểu pháp luật"}, "Trang “Cột”, ô B6", "bị ngắt quãng"),
        ({"Quy tắc!A2": "(2) ≤ (2)"}, "Trang “Quy tắc”, ô A2", "chính nó"),
        ({"Quy tắc!A2": "(10) = (9) + (1)"}, "Trang “Quy tắc”, ô A2", "quay vòng"),
        ({"Quy tắc!A2": "(9) = (10) + (11)"}, "Trang “Quy tắc”, ô A7", "hai cách chia"),
        ({"Quy tắc!A2": "(10) ≥ 2 × (9)"}, "Trang “Quy tắc”, ô A7", "luôn bằng 0"),
        ({"Quy tắc!A2": "(2) ≤ (30)"}, "Trang “Quy tắc”, ô A2", "nhắc cột (30)"),
        ({"Quy tắc!B2": "nghiêm trọng"}, "Trang “Quy tắc”, ô B2", "Mức"),
        ({"Biểu!B7": "31/11/2025"}, "Trang “Biểu”, ô B7", "Không có ngày “31/11/2025”"),
        ({"Biểu!B1": "09e", "Biểu!B7": "01/10/2025"}, "Trang “Biểu”, ô B7", "chồng lên bản 09e/BTP/PBGDPL"),
        ({"Biểu!A1": "Mã số biểu"}, "Trang “Biểu”, ô A1", "Không hiểu mục"),
        ({"Dòng!C2": "tổng các dòng"}, "Trang “Biểu”", "Không có dòng nào lấy số liệu của cơ quan"),
        ({"Dòng!C1": "Cơ quan"}, "Trang “Dòng”, ô A1", "thiếu cột: Lấy số liệu của"),
        ({"Biểu!B3": "=1+1"}, "Trang “Biểu”, ô B3", "Ô có công thức"),
    ],
)
def test_every_contradiction_of_an_upload_names_its_cell(world, sign_in, cells, at, said):
    with pytest.raises(DefinitionRefused) as error:
        upload(world, new_form(**cells))
    assert any(p.at == at and said in p.message for p in error.value.problems), error.value.messages
    assert not FormVersion.objects.exists()


def test_all_errors_of_an_upload_stand_on_the_page_at_once(world, sign_in):
    book = new_form(**{"Cột!F4": "PB77", "Cột!A5": "3", "Quy tắc!A2": "(2) ≤ (2)", "Biểu!B3": ""})
    answer = sign_in(world.people["secretary"]).post(reverse("form-upload"), {"file": file_of(book)})
    page = answer.content.decode()
    assert answer.status_code == 422 and "lỗi: chưa nhận biểu" in page
    for at in ("ô F4", "ô A5", "ô A2", "ô B3"):
        assert at in page, at


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bieu.xlsx", b"%PDF-1.7", "PDF"),
        ("bieu.xlsx", b"PK\x03\x04 nothing", "hỏng"),
        ("bieu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 64, "định dạng cũ"),
    ],
)
def test_other_files_are_refused_in_words(world, sign_in, name, content, said):
    file = SimpleUploadedFile(name, content)
    answer = sign_in(world.people["secretary"]).post(reverse("form-upload"), {"file": file})
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_workbook_without_the_sheets_names_each(world):
    book = Workbook()
    book.active["A1"] = "gì đó"
    with pytest.raises(DefinitionRefused) as error:
        upload(world, book)
    told = " ".join(error.value.messages)
    assert all(f"Thiếu trang “{name}”" in told for name in ("Biểu", "Dòng", "Cột", "Quy tắc"))


def test_uploading_twice_gives_one_draft_and_two_confirmed_versions_never_overlap(world):
    first, again = upload(world, new_form()), upload(world, new_form())
    assert first.pk == again.pk
    second = upload(world, new_form(**{"Biểu!B7": "01/01/2026"}))
    secretary = world.people["secretary"]
    confirm_form_version(version=first, by=secretary, now=world.now)
    confirm_form_version(version=first, by=secretary, now=world.now)  # a double click
    with pytest.raises(Incomplete, match="chồng lên"):
        confirm_form_version(version=second, by=secretary, now=world.now)
    retire_form_version(version=first, by=secretary, now=world.now, reason="Thay bằng bản đúng ngày")
    confirm_form_version(version=second, by=secretary, now=world.now)
    with pytest.raises(WrongState):
        confirm_form_version(version=first, by=secretary, now=world.now)


def test_only_the_secretariat_adds_versions_and_only_its_council_sees_them(world):
    with pytest.raises(NotAllowed):
        upload(world, new_form(), by="leader")
    with pytest.raises(NotAllowed):
        upload(world, new_form(), by="other_secretary")
    version = upload(world, new_form())
    confirm_form_version(version=version, by=world.people["secretary"], now=world.now)
    with pytest.raises(FormUnavailable):
        applying(world.other_council, "04a", date(2025, 12, 31))
    assert not FormVersion.objects.visible_to(world.people["other_secretary"]).exists()


# --- the pages ----------------------------------------------------------------------------------------------------


def test_the_list_says_what_applies_and_what_nobody_knows(world, sign_in):
    page = sign_in(world.people["leader"]).get(reverse("form-list")).content.decode()
    for text in (
        "09e/BTP/PBGDPL",
        "04a/TP/PBGDPL",
        "Chưa có danh mục cột",
        "Đang áp dụng",
        "TT 03/2019/TT-BTP, biểu 09e<",
    ):
        assert text in page
    for note in (
        "dulieuphapluat",
        "luatvietnam",
        "nhansu",
        "hocday",
        "suy từ",
    ):  # where it was read is no official's matter
        assert note not in page
    assert "Thêm bản biểu" not in page


@pytest.mark.parametrize(
    ("choice", "target"),
    [
        ("thong-ke:2024", "/bieu-mau/09e/2024/?lich=thong-ke"),
        ("thong-ke:2024-6t:so-bo", "/bieu-mau/09e/2024-6t/?lich=thong-ke&so-bo=1"),
        ("hanh-chinh:2024-q2", "/bieu-mau/09e/2024-q2/?lich=hanh-chinh"),
    ],
)
def test_choosing_a_form_and_a_period_opens_it(world, sign_in, choice, target):
    client = sign_in(world.people["secretary"])
    answer = client.get(reverse("form-list"), {"bieu": "09e", "ky": choice})
    assert (answer.status_code, answer.url) == (302, target)
    assert client.get(reverse("form-list"), {"bieu": "09e", "ky": "x"}).status_code == 200


def test_the_page_and_the_file_hold_the_same_numbers(world, sign_in):
    did(world, "b", "2024-03-20", PB01=4, PB02=1234)
    reported(world, "b", "2024-q2", PB01=4, PB02=1234, PB10="7.5", PB10a=7, PB10b=0, PB10c=0)
    client = sign_in(world.people["secretary"])
    page = client.get(reverse("form-fill", kwargs={"form": "09e", "code": "2024"}))
    text = page.content.decode()
    assert ">1.234<" in text and ">7,5<" in text
    assert "(9) Kinh phí – Tổng số là 7,5, khác tổng (10) + (11) + (12) là 7" in text
    answer = client.get(reverse("form-excel", kwargs={"form": "09e", "code": "2024"}))
    assert 'filename="Bieu_09e_can-tho_2024.xlsx"' in answer["Content-Disposition"]
    sheet = load_workbook(io.BytesIO(answer.content), data_only=True).active
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert cells.count(1234) == 2 and cells.count(7.5) == 2


@pytest.mark.parametrize(
    ("form", "code", "query", "said"),
    [
        ("04a", "2026", "", "Chưa có danh mục cột của TT 17/2025/TT-BTP"),
        ("09e", "2024-q1", "?lich=thong-ke", "Lịch thống kê không có kỳ quý"),
        ("09e", "2023-q1", "", "chưa mở Quý I năm 2023"),
        ("xyz", "2024", "", "Không có biểu “xyz”"),
        ("09e", "2024", "?lich=am-lich", "Không có lịch"),
    ],
)
@pytest.mark.parametrize("name", ["form-fill", "form-excel"])
def test_what_cannot_be_filled_in_is_told_in_words(world, sign_in, form, code, query, said, name):
    answer = sign_in(world.people["secretary"]).get(reverse(name, kwargs={"form": form, "code": code}) + query)
    assert answer.status_code == 409 and said in answer.content.decode()


def estimates_url(code="2024"):
    return reverse("form-estimates", kwargs={"form": "09e", "code": code}) + "?khoan=1-2"


def test_estimates_are_typed_shown_and_kept_when_refused(world, sign_in):
    client = sign_in(world.people["secretary"])
    answer = client.post(estimates_url(), {"version": "0", "c_3": "2", "c_4": "1.250", "c_10": "7,5"})
    assert answer.status_code == 302
    row = FormEstimate.objects.get()
    assert row.values == {"3": "2", "4": "1250", "10": "7.5"} and row.actual_until == date(2024, 11, 30)
    page = client.get(answer.url).content.decode()
    assert ">1.250<" in page and 'value="1.250"' in page and "Ước tính: chưa nhập ở cột" in page
    refused = client.post(estimates_url(), {"version": "1", "c_3": "-2", "c_4": "12,5"})
    text = refused.content.decode()
    assert refused.status_code == 422 and "không được âm" in text and 'value="12,5"' in text
    row.refresh_from_db()
    assert row.version == 1
    stale = client.post(estimates_url(), {"version": "0", "c_3": "9"})
    assert stale.status_code == 409 and "Số người khác vừa lưu" in stale.content.decode()
    assert RecordEntry.objects.filter(verb="save_form_estimates").count() == 1


def test_estimates_belong_to_the_secretariat_and_to_columns_that_can_be_estimated(world, sign_in):
    given = {"council": world.council, "form": FORMS["09e"], "period": "2024", "actual_until": date(2024, 11, 30),
             "now": world.now}  # fmt: skip
    with pytest.raises(NotAllowed):
        save_estimates(**given, allowed=["3"], values={}, version=0, by=world.people["leader"])
    with pytest.raises(Incomplete, match=r"\(1\) không ước tính được"):
        save_estimates(**given, allowed=["3"], values={"1": 5}, version=0, by=None)
    with pytest.raises(StaleVersion):
        save_estimates(**given, allowed=["3"], values={"3": 5}, version=4, by=None)
    page = sign_in(world.people["leader"]).get(
        reverse("form-fill", kwargs={"form": "09e", "code": "2024"}), {"so-bo": "1"}
    )
    assert page.status_code == 200 and "Lưu số ước tính" not in page.content.decode()
    stocks = sign_in(world.people["secretary"]).get(
        reverse("form-fill", kwargs={"form": "10c", "code": "2024"}), {"so-bo": "1"}
    )
    assert "Lưu số ước tính" not in stocks.content.decode()
