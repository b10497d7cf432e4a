"""Doing a long work: piece after piece, each one transaction that also writes down how far it is.

Whatever breaks off between two pieces (a worker killed, the database restarted), the next job goes on after the last
committed one. Two workers never do the same piece: whoever holds the work's advisory lock does it, and the piece's
transaction holds it until it is committed.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Value, When

from agencies import wall
from agencies.errors import BusinessError, NotAllowed
from agencies.files.storing import StorageFails, rows_and_files
from agencies.long_work.kinds import Step, kind_of, may
from agencies.long_work.orders import note, page_of_work
from agencies.models import LongWork, Notice
from agencies.notices import notify

_log = logging.getLogger("portal.long_work")
State = LongWork.State
# After so many seconds others in the queue get their turn.
TURN = 20.0
_LOST = (
    "Bạn không còn quyền làm việc này nên việc dừng lại. Phần đã làm vẫn được giữ; "
    "khi có lại quyền, bấm “Làm tiếp” là việc đi tiếp từ chỗ đã dừng."
)
_FULL = (
    "Kho tệp trên máy chủ đang không nhận tệp (đầy hoặc mất kết nối). Phần đã làm vẫn được giữ. "
    "Hãy bấm “Làm tiếp” sau ít phút; nếu vẫn vậy, báo quản trị hệ thống."
)
_BROKEN = (
    "Máy chủ gặp lỗi khi làm phần tiếp theo. Phần đã làm vẫn được giữ và phần lỗi chưa ghi gì. "
    "Hãy bấm “Làm tiếp”; nếu vẫn vậy, báo quản trị hệ thống."
)


def carry_on(*, work: int, turn: int, now: Callable[[], datetime], seconds: float = TURN) -> bool:
    """Do pieces of a work until it ends or ``seconds`` are over; True when the rest was handed on to a next job.

    Does nothing for a turn that is over. Raises OperationalError when the database goes away: the queue tries again.
    """
    until = time.monotonic() + seconds
    while do_piece(work=work, turn=turn, now=now()):
        if time.monotonic() > until:
            return _hand_on(work, turn)
    return False


def do_piece(*, work: int, turn: int, now: datetime) -> bool:
    """Do the next piece of a work; whether there is more to do. The right to it is asked for again each time."""
    try:
        with rows_and_files():
            if not _claim(work):
                return False  # another worker is at it
            row = LongWork.objects.select_related("council", "ordered_by").filter(pk=work, turn=turn).first()
            if row is None or not row.is_under_way:
                return False
            kind = kind_of(row)
            if not may(row.ordered_by, kind, row.council):
                raise NotAllowed(_LOST)
            with wall.for_person(row.ordered_by_id) if row.ordered_by else wall.everywhere():
                step = (kind.piece if row.started_at else kind.begin)(row, now)
            return _write_down(row, step, now)
    except StorageFails:
        _fail(work, turn, _FULL, now)
    except BusinessError as error:
        _fail(work, turn, "\n".join(error.messages), now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _log.exception("long work %s fails", work)
        _fail(work, turn, _BROKEN, now)
    return False


def _claim(work: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"long work {work}"])
        return cursor.fetchone()[0]


def _write_down(row: LongWork, step: Step, now: datetime) -> bool:
    """How far it is, and the end when this was the last piece; whether there is more to do.

    Somebody may have cancelled it in the meantime: the piece is kept, the state is theirs.
    """
    progress = {"position": step.position, "rows_done": F("rows_done") + step.rows, "heartbeat_at": now}
    progress |= {"started_at": row.started_at or now}
    if step.total is not None:
        progress["rows_total"] = step.total
    if step.parts is not None:
        progress["parts"] = step.parts
    mine = LongWork.objects.filter(pk=row.pk)
    if step.done:
        ended = mine.filter(state__in=LongWork.UNDER_WAY).update(
            state=State.DONE, ended_at=now, outcome=step.outcome, **progress
        )
        if ended:
            _tell_done(row.pk, now)
            return False
    running = Case(When(state=State.WAITING, then=Value(State.RUNNING.value)), default=F("state"))
    mine.update(state=running, **progress)
    return not step.done


def _tell_done(work: int, now: datetime) -> None:
    row = LongWork.objects.select_related("council", "ordered_by").get(pk=work)
    note(row, by=row.ordered_by, now=now, verb="finish_long_work", said="Xong việc", before=State.RUNNING)
    _tell(row, f"Đã xong: {row}. {row.outcome}".strip(), now)


def _tell(row: LongWork, text: str, now: datetime) -> None:
    if row.ordered_by:
        notify(
            to=[row.ordered_by], kind=Notice.Kind.LONG_WORK, text=text, now=now, path=page_of_work(row),
            scope=row.council, key=f"long-work-{row.pk}-{row.turn}-{row.state}",
        )  # fmt: skip


def _fail(work: int, turn: int, words: str, now: datetime) -> None:
    """Stop with a reason in words; the piece itself was taken back."""
    with transaction.atomic():
        mine = LongWork.objects.filter(pk=work, turn=turn, state__in=LongWork.UNDER_WAY)
        if mine.update(state=State.FAILED, ended_at=now, error=words):
            row = LongWork.objects.select_related("council", "ordered_by").get(pk=work)
            note(row, by=row.ordered_by, now=now, verb="fail_long_work", said="Dừng giữa chừng", before=State.RUNNING)
            _tell(row, f"Dừng giữa chừng: {row}. {words}", now)


def _hand_on(work: int, turn: int) -> bool:
    """The next job of the work, behind whatever else waits in the queue."""
    from agencies.tasks import do_long_work  # the job calls back into this module

    with transaction.atomic():
        if not LongWork.objects.filter(pk=work, turn=turn, state__in=LongWork.UNDER_WAY).update(turn=turn + 1):
            return False
        do_long_work.defer(work=work, turn=turn + 1)
    return True
