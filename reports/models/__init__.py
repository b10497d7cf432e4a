"""The models of the reports room: ``periods``, an agency's report in ``progress``, ``receipts``, ``reminders``,
the ``council``'s, and what a council is held to in ``targets``."""

from reports.models.council import CouncilReport, CouncilReportVersion
from reports.models.forms import FormEstimate, FormVersion
from reports.models.periods import FrozenValue, Holiday, Period
from reports.models.progress import LineEvidence, ProgressReport, ReportFigure, ReportLine
from reports.models.receipts import Receipt
from reports.models.reminders import Reminder
from reports.models.targets import CouncilTarget
from reports.models.templates import WordTemplate

__all__ = [
    "CouncilReport",
    "CouncilReportVersion",
    "CouncilTarget",
    "FormEstimate",
    "FormVersion",
    "FrozenValue",
    "Holiday",
    "LineEvidence",
    "Period",
    "ProgressReport",
    "Receipt",
    "Reminder",
    "ReportFigure",
    "ReportLine",
    "WordTemplate",
]
