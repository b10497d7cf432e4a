"""The real queue and its worker, on their own connections: what is committed is done, once, also after a crash."""

import pytest
from django.core import mail
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from agencies.models import Notice
from agencies.notices import notify
from tests.world import World, build_empty_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_queue(db, monkeypatch):
    """Django's tests do not empty tables that it does not manage; the worker's threads keep no connection."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")


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
