"""How many requests, how they ended, how long they took: counted by every process, added up when asked.

Each process counts in a small mapped file of its own under PORTAL_DATA_DIR/metrics, so that whichever process is asked
can add up all of them. What ended processes counted is kept: a counter never falls.
"""

import errno
import fcntl
import mmap
import os
import struct
import threading
from pathlib import Path

from django.conf import settings

from portal.embedded import lives

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
KINDS = (2, 3, 4, 5)  # the first digit of the status
_WIDTH = len(BUCKETS) + 2  # the buckets, the longer ones, the sum of seconds
# Where the pages that may be read from a standby were read, or why they were not (portal/standby.py).
READS = ("standby", "wrote", "lag", "down", "failed")
_READS_AT = 8 * _WIDTH * len(KINDS)
_SIZE = _READS_AT + 8 * len(READS)
_ENDED = "ended"

_mine: tuple[int, mmap.mmap] | None = None
_lock = threading.Lock()


def count(status: int, seconds: float) -> None:
    """Count one answer; where there is no room for counters, none: the answer itself matters more."""
    kind = min(max(status // 100, KINDS[0]), KINDS[-1]) - KINDS[0]
    bucket = next((place for place, limit in enumerate(BUCKETS) if seconds <= limit), len(BUCKETS))
    _add(*((8 * (kind * _WIDTH + place), more) for place, more in ((bucket, 1.0), (_WIDTH - 1, seconds))))


def count_read(where: str) -> None:
    """Count one page that may be read from the standby; ``where`` is one of READS."""
    _add((_READS_AT + 8 * READS.index(where), 1.0))


def _add(*more: tuple[int, float]) -> None:
    with _lock:
        try:
            counters = _own()
        except OSError:
            return
        for place, number in more:
            struct.pack_into("d", counters, place, struct.unpack_from("d", counters, place)[0] + number)


def request_lines() -> list[str]:
    """What was counted by all processes together, in Prometheus's text format."""
    totals = _totals()
    lines = ["# HELP portal_request_seconds Time from request to answer.", "# TYPE portal_request_seconds histogram"]
    for row, kind in enumerate(KINDS):
        numbers = totals[row * _WIDTH : (row + 1) * _WIDTH]
        so_far = 0.0
        for limit, number in zip((*BUCKETS, "+Inf"), numbers[:-1], strict=True):
            so_far += number
            lines.append(f'portal_request_seconds_bucket{{status="{kind}xx",le="{limit}"}} {so_far:.0f}')
        lines.append(f'portal_request_seconds_sum{{status="{kind}xx"}} {numbers[-1]:.6f}')
        lines.append(f'portal_request_seconds_count{{status="{kind}xx"}} {so_far:.0f}')
    if settings.DATABASES.keys() > {"default"}:
        lines += ["# HELP portal_standby_reads_total Heavy pages, by where they were read or why not from the standby."]
        lines += ["# TYPE portal_standby_reads_total counter"]
        reads = zip(READS, totals[_READS_AT // 8 :], strict=True)
        lines += [f'portal_standby_reads_total{{answer="{where}"}} {number:.0f}' for where, number in reads]
    return lines


def gauge(name: str, value: float, words: str, **labels: str) -> list[str]:
    """One value of now, in the same format."""
    named = ",".join(f'{key}="{text}"' for key, text in labels.items())
    return [
        f"# HELP {name} {words}",
        f"# TYPE {name} gauge",
        f"{name}{{{named}}} {value:g}" if named else f"{name} {value:g}",
    ]


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _own() -> mmap.mmap:
    """This process's counters; a process that was forked begins its own."""
    global _mine
    if _mine is None or _mine[0] != os.getpid():
        path = _folder() / f"{os.getpid()}-{os.urandom(4).hex()}"
        # Written, not only made that long: a full disk must be found out here, not by a signal at the first count.
        try:
            with path.open("w+b", buffering=0) as file:
                if file.write(bytes(_SIZE)) != _SIZE:
                    raise OSError(errno.ENOSPC, "no room for the counters")
                _mine = (os.getpid(), mmap.mmap(file.fileno(), _SIZE))
        except OSError:
            path.unlink(missing_ok=True)
            raise
    return _mine[1]


def _totals() -> list[float]:
    """Everything added up; the counters of processes that have ended go into one file."""
    shape = f"{_SIZE // 8}d"
    folder = _folder()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = folder / _ENDED
        before = ended.read_bytes() if ended.exists() else b""
        kept = list(struct.unpack(shape, before.ljust(_SIZE, b"\0")))  # an older release counted less
        totals, gone = [0.0] * (_SIZE // 8), []
        for path in folder.glob("[0-9]*-*"):
            if len(content := path.read_bytes()) != _SIZE:
                continue  # being made just now
            numbers = struct.unpack(shape, content)
            if lives(int(path.name.split("-")[0])):
                totals = [a + b for a, b in zip(totals, numbers, strict=True)]
            else:
                kept = [a + b for a, b in zip(kept, numbers, strict=True)]
                gone.append(path)
        if gone:
            new = folder / f".{_ENDED}"
            new.write_bytes(struct.pack(shape, *kept))
            os.replace(new, ended)
            for path in gone:
                path.unlink()
    return [a + b for a, b in zip(totals, kept, strict=True)]
