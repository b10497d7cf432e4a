"""The small engine under every state machine. It names no state of any app.

A transition is a row: name, from, to, permission, label, whether it needs a reason. Each room keeps its own table and
one function per verb; ``perform`` reads *may you → is it in the right state → lock the row → act and record*.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import acting, record
from agencies.permissions import Perm, can
from agencies.vietnamese import clean, nfc

MINIMUM_REASON = 10  # characters; rule V23


@dataclass(frozen=True)
class Transition:
    """One row of a transition table."""

    name: str
    label: str
    sources: frozenset[str]
    target: str
    perm: Perm
    summary: str
    needs_reason: bool = False
    icon: str = ""
    tone: str = "plain"  # how the button looks: primary, plain, danger
    slug: str = ""  # the verb in an address


def available(user, obj, table: tuple[Transition, ...]) -> list[Transition]:
    """The transitions that this person may perform on this object now: what the template shows as buttons."""
    return [row for row in table if obj.state in row.sources and can(user, row.perm, obj.permission_scope)]


def check_reason(reason: str) -> str:
    """The reason without outer space. Raises Incomplete when it is shorter than ten characters (rule V23)."""
    reason = nfc(reason).replace("\x00", "").strip()  # PostgreSQL keeps no NUL
    if len(clean(reason)) < MINIMUM_REASON:  # spaces between do not count as a reason
        raise Incomplete(f"Lý do cần ít nhất {MINIMUM_REASON} ký tự, để người nhận hiểu phải làm gì.")
    return reason


def require_may(row: Transition, obj, by) -> None:
    """Raise NotAllowed unless ``by`` may perform it; None is the system. Asked first: a stranger learns no state."""
    if by is not None and not can(by, row.perm, obj.permission_scope):
        raise NotAllowed("Bạn không có quyền thực hiện việc này. Hãy liên hệ Thư ký Hội đồng nếu cần.")


def perform(
    row: Transition,
    obj,
    *,
    by,
    now: datetime,
    reason: str = "",
    missing: Callable[[object], list[str]] | None = None,
    act: Callable[[object], None] | None = None,
):
    """Carry out one transition and return the object as stored.

    ``by`` is None for the system itself (commands). Repeating a transition that has already been carried out changes
    nothing and is no error. ``missing`` lists what still has to be done (it blocks and explains); ``act`` sets the
    fields that go with the new state.
    Raises NotAllowed, WrongState or Incomplete; then nothing is written.
    """
    require_may(row, obj, by)
    if row.needs_reason:
        reason = check_reason(reason)
    with acting(by=by, verb=row.name, reason=reason):
        locked = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        before = locked.state
        if before == row.target and before not in row.sources:
            _become(obj, locked)
            return locked  # a double click, or a repeated command
        if before not in row.sources:
            raise WrongState(
                f"Không thực hiện được “{row.label}”: hiện đang ở trạng thái “{locked.get_state_display()}”. "
                "Không có gì bị thay đổi; hãy tải lại trang để xem trạng thái mới."
            )
        if missing is not None and (todo := missing(locked)):
            raise Incomplete(*todo)
        locked.state = row.target
        if act is not None:
            act(locked)
        locked.save()
        record(
            by=by,
            now=now,
            verb=row.name,
            obj=locked,
            summary=f"{row.summary}: {locked}",
            reason=reason,
            from_state=before,
            to_state=row.target,
        )
    _become(obj, locked)
    return locked


def _become(obj, stored) -> None:
    """Give the caller's object the stored values; setting a foreign key by id also forgets the object read before."""
    for field in stored._meta.concrete_fields:
        setattr(obj, field.attname, getattr(stored, field.attname))
