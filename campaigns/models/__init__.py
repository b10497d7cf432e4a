"""The models of the campaigns room: plans and tasks in ``plans``, facts and files in ``activities``, imports in
``imports``."""

from campaigns.models.activities import (
    EVIDENCE_FOLDER,
    Activity,
    ActivityFigure,
    ActivitySite,
    DifferentEvents,
    Evidence,
    Indicator,
    Target,
    evidence_path,
)
from campaigns.models.activity_sums import ActivitySum
from campaigns.models.imports import PlanImport
from campaigns.models.plans import Assignment, Plan, PlanParty, PlanSection, Task, full_number

__all__ = [
    "EVIDENCE_FOLDER",
    "Activity",
    "ActivityFigure",
    "ActivitySite",
    "ActivitySum",
    "Assignment",
    "DifferentEvents",
    "Evidence",
    "Indicator",
    "Plan",
    "PlanImport",
    "PlanParty",
    "PlanSection",
    "Target",
    "Task",
    "evidence_path",
    "full_number",
]
