"""``make drill``: fill a server, back it up, destroy it, restore it on an empty one, compare every row and file.

Each step is a process of its own, as on the day it is needed: nothing of the first server's memory helps the second.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_rows(server, folder: Path) -> int:
    """Every row of every table as text, sorted, one file a table; how many rows."""
    from psycopg import sql

    from portal.backup.contents import LEFT_OUT, TABLES

    folder.mkdir(parents=True)
    rows = 0
    with server.connect() as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            if table in LEFT_OUT:
                continue
            name = sql.Identifier(*table.split(".", 1))
            query = sql.SQL('COPY (SELECT t::text FROM ONLY {} t ORDER BY t::text COLLATE "C") TO STDOUT').format(name)
            with (folder / table).open("wb") as target, connection.cursor().copy(query) as copy:
                for row in copy:
                    target.write(row)
                    rows += 1
    return rows


def differing(first: Path, second: Path) -> list[str]:
    """Names under two folders that are not the same byte for byte."""
    ours, theirs = ({str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()} for root in (first, second))
    both = sorted(ours & theirs)
    return sorted(ours ^ theirs) + [
        name for name in both if (first / name).read_bytes() != (second / name).read_bytes()
    ]


def without_portal(environment) -> dict[str, str]:
    """The environment without anything that names a database, a store of files or a mail server: a real one's, maybe."""
    return {
        name: value
        for name, value in environment.items()
        if name != "DATABASE_URL" and not name.startswith(("PORTAL_", "AWS_", "PG"))
    }


def manage(data: Path, *arguments: str) -> str:
    """Run one command of the portal on the embedded server of a data folder; what it said."""
    environment = without_portal(os.environ)
    environment |= {"PORTAL_DATA_DIR": str(data), "PORTAL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout.strip()


def drill(place: Path) -> list[str]:
    """The whole rehearsal under one folder; what differs in the end: nothing."""
    first, second, backups = place / "first", place / "second", place / "backups"
    for words, work in (
        ("fill with the demo", lambda: manage(first, "manage.py", "demo").splitlines()[0]),
        ("write down every row", lambda: manage(first, "-m", "tests.drill", "--rows", str(place / "rows-before"))),
        ("back up", lambda: manage(first, "manage.py", "backup", str(backups))),
        ("write down every file", lambda: shutil.copytree(first / "files", place / "files-before")),
        ("destroy", lambda: shutil.rmtree(first)),
        ("restore on an empty server", lambda: manage(second, "manage.py", "restore", str(next(backups.glob("2*"))))),
        ("check_integrity", lambda: manage(second, "manage.py", "check_integrity")),
        ("read every row", lambda: manage(second, "-m", "tests.drill", "--rows", str(place / "rows-after"))),
    ):
        started = time.monotonic()
        said = work()
        print(f"{words} ({time.monotonic() - started:.1f} s)", *([said] if isinstance(said, str) else []), sep="\n  ")
    return differing(place / "rows-before", place / "rows-after") + differing(place / "files-before", second / "files")


def main() -> None:
    """Run the drill, or (``--rows``) write down the rows of the server that the environment names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=Path, help="only write every row of every table into this folder")
    chosen = parser.parse_args()
    if chosen.rows:
        import django

        django.setup()
        from django.conf import settings

        from portal.backup.server import Server

        print(f"{write_rows(Server.of(settings.DATABASES['default']), chosen.rows)} rows")
        return
    with tempfile.TemporaryDirectory(prefix="portal-drill-") as place:
        Path(place).chmod(0o755)  # the embedded server has a user of its own
        differences = drill(Path(place))
        tables, files = (len(list((Path(place) / name).rglob("*"))) for name in ("rows-after", "files-before"))
    if differences:
        raise SystemExit(f"DIFFERENT: {', '.join(differences)}")
    print(f"EQUAL: {tables} tables row by row, {files} files and folders byte by byte.")


if __name__ == "__main__":
    main()
