"""Why can I, why can't I: every deed that an object knows, answered for one person in words.

A deed carries what its verb asks: which permission on what, and what stands against it on the object itself (its state,
what is still missing). Each room lists the deeds of its objects (campaigns/why.py, reports/why.py) from the tables and
lists that the verbs read, and a test carries out every verb to hold the two together: yes means that the verb does it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from agencies.models import AGENCY_ROLES, Agency, Council, Membership, Role
from agencies.permissions import IMPLIED_BY_COUNCIL, ROLE_PERMISSIONS, Perm, can, grants_of
from agencies.workflow import Transition

Scope = Agency | Council
MOST_REASONS = 5  # more than these are counted, not listed


def _nothing(_user) -> list[str]:
    return []


@dataclass(frozen=True)
class Deed:
    """Something a person may want to do with one object.

    ``perms``: any one of them is enough, on any one of ``scopes``. ``against``: person → what stands against it, in
    sentences; empty when nothing does. ``note`` is said beside a yes (a reason is asked for, say).
    """

    name: str
    label: str
    perms: tuple[Perm, ...]
    scopes: tuple[Scope, ...]
    against: Callable[[object], list[str]] = field(default=_nothing)
    note: str = ""


@dataclass(frozen=True)
class Doers:
    """Whose work a deed is: a role somewhere, with the names that the reader may know."""

    role: str
    where: str
    names: tuple[str, ...]

    def __str__(self):
        place = f"{self.role} · {self.where}" if self.where else self.role
        return f"{place}: {', '.join(self.names)}" if self.names else place


@dataclass(frozen=True)
class Answer:
    """One deed answered for one person."""

    name: str
    label: str
    allowed: bool
    reasons: tuple[str, ...]
    more: int  # reasons beyond those listed
    doers: tuple[Doers, ...]
    note: str

    @property
    def is_reading(self) -> bool:
        """Whether the deed only looks."""
        return self.name.startswith("view_")


def of_transition(
    row: Transition,
    obj,
    *,
    label: str = "",
    against: Callable[[object], list[str]] | None = None,
    hint: str = "",
) -> Deed:
    """The deed of one row of a transition table; ``against`` is asked only in the right state.

    ``hint`` says what would help when the state is another one.
    """

    def stands_against(user) -> list[str]:
        if obj.state not in row.sources:
            return [wrong_state(row, obj, hint)]
        return against(user) if against else []

    note = "Cần ghi lý do từ 10 ký tự." if row.needs_reason else ""
    return Deed(row.name, label or row.label, (row.perm,), (obj.permission_scope,), stands_against, note)


def wrong_state(row: Transition, obj, hint: str = "") -> str:
    """'Chỉ làm được khi ở trạng thái “Đang lập”; hiện là “Đã nộp”.' with what would help."""
    labels = dict(type(obj).State.choices)
    wanted = " hoặc ".join(f"“{labels[state]}”" for state in labels if state in row.sources)
    text = f"Chỉ làm được khi ở trạng thái {wanted}; hiện là “{obj.get_state_display()}”."
    return f"{text} {hint}".strip()


def explain(user, deeds: Iterable[Deed]) -> list[Answer]:
    """Each deed answered for this person, in the given order. One query, however many deeds (beside their own)."""
    deeds = list(deeds)
    people = _people(user, [scope for deed in deeds for scope in deed.scopes])
    return [_answer(user, deed, people) for deed in deeds]


def _answer(user, deed: Deed, people) -> Answer:
    reasons = []
    if not any(can(user, perm, scope) for perm in deed.perms for scope in deed.scopes):
        reasons.append("Việc này không thuộc vai trò của bạn.")
    reasons += deed.against(user)
    shown = tuple(reasons[:MOST_REASONS])
    return Answer(deed.name, deed.label, not reasons, shown, len(reasons) - len(shown), _doers(deed, people), deed.note)


def roles_holding(perms: Iterable[Perm]) -> list[Role]:
    """The roles that hold any of the permissions, on an agency or through its council."""
    wanted = set(perms)
    wanted |= {IMPLIED_BY_COUNCIL[perm] for perm in wanted if perm in IMPLIED_BY_COUNCIL}
    return [role for role in Role if ROLE_PERMISSIONS[role] & wanted]


def _people(user, scopes: list[Scope]) -> dict[tuple[str, int, str], list[str]]:
    """(kind, id, role) → names of its active holders, of the agencies and councils whose people the reader may see."""
    grants = grants_of(user)
    agencies = {scope.pk: scope for scope in scopes if isinstance(scope, Agency)}
    councils = {scope.pk for scope in scopes if isinstance(scope, Council)}
    councils |= {agency.council_id for agency in agencies.values()}
    seen = [
        pk for pk, agency in agencies.items() if pk in grants.all_agencies or agency.council_id in grants.council_wide
    ]
    members = Membership.objects.filter(
        Q(agency__in=seen) | Q(council__in=councils & grants.all_councils), left_on__isnull=True, user__is_active=True
    )
    found: dict[tuple[str, int, str], list[str]] = {}
    for member in members.select_related("user").order_by("pk"):
        key = ("agency", member.agency_id) if member.agency_id else ("council", member.council_id)
        found.setdefault((*key, member.role), []).append(str(member.user))
    return found


def _doers(deed: Deed, people) -> tuple[Doers, ...]:
    found: dict[tuple, Doers] = {}
    for scope in deed.scopes:
        for role in roles_holding(deed.perms):
            if role in AGENCY_ROLES:
                if isinstance(scope, Agency):
                    key = ("agency", scope.pk, role.value)
                    found[key] = Doers(role.label, scope.short_name, tuple(people.get(key, ())))
            else:
                council = scope.council_id if isinstance(scope, Agency) else scope.pk
                key = ("council", council, role.value)
                found[key] = Doers(role.label, "", tuple(people.get(key, ())))
    return tuple(found.values())
