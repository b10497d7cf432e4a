"""Taking back an uploaded sheet of figures: what stood there before comes back, until somebody changed it since."""

from datetime import datetime
from decimal import Decimal

from agencies.errors import WrongState
from agencies.history import acting, record
from reports import entry
from reports.models import ProgressReport, ReportFigure
from reports.workbook.keys import held_for_upload


def remembered(before: dict[str, list], report: ProgressReport) -> dict[str, dict]:
    """What an upload did to each figure, as JSON: {'PB01': {'before': [value, reason], 'after': [value, …]}}.

    ``before`` is ``typed_figures`` of the moment before the upload; the report has it written already.
    """
    after = _stored(report, before)
    return {code: {"before": typed, "after": after[code]} for code, typed in before.items()}


def typed_figures(report: ProgressReport, codes) -> dict[str, list]:
    """Of each figure what a person had typed, with the reason; None where it came from activities or was empty."""
    rows = _figures(report, codes)
    return {
        code: [None if row.value is None else str(row.value), row.reason if row.value is not None else ""]
        for code, row in rows.items()
    }


def undo_figures(*, report: ProgressReport, undo: dict[str, dict], by, now: datetime) -> int:
    """Put back the figures of one upload; returns how many. All of them or none.

    ``undo`` is what ``remembered`` gave. Raises NotAllowed, and WrongState when the report is not theirs to edit now or
    when a figure was changed after the upload: that figure is somebody's work by now.
    """
    with acting(by=by, verb="undo_workbook"):
        locked = held_for_upload(report, by)
        now_stored = _stored(locked, undo)
        changed = [code for code, states in undo.items() if now_stored.get(code) != states["after"]]
        if changed:
            raise WrongState(
                f"Chưa hoàn tác gì: số liệu {', '.join(sorted(changed))} đã được sửa sau khi nạp tệp. "
                "Hãy sửa trực tiếp ở trang số liệu."
            )
        values = {
            code: (None if states["before"][0] is None else Decimal(states["before"][0]), states["before"][1])
            for code, states in undo.items()
        }
        entry.save_figures(report=locked, by=by, now=now, version=locked.version, values=values)
        summary = f"Hoàn tác lần nạp số liệu: {len(values)} số liệu trở lại như trước"
        record(by=by, now=now, verb="undo_workbook", obj=locked, summary=summary)
    return len(values)


def _figures(report: ProgressReport, codes) -> dict[str, ReportFigure]:
    rows = report.figures.select_related("indicator").filter(indicator__code__in=list(codes))
    return {row.indicator.code: row for row in rows}


def _stored(report: ProgressReport, codes) -> dict[str, list]:
    """Each figure as it is stored now, comparable after a trip through JSON."""
    rows = _figures(report, codes)
    return {
        code: [None if row.value is None else str(row.value), row.corrected, row.reason] for code, row in rows.items()
    }
