"""Activities: drawn from the kinds in ``deeds``, recorded by each agency's liaison a day or two later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from agencies.clock import at
from campaigns.activities import record_activity, withdraw_activity
from campaigns.evidence import store_evidence
from portal.demo import figures as kept
from portal.demo.councils import DISTRICTS, SCHOOLS
from portal.demo.deeds import DEEDS
from portal.demo.files import picture, word
from portal.demo.pieces import Deed
from portal.demo.subjects import budgets, groups_of, sites_of, topics_of
from portal.demo.world import World, dice
from reports.calendars import parse_period

TET = (date(2024, 2, 8), date(2024, 2, 14))
NEW_PLANS_FROM, OLD_PLANS_TO = date(2024, 3, 1), date(2023, 12, 14)


@dataclass(frozen=True)
class Done:
    """One activity as it will be recorded. ``district`` is what a report calls its place."""

    deed: Deed
    day: date
    title: str
    place: str
    district: str
    figures: Mapping[str, int]
    task: str


def planned(agency: str, quarter: str, until: date) -> list[Done]:
    """The agency's activities of a quarter up to a day, in order of time; the same in every build."""
    rng, span = dice("activities", agency, quarter), parse_period(quarter)
    last = min(span.ends_on, until)
    days = [span.starts_on + timedelta(days=n) for n in range((last - span.starts_on).days + 1)]
    days = [day for day in days if day.weekday() < 6 and not TET[0] <= day <= TET[1] and (day.month, day.day) != (1, 1)]
    open_to = {deed: [day for day in days if not deed.months or day.month in deed.months] for deed in DEEDS[agency]}
    candidates = [deed for deed in DEEDS[agency] if open_to[deed]]
    wanted = max(len(candidates), rng.randint(8, 11)) if span.year == 2024 else 4
    repeatable = [deed for deed in candidates if deed.at != "none"]
    if span.year == 2024:
        chosen = candidates + [rng.choice(repeatable) for _ in range(wanted - len(candidates))]
    else:
        chosen = rng.sample(candidates, min(wanted, len(candidates)))
    out = [_one(deed, _day(deed, open_to[deed], rng), rng) for deed in chosen]
    return sorted(out, key=lambda done: (done.day, done.title))


def _day(deed: Deed, days: list[date], rng: Random) -> date:
    """A day; where a new task waits for it, in Quý I/2024 mostly after the plans were signed."""
    fresh = [day for day in days if day >= NEW_PLANS_FROM] if deed.task and days[0] < NEW_PLANS_FROM else []
    return rng.choice(fresh if fresh and rng.random() < 0.75 else days)


def _one(deed: Deed, day: date, rng: Random) -> Done:
    where, district = _where(deed, rng)
    title = deed.title.format(place=where)
    figures = figures_of(deed, rng)
    if day.year == 2023 and deed.talk:  # the older record was kept by rounds of two events
        more = figures_of(deed, rng)
        figures = {code: figures.get(code, 0) + more.get(code, 0) for code in figures | more}
        title += " (02 cuộc)"
    if day >= NEW_PLANS_FROM:
        task = deed.task
    elif day <= OLD_PLANS_TO:
        task = "old"
    else:
        task = ""
    return Done(deed, day, title, f"{where}, {district}" if where and where != district else district, district,
                figures, task)  # fmt: skip


def _where(deed: Deed, rng: Random) -> tuple[str, str]:
    if deed.at == "school":
        return rng.choice(SCHOOLS)
    if deed.at == "none":
        return "", ""
    district, wards = rng.choice(DISTRICTS)
    return (rng.choice(wards), district) if deed.at == "ward" else (district, district)


def figures_of(deed: Deed, rng: Random) -> dict[str, int]:
    """The counts of one activity, within the deed's ranges; wholes and parts agree (rules V10, V13)."""
    out: dict[str, int] = {}
    if deed.talk:
        people = rng.randint(*deed.talk)
        women = min(people, round(people * (deed.women + rng.randint(-5, 5)) / 100))
        out |= {"PB01": 1, "PB02": people, "PB02n": max(0, women)}
        if deed.minority:
            out["PB02d"] = min(people, round(people * (deed.minority + rng.randint(-4, 4)) / 100))
    vietnamese = rng.randint(*deed.papers) if deed.papers else 0
    khmer = rng.randint(*deed.bilingual) if deed.bilingual else 0
    online = rng.randint(*deed.online) if deed.online else 0
    if vietnamese > 1000:
        vietnamese = round(vietnamese, -2)
    if khmer:
        khmer = round(khmer, -1)
    if vietnamese or khmer or online:
        out |= {"PB05": vietnamese + online + khmer, "PB05a": vietnamese + online}
        out |= {"PB05b": khmer} if khmer else {}
        out |= {"PB05i": online} if online else {}
    if deed.train:
        people = rng.randint(*deed.train)
        out |= {"TH01": 1, "TH02": people}
        if deed.mediators:
            out["TH03"] = round(people * deed.mediators / 100)
    if deed.contest:
        out |= {"PB03": 1, "PB04": rng.randint(*deed.contest)}
    if deed.air:
        out["PB06"] = rng.randint(*deed.air)
    if deed.news:
        out["PB07"] = rng.randint(*deed.news)
    return out


def record_quarter(world: World, agency: str, quarter: str, until: date) -> list[Done]:
    """Let the agency's liaison record its activities of the quarter, some with a picture or an attendance list."""
    rng, by, done = dice("diary", agency, quarter), world.liaison(agency), planned(agency, quarter, until)
    costs = budgets(kept.money(quarter, agency), [row.figures for row in done])
    for number, (row, cost) in enumerate(zip(done, costs, strict=True)):
        about = f"{row.title} {row.deed.content}"
        key = f"old/{agency}" if row.task == "old" else row.task
        now = at(min(row.day + timedelta(days=rng.randint(0, 2)), until), rng.randint(14, 17), rng.randint(0, 59))
        activity = record_activity(
            agency=world.agencies[agency],
            by=by,
            now=now,
            title=row.title,
            held_on=row.day,
            form=row.deed.form,
            place=row.place,
            content=row.deed.content,
            tasks=[world.tasks[key]] if key else [],
            figures=row.figures | cost,
            sites=sites_of(row.deed.sites, row.figures["PB02"]) if row.deed.sites else [],
            target_groups=groups_of(about),
            topics=topics_of(about),
        )
        if number % 5 == 1 and row.figures.get("PB01"):
            name, content = f"anh-{row.day:%Y%m%d}.png", picture(f"{agency}{row.day}")
            store_evidence(agency=activity.agency, by=by, now=now, name=name, content=content, activity=activity)
        elif number % 5 == 3 and row.figures.get("PB02"):
            lines = [
                row.title,
                f"Ngày {row.day:%d/%m/%Y}",
                f"Số người tham dự: {row.figures['PB02']}",
                "Tài liệu minh họa",
            ]
            name = f"danh-sach-{row.day:%Y%m%d}.docx"
            store_evidence(agency=activity.agency, by=by, now=now, name=name, content=word(lines), activity=activity)
    return done


def record_by_mistake(world: World, agency: str, row: Done) -> None:
    """The same activity entered twice, and the second entry withdrawn: what a correction looks like on the record."""
    now = at(row.day, 17, 30)
    twice = record_activity(
        agency=world.agencies[agency],
        by=world.liaison(agency),
        now=now,
        title=row.title,
        held_on=row.day,
        form=row.deed.form,
        place=row.place,
        figures=row.figures,
    )
    reason = "Nhập trùng với hoạt động đã ghi cùng ngày."
    withdraw_activity(activity=twice, by=world.liaison(agency), now=now + timedelta(minutes=20), reason=reason)


def record_for_the_lead(world: World, lead: str, supporting: str, task: str, quarter: str, until: date) -> None:
    """An event of the lead's that a supporting agency recorded too, in its own words: counted once (rule V26)."""
    row = next(row for row in planned(lead, quarter, until) if row.task == task)
    record_activity(
        agency=world.agencies[supporting],
        by=world.liaison(supporting),
        now=at(row.day, 17, 45),
        title=f"Phối hợp tổ chức {row.title[0].lower()}{row.title[1:]}",
        held_on=row.day,
        form=row.deed.form,
        place=row.place,
        tasks=[world.tasks[task]],
        figures=row.figures,
    )
