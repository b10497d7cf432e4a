"""What was done: dated activities with their counts, and what they add up to for every agency and quarter."""

from collections.abc import Sequence
from datetime import timedelta

from agencies.vietnamese import fold
from portal.worlds.course import Running
from portal.worlds.fates import Fate
from portal.worlds.land import Land
from portal.worlds.phrases import ACTIVITIES, AUDIENCES, SUBJECTS
from portal.worlds.sheets import NULL, cell
from portal.worlds.sizes import QUARTERS, shares

_SEASONS = (0.8, 1.0, 1.05, 1.25, 0.8, 1.0, 1.05, 1.1)  # how busy each quarter is
CODES = ("PB01", "PB02", "PB02n", "PB02d", "PB03", "PB04", "PB05", "PB05a", "PB05b", "PB05i", "PB06", "PB07",
         "PB10", "PB10a", "TH01", "TH02", "TH03")  # fmt: skip
_MONEY = frozenset({"PB10", "PB10a"})  # counted in tenths of a million đồng
Sums = dict[tuple[int, int], dict[str, int]]  # (quarter, agency) → code → sum; money in tenths


def record_all(land: Land, running: Running, fates: Sequence[dict[int, Fate]]) -> Sums:
    """Write the council's activities; returns what those that count add up to."""
    diary = _Diary(land)
    for seat, count in enumerate(shares(land.activities, [seat.weight + 0.06 for seat in land.seats])):
        for at, held in enumerate(shares(count, list(_SEASONS))):
            fate = fates[at].get(seat)
            if fate is not None and held:
                diary.write(at, seat, held, running[at].get(seat, []), fate)
    return diary.sums


class _Diary:
    def __init__(self, land: Land):
        self.land, self.random = land, land.dice.random
        self.activities = land.sheets["campaigns_activity"]
        self.ties = land.sheets["campaigns_activity_tasks"]
        self.figures = land.sheets["campaigns_activityfigure"]
        self.ids = {row.code: row.pk for row in land.ground.indicators}
        self.texts: dict[tuple[int, int, int], tuple[str, str, str]] = {}
        self.places = [(place, fold(place)) for place in land.communes]
        self.sums: Sums = {}

    def write(self, at: int, seat: int, count: int, tasks: list[int], fate: Fate) -> None:
        """The activities of one agency in one quarter."""
        random, wall = self.random, self.land.pk
        agency, liaison, own = self.land.seats[seat].pk, self.land.seats[seat].liaison, self.land.seats[seat].place
        start = QUARTERS[at].starts_on
        days = [(start + timedelta(days=day)).isoformat() for day in range((fate.until - start).days + 1)]
        total = self.sums.setdefault((at, seat), {})
        number, tie, figure = self.activities.next, self.ties.next, self.figures.next
        for _activity in range(count):
            kind, code, title, topics, folded = self._text()
            place, folded_place = (own, fold(own)) if own else self.places[int(random() * len(self.places))]
            day = int(random() * len(days))
            held, told = days[day], days[min(len(days) - 1, day + int(3 * random()))]
            withdrawn = random() < 0.004
            when, why = (f"{told} 17:00:00+07", "Ghi nhầm, đã ghi ở hoạt động khác.") if withdrawn else (NULL, "")
            self.activities.lines.append(
                f"{number}\t{title}\t{held}\t{code}\t{place}\t\t{topics}\t{liaison}\t{told} 16:30:00+07\t{when}\t{why}"
                f"\t{2 if withdrawn else 1}\t{folded[0]} {folded_place} {folded[1]}\t{agency}\t{wall}\t{wall}"
            )
            if tasks:
                self.ties.lines.append(f"{tie}\t{number}\t{tasks[int(random() * len(tasks))]}\t{wall}")
                tie += 1
            for name, value in self._counts(kind):
                shown = f"{value // 10}.{value % 10}" if name in _MONEY else value
                self.figures.lines.append(f"{figure}\t{shown}\t{number}\t{self.ids[name]}\t{wall}")
                figure += 1
                if not withdrawn:
                    total[name] = total.get(name, 0) + value
            number += 1

    def _text(self) -> tuple[str, str, str, str, tuple[str, str]]:
        """Kind, form, title, groups and topics as copied, folded title and topics."""
        random = self.random
        drawn, place = random(), 0
        while drawn >= ACTIVITIES[place][2] and place < len(ACTIVITIES) - 1:
            drawn -= ACTIVITIES[place][2]
            place += 1
        key = (place, int(random() * len(SUBJECTS)), int(random() * len(AUDIENCES)))
        if key not in self.texts:
            kind, form, _share, words = ACTIVITIES[place]
            (subject, topic), (audience, group) = SUBJECTS[key[1]], AUDIENCES[key[2]]
            title = words.format(subject=subject, audience=audience)
            groups = [group] if group and "{audience}" in words else []
            self.texts[key] = (kind, form, title, f"{cell(groups)}\t{cell([topic])}", (fold(title), fold(topic)))
        return self.texts[key]

    def _counts(self, kind: str) -> list[tuple[str, int]]:
        random = self.random
        if kind == "news":
            return [("PB07", 1 + int(3 * random()))]
        if kind == "radio":
            return [("PB06", 1 + int(12 * random()))]
        if kind == "paper":
            own = 50 * (1 + int(20 * random()))
            other = 20 * int(10 * random()) if random() < 0.15 else 0
            counts = [("PB05", own + other), ("PB05a", own)]
            if other:
                counts.append(("PB05b", other))
            if random() < 0.3:
                counts.append(("PB05i", 1 + int(5 * random())))
            return counts
        people = 15 + int(140 * random() * random()) + int(20 * random())
        if kind == "talk":
            counts = [("PB01", 1), ("PB02", people), ("PB02n", int(people * (0.3 + 0.4 * random())))]
            if random() < 0.12:
                counts.append(("PB02d", people // 4))
            chance = 0.35
        elif kind == "class":
            counts, chance = [("TH01", 1), ("TH02", people)], 0.6
            if random() < 0.5:
                counts.append(("TH03", people // 2))
        else:
            counts, chance = [("PB03", 1), ("PB04", 8 * people)], 0.9
        if random() < chance:
            money = 10 + int(120 * random())
            counts += [("PB10", money), ("PB10a", money)]
        return counts
