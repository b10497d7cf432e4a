"""Many at once: no line without its place, no two in one, and nobody waits for the chain while they hold it."""

import threading

import pytest
from django.db import connection, transaction

from agencies import clock
from agencies.history import record
from agencies.journal import chain
from agencies.models import Agency, Council, RecordEntry, RecordLink

ROUNDS, WRITERS = 8, 4


@pytest.mark.django_db(transaction=True)
def test_writers_in_two_councils_in_opposite_order():
    """Each verb writes in both councils and then changes a row that the others change too: without chains taken at the
    very end, and in one order, two of them would wait for each other."""
    places = []
    for code in "xy":
        council = Council.objects.create(code=code, name=code, short_name=code, place=code, parent_body=code)
        places.append(
            Agency.objects.create(council=council, code="a", name="Sở", short_name="Sở", valid_from="2020-01-01")
        )
    failed, start = [], threading.Barrier(WRITERS)

    def write(number: int) -> None:
        try:
            start.wait(timeout=300)
            for _ in range(ROUNDS):
                with transaction.atomic():
                    for agency in places if number % 2 else reversed(places):
                        record(by=None, now=clock.now(), verb="try", obj=agency, summary=f"Người {number}")
                    locked = Agency.objects.select_for_update().get(pk=places[0].pk)  # after its line is written
                    locked.save()
                try:
                    with transaction.atomic():
                        record(by=None, now=clock.now(), verb="lost", obj=places[0], summary="Bị bỏ dở")
                        raise InterruptedError
                except InterruptedError:
                    pass
        except Exception as error:  # told to the test, whatever it was
            failed.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=600)
    assert not any(writer.is_alive() for writer in writers)
    assert failed == [] and list(chain.findings()) == []
    assert RecordEntry.objects.count() == RecordLink.objects.count() == 2 * ROUNDS * WRITERS
    for agency in places:
        numbers = list(RecordLink.objects.filter(chain=agency.council_id).values_list("number", flat=True))
        assert numbers == list(range(1, ROUNDS * WRITERS + 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM agencies_recordwaiting")
        assert cursor.fetchone() == (0,)
