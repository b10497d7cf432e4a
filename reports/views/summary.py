"""The leaders' page: the state of the campaign on one A4, and behind every number the list that it counts."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies import clock
from agencies.permissions import Perm, access, can, grants_of
from reports.calendars import parse_period
from reports.charts import attainment_chart, tasks_chart
from reports.consolidation import consolidate
from reports.drawing import drawing
from reports.goals import tally
from reports.models import Period
from reports.side_by_side import side_by_side
from reports.summary import WORDS_SHOWN, counted_codes, selected, summarise
from reports.values import DUE_STATES, Consolidation
from reports.views.find import period_among
from reports.views.period_choice import period_choice

_TARGETS_SHOWN = 4
# Pages behind the numbers: ``?xem=`` → template. Any other word lists the tasks.
_BEHIND = {
    "co-quan": "reports/summary_agencies.html",
    "da-tiep-nhan": "reports/summary_agencies.html",
    "chi-tieu": "reports/summary_targets.html",
    "y-kien": "reports/summary_words.html",
    "mo-hinh": "reports/summary_words.html",
}


@access(Perm.VIEW_SUMMARY)
def summary(request, code=None):
    """The summary of a period; without one, of the newest that has been opened and has begun."""
    if code is None:
        councils = grants_of(request.user).councils(Perm.VIEW_SUMMARY)
        periods = Period.objects.quarters().filter(council__in=councils).order_by("-starts_on")
        newest = periods.filter(starts_on__lte=clock.today()).first() or periods.first()
        if newest is None:
            opens = reverse("period-open") if grants_of(request.user).holds(Perm.COORDINATE_PERIODS) else ""
            return render(request, "reports/summary_empty.html", {"open_url": opens})
        return redirect("summary-period", code=newest.code)
    period, periods = period_among(request, code, Perm.VIEW_SUMMARY, counted=_counted(code))
    if other := request.GET.get("so-voi"):
        return _compared(request, period, periods, other)
    if any(request.GET.get(name) for name in ("xem", "tinh-trang", "co-quan", "ke-hoach", "so-lieu")):
        return _behind(request, period, periods)
    page = summarise(period, periods=periods, as_of=clock.today())
    targets = [*_told(page.value), *page.value.plan_targets]
    return render(
        request,
        "reports/summary.html",
        _frame(request, period, periods, page.value)
        | {
            "page": page,
            "trend": drawing(page.trend, "xu-huong"),
            "target_states": tally(targets),
            "targets": targets,
            "behind": _behindhand(targets)[:_TARGETS_SHOWN],
            "asked": page.asked[:WORDS_SHOWN],
            "good": page.good[:WORDS_SHOWN],
            "figures": [row for row in page.value.indicators if not row.parent and row.value is not None],
        },
    )


def _counted(code: str) -> list[str]:
    try:
        return counted_codes(code)
    except ValueError:
        raise Http404 from None


def _told(value: Consolidation) -> list:
    """The council's targets; what nobody measures is no news for a leader."""
    return [row for row in value.council_targets if row.basis]


def _behindhand(targets: list) -> list:
    """The targets to look at: those missed, then the council's own that are not reached yet, the farthest first."""
    wanted = [row for row in targets if row.state == "missed" or (row.state == "running" and row.scope == "council")]
    return sorted(wanted, key=lambda row: (row.state != "missed", row.percent or 0))


@dataclass(frozen=True)
class Door:
    """A button to where the numbers are worked on, for those who may."""

    label: str
    url: str
    icon: str


def _doors(request, period: Period) -> list[Door]:
    doors = []
    if can(request.user, Perm.CONSOLIDATE, period.council):
        doors.append(Door("Tổng hợp", reverse("consolidation", kwargs={"code": period.code}), "document-chart-bar"))
    if period.is_quarter and can(request.user, Perm.REVIEW_REPORTS, period.council):
        doors.append(Door("Điều phối", reverse("board", kwargs={"code": period.code}), "clipboard-document-list"))
    return doors


def _frame(request, period: Period, periods: list[Period], value: Consolidation) -> dict:
    """What every page of a period's summary shows around its numbers."""
    within = f"hoi-dong={period.council.code}&" if request.GET.get("hoi-dong") else ""
    return {
        "period": period,
        "choice": period_choice(period, periods, "summary-period", within),
        "within": within,
        "comparable": [one for one in periods if one.kind == period.kind and one.pk != period.pk],
        "value": value,
        "running": not value.period.locked and value.as_of < period.ends_on,
        "doors": _doors(request, period),
        "updated_at": clock.now(),
    }


def _behind(request, period: Period, periods: list[Period]):
    """The list that a number of the page counts."""
    value = consolidate(period, as_of=clock.today())
    given, seen = request.GET, request.GET.get("xem", "")
    context = _frame(request, period, periods, value) | {"seen": seen}
    if given.get("so-lieu"):
        row = value.indicator(given["so-lieu"])
        if row is None:
            raise Http404
        figures = [(agency, row.of(agency.code)) for agency in value.agencies]
        page = {"row": row, "figures": [pair for pair in figures if pair[1] is not None or pair[0] in value.reporting]}
        return render(request, "reports/summary_figure.html", context | page)
    if seen not in _BEHIND:
        return render(request, "reports/summary_tasks.html", context | _tasks(value, given))
    chart = None
    if seen == "chi-tieu":
        context["targets"] = _told(value)
        chart = drawing(attainment_chart(context["targets"]), "muc-dat")
    elif seen == "co-quan":
        chart = drawing(tasks_chart(value), "theo-co-quan")
    context |= {
        "chart": chart,
        "agencies": value.accepted if seen == "da-tiep-nhan" else value.agencies,
        "words": value.words_under("highlights")
        if seen == "mo-hinh"
        else value.words_under("proposals") + value.words_under("difficulties"),
        "tasks": [task for task in value.tasks if task.proposal] if seen == "y-kien" else [],
    }
    return render(request, _BEHIND[seen], context)


def _tasks(value: Consolidation, given) -> dict:
    """The tasks asked for, and in words which they are."""
    state, agency, plan = (given.get(name, "") for name in ("tinh-trang", "co-quan", "ke-hoach"))
    unreported = bool(given.get("chua-bao-cao"))
    listed = selected(value, state=state, agency=agency, plan=plan, unreported=unreported)
    words = [DUE_STATES.get(state, "").lower()]
    words += [f"của {row.short_name}" for row in value.agencies if row.code == agency]
    words += [f"theo {row.number or 'kế hoạch chưa có số'}" for row in value.plans if str(row.id) == plan]
    words += ["chưa có báo cáo kỳ này"] if unreported else []
    return {"listed": listed, "which": " ".join(filter(None, words)), "state": state, "states": DUE_STATES}


def _compared(request, period: Period, periods: list[Period], other: str):
    """The period beside another of the same kind. Raises Http404 for one that the council has not."""
    found = next((one for one in periods if one.code == other and one.kind == period.kind), None)
    if found is None or found.pk == period.pk:
        raise Http404
    value = consolidate(period, as_of=clock.today())
    context = _frame(request, period, periods, value)
    context["pairs"] = side_by_side(value, period, found, as_of=clock.today())
    context["span"] = parse_period(other)
    return render(request, "reports/summary_compare.html", context)
