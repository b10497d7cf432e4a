"""What is done to the running portal, round by round, and what must be true after each."""

import io
import random
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from unittest import mock

from django.core.management import call_command
from django.db import Error, OperationalError, connection
from django.utils import timezone
from procrastinate.contrib.django import app

from agencies.models import Notice
from agencies.notices import notify
from campaigns.models import Activity, Evidence
from reports.models import ReportLine
from tests.faults.cluster import Cluster
from tests.faults.deeds import DEEDS, Stage, Submit
from tests.faults.site import Answer, Visitor, Web, Worker
from tests.files import jpeg

Figures = Counter
Told = Iterator[tuple[str, Figures]]  # what was broken, and how often it went how; each as soon as it is known


def settled(look: Callable):
    """Ask the database on a fresh connection, as often as it takes while it recovers."""
    for _try in range(3000):
        connection.close()
        try:
            return look()
        except OperationalError:
            time.sleep(0.1)
    return look()


def until_answered(send: Callable[[], Answer]) -> Answer:
    """Send again until something comes back, as a person does who sees no page."""
    for _try in range(3000):
        answer = send()
        if answer.status not in (0, 500, 502, 503):
            return answer
        time.sleep(0.1)
    raise AssertionError("the portal does not come back")


def kills(stage: Stage, deed_type, times: int, kill: Callable[[], None], mend: Callable[[], None]) -> Figures:
    """Kill something at a random moment of the deed, ``times`` times."""
    figures, deed = Figures(), deed_type()
    usual = []
    for _warm in range(2):
        stage.next_round()
        deed.prepare(stage)
        visitor, path, fields, files = deed.form(stage)
        started = time.monotonic()
        answer = visitor.post(path, fields, files)
        usual.append(time.monotonic() - started)
        assert answer.acknowledged and deed.done(stage), (deed.name, answer.status, answer.body[-3000:].decode())
    while figures["sent again, done once"] < times or not figures["broken off"]:
        assert figures["sent again, done once"] < times + 50, f"{deed.name}: never broken off"
        stage.next_round()
        deed.prepare(stage)
        connection.close()
        visitor, path, fields, files = deed.form(stage)
        sending = visitor.later(path, fields, files)
        time.sleep(random.uniform(0, min(usual)))
        kill()
        answer = sending.answer()
        mend()
        there = settled(lambda: deed.done(stage))
        assert there or not answer.acknowledged, f"{deed.name}: acknowledged and gone"
        figures["acknowledged" if answer.acknowledged else "broken off"] += 1
        if not answer.acknowledged:
            figures["of these done all the same" if there else "of these taken back whole"] += 1
        again = until_answered(partial(visitor.post, path, fields, files))
        assert again.acknowledged and settled(lambda: deed.done(stage)), (deed.name, again.status)
        figures["sent again, done once"] += 1
    return figures


def web_worker_killed(stage: Stage, web: Web, times: int, *, few: bool) -> Told:
    """kill -9 of the process that answers."""
    for deed in DEEDS[:1] if few else DEEDS:
        yield f"web worker killed in {deed.name}", kills(stage, deed, times, web.kill_worker, web.wait)


def database_killed(stage: Stage, cluster: Cluster, times: int, *, few: bool) -> Told:
    """kill -9 of every process of the database, which then recovers."""
    for deed in DEEDS[2:3] if few else DEEDS:
        yield f"database killed in {deed.name}", kills(stage, deed, times, cluster.kill, cluster.start)


def job_worker_killed(stage: Stage, times: int) -> Told:
    """kill -9 of the job worker while forms come in and a letter is on its way out: every letter goes out all the same.

    The mail server takes the call and says nothing, so that the worker holds the job for as long as is needed.
    """
    figures, people = Figures(), [stage.world.people[name] for name in ("officer_a", "officer_b", "secretary")]
    for person in people:
        person.email = f"{person.username}@example.vn"
        person.save()
    silent = socket.create_server(("127.0.0.1", 0), backlog=1024)
    for number in range(times):
        stage.next_round()
        dead = _busy()
        worker = Worker(PORTAL_EMAIL_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        deed = DEEDS[number % len(DEEDS)]()
        deed.prepare(stage)
        told = notify(to=people, kind=Notice.Kind.REMINDER, text=f"Đề nghị nộp báo cáo {number}", now=stage.world.now)
        visitor, path, fields, files = deed.form(stage)
        sending = visitor.later(path, fields, files)
        _wait(lambda dead=dead: _busy() - dead, "no job was taken up")
        time.sleep(random.uniform(0, 0.5))
        worker.kill()
        assert sending.answer().acknowledged and deed.done(stage)
        left = Notice.objects.filter(pk__in=[notice.pk for notice in told], mailed_at=None).count()
        assert left == len(people)
        figures["letters cut off"] += 1
    silent.close()
    _take_up()
    worker = Worker()
    try:
        _wait(lambda: not _jobs(), "jobs left over")
    finally:
        worker.kill()
    assert not Notice.objects.filter(recipient__in=people, kind=Notice.Kind.REMINDER, mailed_at=None).exists()
    figures["letters owed and sent"] = Notice.objects.filter(kind=Notice.Kind.REMINDER).count()
    yield "job worker killed", figures


def _take_up() -> None:
    """What a dead worker held is given out again, as the job of every ten minutes does; now."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    app.tasks["agencies.take_up_stalled"].configure(queueing_lock="faults").defer(timestamp=0)


def _busy() -> set[int]:
    """The workers that hold a letter, dead ones too; every ten minutes a living one takes up what the dead held."""
    return {worker for status, worker in _jobs() if status == "doing" and worker is not None}


def _jobs() -> list:
    """Status and worker of each letter that is not out yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, worker_id FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed')"
            " AND task_name = 'agencies.mail_notices'"
        )
        return cursor.fetchall()


def _wait(ready: Callable[[], bool], words: str) -> None:
    for _try in range(6000):
        if ready():
            return
        time.sleep(0.1)
    raise AssertionError(words)


def disk_full(stage: Stage, cluster: Cluster, times: int) -> Told:
    """No room for a file, then no room for a row: refused whole, and working again once there is room."""
    files, rows = Figures(), Figures()
    small = Web(largest_file=200_000)
    try:
        officer, task = stage.world.people["officer_b"], stage.world.tasks[1]
        visitor = Visitor(small.port, officer)
        for number in range(times):
            visitor.sign_in()
            stage.officer.sign_in()
            content = jpeg(behind=bytes([number % 250, number // 250]) * 150_000)
            before = Evidence.objects.count()
            sent = {"files": (f"anh-{number}.jpg", content)}
            answer = visitor.post(f"/nhiem-vu/{task.pk}/minh-chung/", {}, sent)
            assert answer.status in (500, 503) and Evidence.objects.count() == before, answer.status
            files["file refused whole"] += 1
            again = stage.officer.post(f"/nhiem-vu/{task.pk}/minh-chung/", {}, sent)
            assert again.acknowledged and Evidence.objects.count() == before + 1, again.status
            files["sent again with room, kept"] += 1
    finally:
        small.stop()
    yield "disk of the files full", files
    deed = Submit()
    for _round in range(times):
        stage.next_round()
        deed.prepare(stage)
        _fill_context_table()
        with _no_room(cluster):
            answer = stage.officer.post(*deed.form(stage)[1:])
        there = settled(lambda: deed.done(stage))
        assert there == answer.acknowledged, answer.status
        rows["row refused whole" if not there else "there was room left"] += 1
        again = until_answered(lambda: stage.officer.post(*deed.form(stage)[1:]))
        assert again.acknowledged and settled(lambda: deed.done(stage))
        rows["sent again with room, done once"] += 1
    yield "disk of the database full", rows


def _fill_context_table() -> None:
    """Grow the table that every verb writes to until the next row needs a new page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('pghistory_context')")
        while cursor.fetchone()[0] < LARGEST:
            cursor.execute(_MORE, [2000])
            cursor.execute("SELECT pg_relation_size('pghistory_context')")


LARGEST = 18 * 2**20  # above the 16 MB of a piece of the log, which must still be written
_SMALL = (
    "INSERT INTO pghistory_context (id, created_at, updated_at, metadata)"
    " SELECT gen_random_uuid(), now(), now(), '{}' FROM generate_series(1, %s)"
)
_MORE = (
    "INSERT INTO pghistory_context (id, created_at, updated_at, metadata)"
    " SELECT gen_random_uuid(), now(), now(), jsonb_build_object('room', repeat('x', 1800)) FROM generate_series(1, %s)"
)


@contextmanager
def _no_room(cluster: Cluster):
    """A server none of whose files may grow beyond the size of the table just filled; the last gaps are filled too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('pghistory_context')")
        (size,) = cursor.fetchone()
    connection.close()
    cluster.stop(how="fast")
    cluster.start(largest_file=size)
    for rows in (100, 10, 1):
        with suppress(Error):
            while True:
                with connection.cursor() as cursor:
                    cursor.execute(_SMALL, [rows])
    connection.close()
    yield
    connection.close()
    cluster.stop(how="fast")
    cluster.start()


def two_people_on_one_line(stage: Stage, times: int) -> Told:
    """Two officers save the same line at the same instant: one is kept, the other sees both texts."""
    figures = Figures()
    stage.open_period()
    report = stage.world.report("b")
    if report.state == "submitted":
        from reports import workflow

        workflow.withdraw_report(report=report, by=stage.world.people["officer_b"], now=stage.world.now)
    for number in range(times):
        stage.next_round()
        line = ReportLine.objects.filter(report=report, role="lead").first()
        path = f"/bao-cao/2024-q2/b/dong/{line.pk}/"
        typed = {"version": line.version, "status": "in_progress", "percent": "40", "difficulty": "", "proposal": ""}
        words = [f"Lời của người thứ {who} lần {number}" for who in (1, 2)]
        sendings = [
            visitor.later(path, typed | {"result": text})
            for visitor, text in zip((stage.officer, stage.colleague), words, strict=True)
        ]
        answers = [sending.answer() for sending in sendings]
        line.refresh_from_db()
        won = [text for text, answer in zip(words, answers, strict=True) if answer.acknowledged]
        assert len(won) == 1 and line.result == won[0] and line.version == typed["version"] + 1, (
            [answer.status for answer in answers], line.result,
        )  # fmt: skip
        lost = next(answer for answer in answers if not answer.acknowledged)
        assert lost.status == 409 and all(text in lost.body.decode() for text in words)
        figures["one kept, the other shown both"] += 1
    yield "two people on one line", figures


def double_clicks(stage: Stage, times: int) -> Told:
    """The same form twice at the same instant: one thing."""
    import uuid

    figures, deed = Figures(), Submit()
    agency = stage.world.agencies["b"]
    for number in range(times):
        stage.next_round()
        deed.prepare(stage)
        _visitor, path, fields, _files = deed.form(stage)
        answers = [sending.answer() for sending in [stage.officer.later(path, fields) for _click in range(2)]]
        assert deed.done(stage) and all(answer.acknowledged for answer in answers)
        typed = {"agency": agency.pk, "form_key": str(uuid.uuid4()), "held_on": "03/06/2024", "form": "school"}
        typed |= {"place": f"Trường số {number}", "figure-PB02": "120"}
        before = Activity.objects.count()
        clicks = [stage.officer.later("/hoat-dong/them/", typed) for _click in range(2)]
        answers = [sending.answer() for sending in clicks]
        assert Activity.objects.count() == before + 1, [answer.status for answer in answers]
        figures["one hand-in, one activity"] += 1
    yield "double clicks", figures


def clock_moved(stage: Stage, times: int) -> Told:
    """The portal's clock goes forward and back between two clicks: nothing is counted twice or before it was.

    Its day and its instant (tests/faults/moved.py); who was signed in by the other clock signs in again.
    """
    figures, right = Figures(), timezone.now
    for number in range(times):
        days = (-3, 4, 0, 2)[number % 4]
        day = (stage.world.today + timedelta(days=days)).isoformat()
        web = Web(application="tests.faults.moved", PORTAL_TODAY=day, FAULTS_DAYS=str(days))
        try:
            deed = Submit()
            stage.next_round()
            deed.prepare(stage)
            with mock.patch.object(timezone, "now", lambda off=days: right() + timedelta(days=off)):
                visitor = Visitor(web.port, stage.world.people["officer_b"])
            path, fields = deed.form(stage)[1:3]
            first, second = visitor.post(path, fields), stage.officer.post(path, fields)
            assert first.acknowledged and second.acknowledged and deed.done(stage), (first.status, second.status)
            figures["handed in once on either day"] += 1
        finally:
            web.stop()
    yield "clock moved", figures


def check() -> None:
    """check_integrity, and the order of the record. Raises when anything is off."""
    connection.close()
    call_command("check_integrity", stdout=io.StringIO())
