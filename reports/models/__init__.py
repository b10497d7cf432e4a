"""The models of the reports room: ``periods``, an agency's report in ``progress``, ``receipts``, the ``council``'s."""

from reports.models.council import CouncilReport
from reports.models.periods import Holiday, Period
from reports.models.progress import LineEvidence, ProgressReport, ReportFigure, ReportLine
from reports.models.receipts import Receipt
from reports.models.templates import WordTemplate

__all__ = [
    "CouncilReport",
    "Holiday",
    "LineEvidence",
    "Period",
    "ProgressReport",
    "Receipt",
    "ReportFigure",
    "ReportLine",
    "WordTemplate",
]
