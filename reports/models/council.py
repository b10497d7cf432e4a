"""The council's own report of a period: drafted, then issued and frozen."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from agencies.fields import Line, Prose
from agencies.models import User, tracked
from agencies.permissions import Perm, grants_of
from reports.models.periods import Period


class CouncilReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of the councils whose summary the person may see."""
        return self.filter(period__council__in=grants_of(user).councils(Perm.VIEW_COUNCIL_WORK))


@pgtrigger.register(
    pgtrigger.Protect(
        name="issued_report_stands",
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__state="issued"),
    )
)
@tracked
class CouncilReport(models.Model):
    """The council's own report of a period: narrative by heading, then issued, numbered by the clerk and frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        ISSUED = "issued", "Đã phát hành"

    class Signing(models.TextChoices):
        """The seal rule, QĐ 21/2021/QĐ-TTg Điều 7.2: the chair uses the seal of UBND, others that of their agency.

        The last two are reports that the standing agency issues in its own name, with its own number.
        """

        CHAIR = "chair", "Chủ tịch Hội đồng ký (dấu của Ủy ban nhân dân)"
        STANDING_VICE_CHAIR = "vice", "Phó Chủ tịch Thường trực ký (dấu của Sở Tư pháp)"
        DIRECTOR = "director", "Sở Tư pháp ban hành, Giám đốc ký"
        DEPUTY_DIRECTOR = "deputy", "Sở Tư pháp ban hành, Phó Giám đốc ký thay (KT.)"

    period = models.ForeignKey(Period, verbose_name="kỳ", on_delete=models.RESTRICT, related_name="council_reports")
    edition = models.PositiveSmallIntegerField("bản", default=1)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.DRAFT)
    narrative = models.JSONField("lời văn theo đề mục", default=dict, blank=True)
    addressee = Line("kính gửi", max_length=300, blank=True)
    recipients = ArrayField(Line(max_length=200), verbose_name="nơi nhận", default=list, blank=True)
    signing = models.CharField("người ký", max_length=10, choices=Signing.choices, default=Signing.STANDING_VICE_CHAIR)
    signer_name = Line("họ tên người ký", max_length=120, blank=True)
    number = Line("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    issued_at = models.DateTimeField("phát hành lúc", null=True, blank=True)
    issued_by = models.ForeignKey(
        User, verbose_name="người phát hành", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    frozen = models.JSONField("số liệu phát hành", null=True, blank=True)
    version = models.PositiveIntegerField("phiên bản", default=1)
    adjustment_reason = Prose("lý do điều chỉnh", blank=True)

    objects = CouncilReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo của Hội đồng"
        verbose_name_plural = "báo cáo của Hội đồng"
        ordering = ["-period__starts_on", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["period", "edition"], name="council_report_edition_once"),
            models.UniqueConstraint(
                fields=["period"], condition=Q(state="draft"), name="council_report_one_draft_per_period"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", issued_at__isnull=True, frozen__isnull=True)
                | (
                    Q(state="issued", issued_at__isnull=False, issued_on__isnull=False, frozen__isnull=False)
                    & ~Q(number="")
                ),
                name="council_report_issued_is_numbered_and_frozen",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(edition=1) | ~Q(adjustment_reason=""),
                name="council_report_adjusted_edition_says_why",
            ),
        ]

    def __str__(self):
        return f"Báo cáo {self.period} của {self.period.council} (bản {self.edition})"

    @property
    def permission_scope(self):
        return self.period.council

    @classmethod
    def same_register(cls, signing: str) -> list[str]:
        """The kinds of signing whose documents are numbered in one row: the council's own, or the standing agency's."""
        own = [cls.Signing.DIRECTOR.value, cls.Signing.DEPUTY_DIRECTOR.value]
        return own if signing in own else [kind for kind in cls.Signing.values if kind not in own]


class CouncilReportVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Versions of the reports of the councils whose report the person writes."""
        return self.filter(report__period__council__in=grants_of(user).councils(Perm.CONSOLIDATE))


@pgtrigger.register(
    pgtrigger.Protect(name="saved_version_stands", operation=pgtrigger.Update | pgtrigger.Delete),
)
class CouncilReportVersion(models.Model):
    """One save of the council's report as it read then: every heading's text, the figures beside it. Never changed.

    The texts are kept in full, for headings that nobody edits follow the data and could not be read again later.
    """

    report = models.ForeignKey(
        CouncilReport, verbose_name="báo cáo", on_delete=models.RESTRICT, related_name="versions"
    )
    version = models.PositiveIntegerField("phiên bản")
    saved_at = models.DateTimeField("lưu lúc")
    saved_by = models.ForeignKey(
        User, verbose_name="người lưu", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    what = Line("việc đã làm", max_length=200)
    texts = models.JSONField("lời văn")  # key of OUTLINE → text
    own = ArrayField(models.CharField(max_length=40), verbose_name="mục do Thư ký sửa", default=list, blank=True)
    figures = models.JSONField("số liệu")  # code of the indicator → digits, null when nobody reported it

    objects = CouncilReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên bản báo cáo của Hội đồng"
        verbose_name_plural = "phiên bản báo cáo của Hội đồng"
        ordering = ["-report__edition", "-version"]
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="council_report_version_once")]

    def __str__(self):
        return f"{self.report}, lần lưu {self.version}"

    @property
    def permission_scope(self):
        return self.report.permission_scope
