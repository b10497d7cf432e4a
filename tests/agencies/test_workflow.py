"""The engine under every state machine, tried on the one object at hand: a period that is open or locked."""

from datetime import date

import pytest

from agencies import clock
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.models import RecordEntry
from agencies.permissions import Perm
from agencies.workflow import Transition, available, check_reason, perform
from reports.models import Period
from tests.quarters import no_numbers

NOW = clock.at(date(2024, 6, 10))
LOCK = Transition(
    "lock", "Khóa", frozenset({"open"}), "locked", Perm.COORDINATE_PERIODS, "Khóa kỳ", icon="lock-closed", tone="danger"
)
REOPEN = Transition(
    "reopen", "Mở lại", frozenset({"locked"}), "open", Perm.COORDINATE_PERIODS, "Mở lại kỳ", needs_reason=True
)
HAND_IN = Transition("submit", "Nộp", frozenset({"draft"}), "submitted", Perm.SUBMIT_REPORT, "Nộp báo cáo")
TABLE = (LOCK, REOPEN)


def freeze(period):
    period.locked_at, period.frozen = NOW, no_numbers(period)


def lock(world, **more):
    return perform(LOCK, world.period, **{"by": world.people["secretary"], "now": NOW, "act": freeze} | more)


def test_what_is_offered(world, django_assert_num_queries):
    period = world.period

    def names(who):
        return [row.name for row in available(world.people[who], period, TABLE)]

    assert names("secretary") == ["lock"]
    for who in ("leader", "administrator", "officer_a", "other_secretary", "outsider", "inactive"):
        assert names(who) == []
    lock(world)
    assert names("secretary") == ["reopen"]


def test_a_council_right_on_an_agencys_object_needs_no_query(world, django_assert_num_queries):
    report = world.report("a")
    returning = Transition("return", "Trả lại", frozenset({"draft"}), "returned", Perm.REVIEW_REPORTS, "Trả lại")
    report = type(report).objects.select_related("agency").get(pk=report.pk)
    available(world.people["secretary"], report, (returning,))  # the grants are read
    with django_assert_num_queries(0):
        assert available(world.people["secretary"], report, (returning, HAND_IN)) == [returning]
    assert available(world.people["officer_a"], report, (returning, HAND_IN)) == [HAND_IN]
    assert available(world.people["officer_b"], report, (returning, HAND_IN)) == []


def test_doing_it_is_recorded(world):
    stored = lock(world)
    assert stored.state == world.period.state == "locked"
    assert Period.objects.get(pk=stored.pk).locked_at == NOW
    line = RecordEntry.objects.get(verb="lock")
    assert (line.actor, line.at, line.from_state, line.to_state) == (world.people["secretary"], NOW, "open", "locked")
    assert (line.council, line.agency, line.object_id) == (world.council, None, stored.pk)


def test_a_double_click_changes_nothing_and_shows_what_is_stored(world):
    lock(world)
    late = Period(pk=world.period.pk, council=world.council, state="open")
    assert perform(LOCK, late, by=world.people["secretary"], now=NOW).state == "locked"
    assert late.state == "locked" and late.locked_at == NOW
    assert RecordEntry.objects.filter(verb="lock").count() == 1


@pytest.mark.parametrize("who", ["leader", "administrator", "officer_a", "other_secretary", "outsider", "inactive"])
def test_who_may_not(world, who):
    with pytest.raises(NotAllowed):
        lock(world, by=world.people[who])
    assert Period.objects.get(pk=world.period.pk).state == "open"


def test_the_system_may(world):
    lock(world, by=None)
    line = RecordEntry.objects.get(verb="lock")
    assert (line.actor, line.actor_name) == (None, "Hệ thống")


def test_what_is_missing_blocks_and_explains(world):
    with pytest.raises(Incomplete) as caught:
        lock(world, missing=lambda period: ["Còn 2 báo cáo chưa nộp.", "Còn 1 báo cáo chưa tiếp nhận."])
    assert caught.value.messages == ["Còn 2 báo cáo chưa nộp.", "Còn 1 báo cáo chưa tiếp nhận."]
    assert not RecordEntry.objects.filter(verb="lock").exists()
    assert Period.objects.get(pk=world.period.pk).state == "open" == world.period.state


def test_an_act_that_fails_undoes_everything(world):
    def fail(period):
        freeze(period)
        raise WrongState("không được")

    with pytest.raises(WrongState):
        lock(world, act=fail)
    assert Period.objects.get(pk=world.period.pk).state == "open"
    assert not RecordEntry.objects.filter(verb="lock").exists()


def test_the_wrong_state_is_named(world):
    cancelling = Transition("cancel", "Hủy", frozenset({"draft"}), "cancelled", Perm.COORDINATE_PERIODS, "Hủy")
    with pytest.raises(WrongState, match="“Hủy”.*“Đang mở”"):
        perform(cancelling, world.period, by=None, now=NOW)


def test_an_object_read_before_is_not_kept(world):
    """The caller's object must not go on showing the person who locked last time."""
    first, second = world.people["secretary"], world.people["officer_stp"]
    period = world.period
    lock(world, act=lambda p: (freeze(p), setattr(p, "locked_by", first)))
    assert period.locked_by == first

    def unfreeze(p):
        p.locked_at = p.frozen = p.locked_by = None
        p.reopen_reason = "Số liệu còn sai"

    perform(REOPEN, period, by=None, now=NOW, reason="Số liệu còn sai", act=unfreeze)
    assert period.locked_by is None
    lock(world, act=lambda p: (freeze(p), setattr(p, "locked_by_id", second.pk)))
    assert period.locked_by == second


@pytest.mark.parametrize(
    ("reason", "ok"),
    [
        ("", False),
        ("ngắn quá", False),
        ("         .         ", False),
        ("a                 b", False),
        ("e\u0302\u0301" * 4, False),  # four letters, however they are coded
        ("mười ký tự", True),
        ("  Bổ sung số liệu hòa giải  ", True),
    ],
)
def test_reasons(reason, ok):
    if ok:
        assert check_reason(reason) == reason.strip()
    else:
        with pytest.raises(Incomplete, match="10 ký tự"):
            check_reason(reason)


def test_a_transition_that_needs_a_reason(world):
    lock(world)
    with pytest.raises(Incomplete):
        perform(REOPEN, world.period, by=world.people["secretary"], now=NOW, reason=" ")
    assert Period.objects.get(pk=world.period.pk).state == "locked"
