"""What people say to each other about a report or a task: comments, answers, and what was done about them."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from agencies.fields import Line, Prose
from agencies.models.who import Agency, Council, User, tracked


class Discussed:
    """What people talk about: a model whose objects know who sees them and where their page is."""

    def agencies_concerned(self) -> frozenset[int]:
        """Ids of the agencies whose people see the object; a council's own people see all that is the council's."""
        raise NotImplementedError

    def get_absolute_url(self) -> str:
        """The object's page; its talk is at ``y-kien/`` under it."""
        raise NotImplementedError

    @property
    def talk_closed(self) -> str:
        """Why nothing can be said any more, in words for people; '' while it can."""
        return ""

    def hold_for_talk(self) -> str:
        """The same as stored, held so until the transaction ends."""
        return self.talk_closed


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Comments on what the person may see: whoever sees a report or a task reads what is said about it."""
        seen = Q(pk__in=[])
        for model in apps.get_models():
            if issubclass(model, Discussed):
                mine = model._default_manager.visible_to(user).values("pk")
                seen |= Q(object_type=model._meta.label_lower, object_id__in=mine)
        return self.filter(seen)

    def about(self, obj, anchor: str | None = None):
        """What is said about one object, oldest first; with ``anchor``, of that place of its page alone."""
        rows = self.filter(object_type=obj._meta.label_lower, object_id=obj.pk)
        return rows if anchor is None else rows.filter(anchor=anchor)

    def waiting(self):
        """Remarks that nobody has marked as settled and whose writer has not taken them back. Answers are none."""
        return self.filter(parent__isnull=True, resolved_at__isnull=True, withdrawn_at__isnull=True)


@tracked
class Comment(models.Model):
    """One remark about an object, or at a place of its page (``anchor``: dong-12, so-lieu-PB01), or an answer to one.

    Scope and object are kept as the record keeps them. A comment is never changed nor deleted: its writer may take it
    back, and who works on the object marks it as settled. ``mentions`` are the names that the text calls with @.
    """

    object_type = models.CharField("loại", max_length=60)
    object_id = models.BigIntegerField("số hiệu")
    anchor = Line("chỗ trên trang", max_length=60, blank=True)
    council = models.ForeignKey(Council, verbose_name="hội đồng", on_delete=models.RESTRICT, related_name="+")
    agency = models.ForeignKey(
        Agency, verbose_name="cơ quan", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    parent = models.ForeignKey(
        "self", verbose_name="trả lời cho", on_delete=models.RESTRICT, null=True, blank=True, related_name="answers"
    )
    author = models.ForeignKey(User, verbose_name="người viết", on_delete=models.RESTRICT, related_name="+")
    at = models.DateTimeField("lúc")
    text = Prose("nội dung")
    mentions = ArrayField(Line(max_length=120), verbose_name="nhắc đến", default=list, blank=True)
    resolved_at = models.DateTimeField("xong lúc", null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, verbose_name="người đánh dấu xong", on_delete=models.RESTRICT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến"
        verbose_name_plural = "ý kiến"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, parent__isnull=True),
                name="comment_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="comment_no_self_answer"
            ),
        ]
        indexes = [models.Index(fields=["object_type", "object_id", "at"], name="comment_by_object")]

    def __str__(self):
        return f"Ý kiến của {self.author}"

    @property
    def permission_scope(self):
        return self.agency or self.council

    @property
    def is_waiting(self) -> bool:
        """Whether it is a remark that is neither settled nor taken back."""
        return self.parent_id is None and self.resolved_at is None and self.withdrawn_at is None
