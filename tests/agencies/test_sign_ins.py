"""Signing in, out and failing to are on the record, with the address; so is every file that goes out."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies import wall
from agencies.downloads import write_calendar_read
from agencies.history import coming_from
from agencies.models import CalendarFeed, RecordEntry, RecordLink, Role
from portal.recording import address_of, file_name
from tests.world import PASSWORD, make_person

pytestmark = pytest.mark.django_db


def lines(**wanted):
    return list(RecordEntry.objects.filter(**wanted).order_by("pk"))


def try_to_sign_in(username: str, password: str = PASSWORD, address: str = "203.0.113.7", client=None) -> Client:
    client = client or Client(REMOTE_ADDR=address)
    client.post(reverse("login"), {"username": username, "password": password})
    return client


def test_a_visit_from_beginning_to_end(world):
    person = world.people["officer_a"]
    client = try_to_sign_in(person.username)
    client.post(reverse("logout"))
    begun, ended = lines(kind=RecordEntry.Kind.ACCESS)
    assert [begun.verb, ended.verb] == ["sign_in", "sign_out"]
    for line in (begun, ended):
        assert (line.actor, line.address, line.agency) == (person, "203.0.113.7", world.agencies["a"])


def test_failures_say_whose_account_and_never_what_was_typed(world):
    person = world.people["officer_a"]
    try_to_sign_in(person.username.upper(), "sai mật khẩu")
    try_to_sign_in("MatKhauGoNham@2024", "x")
    try_to_sign_in("", "")
    known, unknown = lines(verb="sign_in_failed")
    assert (known.actor, known.object_id, known.agency) == (None, person.pk, world.agencies["a"])
    assert (unknown.object_id, unknown.council) == (None, None) and unknown.address == "203.0.113.7"
    everything = " ".join(str(vars(line)) for line in (known, unknown))
    assert "MatKhauGoNham" not in everything and "sai mật khẩu" not in everything


def test_a_closed_account_is_told_apart_on_the_record_alone(world):
    person = world.people["officer_a"]
    get_user_model().objects.filter(pk=person.pk).update(is_active=False)
    try_to_sign_in(person.username)
    assert "tài khoản đã đóng" in lines(verb="sign_in_failed")[0].summary


def test_a_try_at_an_account_that_is_closed_or_holds_nothing_stands_in_its_councils_record(world):
    """Whose record it is does not depend on what the account may see today; its administrator reads it, no other does."""
    closed, idle = world.people["inactive"], world.people["officer_a"]
    idle.memberships.update(left_on=world.today)
    administrator = world.people["administrator"]
    other = make_person("tg.quantri", (world.other_council, Role.ADMINISTRATOR))
    for person in (closed, idle):
        try_to_sign_in(person.username, "sai")
        line = lines(verb="sign_in_failed", object_id=person.pk)[0]
        assert line.council == world.council, person
        assert RecordEntry.objects.visible_to(administrator).contains(line)
        assert not RecordEntry.objects.visible_to(other).contains(line)


def test_what_belongs_to_no_council_is_read_by_administrators_where_it_tells_of_none(world, tmp_path):
    unknown = make_person("tu_may_chu")  # made on the command line, no council knows it
    connection.check_constraints()
    try_to_sign_in(unknown.username, "sai")
    call_command("export_record", tmp_path / "a.jsonl", month=RecordLink.objects.earliest("number").month)
    known = RecordEntry.objects.create(
        at=world.now, verb="x", summary="Việc của người ở hội đồng khác", actor_name="x",
        object_type="agencies.user", object_id=world.people["officer_x"].pk,
    )  # fmt: skip
    view = RecordEntry.objects.create(
        at=world.now, verb="x", summary="Bộ lọc riêng", actor_name="x", object_type="agencies.savedview", object_id=1
    )
    with wall.for_person(world.people["administrator"].pk):
        seen = set(RecordEntry.objects.visible_to(world.people["administrator"]).filter(council=None))
    told = {line.verb for line in seen}
    assert {"sign_in_failed", "export_record"} <= told and not {known, view} & seen
    for who in ("secretary", "leader", "officer_a"):
        assert not RecordEntry.objects.visible_to(world.people[who]).filter(council=None).exists(), who


def test_a_calendar_read_behind_the_persons_own_wall_is_their_councils(world):
    from agencies.calendar_feed import renew_feed, secret_of

    renew_feed(by=world.people["officer_a"], now=world.now)
    Client().get(reverse("calendar-feed", args=[secret_of(CalendarFeed.objects.get())]))
    (line,) = lines(verb="read_calendar")
    assert (line.council, line.agency) == (world.council, world.agencies["a"])


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        ((10, 18), (11, 16), 1),  # in UTC two days, here 11/06 from 01:00 to 23:00
        ((10, 16), (10, 18), 2),  # in UTC one day, here 10/06 and 11/06
    ],
)
def test_a_calendar_programs_day_is_the_day_here(world, first, second, count):
    for day, hour in (first, second):
        now = datetime(2024, 6, day, hour, tzinfo=UTC)
        with coming_from("10.0.0.1"):
            write_calendar_read(person=world.people["officer_a"], address="10.0.0.1", now=now)
    assert len(lines(verb="read_calendar")) == count


WHO_SEES = {
    # who → (officer_a's sign-in, a failure of nobody's name, officer_a's download)
    "officer_a": (True, False, True),
    "approver_a": (False, False, True),
    "officer_b": (False, False, False),
    "leader": (False, False, False),
    "secretary": (False, False, True),
    "administrator": (True, True, True),
    "other_secretary": (False, False, False),
}


def test_who_sees_visits_and_files(world, sign_in):
    person = world.people["officer_a"]
    try_to_sign_in(person.username).get(reverse("task-list"), {"xuat": "xlsx"})
    try_to_sign_in("khong.co.ai")
    signed, downloaded = lines(verb="sign_in")[0], lines(verb="download")[0]
    unknown = lines(verb="sign_in_failed")[0]
    for who, expected in WHO_SEES.items():
        if (user := world.people.get(who)) is None:
            pytest.fail(f"no such person: {who}; there are {sorted(world.people)}")
        seen = set(RecordEntry.objects.visible_to(user))
        assert (signed in seen, unknown in seen, downloaded in seen) == expected, who
    page = sign_in(world.people["administrator"]).get(reverse("record"), {"loai": "access"}).content.decode()
    assert "203.0.113.7" in page and "không có trong hệ thống" in page
    assert "203.0.113.7" not in sign_in(world.people["secretary"]).get(reverse("record")).content.decode()
    own = sign_in(person).get(reverse("record"), {"loai": "access"}).content.decode()
    assert "203.0.113.7" in own


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_list_that_leaves_as_a_file(world, sign_in, kind):
    sign_in(world.people["officer_a"]).get(reverse("task-list"))
    assert lines(verb="download") == []
    sign_in(world.people["officer_a"]).head(reverse("task-list"), {"xuat": kind})
    assert lines(verb="download") == []
    response = sign_in(world.people["officer_a"]).get(reverse("task-list"), {"xuat": kind})
    (line,) = lines(verb="download")
    assert response.status_code == 200 and line.summary == f"Tải “Nhiệm vụ” (tệp nhiem-vu.{kind})"
    assert (line.actor, line.address, line.agency) == (world.people["officer_a"], "127.0.0.1", world.agencies["a"])


def test_a_file_of_the_council_stands_in_the_councils_record(world, sign_in):
    response = sign_in(world.people["secretary"]).get(reverse("consolidation-excel", args=["2024-q2"]))
    assert response.status_code == 200
    (line,) = lines(verb="download")
    assert (line.council, line.agency, line.object_type) == (world.council, None, "reports.period")
    assert line not in RecordEntry.objects.visible_to(world.people["administrator"])  # business


def test_a_calendar_program_is_one_line_a_day(world, sign_in):
    client = sign_in(world.people["officer_a"])
    client.post(reverse("calendar-address"))
    assert CalendarFeed.objects.count() == 1
    from agencies.calendar_feed import secret_of

    address = reverse("calendar-feed", args=[secret_of(CalendarFeed.objects.get())])
    for _ in range(3):
        assert Client().get(address).status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.9").get(address).status_code == 200
    read = lines(verb="read_calendar")
    assert [line.address for line in read] == ["127.0.0.1", "203.0.113.9"]
    assert secret_of(CalendarFeed.objects.get()) not in " ".join(line.summary for line in read)


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "expected"),
    [
        (0, "10.1.2.3", "1.1.1.1", "10.1.2.3"),  # nobody of ours stands in front: the header is the visitor's own
        (1, "127.0.0.1", "1.1.1.1, 203.0.113.7", "203.0.113.7"),
        (2, "127.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (1, "", "2001:db8::7", "2001:db8::7"),
        (1, "", "", None),
        (0, "fe80::1%eth0", "", "fe80::1"),
        (1, "127.0.0.1", "'; DROP TABLE agencies_user;--", None),
    ],
)
def test_whose_address_it_is(rf, settings, proxies, remote, forwarded, expected):
    settings.PORTAL_PROXIES = proxies
    assert address_of(rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ('attachment; filename="a b.xlsx"', "a b.xlsx"),
        ("attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o.pdf", "Báo cáo.pdf"),
        ("inline; filename=\"x\"; filename*=utf-8''y.pdf", "y.pdf"),
        ("attachment", "không tên"),
        ("", ""),
    ],
)
def test_the_name_of_a_file_that_goes_out(stated, expected):
    from django.http import HttpResponse

    response = HttpResponse(headers={"Content-Disposition": stated} if stated else {})
    assert file_name(response) == expected
