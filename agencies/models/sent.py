"""Forms that were sent: what makes sending the same form again do nothing (agencies/once.py)."""

from django.db import models

from agencies.models.who import User


class SentForm(models.Model):
    """One filled form that was carried out, and where its sender was led then. Forgotten after some days."""

    user = models.ForeignKey(User, verbose_name="người gửi", on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField("khóa biểu nhập")
    path = models.CharField("địa chỉ gửi đến", max_length=500)
    location = models.CharField("trang mở sau khi gửi", max_length=2000)
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "biểu đã gửi"
        verbose_name_plural = "biểu đã gửi"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="form_sent_once")]

    def __str__(self):
        return f"{self.path} {self.at:%d/%m/%Y %H:%M}"
