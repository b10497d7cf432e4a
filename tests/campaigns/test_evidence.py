"""Files: checked by content, all or nothing, given out only to those who may see what they show."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.errors import NotAllowed
from agencies.files.kinds import check_file, shown_in_place
from agencies.files.virus import RefusedFile
from campaigns.activities import record_activity
from campaigns.evidence import store_evidence
from campaigns.models import Evidence
from tests.files import DOCX, JPG, PDF, PNG, XLSX, office

EXE = b"MZ\x90\x00" + b"1" * 50
BIN = {"word/vbaProject.bin": b"x"}


@pytest.mark.parametrize(
    ("name", "content", "media"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("ẢNH.PNG", PNG, "image/png"),
        ("a.jpg", JPG, "image/jpeg"),
        ("a.jpeg", JPG, "image/jpeg"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_files_that_are_kept(name, content, media):
    assert check_file(name, content) == media
    assert shown_in_place(media) == (media in ("application/pdf", "image/png", "image/jpeg"))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", EXE, "không phải là .pdf"),
        ("a.pdf", b"", "trống"),
        ("a.png", JPG, "không phải là .png"),
        ("a.exe", EXE, "Không nhận tệp"),
        ("a.pdf.exe", PDF, "Không nhận tệp"),
        ("a.svg", b"<svg/>", "Không nhận tệp"),
        ("a.html", b"<html>", "Không nhận tệp"),
        ("pdf", PDF, "Không nhận tệp"),
        ("a.docx", XLSX, "bên trong là bảng tính"),
        ("a.docx", b"PK\x03\x04broken", "không phải là .docx"),
        ("a.docx", office(DOCX, BIN), "macro"),
        ("a.xlsx", office(XLSX, {"xl/VBAPROJECT.BIN": b"x"}), "macro"),
        ("a.pdf", PDF + b"1" * (11 * 1024 * 1024), "quá mức 10 MB"),
    ],
)
def test_files_that_are_refused(name, content, said):
    with pytest.raises(RefusedFile, match=said):
        check_file(name, content)


def send(client, url, *files, **fields):
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(url, {"files": uploads} | fields)


def test_files_of_a_task_by_its_officers(world, sign_in):
    task = world.tasks[0]
    url = f"/nhiem-vu/{task.pk}/minh-chung/"
    cases = [
        (None, 200),  # the sign-in page; nothing is kept
        ("administrator", 403),
        ("approver_a", 403),
        ("secretary", 403),
        ("officer_c", 404),
        ("officer_x", 404),
        ("officer_a", 302),
        ("officer_b", 302),
    ]
    for who, status in cases:
        assert send(sign_in(world.people[who] if who else None), url, ("a.pdf", PDF)).status_code == status, who
    assert sorted(Evidence.objects.values_list("agency__code", flat=True)) == ["a", "b"]
    assert Evidence.objects.filter(task=task, media_type="application/pdf", size=len(PDF)).count() == 2


def test_all_or_nothing_and_every_refused_file_is_named(world, sign_in):
    client, url = sign_in(world.people["officer_a"]), f"/nhiem-vu/{world.tasks[0].pk}/minh-chung/"
    macro = office(DOCX, BIN)
    big = PDF + b"1" * (11 * 1024 * 1024)
    answer = send(client, url, ("tốt.pdf", PDF), ("giả.pdf", EXE), ("macro.docx", macro), ("lớn.pdf", big))
    text = answer.content.decode()
    assert answer.status_code == 422 and not Evidence.objects.exists()
    for words in ("“giả.pdf”", "có chứa macro", "“lớn.pdf” nặng 11 MB", "kể cả các tệp hợp lệ"):
        assert words in text
    assert "“tốt.pdf”" not in text
    assert send(client, url, ("tốt.pdf", PDF), ("hai.png", PNG)).status_code == 302
    assert Evidence.objects.count() == 2
    none, many = client.post(url), send(client, url, *[(f"{n}.pdf", PDF) for n in range(11)])
    assert (none.status_code, many.status_code, Evidence.objects.count()) == (422, 422, 2)
    assert "ít nhất một tệp" in none.content.decode() and "nhiều nhất 10 tệp" in many.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "..\\..\\x.pdf", "/tmp/y.pdf", "C:\\Users\\z.pdf"])
def test_a_name_never_leads_anywhere(world, settings, name):
    kept = store_evidence(
        agency=world.agencies["a"],
        by=world.people["officer_a"],
        now=world.now,
        name=name,
        content=PDF,
        task=world.tasks[0],
    )
    assert kept.original_name in {"passwd.pdf", "x.pdf", "y.pdf", "z.pdf"}
    assert re.fullmatch(r"minh-chung/([0-9a-f]{2})/\1[0-9a-f]{30}", kept.file.name)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == [settings.MEDIA_ROOT / kept.file.name]


def test_the_same_file_twice_is_one(world, settings):
    task, person = world.tasks[0], world.people["officer_a"]
    fields = {"agency": world.agencies["a"], "by": person, "now": world.now, "content": PDF}
    first = store_evidence(name="a.pdf", task=task, **fields)
    assert store_evidence(name="b.pdf", task=task, **fields) == first
    other = store_evidence(name="c.pdf", task=world.tasks[3], **fields)
    assert other != first and other.file.name != first.file.name and other.sha256 == first.sha256
    with pytest.raises(NotAllowed):
        store_evidence(name="a.pdf", task=task, **(fields | {"agency": world.agencies["b"]}))


def test_who_reads_a_file_and_how_it_is_given(world, sign_in):
    fields = {"agency": world.agencies["a"], "by": world.people["officer_a"], "now": world.now, "task": world.tasks[0]}
    pdf = store_evidence(name="Kế hoạch “số 1”.pdf", content=PDF, **fields)
    docx = store_evidence(name="Báo cáo.docx", content=DOCX, **fields)
    cases = [
        (None, 302),
        ("administrator", 403),
        ("officer_a", 200),
        ("approver_a", 200),
        ("officer_b", 404),
        ("secretary", 200),
        ("leader", 200),
        ("other_secretary", 404),
        ("officer_x", 404),
    ]
    for who, status in cases:
        assert sign_in(world.people[who] if who else None).get(f"/minh-chung/{pdf.pk}/").status_code == status, who
    client = sign_in(world.people["officer_a"])
    shown, saved = client.get(f"/minh-chung/{pdf.pk}/"), client.get(f"/minh-chung/{docx.pk}/")
    assert b"".join(shown.streaming_content) == PDF
    assert shown["Content-Disposition"].startswith("inline; filename*=utf-8''K%E1%BA%BF")
    assert saved["Content-Disposition"] == "attachment; filename*=utf-8''B%C3%A1o%20c%C3%A1o.docx"
    for answer in (shown, saved):
        assert answer["X-Content-Type-Options"] == "nosniff" and "private" in answer["Cache-Control"]


def test_a_file_lost_from_the_disk_is_told(world, sign_in):
    kept = store_evidence(
        agency=world.agencies["a"],
        by=world.people["officer_a"],
        now=world.now,
        name="mất.pdf",
        content=PDF,
        task=world.tasks[0],
    )
    kept.file.storage.delete(kept.file.name)
    answer = sign_in(world.people["officer_a"]).get(f"/minh-chung/{kept.pk}/")
    assert answer.status_code == 404 and "không đọc được trên máy chủ" in answer.content.decode()


def test_the_signed_text_of_a_plan(world, sign_in):
    client, url = sign_in(world.people["secretary"]), f"/ke-hoach/{world.plan.pk}/van-ban/"
    assert send(client, url, ("giả.pdf", EXE)).status_code == 422
    assert send(client, url, ("Kế hoạch.pdf", PDF)).status_code == 302
    kept = Evidence.objects.get()
    assert (kept.plan, kept.agency.code) == (world.plan, "stp")
    # Every party reads what it signed; the others do not.
    for who, status in [("officer_b", 200), ("officer_c", 404), ("other_secretary", 404)]:
        assert sign_in(world.people[who]).get(f"/minh-chung/{kept.pk}/").status_code == status, who
    assert "Kế hoạch.pdf" in sign_in(world.people["officer_b"]).get(f"/ke-hoach/{world.plan.pk}/").content.decode()
    type(world.council).objects.filter(pk=world.council.pk).update(standing_agency=None)
    answer = send(client, url, ("b.pdf", PDF))
    assert answer.status_code == 409 and "chưa có cơ quan thường trực" in answer.content.decode()


def test_files_of_an_activity(world, sign_in):
    activity = record_activity(
        agency=world.agencies["a"], by=world.people["officer_a"], now=world.now, title="Việc", held_on=world.today
    )
    url, client = f"/hoat-dong/{activity.pk}/minh-chung/", sign_in(world.people["officer_a"])
    assert send(client, url, ("ảnh.jpg", JPG)).status_code == 302
    wrong = send(client, url, ("ảnh.jpg", EXE))
    assert wrong.status_code == 422 and "không phải là .jpg" in wrong.content.decode()
    assert [kept.activity for kept in Evidence.objects.all()] == [activity]


def test_an_officer_of_two_agencies_says_whose_file_it_is(world, sign_in):
    from agencies.membership import join
    from agencies.models import Role

    person = world.people["officer_a"]
    join(user=person, scope=world.agencies["b"], role=Role.LIAISON, by=None, now=world.now, on=world.today)
    client = sign_in(type(person).objects.get(pk=person.pk))
    url = f"/nhiem-vu/{world.tasks[0].pk}/minh-chung/"
    for agency in ("", world.agencies["c"].pk, world.agencies["x"].pk):
        assert send(client, url, ("a.pdf", PDF), agency=agency).status_code == 422
    assert send(client, url, ("a.pdf", PDF), agency=world.agencies["b"].pk).status_code == 302
    assert Evidence.objects.get().agency == world.agencies["b"]
