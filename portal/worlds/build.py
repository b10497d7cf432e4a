"""Building a world: small ones in one transaction, the country by several processes."""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context

from django.db import connection, connections, transaction

from agencies.models import Council
from campaigns import activity_sums
from portal.demo.reset import empty_database
from portal.worlds import engine
from portal.worlds.agreed import agree
from portal.worlds.course import follow
from portal.worlds.done import record_all
from portal.worlds.fates import draw
from portal.worlds.journal import link
from portal.worlds.land import Ground, Land
from portal.worlds.locking import lock_past
from portal.worlds.places import PROVINCES
from portal.worlds.sizes import Size, shares
from portal.worlds.told import tell
from portal.worlds.versions import keep_versions, versioned_tables
from portal.worlds.who import settle

Say = Callable[[str], None]


def build(size: Size, *, seed: int, reset: bool, say: Say) -> None:
    """Build the world into the migrated database: all of it or nothing, but for the size of several processes, of
    which a failure leaves a part (``--reset`` empties it). ``say`` is told what was done and how long it took.
    """
    clock = _Clock(say)
    if size.processes == 1:
        with transaction.atomic():
            _build_alone(size, seed, reset, clock)
        return
    with engine.in_a_hurry():
        if missing := engine.put_back_what_was_noted():
            say(f"Đã dựng lại {missing} chỉ mục mà lần trước bỏ dở.")
        if reset:
            empty_database()
        _build_together(size, seed, clock)


class _Clock:
    """Says how long each step took."""

    def __init__(self, say: Say):
        self.say, self.last = say, time.monotonic()

    def passing(self, what: str) -> None:
        """A part of a step, with the time since the step began."""
        self.say(f"{what} ({time.monotonic() - self.last:.0f} giây)")

    def done(self, what: str) -> None:
        now = time.monotonic()
        self.say(f"{what}: {now - self.last:.1f} giây")
        self.last = now


def _build_alone(size: Size, seed: int, reset: bool, clock: _Clock) -> None:
    if reset:
        empty_database()
    ground = Ground.lay(size, seed)
    with engine.asleep():
        away = engine.take_indexes_away(note=False) if size.bare else []
        rows = 0
        for index, share in enumerate(_shares(size)):
            rows += _copy_council(ground, index, share)
        clock.done(f"Chép {rows:n} dòng")
        versions = sum(keep_versions(*pair, ground.written_at) for pair in versioned_tables())
        clock.done(f"{versions:n} phiên bản")
        engine.put_indexes_back(away, note=False)
        clock.done("Chỉ mục")
        engine.count_on()
        engine.analyze(vacuum=False)
    clock.done("Số thứ tự, thống kê")
    clock.done(f"{activity_sums.rebuild():n} tổng hoạt động theo tháng")
    locked = sum(lock_past(pk) for pk in Council.objects.values_list("pk", flat=True))
    clock.done(f"Khóa {locked} kỳ")


def _shares(size: Size) -> list[tuple[int, int, int]]:
    """Agencies, tasks and activities of each council: the first is the largest, the last about half of it."""
    weights = [1.0 - 0.5 * index / size.councils for index in range(size.councils)]
    least = min(60, size.agencies // size.councils // 2)
    return list(
        zip(
            shares(size.agencies, weights, least), shares(size.tasks, weights), shares(size.activities, weights),
            strict=True,
        )
    )  # fmt: skip


def compute(ground: Ground, index: int, share: tuple[int, int, int]) -> Land:
    """Every row of one council, of which ``share`` says how many agencies, tasks and activities; nothing is written."""
    agencies, tasks, activities = share
    land = Land.of(ground, index, PROVINCES[index][0], tasks, activities)
    settle(land, agencies)
    jobs, concerned = agree(land)
    fates = draw(land, concerned)
    running, lines = follow(land, jobs, fates)
    sums = record_all(land, running, fates)
    tell(land, fates, sums, lines)
    return land


def _copy_council(ground: Ground, index: int, share: tuple[int, int, int]) -> int:
    land = compute(ground, index, share)
    rows = land.copy()
    link(land.pk)
    return rows


# --- the country --------------------------------------------------------------------------------------------------


def _build_together(size: Size, seed: int, clock: _Clock) -> None:
    ground = Ground.lay(size, seed)
    away = engine.take_indexes_away(note=True)
    connections.close_all()
    try:
        with ProcessPoolExecutor(size.processes, mp_context=get_context("fork")) as pool:
            work = [(ground, index, share) for index, share in enumerate(_shares(size))]
            rows = 0
            for (_ground, index, _share), more in zip(work, pool.map(_copy_apart, work), strict=True):
                rows += more
                clock.passing(f"  {PROVINCES[index][1]}: {more:n} dòng")
            clock.done(f"Chép {rows:n} dòng")
            versions = sum(pool.map(_versions_apart, _largest_first(ground.written_at)))
            clock.done(f"{versions:n} phiên bản")
    except BaseException:
        engine.put_indexes_back(away, note=True)
        raise
    _finish(size, clock)


def unfinished(size: Size) -> str:
    """Why the country cannot be finished, '' when it can: every council was copied and every table has its versions."""
    if Council.objects.count() != size.councils:
        return "Chưa chép đủ các hội đồng."
    with connection.cursor() as cursor:
        for table, versions in versioned_tables():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table}) AND NOT EXISTS (SELECT FROM {versions})")
            if cursor.fetchone()[0]:
                return f"Bảng {table} chưa có phiên bản."
    return ""


def finish(size: Size, *, say: Say) -> None:
    """What comes after the copying, of a build that was interrupted there; safe to repeat."""
    with engine.in_a_hurry():
        _finish(size, _Clock(say))


def _finish(size: Size, clock: _Clock) -> None:
    engine.put_back_what_was_noted()
    clock.done("Chỉ mục")
    engine.count_on()
    engine.analyze(vacuum=True)
    clock.done("Số thứ tự, thống kê")
    clock.done(f"{activity_sums.rebuild():n} tổng hoạt động theo tháng")
    councils = list(Council.objects.order_by("pk").values_list("pk", flat=True))
    connections.close_all()
    with ProcessPoolExecutor(size.processes, mp_context=get_context("fork")) as pool:
        locked = 0
        for pk, more in zip(councils, pool.map(_lock_apart, councils), strict=True):
            locked += more
            clock.passing(f"  {PROVINCES[pk - 1][1]}: {more} kỳ")
    clock.done(f"Khóa {locked} kỳ")
    engine.analyze(vacuum=True)
    clock.done("Dọn bảng")


def _copy_apart(work: tuple[Ground, int, tuple[int, int, int]]) -> int:
    with transaction.atomic(), engine.asleep():
        return _copy_council(*work)


def _largest_first(at: datetime) -> list[tuple[str, str, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r'")
        sizes = dict(cursor.fetchall())
    pairs = sorted(versioned_tables(), key=lambda pair: -sizes[pair[0]])
    connections.close_all()
    return [(*pair, at) for pair in pairs]


def _versions_apart(work: tuple[str, str, datetime]) -> int:
    with transaction.atomic(), engine.asleep():
        return keep_versions(*work)


def _lock_apart(council: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")  # it takes longer to compile these queries than to run them
    return lock_past(council)
