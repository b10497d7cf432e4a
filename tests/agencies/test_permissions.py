"""Who holds what: the table of roles, groups that can be made again, grants that cannot drift unseen."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from agencies.models import (
    AGENCY_ROLES,
    COUNCIL_ROLES,
    Agency,
    AgencyGroupPermission,
    AgencyUserPermission,
    Council,
    CouncilGroupPermission,
    CouncilUserPermission,
    Role,
)
from agencies.permissions import (
    AGENCY_PERMS,
    COUNCIL_PERMS,
    ROLE_PERMISSIONS,
    Perm,
    access,
    can,
    drift,
    ensure_group,
    forget_grants,
    get_for,
    grants_of,
    group_name,
    require,
)

# The same rights as in domain.md §8.1, written out once more: a change of the table must be meant.
ON_AN_AGENCY = {
    "liaison": {"view_work", "record_progress", "submit_report", "view_agency_record"},
    "approver": {"view_work", "approve_report", "view_agency_record"},
    "viewer": {"view_work"},
}
ON_A_COUNCIL = {
    "secretary": {
        "view_council_work",
        "view_summary",
        "manage_plans",
        "coordinate_periods",
        "review_reports",
        "consolidate",
        "manage_agencies",
        "view_council_record",
    },
    "leader": {"view_council_work", "view_summary"},
    "administrator": {"manage_accounts", "view_council_record"},
}


def stored(model, scope) -> dict[str, set[str]]:
    """Group name → codenames, as the database has them for one scope."""
    held: dict[str, set[str]] = {}
    for name, codename in model.objects.filter(content_object=scope).values_list("group__name", "permission__codename"):
        held.setdefault(name, set()).add(codename)
    return held


def test_grants_of_one_agency_and_one_council(world):
    a, council = world.agencies["a"], world.council
    for scope, roles in ((a, AGENCY_ROLES), (council, COUNCIL_ROLES)):
        for role in roles:
            ensure_group(scope, role)
    assert stored(AgencyGroupPermission, a) == {f"agency-{a.pk}-{role}": held for role, held in ON_AN_AGENCY.items()}
    assert stored(CouncilGroupPermission, council) == {
        f"council-{council.pk}-{role}": held for role, held in ON_A_COUNCIL.items()
    }


def test_who_may_do_what(world):
    """One line a person: what is held on agency a, and on the council."""
    a, council = world.agencies["a"], world.council
    table = {
        name: (
            {perm.value for perm in AGENCY_PERMS if can(user, perm, a)},
            {perm.value for perm in COUNCIL_PERMS if can(user, perm, council)},
        )
        for name, user in world.people.items()
    }
    nothing = (set(), set())
    assert table == {
        "officer_a": (ON_AN_AGENCY["liaison"], set()),
        "approver_a": (ON_AN_AGENCY["approver"], set()),
        "viewer_a_officer_b": ({"view_work"}, set()),
        "secretary": ({"view_work", "view_agency_record"}, ON_A_COUNCIL["secretary"]),
        "leader": ({"view_work"}, ON_A_COUNCIL["leader"]),
        "administrator": ({"view_agency_record"}, ON_A_COUNCIL["administrator"]),
        "officer_b": nothing,
        "officer_c": nothing,
        "officer_stp": nothing,
        "other_secretary": nothing,
        "officer_x": nothing,
        "outsider": nothing,
        "inactive": nothing,
    }
    assert not any(can(AnonymousUser(), perm, a) for perm in Perm)


def test_no_grant_goes_to_a_person_and_a_superuser_is_nobody(world, django_user_model):
    assert not AgencyUserPermission.objects.exists() and not CouncilUserPermission.objects.exists()
    root = django_user_model.objects.create_superuser("goc", password="x", full_name="Gốc")
    assert not any(can(root, perm, scope) for perm in Perm for scope in (world.agencies["a"], world.council))
    assert not Agency.objects.visible_to(root).exists()
    # A permission without an object, Django's ordinary kind, opens nothing either.
    officer = world.people["officer_b"]
    officer.user_permissions.add(Permission.objects.get(codename="view_work"))
    forget_grants(officer)
    assert not can(officer, Perm.VIEW_WORK, world.agencies["a"])


def test_the_vocabulary_is_the_models(world):
    assert {perm.value for perm in Perm} == {perm.value for perm in AGENCY_PERMS | COUNCIL_PERMS}
    assert not AGENCY_PERMS & COUNCIL_PERMS
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert all(ROLE_PERMISSIONS[role] <= AGENCY_PERMS for role in AGENCY_ROLES)
    assert all(ROLE_PERMISSIONS[role] <= COUNCIL_PERMS for role in COUNCIL_ROLES)
    with pytest.raises(ValueError):
        can(world.people["secretary"], "view_wrok", world.council)
    with pytest.raises(TypeError):
        can(world.people["secretary"], Perm.VIEW_WORK, world.plan)


def test_making_groups_again_changes_nothing(world):
    def picture():
        return (
            sorted(Group.objects.values_list("pk", "name")),
            sorted(AgencyGroupPermission.objects.values_list("pk", flat=True)),
            sorted(CouncilGroupPermission.objects.values_list("pk", flat=True)),
        )

    before = picture()
    for _ in range(2):
        ensure_group(world.agencies["a"], Role.LIAISON)
        ensure_group(world.council, Role.SECRETARY)
    assert picture() == before


def test_a_group_is_put_right(world):
    a = world.agencies["a"]
    rows = AgencyGroupPermission.objects.filter(content_object=a, group__name=group_name(a, Role.VIEWER))
    rows.update(permission=Permission.objects.get(codename="submit_report"))
    assert can(_fresh(world, "viewer_a_officer_b"), Perm.SUBMIT_REPORT, a)
    ensure_group(a, Role.VIEWER)
    assert not can(_fresh(world, "viewer_a_officer_b"), Perm.SUBMIT_REPORT, a)
    assert not list(drift())


def _fresh(world, name):
    forget_grants(world.people[name])
    return world.people[name]


def tamper_with_member(world):
    world.people["officer_b"].groups.add(Group.objects.get(name=group_name(world.agencies["a"], Role.LIAISON)))
    return "mà không có vai trò"


def tamper_by_removing(world):
    world.people["officer_a"].groups.clear()
    return "nhưng không ở trong nhóm"


def tamper_with_rights(world):
    a = world.agencies["a"]
    AgencyGroupPermission.objects.create(
        group=Group.objects.get(name=group_name(a, Role.VIEWER)),
        permission=Permission.objects.get(codename="submit_report"),
        content_object=a,
    )
    return "khác với bảng vai trò"


def tamper_across_agencies(world):
    AgencyGroupPermission.objects.create(
        group=Group.objects.get(name=group_name(world.agencies["b"], Role.LIAISON)),
        permission=Permission.objects.get(codename="view_work"),
        content_object=world.agencies["a"],
    )
    return "khác với bảng vai trò"


def tamper_with_a_group_of_ones_own(world):
    CouncilGroupPermission.objects.create(
        group=Group.objects.create(name="ban-be"),
        permission=Permission.objects.get(codename="manage_accounts"),
        content_object=world.council,
    )
    return "ban-be"


def tamper_by_emptying(world):
    AgencyGroupPermission.objects.filter(group__name=group_name(world.agencies["a"], Role.LIAISON)).delete()
    return "không có quyền nào"


def tamper_for_one_person(world):
    CouncilUserPermission.objects.create(
        user=world.people["outsider"],
        permission=Permission.objects.get(codename="view_summary"),
        content_object=world.council,
    )
    return "cấp thẳng cho cá nhân"


@pytest.mark.parametrize(
    "tamper",
    [
        tamper_with_member,
        tamper_by_removing,
        tamper_with_rights,
        tamper_across_agencies,
        tamper_with_a_group_of_ones_own,
        tamper_by_emptying,
        tamper_for_one_person,
    ],
)
def test_tampering_is_seen(world, tamper):
    assert list(drift()) == []
    words = tamper(world)
    assert any(words in line for line in drift())


def test_what_each_person_sees(world):
    def seen(name):
        return set(Agency.objects.visible_to(world.people[name])), set(Council.objects.visible_to(world.people[name]))

    a, b = world.agencies["a"], world.agencies["b"]
    ours, theirs = set(world.council.agencies.all()), set(world.other_council.agencies.all())
    for name in ("secretary", "leader", "administrator"):
        assert seen(name) == (ours, {world.council})
    assert seen("officer_a") == seen("approver_a") == ({a}, {world.council})
    assert seen("viewer_a_officer_b") == ({a, b}, {world.council})
    assert seen("other_secretary") == (theirs, {world.other_council})
    assert seen("outsider") == seen("inactive") == (set(), set())


def test_grants_are_read_once_and_in_one_query(world, django_assert_num_queries):
    user = type(world.people["secretary"]).objects.get(username="viewer_a_officer_b")
    with django_assert_num_queries(1):
        for _ in range(3):
            for agency in world.agencies.values():
                can(user, Perm.VIEW_WORK, agency)
                can(user, Perm.MANAGE_AGENCIES, agency)
            grants_of(user).holds(Perm.VIEW_SUMMARY)


def test_get_for(world):
    officer, secretary, a = world.people["officer_a"], world.people["secretary"], world.agencies["a"]
    assert get_for(officer, Agency.objects, pk=a.pk) == a
    assert get_for(secretary, Agency.objects, Perm.RECORD_PROGRESS, Perm.MANAGE_AGENCIES, pk=a.pk) == a
    with pytest.raises(PermissionDenied):
        get_for(officer, Agency.objects, Perm.MANAGE_AGENCIES, pk=a.pk)
    with pytest.raises(Http404):
        get_for(officer, Agency.objects, Perm.MANAGE_AGENCIES, pk=world.agencies["b"].pk)
    with pytest.raises(PermissionDenied):
        require(officer, Perm.APPROVE_REPORT, a)


def test_a_view_has_exactly_one_rule():
    for rule in ({}, {"public": "a", "signed_in": "b"}):
        with pytest.raises(TypeError):
            access(**rule)
    with pytest.raises(TypeError):
        access(Perm.VIEW_WORK, public="also")
    with pytest.raises(ValueError):
        access("view_wrok")
    assert access(Perm.VIEW_WORK)(lambda request: None).access_rule["perms"] == (Perm.VIEW_WORK,)


def test_the_mark_on_a_view(world):
    @access(Perm.MANAGE_AGENCIES)
    def view(request):
        return "in"

    def ask(user, **headers):
        request = RequestFactory().get("/co-quan/them/", headers=headers)
        request.user = user
        return view(request)

    assert ask(world.people["secretary"]) == "in"
    for name in ("officer_a", "leader", "administrator", "outsider"):
        with pytest.raises(PermissionDenied):
            ask(world.people[name])
    assert ask(AnonymousUser())["Location"].startswith("/dang-nhap/?next=")
    answer = ask(AnonymousUser(), hx_request="true")
    assert (answer.status_code, answer["HX-Redirect"][:11]) == (204, "/dang-nhap/")
