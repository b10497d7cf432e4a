"""What an agency says of a period: its progress report, a line per task, a figure per indicator."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from agencies.fields import Line, Prose
from agencies.models import Agency, Discussed, User, tracked
from agencies.permissions import Perm, grants_of
from campaigns.models import Assignment, Evidence, Indicator, Task
from reports.models.periods import BY_LINE, BY_PERIOD, BY_REPORT, Period, refuse_when_locked


class ProgressReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of one's agencies; every report of a council seen as a whole."""
        grants = grants_of(user)
        return self.filter(
            Q(agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(period__council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
        )

    def accepted(self):
        """Reports whose figures count in the council's report."""
        return self.filter(state__in=ProgressReport.ACCEPTED_STATES)


@pgtrigger.register(
    refuse_when_locked("report_of_locked_period", BY_PERIOD),
    pgtrigger.Trigger(
        name="report_of_a_quarter",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("period_id"),
        when=pgtrigger.Before,
        func="""
            IF NOT EXISTS (SELECT 1 FROM reports_period WHERE id = NEW.period_id AND kind = 'quarter') THEN
                RAISE EXCEPTION 'agencies report by quarter only' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
)
@tracked
class ProgressReport(Discussed, models.Model):
    """What one agency says of one period. Exactly one of each (báo cáo định kỳ)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        AWAITING_APPROVAL = "awaiting", "Chờ lãnh đạo đơn vị duyệt"
        SUBMITTED = "submitted", "Đã nộp, chờ tiếp nhận"
        RETURNED = "returned", "Bị trả lại"
        ACCEPTED = "accepted", "Đã tiếp nhận"
        LOCKED = "locked", "Đã khóa"

    EDITABLE_STATES = (State.DRAFT, State.RETURNED)
    HANDED_IN_STATES = (State.SUBMITTED, State.ACCEPTED, State.LOCKED)
    ACCEPTED_STATES = (State.ACCEPTED, State.LOCKED)
    # What an agency says in its own words: field → heading, as the form and the consolidated report show it.
    NARRATIVE = {
        "direction": "Công tác chỉ đạo, triển khai",
        "highlights": "Kết quả nổi bật, mô hình hay",
        "difficulties": "Hạn chế, khó khăn",
        "causes": "Nguyên nhân",
        "next_steps": "Phương hướng, nhiệm vụ trọng tâm kỳ tới",
        "proposals": "Kiến nghị, đề xuất",
    }

    period = models.ForeignKey(Period, verbose_name="kỳ", on_delete=models.RESTRICT, related_name="reports")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="reports")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT)
    nothing_to_report = models.BooleanField("không phát sinh", default=False)
    direction = Prose("công tác chỉ đạo, triển khai", blank=True)
    highlights = Prose("kết quả nổi bật, mô hình hay", blank=True)
    difficulties = Prose("hạn chế, khó khăn", blank=True)
    causes = Prose("nguyên nhân", blank=True)
    next_steps = Prose("phương hướng, nhiệm vụ kỳ tới", blank=True)
    proposals = Prose("kiến nghị, đề xuất", blank=True)
    submitted_at = models.DateTimeField("nộp lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, verbose_name="người trình", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)
    approved_by = models.ForeignKey(
        User, verbose_name="người duyệt", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField("tiếp nhận lúc", null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, verbose_name="người tiếp nhận", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    returned_at = models.DateTimeField("trả lại lúc", null=True, blank=True)
    returned_by = models.ForeignKey(
        User, verbose_name="người trả lại", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    return_reason = Prose("lý do trả lại", blank=True)
    # {"looks": [{"kind", "rule", "said", "anchor", "subject", "note"}]}: what deserved a close look when it was last
    # handed in, the warnings of the rules among it. None, or a list of warnings alone: not known.
    warnings = models.JSONField("cảnh báo khi nộp", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)

    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        ordering = ["-period__starts_on", "agency__protocol_order"]
        constraints = [
            models.UniqueConstraint(fields=["period", "agency"], name="report_once_per_agency_and_period"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="report_handed_in_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "locked"]) | Q(accepted_at__isnull=False),
                name="report_accepted_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | (Q(returned_at__isnull=False) & ~Q(return_reason="")),
                name="report_returned_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                name="report_approver_did_not_submit",
            ),
        ]

    def __str__(self):
        return f"Báo cáo {self.period} của {self.agency}"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("report-detail", kwargs={"code": self.period.code, "agency": self.agency.code})

    @property
    def permission_scope(self):
        return self.agency

    def agencies_concerned(self) -> frozenset[int]:
        """The agency whose report it is."""
        return frozenset({self.agency_id})

    @property
    def talk_closed(self) -> str:
        """A locked period is not talked about any more."""
        return f"{self.period} đã khóa; không ghi thêm ý kiến về báo cáo được nữa." if self.period.is_locked else ""

    def hold_for_talk(self) -> str:
        """The same, with the period held open until the transaction ends."""
        return "" if Period.hold_open(self.period_id) else f"{self.period} đã khóa; không ghi thêm ý kiến được nữa."

    def name_within(self, period) -> str:
        """How the report is named in a list of that period: the agency, with its quarter inside a longer one."""
        return str(self.agency) if period.is_quarter else f"{self.agency} ({self.period})"

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE_STATES

    @property
    def may_be_taken_back(self) -> bool:
        """Whether the agency can still withdraw it: handed in or awaiting approval, not accepted yet."""
        return self.state in (self.State.AWAITING_APPROVAL, self.State.SUBMITTED)

    @property
    def handed_in_at(self):
        """When the report left the agency: approved, where approval is asked for, else submitted."""
        if self.state not in self.HANDED_IN_STATES:
            return None
        return self.approved_at or self.submitted_at


class ReportLineQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Lines of reports that one may see. A council's are known by their tasks, which are its own as well: the way
        over reports and periods makes the database ask every report before any word of a search."""
        grants = grants_of(user)
        return self.filter(
            Q(report__agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(task__council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
        )


@pgtrigger.register(refuse_when_locked("line_of_locked_period", BY_REPORT))
@tracked
class ReportLine(models.Model):
    """One task in one report. The lead reports status and percent; a supporting agency only what it contributed."""

    report = models.ForeignKey(ProgressReport, verbose_name="báo cáo", on_delete=models.RESTRICT, related_name="lines")
    assignment = models.ForeignKey(
        Assignment, verbose_name="phân công", on_delete=models.RESTRICT, related_name="lines"
    )
    task = models.ForeignKey(Task, verbose_name="nhiệm vụ", on_delete=models.RESTRICT, related_name="lines")
    role = models.CharField("vai trò", max_length=10, choices=Assignment.Role.choices)
    due_on = models.DateField("hạn trong kỳ", null=True, blank=True)
    status = models.CharField("tình trạng", max_length=12, choices=Task.Status.choices, blank=True)
    percent = models.PositiveSmallIntegerField("tỷ lệ hoàn thành (%)", null=True, blank=True)
    completed_on = models.DateField("ngày hoàn thành", null=True, blank=True)
    result = Prose("kết quả thực hiện", blank=True)
    difficulty = Prose("khó khăn, vướng mắc và nguyên nhân", blank=True)
    proposal = Prose("đề xuất, kiến nghị", blank=True)
    new_expected_on = models.DateField("dự kiến hoàn thành", null=True, blank=True)
    no_evidence_reason = Line("lý do không có minh chứng", max_length=300, blank=True)
    evidence = models.ManyToManyField(
        Evidence, verbose_name="minh chứng", through="LineEvidence", blank=True, related_name="lines"
    )
    edited_at = models.DateTimeField("cập nhật lúc", null=True, blank=True)
    edited_by = models.ForeignKey(
        User, verbose_name="người cập nhật", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    version = models.PositiveIntegerField("phiên bản", default=1)

    objects = ReportLineQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng báo cáo"
        verbose_name_plural = "dòng báo cáo"
        ordering = ["task__plan_id", "task__sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "assignment"], name="line_once_per_assignment"),
            models.CheckConstraint(condition=Q(percent__isnull=True) | Q(percent__lte=100), name="line_percent_to_100"),
            models.CheckConstraint(
                condition=Q(role="lead") | Q(status="", percent__isnull=True), name="line_only_the_lead_has_a_status"
            ),
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True, edited_by__isnull=True)
                | Q(edited_at__isnull=False, edited_by__isnull=False),
                name="line_edited_by_somebody",
            ),
        ]
        indexes = [
            # Counting a quarter (reports/standing.py) reads these four columns of every lead's line of its reports, and
            # of a task whose report is not accepted those of the lines before: both from an index alone.
            models.Index(
                fields=["report"],
                include=["id", "task", "status", "due_on"],
                name="line_of_lead_by_report",
                condition=Q(role="lead"),
            ),
            models.Index(
                fields=["task"],
                include=["id", "report", "status", "due_on"],
                name="line_of_lead_by_task",
                condition=Q(role="lead"),
            ),
        ]

    def __str__(self):
        return f"{self.task} ({self.report})"

    @property
    def permission_scope(self):
        return self.report.agency

    @property
    def is_lead(self) -> bool:
        return self.role == Assignment.Role.LEAD

    @property
    def is_filled(self) -> bool:
        """Whether the agency has said something about this task in this period."""
        return self.edited_at is not None


@pgtrigger.register(refuse_when_locked("evidence_of_locked_period", BY_LINE))
@tracked
class LineEvidence(models.Model):
    """A file that a line points to."""

    line = models.ForeignKey(ReportLine, verbose_name="dòng báo cáo", on_delete=models.RESTRICT)
    evidence = models.ForeignKey(Evidence, verbose_name="minh chứng", on_delete=models.RESTRICT)

    class Meta:
        verbose_name = "minh chứng của dòng"
        verbose_name_plural = "minh chứng của dòng"
        constraints = [models.UniqueConstraint(fields=["line", "evidence"], name="line_evidence_once")]

    def __str__(self):
        return f"{self.line_id}: {self.evidence_id}"


@pgtrigger.register(refuse_when_locked("figure_of_locked_period", BY_REPORT))
@tracked
class ReportFigure(models.Model):
    """One indicator in one report. ``value`` None is 'not filled in'; 0 is a figure.

    Of a figure that comes from activities both are kept: ``computed`` is what they added up to when the report was last
    handed in, ``value`` what counts; they differ only when ``corrected``, with its ``reason``. ``note`` answers a
    warning about a jump (rules V19, V20).
    """

    report = models.ForeignKey(
        ProgressReport, verbose_name="báo cáo", on_delete=models.RESTRICT, related_name="figures"
    )
    indicator = models.ForeignKey(Indicator, verbose_name="chỉ tiêu", on_delete=models.RESTRICT)
    value = models.DecimalField("số liệu", max_digits=16, decimal_places=3, null=True, blank=True)
    reason = Line("lý do khác với hoạt động đã ghi", max_length=300, blank=True)
    corrected = models.BooleanField("sửa tay", default=False)
    computed = models.DecimalField("từ hoạt động, khi nộp", max_digits=16, decimal_places=3, null=True, blank=True)
    note = Line("giải trình tăng, giảm", max_length=300, blank=True)

    class Meta:
        verbose_name = "số liệu"
        verbose_name_plural = "số liệu"
        ordering = ["indicator__sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="figure_once_per_report"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(value__gte=0), name="figure_not_negative"),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.value}"
