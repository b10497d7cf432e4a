"""Whole quarters at a stroke: opened on their first day, reports accepted with given figures."""

from decimal import Decimal

from agencies import clock
from reports.calendars import parse_period
from reports.models import FrozenValue, Period, ProgressReport, ReportFigure
from reports.opening import open_period


def opened(world, code: str) -> Period:
    """A quarter of the world's council, opened on its first day; the plan's tasks are in it."""
    return open_period(council=world.council, code=code, by=None, now=clock.at(parse_period(code).starts_on))[0]


def no_numbers(period: Period) -> FrozenValue:
    """A frozen value without a number, for a period whose numbers play no part."""
    return FrozenValue.objects.create(
        council_id=period.council_id, totals={}, unreported={}, delays=[], told={}, tasks=[]
    )


def accept(period: Period, agency: str, *, words: str = "", **values) -> None:
    """An agency's report of a period as accepted, with these figures; every other one is 0."""
    report = ProgressReport.objects.get(period=period, agency__code=agency)
    for figure in ReportFigure.objects.filter(report=report).select_related("indicator"):
        figure.value = Decimal(values.get(figure.indicator.code, 0))
        figure.save()
    by = report.agency.memberships.select_related("user").first()
    user = by.user if by else period.council.memberships.select_related("user").first().user
    at = clock.at(period.ends_on)
    report.direction = words
    report.submitted_at = report.accepted_at = at
    report.submitted_by = user
    report.state = ProgressReport.State.ACCEPTED
    report.save()
