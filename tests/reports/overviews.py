"""The overview of a period as its whole value says it: what counting and freezing are held against."""

from collections import Counter
from dataclasses import fields

from reports.freezing import DELAYS
from reports.values import DUE_STATES, Consolidation, Overview, Told


def overview_of(value: Consolidation) -> Overview:
    """The value without its tasks."""
    told = {one.name: getattr(value, one.name) for one in fields(Told)}
    unreported = Counter(task.state for task in value.tasks if not task.reported)
    late = sorted((task for task in value.tasks if task.state == "overdue"), key=lambda task: task.due_on)
    return Overview(**told, unreported={state: unreported[state] for state in DUE_STATES}, delays=tuple(late[:DELAYS]))
