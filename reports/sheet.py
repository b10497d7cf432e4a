"""One report as a person fills it in: its lines, its figures with what the activities say, last period beside them."""

from dataclasses import dataclass, field
from decimal import Decimal

from reports.facts import activity_totals
from reports.models import ProgressReport, ReportFigure, ReportLine


@dataclass
class FigureRow:
    """One indicator of the report: the figure that counts, what the activities add up to, the last accepted one."""

    figure: ReportFigure
    value: Decimal | None
    computed: Decimal | None  # None when the indicator does not come from activities
    previous: Decimal | None

    @property
    def code(self) -> str:
        return self.figure.indicator.code


@dataclass
class Sheet:
    """A report with everything its form, its review and its rules need; loaded in a constant number of queries."""

    report: ProgressReport
    lines: list[ReportLine]
    figures: list[FigureRow]
    previous_lines: dict[int, ReportLine] = field(default_factory=dict)

    def value(self, code: str) -> Decimal | None:
        """The figure that counts, by code; None when it is not filled in or not reported by this agency."""
        return next((row.value for row in self.figures if row.code == code), None)

    def name(self, code: str) -> str:
        """The indicator's name with its code, as people read it: 'Tổng kinh phí (PB10)'."""
        row = next((row for row in self.figures if row.code == code), None)
        return f"{row.figure.indicator.name} ({code})" if row else code

    @property
    def filled(self) -> int:
        """Lines about which the agency has said something."""
        return sum(line.is_filled for line in self.lines)


def load_sheet(report: ProgressReport) -> Sheet:
    """Load a report for filling in or reviewing (report.period, .agency should be selected already)."""
    lines = list(
        report.lines.select_related("task__plan", "task__section", "edited_by")
        .prefetch_related("evidence")
        .order_by("task__plan__number", "task__plan_id", "task__sort_order", "pk")
    )
    computed = {}
    if report.is_editable:
        computed = activity_totals([report.agency_id], report.period.span).get(report.agency_id, {})
    before = _previous_report(report)
    previous_figures, previous_lines = {}, {}
    if before is not None:
        previous_figures = dict(before.figures.values_list("indicator__code", "value"))
        previous_lines = {line.task_id: line for line in before.lines.all()}
    figures = []
    for figure in report.figures.select_related("indicator__parent"):
        code, counted = figure.indicator.code, figure.indicator.from_activities
        known = computed.get(code, Decimal(0)) if counted and report.is_editable else None
        value = known if known is not None and not figure.corrected else figure.value
        if value is None and report.nothing_to_report and figure.indicator.nature == "flow":
            value = Decimal(0)  # "Không phát sinh" says 0, it does not leave empty (rule V08)
        figures.append(FigureRow(figure, value, known, previous_figures.get(code)))
    return Sheet(report, lines, figures, previous_lines)


def _previous_report(report: ProgressReport) -> ProgressReport | None:
    """The agency's last accepted report before this period."""
    return (
        ProgressReport.objects.accepted()
        .filter(
            agency=report.agency_id,
            period__council=report.period.council_id,
            period__starts_on__lt=report.period.starts_on,
        )
        .order_by("-period__starts_on")
        .first()
    )


def freeze_figures(sheet: Sheet) -> None:
    """Store the figures that count, at hand-in: later activities do not change a report that has left the agency."""
    changed = []
    for row in sheet.figures:
        if row.figure.value != row.value:
            row.figure.value = row.value
            changed.append(row.figure)
    ReportFigure.objects.bulk_update(changed, ["value"])
