"""The course of every task through the quarters, as report lines: what the lead says, what the others contributed."""

from datetime import date, timedelta

from portal.demo.texts import NOT_YET, SUPPORT
from portal.worlds.agreed import Job
from portal.worlds.fates import Fate
from portal.worlds.land import Land
from portal.worlds.phrases import DELAYS, NO_FILE, RESULTS_DONE, RESULTS_GOING, RESULTS_NONE
from portal.worlds.sheets import NULL, cell
from portal.worlds.sizes import LAST, QUARTERS, TODAY
from reports.calendars import due_in_period

_ENDS = tuple(min(span.ends_on, TODAY - timedelta(days=2)) for span in QUARTERS)
_ROUNDS = {"half_yearly": 2, "yearly": 4}  # quarters of a round
Running = list[dict[int, list[int]]]  # quarter → agency → tasks of which it has a line


def follow(land: Land, jobs: list[Job], fates: list[dict[int, Fate]]) -> tuple[Running, list[int]]:
    """Write every line and every task; returns who has which tasks in each quarter, and lines per quarter."""
    lines = _Lines(land, fates)
    tasks = land.sheets["campaigns_task"]
    for place, job in enumerate(jobs):
        lines.of(job)
        before, after = job.row
        state = (job.status, job.percent, job.completed_on)
        tasks.lines[place] = "\t".join((str(job.pk), *map(cell, (*before, *state, *after))))
    return lines.running, lines.counts


class _Lines:
    def __init__(self, land: Land, fates: list[dict[int, Fate]]):
        self.land, self.fates, self.random = land, fates, land.dice.random
        self.sheet = land.sheets["reports_reportline"]
        self.running: Running = [{} for _quarter in QUARTERS]
        self.counts = [0] * len(QUARTERS)
        self.due: dict[tuple, date | None] = {}
        done = [text.format(n=count) for text in RESULTS_DONE for count in range(12, 240, 6)]
        going = [text.format(n=count) for text in RESULTS_GOING for count in range(2, 9)]
        self.results = {"done": done, "in_progress": going, "not_started": list(RESULTS_NONE)}
        self.results["on_hold"] = ["Tạm dừng theo chỉ đạo; chờ phương án mới."]
        self.people = [(seat.liaison, seat.short_name) for seat in land.seats]

    def of(self, job: Job) -> None:
        """Every line of one task, oldest quarter first."""
        said = _once(job, self.random) if job.recurrence == "" else _again(job, self.random)
        held = job.first + int(self.random() * 6) if self.random() < 0.012 else 99
        for at in range(job.first, job.last + 1):
            if _over(job, at):
                continue
            status, percent, completed = said(at)
            if at >= held and status != "done":
                status, percent, completed = "on_hold", min(percent, 50), None
            self._quarter(job, at, status, percent, completed)

    def _quarter(self, job: Job, at: int, status: str, percent: int, completed: date | None) -> None:
        fates, due, wall = self.fates[at], self._due(job, at), self.land.pk
        due_on = due.isoformat() if due else NULL
        number, running = self.sheet.next, self.running[at]
        self.counts[at] += len(job.parts)
        for assignment, agency in job.parts:
            fate = fates[agency]
            running.setdefault(agency, []).append(job.pk)
            filled = fate.share == 1.0 or self.random() < fate.share
            who, edited, version = (self.people[agency][0], fate.edited_at, 2) if filled else (NULL, NULL, 1)
            if agency != job.lead:
                words = f"\t{NULL}\t{NULL}\t{self._help(job) if filled else ''}\t\t\t{NULL}\t"
                head = f"{number}\tsupporting\t{due_on}\t{words}"
            elif filled:
                head = f"{number}\tlead\t{due_on}\t{self._say(due, at, status, percent, completed)}"
                if fate.accepted:
                    job.status, job.percent, job.completed_on = status, percent, completed
            else:
                goes_on = job.recurrence == "" and job.status != "done"
                state = f"{job.status}\t{job.percent}" if goes_on else "not_started\t0"
                head = f"{number}\tlead\t{due_on}\t{state}\t{NULL}\t\t\t\t{NULL}\t"
            self.sheet.lines.append(f"{head}\t{edited}\t{version}\t{assignment}\t{who}\t{fate.pk}\t{job.pk}\t{wall}")
            number += 1

    def _due(self, job: Job, at: int) -> date | None:
        if job.recurrence == "":
            return job.due
        key = (job.recurrence, at, job.ends_on)
        if key not in self.due:
            self.due[key] = due_in_period(
                due_date=None, recurrence=job.recurrence, span=QUARTERS[at], plan_ends_on=job.ends_on
            )
        return self.due[key]

    def _say(self, due: date | None, at: int, status: str, percent: int, completed: date | None) -> str:
        """Status, percent, completion, result, difficulty, proposal, new date, why there is no file."""
        random = self.random
        results = self.results[status]
        result = results[int(random() * len(results))]
        if status == "done":
            return f"done\t100\t{completed}\t{result}\t\t\t{NULL}\t{NO_FILE[int(random() * len(NO_FILE))]}"
        late = due is not None and due < _ENDS[at]
        if late or random() < 0.05:
            trouble, asks = DELAYS[int(random() * len(DELAYS))]
            expected = due + timedelta(days=60 + int(60 * random())) if late else NULL
            return f"{status}\t{percent}\t{NULL}\t{result}\t{trouble}\t{asks}\t{expected}\t"
        return f"{status}\t{percent}\t{NULL}\t{result}\t\t\t{NULL}\t"

    def _help(self, job: Job) -> str:
        lead, random = self.people[job.lead][1], self.random
        if random() < 0.25:
            return NOT_YET.format(lead=lead)
        texts = SUPPORT[job.tag]
        return texts[int(random() * len(texts))].format(lead=lead)


def _over(job: Job, at: int) -> bool:
    """Whether an earlier accepted report of the same round finished the task, so that the quarter has no line of it."""
    if job.status != "done" or job.completed_on >= QUARTERS[at].starts_on:
        return False
    if job.recurrence == "":
        return True
    length = _ROUNDS.get(job.recurrence)
    return length is not None and job.completed_on >= QUARTERS[at - at % length].starts_on


def _day_in(at: int, random, until: date | None = None) -> date:
    start, end = QUARTERS[at].starts_on, min(_ENDS[at], until or _ENDS[at])
    return start + timedelta(days=int((0.15 + 0.85 * random()) * max(0, (end - start).days)))


def _once(job: Job, random):
    """A dated task: what its lead says in each quarter, finished on time, later, or not yet."""
    planned = next((at for at, span in enumerate(QUARTERS) if job.due <= span.ends_on), LAST + 1)
    drawn = random()
    finished = planned if drawn < 0.80 else planned + 1 if drawn < 0.93 else planned + 2 + int(4 * random())
    finished = max(finished, job.first)
    done_on = None
    if finished <= LAST and (finished < LAST or random() < 0.6):
        done_on = _day_in(finished, random, job.due if finished == planned else None)
        done_on = max(done_on, QUARTERS[finished].starts_on)
    steps = finished - job.first + 2

    def said(at: int) -> tuple[str, int, date | None]:
        if done_on is not None and at >= finished:
            return "done", 100, done_on
        if at == job.first and steps > 3:
            return "not_started", 0, None
        return "in_progress", min(95, max(5, 5 * (20 * (at - job.first + 1) // steps))), None

    return said


def _again(job: Job, random):
    """A task that comes back: done in most rounds of a dated recurrence, always going on without one."""
    length = _ROUNDS.get(job.recurrence, 1)
    rounds: dict[int, tuple[int, date] | None] = {}

    def said(at: int) -> tuple[str, int, date | None]:
        if job.recurrence in ("ongoing", "on_demand"):
            return "in_progress", min(90, 10 + 10 * (at - job.first)), None
        begun = at - at % length
        if begun not in rounds:
            last = begun + length - 1
            done_at = last if random() < 0.75 else max(begun, job.first) + int(random() * length)
            missed = random() < (0.45 if last == LAST else 0.12)
            rounds[begun] = None if missed or done_at > last else (done_at, _day_in(done_at, random))
        found = rounds[begun]
        if found and at >= found[0]:
            return "done", 100, found[1]
        return "in_progress", 40 + 10 * (at - begun), None

    return said
