"""Choosing a period: a row of years and a row of the periods of one year; both wrap, nothing is cut at the edge.

On a narrow screen they are folded behind one line with the period looked at.
"""

from dataclasses import dataclass

from django.urls import reverse

from reports.models import Period


@dataclass(frozen=True)
class Choice:
    """One link of the choice."""

    label: str
    url: str
    current: bool
    locked: bool = False


@dataclass(frozen=True)
class PeriodChoice:
    """The years that have periods, newest first, and the periods of the year that is looked at."""

    years: tuple[Choice, ...]
    periods: tuple[Choice, ...]


def period_choice(period: Period, periods: list[Period], route: str, within: str = "") -> PeriodChoice:
    """The choice on a page of ``period``. A year leads to the same part of that year, else to its newest period.

    ``within`` is the query that keeps a person of several councils in the one they look at.
    """

    def address(one: Period) -> str:
        return reverse(route, kwargs={"code": one.code}) + (f"?{within.rstrip('&')}" if within else "")

    year, code, tail = period.span.year, period.code, period.code.partition("-")[2]
    by_year: dict[int, list[Period]] = {}
    for one in periods:
        by_year.setdefault(one.span.year, []).append(one)
    years = []
    for other, own in by_year.items():
        same = next((one for one in own if one.code.partition("-")[2] == tail), own[0])
        years.append(Choice(str(other), address(same), other == year))
    of_year = sorted(
        by_year.get(year, []), key=lambda one: (not one.is_quarter, one.ends_on, -one.starts_on.toordinal())
    )
    return PeriodChoice(
        years=tuple(years),
        periods=tuple(Choice(one.span.short_label, address(one), one.code == code, one.is_locked) for one in of_year),
    )
