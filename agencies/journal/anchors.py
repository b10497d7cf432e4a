"""Where each chain ended, signed and kept outside the database day by day: a chain cannot say that its end was cut off.

One line of ``PORTAL_RECORD_DIR/anchors.jsonl`` per day, beside the public key it is signed for; copied away with the
backup, it also shows that a whole chain was written anew.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.db import connection
from django.utils import timezone

from agencies.errors import BusinessError
from agencies.journal import signing
from agencies.journal.chain import heads

MISSED_AFTER = timedelta(days=3)  # a night or two without the worker is no sign of anything


def anchors_file() -> Path:
    """The file of the anchors."""
    return Path(settings.PORTAL_RECORD_DIR) / signing.ANCHORS


def keep_anchor(now: datetime) -> int:
    """Write down, signed, where every chain ends now. Returns how many chains there are.

    Raises BusinessError when there are anchors but no longer the key that signed them.
    """
    ends = {str(head.chain): [head.number, head.digest] for head in heads()}
    if not ends:
        return 0
    path = anchors_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps({"at": now.isoformat(), "ends": ends}, sort_keys=True)
    line = json.dumps({"anchor": content, "signature": signing.sign(content.encode())}) + "\n"
    _append(path, line.encode())
    signing.leave_public_key(path.with_name("public.pem"))
    return len(ends)


def _append(path: Path, line: bytes) -> None:
    """The line whole and on the disk, or not at all; on a line of its own, whatever broke off before it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        if (written := os.write(handle, line)) != len(line):
            os.ftruncate(handle, size)
            raise OSError(f"only {written} of {len(line)} bytes of an anchor could be written to {path}")
        os.fsync(handle)
    finally:
        os.close(handle)


def findings() -> Iterator[str]:
    """In words, every anchor that is not signed by this portal's key or that the record no longer passes through."""
    path = anchors_file()
    if not path.exists():
        return
    try:
        key = signing.public_key()
    except BusinessError as error:
        yield f"Không kiểm được các mốc trong {path.name}: {' '.join(error.messages)}"
        return
    wanted: dict[tuple[int, int], dict[str, datetime]] = {}  # every digest that was ever signed for a place
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if (anchor := _read(line, key)) is None:
            yield f"Mốc nhật ký dòng {number} của {path.name} không đúng chữ ký của cổng này."
            continue
        at, ends = anchor
        for place, digest in ends.items():
            wanted.setdefault(place, {}).setdefault(digest, at)
    standing = _digests(list(wanted))
    for (chain, number), digests in sorted(wanted.items()):
        found = standing.get((chain, number))
        for digest, at in digests.items():
            if found is None:
                yield (
                    f"Chuỗi {chain}: lúc {_told(at)} đã có đến số {number}, nay không còn: "
                    "phần cuối nhật ký đã mất hoặc bị cắt."
                )
            elif found != digest:
                yield f"Chuỗi {chain}, mắt xích {number}: khác với mốc đã ký lúc {_told(at)}: nhật ký đã bị viết lại."


def missed(now: datetime) -> Iterator[str]:
    """In words, the chains older than some days that have no anchor from these days: the worker stands still, or the
    file was taken away. Of the record itself it says nothing. A demo, whose worker may never run, keeps none."""
    if settings.PORTAL_DEMO:
        return
    path, since = anchors_file(), now - MISSED_AFTER
    newest: dict[int, datetime] = {}
    if path.exists() and Path(settings.PORTAL_RECORD_KEY).exists():
        key = signing.public_key()
        for anchor in filter(None, (_read(line, key) for line in path.read_text(encoding="utf-8").splitlines())):
            newest |= {chain: max(anchor[0], newest.get(chain, anchor[0])) for chain, _number in anchor[1]}
    for chain in _chains_begun_before(since):
        last = newest.get(chain)
        if last is None or last < since:
            yield (
                f"Chuỗi {chain}: {f'mốc cuối từ {_told(last)}' if last else 'chưa có mốc nào'} trong {path}; "
                "mỗi đêm phải có một mốc."
            )


def _read(line: str, key: Ed25519PublicKey) -> tuple[datetime, dict[tuple[int, int], str]] | None:
    """When an anchor was kept and {(chain, number): digest}; None for one that is not signed so."""
    try:
        anchor = json.loads(line)
        if not signing.signed(anchor["anchor"].encode(), anchor["signature"], key):
            return None
        content = json.loads(anchor["anchor"])
        ends = {(int(chain), number): digest for chain, (number, digest) in content["ends"].items()}
        return datetime.fromisoformat(content["at"]), ends
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _told(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def _chains_begun_before(since: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.chain FROM agencies_recordlink l JOIN agencies_recordentry r ON r.id = l.entry_id"
            " WHERE l.number = 1 AND r.written_at < %s ORDER BY l.chain",
            [since],
        )
        return [chain for (chain,) in cursor.fetchall()]


def _digests(places: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.chain, l.number, encode(l.digest, 'hex') FROM agencies_recordlink l"
            " JOIN unnest(%s::int[], %s::bigint[]) AS w(chain, number) USING (chain, number)",
            [[chain for chain, _number in places], [number for _chain, number in places]],
        )
        return {(chain, number): digest for chain, number, digest in cursor.fetchall()}
