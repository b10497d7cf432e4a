"""The record of what was done: one journal, insert only, every line chained to the one before it by the database."""

from django.db import models
from django.db.models import Q

from agencies import clock
from agencies.fields import Line, Prose
from agencies.models.who import Agency, Council, User


class RecordEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The record of one's own agency, or of one's council for those who may read it.

        Who may read a council's record but not its work (the administrator) sees what was done to agencies, people,
        roles and lists: nothing of tasks, reports and figures, and none of the comments on them. Signing in and out,
        with the addresses, is for the person and for those who manage the council's accounts. So is what belongs to no
        council, where it is about nothing of another one: tries under a name that nobody has, the record leaving as a
        file, accounts that no council knows.
        """
        from agencies.membership import known_nowhere
        from agencies.permissions import Perm, grants_of

        grants = grants_of(user)
        readable, working = grants.councils(Perm.VIEW_COUNCIL_RECORD), grants.councils(Perm.VIEW_COUNCIL_WORK)
        managed = grants.councils(Perm.MANAGE_ACCOUNTS)
        business = ("agencies.comment", "agencies.longwork")
        about_people = Q(object_type__startswith="agencies.") & ~Q(object_type__in=business)
        deeds = (
            Q(agency__in=grants.agencies(Perm.VIEW_AGENCY_RECORD))
            | Q(council__in=readable & working)
            | (Q(council__in=readable) & about_people)
        )
        access = Q(council__in=managed) | Q(object_type="agencies.user", object_id=user.pk)
        if managed:
            of_account = Q(object_type="agencies.user", object_id__in=known_nowhere())
            nobodys = Q(council__isnull=True) & (Q(object_id__isnull=True) | of_account)
            deeds, access = deeds | nobodys, access | nobodys
        is_access = Q(kind=RecordEntry.Kind.ACCESS)
        return self.filter((~is_access & deeds) | (is_access & access))


class RecordEntry(models.Model):
    """One line of the record: who did what, to what, when, from where and why, and what it was before and after.

    Insert only: the table's own triggers refuse everything else, and fill ``written_at``, ``context`` and ``changes``
    (agencies/journal/database.sql).
    """

    class Kind(models.TextChoices):
        DEED = "deed", "Việc đã làm"
        ACCESS = "access", "Đăng nhập, đăng xuất"
        EXPORT = "export", "Xuất, tải tệp"

    at = models.DateTimeField("lúc", db_index=True)
    kind = models.CharField("loại", max_length=10, choices=Kind.choices, default=Kind.DEED)
    actor = models.ForeignKey(User, verbose_name="người thực hiện", on_delete=models.RESTRICT, null=True)
    actor_name = Line("tên người thực hiện", max_length=120)
    address = models.GenericIPAddressField("từ địa chỉ", null=True)
    verb = models.CharField("mã việc", max_length=60)
    summary = Prose("việc đã làm")
    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, null=True)
    agency = models.ForeignKey(Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, null=True)
    object_type = models.CharField("đối tượng", max_length=60)
    object_id = models.BigIntegerField("số hiệu", null=True)
    from_state = models.CharField("từ trạng thái", max_length=30, blank=True)
    to_state = models.CharField("sang trạng thái", max_length=30, blank=True)
    reason = Prose("lý do", blank=True)
    # Filled by the database itself: its clock; the verb's row versions (pghistory's context); {field: [before, after]}.
    written_at = models.DateTimeField("ghi lúc", default=clock.instant, editable=False)
    context = models.UUIDField("lần thao tác", null=True, editable=False)
    changes = models.JSONField("trước và sau", null=True, editable=False)

    objects = RecordEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="record_by_object"),
            models.Index(fields=["council", "-at"], name="record_by_council"),
            models.Index(fields=["agency", "-at"], name="record_by_agency"),
        ]

    def __str__(self):
        return f"{self.at:%H:%M %d/%m/%Y} {self.actor_name}: {self.summary}"

    def is_visit_of(self, person: User) -> bool:
        """Whether the address is that of the person's own machine, or of a try at their account: theirs to know. What
        somebody else did to the account came from that one's machine."""
        about = self.object_type == User._meta.label_lower and self.object_id == person.pk
        return self.actor_id == person.pk or (about and self.kind == self.Kind.ACCESS)


class RecordLink(models.Model):
    """One line's place in the chain of its council (0: of no council), written by the database when the line is kept.

    ``digest`` is the SHA-256 of the link before, of the place and of the line's whole content, so that no line can be
    changed, left out or put in without every later link saying so (docs/decisions/0014-the-record.md).
    """

    entry = models.OneToOneField(
        RecordEntry,
        verbose_name="dòng nhật ký",
        primary_key=True,
        on_delete=models.RESTRICT,
        related_name="link",
        db_constraint=False,
    )
    chain = models.IntegerField("chuỗi")
    number = models.BigIntegerField("số thứ tự trong chuỗi")
    month = models.CharField("tháng", max_length=7)
    form = models.PositiveSmallIntegerField("dạng nội dung", default=1)
    before = models.BinaryField("mã băm của mắt xích trước", max_length=32)
    digest = models.BinaryField("mã băm", max_length=32)

    class Meta:
        verbose_name = "mắt xích nhật ký"
        verbose_name_plural = "chuỗi nhật ký"
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="record_link_place_once")]
        indexes = [models.Index(fields=["month", "chain", "number"], name="record_link_by_month")]

    def __str__(self):
        return f"{self.chain}/{self.number}"
