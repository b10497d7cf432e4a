"""What happens on which day, for one person: deadlines of tasks and periods, activities, days of note and days off.

Each kind costs one query, whatever the number of days; everything is read through what the person may see.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from agencies.permissions import Perm, grants_of
from campaigns.models import Activity, Assignment, Task
from reports.commemorations import commemorations_between
from reports.models import Holiday, Period

# Kinds of events: key → words and icon, in the order in which they stand on a day.
KINDS = {
    "ky": ("Kỳ báo cáo", "document-chart-bar"),
    "nhiem-vu": ("Hạn nhiệm vụ", "flag"),
    "ngay": ("Ngày kỷ niệm, đợt cao điểm", "star"),
    "nghi": ("Ngày nghỉ, làm bù", "home"),
    "hoat-dong": ("Hoạt động", "megaphone"),
}
MOST = 1000  # of one kind


@dataclass(frozen=True)
class Event:
    """Something on a day, or from ``day`` to ``until``. ``key`` never changes for the same thing."""

    key: str
    kind: str
    day: date
    until: date
    title: str
    note: str = ""
    path: str = ""
    tone: str = ""  # bad, warn, ok or nothing

    @property
    def icon(self) -> str:
        return KINDS[self.kind][1]


def events_of(user, first: date, last: date, *, today: date, plan=None, agency=None, kind: str = "") -> list[Event]:
    """The person's events that touch the days from first to last, in order.

    ``plan`` and ``agency`` narrow tasks and activities; ``kind`` (of KINDS) leaves the others out.
    """
    makers = {
        "ky": lambda: _periods(user, first, last),
        "nhiem-vu": lambda: _tasks(user, first, last, today, plan, agency),
        "ngay": lambda: _days_of_note(first, last),
        "nghi": lambda: _days_off(first, last),
        "hoat-dong": lambda: _activities(user, first, last, plan, agency),
    }
    order = list(KINDS)
    events = [event for name, make in makers.items() if kind in ("", name) for event in make()]
    return sorted(events, key=lambda event: (event.day, order.index(event.kind), event.title, event.key))


def _tasks(user, first, last, today, plan, agency):
    tasks = Task.objects.visible_to(user).exclude(status=Task.Status.CANCELLED)
    tasks = tasks.filter(due_date__range=(first, last))
    if plan:
        tasks = tasks.filter(plan=plan)
    if agency:
        tasks = tasks.filter(pk__in=Assignment.objects.current().filter(agency=agency).values("task"))
    lead = Assignment.objects.current().filter(task=OuterRef("pk"), role=Assignment.Role.LEAD)
    tasks = tasks.select_related("plan", "section").annotate(lead=Subquery(lead.values("agency__short_name")[:1]))
    for task in tasks.order_by("due_date", "plan", "sort_order", "pk")[:MOST]:
        open_ = task.status not in (Task.Status.DONE, Task.Status.ON_HOLD)
        tone = "ok" if task.status == Task.Status.DONE else "bad" if open_ and task.due_date < today else ""
        state = "Quá hạn" if tone == "bad" else task.get_status_display()
        note = " · ".join(
            part for part in (task.plan.number, f"chủ trì: {task.lead}" if task.lead else "", state) if part
        )
        yield Event(
            f"nhiem-vu-{task.pk}",
            "nhiem-vu",
            task.due_date,
            task.due_date,
            f"Hạn: {task.place} {task.title}".replace("  ", " "),
            note,
            reverse("task-detail", args=[task.pk]),
            tone,
        )


def _periods(user, first, last):
    """The deadlines of a period at the person's own level: the agency's, the secretariat's, the leaders'."""
    grants = grants_of(user)
    reviews = grants.councils(Perm.REVIEW_REPORTS)
    reads = grants.councils(Perm.VIEW_SUMMARY) - reviews
    works = grants.agency_councils if grants.agencies(Perm.VIEW_WORK) else frozenset()
    periods = Period.objects.visible_to(user).select_related("council")
    periods = periods.filter(ends_on__lte=last, leader_due_on__gte=first)
    several = len(grants.all_councils) > 1
    for period in periods.order_by("ends_on", "council_id", "code"):
        council = period.council_id
        days = []
        if period.is_quarter and (council in works or council in reviews):
            days.append(("chot", period.ends_on, "Chốt số liệu", "report-list"))
            days.append(("nop", period.agency_due_on, "Hạn các cơ quan nộp báo cáo", "report-list"))
        if council in reviews:
            days.append(("thu-ky", period.secretariat_due_on, "Hạn Thư ký tổng hợp xong", "consolidation"))
        if council in reviews or council in reads:
            days.append(("lanh-dao", period.leader_due_on, "Hạn trình Lãnh đạo", "summary-period"))
        for key, day, words, url_name in days:
            if first <= day <= last:
                note = period.council.short_name if several else ""
                path = reverse(url_name, args=[period.code])
                path += f"?hoi-dong={period.council.code}" if several else ""
                yield Event(f"ky-{period.pk}-{key}", "ky", day, day, f"{words} {period}", note, path, "warn")


def _activities(user, first, last, plan, agency):
    activities = Activity.objects.visible_to(user).counted().filter(held_on__range=(first, last))
    if plan:
        activities = activities.filter(tasks__plan=plan).distinct()
    if agency:
        activities = activities.filter(agency=agency)
    for activity in activities.select_related("agency").order_by("held_on", "pk")[:MOST]:
        note = " · ".join(part for part in (activity.agency.short_name, activity.place) if part)
        path = reverse("activity-detail", args=[activity.pk])
        day = activity.held_on
        yield Event(f"hoat-dong-{activity.pk}", "hoat-dong", day, day, activity.title, note, path)


def _days_of_note(first, last):
    for row, starts, ends in commemorations_between(first, last):
        yield Event(f"{row.key}-{starts.year}", "ngay", starts, ends, row.name, row.source)


def _days_off(first, last):
    for row in Holiday.objects.filter(day__range=(first, last)):
        words = f"Làm bù: {row.name}" if row.is_makeup else f"Nghỉ: {row.name}"
        yield Event(f"nghi-{row.day:%Y%m%d}", "nghi", row.day, row.day, words)
