"""The leaders' page: the state of the campaign on one A4, and behind every number the list that it counts."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from agencies import clock
from agencies.models import Agency
from agencies.permissions import Perm, access, can, grants_of
from campaigns.models import Plan
from campaigns.views import page_of
from reports.behind import PAGE, TasksBehind
from reports.calendars import parse_period
from reports.charts import CHARTED, attainment_chart, tasks_chart
from reports.drawing import drawing
from reports.freezing import Wanted, day_of
from reports.goals import tally
from reports.models import Period
from reports.overview import overview
from reports.period_parts import council_part, period_part
from reports.side_by_side import side_by_side
from reports.summary import WORDS_SHOWN, counted_codes, summarise
from reports.values import DUE_STATES, CouncilPart, Overview, PeriodPart
from reports.views.find import period_among
from reports.views.period_choice import period_choice

_TARGETS_SHOWN = 4
# Pages behind the numbers: ``?xem=`` → template. Any other word lists the tasks.
_BEHIND = {
    "co-quan": "reports/summary_agencies.html",
    "da-tiep-nhan": "reports/summary_agencies.html",
    "ke-hoach": "reports/summary_plans.html",
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


def _told(value: Overview) -> list:
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


@dataclass(frozen=True)
class Frame:
    """What stands around a list of tasks, of all that a period says."""

    council: CouncilPart
    period: PeriodPart
    as_of: date


def _frame(request, period: Period, periods: list[Period], value: Overview | Frame) -> dict:
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
    given, seen = request.GET, request.GET.get("xem", "")
    if seen not in _BEHIND and not given.get("so-lieu"):
        return _tasks(request, period, periods)
    value = overview(period, as_of=clock.today())
    context = _frame(request, period, periods, value) | {"seen": seen}
    if given.get("so-lieu"):
        row = value.indicator(given["so-lieu"])
        if row is None:
            raise Http404
        reporting = {agency.code for agency in value.reporting}
        figures = [(agency, row.of(agency.code)) for agency in value.agencies]
        page = {"row": row, "figures": [pair for pair in figures if pair[1] is not None or pair[0].code in reporting]}
        return render(request, "reports/summary_figure.html", context | page)
    if seen == "chi-tieu":
        context["targets"] = _told(value)
        context["chart"] = drawing(attainment_chart(context["targets"]), "muc-dat")
    elif seen in ("co-quan", "da-tiep-nhan"):
        context["page"] = page_of(request, value.accepted if seen == "da-tiep-nhan" else value.agencies, PAGE)
        few = len(value.agencies) <= CHARTED
        context["chart"] = drawing(tasks_chart(value), "theo-co-quan") if seen == "co-quan" and few else None
    elif seen == "ke-hoach":
        context["page"] = page_of(request, value.plans, PAGE)
    else:
        said = ("highlights",) if seen == "mo-hinh" else ("proposals", "difficulties")
        context["page"] = page_of(request, sum(map(value.words_under, said), ()), PAGE)
        if seen == "y-kien" and context["page"].number == 1:
            proposing = TasksBehind(period, Wanted(proposing=True), as_of=clock.today())
            context["tasks"] = Paginator(proposing, PAGE).page(1)
    return render(request, _BEHIND[seen], context)


def _tasks(request, period: Period, periods: list[Period]):
    """The tasks behind a number, a page of them, and in words which they are."""
    given, today = request.GET, clock.today()
    state, agency, plan = (given.get(name, "") for name in ("tinh-trang", "co-quan", "ke-hoach"))
    wanted = Wanted(state, agency, plan, bool(given.get("chua-bao-cao")), bool(given.get("de-xuat")))
    words = [DUE_STATES.get(state, "").lower()]
    if agency:
        agencies = Agency.objects.filter(council=period.council_id, code=agency, reports__period__in=period.quarters())
        words += [f"của {name}" for name in agencies.values_list("short_name", flat=True)[:1]]
    if plan.isascii() and plan.isdecimal() and len(plan) < 19:
        plans = Plan.objects.filter(council=period.council_id, pk=int(plan))
        words += [f"theo {number or 'kế hoạch chưa có số'}" for number in plans.values_list("number", flat=True)]
    words += ["chưa có báo cáo kỳ này"] if wanted.unreported else []
    words += ["có đề xuất"] if wanted.proposing else []
    as_of = min(today, period.ends_on) if period.frozen_id is None else day_of(period.frozen)
    context = _frame(request, period, periods, Frame(council_part(period), period_part(period), as_of)) | {
        "page": page_of(request, TasksBehind(period, wanted, as_of=today), PAGE),
        "which": " ".join(filter(None, words)),
        "state": state,
        "states": DUE_STATES,
        "proposing": wanted.proposing,
    }
    return render(request, "reports/summary_tasks.html", context)


def _compared(request, period: Period, periods: list[Period], other: str):
    """The period beside another of the same kind. Raises Http404 for one that the council has not."""
    found = next((one for one in periods if one.code == other and one.kind == period.kind), None)
    if found is None or found.pk == period.pk:
        raise Http404
    value = overview(period, as_of=clock.today())
    context = _frame(request, period, periods, value)
    context["pairs"] = side_by_side(value, period, found, as_of=clock.today())
    context["span"] = parse_period(other)
    return render(request, "reports/summary_compare.html", context)
