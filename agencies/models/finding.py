"""What people keep in order to find things again: filters of lists with a name, and the address of a calendar."""

from django.db import models
from django.db.models import Q

from agencies.fields import Line
from agencies.models.who import Agency, Council, User, tracked


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own views, and those shared with one's agencies or with a council in which one works."""
        from agencies.permissions import grants_of

        grants = grants_of(user)
        if not user.is_authenticated or not user.is_active:
            return self.none()
        shared = Q(agency__in=grants.all_agencies) | Q(council__in=grants.all_councils)
        return self.filter(Q(owner=user) | (shared & Q(removed_at__isnull=True)))

    def kept(self):
        """Views that were not removed."""
        return self.filter(removed_at__isnull=True)


@tracked
class SavedView(models.Model):
    """The filters of a list under a name, of one person or shared with their agency or council.

    It is an address and nothing else: whoever opens it sees what they may see, with these filters.
    """

    class List(models.TextChoices):
        """The lists whose filters can be kept (agencies/saved_views.py knows the filters of each)."""

        PLANS = "ke-hoach", "Kế hoạch"
        TASKS = "nhiem-vu", "Nhiệm vụ"
        ACTIVITIES = "hoat-dong", "Hoạt động"
        REPORTS = "bao-cao", "Báo cáo"
        INDICATORS = "chi-tieu", "Chỉ tiêu"
        RECORD = "nhat-ky", "Nhật ký"

    owner = models.ForeignKey(User, verbose_name="của", on_delete=models.CASCADE, related_name="saved_views")
    list_name = models.CharField("danh sách", max_length=12, choices=List.choices)
    name = Line("tên", max_length=60)
    query = models.CharField("điều kiện lọc", max_length=1000)
    agency = models.ForeignKey(
        Agency, verbose_name="dùng chung trong cơ quan", on_delete=models.CASCADE, null=True, blank=True
    )
    council = models.ForeignKey(
        Council, verbose_name="dùng chung trong hội đồng", on_delete=models.CASCADE, null=True, blank=True
    )
    saved_at = models.DateTimeField("lưu lúc")
    removed_at = models.DateTimeField("bỏ lúc", null=True, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = "bộ lọc đã lưu"
        verbose_name_plural = "bộ lọc đã lưu"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"], condition=Q(removed_at__isnull=True), name="saved_view_name_once"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=True) | Q(council__isnull=True), name="saved_view_shared_with_one"
            ),
            models.CheckConstraint(condition=~Q(query=""), name="saved_view_filters_something"),
        ]

    def __str__(self):
        return self.name

    @property
    def permission_scope(self):
        """The agency or council with which it is shared; None for one's own."""
        return self.agency or self.council


class CalendarFeed(models.Model):
    """One person's calendar has an address for calendar programs; what makes it secret is signed, not stored."""

    user = models.OneToOneField(User, verbose_name="của", on_delete=models.CASCADE, related_name="calendar_feed")
    nonce = models.CharField("số dùng một lần", max_length=64)
    made_at = models.DateTimeField("lập lúc")

    class Meta:
        verbose_name = "địa chỉ lịch"
        verbose_name_plural = "địa chỉ lịch"

    def __str__(self):
        return f"Lịch của {self.user}"
