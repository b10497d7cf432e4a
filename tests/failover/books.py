"""Afterwards: what was promised against what the promoted server holds. Raises AssertionError at a promise broken."""

import time
from collections import Counter
from email import message_from_string, policy
from pathlib import Path

from tests.failover.people import Ledger
from tests.failover.servers import Server

_UNDONE = """SELECT count(*) FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at < now() + interval '10 minutes')"""
# What the timetable's job does every ten minutes (agencies.take_up_stalled), done at once.
_TAKE_UP = """SELECT procrastinate_retry_job_v2(j.id, now(), NULL, NULL, NULL) FROM procrastinate_jobs j
    LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '30 seconds')"""


def drain(server: Server) -> int:
    """Wait until every job is done; how many a worker held when its server died. Raises when some stay."""
    held = 0
    for _try in range(120):
        if server.ask(_UNDONE)[0][0] == 0:
            return held
        held += len(server.ask(_TAKE_UP))
        time.sleep(1)
    raise AssertionError(f"jobs left: {server.ask('SELECT status, task_name, attempts FROM procrastinate_jobs')}")


def check(ledger: Ledger, server: Server, place: Path, starts: dict[str, int]) -> None:
    """Every save, every remark and its one e-mail, nobody signed out, no error but the one that says 'again'."""
    kept = {(line, text) for line, text in server.ask("SELECT pgh_obj_id, result FROM reports_reportlineevent")}
    missing = [(line, words) for _sent, _at, line, words in ledger.saved if (line, words) not in kept]
    print(
        f"saves acknowledged: {len(ledger.saved)}, of them in the promoted database: {len(ledger.saved) - len(missing)}"
    )
    remarks = Counter(
        text.split("]")[0] + "]" for (text,) in server.ask("SELECT text FROM agencies_comment") if "]" in text
    )
    mails = Counter()
    for file in place.glob("worker-*/mail/*"):
        for letter in file.read_text(encoding="utf-8").split("-" * 79):
            if letter.strip():
                body = message_from_string(letter.strip(), policy=policy.default).get_content()
                mails.update(mark for _at, mark in ledger.said if mark in body)
    once = {mark: (remarks[mark], mails[mark]) for _at, mark in ledger.said}
    odd = {mark: counts for mark, counts in once.items() if counts != (1, 1)}
    failed = server.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")[0][0]
    print(f"remarks acknowledged: {len(once)}, there once with one e-mail each: {len(once) - len(odd)}; jobs failed: {failed}"
          f"{f'; otherwise (remarks, e-mails): {odd}' if odd else ''}")  # fmt: skip
    print(
        f"signed out: {len(ledger.signed_out)}; answers that should not be: {len(ledger.wrong)}; starts of processes: {starts}"
    )
    for words in ledger.wrong[:20]:
        print(f"  {words}")
    assert not missing, missing[:5]
    assert not odd and not failed
    assert not ledger.signed_out, ledger.signed_out[:5]
    assert not ledger.wrong
