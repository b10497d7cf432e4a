"""The preview as the page shows it: changes by part of the report, then by task, indicator or heading."""

from dataclasses import dataclass

from reports.workbook.fields import FIGURE, FIGURES, LINE, TASKS, WORD, WORDS
from reports.workbook.problems import Preview, Unit

_TITLES = ((LINE, TASKS), (FIGURE, FIGURES), (WORD, WORDS))


@dataclass(frozen=True)
class Subject:
    """One task, indicator or heading with the units that change on it."""

    title: str
    note: str
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Group:
    """One part of the report."""

    title: str
    subjects: tuple[Subject, ...]
    cells: int


def grouped(preview: Preview) -> list[Group]:
    """The units in the order of the report; parts without a change are left out."""
    groups = []
    for kind, title in _TITLES:
        by_name: dict[str, list[Unit]] = {}
        for unit in preview.units:
            if unit.kind == kind:
                by_name.setdefault(unit.name, []).append(unit)
        if by_name:
            subjects = tuple(Subject(units[0].subject, units[0].note, tuple(units)) for units in by_name.values())
            cells = sum(len(unit.cells) for units in by_name.values() for unit in units)
            groups.append(Group(title, subjects, cells))
    return groups
