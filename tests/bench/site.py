"""The people and things of a world that are measured: an officer, a secretary, a leader, the open period."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from agencies.models import Agency, Council, Membership, Role, User
from campaigns.models import Assignment
from reports.models import Period, ProgressReport, ReportLine

# Who is looked at where they exist: of the made worlds, then of the demo; else the first of each role.
_KNOWN = {
    Role.LIAISON: ("can-tho.congan", "congan"),
    Role.SECRETARY: ("can-tho.thuky", "thuky"),
    Role.LEADER: ("can-tho.lanhdao", "lanhdao"),
}


@dataclass(frozen=True)
class Site:
    """A world as the measures see it."""

    officer: User
    agency: Agency
    secretary: User
    leader: User
    council: Council
    period: Period
    size: str = ""  # S, M, L
    own: bool = False  # a copy, in which what is saved may stay saved
    weighed: bool = False  # memory too, in child processes: they see only what is committed

    @cached_property
    def report(self) -> ProgressReport:
        """The officer's own report of the open period."""
        return ProgressReport.objects.select_related("period", "agency").get(period=self.period, agency=self.agency)

    @cached_property
    def line(self) -> ReportLine:
        """A line of that report which the officer may still write, of a task that the agency leads."""
        lines = self.report.lines.select_related("task").order_by("pk")
        return lines.filter(role=Assignment.Role.LEAD).first() or lines.first()

    @cached_property
    def reviewed(self) -> ProgressReport:
        """A report handed in by another agency: the one with the most lines among the newest twenty.

        Where none is handed in yet, the officer's own.
        """
        handed_in = ProgressReport.objects.filter(
            period__council=self.council, state__in=ProgressReport.HANDED_IN_STATES
        ).select_related("period", "agency")
        newest = list(handed_in.order_by("-period__starts_on", "agency__protocol_order")[:20])
        return max(newest, key=lambda report: report.lines.count(), default=self.report)

    def address(self, name: str, **kwargs) -> str:
        """An address of the open period."""
        return reverse(name, kwargs={"code": self.period.code} | kwargs)


def find_site(size: str = "", *, own: bool = False, weighed: bool = False) -> Site:
    """The people and the period to measure with. Raises RuntimeError for a world without them."""
    secretary = _member(Role.SECRETARY)
    leader = _member(Role.LEADER, council=secretary.council)
    officer = _member(Role.LIAISON, agency__council=secretary.council)
    open_reports = ProgressReport.objects.filter(
        agency=officer.agency, period__state=Period.State.OPEN, state__in=ProgressReport.EDITABLE_STATES
    )
    report = open_reports.select_related("period").order_by("-period__starts_on").first()
    if report is None:
        raise RuntimeError(f"{officer.user} has no report to write in an open period")
    return Site(
        officer.user, officer.agency, secretary.user, leader.user, secretary.council, report.period, size, own, weighed
    )


def _member(role: Role, **where) -> Membership:
    members = Membership.objects.filter(role=role, left_on=None, user__is_active=True, **where)
    members = members.select_related("user", "council", "agency").order_by("pk")
    if role == Role.LIAISON:
        writing = ProgressReport.objects.filter(
            period__state=Period.State.OPEN, state__in=ProgressReport.EDITABLE_STATES
        )
        members = members.filter(agency__in=writing.values("agency"))
    for username in _KNOWN[role]:
        if found := members.filter(user__username=username).first():
            return found
    if (found := members.first()) is None:
        raise RuntimeError(f"no {role} in this world")
    return found
