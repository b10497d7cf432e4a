"""The plan's own number, title, span, signing day and legal bases, as far as the text around the table tells them."""

import re
from dataclasses import dataclass
from datetime import date

from agencies.tables.source import Annex
from agencies.vietnamese import fold, fold_words
from campaigns.imports.corrections import HeaderFix
from campaigns.imports.tables import TaskTable

_NUMBER = re.compile(r"\bSố\s*:\s*(\d[^\s,;]*/[^\s,;]+)", re.IGNORECASE)
_ATTACHED = re.compile(
    r"(?:kèm theo|ban hành kèm).{0,60}?số\s*:?\s*(\d[^\s,;]*/[^\s,;)]+)"
    r"(?:,?\s*ngày\s*(\d{1,2})(?:\s*/\s*|\s*-\s*|\s+tháng\s+)(\d{1,2})(?:\s*/\s*|\s*-\s*|\s+năm\s+)(\d{4}))?",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^(?:[^,;:]{2,40},\s*)?ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})\s*\.?$", re.IGNORECASE
)
_TITLE = re.compile(r"^(ke hoach|chuong trinh)( phoi hop| lien tich)?\b")
_TITLE_ENDS = re.compile(
    r"^(can cu|thuc hien (ke hoach|chi thi|quyet dinh|luat)|[ivx]+\. |so:|\(?kem theo|\(ban hanh|-{3,}|_{3,}|stt$)"
)
_SPAN = re.compile(r"(?:giai doan|nam|cac nam)\s*((?:19|20)\d\d)\s*(?:-|–|—|den|va|,)\s*(?:nam )?((?:19|20)\d\d)")
_SCHOOL = re.compile(r"nam hoc\s*((?:19|20)\d\d)\s*(?:-|–|—)\s*((?:19|20)\d\d)")
_ONE_YEAR = re.compile(r"\bnam\s*((?:19|20)\d\d)\b")
_ANY_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_BASIS = re.compile(r"^(Căn cứ|Thực hiện|Theo)\b.*\b(số|Luật|Nghị|Quyết|Chỉ thị|Kết luận|Kế hoạch|Chương trình)\b")


@dataclass(frozen=True)
class PlanHeader(HeaderFix):
    """What the file says about the plan itself, in the fields that a person may correct, and its legal bases."""

    legal_bases: tuple[str, ...] = ()


def read_header(annex: Annex, tables: list[TaskTable]) -> PlanHeader:
    """Read what stands outside the tables of tasks; a sheet's heading lines stand above its table."""
    starts = {table.name: table.heading_row for table in tables}
    lines, last = [], ""
    for line in annex.lines:
        if line.table in starts and line.row >= starts[line.table]:
            continue
        if line.table != last:
            lines.append("")  # what stands in another table, or after one, does not go on with the sentence
        lines.append(line.text)
        last = line.table
    number, signed_on = _number_and_day(lines)
    title = _title(lines)
    starts_on, ends_on = _span(title) or _span_of_years(tables) or (None, None)
    kind = "programme" if fold(title).startswith("chuong trinh") else "plan"
    return PlanHeader(number[:80], title, kind, starts_on, ends_on, signed_on, _legal_bases(lines))


def _number_and_day(lines: list[str]) -> tuple[str, date | None]:
    number, signed_on = "", None
    for line in lines:
        if not number and (match := _NUMBER.search(line)):
            number = match[1].rstrip(".")
        if signed_on is None and (match := _SIGNED.match(line)):
            signed_on = _day(match[1], match[2], match[3])
    for line in lines:
        if match := _ATTACHED.search(line):
            number = number or match[1].rstrip(".")
            if signed_on is None and match[2]:
                signed_on = _day(match[2], match[3], match[4])
    return number, signed_on


def _day(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _title(lines: list[str]) -> str:
    """ "KẾ HOẠCH" and the lines under it, up to the legal bases or the first heading, as one sentence."""
    for at, line in enumerate(lines):
        if not _TITLE.match(fold(line)) or not (line[:2].isupper() or at < 12):
            continue
        parts = [line.capitalize() if line.isupper() and len(line.split()) <= 4 else line]
        for following in lines[at + 1 : at + 4]:
            if not following or _TITLE_ENDS.match(fold(following)) or sum(map(len, parts)) > 300:
                break
            # "KẾ HOẠCH" / "Phối hợp thực hiện …": the second line goes on with the sentence.
            goes_on = following[:1].isupper() and not following[:2].isupper() and len(parts) == 1 and line.isupper()
            parts.append(following[:1].lower() + following[1:] if goes_on else following)
        title = " ".join(parts).strip(" .;-–_")
        if len(fold_words(title).split()) > 3:
            return title[:400]
    return ""


def _span(title: str) -> tuple[date, date] | None:
    folded = fold(title)
    if match := _SCHOOL.search(folded):
        first, last = int(match[1]), int(match[2])
        return (date(first, 9, 1), date(last, 5, 31)) if first < last else None
    if match := _SPAN.search(folded):
        first, last = int(match[1]), int(match[2])
        return (date(first, 1, 1), date(last, 12, 31)) if first <= last else None
    if match := _ONE_YEAR.search(folded):
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    return None


def _span_of_years(tables: list[TaskTable]) -> tuple[date, date] | None:
    """The years that the timings name, when the title names none."""
    years = [int(year) for table in tables for row in table.rows for year in _ANY_YEAR.findall(table.timing(row))]
    return (date(min(years), 1, 1), date(max(years), 12, 31)) if years else None


def _legal_bases(lines: list[str]) -> tuple[str, ...]:
    bases = []
    for line in lines:
        if re.match(r"^I\.\s", line):
            break
        if _BASIS.match(line):
            bases.append(line.rstrip(" ;.,")[:500])
    return tuple(bases[:30])
