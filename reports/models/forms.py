"""Statistical forms that a council added itself, and the estimates typed for its preliminary ones."""

from django.db import models
from django.db.models import F, Q

from agencies.fields import Line, Prose
from agencies.models import Council, User, tracked
from agencies.permissions import Perm, grants_of
from reports.forms_catalogue.definition import Form


class FormVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Versions of the councils whose work the person sees as a whole."""
        return self.filter(council__in=grants_of(user).councils(Perm.VIEW_COUNCIL_WORK))


@tracked
class FormVersion(models.Model):
    """A version of a statistical form that the secretariat uploaded: looked at, confirmed, one day retired."""

    class State(models.TextChoices):
        DRAFT = "draft", "Chờ xác nhận"
        ACTIVE = "active", "Đang áp dụng"
        RETIRED = "retired", "Đã thôi dùng"

    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="forms")
    code = models.SlugField("mã", max_length=40)
    form_code = Line("ký hiệu biểu", max_length=300)
    title = Line("tên biểu", max_length=300)
    effective_from = models.DateField("áp dụng từ ngày")
    effective_to = models.DateField("áp dụng đến hết ngày", null=True, blank=True)
    definition = models.JSONField("định nghĩa")
    file_name = Line("tệp", max_length=255)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT)
    uploaded_at = models.DateTimeField("tải lên lúc")
    uploaded_by = models.ForeignKey(
        User, verbose_name="người tải lên", on_delete=models.RESTRICT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, verbose_name="người xác nhận", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField("thôi dùng lúc", null=True, blank=True)
    retired_by = models.ForeignKey(
        User, verbose_name="người cho thôi dùng", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    retire_reason = Prose("lý do thôi dùng", blank=True)

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "bản biểu thống kê"
        verbose_name_plural = "bản biểu thống kê"
        ordering = ["code", "effective_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "code", "effective_from"],
                condition=Q(state="active"),
                name="form_version_one_active_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="form_version_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(confirmed_at__isnull=False), name="form_version_active_is_confirmed"
            ),
            models.CheckConstraint(
                condition=~Q(state="retired") | (Q(retired_at__isnull=False) & ~Q(retire_reason="")),
                name="form_version_retired_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.form_code} (từ {self.effective_from:%d/%m/%Y})"

    @property
    def permission_scope(self):
        return self.council

    @property
    def form(self) -> Form:
        """The definition as a plain value."""
        return Form.from_json(self.definition)


class FormEstimateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Estimates of the councils whose work the person sees as a whole."""
        return self.filter(council__in=grants_of(user).councils(Perm.VIEW_COUNCIL_WORK))


@tracked
class FormEstimate(models.Model):
    """The estimated remainder of one preliminary form, column by column, as the secretariat typed it."""

    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="form_estimates"
    )
    form = models.SlugField("mã biểu", max_length=40)
    period = models.CharField("kỳ thống kê", max_length=10)
    actual_until = models.DateField("thực tế đến hết ngày")
    values = models.JSONField("ước tính theo cột", default=dict, blank=True)  # column code → decimal as text
    edited_at = models.DateTimeField("cập nhật lúc")
    edited_by = models.ForeignKey(
        User, verbose_name="người cập nhật", on_delete=models.RESTRICT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField("phiên bản", default=1)

    objects = FormEstimateQuerySet.as_manager()

    class Meta:
        verbose_name = "ước tính của biểu"
        verbose_name_plural = "ước tính của biểu"
        ordering = ["form", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "form", "period", "actual_until"], name="form_estimate_once_per_form_and_period"
            )
        ]

    def __str__(self):
        return f"Ước tính biểu {self.form} kỳ {self.period}"

    @property
    def permission_scope(self):
        return self.council
