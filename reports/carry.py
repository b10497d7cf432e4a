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
    newest_first = lines.order_by("task_id", "-report__period__starts_on", "-pk")
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


# One pass in the database: every task beside the lead's line of its last accepted report (as ``_state_of`` reads it).
_OUT_OF_STEP = """
SELECT t.id, t.number, t.title FROM campaigns_task t LEFT JOIN (
    SELECT DISTINCT ON (l.task_id) l.task_id, l.status, coalesce(l.percent, 0) AS percent, l.completed_on
      FROM reports_reportline l
      JOIN reports_progressreport r ON r.id = l.report_id JOIN reports_period p ON p.id = r.period_id
     WHERE l.role = 'lead' AND r.state = ANY (%s) ORDER BY l.task_id, p.starts_on DESC, l.id DESC
) AS said ON said.task_id = t.id AND said.status <> ''
WHERE t.status <> 'cancelled' AND (t.status, t.percent, t.completed_on) IS DISTINCT FROM
    (coalesce(said.status, 'not_started'), coalesce(said.percent, 0), said.completed_on)
ORDER BY t.id
"""


def tasks_out_of_step() -> list[Task]:
    """Tasks whose stored state differs from what the accepted reports say (``check_integrity``): number and title."""
    return list(Task.objects.raw(_OUT_OF_STEP, [list(ProgressReport.ACCEPTED_STATES)]))
