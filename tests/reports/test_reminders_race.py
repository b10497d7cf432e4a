"""Two senders at the same instant, on real connections: the agencies are reminded once."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from agencies import clock
from agencies.models import Notice
from reports.models import Reminder
from reports.reminders import AlreadyReminded, remind, remind_automatically
from tests.kept_rows import committed_world

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds) -> list[Exception]:
    """Run the deeds at the same instant, each on its own connection; what they raised."""
    failed, ready = [], Barrier(len(deeds))

    def run(deed):
        try:
            ready.wait(30)
            deed()
        except Exception as error:  # told in the assertions
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failed


def test_a_double_click_two_secretaries_and_the_timetable():
    world = committed_world()
    secretary = world.people["secretary"]
    agencies = [world.agencies["a"].pk, world.agencies["b"].pk]

    def send(token):
        return lambda: remind(
            period=world.period, agencies=agencies, by=secretary, now=world.now, text="Đề nghị nộp", token=token
        )

    assert at_once(send("t1"), send("t1"), send("t1")) == []
    assert Reminder.objects.count() == 2
    failed = at_once(send("t2"), send("t3"))
    assert len(failed) == 2 and all(isinstance(error, AlreadyReminded) for error in failed)

    day = world.today.replace(day=13)

    def tick():
        return remind_automatically(today=day, now=clock.at(day, 7, 30))

    assert at_once(tick, tick, tick) == []
    assert Reminder.objects.filter(step="T-3").count() == 4  # three here, one in the other council
    officer = world.people["officer_a"]
    assert Notice.objects.filter(recipient=officer, kind=Notice.Kind.REMINDER).count() == 2
