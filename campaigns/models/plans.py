"""What was agreed: plans, their parties and sections, tasks and who carries them."""

from datetime import date, timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, ExtractYear
from django.urls import reverse

from agencies.fields import Folded, Line, Prose
from agencies.models import Agency, Council, Discussed, tracked
from agencies.permissions import Perm, grants_of


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Plans one's agency is party to, once signed; every plan for those who see the whole council."""
        grants = grants_of(user)
        as_party = Q(
            pk__in=PlanParty.objects.filter(agency__in=grants.agencies(Perm.VIEW_WORK)).values("plan"),
            state__in=Plan.PUBLISHED,
        )
        return self.filter(Q(council__in=grants.councils(Perm.VIEW_COUNCIL_WORK)) | as_party)

    def in_force(self):
        """Plans whose tasks are being carried out."""
        return self.filter(state=Plan.State.ACTIVE)


@tracked
class Plan(models.Model):
    """A coordination plan or programme, signed by several agencies (domain.md §1)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        ACTIVE = "active", "Đang thực hiện"
        COMPLETED = "completed", "Đã kết thúc"
        SUPERSEDED = "superseded", "Bị thay thế"
        CANCELLED = "cancelled", "Đã hủy"

    PUBLISHED = (State.ACTIVE, State.COMPLETED, State.SUPERSEDED)

    class Kind(models.TextChoices):
        PLAN = "plan", "Kế hoạch phối hợp"
        PROGRAMME = "programme", "Chương trình phối hợp"

    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="plans")
    number = Line("số, ký hiệu", max_length=80, blank=True)
    title = Line("trích yếu", max_length=400)
    kind = models.CharField("loại", max_length=12, choices=Kind.choices, default=Kind.PLAN)
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    starts_on = models.DateField("từ ngày")
    ends_on = models.DateField("đến ngày")
    legal_bases = ArrayField(Line(max_length=500), verbose_name="căn cứ", default=list, blank=True)
    note = Prose("ghi chú", blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=State.choices, default=State.DRAFT)
    superseded_by = models.ForeignKey(
        "self", verbose_name="thay thế bởi", on_delete=models.RESTRICT, null=True, blank=True, related_name="supersedes"
    )
    source_name = Line("tên tệp nguồn", max_length=255, blank=True)
    source_digest = models.CharField("mã băm tệp nguồn", max_length=64, blank=True)
    folded = Folded("number", "title")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-starts_on", "number", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plan_dates_in_order"),
            models.UniqueConstraint(
                "council",
                "number",
                ExtractYear(Coalesce("signed_on", "starts_on")),
                condition=~Q(number="") & ~Q(state="cancelled"),
                name="plan_number_once_per_council_and_year",
            ),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_by__isnull=False)
                | (~Q(state="superseded") & Q(superseded_by__isnull=True)),
                name="plan_superseded_by_something",
            ),
        ]

    def __str__(self):
        return f"{self.number or 'Chưa có số'} · {self.title}"

    @property
    def permission_scope(self):
        return self.council


@tracked
class PlanParty(models.Model):
    """An agency of the plan: one that signed it, or one that only takes part in its tasks (domain.md §8.2)."""

    class Role(models.TextChoices):
        SIGNATORY = "signatory", "Ký kết"
        PARTICIPANT = "participant", "Tham gia thực hiện"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="parties")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="plan_parties")
    role = models.CharField("tư cách", max_length=11, choices=Role.choices, default=Role.SIGNATORY)
    sort_order = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "bên của kế hoạch"
        verbose_name_plural = "các bên của kế hoạch"
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "agency"], name="plan_party_once")]

    def __str__(self):
        return f"{self.agency} ({self.plan.number})"


@tracked
class PlanSection(models.Model):
    """A heading row of the annex ("I.", "1.", "a)"), kept as written."""

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="sections")
    parent = models.ForeignKey(
        "self", verbose_name="thuộc mục", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    number = Line("số thứ tự", max_length=30, blank=True)
    # The numbers from the top down to here, "II.1."; kept so that lists need not walk up the tree.
    path = Line("số đầy đủ", max_length=120, blank=True, editable=False)
    title = Line("tên mục", max_length=500)
    sort_order = models.PositiveIntegerField("thứ tự", default=0)
    import_key = models.CharField("khóa nhập", max_length=200, editable=False)

    class Meta:
        verbose_name = "mục"
        verbose_name_plural = "mục"
        ordering = ["sort_order", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "import_key"], name="section_once_per_plan")]

    def __str__(self):
        return f"{self.number} {self.title}".strip()


def full_number(above: str, number: str) -> str:
    """A number with those above it: 'II.1.' and 'a)' make 'II.1.a)'; '1.' and '1.1.' make '1.1.', never '1.1.1.'.

    Bullets ("-", "+") number nothing and are left out.
    """
    if not any(char.isalnum() for char in number):
        return above
    if not above:
        return number
    above = above if above.endswith(".") else f"{above}."
    parents = above.rstrip(".").split(".")
    # As written the number may repeat its parents: "1.1" under "II." and "1.".
    for start in range(len(parents)):
        repeated = ".".join(parents[start:]) + "."
        if number.startswith(repeated):
            return ".".join([*parents[:start], number])
    return above + number


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tasks in which one's agency leads or supports; every task of a council seen as a whole."""
        grants = grants_of(user)
        councils, agencies = grants.councils(Perm.VIEW_COUNCIL_WORK), grants.agencies(Perm.VIEW_WORK)
        mine = Q(pk__in=Assignment.objects.filter(agency__in=agencies).values("task"), plan__state__in=Plan.PUBLISHED)
        if not councils:
            return self.filter(mine)
        whole = Q(council__in=councils)
        return self.filter(whole | mine) if agencies else self.filter(whole)

    def open(self):
        """Neither done nor cancelled."""
        return self.exclude(status__in=[Task.Status.DONE, Task.Status.CANCELLED])

    def overdue(self, today):
        """Open tasks whose date has passed."""
        return self.open().exclude(status=Task.Status.ON_HOLD).filter(due_date__lt=today)

    def due_between(self, start, end):
        """Open tasks due from start to end, both included."""
        return self.open().exclude(status=Task.Status.ON_HOLD).filter(due_date__range=(start, end))


@pgtrigger.register(
    # "Exactly one lead": at most one by the unique constraint on Assignment, at least one by this, at commit.
    pgtrigger.Trigger(
        name="task_has_a_lead",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func="""
            IF EXISTS (SELECT 1 FROM campaigns_task WHERE id = NEW.id)
               AND NOT EXISTS (SELECT 1 FROM campaigns_assignment
                               WHERE task_id = NEW.id AND role = 'lead' AND date_to IS NULL) THEN
                RAISE EXCEPTION 'task % has no lead agency', NEW.id USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,
    )
)
@tracked
class Task(Discussed, models.Model):
    """One task of a plan, numbered and timed as in the signed text, with a normalised date or recurrence beside it."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "Chưa thực hiện"
        IN_PROGRESS = "in_progress", "Đang thực hiện"
        DONE = "done", "Hoàn thành"
        ON_HOLD = "on_hold", "Tạm dừng"
        CANCELLED = "cancelled", "Đã hủy"

    class Recurrence(models.TextChoices):
        """How often; '' is once, by ``due_date``."""

        ONCE = "", "Một lần"
        ONGOING = "ongoing", "Thường xuyên"
        MONTHLY = "monthly", "Hằng tháng"
        QUARTERLY = "quarterly", "Hằng quý"
        HALF_YEARLY = "half_yearly", "6 tháng một lần"
        YEARLY = "yearly", "Hằng năm"
        ON_DEMAND = "on_demand", "Khi phát sinh"

    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="tasks")
    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="tasks")
    section = models.ForeignKey(
        PlanSection, verbose_name="mục", on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    number = Line("số thứ tự", max_length=30, blank=True)
    title = Prose("nội dung nhiệm vụ")
    timing_text = Line("thời gian (như văn bản)", max_length=300, blank=True)
    starts_on = models.DateField("bắt đầu", null=True, blank=True)
    due_date = models.DateField("hạn hoàn thành", null=True, blank=True)
    recurrence = models.CharField(
        "chu kỳ", max_length=12, choices=Recurrence.choices, default=Recurrence.ONCE, blank=True
    )
    supporting_text = Prose("cơ quan phối hợp (như văn bản)", blank=True)
    expected_output = Prose("sản phẩm, kết quả", blank=True)
    note = Prose("ghi chú", blank=True)
    status = models.CharField("tình trạng", max_length=12, choices=Status.choices, default=Status.NOT_STARTED)
    percent = models.PositiveSmallIntegerField("tỷ lệ hoàn thành (%)", default=0)
    completed_on = models.DateField("ngày hoàn thành", null=True, blank=True)
    sort_order = models.PositiveIntegerField("thứ tự", default=0)
    import_key = models.CharField("khóa nhập", max_length=300, editable=False)
    folded = Folded("number", "title", "expected_output", "timing_text")

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        ordering = ["plan_id", "sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "import_key"], name="task_once_per_plan"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="task_percent_up_to_100"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(due_date__isnull=True) | Q(due_date__gte=F("starts_on")),
                name="task_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status="done", percent=100, completed_on__isnull=False)
                | (~Q(status="done") & Q(completed_on__isnull=True)),
                name="task_done_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["council", "plan", "sort_order"], name="task_by_council"),
            models.Index(fields=["due_date"], name="task_by_due_date"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}".strip()

    def get_absolute_url(self) -> str:
        """The task's page."""
        return reverse("task-detail", kwargs={"pk": self.pk})

    @property
    def permission_scope(self):
        return self.council

    def agencies_concerned(self) -> frozenset[int]:
        """Those that carry it or carried it, once the plan is signed: its people see the task."""
        if self.plan.state not in Plan.PUBLISHED:
            return frozenset()
        return frozenset(row.agency_id for row in self.assignments.all())

    @property
    def place(self) -> str:
        """Where the task stands in its plan: 'II.2.' for task '2.' of section 'II.' (select the section)."""
        return full_number(self.section.path if self.section else "", self.number)


class AssignmentQuerySet(models.QuerySet):
    def current(self):
        """Assignments that have not ended."""
        return self.filter(date_to__isnull=True)


@tracked
class Assignment(models.Model):
    """An agency's part in a task. The lead is a row like the others, so one indexed condition answers 'whose task'."""

    class Role(models.TextChoices):
        LEAD = "lead", "Chủ trì"
        SUPPORTING = "supporting", "Phối hợp"

    task = models.ForeignKey(Task, verbose_name="nhiệm vụ", on_delete=models.CASCADE, related_name="assignments")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="assignments")
    role = models.CharField("vai trò", max_length=10, choices=Role.choices)
    date_from = models.DateField("từ ngày")
    date_to = models.DateField("đến trước ngày", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ["role", "agency__protocol_order", "pk"]  # "lead" sorts before "supporting"
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(role="lead", date_to__isnull=True), name="task_one_lead_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["task", "agency"], condition=Q(date_to__isnull=True), name="task_agency_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(date_to__isnull=True) | Q(date_to__gte=F("date_from")), name="assignment_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["agency", "task"], name="assignment_by_agency")]

    def __str__(self):
        return f"{self.agency} · {self.get_role_display()}"

    @property
    def last_day(self) -> date | None:
        """The last day of the part, as people write an end ('đến ngày'); None while it lasts. ``date_to`` is the day
        after; a part that ended on the day it began lasted that day."""
        return self.date_to and max(self.date_from, self.date_to - timedelta(days=1))
