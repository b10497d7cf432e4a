"""The leaders' page: four numbers, the grid, the trend; every number opens the list behind it."""

from django.shortcuts import redirect, render

from agencies import clock
from agencies.permissions import Perm, access, grants_of
from reports.goals import tally
from reports.models import Period
from reports.summary import selected, summarise
from reports.values import DUE_STATES
from reports.views.find import period_for, periods_of


@access(Perm.VIEW_SUMMARY)
def summary(request, code=None):
    """The summary of a period; without one, of the newest that has been opened and has begun."""
    if code is None:
        councils = grants_of(request.user).councils(Perm.VIEW_SUMMARY)
        periods = Period.objects.quarters().filter(council__in=councils).order_by("-starts_on")
        newest = periods.filter(starts_on__lte=clock.today()).first() or periods.first()
        if newest is None:
            return render(request, "reports/summary_empty.html")
        return redirect("summary-period", code=newest.code)
    period = period_for(request, code, Perm.VIEW_SUMMARY)
    page = summarise(period, as_of=clock.today())
    choice = {
        "state": request.GET.get("tinh-trang", ""),
        "agency": request.GET.get("co-quan", ""),
        "plan": request.GET.get("ke-hoach", ""),
    }
    targets = [row for row in page.value.council_targets if row.basis]  # what nobody measures is no news for a leader
    shown = "xem" in request.GET or any(choice.values())
    context = {
        "period": period,
        "periods": periods_of(request, period.council),
        "page": page,
        "value": page.value,
        "numbers": _numbers(page),
        "states": DUE_STATES,
        "choice": choice,
        "listed": selected(page.value, **choice) if shown else None,
        "targets": targets,
        "target_states": tally([*targets, *page.value.plan_targets]),
        "updated_at": clock.now(),
    }
    return render(request, "reports/summary.html", context)


def _numbers(page) -> list[dict]:
    """The four numbers, each with last quarter's."""
    tones = {"done": "ok", "on_track": "info", "due_soon": "warn", "overdue": "bad"}
    return [
        {
            "state": state,
            "label": DUE_STATES[state],
            "tone": tone,
            "value": getattr(page.value.totals, state),
            "unreported": sum(task.state == state and not task.reported for task in page.value.tasks),
            "before": getattr(page.before.totals, state) if page.before else None,
            "before_label": page.before.period.label if page.before else "",
        }
        for state, tone in tones.items()
    ]
