"""Đôn đốc: who is told what, once, with everything on the record; the page that sends it."""

import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse

from agencies import clock
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import timeline
from agencies.membership import join
from agencies.models import Membership, Notice, RecordEntry, Role
from reports import reminders, workflow
from reports.models import Period, Reminder
from reports.reminders import AlreadyReminded, remind, remind_automatically, suggested_text
from tests.world import fill_in

DUE = date(2024, 6, 17)
REMIND = reverse("board-remind", kwargs={"code": "2024-q2"})
BOARD = reverse("board", kwargs={"code": "2024-q2"})


def by_hand(world, *codes, now=None, **more):
    arguments = {"by": world.people["secretary"], "now": now or world.now, "text": "Đề nghị nộp báo cáo."} | more
    return remind(period=world.period, agencies=[world.agencies[code].pk for code in codes], **arguments)


def told(user) -> list[Notice]:
    return list(Notice.objects.filter(recipient=user, kind=Notice.Kind.REMINDER).order_by("pk"))


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_each_agency_gets_a_row_a_line_of_the_record_and_its_people_one_notice(world):
    sent = by_hand(world, "a", "b")
    assert [(row.agency.code, row.step, row.told, row.by) for row in sent] == [
        ("a", "", 1, world.people["secretary"]),
        ("b", "", 2, world.people["secretary"]),
    ]
    (notice,) = told(world.people["officer_a"])
    assert notice.text.startswith("Đề nghị nộp báo cáo.\n– Công an: chưa nộp, còn 2 nhiệm vụ chưa cập nhật")
    assert notice.path == reverse("my-work") and notice.sender == world.people["secretary"]
    assert (
        not told(world.people["approver_a"])
        and not told(world.people["inactive"])
        and not told(world.people["officer_x"])
    )
    line = timeline(world.report("a")).filter(verb="remind").get()
    assert "Đôn đốc Công an nộp báo cáo Quý II/2024" in line.summary and line.actor == world.people["secretary"]


def test_a_person_of_two_agencies_is_told_once_of_both(world):
    both = world.people["officer_a"]
    join(user=both, scope=world.agencies["b"], role=Role.LIAISON, by=None, now=world.now, on=world.today)
    by_hand(world, "a", "b")
    (notice,) = told(both)
    assert "– Công an:" in notice.text and "– Hội LHPN:" in notice.text and notice.text.count("Đề nghị nộp") == 1


def test_a_report_that_waits_for_its_approver_is_asked_of_the_approver_too(world):
    workflow.submit_report(
        report=fill_in(world, "a", world.people["officer_a"]), by=world.people["officer_a"], now=world.now
    )
    Notice.objects.all().delete()
    by_hand(world, "a")
    (notice,) = told(world.people["approver_a"])
    assert "đang chờ lãnh đạo đơn vị duyệt" in notice.text
    assert notice.path == reverse("report-detail", kwargs={"code": "2024-q2", "agency": "a"})


@pytest.mark.parametrize(
    ("who", "text", "codes", "error"),
    [
        ("officer_a", "Nộp đi", "a", NotAllowed),
        ("leader", "Nộp đi", "a", NotAllowed),
        ("other_secretary", "Nộp đi", "a", NotAllowed),
        ("secretary", "  \n ", "a", Incomplete),
        ("secretary", "x" * 2001, "a", Incomplete),
        ("secretary", "Nộp đi", "", Incomplete),
    ],
)
def test_what_is_refused_sends_nothing(world, who, text, codes, error):
    with pytest.raises(error):
        by_hand(world, *codes, by=world.people[who], text=text)
    assert not Reminder.objects.exists() and not Notice.objects.filter(kind=Notice.Kind.REMINDER).exists()


def test_who_has_handed_in_is_left_in_peace(world):
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    assert [row.agency.code for row in by_hand(world, "a", "b")] == ["a"]
    with pytest.raises(WrongState, match="đều đã nộp"):
        by_hand(world, "b")


def test_a_locked_period_is_not_reminded_of(world):
    workflow.lock_period(
        period=world.period, by=world.people["secretary"], now=world.now, reason="Chốt theo chỉ đạo của Hội đồng"
    )
    with pytest.raises(WrongState, match="đã khóa"):
        by_hand(world, "a")


def test_the_same_form_sends_once_and_a_second_reminder_of_the_day_must_be_meant(world):
    first = by_hand(world, "a", token="t1")
    assert [row.pk for row in by_hand(world, "a", token="t1")] == [row.pk for row in first]
    # The same form with others ticked, or other words: not what was sent, and not silently nothing either.
    for codes, more in ((["a", "b"], {}), (["a"], {"text": "Khác"})):
        with pytest.raises(WrongState, match="đã gửi lúc 09:00 cho Công an"):
            by_hand(world, *codes, token="t1", **more)
    with pytest.raises(AlreadyReminded, match="Công an .lúc 09:00, Người secretary.") as refused:
        by_hand(world, "a", "b", token="t2")
    assert refused.value.agencies == {world.agencies["a"].pk}
    assert Reminder.objects.count() == 1 and len(told(world.people["officer_a"])) == 1
    again = by_hand(world, "a", "b", token="t2", again=[world.agencies["a"].pk])
    assert len(again) == 2 and len(told(world.people["officer_a"])) == 2
    # The next day nothing has to be confirmed.
    by_hand(world, "a", token="t3", now=world.now + timedelta(days=1))


def test_an_agency_without_an_officer_is_reminded_of_on_the_record_and_said_to_be_unreached(world, sign_in):
    Membership.objects.filter(agency=world.agencies["a"]).update(left_on=date(2024, 6, 1))
    answer = sign_in(world.people["secretary"]).post(
        REMIND, {"noi-dung": "Đề nghị nộp", "co-quan": "a", "khoa": "k", "hien": "a"}, follow=True
    )
    assert "Chưa có người nhận ở: Công an" in answer.content.decode()
    assert Reminder.objects.get().told == 0
    assert "chưa có người nhận" in RecordEntry.objects.get(verb="remind").summary


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2024, 6, 10), "trước khi hết ngày 17/06/2024 (còn 7 ngày)"),
        (date(2024, 6, 17), "(hôm nay là ngày cuối)"),
        (date(2024, 6, 19), "đã quá hạn nộp 2 ngày (hạn 17/06/2024)"),
    ],
)
def test_the_words_say_how_long_there_is(world, today, words):
    assert world.period.agency_due_on == DUE
    assert words in suggested_text(world.period, today)


# --- the database says it too -----------------------------------------------------------------------------------------


def test_rows_stand_and_a_step_goes_once(world):
    (row,) = by_hand(world, "a")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Reminder.objects.filter(pk=row.pk).update(text="khác")
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.delete()
    more = {
        "period": world.period,
        "agency": world.agencies["a"],
        "at": world.now,
        "on": world.today,
        "text": "x",
        "told": 0,
    }
    Reminder.objects.create(step="T-7", **more)
    for wrong in ({"step": "T-7"}, {"step": "T-9"}, {"step": "T-3", "by": world.people["secretary"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reminder.objects.create(**(more | wrong))


# --- by the timetable -------------------------------------------------------------------------------------------------


def run(day: date) -> list[tuple[str, str]]:
    rows = remind_automatically(today=day, now=clock.at(day, 7, 30))
    return [(row.agency.code, row.step) for row in rows]


def test_the_timetable_reminds_those_who_still_owe_and_nobody_twice(world):
    everyone = [("stp", "T-7"), ("a", "T-7"), ("b", "T-7"), ("stp", "T-7")]  # the last is the other council's
    assert run(date(2024, 6, 10)) == everyone
    assert run(date(2024, 6, 10)) == []
    assert len(told(world.people["officer_a"])) == 1
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=clock.at(date(2024, 6, 12)))
    assert run(date(2024, 6, 11)) == run(date(2024, 6, 12)) == []
    assert ("b", "T-3") not in (third := run(date(2024, 6, 13))) and len(third) == 3
    assert run(date(2024, 6, 15)) == run(date(2024, 6, 16)) == []  # Saturday, Sunday
    assert {step for _code, step in run(date(2024, 6, 18))} == {"T+1"}
    assert [notice.text[:25] for notice in told(world.people["officer_a"])][-1].startswith("Báo cáo Quý II/2024 đã qu")
    assert Reminder.objects.filter(by__isnull=False).count() == 0


def test_a_day_on_which_the_server_was_off_is_made_up_once(world):
    assert {step for _code, step in run(date(2024, 6, 11))} == {"T-7"}
    assert run(date(2024, 6, 12)) == []


def test_a_report_that_came_back_after_its_step_waits_for_the_next(world):
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=clock.at(date(2024, 6, 9)))
    assert "b" not in [code for code, _step in run(date(2024, 6, 10))]
    workflow.return_report(
        report=world.report("b"),
        by=world.people["secretary"],
        now=clock.at(date(2024, 6, 10)),
        reason="Thiếu số liệu hòa giải",
    )
    assert run(date(2024, 6, 11)) == []
    assert ("b", "T-3") in run(date(2024, 6, 13))
    assert "bị trả lại, chưa nộp lại" in told(officer)[-1].text


def test_whoever_was_reminded_by_hand_today_is_left_in_peace(world):
    by_hand(world, "a", now=clock.at(date(2024, 6, 10), 7, 0))
    assert "a" not in [code for code, _step in run(date(2024, 6, 10))]
    assert len(told(world.people["officer_a"])) == 1


def test_one_person_of_two_councils_gets_one_digest(world):
    person = world.people["officer_a"]
    join(user=person, scope=world.agencies["x"], role=Role.LIAISON, by=None, now=world.now, on=world.today)
    run(date(2024, 6, 10))
    (notice,) = told(person)
    assert world.council.name in notice.text and world.other_council.name in notice.text
    assert notice.council is None and notice.agency is None


def test_a_holiday_moves_the_step(world):
    from reports.models import Holiday

    Holiday.objects.create(day=date(2024, 6, 10), name="Nghỉ thử")
    assert run(date(2024, 6, 10)) == []
    assert len(Reminder.objects.all()) == 0
    # The step stood on the working day before, and is made up on the next.
    assert {step for _code, step in run(date(2024, 6, 7))} == {"T-7"}
    assert run(date(2024, 6, 11)) == []


def test_a_period_opened_after_the_step_is_not_chased_for_it(world):
    Period.objects.filter(pk=world.period.pk).update(opened_at=clock.at(date(2024, 6, 11)))
    assert [row for row in run(date(2024, 6, 11)) if row[0] in "ab"] == []


def test_the_command_does_the_same_by_hand(world):
    def command(**options):
        out = StringIO()
        call_command("send_reminders", stdout=out, **options)
        return out.getvalue()

    said = command(date="2024-06-10", dry_run=True)
    assert "T-7  Quý II/2024  Công an: 1 người nhận" in said and "4 cơ quan sẽ được đôn đốc" in said
    assert not Reminder.objects.exists()
    assert "4 cơ quan đã được đôn đốc" in command(date="2024-06-10")
    assert "0 cơ quan" in command(date="2024-06-10")
    assert "0 cơ quan" in command(date="2024-06-15")
    with pytest.raises(CommandError, match="Không hiểu ngày"):
        command(date="hôm qua")


# --- the page ---------------------------------------------------------------------------------------------------------


def test_from_the_board_to_those_who_owe(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    assert "Đôn đốc 3 cơ quan chưa nộp" in secretary.get(BOARD).content.decode()
    page = secretary.get(REMIND).content.decode()
    assert page.count("checked") == 3 and "còn 7 ngày" in page and "Người officer_a" in page
    token = re.search(r'name="khoa" value="([0-9a-f-]{36})"', page)[1]
    form = {"noi-dung": "Đề nghị nộp ngay", "khoa": token, "co-quan": ["a", "b"], "hien": ["stp", "a", "b"]}
    for _twice in range(2):
        answer = secretary.post(REMIND, form, follow=True)
        assert "Đã đôn đốc 2 cơ quan: Công an, Hội LHPN" in answer.content.decode()
    assert Reminder.objects.count() == 2
    board = secretary.get(BOARD).content.decode()
    assert board.count("1 lần; gần nhất") == 2 and "Chưa đôn đốc" in board
    # Reminded today: shown, and ticked only by hand.
    page = secretary.get(REMIND).content.decode()
    assert page.count("checked") == 1 and page.count('name="lan-nua"') == 2
    assert secretary.post(REMIND, form | {"co-quan": ["a", "stp"]}).status_code == 409  # the browser's Back
    form = {"noi-dung": "Lần nữa", "khoa": "a\0c", "co-quan": ["a"], "hien": ["a"]}
    refused = secretary.post(REMIND, form)
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "Lần nữa</textarea>" in text and "checked" not in text and "Hôm nay đã đôn đốc: Công an" in text
    assert secretary.post(REMIND, form | {"lan-nua": "a"}).status_code == 302
    assert Reminder.objects.count() == 3


def test_ticked_agencies_are_shown_before_anything_is_sent(world, sign_in):
    secretary = sign_in(world.people["secretary"])
    answer = secretary.post(REMIND, {"xem": "1", "bao-cao": [world.report("b").pk, "x", "9" * 30]})
    assert answer.url == f"{REMIND}?co-quan=b"
    page = secretary.get(answer.url).content.decode()
    assert page.count('name="co-quan"') == 1 and "Thêm 2 cơ quan chưa nộp khác" in page
    for ticked in ([], [world.other_period.reports.first().pk]):
        assert secretary.post(REMIND, {"xem": "1", "bao-cao": ticked}).url == BOARD
    assert not Reminder.objects.exists()


def test_nobody_owes(world, sign_in):
    period = reminders.owing(world.period)
    assert [row.report.agency.code for row in period] == ["stp", "a", "b"]
    world.period.reports.update(
        state="accepted", submitted_at=world.now, submitted_by=world.people["officer_a"], accepted_at=world.now
    )
    assert "không cần đôn đốc" in sign_in(world.people["secretary"]).get(REMIND).content.decode()
