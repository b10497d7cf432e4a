"""What the portal tells a person: a reminder, a report sent back, a word addressed to them."""

from django.db import models
from django.db.models import Q

from agencies.fields import Line, Prose
from agencies.models.who import Agency, Council, User


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own notices and nobody else's."""
        return self.filter(recipient=user) if user.is_authenticated and user.is_active else self.none()

    def waiting(self):
        """Not read yet."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One notice for one person. ``key`` says what it is about, so that the same thing is never told twice."""

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Đôn đốc"
        RETURNED = "returned", "Trả lại"
        ACCEPTED = "accepted", "Tiếp nhận"
        OPENED = "opened", "Mở kỳ"
        MENTION = "mention", "Nhắc đến bạn"
        COMMENT = "comment", "Ý kiến"
        HANDED_IN = "handed_in", "Đã nộp"
        APPROVAL = "approval", "Trình duyệt"
        ROLE = "role", "Vai trò, tài khoản"
        LONG_WORK = "long_work", "Công việc dài"

    recipient = models.ForeignKey(User, verbose_name="người nhận", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField("loại", max_length=10, choices=Kind.choices)
    at = models.DateTimeField("lúc")
    text = Prose("nội dung")
    path = Line("địa chỉ trên cổng", max_length=300, blank=True)
    sender = models.ForeignKey(
        User, verbose_name="người gửi", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.CASCADE, null=True, blank=True)
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.CASCADE, null=True, blank=True)
    key = models.CharField("khóa chống gửi trùng", max_length=120, blank=True)
    read_at = models.DateTimeField("đã xem lúc", null=True, blank=True)
    mailed_at = models.DateTimeField("đã gửi thư lúc", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], condition=~Q(key=""), name="notice_told_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notice_by_recipient"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_waiting"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.text}"
