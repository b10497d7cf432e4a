"""An erased name stands on no page, in no file and behind no search; nothing else is rewritten, and nobody comes back."""

import json
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from agencies import locks
from agencies.accounts import amend_person, break_glass, reopen_account
from agencies.comments import comment
from agencies.erasure import erase_person, personal_data
from agencies.errors import WrongState
from agencies.history import Placed, acting, record
from agencies.journal import chain
from agencies.mail import mail_notices
from agencies.membership import create_account
from agencies.models import (
    CalendarFeed,
    FormerPassword,
    Notice,
    RecordEntry,
    RegisterImport,
    RoleReview,
    SentForm,
    Session,
    User,
    WrongTries,
)
from agencies.pseudonyms import ERASED, NAMELESS, Pseudonyms
from reports.models import Reminder
from tests.world import PASSWORD, make_person

pytestmark = pytest.mark.django_db
NAME, REASON = "Trần Thị Hoài An", "Theo đơn đề nghị ngày 12/10/2026"


def called(user: User, name: str) -> User:
    user.full_name = name
    user.save()
    return user


def erase(world, person: User) -> User:
    return erase_person(person=person, by=world.people["administrator"], now=world.now, reason=REASON)


def tell(world, summary: str, *, by=None, obj=None) -> RecordEntry:
    return record(by=by, now=world.now, verb="try", obj=obj or world.agencies["a"], summary=summary)


@pytest.fixture
def person(world) -> User:
    return called(world.people["officer_a"], NAME)


def test_closing_the_account_tells_the_number_to_others(world, person):
    for who in ("secretary", "approver_a"):
        world.people[who].email = f"{who}@example.vn"
        world.people[who].save()
    before = set(Notice.objects.values_list("pk", flat=True))
    erase(world, person)
    told = Notice.objects.exclude(pk__in=before)
    assert told.exists() and not told.filter(text__contains=NAME).exists()
    assert (
        told.filter(text__contains=ERASED.format(pk=person.pk)).exists() and not told.filter(recipient=person).exists()
    )
    written = RecordEntry.objects.filter(verb__in=("leave", "close_account", "erase_person"), object_id__isnull=False)
    assert written.count() == 3 and not written.filter(summary__contains=NAME).exists()


def test_what_was_written_with_the_name_before_is_shown_without_it(world, person, sign_in):
    secretary, approver = world.people["secretary"], world.people["approver_a"]
    task, period = world.tasks[0], world.period
    Notice.objects.create(recipient=secretary, kind="role", at=world.now, text=f"Giao vai trò cho {NAME}.")
    comment(obj=task, by=secretary, now=world.now, text=f"@{person.username} xem giúp")
    called(approver, "Lê Văn Bình")
    for chosen in world.people["viewer_a_officer_b"].memberships.filter(left_on=None):
        RoleReview.objects.create(member=chosen, outcome="kept", at=world.now, by=approver, by_name=str(approver))
    Reminder.objects.create(
        period=period, agency=world.agencies["b"], at=world.now, on=world.today, by=approver, by_name=str(approver),
        text="Đề nghị nộp", told=1,
    )  # fmt: skip
    record(by=person, now=world.now, verb="try", obj=period, summary=f"{NAME} sửa kỳ", reason=f"{NAME} đề nghị")
    tell(world, f"Giao việc cho {NAME}", by=secretary)
    for each in (person, approver):
        erase(world, each)
    pages = {
        reverse("notice-list"): ERASED.format(pk=person.pk),
        reverse("task-detail", args=[task.pk]): f"@{ERASED.format(pk=person.pk)}",
        reverse("board", args=["2024-q2"]): ERASED.format(pk=approver.pk),
        reverse("board-remind", args=["2024-q2"]): ERASED.format(pk=approver.pk),
        reverse("account-review"): ERASED.format(pk=approver.pk),
        reverse("account-register"): ERASED.format(pk=approver.pk),
        reverse("agency-detail", args=[world.agencies["a"].pk]): ERASED.format(pk=person.pk),
        reverse("record"): f"{ERASED.format(pk=person.pk)} sửa kỳ",
    }
    reader = sign_in(secretary)
    for path, number in pages.items():
        page = reader.get(path).content.decode()
        assert number in page and NAME not in page and "Lê Văn Bình" not in page, path
    assert f"{ERASED.format(pk=person.pk)} đề nghị" in reader.get(reverse("board", args=["2024-q2"])).content.decode()
    theirs = json.dumps(personal_data(person=secretary, by=secretary, now=world.now), default=str, ensure_ascii=False)
    assert NAME not in theirs and f"Giao việc cho {ERASED.format(pk=person.pk)}" in theirs
    connection.check_constraints()
    assert list(chain.findings()) == []


def test_a_letter_that_waited_does_not_carry_the_name(world, person):
    secretary = world.people["secretary"]
    secretary.email = "thuky@example.vn"
    secretary.save()
    notice = Notice.objects.create(recipient=secretary, kind="mention", at=world.now, text=f"{NAME} nhắc đến bạn")
    erase(world, person)
    mail_notices(notices=[notice.pk], now=world.now)
    (letter,) = mail.outbox
    assert NAME not in letter.subject + letter.body and ERASED.format(pk=person.pk) in letter.body
    notice.refresh_from_db()
    assert notice.mailed_at == world.now and notice.text == f"{NAME} nhắc đến bạn"


def test_everything_that_belongs_to_the_account_alone_goes(world, person, sign_in):
    sign_in(person).get("/viec-cua-toi/")
    user = {"user": person}
    EmailAddress.objects.create(**user, email="an@example.vn")
    SocialAccount.objects.create(**user, provider="oidc", uid="an|1", extra_data={"name": NAME})
    Authenticator.objects.create(**user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    FormerPassword.objects.create(**user, password="x", replaced_at=world.now)
    SentForm.objects.create(**user, key=uuid4(), path="/", location="/", at=world.now)
    CalendarFeed.objects.create(**user, made_at=world.now)
    locks.take_try(key=locks.key_of(locks.PASSWORD, person.username.upper()), browser="", now=world.now)
    models = (EmailAddress, SocialAccount, Authenticator, FormerPassword, SentForm, CalendarFeed, Session)
    assert [model.objects.filter(**user).exists() for model in models] == [True] * len(models)
    erase(world, person)
    assert [model.objects.filter(**user).exists() for model in models] == [False] * len(models)
    assert not WrongTries.objects.exists()


def test_an_import_forgets_the_particulars_before_and_after(world, person):
    other = {
        "pk": world.people["officer_b"].pk,
        "outcome": "changed",
        "before": {"phone": "1"},
        "after": {"phone": "2"},
    }
    theirs = [
        {"pk": person.pk, "outcome": "new", "before": {}, "after": {"full_name": NAME, "phone": "0912345678"}},
        {"pk": person.pk, "outcome": "changed", "before": {"full_name": "Trần An"}, "after": {"full_name": NAME}},
    ]
    batch = RegisterImport.objects.create(
        council=world.council, kind=RegisterImport.Kind.PEOPLE, imported_at=world.now, source_name="a.xlsx",
        source_digest="0", done=[*theirs, other],
    )  # fmt: skip
    erase(world, person)
    batch.refresh_from_db()
    assert [(row["outcome"], row["before"], row["after"]) for row in batch.done[:2]] == [
        ("new", {}, {}),
        ("changed", {}, {}),
    ]
    assert batch.done[2] == other


def test_nobody_comes_back_behind_the_number(world, person):
    username = person.username
    erased, by = erase(world, person), world.people["administrator"]
    for attempt in (
        lambda: reopen_account(user=erased, by=by, now=world.now),
        lambda: break_glass(user=erased, password=PASSWORD, reason="Cần mở gấp tài khoản này", now=world.now),
        lambda: amend_person(user=erased, by=by, now=world.now, full_name=NAME),
    ):
        with pytest.raises(WrongState, match="đã xóa tên"):
            attempt()
    for taken in (username, username.upper(), "da-xoa-999"):
        with pytest.raises(WrongState, match="đã có người dùng"):
            create_account(
                username=taken, full_name="Người khác", password=PASSWORD, by=by, now=world.now, council=world.council
            )
    erased.refresh_from_db()
    assert erased.is_erased and not erased.is_active and not User.objects.filter(username__iexact=username).exists()
    User.objects.filter(pk=erased.pk).update(is_active=True)  # whatever else opened it: the name stays away
    assert Pseudonyms().instead(f"{NAME} nộp") == f"{ERASED.format(pk=erased.pk)} nộp"


def test_two_who_had_one_name(world, person):
    other = called(world.people["officer_c"], NAME)
    line, said = tell(world, f"{NAME} nộp báo cáo", by=person), tell(world, f"Giao vai trò cho {NAME}")
    about = tell(world, f"Sửa điện thoại của {NAME}", obj=Placed(other, world.agencies["c"]))
    erase(world, person)
    shown = Pseudonyms()
    assert shown.in_line(said, said.summary) == said.summary  # the other one bears it still
    assert (shown.actor(line), shown.in_line(line, line.summary)) == (
        ERASED.format(pk=person.pk), f"{ERASED.format(pk=person.pk)} nộp báo cáo",
    )  # fmt: skip
    assert shown.actor(tell(world, "x", by=other)) == NAME
    erase(world, other)
    shown = Pseudonyms()
    assert shown.in_line(said, said.summary) == f"Giao vai trò cho {NAMELESS}"
    assert shown.in_line(line, line.summary) == f"{ERASED.format(pk=person.pk)} nộp báo cáo"
    assert shown.in_line(about, about.summary) == f"Sửa điện thoại của {ERASED.format(pk=other.pk)}"


@pytest.mark.parametrize("username, name, text", [
    ("hai", "Nguyễn Văn Hải", "Hội nghị lần hai của thành phố"),
    ("hai", "Hai", "Tổ hai nộp; Hai việc"),
    ("van.thu", "Văn thư", "Chuyển Văn thư đóng dấu"),
    ("sotuphap", "Sở Tư pháp", "Sở Tư pháp nộp báo cáo"),
    ("hoidong", "thành phố Cần Thơ", "Nhiệm vụ của thành phố Cần Thơ"),
    ("dau.moi", "Cán bộ đầu mối", "Giao vai trò Cán bộ đầu mối tại Công an"),
    ("hoai.an", "Trần Thị Hoài", "Trần Thị Hoài Thu nộp báo cáo"),
])  # fmt: skip
def test_innocent_words_stay(world, username, name, text):
    person = make_person(username, (world.agencies["b"], "liaison"))
    called(person, name)
    for other, position in (("officer_b", "Văn thư"), ("officer_stp", "Cán bộ đầu mối")):
        User.objects.filter(pk=world.people[other].pk).update(position=position)
    called(world.people["officer_c"], "Trần Thị Hoài Thu")
    line = tell(world, text)
    erase(world, person)
    assert Pseudonyms().in_line(line, text) == text


def test_before_and_after_show_no_name_whatever_it_looks_like(world, person, sign_in):
    person = called(person, "Văn thư")
    username = person.username
    with acting(by=None, verb="amend_person"):
        called(person, "Hai")
        tell(world, "Sửa họ và tên", obj=Placed(person, world.agencies["a"]))
    erase(world, person)
    page = sign_in(world.people["administrator"]).get(reverse("record"), {"nguoi": person.pk}).content.decode()
    assert "Sửa họ và tên" in page and "Văn thư" not in page and ">Hai" not in page and username not in page
    assert f"Tên đăng nhập: {ERASED.format(pk=person.pk)}" not in page  # nothing to be told apart any more


def test_searching_does_not_undo_it(world, person, sign_in):
    tell(world, f"{NAME} nộp báo cáo sáu tháng", by=person)
    tell(world, f"Giao việc cho {NAME} từ hôm nay")
    tell(world, "Việc của người khác về báo cáo sáu tháng")
    reader = sign_in(world.people["secretary"])

    def found(**asked) -> set[str]:
        lines = reader.get(reverse("record"), asked).context["lines"]
        return {line.entry.summary for line in lines if line.entry.verb == "try"}

    assert len(found(q=NAME)) == 2
    erase(world, person)
    for words in (NAME, NAME.upper(), "Hoài An", "Trần Thị"):
        assert found(q=words) == set(), words
    assert len(found(q="sáu tháng")) == 2 and len(found(q=f"số {person.pk} (đã xóa tên)")) == 2
    assert found(nguoi=person.pk) == {f"{NAME} nộp báo cáo sáu tháng"}


def test_all_that_is_held_is_handed_over_with_ones_own_addresses_alone(world, person, sign_in):
    sign_in(person).get("/viec-cua-toi/")
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Điện thoại của tôi"})
    SocialAccount.objects.create(user=person, provider="oidc", uid="an|1")
    own, theirs = ("10.0.0.1", "10.0.0.9")
    line = {"at": world.now, "object_type": "agencies.user", "object_id": person.pk, "agency": world.agencies["a"]}
    line |= {"council": world.council, "actor_name": "x"}
    by = world.people["administrator"]
    RecordEntry.objects.create(**line, verb="a", summary="tự đổi", actor=person, address=own)
    RecordEntry.objects.create(**line, verb="b", summary="thử sai", kind="access", address=own)
    RecordEntry.objects.create(**line, verb="c", summary="quản trị sửa", actor=by, address=theirs)
    data = personal_data(person=person, by=person, now=world.now)
    known = {row["việc"]: row["từ địa chỉ"] for row in data["nhật ký"]}
    assert (known["tự đổi"], known["thử sai"], known["quản trị sửa"]) == (own, own, None)
    assert data["xác thực hai bước"][0]["tên"] == "Điện thoại của tôi" and len(data["phiên làm việc"]) == 1
    assert data["tài khoản đăng nhập một lần"][0]["uid"] == "an|1"
    page = sign_in(person).get(reverse("record")).content.decode()
    assert "quản trị sửa" in page and own in page and theirs not in page


def test_whom_another_council_knows_too_is_not_shown_whole_to_one_administrator(world, sign_in):
    both = make_person("hai.noi", (world.agencies["a"], "liaison"), (world.agencies["x"], "viewer"))
    User.objects.filter(pk=both.pk).update(phone="0912 345 678", email="hai.noi@cantho.gov.vn")
    administrator = sign_in(world.people["administrator"])
    assert administrator.get(reverse("person-data", args=[both.pk])).status_code == 403
    page = administrator.get(reverse("admin:agencies_user_change", args=[both.pk])).content.decode()
    assert "hai.noi" in page and "•••678" in page and "h•••@cantho.gov.vn" in page
    assert "0912 345 678" not in page and "hai.noi@cantho.gov.vn" not in page
    ours = world.people["officer_a"]
    User.objects.filter(pk=ours.pk).update(phone="0912 345 678")
    assert "0912 345 678" in administrator.get(reverse("admin:agencies_user_change", args=[ours.pk])).content.decode()


def test_a_file_that_cannot_be_written_leaves_nothing(world, person, tmp_path, monkeypatch):
    taken = tmp_path / "a.json"
    taken.write_text("cũ")
    with pytest.raises(Exception, match="chọn tên khác"):
        call_command("export_person", person.username, taken)
    assert taken.read_text() == "cũ" and not RecordEntry.objects.filter(verb="export_person").exists()
    monkeypatch.setattr("agencies.management.commands.export_person.personal_data", lambda **_: {"x": object()})
    with pytest.raises(TypeError):
        call_command("export_person", person.username, tmp_path / "b.json")
    assert not (tmp_path / "b.json").exists()


def test_searching_still_finds_who_has_a_longer_name(world, person, sign_in):
    other = called(world.people["officer_c"], f"{NAME} Nhiên")
    tell(world, f"{other.full_name} nộp báo cáo", by=other)
    erase(world, person)
    lines = sign_in(world.people["secretary"]).get(reverse("record"), {"q": other.full_name}).context["lines"]
    assert [line.summary for line in lines if line.entry.verb == "try"] == [f"{other.full_name} nộp báo cáo"]
