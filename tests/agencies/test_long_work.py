"""Long work: pieces that are one transaction each, cancelled, resumed, killed, refused; its page and its file."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from agencies.errors import BusinessError, NotAllowed, WrongState
from agencies.files.storing import StorageFails, keep, walk
from agencies.long_work import kinds, orders, running
from agencies.long_work.kinds import Kind, Step
from agencies.membership import leave
from agencies.models import WORK_FOLDER, LongWork, Notice, RecordEntry
from agencies.permissions import Perm

PIECES = 4


@pytest.fixture
def counting(monkeypatch):
    """A kind that writes four parts; what it is told to do goes wrong before piece ``at``."""
    told = {"at": None, "how": None, "did": []}

    def begin(work, now):
        return Step({"next": 0}, total=PIECES * 10, parts=[])

    def piece(work, now):
        at = work.position["next"]
        if told["at"] == at and told["how"]:
            told["how"]()
        if at == PIECES:
            return Step(work.position, done=True, outcome="Đã đếm xong.")
        path = f"{WORK_FOLDER}/{work.pk}/{at}-{len(told['did'])}"
        keep(path, b"%d" % at)
        told["did"].append(at)
        return Step({"next": at + 1}, rows=10, parts=[*work.parts, [path, 1]], done=False)

    kind = Kind("dem", "Đếm", (Perm.CONSOLIDATE,), begin, piece)
    monkeypatch.setitem(kinds.KINDS, "dem", kind)
    return told


@pytest.fixture
def ordered(world, counting):
    """A work of the secretary, waiting."""
    return orders.order(
        kind="dem", title="Đếm đến bốn", parameters={}, by=world.people["secretary"], now=world.now,
        council=world.council, file_name="dem.csv",
    )  # fmt: skip


def go_on(work, world, pieces: int | None = None) -> LongWork:
    """Do so many pieces (the first is the beginning), or all."""
    work.refresh_from_db()
    while pieces is None or pieces > 0:
        if not running.do_piece(work=work.pk, turn=work.turn, now=world.now):
            break
        pieces = None if pieces is None else pieces - 1
    work.refresh_from_db()
    return work


def content(sign_in, world, work) -> bytes:
    response = sign_in(world.people["secretary"]).get(reverse("work-file", args=[work.pk]))
    return b"".join(response.streaming_content)


def test_from_order_to_file(world, ordered, sign_in):
    secretary = world.people["secretary"]
    work = go_on(ordered, world)
    assert (work.state, work.rows_done, work.rows_total, work.percent) == ("done", 40, 40, 100)
    assert content(sign_in, world, work) == b"0123"
    told = Notice.objects.get(recipient=secretary, kind=Notice.Kind.LONG_WORK)
    assert told.text == "Đã xong: Đếm đến bốn. Đã đếm xong." and told.path == f"/viec-dai/{work.pk}/"
    verbs = list(RecordEntry.objects.filter(object_type="agencies.longwork").values_list("verb", flat=True))
    assert verbs == ["download", "finish_long_work", "order_long_work"]
    file_line = RecordEntry.objects.get(verb="download", object_id=work.pk)
    assert file_line.council == world.council and "Đếm đến bốn" in file_line.summary
    # Versions are kept of its states, not of its pieces.
    assert list(LongWork.pgh_event_model.objects.order_by("pgh_id").values_list("state", flat=True)) == [
        *("waiting", "running", "done")
    ]


def test_ordering_twice_is_one_and_too_many_are_refused(world, ordered):
    again = {"kind": "dem", "title": "x", "by": world.people["secretary"], "now": world.now, "council": world.council}
    assert orders.order(**again, parameters={}).pk == ordered.pk
    for number in range(orders.MOST_AT_ONCE - 1):
        orders.order(**again, parameters={"n": number})
    with pytest.raises(WrongState, match="5 việc chưa xong"):
        orders.order(**again, parameters={"n": "one more"})
    for other in ("officer_a", "leader", "other_secretary"):
        with pytest.raises(NotAllowed):
            orders.order(**again | {"by": world.people[other]}, parameters={})


@pytest.mark.parametrize("pieces", range(PIECES + 2))
def test_cancelled_anywhere_and_resumed_the_result_is_the_same(world, ordered, counting, sign_in, pieces):
    secretary = world.people["secretary"]
    go_on(ordered, world, pieces)
    for _twice in range(2):
        work = orders.cancel(work=ordered, by=secretary, now=world.now)
    done = work.rows_done
    assert go_on(work, world).state == "cancelled" and work.rows_done == done
    for _twice in range(2):
        orders.resume(work=work, by=secretary, now=world.now)
    work = go_on(work, world)
    assert (work.state, work.turn, counting["did"]) == ("done", 2, [0, 1, 2, 3])
    assert content(sign_in, world, work) == b"0123"
    with pytest.raises(WrongState):
        orders.cancel(work=work, by=secretary, now=world.now)


@pytest.mark.parametrize("at", range(PIECES + 1))
def test_cancelled_while_a_piece_is_done_keeps_the_piece(world, ordered, counting, sign_in, at):
    secretary = world.people["secretary"]
    counting |= {"at": at, "how": lambda: orders.cancel(work=ordered, by=secretary, now=world.now)}
    work = go_on(ordered, world)
    assert (work.state, work.rows_done) == ("cancelled", min(at + 1, PIECES) * 10)
    counting["how"] = None
    orders.resume(work=work, by=secretary, now=world.now)
    assert content(sign_in, world, go_on(work, world)) == b"0123"


def refused():
    raise BusinessError("Kỳ đã khóa.")


def full():
    raise StorageFails("đầy")


def broken():
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("how", "words"), [(refused, "Kỳ đã khóa."), (full, "Kho tệp trên máy chủ"), (broken, "Máy chủ gặp lỗi")]
)
def test_what_goes_wrong_is_told_and_what_is_done_stays(world, ordered, counting, sign_in, how, words):
    counting |= {"at": 2, "how": how}
    work = go_on(ordered, world)
    assert (work.state, work.rows_done) == ("failed", 20) and work.error.startswith(words)
    assert words in Notice.objects.get(kind=Notice.Kind.LONG_WORK).text
    page = sign_in(world.people["secretary"]).get(reverse("work-detail", args=[work.pk])).content.decode()
    assert words in page and "Làm tiếp" in page
    counting["how"] = None
    orders.resume(work=work, by=world.people["secretary"], now=world.now)
    work = go_on(work, world)
    assert work.error == "" and content(sign_in, world, work) == b"0123"


def test_a_worker_killed_in_a_piece_leaves_nothing_of_it(world, ordered, counting, sign_in):
    def die():
        keep(f"{WORK_FOLDER}/{ordered.pk}/half", b"x")
        raise SystemExit  # as a kill would: past every ``except Exception``

    counting |= {"at": 3, "how": die}
    with pytest.raises(SystemExit):
        go_on(ordered, world)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.rows_done) == ("running", 30)
    assert not [name for name in walk(WORK_FOLDER) if name.endswith("half")]
    counting["how"] = None
    later = world.now + timedelta(minutes=6)
    assert orders.available(ordered, world.people["secretary"], world.now) == ["cancel"]
    assert orders.available(ordered, world.people["secretary"], later) == ["cancel", "resume"]
    orders.resume(work=ordered, by=world.people["secretary"], now=later)
    # The job of the dead worker is queued again too: its turn is over.
    assert not running.do_piece(work=ordered.pk, turn=1, now=later)
    assert content(sign_in, world, go_on(ordered, world)) == b"0123"


def test_a_database_that_goes_away_is_tried_again(world, ordered, counting):
    def gone():
        raise OperationalError("server closed the connection")

    counting |= {"at": 1, "how": gone}
    with pytest.raises(OperationalError):
        go_on(ordered, world)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.rows_done) == ("running", 10)
    counting["how"] = None
    assert go_on(ordered, world).state == "done"


def test_who_loses_the_right_is_stopped_and_gets_no_file(world, ordered, sign_in):
    secretary = world.people["secretary"]
    go_on(ordered, world, 3)
    leave(member=secretary.memberships.get(), by=None, now=world.now, on=world.today)
    work = go_on(ordered, world)
    assert (work.state, work.rows_done) == ("failed", 20) and "không còn quyền" in work.error
    with pytest.raises(NotAllowed):
        orders.resume(work=work, by=type(secretary).objects.get(pk=secretary.pk), now=world.now)


def test_a_turn_ends_and_the_rest_is_handed_on(world, ordered):
    assert running.carry_on(work=ordered.pk, turn=1, now=lambda: world.now, seconds=-1)
    ordered.refresh_from_db()
    assert (ordered.turn, ordered.state) == (2, "running")
    assert not running.carry_on(work=ordered.pk, turn=1, now=lambda: world.now)
    assert not running.carry_on(work=ordered.pk, turn=2, now=lambda: world.now)
    ordered.refresh_from_db()
    assert ordered.state == "done"


@pytest.mark.parametrize("pieces", [0, 3, None])
def test_the_page_shows_how_far_it_is_with_and_without_javascript(world, ordered, sign_in, pieces):
    client, work = sign_in(world.people["secretary"]), go_on(ordered, world, pieces)
    address = reverse("work-detail", args=[work.pk])
    page = client.get(address).content.decode()
    said = {0: "Chờ đến lượt", 3: "50%", None: "Đã đếm xong."}[pieces]
    assert said in page
    under_way = pieces is not None
    assert ('hx-trigger="every 3s"' in page) == under_way == ("Xem lại tiến độ" in page) == ("Hủy</button>" in page)
    assert ("Tải tệp" in page) != under_way
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert said in part and "<html" not in part
    assert "Đếm đến bốn" in client.get(reverse("work-list")).content.decode()


def test_a_page_that_asks_by_itself_does_not_keep_the_session_alive(world, ordered, sign_in):
    client = sign_in(world.people["secretary"])
    address, session = reverse("work-detail", args=[ordered.pk]), world.people["secretary"].sessions
    old = session.get().seen_at - timedelta(minutes=5)
    session.update(seen_at=old)
    client.get(address, headers={"HX-Request": "true"})
    assert session.get().seen_at == old
    client.get(address)
    assert session.get().seen_at > old


def test_cancel_and_resume_from_the_page(world, ordered, sign_in):
    client, foreign = sign_in(world.people["secretary"]), sign_in(world.people["other_secretary"])
    for verb, state in (("work-cancel", "cancelled"), ("work-resume", "waiting")):
        assert foreign.post(reverse(verb, args=[ordered.pk])).status_code == 404
        client.post(reverse(verb, args=[ordered.pk]))
        ordered.refresh_from_db()
        assert ordered.state == state


def test_old_results_are_removed_at_night_and_only_they(world, ordered, sign_in, django_capture_on_commit_callbacks):
    work = go_on(ordered, world)
    week = work.ended_at + orders.KEPT
    with django_capture_on_commit_callbacks(execute=True):
        assert orders.remove_old_files(week - timedelta(seconds=1)) == 0
        assert len(list(walk(WORK_FOLDER))) == 4
        assert orders.remove_old_files(week + timedelta(seconds=1)) == 1
    assert list(walk(WORK_FOLDER)) == []
    client = sign_in(world.people["secretary"])
    assert client.get(reverse("work-file", args=[work.pk])).status_code == 404
    assert "đã được xóa sau 7 ngày" in client.get(reverse("work-detail", args=[work.pk])).content.decode()


def test_what_was_removed_is_ordered_anew(world, ordered):
    secretary = world.people["secretary"]
    go_on(ordered, world, 3)
    orders.cancel(work=ordered, by=secretary, now=world.now)
    later = world.now + orders.KEPT + timedelta(hours=1)
    assert orders.remove_old_files(later) == 1
    with pytest.raises(WrongState, match="Hãy đặt lại"):
        orders.resume(work=ordered, by=secretary, now=later)


def test_the_database_ties_states_to_their_times(world, ordered):
    from django.db import IntegrityError, transaction

    for wrong in ({"state": "done"}, {"state": "running"}, {"state": "failed", "ended_at": world.now}, {"error": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LongWork.objects.filter(pk=ordered.pk).update(**wrong)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM agencies_longworkevent")
        assert cursor.fetchone() == (1,)
