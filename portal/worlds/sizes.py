"""How large a world is, and the days it knows."""

from dataclasses import dataclass
from datetime import date

from reports.calendars import PeriodSpan, quarter

TODAY = date(2025, 12, 10)  # PORTAL_TODAY of every world: four days before the cut-off of Quý IV/2025
QUARTERS: tuple[PeriodSpan, ...] = tuple(quarter(year, number) for year in (2024, 2025) for number in (1, 2, 3, 4))
LAST = len(QUARTERS) - 1  # the open one
STRIDE = 1_000_000  # numbers of rows that each council has for itself in each table


@dataclass(frozen=True)
class Size:
    """One size. Agencies, tasks and activities are totals over all councils; a council has its share of them."""

    name: str
    councils: int
    agencies: int
    tasks: int
    activities: int
    supporting: float  # supporting agencies per task, on average
    processes: int = 1
    bare: bool = False  # secondary indexes are made after the copying

    @property
    def in_words(self) -> str:
        return (
            f"{self.councils} hội đồng, {self.agencies:n} cơ quan, {self.tasks:n} nhiệm vụ, {len(QUARTERS)} quý, "
            f"khoảng {self.activities:n} hoạt động"
        )


SIZES = {
    size.name: size
    for size in (
        Size("XS", 2, 16, 40, 120, 1.6),  # for the tests
        Size("S", 1, 30, 300, 1_700, 1.9),
        Size("M", 1, 150, 6_000, 12_000, 1.9, bare=True),
        Size("L", 34, 4_500, 300_000, 3_000_000, 1.65, processes=2, bare=True),
    )
}


def shares(total: int, weights: list[float], least: int = 0) -> list[int]:
    """A total in whole parts by weight, each at least ``least``; they add up to the total exactly."""
    spare = total - least * len(weights)
    whole = sum(weights)
    parts = [least + int(spare * weight / whole) for weight in weights]
    for index in range(total - sum(parts)):
        parts[index % len(parts)] += 1
    return parts
