"""What was agreed: plans with their parties, sections and targets, tasks with those who carry them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from agencies.vietnamese import fold, int_to_roman
from portal.worlds.land import Land, moment
from portal.worlds.phrases import AUDIENCES, PLANS, SECTIONS, SUBJECTS, TASKS
from portal.worlds.sizes import LAST, QUARTERS, shares

_TASKS_OF_A_PLAN = 55
# Signed, from, to, first and last quarter in which its tasks run, the day it was completed, how often there is one.
# A plan of 2024 is completed before Quý I/2025 is opened, so that nobody reports on it any more.
_TERMS: tuple[tuple[date, date, date, int, int, date | None, str], ...] = (
    (date(2024, 1, 4), date(2024, 1, 5), date(2025, 12, 31), 0, LAST, None, "giai đoạn 2024 - 2025"),
    (date(2024, 1, 5), date(2024, 1, 8), date(2024, 12, 31), 0, 3, date(2025, 1, 8), "năm 2024"),
    (date(2024, 1, 4), date(2024, 1, 5), date(2025, 12, 31), 0, LAST, None, "2 năm 2024 - 2025"),
    (date(2025, 1, 3), date(2025, 1, 6), date(2025, 12, 31), 4, LAST, None, "năm 2025"),
    (date(2024, 6, 28), date(2024, 7, 1), date(2026, 12, 31), 2, LAST, None, "giai đoạn 2024 - 2026"),
)
OPENED_AFTER = timedelta(days=26)  # days from a quarter's beginning to its opening
_RECURRENCES = (("", 0.42), ("ongoing", 0.15), ("quarterly", 0.22), ("half_yearly", 0.08), ("yearly", 0.08),
                ("monthly", 0.03), ("on_demand", 0.02))  # fmt: skip
_WRITTEN = {
    "ongoing": "Thường xuyên",
    "quarterly": "Hằng quý",
    "half_yearly": "6 tháng một lần",
    "yearly": "Hằng năm",
    "monthly": "Hằng tháng",
    "on_demand": "Khi phát sinh",
}


@dataclass(slots=True)
class Job:
    """A task as its course is followed; agencies by their place among the council's seats."""

    pk: int
    tag: str
    recurrence: str
    due: date | None
    ends_on: date  # of the plan
    first: int
    last: int
    lead: int
    parts: list[tuple[int, int]]  # (assignment, agency), the lead's first
    row: tuple  # the task's own values before and after its state
    status: str = "not_started"
    percent: int = 0
    completed_on: date | None = None


def agree(land: Land) -> tuple[list[Job], list[set[int]]]:
    """Write the plans; returns the tasks, and for each quarter the agencies of the plans in force."""
    count = max(4, round(land.tasks / _TASKS_OF_A_PLAN))
    dice = land.dice
    sizes = shares(land.tasks, [dice.lognormvariate(0, 0.5) for _plan in range(count)], least=2)
    jobs: list[Job] = []
    concerned: list[set[int]] = [set() for _quarter in QUARTERS]
    for number, (tasks, parties) in enumerate(zip(sizes, _parties(land, count), strict=True), 1):
        term = _TERMS[0 if number == 1 else (number - 1) % len(_TERMS)]
        plan = _Plan(land, number, term, parties)
        jobs += plan.write(tasks)
        for at in range(term[3], term[4] + 1):
            concerned[at].update(parties)
    return jobs, concerned


def _parties(land: Land, count: int) -> list[list[int]]:
    """The agencies of each plan. Every agency belongs to one of the plans that last both years."""
    dice, seats = land.dice, land.seats
    lasting = [place for place in range(count) if place % len(_TERMS) in (0, 2)] or [0]
    found = [[0] for _plan in range(count)]  # Sở Tư pháp signs them all
    for agency in range(1, len(seats)):
        found[lasting[agency % len(lasting)]].append(agency)
    weights = list(accumulate(seat.weight for seat in seats))
    for parties in found:
        wanted = min(len(seats), max(len(parties), 3 + int(dice.expovariate(0.22))))
        for agency in dice.choices(range(len(seats)), cum_weights=weights, k=4 * wanted):
            if len(parties) >= wanted:
                break
            if agency not in parties:
                parties.append(agency)
    return found


class _Plan:
    def __init__(self, land: Land, number: int, term, parties: list[int]):
        self.land, self.number, self.parties = land, number, parties
        self.signed_on, self.starts_on, self.ends_on, self.first, self.last, self.completed, self.span = term
        self.weights = list(accumulate(land.seats[agency].weight for agency in parties))

    def write(self, tasks: int) -> Iterator[Job]:
        land, dice = self.land, self.land.dice
        self.subject = dice.choice(SUBJECTS)[0]
        letters = "-".join(dict.fromkeys(land.seats[agency].abbreviation for agency in self.parties[:4]))
        title = dice.choice(PLANS).format(subject=self.subject, audience=dice.choice(AUDIENCES)[0], span=self.span)
        name, sheets = f"{self.number:02d}/KHPH-{letters}", land.sheets
        state = "completed" if self.completed else "active"
        self.pk = sheets["campaigns_plan"].add(
            land.pk, name, title, "plan", self.signed_on, self.starts_on, self.ends_on, [], "", state, "", "",
            fold(f"{name} {title}"),
        )  # fmt: skip
        for order, agency in enumerate(self.parties):
            role = "signatory" if order < 8 else "participant"
            sheets["campaigns_planparty"].add(self.pk, land.seats[agency].pk, role, order, land.pk)
        self._on_record(f"{name} · {title}")
        sections = min(len(SECTIONS), max(1, tasks // 4))
        order = 0
        for place, held in enumerate(shares(tasks, [1.0] * sections), 1):
            number = f"{int_to_roman(place)}."
            section = sheets["campaigns_plansection"].add(
                self.pk, number, number, SECTIONS[place - 1], 1000 * place, number, land.pk
            )
            for item in range(1, held + 1):
                order += 1
                yield self._task(section, f"{item}.", f"{number}/{item}.", 1000 * place + 10 * item)
        self._targets()

    def _on_record(self, name: str) -> None:
        land, by = self.land, (self.land.secretary, self.land.secretary_name)
        told = (("create_plan", "Lập dự thảo kế hoạch", "", "", self.signed_on),
                ("activate_plan", "Đưa kế hoạch vào thực hiện", "draft", "active", self.starts_on),
                ("complete_plan", "Kết thúc kế hoạch", "active", "completed", self.completed))  # fmt: skip
        for verb, words, before, after, day in told:
            if day:
                land.record(
                    moment(day, 9), *by, verb, f"{words}: {name}", "campaigns.plan", self.pk, before=before, after=after
                )

    def _targets(self) -> None:
        land, codes = self.land, {row.code: row.pk for row in self.land.ground.indicators}
        if self.number % 3 == 1:
            for code, value in (("PB01", 40), ("PB02", 3000)):
                land.sheets["campaigns_target"].add(
                    self.pk, None, codes[code], self.ends_on.year, "gte", value * (1 + self.number % 4), land.pk
                )

    def _task(self, section: int, number: str, key: str, order: int) -> Job:
        land, dice, random = self.land, self.land.dice, self.land.dice.random
        tag, form, output = dice.choice(TASKS)
        subject = self.subject if random() < 0.4 else dice.choice(SUBJECTS)[0]
        title = form.format(subject=subject, audience=dice.choice(AUDIENCES)[0])
        recurrence = dice.choices([name for name, _w in _RECURRENCES], [weight for _n, weight in _RECURRENCES])[0]
        due = self._due() if recurrence == "" else None
        timing = _WRITTEN.get(recurrence) or f"Trước ngày {due:%d/%m/%Y}"
        agencies = self._agencies()
        helpers = ", ".join(land.seats[agency].short_name for agency in agencies[1:])
        before = (land.pk, self.pk, section, number, title, timing, due, recurrence, helpers, output, "")
        after = (order, key, fold(f"{number} {title} {output} {timing}"))
        sheet = land.sheets["campaigns_task"]
        pk = sheet.next
        sheet.lines.append("")  # its state is known at the end of its course
        assignments = land.sheets["campaigns_assignment"]
        parts = []
        for agency in agencies:
            role = "supporting" if parts else "lead"
            parts.append((assignments.add(pk, land.seats[agency].pk, role, self.starts_on, land.pk), agency))
        land.record(
            moment(self.signed_on, 10), land.secretary, land.secretary_name, "save_task",
            f"Thêm nhiệm vụ: {number} {title}", "campaigns.task", pk,
        )  # fmt: skip
        return Job(pk, tag, recurrence, due, self.ends_on, self.first, self.last, agencies[0], parts, (before, after))

    def _due(self) -> date:
        days = (min(self.ends_on, date(2026, 6, 30)) - self.starts_on).days
        return self.starts_on + timedelta(days=45 + int(self.land.dice.random() * (days - 45)))

    def _agencies(self) -> list[int]:
        """The lead, by weight, and some of the other parties."""
        dice = self.land.dice
        lead = dice.choices(self.parties, cum_weights=self.weights)[0]
        mean = self.land.ground.size.supporting
        wanted = min(len(self.parties) - 1, int(dice.random() * (2 * mean + 1)))
        others = [agency for agency in self.parties if agency != lead]
        return [lead, *dice.sample(others, wanted)]
