"""A task's own state follows the last accepted report of its lead: the one rule, used by verbs and by the check."""

from collections.abc import Collection

from campaigns.models import Assignment, Task
from reports.models import ProgressReport, ReportLine


def accepted_lines(task_ids: Collection[int], *, before=None) -> dict[int, ReportLine]:
    """The lead's line of the last accepted report of each task, optionally of periods that start before a day."""
    lines = ReportLine.objects.filter(
        task__in=list(task_ids), role=Assignment.Role.LEAD, report__state__in=ProgressReport.ACCEPTED_STATES
    )
    if before is not None:
        lines = lines.filter(report__period__starts_on__lt=before)
    newest_first = lines.select_related("report__period").order_by("task_id", "-report__period__starts_on", "-pk")
    return {line.task_id: line for line in newest_first.distinct("task_id")}


def _state_of(line: ReportLine | None):
    if line is None or not line.status:
        return Task.Status.NOT_STARTED, 0, None
    return line.status, line.percent or 0, line.completed_on


def carry_to_tasks(task_ids: Collection[int]) -> None:
    """Bring the tasks' status, percent and completion date in step with the accepted reports."""
    latest = accepted_lines(task_ids)
    changed = []
    for task in Task.objects.select_for_update().filter(pk__in=task_ids).exclude(status=Task.Status.CANCELLED):
        state = _state_of(latest.get(task.pk))
        if state != (task.status, task.percent, task.completed_on):
            task.status, task.percent, task.completed_on = state
            changed.append(task)
    Task.objects.bulk_update(changed, ["status", "percent", "completed_on"])


def tasks_out_of_step() -> list[Task]:
    """Tasks whose stored state differs from what the accepted reports say (``check_integrity``)."""
    tasks = {task.pk: task for task in Task.objects.exclude(status=Task.Status.CANCELLED)}
    latest = accepted_lines(tasks)
    return [
        task
        for pk, task in tasks.items()
        if (task.status, task.percent, task.completed_on) != _state_of(latest.get(pk))
    ]
