"""What another person sees: their roles, menu, numbers and desk, computed by the same functions with their grants.

Nobody's identity is taken on: the person is only asked about, never signed in, and what they hold in councils that are
not the reader's is left out.
"""

from dataclasses import dataclass, field
from datetime import date

from agencies.membership import councils_of
from agencies.models import Agency, Council, Membership, User
from agencies.permissions import Grants, Perm, grants_of, limit_grants
from campaigns.models import Activity, Plan, Task
from portal.shell import Place, places_for
from reports.models import Period, ProgressReport
from reports.views.desk import desks_of

_WORDS = {
    **{Perm(codename): str(label) for codename, label in Agency._meta.permissions},
    **{Perm(codename): str(label) for codename, label in Council._meta.permissions},
}


@dataclass(frozen=True)
class DeskSeen:
    """One report on the person's desk: how many lines stand in each group."""

    report: ProgressReport
    groups: list[tuple[str, str, int]]  # (state, words, lines)
    actions: list[str]


@dataclass(frozen=True)
class Seen:
    """What the person sees. ``business`` is None when the reader may not know it (an administrator)."""

    person: User
    roles: list[Membership]
    menu: list[Place]
    deeds: list[tuple[str, str]]  # (what they may do, where)
    numbers: list[tuple[str, int]] = field(default_factory=list)
    desks: list[DeskSeen] = field(default_factory=list)
    business: bool = False


def councils_in_common(reader: User, person: User) -> frozenset[int]:
    """Councils that know the person and whose agencies or accounts the reader manages."""
    grants = grants_of(reader)
    return (grants.councils(Perm.MANAGE_AGENCIES) | grants.councils(Perm.MANAGE_ACCOUNTS)) & councils_of(person)


def seen_by(person: User, *, reader: User, councils: frozenset[int], today: date) -> Seen:
    """What the person sees in these councils, as far as the reader may know it."""
    members = person.memberships.filter(left_on__isnull=True).select_related("agency", "council").order_by("pk")
    roles = [row for row in members if (row.agency.council_id if row.agency else row.council_id) in councils]
    agencies = {row.agency_id: row.agency for row in roles if row.agency}
    grants = limit_grants(person, agencies=frozenset(agencies), councils=councils)
    seen = Seen(person, roles, places_for(person), _deeds(grants, roles))
    if not councils <= grants_of(reader).councils(Perm.VIEW_COUNCIL_WORK):
        return seen
    numbers = [
        ("Kế hoạch", Plan.objects.visible_to(person).count()),
        ("Nhiệm vụ", Task.objects.visible_to(person).count()),
        ("Hoạt động", Activity.objects.visible_to(person).standing().count()),
        ("Báo cáo", ProgressReport.objects.visible_to(person).count()),
    ]
    return Seen(person, roles, seen.menu, seen.deeds, numbers, _desks(person, grants, today), business=True)


def _deeds(grants: Grants, roles: list[Membership]) -> list[tuple[str, str]]:
    """Each permission held, in the words of the table, and where."""
    agencies = {row.agency_id: str(row.agency) for row in roles if row.agency}
    found = []
    for perm, words in _WORDS.items():
        where = [name for pk, name in agencies.items() if pk in grants.agencies(perm)]
        where += ["cả hội đồng"] if grants.on_council.get(perm) else []
        if where:
            found.append((words, "; ".join(where)))
    return found


def _desks(person: User, grants: Grants, today: date) -> list[DeskSeen]:
    mine = grants.agencies(Perm.RECORD_PROGRESS) | grants.agencies(Perm.APPROVE_REPORT)
    reports = ProgressReport.objects.visible_to(person).filter(agency__in=mine, period__state=Period.State.OPEN)
    reports = reports.select_related("agency__council", "period__council__standing_agency")
    found = []
    for desk in desks_of(list(reports.order_by("period__starts_on", "agency__protocol_order")), person, today):
        groups = [(state, label, len(rows)) for _key, label, state, rows in desk.groups]
        found.append(DeskSeen(desk.report, groups, [row.label for row in desk.actions]))
    return found
