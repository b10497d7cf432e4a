"""A person's data, handed to them and erased at their request, without the record losing its truth.

What the law gives a person (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15): to know, to receive, to have erased. What was
done in office stays: the account remains as a number under which the deeds stand, without name and without a way to
reach anybody. The chained lines keep the words that were true when they were written; no page and no list shows the
name any more (``Pseudonyms``).
"""

import re
from datetime import datetime

from django.db import transaction

from agencies.errors import NotAllowed, WrongState
from agencies.history import Placed, acting, place_of, record
from agencies.membership import close_account, councils_of, keep_an_administrator
from agencies.models import (
    ERASED_USERNAME,
    CalendarFeed,
    Comment,
    Council,
    Notice,
    RecordEntry,
    RegisterImport,
    SavedView,
    User,
)
from agencies.permissions import Perm, grants_of
from agencies.workflow import check_reason

ERASED = "Người dùng số {pk} (đã xóa tên)"
_PARTICULARS = {
    "username": "tên đăng nhập",
    "full_name": "họ và tên",
    "position": "chức vụ",
    "phone": "điện thoại",
    "email": "thư điện tử",
    "is_active": "đang hoạt động",
    "date_joined": "lập lúc",
    "last_login": "đăng nhập gần nhất",
}


def _managed(by: User | None, person: User, what: str) -> Council | None:
    """The council that answers for the person. Raises NotAllowed unless ``by`` manages all that know them."""
    known = councils_of(person)
    if by is not None:
        mine = grants_of(by).councils(Perm.MANAGE_ACCOUNTS)
        if not mine or person.is_superuser or not known <= mine:
            raise NotAllowed(
                f"Bạn không được {what}: tài khoản thuộc cả hội đồng khác hoặc ngoài phạm vi quản trị của bạn. "
                "Không có gì thay đổi; hãy đề nghị quản trị của mọi hội đồng có tài khoản này."
            )
    return Council.objects.filter(pk__in=known).order_by("pk").first()


def personal_data(*, person: User, by: User | None, now: datetime) -> dict:
    """Everything that the portal holds about a person, to be handed to them. It is itself on the record.

    Business that they did in office is listed by its lines in the record, not copied: it is not theirs.
    Raises NotAllowed unless ``by`` is the person or manages the accounts of every council that knows them.
    """
    if by != person:
        _managed(by, person, "xuất dữ liệu cá nhân của người này")
    about = RecordEntry.objects.filter(object_type=User._meta.label_lower, object_id=person.pk)
    lines = (about | RecordEntry.objects.filter(actor=person)).order_by("pk")
    data = {
        "tài khoản": {words: getattr(person, name) for name, words in _PARTICULARS.items()},
        "vai trò": [
            {"vai trò": m.get_role_display(), "tại": str(m.scope), "từ": m.joined_on, "đến": m.left_on}
            for m in person.memberships.select_related("agency", "council")
        ],
        "ý kiến đã viết": list(Comment.objects.filter(author=person).order_by("pk").values("at", "text")),
        "thông báo đã nhận": list(Notice.objects.filter(recipient=person).order_by("pk").values("at", "text")),
        "bộ lọc đã lưu": list(SavedView.objects.filter(owner=person).order_by("pk").values("name", "query")),
        "có địa chỉ lịch riêng": CalendarFeed.objects.filter(user=person).exists(),
        "nhật ký": [
            {"lúc": line.at, "việc": line.summary, "từ địa chỉ": line.address, "người làm": line.actor_name}
            for line in lines.iterator(500)
        ],
    }
    with acting(by=by, verb="export_person"):
        summary = f"Xuất dữ liệu cá nhân của {person}"
        place = Placed(person, place_of(person))
        record(by=by, now=now, verb="export_person", obj=place, summary=summary, kind=RecordEntry.Kind.EXPORT)
    return data


@transaction.atomic
def erase_person(*, person: User, by: User | None, now: datetime, reason: str) -> User:
    """Close the account, end its roles, and replace name and particulars: what was done stays under a number.

    Erasing twice changes nothing. Raises NotAllowed unless ``by`` manages the accounts of every council that knows the
    person, and for oneself; Incomplete without a reason; WrongState for the last administrator of a council.
    """
    reason = check_reason(reason)
    council = _managed(by, person, "xóa dữ liệu cá nhân của người này")
    if by == person:
        raise NotAllowed("Không ai tự xóa tài khoản của chính mình; hãy đề nghị một quản trị khác.")
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.is_erased:
        return person
    keep_an_administrator(person=person, councils=councils_of(person))
    if by is not None:
        for known in Council.objects.filter(pk__in=councils_of(person)):
            close_account(user=person, by=by, now=now, council=known)
        person.refresh_from_db()
    elif person.memberships.filter(left_on__isnull=True).exists():
        raise WrongState("Tài khoản còn giữ vai trò. Hãy đóng tài khoản trên trang Cơ quan trước, rồi xóa dữ liệu.")
    with acting(by=by, verb="erase_person", reason=reason):
        person.username, person.full_name = ERASED_USERNAME.format(pk=person.pk), ERASED.format(pk=person.pk)
        person.position = person.phone = person.email = ""
        person.is_active, person.last_login = False, None
        person.set_unusable_password()
        person.save()
        Notice.objects.filter(recipient=person).delete()
        SavedView.objects.filter(owner=person, agency=None, council=None).delete()  # shared ones are others' too
        CalendarFeed.objects.filter(user=person).delete()
        _forget_in_imports(person)
        summary = f"Xóa tên và cách liên hệ của tài khoản số {person.pk} theo đề nghị; việc đã làm được giữ"
        place = Placed(person, council)
        record(by=by, now=now, verb="erase_person", obj=place, summary=summary, reason=reason)
    return person


def _forget_in_imports(person: User) -> None:
    """What an import of people knew to undo itself: the particulars before it, no longer anybody's to bring back."""
    for batch in RegisterImport.objects.filter(kind=RegisterImport.Kind.PEOPLE).select_for_update():
        done = [row | {"before": {}} if row.get("pk") == person.pk and row.get("before") else row for row in batch.done]
        if done != batch.done:
            batch.done = done
            batch.save(update_fields=["done"])


class Pseudonyms:
    """The names of erased persons, and what stands in their place wherever old words are shown.

    Read from the versions of their accounts, once, when the first text is asked about.
    """

    def __init__(self):
        self._names: list[tuple[re.Pattern, str]] | None = None

    def instead(self, text: str) -> str:
        """The text with the number in place of every erased person's name."""
        if self._names is None:
            self._names = self._read()
        for name, number in self._names:
            text = name.sub(number, text)
        return text

    @staticmethod
    def _read() -> list[tuple[re.Pattern, str]]:
        mark = ERASED_USERNAME.format(pk="")
        erased = list(User.objects.filter(username__startswith=mark, is_active=False).values_list("pk", flat=True))
        versions = User.pgh_event_model.objects.filter(pgh_obj_id__in=erased).exclude(full_name="")
        rows = versions.values_list("full_name", "username", "pgh_obj_id").distinct()
        names = {(name, pk) for full_name, username, pk in rows for name in (full_name, username)}
        # Somebody else may bear the same name: their deeds keep it.
        names_only = [name for name, _pk in names]
        shared = set(User.objects.filter(full_name__in=names_only).values_list("full_name", flat=True))
        ordered = sorted(names, key=lambda each: (-len(each[0]), each))
        return [
            (re.compile(rf"(?<!\w){re.escape(name)}(?!\w)"), ERASED.format(pk=pk))
            for name, pk in ordered
            if name not in shared and not name.startswith(mark)
        ]
