"""The models of the reports room: ``periods``, an agency's report in ``progress``, ``receipts``, the ``council``'s."""

from reports.models.council import CouncilReport
from reports.models.forms import FormEstimate, FormVersion
from reports.models.periods import Holiday, Period
from reports.models.progress import LineEvidence, ProgressReport, ReportFigure, ReportLine
from reports.models.receipts import Receipt

__all__ = [
    "CouncilReport",
    "FormEstimate",
    "FormVersion",
    "Holiday",
    "LineEvidence",
    "Period",
    "ProgressReport",
    "Receipt",
    "ReportFigure",
    "ReportLine",
]
