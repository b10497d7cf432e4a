"""Pages: the whole request against its own statements alone, and against drawing the same HTML from memory."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.test import Client

from agencies import wall
from reports.models import ProgressReport
from tests.bench.drawn import bare_view, remembering
from tests.bench.measure import OURS, Goal, Measure, Side, rolled_back
from tests.bench.site import Site
from tests.bench.statements import Statement, captured, replay

MOST_QUERIES = 12
WORDS = "tuyen truyen"
_HTMX = {"HX-Request": "true"}
# What differs from one request to the next: masked and signed tokens of forms, the minute at which a page was drawn.
_TOKENS = re.compile(r"[\w-]+:[\w-]{6}:[\w-]{27,}|[A-Za-z0-9]{64}|[0-9a-f]{32}|[0-9a-f-]{36}|\b\d\d:\d\d\b")


@dataclass(frozen=True)
class Page:
    """One page: who opens it, its address, and whether htmx asks for a part of it only."""

    name: str
    who: str  # officer, secretary, leader
    address: Callable[[Site], str]
    part: bool = False


def _of_report(name: str, **kwargs) -> Callable[[Site], str]:
    return lambda site: site.address(name, agency=site.agency.code, **kwargs)


PAGES = (
    Page("desk", "officer", lambda site: "/viec-cua-toi/"),
    Page("task list, officer", "officer", lambda site: "/nhiem-vu/"),
    Page("task list, secretary", "secretary", lambda site: "/nhiem-vu/"),
    Page("task", "officer", lambda site: f"/nhiem-vu/{site.line.task_id}/"),
    Page("activity list, officer", "officer", lambda site: "/hoat-dong/"),
    Page("report form, a line", "officer", lambda site: _of_report("report-line", pk=site.line.pk)(site)),
    Page("report form, figures", "officer", _of_report("report-figures")),
    Page("report, officer", "officer", _of_report("report-detail")),
    Page("board", "secretary", lambda site: site.address("board")),
    Page("review", "secretary", lambda site: site.reviewed.get_absolute_url()),
    Page("consolidation", "secretary", lambda site: site.address("consolidation")),
    Page("leaders' page", "leader", lambda site: site.address("summary-period")),
    Page("search as one types, officer", "officer", lambda site: f"/tim-kiem/?q={WORDS.replace(' ', '+')}", True),
    Page("search as one types, secretary", "secretary", lambda site: f"/tim-kiem/?q={WORDS.replace(' ', '+')}", True),
)


def asking(client: Client, page: Page, site: Site) -> Callable[[], str]:
    """A function that opens the page and returns its HTML. Raises AssertionError for another answer than 200."""
    address, headers = page.address(site), _HTMX if page.part else {}

    def ask() -> str:
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return answer.content.decode()

    return ask


def signed_in(user) -> Client:
    """A browser with a session of its own, its middleware loaded."""
    client = Client()
    client.force_login(user)
    client.handler.load_middleware()
    return client


def statements_of(ask: Callable[[], str]) -> list[Statement]:
    """What a page asks of the database when it is opened another time."""
    ask()
    with captured() as statements:
        ask()
    return statements


def measures(site: Site) -> Iterator[Measure]:
    """Every page, one after another, in a transaction that is taken back."""
    with rolled_back():
        clients = {who: signed_in(getattr(site, who)) for who in ("officer", "secretary", "leader")}
        for page in PAGES:
            yield page_measure(page, clients[page.who], site)


def page_measure(page: Page, client: Client, site: Site) -> Measure:
    """A page against its statements, in front of and behind the wall, and against its HTML from memory."""
    ask = asking(client, page, site)
    ask()  # the first one reads templates and code
    with remembering() as memory, captured() as statements:
        html = ask()
    bare, draw = replay(statements), bare_view(memory)
    with captured() as left:
        draw()
    given = [one.rows for one in statements]

    def same(answers) -> None:
        assert matches(given, answers["sql"]), f"{page.name}: bare {answers['sql']}, the page read {given}"
        ours, drawn = (_TOKENS.sub("*", answers[name]) for name in (OURS, "html"))
        assert ours == drawn, f"{page.name}: another HTML {_first_difference(ours, drawn)}"

    search = page.name.startswith("search")
    goals = [Goal(4, "whole request ÷ bare view of the same HTML", "html", at_most=2)]
    if search:
        goals.append(Goal(11, "search ÷ the bare indexed query", "sql", at_most=2))
    return Measure(
        page.name,
        "pages",
        (
            Side(OURS, ask, queries=len(statements)),
            Side("sql", bare),
            Side("sql behind the wall", _walled(bare, getattr(site, page.who).pk)),
            Side("html", draw, queries=len(left)),
        ),
        tuple(goals),
        same,
        note=f"{len(html) // 1024} KB",
    )


def matches(given: list[int], bare: list[int]) -> bool:
    """Whether statements gave as many rows as before. Those of a server-side cursor (-1) did not say how many."""
    return len(given) == len(bare) and all(one in (-1, other) for one, other in zip(given, bare, strict=True))


def _walled(call, person: int):
    def behind():
        with wall.for_person(person):
            return call()

    return behind


def _first_difference(one: str, other: str) -> str:
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"at {at}: {one[max(0, at - 60) : at + 60]!r} … {other[max(0, at - 60) : at + 60]!r}"


def like_everybody(site: Site) -> Iterator[Measure]:
    """The same rows drawn for an officer, whose rights are filtered, and for one who may see the whole council.

    A superuser holds no right over business data here, so the one who sees everything is the secretary.
    """
    with rolled_back():
        clients = {who: signed_in(getattr(site, who)) for who in ("officer", "secretary")}
        agency = site.agency
        for name, address in (
            ("task list of one agency", f"/nhiem-vu/?co-quan={agency.pk}"),
            ("report", _handed_in(site).get_absolute_url()),
            ("task", f"/nhiem-vu/{site.line.task_id}/"),
        ):
            officer, everybody = (
                asking(clients[who], Page(name, who, lambda _site, to=address: to, True), site)
                for who in ("officer", "secretary")
            )
            yield Measure(
                f"{name}: officer ÷ who sees all",
                "everybody",
                (Side(OURS, officer, queries=len(statements_of(officer))), Side("sees all", everybody, queries=len(statements_of(everybody)))),
                (Goal(3, "officer ÷ one who may see everything", "sees all", at_most=1.1),),
                _same_rows,
            )  # fmt: skip


def _handed_in(site: Site) -> ProgressReport:
    """The newest report that the officer's agency has handed in; the open one where there is none."""
    own = ProgressReport.objects.filter(agency=site.agency, state__in=ProgressReport.HANDED_IN_STATES)
    return own.select_related("period", "agency").order_by("-period__starts_on").first() or site.report


_ROWS = re.compile(r'href="/nhiem-vu/(\d+)/|id="dong-(\d+)"')


def _same_rows(answers) -> None:
    ours, others = (sorted(set(_ROWS.findall(answers[name]))) for name in (OURS, "sees all"))
    assert ours == others, f"not the same rows: {ours} {others}"
