"""A report beside the agency's earlier ones, for whoever reads it: what changed, what stands out, what was said."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from agencies.talk import Talk, Talks
from campaigns.models import Plan, Task
from reports.calendars import same_period_last_year
from reports.differences import Stretch, word_diff
from reports.models import ProgressReport, ReportLine
from reports.review import (
    FigureFacts,
    LineFacts,
    Look,
    Place,
    Said,
    look_at_figure,
    look_at_line,
    look_at_words,
    places,
    unusual,
)
from reports.rules import Finding
from reports.rules.findings import figure_anchor, line_anchor
from reports.sheet import FigureRow, Sheet
from reports.wording import growth, signed_percent

PERIODS_BESIDE = 4  # accepted periods that a figure is compared with
_AS_FAR_BACK = timedelta(days=800)  # two years of quarters, so that one left out does not empty the four
_ALIKE = 0.5  # share of common words from which a text is shown as a change of the earlier one
_STEEP = {"V19", "V20"}  # rules whose findings a look at the figure says better


@dataclass
class LineBeside:
    """A task's line beside last period's: reasons to look, both texts with what differs, what is said about it."""

    line: ReportLine
    before: ReportLine | None
    looks: tuple[Look, ...]
    talk: Talk
    now_text: list[Stretch] = field(default_factory=list)
    before_text: list[Stretch] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return line_anchor(self.line)

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing in it to read: no reason to look, nothing said about it, nothing new."""
        line, before = self.line, self.before
        if self.looks or self.talk.threads:
            return False
        if not line.is_filled:
            return True
        if line.difficulty or line.proposal:
            return False
        same = before is not None and (line.status, line.percent) == (before.status, before.percent)
        return line.status == Task.Status.NOT_STARTED or (same and line.result == before.result)


@dataclass
class FigureBeside:
    """A figure beside the last accepted one, that of the same period last year and the agency's usual."""

    row: FigureRow
    last_year: Decimal | None
    history: tuple[Decimal, ...]
    looks: tuple[Look, ...]
    talk: Talk

    @property
    def anchor(self) -> str:
        return figure_anchor(self.row.code)

    @property
    def change(self) -> str:
        """Against last period: '+12,5%'; '' where there is nothing to compare with."""
        found = growth(self.row.value, self.row.previous)
        return "" if found is None else signed_percent(found)

    @property
    def unusual(self) -> str:
        return unusual(self.row.value, self.history)

    @property
    def is_idle(self) -> bool:
        """0 now and in every period it is compared with: nothing happened, as always."""
        known = (self.row.value, self.row.previous, self.last_year, *self.history)
        said = self.looks or self.talk.threads or self.row.note or self.row.corrected or self.row.has_moved
        return self.row.value is not None and not any(known) and not said


@dataclass
class WordsBeside:
    """One of the report's own texts beside last period's."""

    anchor: str
    label: str
    now: str
    before: str
    looks: tuple[Look, ...]
    talk: Talk
    now_text: list[Stretch]
    before_text: list[Stretch]


@dataclass
class Review:
    """A report as its reviewer reads it."""

    places: list[Place]
    plans: list[tuple[Plan, list[LineBeside], list[LineBeside]]]  # the plan, lines to read, lines with nothing new
    figures: list[FigureBeside]
    idle: list[FigureBeside]
    words: list[WordsBeside]
    previous: ProgressReport | None
    last_year: str
    talks: Talks

    @property
    def to_look_at(self) -> int:
        """How many places there are with a reason to look that the agency has not explained."""
        return sum(place.is_open for place in self.places)

    @property
    def explained(self) -> int:
        """How many places there are of which the agency has explained all."""
        return len(self.places) - self.to_look_at

    @property
    def remarks(self) -> str:
        """The remarks that wait, as a numbered list: what a return begins with. '' when there are none."""
        names = {line.anchor: f"Nhiệm vụ {line.line.task.place}" for _plan, *both in self.plans for lines in both
                 for line in lines}  # fmt: skip
        names |= {figure.anchor: f"Số liệu {figure.row.code}" for figure in (*self.figures, *self.idle)}
        names |= {words.anchor: words.label for words in self.words}
        said = [
            f"{number}. {names[row.anchor]}: {row.text}" if row.anchor in names else f"{number}. {row.text}"
            for number, row in enumerate(self.talks.waiting, 1)
        ]
        return "\n".join(said)


def review_of(sheet: Sheet, findings: Iterable[Finding], talks: Talks, today: date, *, fold: bool = True) -> Review:
    """The report beside the earlier ones, from what its sheet has read.

    With ``fold`` off no line counts as quiet: somebody who fills the report in wants them all.
    """
    report = sheet.report
    until = min(today, report.period.ends_on)
    by_period = _lately(sheet)
    lines = [_line(line, sheet, talks, until) for line in sheet.lines]
    figures = [_figure(row, by_period, report, talks) for row in sheet.figures]
    words = [_words(name, label, sheet, talks) for name, label in ProgressReport.NARRATIVE.items()]
    looks = [look for part in (lines, figures, words) for one in part for look in one.looks]
    looks += _from_rules(findings, {look.anchor for one in figures for look in one.looks})
    found = places(looks)
    by_anchor = {place.anchor: place.looks for place in found}
    for one in (*lines, *figures, *words):
        one.looks = by_anchor.get(one.anchor, ())
    plans: dict[int, tuple[Plan, list[LineBeside], list[LineBeside]]] = {}
    for one in lines:
        plan = one.line.task.plan
        plans.setdefault(plan.pk, (plan, [], []))[2 if fold and one.is_quiet else 1].append(one)
    return Review(
        places=found,
        plans=list(plans.values()),
        figures=[one for one in figures if not (fold and one.is_idle)],
        idle=[one for one in figures if fold and one.is_idle],
        words=words,
        previous=sheet.previous,
        last_year=same_period_last_year(report.period.span).label,
        talks=talks,
    )


def kept_looks(sheet: Sheet, findings: Iterable[Finding], today: date) -> dict[str, list[dict[str, str]]]:
    """What deserves a close look in a report, as it is kept when it is handed in (``ProgressReport.warnings``)."""
    review = review_of(sheet, findings, Talks("", False, ""), today)
    return {"looks": [asdict(look) for place in review.places for look in place.looks]}


def _lately(sheet: Sheet) -> dict[str, dict[str, Decimal]]:
    """Period code → indicator code → figure, of the agency's accepted reports of the last years, newest first."""
    since = sheet.report.period.starts_on - _AS_FAR_BACK
    found: dict[str, dict[str, Decimal]] = {}
    for figure in sheet.earlier:
        if figure.starts_on >= since:
            found.setdefault(figure.period, {})[figure.code] = figure.value
    return found


def _line(line: ReportLine, sheet: Sheet, talks: Talks, until: date) -> LineBeside:
    before = sheet.previous_lines.get(line.task_id)
    task, anchor = line.task, line_anchor(line)
    facts = LineFacts(
        anchor=anchor,
        subject=f"{task.place} {task.title}",
        leads=line.is_lead,
        updated=line.is_filled,
        status=line.status,
        percent=line.percent,
        result=line.result,
        difficulty=line.difficulty,
        due_on=line.due_on,
        new_expected_on=line.new_expected_on,
        files=len(line.evidence.all()),
        no_evidence_reason=line.no_evidence_reason,
        repeats=task.recurrence != Task.Recurrence.ONCE,
        before=Said(before.status, before.percent, before.result) if before is not None else None,
    )
    looks = look_at_line(facts, until, nothing_to_report=sheet.report.nothing_to_report)
    now_text, before_text = compared(line.result, before.result if before is not None else "")
    return LineBeside(line, before, tuple(looks), talks.at(anchor), now_text, before_text)


def _figure(row: FigureRow, by_period: dict[str, dict[str, Decimal]], report, talks: Talks) -> FigureBeside:
    history = tuple(figures[row.code] for figures in by_period.values() if row.code in figures)[:PERIODS_BESIDE]
    indicator, anchor = row.figure.indicator, figure_anchor(row.code)
    facts = FigureFacts(
        anchor=anchor,
        subject=f"{indicator.name} ({row.code})",
        value=row.value,
        previous=row.previous,
        history=history,
        is_stock=indicator.nature == "stock",
        note=row.note,
    )
    last_year = by_period.get(same_period_last_year(report.period.span).code, {}).get(row.code)
    return FigureBeside(row, last_year, history, tuple(look_at_figure(facts)), talks.at(anchor))


def _words(name: str, label: str, sheet: Sheet, talks: Talks) -> WordsBeside:
    anchor = f"danh-gia-{name}"
    now, before = getattr(sheet.report, name), getattr(sheet.previous, name, "")
    looks = tuple(look_at_words(anchor, label, now, before))
    return WordsBeside(anchor, label, now, before, looks, talks.at(anchor), *compared(now, before))


def compared(now: str, before: str) -> tuple[list[Stretch], list[Stretch]]:
    """Both texts in stretches: what only this one has ("ins"), only that one ("del"), both ("same").

    Texts that have little in common are shown whole: a page full of marks says nothing.
    """
    whole = [Stretch("same", now)] if now else [], [Stretch("same", before)] if before else []
    if not now or not before or now == before:
        return whole
    stretches = word_diff(before, now)
    common = sum(len(one.text) for one in stretches if one.kind == "same")
    if common < _ALIKE * max(len(now), len(before)):
        return whole
    return [one for one in stretches if one.kind != "del"], [one for one in stretches if one.kind != "ins"]


def _from_rules(findings: Iterable[Finding], told: set[str]) -> list[Look]:
    """The warnings of the rules that no look at a line or a figure says already."""
    return [
        Look("rule", finding.anchor, finding.subject, finding.said, finding.note, finding.rule)
        for finding in findings
        if not finding.is_error and not (finding.rule in _STEEP and finding.anchor in told)
    ]
