"""Double counting (rule V26): records of one event by several agencies, found at every save and counted once.

The lead's record counts, else the first recorded; the others say with whom they are counted (``Activity.same_as``).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from agencies.errors import NotAllowed, WrongState
from agencies.history import acting, record
from agencies.models import Agency
from agencies.permissions import Perm, can
from agencies.workflow import check_reason
from campaigns.models import Activity, Assignment, DifferentEvents
from campaigns.same_event import Event, counted_with, events_around, look_alike

_LOCK = 26  # the class of the advisory lock, after the rule's number


def hold_events(council_id: int) -> None:
    """Let one save at a time settle a council's events, until the transaction ends.

    Two agencies that record one event at the same instant would not see each other otherwise. Taken before any row is
    locked, so that two verbs cannot wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, council_id])


def settle_events(*, council_id: int, days: Iterable[date], around: Iterable[int], by, now: datetime) -> None:
    """Decide for these days which records are counted with which. Inside a verb's transaction, after ``hold_events``.

    ``around``: ids of the activities that changed, and of those they were counted with; what has nothing to do with
    them stands as it was. Only what changes is written, with a line on the record of each activity concerned.
    """
    touched = set(around)
    for day in sorted(set(days)):
        activities = {
            activity.pk: activity
            for activity in Activity.objects.standing()
            .filter(agency__council=council_id, held_on=day)
            .select_related("agency", "same_as__agency")
        }
        events = [Event(pk, row.agency_id, row.title, row.place, row.recorded_at) for pk, row in activities.items()]
        seeds = {pk for pk, row in activities.items() if pk in touched or row.same_as_id in touched}
        members, alike = events_around(events, seeds)
        wanted = counted_with(members, _pairs(alike, day))
        changed = [activities[pk] for pk, head in wanted.items() if activities[pk].same_as_id != head]
        before = {activity.pk: activity.same_as for activity in changed}
        for activity in changed:
            activity.same_as, activity.same_as_at = None, None
        _save(changed)
        moved = [activity for activity in changed if wanted[activity.pk] is not None]
        for activity in moved:
            activity.same_as, activity.same_as_at = activities[wanted[activity.pk]], now
        _save(moved)
        for activity in changed:
            _tell(activity, before[activity.pk], by, now)


def _save(activities: list[Activity]) -> None:
    # One row at a time: a day has few, and the trigger sees each.
    for activity in activities:
        activity.save(update_fields=["same_as", "same_as_at"])


def _tell(activity: Activity, before: Activity | None, by, now: datetime) -> None:
    head = activity.same_as
    if head is None:
        summary = f"Hoạt động được tính trở lại, không còn tính chung với hoạt động của {before.agency}: {activity}"
        record(by=by, now=now, verb="count_alone", obj=activity, summary=summary)
        return
    summary = f"Cùng sự kiện với hoạt động của {head.agency}, đã tính ở hoạt động đó (V26): {activity}"
    record(by=by, now=now, verb="count_with", obj=activity, summary=summary)
    summary = f"Hoạt động cùng sự kiện của {activity.agency} được tính ở hoạt động này (V26): {head}"
    record(by=by, now=now, verb="count_for_both", obj=head, summary=summary)


def _pairs(alike: list[tuple[Event, Event]], day: date) -> dict[tuple[int, int], int | None]:
    """Of records that look alike, those of agencies with a task in common, not said to differ; with the lead's."""
    if not alike:
        return {}
    ids = {event.id for pair in alike for event in pair}
    apart = set(DifferentEvents.objects.filter(first__in=ids, second__in=ids).values_list("first_id", "second_id"))
    served = defaultdict(set)
    through = Activity.tasks.through.objects.filter(activity__in=ids)
    for activity_id, task_id in through.values_list("activity_id", "task_id"):
        served[activity_id].add(task_id)
    tasks, leads = _parts(day, {event.agency for pair in alike for event in pair})
    found = {}
    for one, other in alike:
        shared = served[one.id] & served[other.id]
        together = tasks[one.agency] & tasks[other.agency]
        if (one.id, other.id) in apart or not (shared or together):
            continue
        # Whose task it is: the one both serve, else one that either serves, else any that they have together.
        meant = shared or together & (served[one.id] | served[other.id]) or together
        leading = {event.id for event in (one, other) if meant & leads[event.agency]}
        found[one.id, other.id] = leading.pop() if len(leading) == 1 else None
    return found


def _parts(day: date, agencies: set[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Agency → the tasks in which it has a part on the day; agency → those it leads."""
    rows = Assignment.objects.filter(Q(date_to__isnull=True) | Q(date_to__gt=day), agency__in=agencies)
    tasks, leads = defaultdict(set), defaultdict(set)
    for task_id, agency_id, role in rows.values_list("task_id", "agency_id", "role"):
        tasks[agency_id].add(task_id)
        if role == Assignment.Role.LEAD:
            leads[agency_id].add(task_id)
    return tasks, leads


def say_different(*, activity: Activity, other: Activity, by, now: datetime, reason: str) -> DifferentEvents:
    """Somebody of the activity's agency says that it and the other are two events: both count, for good.

    Saying it again finds what was said. Raises NotAllowed; Incomplete without a reason of 10 characters; WrongState
    when the two are not counted together.
    """
    if not can(by, Perm.RECORD_PROGRESS, activity.agency):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {activity.agency} xác nhận được việc này.")
    reason = check_reason(reason)
    first, second = sorted((activity.pk, other.pk))
    with acting(by=by, verb="say_different", reason=reason):
        hold_events(activity.agency.council_id)
        if said := DifferentEvents.objects.filter(first=first, second=second).first():
            return said
        now_stored = Activity.objects.in_bulk([first, second])
        if not any(row.same_as_id in (first, second) for row in now_stored.values()):
            raise WrongState("Hai hoạt động này không được tính chung; không có gì phải xác nhận.")
        said = DifferentEvents.objects.create(first_id=first, second_id=second, reason=reason, said_by=by, said_at=now)
        for row, apart in ((activity, other), (other, activity)):
            summary = f"Không cùng sự kiện với hoạt động của {apart.agency}, tính riêng từng hoạt động: {row}"
            record(by=by, now=now, verb="say_different", obj=row, summary=summary, reason=reason)
        council_id, around = activity.agency.council_id, [first, second]
        settle_events(council_id=council_id, days=[activity.held_on], around=around, by=by, now=now)
    return said


def own_twin(*, agency: Agency, title: str, place: str, held_on: date) -> Activity | None:
    """What the agency itself has recorded already of that day in the same words; None when there is nothing like it.

    It is asked about before a second record is written: both would count.
    """
    typed = Event(0, 0, title, place, datetime.max)
    for known in Activity.objects.counted().filter(agency=agency, held_on=held_on).order_by("pk"):
        if look_alike(typed, Event(known.pk, agency.pk, known.title, known.place, known.recorded_at)):
            return known
    return None
