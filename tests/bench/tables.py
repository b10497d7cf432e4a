"""The outcome in words: a line while it runs, tables for docs/bench/."""

from collections.abc import Iterator

MOST_QUERIES = 12

_HEAD = """# What the work costs

Written by `make bench` (`SIZES="S M L"`); do not edit. In one run each piece of work and its floors take turns, so the
ratios hold on a busy machine where the milliseconds do not. A ratio is ours ÷ the floor, of the medians of processor
time (this process and its database session; parallel workers of the database are in the clock's time alone).
The worlds are those of `manage.py make_world` (docs/develop.md).

Floors: **sql** the page's own statements sent again through psycopg by the tables' owner, every row fetched; **sql
behind the wall** the same as the page's person; **html** a bare Django view drawing the same HTML from memory;
**sees all** the same rows for a secretary, as a superuser holds no right over business data; **plain keys** the list by
foreign keys from the person's roles; **guardian per task** django-guardian with a row per task of one council; **update**
a bare UPDATE without triggers; **xlsxwriter** the rows from a list in memory; **copy** COPY of the same rows to CSV;
**import-export** its resource as its guide has it; **insert, select** the same lines from a scratch table; **docxtpl** on
the same template and context; **grouping sets** the leaders' numbers by three statements.
"""


def line(outcome: dict) -> str:
    """One measure on one line."""
    ours = next(iter(outcome["sides"].values()))
    ratios = "  ".join(f"÷{name} {ratio['cpu']:.2f}" for name, ratio in outcome["ratios"].items())
    goals = "  ".join(f"[{one['goal']} {one['value']:g}{'' if one['met'] else ' NOT MET'}]" for one in outcome["goals"])
    queries = f" {ours['queries']} queries" if "queries" in ours else ""
    times = f"{ours['cpu_ms']:9.1f} cpu {ours['wall_ms']:9.1f} wall {ours['p95_ms']:9.1f} p95"
    return f"{outcome['group']:10} {outcome['name']:45} {times}{queries}  {ratios}  {goals}"


def page(told: dict[str, dict], loads: dict[str, dict] | None = None) -> str:
    """The whole document: the goals first, then the sizes beside each other, the last hour, then each size."""
    parts = [_HEAD, *_goals(told), *_sizes(told), *_loads(loads or {})]
    for size, one in told.items():
        parts += _size(size, one)
    return "\n".join(parts).rstrip() + "\n"


def _table(head: list[str], rows: Iterator[list] | list[list]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows), ""]


def _goals(told: dict[str, dict]) -> list[str]:
    """Every goal that a measure knows, its value at each size, the worst first among those of one number."""
    rows: dict[tuple, dict[str, str]] = {}
    for size, one in told.items():
        for measure in one["measures"]:
            for goal in measure["goals"]:
                key = (goal["number"], _without_count(measure["name"]), goal["words"], goal["goal"])
                rows.setdefault(key, {})[size] = f"{goal['value']:g} {'✓' if goal['met'] else '✗'}"
            if measure["group"] == "pages":
                queries = measure["sides"]["ours"]["queries"]
                key = (1, measure["name"], "queries", f"≤ {MOST_QUERIES}")
                rows.setdefault(key, {})[size] = f"{queries} {'✓' if queries <= MOST_QUERIES else '✗'}"
    body = [
        [number, name, words, asked, *(values.get(size, "–") for size in told)]
        for (number, name, words, asked), values in sorted(rows.items(), key=lambda row: row[0][0])
    ]
    met = {size: [values[size].endswith("✓") for values in rows.values() if size in values] for size in told}
    counts = "; ".join(f"{size}: {sum(of)} of {len(of)}" for size, of in met.items())
    return [f"## Goals met ({counts})", "", *_table(["#", "work", "what", "goal", *told], body)]


def _without_count(name: str) -> str:
    """A measure's name without how many rows its world has: the same work at every size."""
    return " ".join(word for word in name.replace(",", "").split() if not word.isdigit() or word == "200")


def _sizes(told: dict[str, dict]) -> list[str]:
    """Pages at the sizes beside each other: do they take longer, do they ask more?"""
    if len(told) < 2:
        return []
    pages = {
        size: {m["name"]: m["sides"]["ours"] for m in one["measures"] if m["group"] == "pages"}
        for size, one in told.items()
    }
    smallest, largest = list(told)[0], list(told)[-1]
    rows = []
    for name, small in pages[smallest].items():
        if name not in pages[largest]:
            continue
        queries = [pages[size][name]["queries"] for size in told if name in pages[size]]
        slow = pages[largest][name]["p95_ms"] / small["wall_ms"]
        slow_cpu = pages[largest][name]["cpu_ms"] / small["cpu_ms"]
        rows.append(
            [
                name,
                f"{small['wall_ms']:.0f}",
                f"{pages[largest][name]['p95_ms']:.0f}",
                f"{slow:.1f} {'✓' if slow <= 3 else '✗'}",
                f"{slow_cpu:.1f}",
                " ".join(map(str, queries)),
                "✓" if len(set(queries)) == 1 else "✗",
            ]
        )
    head = [
        "page", f"p50 at {smallest}, ms", f"p95 at {largest}, ms", f"p95 at {largest} ÷ p50 at {smallest} (goal 4: ≤ 3)",
        "processor, medians", f"queries at {', '.join(told)}", "equal (goal 1)",
    ]  # fmt: skip
    return ["## Pages as the world grows", "", *_table(head, rows)]


def _loads(loads: dict[str, dict]) -> list[str]:
    """The last hour of a quarter, of each size for which ``make load`` was run."""
    if not loads:
        return []
    rows = [
        [
            size, one["browsers"], one["minutes"], one["requests_per_s"], one["saves"], one["errors"], one["lost_saves"],
            one["p95_ms"], one["alone_p95_ms"], f"{one['p95_ratio']} {'✓' if one['p95_ratio'] <= 3 else '✗'}",
        ]
        for size, one in loads.items()
    ]  # fmt: skip
    head = ["size", "officers", "minutes", "requests/s", "saves", "errors", "saves lost"]
    head += ["p95, ms", "p95 alone", "ratio (goal 12: ≤ 3)"]
    return ["## The last hour of a quarter (`make load`)", "", *_table(head, rows)]


def _size(size: str, one: dict) -> list[str]:
    rows = ", ".join(f"{count:,} {name}" for name, count in one["rows"].items())
    parts = [f"## Size {size}", "", f"{rows}.", ""]
    groups = dict.fromkeys(measure["group"] for measure in one["measures"])
    for group in groups:
        measures = [measure for measure in one["measures"] if measure["group"] == group]
        floors = list(dict.fromkeys(name for measure in measures for name in measure["ratios"]))
        head = ["", "processor p50, ms", "clock p50", "p95", "queries", *(f"÷ {name}" for name in floors)]
        more = any("rows_per_cpu_s" in measure["sides"]["ours"] for measure in measures)
        head += ["rows per processor second", "MB"] if more else []
        body = []
        for measure in measures:
            ours = measure["sides"]["ours"]
            cells = [measure["name"], ours["cpu_ms"], ours["wall_ms"], ours["p95_ms"], ours.get("queries", "")]
            cells += [_ratio(measure, name) for name in floors]
            if more:
                cells += [_each(measure, "rows_per_cpu_s"), _each(measure, "memory_mb")]
            body.append(cells)
        parts += [f"### {group}", "", *_table(head, body)]
        notes = dict.fromkeys(measure["note"] for measure in measures if measure["note"] and group != "pages")
        parts += [f"{note}." for note in notes] + [""] if notes else []
    return parts


def _ratio(measure: dict, floor: str) -> str:
    """Of the medians; per row where the sides had different numbers of rows."""
    if floor not in measure["ratios"]:
        return ""
    ours, other = measure["sides"]["ours"], measure["sides"][floor]
    per_row = ours["cpu_ms"] / ours.get("rows", 1) / (other["cpu_ms"] / other.get("rows", 1))
    return f"{per_row:.2f}"


def _each(measure: dict, what: str) -> str:
    """A figure of ours and of the floors that have one: '1,200 (copy 80,000)'."""
    sides = measure["sides"]
    ours = f"{sides['ours'][what]:,}" if what in sides["ours"] else ""
    others = ", ".join(f"{name} {side[what]:,}" for name, side in sides.items() if name != "ours" and what in side)
    return f"{ours} ({others})" if others else ours
