"""The calendar and its address for programs: who sees what, a file that programs can read, addresses that die."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from agencies import clock
from agencies.calendar_feed import person_of, renew_feed, secret_of, switch_off_feed
from agencies.membership import leave
from agencies.models import CalendarFeed, User
from campaigns.activities import record_activity, withdraw_activity
from campaigns.models import Task
from portal.agenda import Event, events_of
from portal.ics import as_ics, folded, text
from reports.commemorations import COMMEMORATIONS, commemorations_between

NOW = datetime(2024, 6, 10, 2, 0, tzinfo=UTC)
GIVEN = {"name": "Lịch", "host": "cong.example", "origin": "https://cong.example", "now": NOW}


def parsed(content: str) -> list[dict[str, str]]:
    """The events of a calendar file, read as RFC 5545 says: lines unfolded, values unescaped."""
    assert content.endswith("\r\n") and "\n" not in content.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in content.split("\r\n"))
    events, current = [], None
    for line in re.sub("\r\n[ \t]", "", content).split("\r\n")[:-1]:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            events.append(current)
            current = None
        elif current is not None:
            assert name not in current
            current[name] = re.sub(r"\\(.)", lambda found: {"n": "\n", "N": "\n"}.get(found[1], found[1]), value)
    return events


# --- the file -----------------------------------------------------------------------------------------------------


@given(st.text(max_size=200))
def test_a_folded_line_is_the_line_in_pieces_that_fit(line):
    line = re.sub(r"[\r\n]", "", line).encode(errors="ignore").decode()
    pieces = folded(line).split("\r\n")
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(piece.startswith(" ") for piece in pieces[1:])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=150))
def test_any_words_come_back_from_the_file(words):
    event = Event("a-1", "ngay", date(2024, 11, 9), date(2024, 11, 9), words, words)
    (read,) = parsed(as_ics([event], **GIVEN))
    kept = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in kept if char == "\n" or (char >= " " and char != "\x7f"))
    assert read["SUMMARY"] == kept and read.get("DESCRIPTION", "") == kept


@pytest.mark.parametrize(
    ("words", "escaped"),
    [("a;b,c\\d\ne", "a\\;b\\,c\\\\d\\ne"), ("x\r\nBEGIN:VEVENT", "x\\nBEGIN:VEVENT"), ("\x00\x1b", "")],
)
def test_escaping(words, escaped):
    assert text(words) == escaped


def test_days_and_ids_of_an_event():
    event = Event("dot-2024", "ngay", date(2024, 11, 15), date(2024, 12, 15), "Đợt", path="/lich/")
    (read,) = parsed(as_ics([event], **GIVEN))
    assert read["UID"] == "dot-2024@cong.example" and read["DTSTAMP"] == "20240610T020000Z"
    assert (read["DTSTART;VALUE=DATE"], read["DTEND;VALUE=DATE"]) == ("20241115", "20241216")
    assert read["URL"] == "https://cong.example/lich/"


# --- days of note -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "names"),
    [
        (date(2024, 11, 1), date(2024, 11, 30), {"ngay-phap-luat", "ngay-hoi-dai-doan-ket", "thang-hanh-dong-binh-dang-gioi"}),
        (date(2024, 12, 1), date(2024, 12, 31), {"thang-hanh-dong-binh-dang-gioi"}),
        (date(2012, 11, 1), date(2012, 11, 30), {"ngay-hoi-dai-doan-ket"}),
        (date(2024, 6, 1), date(2024, 6, 30), set()),
    ],
)  # fmt: skip
def test_days_of_note(first, last, names):
    assert {row.key for row, _starts, _ends in commemorations_between(first, last)} == names
    assert all(row.source for row in COMMEMORATIONS)


# --- who sees what ------------------------------------------------------------------------------------------------


def keys(world, who, first=date(2024, 5, 1), last=date(2024, 6, 30), **more):
    events = events_of(User.objects.get(username=who), first, last, today=world.today, **more)
    return {re.sub(r"\d+", "", event.key, count=1) for event in events if event.kind != "nghi"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("officer_a", {"nhiem-vu-", "ky--chot", "ky--nop"}),
        ("officer_b", {"ky--chot", "ky--nop"}),
        ("secretary", {"nhiem-vu-", "ky--chot", "ky--nop", "ky--thu-ky", "ky--lanh-dao"}),
        ("leader", {"nhiem-vu-", "ky--lanh-dao"}),
        ("other_secretary", {"ky--chot", "ky--nop", "ky--thu-ky", "ky--lanh-dao"}),
        ("administrator", set()),
        ("outsider", set()),
        ("inactive", set()),
    ],
)
def test_each_sees_their_own_deadlines(world, who, expected):
    assert keys(world, who) == expected


@pytest.mark.django_db
def test_filters_and_what_does_not_count(world):
    officer = world.people["officer_a"]
    given = {"agency": world.agencies["a"], "by": officer, "now": world.now, "held_on": world.today, "figures": {}}
    kept = record_activity(title="Buổi một", tasks=[world.tasks[0]], **given)
    gone = record_activity(title="Buổi hai", **given)
    withdraw_activity(activity=gone, by=officer, now=world.now, reason="Ghi nhầm hoạt động này")
    june = {"first": date(2024, 6, 1), "last": date(2024, 6, 30)}
    asked = {"today": world.today, "kind": "hoat-dong"}
    found = events_of(officer, *june.values(), **asked)
    assert [(event.key, event.day) for event in found] == [(f"hoat-dong-{kept.pk}", world.today)]
    assert events_of(officer, *june.values(), plan=world.plan, **asked) == found
    assert events_of(world.people["secretary"], *june.values(), agency=world.agencies["b"], **asked) == []
    assert keys(world, "officer_a", kind="ky") == {"ky--chot", "ky--nop"}


@pytest.mark.django_db
def test_a_deadline_says_how_it_stands(world):
    def tone():
        span = date(2024, 5, 1), date(2024, 5, 31)
        return [event.tone for event in events_of(world.people["officer_a"], *span, today=world.today)
                if event.kind == "nhiem-vu"]  # fmt: skip

    assert tone() == ["bad"]
    Task.objects.filter(pk=world.tasks[3].pk).update(status="done", percent=100, completed_on=world.today)
    assert tone() == ["ok"]
    Task.objects.filter(pk=world.tasks[3].pk).update(status="cancelled", percent=0, completed_on=None)
    assert tone() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", "06/2024"), ("2024-11", "11/2024"), ("2024-13", "06/2024"), ("x", "06/2024"), ("1999-01", "06/2024"),
     ("2100-12", "12/2100"), ("2000-01", "01/2000")],
)  # fmt: skip
def test_the_month_of_the_address(world, sign_in, asked, shown):
    page = sign_in(world.people["officer_a"]).get(reverse("calendar"), {"thang": asked}).content.decode()
    assert f"Lịch tháng {shown}" in page
    assert ("Không hiểu tháng" in page) == (asked not in ("", "2024-11", "2100-12", "2000-01"))


@pytest.mark.django_db
def test_the_page_shows_days_and_keeps_its_filters(world, sign_in):
    answer = sign_in(world.people["officer_a"]).get(reverse("calendar"), {"thang": "2024-05", "loai": "nhiem-vu"})
    page = answer.content.decode()
    assert f'href="/nhiem-vu/{world.tasks[3].pk}/"' in page and "Quá hạn" in page
    assert "?loai=nhiem-vu&amp;thang=2024-04" in page and "?loai=nhiem-vu&amp;thang=2024-06" in page


# --- the address --------------------------------------------------------------------------------------------------


def feed_of(world, who) -> str:
    feed = renew_feed(by=world.people[who], now=world.now)
    return reverse("calendar-feed", args=[secret_of(feed)])


@pytest.mark.django_db
def test_the_address_needs_no_session_and_shows_what_its_person_sees(world, sign_in):
    answer = sign_in(None).get(feed_of(world, "officer_a"))
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"].startswith("private") and "sessionid" not in answer.cookies
    events = {event["UID"]: event for event in parsed(answer.content.decode())}
    due = events[f"nhiem-vu-{world.tasks[3].pk}@testserver"]
    assert due["DTSTART;VALUE=DATE"] == "20240515" and due["URL"].startswith("http://testserver/nhiem-vu/")
    others = {event["UID"] for event in parsed(sign_in(None).get(feed_of(world, "officer_b")).content.decode())}
    assert f"nhiem-vu-{world.tasks[3].pk}@testserver" not in others
    assert f"ky-{world.period.pk}-nop@testserver" in others & set(events)


@pytest.mark.django_db
def test_ids_stay_the_same_from_day_to_day(world, sign_in, settings):
    url = feed_of(world, "secretary")
    before = {event["UID"] for event in parsed(sign_in(None).get(url).content.decode())}
    settings.PORTAL_TODAY = world.today + timedelta(days=1)
    after = {event["UID"] for event in parsed(sign_in(None).get(url).content.decode())}
    assert before == after


@pytest.mark.django_db
def test_a_renewed_or_switched_off_address_is_dead(world, sign_in):
    old = feed_of(world, "officer_a")
    new = feed_of(world, "officer_a")
    assert [sign_in(None).get(url).status_code for url in (old, new)] == [404, 200]
    switch_off_feed(by=world.people["officer_a"])
    switch_off_feed(by=world.people["officer_a"])
    assert sign_in(None).get(new).status_code == 404


@pytest.mark.django_db
def test_a_closed_account_and_a_lost_role(world, sign_in):
    url = feed_of(world, "officer_a")
    member = world.people["officer_a"].memberships.get()
    leave(member=member, by=None, now=world.now, on=world.today)
    kinds = {event["UID"].split("-")[0] for event in parsed(sign_in(None).get(url).content.decode())}
    assert not kinds & {"nhiem", "ky", "hoat"}
    User.objects.filter(pk=member.user_id).update(is_active=False)
    assert sign_in(None).get(url).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["0-", "1-abc", "x", "1", "-", "99999999999999999999999-a", "1-" + "0" * 43])
def test_a_guess_opens_nothing(world, sign_in, wrong):
    feed = renew_feed(by=world.people["officer_a"], now=world.now)
    assert person_of(wrong.replace("1-", f"{feed.pk}-")) is None
    assert sign_in(None).get(f"/lich/{wrong}.ics").status_code == 404


@pytest.mark.django_db
def test_the_database_does_not_hold_the_address(world, settings):
    feed = renew_feed(by=world.people["officer_a"], now=world.now)
    secret = secret_of(feed)
    row = CalendarFeed.objects.values().get()
    assert all(secret.partition("-")[2] not in str(value) for value in row.values())
    assert person_of(secret) == world.people["officer_a"]
    settings.SECRET_KEY = "another key of the installation, long enough"
    assert person_of(secret) is None


@pytest.mark.django_db
def test_on_the_page(world, sign_in):
    client = sign_in(world.people["officer_a"])
    assert "Lập địa chỉ lịch" in client.get(reverse("calendar")).content.decode()
    client.post(reverse("calendar-address"))
    secret = secret_of(CalendarFeed.objects.get())
    assert f"http://testserver/lich/{secret}.ics" in client.get(reverse("calendar")).content.decode()
    assert secret not in sign_in(world.people["officer_b"]).get(reverse("calendar")).content.decode()
    client.post(reverse("calendar-address-off"))
    assert not CalendarFeed.objects.exists()
    assert clock.today() == world.today
