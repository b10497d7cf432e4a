"""The register of accounts, its yearly review, and who is told when somebody gets power."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core import mail as django_mail
from django.db import DatabaseError, transaction
from django.urls import reverse

from agencies import clock, mail, reviews
from agencies.accounts import break_glass, disable_unused, reset_password, reset_second_factor
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.membership import close_account, join, leave, open_account, succeed
from agencies.models import Membership, Notice, RecordEntry, Role, RoleReview, Succession, User
from agencies.permissions import Perm, can
from agencies.register import create_agency
from tests.world import make_person

REASON = "Chuyển công tác từ tháng 6"


def role_of(world, who):
    return world.people[who].memberships.get()


def told(person) -> list[str]:
    return list(Notice.objects.filter(recipient=person, kind=Notice.Kind.ROLE).values_list("text", flat=True))


# who may review the role of whom
@pytest.mark.parametrize("by, whose, may", [
    ("approver_a", "officer_a", True), ("approver_a", "officer_b", False), ("approver_a", "approver_a", False),
    ("officer_a", "approver_a", False), ("secretary", "approver_a", True), ("secretary", "officer_b", True),
    ("secretary", "secretary", False), ("secretary", "administrator", True), ("leader", "secretary", True),
    ("leader", "officer_a", False), ("administrator", "officer_a", False), ("administrator", "secretary", False),
    ("administrator", "administrator", False), ("other_secretary", "officer_a", False), ("outsider", "officer_a", False),
])  # fmt: skip
def test_each_role_has_somebody_responsible_and_never_its_holder(world, by, whose, may):
    person, member = world.people[by], role_of(world, whose)
    assert reviews.may_review(person, member) is may
    for deed in (
        lambda: reviews.confirm_roles(members=[member], by=person, now=world.now),
        lambda: reviews.end_reviewed_role(member=member, by=person, now=world.now, reason=REASON),
    ):
        if not may:
            with pytest.raises(NotAllowed):
                deed()
    assert not RoleReview.objects.exists()


def test_a_role_is_overdue_a_year_after_it_began_or_was_confirmed(world, settings):
    secretary = world.people["secretary"]
    member = next(row for row in reviews.roles_answered_for(secretary) if row.user == world.people["officer_b"])
    due = member.joined_on + timedelta(days=365)
    assert reviews.review_due(member) == due
    assert not reviews.is_overdue(member, due) and reviews.is_overdue(member, due + timedelta(days=1))
    reviews.confirm_roles(members=[member], by=secretary, now=world.now)
    reviews.confirm_roles(members=[member], by=secretary, now=world.now)  # a double click
    member = next(row for row in reviews.roles_answered_for(secretary) if row.pk == member.pk)
    assert (member.reviewed_by, clock.local_day(member.reviewed_at)) == (str(secretary), world.today)
    assert reviews.review_due(member) == world.today + timedelta(days=365)
    settings.PORTAL_REVIEW_DAYS = 92
    assert reviews.review_due(member) == world.today + timedelta(days=92)
    line = RecordEntry.objects.get(verb="review_role")
    assert line.actor == secretary and "xác nhận còn dùng" in line.summary and line.agency == world.agencies["b"]


def test_one_role_out_of_reach_and_none_is_confirmed(world):
    members = [role_of(world, "officer_a"), role_of(world, "officer_b")]
    with pytest.raises(NotAllowed):
        reviews.confirm_roles(members=members, by=world.people["approver_a"], now=world.now)
    with pytest.raises(Incomplete):
        reviews.confirm_roles(members=[], by=world.people["approver_a"], now=world.now)
    assert not RoleReview.objects.exists()


def test_a_role_ended_in_the_review_is_ended_at_once_and_says_why(world):
    approver, member = world.people["approver_a"], role_of(world, "officer_a")
    with pytest.raises(Incomplete):
        reviews.end_reviewed_role(member=member, by=approver, now=world.now, reason="nghỉ")
    for _twice in range(2):
        reviews.end_reviewed_role(member=member, by=approver, now=world.now, reason=REASON)
    member.refresh_from_db()
    row = RoleReview.objects.get()
    assert (member.left_on, row.outcome, row.reason) == (world.today, "ended", REASON)
    officer = type(member.user).objects.get(pk=member.user_id)
    assert not can(officer, Perm.RECORD_PROGRESS, world.agencies["a"]) and officer.is_active
    assert set(RecordEntry.objects.filter(object_id=member.pk, object_type="agencies.membership").values_list("verb", flat=True)) == {
        "join", "review_role", "leave"
    }  # fmt: skip


def test_a_review_is_never_changed(world):
    reviews.confirm_roles(members=[role_of(world, "officer_a")], by=world.people["approver_a"], now=world.now)
    for deed in (lambda: RoleReview.objects.update(by_name="Người khác"), lambda: RoleReview.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()


def test_the_review_page_from_the_list_to_the_record(world, sign_in):
    client, page = sign_in(world.people["approver_a"]), reverse("account-review")
    html = client.get(page).content.decode()
    assert "Người officer_a" in html and "Người officer_b" not in html
    mine = role_of(world, "officer_a")
    assert f'value="{mine.pk}"' in html and f'value="{role_of(world, "approver_a").pk}"' not in html
    answer = client.post(reverse("account-review-confirm"), {"vai-tro": [mine.pk, role_of(world, "officer_b").pk, "x"]})
    assert answer.status_code == 302 and RoleReview.objects.get().member == mine
    assert "10/06/2024" in client.get(page).content.decode()
    assert client.post(reverse("account-review-confirm")).status_code == 302 and RoleReview.objects.count() == 1
    ending = reverse("account-review-end", args=[mine.pk])
    refused = client.post(ending, {"reason": "nghỉ"})
    mine.refresh_from_db()
    assert refused.status_code != 302 and "ít nhất 10 ký tự" in refused.content.decode() and mine.left_on is None
    assert client.post(ending, {"reason": REASON}).status_code == 302
    mine.refresh_from_db()
    assert mine.left_on == world.today


def test_the_administrator_looks_at_the_review_and_confirms_nothing(world, sign_in):
    html = sign_in(world.people["administrator"]).get(reverse("account-review")).content.decode()
    assert "Người officer_a" in html and 'type="checkbox"' not in html and "Người officer_x" not in html


def test_the_register_shows_every_account_of_the_council_and_nobody_elses(world, sign_in):
    join(
        user=world.people["officer_x"],
        scope=world.agencies["x"],
        role=Role.VIEWER,
        by=None,
        now=world.now,
        on=world.today,
    )
    both = make_person("hai_noi", (world.agencies["a"], Role.LIAISON), (world.agencies["x"], Role.APPROVER))
    close_account(
        user=world.people["officer_c"], by=world.people["administrator"], now=world.now, council=world.council
    )
    client = sign_in(world.people["administrator"])
    html = client.get(reverse("account-register")).content.decode()
    for name in ("officer_a", "secretary", "administrator", "inactive", "officer_c", both.username):
        assert name in html, name
    assert "officer_x" not in html and "other_secretary" not in html and "Tiền Giang" not in html
    assert "Đã đóng" in html and "từ 10/06/2024" in html and "Quản trị" in html
    assert "Nhiệm vụ số" not in html
    closed = client.get(
        reverse("account-register"), {"tinh-trang": "da-dong", "tinh_trang": "da-dong"}
    ).content.decode()
    assert "officer_c" in closed and "officer_b" not in closed
    found = client.get(reverse("account-register"), {"q": "NGUOI officer_B"}).content.decode()
    assert "officer_b" in found and "officer_a<" not in found
    file = client.get(reverse("account-register"), {"xuat": "csv"})
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Tên đăng nhập") and not any("officer_x" in line for line in lines)
    assert (
        len(lines) - 1
        == len([name for name in world.people if name not in {"outsider", "other_secretary", "officer_x"}]) + 1
    )


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.LEADER, Role.ADMINISTRATOR])
def test_nobody_gives_a_role_to_themself_and_a_colleague_is_seen_doing_it(world, role):
    first, secretary = world.people["administrator"], world.people["secretary"]
    second = make_person("quan_tri_2", (world.council, Role.ADMINISTRATOR))
    with pytest.raises(NotAllowed):
        join(user=first, scope=world.council, role=role, by=first, now=world.now, on=world.today)
    assert Notice.objects.filter(kind="role").count() == 0
    person = first if role != Role.ADMINISTRATOR else world.people["officer_b"]
    join(user=person, scope=world.council, role=role, by=second, now=world.now, on=world.today)
    for reader in (secretary, first):
        assert [str(person) in text and str(second) in text for text in told(reader)] == [True], reader
    assert told(second) == []
    assert RecordEntry.objects.filter(verb="join", actor=second, council=world.council).count() == 1


def test_a_role_in_an_agency_given_to_an_administrator_is_told_to_the_council(world):
    second = make_person("quan_tri_2", (world.council, Role.ADMINISTRATOR))
    join(
        user=world.people["administrator"],
        scope=world.agencies["a"],
        role=Role.LIAISON,
        by=second,
        now=world.now,
        on=world.today,
    )
    assert len(told(world.people["secretary"])) == 1


def test_a_role_in_an_agency_is_told_to_its_leaders_else_to_the_secretaries_once_a_day(world):
    administrator, secretary = world.people["administrator"], world.people["secretary"]
    give = {"by": administrator, "now": world.now, "on": world.today, "role": Role.VIEWER}
    join(user=world.people["officer_b"], scope=world.agencies["a"], **give)
    assert len(told(world.people["approver_a"])) == 1 and told(secretary) == []
    for who in ("officer_a", "officer_stp"):
        join(user=world.people[who], scope=world.agencies["b"], **give)
    assert len(told(secretary)) == 1
    assert len(told(world.people["officer_a"])) == 1
    leave(
        member=world.people["officer_b"].memberships.get(agency=world.agencies["a"]),
        by=administrator,
        now=world.now,
        on=world.today,
    )
    assert len(told(world.people["approver_a"])) == 2


def test_an_account_opened_for_a_made_up_secretary_and_a_password_set_anew_are_seen(world):
    administrator, secretary = world.people["administrator"], world.people["secretary"]
    open_account(scope=world.council, role=Role.SECRETARY, on=world.today, username="ma", full_name="Người Không Có",
                 password="x" * 20, by=administrator, now=world.now)  # fmt: skip
    assert len(told(secretary)) == 1 and "Người Không Có" in told(secretary)[0]
    reset_password(user=world.people["leader"], password="x" * 20, by=administrator, now=world.now)
    assert any("đặt lại mật khẩu" in text for text in told(secretary))
    assert any("đặt lại mật khẩu" in text for text in told(world.people["leader"]))
    reset_password(user=world.people["officer_a"], password="x" * 20, by=administrator, now=world.now)
    for reader, heard in (("officer_a", 1), ("approver_a", 1), ("secretary", 3), ("administrator", 0), ("leader", 1)):
        assert len(told(world.people[reader])) == heard, reader


def test_second_factors_taken_away_and_the_last_resort_are_seen(world):
    officer, administrator = world.people["officer_a"], world.people["administrator"]
    TOTP.activate(officer, generate_totp_secret())
    reset_second_factor(user=officer, by=administrator, now=world.now)
    for reader in ("officer_a", "approver_a", "secretary"):
        assert ["gỡ xác thực hai bước" in text for text in told(world.people[reader])] == [True], reader
    officer.refresh_from_db()
    assert officer.must_change_password  # it was allowed to be short
    break_glass(user=officer, password="x" * 20, reason="Mất điện thoại, Giám đốc duyệt", now=world.now)
    for reader in ("officer_a", "approver_a", "secretary", "administrator"):
        assert "Giám đốc duyệt" in told(world.people[reader])[0], reader
    assert told(world.people["other_secretary"]) == told(world.people["officer_b"]) == []


@pytest.mark.parametrize("deed", ["reset_password", "break_glass"])
def test_a_new_password_cuts_the_other_way_in(world, deed):
    officer = world.people["officer_a"]
    SocialAccount.objects.create(user=officer, provider="oidc", uid="https://noi-khac|1")
    for _twice in range(2):
        if deed == "reset_password":
            reset_password(user=officer, password="x" * 20, by=world.people["administrator"], now=world.now)
        else:
            break_glass(user=officer, password="x" * 20, reason="Mất điện thoại, Giám đốc duyệt", now=world.now)
    assert not SocialAccount.objects.exists()
    assert RecordEntry.objects.get(verb="disconnect_directory").council == world.council


def test_power_given_goes_by_e_mail_too(world):
    User.objects.filter(username="secretary").update(email="thuky@example.vn")
    reset_password(user=world.people["officer_a"], password="x" * 20, by=world.people["administrator"], now=world.now)
    notice = Notice.objects.get(recipient=world.people["secretary"])
    assert mail.mail_notices(notices=[notice.pk], now=world.now) == 1
    assert "đặt lại mật khẩu" in django_mail.outbox[0].body
    assert Notice.Kind.ROLE in mail.MAILED_KINDS


def test_a_council_never_loses_its_last_administrator(world):
    """Not in the review, not by the secretary, not while the only other one's account is closed."""
    secretary, last = world.people["secretary"], role_of(world, "administrator")
    end = {"member": last, "by": secretary, "now": world.now, "reason": REASON}
    with pytest.raises(WrongState, match="quản trị duy nhất"):
        reviews.end_reviewed_role(**end)
    second = make_person("quan_tri_2", (world.council, Role.ADMINISTRATOR))
    User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(WrongState, match="quản trị duy nhất"):
        reviews.end_reviewed_role(**end)
    last.refresh_from_db()
    assert last.left_on is None and not RoleReview.objects.exists()
    User.objects.filter(pk=second.pk).update(is_active=True)
    for _twice in range(2):
        reviews.end_reviewed_role(**end)
    with pytest.raises(WrongState, match="quản trị duy nhất"):
        reviews.end_reviewed_role(**end | {"member": second.memberships.get()})


def test_a_role_ended_in_the_review_is_told_to_the_administrators(world):
    reviews.end_reviewed_role(
        member=role_of(world, "officer_a"), by=world.people["approver_a"], now=world.now, reason=REASON
    )
    assert ["khi rà soát" in text for text in told(world.people["administrator"])] == [True]


def test_an_account_closed_for_want_of_use_stays_in_the_review_and_says_since_when(world, sign_in):
    late = world.now + timedelta(days=100)
    User.objects.update(date_joined=world.now, last_login=late)
    User.objects.filter(username="officer_b").update(last_login=None)
    disable_unused(now=late)
    secretary = world.people["secretary"]
    officer = next(row.user for row in reviews.roles_answered_for(secretary) if row.user.username == "officer_b")
    assert not officer.is_active
    page = sign_in(secretary).get(reverse("account-review")).content.decode()
    assert "officer_b" in page and "Đã đóng" in page
    (line,) = reviews.accounts([officer], reader=secretary, today=world.today)
    assert line.ended_on == clock.local_day(late)


def test_recovery_codes_alone_are_no_second_layer_in_the_register(world):
    people = [world.people["officer_a"], world.people["officer_b"]]
    Authenticator.objects.create(user=people[0], type="recovery_codes", data={"migrated_codes": []})
    TOTP.activate(people[1], generate_totp_secret())
    lines = reviews.accounts(people, reader=world.people["administrator"], today=world.today)
    assert [line.second_factor for line in lines] == [False, True]


def test_people_leave_and_agencies_merge_and_their_past_stays(world, sign_in):
    """The names of the past stay on the record, in the reviews and on the agency's page; the work goes on."""
    a, b, officer = world.agencies["a"], world.agencies["b"], world.people["officer_a"]
    reviews.confirm_roles(members=[role_of(world, "officer_a")], by=world.people["approver_a"], now=world.now)
    new = create_agency(council=world.council, code="ab", name="Cơ quan hợp nhất", short_name="Hợp nhất",
                        valid_from=world.today, by=None, now=world.now)  # fmt: skip
    succeed(predecessors=[a, b], successor=new, kind=Succession.Kind.MERGE, on=world.today + timedelta(days=1), by=None,
            now=world.now)  # fmt: skip
    close_account(user=officer, by=world.people["administrator"], now=world.now, council=world.council)
    held = Membership.objects.filter(user=officer)
    assert {row.agency_id for row in held} == {a.pk, new.pk} and all(row.left_on for row in held)
    assert RoleReview.objects.get().by_name == "Người approver_a"
    page = sign_in(world.people["secretary"]).get(reverse("agency-detail", args=[a.pk])).content.decode()
    assert "Người officer_a" in page and "Trước đây" in page and ("Cơ quan hợp nhất" in page or "Hợp nhất" in page)
    assert RecordEntry.objects.filter(verb="close_account", object_id=officer.pk).exists()
    register = sign_in(world.people["administrator"]).get(reverse("account-register")).content.decode()
    assert "Người officer_a" in register
