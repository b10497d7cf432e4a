"""What is counted and what is done: indicators, targets, activities and their evidence."""

from django.db import models
from django.db.models import Q

from agencies.fields import Folded, Line, Prose
from agencies.models import Agency, User, tracked
from agencies.permissions import Perm, grants_of
from agencies.vietnamese import show_number
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
            Q(agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(agency__council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
        )

    def counted(self):
        """Activities that count: those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


@tracked
class Activity(models.Model):
    """Something that was done on a day: a talk, a class, a contest, articles, broadcasts. It carries the counts."""

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

    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="activities")
    title = Line("tên hoạt động", max_length=300)
    held_on = models.DateField("ngày")
    form = models.CharField("hình thức", max_length=12, choices=Form.choices, default=Form.DIRECT)
    place = Line("địa điểm", max_length=200, blank=True)
    content = Prose("nội dung", blank=True)
    tasks = models.ManyToManyField(Task, verbose_name="phục vụ nhiệm vụ", blank=True, related_name="activities")
    recorded_by = models.ForeignKey(User, verbose_name="người ghi", on_delete=models.RESTRICT)
    recorded_at = models.DateTimeField("ghi lúc")
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawn_reason = Prose("lý do rút", blank=True)
    # A double click sends the same key twice; the second finds the first.
    form_key = models.UUIDField("khóa biểu nhập", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    folded = Folded("title", "place", "content")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        ordering = ["-held_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["agency", "form_key"], name="activity_once_per_form")]
        indexes = [models.Index(fields=["agency", "held_on"], name="activity_by_agency_and_day")]

    def __str__(self):
        return f"{self.held_on:%d/%m/%Y} {self.title}"

    @property
    def permission_scope(self):
        return self.agency


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


def evidence_path(instance, filename: str) -> str:
    """Where a file lies on disk: by its digest, never by the name somebody gave it."""
    return f"minh-chung/{instance.sha256[:2]}/{instance.sha256}"


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of one's agencies and the signed text of one's plans; every file of a council seen as a whole."""
        grants = grants_of(user)
        return self.filter(
            Q(agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(agency__council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
            | Q(plan__in=Plan.objects.visible_to(user))
        )


@tracked
class Evidence(models.Model):
    """A file that shows that something was done, or the signed text of a plan."""

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

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="evidence_not_empty"),
            models.UniqueConstraint(
                fields=["agency", "sha256", "task", "activity", "plan"], nulls_distinct=False, name="evidence_once"
            ),
        ]

    def __str__(self):
        return self.original_name

    @property
    def permission_scope(self):
        return self.agency
