"""Work that takes longer than a request: who ordered it, how far it is, where it goes on from."""

import pghistory
from django.db import models
from django.db.models import Q

from agencies.fields import Line, Prose
from agencies.models.who import Council, User

WORK_FOLDER = "viec-dai"


class LongWorkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the person ordered themselves; nobody sees another's, and what the system does has no page."""
        return self.filter(ordered_by=user) if user.is_authenticated and user.is_active else self.none()


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state")),  # not one for every piece
    pghistory.DeleteEvent(),
    exclude=["position", "parts", "rows_done", "heartbeat_at"],
)
class LongWork(models.Model):
    """One long work (công việc dài): an export, an import, an opening, done piece by piece by the worker.

    Each piece is one transaction that also writes ``position``, ``parts`` and ``rows_done``, so that whatever breaks
    off, the next one goes on where the last committed piece ended. ``turn`` names the job that may do pieces: an older
    job that comes back finds another number and does nothing.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ đến lượt"
        RUNNING = "running", "Đang làm"
        CANCELLED = "cancelled", "Đã hủy"
        FAILED = "failed", "Dừng giữa chừng"
        DONE = "done", "Đã xong"

    UNDER_WAY = (State.WAITING, State.RUNNING)

    kind = models.SlugField("loại việc", max_length=40)
    title = Line("việc", max_length=300)
    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, null=True, blank=True)
    ordered_by = models.ForeignKey(
        User, verbose_name="người đặt", on_delete=models.RESTRICT, null=True, blank=True, related_name="long_works"
    )
    ordered_at = models.DateTimeField("đặt lúc")
    parameters = models.JSONField("tham số", default=dict)
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WAITING)
    turn = models.PositiveIntegerField("lượt", default=1)
    rows_done = models.PositiveBigIntegerField("số dòng đã làm", default=0)
    rows_total = models.PositiveBigIntegerField("tổng số dòng", null=True, blank=True)
    position = models.JSONField("làm tiếp từ", default=dict)
    # [[path in the store of files, bytes], …]: one after the other they are the result.
    parts = models.JSONField("các phần của tệp kết quả", default=list)
    file_name = Line("tên tệp kết quả", max_length=150, blank=True)
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    heartbeat_at = models.DateTimeField("phần gần nhất lúc", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    error = Prose("vì sao dừng", blank=True)
    outcome = Prose("kết quả", blank=True)
    files_removed_at = models.DateTimeField("xóa tệp kết quả lúc", null=True, blank=True)

    objects = LongWorkQuerySet.as_manager()

    class Meta:
        verbose_name = "công việc dài"
        verbose_name_plural = "công việc dài"
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["cancelled", "failed", "done"], ended_at__isnull=False),
                name="long_work_ended_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "done"]) | Q(started_at__isnull=False, heartbeat_at__isnull=False),
                name="long_work_running_is_dated",
            ),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(error="")) | (~Q(state="failed") & Q(error="")),
                name="long_work_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(files_removed_at__isnull=True) | Q(parts=[], ended_at__isnull=False),
                name="long_work_without_files_has_none",
            ),
        ]
        indexes = [models.Index(fields=["ordered_by", "-ordered_at"], name="long_work_by_person")]

    def __str__(self):
        return self.title

    @property
    def permission_scope(self):
        return self.council

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def percent(self) -> int | None:
        """How much is done, 0–100; None while nobody knows how much there is."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.rows_done * 100 // self.rows_total) if self.rows_total else None

    @property
    def size(self) -> int:
        """Bytes of the result so far."""
        return sum(size for _path, size in self.parts)

    @property
    def has_file(self) -> bool:
        return self.state == self.State.DONE and bool(self.parts)


class StagedRow(models.Model):
    """One row of a file that a long work has read, until it is imported or a week old.

    ``values`` is what it says, None when something is wrong with it; ``problems`` is then [[column, value, message,
    fix], …]. ``key`` is made of what the row says and of its council, so that the same row of another file is known
    again; ``day`` orders the rows.
    """

    work = models.ForeignKey(LongWork, verbose_name="công việc", on_delete=models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField("hàng")
    day = models.DateField("ngày", null=True)
    key = models.UUIDField("khóa", null=True)
    values = models.JSONField("giá trị", null=True)
    problems = models.JSONField("lỗi", null=True)

    class Meta:
        verbose_name = "dòng chờ nhập"
        verbose_name_plural = "các dòng chờ nhập"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["work", "number"], name="staged_row_once"),
            models.CheckConstraint(
                condition=Q(values__isnull=False, key__isnull=False, day__isnull=False, problems__isnull=True)
                | Q(values__isnull=True, problems__isnull=False),
                name="staged_row_good_or_wrong",
            ),
        ]
        indexes = [models.Index(fields=["work", "day", "number"], name="staged_row_by_day")]

    def __str__(self):
        return f"{self.work_id}: {self.number}"
