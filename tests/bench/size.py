"""python -m tests.bench.size: the measures of one world, in the database that the environment names, as JSON."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter


def main(given: list[str] | None = None) -> None:
    """Measure this world and write what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="demo")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="", help="groups or names, comma-separated")
    parser.add_argument("--rounds", type=int, default=3, help="fewest rounds of each measure")
    parser.add_argument("--own", action="store_true", help="the world is a copy: what is saved may stay saved")
    args = parser.parse_args(given)
    import tests.bench.ready  # noqa: F401 (Django is set up: only now, not where the tests import this)

    unlike = []
    for told in measured(args.size, args.only, args.rounds, args.own, unlike):
        if args.out:  # after each measure: what was measured is kept when the next one fails
            args.out.parent.mkdir(parents=True, exist_ok=True)
            args.out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if unlike:
        sys.exit("\n".join(["Sides that do not do the same, not measured:", *unlike]))


def plain_settings():
    """Settings under which a test client measures what a server does: its host, unhashed names of static files."""
    from django.conf import settings
    from django.test import override_settings

    storages = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    return override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=storages)


def measured(size: str, only: str, rounds: int, own: bool, unlike: list[str]) -> Iterator[dict]:
    """Everything measured so far, after each measure of this world; each is printed as it comes.

    ``unlike`` gets the measures whose sides do not do the same.
    """
    from tests.bench.measure import run
    from tests.bench.register import all_measures
    from tests.bench.site import find_site
    from tests.bench.tables import line
    from tests.bench.world_size import counted

    begun, wanted = perf_counter(), [word for word in only.split(",") if word]
    with plain_settings():
        site = find_site(size, own=own, weighed=True)
        told = {"size": size, "rows": counted(), "measures": []}
        for measure in all_measures(site, wanted=wanted, failed=unlike):
            try:
                outcome = run(measure, rounds)
            except AssertionError as error:
                unlike.append(f"{measure.name}: {error}"[:600])
                continue
            told["measures"].append(outcome)
            print(line(outcome), file=sys.stderr, flush=True)
            yield told | {"minutes": round((perf_counter() - begun) / 60, 1)}


if __name__ == "__main__":
    main()
