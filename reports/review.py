"""What in a report deserves a close look, beside what the agency said before. Pure: no database, no clock.

It judges nothing and blocks nothing (the rules do that): it tells a reader with fifty reports before them where to look
first, and why, in words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction
from statistics import median

from agencies.vietnamese import fold_words, show_number
from reports.rules.figures import STOCK_MAY_FALL_TO, TIMES_LAST
from reports.wording import rounded

# From one talk to three is chance, not an outlier: a change of less than this is none, whatever the ratio.
LEAST_CHANGE = 3
PERIODS_FOR_A_MEDIAN = 2  # of at most four
SAME_WORDS = 0.9  # share of words in common from which a text counts as copied
FEWEST_WORDS = 8  # a shorter text says the same twice in good faith ("Chưa đến thời gian thực hiện.")
_STEPS = {"not_started": 0, "in_progress": 1, "on_hold": 1, "done": 2}
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")

# kind → (what it is called, icon, tone), the gravest first
KINDS: dict[str, tuple[str, str, str]] = {
    "untouched": ("Chưa cập nhật", "minus-circle", "bad"),
    "overdue": ("Quá hạn", "exclamation-triangle", "bad"),
    "status_back": ("Tình trạng lùi", "arrow-uturn-left", "bad"),
    "percent_down": ("Tỷ lệ giảm", "arrow-trending-down", "bad"),
    "unproved": ("Không minh chứng", "paper-clip", "bad"),
    "jump": ("Tăng vọt", "arrow-trending-up", "warn"),
    "fall": ("Giảm mạnh", "arrow-trending-down", "warn"),
    "unusual": ("Khác thường lệ", "exclamation-triangle", "warn"),
    "rule": ("Nên kiểm tra", "information-circle", "warn"),
    "copied": ("Chép lời cũ", "document-duplicate", "warn"),
    "no_file": ("Không minh chứng", "paper-clip", "info"),
    "noted": ("Đã giải trình", "check-circle", "info"),
}
_ORDER = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Said:
    """What was said of one task in an earlier accepted report."""

    status: str = ""
    percent: int | None = None
    result: str = ""


@dataclass(frozen=True)
class LineFacts:
    """One task in the report. ``repeats``: the task begins anew (Hằng quý, Thường xuyên …)."""

    anchor: str
    subject: str
    leads: bool = True
    updated: bool = True
    status: str = "in_progress"
    percent: int | None = None
    result: str = ""
    difficulty: str = ""
    due_on: date | None = None
    new_expected_on: date | None = None
    files: int = 0
    no_evidence_reason: str = ""
    repeats: bool = False
    before: Said | None = None


@dataclass(frozen=True)
class FigureFacts:
    """One figure. ``previous`` is the last accepted one, ``history`` the last accepted ones (at most four)."""

    anchor: str
    subject: str
    value: Decimal | None
    previous: Decimal | None = None
    history: tuple[Decimal, ...] = ()
    is_stock: bool = False
    note: str = ""


@dataclass(frozen=True)
class Look:
    """One reason to look at a place: its kind, in words, and what the agency noted to it."""

    kind: str
    anchor: str
    subject: str
    said: str
    note: str = ""
    rule: str = ""

    @property
    def label(self) -> str:
        return KINDS[self.kind][0]

    @property
    def icon(self) -> str:
        return KINDS[self.kind][1]

    @property
    def tone(self) -> str:
        return KINDS["noted" if self.note else self.kind][2]

    @property
    def gravity(self) -> int:
        """Smaller is graver; what the agency has explained comes after what it has not."""
        return max(_ORDER[self.kind], _ORDER["noted"] if self.note else 0)


@dataclass(frozen=True)
class Place:
    """A line or a figure with all the reasons to look at it, the gravest first."""

    anchor: str
    subject: str
    looks: tuple[Look, ...]

    @property
    def is_open(self) -> bool:
        """Whether the agency has left one of the reasons without a word."""
        return any(look.tone != "info" for look in self.looks)


def places(looks: Iterable[Look]) -> list[Place]:
    """The places to look at, each once, the gravest first; those of one gravity in the order in which they came."""
    found: dict[str, list[Look]] = {}
    for look in looks:
        found.setdefault(look.anchor, []).append(look)
    rows = [
        Place(anchor, mine[0].subject, tuple(sorted(mine, key=lambda look: look.gravity)))
        for anchor, mine in found.items()
    ]
    return sorted(rows, key=lambda row: row.looks[0].gravity)


def look_at_line(line: LineFacts, until: date, *, nothing_to_report: bool = False) -> list[Look]:
    """What a reader should look at in a task's line; ``until`` is the last day that its deadline is measured by."""

    def look(kind: str, said: str) -> Look:
        return Look(kind, line.anchor, line.subject, said)

    if not line.updated:
        return (
            [look("untouched", "nhiệm vụ chủ trì chưa cập nhật trong kỳ")]
            if line.leads and not nothing_to_report
            else []
        )
    found = []
    before = line.before
    if line.leads:
        found += [look(kind, said) for kind, said in _late(line, until)]
        found += [look(kind, said) for kind, said in _unproved(line)]
        # A task that repeats and was done begins anew: falling back is what it should do.
        if before is not None and not (line.repeats and before.status == "done"):
            found += [look(kind, said) for kind, said in _backwards(line, before)]
    if before is not None and (said := _copied(line, before)):
        found.append(look("copied", said))
    return found


def _late(line: LineFacts, until: date):
    if line.due_on is None or line.due_on >= until or line.status in ("done", "on_hold"):
        return
    lacks = [word for word, given in (("lý do", line.difficulty), ("ngày dự kiến", line.new_expected_on)) if not given]
    if lacks:
        yield "overdue", f"quá hạn {line.due_on:%d/%m/%Y}, chưa nêu {' và '.join(lacks)}"


def _unproved(line: LineFacts):
    if line.files or not (line.status == "done" or line.percent == 100):
        return
    if line.no_evidence_reason:
        yield "no_file", f"báo hoàn thành, không có tệp; lý do: {line.no_evidence_reason}"
    else:
        yield "unproved", "báo hoàn thành nhưng không có minh chứng, không nêu lý do"


def _backwards(line: LineFacts, before: Said):
    if _STEPS.get(line.status, 0) < _STEPS.get(before.status, 0):
        yield "status_back", f"kỳ trước {_WORDS[before.status]}, kỳ này {_WORDS.get(line.status, 'không rõ')}"
    if line.percent is not None and before.percent is not None and line.percent < before.percent:
        yield "percent_down", f"kỳ trước {before.percent}%, kỳ này {line.percent}%"


_WORDS = {"not_started": "chưa thực hiện", "in_progress": "đang thực hiện", "on_hold": "tạm dừng", "done": "hoàn thành"}


def _copied(line: LineFacts, before: Said) -> str:
    if line.status == "not_started" or line.status == before.status == "done":
        return ""  # nothing new to say
    return copied(line.result, before.result)


def copied(now: str, before: str) -> str:
    """In words, that a text repeats the earlier one; '' when it does not, is short, or brings other figures."""
    mine, theirs = fold_words(now).split(), fold_words(before).split()
    if len(mine) < FEWEST_WORDS or not theirs:
        return ""
    if mine == theirs:
        return "nguyên văn lời kỳ trước"
    if _FIGURE.findall(now) != _FIGURE.findall(before):
        return ""
    share = similarity(mine, theirs)
    return f"gần như nguyên văn lời kỳ trước (giống {int(share * 100)}%)" if share >= SAME_WORDS else ""


def similarity(mine: list[str], theirs: list[str]) -> float:
    """Share of words that two texts have in common in the same order, from 0 to 1.

    Of texts that are far apart it may come out too large, never too small, and stays below ``SAME_WORDS``.
    """
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    # Two cheap upper bounds first: most texts are far apart.
    if matcher.real_quick_ratio() < SAME_WORDS or matcher.quick_ratio() < SAME_WORDS:
        return matcher.quick_ratio()
    return matcher.ratio()


def look_at_figure(figure: FigureFacts) -> list[Look]:
    """A jump or a fall against last period (three times, a third; a stock by a fifth), or one no period had before."""
    if figure.value is None:
        return []
    kind, said = _against_last(figure.value, figure.previous, figure.is_stock)
    usual = unusual(figure.value, figure.history)
    if not kind and usual:
        kind = "unusual"
    if not kind:
        return []
    return [Look(kind, figure.anchor, figure.subject, "; ".join(filter(None, (said, usual))), figure.note)]


def _against_last(value: Decimal, previous: Decimal | None, is_stock: bool) -> tuple[str, str]:
    if not previous or abs(value - previous) < LEAST_CHANGE:
        return "", ""
    numbers = f"kỳ trước {show_number(previous)}, kỳ này {show_number(value)}"
    if value >= TIMES_LAST * previous:
        return "jump", f"{numbers} (gấp {_times(value, previous)} lần)"
    if value * TIMES_LAST <= previous or (is_stock and value < previous * STOCK_MAY_FALL_TO):
        return "fall", f"{numbers} (còn {_share(value, previous)})"
    return "", ""


def unusual(value: Decimal | None, history: tuple[Decimal, ...]) -> str:
    """In words, that a figure is far from the median of the agency's last accepted periods; '' when it is not.

    Far is three times or a third, and not by a handful. One earlier period is no habit.
    """
    if value is None or len(history) < PERIODS_FOR_A_MEDIAN:
        return ""
    usual = median(history)
    if not usual or abs(value - usual) < LEAST_CHANGE:
        return ""
    if value >= TIMES_LAST * usual:
        return f"cao bất thường (gấp {_times(value, usual)} lần trung vị {len(history)} kỳ)"
    if value * TIMES_LAST <= usual:
        return f"thấp bất thường (bằng {_share(value, usual)} trung vị {len(history)} kỳ)"
    return ""


def _times(value: Decimal, other: Decimal) -> str:
    # Never more than it is: "gấp 3 lần" of 2,96 would contradict the threshold.
    return show_number(int(Fraction(value) / Fraction(other) * 10) / Decimal(10))


def _share(value: Decimal, other: Decimal) -> str:
    return f"{show_number(rounded(value * 100 / other, 1))}%"


def look_at_words(anchor: str, subject: str, now: str, before: str) -> list[Look]:
    """Whether one of the report's own texts only repeats last period's."""
    said = copied(now, before)
    return [Look("copied", anchor, subject, said)] if said else []
