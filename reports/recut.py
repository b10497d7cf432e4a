"""Figures for statistical forms: accepted quarterly figures re-cut at the borders of the statistics calendar.

The rule and its reason: docs/decisions/0006-statistics-recut.md. A flow is what activities of the span carry, plus what
accepted reports say beyond their activities, dated by the quarter's cut-off. A stock is the last accepted value.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from agencies.models import Agency, Council, Succession
from campaigns.models import Indicator
from reports.calendars import PeriodSpan, parse_period, quarter, quarter_of
from reports.facts import activity_totals
from reports.forms_catalogue.filling import AgencyFigures, Figures, IndicatorPart
from reports.models import ProgressReport, ReportFigure
from reports.statistics_calendar import DEFAULT_REPORTER, StatisticsSpan
from reports.values import Consolidation
from reports.wording import listed

_FOLLOWS = (Succession.Kind.MERGE, Succession.Kind.SPLIT, Succession.Kind.RENAME)


def statistics_figures(
    council: Council, span: StatisticsSpan, *, today: date, preliminary: bool = False, reporter: str = DEFAULT_REPORTER
) -> Figures:
    """A council's figures of one statistics period; ``preliminary`` cuts at the last day that is actual by rule.

    Raises ValueError, in words, when nobody has told up to which day a preliminary form is actual.
    """
    until = span.actual_until(reporter) if preliminary else None
    if preliminary and until is None:
        raise ValueError(
            f"{span.regime.circular}: chưa rõ ngày chốt số liệu thực tế của bản sơ bộ kỳ {span.label}. "
            "Hãy dùng bản số liệu thực tế cả kỳ."
        )
    last = until or span.ends_on
    agencies = {row.pk: row for row in Agency.objects.filter(council=council).order_by("protocol_order", "code")}
    values: dict[int, dict[str, Decimal]] = defaultdict(dict)
    _add_flows(values, council, agencies, span.starts_on, last)
    _add_stocks(values, council, agencies, last)
    standing = standing_line(council)
    return Figures(
        calendar="thong-ke",
        period_code=span.code,
        period_label=span.label,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        agencies=tuple(
            AgencyFigures(_name(agency, last), pk in standing, values[pk])
            for pk, agency in agencies.items()
            if pk in values
        ),
        indicators=indicator_parts(),
        actual_until=until,
        reporter=reporter if preliminary else "",
        notes=tuple(_notes(council, span.starts_on, last, today)),
    )


def consolidated_figures(council: Council, value: Consolidation) -> Figures:
    """The same kind of figures from an administrative period, of whatever length."""
    standing = set(Agency.objects.filter(pk__in=standing_line(council)).values_list("code", flat=True))
    names = {row.code: row.name for row in value.agencies}
    order = list(dict.fromkeys([*names, *(f.agency for row in value.indicators for f in row.by_agency)]))
    by_agency: dict[str, dict[str, Decimal]] = {code: {} for code in order}
    for row in value.indicators:
        for figure in row.by_agency:
            by_agency[figure.agency][row.code] = figure.value
    waiting = [
        f"{row.name} ({', '.join(row.missing_parts) or row.report_state_label.casefold()})" for row in value.missing
    ]
    notes = (f"Chưa tính báo cáo của: {'; '.join(waiting)}.",) if waiting else ()
    return Figures(
        calendar="hanh-chinh",
        period_code=value.period.code,
        period_label=value.period.long_label,
        starts_on=value.period.starts_on,
        ends_on=value.period.ends_on,
        agencies=tuple(
            AgencyFigures(names.get(code, code), code in standing, values) for code, values in by_agency.items()
        ),
        indicators={row.code: IndicatorPart(row.nature, row.decimals) for row in value.indicators},
        totals={row.code: row.value for row in value.indicators if row.value is not None},
        notes=(*notes, *value.notes),
    )


def indicator_parts() -> dict[str, IndicatorPart]:
    """Nature and decimals of every indicator, by code."""
    rows = Indicator.objects.values_list("code", "nature", "decimals")
    return {code: IndicatorPart(nature, decimals) for code, nature, decimals in rows}


def standing_line(council: Council) -> set[int]:
    """The council's standing agency and those that it follows: in the past they stood in its place."""
    line = {council.standing_agency_id} - {None}
    before = defaultdict(set)
    for old, new in _successions(council):
        before[new].add(old)
    waiting = list(line)
    while waiting:
        fresh = before[waiting.pop()] - line
        line |= fresh
        waiting += fresh
    return line


def _successions(council: Council) -> list[tuple[int, int]]:
    rows = Succession.objects.filter(predecessor__council=council, kind__in=_FOLLOWS)
    return list(rows.values_list("predecessor", "successor"))


def _name(agency: Agency, last: date) -> str:
    ended = agency.valid_to is not None and agency.valid_to <= last
    return f"{agency.name} (đến trước {agency.valid_to:%d/%m/%Y})" if ended else agency.name


def _accepted(council: Council):
    return ReportFigure.objects.filter(
        report__period__council=council, report__state__in=ProgressReport.ACCEPTED_STATES, value__isnull=False
    )


def _add_flows(values, council: Council, agencies: Mapping[int, Agency], first: date, last: date) -> None:
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for pk, codes in activity_totals(list(agencies), _days(first, last)).items():
        for code, amount in codes.items():
            sums[pk, code] += amount
    figures = _accepted(council).filter(
        report__period__ends_on__range=(first, last), indicator__nature=Indicator.Nature.FLOW
    )
    rows = figures.values_list(
        "report__period__code", "report__agency", "indicator__code", "indicator__from_activities", "value"
    )
    quarters: dict[str, list] = defaultdict(list)
    for code, *row in rows:
        quarters[code].append(row)
    for quarter_code, reported in quarters.items():
        done = activity_totals(sorted({row[0] for row in reported}), parse_period(quarter_code))
        for pk, code, from_activities, value in reported:
            known = done.get(pk, {}).get(code, Decimal(0)) if from_activities else Decimal(0)
            sums[pk, code] += value - known
    for (pk, code), amount in sums.items():
        values[pk][code] = amount


def _days(first: date, last: date) -> PeriodSpan:
    return PeriodSpan(first, last, "", "days", first.year)


def _add_stocks(values, council: Council, agencies: Mapping[int, Agency], last: date) -> None:
    stocks = _accepted(council).filter(report__period__ends_on__lte=last, indicator__nature=Indicator.Nature.STOCK)
    newest = stocks.order_by("report__agency_id", "indicator_id", "-report__period__ends_on")
    newest = newest.distinct("report__agency_id", "indicator_id")
    held: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for pk, code, value in newest.values_list("report__agency", "indicator__code", "value"):
        held[code][pk] = value
    after = defaultdict(set)
    for old, new in _successions(council):
        after[old].add(new)
    for code, by_agency in held.items():
        for pk, value in by_agency.items():
            if pk in agencies and _stands(pk, by_agency, agencies, after, last):
                values[pk][code] = value


def _stands(pk: int, by_agency: Mapping[int, Decimal], agencies, after, last: date) -> bool:
    """Whether an agency's last value still stands: it exists, or nobody who follows it has given a value yet."""
    if agencies[pk].exists_on(last):
        return True
    followers, waiting = set(), list(after[pk])
    while waiting:
        each = waiting.pop()
        if each in followers or each not in agencies or agencies[each].valid_from > last:
            continue
        followers.add(each)
        waiting += after[each]
    return bool(followers) and not followers & set(by_agency)


def _notes(council: Council, first: date, last: date, today: date) -> Iterable[str]:
    if today < last:
        yield f"Kỳ chưa kết thúc; số liệu đến hết ngày {today:%d/%m/%Y}."
    reports = ProgressReport.objects.filter(period__council=council, period__ends_on__range=(first, last))
    waiting = reports.exclude(state__in=ProgressReport.ACCEPTED_STATES).select_related("agency", "period")
    by_agency: dict[str, list[str]] = defaultdict(list)
    for report in waiting.order_by("agency__protocol_order", "period__starts_on"):
        by_agency[report.agency.name].append(str(report.period))
    if by_agency:
        names = "; ".join(f"{name} ({', '.join(periods)})" for name, periods in by_agency.items())
        yield f"Báo cáo chưa được tiếp nhận, mới tính hoạt động đã ghi: {names}."
    opened = set(reports.values_list("period__code", flat=True))
    wanted = [span for span in _quarters_ending_in(first, last) if span.ends_on <= today]
    if lacking := [span.label for span in wanted if span.code not in opened]:
        yield f"Cổng chưa có báo cáo của {listed(lacking)}: các quý này mới tính hoạt động đã ghi."
    border = quarter_of(last)
    if border.ends_on > last and border.starts_on <= min(last, today):
        yield (
            f"Hoạt động từ ngày {max(border.starts_on, first):%d/%m/%Y} đến ngày {last:%d/%m/%Y} thuộc {border.label} "
            "của lịch hành chính, tính theo ngày ghi của hoạt động."
        )


def _quarters_ending_in(first: date, last: date) -> Iterable[PeriodSpan]:
    for year in range(first.year, last.year + 1):
        for number in (1, 2, 3, 4):
            span = quarter(year, number)
            if first <= span.ends_on <= last:
                yield span
