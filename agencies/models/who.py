"""Who takes part: councils, agencies with their dates, people and their roles."""

import pghistory
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from agencies.fields import Folded, Line


def tracked(model):
    """Keep every version of every row of a business table, by trigger, with who and why (agencies/history.py)."""
    return tracked_without()(model)


def tracked_without(*names: str):
    """The same without some fields: what the database itself works out from another field of the row."""
    return pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=list(names) or None
    )


class Role(models.TextChoices):
    """Roles of domain.md §8.1; the first three belong to an agency, the others to a council."""

    LIAISON = "liaison", "Cán bộ đầu mối"
    APPROVER = "approver", "Lãnh đạo đơn vị"
    VIEWER = "viewer", "Người xem của đơn vị"
    SECRETARY = "secretary", "Thư ký Hội đồng"
    LEADER = "leader", "Lãnh đạo Hội đồng"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


ERASED_USERNAME = "da-xoa-{pk}"
AGENCY_ROLES = (Role.LIAISON, Role.APPROVER, Role.VIEWER)
COUNCIL_ROLES = (Role.SECRETARY, Role.LEADER, Role.ADMINISTRATOR)


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    # What nobody may rewrite holds no secret and no way to reach a person: those can be erased (agencies/erasure.py).
    exclude=["password", "last_login", "phone", "email"],
)
class User(AbstractUser):
    """A person with an account. One account is one person; it is closed, never deleted."""

    first_name = None
    last_name = None
    full_name = Line("họ và tên", max_length=120)
    position = Line("chức vụ", max_length=120, blank=True)
    phone = Line("điện thoại", max_length=30, blank=True)
    # Roles whose first-login tour the person has been through or skipped (agencies/tours.py).
    tours_seen = ArrayField(
        models.CharField(max_length=20), verbose_name="hướng dẫn nhanh đã xem", default=list, blank=True, editable=False
    )
    # Signing in (agencies/signin_rules.py): a password that somebody else gave, its age, when the account was reopened.
    must_change_password = models.BooleanField("phải đổi mật khẩu", default=False, editable=False)
    password_changed_at = models.DateTimeField("đổi mật khẩu lúc", null=True, blank=True, editable=False)
    reopened_at = models.DateTimeField("mở lại lúc", null=True, blank=True, editable=False)

    objects = UserManager()

    class Meta:
        verbose_name = "tài khoản"
        verbose_name_plural = "tài khoản"
        ordering = ["username"]

    def __str__(self):
        return self.full_name or self.username

    @property
    def is_erased(self) -> bool:
        """Whether name and particulars were erased: the account is a number (agencies/erasure.py)."""
        return self.username == ERASED_USERNAME.format(pk=self.pk)

    def get_full_name(self):
        return self.full_name

    def get_short_name(self):
        return self.full_name.split(" ")[-1] if self.full_name else self.username


class CouncilQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Councils in which the person holds any role, their agency's council included."""
        from agencies.permissions import grants_of

        return self.filter(pk__in=grants_of(user).all_councils)


@tracked
class Council(models.Model):
    """A province's coordination council for legal education (Luật PBGDPL Đ7; QĐ 21/2021/QĐ-TTg)."""

    code = models.SlugField("mã", max_length=40, unique=True)
    name = Line("tên", max_length=200)
    short_name = Line("tên ngắn", max_length=80, help_text="Ví dụ: thành phố Cần Thơ")
    place = Line("địa danh", max_length=80, help_text="Ghi trên văn bản, ví dụ: Cần Thơ")
    parent_body = Line("cơ quan chủ quản", max_length=200, help_text="Ví dụ: Ủy ban nhân dân thành phố Cần Thơ")
    standing_agency = models.ForeignKey(
        "Agency", verbose_name="cơ quan thường trực", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    chair_name = Line("Chủ tịch Hội đồng", max_length=120, blank=True)
    standing_vice_chair_name = Line("Phó Chủ tịch Thường trực", max_length=120, blank=True)

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = "hội đồng"
        verbose_name_plural = "hội đồng"
        ordering = ["code"]
        permissions = [
            ("view_council_work", "Xem mọi kế hoạch, nhiệm vụ, báo cáo của hội đồng"),
            ("view_summary", "Xem tổng quan"),
            ("manage_plans", "Lập, nhập và điều chỉnh kế hoạch"),
            ("coordinate_periods", "Mở, khóa, mở lại kỳ báo cáo"),
            ("review_reports", "Tiếp nhận, trả lại báo cáo"),
            ("consolidate", "Tổng hợp, xuất và phát hành báo cáo"),
            ("manage_agencies", "Quản lý cơ quan"),
            ("manage_accounts", "Quản lý tài khoản và vai trò"),
            ("view_council_record", "Xem nhật ký của hội đồng"),
        ]
        default_permissions = ()

    def __str__(self):
        return self.name

    @property
    def permission_scope(self):
        return self


class AgencyQuerySet(models.QuerySet):
    def in_force(self, day):
        """Agencies that exist on the given day (rule V02: valid_from ≤ day < valid_to)."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)

    def visible_to(self, user):
        """Agencies whose work, people or list the person may see."""
        from agencies.permissions import grants_of

        grants = grants_of(user)
        return self.filter(Q(pk__in=grants.all_agencies) | Q(council__in=grants.council_wide))


@tracked
class Agency(models.Model):
    """A body that takes part, with the dates of its existence.

    An agency is never renamed in place: a report of 2024 prints the name of 2024. A merger, split or renaming makes a
    new agency and a ``Succession``.
    """

    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="agencies")
    code = models.SlugField("mã", max_length=40)
    name = Line("tên đầy đủ", max_length=200)
    short_name = Line("tên ngắn", max_length=80)
    aliases = ArrayField(Line(max_length=200), verbose_name="tên gọi khác", default=list, blank=True)
    abbreviation = Line("chữ viết tắt trong số, ký hiệu", max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="trực thuộc", on_delete=models.RESTRICT, null=True, blank=True, related_name="children"
    )
    valid_from = models.DateField("tồn tại từ ngày")
    valid_to = models.DateField("đến hết trước ngày", null=True, blank=True)
    requires_approval = models.BooleanField("báo cáo phải được lãnh đạo đơn vị duyệt", default=False)
    protocol_order = models.PositiveSmallIntegerField("thứ tự", default=100)
    folded = Folded("name", "short_name", "code", "aliases")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "cơ quan"
        verbose_name_plural = "cơ quan"
        ordering = ["protocol_order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["council", "code"], name="agency_code_once_per_council"),
            models.CheckConstraint(condition=Q(code__regex=r"^[-a-zA-Z0-9_]+$"), name="agency_code_fits_an_address"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="agency_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="agency_not_its_own_parent"
            ),
        ]
        permissions = [
            ("view_work", "Xem nhiệm vụ, báo cáo của cơ quan"),
            ("record_progress", "Cập nhật tiến độ, ghi nhận hoạt động"),
            ("submit_report", "Trình, nộp báo cáo"),
            ("approve_report", "Duyệt báo cáo của cơ quan"),
            ("view_agency_record", "Xem nhật ký của cơ quan"),
        ]
        default_permissions = ()

    def __str__(self):
        return self.short_name

    @property
    def permission_scope(self):
        return self

    def exists_on(self, day) -> bool:
        """Whether the agency is valid on that day (rule V02)."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@tracked
class Succession(models.Model):
    """One agency follows another: the obligation passes on, the credit of past work stays (domain.md §5.2)."""

    class Kind(models.TextChoices):
        MERGE = "merge", "Hợp nhất, sáp nhập"
        SPLIT = "split", "Chia, tách"
        RENAME = "rename", "Đổi tên"
        TRANSFER = "transfer", "Chuyển chức năng"

    predecessor = models.ForeignKey(
        Agency, verbose_name="cơ quan cũ", on_delete=models.RESTRICT, related_name="successions"
    )
    successor = models.ForeignKey(
        Agency, verbose_name="cơ quan kế thừa", on_delete=models.RESTRICT, related_name="origins"
    )
    kind = models.CharField("hình thức", max_length=10, choices=Kind.choices)
    effective_on = models.DateField("từ ngày")
    document_number = Line("văn bản", max_length=120, blank=True)

    class Meta:
        verbose_name = "kế thừa"
        verbose_name_plural = "kế thừa"
        ordering = ["effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_between_two"),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"


@tracked
class Membership(models.Model):
    """A person's role in an agency or in a council, from a day, until a day. It is what puts a person in a group."""

    user = models.ForeignKey(User, verbose_name="người", on_delete=models.RESTRICT, related_name="memberships")
    agency = models.ForeignKey(
        Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, null=True, blank=True, related_name="memberships"
    )
    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.RESTRICT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    joined_on = models.DateField("từ ngày")
    left_on = models.DateField("đến ngày", null=True, blank=True)

    class Meta:
        verbose_name = "vai trò"
        verbose_name_plural = "vai trò"
        ordering = ["joined_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(role__in=AGENCY_ROLES, agency__isnull=False, council__isnull=True))
                | (Q(role__in=COUNCIL_ROLES, agency__isnull=True, council__isnull=False)),
                name="membership_role_fits_its_scope",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="membership_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["user", "agency", "council", "role"],
                condition=Q(left_on__isnull=True),
                nulls_distinct=False,
                name="membership_once_while_it_lasts",
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()} · {self.agency or self.council}"

    @property
    def scope(self):
        """The agency or council in which the role is held."""
        return self.agency or self.council


class AgencyUserPermission(UserObjectPermissionBase):
    """Direct-foreign-key permission table; kept empty: grants go to groups."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class AgencyGroupPermission(GroupObjectPermissionBase):
    """What each group of an agency may do there."""

    content_object = models.ForeignKey(Agency, on_delete=models.CASCADE)


class CouncilUserPermission(UserObjectPermissionBase):
    """Direct-foreign-key permission table; kept empty: grants go to groups."""

    content_object = models.ForeignKey(Council, on_delete=models.CASCADE)


class CouncilGroupPermission(GroupObjectPermissionBase):
    """What each group of a council may do there."""

    content_object = models.ForeignKey(Council, on_delete=models.CASCADE)


class RegisterImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports of the councils whose agencies or accounts the person manages."""
        from agencies.permissions import Perm, grants_of

        grants = grants_of(user)
        return self.filter(council__in=grants.councils(Perm.MANAGE_AGENCIES) | grants.councils(Perm.MANAGE_ACCOUNTS))


# ``done`` holds what people's particulars were before, to undo an import: erased with them, so not kept in versions.
@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["done"])
class RegisterImport(models.Model):
    """One confirmed import of agencies or people: what it did, so that it can be undone until it has been used."""

    class Kind(models.TextChoices):
        AGENCIES = "co-quan", "Danh sách cơ quan"
        PEOPLE = "nguoi-dung", "Danh sách người dùng"

    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="register_imports"
    )
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    imported_by = models.ForeignKey(User, verbose_name="người nhập", on_delete=models.RESTRICT, null=True)
    imported_at = models.DateTimeField("nhập lúc")
    source_name = Line("tên tệp", max_length=255)
    source_digest = models.CharField("mã băm tệp", max_length=64)
    # [{"pk": 12, "outcome": "new"}, {"pk": 7, "outcome": "changed", "before": {"short_name": "…"}}]
    done = models.JSONField("đã làm", default=list)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập danh sách"
        verbose_name_plural = "các lần nhập danh sách"
        ordering = ["-imported_at", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} từ {self.source_name}"

    @property
    def permission_scope(self):
        return self.council
