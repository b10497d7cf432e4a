"""A target and how far it is: plain values and the rule of its state; no database (reports/attainment.py measures)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from reports.rates import shown
from reports.wording import number, percent, ratio

# How far a target is: key → words.
TARGET_STATES = {
    "met": "Đạt",
    "running": "Đang thực hiện",
    "missed": "Chưa đạt",
    "none": "Chưa có số liệu",
}
SIGNS = {"gte": "≥", "gt": ">"}


@dataclass(frozen=True)
class TargetRow:
    """One target, of the council or of a plan, and what has been reached by the end of a period."""

    scope: str  # council, plan
    code: str  # T7; for a plan's target the code of its indicator
    name: str
    source: str  # the decision that sets it; the number of the plan
    direction: str  # gte, gt
    target: Decimal
    unit: str
    decimals: int = 0
    plan: int | None = None
    task: int | None = None
    place: str = ""  # of the task in its plan, "II.2."
    task_title: str = ""
    year: int | None = None  # None: over the plan, or for as long as the target stands
    until: date | None = None  # the last day to reach it; None: to be kept all the time
    basis: str = ""  # what it is measured by: rate, activities, reports; '' when the portal does not compute it
    formula: str = ""  # what was counted or divided, in words, and from when
    note: str = ""
    achieved: Decimal | None = None
    numerator: Decimal | None = None  # of a rate
    denominator: Decimal | None = None
    percent: Decimal | None = None  # achieved ÷ target, in percent
    state: str = "none"  # a key of TARGET_STATES

    @property
    def state_label(self) -> str:
        return TARGET_STATES[self.state]

    @property
    def target_text(self) -> str:
        """'≥ 85%', '> 90%', '≥ 6.000 lượt người': every decimal that was set."""
        return f"{SIGNS[self.direction]} {shown(self.target, self.unit, 3)}"

    @property
    def achieved_text(self) -> str:
        """'84,7%', '5.120 lượt người', '—'. A value just beside its target keeps the decimals that tell them apart."""
        if self.achieved is None:
            return shown(None, self.unit)
        places = max(self.decimals, 1 if self.unit == "%" else 0)
        while places < 6 and self.achieved != self.target and _same(self.achieved, self.target, places):
            places += 1
        return shown(self.achieved, self.unit, places)

    @property
    def percent_text(self) -> str:
        """How much of the target is reached: '85,3%'; never rounded up to 100% before it is; '—' when unknown."""
        text = percent(self.percent)
        return "99,9%" if text == "100%" and self.percent < 100 else text

    @property
    def share_text(self) -> str:
        """Numerator and denominator of a rate: '229/262'; '' when there are none."""
        if self.numerator is None or self.denominator is None:
            return ""
        return f"{number(self.numerator)}/{number(self.denominator)}"

    @property
    def sentence(self) -> str:
        """The target in one line of a report: 'Tỷ lệ …: 87,4% (229/262), chỉ tiêu ≥ 85%: đạt'."""
        share = f" ({self.share_text})" if self.share_text else ""
        return f"{self.name}: {self.achieved_text}{share}, chỉ tiêu {self.target_text}: {self.state_label.lower()}"


def _same(one: Decimal, other: Decimal, places: int) -> bool:
    return number(one, places) == number(other, places)


def reached(direction: str, achieved: Decimal, target: Decimal) -> bool:
    """Whether the exact, unrounded value reaches the target."""
    return achieved > target if direction == "gt" else achieved >= target


def measured(
    row: TargetRow,
    achieved: Decimal | None,
    *,
    over: bool,
    numerator: Decimal | None = None,
    denominator: Decimal | None = None,
) -> TargetRow:
    """The row with what was reached. ``over``: no more figures come for its time (``is_over``)."""
    if achieved is None:
        state = "none"
    elif reached(row.direction, achieved, row.target):
        state = "met"
    else:
        state = "missed" if over else "running"
    return replace(
        row,
        achieved=achieved,
        numerator=numerator,
        denominator=denominator,
        percent=ratio(achieved, row.target),
        state=state,
    )


def is_over(until: date | None, *, as_of: date, complete: bool) -> bool:
    """Whether a target's time is up: its last day has come and all reports due are in.

    One without a last day has to be kept at any time, so its time is always up.
    """
    return until is None or (as_of >= until and complete)


def tally(rows: Iterable[TargetRow]) -> list[tuple[str, str, int]]:
    """How many targets are in each state: (key, words, how many), states that occur only."""
    states = [row.state for row in rows]
    return [(key, label, states.count(key)) for key, label in TARGET_STATES.items() if key in states]
