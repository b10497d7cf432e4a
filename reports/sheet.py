"""One report as a person fills it in: its lines, its figures with what the activities say, last period beside them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import prefetch_related_objects

from reports.earlier import EarlierFigure, Summary, figures_before, report_before, summaries
from reports.facts import ActivityFacts, activity_totals
from reports.models import ProgressReport, ReportFigure, ReportLine


@dataclass
class FigureRow:
    """One indicator of the report: the figure that counts, what the activities add up to, the earlier accepted ones.

    ``computed`` is what the activities said when the report left the agency, or say now while it is still there;
    None when the indicator does not come from activities (or the report left before this was kept). ``counted_now`` is
    what they say today.
    """

    figure: ReportFigure
    value: Decimal | None
    computed: Decimal | None
    previous: Decimal | None
    mean: Decimal | None = None  # of the agency's accepted periods before this one
    periods: int = 0  # how many those are
    year_before: Decimal | None = None  # added up over the accepted quarters of this year; None for a stock
    counted_now: Decimal | None = None
    corrected: bool = False
    reason: str = ""
    note: str = ""
    unreadable: bool = False  # typed, but no number: the form says why

    @property
    def code(self) -> str:
        return self.figure.indicator.code

    @property
    def year_to_date(self) -> Decimal | None:
        """Luỹ kế từ đầu năm: this period's figure on top of the year's accepted quarters; None when not known."""
        if self.figure.indicator.nature != "flow" or self.value is None:
            return None
        return (self.year_before or Decimal(0)) + self.value

    @property
    def has_moved(self) -> bool:
        """Whether activities recorded, changed or withdrawn since hand-in add up to something else now."""
        return self.computed is not None and self.counted_now is not None and self.computed != self.counted_now


@dataclass
class Sheet:
    """A report with everything its form, its review and its rules need; loaded in a constant number of queries."""

    report: ProgressReport
    lines: list[ReportLine]
    figures: list[FigureRow]
    previous_lines: dict[int, ReportLine] = field(default_factory=dict)
    facts: ActivityFacts = field(default_factory=ActivityFacts)
    previous: ProgressReport | None = None  # the agency's last accepted report before this period
    earlier: list[EarlierFigure] = field(default_factory=list)  # its accepted figures before this period, newest first

    def row(self, code: str) -> FigureRow | None:
        """The row of an indicator, None when this agency does not report it."""
        return next((row for row in self.figures if row.code == code), None)

    def value(self, code: str) -> Decimal | None:
        """The figure that counts, by code; None when it is not filled in or not reported by this agency."""
        row = self.row(code)
        return row.value if row else None

    def note(self, code: str) -> str:
        """What the agency said to a warning about a figure."""
        row = self.row(code)
        return row.note if row else ""

    def name(self, code: str) -> str:
        """The indicator's name with its code, as people read it: 'Tổng kinh phí (PB10)'."""
        row = self.row(code)
        return f"{row.figure.indicator.name} ({code})" if row else code

    @property
    def filled(self) -> int:
        """Lines about which the agency has said something."""
        return sum(line.is_filled for line in self.lines)

    def only(self, codes: Collection[str]) -> "Sheet":
        """The sheet with these indicators alone."""
        return replace(self, figures=[row for row in self.figures if row.code in codes])

    def as_typed(
        self,
        values: Mapping[str, tuple[Decimal | None, str]],
        notes: Mapping[str, str],
        unreadable: Collection[str] = (),
    ) -> "Sheet":
        """The sheet as it would be with these figures, reasons and notes by code; nothing is written."""
        rows = []
        for row in self.figures:
            value, reason = values.get(row.code, (row.value, row.reason))
            if row.computed is not None and value is None:
                value = row.computed  # an empty box goes back to what the activities say
            elif value is None and self.report.nothing_to_report and row.figure.indicator.nature == "flow":
                value = Decimal(0)
            lost = row.code in unreadable
            rows.append(
                replace(
                    row,
                    value=None if lost else value,
                    reason=reason,
                    note=notes.get(row.code, row.note),
                    corrected=row.computed is not None and not lost and value != row.computed,
                    unreadable=lost,
                )
            )
        return replace(self, figures=rows)


def load_sheet(report: ProgressReport) -> Sheet:
    """Load a report for filling in or reviewing (report.period, .agency should be selected already)."""
    before, facts = report_before(report)
    lines, previous_lines = _lines(report, before)
    totals = activity_totals([report.agency_id], report.period.span).get(report.agency_id, {})
    earlier = figures_before(report) if before is not None else []
    known_before = summaries(earlier, before, report.period.span.year) if before is not None else {}
    figures = []
    for figure in report.figures.select_related("indicator__parent"):
        code = figure.indicator.code
        now = totals.get(code, Decimal(0)) if figure.indicator.from_activities else None
        known = now if report.is_editable else figure.computed
        value = known if report.is_editable and known is not None and not figure.corrected else figure.value
        if value is None and report.nothing_to_report and figure.indicator.nature == "flow":
            value = Decimal(0)  # "Không phát sinh" says 0, it does not leave empty (rule V08)
        told = known_before.get(code, Summary())
        figures.append(
            FigureRow(
                figure=figure,
                value=value,
                computed=known,
                previous=told.last,
                mean=told.mean,
                periods=told.periods,
                year_before=told.year,
                counted_now=now,
                corrected=figure.corrected,
                reason=figure.reason,
                note=figure.note,
            )
        )
    return Sheet(report, lines, figures, previous_lines, facts, before, earlier)


def _lines(report: ProgressReport, before: ProgressReport | None) -> tuple[list[ReportLine], dict[int, ReportLine]]:
    """The report's lines with their files, and those of the report before by task; both kinds in one query."""
    found = ReportLine.objects.filter(report__in=[report.pk, *([before.pk] if before is not None else [])])
    found = found.select_related("task__plan", "task__section", "edited_by")
    lines, previous = [], {}
    for line in found.order_by("task__plan__number", "task__plan_id", "task__sort_order", "pk"):
        if line.report_id == report.pk:
            line.report = report
            lines.append(line)
        else:
            previous[line.task_id] = line
    prefetch_related_objects(lines, "evidence")
    return lines, previous


def freeze_figures(sheet: Sheet) -> None:
    """Store the figures that count, and what the activities said, at hand-in.

    Later activities do not change a report that has left the agency; of a hand correction both numbers stay.
    """
    changed = []
    for row in sheet.figures:
        if (row.figure.value, row.figure.computed) != (row.value, row.computed):
            row.figure.value, row.figure.computed = row.value, row.computed
            changed.append(row.figure)
    ReportFigure.objects.bulk_update(changed, ["value", "computed"])
