"""What is said of reports and waits for their agencies: what a returned report is to be put right by."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from agencies.models import Comment, Membership, Role
from reports.models import ProgressReport


def remarks_waiting(reports: Iterable[ProgressReport]) -> dict[int, list[Comment]]:
    """Report id → remarks that its officers have neither settled nor answered, oldest first. One query for all.

    What the agency's own officers ask or note waits for somebody else.
    """
    ids = [report.pk for report in reports]
    if not ids:
        return {}
    ours = Membership.objects.filter(
        user=OuterRef("author"), agency=OuterRef("agency"), role=Role.LIAISON, left_on__isnull=True
    )
    answers = Comment.objects.filter(parent=OuterRef("pk"), withdrawn_at__isnull=True).exclude(
        author=OuterRef("author")
    )
    rows = (
        Comment.objects.filter(object_type=ProgressReport._meta.label_lower, object_id__in=ids)
        .waiting()
        .filter(~Exists(ours), ~Exists(answers))
        .select_related("author")
        .order_by("pk")
    )
    found: dict[int, list[Comment]] = defaultdict(list)
    for row in rows:
        found[row.object_id].append(row)
    return found
