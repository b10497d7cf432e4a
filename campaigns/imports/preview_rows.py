"""The preview as the page shows it: headings and tasks in the order of the annex, errors beside their row."""

from dataclasses import dataclass

from agencies.tables.problems import Problem
from campaigns.imports.corrections import SECTION, TASK
from campaigns.imports.hierarchy import SectionRow
from campaigns.imports.resources import ReadTask
from campaigns.imports.service import Preview
from campaigns.imports.timing import Timing
from campaigns.models import Task

_OUTCOMES = {"new": "Thêm mới", "changed": "Cập nhật", "unchanged": "Không đổi", "error": "Có lỗi"}


@dataclass(frozen=True)
class PreviewRow:
    """One row of the page: either ``section`` or ``task`` is set."""

    anchor: str
    section: SectionRow | None = None
    task: ReadTask | None = None
    warnings: tuple[Problem, ...] = ()
    corrected: bool = False

    @property
    def outcome(self) -> str:
        return _OUTCOMES[self.task.outcome]

    @property
    def reading(self) -> str:
        return timing_in_words(self.task.timing) if self.task.timing else ""

    @property
    def key(self) -> str:
        """ "table:row", by which a correction names the row."""
        return (self.section or self.task.source).key

    @property
    def kind(self) -> str:
        """What the row is now, for the choice."""
        return SECTION if self.section else TASK


def preview_rows(preview: Preview) -> list[PreviewRow]:
    """Sections and tasks interleaved as in the file."""
    warned: dict[tuple[str, int], list[Problem]] = {}
    own = {(task.source.sheet, task.source.row): set(task.warnings) for task in preview.tasks}
    for problem in preview.warnings:
        place = (problem.sheet, problem.row)
        if problem.row and problem not in own.get(place, ()):
            warned.setdefault(place, []).append(problem)
    said = preview.corrections.rows
    rows: list[tuple[int, PreviewRow]] = []
    for section in preview.sections:
        beside = tuple(warned.get((section.sheet, section.row), ()))
        anchor = f"muc-{section.sort_order}"
        rows.append((section.sort_order, PreviewRow(anchor, section, None, beside, section.key in said)))
    for task in preview.tasks:
        source = task.source
        beside = (*task.warnings, *warned.get((source.sheet, source.row), ()))
        anchor = f"hang-{source.sort_order}"
        rows.append((source.sort_order, PreviewRow(anchor, None, task, beside, source.key in said)))
    return [row for _order, row in sorted(rows, key=lambda pair: pair[0])]


def timing_in_words(timing: Timing) -> str:
    """How a timing was understood: '01/04/2024 – 30/06/2024', 'Hằng quý', 'Hằng quý, đến 31/12/2024'."""
    span = ""
    if timing.due_date and timing.starts_on:
        span = f"{timing.starts_on:%d/%m/%Y} – {timing.due_date:%d/%m/%Y}"
    elif timing.due_date:
        span = f"hạn {timing.due_date:%d/%m/%Y}"
    if not timing.recurrence:
        return span[:1].upper() + span[1:]
    return ", ".join(part for part in (str(Task.Recurrence(timing.recurrence).label), span) if part)


def with_anchors(preview: Preview, problems) -> list[tuple[Problem, str]]:
    """Each problem with the anchor of the row it speaks of; '' for the file as a whole."""
    anchors = {(task.source.sheet, task.source.row): f"hang-{task.source.sort_order}" for task in preview.tasks}
    anchors |= {(row.sheet, row.row): f"muc-{row.sort_order}" for row in preview.sections}
    return [(problem, anchors.get((problem.sheet, problem.row), "")) for problem in problems]
