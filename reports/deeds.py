"""What an agency did for one task in a period, from the activities it recorded: their list, and one ready sentence.

The officer need not write what is already recorded; the sentence comes into the result at one press, as a start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaigns.models import Activity, ActivityFigure, Indicator
from reports.drafting.phrases import capital
from reports.models import ReportLine
from reports.wording import count, listed

# Counts as people write them in a report: what was held, and who came. Others are told by the indicator's own name.
_EVENTS = (
    ("PB01", "cuộc phổ biến pháp luật", "PB02", "lượt người tham dự"),
    ("TH01", "lớp tập huấn, bồi dưỡng", "TH02", "lượt người được tập huấn"),
    ("PB03", "cuộc thi tìm hiểu pháp luật", "PB04", "lượt người dự thi"),
)
_NAMED = 4  # places or days; more than this are a number in the sentence, or from the first to the last


@dataclass(frozen=True)
class TaskDeeds:
    """The standing activities of one agency for one task in one period, oldest first; ``sentence`` may be ''."""

    activities: tuple[Activity, ...]
    sentence: str


def task_deeds(line: ReportLine) -> TaskDeeds:
    """What the line's agency recorded for its task in the period. Two queries, one when nothing is recorded.

    An event that is counted with another agency's record stands in the list and not in the sentence's counts (V26).
    """
    report = line.report
    span = report.period.span
    found = tuple(
        line.task.activities.standing()
        .filter(agency=report.agency_id, held_on__range=(span.starts_on, span.ends_on))
        .select_related("same_as__agency")
        .order_by("held_on", "pk")
    )
    own = [activity for activity in found if activity.same_as_id is None]
    totals: dict[Indicator, Decimal] = {}
    if own:
        figures = ActivityFigure.objects.filter(activity__in=own).select_related("indicator")
        for figure in figures.order_by("indicator__sort_order", "pk"):
            totals[figure.indicator] = totals.get(figure.indicator, Decimal(0)) + figure.value
    return TaskDeeds(found, deeds_sentence(totals, own))


def deeds_sentence(totals: Mapping[Indicator, Decimal], activities: Sequence[Activity]) -> str:
    """'Đã tổ chức 02 cuộc phổ biến pháp luật (180 lượt người tham dự) tại quận Bình Thủy, các ngày 05/4 và 12/5/2024.'

    '' without activities. Zeros and parts of a whole ("trong đó") are not told.
    """
    if not activities:
        return ""
    values = {indicator.code: value for indicator, value in totals.items() if value}
    held, told = [], set()
    for events, noun, people, came in _EVENTS:
        if events in values:
            who = f" ({count(values[people])} {came})" if people in values else ""
            held.append(f"{count(values[events])} {noun}{who}")
            told |= {events, people}
    if not held and len(activities) > 1:
        held.append(f"{count(len(activities))} hoạt động")
    elif not held:
        held.append(f"hoạt động “{activities[0].title}”")
    rest = [
        f"{row.name[:1].lower()}{row.name[1:]}: {count(value, row.decimals)} {row.unit.lower()}"
        for row, value in totals.items()
        if value and row.code not in told and row.parent_id is None
    ]
    sentence = f"Đã tổ chức {'; '.join(held)}{_where(activities)}, {_when([row.held_on for row in activities])}."
    return f"{sentence} {capital('; '.join(rest))}." if rest else sentence


def _where(activities: Sequence[Activity]) -> str:
    places = list(dict.fromkeys(activity.place for activity in activities if activity.place))
    if not places:
        return ""
    return f" tại {listed(places)}" if len(places) <= _NAMED else f" tại {count(len(places))} địa điểm"


def _when(days: Sequence[date]) -> str:
    """'ngày 05/4/2024'; 'các ngày 05/4, 12/5 và 20/5/2024'; more than that, from the first to the last."""
    different = sorted(set(days))
    last = f"{different[-1].day:02d}/{different[-1].month}/{different[-1].year}"
    if len(different) == 1:
        return f"ngày {last}"
    year = different[-1].year
    short = [f"{day.day:02d}/{day.month}" + (f"/{day.year}" if day.year != year else "") for day in different[:-1]]
    if len(different) <= _NAMED:
        return f"các ngày {listed([*short, last])}"
    return f"từ ngày {short[0]} đến ngày {last}"
