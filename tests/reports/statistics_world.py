"""A council with activities around the borders of both calendars and accepted quarterly reports."""

from datetime import date
from decimal import Decimal

from agencies import clock
from agencies.models import Agency
from campaigns.models import Activity, ActivityFigure, Indicator
from reports.models import Period, ProgressReport, ReportFigure
from reports.opening import open_period
from tests.world import World

QUARTERS = {"2023-q4": date(2023, 9, 15), "2024-q1": date(2023, 12, 15), "2024-q2": date(2024, 3, 15),
            "2024-q3": date(2024, 6, 15), "2024-q4": date(2024, 9, 15), "2025-q1": date(2024, 12, 15)}  # fmt: skip


def did(world: World, agency: str, day: str, **figures: int):
    """An activity of a day with its figures, recorded on that day."""
    on = date.fromisoformat(day)
    activity = Activity.objects.create(
        agency=world.agencies[agency],
        title=f"Hoạt động ngày {on:%d/%m/%Y}",
        held_on=on,
        recorded_by=world.people["officer_b"],
        recorded_at=clock.at(on, 17),
    )
    for code, value in figures.items():
        ActivityFigure.objects.create(
            activity=activity, indicator=Indicator.objects.get(code=code), value=Decimal(value)
        )
    return activity


def reported(world: World, agency: str, code: str, *, state="accepted", **figures) -> ProgressReport:
    """The agency's report of a quarter in that state, holding exactly these figures."""
    period = open_period(council=world.council, code=code, by=None, now=clock.at(QUARTERS[code]))[0]
    who: Agency = world.agencies[agency]
    report, _made = ProgressReport.objects.get_or_create(period=Period.objects.get(pk=period.pk), agency=who)
    now, by = clock.at(period.ends_on), world.people["officer_b"]
    report.state, report.submitted_at, report.submitted_by = state, now, by
    report.accepted_at = now if state == "accepted" else None
    report.save()
    indicators = {row.code: row for row in Indicator.objects.all()}
    for name, value in figures.items():
        amount = None if value is None else Decimal(str(value))
        ReportFigure.objects.update_or_create(report=report, indicator=indicators[name], defaults={"value": amount})
    return report
