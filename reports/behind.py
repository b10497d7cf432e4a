"""The tasks behind a number of a period's page, a page of them at a time: counted and picked by the database."""

from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from reports.consolidation import in_plan_order, read, task_rows
from reports.freezing import Lean, Wanted, lean_tasks, picked_tasks
from reports.models import Period
from reports.overview import merged, rows_of
from reports.period_parts import parts_of
from reports.standing import in_state, lead_lines, with_state
from reports.values import TaskRow

PAGE = 100  # tasks on one page of a list


class TasksBehind:
    """The tasks of a period that are ``wanted``, as of a day: ``count()`` and a slice, as a paginator asks for them."""

    def __init__(self, period: Period, wanted: Wanted, *, as_of: date):
        self.period, self.wanted, self.as_of = period, wanted, min(as_of, period.ends_on)

    def count(self) -> int:
        """How many they are: the number of the page that they stand behind."""
        return self._lines.count() if self._is_open_quarter else len(self._lean)

    def __getitem__(self, of: slice) -> list[TaskRow]:
        if self._is_open_quarter:
            return list(task_rows(read(in_plan_order(self._lines)[of]), self.as_of))
        wanted = [task.id for task in self._lean[of]]
        if self.period.frozen_id is not None:
            return picked_tasks([self.period.frozen_id], wanted)[self.period.frozen_id]
        return list(rows_of(self._parts, wanted, self.as_of))

    @property
    def _is_open_quarter(self) -> bool:
        return self.period.frozen_id is None and self.period.is_quarter

    @cached_property
    def _lines(self) -> QuerySet:
        wanted, lines = self.wanted, with_state(lead_lines([self.period]), {self.period.pk: self.as_of})
        if wanted.state:
            lines = in_state(lines, wanted.state, self.as_of)
        elif not wanted.proposing:
            lines = lines.exclude(state="suspended")
        if wanted.agency:
            lines = lines.filter(report__agency__code=wanted.agency)
        if wanted.plan:
            known = wanted.plan.isascii() and wanted.plan.isdecimal() and len(wanted.plan) < 19
            lines = lines.filter(task__plan=int(wanted.plan)) if known else lines.none()
        if wanted.unreported:
            lines = lines.filter(reported=False)
        return lines.filter(~Q(proposal=""), reported=True) if wanted.proposing else lines

    @cached_property
    def _parts(self) -> list[Period]:
        return parts_of(self.period, tasks=False)

    @cached_property
    def _lean(self) -> list[Lean]:
        frozen = self.period.frozen_id
        every = merged(self._parts, self.as_of) if frozen is None else lean_tasks([frozen])[frozen]
        return [task for task in every if self.wanted.keeps(task)]
