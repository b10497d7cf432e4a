"""What each import did, so that it can be taken back until its rows are used."""

from django.db import models

from agencies.fields import Line
from agencies.models import Council, User, tracked
from agencies.permissions import Perm, grants_of
from campaigns.models.plans import Plan


class PlanImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports into the plans of a council that one sees as a whole."""
        return self.filter(council__in=grants_of(user).councils(Perm.VIEW_COUNCIL_WORK))


@tracked
class PlanImport(models.Model):
    """One confirmed import of an annex.

    ``rows`` is ``{"plan" | "party" | "section" | "task" | "assignment": {key of the row: [before, after]}}``, values by
    field name; before is None for a row that the import made. The plan is None once the import that made it is undone.
    """

    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="imports")
    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.SET_NULL, null=True, blank=True, related_name="imports"
    )
    by = models.ForeignKey(User, verbose_name="người nhập", on_delete=models.RESTRICT, null=True, related_name="+")
    at = models.DateTimeField("nhập lúc")
    file_name = Line("tên tệp", max_length=255)
    digest = models.CharField("mã băm tệp", max_length=64)
    rows = models.JSONField("đã ghi", default=dict)
    # As JSON, so that the same file chosen again is read the same way.
    corrections = models.JSONField("chỉnh sửa khi xem trước", default=dict, blank=True)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        User, verbose_name="người hoàn tác", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập phụ lục"
        verbose_name_plural = "các lần nhập phụ lục"
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.file_name} ({self.at:%d/%m/%Y})"

    @property
    def permission_scope(self):
        return self.council
