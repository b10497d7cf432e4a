"""Verbs of long work: order, cancel, resume; and forgetting its files. Each is safe to repeat."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.urls import reverse

from agencies.errors import NotAllowed, WrongState
from agencies.files.storing import drop
from agencies.history import Placed, acting, place_of, record
from agencies.long_work.kinds import KINDS, kind_of, may
from agencies.models import Council, LongWork, RecordEntry, StagedRow, User

MOST_AT_ONCE = 5  # works of one person that are not ended
KEPT = timedelta(days=7)
# A piece takes seconds; a work that wrote nothing down for so long has lost its worker.
SILENT = timedelta(minutes=5)
State = LongWork.State


def order(
    *,
    kind: str,
    title: str,
    parameters: dict,
    by: User | None,
    now: datetime,
    council: Council | None = None,
    file_name: str = "",
    parts: Sequence[list] = (),
) -> LongWork:
    """Have a long work done by the worker. The same again, while it is under way, finds the first.

    ``parts``: files in the store that the work begins with and that go when its result goes.

    Raises NotAllowed; WrongState when the person has ``MOST_AT_ONCE`` under way; KeyError for an unknown kind.
    """
    if not may(by, KINDS[kind], council):
        raise NotAllowed("Bạn không có quyền đặt việc này. Không có gì thay đổi.")
    with acting(by=by, verb="order_long_work"):
        _one_at_a_time(by)
        mine = LongWork.objects.filter(ordered_by=by, state__in=LongWork.UNDER_WAY)
        if found := mine.filter(kind=kind, parameters=parameters, council=council).first():
            return found
        if by is not None and mine.count() >= MOST_AT_ONCE:
            raise WrongState(
                f"Bạn đang có {MOST_AT_ONCE} việc chưa xong. Hãy đợi một việc xong, hoặc hủy bớt, rồi đặt tiếp."
            )
        work = LongWork.objects.create(
            kind=kind, title=title, parameters=parameters, ordered_by=by, ordered_at=now, council=council,
            file_name=file_name, parts=list(parts),
        )  # fmt: skip
        note(work, by=by, now=now, verb="order_long_work", said="Đặt việc")
        _defer(work)
    return work


def cancel(*, work: LongWork, by: User | None, now: datetime) -> LongWork:
    """Stop a work after the piece that is being done; what is done stays. Cancelled again, nothing changes.

    Raises NotAllowed for somebody else's, WrongState for one that has ended.
    """
    _check_theirs(work, by)
    with acting(by=by, verb="cancel_long_work"):
        locked = _locked(work)
        if locked.state == State.CANCELLED:
            return locked
        if not locked.is_under_way:
            raise WrongState("Việc này đã kết thúc nên không hủy được nữa. Không có gì thay đổi.")
        before, locked.state, locked.ended_at = locked.state, State.CANCELLED, now
        locked.save(update_fields=["state", "ended_at"])
        note(locked, by=by, now=now, verb="cancel_long_work", said="Hủy", before=before)
    return locked


def resume(*, work: LongWork, by: User | None, now: datetime) -> LongWork:
    """Go on with a work that was cancelled, failed, or lost its worker, from its last piece; one that goes on stays.

    Raises NotAllowed for somebody else's or without the right to it; WrongState when its parts were removed.
    """
    _check_theirs(work, by)
    if not may(by, kind_of(work), work.council):
        raise NotAllowed("Bạn không còn quyền làm việc này. Phần đã làm vẫn được giữ.")
    with acting(by=by, verb="resume_long_work"):
        locked = _locked(work)
        if locked.state == State.DONE or (locked.is_under_way and not is_silent(locked, now)):
            return locked
        if locked.files_removed_at:
            raise WrongState("Phần đã làm được xóa sau 7 ngày nên không làm tiếp được. Hãy đặt lại việc này.")
        before, locked.state, locked.ended_at, locked.error = locked.state, State.WAITING, None, ""
        locked.turn += 1
        locked.save(update_fields=["state", "ended_at", "error", "turn"])
        note(locked, by=by, now=now, verb="resume_long_work", said="Làm tiếp", before=before)
        _defer(locked)
    return locked


def is_silent(work: LongWork, now: datetime) -> bool:
    """Whether a work that should be going on has written nothing down for too long."""
    return work.is_under_way and now - (work.heartbeat_at or work.ordered_at) > SILENT


def available(work: LongWork, user: User, now: datetime) -> list[str]:
    """What the person may do with the work now: 'cancel', 'resume', 'download'."""
    if work.ordered_by_id != user.pk:
        return []
    deeds = ["cancel"] if work.is_under_way else []
    if not may(user, kind_of(work), work.council):
        return deeds
    if (work.state in (State.CANCELLED, State.FAILED) and not work.files_removed_at) or is_silent(work, now):
        deeds.append("resume")
    return [*deeds, "download"] if work.has_file else deeds


def remove_old_files(now: datetime) -> int:
    """Delete the files and staged rows of works that ended more than ``KEPT`` ago (a nightly job); how many works had
    files."""
    old = LongWork.objects.filter(ended_at__lt=now - KEPT, files_removed_at__isnull=True).exclude(parts=[])
    for work in old.iterator(100):
        with transaction.atomic():
            locked = _locked(work)
            if locked.is_under_way or not locked.parts:
                continue
            paths = [path for path, _size in locked.parts]
            locked.parts, locked.files_removed_at = [], now
            locked.save(update_fields=["parts", "files_removed_at"])
            transaction.on_commit(lambda paths=paths: [drop(path) for path in paths])
    StagedRow.objects.filter(work__ended_at__lt=now - KEPT).delete()
    return LongWork.objects.filter(files_removed_at=now).count()


def page_of_work(work: LongWork) -> str:
    """The address of the work's page."""
    return reverse("work-detail", args=[work.pk])


def note(work: LongWork, *, by: User | None, now: datetime, verb: str, said: str, before: str = "") -> RecordEntry:
    """A line of the record about the work, in its council's record or in that of the person's own place."""
    scope = work.council or (place_of(by) if by else None)
    return record(
        by=by, now=now, verb=verb, obj=Placed(work, scope), summary=f"{said}: {work}",
        from_state=before, to_state=work.state,
    )  # fmt: skip


def _check_theirs(work: LongWork, by: User | None) -> None:
    if by is not None and work.ordered_by_id != by.pk:
        raise NotAllowed("Chỉ người đặt việc mới hủy hoặc làm tiếp được.")


def _locked(work: LongWork) -> LongWork:
    locked = LongWork.objects.select_for_update(of=("self",)).select_related("council", "ordered_by")
    return locked.get(pk=work.pk)


def _one_at_a_time(by: User | None) -> None:
    with connection.cursor() as cursor:
        key = f"order long work {by.pk if by else 0}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _defer(work: LongWork) -> None:
    from agencies.tasks import do_long_work  # the job calls back into this package

    do_long_work.defer(work=work.pk, turn=work.turn)
