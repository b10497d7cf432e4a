"""What a period's value says besides its tasks: council, dates, reports, figures and earlier ones, words, targets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from agencies.clock import local_day
from campaigns.models import Indicator
from reports.attainment import attainment, spans_needed, targets_of_plans
from reports.calendars import PeriodSpan, following, previous, quarters_of, same_period_last_year
from reports.comparison import Accepted, Handover, accepted_figures, comparability, handovers_of
from reports.models import Period, ProgressReport
from reports.values import AgencyFigure, AgencyRow, CouncilPart, Counts, IndicatorRow, PeriodPart, Told, Words

_COUNTED_ONCE = "Nhiệm vụ lặp lại qua các quý được tính một lần, theo tình trạng ở quý gần nhất."


@dataclass(frozen=True)
class Beside:
    """The accepted figures of the period and of every stretch of time that it is held against, read once."""

    accepted: Accepted
    changes: list[Handover]


def beside(period: Period, more: set[PeriodSpan]) -> Beside:
    """The figures of a period, of those it is compared with, and of ``more`` stretches of time."""
    span, changes = period.span, handovers_of(period)
    spans = {span, previous(span), same_period_last_year(span)} | more
    return Beside(accepted_figures(period.council_id, spans, changes), changes)


def with_targets(period: Period, make: Callable[[date, Beside], Told], *, as_of: date, locked: bool = False) -> Told:
    """The value that ``make`` gives of an open period, with what its targets came to. ``locked``: it is now locked."""
    as_of, of_plans = min(as_of, period.ends_on), targets_of_plans(period)
    figures = beside(period, spans_needed(period, of_plans))
    value = make(as_of, figures)
    whole = period.is_quarter or len(value.period.part_labels) == len(quarters_of(period.span))
    targets = attainment(
        period,
        as_of=as_of,
        complete=locked or (whole and not value.missing),
        of_plans=of_plans,
        figures=figures.accepted.over,
        natures={row.code: row.nature for row in value.indicators},
    )
    return replace(value, targets=targets)


def parts_of(period: Period, *, tasks: bool) -> list[Period]:
    """The opened quarters of a longer period, oldest first, with their frozen values, with or without the tasks."""
    parts = period.quarters().select_related("council__standing_agency", "frozen")
    return list(parts if tasks else parts.defer("frozen__tasks"))


def notes_of(period: Period, parts: list[Period]) -> tuple[str, ...]:
    """What a reader must know of a longer period made of those quarters."""
    opened = {part.code for part in parts}
    absent = [part.label for part in quarters_of(period.span) if part.code not in opened]
    if not absent:
        return (_COUNTED_ONCE,)
    own = ", ".join(map(str, parts))
    return (_COUNTED_ONCE, f"Chưa mở kỳ {', '.join(absent)}: số liệu chỉ gồm {own}.")


def reports_of(period: Period) -> QuerySet:
    """The reports of a quarter in protocol order."""
    reports = period.reports.select_related("agency").defer("warnings")
    return reports.order_by("agency__protocol_order", "agency__code")


def council_part(period: Period) -> CouncilPart:
    """The council as the documents of a period name it."""
    council = period.council
    standing = council.standing_agency
    return CouncilPart(
        code=council.code,
        name=council.name,
        short_name=council.short_name,
        place=council.place,
        parent_body=council.parent_body,
        standing_agency=standing.name if standing else "",
        standing_agency_abbreviation=standing.abbreviation if standing else "",
        chair_name=council.chair_name,
        standing_vice_chair_name=council.standing_vice_chair_name,
    )


def period_part(period: Period, *, locking: bool = False, parts: Iterable[Period] = ()) -> PeriodPart:
    """A period's names and dates; ``parts`` are the quarters that a longer one is made of."""
    span = period.span
    return PeriodPart(
        code=span.code,
        label=span.label,
        long_label=span.long_label,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        agency_due_on=period.agency_due_on,
        next_label=following(span).long_label,
        previous_label=previous(span).label,
        last_year_label=same_period_last_year(span).label,
        locked=locking or period.is_locked,
        kind=span.kind,
        part_labels=tuple(part.span.label for part in parts),
    )


def agency_row(report: ProgressReport, period: Period, counts: Counts) -> AgencyRow:
    """One agency's report, with the tasks that it leads as they were counted."""
    handed_in = local_day(report.handed_in_at) if report.handed_in_at else None
    return AgencyRow(
        code=report.agency.code,
        name=report.agency.name,
        short_name=report.agency.short_name,
        report_state=report.state,
        report_state_label=report.get_state_display(),
        handed_in_on=handed_in,
        on_time=handed_in <= period.agency_due_on if handed_in else None,
        nothing_to_report=report.nothing_to_report,
        counts=counts,
    )


def indicator_rows(period: Period, order: list[str], figures: Beside) -> tuple[IndicatorRow, ...]:
    """Every indicator over the accepted reports, by agency in that order, beside earlier periods."""
    span, accepted, changes = period.span, figures.accepted, figures.changes
    before, last_year = previous(span), same_period_last_year(span)
    shown = {then.code: comparability(span, then, changes) for then in (before, last_year)}

    def earlier(then: PeriodSpan, row: Indicator) -> tuple[Decimal | None, str]:
        own, (comparable, note) = accepted.over[then.code].get(row.code), shown[then.code]
        if not own:
            return None, ""
        if absent := accepted.absent(then, stock=row.nature == Indicator.Nature.STOCK):
            # Part of a year beside a whole one would tell of a growth that was none.
            return None, f"Không so sánh với {then.label}: chưa có số liệu {', '.join(part.label for part in absent)}."
        return (sum(own.values()), note) if comparable else (None, note)

    rows = []
    for row in Indicator.objects.select_related("parent"):
        own = accepted.over[span.code].get(row.code, {})
        previous_value, previous_note = earlier(before, row)
        last_year_value, last_year_note = earlier(last_year, row)
        rows.append(
            IndicatorRow(
                code=row.code,
                name=row.name,
                unit=row.unit,
                nature=row.nature,
                decimals=row.decimals,
                parent=row.parent.code if row.parent else "",
                group=row.group,
                value=sum(own.values()) if own else None,
                previous=previous_value,
                last_year=last_year_value,
                by_agency=tuple(AgencyFigure(agency, own[agency]) for agency in order if agency in own),
                previous_note=previous_note,
                last_year_note=last_year_note,
            )
        )
    return tuple(rows)


def words_of(reports: list[ProgressReport]) -> Iterable[Words]:
    """The agencies' own words, accepted reports only, heading by heading in protocol order."""
    for heading in ProgressReport.NARRATIVE:
        for report in reports:
            if report.state in ProgressReport.ACCEPTED_STATES and (text := getattr(report, heading)):
                yield Words(report.agency.code, report.agency.short_name, heading, text)
