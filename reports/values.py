"""The one value that the leaders' page, the Word file, the Excel file and the JSON all render.

Pure data: no request, no HTML, no file format, no database. ``reports/consolidation.py`` makes it.
"""

import dataclasses
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Union, get_args, get_origin, get_type_hints

from reports.goals import TargetRow
from reports.rates import RateValue, rates_of

# States of a task seen from a day, computed from status and dates: key → words.
DUE_STATES = {
    "done": "Hoàn thành",
    "on_track": "Đúng tiến độ",
    "due_soon": "Sắp đến hạn",
    "overdue": "Quá hạn",
    "suspended": "Tạm dừng",
}


ACCEPTED = ("accepted", "locked")  # states of a report whose figures count


@dataclass(frozen=True)
class Counts:
    """Tasks by state. ``tasks`` = done + on_track + due_soon + overdue; suspended tasks stand apart."""

    tasks: int = 0
    done: int = 0
    on_track: int = 0
    due_soon: int = 0
    overdue: int = 0
    suspended: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        # One by one, and not by the fields' names: a province adds thousands of them up for one page.
        return Counts(
            self.tasks + other.tasks,
            self.done + other.done,
            self.on_track + other.on_track,
            self.due_soon + other.due_soon,
            self.overdue + other.overdue,
            self.suspended + other.suspended,
        )

    @classmethod
    def one(cls, state: str, many: int = 1) -> "Counts":
        """The counts of a single task in that state, or of ``many``."""
        if many == 1:
            return _ONE[state]
        return cls(tasks=many if state != "suspended" else 0, **{state: many})


_ONE = {state: Counts(tasks=int(state != "suspended"), **{state: 1}) for state in DUE_STATES}


@dataclass(frozen=True)
class CouncilPart:
    """The council, as its documents name it."""

    code: str
    name: str
    short_name: str
    place: str
    parent_body: str
    standing_agency: str
    standing_agency_abbreviation: str
    chair_name: str
    standing_vice_chair_name: str


@dataclass(frozen=True)
class PeriodPart:
    """The period: its code, names and dates (both ends included)."""

    code: str
    label: str
    long_label: str
    starts_on: date
    ends_on: date
    agency_due_on: date
    next_label: str
    previous_label: str
    last_year_label: str
    locked: bool
    kind: str = "quarter"  # as in calendars.PeriodSpan
    part_labels: tuple[str, ...] = ()  # the quarters that a longer period is added up from


@dataclass(frozen=True)
class AgencyRow:
    """One agency in the period: its report, and the tasks it leads."""

    code: str
    name: str
    short_name: str
    report_state: str  # a ProgressReport.State value, or "none" when the agency owes no report
    report_state_label: str
    handed_in_on: date | None
    on_time: bool | None  # None while nothing has been handed in
    nothing_to_report: bool
    counts: Counts
    missing_parts: tuple[str, ...] = ()  # quarters of a longer period whose report has not been accepted


@dataclass(frozen=True)
class PlanRow:
    """One plan: its tasks of the period."""

    id: int
    number: str
    title: str
    signed_on: date | None
    counts: Counts


@dataclass(frozen=True)
class Cell:
    """One agency's tasks in one plan, counted for the lead."""

    agency: str
    plan: int
    counts: Counts


@dataclass(frozen=True)
class AgencyFigure:
    """One agency's figure of an indicator."""

    agency: str
    value: Decimal


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator over all accepted reports. None is 'nobody reported it'; 0 is a figure."""

    code: str
    name: str
    unit: str
    nature: str  # flow or stock
    decimals: int
    parent: str
    group: str
    value: Decimal | None
    previous: Decimal | None
    last_year: Decimal | None
    by_agency: tuple[AgencyFigure, ...]
    # Why a comparison is marked, or left out (``previous`` or ``last_year`` None); '' when nothing stands against it.
    previous_note: str = ""
    last_year_note: str = ""

    def of(self, agency: str) -> Decimal | None:
        """The figure of one agency, by its code."""
        return next((figure.value for figure in self.by_agency if figure.agency == agency), None)


@dataclass(frozen=True)
class TaskRow:
    """One task as its lead agency reported it, in the period or last before it."""

    id: int
    plan: int
    plan_number: str
    section: str
    number: str
    title: str
    lead: str
    lead_name: str
    supporting_names: tuple[str, ...]
    timing_text: str
    due_on: date | None
    state: str  # a key of DUE_STATES
    status_label: str
    percent: int
    completed_on: date | None
    result: str
    difficulty: str
    proposal: str
    new_expected_on: date | None
    reported: bool  # whether an accepted report of this very period says so
    place: str = ""  # the number with those of its sections, "II.2."

    @property
    def state_label(self) -> str:
        return DUE_STATES[self.state]


@dataclass(frozen=True)
class Words:
    """What an agency wrote under one heading of its report (a key of ProgressReport.NARRATIVE)."""

    agency: str
    agency_name: str
    heading: str
    text: str
    period_label: str = ""  # the quarter it was written in, within a longer period


@dataclass(frozen=True)
class Told:
    """What a period says besides its single tasks: totals, agencies, plans, figures, words, targets."""

    council: CouncilPart
    period: PeriodPart
    as_of: date
    totals: Counts
    agencies: tuple[AgencyRow, ...]
    plans: tuple[PlanRow, ...]
    cells: tuple[Cell, ...]
    indicators: tuple[IndicatorRow, ...]
    words: tuple[Words, ...]
    notes: tuple[str, ...] = ()  # what a reader must know beside the numbers, in full sentences
    targets: tuple[TargetRow, ...] = ()  # what the council and its plans are held to, and how far they are

    @cached_property
    def reporting(self) -> tuple[AgencyRow, ...]:
        """The agencies that owe a report in this period."""
        return tuple(row for row in self.agencies if row.report_state != "none")

    @cached_property
    def accepted(self) -> tuple[AgencyRow, ...]:
        """Those whose report has been accepted: the ones whose figures count."""
        return tuple(row for row in self.agencies if row.report_state in ACCEPTED)

    @cached_property
    def missing(self) -> tuple[AgencyRow, ...]:
        """Those whose report has not been accepted: named wherever the numbers are shown."""
        return tuple(row for row in self.reporting if row.report_state not in ACCEPTED)

    def agency(self, code: str) -> AgencyRow:
        """The row of one agency. Raises StopIteration for an unknown code."""
        return next(row for row in self.agencies if row.code == code)

    def cell(self, agency: str, plan: int) -> Counts:
        """The counts of one agency in one plan; zeros when it leads nothing there."""
        return next((cell.counts for cell in self.cells if (cell.agency, cell.plan) == (agency, plan)), Counts())

    @property
    def comparison_notes(self) -> tuple[str, ...]:
        """Why comparisons are marked or left out, each said once."""
        notes = (note for row in self.indicators for note in (row.previous_note, row.last_year_note) if note)
        return tuple(dict.fromkeys(notes))

    def indicator(self, code: str) -> IndicatorRow | None:
        """One indicator by its code, or None."""
        return next((row for row in self.indicators if row.code == code), None)

    @property
    def council_targets(self) -> tuple[TargetRow, ...]:
        """The targets that the council is held to as a whole."""
        return tuple(row for row in self.targets if row.scope == "council")

    @property
    def plan_targets(self) -> tuple[TargetRow, ...]:
        """The targets of plans and of their tasks."""
        return tuple(row for row in self.targets if row.scope == "plan")

    @property
    def rates(self) -> tuple[RateValue, ...]:
        """Every rate of the period itself, each with its formula (rule V17)."""
        figures = {row.code: row.value for row in self.indicators}
        return rates_of(figures.get)

    def words_under(self, heading: str) -> tuple[Words, ...]:
        """What the agencies wrote under one heading, in protocol order."""
        return tuple(words for words in self.words if words.heading == heading)


@dataclass(frozen=True)
class Overview(Told):
    """A period without its list of tasks: all that the leaders' page shows. It says what the Consolidation says."""

    unreported: dict[str, int] = field(kw_only=True)  # state → tasks whose lead has no accepted report this period
    delays: tuple[TaskRow, ...] = field(kw_only=True)  # the latest, as many as reports/freezing.py keeps


@dataclass(frozen=True)
class Consolidation(Told):
    """One period of one council, consolidated from its accepted reports as of a day."""

    tasks: tuple[TaskRow, ...] = field(kw_only=True)

    def to_json(self) -> dict[str, Any]:
        """The value as plain JSON: dates in ISO, decimals as strings. ``from_json`` reads it back unchanged."""
        return _plain(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Consolidation":
        """The value that ``to_json`` wrote. Raises KeyError or ValueError when it is not one."""
        return typed(cls, data)


@cache
def _fields_of(kind: type) -> tuple[str, ...] | None:
    return tuple(one.name for one in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


def _plain(value):
    if (names := _fields_of(type(value))) is not None:
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def typed(kind, value):
    """The value of a type that was written as plain JSON. Raises KeyError or ValueError when it is not one."""
    return value if (read := _reader(kind)) is None else read(value)


@cache
def _reader(kind) -> Callable[[Any], Any] | None:
    """What reads the JSON of one type; None for what stands in JSON as it is. Looked up once a type, not once a row."""
    if get_origin(kind) in (Union, types.UnionType):
        inner = _reader(next(option for option in get_args(kind) if option is not type(None)))
        return inner and (lambda value: None if value is None else inner(value))
    if get_origin(kind) is tuple:
        item = _reader(get_args(kind)[0])
        return tuple if item is None else lambda value: tuple(map(item, value))
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    return {date: date.fromisoformat, Decimal: Decimal}.get(kind)


def _dataclass_reader(kind) -> Callable[[dict], Any]:
    hints = get_type_hints(kind)
    # A value frozen by an earlier release lacks the fields that came later: those have defaults. One of a later release
    # that an earlier one reads again has more: they are passed over.
    names = [one.name for one in dataclasses.fields(kind)]
    read = {name: reader for name in names if (reader := _reader(hints[name]))}
    needed = [one.name for one in dataclasses.fields(kind) if one.default is dataclasses.MISSING]

    def of(value: dict):
        if missing := [name for name in needed if name not in value]:
            raise KeyError(missing[0])
        own = {name: value[name] for name in names if name in value}
        for name, reader in read.items():
            if name in own:
                own[name] = reader(own[name])
        return kind(**own)

    return of
