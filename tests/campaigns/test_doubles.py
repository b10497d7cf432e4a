"""Rule V26: the same event recorded by the lead and by a supporting agency is found, told to both and counted once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.models import RecordEntry
from campaigns.activities import amend_activity, record_activity, withdraw_activity
from campaigns.doubles import say_different
from campaigns.models import Activity, DifferentEvents
from reports.facts import activity_totals

DAY = date(2024, 5, 20)
WHY = "Hai buổi khác nhau, sáng và chiều"


def deed(world, code, **changes) -> Activity:
    """What agency ``code`` records of the talk at the school; a leads the task, b supports it."""
    fields = {
        "title": "Tuyên truyền phòng, chống ma túy",
        "place": "Trường THPT An Khánh",
        "held_on": DAY,
        "tasks": [world.tasks[0]] if code in "ab" else [],
        "figures": {"PB01": 1, "PB02": 200},
        "now": world.now,
    }
    return record_activity(agency=world.agencies[code], by=world.people[f"officer_{code}"], **(fields | changes))


def heads() -> dict[int, int | None]:
    return dict(Activity.objects.order_by("pk").values_list("pk", "same_as"))


def people_of(world, *codes) -> list:
    totals = activity_totals([world.agencies[code].pk for code in codes], world.period.span)
    return [totals.get(world.agencies[code].pk, {}).get("PB02", 0) for code in codes]


def again(activity, by, world, **changes):
    """Amend, everything else as it stands."""
    activity.refresh_from_db()
    fields = {name: getattr(activity, name) for name in ("title", "held_on", "form", "place", "content", "version")}
    fields |= {"tasks": list(activity.tasks.all()), "sites": [], "figures": {"PB01": 1, "PB02": 200}}
    return amend_activity(activity=activity, by=world.people[by], now=world.now, **(fields | changes))


def test_the_lead_s_record_counts_whoever_came_first(world):
    theirs = deed(world, "b", title="Phối hợp tuyên truyền phòng chống ma tuý cho học sinh")
    assert theirs.same_as is None and people_of(world, "a", "b") == [0, 200]
    ours = deed(world, "a", now=world.now + timedelta(hours=1))
    theirs.refresh_from_db()
    assert (ours.same_as, theirs.same_as) == (None, ours) and theirs.same_as_at == world.now + timedelta(hours=1)
    assert people_of(world, "a", "b") == [200, 0]
    assert set(Activity.objects.counted()) == {ours} and set(Activity.objects.standing()) == {ours, theirs}
    said = RecordEntry.objects.filter(object_id=theirs.pk, verb="count_with").get().summary
    assert "Công an" in said and RecordEntry.objects.filter(object_id=ours.pk, verb="count_for_both").exists()


def test_without_a_lead_among_them_the_first_recorded_counts(world):
    first = deed(world, "stp", tasks=[])  # stp and b share the second task, which neither record serves
    second = deed(world, "b", tasks=[])
    assert heads() == {first.pk: second.pk, second.pk: None}  # b leads what they have together
    withdraw_activity(activity=second, by=world.people["officer_b"], now=world.now, reason="Ghi nhầm ngày thực hiện")
    world.tasks[1].assignments.filter(agency=world.agencies["b"]).update(role="supporting")
    world.tasks[1].assignments.create(agency=world.agencies["a"], role="lead", date_from=date(2024, 3, 1))
    third = deed(world, "b", tasks=[])
    assert heads() == {first.pk: None, second.pk: None, third.pk: first.pk}


@pytest.mark.parametrize(
    "changes",
    [
        {"held_on": DAY + timedelta(days=1)},
        {"place": "Trường THPT An Bình"},
        {"title": "Tuyên truyền phòng cháy, chữa cháy"},
    ],
    ids=["day", "place", "title"],
)
def test_another_event_is_counted_beside_it(world, changes):
    deed(world, "a")
    deed(world, "b", **changes)
    assert set(heads().values()) == {None} and people_of(world, "a", "b") == [200, 200]


def test_agencies_with_nothing_in_common_are_not_compared(world):
    deed(world, "a")
    deed(world, "c")  # in no plan
    deed(world, "x")  # another council
    deed(world, "a")  # the same agency twice: two rounds of a day
    assert set(heads().values()) == {None}


def test_a_part_that_has_ended_before_the_day_counts_no_more(world):
    world.tasks[0].assignments.filter(agency=world.agencies["b"]).update(date_to=DAY)
    deed(world, "a", tasks=[])
    deed(world, "b", tasks=[])
    assert set(heads().values()) == {None}


def test_three_records_of_one_event_count_once(world):
    b, stp = deed(world, "b"), deed(world, "stp", tasks=[])
    assert heads() == {b.pk: None, stp.pk: b.pk}
    world.tasks[0].assignments.create(agency=world.agencies["stp"], role="supporting", date_from=date(2024, 3, 1))
    a = deed(world, "a")
    assert heads() == {b.pk: a.pk, stp.pk: a.pk, a.pk: None} and people_of(world, "a", "b", "stp") == [200, 0, 0]
    withdraw_activity(activity=a, by=world.people["officer_a"], now=world.now, reason="Buổi này không diễn ra")
    assert heads() == {b.pk: None, stp.pk: b.pk, a.pk: None} and people_of(world, "a", "b", "stp") == [0, 200, 0]


def test_correcting_either_record_settles_again(world):
    a, b = deed(world, "a"), deed(world, "b")
    again(b, "officer_b", world, title="Hội thi tìm hiểu Luật Đất đai")
    assert heads() == {a.pk: None, b.pk: None}
    assert RecordEntry.objects.filter(object_id=b.pk, verb="count_alone").count() == 1
    again(b, "officer_b", world, title=a.title)
    assert heads() == {a.pk: None, b.pk: a.pk}
    again(b, "officer_b", world, held_on=DAY - timedelta(days=1))  # the one that follows moves
    assert heads() == {a.pk: None, b.pk: None}
    again(a, "officer_a", world, held_on=DAY - timedelta(days=1))  # the lead moves to it
    assert heads() == {a.pk: None, b.pk: a.pk}
    again(a, "officer_a", world, held_on=DAY)  # and away
    assert heads() == {a.pk: None, b.pk: None} and people_of(world, "a", "b") == [200, 200]


def test_withdrawing_the_second_record_leaves_the_first(world):
    a, b = deed(world, "a"), deed(world, "b")
    withdraw_activity(activity=b, by=world.people["officer_b"], now=world.now, reason="Cơ quan chủ trì đã ghi")
    b.refresh_from_db()
    assert (b.same_as, b.same_as_at) == (None, None) and people_of(world, "a", "b") == [200, 0]
    assert a.pk in heads()


def test_a_version_is_somebody_s_own_work(world):
    """Being counted with another changes no version: the other agency's open form is not stale for it."""
    b = deed(world, "b")
    deed(world, "a")
    b.refresh_from_db()
    assert b.version == 1 and b.same_as_id
    assert again(b, "officer_b", world, content="Thêm nội dung").version == 2


# --- two events after all ---------------------------------------------------------------------------------------------


def test_two_events_after_all_count_both_for_good(world):
    a, b = deed(world, "a"), deed(world, "b")
    officer = world.people["officer_b"]
    said = say_different(activity=b, other=a, by=officer, now=world.now, reason=WHY)
    assert heads() == {a.pk: None, b.pk: None} and people_of(world, "a", "b") == [200, 200]
    assert say_different(activity=a, other=b, by=world.people["officer_a"], now=world.now, reason=WHY) == said
    assert RecordEntry.objects.filter(verb="say_different", reason=WHY).count() == 2  # on each activity
    again(b, "officer_b", world, content="Sửa sau")
    again(a, "officer_a", world, content="Sửa sau")
    assert heads() == {a.pk: None, b.pk: None}
    third = deed(world, "b")  # a third record is compared as any other
    assert heads()[third.pk] == a.pk


def test_saying_so_is_for_the_agency_with_a_reason(world):
    a, b, apart = deed(world, "a"), deed(world, "b"), deed(world, "stp", title="Việc khác hẳn")
    for who in ("officer_a", "secretary", "approver_a", "leader"):
        with pytest.raises(NotAllowed):
            say_different(activity=b, other=a, by=world.people[who], now=world.now, reason=WHY)
    with pytest.raises(Incomplete):
        say_different(activity=b, other=a, by=world.people["officer_b"], now=world.now, reason="khác")
    with pytest.raises(WrongState):
        say_different(activity=b, other=apart, by=world.people["officer_b"], now=world.now, reason=WHY)
    assert not DifferentEvents.objects.exists() and heads()[b.pk] == a.pk


# --- the database says it too -----------------------------------------------------------------------------------------


def test_the_database_refuses_chains_selves_and_the_withdrawn(world):
    a, b = deed(world, "a"), deed(world, "b")
    lone, other_day = deed(world, "c"), deed(world, "c", held_on=DAY - timedelta(days=1))
    gone = deed(world, "c", title="Ghi nhầm")
    withdraw_activity(activity=gone, by=world.people["officer_c"], now=world.now, reason="Ghi nhầm cơ quan")
    cases = [(lone, b), (a, lone), (lone, lone), (lone, gone), (gone, a), (other_day, a)]
    for one, head in cases:
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=one.pk).update(same_as=head, same_as_at=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=lone.pk).update(target_groups=["everyone"])
    assert heads()[b.pk] == a.pk


# --- pages ------------------------------------------------------------------------------------------------------------


def test_both_agencies_see_it_with_a_link_and_no_more(world, sign_in):
    a, b = deed(world, "a", content="Nội bộ của Công an"), deed(world, "b")
    ours, theirs = sign_in(world.people["officer_a"]), sign_in(world.people["officer_b"])
    page = theirs.get(f"/hoat-dong/{b.pk}/").content.decode()
    assert "Đã tính ở hoạt động của Công an" in page and f"/hoat-dong/{b.pk}/trung/{a.pk}/" in page
    page = ours.get(f"/hoat-dong/{a.pk}/").content.decode()
    assert "Hội LHPN cũng ghi sự kiện này" in page and f"/hoat-dong/{a.pk}/trung/{b.pk}/" in page
    page = theirs.get(f"/hoat-dong/{b.pk}/trung/{a.pk}/").content.decode()
    assert "Công an thành phố" in page and "Được tính" in page and "Nội bộ" not in page
    assert theirs.get(f"/hoat-dong/{a.pk}/").status_code == 404  # the other's page itself stays closed
    other = deed(world, "a", title="Việc riêng của Công an")
    for url in (
        f"/hoat-dong/{b.pk}/trung/{other.pk}/",
        f"/hoat-dong/{b.pk}/trung/999999/",
        f"/hoat-dong/{b.pk}/trung/{b.pk}/",
    ):
        assert theirs.get(url).status_code == 404, url
    listed = theirs.get("/hoat-dong/")
    assert "Đã tính ở cơ quan khác" in listed.content.decode() and listed.context["totals"]["attendance"] == 0


def test_saying_different_on_the_page(world, sign_in):
    a, b = deed(world, "a"), deed(world, "b")
    client, url = sign_in(world.people["officer_b"]), f"/hoat-dong/{b.pk}/khac/{a.pk}/"
    refused = client.post(url, {"reason": "khác"})
    assert refused.status_code == 422 and ">khác</textarea>" in refused.content.decode()
    assert sign_in(world.people["secretary"]).post(url, {"reason": WHY}).status_code == 403
    assert client.post(url, {"reason": WHY}).status_code == 302
    for who, mine, their in (("officer_a", a, b), ("officer_b", b, a)):
        page = sign_in(world.people[who]).get(f"/hoat-dong/{mine.pk}/").content.decode()
        assert WHY in page and "cùng sự kiện" in page
        compared = sign_in(world.people[who]).get(f"/hoat-dong/{mine.pk}/trung/{their.pk}/").content.decode()
        assert WHY in compared and "<textarea" not in compared


def test_the_secretariat_sees_the_pairs_of_a_period(world, sign_in):
    from reports import workflow
    from tests.world import fill_in

    b = deed(world, "b", figures={"PB02": Decimal(300)})
    officer = world.people["officer_b"]
    workflow.submit_report(report=fill_in(world, "b", officer), by=officer, now=world.now)
    a = deed(world, "a", now=world.now + timedelta(hours=1))
    deed(world, "a", title="Tập huấn", held_on=DAY + timedelta(days=1))
    secretary, url = sign_in(world.people["secretary"]), "/dieu-phoi/2024-q2/trung/"
    page = secretary.get(url)
    assert [activity for activity, _report in page.context["doubles"]] == [b]
    # Handed in before it was found: the fixed figures still hold it, which only a return can mend.
    assert "nộp trước khi nhận ra" in page.content.decode()
    say_different(activity=a, other=b, by=world.people["officer_a"], now=world.now, reason=WHY)
    page = secretary.get(url)
    assert page.context["doubles"] == [] and WHY in page.content.decode()
    assert WHY not in sign_in(world.people["other_secretary"]).get(url).content.decode()
