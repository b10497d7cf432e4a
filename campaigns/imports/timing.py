"""The "Thời gian" column: what is written → a span of days or a recurrence, or a refusal. Never a guess.

Pure: no Django, no clock. Days come first (15/11/2024), a quarter here is a calendar quarter, both ends are included.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from agencies.tables.problems import CellError
from agencies.vietnamese import clean, fold, roman_to_int

ONCE, ONGOING, MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY, ON_DEMAND = (
    "",
    "ongoing",
    "monthly",
    "quarterly",
    "half_yearly",
    "yearly",
    "on_demand",
)
HINT = (
    "Viết như “Thường xuyên”, “Hằng quý”, “Quý II/2024”, “Tháng 11/2024”, “Trước ngày 15/11/2024”, “Năm 2024” "
    "hoặc “Khi phát sinh”."
)


@dataclass(frozen=True)
class Timing:
    """``text`` as written; both dates None for what has no end; recurrence '' for what is done once."""

    text: str
    starts_on: date | None = None
    due_date: date | None = None
    recurrence: str = ONCE


@dataclass(frozen=True)
class _Span:
    """A stretch of time that the text names. ``start`` is None for a mere deadline."""

    kind: str  # day, month, quarter, half, year, school
    start: date | None
    end: date


class _NoYear(Exception):
    """A day, month or quarter without a year, where the plan's span does not tell which."""


# --- recurrences ---------------------------------------------------------------------------------------------------
_EVERY = r"(?:hang|moi|tung|dinh ky)(?: hang| moi)?"
_RECURRENCES = (
    (QUARTERLY, re.compile(rf"\b(?:{_EVERY} )?quy,? 0?6 thang,?(?: va)? (?:{_EVERY} |1 )?nam\b(?! ?(?:19|20)\d\d)")),
    (HALF_YEARLY, re.compile(rf"\b(?:{_EVERY} )?0?6 thang(?:,|/| va|,? {_EVERY})+ ?nam\b(?! ?(?:19|20)\d\d)")),
    (
        HALF_YEARLY,
        re.compile(r"\b(?:hang |moi |dinh ky )?0?6 thang (?:1|mot) lan\b|\b(?:hang|moi|dinh ky) 0?6 thang\b"),
    ),
    (MONTHLY, re.compile(rf"\b{_EVERY} thang\b(?! ?\d)|\b(?:1|mot) thang (?:1|mot) lan\b")),
    (QUARTERLY, re.compile(rf"\b{_EVERY} quy\b(?! [ivx\d])|\b(?:3 thang|(?:1|mot) quy) (?:1|mot) lan\b")),
    (YEARLY, re.compile(rf"\b(?:{_EVERY}|ca) nam\b(?! ?(?:hoc|(?:19|20)\d\d))")),
    (ONGOING, re.compile(r"\bthuong xuyen\b|\blien tuc\b|\bquanh nam\b")),
    (ON_DEMAND, re.compile(r"\bphat sinh\b|\bdot xuat\b|\btheo (?:yeu cau|tung van ban)\b")),
)
# What begins like this waits for an occasion, whatever it is: "Khi có văn bản mới", "Theo kế hoạch".
_OCCASION = re.compile(r"(?:ngay )?(?:sau )?khi\b|theo\b")
_REGULAR = (MONTHLY, QUARTERLY, HALF_YEARLY, YEARLY)  # the most frequent first

# --- spans -----------------------------------------------------------------------------------------------------------
_YEAR = r"(?:19|20)\d\d(?!\d)"
_TO = r"\s*(?:-|,|\bva\b|\bden\b)\s*"
# The same separator twice: "tháng 10-11/2024" is two months, not the tenth of November.
_DAY = re.compile(
    r"(?<![\d/])(?<!thang )(\d{1,2})\s*(?P<sep>[/.-])\s*(\d{1,2})\s*(?P=sep)\s*(\d{4})(?!\d)|"
    r"(?<!\d)(\d{1,2}) thang (\d{1,2})(?:,? nam |/)(\d{4})(?!\d)"
)
_DAY_RANGE = re.compile(  # "từ 10/10 đến 09/11/2024": the first day takes its year from the second
    r"(?<!\d)(\d{1,2})\s*/\s*(\d{1,2})\s*(?:-|\bden(?: het)?(?: ngay)?\b)\s*(?:ngay )?"
    r"(\d{1,2})\s*/\s*(\d{1,2})(?:/|,? nam )(\d{4})(?!\d)"
)
_BARE_DAY = re.compile(r"(?<![\d/])(\d{1,2})\s*/\s*(\d{1,2})(?![\d/])|(?<!\d)(\d{1,2}) thang (\d{1,2})(?!\d)")
_BARE_MONTH = re.compile(rf"(?<![\d/-])(1[0-2]|0?[1-9])\s*/\s*({_YEAR})")
_SCHOOL = re.compile(rf"\bnam hoc ({_YEAR})\s*-\s*({_YEAR})")
_HALF = re.compile(rf"\b0?6 thang (dau|cuoi) nam(?: ({_YEAR}))?")
_YEARS = re.compile(rf"\b(?:giai doan|(?:trong )?(?:cac )?nam|tu nam|tu)?\s*({_YEAR}){_TO}(?:nam )?({_YEAR})")
_ONE_YEAR = re.compile(rf"\b(?:trong |het )?nam ({_YEAR})|^\s*({_YEAR})\s*$|(?<=\bcuoi )({_YEAR})")
_THIS_YEAR = re.compile(r"(?:\b(?:trong|het) |(?<=\bcuoi ))nam\b(?! ?\d)")
_ITEM_YEAR = rf"(?:\s*/\s*{_YEAR}|,?\s+nam\s+{_YEAR})?"


def _series(unit: str, item: str) -> re.Pattern:
    one = rf"(?:{item}){_ITEM_YEAR}"
    return re.compile(rf"\b(?:cac )?{unit}\s*({one}(?:{_TO}(?:{unit}\s+)?{one})*)(?![\w/])")


_QUARTERS = _series("quy", r"(?:iii|iv|ii|i|0?[1-4])\b")
_MONTHS = _series("thang", r"(?:1[0-2]|0?[1-9])(?!\d)")
_ITEM = re.compile(rf"(iii|iv|ii|i|\d{{1,2}})(?:\s*/\s*({_YEAR})|,?\s+nam\s+({_YEAR}))?(?!\d)")
# What is left after the real quarters and months have been taken: "quý 5", "quý V", "tháng 13", "tháng 0".
_NO_QUARTER = re.compile(r"\bquy[ :,.-]*(\d{1,2}(?!\d)|[ivx]+\b)")
_NO_MONTH = re.compile(r"\bthang ?(\d{1,2})(?!\d)")
# "Cuối năm 2024" names a last day and no first one; the beginning or the middle of a time names no day at all.
_END_OF = re.compile(r"\bcuoi #")
_VAGUE = re.compile(r"\b(?:dau|giua) (?:#|(?:nam|quy|thang)\b)")
_FROM_ONLY = re.compile(r"\b(?:tu|sau|bat dau|ke tu)(?: ngay)? @")
_BEFORE_LONG = re.compile(r"\btruoc(?: het)? #")
_FILLER = frozenset(
    "bao cao hoan thanh thuc hien truoc ngay trong den tu va dinh ky cham nhat xong gui so tong ket het khoang vao "
    "thoi gian ke hoach lan nam hang moi giai doan cuoi dau han hoac tai luc du kien to chuc cac thang quy".split()
)


def read_timing(text: str, *, plan_starts: date, plan_ends: date) -> Timing:
    """Read one timing as written.

    A day, month or quarter without a year takes the plan's year when the plan spans exactly one. Raises CellError for
    an empty text, an impossible date, a missing year and everything that can be read in two ways.
    """
    text = clean(text)
    if not text:
        raise CellError(("Thiếu thời gian thực hiện.", HINT))
    if len(text) > 300:
        raise CellError(("Thời gian dài quá 300 ký tự.", "Rút gọn, phần giải thích chuyển sang cột Ghi chú."))
    folded = fold(text.replace("–", "-").replace("—", "-").replace("−", "-")).strip(" .;,")
    only_year = plan_starts.year if plan_starts.year == plan_ends.year else None
    try:
        starts_on, due_date, recurrence = _read(text, folded, only_year)
    except _NoYear:
        raise CellError(
            (
                f"Thời gian “{text}” thiếu năm, mà kế hoạch kéo dài từ {plan_starts.year} đến {plan_ends.year}.",
                "Ghi rõ năm, ví dụ “Tháng 11/2024”, hoặc thêm “hằng năm” nếu lặp lại mỗi năm.",
            )
        ) from None
    return Timing(text, starts_on, due_date, recurrence)


def _read(text: str, folded: str, only_year: int | None):
    recurrences, rest = _take_recurrences(folded)
    repeats = bool(set(recurrences) & set(_REGULAR))
    spans, rest = _take_spans(text, rest, only_year, repeats)
    days = [span for span in spans if span.kind == "day"]
    longer = [span for span in spans if span.kind != "day"]
    if len(days) == 1:
        # "Thường xuyên; báo cáo trước 15/11/2024": one date is written, and it is the date that binds.
        if days[0].start is None and _FROM_ONLY.search(rest):
            raise CellError((f"Thời gian “{text}” chỉ có ngày bắt đầu, không có hạn.", HINT))
        if re.search(r"\d", rest):
            raise _unreadable(text)
        return days[0].start, days[0].end, ONCE
    _refuse_leftovers(text, rest, recurrences)
    if len(days) > 1:
        if set(recurrences) & {MONTHLY, QUARTERLY, HALF_YEARLY} and not longer:
            return None, None, _the_recurrence(text, recurrences)
        raise CellError(
            (
                f"Thời gian “{text}” có nhiều hạn.",
                "Tách thành nhiều nhiệm vụ, mỗi nhiệm vụ một hạn, hoặc chỉ ghi hạn cuối.",
            )
        )
    if not spans:
        return None, None, _the_recurrence(text, recurrences)
    if not recurrences:
        start, end = _whole(text, longer)
        return None if len(longer) == 1 and _END_OF.search(rest) else start, end, ONCE
    if all(span.kind in {"year", "school"} for span in longer):
        return (*_whole(text, longer), _the_recurrence(text, recurrences))
    raise CellError((f"Thời gian “{text}” vừa lặp lại vừa có thời hạn, hiểu được nhiều cách.", HINT))


def _take_recurrences(folded: str) -> tuple[list[str], str]:
    if _OCCASION.match(folded) and not re.search(r"\d", folded):
        return [ON_DEMAND], ""
    found = []
    for name, pattern in _RECURRENCES:
        if pattern.search(folded):
            found.append(name)
            folded = " ".join(pattern.sub(" ~ ", folded).split())
    return found, folded


def _the_recurrence(text: str, found: list[str]) -> str:
    """One recurrence out of those written: "Quý, 6 tháng, năm" is quarterly, "Thường xuyên hằng năm" is ongoing."""
    regular = [name for name in _REGULAR if name in found]
    if ONGOING in found and set(found) <= {ONGOING, YEARLY, ON_DEMAND}:
        return ONGOING
    if ONGOING not in found and ON_DEMAND not in found and regular:
        return regular[0]
    if found == [ON_DEMAND]:
        return ON_DEMAND
    if found:
        raise CellError(
            (f"Thời gian “{text}” có hai chu kỳ khác nhau.", "Chỉ ghi một chu kỳ hoặc tách thành hai nhiệm vụ.")
        )
    raise _unreadable(text)


def _take_spans(text: str, rest: str, only_year: int | None, repeats: bool) -> tuple[list[_Span], str]:
    """The spans that the text names; in what is left '@' stands for a day and '#' for a longer span."""
    spans: list[_Span] = []

    def take(pattern, read, mark):
        nonlocal rest
        while match := pattern.search(rest):
            spans.extend(read(match))
            rest = " ".join(f"{rest[: match.start()]} {mark} {rest[match.end() :]}".split())

    def year_of(given: str | None) -> int:
        if given:
            return int(given)
        if only_year is None:
            raise _NoYear
        return only_year

    def day_range(match):
        d1, m1, d2, m2, year = (int(part) for part in match.groups())
        start, end = _date(text, d1, m1, year), _date(text, d2, m2, year)
        if start > end:
            raise CellError((f"Thời gian “{text}” có ngày bắt đầu sau ngày kết thúc.", "Ghi đủ năm ở cả hai ngày."))
        return [_Span("day", start, end)]

    def day(match):
        d, m, y = (int(part) for part in match.groups() if part and part.isdigit())
        return [_Span("day", None, _date(text, d, m, y))]

    def bare_day(match):
        d, m = (int(part) for part in match.groups() if part)
        if repeats:
            _date(text, d, m, 2024)  # a leap year: 29/02 comes back every four years, 31/02 never
            return []
        return [_Span("day", None, _date(text, d, m, year_of(None)))]

    def school(match):
        first, last = int(match[1]), int(match[2])
        if last != first + 1:
            raise CellError(
                (f"Năm học “{first}-{last}” không đúng.", "Ghi hai năm liền nhau, ví dụ “Năm học 2024-2025”.")
            )
        return [_Span("school", date(first, 9, 1), date(last, 5, 31))]

    def half(match):
        year = year_of(match[2])
        return [
            _Span(
                "half",
                *(
                    (date(year, 1, 1), date(year, 6, 30))
                    if match[1] == "dau"
                    else (date(year, 7, 1), date(year, 12, 31))
                ),
            )
        ]

    def years(match):
        first, last = int(match[1]), int(match[2])
        if first > last:
            raise CellError((f"Thời gian “{text}” có năm đầu sau năm cuối.", HINT))
        return [_Span("year", date(first, 1, 1), date(last, 12, 31))]

    def one_year(match):
        year = year_of(next((part for part in match.groups() if part), None))
        return [_Span("year", date(year, 1, 1), date(year, 12, 31))]

    def series(kind):
        def read(match):
            found = []
            given = None
            for item in reversed(list(_ITEM.finditer(match[1]))):  # an item without a year has that of the next one
                given = item[2] or item[3] or given
                if repeats and not given:
                    continue
                found.append(_month_or_quarter(kind, item[1], year_of(given)))
            return list(reversed(found))

        return read

    take(_DAY_RANGE, day_range, "@")
    _join_ranges(text, rest, spans)
    rest = " ".join(_DAY_TO_DAY.sub(" @ ", rest).split())
    take(_DAY, day, "@")
    take(_SCHOOL, school, "#")
    take(_HALF, half, "#")
    take(_QUARTERS, series("quarter"), "#")
    if match := _NO_QUARTER.search(rest):  # "Quý 5/2024" must not be read as "5/2024"
        raise CellError(
            (
                f"Thời gian “{text}” ghi quý {match[1].upper()}, mà một năm chỉ có bốn quý.",
                "Ghi quý từ I đến IV, ví dụ “Quý II/2024”; nếu là tháng thì ghi như “Tháng 5/2024”.",
            )
        )
    take(_BARE_DAY, bare_day, "@")
    take(_MONTHS, series("month"), "#")
    if (match := _NO_MONTH.search(rest)) and not 1 <= int(match[1]) <= 12:
        raise CellError(
            (
                f"Thời gian “{text}” ghi tháng {match[1]}, mà một năm chỉ có 12 tháng.",
                "Ghi tháng từ 01 đến 12, ví dụ “Tháng 11/2024”.",
            )
        )
    take(_BARE_MONTH, lambda match: [_month_or_quarter("month", match[1], int(match[2]))], "#")
    take(_YEARS, years, "#")
    take(_ONE_YEAR, one_year, "#")
    if not repeats and not spans:
        take(_THIS_YEAR, one_year, "#")
    if any(not 2000 <= span.end.year <= 2099 for span in spans):
        raise CellError((f"Năm trong “{text}” không hợp lý.", HINT))
    return spans, rest


_DAY_TO_DAY = re.compile(
    r"(?<!\d)(\d{1,2})\s*[/.]\s*(\d{1,2})\s*[/.]\s*(\d{4})\s*(?:-|\bden(?: het)?(?: ngay)?\b)\s*"
    r"(\d{1,2})\s*[/.]\s*(\d{1,2})\s*[/.]\s*(\d{4})(?!\d)"
)


def _join_ranges(text: str, rest: str, spans: list[_Span]) -> None:
    """ "Từ ngày 10/10/2024 đến ngày 09/11/2025": two full dates joined are one span."""
    for match in _DAY_TO_DAY.finditer(rest):
        d1, m1, y1, d2, m2, y2 = (int(part) for part in match.groups())
        start, end = _date(text, d1, m1, y1), _date(text, d2, m2, y2)
        if start > end:
            raise CellError((f"Thời gian “{text}” có ngày bắt đầu sau ngày kết thúc.", "Kiểm tra lại hai ngày."))
        spans.append(_Span("day", start, end))


def _month_or_quarter(kind: str, number: str, year: int) -> _Span:
    value = int(number) if number.isdigit() else roman_to_int(number)
    first, last = (value, value) if kind == "month" else (3 * value - 2, 3 * value)
    return _Span(kind, date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _whole(text: str, spans: list[_Span]) -> tuple[date, date]:
    """From the first day to the last of spans of one kind, written in order."""
    ends = [span.end for span in spans]
    if len({span.kind for span in spans}) > 1 or ends != sorted(ends):
        raise CellError((f"Thời gian “{text}” hiểu được nhiều cách.", HINT))
    return min(span.start for span in spans), max(ends)


def _refuse_leftovers(text: str, rest: str, recurrences: list[str]) -> None:
    if _BEFORE_LONG.search(rest):
        raise CellError(
            (
                f"Thời gian “{text}” chưa rõ hạn là đầu hay cuối thời gian đó.",
                "Ghi rõ ngày, ví dụ “Trước ngày 15/11/2024”.",
            )
        )
    if not recurrences and _VAGUE.search(rest):
        raise CellError(
            (
                f"Thời gian “{text}” chưa rõ hạn là ngày nào.",
                "Ghi rõ tháng, quý hoặc ngày, ví dụ “Quý I/2024”, “Trước ngày 15/11/2024”.",
            )
        )
    if re.search(r"\d", rest):
        raise _unreadable(text)
    if recurrences and rest.strip().startswith("~") and "#" not in rest and "@" not in rest:
        return  # "Thường xuyên, gắn với nhiệm vụ chính trị": the words after a recurrence only explain it
    words = set(re.findall(r"[a-z]+", rest))
    if words - _FILLER:
        raise _unreadable(text)


def _date(text: str, day: int, month: int, year: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError(
            (f"Ngày {day:02d}/{month:02d}/{year} trong “{text}” không có thật.", "Sửa lại theo ngày/tháng/năm.")
        ) from None


def _unreadable(text: str) -> CellError:
    return CellError((f"Không hiểu thời gian “{text}”.", HINT))
