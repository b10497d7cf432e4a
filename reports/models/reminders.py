"""Who was reminded of what, when and by whom (đôn đốc): by the secretariat, or by the timetable."""

import pgtrigger
from django.db import models
from django.db.models import Q

from agencies.fields import Line, Prose
from agencies.models import Agency, User
from agencies.permissions import Perm, grants_of
from reports.models.periods import Period


class ReminderQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reminders of one's agencies; every reminder of a council seen as a whole."""
        grants = grants_of(user)
        return self.filter(
            Q(agency__in=grants.agencies(Perm.VIEW_WORK))
            | Q(period__council__in=grants.councils(Perm.VIEW_COUNCIL_WORK))
        )


@pgtrigger.register(
    pgtrigger.Protect(name="reminder_is_insert_only", operation=pgtrigger.Update | pgtrigger.Delete),
)
class Reminder(models.Model):
    """One agency reminded once, about one period. Insert only, by trigger.

    ``step`` names the day of the timetable (reports/timetable.py); a reminder by hand has none. ``token`` comes from
    the form that sent it, so that the same form never sends twice.
    """

    class Step(models.TextChoices):
        SEVEN_BEFORE = "T-7", "Trước hạn 7 ngày"
        THREE_BEFORE = "T-3", "Trước hạn 3 ngày"
        ONE_BEFORE = "T-1", "Trước hạn 1 ngày"
        ONE_AFTER = "T+1", "Quá hạn 1 ngày"

    period = models.ForeignKey(Period, verbose_name="kỳ", on_delete=models.RESTRICT, related_name="reminders")
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, related_name="reminders")
    at = models.DateTimeField("lúc")
    # The day in Việt Nam, beside the instant: "already reminded today" is asked of it.
    on = models.DateField("ngày")
    by = models.ForeignKey(
        User, verbose_name="người đôn đốc", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    by_name = Line("tên người đôn đốc", max_length=120)
    step = models.CharField("mốc tự động", max_length=3, choices=Step.choices, blank=True)
    text = Prose("nội dung")
    told = models.PositiveSmallIntegerField("số người nhận")
    token = models.CharField("khóa của biểu mẫu", max_length=36, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "lần đôn đốc"
        verbose_name_plural = "các lần đôn đốc"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "agency", "step"], condition=~Q(step=""), name="reminder_step_once"
            ),
            models.UniqueConstraint(
                fields=["token", "period", "agency"], condition=~Q(token=""), name="reminder_form_sends_once"
            ),
            models.CheckConstraint(condition=Q(step="") | Q(by__isnull=True), name="reminder_by_timetable_is_nobodys"),
            models.CheckConstraint(condition=Q(step__in=["", "T-7", "T-3", "T-1", "T+1"]), name="reminder_step_known"),
        ]
        indexes = [models.Index(fields=["period", "agency", "-at"], name="reminder_by_report")]

    def __str__(self):
        return f"Đôn đốc {self.agency}: {self.period}"

    @property
    def permission_scope(self):
        return self.agency

    @property
    def is_automatic(self) -> bool:
        return bool(self.step)

    @property
    def who(self) -> str:
        """'Nguyễn Văn A' or 'tự động, T-3'."""
        return f"tự động, {self.step}" if self.step else self.by_name
