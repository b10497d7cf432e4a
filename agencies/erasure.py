"""A person's data, handed to them and erased at their request, without the record losing its truth.

What the law gives a person (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15): to know, to receive, to have erased. What was
done in office stays: the account remains as a number under which the deeds stand, without name and without a way to
reach anybody. The chained lines keep the words that were true when they were written; no page and no list shows the
name any more (agencies/pseudonyms.py).
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from agencies import locks, wall
from agencies.errors import NotAllowed, WrongState
from agencies.history import Placed, acting, place_of, record
from agencies.membership import close_account, councils_of, keep_an_administrator
from agencies.models import (
    ERASED_USERNAME,
    CalendarFeed,
    Comment,
    Council,
    FormerPassword,
    LongWork,
    Notice,
    RecordEntry,
    RegisterImport,
    SavedView,
    SentForm,
    Session,
    User,
)
from agencies.permissions import Perm, grants_of
from agencies.pseudonyms import ERASED, Pseudonyms
from agencies.workflow import check_reason

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
    with wall.everywhere():  # theirs whatever councils whoever asks may see
        data = _held(person)
    with acting(by=by, verb="export_person"):
        summary = f"Xuất dữ liệu cá nhân của {person}"
        place = Placed(person, place_of(person))
        record(by=by, now=now, verb="export_person", obj=place, summary=summary, kind=RecordEntry.Kind.EXPORT)
    return data


def _held(person: User) -> dict:
    about = RecordEntry.objects.filter(object_type=User._meta.label_lower, object_id=person.pk)
    lines = (about | RecordEntry.objects.filter(actor=person)).order_by("pk")
    comments = Comment.objects.filter(author=person).order_by("pk")
    notices = Notice.objects.filter(recipient=person).order_by("pk")
    others = Pseudonyms()  # what other people asked to have erased is not handed to this one
    return {
        "tài khoản": {words: getattr(person, name) for name, words in _PARTICULARS.items()},
        "vai trò": [
            {"vai trò": m.get_role_display(), "tại": str(m.scope), "từ": m.joined_on, "đến": m.left_on}
            for m in person.memberships.select_related("agency", "council")
        ],
        "ý kiến đã viết": [{"at": row.at, "text": others.instead(row.text)} for row in comments.iterator(500)],
        "thông báo đã nhận": [{"at": row.at, "text": others.instead(row.text)} for row in notices.iterator(500)],
        "bộ lọc đã lưu": list(SavedView.objects.filter(owner=person).order_by("pk").values("name", "query")),
        "công việc dài đã đặt": list(
            LongWork.objects.filter(ordered_by=person).order_by("pk").values("title", "ordered_at", "state")
        ),
        "có địa chỉ lịch riêng": CalendarFeed.objects.filter(user=person).exists(),
        "phiên làm việc": [
            {"từ": row.started_at, "dùng gần nhất": row.seen_at, "từ địa chỉ": row.address, "trình duyệt": row.browser}
            for row in Session.objects.filter(user=person).order_by("started_at")
        ],
        "xác thực hai bước": [
            {"loại": row.get_type_display(), "tên": row.data.get("name", ""), "lập lúc": row.created_at}
            for row in Authenticator.objects.filter(user=person).order_by("pk")
        ],
        "tài khoản đăng nhập một lần": list(
            SocialAccount.objects.filter(user=person).order_by("pk").values("provider", "uid", "extra_data")
        ),
        "nhật ký": [
            {
                "lúc": line.at,
                "việc": others.in_line(line, line.summary),
                "từ địa chỉ": line.address if line.is_visit_of(person) else None,
                "người làm": others.actor(line),
            }
            for line in lines.iterator(500)
        ],
    }


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
    if by is None and person.memberships.filter(left_on__isnull=True).exists():
        raise WrongState("Tài khoản còn giữ vai trò. Hãy đóng tài khoản trên trang Cơ quan trước, rồi xóa dữ liệu.")
    with acting(by=by, verb="erase_person", reason=reason):
        locks.forget_tries(person)  # counted under the name
        # The name goes first: what closing the account writes and tells to others is about a number already.
        person.username, person.full_name = ERASED_USERNAME.format(pk=person.pk), ERASED.format(pk=person.pk)
        person.position = person.phone = person.email = ""
        person.save()
    if by is not None:
        for known in Council.objects.filter(pk__in=councils_of(person)):
            close_account(user=person, by=by, now=now, council=known)
        person.refresh_from_db()
    with acting(by=by, verb="erase_person", reason=reason):
        person.is_active, person.last_login = False, None
        person.set_unusable_password()
        person.save()
        for model in (FormerPassword, Session, SentForm, CalendarFeed, Authenticator, SocialAccount, EmailAddress):
            model.objects.filter(user=person).delete()
        Notice.objects.filter(recipient=person).delete()
        SavedView.objects.filter(owner=person, agency=None, council=None).delete()  # shared ones are others' too
        _forget_in_imports(person)
        summary = f"Xóa tên và cách liên hệ của tài khoản số {person.pk} theo đề nghị; việc đã làm được giữ"
        place = Placed(person, council)
        record(by=by, now=now, verb="erase_person", obj=place, summary=summary, reason=reason)
    return person


def _forget_in_imports(person: User) -> None:
    """What an import of people knew to undo itself: the particulars before and after, nobody's to bring back."""
    for batch in RegisterImport.objects.filter(kind=RegisterImport.Kind.PEOPLE).select_for_update():
        done = [row | {"before": {}, "after": {}} if row.get("pk") == person.pk else row for row in batch.done]
        if done != batch.done:
            batch.done = done
            batch.save(update_fields=["done"])
