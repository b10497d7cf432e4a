"""The models of the reports room: ``periods``, each agency's report in ``progress``, the council's in ``council``."""

from reports.models.council import CouncilReport
from reports.models.periods import Holiday, Period
from reports.models.progress import LineEvidence, ProgressReport, ReportFigure, ReportLine

__all__ = ["CouncilReport", "Holiday", "LineEvidence", "Period", "ProgressReport", "ReportFigure", "ReportLine"]
