"""Two periods of the same kind beside each other: tasks by state, agencies, figures, each with its change.

What may stand beside what is told by reports/comparison.py: a merger marks the earlier side, an agency that came from
or left to another council suppresses it.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agencies.vietnamese import show_number
from campaigns.models import Indicator
from reports.calendars import PeriodSpan
from reports.comparison import Accepted, accepted_figures, comparability, handovers_of
from reports.models import Period
from reports.overview import overview
from reports.standing import counts_by_lead
from reports.values import DUE_STATES, Counts, IndicatorRow, Told
from reports.wording import NO_FIGURE

STATES = ("tasks", "done", "on_track", "due_soon", "overdue")


@dataclass(frozen=True)
class Pair:
    """One number of this period with that of the other; None is 'no figure' or 'not to be compared'."""

    name: str
    now: Decimal | int | None
    then: Decimal | int | None
    key: str = ""  # a state of tasks, the code of an agency or of an indicator
    unit: str = ""
    marked: bool = False  # the other side is that of agencies before a merger
    compared: bool = True  # False: both stand here, but one of them is not whole yet

    @property
    def change(self) -> str:
        """'+3', '−2', '0', '—': this period less the other."""
        if self.now is None or self.then is None or not self.compared:
            return NO_FIGURE
        less = self.now - self.then
        return f"+{show_number(less)}" if less > 0 else show_number(less).replace("-", "−")


@dataclass(frozen=True)
class AgencyPair:
    """One lead agency's tasks in both periods; None where it led none."""

    name: str
    code: str
    now: Counts | None
    then: Counts | None


@dataclass(frozen=True)
class SideBySide:
    """A period beside another one."""

    label: str
    other_label: str
    other_code: str
    states: tuple[Pair, ...]
    agencies: tuple[AgencyPair, ...]
    figures: tuple[Pair, ...]
    notes: tuple[str, ...]


def side_by_side(value: Told, period: Period, other: Period, *, as_of: date) -> SideBySide:
    """The consolidated period beside another of the same kind and council."""
    now, then, changes = period.span, other.span, handovers_of(period)
    later, earlier = (now, then) if now.starts_on > then.starts_on else (then, now)
    comparable, note = comparability(later, earlier, changes)
    accepted = accepted_figures(period.council_id, {now, then}, changes)
    theirs = _counts(other, as_of)
    totals = sum((counts for _name, counts in theirs.values()), Counts())
    notes, figures, marked = [note] if note else [], [], bool(note) and comparable
    incomplete = waiting_for(value, other)
    notes += [f"{one}: chưa tính tăng, giảm của nhiệm vụ và số liệu." for one in incomplete]
    for row in value.indicators:
        if row.parent or (row.value is None and not accepted.over[then.code].get(row.code)):
            continue
        missing = _missing(row, now, then, accepted)
        theirs_of = accepted.over[then.code].get(row.code) if comparable and not missing else None
        then_value = sum(theirs_of.values()) if theirs_of else None
        beside = marked and then_value is not None
        figures.append(
            Pair(row.name, row.value, then_value, row.code, row.unit, marked=beside, compared=not incomplete)
        )
        if missing and missing not in notes:
            notes.append(missing)
    return SideBySide(
        label=now.label,
        other_label=then.label,
        other_code=then.code,
        states=tuple(
            Pair(
                DUE_STATES.get(state, "Nhiệm vụ trong kỳ"),
                getattr(value.totals, state),
                getattr(totals, state) if comparable else None,
                state,
                marked=marked,
                compared=not incomplete,
            )
            for state in STATES
        ),
        agencies=_agencies(value, theirs),
        figures=tuple(figures),
        notes=tuple(notes),
    )


def waiting_for(value: Told, other: Period) -> list[str]:
    """Why no change is told yet, [] when it is: a period with reports missing beside a whole one tells of a fall."""
    told = []
    if value.missing:
        told.append((value.period.label, len(value.missing)))
    if not other.is_locked and (waiting := other.outstanding().count()):
        told.append((other.span.label, waiting))
    return [f"{label} còn {many} báo cáo chưa được tiếp nhận" for label, many in told]


def _missing(row: IndicatorRow, now: PeriodSpan, then: PeriodSpan, accepted: Accepted) -> str:
    """Why the figures of an indicator are not compared, '' when they are: part of a year beside a whole one lies."""
    for span in (now, then):
        if absent := accepted.absent(span, stock=row.nature == Indicator.Nature.STOCK):
            names = ", ".join(part.label for part in absent)
            return f"Không so sánh số liệu {now.label} với {then.label}: chưa có số liệu {names}."
    return ""


def _counts(period: Period, as_of: date) -> dict[str, tuple[str, Counts]]:
    """Lead agency → its short name and its tasks by state in another period."""
    if period.frozen_id is None and period.is_quarter:
        found = counts_by_lead([period], as_of=as_of)[period.pk]
        return {code: (name, counts) for (code, name), counts in found.items()}
    value = overview(period, as_of=as_of)
    return {row.code: (row.short_name, row.counts) for row in value.agencies}


def _agencies(value: Told, theirs: dict[str, tuple[str, Counts]]) -> tuple[AgencyPair, ...]:
    """Every agency that leads tasks in either period, in protocol order; those of the other period only come last."""
    ours = {row.code: (row.short_name, row.counts) for row in value.agencies}
    pairs = []
    for code, (name, _counts_of) in (ours | {key: one for key, one in theirs.items() if key not in ours}).items():
        now, then = (side[code][1] if code in side and side[code][1].tasks else None for side in (ours, theirs))
        if now or then:
            pairs.append(AgencyPair(name, code, now, then))
    return tuple(pairs)
