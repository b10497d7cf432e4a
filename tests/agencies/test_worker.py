"""The real queue and its worker, on their own connections: what is committed is done, once, also after a crash."""

import threading
from dataclasses import replace
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies.long_work import kinds, running
from agencies.long_work.kinds import Step
from agencies.models import LongWork, Notice
from agencies.notices import notify
from campaigns.long_exports import order_export
from tests.world import World, build_empty_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_queue(db, monkeypatch):
    """Django's tests do not empty tables that it does not manage; the worker's threads keep no connection."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    empty = "TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE"
    with connection.cursor() as cursor:
        cursor.execute(empty)
    yield
    with connection.cursor() as cursor:
        cursor.execute(empty)


def tell(world: World) -> Notice:
    """A reminder to somebody who has an e-mail address."""
    officer = world.people["officer_a"]
    officer.email = "officer_a@example.vn"
    officer.save()
    (notice,) = notify(to=[officer], kind=Notice.Kind.REMINDER, text="Đề nghị nộp báo cáo", now=world.now)
    return notice


def left() -> int:
    """E-mail jobs that are still in the queue."""
    return ProcrastinateJob.objects.filter(task_name="agencies.mail_notices").count()


def run_worker() -> None:
    """What a worker finds in the queue, done."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_what_a_killed_worker_was_doing_is_done_by_the_next(settings):
    world = build_empty_world()
    settings.PORTAL_TODAY = world.today
    tell(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead)"
            " WHERE task_name = 'agencies.mail_notices' AND status = 'todo'"
        )
    app.tasks["agencies.take_up_stalled"].configure(queueing_lock="test").defer(timestamp=0)
    for _run in range(2):
        run_worker()
    assert len(mail.outbox) == 1 and left() == 0


def test_the_worker_sends_what_was_committed(settings):
    """The real queue on its own connections: one letter, the job forgotten, a second run finds nothing."""
    world = build_empty_world()
    settings.PORTAL_TODAY = world.today
    notice = tell(world)
    for _run in range(2):
        run_worker()
    assert [message.to for message in mail.outbox] == [["officer_a@example.vn"]]
    notice.refresh_from_db()
    assert notice.mailed_at is not None and left() == 0


def long_work(world: World) -> LongWork:
    """An export of the activities of an officer, waiting in the queue."""
    return order_export(query="", file_format="csv", count=0, by=world.people["officer_a"], now=world.now)


def test_the_worker_does_a_long_work_turn_after_turn(settings, monkeypatch):
    world = build_empty_world()
    settings.PORTAL_TODAY = world.today
    monkeypatch.setattr(running.carry_on, "__kwdefaults__", {"seconds": -1.0})
    work = long_work(world)
    run_worker()
    work.refresh_from_db()
    assert (work.state, work.turn) == ("done", 2) and work.parts
    assert not ProcrastinateJob.objects.filter(task_name="agencies.do_long_work").exists()


def test_two_workers_do_not_do_the_same_piece():
    """The second finds the first at it, wherever that one is: the database itself holds the place."""
    world = build_empty_world()
    work, tried = long_work(world), []

    def meanwhile(row, now):
        def second():
            try:
                tried.append(running.do_piece(work=work.pk, turn=1, now=now))
            finally:
                connections.close_all()

        other = threading.Thread(target=second)
        other.start()
        other.join()
        return Step({"key": None}, total=0, parts=[])

    kind = replace(kinds.KINDS[work.kind], begin=meanwhile)
    with patch.dict(kinds.KINDS, {work.kind: kind}):
        assert running.do_piece(work=work.pk, turn=1, now=world.now)
    work.refresh_from_db()
    assert tried == [False] and (work.state, work.rows_total) == ("running", 0)
