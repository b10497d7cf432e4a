"""Two clicks at the same moment, each in a request of its own: one deed, one answer."""

import threading

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.models import Agency, SentForm
from agencies.once import ALREADY
from tests.agencies.test_once import AGENCY, fields_of
from tests.world import build_empty_world


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_deed(settings):
    world = build_empty_world()
    settings.PORTAL_TODAY = world.today
    client, url = Client(), reverse("agency-create")
    client.force_login(world.people["secretary"])
    data, start = fields_of(client, url, **AGENCY), threading.Barrier(2)
    answers, failed = [], []

    def press() -> None:
        try:
            mine = Client()
            mine.cookies = client.cookies.copy()
            start.wait(timeout=300)
            answers.append(mine.post(url, data))
        except Exception as error:  # told to the test, whatever it was
            failed.append(error)
        finally:
            connection.close()

    clicks = [threading.Thread(target=press) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(timeout=600)
    assert failed == [] and not any(click.is_alive() for click in clicks)
    assert Agency.objects.filter(code="yte").count() == SentForm.objects.count() == 1
    assert [answer.status_code for answer in answers] == [302, 302] and len({answer.url for answer in answers}) == 1
    said = [str(message) for answer in answers for message in get_messages(answer.wsgi_request)]
    assert said.count(ALREADY) == 1
