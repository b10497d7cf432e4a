"""Joining, leaving, closing; what follows when agencies merge, split or are renamed."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from agencies import clock
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.membership import (
    close_account,
    councils_of,
    create_account,
    join,
    leave,
    open_account,
    people_of,
    succeed,
)
from agencies.models import Agency, Membership, RecordEntry, Role, Succession, User
from agencies.permissions import Perm, can, drift, forget_grants, group_name
from agencies.register import found_successor

NOW = clock.at(date(2024, 6, 10))
TODAY = date(2024, 6, 10)
SECRET = "Mat-khau-ban-dau-2024"
Kind = Succession.Kind


def may(user, perm, scope) -> bool:
    forget_grants(user)
    return can(user, perm, scope)


def roles_in(scope) -> set[tuple[str, str]]:
    return set(scope.memberships.filter(left_on__isnull=True).values_list("user__username", "role"))


def opened(world, username="moi", **more) -> User:
    return open_account(
        **{
            "scope": world.agencies["a"],
            "role": Role.LIAISON,
            "on": TODAY,
            "username": username,
            "full_name": "Nguyễn Thị Mới",
            "password": SECRET,
            "by": world.people["administrator"],
            "now": NOW,
        }
        | more
    )


def test_an_account_is_opened_with_its_role(world):
    person = opened(world)
    assert person.check_password(SECRET)
    assert may(person, Perm.SUBMIT_REPORT, world.agencies["a"])
    assert not may(person, Perm.SUBMIT_REPORT, world.agencies["b"])
    lines = RecordEntry.objects.filter(actor=world.people["administrator"]).order_by("pk")
    assert [line.verb for line in lines] == ["create_account", "join"]
    assert lines[0].council == world.council and lines[1].agency == world.agencies["a"]
    assert SECRET not in "".join(f"{line.summary}{line.reason}" for line in lines)


def test_a_taken_name_opens_nothing(world):
    before = (User.objects.count(), Membership.objects.count(), RecordEntry.objects.count())
    with pytest.raises(WrongState, match="đã có người dùng"):
        opened(world, username="officer_b")
    assert (User.objects.count(), Membership.objects.count(), RecordEntry.objects.count()) == before


def test_a_role_that_does_not_fit_opens_no_account(world):
    with pytest.raises(WrongState, match="không dùng cho"):
        opened(world, role=Role.SECRETARY)
    assert not User.objects.filter(username="moi").exists()


@pytest.mark.parametrize("who", ["secretary", "leader", "officer_a", "approver_a", "outsider", "other_secretary"])
def test_only_the_administrator_manages_people(world, who):
    by, a = world.people[who], world.agencies["a"]
    member = a.memberships.get(user=world.people["approver_a"])
    with pytest.raises(NotAllowed):
        opened(world, by=by)
    with pytest.raises(NotAllowed):
        join(user=world.people["officer_b"], scope=a, role=Role.VIEWER, by=by, now=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        leave(member=member, by=by, now=NOW, on=TODAY)
    with pytest.raises(NotAllowed):
        close_account(user=world.people["officer_b"], by=by, now=NOW, council=world.council)


def test_an_administrator_reaches_no_other_council(world):
    by, x = world.people["administrator"], world.agencies["x"]
    officer_x = world.people["officer_x"]
    with pytest.raises(NotAllowed):
        join(user=world.people["officer_b"], scope=x, role=Role.VIEWER, by=by, now=NOW, on=TODAY)
    with pytest.raises(NotAllowed, match="hội đồng khác"):
        join(user=officer_x, scope=world.agencies["a"], role=Role.VIEWER, by=by, now=NOW, on=TODAY)
    for council in (world.council, world.other_council):
        with pytest.raises(NotAllowed):
            close_account(user=officer_x, by=by, now=NOW, council=council)
    # Somebody whose account was opened there, before any role, is theirs as well.
    fresh = create_account(
        username="ben-kia", full_name="Bên Kia", password=SECRET, by=None, now=NOW, council=world.other_council
    )
    assert councils_of(fresh) == {world.other_council.pk}
    assert fresh in people_of(world.other_council) and fresh not in people_of(world.council)
    with pytest.raises(NotAllowed):
        join(user=fresh, scope=world.agencies["a"], role=Role.VIEWER, by=by, now=NOW, on=TODAY)


def test_a_person_in_two_councils_is_not_closed_from_one(world):
    shared = world.people["officer_a"]
    join(user=shared, scope=world.agencies["x"], role=Role.VIEWER, by=None, now=NOW, on=TODAY)
    with pytest.raises(NotAllowed, match="hội đồng khác"):
        close_account(user=shared, by=world.people["administrator"], now=NOW, council=world.council)
    shared.refresh_from_db()
    assert shared.is_active and may(shared, Perm.RECORD_PROGRESS, world.agencies["a"])


def test_nobody_gives_or_ends_their_own_role(world):
    by = world.people["administrator"]
    own = by.memberships.get()
    for scope, role in ((world.council, Role.SECRETARY), (world.agencies["a"], Role.LIAISON)):
        with pytest.raises(NotAllowed, match="chính mình"):
            join(user=by, scope=scope, role=role, by=by, now=NOW, on=TODAY)
    with pytest.raises(NotAllowed, match="chính mình"):
        leave(member=own, by=by, now=NOW, on=TODAY)
    with pytest.raises(NotAllowed, match="chính mình"):
        close_account(user=by, by=by, now=NOW, council=world.council)
    assert roles_in(world.council) >= {("administrator", "administrator")}


def test_joining_twice_and_leaving_twice_change_nothing(world):
    by, b, person = world.people["administrator"], world.agencies["b"], world.people["officer_a"]
    first = join(user=person, scope=b, role=Role.VIEWER, by=by, now=NOW, on=TODAY)
    count = RecordEntry.objects.count()
    again = join(user=person, scope=b, role=Role.VIEWER, by=by, now=NOW, on=TODAY + timedelta(days=3))
    assert (again.pk, again.joined_on, RecordEntry.objects.count()) == (first.pk, TODAY, count)

    assert can(person, Perm.VIEW_WORK, b)
    left = leave(member=Membership.objects.get(pk=first.pk), by=by, now=NOW, on=TODAY)
    assert left.left_on == TODAY and not may(person, Perm.VIEW_WORK, b)
    assert may(person, Perm.VIEW_WORK, world.agencies["a"])  # the other role stays
    assert not person.groups.filter(name=group_name(b, Role.VIEWER)).exists()
    count = RecordEntry.objects.count()
    assert leave(member=left, by=by, now=NOW, on=TODAY + timedelta(days=1)).left_on == TODAY
    assert RecordEntry.objects.count() == count


def test_leaving_takes_the_grants_of_the_same_request(world):
    b, person = world.agencies["b"], world.people["officer_b"]
    member = b.memberships.select_related("user").get(user=person)
    assert can(member.user, Perm.VIEW_WORK, b)
    leave(member=member, by=None, now=NOW, on=TODAY)
    assert not can(member.user, Perm.VIEW_WORK, b)


def test_one_of_two_roles_in_an_agency_ends_alone(world):
    a, person = world.agencies["a"], world.people["officer_a"]
    second = join(user=person, scope=a, role=Role.VIEWER, by=None, now=NOW, on=TODAY)
    leave(member=second, by=None, now=NOW, on=TODAY)
    assert may(person, Perm.RECORD_PROGRESS, a) and may(person, Perm.VIEW_WORK, a)


def test_a_role_does_not_end_before_it_began(world):
    member = world.agencies["b"].memberships.get(user=world.people["officer_b"])
    assert leave(member=member, by=None, now=NOW, on=date(2020, 1, 1)).left_on == member.joined_on


def test_a_closed_account_keeps_its_past(world):
    person, by = world.people["viewer_a_officer_b"], world.people["administrator"]
    # 01:30 in Vietnam is still the day before in UTC: the local day counts.
    early = clock.at(TODAY, 1, 30)
    close_account(user=person, by=by, now=early, council=world.council)
    person.refresh_from_db()
    assert not person.is_active and not person.groups.exists()
    assert set(person.memberships.values_list("left_on", flat=True)) == {TODAY}
    assert not may(person, Perm.VIEW_WORK, world.agencies["a"])
    with pytest.raises(WrongState, match="đã đóng"):
        join(user=person, scope=world.agencies["a"], role=Role.VIEWER, by=by, now=NOW, on=TODAY)
    count = RecordEntry.objects.count()
    close_account(user=person, by=by, now=NOW, council=world.council)
    assert RecordEntry.objects.count() == count


# --- succession ---------------------------------------------------------------------------------------------------

DAY = date(2025, 3, 1)


def found(world, *codes, kind=Kind.RENAME, **more) -> Agency:
    return found_successor(
        **{
            "predecessors": [world.agencies[code] for code in codes],
            "kind": kind,
            "on": DAY,
            "name": "Sở Dân tộc và Tôn giáo",
            "short_name": "Sở DT&TG",
            "by": world.people["secretary"],
            "now": NOW,
            "document_number": "12/NQ-HĐND",
        }
        | more
    )


def test_renaming_hands_over_people_and_keeps_the_past(world):
    old, officer = world.agencies["c"], world.people["officer_c"]
    new = found(world, "c")
    old.refresh_from_db()
    assert (old.name, old.valid_to) == ("Ban Dân tộc thành phố", DAY)
    assert (new.code, new.valid_from, new.protocol_order) == ("so-dt-tg", DAY, old.protocol_order)
    assert old.exists_on(DAY - timedelta(days=1)) and not old.exists_on(DAY) and new.exists_on(DAY)
    assert roles_in(new) == roles_in(old) == {("officer_c", "liaison")}
    # Their past stays readable, and the last report of the old agency can still be handed in.
    assert may(officer, Perm.SUBMIT_REPORT, new) and may(officer, Perm.SUBMIT_REPORT, old)
    row = Succession.objects.get(predecessor=old, successor=new)
    assert (row.kind, row.effective_on, row.document_number) == ("rename", DAY, "12/NQ-HĐND")
    assert not list(drift())


def test_roles_handed_over_bear_the_name_of_who_did_it(world):
    """A secretary gives no roles, but a succession that the secretary records moves them."""
    secretary = world.people["secretary"]
    forget_grants(secretary)
    new = found(world, "c", by=secretary)
    lines = RecordEntry.objects.filter(agency=new, verb="join")
    assert {(line.actor, line.actor_name) for line in lines} == {(secretary, str(secretary))}
    with pytest.raises(NotAllowed):
        join(user=world.people["officer_b"], scope=new, role=Role.LIAISON, by=secretary, now=NOW, on=DAY)


@pytest.mark.parametrize(("asked", "expected"), [((), False), (("b",), True), (("a", "b"), True)])
def test_a_founded_agency_is_approved_when_any_old_one_was(world, asked, expected):
    Agency.objects.update(requires_approval=False)
    Agency.objects.filter(pk__in=[world.agencies[code].pk for code in asked]).update(requires_approval=True)
    for code in "ab":
        world.agencies[code].refresh_from_db()
    new = found(world, "a", "b", kind=Kind.MERGE, name="Cơ quan hợp nhất", short_name="Hợp nhất")
    assert new.requires_approval is expected


def test_merging_several_at_once(world):
    a, b = world.agencies["a"], world.agencies["b"]
    new = found(world, "a", "b", kind=Kind.MERGE, name="Cơ quan hợp nhất", short_name="Hợp nhất")
    assert new.requires_approval  # as the first of the old ones asked
    assert roles_in(new) == {
        ("officer_a", "liaison"),
        ("officer_b", "liaison"),
        ("viewer_a_officer_b", "viewer"),
        ("viewer_a_officer_b", "liaison"),
        ("approver_a", "approver"),
    }  # and nobody whose account is closed
    assert {row.predecessor_id for row in new.origins.all()} == {a.pk, b.pk}
    a.refresh_from_db(), b.refresh_from_db()
    assert a.valid_to == b.valid_to == DAY


def test_a_namesake_may_follow(world):
    new = found(world, "stp", "c", kind=Kind.MERGE, name="Sở Tư pháp thành phố", short_name="STP")
    assert (new.name, new.code) == ("Sở Tư pháp thành phố", "stp-2025")


@pytest.mark.parametrize("kind", [Kind.SPLIT, Kind.TRANSFER])
def test_splitting_and_transferring_end_nobody(world, kind):
    new = found(world, "c", kind=kind)
    world.agencies["c"].refresh_from_db()
    assert world.agencies["c"].valid_to is None and not roles_in(new)


def test_people_stay_when_asked(world):
    assert not roles_in(found(world, "c", hand_over_people=False))


def test_the_same_succession_twice_changes_nothing(world):
    new = found(world, "c")
    old = world.agencies["c"]
    count = RecordEntry.objects.count()
    same = {"predecessors": [old], "successor": new, "by": None, "now": NOW}
    succeed(**same, kind=Kind.RENAME, on=DAY)
    assert (Succession.objects.count(), RecordEntry.objects.count()) == (1, count)
    for kind, on in ((Kind.MERGE, DAY), (Kind.RENAME, DAY + timedelta(days=1))):
        with pytest.raises(WrongState, match="Đã ghi nhận"):
            succeed(**same, kind=kind, on=on)


@pytest.mark.parametrize(
    ("codes", "successor", "kind", "on", "words"),
    [
        ((), "b", Kind.MERGE, DAY, "ít nhất một"),
        (("a",), "a", Kind.MERGE, DAY, "chính mình"),
        (("a",), "x", Kind.MERGE, DAY, "không cùng một hội đồng"),
        (("a",), "b", Kind.MERGE, date(2004, 1, 1), "hoạt động từ 01/01/2004"),
        (("a",), "b", Kind.MERGE, date(1999, 1, 1), "hoạt động từ"),
        (("a", "c"), "b", Kind.RENAME, DAY, "chỉ có một cơ quan cũ"),
    ],
)
def test_what_does_not_fit_is_refused_whole(world, codes, successor, kind, on, words):
    with pytest.raises((WrongState, Incomplete), match=words):
        succeed(
            predecessors=[world.agencies[code] for code in codes],
            successor=world.agencies[successor],
            kind=kind,
            on=on,
            by=None,
            now=NOW,
        )
    assert not Succession.objects.exists() and not Agency.objects.exclude(valid_to=None).exists()


def test_one_bad_predecessor_undoes_the_good_ones(world):
    with pytest.raises(WrongState):
        succeed(
            predecessors=[world.agencies["a"], world.agencies["x"]],
            successor=world.agencies["b"],
            kind=Kind.MERGE,
            on=DAY,
            by=None,
            now=NOW,
        )
    world.agencies["a"].refresh_from_db()
    assert world.agencies["a"].valid_to is None and ("officer_a", "liaison") not in roles_in(world.agencies["b"])


def test_an_end_once_set_is_not_moved(world):
    """A second succession must not make an agency that ended in March live on until July."""
    found(world, "c")
    with pytest.raises(WrongState, match="kết thúc từ 01/03/2025"):
        found(world, "c", kind=Kind.MERGE, on=date(2025, 7, 1), name="Khác", short_name="Khác")
    assert not Agency.objects.filter(name="Khác").exists()
    world.agencies["c"].refresh_from_db()
    assert world.agencies["c"].valid_to == DAY
    # The same day is another part of the same reorganisation.
    succeed(
        predecessors=[world.agencies["c"]], successor=world.agencies["a"], kind=Kind.MERGE, on=DAY, by=None, now=NOW
    )


def test_a_successor_does_not_end_before_it_began(world):
    succeed(
        predecessors=[world.agencies["c"]], successor=world.agencies["a"], kind=Kind.MERGE, on=DAY, by=None, now=NOW
    )
    with pytest.raises(WrongState, match="mới kế thừa"):
        succeed(
            predecessors=[world.agencies["a"]],
            successor=world.agencies["b"],
            kind=Kind.MERGE,
            on=DAY - timedelta(days=30),
            by=None,
            now=NOW,
        )


@pytest.mark.parametrize("who", ["administrator", "leader", "officer_c", "other_secretary", "outsider"])
def test_only_the_secretary_records_successions(world, who):
    with pytest.raises(NotAllowed):
        found(world, "c", by=world.people[who])
    with pytest.raises(NotAllowed):
        succeed(
            predecessors=[world.agencies["c"]],
            successor=world.agencies["a"],
            kind=Kind.MERGE,
            on=DAY,
            by=world.people[who],
            now=NOW,
        )


def test_no_group_is_left_for_nobody_to_explain(world):
    found(world, "c")
    assert (
        Group.objects.filter(name__startswith="agency-").count()
        == Group.objects.filter(agencygrouppermission__isnull=False, name__startswith="agency-").distinct().count()
    )
