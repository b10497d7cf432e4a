"""Many wrong tries at the same instant."""

import threading

import pytest
from django.db import connections

from agencies import clock, locks


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_the_same_instant_five_are_judged():
    judged = []

    def one():
        judged.append(locks.take_try(key="k", browser="", now=clock.instant()))
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(judged) == [False] * 7 + [True] * 5
