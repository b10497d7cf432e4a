"""Đôn đốc: reminding the agencies that still owe a period's report, by one click or by the timetable.

Each reminder is a row (``Reminder``) and a line of the record. People get one notice, and one e-mail where they have an
address, naming all of their agencies. Nobody is reminded twice by accident: a form sends once, a second reminder on
the same day has to be meant, and each step of the timetable goes to an agency once.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import localtime

from agencies.clock import days_between, local_day
from agencies.errors import BusinessError, Incomplete, NotAllowed, WrongState
from agencies.fields import stored
from agencies.history import acting, record
from agencies.models import Notice, Role, User
from agencies.notices import holders_by_agency, notify
from agencies.permissions import Perm, can
from reports.models import Holiday, Period, ProgressReport, Reminder, ReportFigure
from reports.telling import report_path
from reports.timetable import step_for

MAX_TEXT = 2000
_LOCK = 0x72656D69  # 'remi': the first half of the advisory lock's key; the second is the period


class AlreadyReminded(BusinessError):
    """Some of the agencies were reminded today already. ``agencies`` are their ids; a second reminder must be meant."""

    def __init__(self, message: str, agencies: Collection[int]):
        super().__init__(message)
        self.agencies = frozenset(agencies)


@dataclass
class Owing:
    """One agency that has not handed in: what is missing, who would be told, when it was last reminded."""

    report: ProgressReport
    lines_left: int
    figures_left: int
    people: list[User] = field(default_factory=list)
    last: Reminder | None = None

    @property
    def missing(self) -> str:
        """'báo cáo đang lập, còn 3 nhiệm vụ chưa cập nhật và 12 số liệu chưa nhập'."""
        state = ProgressReport.State
        if self.report.state == state.AWAITING_APPROVAL:
            return "báo cáo đang chờ lãnh đạo đơn vị duyệt"
        parts = []
        if self.lines_left:
            parts.append(f"{self.lines_left} nhiệm vụ chưa cập nhật")
        if self.figures_left:
            parts.append(f"{self.figures_left} số liệu chưa nhập")
        if self.report.state == state.RETURNED:
            return "báo cáo bị trả lại, chưa nộp lại" + (f"; còn {' và '.join(parts)}" if parts else "")
        return f"chưa nộp, còn {' và '.join(parts)}" if parts else "đã nhập đủ, chưa bấm nộp"

    def reminded_on(self, day: date) -> bool:
        """Whether any reminder went to the agency on that day, by hand or by the timetable."""
        return self.last is not None and self.last.on == day


OWING_STATES = (ProgressReport.State.DRAFT, ProgressReport.State.RETURNED, ProgressReport.State.AWAITING_APPROVAL)


def owing(period: Period) -> list[Owing]:
    """The agencies of a quarter that have not handed in, in protocol order; a constant number of queries."""
    reports = list(
        period.reports.filter(state__in=OWING_STATES)
        .select_related("agency", "period__council")
        .annotate(lines_left=Count("lines", filter=Q(lines__role="lead", lines__edited_at__isnull=True)))
        .order_by("agency__protocol_order", "agency__code")
    )
    if not reports:
        return []
    # Figures that come from activities fill themselves in; "Không phát sinh" answers the others.
    empty = ReportFigure.objects.filter(report__in=reports, value__isnull=True, report__nothing_to_report=False)
    empty = empty.filter(indicator__from_activities=False).order_by()
    figures = dict(empty.values_list("report").annotate(count=Count("pk")))
    officers = holders_by_agency(roles=[Role.LIAISON], agencies=[report.agency for report in reports])
    waiting = [report.agency for report in reports if report.state == ProgressReport.State.AWAITING_APPROVAL]
    approvers = holders_by_agency(roles=[Role.APPROVER], agencies=waiting) if waiting else {}
    last = last_reminders(period)
    return [
        Owing(
            report=report,
            lines_left=report.lines_left,
            figures_left=figures.get(report.pk, 0),
            people=officers.get(report.agency_id, []) + approvers.get(report.agency_id, []),
            last=last.get(report.agency_id, (None, 0))[0],
        )
        for report in reports
    ]


def last_reminders(period: Period) -> dict[int, tuple[Reminder, int]]:
    """Agency id → its last reminder of the period, and how many there were; one query."""
    found: dict[int, tuple[Reminder, int]] = {}
    for reminder in Reminder.objects.filter(period=period).defer("text").order_by("at", "pk"):
        found[reminder.agency_id] = (reminder, found.get(reminder.agency_id, (None, 0))[1] + 1)
    return found


def suggested_text(period: Period, today: date) -> str:
    """The words that a reminder begins with: what is asked, by when, how long that still is."""
    left = days_between(today, period.agency_due_on)
    due = f"{period.agency_due_on:%d/%m/%Y}"
    if left < 0:
        return (
            f"Báo cáo {period} đã quá hạn nộp {-left} ngày (hạn {due}). "
            "Đề nghị quý cơ quan hoàn thành và nộp báo cáo ngay, hoặc cho Thư ký Hội đồng biết vướng mắc."
        )
    when = "hôm nay là ngày cuối" if left == 0 else f"còn {left} ngày"
    return f"Đề nghị quý cơ quan hoàn thành và nộp báo cáo {period} trước khi hết ngày {due} ({when})."


def remind(
    *,
    period: Period,
    agencies: Collection[int],
    by: User | None,
    now: datetime,
    text: str,
    token: str = "",
    again: Collection[int] = (),
) -> list[Reminder]:
    """Remind agencies (ids) by hand; returns the rows, in protocol order.

    Those that have handed in meanwhile are left out. ``token`` names the form: sent again, it returns what it did the
    first time; with other words or agencies it is refused. ``again`` are agencies of which the sender knows that they
    were reminded today.
    Raises NotAllowed, WrongState (locked, or nobody owes), Incomplete (no words) or AlreadyReminded.
    """
    if by is not None and not can(by, Perm.COORDINATE_PERIODS, period.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được đôn đốc các cơ quan.")
    text = stored(text).strip()
    if not text:
        raise Incomplete("Hãy ghi nội dung đôn đốc.")
    if len(text) > MAX_TEXT:
        raise Incomplete(f"Nội dung đôn đốc dài {len(text)} ký tự; nhiều nhất {MAX_TEXT} ký tự.")
    if not agencies:
        raise Incomplete("Chưa chọn cơ quan nào để đôn đốc.")
    with acting(by=by, verb="remind"):
        if not Period.hold_open(period.pk):
            raise WrongState(f"{period} đã khóa; không đôn đốc nữa.")
        _one_at_a_time([period.pk])
        if token and (done := list(Reminder.objects.filter(token=token, period=period).select_related("agency"))):
            asked = {row.report.agency_id for row in owing(period)} & set(agencies)
            # What is missing follows the words in each agency's own copy.
            if asked <= {row.agency_id for row in done} and done[0].text.startswith(text):
                return sorted(done, key=lambda row: row.pk)
            raise WrongState(
                f"Biểu này đã gửi lúc {_clock(done[0])} cho {', '.join(str(row.agency) for row in done)}. "
                "Lần này chưa gửi gì. Nội dung và các cơ quan vừa chọn còn dưới đây; bấm gửi lần nữa nếu muốn gửi thêm."
            )
        chosen = [row for row in owing(period) if row.report.agency_id in set(agencies)]
        if not chosen:
            raise WrongState("Các cơ quan đã chọn đều đã nộp báo cáo; không có gì được gửi.")
        today = local_day(now)
        twice = [row for row in chosen if row.reminded_on(today) and row.report.agency_id not in set(again)]
        if twice:
            raise AlreadyReminded(
                "Hôm nay đã đôn đốc: "
                + "; ".join(f"{row.report.agency} (lúc {_clock(row.last)}, {row.last.who})" for row in twice)
                + ". Chưa gửi gì thêm. Nếu vẫn muốn gửi lần nữa, hãy chọn lại các cơ quan này rồi bấm gửi.",
                [row.report.agency_id for row in twice],
            )
        return _send([(row, text, "") for row in chosen], by=by, now=now, token=token)


def _clock(reminder: Reminder) -> str:
    return f"{localtime(reminder.at):%H:%M}"


def remind_automatically(*, today: date, now: datetime) -> list[Reminder]:
    """Send what the timetable asks for on ``today`` in every open quarter; run again, it sends nothing more.

    One transaction for all councils, so that each person gets one notice of everything they owe. An agency that was
    reminded by hand the same day is left in peace. Returns the rows written.
    """
    with acting(by=None, verb="remind_automatically"):
        items = [item for period in _lock_due(today) for item in _due(period, today)]
        return _send(items, by=None, now=now) if items else []


def due_today(today: date) -> list[tuple[Owing, str]]:
    """What ``remind_automatically`` would send: agencies with the step; nothing is written."""
    periods = Period.objects.quarters().filter(state=Period.State.OPEN).select_related("council")
    return [(row, step) for period in periods.order_by("pk") for row, _text, step in _due(period, today)]


def _lock_due(today: date) -> list[Period]:
    """Open quarters of which a step may stand on the day, held open and for us alone, always in the same order."""
    calendar = Holiday.calendar()
    periods = Period.objects.quarters().filter(state=Period.State.OPEN).select_related("council").order_by("pk")
    due = [period for period in periods if step_for(today, period.agency_due_on, calendar)]
    held = [period for period in due if Period.hold_open(period.pk)]
    _one_at_a_time([period.pk for period in held])
    return held


def _one_at_a_time(periods: Iterable[int]) -> None:
    """Two senders of one period's reminders wait for each other until the transaction ends; officers do not."""
    with connection.cursor() as cursor:
        for pk in periods:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, pk])


def _due(period: Period, today: date) -> list[tuple[Owing, str, str]]:
    """(agency, words, step) that the timetable asks for in one period on one day."""
    step = step_for(today, period.agency_due_on, Holiday.calendar())
    if step is None or local_day(period.opened_at) > step.day:
        return []
    sent = Reminder.objects.filter(period=period, step=step.name)
    if step.day < today and sent.exists():
        return []  # the step went on its day; who came to owe since then waits for the next
    done = set(sent.values_list("agency", flat=True))
    text = suggested_text(period, today)
    return [
        (row, text, step.name)
        for row in owing(period)
        if row.report.agency_id not in done and not row.reminded_on(today)
    ]


def _send(items: list[tuple[Owing, str, str]], *, by: User | None, now: datetime, token: str = "") -> list[Reminder]:
    """Write the rows and the record, and tell each person once, of all their agencies."""
    rows = Reminder.objects.bulk_create(
        [
            Reminder(
                period=row.report.period,
                agency=row.report.agency,
                at=now,
                on=local_day(now),
                by=by,
                by_name=str(by) if by else "Hệ thống",
                step=step,
                text=f"{text}\n{row.report.agency}: {row.missing}.",
                told=len(row.people),
                token=token,
            )
            for row, text, step in items
        ]
    )
    for (row, text, _step), reminder in zip(items, rows, strict=True):
        summary = f"Đôn đốc {row.report.agency} nộp báo cáo {row.report.period} ({reminder.who})"
        if not row.people:
            summary += "; chưa có người nhận"
        record(by=by, now=now, verb="remind", obj=row.report, summary=summary, reason=text)
    _tell(items, rows, by, now)
    return rows


def _tell(items, rows: list[Reminder], by: User | None, now: datetime) -> None:
    people: dict[int, User] = {}
    of_person: dict[int, list[tuple[Owing, str]]] = {}
    for row, text, _step in items:
        for person in row.people:
            people[person.pk] = person
            of_person.setdefault(person.pk, []).append((row, text))
    key = f"reminder:{min(reminder.pk for reminder in rows)}"
    for pk, mine in of_person.items():
        councils = {row.report.period.council for row, _text in mine}
        single = mine[0][0].report if len(mine) == 1 else None
        only_waits = single is not None and single.state == ProgressReport.State.AWAITING_APPROVAL
        notify(
            to=[people[pk]],
            kind=Notice.Kind.REMINDER,
            text=digest(mine),
            now=now,
            path=report_path(single) if only_waits else reverse("my-work"),
            by=by,
            scope=single.agency if single else next(iter(councils)) if len(councils) == 1 else None,
            key=key,
        )


def digest(mine: list[tuple[Owing, str]]) -> str:
    """One person's reminder: each text once, under it a line per agency; councils are named where there are several."""
    several = len({row.report.period.council_id for row, _text in mine}) > 1
    blocks: dict[tuple[int, str], list[str]] = {}
    for row, text in mine:
        line = f"– {row.report.agency}: {row.missing}."
        blocks.setdefault((row.report.period_id, text), []).append(line)
    councils = {row.report.period_id: row.report.period.council for row, _text in mine}
    parts = []
    for (period, text), lines in blocks.items():
        head = f"{councils[period]}\n" if several else ""
        parts.append(head + "\n".join([text, *lines]))
    return "\n\n".join(parts)
