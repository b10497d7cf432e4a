"""Saving what several people type on one row: put together field by field, and asked about only where both changed it.

The verbs of reports/entry.py refuse a version that is not the stored one; here the refused save is tried again on top
of what was stored meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from agencies import clock
from agencies.errors import StaleVersion
from reports import entry
from reports.line_history import as_of, changed_only_by
from reports.merging import Merged, merge
from reports.models import ProgressReport, ReportLine

# Others may save between our reading and our saving; nobody types that fast for long.
_TRIES = 5


class Clash(StaleVersion):
    """Both changed the same field. ``current`` is the stored row, ``merged`` what could be put together."""

    def __init__(self, *messages: str, current, merged: Merged):
        super().__init__(*messages, current=current)
        self.merged = merged


@dataclass(frozen=True)
class Saved:
    """The stored row, and the fields in which somebody else's words were taken over."""

    row: ReportLine | ProgressReport
    taken: tuple[str, ...] = ()


def _together(
    row,
    *,
    by,
    version: int,
    mine: dict[str, Any],
    groups: Sequence[Sequence[str]],
    save: Callable[[int, Mapping[str, Any]], Any],
) -> Saved:
    taken: tuple[str, ...] = ()
    for attempt in range(_TRIES):
        try:
            return Saved(save(version, mine), taken)
        except StaleVersion as error:
            current, base = error.current, as_of(row, version)
            if base is None or attempt == _TRIES - 1:
                raise
            base, theirs = ({name: getattr(side, name) for name in mine} for side in (base, current))
            merged = merge(base, mine, theirs, groups)
            # One's own other window, or an own save whose answer never came: the later words count.
            if merged.clashes and not changed_only_by(current, by, version):
                raise Clash(*error.messages, current=current, merged=merged) from error
            mine, version = merged.values, current.version
            taken = tuple(dict.fromkeys((*taken, *merged.taken)))
    raise AssertionError("the loop returns or raises")


def save_line_together(
    *, line: ReportLine, by, now: datetime, version: int, automatic: bool = False, **values: Any
) -> Saved:
    """``entry.save_line``, on top of what others saved since ``version`` in other fields.

    Raises Clash where both changed the same field; NotAllowed, WrongState, Incomplete as the verb does.
    """
    mine = dict(values)
    if line.is_lead:
        settled = entry.settle_status(
            values.get("status", ""), values.get("percent"), values.get("completed_on"), clock.local_day(now)
        )
        mine |= dict(zip(entry.STATUS_FIELDS, settled, strict=True))

    def save(version, values):
        return entry.save_line(line=line, by=by, now=now, version=version, automatic=automatic, **values)

    groups = [entry.STATUS_FIELDS] if line.is_lead else []
    return _together(line, by=by, version=version, mine=mine, groups=groups, save=save)


def save_narrative_together(
    *, report: ProgressReport, by, now: datetime, version: int, automatic: bool = False, **values: Any
) -> Saved:
    """``entry.save_narrative``, on top of what others saved since ``version`` under other headings. Raises Clash."""

    def save(version, values):
        return entry.save_narrative(report=report, by=by, now=now, version=version, automatic=automatic, **values)

    return _together(report, by=by, version=version, mine=dict(values), groups=[], save=save)


# A figure as its row of the form holds it: the number, the reason of a hand correction, the note to a warning.
Figure = tuple[Decimal | None, str, str]


def save_figures_together(
    *,
    report: ProgressReport,
    by,
    now: datetime,
    version: int,
    values: Mapping[str, Figure],
    base: Mapping[str, Figure],
    stored: Callable[[], tuple[ProgressReport, Mapping[str, Figure]]],
    automatic: bool = False,
) -> Saved:
    """``entry.save_figures`` for some figures: ``values`` typed on top of ``base`` (code → number, reason, note).

    ``stored`` reads the report and its figures as they are now. A figure that somebody else changed since, and that
    is not what was typed here, raises Clash; the others' figures stay as they are.
    """
    for attempt in range(_TRIES):
        try:
            row = entry.save_figures(
                report=report,
                by=by,
                now=now,
                version=version,
                values={code: figure[:2] for code, figure in values.items()},
                notes={code: figure[2] for code, figure in values.items()},
                automatic=automatic,
            )
            return Saved(row)
        except StaleVersion as error:
            if attempt == _TRIES - 1:
                raise
            current, now_stored = stored()
            merged = merge(base, values, {code: now_stored[code] for code in values})
            if merged.clashes and not changed_only_by(current, by, version):
                raise Clash(*error.messages, current=current, merged=merged) from error
            values, version = merged.values, current.version
    raise AssertionError("the loop returns or raises")
