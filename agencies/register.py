"""The list of agencies: entering one, amending its facts, and founding the one that follows others.

An agency is never renamed in place once something was done under its name (domain.md §5.2): past papers print the
name of their day. Such a change is a succession (agencies/membership.py).
"""

import re
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from agencies.errors import Incomplete, NotAllowed, WrongState
from agencies.history import acting, record
from agencies.membership import ENDING_KINDS, succeed
from agencies.models import Agency, Council, Succession, User
from agencies.permissions import Perm, can
from agencies.vietnamese import clean, fold_words

# It stands in addresses (…/bao-cao/2024-q2/cong-an/).
_CODE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
# What may be amended; the code and the council are for ever.
AMENDABLE = (
    "name",
    "short_name",
    "aliases",
    "abbreviation",
    "parent",
    "valid_from",
    "valid_to",
    "requires_approval",
    "protocol_order",
)
# Business that other rooms hang on an agency: the reverse relations in which its name has been used.
_USED_IN = ("assignments", "reports", "activities", "plan_parties")


def suggested_code(short_name: str) -> str:
    """The code made from a short name: 'Sở Tư pháp' → 'so-tu-phap'."""
    return fold_words(short_name).replace(" ", "-")[:40].strip("-")


def has_past(agency: Agency) -> bool:
    """Whether tasks, reports or other business have been entered under the agency's name."""
    return any(getattr(agency, name).exists() for name in _USED_IN if hasattr(agency, name))


def tasks_to_hand_over(agencies: list[Agency]) -> list[tuple[Agency, int]]:
    """How many tasks each of the agencies still has a part in, without those that have none.

    They stay with it after a succession until the secretariat gives them to another (``succeed``).
    """
    # The assignments belong to another room; here they are known only as what hangs on an agency (``_USED_IN``).
    counted = [(agency, agency.assignments.filter(date_to__isnull=True).count()) for agency in agencies]
    return [(agency, count) for agency, count in counted if count]


def create_agency(
    *,
    council: Council,
    name: str,
    short_name: str,
    valid_from: date,
    by: User | None,
    now: datetime,
    code: str = "",
    aliases: list[str] | tuple[str, ...] = (),
    abbreviation: str = "",
    parent: Agency | None = None,
    valid_to: date | None = None,
    requires_approval: bool = False,
    protocol_order: int = 100,
    following: list[Agency] | tuple[Agency, ...] = (),
) -> Agency:
    """Enter an agency in a council's list; without a code, one is made from the short name.

    ``following`` are the agencies that it is about to succeed: those may bear the same name. Raises NotAllowed unless
    ``by`` manages the council's agencies (None is the system), Incomplete when a name is missing, and WrongState when
    the code is taken, another agency of the time bears the name, or dates and parent do not fit.
    """
    _require_manager(by, council)
    agency = Agency(
        council=council,
        name=clean(name),
        short_name=clean(short_name),
        code=code or _free_code(council, short_name, valid_from),
        aliases=_tidy(aliases),
        abbreviation=clean(abbreviation),
        parent=parent,
        valid_from=valid_from,
        valid_to=valid_to,
        requires_approval=requires_approval,
        protocol_order=protocol_order,
    )
    _check(agency, following)
    try:
        with acting(by=by, verb="create_agency"):
            agency.save()
            record(by=by, now=now, verb="create_agency", obj=agency, summary=f"Thêm cơ quan {agency.name}")
    except IntegrityError as error:
        raise WrongState(f"Mã “{agency.code}” đã có trong {council}. Hãy chọn mã khác.") from error
    return agency


def amend_agency(*, agency: Agency, by: User | None, now: datetime, **changes) -> Agency:
    """Amend facts of an agency: the names of ``AMENDABLE``. What is already so changes nothing and leaves no record.

    Raises NotAllowed, WrongState for a new name when something was done under the old one (spelling alone may be put
    right: the same letters, other diacritics or case) or dates that contradict a succession, and Incomplete for an
    empty name; then nothing is written.
    """
    _require_manager(by, agency.council)
    if unknown := set(changes) - set(AMENDABLE):
        raise TypeError(f"not amendable: {sorted(unknown)}")
    with acting(by=by, verb="amend_agency"):
        stored = Agency.objects.select_for_update(of=("self",)).select_related("council").get(pk=agency.pk)
        changed = {}
        for name, value in changes.items():
            if name == "aliases":
                value = _tidy(value)
            elif isinstance(value, str):
                value = clean(value)
            if getattr(stored, name) != value:
                changed[name] = value
        if not changed:
            return stored
        _refuse_renaming(stored, changed)
        for name, value in changed.items():
            setattr(stored, name, value)
        _check(stored, ())
        if {"valid_from", "valid_to"} & set(changed):
            _check_successions(stored, ends_anew="valid_to" in changed)
        stored.save()
        labels = [str(Agency._meta.get_field(name).verbose_name) for name in AMENDABLE if name in changed]
        record(
            by=by,
            now=now,
            verb="amend_agency",
            obj=stored,
            summary=f"Sửa thông tin cơ quan {stored.name}: {', '.join(labels)}",
        )
    return stored


@transaction.atomic
def found_successor(
    *,
    predecessors: list[Agency],
    kind: Succession.Kind,
    on: date,
    name: str,
    short_name: str,
    by: User | None,
    now: datetime,
    code: str = "",
    document_number: str = "",
    hand_over_people: bool = True,
) -> Agency:
    """Enter a new agency and let it follow the others from its first day on: both or neither.

    It takes its place in the list, its parent and its way of approving from the first predecessor. Raises what
    ``create_agency`` and ``succeed`` raise.
    """
    if not predecessors:
        raise Incomplete("Chọn ít nhất một cơ quan cũ.")
    first = predecessors[0]
    successor = create_agency(
        council=first.council,
        code=code,
        name=name,
        short_name=short_name,
        valid_from=on,
        parent=first.parent if first.parent and first.parent.exists_on(on) else None,
        requires_approval=any(old.requires_approval for old in predecessors),
        protocol_order=first.protocol_order,
        by=by,
        now=now,
        following=predecessors if kind in ENDING_KINDS else (),
    )
    succeed(
        predecessors=predecessors,
        successor=successor,
        kind=kind,
        on=on,
        by=by,
        now=now,
        document_number=document_number,
        hand_over_people=hand_over_people,
    )
    return successor


def _require_manager(by: User | None, council: Council) -> None:
    if by is not None and not can(by, Perm.MANAGE_AGENCIES, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được thêm, sửa cơ quan.")


def _free_code(council: Council, short_name: str, valid_from: date) -> str:
    """The suggested code, with the year behind it when an older agency already has it (a namesake it follows)."""
    code = suggested_code(short_name)
    if code and council.agencies.filter(code=code).exists():
        return f"{code[:35]}-{valid_from.year}"
    return code


def _tidy(aliases) -> list[str]:
    """Aliases without empty ones and repetitions, in the order given."""
    return list(dict.fromkeys(filter(None, map(clean, aliases))))


def _refuse_renaming(stored: Agency, changed: dict) -> None:
    renamed = [
        name
        for name in ("name", "short_name")
        if name in changed and fold_words(changed[name]) != fold_words(getattr(stored, name))
    ]
    if renamed and has_past(stored):
        raise WrongState(
            f"“{stored.name}” đã có nhiệm vụ, báo cáo hoặc hoạt động mang tên này, nên không đổi tên tại chỗ: "
            "văn bản cũ phải giữ tên cũ. Hãy dùng “Sắp xếp tổ chức”, hình thức “Đổi tên”. Chưa có gì bị thay đổi."
        )


def _check(agency: Agency, following) -> None:
    """Raise Incomplete or WrongState, in words, unless the facts of the agency fit together."""
    missing = []
    if not agency.name:
        missing.append("Nhập tên đầy đủ của cơ quan.")
    if not agency.short_name:
        missing.append("Nhập tên ngắn của cơ quan.")
    if agency.short_name and not agency.code:
        missing.append("Nhập mã: không tạo được mã từ tên ngắn.")
    elif agency.code and not _CODE.fullmatch(agency.code):
        missing.append(f"Mã “{agency.code[:40]}” chỉ được gồm chữ không dấu, chữ số, gạch nối, tối đa 40 ký tự.")
    if missing:
        raise Incomplete(*missing)
    if agency.valid_to is not None and agency.valid_to <= agency.valid_from:
        raise WrongState("Ngày kết thúc phải sau ngày bắt đầu hoạt động.")
    if agency.parent is not None:
        _check_parent(agency)
    for other in _of_the_same_time(agency).exclude(pk__in=[old.pk for old in following]):
        if fold_words(other.name) == fold_words(agency.name):
            raise WrongState(f"Hội đồng đã có cơ quan “{other.name}” (mã {other.code}) trong cùng thời gian.")


def _of_the_same_time(agency: Agency):
    """The other agencies of the council whose existence overlaps with this one's."""
    others = Agency.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=agency.valid_from))
    if agency.valid_to is not None:
        others = others.filter(valid_from__lt=agency.valid_to)
    return others.filter(council_id=agency.council_id).exclude(pk=agency.pk)


def _check_parent(agency: Agency) -> None:
    if agency.parent.council_id != agency.council_id:
        raise WrongState("Cơ quan cấp trên phải thuộc cùng hội đồng.")
    parents = dict(Agency.objects.filter(council_id=agency.council_id).values_list("pk", "parent_id"))
    above = agency.parent_id
    while above is not None and agency.pk is not None:
        if above == agency.pk:
            raise WrongState(f"{agency.parent} trực thuộc {agency}, nên không thể là cấp trên của {agency}.")
        above = parents.get(above)


def _check_successions(agency: Agency, *, ends_anew: bool) -> None:
    ended = agency.successions.filter(kind__in=ENDING_KINDS).select_related("successor").first()
    if ended and ends_anew:
        raise WrongState(
            f"{agency} đã được {ended.successor} kế thừa từ {ended.effective_on:%d/%m/%Y}; "
            "ngày kết thúc theo văn bản đó, không sửa riêng."
        )
    for row in agency.origins.select_related("predecessor"):
        if not agency.exists_on(row.effective_on):
            raise WrongState(
                f"{agency} kế thừa {row.predecessor} từ {row.effective_on:%d/%m/%Y}: phải đang hoạt động ngày đó."
            )
    for row in agency.successions.select_related("successor"):
        if row.effective_on <= agency.valid_from:
            raise WrongState(
                f"{row.successor} kế thừa {agency} từ {row.effective_on:%d/%m/%Y}: phải hoạt động từ trước đó."
            )
