"""Locking a period against a save that is under way, on two real connections."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from reports import workflow
from reports.entry import save_line
from reports.models import Period
from tests.kept_rows import committed_world


@pytest.mark.django_db(transaction=True)
def test_a_lock_waits_for_the_save_that_came_first(settings):
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    line = world.report("b").lines.get(role="lead")
    saved, let_go = threading.Event(), threading.Event()

    def officer():
        try:
            with transaction.atomic():
                save_line(
                    line=line, by=world.people["officer_b"], now=world.now, version=line.version,
                    status="in_progress", percent=30, result="Lưu trước khi khóa",
                )  # fmt: skip
                saved.set()
                let_go.wait(30)
        finally:
            saved.set()
            connection.close()

    thread = threading.Thread(target=officer)
    thread.start()
    saved.wait(30)
    arguments = {"by": world.people["secretary"], "now": world.now, "reason": "Chốt theo chỉ đạo của Hội đồng"}
    try:
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
            workflow.lock_period(period=world.period, **arguments)
    finally:
        let_go.set()
        thread.join(30)
    workflow.lock_period(period=Period.objects.get(pk=world.period.pk), **arguments)
    line.refresh_from_db()
    assert line.result == "Lưu trước khi khóa"
    assert Period.objects.get(pk=world.period.pk).state == "locked"
