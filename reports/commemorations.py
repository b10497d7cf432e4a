"""Days of the year that campaigns are built around, with where each is laid down; fixed dates of the solar year only.

Pure data: no database, no clock. What the sources do not give is said in ``source``.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Commemoration:
    """A day, or days from ``day`` to ``until``, of every year from ``since`` on; both as (month, day).

    ``since`` is 0 where the sources do not give the first year.
    """

    key: str
    name: str
    day: tuple[int, int]
    until: tuple[int, int]
    since: int
    source: str

    def in_year(self, year: int) -> tuple[date, date]:
        """First and last day in a year."""
        return date(year, *self.day), date(year, *self.until)


COMMEMORATIONS = (
    Commemoration(
        "ngay-phap-luat",
        "Ngày Pháp luật Việt Nam",
        (11, 9),
        (11, 9),
        2013,
        "Điều 8 Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13; Điều 6 Nghị định 28/2013/NĐ-CP",
    ),
    Commemoration(
        "thang-hanh-dong-binh-dang-gioi",
        "Tháng hành động vì bình đẳng giới và phòng ngừa, ứng phó với bạo lực trên cơ sở giới",
        (11, 15),
        (12, 15),
        2016,
        "Chương trình hành động quốc gia ban hành kèm Quyết định 1696/QĐ-TTg ngày 02/10/2015",
    ),
    Commemoration(
        "ngay-hoi-dai-doan-ket",
        "Ngày hội Đại đoàn kết toàn dân tộc (Ngày truyền thống Mặt trận Tổ quốc Việt Nam)",
        (11, 18),
        (11, 18),
        0,
        "Thông lệ hằng năm của Mặt trận Tổ quốc Việt Nam; chưa xác định được điều khoản của văn bản",
    ),
)


def commemorations_between(first: date, last: date) -> list[tuple[Commemoration, date, date]]:
    """Those that touch the days from first to last, with their first and last day, by date."""
    found = []
    for year in range(first.year - 1, last.year + 1):
        for row in COMMEMORATIONS:
            starts, ends = row.in_year(year)
            if year >= row.since and starts <= last and ends >= first:
                found.append((row, starts, ends))
    return sorted(found, key=lambda item: (item[1], item[0].key))
