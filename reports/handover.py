"""Everything somebody needs who takes over an agency's reporting: what is open, what was promised, how it was done."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Min, Prefetch

from agencies.models import Agency, Membership, Role
from campaigns.models import Activity, Assignment, Evidence, Plan, Task
from reports.due import due_state
from reports.models import Period, ProgressReport, ReportLine

LAST_PERIODS = 2
ACTIVITIES_SHOWN = 20  # of one period; the rest is counted and linked
FILES_SHOWN = 20


@dataclass(frozen=True)
class OpenTask:
    """A task that the agency carries now. ``due``: its next date, None when the plan gives none."""

    task: Task
    role: str
    due: date | None
    state: str  # overdue, due_soon, … as reports/due.py says; '' when nothing presses


@dataclass
class Season:
    """One accepted period: what was reported of each task, what was done, which files show it."""

    report: ProgressReport
    lines: list[ReportLine]
    activities: list[Activity] = field(default_factory=list)
    activity_count: int = 0


@dataclass(frozen=True)
class Handover:
    """The whole page as plain values."""

    agency: Agency
    tasks: list[OpenTask]
    open_reports: list[ProgressReport]
    promised: list[ReportLine]
    proposals: list[tuple[str, str, str]]  # (period, what of, words)
    seasons: list[Season]
    files: list[Evidence]
    present: list[Membership]
    past: list[Membership]
    council_people: list[Membership]

    @property
    def returned(self) -> list[ProgressReport]:
        return [report for report in self.open_reports if report.state == ProgressReport.State.RETURNED]


def handover_of(agency: Agency, today: date) -> Handover:
    """Read everything, in a constant number of queries."""
    reports = ProgressReport.objects.filter(agency=agency).select_related("period", "agency", "returned_by")
    lines = ReportLine.objects.filter(report__agency=agency).select_related(
        "task__plan", "task__section", "report__period"
    )
    open_reports = list(reports.filter(period__state=Period.State.OPEN).order_by("period__starts_on"))
    accepted = reports.filter(state__in=ProgressReport.ACCEPTED_STATES).order_by("-period__starts_on")
    seasons = [_season(report, lines) for report in accepted[:LAST_PERIODS]]
    members = list(agency.memberships.select_related("user").order_by("joined_on", "pk"))
    return Handover(
        agency=agency,
        tasks=_tasks(agency, today),
        open_reports=open_reports,
        promised=_promised(lines),
        proposals=_proposals(lines, open_reports, seasons),
        seasons=seasons,
        files=list(Evidence.objects.filter(agency=agency, plan=None).select_related("task", "activity")[:FILES_SHOWN]),
        present=[member for member in members if member.left_on is None],
        past=[member for member in members if member.left_on is not None],
        council_people=list(
            Membership.objects.filter(
                council=agency.council_id,
                role__in=[Role.SECRETARY, Role.ADMINISTRATOR],
                left_on__isnull=True,
                user__is_active=True,
            )
            .select_related("user")
            .order_by("-role", "pk")
        ),
    )


def _tasks(agency: Agency, today: date) -> list[OpenTask]:
    """Open tasks of plans in force, the nearest date first, those without a date last."""
    rows = (
        Assignment.objects.current()
        .filter(agency=agency, task__plan__state=Plan.State.ACTIVE)
        .exclude(task__status__in=[Task.Status.DONE, Task.Status.CANCELLED])
        .select_related("task__plan", "task__section")
    )
    asked = ReportLine.objects.filter(
        report__agency=agency, report__period__state=Period.State.OPEN, due_on__isnull=False
    )
    dates = dict(asked.values_list("task").annotate(Min("due_on")).order_by())
    found = []
    for row in rows:
        due = dates.get(row.task_id) or row.task.due_date
        state = due_state(row.task.status, due, today) if due else ""
        found.append(OpenTask(row.task, row.get_role_display(), due, state or ""))
    return sorted(found, key=lambda row: (row.due or date.max, row.task.plan_id, row.task.sort_order))


def _promised(lines) -> list[ReportLine]:
    """The newest 'dự kiến' of each task that its newest line still leaves undone."""
    newest: dict[int, ReportLine] = {}
    for line in lines.exclude(edited_at=None).order_by("-report__period__starts_on", "pk"):
        newest.setdefault(line.task_id, line)
    open_ones = [line for line in newest.values() if line.new_expected_on and line.status != Task.Status.DONE]
    return sorted(open_ones, key=lambda line: line.new_expected_on)


def _proposals(lines, open_reports, seasons) -> list[tuple[str, str, str]]:
    """What the agency asked for lately: in the open periods and in the last accepted ones."""
    recent = list(dict.fromkeys([*open_reports, *(season.report for season in seasons)]))
    found = [(str(report.period), "Báo cáo của cơ quan", report.proposals) for report in recent if report.proposals]
    for line in lines.filter(report__in=recent).exclude(proposal="").order_by("-report__period__starts_on", "pk"):
        found.append((str(line.report.period), str(line.task), line.proposal))
    return found


def _season(report: ProgressReport, lines) -> Season:
    files = Prefetch("evidence", queryset=Evidence.objects.only("pk", "original_name"))
    told = lines.filter(report=report).exclude(edited_at=None).prefetch_related(files)
    held = Activity.objects.standing().filter(
        agency=report.agency_id, held_on__range=(report.period.starts_on, report.period.ends_on)
    )
    count = held.aggregate(found=Count("pk"))["found"]
    return Season(report, list(told), list(held[:ACTIVITIES_SHOWN]), count)
