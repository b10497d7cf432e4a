"""Rows and files together: neither without the other, whatever fails, and nobody is told what is not so."""

import json
import os
import uuid

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies import tasks
from agencies.files import storing
from agencies.files.receiving import checked
from agencies.files.storing import StorageFails, content_of, keep, keep_anew, rows_and_files, walk
from agencies.files.virus import RefusedFile, ScannerSilent
from agencies.tables import shelf
from campaigns.evidence import store_evidence
from campaigns.models import Activity, Evidence
from reports.integrity import files_missing_or_left_over
from tests.files import PDF, pdf_with
from tests.reports.test_workbook_pages import address, download, hidden, send
from tests.reports.test_workbook_round import led
from tests.reports.workbook_files import text

pytestmark = pytest.mark.django_db


def full(*args, **kwargs):
    raise OSError(28, "No space left on device")


def pdfs(count: int) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(f"{n}.pdf", pdf_with(objects=f"% {n}\n")) for n in range(count)]


@pytest.fixture
def fills_up(monkeypatch):
    """A disk with room for two files."""
    save = storing.DurableFiles._save

    def saving(self, name, content):
        return save(self, name, content) if len(list(walk("minh-chung"))) < 2 else full()

    monkeypatch.setattr(storing.DurableFiles, "_save", saving)


def test_what_is_replaced_is_there_until_the_new_one_is(monkeypatch):
    keep("nhap-tam/a.json", b"old")
    with monkeypatch.context() as patched:
        patched.setattr("django.core.files.storage.FileSystemStorage._save", full)
        with pytest.raises(StorageFails):
            keep_anew("nhap-tam/a.json", b"new")
    with monkeypatch.context() as patched:
        patched.setattr(storing.os, "replace", full)
        with pytest.raises(StorageFails):
            keep_anew("nhap-tam/a.json", b"new")
    assert content_of("nhap-tam/a.json") == b"old" and list(walk("nhap-tam")) == ["nhap-tam/a.json"]
    monkeypatch.setattr(storing.DurableFiles, "delete", full)  # what the other click has just put there stays
    keep_anew("nhap-tam/a.json", b"new")
    assert content_of("nhap-tam/a.json") == b"new"


def test_a_bucket_puts_one_file_over_another(monkeypatch):
    class Bucket:
        file_overwrite, put = False, {}

        def _save(self, name, content):
            self.put[name] = content.read()
            return name

    monkeypatch.setattr(storing, "default_storage", Bucket())
    for content in (b"old", b"new"):
        keep_anew("a.json", content)
    assert Bucket.put == {"a.json": b"new"}


def test_a_new_folder_is_flushed_into_the_one_above_it(monkeypatch):
    flushed = []
    monkeypatch.setattr(storing, "_flush", flushed.append)
    keep("minh-chung/q1/a", b"x")
    root = default_storage.location
    assert flushed == [f"{root}/minh-chung/q1/a", f"{root}/minh-chung/q1", f"{root}/minh-chung", root]


def test_a_store_that_breaks_off_in_the_middle_is_told(monkeypatch):
    class Breaking:
        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def read(self):
            raise RuntimeError("connection reset")

    monkeypatch.setattr(storing.DurableFiles, "open", lambda *args: Breaking())
    with pytest.raises(StorageFails):
        content_of("minh-chung/a")


# --- rows and files ------------------------------------------------------------------------------------------------


def test_files_of_a_refused_sending_go_with_their_rows(world, sign_in, fills_up):
    line, report = world.report("a").lines.first(), {"code": "2024-q2", "agency": "a"}
    officer = sign_in(world.people["officer_a"])
    answer = officer.post(reverse("task-evidence", args=[world.tasks[0].pk]), {"files": pdfs(3)})
    assert answer.status_code == 503 and not Evidence.objects.exists() and list(walk("minh-chung")) == []
    answer = officer.post(reverse("line-evidence", kwargs=report | {"pk": line.pk}), {"tep": pdfs(3)}, follow=True)
    assert "Chưa lưu gì" in answer.content.decode() and list(walk("minh-chung")) == []


def test_an_outer_failure_takes_the_files_of_an_inner_success(world):
    given = {"agency": world.agencies["a"], "by": world.people["officer_a"], "now": world.now, "task": world.tasks[0]}
    with pytest.raises(ZeroDivisionError), rows_and_files():
        store_evidence(name="a.pdf", content=PDF, **given)
        assert len(list(walk("minh-chung"))) == 1
        raise ZeroDivisionError
    assert not Evidence.objects.exists() and list(walk("minh-chung")) == []
    store_evidence(name="a.pdf", content=PDF, **given)
    with pytest.raises(ZeroDivisionError), rows_and_files():  # what was there before it stays
        store_evidence(name="a.pdf", content=PDF, **given)
        raise ZeroDivisionError
    assert list(files_missing_or_left_over()) == [] and Evidence.objects.count() == 1


def test_an_activity_is_kept_with_all_its_files_or_not_at_all(world, sign_in, fills_up):
    typed = {"agency": world.agencies["a"].pk, "form_key": str(uuid.uuid4()), "held_on": "03/06/2024", "form": "school"}
    typed |= {"place": "Trường THPT A", "figure-PB02": "120", "tasks": [world.tasks[0].pk]}
    officer = sign_in(world.people["officer_a"])
    answer = officer.post("/hoat-dong/them/", typed | {"tep": pdfs(3)})
    assert answer.status_code == 503 and "Chưa lưu gì của lần gửi này" in answer.content.decode()
    assert not Activity.objects.exists() and list(walk("minh-chung")) == []


def test_what_was_applied_is_never_called_unsaved(world, sign_in, monkeypatch):
    """The disk is full after the figures are committed: the deed is told, and a second click does no harm."""
    officer = sign_in(world.people["officer_b"])
    book = download(officer)
    text(book.line(led(world).pk, "result"), "Kết quả")
    form = hidden(officer.get(send(officer, book.content).url).content.decode()) | {"ghi": "1"}
    with monkeypatch.context() as patched:
        patched.setattr("django.core.files.storage.FileSystemStorage._save", full)
        page = officer.post(address("report-upload-preview"), form, follow=True).content.decode()
    assert "Đã ghi 1 nhiệm vụ" in page and "không có nút hoàn tác" in page and "Chưa lưu gì" not in page
    version = led(world).version
    assert led(world).result == "Kết quả"
    assert officer.post(address("report-upload-preview"), form, follow=True).status_code < 500
    assert led(world).version == version


def test_two_clicks_write_the_same_note(rf, world):
    request = rf.get("/")
    request.user, request.session = world.people["officer_b"], {}
    token = shelf.put(request=request, place="x", content=b"PK", about={"n": 1}, now=world.now)
    for n in (2, 3):
        assert shelf.note_done(token, {"user": request.user.pk, "n": n})
    assert shelf.about(request=request, place="x", token=token)["n"] == 3 and not shelf.has_content(token)
    assert json.loads(content_of(f"nhap-tam/{token[:8]}/{token}.json"))["n"] == 3


def test_the_night_removes_uploads_that_nobody_confirmed():
    keep("nhap-tam/20240101/20240101" + "0" * 32 + ".tep", b"x")
    keep("minh-chung/aa/x", b"x")
    tasks.sweep_shelf(timestamp=0)
    assert list(walk()) == ["minh-chung/aa/x"]


def test_a_file_whose_row_is_still_to_come_is_not_left_over(world, monkeypatch):
    keep("minh-chung/qq/rac", b"x")
    assert list(files_missing_or_left_over()) == []
    os.utime(default_storage.path("minh-chung/qq/rac"), (0, 0))
    assert list(files_missing_or_left_over()) == ["Tệp không thuộc minh chứng nào: minh-chung/qq/rac"]
    monkeypatch.setattr("reports.integrity.walk", lambda folder: ["minh-chung/qq/da-bo"])  # dropped since it was listed
    assert list(files_missing_or_left_over()) == []


# --- a scanner that does not answer --------------------------------------------------------------------------------


def test_a_silent_scanner_is_asked_once_for_a_sending(settings, monkeypatch):
    asked = []

    def ask(address, content):
        asked.append(address)
        raise TimeoutError

    settings.PORTAL_CLAMAV = "127.0.0.1:1"
    monkeypatch.setattr("agencies.files.virus._ask", ask)
    with pytest.raises(ScannerSilent) as silent:
        checked(pdfs(5))
    assert asked == ["127.0.0.1:1"] and silent.value.status == 503 and "0.pdf" in silent.value.messages[0]
    settings.PORTAL_CLAMAV = ""
    with pytest.raises(RefusedFile) as refused:
        checked([*pdfs(2), SimpleUploadedFile("a.exe", b"MZ")])
    assert refused.value.status == 422 and "kể cả các tệp hợp lệ" in refused.value.messages[-1]
