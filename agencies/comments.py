"""Talking about a report or a task: commenting, answering, settling, taking back.

Whoever sees the object reads along; who works on it, or sees the whole council, may speak. People are called with @
and told; nobody is told of what they may not see.
"""

import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import Q

from agencies.clock import local_day
from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.fields import stored
from agencies.history import acting, record
from agencies.mentions import Person, read_mentions
from agencies.models import (
    AGENCY_ROLES,
    COUNCIL_ROLES,
    Agency,
    Comment,
    Discussed,
    Membership,
    Notice,
    Role,
    User,
)
from agencies.notices import holders, notify
from agencies.permissions import ROLE_PERMISSIONS, Perm, grants_of

MOST_LETTERS = 4_000
EXCERPT = 160  # letters of a comment in a notice
AGAIN = timedelta(minutes=2)  # the same words at the same place within this time are one press too many
# Roles of a council that see every object of it.
_SEES_ALL = tuple(role for role in COUNCIL_ROLES if Perm.VIEW_COUNCIL_WORK in ROLE_PERMISSIONS[role])
_SPEAKS = (Perm.RECORD_PROGRESS, Perm.APPROVE_REPORT)


def council_of(obj: Discussed) -> int:
    """The id of the council whose object it is."""
    scope = obj.permission_scope
    return scope.council_id if isinstance(scope, Agency) else scope.pk


def may_comment(user, obj: Discussed, agencies: Collection[int] | None = None) -> bool:
    """Whether the person may say something about it: works for an agency concerned, or sees the whole council.

    ``agencies`` are those concerned, when the caller has read them already. Somebody who only reads says nothing.
    """
    return _sees_council(user, obj, Perm.VIEW_COUNCIL_WORK) or _works_for(user, obj, agencies)


def may_settle(user, obj: Discussed, agencies: Collection[int] | None = None) -> bool:
    """Whether the person may mark a remark as settled: those who do the work, and the secretariat that checks it.

    A leader sees the whole council and may say something, but leaves what is put right to these.
    """
    return _sees_council(user, obj, Perm.REVIEW_REPORTS) or _works_for(user, obj, agencies)


def _sees_council(user, obj: Discussed, perm: Perm) -> bool:
    return council_of(obj) in grants_of(user).councils(perm)


def _works_for(user, obj: Discussed, agencies: Collection[int] | None) -> bool:
    grants = grants_of(user)
    mine = frozenset().union(*(grants.agencies(perm) for perm in _SPEAKS))
    return bool(mine) and not mine.isdisjoint(obj.agencies_concerned() if agencies is None else agencies)


def people_of(obj: Discussed, by: User, agencies: Collection[int] | None = None) -> list[Person]:
    """Those whom the writer can call, who see the object: the council's people first, then the agencies'. One query."""
    concerned = obj.agencies_concerned() if agencies is None else agencies
    return [person for person in _people(council_of(obj), concerned) if person.sees and person.id != by.pk]


def _people(council_id: int, concerned: Collection[int]) -> list[Person]:
    """Everybody with a role in the council or its agencies, each once, with whether they see an object of these."""
    members = (
        Membership.objects.filter(left_on__isnull=True, user__is_active=True)
        .filter(Q(council=council_id) | Q(agency__council=council_id))
        .select_related("user", "agency")
        .order_by("agency__protocol_order", "agency__code", "user__full_name", "pk")
    )
    found: dict[int, Person] = {}
    for row in sorted(members, key=lambda row: row.agency_id is not None):
        sees = row.role in _SEES_ALL or (row.role in AGENCY_ROLES and row.agency_id in concerned)
        if row.user_id not in found or (sees and not found[row.user_id].sees):
            where = str(row.agency) if row.agency else row.get_role_display()
            found[row.user_id] = Person(row.user_id, row.user.username, str(row.user), where, sees)
    return list(found.values())


def comment(
    *, obj: Discussed, by: User, now: datetime, text: str, anchor: str = "", parent: Comment | None = None
) -> Comment:
    """Say something about an object, at a place of its page, or as an answer (an answer to an answer joins its remark).

    Those called with @ are told; so are those of the same conversation, and the agency's officers of the council's
    first remark of a day on their report. Who calls themselves calls nobody. Sending the same words twice keeps one.
    Raises NotAllowed, WrongState or Incomplete (nothing written, too long, somebody called who does not see the
    object); then nothing is kept here, the text stays with the writer.
    """
    words = stored(text).strip()
    with acting(by=by, verb="comment"):
        if closed := obj.hold_for_talk():
            raise WrongState(f"{closed} Nội dung bạn gõ còn trong ô để sao chép.")
        type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        concerned = obj.agencies_concerned()
        if not may_comment(by, obj, concerned):
            raise NotAllowed("Bạn xem được nhưng không ghi ý kiến ở đây được. Cần thì liên hệ Thư ký Hội đồng.")
        parent = _first_of(parent, obj)
        anchor = parent.anchor if parent else anchor
        if not any(unicodedata.category(letter)[0] in "LNPS" for letter in words):  # nothing that one could see
            raise Incomplete("Chưa có nội dung ý kiến.")
        if len(words) > MOST_LETTERS:
            raise Incomplete(f"Ý kiến dài {len(words)} ký tự, tối đa {MOST_LETTERS}. Nội dung vẫn còn trong ô.")
        people = _people(council_of(obj), concerned) if "@" in words or parent else []
        called = read_mentions(words, people)
        if called.problems:
            raise Incomplete(*called.problems)
        others = [person for person in called.people if person.id != by.pk]
        if len(called.text) > MOST_LETTERS:
            raise Incomplete(f"Ý kiến dài {len(called.text)} ký tự, tối đa {MOST_LETTERS}. Nội dung vẫn còn trong ô.")
        said = Comment.objects.about(obj, anchor).filter(author=by, parent=parent, text=called.text)
        if again := said.filter(withdrawn_at__isnull=True, at__gt=now - AGAIN).first():
            return again
        scope = obj.permission_scope
        written = Comment.objects.create(
            object_type=obj._meta.label_lower,
            object_id=obj.pk,
            anchor=anchor,
            council_id=council_of(obj),
            agency=scope if isinstance(scope, Agency) else None,
            parent=parent,
            author=by,
            at=now,
            text=called.text,
            mentions=[person.name for person in others],
        )
        what = "Trả lời ý kiến" if parent else "Ghi ý kiến"
        record(by=by, now=now, verb="comment", obj=written, summary=f"{what}: {obj}")
        _tell(written, obj, by, now, [person.id for person in others], people)
    return written


def _first_of(parent: Comment | None, obj: Discussed) -> Comment | None:
    """The remark that an answer joins. Raises WrongState for one about something else or taken back."""
    if parent is None:
        return None
    first = Comment.objects.about(obj).select_related("author").filter(pk=parent.parent_id or parent.pk).first()
    if first is None or first.withdrawn_at is not None:
        raise WrongState("Ý kiến này đã được rút lại nên không trả lời được. Nội dung bạn gõ còn trong ô.")
    return first


def _tell(written: Comment, obj: Discussed, by: User, now: datetime, called: list[int], people: Iterable[Person]):
    path, scope = path_of(written, obj), written.permission_scope
    said = _excerpt(written.text)
    first = f"{by} nhắc đến bạn ở {obj}: “{said}”"
    notify(to=User.objects.filter(pk__in=called), kind=Notice.Kind.MENTION, text=first, now=now, path=path, by=by,
           scope=scope)  # fmt: skip
    if written.parent_id:
        seeing = {person.id for person in people if person.sees}
        earlier = Comment.objects.filter(Q(pk=written.parent_id) | Q(parent=written.parent_id))
        others = set(earlier.values_list("author", flat=True)) & seeing - set(called)
        text = f"{by} trả lời ở {obj}: “{said}”"
        notify(to=User.objects.filter(pk__in=others), kind=Notice.Kind.COMMENT, text=text, now=now, path=path, by=by,
               scope=scope)  # fmt: skip
    elif written.agency_id and written.agency_id not in grants_of(by).agencies(Perm.VIEW_WORK):
        _tell_officers(written, obj, by, called)


def _tell_officers(written: Comment, obj: Discussed, by: User, called: Collection[int] = ()) -> None:
    """The agency's officers learn of the council's first remark of a day on their report, not of each."""
    officers = [user for user in holders(roles=[Role.LIAISON], agency=written.agency) if user.pk not in called]
    key = f"y-kien:{written.object_type}:{obj.pk}:{local_day(written.at):%Y%m%d}"
    text = f"{by} có ý kiến về {obj}: “{_excerpt(written.text)}”"
    notify(to=officers, kind=Notice.Kind.COMMENT, text=text, now=written.at, path=path_of(written, obj), by=by,
           scope=written.permission_scope, key=key)  # fmt: skip


def _tell_of_another(taken: Comment, by: User) -> None:
    """After a remark was taken back: one of the same day that still stands is told in its place."""
    if taken.parent_id or not taken.agency_id or taken.agency_id in grants_of(by).agencies(Perm.VIEW_WORK):
        return
    obj = object_of(taken)
    standing = Comment.objects.about(obj).filter(author=by, parent=None, withdrawn_at=None).order_by("-at", "-pk")
    if same_day := [row for row in standing if local_day(row.at) == local_day(taken.at)]:
        _tell_officers(same_day[0], obj, by)


def path_of(written: Comment, obj: Discussed | None = None) -> str:
    """Where a comment is read."""
    return f"{(obj or object_of(written)).get_absolute_url()}#y-kien-so-{written.parent_id or written.pk}"


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def object_of(written: Comment) -> Discussed:
    """What a comment is about, as stored."""
    return apps.get_model(written.object_type)._default_manager.get(pk=written.object_id)


def resolve(*, comment: Comment, by: User, now: datetime) -> Comment:
    """Mark a remark as settled ("Đã sửa"); its writer is told. Doing it twice changes nothing.

    Raises NotAllowed, or WrongState for an answer and for a remark that was taken back.
    """
    with acting(by=by, verb="resolve"):
        row = Comment.objects.select_for_update(of=("self",)).select_related("author", "agency", "council").get(
            pk=comment.pk
        )  # fmt: skip
        obj = object_of(row)
        if not may_settle(by, obj):
            raise NotAllowed("Bạn không đánh dấu được ý kiến này. Việc đó của cơ quan báo cáo hoặc Thư ký Hội đồng.")
        if closed := obj.hold_for_talk():
            raise WrongState(closed)
        if row.parent_id or row.withdrawn_at:
            raise WrongState("Chỉ đánh dấu “Đã sửa” cho ý kiến còn hiệu lực, không cho câu trả lời.")
        if row.resolved_at is None:
            row.resolved_at, row.resolved_by = now, by
            row.save(update_fields=["resolved_at", "resolved_by"])
            record(by=by, now=now, verb="resolve", obj=row, summary=f"Đánh dấu ý kiến đã sửa: {obj}")
            text = f"{by} đánh dấu đã sửa ở {obj}: “{_excerpt(row.text)}”"
            notify(to=_still_seeing(row.author, obj), kind=Notice.Kind.COMMENT, text=text, now=now,
                   path=path_of(row, obj), by=by, scope=row.permission_scope)  # fmt: skip
    return row


def _still_seeing(user: User, obj: Discussed) -> list[User]:
    return [user] if type(obj)._default_manager.visible_to(user).filter(pk=obj.pk).exists() else []


def withdraw(*, comment: Comment, by: User, now: datetime) -> Comment:
    """Take one's own comment back: its words are shown to nobody any more, its place and the answers stay.

    Doing it twice changes nothing. Raises NotAllowed for anybody else's.
    """
    with acting(by=by, verb="withdraw_comment"):
        row = Comment.objects.select_for_update(of=("self",)).select_related("agency", "council").get(pk=comment.pk)
        if row.author_id != by.pk:
            raise NotAllowed("Chỉ người viết rút được ý kiến của mình. Ý kiến không có gì thay đổi.")
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            row.save(update_fields=["withdrawn_at"])
            # What it told people goes with it; a later remark of the day that nobody was told of takes its place.
            Notice.objects.filter(sender=by, path=path_of(row), at=row.at, read_at__isnull=True).delete()
            _tell_of_another(row, by)
            record(by=by, now=now, verb="withdraw_comment", obj=row, summary=f"Rút ý kiến: {object_of(row)}")
    return row
