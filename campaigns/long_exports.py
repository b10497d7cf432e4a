"""The list of activities as one file when it is too long for a page to wait for: a long work, by the page's filters."""

from datetime import datetime
from functools import partial

from django.db import connection
from django.http import QueryDict

from agencies.long_work import exporting, kinds, orders
from agencies.long_work.exporting import Source
from agencies.models import LongWork
from agencies.permissions import Perm
from agencies.tables.sql_rows import As, SqlColumn, Window, worded
from agencies.vietnamese import fold, show_number
from campaigns.filters import ActivityFilter
from campaigns.models import Activity, Indicator

ACTIVITIES = "xuat-hoat-dong"
# A list longer than this is a long work: a page would wait for more than a few seconds.
LONG = 20_000
ATTENDANCE = "PB02"

_FROM = (
    "FROM campaigns_activity v JOIN agencies_agency a ON a.id = v.agency_id"
    " LEFT JOIN campaigns_activityfigure f ON f.activity_id = v.id AND f.indicator_id = %(attendance)s"
    " LEFT JOIN campaigns_activity h ON h.id = v.same_as_id LEFT JOIN agencies_agency ha ON ha.id = h.agency_id"
    " WHERE v.id = ANY(%(ids)s) ORDER BY v.agency_id, v.held_on, v.id"
)
_TASKS = (
    "(SELECT string_agg(concat_ws(' ', nullif(t.number, ''), t.title) || ' (' || pl.number || ')', '; ' ORDER BY t.id)"
    " FROM campaigns_activity_tasks at JOIN campaigns_task t ON t.id = at.task_id"
    " JOIN campaigns_plan pl ON pl.id = t.plan_id WHERE at.activity_id = v.id)"
)
_GROUPS = f"(SELECT string_agg({worded('g', Activity.TargetGroup.choices)}, '; ') FROM unnest(v.target_groups) g)"


def narrowed(activities, form: ActivityFilter):
    """The activities that a filter leaves; withdrawn ones only when they are asked for."""
    if not form.get("da_rut"):
        activities = activities.standing()
    for word in fold(form.get("q") or "").split():
        activities = activities.filter(folded__contains=word)
    wanted = {
        "agency": form.get("co_quan"),
        "form": form.get("hinh_thuc"),
        "tasks": form.get("nhiem_vu"),
        "held_on__gte": form.get("tu"),
        "held_on__lte": form.get("den"),
    }
    if group := form.get("doi_tuong"):
        wanted["target_groups__contains"] = [group]
    return activities.filter(**{name: value for name, value in wanted.items() if value})


def columns(work: LongWork) -> list[SqlColumn]:
    """The columns of the list of activities, as the page's own file has them."""
    return [
        SqlColumn("Ngày", "v.held_on", As.DAY, 12),
        SqlColumn("Hoạt động", "v.title", width=50),
        SqlColumn("Cơ quan", "a.name", width=30),
        SqlColumn("Hình thức", worded("v.form", Activity.Form.choices), As.WORD, 28),
        SqlColumn("Địa điểm", "v.place", width=28),
        SqlColumn("Lượt người", "f.value", As.FIGURE, 11),
        SqlColumn("Nhiệm vụ", _TASKS, width=28),
        SqlColumn("Đối tượng đặc thù", _GROUPS, As.WORD, 30),
        SqlColumn("Lĩnh vực pháp luật", "array_to_string(v.topics, '; ')", width=28),
        SqlColumn("Đã rút", "CASE WHEN v.withdrawn_at IS NULL THEN 'Không' ELSE 'Có' END", As.WORD, 9),
        SqlColumn("Đã tính ở cơ quan", "ha.name", width=24),
    ]


def _wanted(work: LongWork):
    """What the person who ordered may see of the list now, narrowed as the page was."""
    form = ActivityFilter(QueryDict(work.parameters["query"]), user=work.ordered_by)
    return narrowed(Activity.objects.visible_to(work.ordered_by), form).order_by()


def _after(work: LongWork, key, rows: int):
    listed = _wanted(work).values_list("agency_id", "held_on", "pk").order_by("agency_id", "held_on", "pk")
    sql, params = listed.query.sql_with_params()
    later = "WHERE (agency_id, held_on, id) > (%s, %s::date, %s)" if key else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({sql}) q (agency_id, held_on, id) {later} ORDER BY 1, 2, 3 LIMIT %s",
            [*params, *(key or []), rows],
        )
        found = cursor.fetchall()
    if not found:
        return None
    attendance = Indicator.objects.values_list("pk", flat=True).get(code=ATTENDANCE)
    agency, held_on, pk = found[-1]
    window = Window(_FROM, {"attendance": attendance, "ids": [row[2] for row in found]}, len(found))
    return window, [agency, held_on.isoformat(), pk]


SOURCE = Source(title=lambda work: work.title, columns=columns, count=lambda work: _wanted(work).count(), after=_after)


def register_kinds() -> None:
    """Make the export known to the worker and the pages."""
    kinds.register(
        kinds.Kind(
            name=ACTIVITIES,
            label="Xuất danh sách hoạt động",
            perms=(Perm.VIEW_WORK,),
            begin=partial(exporting.begin, SOURCE),
            piece=partial(exporting.piece, SOURCE),
        )
    )


def order_export(*, query: str, file_format: str, count: int, by, now: datetime) -> LongWork:
    """Have the list of activities, narrowed by the page's address ``query``, written to a file."""
    return orders.order(
        kind=ACTIVITIES,
        title=f"Danh sách hoạt động, {show_number(count)} dòng",
        parameters={"format": file_format, "query": query},
        by=by,
        now=now,
        file_name=f"hoat-dong.{file_format}",
    )
