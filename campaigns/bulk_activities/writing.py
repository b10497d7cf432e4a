"""The second long work of an import: the rows that were found good become activities, day after day.

Each piece is the rows of some whole days, one transaction: activities and their figures by INSERT … SELECT, with their
versions, and events that several agencies recorded are counted once (V26) as after a single save. A row's key is the
activity's ``form_key``: what is there already, from a piece before or from another file, is passed over.
"""

from datetime import date, datetime, timedelta

from django.db import connection

from agencies.errors import NotAllowed, WrongState
from agencies.history import acting, record
from agencies.long_work import orders
from agencies.long_work.kinds import Step
from agencies.models import Agency, LongWork, StagedRow, User
from agencies.permissions import Perm, grants_of
from agencies.vietnamese import show_number
from campaigns.doubles import hold_events, settle_events
from campaigns.models import Activity

WRITE = "nhap-hoat-dong"
ROWS = 5_000


def order_import(*, check: LongWork, by: User, now: datetime) -> LongWork:
    """Have the good rows of a checked file become activities. Raises NotAllowed, WrongState (not checked, or gone)."""
    if check.ordered_by_id != by.pk:
        raise NotAllowed("Chỉ người đã tải tệp lên mới nhập được.")
    preview = check.position.get("preview")
    if check.state != LongWork.State.DONE or not preview or not preview["good"]:
        raise WrongState("Tệp này chưa kiểm tra xong, hoặc không có dòng nào nhập được.")
    if not StagedRow.objects.filter(work=check).exists():
        raise WrongState("Các dòng đã kiểm tra được xóa sau 7 ngày. Hãy tải tệp lên lại.")
    return orders.order(
        kind=WRITE,
        title=f"Nhập {show_number(preview['good'])} hoạt động từ tệp “{check.parameters['filename']}”",
        parameters={"check": check.pk, "filename": check.parameters["filename"]},
        by=by,
        now=now,
        council=check.council,
    )


def _staged(work: LongWork):
    check = LongWork.objects.filter(pk=work.parameters["check"], ordered_by=work.ordered_by_id)
    return StagedRow.objects.filter(work__in=check, problems__isnull=True)


def begin(work: LongWork, now: datetime) -> Step:
    """Count what is to be written."""
    return Step({"day": None, "new": 0, "by_agency": {}}, total=_staged(work).count())


def piece(work: LongWork, now: datetime) -> Step:
    """The activities of the next days; after the last a line on the record of each agency."""
    position = work.position
    staged = _staged(work)
    left = staged.filter(day__gt=position["day"]) if position["day"] else staged
    until = _until(left)
    if until is None:
        return _finish(work, now)
    rows = left.filter(day__lte=until)
    with acting(by=work.ordered_by, verb="import_activities", reason=work.title):
        _check_still_theirs(work, rows)
        hold_events(work.council_id)
        new = _write(work, rows, now)
        settle_events(
            council_id=work.council_id,
            days=_days(rows),
            around=[pk for pk, _agency in new],
            by=work.ordered_by,
            now=now,
        )
    by_agency = dict(position["by_agency"])
    for _pk, agency in new:
        by_agency[str(agency)] = by_agency.get(str(agency), 0) + 1
    return Step(
        {"day": until.isoformat(), "new": position["new"] + len(new), "by_agency": by_agency}, rows=rows.count()
    )


def _until(left) -> date | None:
    """The last of the days whose rows together are about ``ROWS``; None when nothing is left."""
    days = left.order_by("day", "number").values_list("day", flat=True)
    first = days.first()
    if first is None:
        return None
    beyond = days[ROWS : ROWS + 1].first()
    if beyond is None:
        return days.last()
    return beyond - timedelta(days=1) if beyond > first else first


def _days(rows) -> list[date]:
    return list(rows.order_by().values_list("day", flat=True).distinct())


def _check_still_theirs(work: LongWork, rows) -> None:
    """Raise NotAllowed when the person may not record for an agency of the rows any more."""
    wanted = {int(pk) for pk in rows.order_by().values_list("values__agency", flat=True).distinct()}
    mine = set(
        Agency.objects.filter(
            pk__in=wanted & grants_of(work.ordered_by).agencies(Perm.RECORD_PROGRESS), council=work.council_id
        ).values_list("pk", flat=True)
    )
    if lost := wanted - mine:
        name = Agency.objects.filter(pk=min(lost)).first()
        raise NotAllowed(
            f"Bạn không còn được ghi hoạt động của {name or 'một cơ quan trong tệp'}. Việc dừng trước các dòng đó; "
            "những hoạt động đã nhập vẫn được giữ."
        )


def _write(work: LongWork, rows, now: datetime) -> list[tuple[int, int]]:
    """(id, agency) of the activities that were not there yet, with their figures."""
    numbers = list(rows.order_by().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO campaigns_activity (agency_id, title, held_on, form, place, content, target_groups, topics,
                recorded_by_id, recorded_at, withdrawn_reason, form_key, version, folded)
            SELECT (values->>'agency')::bigint, values->>'title', day, values->>'form', values->>'place',
                   values->>'content', ARRAY(SELECT jsonb_array_elements_text(values->'target_groups')),
                   ARRAY(SELECT jsonb_array_elements_text(values->'topics')), %s, %s, '', key, 1, values->>'folded'
            FROM agencies_stagedrow WHERE id = ANY(%s) ORDER BY day, number
            ON CONFLICT (agency_id, form_key) DO NOTHING RETURNING id, agency_id
            """,
            [work.ordered_by_id, now, numbers],
        )
        new = cursor.fetchall()
        cursor.execute(
            """
            INSERT INTO campaigns_activityfigure (activity_id, indicator_id, value)
            SELECT v.id, i.id, f.value::numeric
            FROM agencies_stagedrow s
            JOIN campaigns_activity v ON v.form_key = s.key AND v.agency_id = (s.values->>'agency')::bigint
            CROSS JOIN jsonb_each_text(s.values->'figures') f JOIN campaigns_indicator i ON i.code = f.key
            WHERE s.id = ANY(%s) AND v.id = ANY(%s) ORDER BY v.id, i.sort_order
            """,
            [numbers, [pk for pk, _agency in new]],
        )
    return new


def _finish(work: LongWork, now: datetime) -> Step:
    position = work.position
    agencies = Agency.objects.select_related("council").in_bulk([int(pk) for pk in position["by_agency"]])
    for pk, count in sorted(position["by_agency"].items(), key=lambda row: int(row[0])):
        record(
            by=work.ordered_by,
            now=now,
            verb="import_activities",
            obj=_Of(agencies[int(pk)]),
            summary=f"Nhập {show_number(count)} hoạt động từ tệp “{work.parameters['filename']}”",
        )
    known = work.rows_done - position["new"]
    outcome = f"Đã nhập {show_number(position['new'])} hoạt động."
    if known:
        outcome += f" {show_number(known)} dòng đã có từ trước, không ghi thêm."
    return Step(position, done=True, outcome=outcome)


class _Of:
    """Activities of an agency, as an object of its record."""

    _meta, pk = Activity._meta, None

    def __init__(self, agency: Agency):
        self.permission_scope = agency
