"""Where each chain ended, signed and kept outside the database day by day: a chain cannot say that its end was cut off.

One line of ``PORTAL_RECORD_DIR/anchors.jsonl`` per day; copied away with the backup, it also shows that a whole chain
was written anew.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from agencies.journal import signing
from agencies.journal.chain import heads


def anchors_file() -> Path:
    """The file of the anchors."""
    return Path(settings.PORTAL_RECORD_DIR) / "anchors.jsonl"


def keep_anchor(now: datetime) -> int:
    """Write down, signed, where every chain ends now. Returns how many chains there are."""
    ends = {str(head.chain): [head.number, head.digest] for head in heads()}
    if not ends:
        return 0
    path = anchors_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps({"at": now.isoformat(), "ends": ends}, sort_keys=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"anchor": content, "signature": signing.sign(content.encode())}) + "\n")
    return len(ends)


def findings() -> Iterator[str]:
    """In words, every anchor that is not signed by this portal's key or that the record no longer passes through."""
    path = anchors_file()
    if not path.exists():
        return
    key, wanted = signing.public_key(), {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            anchor = json.loads(line)
            content = json.loads(anchor["anchor"])
            good = signing.signed(anchor["anchor"].encode(), anchor["signature"], key)
            places = {
                (int(chain), place): (digest, content["at"]) for chain, (place, digest) in content["ends"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError):
            good, places = False, {}
        if not good:
            yield f"Mốc nhật ký dòng {number} của {path.name} không đúng chữ ký của cổng này."
        else:
            wanted |= places
    standing = _digests(list(wanted))
    for (chain, number), (digest, at) in sorted(wanted.items()):
        if (found := standing.get((chain, number))) is None:
            yield f"Chuỗi {chain}: lúc {at} đã có đến số {number}, nay không còn: phần cuối nhật ký đã mất hoặc bị cắt."
        elif found != digest:
            yield f"Chuỗi {chain}, mắt xích {number}: khác với mốc đã ký lúc {at}: nhật ký đã bị viết lại."


def _digests(places: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.chain, l.number, encode(l.digest, 'hex') FROM agencies_recordlink l"
            " JOIN unnest(%s::int[], %s::bigint[]) AS w(chain, number) USING (chain, number)",
            [[chain for chain, _number in places], [number for _chain, number in places]],
        )
        return {(chain, number): digest for chain, number, digest in cursor.fetchall()}
