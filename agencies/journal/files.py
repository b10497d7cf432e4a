"""A month of the record as one signed file that proves itself without the database.

JSON lines: what it is and where each chain enters and leaves the month; one line per line of the record, with exactly
the text that the hash covers; at the end the hash of everything above and its Ed25519 signature.
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from agencies.errors import BusinessError
from agencies.journal import signing

_WHAT = "portal record"
_END = ("first", "last", "before", "digest")
_LINES = """
SELECT l.chain, l.number, l.form, encode(l.digest, 'hex'), portal_record_text(r, l.form)
  FROM agencies_recordlink l JOIN agencies_recordentry r ON r.id = l.entry_id
 WHERE l.month = %s ORDER BY l.chain, l.number
"""
_ENDS = """
SELECT chain, min(number), max(number), encode((array_agg(before ORDER BY number))[1], 'hex'),
       encode((array_agg(digest ORDER BY number DESC))[1], 'hex')
  FROM agencies_recordlink WHERE month = %s GROUP BY chain ORDER BY chain
"""


def month_of(text: str) -> str:
    """A month as YYYY-MM. Raises BusinessError for anything else."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        raise BusinessError(f"“{text}” không phải tháng. Ghi dạng năm-tháng, ví dụ 2026-10.")
    return text


def write_month(month: str, path: Path, *, now: datetime, told: Callable[[int], object] = lambda count: None) -> int:
    """Write the month's lines to a new file, readable by its owner alone; returns how many lines.

    ``told`` writes on the record that so many lines leave, before the file is sealed and in the same transaction.
    Raises BusinessError when the file exists (nothing is overwritten) or the month holds nothing.
    """
    month, count, total = month_of(month), 0, hashlib.sha256()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BusinessError(f"Không tạo được tệp {path} (đã có, hoặc không ghi được). Hãy chọn tên khác.") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:

            def put(line: dict) -> None:
                text = json.dumps(line, ensure_ascii=False) + "\n"
                total.update(text.encode())
                file.write(text)

            # What is written to the month meanwhile is left for the next file: the ends are read first.
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_ENDS, [month])
                ends = [dict(zip(("chain", *_END), row, strict=True)) for row in cursor.fetchall()]
                if not ends:
                    raise BusinessError(f"Tháng {month} không có dòng nhật ký nào. Không có tệp nào được tạo.")
                put({"what": _WHAT, "month": month, "made_at": now.isoformat(), "key": _raw(), "chains": ends})
                last = {end["chain"]: end["last"] for end in ends}
                for chain, number, form, digest, text in _streamed(month):
                    if number > last.get(chain, 0):
                        continue  # written after the ends were read
                    put({"chain": chain, "number": number, "form": form, "digest": digest, "line": text})
                    count += 1
                told(count)
            seal = {"lines": count, "sha256": total.hexdigest()}
            file.write(json.dumps(seal | {"signature": signing.sign(_sealed(seal))}) + "\n")
    except BaseException:
        path.unlink()
        raise
    return count


def _streamed(month: str) -> Iterator[tuple]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, [month])
        while rows := cursor.fetchmany(2000):
            yield from rows


def _raw() -> str:
    raw = signing.signing_key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def _sealed(seal: dict) -> bytes:
    return f"{seal['lines']} {seal['sha256']}".encode()


def file_findings(path: Path, key: Ed25519PublicKey) -> Iterator[str]:
    """What is not right with a signed file, in words; nothing when it is whole and signed by that key.

    Needs no database. Raises BusinessError for a file that cannot be read at all.
    """
    try:
        raw = path.read_bytes().splitlines(keepends=True)
        head, *lines, seal = [json.loads(line) for line in raw]
        lines = [dict(line, chain=int(line["chain"]), number=int(line["number"])) for line in lines]
        # chain → its first and last place in the month, and the digests it comes from and ends with
        ends = {int(end["chain"]): tuple(end[name] for name in _END) for end in head["chains"]}
        at = {chain: (int(first) - 1, before) for chain, (first, _last, before, _digest) in ends.items()}
        sealed, month = (seal["lines"], seal["sha256"]), head.get("month")
        good = signing.signed(_sealed(seal), seal["signature"], key)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BusinessError(f"{path} không đọc được như một tệp nhật ký đã ký. Hãy kiểm tra lại tệp.") from error
    if not good:
        yield "Chữ ký không đúng: tệp không do cổng này xuất, hoặc đã bị sửa."
    if (len(lines), hashlib.sha256(b"".join(raw[:-1])).hexdigest()) != sealed:
        yield "Nội dung tệp không khớp với phần đã ký: có dòng bị sửa, thêm hoặc bớt."
    yield from _chain_findings(lines, at, month)
    for chain, (_first, last, _before, digest) in ends.items():
        if at[chain] != (last, digest):
            yield f"Chuỗi {chain}: không đến đúng dòng cuối của tháng (số {last})."


def _chain_findings(lines: list[dict], at: dict[int, tuple[int, str]], month: str) -> Iterator[str]:
    """Follow every chain from where it enters the month; ``at`` is afterwards where it came to."""
    for line in lines:
        chain, number = line.get("chain"), line.get("number")
        place, before = at.get(chain, (None, ""))
        if place is None or number != place + 1:
            yield f"Chuỗi {chain}: dòng số {number} không nối tiếp dòng trước."
        text = f"{before}\n{chain}/{number}/{month}/{line.get('form')}\n{line.get('line')}"
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest != line.get("digest"):
            yield f"Chuỗi {chain}: nội dung dòng số {number} khác với mã băm của nó."
        at[chain] = (number, line.get("digest"))
