"""The shapes of the demo's content: pure data, no database."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Said:
    """What the lead agency says of a task in one period. 100 % is done, 0 % not started, the rest in progress.

    ``{done}`` in the text becomes the sentence that counts the task's recorded activities of the period.
    """

    percent: int
    text: str
    trouble: str = ""
    ask: str = ""
    by: str = ""  # new expected date of a late task, ISO
    on: str = ""  # the day it was done, ISO
    hold: bool = False


@dataclass(frozen=True)
class TaskText:
    """One row of an annex, and what the lead said of it in Quý I and Quý II/2024."""

    code: str  # the catalogue's code (domain catalogue), unique within the plan
    number: str
    title: str
    lead: str
    supporting: tuple[str, ...]
    timing: str
    due: date | None
    recurrence: str
    output: str
    tag: str  # what kind of help the supporting agencies gave: doc, talk, train, media, check, model, aid, survey
    said: dict[str, Said] = field(default_factory=dict)


@dataclass(frozen=True)
class SectionText:
    """A heading of the annex and its tasks."""

    number: str
    title: str
    tasks: tuple[TaskText, ...]


@dataclass(frozen=True)
class PlanText:
    """One plan: what was signed, and how it stands on the demo's day (a Plan.State value)."""

    key: str
    number: str
    title: str
    parties: tuple[str, ...]
    signed_on: date | None
    starts_on: date
    ends_on: date
    sections: tuple[SectionText, ...]
    legal_bases: tuple[str, ...] = ()
    note: str = ""
    kind: str = "plan"
    targets: tuple[tuple[str, str, int | None, int], ...] = ()  # task code or "", indicator, year, value

    @property
    def tasks(self) -> list[TaskText]:
        return [task for section in self.sections for task in section.tasks]


def task(code, number, title, lead, supporting, timing, when, output, tag, q1=None, q2=None, **older) -> TaskText:
    """A task; ``when`` is an ISO day for a task done once, else a recurrence ("ongoing", "quarterly", …)."""
    once = when[:1].isdigit()
    said = {"2024-q1": q1, "2024-q2": q2} | {key.replace("y", "").replace("_", "-"): row for key, row in older.items()}
    return TaskText(
        code,
        number,
        title,
        lead,
        tuple(supporting.split()),
        timing,
        date.fromisoformat(when) if once else None,
        "" if once else when,
        output,
        tag,
        {key: row for key, row in said.items() if row is not None},
    )


def section(number: str, title: str, *tasks: TaskText) -> SectionText:
    """A section of an annex with its tasks, in order."""
    return SectionText(number, title, tasks)


@dataclass(frozen=True)
class Deed:
    """A kind of activity that an agency repeats. ``{place}`` in the title is filled in from ``places``.

    Each count is a range (lowest, highest); ``women`` and ``minority`` are shares of those who came, in percent.
    """

    title: str
    form: str
    task: str = ""  # "plan/code"
    talk: tuple[int, int] = ()
    women: int = 48
    minority: int = 0
    papers: tuple[int, int] = ()
    bilingual: tuple[int, int] = ()
    online: tuple[int, int] = ()
    news: tuple[int, int] = ()
    air: tuple[int, int] = ()
    train: tuple[int, int] = ()
    mediators: int = 0  # share of those trained, in percent
    contest: tuple[int, int] = ()
    at: str = "ward"  # ward, school, hall, none
    content: str = ""
    sites: tuple[str, ...] = ()  # the main one, then those on line
    months: tuple[int, ...] = ()  # only in these months; always when empty
