"""Hand-ins at the same instant, on real connections."""

from threading import Thread

import pytest
from django.db import connections, transaction

from reports.models import Receipt
from reports.receipts import give_receipt
from tests.kept_rows import committed_world


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers():
    world = committed_world()
    report, failed = world.report("b"), []

    def give():
        try:
            with transaction.atomic():
                give_receipt(report=report, by=None, now=world.now)
        except Exception as error:  # told in the assertion below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=give) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert sorted(Receipt.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]
