"""What is wrong with a cell, what has to be asked, and what an upload would change: plain values for the preview."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agencies.vietnamese import show_number
from reports.differences import Stretch, beside
from reports.sheet import Sheet

# Answers: which side of a conflict, whether a doubtful cell means what it seems to.
FILE, PORTAL = "tep", "cong"
YES, SKIP = "co", "bo"


class CellError(ValueError):
    """A cell that cannot be taken: what is wrong with it, and how to put it right."""

    def __init__(self, reason: str, fix: str = ""):
        self.reason, self.fix = reason, fix
        super().__init__(f"{reason} {fix}".strip())


class CellQuestion(ValueError):
    """A cell that can mean something else than it seems: the meaning that a person has to confirm."""

    def __init__(self, meaning: Decimal, reason: str):
        self.meaning, self.reason = meaning, reason
        super().__init__(reason)


@dataclass(frozen=True)
class CellProblem:
    """One cell that keeps the file from being taken."""

    sheet: str
    cell: str  # 'D7'; '' for the sheet as a whole
    label: str
    value: str
    reason: str
    fix: str = ""

    @property
    def where(self) -> str:
        """'Số liệu, ô D7'."""
        return f"{self.sheet}, ô {self.cell}" if self.cell else self.sheet


@dataclass(frozen=True)
class Question:
    """Something only a person can decide. ``options`` are (answer, words); '' is never an answer."""

    key: str
    where: str
    text: str
    options: tuple[tuple[str, str], ...]
    answer: str = ""
    required: bool = True
    sheet: str = ""
    cell: str = ""

    @property
    def open(self) -> bool:
        return self.required and not self.answer


def confirmation(sheet: str, cell: str, label: str, asked: CellQuestion, answers: Mapping[str, str]) -> Question:
    """Ask whether a cell means ``asked.meaning``; its answer is YES, SKIP or '' while it is open."""
    key = f"o-{sheet}-{cell}"
    options = ((YES, f"Đúng, là {show_number(asked.meaning)}"), (SKIP, "Không; bỏ qua ô này, giữ số trên cổng"))
    answer = answers.get(key, "")
    answer = answer if answer in (YES, SKIP) else ""
    text = f"{label}: {asked.reason}"
    return Question(key, f"{sheet}, ô {cell}", text, options, answer, sheet=sheet, cell=cell)


@dataclass(frozen=True)
class Delta:
    """One cell that would change, as people read it."""

    label: str
    before: str
    after: str
    where: str = ""  # 'Nhiệm vụ, ô K7'
    automatic: bool = False  # follows from another cell

    @property
    def pieces(self) -> tuple[list[Stretch], list[Stretch]]:
        """Before and after, with what went and what came marked."""
        return beside(self.before, self.after)


@dataclass(frozen=True)
class Unit:
    """The cells of one row that change together: a task's progress, one text, one figure with its reason.

    ``values`` are what the verb is given when the file's side is taken. A unit whose stored side changed since the
    download is a conflict: ``choice`` is FILE or PORTAL, '' while nobody has chosen.
    """

    key: str
    kind: str
    name: str
    subject: str
    cells: tuple[Delta, ...]
    values: dict[str, object]
    conflict: bool = False
    choice: str = FILE
    note: str = ""

    @property
    def taken(self) -> bool:
        return self.choice == FILE

    @property
    def open(self) -> bool:
        return self.conflict and not self.choice


@dataclass
class Preview:
    """What an upload would do to a report. ``result`` is the report as it would stand, for the rules."""

    filename: str
    source: str  # 'workbook' or 'figures'
    units: list[Unit] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stored: Sheet | None = None
    result: Sheet | None = None
    fingerprint: str = ""
    downloaded: str = ""

    @property
    def conflicts(self) -> list[Unit]:
        return [unit for unit in self.units if unit.conflict]

    @property
    def open_questions(self) -> int:
        """How many decisions are still missing."""
        return sum(question.open for question in self.questions) + sum(unit.open for unit in self.units)

    @property
    def cells(self) -> int:
        """How many cells would change."""
        return sum(len(unit.cells) for unit in self.units if unit.taken)

    @property
    def changes_nothing(self) -> bool:
        return not self.units and not self.problems and not self.open_questions


def short(value: object) -> str:
    """A cell's content as an error quotes it."""
    text = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    if isinstance(value, float):
        text = f"{value:.15g}".replace(".", ",")
    return text if len(text) <= 60 else f"{text[:60]}…"
