"""The secretariat's board as a value: an agency a row, what it owes, what the rules warned of, its reminders."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from agencies.clock import days_between, local_day
from reports.models import Period, ProgressReport, Reminder
from reports.reminders import OWING_STATES, last_reminders

_STATE = ProgressReport.State


@dataclass
class BoardRow:
    """One agency's report as the secretariat looks at it."""

    report: ProgressReport
    today: date
    last: Reminder | None = None
    times: int = 0
    open_warnings: list[dict] = field(default_factory=list)  # the agency gave no note to them
    answered: int = 0

    @property
    def owes(self) -> bool:
        return self.report.state in OWING_STATES

    @property
    def waits(self) -> bool:
        """Handed in, to be accepted or returned."""
        return self.report.state == _STATE.SUBMITTED

    @property
    def on_time(self) -> bool | None:
        """Whether it was handed in by the agency's deadline; None while it has not been."""
        handed_in = self.report.handed_in_at
        return local_day(handed_in) <= self.report.period.agency_due_on if handed_in else None

    @property
    def days_late(self) -> int:
        """Days that an owing agency is past its deadline; 0 while there is time."""
        return max(0, days_between(self.report.period.agency_due_on, self.today)) if self.owes else 0

    @property
    def is_late(self) -> bool:
        return self.on_time is False or self.days_late > 0

    @property
    def warnings_known(self) -> bool:
        """Reports handed in before warnings were kept do not say."""
        return self.report.warnings is not None

    @property
    def rules(self) -> list[tuple[str, int]]:
        """(rule, how often) of the warnings that nobody answered, by rule."""
        counts: dict[str, int] = {}
        for warning in self.open_warnings:
            counts[warning["rule"]] = counts.get(warning["rule"], 0) + 1
        return sorted(counts.items())

    @property
    def is_clean(self) -> bool:
        """Waits for acceptance and the rules have nothing left to ask."""
        return self.waits and self.warnings_known and not self.open_warnings

    @property
    def why_look(self) -> str:
        """Why a waiting report should be read before it is accepted; '' for a clean one."""
        if not self.waits or self.is_clean:
            return ""
        if not self.warnings_known:
            return "nộp trước khi cổng ghi lại cảnh báo"
        rules = ", ".join(f"{rule} ({count})" if count > 1 else rule for rule, count in self.rules)
        return f"{len(self.open_warnings)} cảnh báo chưa giải trình: {rules}"


# What narrows the board, as it stands in the address: name → (words, which rows).
FILTERS = {
    "chua-nop": ("Chưa nộp", lambda row: row.owes),
    "muon": ("Muộn", lambda row: row.is_late),
    "cho-tiep-nhan": ("Chờ tiếp nhận", lambda row: row.waits),
    "can-xem": ("Có cảnh báo", lambda row: row.waits and not row.is_clean),
    "tra-lai": ("Trả lại", lambda row: row.report.state == _STATE.RETURNED),
}


@dataclass
class Board:
    """A quarter's rows and what is counted over all of them."""

    period: Period
    rows: list[BoardRow]

    def count(self, what: str) -> int:
        """How many rows a filter of ``FILTERS`` keeps."""
        return sum(map(FILTERS[what][1], self.rows))

    def only(self, what: str) -> list[BoardRow]:
        """The rows that a filter keeps; all of them for an unknown one."""
        return [row for row in self.rows if FILTERS[what][1](row)] if what in FILTERS else self.rows

    @property
    def handed_in(self) -> int:
        return sum(row.report.state in ProgressReport.HANDED_IN_STATES for row in self.rows)

    @property
    def on_time(self) -> int:
        return sum(row.on_time is True for row in self.rows)

    @property
    def accepted(self) -> int:
        return sum(row.report.state in ProgressReport.ACCEPTED_STATES for row in self.rows)

    @property
    def returned(self) -> int:
        return self.count("tra-lai")

    @property
    def outstanding(self) -> list[ProgressReport]:
        """Reports that are not accepted yet."""
        return [row.report for row in self.rows if row.report.state not in ProgressReport.ACCEPTED_STATES]

    @property
    def waiting(self) -> list[BoardRow]:
        return [row for row in self.rows if row.waits]

    @property
    def owing(self) -> list[BoardRow]:
        return [row for row in self.rows if row.owes]

    @property
    def clean(self) -> list[BoardRow]:
        return [row for row in self.rows if row.is_clean]

    @property
    def to_look_at(self) -> list[BoardRow]:
        """Waiting reports that are not clean."""
        return [row for row in self.rows if row.why_look]


def load_board(period: Period, reports, today: date) -> Board:
    """The board of a quarter over the reports that somebody may see; three queries however many agencies."""
    led = Q(lines__role="lead")
    reports = (
        reports.filter(period=period)
        .select_related("agency", "period", "submitted_by", "returned_by")
        .annotate(
            led=Count("lines", filter=led),
            filled=Count("lines", filter=led & Q(lines__edited_at__isnull=False)),
            troubles=Count("lines", filter=~Q(lines__difficulty="")),
        )
        .order_by("agency__protocol_order", "agency__code")
    )
    reminded = last_reminders(period)
    rows = []
    for report in reports:
        last, times = reminded.get(report.agency_id, (None, 0))
        told = report.warnings if report.state in ProgressReport.HANDED_IN_STATES and report.warnings else []
        open_ones = [warning for warning in told if not warning.get("note")]
        rows.append(BoardRow(report, today, last, times, open_ones, len(told) - len(open_ones)))
    return Board(period, rows)
