"""A quarter as its people live it: fill in, hand in, approve, return, accept, lock, issue."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from agencies.clock import at
from campaigns.evidence import store_evidence
from campaigns.models import Activity, Task
from portal.demo import figures as typed
from portal.demo.files import pdf
from portal.demo.pieces import Said
from portal.demo.texts import NO_EVIDENCE, NOT_YET, SUPPORT, counted
from portal.demo.words import words_of
from portal.demo.world import World, dice
from reports import entry
from reports import workflow as verbs
from reports.models import Period, ProgressReport, ReportLine


@dataclass(frozen=True)
class Course:
    """How far an agency's report goes in a quarter, and on which day it is filled in."""

    agency: str
    day: date
    ends: str  # draft, awaiting, submitted, returned, accepted
    share: int = 100  # percent of the led lines filled in
    figures: bool = True
    words: bool = True


def report_of(world: World, period: Period, agency: str) -> ProgressReport:
    """The report of an agency in a period, as stored."""
    return ProgressReport.objects.select_related("period__council", "agency").get(
        period=period, agency=world.agencies[agency]
    )


def fill_in(world: World, period: Period, course: Course) -> ProgressReport:
    """Lines, figures and words, typed by the liaison in the course of the day."""
    by, report = world.liaison(course.agency), report_of(world, period, course.agency)
    lines = list(
        report.lines.select_related("task", "report__agency").order_by("task__plan__number", "task__sort_order")
    )
    led = [line for line in lines if line.is_lead]
    help_given = [line for line in lines if not line.is_lead]
    rng = dice("lines", course.agency, period.code)
    facts = _facts(world, course.agency, period)
    now = at(course.day, 7, 40)
    for line in led[: round(len(led) * course.share / 100)]:
        now += timedelta(minutes=rng.randint(2, 6))
        _say(world, period, line, facts, now, by, rng)
    said_already: dict[str, int] = {}
    for line in help_given[: round(len(help_given) * course.share / 100)]:
        now += timedelta(minutes=rng.randint(1, 3))
        _help(world, line, now, by, said_already, rng)
    report.refresh_from_db()
    if course.figures:
        values = {code: (value, "") for code, value in typed.reported(period.code, course.agency).items()}
        if (course.agency, period.code) == ("gddt", "2024-q2"):
            news = sum(figures.get("PB07", 0) for rows in facts.values() for _place, figures in rows)
            values["PB07"] = (news + 3, "Có 03 tin do các trường đăng trực tiếp, chưa ghi thành hoạt động.")
        report = entry.save_figures(report=report, by=by, now=now, version=report.version, values=values)
    words = words_of(period.code, course.agency) if course.words else {}
    if words:
        report = entry.save_narrative(report=report, by=by, now=now, version=report.version, **words)
    return report_of(world, period, course.agency)


def _facts(world: World, agency: str, period: Period) -> dict[int | None, list[tuple[str, dict[str, int]]]]:
    """The agency's counted activities of the quarter: task id (None without one) → (district, figures)."""
    out: dict[int | None, list[tuple[str, dict[str, int]]]] = {}
    held = (
        Activity.objects.counted()
        .filter(agency=world.agencies[agency], held_on__range=(period.starts_on, period.ends_on))
        .prefetch_related("tasks", "figures__indicator")
        .order_by("held_on", "pk")
    )
    for activity in held:
        figures = {row.indicator.code: int(row.value) for row in activity.figures.all()}
        district = activity.place.rpartition(", ")[2]
        for task in activity.tasks.all() or [None]:
            out.setdefault(task.pk if task else None, []).append((district, figures))
    return out


def _say(world: World, period: Period, line: ReportLine, facts, now: datetime, by, rng) -> None:
    said = world.texts[line.task_id].said.get(period.code, Said(0, "Chưa phát sinh trong kỳ."))
    if said.hold:
        status = Task.Status.ON_HOLD
    elif said.percent == 100:
        status = Task.Status.DONE
    else:
        status = Task.Status.IN_PROGRESS if said.percent else Task.Status.NOT_STARTED
    result = said.text.replace("{done}", counted(facts.get(line.task_id, []))).strip()
    if not result:
        result = "Đang chuẩn bị nội dung, tài liệu; sẽ tổ chức trong thời gian còn lại của kế hoạch."
    files, why_none = [], ""
    if status == Task.Status.DONE and rng.random() < 0.6:
        text = pdf(
            "MINH CHUNG", line.task.title[:70], f"{period.code} - {line.report.agency.code}", "Tài liệu minh họa"
        )
        name = f"minh-chung-{period.code}-{line.task.pk}.pdf"
        files = [store_evidence(agency=line.report.agency, by=by, now=now, name=name, content=text, task=line.task)]
    elif status == Task.Status.DONE:
        why_none = rng.choice(NO_EVIDENCE)
    entry.save_line(
        line=line,
        by=by,
        now=now,
        version=line.version,
        status=status,
        percent=said.percent,
        result=result,
        difficulty=said.trouble,
        proposal=said.ask,
        completed_on=date.fromisoformat(said.on) if said.on else None,
        new_expected_on=date.fromisoformat(said.by) if said.by else None,
        no_evidence_reason=why_none,
        evidence=files,
    )


def _help(world: World, line: ReportLine, now: datetime, by, said_already: dict[str, int], rng) -> None:
    text = world.texts[line.task_id]
    lead = world.agencies[text.lead].short_name
    said = text.said.get(line.report.period.code)
    if said is None or said.percent == 0:
        result = NOT_YET.format(lead=lead)
    else:
        choices = SUPPORT[text.tag]
        turn = said_already.setdefault(text.tag, rng.randrange(len(choices)))
        key = (line.report.agency_id, line.task_id)
        if world.helped.get(key) == choices[turn % len(choices)]:
            turn += 1  # nobody hands in last quarter's sentence again
        world.helped[key] = choices[turn % len(choices)]
        said_already[text.tag] = turn + 1
        result = world.helped[key].format(lead=lead)
    entry.save_line(line=line, by=by, now=now, version=line.version, result=result)


def hand_in(world: World, period: Period, course: Course) -> ProgressReport:
    """Fill the report in and take it as far as the course says."""
    report = fill_in(world, period, course)
    if course.ends == "draft":
        return report
    liaison = world.liaison(course.agency)
    report = verbs.submit_report(report=report, by=liaison, now=at(course.day, 15, 10))
    if course.ends == "awaiting":
        return report
    if report.agency.requires_approval:
        report = report_of(world, period, course.agency)
        verbs.approve_report(report=report, by=world.approver(course.agency), now=at(course.day, 16, 25))
    return report_of(world, period, course.agency)


def accept(world: World, period: Period, agency: str, now: datetime) -> None:
    """The secretariat accepts."""
    verbs.accept_report(report=report_of(world, period, agency), by=world.secretary, now=now)


def send_back(world: World, period: Period, agency: str, now: datetime, reason: str) -> None:
    """The secretariat returns the report with its reason."""
    verbs.return_report(report=report_of(world, period, agency), by=world.secretary, now=now, reason=reason)
