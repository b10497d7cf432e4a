"""Personal data: masked for those without need, handed over on request, erased without the record losing its truth."""

import json
import logging
import sys

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from agencies.comments import comment
from agencies.erasure import erase_person, personal_data
from agencies.errors import BusinessError, Incomplete, NotAllowed, WrongState
from agencies.journal import chain
from agencies.models import Comment, RecordEntry, User
from agencies.privacy import masked_email, masked_phone
from agencies.pseudonyms import ERASED, Pseudonyms

pytestmark = pytest.mark.django_db
PHONE, EMAIL = "0912 345 678", "nguoi.a@cantho.gov.vn"
REASON = "Theo đơn đề nghị ngày 12/10/2026"


@pytest.fixture
def person(world) -> User:
    """Officer A, who can be reached."""
    found = world.people["officer_a"]
    found.phone, found.email = PHONE, EMAIL
    found.save()
    return found


@pytest.mark.parametrize(
    ("phone", "expected"),
    [
        ("0912 345 678", "•••678"),
        ("+84 912.345.678", "•••678"),
        ("113", "•••"),
        ("", ""),
        ("xin số ở văn phòng", "•••"),
    ],
)
def test_a_masked_telephone(phone, expected):
    assert masked_phone(phone) == expected


@pytest.mark.parametrize(
    ("email", "expected"),
    [(EMAIL, "n•••@cantho.gov.vn"), ("a@b.vn", "a•••@b.vn"), ("", ""), ("không phải thư", "•••"), ("@b.vn", "•••")],
)
def test_a_masked_address(email, expected):
    assert masked_email(email) == expected


# who → how the page of agency A and its handover show officer A: whole, masked, or no such page for them
SEES = {
    "officer_a": "whole",
    "approver_a": "whole",
    "viewer_a_officer_b": "whole",
    "secretary": "whole",
    "administrator": "whole",
    "leader": "masked",
    "officer_b": "nothing",
    "other_secretary": "nothing",
    "outsider": "nothing",
}


def test_who_sees_how_to_reach_a_person(world, person, sign_in):
    for who, expected in SEES.items():
        client, found = sign_in(world.people[who]), set()
        for name in ("agency-detail", "agency-handover"):
            response = client.get(reverse(name, args=[world.agencies["a"].pk]))
            if response.status_code == 200:
                page = response.content.decode()
                whole = PHONE in page and EMAIL in page
                masked = "•••678" in page and "n•••@cantho.gov.vn" in page and PHONE not in page and EMAIL not in page
                found.add("whole" if whole else "masked" if masked else "wrong")
        assert (found or {"nothing"}) == {expected}, who


def test_no_page_file_or_search_gives_it_to_others(world, person, sign_in):
    pages = ["/tim-kiem/?q=0912", "/tim-kiem/?q=nguoi.a@cantho", "/tim-kiem/?q=Người officer_a", "/co-quan/"]
    pages += ["/co-quan/?xuat=csv", "/co-quan/?xuat=xlsx", "/nhat-ky/", "/nhat-ky/?xuat=csv", "/nhiem-vu/?xuat=csv"]
    pages += ["/co-quan/nguoi-dung/?xuat=csv", f"/co-quan/hoi-dong/{world.council.code}/"]
    for who in ("leader", "officer_b", "other_secretary", "outsider"):
        client = sign_in(world.people[who])
        for path in pages:
            response = client.get(path)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            assert PHONE.encode() not in content and EMAIL.encode() not in content, (who, path)
    whole = b"".join(sign_in(world.people["administrator"]).get(pages[9]).streaming_content).decode()
    assert PHONE in whole and EMAIL in whole  # the list that the import reads back


def test_what_nobody_may_rewrite_holds_no_way_to_reach_anybody(person):
    columns = {field.name for field in User.pgh_event_model._meta.fields}
    assert columns & {"phone", "email", "password", "last_login"} == set() and "full_name" in columns
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM agencies_recordentry WHERE changes::text ~ %s", [f"{PHONE}|{EMAIL}"])
        assert cursor.fetchone() == (0,)


def test_a_person_takes_their_data_along(world, person, sign_in):
    comment(obj=world.tasks[0], by=person, now=world.now, text="Ý kiến của tôi")
    response = sign_in(person).post(reverse("person-data-file", args=[person.pk]))
    data = json.loads(response.content)
    assert data["tài khoản"]["điện thoại"] == PHONE and data["tài khoản"]["họ và tên"] == person.full_name
    assert data["vai trò"][0]["tại"] == "Công an" and data["ý kiến đã viết"][0]["text"] == "Ý kiến của tôi"
    assert any("Giao vai trò" in line["việc"] or "ý kiến" in line["việc"].lower() for line in data["nhật ký"])
    (line,) = RecordEntry.objects.filter(kind=RecordEntry.Kind.EXPORT)
    assert (line.verb, line.actor) == ("export_person", person)
    with pytest.raises(NotAllowed):
        personal_data(person=person, by=world.people["secretary"], now=world.now)


def test_who_may_look_at_a_persons_data(world, person, sign_in):
    url = reverse("person-data", args=[person.pk])
    for who, status in {"officer_a": 200, "administrator": 200, "secretary": 404, "officer_b": 404}.items():
        assert sign_in(world.people[who]).get(url).status_code == status, who


def test_an_erased_person_is_a_number_and_the_record_stays_true(world, person, sign_in):
    name, administrator = person.full_name, world.people["administrator"]
    comment(obj=world.tasks[0], by=person, now=world.now, text="Ý kiến còn lại")
    lines = RecordEntry.objects.filter(actor=person).count()
    client = sign_in(administrator)
    refused = client.post(reverse("person-erase", args=[person.pk]), {"reason": "ngắn"})
    assert refused.status_code == 422 and User.objects.get(pk=person.pk).full_name == name
    assert client.post(reverse("person-erase", args=[person.pk]), {"reason": REASON}).status_code == 302
    erased = User.objects.get(pk=person.pk)
    assert (erased.full_name, erased.phone, erased.email) == (ERASED.format(pk=person.pk), "", "")
    assert not erased.is_active and not erased.has_usable_password() and not erased.memberships.filter(left_on=None)
    assert Comment.objects.get(author=person).text == "Ý kiến còn lại"
    assert RecordEntry.objects.filter(actor=person).count() == lines >= 1
    line = RecordEntry.objects.get(verb="erase_person")
    assert line.reason == REASON and name not in line.summary
    connection.check_constraints()
    assert list(chain.findings()) == []
    again = erase_person(person=erased, by=administrator, now=world.now, reason=REASON)
    assert again.pk == person.pk and RecordEntry.objects.filter(verb="erase_person").count() == 1
    for who in ("administrator", "secretary", "approver_a"):
        reader = sign_in(world.people[who])
        page = reader.get(reverse("record")).content.decode()
        file = b"".join(reader.get(reverse("record"), {"xuat": "csv"}).streaming_content).decode()
        assert f"{name}" not in page.replace(f"{name}_", "") and f"{name}," not in file, who
        assert ERASED.format(pk=person.pk) in page
    for url_name, pk in (("agency-detail", world.agencies["a"].pk), ("task-detail", world.tasks[0].pk)):
        page = sign_in(world.people["secretary"]).get(reverse(url_name, args=[pk])).content.decode()
        assert name not in page and ERASED.format(pk=person.pk) in page, url_name


def test_a_namesake_keeps_the_name(world, person):
    other = world.people["officer_c"]
    User.objects.filter(pk=other.pk).update(full_name=person.full_name)
    erase_person(person=person, by=world.people["administrator"], now=world.now, reason=REASON)
    assert Pseudonyms().instead(f"{other.full_name} nộp báo cáo") == f"{other.full_name} nộp báo cáo"


def test_who_cannot_be_erased_and_by_whom(world, person):
    tried = {
        ("officer_a", "secretary"): NotAllowed,
        ("officer_a", "other_secretary"): NotAllowed,
        ("administrator", "administrator"): NotAllowed,
        ("officer_x", "administrator"): NotAllowed,
    }
    for (who, by), error in tried.items():
        with pytest.raises(error):
            erase_person(person=world.people[who], by=world.people[by], now=world.now, reason=REASON)
    with pytest.raises(Incomplete):
        erase_person(person=person, by=world.people["administrator"], now=world.now, reason="")
    with pytest.raises(WrongState, match="quản trị duy nhất"):
        erase_person(person=world.people["administrator"], by=None, now=world.now, reason=REASON)
    assert issubclass(WrongState, BusinessError) and not RecordEntry.objects.filter(verb="erase_person").exists()


def test_the_commands(world, person, tmp_path, capsys):
    call_command("export_person", person.username, tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["tài khoản"]["thư điện tử"] == EMAIL
    assert (tmp_path / "a.json").stat().st_mode & 0o077 == 0
    with pytest.raises(Exception, match="Không có tài khoản"):
        call_command("export_person", "khong.co", tmp_path / "b.json")


@pytest.mark.parametrize("path", ["/dang-nhap/", "/khong-co/0912345678/", "/co-quan/999999/"])
def test_the_servers_log_names_nobody(world, person, sign_in, caplog, path):
    caplog.set_level(logging.DEBUG)
    client = sign_in(None)
    client.post("/dang-nhap/", {"username": person.username, "password": "sai"})
    sign_in(person).get(path)
    assert person.username not in caplog.text and EMAIL not in caplog.text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('duplicate key\nDETAIL:  Key (username)=(an.nguyen) already exists.', "duplicate key\nDETAIL: (lược bỏ)"),
        ("Failing\nDETAIL:  Failing row contains (1, Nguyễn Văn A,\n0912345678).\nCONTEXT:  x", "Failing\nDETAIL: (lược bỏ)\nCONTEXT: (lược bỏ)"),
        ("thư tới an.nguyen@cantho.gov.vn hỏng", "thư tới •••@••• hỏng"),
        ("gọi 0912 345 678 hoặc +84912345678", "gọi ••• hoặc •••"),
        ("GET /lich/abc:def-9.ics 500", "GET /lich/….ics 500"),
        ("2026-11-22 15:01:20,123 số 1234567890123", "2026-11-22 15:01:20,123 số 1234567890123"),
    ],
)  # fmt: skip
def test_what_the_log_drops(line, expected):
    from portal.log_privacy import NoPersonalData, scrubbed

    assert scrubbed(line) == expected
    try:
        raise ValueError(line)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "%s", (line,), sys.exc_info())
    assert NoPersonalData().filter(record) and record.getMessage() == expected
    assert logging.Formatter().format(record).count(expected.splitlines()[-1]) == 2
