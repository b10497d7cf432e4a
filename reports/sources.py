"""Where each sentence of the drafted report comes from, looked up in the consolidated value for the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reports.calendars import quarter
from reports.drafting import Sentence
from reports.drafting.plans import NAMED
from reports.values import AgencyRow, Consolidation, IndicatorRow, TaskRow, Words

SHOWN = 12  # agencies beside a figure; the rest is one link away


@dataclass(frozen=True)
class Figure:
    """An indicator behind a sentence, and the agencies that reported it: (row of the agency, figure)."""

    row: IndicatorRow
    agencies: tuple[tuple[AgencyRow, Decimal], ...]

    @property
    def some(self) -> list[tuple[AgencyRow, Decimal]]:
        """The agencies that had any; of more than can be read beside a sentence, the largest in their own order."""
        having = [(agency, value) for agency, value in self.agencies if value]
        if len(having) <= SHOWN:
            return having
        largest = {agency.code for agency, _value in sorted(having, key=lambda pair: -pair[1])[:SHOWN]}
        return [(agency, value) for agency, value in having if agency.code in largest]

    @property
    def more(self) -> int:
        """How many more had any: the page of the figure lists them all."""
        return max(0, sum(bool(value) for _agency, value in self.agencies) - SHOWN)

    @property
    def none(self) -> int:
        """How many agencies reported 0."""
        return sum(not value for _agency, value in self.agencies)


@dataclass(frozen=True)
class Quote:
    """An agency's own words behind a sentence, and the code of the period whose report holds them."""

    words: Words
    period: str


@dataclass(frozen=True)
class Source:
    """One sentence and what it was written from."""

    text: str
    figures: tuple[Figure, ...] = ()
    again: tuple[str, ...] = ()  # names of indicators that a sentence before it under the heading has shown
    quotes: tuple[Quote, ...] = ()
    tasks: tuple[TaskRow, ...] = ()  # those that the sentence names
    counted: int = 0  # tasks that it counts; their list opens elsewhere
    agencies: tuple[AgencyRow, ...] = ()


def sources(sentences: tuple[Sentence, ...], value: Consolidation) -> Iterator[Source]:
    """The sources of a heading, sentence by sentence."""
    rows = {row.code: row for row in value.indicators}
    agencies = {row.code: row for row in value.agencies}
    tasks = {row.id: row for row in value.tasks}
    shown: set[str] = set()
    for one in sentences:
        named = [tasks[pk] for pk in one.tasks if pk in tasks]
        codes = [code for code in one.figures if code in rows]
        late = [task for task in named if len(named) == 1 or (one.agencies and task.state == "overdue")]
        yield Source(
            text=one.text,
            figures=tuple(_figure(rows[code], agencies) for code in codes if code not in shown),
            again=tuple(rows[code].name for code in codes if code in shown),
            quotes=tuple(Quote(words, _quarter_code(words, value)) for words in one.words),
            tasks=tuple(late[:NAMED]),
            counted=len(named),
            agencies=tuple(agencies[code] for code in one.agencies if code in agencies),
        )
        shown.update(codes)


def _figure(row: IndicatorRow, agencies: dict[str, AgencyRow]) -> Figure:
    return Figure(row, tuple((agencies[one.agency], one.value) for one in row.by_agency if one.agency in agencies))


def _quarter_code(words: Words, value: Consolidation) -> str:
    """The code of the period in which the agency wrote: the one consolidated, or the quarter that the words name."""
    year = value.period.ends_on.year
    quarters = {span.label: span.code for span in (quarter(year, number) for number in (1, 2, 3, 4))}
    return quarters.get(words.period_label, value.period.code)
