"""Telling people: once, to them alone, in the portal always and by e-mail where they have an address."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies.mail import NotAllMailed, body, mail_notices, subject
from agencies.models import Notice, User
from agencies.notices import mark_read, notify, take_back
from portal.email_url import parse_email_url

LIST = reverse("notice-list")


def tell(world, *names, **more) -> list[Notice]:
    arguments = {"kind": Notice.Kind.REMINDER, "text": "Đề nghị nộp báo cáo", "now": world.now} | more
    return notify(to=[world.people[name] for name in names], **arguments)


def address(world, *names) -> None:
    for name in names:
        world.people[name].email = f"{name}@example.vn"
        world.people[name].save()


def jobs() -> list[dict]:
    return list(ProcrastinateJob.objects.filter(task_name="agencies.mail_notices").values_list("args", flat=True))


# --- writing ---------------------------------------------------------------------------------------------------------


def test_told_once_under_a_key_and_never_of_ones_own_deed(world):
    assert len(tell(world, "officer_a", "officer_a", "officer_b", key="k", by=world.people["officer_b"])) == 1
    assert tell(world, "officer_a", key="k") == []
    assert len(tell(world, "officer_a")) == 1  # without a key each is a notice of its own
    assert tell(world, "inactive") == []


def test_taking_back_spares_who_has_read_it(world):
    Notice.objects.all().delete()
    tell(world, "officer_a", "officer_b", key="k")
    mark_read(user=world.people["officer_b"], now=world.now)
    assert take_back(key="k") == {world.people["officer_b"].pk}
    assert not Notice.objects.filter(recipient=world.people["officer_a"]).exists()


# --- e-mail ----------------------------------------------------------------------------------------------------------


def test_a_job_for_those_with_an_address_and_none_for_a_verb_that_is_taken_back(world):
    address(world, "officer_a")
    (notice, _without) = tell(world, "officer_a", "officer_b")
    assert jobs() == [{"notices": [notice.pk]}]
    tell(world, "officer_a", kind=Notice.Kind.ACCEPTED)  # read in the portal, nothing to do about it
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(world, "officer_a")
        _ = 1 / 0
    assert len(jobs()) == 1
    (again,) = tell(world, "officer_a", key="k")
    assert jobs()[-1] == {"notices": [Notice.objects.get(key="k").pk]} and again.key == "k"


def test_sent_once_in_plain_words(world, settings):
    settings.PORTAL_URL = "https://pbgdpl.example.gov.vn"
    address(world, "officer_a")
    (notice,) = tell(world, "officer_a", text="Đề nghị nộp\nBcc: ai@kia.vn", path="/viec-cua-toi/")
    assert mail_notices(notices=[notice.pk, 999_999], now=world.now) == 1
    assert mail_notices(notices=[notice.pk], now=world.now) == 0
    (sent,) = mail.outbox
    assert sent.subject == "[PBGDPL] Đôn đốc: Đề nghị nộp Bcc: ai@kia.vn" and sent.to == ["officer_a@example.vn"]
    assert "Kính gửi Người officer_a" in sent.body and "https://pbgdpl.example.gov.vn/viec-cua-toi/" in sent.body
    notice.refresh_from_db()
    assert notice.mailed_at == world.now


def test_without_an_own_address_the_letter_names_the_place(world, settings):
    settings.PORTAL_URL = ""
    (notice,) = tell(world, "officer_a", text="x" * 500)
    assert "mục Thông báo" in body(notice) and "http" not in body(notice)
    assert len(subject(notice)) == 120


@pytest.mark.parametrize("change", ["closed", "no address", "stale"])
def test_who_gets_no_letter(world, change):
    address(world, "officer_a")
    (notice,) = tell(world, "officer_a")
    now = world.now
    if change == "closed":
        User.objects.filter(pk=world.people["officer_a"].pk).update(is_active=False)
    elif change == "no address":
        User.objects.filter(pk=world.people["officer_a"].pk).update(email="")
    else:
        now += timedelta(days=4)
    assert mail_notices(notices=[notice.pk], now=now) == 0 and mail.outbox == []


def test_one_refused_address_does_not_keep_the_others_waiting(world, monkeypatch):
    address(world, "officer_a", "officer_b", "officer_c")
    notices = tell(world, "officer_a", "officer_b", "officer_c")
    real, refused = mail.EmailMessage.send, {"officer_b@example.vn"}

    def send(message, **more):
        if refused & set(message.to):
            raise smtplib.SMTPRecipientsRefused({})
        return real(message, **more)

    monkeypatch.setattr("agencies.mail.EmailMessage.send", send)
    ids = [notice.pk for notice in notices]
    with pytest.raises(NotAllMailed):
        mail_notices(notices=ids, now=world.now)
    assert [message.to[0][:9] for message in mail.outbox] == ["officer_a", "officer_c"]
    refused.clear()
    assert mail_notices(notices=ids, now=world.now) == 1


@pytest.mark.parametrize(
    ("url", "backend", "host", "port", "tls", "ssl", "user"),
    [
        ("smtp://mail.tinh.vn", "smtp", "mail.tinh.vn", 25, False, False, ""),
        ("smtp+tls://cong%40tinh.vn:m%3Ak@mail.tinh.vn", "smtp", "mail.tinh.vn", 587, True, False, "cong@tinh.vn"),
        ("smtps://u:p@mail.tinh.vn:2465", "smtp", "mail.tinh.vn", 2465, False, True, "u"),
        ("file:", "filebased", "", 25, False, False, ""),
        ("console:", "console", "", 25, False, False, ""),
    ],
)
def test_mail_addresses(tmp_path, url, backend, host, port, tls, ssl, user):
    found = parse_email_url(url, tmp_path)
    assert found["backend"] == f"django.core.mail.backends.{backend}.EmailBackend"
    assert (found["host"], found["port"], found["tls"], found["ssl"], found["user"]) == (host, port, tls, ssl, user)
    assert found["folder"] == str(tmp_path)


@pytest.mark.parametrize("url", ["imap://x", "smtp:", "mail.tinh.vn:25"])
def test_other_mail_addresses_are_refused_in_words(tmp_path, url):
    with pytest.raises(ValueError, match="PORTAL_EMAIL_URL"):
        parse_email_url(url, tmp_path)


def test_the_morning_job_is_on_the_timetable():
    task = app.tasks["reports.send_reminders"]
    (periodic,) = [entry for entry in app.periodic_registry.periodic_tasks.values() if entry.task is task]
    # The next instant after midnight UTC on 10/06/2024 is 00:30 UTC: 07:30 in Việt Nam.
    midnight = 1_717_977_600.0
    assert periodic.croniter.get_next(ret_type=float, start_time=midnight) == midnight + 30 * 60


# --- the pages -------------------------------------------------------------------------------------------------------


def test_everybody_sees_their_own(world, sign_in):
    Notice.objects.all().delete()
    tell(world, "officer_a", text="Chỉ dành cho cán bộ A")
    assert "Chỉ dành cho cán bộ A" in sign_in(world.people["officer_a"]).get(LIST).content.decode()
    for name in ("officer_b", "approver_a", "secretary", "administrator"):
        assert "Chỉ dành cho cán bộ A" not in sign_in(world.people[name]).get(LIST).content.decode()
    notice = Notice.objects.get()
    assert sign_in(world.people["officer_b"]).post(reverse("notice-open", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_bell_counts_and_can_be_emptied(world, sign_in):
    Notice.objects.all().delete()
    officer = sign_in(world.people["officer_a"])
    tell(world, "officer_a", path="/viec-cua-toi/", text="Thứ nhất")
    tell(world, "officer_a", text="Thứ hai", now=world.now - timedelta(days=1))
    page = officer.get(LIST).content.decode()
    assert "<b>2</b>" in page and page.index("Thứ nhất") < page.index("Thứ hai")
    assert "Hôm nay, 10/06/2024" in page and "09/06/2024" in page
    first, second = Notice.objects.order_by("pk")
    assert officer.get(reverse("notice-open", args=[first.pk])).status_code == 405
    answer = officer.post(reverse("notice-open", args=[first.pk]))
    assert answer.url == "/viec-cua-toi/"
    waiting = officer.get(LIST, {"loc": "chua-xem"}).content.decode()
    assert "Thứ hai" in waiting and "Thứ nhất" not in waiting and "<b>1</b>" in waiting
    later = tell(world, "officer_a", text="Đến sau khi trang đã mở")[0]
    officer.post(reverse("notice-read-all"), {"den": second.pk})
    later.refresh_from_db()
    assert later.read_at is None
    officer.post(reverse("notice-read-all"))
    page = officer.get(LIST, {"loc": "chua-xem"}).content.decode()
    assert "Bạn đã xem hết thông báo" in page and "thông báo chưa xem" not in page


@pytest.mark.parametrize("path", ["https://ngoai.vn/", "//ngoai.vn/", "javascript:alert(1)", "\\\\ngoai.vn", ""])
def test_a_notice_never_leads_out(world, sign_in, path):
    (notice,) = tell(world, "officer_a", path=path)
    assert sign_in(world.people["officer_a"]).post(reverse("notice-open", args=[notice.pk])).url == LIST


def test_text_is_shown_as_text(world, sign_in):
    tell(world, "officer_a", text="<script>alert(1)</script>")
    assert "&lt;script&gt;" in sign_in(world.people["officer_a"]).get(LIST).content.decode()
