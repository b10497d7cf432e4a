"""The desk: what waits for an officer or an approver, most urgent first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.shortcuts import render
from django.urls import reverse

from agencies import clock
from agencies.comments import path_of
from agencies.models import Comment
from agencies.permissions import Perm, access, grants_of
from campaigns.views import page_of
from reports.due import due_state
from reports.entry import repeats_truly
from reports.facts import tasks_with_activities
from reports.models import Period, ProgressReport, ReportLine
from reports.remarks import remarks_waiting
from reports.rules import Finding, check
from reports.rules.findings import line_anchor
from reports.sheet import Sheet, load_sheet
from reports.workflow import available_for_report

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


ROWS = 50  # of one group on the desk; what waits in it comes up as what stands above is done
OF_GROUP = "nhom"  # in an address: the group that is read through, page by page

# Groups of the desk in order of urgency: key → (words, state badge)
GROUPS = {
    "returned": ("Trả lại, cần sửa", "returned"),
    "incomplete": ("Đã ghi, còn thiếu", "returned"),
    "overdue": ("Quá hạn", "overdue"),
    "due_soon": ("Sắp đến hạn", "due_soon"),
    "not_updated": ("Chưa cập nhật", "not_started"),
    "supporting": ("Phối hợp, chưa ghi nhận", "none"),
    "updated": ("Đã cập nhật", "done"),
}


@dataclass
class Desk:
    """One report as its agency's people see it on their desk."""

    report: ProgressReport
    sheet: Sheet
    findings: list[Finding]
    groups: list[tuple[str, str, str, list[ReportLine]]]
    actions: list
    days_left: int
    can_edit: bool
    remarks: list[Comment] = field(default_factory=list)  # what waits for the agency's answer

    @property
    def is_returned(self) -> bool:
        return self.report.state == ProgressReport.State.RETURNED

    @property
    def waits_for_officers(self) -> bool:
        """Whether an approver looks at a report that is still being written: nothing to approve, nothing to edit."""
        return self.report.is_editable and not self.can_edit and not self.report.period.is_locked

    @property
    def hand_in_label(self) -> str:
        """What handing in is called in this agency: the same words as on its button."""
        return "Trình lãnh đạo duyệt" if self.report.agency.requires_approval else "Nộp báo cáo"

    @property
    def urgency(self) -> tuple:
        """What was sent back comes first, then what is due first; what has left the agency last."""
        return (not self.is_returned, not self.report.is_editable, self.report.period.agency_due_on)

    @property
    def counts(self) -> list[tuple[str, str, str, int]]:
        """Every group of the desk with how many tasks stand in it now."""
        return [(key, label, state, len(rows)) for key, label, state, rows in self.groups]

    def row_of(self, pk: int) -> tuple[str, ReportLine]:
        """A line with the group in which it stands."""
        return next((key, line) for key, _label, _state, rows in self.groups for line in rows if line.pk == pk)

    @property
    def missing_figures(self) -> int:
        return sum(finding.anchor.startswith("so-lieu") for finding in self.findings if finding.is_error)

    @property
    def missing_words(self) -> int:
        return sum(finding.anchor.startswith("danh-gia") for finding in self.findings if finding.is_error)

    def next_after(self, pk: int | None) -> str:
        """The id of what waits next on the desk: a task, the figures, the words; "" when the report is complete."""
        for key, _label, _state, rows in self.groups:
            for line in rows:
                done = key == "updated" or (key == "returned" and self._is_edited_since_return(line))
                if not done and line.pk != pk:
                    return f"viec-{line.pk}"
        if self.missing_figures:
            return f"so-lieu-{self.report.pk}"
        return f"danh-gia-{self.report.pk}" if self.missing_words else ""

    def _is_edited_since_return(self, line: ReportLine) -> bool:
        return bool(line.is_filled and self.report.returned_at and line.edited_at > self.report.returned_at)

    @property
    def missing(self) -> list[tuple[Finding, str]]:
        """What blocks handing in, each with the address where it is put right."""
        return [(finding, self.address_of(finding)) for finding in self.findings if finding.is_error]

    @property
    def warnings(self) -> list[tuple[Finding, str]]:
        """What asks for a look and has no note yet."""
        open_ones = [finding for finding in self.findings if not finding.is_error and not finding.is_answered]
        return [(finding, self.address_of(finding)) for finding in open_ones]

    @property
    def answered(self) -> list[tuple[Finding, str]]:
        """Warnings with the note that the agency gave."""
        return [(finding, self.address_of(finding)) for finding in self.findings if finding.is_answered]

    @property
    def open_remarks(self) -> list[tuple[Comment, str, str]]:
        """Remarks that wait for the agency, each with what it is about and the address where that is put right."""
        return [(remark, self._name_of(remark.anchor), self._address_of_remark(remark)) for remark in self.remarks]

    def _name_of(self, anchor: str) -> str:
        kind, _dash, key = anchor.rpartition("-")
        if kind == "dong":
            return next((f"Nhiệm vụ {line.task.place}" for line in self.sheet.lines if str(line.pk) == key), "Nhiệm vụ")
        if kind == "so-lieu":
            return f"Số liệu {key}"
        return str(self.report.NARRATIVE.get(key, "Báo cáo")) if kind == "danh-gia" else "Báo cáo"

    def _address_of_remark(self, remark: Comment) -> str:
        """Where the officer puts it right; for others, and for what is said of the whole, where it is read."""
        gone = remark.anchor.startswith("dong-") and remark.anchor not in map(line_anchor, self.sheet.lines)
        if self.can_edit and remark.anchor and not gone:
            return self._address(remark.anchor, "result")
        return path_of(remark, self.report)

    def address_of(self, finding: Finding) -> str:
        """The field itself for those who may type there, else its place on the report's page."""
        return self._address(finding.anchor, finding.field)

    def _address(self, anchor: str, field_name: str) -> str:
        place = {"code": self.report.period.code, "agency": self.report.agency.code}
        kind, _dash, key = anchor.rpartition("-")
        if kind == "hoat":  # "hoat-dong": where the activities are
            return reverse("activity-list")
        if self.can_edit and kind == "dong":
            hash_of_field = f"#id_{field_name}" if field_name else ""
            return reverse("report-line", kwargs=place | {"pk": key}) + hash_of_field
        if kind == "danh-gia":
            page, place_on_page = ("report-narrative", f"id_{key}") if self.can_edit else ("report-detail", kind)
            return f"{reverse(page, kwargs=place)}#{place_on_page}"
        page = "report-figures" if self.can_edit and kind == "so-lieu" else "report-detail"
        return f"{reverse(page, kwargs=place)}#{anchor}"

    @property
    def percent(self) -> int:
        """How much of the report's lines has been updated."""
        return round(100 * self.sheet.filled / len(self.sheet.lines)) if self.sheet.lines else 100

    @property
    def due_words(self) -> str:
        """'Thứ Hai, ngày 17/06/2024'."""
        day = self.report.period.agency_due_on
        return f"{_WEEKDAYS[day.weekday()]}, ngày {day:%d/%m/%Y}"

    @property
    def overdue_days(self) -> int:
        return max(0, -self.days_left)


@dataclass(frozen=True)
class Shown:
    """A group as the page shows it: its first rows, or the page of it that was asked for."""

    key: str
    name: str  # 'supporting-12': the group and the report
    label: str
    state: str
    rows: list[ReportLine]
    total: int
    page: object | None = None

    @property
    def more(self) -> int:
        """Rows that are not on this page although nobody turned pages."""
        return 0 if self.page else self.total - len(self.rows)


def shown_groups(desk: Desk, request) -> list[Shown]:
    """The groups of a desk, long ones cut; the one that the address names a page at a time."""
    found = []
    for key, label, state, rows in desk.groups:
        name = f"{key}-{desk.report.pk}"
        page = page_of(request, rows, ROWS) if request.GET.get(OF_GROUP) == name else None
        found.append(Shown(key, name, label, state, list(page or rows[:ROWS]), len(rows), page))
    return found


def group_of(line: ReportLine, today, missing: Collection[str] = ()) -> str:
    """Where a line stands on the desk: what blocks handing in, then late and untouched, what is done last."""
    if line.is_filled:
        return "incomplete" if missing else "updated"
    if not line.is_lead:
        return "supporting"
    state = due_state(line.status, line.due_on, today)
    return state if state in ("overdue", "due_soon") else "not_updated"


def desks_of(reports: Sequence[ProgressReport], user, today) -> list[Desk]:
    """The desks of reports, with what is said of them and which of their tasks have activities: one query each."""
    busy = tasks_with_activities(reports)
    waiting = remarks_waiting(report for report in reports if report.is_editable)
    return [build_desk(report, user, today, busy=busy, remarks=waiting.get(report.pk, [])) for report in reports]


def build_desk(
    report: ProgressReport,
    user,
    today,
    *,
    busy: Collection[tuple[int, int]] = (),
    remarks: Collection[Comment] = (),
) -> Desk:
    """Everything the desk shows of one report.

    ``busy``: (report, task) with activities in the period; ``remarks``: what waits for the agency's answer.
    """
    sheet = load_sheet(report)
    findings = check(sheet, today)
    wanting: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.is_error and report.is_editable:
            wanting.setdefault(finding.anchor, []).append(finding)
    is_returned = report.state == ProgressReport.State.RETURNED
    said: dict[str, list[Comment]] = {}
    for remark in remarks:
        said.setdefault(remark.anchor, []).append(remark)
    groups: dict[str, list[ReportLine]] = {key: [] for key in GROUPS}
    for line in sheet.lines:
        line.before = sheet.previous_lines.get(line.task_id)
        line.may_repeat = (
            line.before is not None
            and not line.is_filled
            and repeats_truly(line.before)
            and (report.pk, line.task_id) not in busy
        )
        line.wanting = wanting.get(line_anchor(line), []) if line.is_filled else []
        line.days_over = max(0, clock.days_between(line.due_on, today)) if line.due_on else 0
        line.remarks = said.get(line_anchor(line), []) if is_returned else []
        group = "returned" if line.remarks else group_of(line, today, line.wanting)
        groups[group].append(line)
    return Desk(
        report=report,
        sheet=sheet,
        findings=findings,
        groups=[(key, *GROUPS[key], rows) for key, rows in groups.items() if rows],
        actions=available_for_report(user, report),
        days_left=clock.days_between(today, report.period.agency_due_on),
        can_edit=report.is_editable
        and not report.period.is_locked
        and report.agency_id in grants_of(user).agencies(Perm.RECORD_PROGRESS),
        remarks=list(remarks),
    )


@access(Perm.RECORD_PROGRESS, Perm.APPROVE_REPORT)
def my_work(request):
    """The reports of the open periods that wait for this person, with their tasks."""
    today = clock.today()
    grants = grants_of(request.user)
    mine = grants.agencies(Perm.RECORD_PROGRESS) | grants.agencies(Perm.APPROVE_REPORT)
    reports = (
        ProgressReport.objects.visible_to(request.user)
        .filter(agency__in=mine, period__state=Period.State.OPEN)
        .select_related("agency__council", "period__council__standing_agency")
        .order_by("period__starts_on", "agency__protocol_order")
    )
    desks = sorted(desks_of(list(reports), request.user, today), key=lambda desk: desk.urgency)
    context = {
        "desks": [(desk, shown_groups(desk, request)) for desk in desks],
        "today": today,
        "may_record": grants.holds(Perm.RECORD_PROGRESS),
    }
    return render(request, "reports/my_work.html", context)
