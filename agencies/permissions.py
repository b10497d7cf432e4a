"""Who may do what: the one place that asks, and the only caller of django-guardian.

Grants are given on ``Agency`` and ``Council``, to groups: one group per agency and role, one per council and role.
Tasks, reports and files ask the agency or council they belong to (``obj.permission_scope``). A person's grants are
read once per request, as lists of ids, and every list filters on those ids.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from guardian.shortcuts import assign_perm, get_perms, remove_perm

from agencies import wall
from agencies.models import (
    Agency,
    AgencyGroupPermission,
    AgencyUserPermission,
    Council,
    CouncilGroupPermission,
    CouncilUserPermission,
    Membership,
    Role,
)


class Perm(StrEnum):
    """The vocabulary. A misspelt permission is an AttributeError, never a silent 'no'."""

    # on an agency
    VIEW_WORK = "view_work"
    RECORD_PROGRESS = "record_progress"
    SUBMIT_REPORT = "submit_report"
    APPROVE_REPORT = "approve_report"
    VIEW_AGENCY_RECORD = "view_agency_record"
    # on a council
    VIEW_COUNCIL_WORK = "view_council_work"
    VIEW_SUMMARY = "view_summary"
    MANAGE_PLANS = "manage_plans"
    COORDINATE_PERIODS = "coordinate_periods"
    REVIEW_REPORTS = "review_reports"
    CONSOLIDATE = "consolidate"
    MANAGE_AGENCIES = "manage_agencies"
    MANAGE_ACCOUNTS = "manage_accounts"
    VIEW_COUNCIL_RECORD = "view_council_record"


# domain.md §8.1, row by row. Deny by default; an administrator sees no business data.
ROLE_PERMISSIONS: dict[Role, frozenset[Perm]] = {
    Role.LIAISON: frozenset({Perm.VIEW_WORK, Perm.RECORD_PROGRESS, Perm.SUBMIT_REPORT, Perm.VIEW_AGENCY_RECORD}),
    Role.APPROVER: frozenset({Perm.VIEW_WORK, Perm.APPROVE_REPORT, Perm.VIEW_AGENCY_RECORD}),
    Role.VIEWER: frozenset({Perm.VIEW_WORK}),
    Role.SECRETARY: frozenset(
        {
            Perm.VIEW_COUNCIL_WORK,
            Perm.VIEW_SUMMARY,
            Perm.MANAGE_PLANS,
            Perm.COORDINATE_PERIODS,
            Perm.REVIEW_REPORTS,
            Perm.CONSOLIDATE,
            Perm.MANAGE_AGENCIES,
            Perm.VIEW_COUNCIL_RECORD,
        }
    ),
    Role.LEADER: frozenset({Perm.VIEW_COUNCIL_WORK, Perm.VIEW_SUMMARY}),
    Role.ADMINISTRATOR: frozenset({Perm.MANAGE_ACCOUNTS, Perm.VIEW_COUNCIL_RECORD}),
}

# Holding the right on the council is holding it on each of its agencies.
IMPLIED_BY_COUNCIL = {
    Perm.VIEW_WORK: Perm.VIEW_COUNCIL_WORK,
    Perm.VIEW_AGENCY_RECORD: Perm.VIEW_COUNCIL_RECORD,
}
# Those who see the whole list of agencies of a council, with or without its business.
COUNCIL_WIDE = frozenset({Perm.VIEW_COUNCIL_WORK, Perm.MANAGE_AGENCIES, Perm.MANAGE_ACCOUNTS})


@dataclass(frozen=True)
class Grants:
    """What one person may do: permission → ids of the agencies, and of the councils, where it holds."""

    on_agency: dict[Perm, frozenset[int]] = field(default_factory=dict)
    on_council: dict[Perm, frozenset[int]] = field(default_factory=dict)
    agency_councils: frozenset[int] = frozenset()

    def agencies(self, perm: Perm) -> frozenset[int]:
        """Ids of the agencies on which the permission is held directly."""
        return self.on_agency.get(Perm(perm), frozenset())

    def councils(self, perm: Perm) -> frozenset[int]:
        """Ids of the councils on which the permission, or the one that implies it, is held."""
        perm = Perm(perm)
        held = self.on_council.get(perm, frozenset())
        if implied := IMPLIED_BY_COUNCIL.get(perm):
            held |= self.on_council.get(implied, frozenset())
        return held

    def holds(self, perm: Perm) -> bool:
        """Whether the permission is held anywhere at all."""
        return bool(self.agencies(perm) or self.councils(perm))

    @property
    def all_agencies(self) -> frozenset[int]:
        return frozenset().union(*self.on_agency.values())

    @property
    def all_councils(self) -> frozenset[int]:
        return self.agency_councils.union(*self.on_council.values())

    @property
    def council_wide(self) -> frozenset[int]:
        return frozenset().union(*(self.on_council.get(perm, frozenset()) for perm in COUNCIL_WIDE))

    def within(self, *, agencies: frozenset[int], councils: frozenset[int]) -> "Grants":
        """The part of the grants that is held on these agencies and councils."""
        return Grants(
            {perm: kept for perm, ids in self.on_agency.items() if (kept := ids & agencies)},
            {perm: kept for perm, ids in self.on_council.items() if (kept := ids & councils)},
            self.agency_councils & councils,
        )


NO_GRANTS = Grants()


class StandIn:
    """Somebody of whom nothing is known but what they may do: for composing a question before it is asked."""

    is_authenticated = is_active = True

    def __init__(self, grants: Grants):
        self._grants = grants


def grants_of(user) -> Grants:
    """The person's grants, read in one query and kept on the user for the request. Nobody inactive has any."""
    if not user.is_authenticated or not user.is_active:
        return NO_GRANTS
    if not hasattr(user, "_grants"):
        user._grants = _read_grants(user)
    return user._grants


def forget_grants(user) -> None:
    """Read the grants anew at the next question (after a membership changed)."""
    user.__dict__.pop("_grants", None)


def limit_grants(user, *, agencies: frozenset[int], councils: frozenset[int]) -> Grants:
    """From now on this object of a person answers only for these agencies and councils; nothing is stored.

    For looking at what somebody sees without looking into other councils (portal/preview.py).
    """
    user._grants = grants_of(user).within(agencies=agencies, councils=councils)
    return user._grants


def _read_grants(user) -> Grants:
    # What somebody holds does not depend on who asks, nor on whether the wall of their own request stands already.
    with wall.also_of(user.pk):
        return _grants_in_reach(user)


def _grants_in_reach(user) -> Grants:
    columns = ("permission__codename", "content_object_id")
    agency_rows = AgencyGroupPermission.objects.filter(group__user=user).values_list(
        *columns, "content_object__council_id"
    )
    council_rows = CouncilGroupPermission.objects.filter(group__user=user).values_list(*columns, "content_object_id")
    on_agency: dict[Perm, set[int]] = {}
    on_council: dict[Perm, set[int]] = {}
    councils = set()
    for codename, object_id, council_id in agency_rows.union(council_rows, all=True):
        perm = Perm(codename)
        # The vocabulary of agencies and councils does not overlap, so the codename tells the table.
        (on_agency if perm in AGENCY_PERMS else on_council).setdefault(perm, set()).add(object_id)
        councils.add(council_id)
    return Grants(
        {perm: frozenset(ids) for perm, ids in on_agency.items()},
        {perm: frozenset(ids) for perm, ids in on_council.items()},
        frozenset(councils),
    )


AGENCY_PERMS = frozenset(Perm(codename) for codename, _label in Agency._meta.permissions)
COUNCIL_PERMS = frozenset(Perm(codename) for codename, _label in Council._meta.permissions)


def can(user, perm: Perm, scope: Agency | Council) -> bool:
    """Whether the person holds the permission on that agency or council.

    Raises ValueError for a permission that is not in the vocabulary, TypeError for a scope that carries no grants.
    """
    perm, grants = Perm(perm), grants_of(user)
    if isinstance(scope, Agency):
        return scope.pk in grants.agencies(perm) or scope.council_id in grants.councils(perm)
    if isinstance(scope, Council):
        return scope.pk in grants.councils(perm)
    raise TypeError(f"{scope!r} carries no grants")


def require(user, perm: Perm, scope: Agency | Council) -> None:
    """Raise PermissionDenied unless ``can``."""
    if not can(user, perm, scope):
        raise PermissionDenied


def get_for(user, queryset, *perms: Perm, **lookup):
    """The object, for this person: 404 when it is not theirs to see, 403 when it is not theirs to change.

    Any one of ``perms`` is enough; with none, seeing is enough.
    """
    obj = queryset.visible_to(user).filter(**lookup).first()
    if obj is None:
        raise Http404
    if perms and not any(can(user, perm, obj.permission_scope) for perm in perms):
        raise PermissionDenied
    return obj


def access(*perms: Perm, public: str = "", signed_in: str = ""):
    """Mark a view with its rule: any one of ``perms`` held anywhere, or ``public``/``signed_in`` with the reason.

    The mark refuses only those who hold the permission nowhere; the object itself is asked by ``get_for``. A view
    without a mark fails a test (tests/test_access.py).
    """
    if bool(perms) + bool(public) + bool(signed_in) != 1:
        raise TypeError("a view has exactly one rule")
    perms = tuple(Perm(perm) for perm in perms)

    def decorate(view):
        @functools.wraps(view)
        def guarded(request, *args, **kwargs):
            if public:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return _ask_to_sign_in(request)
            if perms and not any(grants_of(request.user).holds(perm) for perm in perms):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access_rule = {"perms": perms, "public": public, "signed_in": signed_in}
        return guarded

    return decorate


# Set by the shell: what to answer when a session ended while somebody was typing (portal/unfinished.py).
sign_in_keeping_typed = None


def _ask_to_sign_in(request):
    if request.method == "POST" and sign_in_keeping_typed is not None:
        return sign_in_keeping_typed(request)
    response = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        response.status_code, response["HX-Redirect"] = 204, response["Location"]
    return response


# --- groups: the only writers of permission rows ------------------------------------------------------------------


def group_name(scope: Agency | Council, role: Role) -> str:
    """The stable name of the group of one scope and role, e.g. 'agency-12-liaison'."""
    return f"{type(scope).__name__.lower()}-{scope.pk}-{Role(role).value}"


def ensure_group(scope: Agency | Council, role: Role) -> Group:
    """The group of that scope and role, holding exactly the role's permissions. Safe to repeat."""
    group, _created = Group.objects.get_or_create(name=group_name(scope, role))
    held, wanted = set(get_perms(group, scope)), {perm.value for perm in ROLE_PERMISSIONS[Role(role)]}
    for codename in wanted - held:
        assign_perm(codename, group, scope)
    for codename in held - wanted:
        remove_perm(codename, group, scope)
    return group


def drift() -> Iterable[str]:
    """Differences between memberships and grants, in words; nothing when all is well (``check_integrity``)."""
    wanted: dict[tuple[str, int], None] = {}
    for member in Membership.objects.filter(left_on__isnull=True).select_related("agency", "council"):
        wanted[(group_name(member.scope, member.role), member.user_id)] = None
    held = set(
        Group.objects.filter(name__regex=r"^(agency|council)-\d+-").exclude(user=None).values_list("name", "user")
    )
    for name, user_id in sorted(set(wanted) - held):
        yield f"Người dùng số {user_id} có vai trò nhưng không ở trong nhóm quyền {name}."
    for name, user_id in sorted(held - set(wanted)):
        yield f"Người dùng số {user_id} ở trong nhóm quyền {name} mà không có vai trò tương ứng."
    for model in (AgencyUserPermission, CouncilUserPermission):
        if count := model.objects.count():
            yield f"Có {count} quyền cấp thẳng cho cá nhân trong bảng {model._meta.db_table}."
    granted = set()
    for model, kind in ((AgencyGroupPermission, "agency"), (CouncilGroupPermission, "council")):
        rows: dict[tuple[str, int], set[str]] = {}
        for name, object_id, codename in model.objects.values_list(
            "group__name", "content_object_id", "permission__codename"
        ):
            rows.setdefault((name, object_id), set()).add(codename)
        for (name, object_id), codenames in sorted(rows.items()):
            granted.add(name)
            expected = _expected(name, kind, object_id)
            if codenames != expected:
                yield f"Nhóm {name} có quyền {sorted(codenames)} khác với bảng vai trò {sorted(expected)}."
    for name in sorted({name for name, _user_id in wanted} - granted):
        yield f"Nhóm {name} có người nhưng không có quyền nào."


def _expected(name: str, kind: str, object_id: int) -> set[str]:
    """What the group of that name may hold on that agency or council; nothing for any other group."""
    for role in Role:
        if name == f"{kind}-{object_id}-{role.value}":
            return {perm.value for perm in ROLE_PERMISSIONS[role]}
    return set()
