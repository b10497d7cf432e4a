"""Watching the portal: the health page, the numbers, the log's lines, the name of a request."""

import io
import json
import logging
import logging.config
import re
import runpy
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.urls import reverse
from procrastinate.contrib.django import app

import portal
from agencies.models import User
from portal import health, metrics, request_trail, views_health
from portal.json_log import JsonLines
from portal.log_privacy import scrubbed
from portal.request_trail import RequestTrail


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(views_health, "_last", (float("-inf"), []))
    monkeypatch.setattr(metrics, "_mine", None)
    settings.DATA_DIR = tmp_path


def unwell(monkeypatch):
    found = [health.Finding("queue", False, "3 việc chờ, 0 việc hỏng; việc chờ lâu nhất 40 phút.", 2400.0, "seconds")]
    monkeypatch.setattr(health, "examine", lambda now: found)


def test_strangers_hear_yes_or_no_and_nothing_else(world, sign_in, monkeypatch):
    for user in (None, world.people["officer_a"], world.people["secretary"]):
        answer = sign_in(user).get("/suc-khoe/")
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
    unwell(monkeypatch)
    monkeypatch.setattr(views_health, "_last", (float("-inf"), []))
    answer = sign_in().get("/suc-khoe/")
    assert (answer.status_code, answer.json()) == (503, {"ok": False})


def test_without_a_database_one_who_is_signed_in_hears_no_too(world, sign_in, monkeypatch):
    client = sign_in(world.people["administrator"])
    client.raise_request_exception = False

    def gone(*args, **kwargs):
        raise OperationalError("the server closed the connection unexpectedly")

    with monkeypatch.context() as patched:
        patched.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
        patched.setattr("agencies.wall._ask", gone)
        answer = client.get("/suc-khoe/")
        assert (answer.status_code, answer.json()) == (503, {"ok": False})
        client.cookies[settings.SESSION_COOKIE_NAME] = "x"  # too short to be looked for
        assert client.get("/suc-khoe/").status_code == 503


def test_administrators_read_what_is_wrong(world, sign_in, monkeypatch):
    unwell(monkeypatch)
    answer = sign_in(world.people["administrator"]).get("/suc-khoe/")
    assert answer.status_code == 503 and "việc chờ lâu nhất 40 phút" in answer.content.decode()


def test_machines_are_known_by_the_secret(world, sign_in, settings):
    settings.PORTAL_METRICS_SECRET = "mot-chuoi-rat-dai"
    said = sign_in().get("/suc-khoe/", headers={"authorization": "Bearer mot-chuoi-rat-dai"}).json()
    assert said["ok"] and set(said["checks"]) == {ask.__name__ for ask in health.ASKED}
    assert sign_in().get("/suc-khoe/", headers={"authorization": "Bearer khac"}).json() == {"ok": True}


@pytest.mark.parametrize(
    ("metrics_on", "extra", "status"),
    [
        (False, {}, 404),
        (True, {}, 200),
        (True, {"REMOTE_ADDR": "10.1.1.1"}, 404),
        (True, {"HTTP_X_FORWARDED_FOR": "10.1.1.1"}, 404),  # the web server in front stands on this machine too
        (True, {"REMOTE_ADDR": "10.1.1.1", "HTTP_AUTHORIZATION": "Bearer bi-mat"}, 200),
        (False, {"HTTP_AUTHORIZATION": "Bearer bi-mat"}, 404),
    ],
)
def test_numbers_are_for_those_who_may(db, client, settings, metrics_on, extra, status):
    settings.PORTAL_METRICS, settings.PORTAL_METRICS_SECRET = metrics_on, "bi-mat"
    assert client.get(reverse("metrics"), **extra).status_code == status


def test_the_numbers_can_be_read_and_add_up(db, client, settings):
    settings.PORTAL_METRICS = True
    for path in ("/dang-nhap/", "/dang-nhap/", "/khong-co/"):
        client.get(path)
    text = client.get(reverse("metrics")).content.decode()
    line = re.compile(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]+"(,\w+="[^"]+")*\})? [0-9.e+]+')
    assert [row for row in text.splitlines() if not line.fullmatch(row)] == []
    assert 'portal_request_seconds_count{status="2xx"} 2' in text
    assert 'portal_request_seconds_bucket{status="4xx",le="+Inf"} 1' in text
    assert "portal_database_ok 1" in text and "portal_queue_seconds" in text


def test_counters_of_ended_processes_are_kept(settings, tmp_path):
    for seconds in (0.01, 0.3, 99.0):
        metrics.count(200, seconds)
    before = metrics.request_lines()
    (mine,) = (tmp_path / "metrics").glob("[0-9]*-*")
    mine.rename(mine.with_name("999999999-dead"))  # no process has this number
    metrics._mine = None
    assert metrics.request_lines() == before and not list((tmp_path / "metrics").glob("999999999-*"))
    metrics.count(200, 0.01)
    assert 'portal_request_seconds_count{status="2xx"} 4' in metrics.request_lines()


def test_a_full_disk_stops_the_counting_and_nothing_else(rf, settings, tmp_path, monkeypatch):
    from django.http import HttpResponse

    settings.PORTAL_METRICS = True
    (tmp_path / "metrics").mkdir()
    monkeypatch.setattr(metrics.os, "urandom", lambda number: b"full")
    (tmp_path / "metrics" / f"{metrics.os.getpid()}-{b'full'.hex()}").symlink_to("/dev/full")  # ENOSPC at every write
    request = rf.get("/")
    request.resolver_match = None
    assert RequestTrail(lambda _request: HttpResponse())(request).status_code == 200
    assert metrics._mine is None
    assert not list((tmp_path / "metrics").iterdir())


def test_a_queue_that_stands_still_is_noticed(world):
    from agencies.clock import instant

    assert health.queue(instant()).well
    app.tasks["agencies.mail_notices"].defer(notices=[])
    assert health.queue(instant()).well  # it has only just come
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '20 minutes'")
    found = health.queue(instant())
    assert not found.well and found.value >= 1200 and "portal-worker" in found.words


def test_a_missing_migration_a_full_disk_and_an_old_backup_are_noticed(db, settings, tmp_path, monkeypatch):
    from agencies.clock import instant

    assert health.migrations(instant()).well
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'reports' AND name = '0001_initial'")
    assert not health.migrations(instant()).well
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1, "total": 100})())
    assert not health.disk(instant()).well
    settings.PORTAL_BACKUP_DIR = str(tmp_path)
    assert not health.backup(instant()).well
    (tmp_path / "20260101T000000Z").mkdir()
    (tmp_path / "20260101T000000Z" / "manifest.json").write_text("{}")
    assert health.backup(instant()).well


def test_a_timed_job_that_failed_is_noticed_until_it_goes_well(settings, tmp_path):
    from agencies.clock import instant

    assert health.timed(instant()).well
    (tmp_path / "failed").mkdir()
    (tmp_path / "failed" / "portal-record.service").touch()
    found = health.timed(instant())
    assert not found.well and "portal-record.service" in found.words and found.value == 1
    (tmp_path / "failed" / "portal-record.service").unlink()
    assert health.timed(instant()).well


def test_a_database_that_does_not_answer_is_a_finding(db, monkeypatch):
    from django.db import OperationalError

    from agencies.clock import instant

    def refuse(*_args, **_kwargs):
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", refuse)
        found = {finding.name: finding for finding in health.examine(instant())}
    assert not found["database"].well and "refused" not in found["database"].words and found["disk"].well


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a1b2c3d4e5f6a7b8", True), ("0" * 64, True), ("short", False), ("x" * 65, False), ("abcdefgh\r\nX: 1", False), ("đđđđđđđđ", False)],
)  # fmt: skip
def test_the_name_of_a_request(rf, given, kept):
    from django.http import HttpResponse

    seen = []

    def view(_request):
        seen.append(request_trail.current())
        return HttpResponse()

    request = rf.get("/", headers={"x-request-id": given})
    request.resolver_match = None
    answer = RequestTrail(view)(request)
    assert answer["X-Request-ID"] == seen[0] and (seen[0] == given) is kept and request_trail.current() == ""


def test_an_error_page_carries_the_name(client, db):
    answer = client.get("/khong-co/", headers={"x-request-id": "bao-loi-123456"})
    assert "<code>bao-loi-123456</code>" in answer.content.decode()


@contextmanager
def production_log(name: str):
    """What the handler of portal/settings.py writes in production of what a logger is told: filters, then formatter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_LOG", "json")
        told = runpy.run_path(str(Path(portal.__file__).with_name("settings.py")))["LOGGING"]
    handler, config = told["handlers"]["console"], logging.config.DictConfigurator(told)
    written = logging.StreamHandler(io.StringIO())
    written.setFormatter(config.configure_formatter(told["formatters"][handler["formatter"]]))
    for name_of_filter in handler.get("filters", []):
        written.addFilter(config.configure_filter(told["filters"][name_of_filter]))
    logging.getLogger(name).addHandler(written)
    try:
        yield written.stream
    finally:
        logging.getLogger(name).removeHandler(written)


def test_a_crash_says_its_name_and_the_log_tells_no_row(client, db, monkeypatch):
    client.raise_request_exception = False

    def crash(*_args, **_kwargs):
        with transaction.atomic():
            User.objects.create(username="trung", full_name="Nguyễn Văn A", email="a@b.vn")
            User.objects.create(username="trung", full_name="Nguyễn Văn B")

    monkeypatch.setattr("portal.signing_in.views.sign_in_page", crash)
    with production_log("django.request") as log:
        answer = client.get("/dang-nhap/", headers={"x-request-id": "su-co-20261122"})
    assert answer.status_code == 500 and "su-co-20261122" in answer.content.decode()
    (line,) = log.getvalue().splitlines()
    event = json.loads(line)
    assert event["exception"]["kind"].endswith("IntegrityError") and event["exception"]["sqlstate"] == "23505"
    assert "test_running.py" in event["exception"]["frames"][-1] or event["exception"]["frames"]
    assert "trung" not in line and "Nguyễn" not in line and "\n" not in line


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Gửi thư cho nguyen.a@cantho.gov.vn hỏng", "Gửi thư cho •••@••• hỏng"),
        ("gọi 0912 345 678 hoặc +84-912-345-678.", "gọi ••• hoặc •••."),
        ("CCCD 092345678901, CMND 312345678", "CCCD •••, CMND •••"),
        ("Not Found: /lich/abc-DEF_1.ics", "Not Found: /lich/….ics"),
        ("Not Found: /tim-kiem/?q=Nguyễn+Văn+A", "Not Found: /tim-kiem/?…"),
        ("job 12 of 2026-11-22 done", "job 12 of 2026-11-22 done"),
    ],
)
def test_messages_are_washed(said, kept):
    assert scrubbed(said) == kept
    with production_log("portal.any") as log:
        logging.getLogger("portal.any").warning("%s", said)
    assert json.loads(log.getvalue())["message"] == kept


def test_every_request_leaves_one_line_without_words(world, sign_in, caplog):
    caplog.set_level(logging.INFO, "portal.request")
    officer = world.people["officer_a"]
    sign_in(officer).get("/tim-kiem/?q=Nguyễn Văn Bí Mật")
    (record,) = [record for record in caplog.records if record.name == "portal.request"]
    event = json.loads(JsonLines().format(record))
    assert (event["view"], event["status"], event["account"]) == ("search", 200, officer.pk)
    assert "Bí Mật" not in json.dumps(event, ensure_ascii=False) and officer.full_name not in json.dumps(event)
