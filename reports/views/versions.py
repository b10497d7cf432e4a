"""The saves of the council's report: the list, one read again, two beside each other."""

from django.http import Http404
from django.shortcuts import render

from agencies.permissions import Perm, access
from campaigns.models import Indicator
from reports.differences import places
from reports.issuing import ADJUSTS
from reports.models import CouncilReport, CouncilReportVersion, Period
from reports.versions import difference
from reports.views.find import period_for

# A list of saves does not carry the documents themselves.
_HEAVY = ("report__narrative", "report__frozen")


def _of(request, period: Period):
    return CouncilReportVersion.objects.visible_to(request.user).filter(report__period=period)


@access(Perm.CONSOLIDATE)
def versions(request, code):
    """Every save of every edition: what was done, by whom, when; two of them can be compared."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    rows = list(_of(request, period).select_related("report", "saved_by").defer("texts", "figures", *_HEAVY))
    newest = {row.report.edition: row for row in reversed(rows)}
    editions = [(row.report, row, newest.get(edition - 1)) for edition, row in sorted(newest.items(), reverse=True)]
    context = {"period": period, "versions": rows, "editions": editions, "preselected": _preselected(rows)}
    return render(request, "reports/council_versions.html", context)


def _preselected(rows: list[CouncilReportVersion]) -> CouncilReportVersion | None:
    """What the newest save is compared with: the last issued edition before its own, else the save before it.

    ``rows``: newest first. None without any save; a single one is compared with itself.
    """
    if not rows:
        return None
    latest = rows[0].report.edition
    issued = CouncilReport.State.ISSUED
    before = (row for row in rows if row.report.edition < latest and row.report.state == issued)
    return next(before, rows[1] if len(rows) > 1 else rows[0])


@access(Perm.CONSOLIDATE)
def version_detail(request, code, edition, version):
    """One save as it read then."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    found = _find(request, period, f"{edition}.{version}")
    texts = [(place, title, found.texts.get(key, ""), key in found.own) for key, place, title in places()]
    context = {"period": period, "version": found, "texts": texts}
    return render(request, "reports/council_version.html", context)


@access(Perm.CONSOLIDATE)
def compare(request, code):
    """Two saves beside each other: ``?tu=1.2&den=2.1``, edition and save, the earlier one first."""
    period = period_for(request, code, Perm.CONSOLIDATE)
    pair = [_find(request, period, request.GET.get(name, "")) for name in ("tu", "den")]
    before, after = sorted(pair, key=lambda one: (one.report.edition, one.version))
    texts, figures = difference(before, after)
    rows = {row.code: row for row in Indicator.objects.filter(code__in=[one.code for one in figures])}
    context = {
        "period": period,
        "before": before,
        "after": after,
        "texts": texts,
        "figures": [(rows.get(one.code), one) for one in figures],
        "adjusts": after.report.narrative.get(ADJUSTS, {}).get("text", "") if before.report != after.report else "",
    }
    return render(request, "reports/council_compare.html", context)


def _find(request, period: Period, name: str) -> CouncilReportVersion:
    """The save named 'edition.save', '1.3'. Raises Http404 for anything else."""
    edition, _dot, version = name.partition(".")
    if not (edition.isascii() and edition.isdigit() and version.isascii() and version.isdigit()) or len(name) > 9:
        raise Http404
    found = (
        _of(request, period)
        .select_related("report__period__council", "saved_by")
        .filter(report__edition=int(edition), version=int(version))
        .first()
    )
    if found is None:
        raise Http404
    return found
