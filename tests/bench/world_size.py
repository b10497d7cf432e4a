"""How big a world is, for the head of its table."""

from agencies.models import Agency, Council, User
from campaigns.models import Activity, Assignment, Task
from reports.models import Period, ReportFigure, ReportLine

_KINDS = {
    "councils": Council,
    "agencies": Agency,
    "people": User,
    "tasks": Task,
    "assignments": Assignment,
    "activities": Activity,
    "periods": Period,
    "report lines": ReportLine,
    "figures": ReportFigure,
}


def counted() -> dict[str, int]:
    """Rows by kind."""
    return {name: model.objects.count() for name, model in _KINDS.items()}
