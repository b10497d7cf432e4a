"""make bench SIZES="S M": worlds of those sizes, everything measured in each, docs/bench/ written anew.

A world is made once and kept under .bench/; WORLDS=/folder uses those that lie there (S or world-S, …) instead, and
takes back whatever is written in them.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bench.tables import page

ROOT = Path(__file__).resolve().parents[2]
KEPT, DOCS = ROOT / ".bench", ROOT / "docs" / "bench"
TODAY = "2025-12-10"
SIZES = ("S", "M", "L")


def main() -> None:
    """Measure each size in a process of its own, then write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="S M", help="of S M L")
    parser.add_argument("--worlds", type=Path, help="a folder with worlds made before, not to be changed")
    parser.add_argument("--only", default="", help="groups or names of measures, comma-separated")
    parser.add_argument("--rounds", type=int, default=3, help="fewest rounds of each measure")
    parser.add_argument("--tables", action="store_true", help="only write the tables anew")
    parser.add_argument("--plans", action="store_true", help="only the plans of the hottest queries (docs/plans.md)")
    parser.add_argument("--profile", default="", help="only where the time of these measures goes, by ';'")
    args = parser.parse_args()
    if args.plans or args.profile:
        for size in args.sizes.split():
            module = ["plans", size] if args.plans else ["profile", args.profile]
            command = [sys.executable, "-m", f"tests.bench.{module[0]}", module[1]]
            subprocess.run(command, cwd=ROOT, env=environment(world(size, args.worlds)), check=True)
        return
    failed = False
    for size in () if args.tables else args.sizes.split():
        out = KEPT / "out" / f"{size}.json"
        command = [sys.executable, "-m", "tests.bench.size", "--size", size, "--out", str(out), "--only", args.only]
        command += ["--rounds", str(args.rounds), *([] if args.worlds else ["--own"])]
        out.unlink(missing_ok=True)
        ended = subprocess.run(command, cwd=ROOT, env=environment(world(size, args.worlds)))
        failed |= ended.returncode != 0
        if out.exists():
            keep(size, json.loads(out.read_text(encoding="utf-8")))
    write_tables()
    sys.exit(1 if failed else 0)


def environment(world: Path) -> dict[str, str]:
    """The environment in which a process works on that world."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "PORTAL_"))}
    return given | {"PORTAL_DATA_DIR": str(world), "PORTAL_DEMO": "1", "PORTAL_TODAY": TODAY}


def world(size: str, given: Path | None) -> Path:
    """The folder of the world of that size; made when it is nobody's yet. Raises SystemExit when a given one lacks."""
    if given is not None:
        for name in (size, f"world-{size}"):
            if (given / name / "postgresql").is_dir():
                return (given / name).resolve()
        sys.exit(f"no world {size} in {given}")
    folder, ready = KEPT / size, KEPT / size / "ready"
    if not ready.exists():
        print(f"making the world {size} in {folder}", file=sys.stderr, flush=True)
        command = [sys.executable, "manage.py", "make_world", size, "--seed", "1", "--reset"]
        subprocess.run(command, cwd=ROOT, env=environment(folder), check=True, stdout=sys.stderr)
        ready.touch()
    return folder


def keep(size: str, told: dict) -> None:
    """Put what was measured beside what was measured before: a measure replaces itself."""
    path = DOCS / f"{size}.json"
    DOCS.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text(encoding="utf-8"))["measures"] if path.exists() else []
    fresh = {one["name"] for one in told["measures"]}
    order = list(dict.fromkeys(one["group"] for one in [*before, *told["measures"]]))
    rows = [one for one in before if one["name"] not in fresh] + told["measures"]
    told["measures"] = sorted(rows, key=lambda one: order.index(one["group"]))
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_tables() -> None:
    """docs/bench/README.md from the JSON beside it."""
    told, loads = _kept("{}.json"), _kept("load-{}.json")
    if told:
        (DOCS / "README.md").write_text(page(told, loads), encoding="utf-8")


def _kept(name: str) -> dict[str, dict]:
    """Size → what stands in its file, of the sizes that have one."""
    found = {size: DOCS / name.format(size) for size in SIZES}
    return {size: json.loads(path.read_text(encoding="utf-8")) for size, path in found.items() if path.exists()}


if __name__ == "__main__":
    main()
