"""Two agencies that record one event at the same instant, on two real connections (rule V26)."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from tests.campaigns.test_doubles import deed, heads
from tests.kept_rows import committed_world


@pytest.mark.django_db(transaction=True)
def test_two_agencies_at_the_same_instant(settings):
    """The second waits for the first to be written, and then finds it."""
    world = committed_world()
    settings.PORTAL_TODAY = world.today
    recorded, let_go = threading.Event(), threading.Event()

    def officer_b():
        try:
            with transaction.atomic():
                deed(world, "b")
                recorded.set()
                let_go.wait(30)
        finally:
            recorded.set()
            connection.close()

    thread = threading.Thread(target=officer_b)
    thread.start()
    recorded.wait(30)
    try:
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
            deed(world, "a")
    finally:
        let_go.set()
        thread.join(30)
    ours = deed(world, "a")
    assert list(heads().values()) == [ours.pk, None]
