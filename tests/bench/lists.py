"""Permission-filtered lists through the ORM: a count and a page of fifty, against other designs of permission.

Ours: the grants on agencies and councils read first, as ids, behind the wall. Beside it the same without the wall, then
plain foreign keys from the person's roles, then django-guardian with a row per task. The rows per task are made for
the tasks of one council, in a transaction that is taken back: of a country they would be many more, so what is told
of guardian there is at its best.
"""

from collections.abc import Callable, Iterator
from copy import copy

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from guardian.shortcuts import get_objects_for_user  # noqa: TID251 (what we are measured against)

from agencies import wall
from agencies.models import Membership, Role
from agencies.permissions import forget_grants
from campaigns.models import Assignment, Plan, Task
from tests.bench.measure import OURS, Goal, Measure, Side, rolled_back
from tests.bench.site import Site
from tests.bench.statements import captured

PAGE = 50
_GRANT = """
INSERT INTO guardian_groupobjectpermission (object_pk, content_type_id, group_id, permission_id)
SELECT DISTINCT t.id::text, %(type)s, g.id, %(permission)s
FROM campaigns_task t JOIN campaigns_plan p ON p.id = t.plan_id JOIN campaigns_assignment a ON a.task_id = t.id
JOIN auth_group g ON g.name IN ('agency-' || a.agency_id || '-liaison', 'agency-' || a.agency_id || '-approver',
                                'agency-' || a.agency_id || '-viewer')
WHERE t.council_id = %(council)s AND p.state = ANY(%(published)s)
UNION ALL
SELECT t.id::text, %(type)s, g.id, %(permission)s
FROM campaigns_task t JOIN auth_group g ON g.name IN ('council-' || t.council_id || '-secretary',
                                                      'council-' || t.council_id || '-leader')
WHERE t.council_id = %(council)s
"""


def measures(site: Site) -> Iterator[Measure]:
    """The officer's and the secretary's list."""
    with rolled_back():
        granted = grant_each_task(site)
        for who in ("officer", "secretary"):
            yield list_measure(site, who, granted)


def grant_each_task(site: Site) -> int:
    """Give guardian a row for each task of the council and each group that sees it; how many."""
    with connection.cursor() as cursor:
        given = {
            "type": ContentType.objects.get_for_model(Task).pk,
            "permission": Permission.objects.get(codename="view_task", content_type__app_label="campaigns").pk,
            "council": site.council.pk,
            "published": [str(state) for state in Plan.PUBLISHED],
        }
        cursor.execute(_GRANT, given)
        granted = cursor.rowcount
        cursor.execute("ANALYZE guardian_groupobjectpermission")
    return granted


def page_of(tasks) -> tuple[int, list[int]]:
    """How many tasks, and the ids of the first fifty, read with their plans and sections."""
    count = tasks.count()
    rows = tasks.select_related("plan", "section").order_by("plan", "sort_order", "pk")[:PAGE]
    return count, [task.pk for task in rows]


def list_measure(site: Site, who: str, granted: int) -> Measure:
    """One person's list in every design."""
    user = getattr(site, who)

    def grants_first():
        person = copy(user)
        forget_grants(person)
        return page_of(Task.objects.visible_to(person))

    def ours():
        with wall.for_person(user.pk):
            return grants_first()

    def plain():
        return page_of(_by_role(user, who))

    def guarded():
        person = copy(user)
        for kept in [name for name in vars(person) if name.endswith("_perm_cache")]:
            delattr(person, kept)
        return page_of(get_objects_for_user(person, "campaigns.view_task", Task))

    return Measure(
        f"task list, {who}: count and a page",
        "lists",
        (
            Side(OURS, ours, queries=_queries(ours)),
            Side("without the wall", grants_first),
            Side("plain keys", plain, queries=_queries(plain)),
            Side("guardian per task", guarded, queries=_queries(guarded)),
        ),
        (
            Goal(2, "list ÷ plain foreign keys", "plain keys", at_most=1.3),
            Goal(2, "guardian per task ÷ ours", "guardian per task", at_least=8),
        ),
        note=f"{granted} guardian rows, of this council's tasks alone",
    )


def _by_role(user, who: str):
    members = Membership.objects.filter(user=user, left_on=None)
    if who == "officer":
        agencies = list(members.filter(agency__isnull=False).values_list("agency", flat=True))
        mine = Assignment.objects.filter(agency__in=agencies).values("task")
        return Task.objects.filter(pk__in=mine, plan__state__in=Plan.PUBLISHED)
    councils = list(members.filter(role=Role.SECRETARY).values_list("council", flat=True))
    return Task.objects.filter(council__in=councils)


def _queries(call: Callable) -> int:
    with captured() as statements:
        call()
    return len(statements)
