"""What signing in leaves behind: sessions, wrong tries, passwords that may not come back."""

import hashlib

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models

from agencies.models.who import User


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own sessions, nobody else's."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def alive(self, now):
        """Sessions that have not run out."""
        return self.filter(expire_date__gt=now)


class SessionManager(BaseSessionManager.from_queryset(SessionQuerySet)):
    """A session is read with the person it belongs to (agencies/session_owner.py)."""

    def get_queryset(self):
        return super().get_queryset().select_related("user")


class Session(AbstractBaseSession):
    """A session of Django's, with whose it is, since when, from where and when it was last used.

    ``reference`` names it in addresses: whoever reads it cannot take the session over, as with its key.
    """

    reference = models.CharField("mã phiên", max_length=64, unique=True, editable=False)
    user = models.ForeignKey(User, verbose_name="người", on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField("bắt đầu lúc")
    seen_at = models.DateTimeField("dùng gần nhất lúc")
    address = models.CharField("địa chỉ mạng", max_length=45, blank=True)
    browser = models.CharField("trình duyệt", max_length=300, blank=True)

    objects = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "phiên làm việc"
        verbose_name_plural = "phiên làm việc"
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls):
        from agencies.sessions import SessionStore

        return SessionStore

    @staticmethod
    def reference_of(session_key: str) -> str:
        """What names the session in addresses."""
        return hashlib.sha256(session_key.encode()).hexdigest()


class WrongTries(models.Model):
    """Wrong tries in a row at one name, from one known browser or from all unknown ones together.

    ``key`` is a keyed digest of what was typed: people type passwords into the wrong box, and a table of names that
    were tried would tell which accounts exist.
    """

    key = models.CharField("mã băm", max_length=64)
    browser = models.CharField("trình duyệt quen", max_length=64, blank=True)
    count = models.PositiveIntegerField("số lần")
    since = models.DateTimeField("từ lúc", db_index=True)
    locked_until = models.DateTimeField("khóa đến", null=True)

    class Meta:
        verbose_name = "lần thử sai"
        verbose_name_plural = "lần thử sai"
        constraints = [models.UniqueConstraint(fields=["key", "browser"], name="wrong_tries_counted_once")]

    def __str__(self):
        return f"{self.count} lần từ {self.since:%H:%M %d/%m/%Y}"


class FormerPassword(models.Model):
    """A password that was replaced, as its hash, so that it does not come back."""

    user = models.ForeignKey(User, verbose_name="người", on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField("mật khẩu đã băm", max_length=128)
    replaced_at = models.DateTimeField("thay lúc")

    class Meta:
        verbose_name = "mật khẩu cũ"
        verbose_name_plural = "mật khẩu cũ"
        ordering = ["-replaced_at", "-pk"]

    def __str__(self):
        return f"{self.user} {self.replaced_at:%d/%m/%Y}"
