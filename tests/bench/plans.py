"""make plans: how the database carries out the ten queries that cost most over the measured pages → docs/plans.md.

They are picked by the time they took, and named after the function of ours that asked. Each needs its sentence below:
what it is for and why its plan is as it should be. The command refuses to write a plan that nobody has looked at.
"""

import sys
from collections import defaultdict
from pathlib import Path

from django.db import connection

from agencies import wall
from tests.bench import ready  # noqa: F401 (Django is set up)
from tests.bench.measure import rolled_back
from tests.bench.pages import PAGES, asking, signed_in
from tests.bench.plan_words import SENTENCES
from tests.bench.site import find_site
from tests.bench.size import plain_settings
from tests.bench.statements import Statement, captured

OUT = Path(__file__).resolve().parents[2] / "docs" / "plans.md"
HOTTEST, TURNS, LONGEST_PLAN = 10, 5, 60


def main() -> None:
    """Measure, pick, explain, write; exit with 1 and the names when a query has no sentence."""
    with plain_settings(), rolled_back():
        site, size = find_site(), (sys.argv[1:] or ["demo"])[0]
        hot = hottest(site)
        silent = [name for name, *_rest in hot if name not in SENTENCES]
        if silent:
            for name, statement, pages, seconds in hot:
                if name in silent:
                    print(f"{name}: {seconds * 1000:.1f} ms on {', '.join(pages)}\n  {statement.sql[:1500]}\n")
            sys.exit("No sentence in tests/bench/plan_words.py for: " + "; ".join(silent))
        parts = [_HEAD.format(size=size)]
        for name, statement, pages, seconds in hot:
            parts += [
                f"## {name}",
                "",
                SENTENCES[name],
                "",
                f"On {', '.join(pages)}; {seconds * 1000:.1f} ms in all.",
                "",
            ]
            parts += ["```", *explained(statement, site), "```", ""]
        OUT.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(hot)} queries")


_HEAD = """# The hottest queries and their plans

Written by `make plans` in the world {size}; do not edit. The {hottest} queries that took the database longest over one
opening of every page of `make bench`, named after the function that asks; `EXPLAIN (ANALYZE, BUFFERS)` behind the wall
between councils. What is said of each stands in `tests/bench/plan_words.py`.
""".replace("{hottest}", str(HOTTEST))


def hottest(site) -> list[tuple[str, Statement, list[str], float]]:
    """(name, statement, pages on which it is asked, seconds over one opening of each) of the costliest queries.

    A function that asks several queries gives each the name of the table it reads behind its own.
    """
    spent: dict[str, float] = defaultdict(float)
    shown: dict[str, Statement] = {}
    pages: dict[str, list[str]] = defaultdict(list)
    for page in PAGES:
        ask = asking(signed_in(getattr(site, page.who)), page, site)
        ask()
        for _turn in range(TURNS):
            with captured() as statements:
                ask()
            for one in statements:
                name = name_of(one)
                spent[name] += one.seconds / TURNS
                if name not in shown or one.seconds > shown[name].seconds:
                    shown[name] = one
                if page.name not in pages[name]:
                    pages[name].append(page.name)
    first = sorted(spent, key=lambda name: -spent[name])[:HOTTEST]
    return [(name, shown[name], pages[name], spent[name]) for name in first]


def name_of(statement: Statement) -> str:
    """'reports.sheet.load_sheet: reports_reportline'."""
    words = statement.sql.replace('"', "").split()
    froms = [at for at, word in enumerate(words) if word.upper() in ("FROM", "UPDATE", "INTO") and at + 1 < len(words)]
    table = next((words[at + 1].strip("(),") for at in froms if words[at + 1].strip("(),").isidentifier()), "")
    return f"{statement.asked_by or 'django'}: {table}"


def explained(statement: Statement, site) -> list[str]:
    """The plan's lines, carried out as the secretary of the council."""
    with wall.for_person(site.secretary.pk), connection.connection.cursor() as cursor:
        # What a wide value costs to unpack and send is in no node of the plan: the server says it from version 17 on.
        serialized = ", SERIALIZE" if connection.pg_version >= 170000 else ""
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, SUMMARY{serialized}) {statement.sql}", statement.params)
        lines = [row[0][:200] for row in cursor.fetchall()]
    left = len(lines) - LONGEST_PLAN
    return lines if left <= 0 else [*lines[: LONGEST_PLAN - 2], f"… {left} more lines", *lines[-2:]]


if __name__ == "__main__":
    main()
