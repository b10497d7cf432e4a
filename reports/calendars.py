"""Period arithmetic: pure Python, no Django, no clock.

The administrative periods are those of NĐ 09/2019/NĐ-CP Điều 12: a quarter is not a calendar quarter. Quý I runs from
15/12 of the year before to 14/3, and so on; deadlines come at least one working day after the cut-off (Điều 8.5).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

_ROMAN = ("", "I", "II", "III", "IV")
# First day (month, day) of each administrative quarter; Quý I begins in the year before.
_QUARTER_STARTS = ((12, 15), (3, 15), (6, 15), (9, 15))
_CODE = re.compile(r"^([0-9]{4})(?:-(q[1-4]|6t|6tc|9t))?$")


@dataclass(frozen=True, order=True)
class PeriodSpan:
    """One administrative reporting period: its code, its days (both included) and its name."""

    starts_on: date
    ends_on: date
    code: str
    kind: str  # quarter, half_year, second_half, nine_month, year
    year: int
    quarter: int = 0

    @property
    def label(self) -> str:
        """'Quý II/2024', as officials write it in tables."""
        return {
            "quarter": f"Quý {_ROMAN[self.quarter]}/{self.year}",
            "half_year": f"6 tháng đầu năm {self.year}",
            "second_half": f"6 tháng cuối năm {self.year}",
            "nine_month": f"9 tháng năm {self.year}",
            "year": f"Năm {self.year}",
        }[self.kind]

    @property
    def short_label(self) -> str:
        """'Quý II', '6 tháng đầu', 'Cả năm': beside a year that is named once."""
        return {
            "quarter": f"Quý {_ROMAN[self.quarter]}",
            "half_year": "6 tháng đầu",
            "second_half": "6 tháng cuối",
            "nine_month": "9 tháng",
            "year": "Cả năm",
        }[self.kind]

    @property
    def long_label(self) -> str:
        """'Quý II năm 2024', as written in the title of a document."""
        return f"Quý {_ROMAN[self.quarter]} năm {self.year}" if self.kind == "quarter" else self.label

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def quarter(year: int, number: int) -> PeriodSpan:
    """Quarter 1–4 of a reporting year. Raises ValueError for another number."""
    if number not in (1, 2, 3, 4):
        raise ValueError(f"Không có quý {number}: chỉ có quý 1 đến 4.")
    month, day = _QUARTER_STARTS[number - 1]
    start = date(year - 1 if number == 1 else year, month, day)
    month, day = _QUARTER_STARTS[number % 4]
    end = date(year, month, day) - timedelta(days=1)
    return PeriodSpan(start, end, f"{year}-q{number}", "quarter", year, number)


def parse_period(code: str) -> PeriodSpan:
    """The period of a code: 2024-q2, 2024-6t, 2024-6tc, 2024-9t, 2024. Raises ValueError, in words, for any other."""
    match = _CODE.match(code.strip().casefold())
    if not match or not 2000 <= int(match[1]) <= 2100:
        raise ValueError(f"Không hiểu kỳ báo cáo “{code}”. Viết như 2024-q2, 2024-6t, 2024-9t hoặc 2024.")
    year, part = int(match[1]), match[2]
    if part and part.startswith("q"):
        return quarter(year, int(part[1]))
    kind, first, last = {
        "6t": ("half_year", 1, 2),
        "6tc": ("second_half", 3, 4),
        "9t": ("nine_month", 1, 3),
        None: ("year", 1, 4),
    }[part]
    code = f"{year}-{part}" if part else str(year)
    return PeriodSpan(quarter(year, first).starts_on, quarter(year, last).ends_on, code, kind, year)


def quarter_of(day: date) -> PeriodSpan:
    """The administrative quarter that contains the day; every day is in exactly one."""
    for year, number in ((day.year, 1), (day.year, 2), (day.year, 3), (day.year, 4), (day.year + 1, 1)):
        span = quarter(year, number)
        if day in span:
            return span
    raise AssertionError(day)  # the four quarters and the next first one cover a calendar year


def quarters_of(span: PeriodSpan) -> tuple[PeriodSpan, ...]:
    """The quarters that make up a period, in order; a quarter is its own only one."""
    parts = tuple(quarter(span.year, number) for number in (1, 2, 3, 4))
    return tuple(part for part in parts if span.starts_on <= part.starts_on and part.ends_on <= span.ends_on)


def longer_than(span: PeriodSpan) -> tuple[PeriodSpan, ...]:
    """The longer periods that contain a quarter: its half-year, the nine months (Quý I–III) and the year."""
    codes = (f"{span.year}-6t", f"{span.year}-6tc", f"{span.year}-9t", str(span.year))
    return tuple(longer for longer in map(parse_period, codes) if span in quarters_of(longer))


def year_to_date(span: PeriodSpan) -> PeriodSpan:
    """The reporting year from its first quarter to the end of a period: what is counted up over a year by then."""
    last = quarters_of(span)[-1].quarter
    return (quarter(span.year, 1), *map(parse_period, (f"{span.year}-6t", f"{span.year}-9t", str(span.year))))[last - 1]


def previous(span: PeriodSpan) -> PeriodSpan:
    """The quarter before a quarter, the first half before the second; for the others the same a year earlier."""
    if span.kind == "second_half":
        return parse_period(f"{span.year}-6t")
    if span.kind != "quarter":
        return same_period_last_year(span)
    return quarter(span.year - 1, 4) if span.quarter == 1 else quarter(span.year, span.quarter - 1)


def following(span: PeriodSpan) -> PeriodSpan:
    """The period whose work comes next: the next quarter, half or year; Quý IV after the nine months."""
    if span.kind == "quarter":
        return quarter(span.year + 1, 1) if span.quarter == 4 else quarter(span.year, span.quarter + 1)
    after = {"half_year": f"{span.year}-6tc", "second_half": f"{span.year + 1}-6t", "nine_month": f"{span.year}-q4"}
    return parse_period(after.get(span.kind, str(span.year + 1)))


def same_period_last_year(span: PeriodSpan) -> PeriodSpan:
    """The same period of the year before (so với cùng kỳ)."""
    return parse_period(span.code.replace(str(span.year), str(span.year - 1), 1))


@dataclass(frozen=True)
class WorkCalendar:
    """Working days: Monday to Friday, less holidays, plus make-up days (làm bù)."""

    holidays: frozenset[date] = frozenset()
    makeup_days: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.makeup_days:
            return True
        return day.weekday() < 5 and day not in self.holidays

    def add_working_days(self, day: date, count: int) -> date:
        """The day that comes ``count`` working days after ``day`` (count ≥ 0; the day itself is not counted)."""
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day


@dataclass(frozen=True)
class Deadlines:
    """When each level must have handed in; each at least one working day after the one before (NĐ 09/2019 Đ8.5)."""

    agency: date
    secretariat: date
    leader: date


# Working days after the cut-off: agencies one, the secretariat three more to consolidate, leaders two more to sign.
AGENCY_DAYS, SECRETARIAT_DAYS, LEADER_DAYS = 1, 3, 2


def deadlines(cutoff: date, calendar: WorkCalendar) -> Deadlines:
    """The deadlines that follow a cut-off (hết ngày chốt số liệu)."""
    agency = calendar.add_working_days(cutoff, AGENCY_DAYS)
    secretariat = calendar.add_working_days(agency, SECRETARIAT_DAYS)
    return Deadlines(agency, secretariat, calendar.add_working_days(secretariat, LEADER_DAYS))


def work_calendar(rows: Collection[tuple[date, bool]]) -> WorkCalendar:
    """The calendar of a table of (day, is_makeup) rows."""
    return WorkCalendar(
        frozenset(day for day, makeup in rows if not makeup), frozenset(day for day, makeup in rows if makeup)
    )


def due_in_period(*, due_date: date | None, recurrence: str, span: PeriodSpan, plan_ends_on: date) -> date | None:
    """The date by which a task is due, seen from one period; None when it has none ("Thường xuyên").

    A recurring task is due once in each of its rounds: the quarterly one at the period's cut-off, the half-yearly and
    yearly one at the cut-off of the half or year that the period belongs to; never after the plan ends.
    """
    if recurrence in ("ongoing", "on_demand"):
        return None
    if recurrence in ("monthly", "quarterly"):
        return min(span.ends_on, plan_ends_on)
    if recurrence == "half_yearly":
        half = "6t" if span.kind == "quarter" and span.quarter <= 2 else "6tc"
        return min(parse_period(f"{span.year}-{half}").ends_on, plan_ends_on)
    if recurrence == "yearly":
        return min(parse_period(str(span.year)).ends_on, plan_ends_on)
    return due_date
