"""The models of the campaigns room: plans and tasks in ``plans``, facts and files in ``activities``."""

from campaigns.models.activities import (
    Activity,
    ActivityFigure,
    ActivitySite,
    DifferentEvents,
    Evidence,
    Indicator,
    Target,
    evidence_path,
)
from campaigns.models.plans import Assignment, Plan, PlanParty, PlanSection, Task, full_number

__all__ = [
    "Activity",
    "ActivityFigure",
    "ActivitySite",
    "Assignment",
    "DifferentEvents",
    "Evidence",
    "Indicator",
    "Plan",
    "PlanParty",
    "PlanSection",
    "Target",
    "Task",
    "evidence_path",
    "full_number",
]
