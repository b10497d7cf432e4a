"""Which pages are read from the standby, when, and what happens when it cannot: the rules, on one server."""

from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse

from portal import metrics, standby
from portal.standby import COOKIE, READ_THERE, ReadsStandby, Watch, place_of

pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")


class Servers:
    """What the two servers say of themselves, and the time; the standby may be None (away) or 'promoted'."""

    now, primary, replayed, asked = 1000.0, 100, 100, 0

    def answer(self, alias, _sql):
        self.asked += 1
        if alias == "default":
            return f"0/{self.primary:X}"
        if self.replayed is None:
            raise OperationalError("connection refused")
        return None if self.replayed == "promoted" else f"0/{self.replayed:X}"

    def reads(self, watch, written=None):
        return watch.may_read(written)[0]


@pytest.fixture
def servers(monkeypatch):
    made = Servers()
    monkeypatch.setattr(standby, "_asked", made.answer)
    return made


def test_nothing_older_than_promised_is_read(servers, settings):
    settings.PORTAL_STANDBY_LAG = 5
    watch = Watch(lambda: servers.now)
    assert servers.reads(watch) == "standby"
    for second, primary, replayed, answer in (
        (1, 200, 100, "standby"),  # what it lacks is a second old at most
        (4, 300, 100, "standby"),
        (6.5, 400, 100, "lag"),  # it lacks what was written at second 1
        (6.5, 400, 300, "standby"),
        (60, 500, 400, "lag"),  # nobody asked for long: everything is wanted
        (60, 500, 500, "standby"),
    ):
        servers.now, servers.primary, servers.replayed = 1000 + second, primary, replayed
        assert servers.reads(watch) == answer, second


def test_one_sees_ones_own_writes(servers):
    watch = Watch(lambda: servers.now)
    servers.reads(watch)
    assert servers.reads(watch, 100) == "standby" and servers.reads(watch, 101) == "wrote"
    servers.replayed = 101
    assert servers.reads(watch, 101) == "standby"


def test_a_standby_that_is_away_is_left_alone_for_a_while_and_a_promoted_one_is_none(servers):
    watch = Watch(lambda: servers.now)
    servers.replayed = None
    assert servers.reads(watch) == "down"
    servers.replayed, before = 100, servers.asked
    assert servers.reads(watch) == "down" and servers.asked == before
    servers.now += 11
    assert servers.reads(watch) == "standby"
    servers.replayed = "promoted"
    assert servers.reads(watch) == "down"


@pytest.mark.parametrize("text", ["", "1", "g/1", "1/2/3", "0/123456789", "0/1\n", "'; DROP"])
def test_a_place_that_is_none_is_refused(text):
    with pytest.raises(ValueError):
        place_of(text)


@pytest.fixture
def mirrored(servers, settings, monkeypatch, tmp_path):
    """A standby that is the same connection, in which nothing can be written; gives the pages read from it."""
    settings.DATABASES = settings.DATABASES | {"standby": settings.DATABASES["default"]}
    settings.PORTAL_METRICS, settings.DATA_DIR, read = True, tmp_path, []
    monkeypatch.setattr(metrics, "_mine", None)

    @contextmanager
    def reading():
        read.append(1)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL transaction_read_only = on")
            yield
            transaction.set_rollback(True)

    monkeypatch.setattr(standby, "reading", reading)
    return read


def counted() -> dict[str, str]:
    lines = [line for line in metrics.request_lines() if line.startswith("portal_standby_reads_total")]
    return {line.split('"')[1]: line.split()[-1] for line in lines if not line.endswith(" 0")}


def test_the_pages_of_the_list_write_nothing_and_say_as_of_when_they_are(world, sign_in, mirrored):
    client = sign_in(world.people["secretary"])
    period = world.period.code
    addresses = {
        "summary": None, "summary-period": [period], "search": None, "consolidation-word": [period],
        "consolidation-excel": [period], "form-excel": ["09e", "2024"],
    }  # fmt: skip
    assert set(addresses) == READ_THERE
    for name, arguments in addresses.items():
        address = reverse(name, args=arguments) + ("?q=tuyen" if name == "search" else "")
        answer = client.get(address)
        assert answer.status_code in {200, 302}, (name, answer.status_code)
        if "html" in answer.get("Content-Type", "") and answer.status_code == 200:
            assert "Số liệu đến " in answer.content.decode(), name
    for name in ("task-list", "activity-list", "plan-list", "agency-list", "indicator-list"):
        for kind in ("xlsx", "csv"):
            assert b"".join(client.get(reverse(name), {"xuat": kind})), name
    assert set(counted()) == {"standby"} and len(mirrored) > len(READ_THERE) + 10  # a CSV is read while it is sent
    before = len(mirrored)
    assert "Số liệu đến " not in client.get(reverse("task-list")).content.decode() and len(mirrored) == before


def test_after_a_form_the_browser_says_how_fresh_it_wants_its_pages(world, sign_in, mirrored, servers):
    client = sign_in(world.people["secretary"])
    servers.primary = 150
    client.post(reverse("text-size"), {"size": "1", "next": "/"})
    cookie = client.cookies[COOKIE]
    assert cookie.value == "0/96" and cookie["httponly"] and 0 < cookie["max-age"] <= 60
    servers.primary = 100
    page = client.get(reverse("search"), {"q": "tuyen"}).content.decode()
    assert "Số liệu đến " not in page and counted() == {"wrote": "1"}
    servers.replayed = 150
    assert "Số liệu đến " in client.get(reverse("search"), {"q": "tuyen"}).content.decode()
    client.cookies[COOKIE] = "nonsense"
    assert client.get(reverse("search"), {"q": "tuyen"}).status_code == 200
    assert COOKIE not in Client().post(reverse("text-size"), {"size": "1", "next": "/"}).cookies


@pytest.mark.django_db
def test_what_fails_on_the_standby_is_asked_of_the_primary(mirrored, rf: RequestFactory):
    answers = iter([500, 200])
    page = ReadsStandby(lambda request: HttpResponse(status=next(answers)))
    assert page(rf.get(reverse("search"))).status_code == 200
    assert counted() == {"failed": "1"}


def test_without_a_standby_there_is_no_such_middleware(world, sign_in, servers):
    assert "standby" not in connections.settings
    client = sign_in(world.people["secretary"])
    client.post(reverse("text-size"), {"size": "1", "next": "/"})
    assert client.get(reverse("search"), {"q": "tuyen"}).status_code == 200
    assert COOKIE not in client.cookies and servers.asked == 0


def test_every_page_of_the_list_exists():
    assert READ_THERE <= {name for name in get_resolver().reverse_dict if isinstance(name, str)}
