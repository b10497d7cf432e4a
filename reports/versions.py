"""The saves of the council's report: keeping each as it read, reading one again, putting two beside each other."""

from datetime import datetime

from reports.differences import HeadingDifference, figure_differences, heading_differences
from reports.drafting import Draft
from reports.edits import FigureChange, figures_of, headings
from reports.models import CouncilReport, CouncilReportVersion
from reports.values import Consolidation


def keep_version(
    report: CouncilReport, *, by, now: datetime, what: str, drafted: Draft, value: Consolidation
) -> CouncilReportVersion:
    """Keep what was just saved, in full, inside the verb's own transaction. ``what`` says what was done."""
    texts = headings(report.narrative, drafted, value)
    return CouncilReportVersion.objects.create(
        report=report,
        version=report.version,
        saved_at=now,
        saved_by=by,
        what=what,
        texts={key: one.text for key, one in texts.items()},
        own=[key for key, one in texts.items() if one.own and report.narrative[key].get("own", True)],
        figures=figures_of(value),
    )


def difference(
    before: CouncilReportVersion, after: CouncilReportVersion
) -> tuple[list[HeadingDifference], list[FigureChange]]:
    """What differs between two saves: the headings word by word, and the figures."""
    return heading_differences(before.texts, after.texts), figure_differences(before.figures, after.figures)
