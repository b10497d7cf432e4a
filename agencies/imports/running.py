"""Running a list through the verbs: every row in its own savepoint, every problem in one pass, all or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from agencies.errors import BusinessError
from agencies.imports.lists import ListFile, ListRow
from agencies.tables.problems import ImportRefused, Problem

OUTCOMES = {"new": "Thêm mới", "changed": "Cập nhật", "unchanged": "Không đổi", "error": "Có lỗi"}


class RowProblem(Exception):
    """Something is wrong with one field of a row: what, and how to put it right."""

    def __init__(self, name: str, message: str, fix: str = ""):
        self.name, self.message, self.fix = name, message, fix
        super().__init__(message)


class RowProblems(Exception):
    """Everything that is wrong with the fields of a row."""

    def __init__(self, problems: list[RowProblem]):
        self.problems = problems
        super().__init__("; ".join(problem.message for problem in problems))


class Cells:
    """Reads the cells of a row one after the other and remembers what is wrong with each."""

    def __init__(self, row: ListRow):
        self.row, self.problems = row, []

    def read(self, how, *arguments, **more):
        """What ``how`` (a function of agencies/imports/values.py) makes of a cell; None when it is wrong."""
        try:
            return how(self.row, *arguments, **more)
        except RowProblem as problem:
            self.problems.append(problem)
            return None

    def wrong(self, name: str, message: str, fix: str = "") -> None:
        """Note something that is wrong with a field."""
        self.problems.append(RowProblem(name, message, fix))

    def finish(self) -> None:
        """Raise RowProblems when anything was wrong."""
        if self.problems:
            raise RowProblems(self.problems)


@dataclass(frozen=True)
class Change:
    """One field that an import changes, as words."""

    label: str
    before: str
    after: str


@dataclass
class RowResult:
    """What a row of the list does, or what is wrong with it."""

    row: ListRow
    label: str
    outcome: str = "unchanged"
    pk: int | None = None  # the row of the database, once there is one
    changes: list[Change] = field(default_factory=list)
    before: dict = field(default_factory=dict)  # field → what was stored, as JSON, for undoing
    after: dict = field(default_factory=dict)  # field → what the import made of it, to see whether somebody changed it
    problems: list[Problem] = field(default_factory=list)

    @property
    def outcome_label(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True)
class ListResult:
    """A list that was run through the verbs, for looking at or for good."""

    file: ListFile
    rows: tuple[RowResult, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for row in self.rows for problem in row.problems)

    def count(self, outcome: str) -> int:
        """How many rows have that outcome."""
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def summary(self) -> str:
        """'Thêm mới 3, cập nhật 1, không đổi 9'."""
        parts = (f"{label.lower()} {self.count(outcome)}" for outcome, label in OUTCOMES.items() if self.count(outcome))
        text = ", ".join(parts)
        return text[:1].upper() + text[1:]


Step = Callable[[RowResult], None]


def run_list(file: ListFile, *, label: str, steps: Iterable[Step], keep: bool) -> ListResult:
    """Run every row through each step (all rows through the first, then all through the second, …).

    With ``keep`` False everything is taken back: this is the preview, made by the very verbs that will do it. With
    ``keep`` True it stays, unless any row is wrong: then ImportRefused is raised and nothing is written.
    """
    rows = tuple(RowResult(row, row.get(label) or f"Dòng {row.number}") for row in file.rows)
    result = ListResult(file, rows)
    with transaction.atomic():
        for step in steps:
            for row in rows:
                if row.outcome != "error":
                    _carry_out(file, row, step)
        if keep and result.problems:
            raise ImportRefused(result.problems, result)
        if not keep:
            transaction.set_rollback(True)
    return result


def _carry_out(file: ListFile, row: RowResult, step: Step) -> None:
    try:
        with transaction.atomic():
            step(row)
    except (RowProblem, RowProblems) as error:
        row.outcome = "error"
        for problem in getattr(error, "problems", [error]):
            row.problems.append(file.problem(row.row, problem.name, problem.message, problem.fix))
    except BusinessError as error:
        row.outcome = "error"
        row.problems += [file.problem(row.row, file.fields[0], message) for message in error.messages]
