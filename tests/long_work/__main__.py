"""``make long-work``: each measure in a worker process of its own, so that its peak memory is its own."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    """Fill a database of its own, measure, print; an error when a cut work differs from a whole one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rows", type=int, default=100_000, help="of the import")
    parser.add_argument("--only", choices=("exports", "imports", "opening"))
    parser.add_argument("--data", help="folder of the database, kept; else one that is removed")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        _setup()
        print(json.dumps(_child(*chosen.child)))
        return
    place = Path(chosen.data or tempfile.mkdtemp(prefix="portal-long-"))
    place.mkdir(parents=True, exist_ok=True)
    place.chmod(0o755)  # the embedded server has a user of its own
    os.environ |= {"PORTAL_DATA_DIR": str(place), "PORTAL_DEMO": "0", "PORTAL_SECRET_KEY": "x" * 60}
    os.environ.pop("DATABASE_URL", None)
    try:
        _setup()
        from tests.long_work import measures

        measures.everything(chosen, run)
    finally:
        if not chosen.data:
            shutil.rmtree(place, ignore_errors=True)


def _setup() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()


def run(deed: str, *arguments):
    """What a process of its own found: [seconds, rows, peak MB]."""
    command = [sys.executable, "-m", "tests.long_work", "--child", deed, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


def _child(deed: str, *arguments: str):
    from tests.long_work import exports

    began = exports.peak()
    if deed == "work":
        seconds, rows = exports.worked(int(arguments[0]), int(arguments[1]))
        return [seconds, rows, exports.peak(), began]
    raise SystemExit(f"no deed {deed}")


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"{time.monotonic() - started:.0f} s in all", file=sys.stderr)
