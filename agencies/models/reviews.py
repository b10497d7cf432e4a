"""The yearly look at who may do what: each role confirmed or ended by the person responsible, on the record."""

import pgtrigger
from django.db import models

from agencies.fields import Line, Prose
from agencies.models.who import Membership, User


@pgtrigger.register(
    pgtrigger.Protect(name="role_review_is_insert_only", operation=pgtrigger.Update | pgtrigger.Delete),
)
class RoleReview(models.Model):
    """Somebody responsible looked at one role of one person: still needed, or ended. Insert only, by trigger.

    The register of accounts is reviewed at least once a year (domain.md §7.2); the last review of a role counts.
    """

    class Outcome(models.TextChoices):
        KEPT = "kept", "Xác nhận còn dùng"
        ENDED = "ended", "Kết thúc"

    member = models.ForeignKey(Membership, verbose_name="vai trò", on_delete=models.RESTRICT, related_name="reviews")
    outcome = models.CharField("kết quả", max_length=5, choices=Outcome.choices)
    at = models.DateTimeField("lúc")
    by = models.ForeignKey(User, verbose_name="người rà soát", on_delete=models.RESTRICT, related_name="+")
    # The name as it was: the reviewer may leave, too.
    by_name = Line("tên người rà soát", max_length=120)
    reason = Prose("lý do", blank=True)

    class Meta:
        verbose_name = "lần rà soát vai trò"
        verbose_name_plural = "các lần rà soát vai trò"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["member", "-at"], name="role_review_latest")]

    def __str__(self):
        return f"{self.get_outcome_display()}: {self.member}"

    @property
    def permission_scope(self):
        return self.member.scope
