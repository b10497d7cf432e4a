"""The secretariat's own Word templates of the council's report, version by version."""

import pghistory
from django.db import models
from django.db.models import Q

from agencies.fields import Line
from agencies.models import Council, User
from agencies.permissions import Perm, grants_of


class WordTemplateQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Templates of the councils whose reports the person writes."""
        return self.filter(council__in=grants_of(user).councils(Perm.CONSOLIDATE))


# The bytes never change once stored; only which version is in use does.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["content"])
class WordTemplate(models.Model):
    """One uploaded template, checked when it came in. At most one of a council is in use; none: the built-in one."""

    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="word_templates"
    )
    version = models.PositiveSmallIntegerField("phiên bản")
    name = Line("tên tệp", max_length=255)
    content = models.BinaryField("nội dung")
    digest = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("dung lượng (byte)")
    warnings = models.JSONField("điểm cần xem lại", default=list, blank=True)
    is_active = models.BooleanField("đang dùng", default=False)
    uploaded_at = models.DateTimeField("tải lên lúc")
    uploaded_by = models.ForeignKey(User, verbose_name="người tải lên", on_delete=models.RESTRICT, related_name="+")

    objects = WordTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "mẫu văn bản"
        verbose_name_plural = "mẫu văn bản"
        ordering = ["council_id", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["council", "version"], name="word_template_version_once"),
            models.UniqueConstraint(fields=["council"], condition=Q(is_active=True), name="word_template_one_active"),
        ]

    def __str__(self):
        return f"Mẫu phiên bản {self.version} ({self.name})"

    @property
    def permission_scope(self):
        return self.council
