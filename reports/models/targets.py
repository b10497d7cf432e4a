"""The targets that a council is held to as a whole: those of QĐ 315/QĐ-TTg, and a council's own figures for them."""

from django.db import models
from django.db.models import F, Q

from agencies.fields import Line, Prose
from agencies.models import Council, tracked
from campaigns.models import Target


class CouncilTargetQuerySet(models.QuerySet):
    def of(self, council_id: int):
        """The targets as the decision sets them, and what the council has set beside or instead of them."""
        return self.filter(Q(council=council_id) | Q(council__isnull=True))


@tracked
class CouncilTarget(models.Model):
    """A rate to reach (domain.md §3.2). Without a council it is the decision's own, which every council starts from;
    a council's row of the same code takes its place.

    ``rate`` is an id of reports/rates.py; '' when the portal has nothing to compute it from, and ``note`` says why.
    """

    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.RESTRICT, null=True, blank=True, related_name="targets"
    )
    code = models.SlugField("mã", max_length=12)
    name = Line("chỉ tiêu", max_length=200)
    source = Line("văn bản", max_length=200)
    rate = models.CharField("cách tính", max_length=40, blank=True)
    unit = Line("đơn vị tính", max_length=30, default="%")
    direction = models.CharField(
        "so sánh", max_length=3, choices=Target.Direction.choices, default=Target.Direction.AT_LEAST
    )
    value = models.DecimalField("phải đạt", max_digits=16, decimal_places=3)
    valid_from = models.DateField("áp dụng từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    note = Prose("ghi chú", blank=True)

    objects = CouncilTargetQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu của hội đồng"
        verbose_name_plural = "chỉ tiêu của hội đồng"
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["council", "code"], nulls_distinct=False, name="council_target_once"),
            models.CheckConstraint(condition=Q(value__gt=0), name="council_target_above_zero"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="council_target_dates_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.code} · {self.name}"

    @property
    def permission_scope(self):
        return self.council
