"""``python -m tests.failover``: the whole story with its figures; exit 1 at the first promise broken."""

import argparse
import json
import math
import os
import re
import secrets
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.failover import books
from tests.failover.people import Browser, Leader, Ledger, Officer, Secretary
from tests.failover.portal import ROOT, SECRET, Node, Process, run
from tests.failover.servers import Server
from tests.pooler import MISSING, PROGRAM, Pooler

PRIMARY, STANDBY, POOLER, NODES = 5460, 5461, 6460, (8330, 8331)
PERIOD = "2024-q2"


def main() -> None:
    """Build two servers and the portal on them, let people work, kill, promote, look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=float, default=60, help="seconds of work before the kill (default 60)")
    parser.add_argument("--after", type=float, default=60, help="seconds of work after it (default 60)")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds each person rests between two rounds")
    parser.add_argument("--workers", type=int, default=2, help="web processes of each node")
    parser.add_argument("--kept", type=Path, help="folder that keeps the built demo for the next run")
    chosen = parser.parse_args()
    if not PROGRAM:
        sys.exit(MISSING)
    for name in [name for name in os.environ if name.startswith(("PORTAL_", "DATABASE_URL"))]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="failover-") as name:
        place = Path(name)
        place.chmod(0o755)
        started: list = []
        try:
            _story(place, chosen, started)
        except BaseException:
            for log in sorted(place.glob("*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}", file=sys.stderr)
            raise
        finally:
            for one in reversed(started):
                one.stop()


def _story(place: Path, chosen, started: list) -> None:
    clock = time.monotonic
    primary = Server(place / "primary", PRIMARY)
    started.append(primary)
    environment = _portal_on(primary, place, chosen.kept)
    standby = Server(place / "standby", STANDBY, of=primary)
    started.append(standby)
    primary.wait_for_standby()
    pooler = Pooler(place / "pooler", {"portal": _behind(PRIMARY), "portal_standby": _behind(STANDBY)}, POOLER)
    started.append(pooler)
    nodes = [Node(port, environment | {"PORTAL_DATA_DIR": str(place / f"node-{port}")}, place / f"node-{port}.log",
                  chosen.workers) for port in NODES]  # fmt: skip
    started += nodes
    for number in (1, 2):
        command = [sys.executable, "manage.py", "procrastinate", "worker"]
        worker_environment = environment | {"PORTAL_DATA_DIR": str(place / f"worker-{number}")}
        started.append(Process(command, worker_environment, place / f"worker-{number}.log"))
    for node in nodes:
        node.wait()

    ledger, stop = Ledger(), threading.Event()
    people = _people(primary, ledger, stop, chosen.pause)
    print(f"{len(people)} people, {len(nodes)} web nodes of {chosen.workers} processes, 2 job workers, PgBouncer in"
          f" transaction mode, replication {primary.behind()[0]}", flush=True)  # fmt: skip
    begin = clock()
    for person in people:
        person.start()
    lags = []
    while clock() < begin + chosen.before:
        lags.append(primary.behind())
        time.sleep(1)
    reads_before = sum((Counter(node.reads()) for node in nodes), Counter())

    primary.kill()
    killed = clock()
    standby.promote()
    promoted = clock()
    pooler.point(portal=_behind(STANDBY))
    pointed = clock()
    print(f"killed; promoted after {promoted - killed:.1f} s, PgBouncer pointed at it after {pointed - killed:.1f} s",
          flush=True)  # fmt: skip
    time.sleep(chosen.after / 2)
    rewound = clock()
    said = primary.rewind(standby)
    primary.start()
    standby.wait_for_standby()
    pooler.point(portal_standby=_behind(PRIMARY))
    for _try in range(100):
        if standby.behind()[0] != "none":
            break
        time.sleep(0.1)
    print(f"the former primary is the standby now, {clock() - rewound:.1f} s of work: {said}", flush=True)
    time.sleep(chosen.after / 2)
    stop.set()
    for person in people:
        person.join(timeout=120)
    print(f"jobs that a worker held when the server died and that were taken up again: {books.drain(standby)}")
    reads_all = sum((Counter(node.reads()) for node in nodes), Counter())
    _reasons(ledger, place)
    _figures(ledger, killed, lags, reads_before, reads_all - reads_before)
    books.check(ledger, standby, place, starts={one.name: one.starts for one in started if isinstance(one, Process)})
    state, behind, _wait = standby.behind()
    print(f"the new standby: {state}, {behind} bytes behind")


def _behind(port: int) -> dict:
    return {"host": "127.0.0.1", "port": port, "dbname": "portal", "user": "portal_app"}


def _portal_on(primary: Server, place: Path, kept: Path | None) -> dict[str, str]:
    """Roles, tables and the demo on the primary; gives the environment of nodes and workers, signed in as portal_app."""
    primary.ask("CREATE DATABASE portal ENCODING 'UTF8' TEMPLATE template0", name="postgres")
    roles = (ROOT / "deploy" / "postgresql" / "roles.sql").read_text()
    primary.ask(roles)
    environment = {
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(50), "PORTAL_DEMO": "1", "PORTAL_TODAY": "2024-06-10",
        "PORTAL_FILES": str(place / "files"), "PORTAL_LOG": "json", "PORTAL_METRICS": "1",
        "PORTAL_METRICS_SECRET": SECRET, "PORTAL_HOSTS": "127.0.0.1",
    }  # fmt: skip
    owner = environment | {"DATABASE_URL": f"postgresql://portal_owner@127.0.0.1:{PRIMARY}/portal",
                           "PORTAL_DATA_DIR": str(place / "owner")}  # fmt: skip
    began = time.monotonic()
    if kept and (kept / "portal.dump").exists():
        primary.program("pg_restore", "--dbname", primary.conninfo(), str(kept / "portal.dump"))
        shutil.copytree(kept / "static", place / "owner" / "static")
        shutil.copytree(kept / "files", place / "files")
    else:
        run(owner, "migrate", "--verbosity", "0")
        run(owner, "demo")
        run(owner, "collectstatic", "--noinput", "--verbosity", "0")
    if kept and not kept.exists():
        shutil.copytree(place / "owner" / "static", kept / "static")
        shutil.copytree(place / "files", kept / "files")
        (kept / "portal.dump").write_bytes(primary.program("pg_dump", "--format=custom", primary.conninfo()))
    for port in NODES:  # each machine has its own copy of what never changes
        shutil.copytree(place / "owner" / "static", place / f"node-{port}" / "static")
    primary.ask(roles)
    primary.ask("UPDATE agencies_user SET email = username || '@example.invalid'")
    print(f"the demo is there, {time.monotonic() - began:.0f} s", flush=True)
    both = f"host=127.0.0.1,127.0.0.1&port={PRIMARY},{STANDBY}&target_session_attrs=read-write"
    return environment | {
        "DATABASE_URL": f"postgresql://portal_app@127.0.0.1:{POOLER}/portal",
        "DATABASE_URL_STANDBY": f"postgresql://portal_app@127.0.0.1:{POOLER}/portal_standby",
        "DATABASE_URL_DIRECT": f"postgresql://portal_app@/portal?{both}",
        "PORTAL_EMAIL_URL": "file:",
    }


def _people(primary: Server, ledger: Ledger, stop: threading.Event, pause: float) -> list:
    """Everybody signed in: an officer for each of up to twelve lines that are still open, two leaders, a secretary."""
    password = re.search(r'DEMO_PASSWORD = "(.+)"', (ROOT / "portal" / "demo" / "logins.py").read_text())[1]
    lines = primary.ask(
        """
        SELECT DISTINCT ON (l.id) l.id, a.code, u.username FROM reports_reportline l
        JOIN reports_progressreport r ON r.id = l.report_id JOIN reports_period p ON p.id = r.period_id
        JOIN agencies_agency a ON a.id = r.agency_id JOIN agencies_council c ON c.id = a.council_id
        JOIN agencies_membership m ON m.agency_id = a.id AND m.role = 'liaison' AND m.left_on IS NULL
        JOIN agencies_user u ON u.id = m.user_id
        WHERE p.code = %s AND c.code = 'can-tho' AND r.state IN ('draft', 'returned') ORDER BY l.id""",
        PERIOD,
    )
    by_agency: dict[str, list] = {}
    for line in lines:
        by_agency.setdefault(line[1], []).append(line)
    chosen = [line for rank in range(12) for rows in by_agency.values() for line in rows[rank : rank + 1]][:12]
    if len(chosen) < 4:
        raise RuntimeError(f"the demo has only {len(chosen)} open lines")

    def browser(name: str) -> Browser:
        made = Browser(list(NODES), name, ledger)
        made.sign_in(password)
        return made

    people: list = [
        Officer(browser(login), stop, pause, line=pk, path=f"/bao-cao/{PERIOD}/{agency}/dong/{pk}/")
        for pk, agency, login in chosen
    ]
    people += [Leader(browser("lanhdao"), stop, pause) for _leader in range(2)]
    agency, login = chosen[0][1:]
    return [
        *people,
        Secretary(browser("thuky"), stop, 1.5, path=f"/bao-cao/{PERIOD}/{agency}/y-kien/", calls=f"@{login}"),
    ]


def _reasons(ledger: Ledger, place: Path) -> None:
    """From the nodes' logs: which error of the database stands behind a 503, by the name of the request."""
    why = {}
    for log in place.glob("node-*.log"):
        for line in log.read_text(errors="replace").splitlines():
            told = json.loads(line) if line.startswith("{") else {}
            if error := told.get("exception"):
                why[told.get("request")] = f"{error['kind'].rpartition('.')[2]} {error.get('sqlstate') or '-'}"
    passed = Counter(why[one.request] for one in ledger.asked if one.status < 500 and one.request in why)
    print(f"answered by the primary after an error on the standby: {dict(passed)}")
    ledger.asked[:] = [replace(one, why=why.get(one.request, "") if one.status >= 500 else "") for one in ledger.asked]


def _figures(ledger: Ledger, killed: float, lags, before: Counter, after: Counter) -> None:
    last = max(at for _sent, at, _line, _words in ledger.saved if at <= killed)
    first = min((at for sent, at, _line, _words in ledger.saved if sent > killed), default=None)
    if first is None:
        raise RuntimeError("nothing was saved any more after the kill")
    print(f"from the kill to the first acknowledged save of a form sent after it: {first - killed:.1f} s"
          f" (the last before it: {killed - last:.1f} s)")  # fmt: skip
    for phase, begin, end in (("before", 0, killed), ("during", killed, first), ("after", first, math.inf)):
        # What was under way at the kill belongs to the gap.
        asked = [one for one in ledger.asked if begin <= (one.at if end != killed else one.at + one.seconds) < end]
        if phase == "during":
            asked += [one for one in ledger.asked if one.at < killed <= one.at + one.seconds]
        if not asked:
            print(f"  {phase}: nobody asked")
            continue
        seconds = sorted(one.seconds for one in asked)
        p95 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))]
        statuses = ", ".join(
            f"{status}: {number}" for status, number in sorted(Counter(one.status for one in asked).items())
        )
        why = Counter(one.why for one in asked if one.why)
        print(f"  {phase}: {len(asked)} requests, p50 {statistics.median(seconds) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms,"
              f" longest {seconds[-1]:.1f} s; {statuses}"
              f"{f' ({dict(why)})' if why else ''}")  # fmt: skip
    for phase, reads in (("before the kill", before), ("after it", after)):
        total = sum(reads.values())
        share = f"{100 * reads['standby'] / total:.0f} %" if total else "–"
        print(f"heavy pages read from the standby {phase}: {share} of {total} ({dict(reads)})")
    behind = sorted(size for _state, size, _wait in lags if size is not None)
    waits = sorted(wait for _state, _size, wait in lags if wait is not None)
    print(f"the standby before the kill, {len(behind)} looks: behind p50 {statistics.median(behind):.0f}, most {behind[-1]} bytes;"
          f" a commit waited for it p50 {statistics.median(waits) * 1000:.1f}, most {waits[-1] * 1000:.1f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
