"""The receipt (biên nhận) that handing in gives: who, when, for whom, and what exactly was handed in."""

import pgtrigger
from django.db import models
from django.db.models import Q

from agencies.fields import Line
from agencies.models import Council, User
from agencies.permissions import Perm, grants_of
from reports.models.progress import ProgressReport


class ReceiptQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Receipts of one's agencies; every receipt of a council seen as a whole."""
        grants = grants_of(user)
        return self.filter(
            Q(report__agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
        )


@pgtrigger.register(
    pgtrigger.Protect(name="receipt_is_insert_only", operation=pgtrigger.Update | pgtrigger.Delete),
)
class Receipt(models.Model):
    """A numbered receipt: the content as it was handed in, and its digest. Insert only, by trigger."""

    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="receipts")
    year = models.PositiveSmallIntegerField("năm")
    serial = models.PositiveIntegerField("số trong năm")
    report = models.ForeignKey(
        ProgressReport, verbose_name="báo cáo", on_delete=models.RESTRICT, related_name="receipts"
    )
    # Names as they were: an agency may be renamed, a person leave.
    agency_name = Line("cơ quan nộp", max_length=200)
    period_label = Line("kỳ", max_length=60)
    handed_in_at = models.DateTimeField("nộp lúc")
    handed_in_by = models.ForeignKey(User, verbose_name="người nộp", on_delete=models.RESTRICT, null=True)
    handed_in_by_name = Line("tên người nộp", max_length=120)
    content = models.TextField("nội dung đã nộp")
    digest = models.CharField("mã kiểm tra SHA-256", max_length=64)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "biên nhận"
        verbose_name_plural = "biên nhận"
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(fields=["council", "year", "serial"], name="receipt_number_once"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="receipt_digest_is_sha256"),
        ]

    def __str__(self):
        return f"Biên nhận số {self.number}"

    @property
    def permission_scope(self):
        return self.report.agency

    @property
    def number(self) -> str:
        """'BN-007/2024': numbered within the council and the year of handing in."""
        return f"BN-{self.serial:03d}/{self.year}"

    @property
    def digest_in_groups(self) -> str:
        """The digest in groups of eight, to be read out or compared by eye."""
        return " ".join(self.digest[at : at + 8] for at in range(0, 64, 8))
