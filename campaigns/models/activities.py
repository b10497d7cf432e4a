"""What is counted and what is done: indicators, targets, activities and their evidence."""

import secrets

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agencies.fields import Folded, Line, Prose
from agencies.models import Agency, Council, User, tracked, tracked_without
from agencies.permissions import Perm, grants_of
from agencies.vietnamese import show_number
from campaigns.models.activity_sums import SUMS_OF_ACTIVITIES, SUMS_OF_FIGURES
from campaigns.models.plans import Plan, Task


@tracked
class Indicator(models.Model):
    """A countable thing of domain.md §2.5. A flow is added over periods; a stock is taken at the end of one."""

    class Nature(models.TextChoices):
        FLOW = "flow", "Số phát sinh"
        STOCK = "stock", "Số thời điểm"

    class Reporter(models.TextChoices):
        EVERY = "every", "Mọi cơ quan"
        STANDING = "standing", "Cơ quan thường trực"

    code = models.CharField("mã", max_length=12, unique=True)
    name = Line("chỉ tiêu", max_length=200)
    unit = Line("đơn vị tính", max_length=30)
    nature = models.CharField("tính chất", max_length=5, choices=Nature.choices)
    decimals = models.PositiveSmallIntegerField("số chữ số thập phân", default=0)
    parent = models.ForeignKey(
        "self", verbose_name="trong đó của", on_delete=models.RESTRICT, null=True, blank=True, related_name="parts"
    )
    group = Line("nhóm", max_length=80)
    from_activities = models.BooleanField("tính từ hoạt động", default=False)
    reported_by = models.CharField("ai báo cáo", max_length=10, choices=Reporter.choices, default=Reporter.EVERY)
    form_column = Line("cột biểu mẫu", max_length=60, blank=True)
    sort_order = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["sort_order"]
        constraints = [models.CheckConstraint(condition=Q(decimals__lte=3), name="indicator_decimals_up_to_3")]

    def __str__(self):
        return f"{self.code} · {self.name}"

    @property
    def full_name(self) -> str:
        """The name where it stands alone: 'Số lượt người tham dự, trong đó: nữ' (select the parent)."""
        if self.parent is None:
            return self.name
        own = self.name[0].lower() + self.name[1:]
        return f"{self.parent.name}{', ' if own.startswith('trong đó') else ': '}{own}"


@tracked
class Target(models.Model):
    """A number to reach on an indicator, by a plan or by one task of it, in one reporting year or over the plan."""

    class Direction(models.TextChoices):
        AT_LEAST = "gte", "≥"
        MORE_THAN = "gt", ">"

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="targets")
    task = models.ForeignKey(
        Task, verbose_name="nhiệm vụ", on_delete=models.CASCADE, null=True, blank=True, related_name="targets"
    )
    indicator = models.ForeignKey(Indicator, verbose_name="chỉ tiêu", on_delete=models.RESTRICT)
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    direction = models.CharField("so sánh", max_length=3, choices=Direction.choices, default=Direction.AT_LEAST)
    value = models.DecimalField("giá trị", max_digits=16, decimal_places=3)

    class Meta:
        verbose_name = "mục tiêu"
        verbose_name_plural = "mục tiêu"
        ordering = ["plan_id", "indicator__sort_order"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "task", "indicator", "year"], nulls_distinct=False, name="target_once"
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="target_not_negative"),
        ]

    def __str__(self):
        return f"{self.indicator.code} {self.get_direction_display()} {show_number(self.value)}"

    @property
    def permission_scope(self):
        return self.plan.council


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Activities of one's agencies; every activity of a council seen as a whole."""
        grants = grants_of(user)
        return self.filter(
            Q(agency__in=grants.agencies(Perm.VIEW_WORK)) | Q(council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
        )

    def standing(self):
        """Activities that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def counted(self):
        """Activities whose figures count: not withdrawn, and not counted already with another agency's (rule V26)."""
        return self.standing().filter(same_as__isnull=True)


@pgtrigger.register(
    pgtrigger.Trigger(
        name="same_event_is_one_step",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__same_as__isnull=False),
        func="""
            IF EXISTS (SELECT 1 FROM campaigns_activity WHERE same_as_id = NEW.id)
               OR EXISTS (SELECT 1 FROM campaigns_activity WHERE id = NEW.same_as_id
                          AND (same_as_id IS NOT NULL OR withdrawn_at IS NOT NULL OR held_on <> NEW.held_on)) THEN
                RAISE EXCEPTION 'activity % must be counted with one that counts itself, of the same day', NEW.id
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="activity_council",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("agency_id", "council_id"),
        when=pgtrigger.Before,
        func="NEW.council_id := (SELECT council_id FROM agencies_agency WHERE id = NEW.agency_id); RETURN NEW;",
    ),
    *SUMS_OF_ACTIVITIES,
)
@tracked_without("council")
class Activity(models.Model):
    """Something that was done on a day: a talk, a class, a contest, articles, broadcasts. It carries the counts.

    ``same_as`` is the other agency's record of the same event, with which this one is counted (rule V26).
    """

    class Form(models.TextChoices):
        """Forms of legal education, Luật PBGDPL Điều 11."""

        PRESS = "press", "Họp báo, thông cáo báo chí"
        DIRECT = "direct", "Phổ biến trực tiếp, tư vấn, cung cấp tài liệu"
        MEDIA = "media", "Phương tiện thông tin đại chúng, loa truyền thanh, internet, pa-nô"
        CONTEST = "contest", "Thi tìm hiểu pháp luật"
        PROCEEDINGS = "proceedings", "Qua xét xử, tiếp công dân, trợ giúp pháp lý, hòa giải"
        CULTURE = "culture", "Lồng ghép văn hóa, sinh hoạt, câu lạc bộ, tủ sách"
        SCHOOL = "school", "Chương trình giáo dục pháp luật trong nhà trường"
        OTHER = "other", "Hình thức khác"

    class TargetGroup(models.TextChoices):
        """Groups for whom the law asks something of their own, Luật PBGDPL Điều 17–22. None: the general public."""

        REMOTE = "remote", "Người dân vùng dân tộc thiểu số, miền núi, biên giới, ven biển, hải đảo, ngư dân (Điều 17)"
        WORKERS = "workers", "Người lao động trong các doanh nghiệp (Điều 18)"
        VICTIMS = "victims", "Nạn nhân bạo lực gia đình (Điều 19)"
        DISABLED = "disabled", "Người khuyết tật (Điều 20)"
        DETAINED = (
            "detained",
            "Người chấp hành án phạt tù; ở cơ sở giáo dục bắt buộc, trường giáo dưỡng, cai nghiện (Điều 21)",
        )
        PROBATION = "probation", "Người bị giáo dục tại xã, phường, thị trấn; người được hưởng án treo (Điều 22)"

    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="activities")
    # The agency's own, written by the database: a council's newest activities are found without asking every agency.
    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="+", editable=False, db_index=False
    )
    title = Line("tên hoạt động", max_length=300)
    held_on = models.DateField("ngày")
    form = models.CharField("hình thức", max_length=12, choices=Form.choices, default=Form.DIRECT)
    place = Line("địa điểm", max_length=200, blank=True)
    content = Prose("nội dung", blank=True)
    target_groups = ArrayField(
        models.CharField(max_length=12, choices=TargetGroup.choices),
        verbose_name="đối tượng đặc thù",
        default=list,
        blank=True,
    )
    topics = ArrayField(Line(max_length=80), verbose_name="lĩnh vực pháp luật", default=list, blank=True)
    tasks = models.ManyToManyField(Task, verbose_name="phục vụ nhiệm vụ", blank=True, related_name="activities")
    recorded_by = models.ForeignKey(User, verbose_name="người ghi", on_delete=models.RESTRICT)
    recorded_at = models.DateTimeField("ghi lúc")
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawn_reason = Prose("lý do rút", blank=True)
    same_as = models.ForeignKey(
        "self",
        verbose_name="đã tính ở hoạt động",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="counted_with",
    )
    same_as_at = models.DateTimeField("nhận ra cùng sự kiện lúc", null=True, blank=True)
    # A double click sends the same key twice; the second finds the first.
    form_key = models.UUIDField("khóa biểu nhập", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    folded = Folded("title", "place", "content", "topics")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "form_key"], name="activity_once_per_form"),
            models.CheckConstraint(
                condition=Q(same_as__isnull=True, same_as_at__isnull=True)
                | (Q(same_as_at__isnull=False, withdrawn_at__isnull=True) & ~Q(same_as=F("pk"))),
                name="activity_same_as_another_and_standing",
            ),
            models.CheckConstraint(
                condition=Q(
                    target_groups__contained_by=[
                        *("remote", "workers", "victims", "disabled", "detained", "probation"),
                    ]
                ),
                name="activity_target_groups_of_the_law",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "held_on"], name="activity_by_agency_and_day"),
            models.Index(
                fields=["agency", "held_on", "id"],
                condition=Q(withdrawn_at__isnull=True, same_as__isnull=True),
                name="activity_that_counts",
            ),
            # A page of a council's list: the newest thirty in the order of the index, nothing sorted.
            models.Index(F("council"), F("held_on").desc(), F("id").desc(), name="activity_newest_of_council"),
        ]

    def __str__(self):
        return f"{self.held_on:%d/%m/%Y} {self.title}"

    @property
    def permission_scope(self):
        return self.agency

    @property
    def target_group_names(self) -> list[str]:
        """The target groups in words, in the order of the law's articles."""
        return [str(group.label) for group in self.TargetGroup if group.value in self.target_groups]


@tracked
class DifferentEvents(models.Model):
    """Somebody said that two records alike are two events; they are never taken for one again (rule V26)."""

    first = models.ForeignKey(
        Activity, verbose_name="hoạt động", on_delete=models.CASCADE, related_name="different_from"
    )
    second = models.ForeignKey(Activity, verbose_name="hoạt động kia", on_delete=models.CASCADE, related_name="+")
    reason = Prose("lý do")
    said_by = models.ForeignKey(User, verbose_name="người xác nhận", on_delete=models.RESTRICT, related_name="+")
    said_at = models.DateTimeField("xác nhận lúc")

    class Meta:
        verbose_name = "hai sự kiện khác nhau"
        verbose_name_plural = "hai sự kiện khác nhau"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="different_events_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="different_events_in_order"),
        ]

    def __str__(self):
        return f"{self.first_id} ≠ {self.second_id}"


@pgtrigger.register(*SUMS_OF_FIGURES)
@tracked
class ActivityFigure(models.Model):
    """A count that an activity carries, in the indicator's unit."""

    activity = models.ForeignKey(Activity, verbose_name="hoạt động", on_delete=models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, verbose_name="chỉ tiêu", on_delete=models.RESTRICT)
    value = models.DecimalField("số liệu", max_digits=16, decimal_places=3)

    class Meta:
        verbose_name = "số liệu hoạt động"
        verbose_name_plural = "số liệu hoạt động"
        ordering = ["indicator__sort_order"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "indicator"], name="activity_figure_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="activity_figure_not_negative"),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.value}"


@tracked
class ActivitySite(models.Model):
    """A place that took part (điểm cầu), in person or on line."""

    activity = models.ForeignKey(Activity, verbose_name="hoạt động", on_delete=models.CASCADE, related_name="sites")
    name = Line("điểm cầu", max_length=200)
    online = models.BooleanField("trực tuyến", default=False)
    attendance = models.PositiveIntegerField("số người dự", null=True, blank=True)

    class Meta:
        verbose_name = "điểm cầu"
        verbose_name_plural = "điểm cầu"
        ordering = ["pk"]

    def __str__(self):
        return self.name


EVIDENCE_FOLDER = "minh-chung"


def evidence_path(instance, filename: str) -> str:
    """Where a file lies: a new random name, which nobody can work out from what it is called or what is in it."""
    name = secrets.token_hex(16)
    return f"{EVIDENCE_FOLDER}/{name[:2]}/{name}"


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of one's agencies and the signed text of one's plans; every file of a council seen as a whole."""
        grants = grants_of(user)
        return self.filter(
            Q(agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(agency__council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
            | Q(plan__in=Plan.objects.visible_to(user))
        )

    def standing(self):
        """Files that nobody took off."""
        return self.filter(removed_at__isnull=True)


@tracked
class Evidence(models.Model):
    """A file that shows that something was done, or the signed text of a plan.

    A file taken off (``removed_at``) leaves the lists and nothing else: it stays on disk, can be put back, and a
    report that names it keeps it.
    """

    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="evidence")
    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.RESTRICT, null=True, blank=True, related_name="files"
    )
    task = models.ForeignKey(
        Task, verbose_name="nhiệm vụ", on_delete=models.RESTRICT, null=True, blank=True, related_name="evidence"
    )
    activity = models.ForeignKey(
        Activity, verbose_name="hoạt động", on_delete=models.RESTRICT, null=True, blank=True, related_name="evidence"
    )
    file = models.FileField("tệp", upload_to=evidence_path, max_length=200)
    original_name = Line("tên tệp", max_length=255)
    media_type = models.CharField("loại tệp", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng (byte)")
    sha256 = models.CharField("mã băm", max_length=64)
    uploaded_by = models.ForeignKey(User, verbose_name="người tải lên", on_delete=models.RESTRICT)
    uploaded_at = models.DateTimeField("tải lên lúc")
    removed_by = models.ForeignKey(
        User, verbose_name="người gỡ", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False) | Q(removed_by__isnull=True), name="evidence_removed_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["agency", "sha256", "task", "activity", "plan"], nulls_distinct=False, name="evidence_once"
            ),
        ]

    def __str__(self):
        return self.original_name

    @property
    def permission_scope(self):
        return self.agency
