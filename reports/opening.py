"""Opening a period: its dates by rule, a report for every agency, a line for every running task."""

from datetime import datetime

from django.db import IntegrityError
from django.db.models import F, Q, QuerySet

from agencies.errors import BusinessError, NotAllowed, WrongState
from agencies.history import acting, record
from agencies.models import Council
from agencies.permissions import Perm, can
from campaigns import workflow as plan_verbs
from campaigns.models import Assignment, Plan, Task
from reports import filling
from reports.calendars import PeriodSpan, WorkCalendar, deadlines, longer_than, parse_period
from reports.models import Holiday, Period, ProgressReport, ReportLine
from reports.telling import tell_opened


class UnknownPeriod(BusinessError):
    """The period's code means nothing, or not a period that agencies report on."""

    status = 422


def period_span(code: str) -> PeriodSpan:
    """The quarter of a code. Raises UnknownPeriod, in words: agencies hand in by quarter only."""
    try:
        span = parse_period(code)
    except ValueError as error:
        raise UnknownPeriod(str(error)) from error
    if span.kind != "quarter":
        raise UnknownPeriod(
            f"{span.label} không mở riêng: các cơ quan báo cáo theo quý, số liệu kỳ dài hơn được cộng từ các quý."
        )
    return span


def open_period(*, council: Council, code: str, by, now: datetime) -> tuple[Period, bool]:
    """Open a quarter of a council; returns (period, opened now). Opening it twice changes nothing.

    Cut-off and deadlines follow NĐ 09/2019/NĐ-CP Điều 8.5 and 12. Raises NotAllowed or UnknownPeriod.
    """
    if by is not None and not can(by, Perm.COORDINATE_PERIODS, council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được mở kỳ báo cáo.")
    span = period_span(code)
    if found := Period.objects.filter(council=council, code=span.code).first():
        return found, False
    calendar = Holiday.calendar()
    try:
        with acting(by=by, verb="open_period"):
            period = Period.objects.create(**_dates(span, calendar), council=council, opened_at=now, opened_by=by)
            _open_longer(council, calendar, by, now)
            reports, lines = fill_period(period)
            summary = f"Mở kỳ {period}: {reports} báo cáo, {lines} dòng nhiệm vụ"
            record(by=by, now=now, verb="open_period", obj=period, summary=summary, to_state=period.state)
            tell_opened(period=period, by=by, now=now)
    except IntegrityError:
        # Two clicks at the same instant: the other one has opened it.
        if found := Period.objects.filter(council=council, code=span.code).first():
            return found, False
        raise
    return period, True


def _dates(span: PeriodSpan, calendar: WorkCalendar) -> dict:
    due = deadlines(span.ends_on, calendar)
    return {
        "code": span.code,
        "kind": span.kind,
        "starts_on": span.starts_on,
        "ends_on": span.ends_on,
        "agency_due_on": due.agency,
        "secretariat_due_on": due.secretariat,
        "leader_due_on": due.leader,
    }


def _open_longer(council: Council, calendar: WorkCalendar, by, now: datetime) -> None:
    """Give the council the half-years, nine months and years that its quarters belong to; nobody opens those."""
    codes = dict(Period.objects.filter(council=council).values_list("code", "kind"))
    quarters = [parse_period(code) for code, kind in codes.items() if kind == Period.Kind.QUARTER]
    wanted = {longer for part in quarters for longer in longer_than(part)}
    Period.objects.bulk_create(
        [
            Period(**_dates(span, calendar), council=council, opened_at=now, opened_by=by)
            for span in sorted(wanted)
            if span.code not in codes
        ]
    )


def running_assignments(period: Period) -> QuerySet[Assignment]:
    """Who has what to do in the period: assignments that last to its end, of tasks that run in it.

    A task runs when its plan is in force and overlaps the period, it has begun, and it was not finished in an earlier
    period of the same round: once for a dated task, in the same half or year for a half-yearly or yearly one.
    """
    span = period.span
    year = parse_period(str(span.year))
    half = parse_period(f"{span.year}-{'6t' if span.quarter <= 2 else '6tc'}")
    finished = Q(task__status=Task.Status.DONE, task__completed_on__lt=span.starts_on)
    over = finished & (
        Q(task__recurrence="")
        | Q(task__recurrence=Task.Recurrence.YEARLY, task__completed_on__gte=year.starts_on)
        | Q(task__recurrence=Task.Recurrence.HALF_YEARLY, task__completed_on__gte=half.starts_on)
    )
    return (
        Assignment.objects.filter(
            Q(date_to__isnull=True) | Q(date_to__gt=span.ends_on),
            Q(task__starts_on__isnull=True) | Q(task__starts_on__lte=span.ends_on),
            task__council=period.council_id,
            task__plan__state=Plan.State.ACTIVE,
            task__plan__starts_on__lte=span.ends_on,
            task__plan__ends_on__gte=span.starts_on,
            date_from__lte=span.ends_on,
        )
        .exclude(task__status=Task.Status.CANCELLED)
        .exclude(over)
        .select_related("task__plan")
    )


def agencies_without_line(period: Period) -> tuple[int, list[str]]:
    """What came or changed hands after the period was opened and has no line in it yet.

    Returns how many lines can be added now, and the agencies whose report has been handed in and would have to be
    returned first.
    """
    present = ReportLine.objects.filter(report__period=period).values("assignment")
    missing = running_assignments(period).exclude(pk__in=present).select_related("agency")
    handed_in = set(period.reports.exclude(state__in=ProgressReport.EDITABLE_STATES).values_list("agency", flat=True))
    rows = list(missing)
    blocked = {row.agency_id: row.agency.short_name for row in rows if row.agency_id in handed_in}
    return sum(row.agency_id not in handed_in for row in rows), sorted(blocked.values())


def fill_period(period: Period) -> tuple[int, int]:
    """Give every agency of the period's plans its report, its lines and its figures; what is there stays.

    A report that has been handed in gets no new line behind its agency's back: it is returned first, or waits.

    Returns how many reports and lines were added. Called inside a verb's transaction; safe to repeat.
    """
    running = running_assignments(period)
    reports, lines = filling.add_reports(period, running), filling.add_lines(period, running)
    filling.add_figures(period)
    return reports, lines


def refresh_period(*, period: Period, by, now: datetime) -> int:
    """Bring an open period in step with the plans: add lines for new tasks, drop untouched ones of ended assignments.

    Returns the number of lines added. Raises NotAllowed or WrongState (locked).
    """
    if by is not None and not can(by, Perm.COORDINATE_PERIODS, period.council):
        raise NotAllowed("Chỉ Thư ký Hội đồng được bổ sung nhiệm vụ vào kỳ báo cáo.")
    with acting(by=by, verb="refresh_period"):
        locked = Period.objects.select_for_update(of=("self",)).select_related("council").get(pk=period.pk)
        if locked.is_locked:
            raise WrongState(f"{locked} đã khóa; không bổ sung nhiệm vụ được.")
        if not locked.is_quarter:
            raise WrongState(f"{locked} được cộng từ các quý; nhiệm vụ mới được bổ sung vào kỳ quý.")
        ReportLine.objects.filter(
            report__period=locked,
            report__state__in=ProgressReport.EDITABLE_STATES,
            edited_at__isnull=True,
            assignment__date_to__lte=F("report__period__ends_on"),
        ).delete()
        reports, lines = fill_period(locked)
        if reports:
            tell_opened(period=locked, by=by, now=now)  # to those who were told before, nothing
        if lines:
            summary = f"Bổ sung {lines} dòng nhiệm vụ vào {locked}"
            record(by=by, now=now, verb="refresh_period", obj=locked, summary=summary)
    return lines


def put_plan_in_force(*, plan: Plan, by, now: datetime) -> tuple[Plan, int]:
    """Put a plan into force and add its tasks to the periods that are open: one verb, one transaction.

    Returns the plan and the number of report lines added.
    """
    added = 0
    with acting(by=by, verb="activate_plan"):
        plan = plan_verbs.activate_plan(plan=plan, by=by, now=now)
        for period in Period.objects.quarters().filter(council=plan.council_id, state=Period.State.OPEN):
            added += refresh_period(period=period, by=by, now=now)
    return plan, added
