"""The rules while somebody types: what they say stands beside the field. Nothing is written here."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from django.forms import BoundField
from django.shortcuts import render
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.errors import Incomplete
from agencies.permissions import Perm, access
from reports.entry import settle_status
from reports.forms import FiguresForm, LineForm
from reports.models import ProgressReport, ReportLine
from reports.rules import FIGURE_RULES, LINE_RULES, REPORT_RULES, Finding, check
from reports.rules.findings import figure_anchor
from reports.sheet import FigureRow, Sheet, load_sheet
from reports.views.find import line_of, report_for

FILE_COUNT = "so-tep"  # how many files stand chosen in the form; the files themselves are sent only when it is saved


@dataclass
class ToldFigure:
    """One row of the figures page: its fields and what is said of it."""

    row: FigureRow
    value: BoundField
    reason: BoundField
    note: BoundField
    findings: list[Finding]
    stored: Decimal | None  # what stands in the database, whatever is typed

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def errors(self) -> list[str]:
        """Why the text is no number; the question how a dotted one is meant stands by itself."""
        return [] if self.value.reading else [*self.value.errors, *self.reason.errors, *self.note.errors]

    @property
    def asks_for_note(self) -> bool:
        return any(not finding.is_error for finding in self.findings)

    @property
    def asks_for_reason(self) -> bool:
        """Whether the figure differs from what its activities say."""
        return self.row.corrected


@dataclass
class ToldFigures:
    """What the rules say of the figures as they stand in the form."""

    rows: list[ToldFigure]
    whole: list[Finding]  # of the report, not of one figure
    empty: int

    @property
    def wrong(self) -> int:
        return sum(len(row.errors) + sum(finding.is_error for finding in row.findings) for row in self.rows)

    @property
    def unanswered(self) -> int:
        """Warnings to which nobody has said anything yet."""
        return sum(not (finding.is_error or finding.is_answered) for row in self.rows for finding in row.findings)

    @property
    def questions(self) -> list[tuple[str, str]]:
        """Dotted numbers not confirmed yet, as (field name, text)."""
        readings = [(row.value.html_name, row.value.reading) for row in self.rows]
        return [(name, reading.typed) for name, reading in readings if reading and not reading.confirmed]

    @property
    def all_questions(self) -> str:
        """The value of the one box that confirms them all."""
        return "|".join(f"{name}={typed}" for name, typed in self.questions)


def told_figures(sheet: Sheet, form: FiguresForm, today: date) -> ToldFigures:
    """Run the rules over the figures as typed. That a box is empty is counted, not said beside each of them."""
    typed = form.as_typed(sheet)
    by_anchor: dict[str, list[Finding]] = {}
    empty = {figure_anchor(row.code) for row in typed.figures if row.value is None and not row.unreadable}
    for finding in check(typed, today, FIGURE_RULES):
        if finding.anchor not in empty:
            by_anchor.setdefault(finding.anchor, []).append(finding)
    rows = [
        ToldFigure(
            row=row,
            value=form[f"v_{row.code}"],
            reason=form[f"r_{row.code}"],
            note=form[f"n_{row.code}"],
            findings=by_anchor.get(figure_anchor(row.code), []),
            stored=stored.value,
        )
        for row, stored in zip(typed.figures, sheet.figures, strict=True)
    ]
    whole = [finding for finding in check(typed, today, REPORT_RULES) if finding.anchor == "hoat-dong"]
    return ToldFigures(rows, whole, len(empty))


@dataclass
class ToldLine:
    """What the rules say of a line as it stands in its form: field → findings."""

    by_field: dict[str, list[Finding]] = field(default_factory=dict)

    def of(self, name: str) -> list[Finding]:
        """The findings of one field."""
        return self.by_field.get(name, [])


def told_line(line: ReportLine, form: LineForm, today: date, chosen_files: int = 0) -> ToldLine:
    """Run the rules over one line as typed; nothing is said of a line that nobody has begun."""
    if form.is_bound:
        form.is_valid()
        typed, refused = _line_as_typed(line, form.cleaned_data, today, chosen_files)
    else:
        typed, refused = line if line.is_filled else None, []
    told: dict[str, list[Finding]] = {}
    for name, message in refused:
        told.setdefault(name, []).append(Finding("V07", "error", message, "", name))
    if typed is not None:
        for finding in check(Sheet(line.report, [typed], []), today, LINE_RULES):
            told.setdefault(finding.field or "result", []).append(finding)
    return ToldLine(told)


def _line_as_typed(line: ReportLine, data: dict, today: date, chosen_files: int):
    """The line as the verb would store it, and what the verb would refuse as (field, message)."""
    values = {name: data.get(name, getattr(line, name)) for name in LineForm.base_fields if name != "version"}
    if line.is_lead:
        if not data.get("status"):
            return None, []
        try:
            values["status"], values["percent"], values["completed_on"] = settle_status(
                values["status"], values["percent"], values["completed_on"], today
            )
        except Incomplete as error:
            return None, [("completed_on", message) for message in error.messages]
    files = [*line.evidence.all(), *range(chosen_files)]
    evidence = SimpleNamespace(all=lambda: files)
    same = {name: getattr(line, name) for name in ("pk", "task", "due_on", "is_lead")}
    return SimpleNamespace(**(values | same), is_filled=True, evidence=evidence), []


@access(Perm.RECORD_PROGRESS)
@require_POST
def figures_check(request, code, agency):
    """What the rules say of the figures as they are typed. Answers fragments for the page; writes nothing."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    sheet = load_sheet(report)
    form = FiguresForm(request.POST, rows=sheet.figures, initial={"version": report.version})
    told = told_figures(sheet, form, clock.today())
    return render(request, "reports/_figures_told.html", {"told": told, "form": form})


@access(Perm.RECORD_PROGRESS)
@require_POST
def line_check(request, code, agency, pk):
    """What the rules say of a task's line as it is typed. Answers fragments for the page; writes nothing."""
    report: ProgressReport = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    line = line_of(report, pk)
    line.report = report
    form = LineForm(request.POST, line=line)
    count = request.POST.get(FILE_COUNT, "")
    chosen = int(count) if count.isdecimal() and len(count) < 4 else 0
    told = told_line(line, form, clock.today(), chosen)
    context = {"line": line, "fields": line_fields(form, told)}
    return render(request, "reports/_line_told.html", context)


def line_fields(form: LineForm, told: ToldLine) -> list[tuple[BoundField, list[Finding]]]:
    """Each visible field of a line's form with what is said of it."""
    return [(bound, told.of(bound.name)) for bound in form.visible_fields()]
