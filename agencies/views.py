"""Pages of agencies, of the people in them, and of what became of them. No page here shows tasks or reports."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from agencies import clock, membership, register
from agencies.forms import AgencyFilter, AgencyForm, SuccessionForm
from agencies.imports.agencies_list import COLUMNS
from agencies.models import AGENCY_ROLES, Agency, Council, Membership, RecordEntry, Role, User
from agencies.once import once
from agencies.pages import Action, address, answer, crumbs, posted
from agencies.permissions import Perm, access, can, get_for, grants_of
from agencies.privacy import Reach
from agencies.tables.listing import Column, list_file
from agencies.vietnamese import fold

PAGE = 100  # a province has about 130 agencies
RECENT = 30  # lines of the record on a page; the whole of it has its own page
# The part of the record that belongs here: agencies, roles and accounts, never the business done in them.
_OWN_RECORD = tuple(model._meta.label_lower for model in (Agency, Membership, User, Council))
_ROLE_ORDER = {role: place for place, role in enumerate(Role.values)}
_MANAGERS = (Perm.MANAGE_AGENCIES, Perm.MANAGE_ACCOUNTS)


@dataclass(frozen=True)
class Person:
    """A role on the page, with the contact as the reader may see it."""

    member: Membership
    reach: Reach
    actions: list[Action] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One agency in the list."""

    agency: Agency
    state: tuple[str, str]
    counts: list[int] | None  # people per role of AGENCY_ROLES; None when not for the reader

    @property
    def labelled(self) -> list[tuple[str, int]]:
        """Each count with its role's name, for a narrow window where the head of the table is not shown."""
        return [(role.label, count) for role, count in zip(AGENCY_ROLES, self.counts or [], strict=False)]


def _state(agency: Agency, today) -> tuple[str, str]:
    """What the agency is today: the badge's key and its word."""
    if today < agency.valid_from:
        return "not_started", "Chưa hiệu lực"
    return ("active", "Đang hoạt động") if agency.exists_on(today) else ("superseded", "Đã kết thúc")


def _in_state(agencies, state: str, today):
    match state:
        case "ton-tai":
            return agencies.in_force(today)
        case "da-ket-thuc":
            return agencies.filter(valid_to__lte=today)
        case "chua-hieu-luc":
            return agencies.filter(valid_from__gt=today)
    return agencies


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK, *_MANAGERS)
@require_safe
def agency_list(request):
    """The agencies that the person may see, in protocol order, with what they are today."""
    today, grants = clock.today(), grants_of(request.user)
    managed = grants.councils(Perm.MANAGE_AGENCIES) | grants.councils(Perm.MANAGE_ACCOUNTS)
    narrow = AgencyFilter(request.GET)
    narrow.is_valid()
    agencies = Agency.objects.visible_to(request.user).select_related("council", "parent")
    for word in fold(narrow.cleaned_data.get("q", "")).split():
        agencies = agencies.filter(folded__contains=word)
    agencies = _in_state(agencies, narrow.cleaned_data.get("trang_thai", ""), today)
    if managed:
        agencies = agencies.annotate(
            **{
                f"people_{role.value}": Count(
                    "memberships", filter=Q(memberships__left_on__isnull=True, memberships__role=role)
                )
                for role in AGENCY_ROLES
            }
        )
    agencies = agencies.order_by("council__code", "protocol_order", "code")
    columns = [*COLUMNS, Column("Tình trạng", lambda agency: _state(agency, today)[1], 18)]
    if file := list_file(request, name="co-quan", title="Cơ quan", columns=columns, rows=agencies):
        return file
    page = Paginator(agencies, PAGE).get_page(request.GET.get("page"))
    rows = [
        Row(
            agency,
            _state(agency, today),
            [getattr(agency, f"people_{role.value}") for role in AGENCY_ROLES]
            if agency.council_id in managed
            else None,
        )
        for agency in page
    ]
    councils = list(Council.objects.visible_to(request.user))
    actions = []
    if grants.holds(Perm.MANAGE_AGENCIES):
        actions.append(Action("Thêm cơ quan", reverse("agency-create"), "plus", primary=True))
        actions.append(Action("Nhập từ Excel", reverse("register-import", args=["co-quan"]), "arrow-up-tray"))
    if managed:
        actions.append(Action("Tài khoản", reverse("account-register"), "users"))
    elif grants.holds(Perm.APPROVE_REPORT) or grants.holds(Perm.VIEW_SUMMARY):
        actions.append(Action("Rà soát tài khoản", reverse("account-review"), "users"))
    context = {
        "narrow": narrow,
        "narrowed": bool(request.GET.get("q") or request.GET.get("trang-thai")),
        "page_obj": page,
        "rows": rows,
        "roles": [role.label for role in AGENCY_ROLES] if managed else [],
        "councils": councils,
        "several": len(councils) > 1,
        "actions": actions,
        "start": actions[1] if grants.holds(Perm.MANAGE_AGENCIES) else None,  # the whole list from a file
        "today": today,
    }
    return render(request, "agencies/list.html", context)


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK, *_MANAGERS)
@require_safe
def agency_detail(request, pk: int):
    """One agency: its facts, where it came from and what followed it, its people, its record."""
    agency = get_for(request.user, Agency.objects.select_related("council", "parent"), pk=pk)
    actions = []
    if can(request.user, Perm.VIEW_WORK, agency):
        # The page is the reports room's; here only its address is known.
        actions.append(Action("Bàn giao", reverse("agency-handover", args=[pk]), "hand-raised"))
    if can(request.user, Perm.MANAGE_AGENCIES, agency):
        actions.append(Action("Sắp xếp tổ chức", reverse("agency-succession", args=[pk]), "arrows-right-left"))
        actions.append(Action("Sửa", reverse("agency-edit", args=[pk]), "pencil-square"))
    context = {
        "agency": agency,
        "state": _state(agency, clock.today()),
        "origins": agency.origins.select_related("predecessor"),
        "successions": agency.successions.select_related("successor"),
        "children": agency.children.order_by("protocol_order", "code"),
        # Those who see one agency only read the names of the others, without a way to their pages.
        "linked": agency.council_id in grants_of(request.user).council_wide,
        "crumbs": crumbs(),
        "actions": actions + _people_actions(request.user, agency),
        **_people(request.user, agency),
        **_record(request.user, agency),
    }
    return render(request, "agencies/detail.html", context)


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK, *_MANAGERS)
@require_safe
def council_detail(request, code: str):
    """A council: its facts and who holds a role in it."""
    council = get_for(request.user, Council.objects.select_related("standing_agency"), code=code)
    standing = council.standing_agency
    context = {
        "council": council,
        "standing_ended": standing is not None and not standing.exists_on(clock.today()),
        "linked": council.pk in grants_of(request.user).council_wide,
        "crumbs": crumbs(),
        "actions": _people_actions(request.user, council),
        **_people(request.user, council),
        **_record(request.user, council),
    }
    return render(request, "agencies/council.html", context)


def _people_actions(user, scope: Agency | Council) -> list[Action]:
    if not can(user, Perm.MANAGE_ACCOUNTS, scope):
        return []
    prefix, key = ("", scope.pk) if isinstance(scope, Agency) else ("council-", scope.code)
    return [
        Action("Giao vai trò", reverse(f"{prefix}membership-create", args=[key]), "user-plus"),
        Action("Tạo tài khoản", reverse(f"{prefix}account-create", args=[key]), "plus", primary=True),
    ]


def _people(user, scope: Agency | Council) -> dict:
    """Who holds a role there now, and who did; how to reach them, whole or masked (agencies/privacy.py)."""
    manages = can(user, Perm.MANAGE_ACCOUNTS, scope)
    members = sorted(scope.memberships.select_related("user"), key=lambda member: _ROLE_ORDER[member.role])
    present = [member for member in members if member.left_on is None]
    past = sorted((m for m in members if m.left_on is not None), key=lambda member: member.left_on, reverse=True)

    def actions(member: Membership) -> list[Action]:
        if not manages or member.user_id == user.pk:
            return []
        data = Action("Dữ liệu cá nhân", reverse("person-data", args=[member.user_id]), "identification")
        ending = Action("Kết thúc vai trò", reverse("membership-end", args=[member.pk]), "user-minus")
        closing = Action("Đóng tài khoản", reverse("account-close", args=[member.user_id]), "lock-closed", danger=True)
        return [ending, closing, data] if member.user.is_active else [ending, data]

    def person(member: Membership) -> Person:
        return Person(member, Reach.of(member.user, reader=user, scope=scope), actions(member))

    return {
        "people": [person(member) for member in present],
        "past": past,
        "manages": manages,
        "start": _people_actions(user, scope)[-1] if manages else None,
        "previews": manages or can(user, Perm.MANAGE_AGENCIES, scope),
    }


def _record(user, scope: Agency | Council) -> dict:
    lines = RecordEntry.objects.visible_to(user).filter(object_type__in=_OWN_RECORD)
    if isinstance(scope, Agency):
        shown = can(user, Perm.VIEW_AGENCY_RECORD, scope)
        lines = lines.filter(agency=scope)
    else:
        shown = can(user, Perm.VIEW_COUNCIL_RECORD, scope)
        lines = lines.filter(council=scope, agency__isnull=True)
    if not shown:
        return {"record": None, "record_limit": RECENT}
    return {"record": list(lines[:RECENT]), "record_limit": RECENT}


@access(Perm.MANAGE_AGENCIES)
@once
def agency_create(request):
    """Enter an agency."""
    form = AgencyForm(posted(request), user=request.user)

    def act(form):
        agency = register.create_agency(**form.cleaned_data, by=request.user, now=clock.now())
        messages.success(request, f"Đã thêm cơ quan {agency.name}.")
        return address(agency)

    return answer(
        request,
        form,
        act,
        heading="Thêm cơ quan",
        crumbs=crumbs(),
        submit="Thêm cơ quan",
        back=reverse("agency-list"),
    )


@access(Perm.MANAGE_AGENCIES)
def agency_edit(request, pk: int):
    """Amend the facts of an agency."""
    agency = get_for(request.user, Agency.objects.select_related("council"), Perm.MANAGE_AGENCIES, pk=pk)
    form = AgencyForm(posted(request), user=request.user, agency=agency)

    def act(form):
        register.amend_agency(agency=agency, by=request.user, now=clock.now(), **form.changes())
        messages.success(request, "Đã lưu thông tin cơ quan.")
        return address(agency)

    intro = ""
    if register.has_past(agency):
        intro = (
            "Cơ quan này đã có nhiệm vụ, báo cáo hoặc hoạt động: chỉ sửa được lỗi chính tả trong tên. "
            "Khi cơ quan đổi tên, hãy dùng “Sắp xếp tổ chức”, để văn bản cũ giữ tên cũ."
        )
    return answer(
        request,
        form,
        act,
        heading=f"Sửa: {agency.short_name}",
        intro=intro,
        crumbs=crumbs(agency),
        submit="Lưu",
        back=address(agency),
    )


def _waiting(old: Agency, count: int) -> str:
    """What remains to be done after a succession, with the way to it."""
    return format_html(
        '{} nhiệm vụ của {} chờ giao lại. <a href="{}?co-quan={}">Xem các nhiệm vụ này</a>',
        count,
        old.name,
        reverse("task-list"),
        old.pk,
    )


@access(Perm.MANAGE_AGENCIES)
@once
def agency_succession(request, pk: int):
    """Record that an agency was merged, split, renamed, or gave away a function."""
    agency = get_for(request.user, Agency.objects.select_related("council", "parent"), Perm.MANAGE_AGENCIES, pk=pk)
    form = SuccessionForm(posted(request), user=request.user, agency=agency)

    def act(form):
        data = form.cleaned_data
        common = {
            "predecessors": [agency, *data["others"]],
            "kind": data["kind"],
            "on": data["effective_on"],
            "document_number": data["document_number"],
            "hand_over_people": data["hand_over_people"],
            "by": request.user,
            "now": clock.now(),
        }
        if successor := data["successor"]:
            membership.succeed(successor=successor, **common)
        else:
            successor = register.found_successor(
                name=data["new_name"], short_name=data["new_short_name"], code=data["new_code"], **common
            )
        messages.success(
            request, f"Đã ghi nhận {successor} kế thừa {', '.join(str(old) for old in common['predecessors'])}."
        )
        if data["kind"] in membership.ENDING_KINDS:
            for old, count in register.tasks_to_hand_over(common["predecessors"]):
                messages.warning(request, _waiting(old, count))
        return address(successor)

    return answer(
        request,
        form,
        act,
        heading=f"Sắp xếp tổ chức: {agency.short_name}",
        intro=(
            f"Hợp nhất, chia tách hoặc đổi tên. Cơ quan cũ: {agency.name}. "
            "Hợp nhất, sáp nhập và đổi tên kết thúc cơ quan cũ từ ngày ghi nhận; chia, "
            "tách và chuyển chức năng thì không. Báo cáo và nhiệm vụ đã có giữ tên cũ; nhiệm vụ đang làm ở lại "
            "với cơ quan cũ cho đến khi Thư ký giao lại."
        ),
        crumbs=crumbs(agency),
        submit="Ghi nhận sắp xếp tổ chức",
        back=address(agency),
    )
