"""Saying something about a report: at a task's line, at a figure, at a text, or about the whole."""

from django.http import Http404
from django.views.decorators.http import require_http_methods

from agencies.permissions import Perm, access
from agencies.views_comments import talk_view
from reports.models import ProgressReport
from reports.views.find import line_of, report_for

_LINE, _FIGURE, _WORDS = "dong-", "so-lieu-", "danh-gia-"


@require_http_methods(["GET", "HEAD", "POST"])
@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def report_talk(request, code, agency):
    """The talk at the place of a report that ``?cho=`` names, with the box to write in; a POST says it."""
    report = report_for(request, code, agency)
    anchor = request.GET.get("cho", "")
    return talk_view(request, report, anchor=anchor, title=_title(report, anchor))


def _title(report: ProgressReport, anchor: str) -> str:
    """What stands at that place of the report, in words. Raises Http404 for a place that the report does not have."""
    if not anchor:
        return str(report)
    if anchor.startswith(_LINE):
        number = anchor.removeprefix(_LINE)
        if number.isascii() and number.isdecimal() and len(number) < 19:
            line = line_of(report, int(number))
            return f"{line.task.place} {line.task.title}"
    elif anchor.startswith(_FIGURE):
        code = anchor.removeprefix(_FIGURE)
        for figure in report.figures.select_related("indicator"):
            if figure.indicator.code == code:
                return f"{figure.indicator.name} ({code})"
    elif (name := anchor.removeprefix(_WORDS)) in ProgressReport.NARRATIVE and anchor.startswith(_WORDS):
        return ProgressReport.NARRATIVE[name]
    raise Http404
