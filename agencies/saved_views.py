"""Filters of a list, kept under a name: which filters each list knows, and what one may do with a kept one."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction

from agencies.errors import BusinessError, Incomplete, NotAllowed
from agencies.fields import stored
from agencies.history import acting, record
from agencies.models import Agency, Council, SavedView, User
from agencies.permissions import grants_of
from agencies.vietnamese import clean

MOST = 30  # kept by one person for one list
LONGEST_VALUE = 200
LONGEST_NAME = 60


@dataclass(frozen=True)
class ListOf:
    """A list: the name of its address and the filters that may stand in it (in the order of its form)."""

    url_name: str
    filters: tuple[str, ...]


LISTS = {
    SavedView.List.PLANS: ListOf("plan-list", ("q", "trang-thai")),
    SavedView.List.TASKS: ListOf("task-list", ("q", "ke-hoach", "co-quan", "vai-tro", "tinh-trang", "han")),
    SavedView.List.ACTIVITIES: ListOf(
        "activity-list", ("q", "co-quan", "hinh-thuc", "doi-tuong", "tu", "den", "da-rut", "nhiem-vu", "xem")
    ),
    SavedView.List.REPORTS: ListOf("report-home", ("trang-thai", "co-quan")),
    SavedView.List.INDICATORS: ListOf("indicator-list", ("q", "nhom", "ai-bao-cao", "nguon")),
    SavedView.List.RECORD: ListOf("record", ("tu", "den", "q", "loai", "agency", "nguoi")),
}


def filters_in(list_name: str, query: str) -> str:
    """What of an address's query are filters of that list, in one order and without empty ones; '' for none."""
    given = {name: clean(value.replace("\x00", ""))[:LONGEST_VALUE] for name, value in parse_qsl(query)}
    return urlencode([(name, given[name]) for name in LISTS[SavedView.List(list_name)].filters if given.get(name)])


def save_view(
    *,
    by: User,
    now: datetime,
    list_name: str,
    name: str,
    query: str,
    agency: Agency | None = None,
    council: Council | None = None,
) -> SavedView:
    """Keep the filters of a list under a name, for oneself or shared with one's agency or council.

    Saving under a name that one has already used for the list replaces what it held. Raises Incomplete without a name
    or without filters, NotAllowed when sharing where one has no role.
    """
    if list_name not in SavedView.List.values:
        raise BusinessError("Danh sách này không lưu được bộ lọc.")
    name, query = _name(name), filters_in(list_name, query)
    if not query:
        raise Incomplete("Chưa có điều kiện lọc nào để lưu. Hãy chọn điều kiện, bấm Lọc, rồi lưu.")
    if len(query) > 1000:
        raise Incomplete("Điều kiện lọc quá dài nên không lưu được. Hãy rút ngắn từ cần tìm.")
    grants = grants_of(by)
    if agency and agency.pk not in grants.all_agencies:
        raise NotAllowed("Chỉ dùng chung được bộ lọc trong cơ quan mà bạn có vai trò.")
    if council and council.pk not in frozenset().union(*grants.on_council.values()):
        raise NotAllowed("Chỉ người có vai trò ở hội đồng mới dùng chung bộ lọc trong hội đồng.")
    values = {"query": query, "agency": agency, "council": council, "saved_at": now}
    mine = SavedView.objects.kept().filter(owner=by, list_name=list_name)
    with acting(by=by, verb="save_view"):
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows of one person come one after the other
        if mine.exclude(name=name).count() >= MOST:
            raise BusinessError(f"Bạn đã lưu {MOST} bộ lọc cho danh sách này. Hãy bỏ bớt bộ lọc không dùng nữa.")
        view, _created = mine.update_or_create(
            name=name, defaults=values, create_defaults=values | {"owner": by, "list_name": list_name}
        )
        if view.permission_scope:
            summary = f"Dùng chung bộ lọc “{name}” của danh sách {view.get_list_name_display()}"
            record(by=by, now=now, verb="save_view", obj=view, summary=summary)
    return view


def rename_view(*, view: SavedView, by: User, now: datetime, name: str) -> SavedView:
    """Give one's view another name. Raises NotAllowed for another person's, BusinessError for a name already used."""
    with acting(by=by, verb="rename_view"):
        view, name = _own(view, by), _name(name)
        if view.name != name:
            view.name = name
            _write(view)
    return view


def remove_view(*, view: SavedView, by: User, now: datetime) -> SavedView:
    """Take one's view away; ``restore_view`` brings it back. Safe to repeat."""
    with acting(by=by, verb="remove_view"):
        view = _own(view, by)
        if view.removed_at is None:
            view.removed_at = now
            view.save()
    return view


def restore_view(*, view: SavedView, by: User, now: datetime) -> SavedView:
    """Bring back a view that one removed. Raises BusinessError when its name was used again meanwhile."""
    with acting(by=by, verb="restore_view"):
        view = _own(view, by)
        if view.removed_at is not None:
            view.removed_at = None
            _write(view)
    return view


def _name(name: str) -> str:
    name = clean(stored(name))
    if not name:
        raise Incomplete("Hãy đặt tên cho bộ lọc, ví dụ “Quá hạn của đơn vị tôi”.")
    if len(name) > LONGEST_NAME:
        raise Incomplete(f"Tên bộ lọc dài quá {LONGEST_NAME} ký tự. Hãy rút ngắn.")
    return name


def _own(view: SavedView, by: User) -> SavedView:
    """The view as stored, held for this transaction; only its owner changes it."""
    if view.owner_id != by.pk:
        raise NotAllowed("Chỉ người đã lưu bộ lọc mới sửa hoặc bỏ được bộ lọc đó.")
    return SavedView.objects.select_for_update(of=("self",)).select_related("agency", "council").get(pk=view.pk)


def _write(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise BusinessError(f"Bạn đã có bộ lọc tên “{view.name}” cho danh sách này. Hãy chọn tên khác.") from error
