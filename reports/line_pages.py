"""The lines of a long report a page at a time: an agency that supports everything has thousands of them.

A page holds a stretch of the lines in the order of the report, under the plans they belong to. Every place that leads
to a line (a reason to look, a remark, a hit of the search) says which line, and so which page.
"""

from dataclasses import dataclass, field

from reports.beside import LineBeside
from reports.rules.findings import line_anchor

LINES = 200  # on one page; a report of a usual agency is one page
OF_LINE = "dong"  # in an address: the number of the line whose page is asked for

PlanLines = tuple[object, list[LineBeside], list[LineBeside]]  # the plan, lines to read, lines with nothing new


@dataclass(frozen=True)
class LinePage:
    """One page of a report's lines. ``number`` and ``count`` begin at 1; ``page_of``: anchor → number of its page."""

    plans: list[PlanLines]
    number: int
    count: int
    page_of: dict[str, int] = field(default_factory=dict)

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.count else None

    def address_of(self, anchor: str, at: str = "") -> str:
        """Where the place stands, from this page: '#dong-5' here, '?trang=3#dong-5' on another. ``at``: within it."""
        page = self.page_of.get(anchor, self.number)
        return f"{'' if page == self.number else f'?trang={page}'}#{at or anchor}"


def line_page(plans: list[PlanLines], *, asked: str = "", line: str = "", size: int = LINES) -> LinePage:
    """The page that the address asks for: ``asked`` is its number, ``line`` the number of a line on it.

    What is no number, or of no page, is the nearest there is.
    """
    rows = [
        (at, quiet, row) for at, (_plan, *both) in enumerate(plans) for quiet, part in enumerate(both) for row in part
    ]
    page_of = {line_anchor(row.line): place // size + 1 for place, (_at, _quiet, row) in enumerate(rows)}
    count = max(1, -(-len(rows) // size))
    number = page_of.get(f"dong-{line}", 0) or (int(asked) if asked.isascii() and asked.isdecimal() else 1)
    number = min(max(number, 1), count)
    shown: dict[int, PlanLines] = {}
    for at, quiet, row in rows[(number - 1) * size : number * size]:
        shown.setdefault(at, (plans[at][0], [], []))[1 + quiet].append(row)
    return LinePage(list(shown.values()), number, count, page_of)
