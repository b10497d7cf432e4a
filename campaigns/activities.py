"""Verbs of activities: record, amend, withdraw, restore.

An activity carries its own date and counts; periods are computed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError

from agencies import clock
from agencies.errors import Incomplete, NotAllowed, StaleVersion, WrongState
from agencies.history import acting, record
from agencies.models import Agency
from agencies.permissions import Perm, can
from agencies.workflow import check_reason
from campaigns.activity_figures import Site, settled, wrong_figures
from campaigns.doubles import hold_events, settle_events
from campaigns.models import Activity, ActivityFigure, ActivitySite, Indicator, Task


def notes_on_day(agency: Agency, day: date, *, withdrawn: bool = False) -> list[str]:
    """Warnings about a day that is saved, or ``withdrawn``, all the same (rule V07). The reports room, which knows the
    periods, puts its own in place of this one when the site starts."""
    return []


def wrong_in_activity(
    *,
    agency: Agency,
    title: str,
    held_on: date,
    tasks: Iterable[Task],
    figures: Mapping[str, Decimal],
    sites: Sequence[Site] = (),
    today: date,
) -> list[tuple[str, str]]:
    """What is wrong or missing: (the field or the figure's code, what is wrong); empty when it can be saved.

    ``figures`` are settled ones (campaigns/activity_figures.py).
    """
    todo = []
    if not title.strip():
        todo.append(("title", "Hoạt động cần có tên."))
    if held_on > today:
        text = f"Ngày {held_on:%d/%m/%Y} chưa đến; chỉ ghi nhận hoạt động đã diễn ra (V07)."
        todo.append(("held_on", text))
    if not agency.exists_on(held_on):
        todo.append(("held_on", f"{agency} không tồn tại vào ngày {held_on:%d/%m/%Y} (V02)."))
    todo += wrong_figures(figures, sites)
    for task in tasks:
        if not any(row.agency_id == agency.pk for row in task.assignments.all()):
            todo.append(("tasks", f"{agency} không chủ trì hay phối hợp nhiệm vụ “{task}”."))
    return todo


def record_activity(
    *,
    agency: Agency,
    by,
    now: datetime,
    title: str,
    held_on: date,
    form: str = Activity.Form.DIRECT,
    place: str = "",
    content: str = "",
    tasks: Iterable[Task] = (),
    figures: Mapping[str, Decimal | None] | None = None,
    sites: Iterable[Site] = (),
    target_groups: Iterable[str] = (),
    topics: Iterable[str] = (),
    form_key: UUID | None = None,
) -> Activity:
    """Record something an agency did. Sites are (name, online, attendance); totals left empty follow from their parts.

    The same ``form_key`` again finds the first. An event that another agency has recorded too is counted once (V26).
    Raises NotAllowed or Incomplete; then nothing is written.
    """
    _check_may_record(by, agency)
    if form_key and (found := Activity.objects.filter(form_key=form_key, agency=agency).first()):
        return found
    tasks, sites = list(tasks), _named(sites)
    values = settled(figures or {}, sites)
    _check(agency, title, held_on, tasks, values, sites, now)
    try:
        with acting(by=by, verb="record_activity"):
            hold_events(agency.council_id)
            activity = Activity.objects.create(
                agency=agency,
                council_id=agency.council_id,
                title=title.strip(),
                held_on=held_on,
                form=form,
                place=place.strip(),
                content=content.strip(),
                target_groups=in_order_of_law(target_groups),
                topics=list(topics),
                recorded_by=by,
                recorded_at=now,
                form_key=form_key,
            )
            _set_parts(activity, tasks, values, sites)
            record(by=by, now=now, verb="record_activity", obj=activity, summary=f"Ghi nhận hoạt động: {activity}")
            settle_events(council_id=agency.council_id, days=[held_on], around=[activity.pk], by=by, now=now)
            activity.refresh_from_db(fields=["same_as", "same_as_at"])
    except IntegrityError:
        # Two clicks at the same instant: the other one has just been written.
        if form_key and (found := Activity.objects.filter(form_key=form_key, agency=agency).first()):
            return found
        raise
    return activity


def amend_activity(
    *,
    activity: Activity,
    by,
    now: datetime,
    version: int,
    title: str,
    held_on: date,
    form: str,
    place: str,
    content: str,
    tasks: Iterable[Task],
    figures: Mapping[str, Decimal | None],
    sites: Iterable[Site],
    target_groups: Iterable[str] | None = None,
    topics: Iterable[str] | None = None,
) -> Activity:
    """Correct an activity; target groups and topics left out stay as they are.

    Raises StaleVersion when somebody saved meanwhile, WrongState when it was withdrawn.
    """
    _check_may_record(by, activity.agency)
    tasks, sites = list(tasks), _named(sites)
    values = settled(figures, sites)
    _check(activity.agency, title, held_on, tasks, values, sites, now)
    council_id = activity.agency.council_id
    with acting(by=by, verb="amend_activity"):
        hold_events(council_id)
        locked = Activity.objects.select_for_update(of=("self",)).select_related("agency").get(pk=activity.pk)
        if locked.withdrawn_at:
            raise WrongState("Hoạt động này đã được rút; không sửa được nữa.")
        if locked.version != version:
            raise StaleVersion(
                "Người khác vừa sửa hoạt động này. Nội dung bạn gõ còn trong biểu; hãy so với bản mới rồi lưu lại.",
                current=locked,
            )
        days, around = {locked.held_on, held_on}, {locked.pk, locked.same_as_id}
        if len(days) > 1:  # another day, another event
            locked.same_as, locked.same_as_at = None, None
        locked.title, locked.held_on, locked.form = title.strip(), held_on, form
        locked.place, locked.content, locked.version = place.strip(), content.strip(), version + 1
        if target_groups is not None:
            locked.target_groups = in_order_of_law(target_groups)
        if topics is not None:
            locked.topics = list(topics)
        locked.save()
        _set_parts(locked, tasks, values, sites)
        record(by=by, now=now, verb="amend_activity", obj=locked, summary=f"Sửa hoạt động: {locked}")
        settle_events(council_id=council_id, days=days, around=around - {None}, by=by, now=now)
        locked.refresh_from_db(fields=["same_as", "same_as_at"])
    return locked


def withdraw_activity(*, activity: Activity, by, now: datetime, reason: str) -> Activity:
    """Take an activity out of the count (entered twice, did not happen). It stays readable, with the reason.

    Another agency's record of the same event counts again.
    """
    _check_may_record(by, activity.agency)
    reason = check_reason(reason)
    with acting(by=by, verb="withdraw_activity", reason=reason):
        council_id = activity.agency.council_id
        hold_events(council_id)
        locked = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
        if locked.withdrawn_at is None:
            locked.withdrawn_at, locked.withdrawn_reason = now, reason
            around = {locked.pk, locked.same_as_id} - {None}
            locked.same_as, locked.same_as_at = None, None
            locked.version += 1
            locked.save()
            summary = f"Rút hoạt động: {locked}"
            record(by=by, now=now, verb="withdraw_activity", obj=locked, summary=summary, reason=reason)
            settle_events(council_id=council_id, days=[locked.held_on], around=around, by=by, now=now)
    return locked


def restore_activity(*, activity: Activity, by, now: datetime) -> Activity:
    """Take a withdrawal back: the activity counts again, as it was. One that stands stays as it is.

    Another agency's record of the same event is found again (V26). The record keeps the reason of the withdrawal.
    """
    _check_may_record(by, activity.agency)
    with acting(by=by, verb="restore_activity"):
        council_id = activity.agency.council_id
        hold_events(council_id)
        locked = Activity.objects.select_for_update(of=("self",)).select_related("agency").get(pk=activity.pk)
        if locked.withdrawn_at is not None:
            locked.withdrawn_at, locked.withdrawn_reason = None, ""
            locked.version += 1
            locked.save()
            record(by=by, now=now, verb="restore_activity", obj=locked, summary=f"Khôi phục hoạt động: {locked}")
            settle_events(council_id=council_id, days=[locked.held_on], around=[locked.pk], by=by, now=now)
            locked.refresh_from_db(fields=["same_as", "same_as_at"])
    return locked


def _check_may_record(by, agency: Agency) -> None:
    if not can(by, Perm.RECORD_PROGRESS, agency):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {agency} được ghi nhận hoạt động của cơ quan.")


def in_order_of_law(groups: Iterable[str]) -> list[str]:
    """Target groups, each once, in the order of the law's articles. Raises Incomplete for an unknown one."""
    asked = set(groups)
    if unknown := asked - set(Activity.TargetGroup.values):
        raise Incomplete(f"Không có đối tượng {', '.join(sorted(unknown))} trong Điều 17–22 Luật PBGDPL.")
    return [group for group in Activity.TargetGroup.values if group in asked]


def _named(sites: Iterable[Site]) -> list[Site]:
    return [(name.strip(), online, attendance) for name, online, attendance in sites if name.strip()]


def _check(agency, title, held_on, tasks, values, sites, now) -> None:
    today = clock.local_day(now)
    todo = wrong_in_activity(
        agency=agency, title=title, held_on=held_on, tasks=tasks, figures=values, sites=sites, today=today
    )
    if todo:
        raise Incomplete(*(text for _field, text in todo))


def _set_parts(activity: Activity, tasks, values: Mapping[str, Decimal], sites: list[Site]) -> None:
    activity.tasks.set(tasks)
    indicators = {row.code: row for row in Indicator.objects.filter(code__in=values, from_activities=True)}
    if unknown := sorted(set(values) - set(indicators)):
        raise Incomplete(f"Không có chỉ tiêu {', '.join(unknown)} cho hoạt động.")
    existing = {figure.indicator.code: figure for figure in activity.figures.select_related("indicator")}
    for code, figure in existing.items():
        if code not in values:
            figure.delete()
    for code, value in values.items():
        figure = existing.get(code) or ActivityFigure(activity=activity, indicator=indicators[code])
        if figure.pk is None or figure.value != value:
            figure.value = value
            figure.save()
    if sites != [(site.name, site.online, site.attendance) for site in activity.sites.all()]:
        activity.sites.all().delete()
        for name, online, attendance in sites:
            ActivitySite.objects.create(activity=activity, name=name, online=online, attendance=attendance)
