"""Why can I, why can't I: the answer for one object, at its own address and inside the foot of the object's page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.explain import Deed, explain
from agencies.models import Agency
from agencies.permissions import Perm, access, get_for
from agencies.why import deeds_of_agency
from campaigns.models import Activity, Plan, Task
from campaigns.why import deeds_of_activity, deeds_of_plan, deeds_of_task
from reports.models import Period, ProgressReport, ReportLine
from reports.why import deeds_of_line, deeds_of_period, deeds_of_report


@dataclass(frozen=True)
class Asked:
    """One object somebody asks about: its name, its own page, what can be done with it."""

    name: str
    url: str
    deeds: list[Deed]


def _report(user, pk: int) -> Asked:
    reports = ProgressReport.objects.select_related("agency__council", "period__council", "submitted_by")
    report = get_for(user, reports, pk=pk)
    return Asked(str(report), _page_of(report), deeds_of_report(report, clock.today()))


def _page_of(report: ProgressReport) -> str:
    return reverse("report-detail", kwargs={"code": report.period.code, "agency": report.agency.code})


def _line(user, pk: int) -> Asked:
    # A line is seen by those who see its report.
    lines = ReportLine.objects.filter(report__in=ProgressReport.objects.visible_to(user))
    line = lines.select_related("task", "report__agency__council", "report__period").filter(pk=pk).first()
    if line is None:
        raise Http404
    return Asked(f"{line.task} · {line.report}", f"{_page_of(line.report)}#dong-{line.pk}", deeds_of_line(line))


def _task(user, pk: int) -> Asked:
    task = get_for(user, Task.objects.select_related("plan", "council"), pk=pk)
    return Asked(str(task), reverse("task-detail", args=[pk]), deeds_of_task(task, clock.today()))


def _plan(user, pk: int) -> Asked:
    plan = get_for(user, Plan.objects.select_related("council"), pk=pk)
    return Asked(str(plan), reverse("plan-detail", args=[pk]), deeds_of_plan(plan))


def _period(user, pk: int) -> Asked:
    period = get_for(user, Period.objects.select_related("council"), pk=pk)
    return Asked(str(period), reverse("report-list", kwargs={"code": period.code}), deeds_of_period(period))


def _activity(user, pk: int) -> Asked:
    activity = get_for(user, Activity.objects.select_related("agency__council"), pk=pk)
    return Asked(str(activity), reverse("activity-detail", args=[pk]), deeds_of_activity(activity))


def _agency(user, pk: int) -> Asked:
    agency = get_for(user, Agency.objects.select_related("council"), pk=pk)
    return Asked(agency.name, reverse("agency-detail", args=[pk]), deeds_of_agency(agency))


KINDS: dict[str, Callable[[object, int], Asked]] = {
    "bao-cao": _report,
    "dong": _line,
    "nhiem-vu": _task,
    "ke-hoach": _plan,
    "ky": _period,
    "hoat-dong": _activity,
    "co-quan": _agency,
}


@require_safe
@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK, Perm.MANAGE_AGENCIES, Perm.MANAGE_ACCOUNTS)
def why(request, kind: str, pk: int):
    """Each deed of the object: may this person, why not, whose work it is. Foreign objects are 404."""
    if kind not in KINDS:
        raise Http404
    asked = KINDS[kind](request.user, pk)
    # What one can do first; both parts in the order of the work.
    answers = sorted(explain(request.user, asked.deeds), key=lambda answer: not answer.allowed)
    context = {"asked": asked, "answers": answers}
    return render(request, "portal/_why_answers.html" if request.htmx else "portal/why.html", context)
