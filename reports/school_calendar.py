"""The school year, by which tasks in schools are planned: September to May. Pure Python, no Django, no clock."""

import re
from dataclasses import dataclass
from datetime import date

_CODE = re.compile(r"^([0-9]{4})\s*[-–/]\s*([0-9]{4})$")


@dataclass(frozen=True, order=True)
class SchoolYear:
    """Tháng 9 of one year to tháng 5 of the next, both included."""

    starts_on: date
    ends_on: date

    @property
    def label(self) -> str:
        """'Năm học 2024–2025'."""
        return f"Năm học {self.starts_on.year}–{self.ends_on.year}"

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def school_year(first: int) -> SchoolYear:
    """The school year that begins in September of the given year."""
    return SchoolYear(date(first, 9, 1), date(first + 1, 5, 31))


def parse_school_year(text: str) -> SchoolYear:
    """'2024-2025' → its days. Raises ValueError, in words, when the two years do not follow each other."""
    match = _CODE.match(text.strip())
    if not match or int(match[2]) != int(match[1]) + 1 or not 2000 <= int(match[1]) <= 2100:
        raise ValueError(f"Không hiểu năm học “{text}”. Viết hai năm liền nhau, ví dụ 2024-2025.")
    return school_year(int(match[1]))


def school_year_of(day: date) -> SchoolYear | None:
    """The school year that contains the day; None in the summer (June to August)."""
    year = school_year(day.year if day.month >= 9 else day.year - 1)
    return year if day in year else None
