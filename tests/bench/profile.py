"""make bench ARGS="--profile desk": where the processor's time goes in our side of a measure (cProfile).

Works on the world that the environment names. Functions of ours by the time below them, then
all functions by their own time.
"""

import cProfile
import pstats
import sys
from time import process_time

from tests.bench import ready  # noqa: F401 (Django is set up)
from tests.bench.register import all_measures
from tests.bench.site import find_site
from tests.bench.size import plain_settings
from tests.bench.statements import ROOT

TURNS, SHOWN = 5, 25
# What a request consists of: words → (end of the file's path, functions) whose time below them counts.
PARTS = {
    "querysets put together": (
        "models/query.py",
        ("_filter_or_exclude", "annotate", "select_related", "order_by", "values_list"),
    ),
    "SQL written from querysets": ("sql/compiler.py", ("as_sql",)),
    "sent to the database, waited, received": ("backends/utils.py", ("_execute_with_wrappers",)),
    "objects made of rows": ("models/base.py", ("from_db",)),
    "templates": ("backends/django.py", ("render",)),
    "addresses reversed": ("urls/base.py", ("reverse",)),
}


def main() -> None:
    """Profile the named measures."""
    with plain_settings():
        for measure in all_measures(find_site(), wanted=sys.argv[1].split(";")):
            side, profile = measure.sides[0], cProfile.Profile(process_time)
            with side.around():
                side.call()
            for _turn in range(TURNS):
                with side.around():
                    profile.enable()
                    side.call()
                    profile.disable()
            print(f"== {measure.name}: {TURNS} turns")
            told = pstats.Stats(profile).stats
            total = sum(own for _calls, _all, own, _below, _callers in told.values())
            ours = [row for row in told.items() if row[0][0].startswith(str(ROOT)) and ".venv" not in row[0][0]]
            for words, (path, names) in PARTS.items():
                found = [row for (file, _at, name), row in told.items() if file.endswith(path) and name in names]
                spent, calls = sum(row[3] for row in found), sum(row[1] for row in found)
                print(f"{100 * spent / total:5.1f} % {spent / TURNS * 1000:8.2f} {calls // TURNS:7}  {words}")
            _print("ours, time below", sorted(ours, key=lambda row: -row[1][3])[:SHOWN], 3, total)
            _print("own time", sorted(told.items(), key=lambda row: -row[1][2])[:SHOWN], 2, total)


def _print(title: str, rows, column: int, total: float) -> None:
    print(f"-- {title} (share of all, ms a turn, calls a turn)")
    for (path, at, name), numbers in rows:
        where = path.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
        share = f"{100 * numbers[column] / total:5.1f} % {numbers[column] / TURNS * 1000:8.2f}"
        print(f"{share} {numbers[1] // TURNS:7}  {where}:{at} {name}")


if __name__ == "__main__":
    main()
