"""Figures of a period beside those of earlier ones: how quarters add up, and what a merger does to a comparison."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from agencies.membership import ENDING_KINDS
from agencies.models import Agency, Succession
from campaigns.models import Indicator
from reports.calendars import PeriodSpan, quarters_of
from reports.models import Period, ProgressReport, ReportFigure

_ELSEWHERE = "một cơ quan của hội đồng khác"
# Indicator code → agency code → figure.
Figures = dict[str, dict[str, Decimal]]


@dataclass(frozen=True)
class Handover:
    """One agency of the council that another one followed, as far as figures are concerned."""

    predecessor: str
    successor: str
    names: tuple[str, str]
    kind: str  # a Succession.Kind value
    effective_on: date
    within: bool  # both belonged to this council


def _successions(council) -> QuerySet:
    """The successions that touch a council, oldest first, each as one JSON value.

    Nothing is joined: of an agency of another council the wall hides the row, and the succession stands all the same.
    """
    mine = Agency.objects.filter(council=council).values("pk")
    touching = Succession.objects.filter(Q(predecessor__in=mine) | Q(successor__in=mine))
    told = JSONObject(
        predecessor=Coalesce(_of("predecessor", "code"), Value("")),
        successor=Coalesce(_of("successor", "code"), Value("")),
        old=Coalesce(_of("predecessor", "name"), Value(_ELSEWHERE)),
        new=Coalesce(_of("successor", "name"), Value(_ELSEWHERE)),
        kind="kind",
        effective_on="effective_on",
        left=_of("predecessor", "council"),
        joined=_of("successor", "council"),
    )
    return touching.order_by("effective_on", "pk").values_list(told, flat=True)


def _of(side: str, what: str) -> Subquery:
    return Subquery(Agency.objects.filter(pk=OuterRef(side)).values(what)[:1])


def handovers(council_id: int) -> list[Handover]:
    """Every succession that touches the council, oldest first."""
    return _handovers(_successions(council_id))


def with_handovers(periods: QuerySet, *, code: str) -> QuerySet:
    """The periods, that of ``code`` with its council's handovers beside it, where ``handovers_of`` finds them."""
    told = ArraySubquery(_successions(OuterRef(OuterRef("council"))))
    return periods.annotate(successions=Case(When(code=code, then=told)))


def handovers_of(period: Period) -> list[Handover]:
    """The handovers of a period's council, from beside the period when it was read so."""
    told = getattr(period, "successions", None)
    return handovers(period.council_id) if told is None else _handovers(told)


def _handovers(told: Iterable[dict]) -> list[Handover]:
    return [
        Handover(
            predecessor=row["predecessor"],
            successor=row["successor"],
            names=(row["old"], row["new"]),
            kind=row["kind"],
            effective_on=date.fromisoformat(row["effective_on"]),
            within=row["left"] == row["joined"],
        )
        for row in told
    ]


@dataclass(frozen=True)
class Accepted:
    """Accepted figures of several spans: span code → figures, and which quarters have any."""

    over: dict[str, Figures]
    quarters: frozenset[str]

    def absent(self, span: PeriodSpan, *, stock: bool) -> list[PeriodSpan]:
        """Quarters of the span without any figure; of a stock only the last one matters."""
        parts = quarters_of(span)
        return [part for part in (parts[-1:] if stock else parts) if part.code not in self.quarters]


def accepted_figures(council_id: int, spans: Collection[PeriodSpan], changes: Iterable[Handover]) -> Accepted:
    """Accepted figures of each span: the quarters' flows added up, of a stock the last quarter's.

    The stock of an agency that another has followed by then is left out: the successor reports it (domain.md §5.2).
    """
    quarters = {part.code: part for span in spans for part in quarters_of(span)}
    reported: dict[str, list[tuple[str, str, str, Decimal]]] = defaultdict(list)
    rows = ReportFigure.objects.filter(
        report__period__council=council_id,
        report__period__code__in=list(quarters),
        report__state__in=ProgressReport.ACCEPTED_STATES,
        value__isnull=False,
    ).values_list("report__period__code", "report__agency__code", "indicator__code", "indicator__nature", "value")
    for code, *figure in rows:
        reported[code].append(tuple(figure))
    over = {span.code: _over(span, reported, list(changes)) for span in spans}
    return Accepted(over, frozenset(code for code, figures in reported.items() if figures))


def _over(span: PeriodSpan, reported, changes: list[Handover]) -> Figures:
    figures: Figures = defaultdict(dict)
    stocks = set()
    for part in quarters_of(span):
        for agency, indicator, nature, value in reported[part.code]:
            own = figures[indicator]
            if nature == Indicator.Nature.STOCK:
                stocks.add(indicator)
                own[agency] = value
            else:
                own[agency] = own.get(agency, Decimal(0)) + value
    for indicator in stocks:
        own = figures[indicator]
        for change in changes:
            ended = change.kind in ENDING_KINDS and change.effective_on <= span.ends_on
            if ended and change.successor in own:
                own.pop(change.predecessor, None)
    return figures


def comparability(now: PeriodSpan, then: PeriodSpan, changes: Iterable[Handover]) -> tuple[bool, str]:
    """Whether figures of ``now`` may stand beside those of ``then``, and the note that belongs to the comparison.

    A renaming changes nothing. Agencies merged or split within the council are added up on both sides, and marked. An
    agency that came from or left to another council makes the totals of two different areas: not compared at all.
    """
    between = [
        change
        for change in changes
        if then.starts_on < change.effective_on <= now.ends_on and change.kind != Succession.Kind.RENAME
    ]
    for change in between:
        if not change.within:
            return False, (
                f"Không so sánh với {then.label}: từ ngày {change.effective_on:%d/%m/%Y}, {change.names[0]} được "
                f"sắp xếp vào {change.names[1]}, khác địa bàn."
            )
    merged = [change for change in between if change.kind != Succession.Kind.TRANSFER]
    if not merged:
        return True, ""
    told = "; ".join(
        f"{change.names[0]} → {change.names[1]} từ ngày {change.effective_on:%d/%m/%Y}" for change in merged
    )
    return True, f"(*) Số liệu {then.label} là của các cơ quan trước khi sắp xếp tổ chức: {told}."
