"""Files come in by one gate: their number, their size, a scanner that must answer, wherever they are sent."""

import ast
import io
import os
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.files.receiving import checked, safe_name
from agencies.files.storing import walk
from agencies.files.virus import RefusedFile, ScannerSilent, refuse_infected
from campaigns.activities import record_activity
from campaigns.models import Evidence, PlanImport
from reports.models import FormVersion, WordTemplate
from tests.clamd import clamd
from tests.files import DOCX, PDF, XLSX, parts_of, pdf_with, zipped
from tests.nasty_files import EICAR

ROOT = Path(__file__).resolve().parents[2]
INFECTED_PDF = pdf_with(objects=f"% {EICAR.decode()}\n")
# Not packed: the tiny scanner below looks no deeper; the real one does.
INFECTED_DOCX = zipped(parts_of(DOCX) | {"word/media/a.txt": EICAR}, zipfile.ZIP_STORED)
INFECTED_XLSX = zipped(parts_of(XLSX) | {"xl/media/a.txt": EICAR}, zipfile.ZIP_STORED)


def uploaded(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


# --- the scanner -------------------------------------------------------------------------------------------------


def test_a_clean_file_passes_and_an_infected_one_does_not(settings, tmp_path):
    for path in ("", str(tmp_path / "clamd.sock")):
        with clamd(path=path) as settings.PORTAL_CLAMAV:
            refuse_infected(PDF * 300, "a.pdf")  # several pieces
            with pytest.raises(RefusedFile, match="có mã độc \\(Win.Test.EICAR_HDB-1\\).*không được lưu.*quét máy"):
                refuse_infected(EICAR, "a.pdf")


@pytest.mark.parametrize(
    "answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK", b"\0", b"stream: Ok\0", b"x" * 9000]
)
def test_any_other_answer_keeps_the_file_out(settings, caplog, answer):
    with clamd(answer) as settings.PORTAL_CLAMAV:
        with pytest.raises(ScannerSilent, match="máy quét không trả lời.*chưa được lưu.*gửi lại tệp sau ít phút"):
            refuse_infected(PDF, "bí mật.pdf")
    assert "bí mật" not in caplog.text


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/khong/co/clamd.sock", "nowhere.invalid:3310", "sai"])
def test_no_scanner_no_file(settings, address):
    settings.PORTAL_CLAMAV = address
    with pytest.raises(ScannerSilent):
        refuse_infected(PDF, "a.pdf")


def places(world) -> list[tuple[str, str, str, str, bytes, dict]]:
    """Every place that takes files: (who, address, field, name, infected bytes, what is sent besides)."""
    line = world.report("a").lines.first()
    activity = record_activity(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, title="Việc", held_on=world.today
    )
    report = {"code": "2024-q2", "agency": "a"}
    held = {"title": "Nói chuyện", "held_on": world.today.strftime("%d/%m/%Y"), "form": "direct", "anyway": "1"}
    held |= {"agency": world.agencies["a"].pk, "sites-TOTAL_FORMS": 0, "sites-INITIAL_FORMS": 0}
    return [
        ("officer_a", reverse("task-evidence", args=[world.tasks[0].pk]), "files", "a.pdf", INFECTED_PDF, {}),
        ("officer_a", reverse("activity-evidence", args=[activity.pk]), "files", "a.pdf", INFECTED_PDF, {}),
        ("officer_a", reverse("activity-create"), "tep", "a.pdf", INFECTED_PDF, held),
        ("officer_a", reverse("line-evidence", kwargs=report | {"pk": line.pk}), "tep", "a.pdf", INFECTED_PDF, {}),
        ("officer_a", reverse("report-line", kwargs=report | {"pk": line.pk}), "tep", "a.pdf", INFECTED_PDF,
         {"version": line.version, "status": "in_progress", "percent": "40", "result": "Đã làm", "difficulty": "", "proposal": ""}),
        ("secretary", f"/ke-hoach/{world.plan.pk}/van-ban/", "files", "a.pdf", INFECTED_PDF, {}),
        ("secretary", reverse("plan-import"), "file", "a.docx", INFECTED_DOCX, {}),
        ("secretary", reverse("register-import", args=["co-quan"]), "file", "a.xlsx", INFECTED_XLSX,
         {"council": world.council.pk}),
        ("officer_a", reverse("activity-import"), "file", "a.xlsx", INFECTED_XLSX, {"council": world.council.pk}),
        ("officer_a", reverse("report-upload", kwargs=report), "file", "a.xlsx", INFECTED_XLSX, {}),
        ("secretary", reverse("template-list"), "file", "a.docx", INFECTED_DOCX, {}),
        ("secretary", reverse("form-upload"), "file", "a.xlsx", INFECTED_XLSX, {}),
    ]  # fmt: skip


def test_no_place_takes_an_infected_file_or_one_that_nobody_scanned(world, sign_in, settings):
    asked = places(world)
    before = [model.objects.count() for model in (Evidence, PlanImport, WordTemplate, FormVersion)]
    with clamd() as scanner:
        for address, words in (
            (scanner, "có mã độc (Win.Test.EICAR_HDB-1)"),
            ("127.0.0.1:1", "máy quét không trả lời"),
        ):
            settings.PORTAL_CLAMAV = address
            for who, url, field, name, content, besides in asked:
                client = sign_in(world.people[who])
                answer = client.post(url, besides | {field: uploaded(name, content)}, follow=True)
                assert words in answer.content.decode(), (url, answer.status_code)
    assert before == [model.objects.count() for model in (Evidence, PlanImport, WordTemplate, FormVersion)]
    assert list(walk()) == []


def test_every_view_with_files_reads_them_at_the_gate():
    """A place that is not in the table above, or reads an upload by itself, fails here."""
    views = [path for room in ("agencies", "campaigns", "reports", "portal") for path in (ROOT / room).rglob("*.py")]
    taking = [path for path in views if "request.FILES" in path.read_text()]
    assert {path.name for path in taking} == {
        "views_imports.py", "evidence.py", "activity_entry.py", "plans.py", "imports.py", "lines.py", "workbook.py",
        "form_versions.py", "word_templates.py", "unfinished.py", "bulk_activities.py",
    }  # fmt: skip
    for path in taking:
        calls = [node.func.attr for node in ast.walk(ast.parse(path.read_text()))
                 if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]  # fmt: skip
        assert not {"read", "chunks", "readlines"} & set(calls), path


# --- how many, how big, under which name --------------------------------------------------------------------------


def test_too_many_files_are_refused_everywhere_with_what_was_typed_kept(world, sign_in, settings):
    for who, url, field, _name, _content, besides in places(world)[:6]:
        client = sign_in(world.people[who])
        besides = besides | ({"result": "Câu đã gõ"} if "result" in besides else {})
        answer = client.post(url, besides | {field: [uploaded(f"{n}.pdf", PDF) for n in range(60)]}, follow=True)
        text = answer.content.decode()
        assert "nhiều nhất 10 tệp; bạn chọn 60 tệp" in text, url
        assert "result" not in besides or "Câu đã gõ" in text
    assert not Evidence.objects.exists() and list(walk()) == []


def test_a_sending_beyond_all_measure_is_not_read(world, sign_in, settings):
    settings.PORTAL_MAX_UPLOAD_BYTES = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    url = reverse("task-evidence", args=[world.tasks[0].pk])
    answer = sign_in(world.people["officer_a"]).post(url, {"files": uploaded("a.pdf", PDF * 30)})
    assert answer.status_code == 413 and "quá lớn" in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("bao-cao\u202efdp.exe", "bao-caofdp.exe"),
        ("a\u200b\ufeffb.pdf", "ab.pdf"),
        ("a\r\nContent-Type: text/html\r\n.pdf", "html .pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\x00b\x1b[31m.pdf", "ab[31m.pdf"),
        ("Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("x" * 300, "x" * 255),
        ("\u202e", "tep"),
        ("CON", "CON"),
    ],
)
def test_a_name_hides_nothing(given, kept):
    assert safe_name(given) == kept


def test_a_refused_files_name_is_told_without_tricks():
    with pytest.raises(RefusedFile) as refused:
        checked([uploaded("bao-cao\u202efdp.exe", b"MZ")])
    assert "\u202e" not in " ".join(refused.value.messages)


# --- where files lie ----------------------------------------------------------------------------------------------


@pytest.fixture
def bucket(settings):
    """A store without folders or paths of this machine, as S3 is."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    settings.MEDIA_ROOT = "/nowhere"
    return default_storage


def test_everything_works_without_a_local_path(bucket, world, sign_in):
    from django.core.management import call_command

    officer, url = sign_in(world.people["officer_a"]), reverse("task-evidence", args=[world.tasks[0].pk])
    assert officer.post(url, {"files": uploaded("Biên bản.pdf", PDF)}).status_code == 302
    kept = Evidence.objects.get()
    assert b"".join(officer.get(f"/minh-chung/{kept.pk}/").streaming_content) == PDF
    upload = reverse("register-import", args=["co-quan"])
    sent = {
        "council": world.council.pk,
        "file": uploaded("a.csv", "Mã,Tên cơ quan\nq1,Hội Nông dân thành phố\n".encode()),
    }
    secretary = sign_in(world.people["secretary"])
    answer = secretary.post(upload, sent, follow=True)
    assert answer.status_code == 200 and any(name.startswith("nhap-tam/") for name in walk())
    out = io.StringIO()
    call_command("check_integrity", deep=True, stdout=out)
    assert "Không có sai lệch" in out.getvalue()


def test_check_integrity_finds_lost_changed_and_left_over_files(world, sign_in):
    from reports.integrity import files_altered, files_missing_or_left_over

    client = sign_in(world.people["officer_a"])
    for n in range(3):
        url = reverse("task-evidence", args=[world.tasks[0].pk])
        client.post(url, {"files": uploaded(f"{n}.pdf", pdf_with(objects=f"% {n}\n"))})
    assert [*files_missing_or_left_over(), *files_altered()] == []
    lost, longer, altered = Evidence.objects.order_by("pk")
    default_storage.delete(lost.file.name)
    for row, change in ((longer, lambda old: old + b" "), (altered, lambda old: old.replace(b"2", b"3"))):
        path = Path(default_storage.path(row.file.name))
        path.write_bytes(change(path.read_bytes()))
    Path(default_storage.path("minh-chung/zz")).mkdir()
    Path(default_storage.path("minh-chung/zz/rac")).write_bytes(b"x")
    os.utime(default_storage.path("minh-chung/zz/rac"), (0, 0))
    assert list(files_missing_or_left_over()) == [
        f"Thiếu tệp của minh chứng số {lost.pk}: 0.pdf",
        f"Tệp của minh chứng số {longer.pk} đã bị thay đổi: 1.pdf",
        "Tệp không thuộc minh chứng nào: minh-chung/zz/rac",
    ]
    assert [text.split(":")[0] for text in files_altered()] == [
        f"Không đọc được tệp của minh chứng số {lost.pk}",
        f"Nội dung tệp của minh chứng số {longer.pk} khác lúc gửi",
        f"Nội dung tệp của minh chứng số {altered.pk} khác lúc gửi",
    ]


def test_a_full_disk_is_told_and_leaves_nothing(world, sign_in, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    client, url = sign_in(world.people["officer_a"]), reverse("task-evidence", args=[world.tasks[0].pk])
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", full)
    answer = client.post(url, {"files": uploaded("a.pdf", PDF)})
    assert answer.status_code == 503 and "Kho tệp trên máy chủ đang không nhận tệp" in answer.content.decode()
    assert not Evidence.objects.exists()
    monkeypatch.undo()
    assert client.post(url, {"files": uploaded("a.pdf", PDF)}).status_code == 302


def test_a_store_that_is_silent_is_told(world, sign_in, monkeypatch):
    from agencies.files import storing

    def silent(*args, **kwargs):
        raise RuntimeError("no answer")

    client, url = sign_in(world.people["officer_a"]), reverse("task-evidence", args=[world.tasks[0].pk])
    client.post(url, {"files": uploaded("a.pdf", PDF)})
    kept = Evidence.objects.get()
    for name in ("_open", "exists", "listdir"):
        monkeypatch.setattr(storing.DurableFiles, name, silent)
    answer = client.get(f"/minh-chung/{kept.pk}/")
    assert answer.status_code == 503 and "Kho tệp trên máy chủ đang không đọc được" in answer.content.decode()
    sent = {"council": world.council.pk, "file": uploaded("a.csv", "Mã,Tên cơ quan\nq1,Hội Nông dân\n".encode())}
    told = sign_in(world.people["secretary"]).post(reverse("register-import", args=["co-quan"]), sent)
    assert told.status_code == 503


@pytest.mark.parametrize(
    ("address", "told"),
    [("https://x/", "phải là một thư mục"), ("s3://", "phải là"), ("s3://kho?khoa=1", "phải là"), ("s3://u:p@kho", "phải là"),
     ("s3://kho/tep", "requirements-s3.txt")],
)  # fmt: skip
def test_a_store_that_cannot_be_is_told_at_the_start(address, told, monkeypatch):
    from portal import file_store

    monkeypatch.setattr(file_store.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ValueError, match=told):
        file_store.parse_files_url(address, Path("/tmp"))


def test_a_bucket_is_named_by_one_address(monkeypatch):
    from portal import file_store

    monkeypatch.setattr(file_store.importlib.util, "find_spec", lambda name: True)
    folder, store = file_store.parse_files_url(
        "s3://kho/pbgdpl?endpoint=https://s3.x.vn&region=hn&sse=AES256", Path("/d")
    )
    assert folder == Path("/d") and store["BACKEND"] == "storages.backends.s3.S3Storage"
    given = store["OPTIONS"]
    assert (given["bucket_name"], given["location"], given["endpoint_url"]) == ("kho", "pbgdpl", "https://s3.x.vn")
    assert given["default_acl"] is None and given["querystring_auth"] and not given["file_overwrite"]
    assert given["object_parameters"] == {"ServerSideEncryption": "AES256"} and given["region_name"] == "hn"
