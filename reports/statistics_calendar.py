"""The periods of the justice sector's statistics: pure Python, no Django, no clock.

They are not those of administrative reports: a statistics half is 01/01–30/6 and a statistics year 01/01–31/12
(TT 03/2019/TT-BTP), while Quý I of NĐ 09/2019 begins on 15/12 of the year before. A preliminary form is sent before
its period is over: actual figures up to a day, an estimate for the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_CODE = re.compile(r"^([0-9]{4})(?:-(6t|6tc))?$")
_ELSEWHERE = re.compile(r"^([0-9]{4})-(q[1-4]|9t)$")

# Who reports, by the clauses of TT 03/2019/TT-BTP: the day up to which a preliminary year is actual depends on it.
REPORTERS = {"1-2": "khoản 1, 2", "3-12": "khoản 3–12"}
DEFAULT_REPORTER = "1-2"

Day = tuple[int, int]  # month, day


@dataclass(frozen=True)
class Regime:
    """One reporting regime and what is known of its days. What the sources do not give is None or absent."""

    circular: str
    in_force_from: date | None
    in_force_to: date | None
    source: str
    half_actual_until: Day | None = None
    year_actual_until: Mapping[str, Day] = field(default_factory=dict)  # by reporter, see REPORTERS
    half_due: Day | None = None
    year_preliminary_due: Day | None = None
    year_official_due: Day | None = None  # of the year after
    commune_half_due: Day | None = None
    commune_year_preliminary_due: Day | None = None
    commune_year_official_due: Day | None = None  # of the year after

    def covers(self, day: date) -> bool:
        """Whether the regime is in force on the day; an unknown first day counts as 'since before'."""
        return (self.in_force_from is None or self.in_force_from <= day) and (
            self.in_force_to is None or day <= self.in_force_to
        )


REGIMES = (
    Regime(
        "Thông tư 20/2013/TT-BTP",
        None,
        date(2019, 5, 14),
        "TT 20/2013/TT-BTP, chú thích “ước tính 02 tháng cuối”; ngày hết áp dụng suy từ TT 03/2019",
        half_actual_until=(4, 30),
        year_actual_until={"1-2": (10, 31), "3-12": (10, 31)},
    ),
    Regime(
        "Thông tư 03/2019/TT-BTP",
        date(2019, 5, 15),
        date(2025, 10, 31),
        "TT 03/2019/TT-BTP ngày 20/3/2019, hiệu lực 15/5/2019",
        half_actual_until=(5, 31),
        year_actual_until={"1-2": (11, 30), "3-12": (10, 31)},
        half_due=(6, 25),
        year_preliminary_due=(11, 28),
        year_official_due=(2, 20),
        commune_half_due=(6, 6),
        commune_year_preliminary_due=(11, 7),
        commune_year_official_due=(1, 20),
    ),
    Regime(
        "Thông tư 17/2025/TT-BTP",
        date(2025, 11, 1),
        None,
        "TT 16/2025/TT-BTP và TT 17/2025/TT-BTP, hiệu lực 01/11/2025; chưa rõ ngày chốt và hạn gửi biểu PBGDPL",
    ),
)


@dataclass(frozen=True, order=True)
class StatisticsSpan:
    """One statistics period: its days (both included), its code and its name."""

    starts_on: date
    ends_on: date
    code: str
    kind: str  # half_year, second_half, year
    year: int

    @property
    def label(self) -> str:
        """'6 tháng đầu năm 2024', 'Năm 2024'."""
        return {
            "half_year": f"6 tháng đầu năm {self.year}",
            "second_half": f"6 tháng cuối năm {self.year}",
            "year": f"Năm {self.year}",
        }[self.kind]

    @property
    def long_label(self) -> str:
        return self.label

    @property
    def regime(self) -> Regime:
        """The regime in force on the period's last day."""
        return next(regime for regime in REGIMES if regime.covers(self.ends_on))

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def actual_until(self, reporter: str = DEFAULT_REPORTER) -> date | None:
        """The last day of actual figures in the preliminary form; None when there is none or nobody has told it.

        Raises ValueError, in words, for an unknown kind of reporter.
        """
        if reporter not in REPORTERS:
            raise ValueError(f"Không có loại đơn vị báo cáo “{reporter}”: chọn {' hoặc '.join(REPORTERS)}.")
        known = {"half_year": self.regime.half_actual_until, "year": self.regime.year_actual_until.get(reporter)}
        return self._day(known.get(self.kind))

    @property
    def preliminary_due(self) -> date | None:
        """When the provincial form is due while the period still runs: 25/6, or 28/11 for the year (TT 03/2019)."""
        return self._day({"half_year": self.regime.half_due, "year": self.regime.year_preliminary_due}.get(self.kind))

    @property
    def official_due(self) -> date | None:
        """When the official form of a year is due: 20/02 of the year after (TT 03/2019). A half has none."""
        return self._day(self.regime.year_official_due, 1) if self.kind == "year" else None

    @property
    def commune_dues(self) -> tuple[date | None, date | None]:
        """The commune's two deadlines before it: preliminary and official."""
        regime = self.regime
        if self.kind == "half_year":
            return self._day(regime.commune_half_due), None
        if self.kind == "year":
            return self._day(regime.commune_year_preliminary_due), self._day(regime.commune_year_official_due, 1)
        return None, None

    def _day(self, day: Day | None, years: int = 0) -> date | None:
        return date(self.year + years, *day) if day else None


def statistics_half(year: int, number: int) -> StatisticsSpan:
    """The first (01/01–30/6) or second half (01/7–31/12) of a year. Raises ValueError for another number."""
    if number not in (1, 2):
        raise ValueError(f"Không có nửa năm thứ {number}: chỉ có 1 và 2.")
    if number == 1:
        return StatisticsSpan(date(year, 1, 1), date(year, 6, 30), f"{year}-6t", "half_year", year)
    return StatisticsSpan(date(year, 7, 1), date(year, 12, 31), f"{year}-6tc", "second_half", year)


def statistics_year(year: int) -> StatisticsSpan:
    """01/01–31/12."""
    return StatisticsSpan(date(year, 1, 1), date(year, 12, 31), str(year), "year", year)


def parse_statistics(code: str) -> StatisticsSpan:
    """The statistics period of a code: 2024-6t, 2024-6tc, 2024.

    Raises ValueError, in words, for a quarter or nine months, which statistics do not have, and for any other text.
    """
    text = code.strip().casefold()
    if other := _ELSEWHERE.match(text):
        part = "9 tháng" if other[2] == "9t" else "quý"
        raise ValueError(
            f"Lịch thống kê không có kỳ {part} (“{text}”): chỉ có 6 tháng ({other[1]}-6t) và năm ({other[1]}). "
            "Kỳ quý, 9 tháng thuộc lịch hành chính (hanh-chinh)."
        )
    match = _CODE.match(text)
    if not match or not 2000 <= int(match[1]) <= 2100:
        raise ValueError(f"Không hiểu kỳ thống kê “{code}”. Viết như 2024-6t hoặc 2024.")
    year = int(match[1])
    return {None: statistics_year(year), "6t": statistics_half(year, 1), "6tc": statistics_half(year, 2)}[match[2]]


def statistics_half_of(day: date) -> StatisticsSpan:
    """The statistics half that contains the day; every day is in exactly one."""
    return statistics_half(day.year, 1 if day.month <= 6 else 2)


def estimated_from(actual_until: date | None) -> date | None:
    """The first estimated day: the one after the last actual."""
    return actual_until + timedelta(days=1) if actual_until else None
