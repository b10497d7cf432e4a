"""How far each agency's report goes in each quarter, and on which days."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.worlds.land import Land, moment
from portal.worlds.phrases import RETURNS
from portal.worlds.sizes import LAST, QUARTERS, TODAY

# Of the past quarters: handed in on time, late, returned once; the rest never. Of the open one: how far it is.
_PAST = (("on_time", 0.80), ("late", 0.125), ("returned_once", 0.05), ("never", 0.025))
_OPEN = (("draft", 0.30), ("submitted", 0.24), ("returned", 0.07), ("accepted", 0.39))
ACCEPTED = frozenset({"on_time", "late", "returned_once", "accepted"})


@dataclass(slots=True)
class Fate:
    """One report: its number, its state, how much of it was filled in, when it was handed in and dealt with."""

    pk: int
    state: str
    accepted: bool
    share: float = 1.0  # of its lines that the agency has filled in
    edited_at: str = ""
    until: date = TODAY  # last day whose activities it holds
    handed_in: date | None = None
    approved: bool = False
    accepted_on: date | None = None
    returned_on: date | None = None
    reason: str = ""
    submitted: bool = False


def draw(land: Land, concerned: list[set[int]]) -> list[dict[int, Fate]]:
    """The fate of every report, quarter by quarter: agency → fate."""
    first, found = land.sheets["reports_progressreport"].base, []
    for at in range(len(QUARTERS)):
        row = {}
        for agency in sorted(concerned[at]):
            first += 1
            row[agency] = _open(land, agency, first) if at == LAST else _past(land, agency, at, first)
        found.append(row)
    return found


def _one_of(rows, random) -> str:
    drawn = random()
    for name, share in rows:
        if drawn < share:
            return name
        drawn -= share
    return rows[0][0]


def _past(land: Land, agency: int, at: int, pk: int) -> Fate:
    span, due, dice = QUARTERS[at], land.ground.deadlines[at], land.dice
    kind = _one_of(_PAST, dice.random)
    if kind == "never":
        return Fate(pk, "draft", False, 0.4 * dice.random(), moment(due.agency, 8, 20), span.ends_on)
    # The cut-off has passed when it is handed in, so that no activity comes after it.
    day = max(due.agency, span.ends_on + timedelta(days=1))
    returned_on, reason = None, ""
    if kind == "late":
        day += timedelta(days=1 + int(4 * dice.random()))
    elif kind == "returned_once":
        returned_on, day = day, day + timedelta(days=2)
        reason = dice.choice(RETURNS)
    fate = Fate(pk, "accepted", True, 1.0, moment(day, 7 + int(4 * dice.random()), 15), span.ends_on, day)
    fate.approved, fate.submitted = land.seats[agency].approval, True
    fate.accepted_on, fate.returned_on, fate.reason = day + timedelta(days=1), returned_on, reason
    return fate


def _open(land: Land, agency: int, pk: int) -> Fate:
    dice, asks = land.dice, land.seats[agency].approval
    state = _one_of(_OPEN, dice.random)
    day = TODAY - timedelta(days=1 + int(5 * dice.random()))
    if state == "draft":
        waits = asks and dice.random() < 0.3
        share = 1.0 if waits else max(0.0, dice.random() * 1.2 - 0.25)
        fate = Fate(pk, "awaiting" if waits else "draft", False, min(1.0, share), moment(day, 9, 5), TODAY)
        if waits:
            fate.handed_in, fate.submitted, fate.until = day, True, day - timedelta(days=1)
        return fate
    fate = Fate(pk, state, state == "accepted", 1.0, moment(day, 8, 10), day - timedelta(days=1), day)
    fate.approved, fate.submitted = asks, True
    if state == "accepted":
        fate.accepted_on = day
    if state == "returned":
        fate.returned_on, fate.reason = day, dice.choice(RETURNS)
    return fate
