"""Verbs of activities: record, amend, withdraw. An activity carries its own date and counts; periods are computed."""

from collections.abc import Iterable, Mapping
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
from campaigns.models import Activity, ActivityFigure, ActivitySite, Indicator, Task

# "of which" counts may not exceed what they are part of (rules V10, V12, V13 at the source)
_PARTS = (("PB02n", "PB02"), ("PB02d", "PB02"), ("PB05i", "PB05"), ("TH03", "TH02"))
_SUMS = (("PB05", ("PB05a", "PB05b", "PB05c")),)


def missing_in_activity(
    *,
    agency: Agency,
    title: str,
    held_on: date,
    tasks: Iterable[Task],
    figures: Mapping[str, Decimal | None],
    today: date,
) -> list[str]:
    """What is wrong or missing in an activity as typed; empty when it can be saved."""
    todo = []
    if not title.strip():
        todo.append("Hoạt động cần có tên.")
    if held_on > today:
        todo.append(f"Ngày {held_on:%d/%m/%Y} chưa đến; chỉ ghi nhận hoạt động đã diễn ra (V07).")
    if not agency.exists_on(held_on):
        todo.append(f"{agency} không tồn tại vào ngày {held_on:%d/%m/%Y} (V02).")
    values = {code: value for code, value in figures.items() if value is not None}
    for code, value in values.items():
        if value < 0:
            todo.append(f"{code}: số liệu không được âm (V09).")
    for part, whole in _PARTS:
        if part in values and values[part] > values.get(whole, 0):
            todo.append(f"{part} ({values[part]:f}) lớn hơn {whole} ({values.get(whole, 0):f}).")
    for whole, parts in _SUMS:
        given = [values[part] for part in parts if part in values]
        if given and sum(given) != values.get(whole, 0):
            todo.append(f"{whole} phải bằng tổng {' + '.join(parts)} (V10).")
    for task in tasks:
        if not any(row.agency_id == agency.pk for row in task.assignments.all()):
            todo.append(f"{agency} không chủ trì hay phối hợp nhiệm vụ “{task}”.")
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
    sites: Iterable[tuple[str, bool, int | None]] = (),
    form_key: UUID | None = None,
) -> Activity:
    """Record something an agency did. Sites are (name, online, attendance).

    The same ``form_key`` again finds the first.
    Raises NotAllowed or Incomplete; then nothing is written.
    """
    _check_may_record(by, agency)
    if form_key and (found := Activity.objects.filter(form_key=form_key, agency=agency).first()):
        return found
    tasks, figures = list(tasks), dict(figures or {})
    _check(agency, title, held_on, tasks, figures, now)
    try:
        with acting(by=by, verb="record_activity"):
            activity = Activity.objects.create(
                agency=agency,
                title=title.strip(),
                held_on=held_on,
                form=form,
                place=place.strip(),
                content=content.strip(),
                recorded_by=by,
                recorded_at=now,
                form_key=form_key,
            )
            _set_parts(activity, tasks, figures, sites)
            record(by=by, now=now, verb="record_activity", obj=activity, summary=f"Ghi nhận hoạt động: {activity}")
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
    sites: Iterable[tuple[str, bool, int | None]],
) -> Activity:
    """Correct an activity. Raises StaleVersion when somebody saved meanwhile, WrongState when it was withdrawn."""
    _check_may_record(by, activity.agency)
    tasks = list(tasks)
    _check(activity.agency, title, held_on, tasks, figures, now)
    with acting(by=by, verb="amend_activity"):
        locked = Activity.objects.select_for_update(of=("self",)).select_related("agency").get(pk=activity.pk)
        if locked.withdrawn_at:
            raise WrongState("Hoạt động này đã được rút; không sửa được nữa.")
        if locked.version != version:
            raise StaleVersion(
                "Người khác vừa sửa hoạt động này. Nội dung bạn gõ còn trong biểu; hãy so với bản mới rồi lưu lại.",
                current=locked,
            )
        locked.title, locked.held_on, locked.form = title.strip(), held_on, form
        locked.place, locked.content, locked.version = place.strip(), content.strip(), version + 1
        locked.save()
        _set_parts(locked, tasks, figures, sites)
        record(by=by, now=now, verb="amend_activity", obj=locked, summary=f"Sửa hoạt động: {locked}")
    return locked


def withdraw_activity(*, activity: Activity, by, now: datetime, reason: str) -> Activity:
    """Take an activity out of the count (entered twice, did not happen). It stays readable, with the reason."""
    _check_may_record(by, activity.agency)
    reason = check_reason(reason)
    with acting(by=by, verb="withdraw_activity", reason=reason):
        locked = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
        if locked.withdrawn_at is None:
            locked.withdrawn_at, locked.withdrawn_reason = now, reason
            locked.version += 1
            locked.save()
            summary = f"Rút hoạt động: {locked}"
            record(by=by, now=now, verb="withdraw_activity", obj=locked, summary=summary, reason=reason)
    return locked


def _check_may_record(by, agency: Agency) -> None:
    if not can(by, Perm.RECORD_PROGRESS, agency):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {agency} được ghi nhận hoạt động của cơ quan.")


def _check(agency, title, held_on, tasks, figures, now) -> None:
    todo = missing_in_activity(
        agency=agency, title=title, held_on=held_on, tasks=tasks, figures=figures, today=clock.local_day(now)
    )
    if todo:
        raise Incomplete(*todo)


def _set_parts(activity: Activity, tasks, figures, sites) -> None:
    activity.tasks.set(tasks)
    values = {code: value for code, value in figures.items() if value is not None}
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
    wanted = [(name.strip(), online, attendance) for name, online, attendance in sites if name.strip()]
    if wanted != [(site.name, site.online, site.attendance) for site in activity.sites.all()]:
        activity.sites.all().delete()
        for name, online, attendance in wanted:
            ActivitySite.objects.create(activity=activity, name=name, online=online, attendance=attendance)
