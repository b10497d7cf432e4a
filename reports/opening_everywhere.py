"""Opening a quarter for every council: a long work of the system, one council a piece.

A council that cannot be opened does not hold up the others; it is named at the end, and tried again when the work is
ordered again. What is open already stays as it is.
"""

import logging
from datetime import datetime

from django.db import transaction

from agencies.errors import BusinessError
from agencies.long_work import kinds, orders
from agencies.long_work.kinds import Step
from agencies.models import Council, LongWork
from reports.models import ReportLine
from reports.opening import open_period, period_span

OPEN = "mo-ky-moi-hoi-dong"
_log = logging.getLogger("portal.long_work")


def order_opening(*, code: str, now: datetime) -> LongWork:
    """Have the quarter opened for every council; one that was broken off goes on. Raises UnknownPeriod."""
    span = period_span(code)
    parameters = {"period": span.code}
    stopped = LongWork.objects.filter(
        kind=OPEN, parameters=parameters, state__in=(LongWork.State.CANCELLED, LongWork.State.FAILED)
    )
    if work := stopped.order_by("-pk").first():
        return orders.resume(work=work, by=None, now=now)
    return orders.order(kind=OPEN, title=f"Mở {span.label} cho mọi hội đồng", parameters=parameters, by=None, now=now)


def begin(work: LongWork, now: datetime) -> Step:
    """Count the councils."""
    return Step({"after": 0, "opened": 0, "lines": 0, "failed": []}, total=Council.objects.count())


def piece(work: LongWork, now: datetime) -> Step:
    """Open the quarter for the next council."""
    position = work.position
    council = Council.objects.select_related("standing_agency").filter(pk__gt=position["after"]).order_by("pk").first()
    if council is None:
        return Step(position, done=True, outcome=_outcome(position))
    position = position | {"after": council.pk}
    try:
        with transaction.atomic():
            period, opened = open_period(council=council, code=work.parameters["period"], by=None, now=now)
    except Exception as error:  # whatever is wrong with one council is not the others' fault
        _log.exception("opening %s for %s fails", work.parameters["period"], council.code)
        why = " ".join(error.messages) if isinstance(error, BusinessError) else type(error).__name__
        return Step(position | {"failed": [*position["failed"], f"{council.code}: {why}"]}, rows=1)
    if opened:
        lines = ReportLine.objects.filter(report__period=period).count()
        position |= {"opened": position["opened"] + 1, "lines": position["lines"] + lines}
    return Step(position, rows=1)


def _outcome(position: dict) -> str:
    said = f"Đã mở cho {position['opened']} hội đồng, {position['lines']} dòng nhiệm vụ."
    if position["failed"]:
        said += f" Chưa mở được: {'; '.join(position['failed'])}."
    return said


def register_kinds() -> None:
    """Make the opening known to the worker; nobody but the system orders it."""
    kinds.register(kinds.Kind(name=OPEN, label="Mở kỳ cho mọi hội đồng", perms=(), begin=begin, piece=piece))
