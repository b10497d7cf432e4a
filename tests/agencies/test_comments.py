"""What people say about reports and tasks: who reads it, who may speak, who can be called, what is told to whom."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from agencies import comments
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.mentions import Person, read_mentions
from agencies.models import Comment, Notice, RecordEntry, User
from agencies.talk import talks_about
from agencies.templatetags.talk import own_path
from campaigns.models import Plan
from reports.models import Period
from tests.quarters import no_numbers
from tests.world import make_person

pytestmark = pytest.mark.django_db

# --- reading names --------------------------------------------------------------------------------------------------

NGAN = Person(1, "thuky", "Nguyễn Thị Bích Ngân", "Thư ký Hội đồng")
NAM = Person(2, "congan", "Đại úy Trương Hoài Nam", "Công an")
OTHER_NAM = Person(3, "nam.b", "Lê Nam", "Hội LHPN")
UNSEEING = Person(4, "hoa", "Trần Thị Hoa", "Ban Dân tộc", sees=False)
PEOPLE = [NGAN, NAM, OTHER_NAM, UNSEEING]


@pytest.mark.parametrize(
    ("text", "stored", "called"),
    [
        ("Nhờ @thuky xem.", "Nhờ @Nguyễn Thị Bích Ngân xem.", [1]),
        ("Nhờ @THUKY, xem.", "Nhờ @Nguyễn Thị Bích Ngân, xem.", [1]),
        ("@Nguyễn Thị Bích Ngân xem giúp", "@Nguyễn Thị Bích Ngân xem giúp", [1]),
        ("@nguyen thi bich ngan xem giúp", "@Nguyễn Thị Bích Ngân xem giúp", [1]),
        ("@Bích Ngân. Cảm ơn", "@Nguyễn Thị Bích Ngân. Cảm ơn", [1]),
        ("@ngân\nxem", "@Nguyễn Thị Bích Ngân\nxem", [1]),
        ("(@nam.b) và @Hoài Nam", "(@Lê Nam) và @Đại úy Trương Hoài Nam", [3, 2]),
        ("@thuky rồi @thuky", "@Nguyễn Thị Bích Ngân rồi @Nguyễn Thị Bích Ngân", [1]),
        ("gửi về stp@cantho.gov.vn lúc 8:00", "gửi về stp@cantho.gov.vn lúc 8:00", []),
        ("giá 5 @ 2 đồng", "giá 5 @ 2 đồng", []),
    ],
)
def test_people_are_called_by_login_or_name(text, stored, called):
    found = read_mentions(text, PEOPLE)
    assert (found.text, [person.id for person in found.people], found.problems) == (stored, called, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@Nam xem giúp", "Có 2 người tên “Nam”"),
        ("@khongco xem", "Không tìm thấy ai là “@khongco”"),
        ("@hoa xem", "Không tìm thấy ai là “@hoa” xem được"),
        ("@tran thi hoa xem", "Không tìm thấy ai là “@tran” xem được"),
    ],
)
def test_nobody_is_guessed(text, said):
    found = read_mentions(text, PEOPLE)
    assert said in " ".join(found.problems) and found.text == text and not found.people


def test_of_two_with_one_name_the_one_who_sees_it_is_meant():
    people = [NAM, Person(9, "khac", "Phạm Nam", sees=False)]
    assert [person.id for person in read_mentions("@Nam xem", people).people] == [2]
    several = read_mentions("@Nam", PEOPLE).problems[0]
    assert "@congan (Đại úy Trương Hoài Nam, Công an)" in several and "@nam.b" in several


# --- who reads, who speaks ------------------------------------------------------------------------------------------


def say(world, who: str, text: str = "Bổ sung số liệu nữ giúp.", obj=None, **more) -> Comment:
    person = world.people[who]
    return comments.comment(obj=obj or world.report("a"), by=person, now=more.pop("now", world.now), text=text, **more)


def notices():
    """Notices about comments; opening a period writes others."""
    return Notice.objects.filter(kind__in=[Notice.Kind.MENTION, Notice.Kind.COMMENT])


def told(who: User, kind=None) -> list[str]:
    rows = notices().filter(recipient=who)
    return [row.text for row in (rows.filter(kind=kind) if kind else rows)]


@pytest.mark.parametrize(
    ("on_report", "on_task", "who"),
    [
        (True, True, "secretary"),
        (True, True, "leader"),
        (True, True, "officer_a"),
        (True, True, "approver_a"),
        (True, True, "viewer_a_officer_b"),
        (False, True, "officer_b"),
        (False, False, "officer_c"),
        (False, False, "administrator"),
        (False, False, "outsider"),
        (False, False, "other_secretary"),
        (False, False, "officer_x"),
        (False, False, "inactive"),
    ],
)
def test_whoever_sees_the_object_reads_what_is_said(world, on_report, on_task, who):
    """Task 1 is led by A and supported by B; the report is A's."""
    on = {"report": say(world, "secretary"), "task": say(world, "officer_b", obj=world.tasks[0])}
    seen = set(Comment.objects.visible_to(world.people[who]))
    assert seen == {on[name] for name, sees in (("report", on_report), ("task", on_task)) if sees}
    assert type(world.tasks[0]).objects.visible_to(world.people[who]).filter(pk=world.tasks[0].pk).exists() == on_task


@pytest.mark.parametrize("who", ["officer_b", "viewer_a_officer_b", "administrator", "outsider", "other_secretary"])
def test_only_those_who_work_on_it_or_see_the_council_speak(world, who):
    with pytest.raises(NotAllowed):
        say(world, who)
    assert not Comment.objects.exists() and not notices().exists()


def test_the_two_councils_know_nothing_of_each_other(world):
    mine = say(world, "secretary")
    with pytest.raises(Incomplete, match="Không tìm thấy ai"):
        say(world, "secretary", "@other_secretary xem giúp")
    theirs = say(world, "other_secretary", obj=world.report("x"))
    assert set(Comment.objects.visible_to(world.people["secretary"])) == {mine}
    assert set(Comment.objects.visible_to(world.people["other_secretary"])) == {theirs}
    known = {person.login for person in comments.people_of(world.report("a"), world.people["viewer_a_officer_b"])}
    assert known == {"secretary", "leader", "officer_a", "approver_a"}


def test_a_draft_plans_task_is_talked_about_by_the_council_alone(world):
    task = world.tasks[0]
    Plan.objects.filter(pk=task.plan_id).update(state=Plan.State.DRAFT)
    task.refresh_from_db()
    assert {person.login for person in comments.people_of(task, world.people["officer_a"])} == {"secretary", "leader"}
    with pytest.raises(NotAllowed):
        say(world, "officer_a", obj=task)


# --- what is told ---------------------------------------------------------------------------------------------------


def test_who_is_called_is_told_where_to_read_it(world):
    row = say(world, "officer_b", "Nhờ @officer_a gửi lịch", obj=world.tasks[0])
    (notice,) = notices()
    assert notice.recipient == world.people["officer_a"] and notice.kind == Notice.Kind.MENTION
    assert notice.path == f"/nhiem-vu/{world.tasks[0].pk}/#y-kien-so-{row.pk}" and "gửi lịch" in notice.text
    assert row.mentions == ["Người officer_a"] and row.text == "Nhờ @Người officer_a gửi lịch"


def test_calling_oneself_calls_nobody(world):
    row = say(world, "secretary", "@secretary ghi nhớ, @officer_a sửa")
    assert row.mentions == ["Người officer_a"] and row.text.startswith("@Người secretary ghi nhớ")
    assert not told(world.people["secretary"])
    offered = {person.login for person in comments.people_of(world.report("a"), world.people["secretary"])}
    assert "secretary" not in offered and "officer_a" in offered


def test_who_does_not_see_it_is_named_and_nothing_is_kept(world):
    with pytest.raises(Incomplete, match="Không tìm thấy ai là “@officer_c” xem được"):
        say(world, "officer_b", "Nhờ @officer_c và @officer_a", obj=world.tasks[0])
    assert not Comment.objects.exists() and not notices().exists()


def test_a_days_remarks_on_a_report_are_one_notice_to_its_officers(world):
    for number in range(3):
        say(world, "secretary", f"Ý kiến số {number}")
    assert told(world.people["officer_a"]) == [f"Người secretary có ý kiến về {world.report('a')}: “Ý kiến số 0”"]
    assert told(world.people["officer_b"]) == told(world.people["approver_a"]) == []
    say(world, "secretary", "Hôm sau", now=world.now + timedelta(days=1))
    assert len(told(world.people["officer_a"])) == 2


def test_an_answer_is_told_to_those_who_spoke_before(world):
    first = say(world, "secretary", "Thiếu minh chứng", anchor="dong-1")
    answer = say(world, "officer_a", "Đã bổ sung", parent=first)
    assert (answer.parent, answer.anchor) == (first, "dong-1")
    assert told(world.people["secretary"], Notice.Kind.COMMENT) == [
        f"Người officer_a trả lời ở {world.report('a')}: “Đã bổ sung”"
    ]
    nested = say(world, "secretary", "Cảm ơn", parent=answer)
    assert nested.parent == first  # one level


def test_who_no_longer_sees_it_is_not_told_of_answers(world):
    leaving = make_person("leaving", (world.agencies["a"], "liaison"))
    first = comments.comment(obj=world.report("a"), by=leaving, now=world.now, text="Tôi bàn giao việc này.")
    leaving.memberships.update(left_on=world.today)
    say(world, "secretary", "Đã rõ", parent=first)
    assert told(leaving) == []


# --- what becomes of it ---------------------------------------------------------------------------------------------


def test_settling_is_the_workers_and_tells_the_writer(world):
    row = say(world, "secretary")
    for _twice in range(2):
        row = comments.resolve(comment=row, by=world.people["officer_a"], now=world.now)
    assert row.resolved_by == world.people["officer_a"] and not row.is_waiting
    assert len(told(world.people["secretary"])) == 1
    assert RecordEntry.objects.filter(verb="resolve", object_id=row.pk).count() == 1
    with pytest.raises(NotAllowed):
        comments.resolve(comment=say(world, "secretary", "Khác"), by=world.people["officer_b"], now=world.now)


def test_a_leader_speaks_and_leaves_settling_to_those_who_do_the_work(world, sign_in):
    row, leader = say(world, "secretary"), world.people["leader"]
    with pytest.raises(NotAllowed, match="của cơ quan báo cáo hoặc Thư ký"):
        comments.resolve(comment=row, by=leader, now=world.now)
    for who, may in [("leader", False), ("secretary", True), ("officer_a", True)]:
        talk = talks_about(world.report("a"), world.people[who]).whole
        assert (talk.may_speak, talk.may_settle) == (True, may), who


def test_an_answer_cannot_be_settled(world):
    answer = say(world, "officer_a", "Đã bổ sung", parent=say(world, "secretary"))
    with pytest.raises(WrongState):
        comments.resolve(comment=answer, by=world.people["secretary"], now=world.now)


def test_taking_back_is_the_writers_alone_and_takes_unread_notices_along(world):
    row = say(world, "secretary", "@officer_a sửa giúp")
    with pytest.raises(NotAllowed):
        comments.withdraw(comment=row, by=world.people["officer_a"], now=world.now)
    for _twice in range(2):
        row = comments.withdraw(comment=row, by=world.people["secretary"], now=world.now)
    assert row.withdrawn_at == world.now and told(world.people["officer_a"]) == []
    assert RecordEntry.objects.filter(verb="withdraw_comment").count() == 1
    with pytest.raises(WrongState, match="đã được rút lại"):
        say(world, "officer_a", "Trả lời", parent=row)
    with pytest.raises(WrongState):
        comments.resolve(comment=row, by=world.people["officer_a"], now=world.now)


@pytest.mark.parametrize("text", ["", "   \n ", "\x00", "x" * 4001])
def test_nothing_and_too_much_are_refused(world, text):
    with pytest.raises(Incomplete):
        say(world, "secretary", text)


def test_the_same_words_sent_twice_are_kept_once(world):
    first, again = say(world, "secretary"), say(world, "secretary")
    later = say(world, "secretary", now=world.now + timedelta(minutes=5))
    assert first == again != later


def test_an_answer_belongs_to_its_object(world):
    elsewhere = say(world, "secretary", obj=world.tasks[0])
    with pytest.raises(WrongState):
        say(world, "secretary", "Trả lời nhầm chỗ", parent=elsewhere)


def test_a_locked_periods_report_is_not_talked_about(world):
    Period.objects.filter(pk=world.period.pk).update(
        state="locked", locked_at=world.now, frozen=no_numbers(world.period)
    )
    with pytest.raises(WrongState, match="đã khóa"):
        say(world, "secretary")


def test_the_database_keeps_a_comment_whole(world):
    row = say(world, "secretary")
    for wrong in ({"text": ""}, {"resolved_at": world.now}, {"parent": row.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/nhiem-vu/12/", "/nhiem-vu/12/"),
        ("http://cong.example/nhiem-vu/12/?a=1#b", "/nhiem-vu/12/?a=1#b"),
        ("https://cong.example/tim-kiem/?q=ma+túy", "/tim-kiem/?q=ma+túy"),
        ("http://elsewhere.example/nhiem-vu/12/", ""),
        ("http://cong.example@elsewhere.example/nhiem-vu/12/", ""),
        ("http://cong.example:81/nhiem-vu/12/", ""),
        ("//elsewhere.example/nhiem-vu/12/", ""),
        ("/khong-co-trang-nay/", ""),
        ("http://[/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_only_pages_of_this_portal_become_links(address, path):
    assert own_path(address, "cong.example") == path


def test_a_remark_taken_back_gives_its_notice_to_another_of_the_day(world):
    first = say(world, "secretary", "Bổ sung số nữ.")
    say(world, "secretary", "Thiếu minh chứng.")
    assert len(told(world.people["officer_a"])) == 1
    comments.withdraw(comment=first, by=world.people["secretary"], now=world.now)
    (text,) = told(world.people["officer_a"])
    assert "Thiếu minh chứng." in text


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u202e\x0b\x1c", "x" * 4001, "@a b c d\n" * 4000])
def test_words_that_nobody_sees_or_that_never_end_are_refused(world, text):
    with pytest.raises(Incomplete):
        say(world, "secretary", text)
