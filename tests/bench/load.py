"""make load SIZE=M MINUTES=10: the last hour of a quarter. Two hundred officers at their desks, reading and saving.

gunicorn and the job worker serve a copy of the world on loopback, as ``manage.py serve`` starts them. Each officer opens
the desk, opens a task in place, saves it, and thinks between two requests. First one person alone does the same: the
unloaded times. Afterwards every save that was acknowledged must stand in the database, the last of each line in the
line itself, the earlier ones in its history.
"""

import argparse
import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.parse import urlencode, urlsplit

from tests.bench.__main__ import DOCS, KEPT, ROOT, environment, world, write_tables
from tests.bench.measure import p95
from tests.demo_server import served

ALONE = 40  # rounds of desk, form, save by one person
_VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
_INSIDE = "BENCH_LOAD_INSIDE"


@dataclass
class Officer:
    """One browser: its cookies, the lines it may write, what it did."""

    session: str
    address: str  # of the report's lines, without the line
    lines: list[int]
    lead: frozenset[int]
    host: str = ""
    kept: http.client.HTTPConnection | None = None
    token: str = ""
    times: dict[str, list[float]] = field(default_factory=lambda: {"desk": [], "form": [], "save": []})
    errors: list[str] = field(default_factory=list)
    saved: list[tuple[int, str]] = field(default_factory=list)

    def ask(self, what: str, method: str, path: str, body: dict | None = None, **headers: str) -> str:
        """One request, timed. An answer other than 200 is an error and raises RuntimeError."""
        headers |= {"Cookie": f"sessionid={self.session}; csrftoken={self.token}"}
        data = urlencode(body) if body else None
        if data:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token}
        begun = perf_counter()
        status, page, cookies = self._send(method, path, data, headers)
        self.times[what].append(perf_counter() - begun)
        if found := re.search(r"csrftoken=(\w+)", cookies):
            self.token = found[1]
        if status != 200:
            raise RuntimeError(f"{what}: {status} {page[:200] if status != 500 else ''}")
        return page

    def _send(self, method, path, data, headers) -> tuple[int, str, str]:
        for attempt in range(2):
            if self.kept is None:
                self.kept = http.client.HTTPConnection(self.host, timeout=60)
            try:
                self.kept.request(method, path, data, headers)
                answer = self.kept.getresponse()
                return answer.status, answer.read().decode(), " ".join(answer.headers.get_all("Set-Cookie") or ())
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # The server lets go of idle connections; a browser asks once more, but never sends a form twice.
                self.kept = None
                if attempt or method == "POST":
                    raise
        raise AssertionError("the loop returns or raises")

    def round(self, number: int, think) -> None:
        """Desk, form, save; whatever goes wrong is written down."""
        pk = self.lines[number % len(self.lines)]
        try:
            self.ask("desk", "GET", "/viec-cua-toi/")
            think()
            page = self.ask("form", "GET", f"{self.address}{pk}/", **{"HX-Request": "true"})
            version = _VERSION.search(page)
            if version is None:
                raise RuntimeError("form: no version in it")
            think()
            self.kept = None  # idle for long: the form goes over a fresh connection
            text = (
                f"Đã tổ chức buổi thứ {number + 1} của đợt, {random.randint(30, 900)} lượt người dự, phiên {id(self)}."
            )
            said = {"version": version[1], "result": text}
            said |= {"status": "in_progress", "percent": "50"} if pk in self.lead else {}
            self.ask("save", "POST", f"{self.address}{pk}/", said, **{"HX-Request": "true", "HX-Target": f"viec-{pk}"})
            self.saved.append((pk, text))
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            self.errors.append(f"{type(error).__name__} {error}")
            self.kept = None


def main() -> None:
    """Copy the world, serve it, load it, verify, write docs/bench/load-<size>.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="M")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument(
        "--think", type=float, default=25, help="seconds between two requests of one person, on average"
    )
    args = parser.parse_args()
    if _INSIDE not in os.environ:
        env = environment(_copy(args.size)) | {_INSIDE: "1"}
        sys.exit(
            subprocess.run([sys.executable, "-m", "tests.bench.load", *sys.argv[1:]], cwd=ROOT, env=env).returncode
        )
    told = {"size": args.size, "minutes": args.minutes, "people": args.people, "think_s": args.think}
    told |= _loaded(args.minutes * 60, args.people, args.think)
    print(json.dumps(told, ensure_ascii=False, indent=1))
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / f"load-{args.size}.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    write_tables()
    sys.exit(1 if told["errors"] or told["lost_saves"] else 0)


def _copy(size: str) -> Path:
    """A copy of the world, to be written in: what was left of the one before goes. Raises SystemExit while it is used."""
    source, copy = world(size, None), KEPT / f"load-{size}"
    for folder in (source, copy):
        if (folder / "postgresql" / "postmaster.pid").exists():
            sys.exit(f"the database of {folder} is running; wait until it ends")
    shutil.rmtree(copy, ignore_errors=True)
    # As root the embedded server is another account's, and so are its files: cp keeps whose they are.
    subprocess.run(["cp", "-a", str(source), str(copy)], check=True)
    return copy


def _loaded(seconds: float, people: int, think: float) -> dict:
    import tests.bench.ready  # noqa: F401 (Django is set up: only now, in the world's environment)

    officers = find_officers(people)
    with served(PORTAL_DATA_DIR=os.environ["PORTAL_DATA_DIR"]) as base:
        for one in officers:
            one.host = urlsplit(base).netloc
        alone = officers[0]
        for number in range(3):
            alone.round(number, lambda: None)  # the server reads its templates and code
        alone.times = {what: [] for what in alone.times}
        for number in range(ALONE):
            alone.round(number, lambda: None)
        unloaded = {what: list(times) for what, times in alone.times.items()}
        alone.times = {what: [] for what in alone.times}
        took = _all_at_once(officers, seconds, think)
    return told_of(officers, unloaded, took) | {"lost_saves": lost(officers)}


def _all_at_once(officers: list[Officer], seconds: float, think: float) -> float:
    begun = perf_counter()

    def live(officer: Officer) -> None:
        sleep(random.uniform(0, min(think, seconds)))
        number = ALONE
        while perf_counter() - begun < seconds:
            officer.round(number, lambda: sleep(random.uniform(0.4, 1.6) * think))
            sleep(random.uniform(0.4, 1.6) * think)
            number += 1

    threads = [threading.Thread(target=live, args=(officer,), daemon=True) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - begun


def find_officers(people: int) -> list[Officer]:
    """Signed-in officers with lines to write; several browsers of one person where there are fewer people."""
    from django.test import Client

    from agencies.models import Membership, Role
    from reports.models import Period, ProgressReport
    from tests.bench.size import plain_settings

    reports = ProgressReport.objects.filter(
        period__state=Period.State.OPEN, state__in=ProgressReport.EDITABLE_STATES, lines__isnull=False
    ).distinct()
    by_agency = {report.agency_id: report for report in reports.select_related("period", "agency").order_by("pk")}
    members = Membership.objects.filter(role=Role.LIAISON, left_on=None, agency__in=by_agency, user__is_active=True)
    members = list(members.select_related("user").order_by("agency", "pk")[:people])
    each = -(-people // len(members))
    found = []
    with plain_settings():
        for member in members:
            report = by_agency[member.agency_id]
            lines = list(report.lines.order_by("pk").values_list("pk", "role"))
            for part in range(min(each, len(lines), people - len(found))):
                client = Client()
                client.force_login(member.user)
                address = f"/bao-cao/{report.period.code}/{report.agency.code}/dong/"
                mine = lines[part::each]
                lead = frozenset(pk for pk, role in mine if role == "lead")
                found.append(Officer(client.cookies["sessionid"].value, address, [pk for pk, _role in mine], lead))
    return found


def lost(officers: list[Officer]) -> int:
    """How many acknowledged saves stand nowhere: neither in the line (its last one) nor in its history."""
    from reports.models import ReportLine

    history = ReportLine.pgh_event_model.objects
    missing = 0
    for officer in officers:
        last = dict(officer.saved)
        stored = dict(ReportLine.objects.filter(pk__in=last).values_list("pk", "result"))
        missing += sum(stored.get(pk) != text for pk, text in last.items())
        versions = set(history.filter(pgh_obj__in=last).values_list("pgh_obj_id", "result"))
        missing += sum(one not in versions for one in officer.saved)
    return missing


def told_of(officers: list[Officer], unloaded: dict[str, list[float]], took: float) -> dict:
    """Throughput, times with and without load, errors."""
    times = {what: [one for officer in officers for one in officer.times[what]] for what in unloaded}
    errors = [error for officer in officers for error in officer.errors]
    whole, before = sum(times.values(), []), sum(unloaded.values(), [])
    kinds = {
        what: {
            "requests": len(of),
            "p50_ms": _ms(median(of)) if of else None,
            "p95_ms": _ms(p95(of)) if of else None,
            "alone_p50_ms": _ms(median(unloaded[what])),
            "alone_p95_ms": _ms(p95(unloaded[what])),
        }
        for what, of in times.items()
    }
    return {
        "browsers": len(officers),
        "seconds": round(took),
        "requests": len(whole),
        "requests_per_s": round(len(whole) / took, 1),
        "saves": sum(len(officer.saved) for officer in officers),
        "p95_ms": _ms(p95(whole)) if whole else None,
        "alone_p95_ms": _ms(p95(before)),
        "p95_ratio": round(p95(whole) / p95(before), 2) if whole else None,
        "errors": len(errors),
        "first_errors": errors[:5],
        "kinds": kinds,
    }


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    main()
