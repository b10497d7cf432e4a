"""The secretariat's board as a value: an agency a row, what it owes, what the rules warned of, its reminders."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from agencies.clock import days_between, local_day
from agencies.models import Comment
from reports.models import Period, ProgressReport, Receipt, Reminder
from reports.reminders import OWING_STATES, last_reminders
from reports.review import Look, Place, places

_STATE = ProgressReport.State


@dataclass
class BoardRow:
    """One agency's report as the secretariat looks at it."""

    report: ProgressReport
    today: date
    last: Reminder | None = None
    times: int = 0
    places: list[Place] = field(default_factory=list)  # what deserved a close look when it was handed in
    remarks: int = 0  # comments on it that nobody has settled

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
    def again(self) -> bool:
        """Waits for the secretariat once more, after it was returned."""
        return self.waits and self.report.was_returned

    @property
    def looks_known(self) -> bool:
        """Reports handed in before this was kept do not say what deserves a look."""
        return isinstance(self.report.warnings, dict)

    @property
    def to_look_at(self) -> list[Place]:
        """The places that the agency has not explained: those that the report's page counts."""
        return [place for place in self.places if place.is_open]

    @property
    def explained(self) -> int:
        return len(self.places) - len(self.to_look_at)

    @property
    def kinds(self) -> str:
        """What there is to look at, in words: 'Tăng vọt (2), Chép lời cũ'."""
        counts: dict[str, int] = {}
        for look in (look for place in self.to_look_at for look in place.looks if look.tone != "info"):
            name = f"{look.label} {look.rule}".strip()
            counts[name] = counts.get(name, 0) + 1
        return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in counts.items())

    @property
    def is_clean(self) -> bool:
        """Waits for acceptance, with nothing left to look at and no comment left to settle."""
        return self.waits and self.looks_known and not self.to_look_at and not self.remarks

    @property
    def why_not_accept(self) -> str:
        """Why there is nothing to accept, in a word; '' for a waiting report."""
        if self.waits:
            return ""
        if self.report.state in ProgressReport.ACCEPTED_STATES:
            return "Đã tiếp nhận rồi."
        if self.report.state == _STATE.AWAITING_APPROVAL:
            return "Chưa tiếp nhận được: báo cáo đang chờ lãnh đạo đơn vị duyệt."
        return "Chưa tiếp nhận được: cơ quan chưa nộp báo cáo."

    @property
    def why_look(self) -> str:
        """Why a waiting report should be read before it is accepted; '' for a clean one."""
        if not self.waits or self.is_clean:
            return ""
        why = []
        if not self.looks_known:
            why.append("không rõ chỗ cần xem kỹ (nộp trước khi cổng ghi lại)")
        elif found := self.to_look_at:
            why.append(f"cần xem kỹ {len(found)} chỗ: {self.kinds}")
        if self.remarks:
            why.append(f"{self.remarks} ý kiến chưa xong")
        return "; ".join(why)


# What narrows the board, as it stands in the address: name → (words, which rows).
FILTERS = {
    "chua-nop": ("Chưa nộp", lambda row: row.owes),
    "muon": ("Muộn", lambda row: row.is_late),
    "cho-tiep-nhan": ("Chờ tiếp nhận", lambda row: row.waits),
    "can-xem": ("Cần xem", lambda row: row.waits and not row.is_clean),
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
    """The board of a quarter over the reports that somebody may see; four queries however many agencies."""
    led = Q(lines__role="lead")
    reports = (
        reports.filter(period=period)
        .select_related("agency", "period", "submitted_by", "returned_by")
        .annotate(
            led=Count("lines", filter=led),
            filled=Count("lines", filter=led & Q(lines__edited_at__isnull=False)),
            troubles=Count("lines", filter=~Q(lines__difficulty="")),
            # A receipt older than the return: it had come to the secretariat, its own approver did not send it back.
            was_returned=Exists(
                Receipt.objects.filter(report=OuterRef("pk"), handed_in_at__lte=OuterRef("returned_at"))
            ),
        )
        .order_by("agency__protocol_order", "agency__code")
    )
    reminded, remarks = last_reminders(period), _remarks(period)
    rows = []
    for report in reports:
        last, times = reminded.get(report.agency_id, (None, 0))
        rows.append(BoardRow(report, today, last, times, _places(report), remarks.get(report.pk, 0)))
    return Board(period, rows)


def _remarks(period: Period) -> dict[int, int]:
    """Report id → how many comments on it wait to be settled."""
    waiting = Comment.objects.waiting().filter(
        object_type=ProgressReport._meta.label_lower, object_id__in=period.reports.values("pk")
    )
    return dict(waiting.order_by().values_list("object_id").annotate(Count("pk")))


def _places(report: ProgressReport) -> list[Place]:
    """What was kept with a report that has left the agency; nothing of one that is being corrected."""
    if report.state not in ProgressReport.HANDED_IN_STATES or not isinstance(report.warnings, dict):
        return []
    return places(Look(**look) for look in report.warnings["looks"])
