"""Proving the record: every line where its council's chain says, every link following the one before it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from agencies.journal.guards import missing_guards

MOST = 200  # findings told of one kind; a torn chain would otherwise fill the screen
GENESIS = bytes(32)


@dataclass(frozen=True)
class Head:
    """The last link of one council's chain (0: of no council): what an anchor kept elsewhere compares."""

    chain: int
    number: int
    month: str
    digest: str


# One pass over the links beside their lines: what is written against what follows from the line and the link before.
_TORN = """
SELECT chain, number, entry_id, found FROM (
    SELECT l.chain, l.number, l.entry_id,
        CASE
            WHEN l.number <> coalesce(lag(l.number) OVER w, {first}) + 1 THEN 'gap'
            WHEN l.before <> coalesce(lag(l.digest) OVER w, l.before)
              OR (l.number = 1 AND l.before <> decode(repeat('00', 32), 'hex')) THEN 'torn'
            WHEN r.id IS NULL THEN 'missing'
            WHEN l.chain <> coalesce(r.council_id, 0) THEN 'changed'
            WHEN l.month < coalesce(lag(l.month) OVER w, l.month) THEN 'torn'
            WHEN l.digest <> portal_record_digest(
                l.before, l.chain, l.number, l.month, l.form, portal_record_text(r, l.form)) THEN 'changed'
        END AS found
    FROM agencies_recordlink l LEFT JOIN agencies_recordentry r ON r.id = l.entry_id
    {where}
    WINDOW w AS (PARTITION BY l.chain ORDER BY l.number)
) AS looked WHERE found IS NOT NULL ORDER BY chain, number LIMIT %s
"""
_WORDS = {
    "gap": "Chuỗi {chain}: thiếu mắt xích ngay trước số {number} (dòng nhật ký số {entry}): có dòng đã bị lấy đi.",
    "torn": "Chuỗi {chain}, mắt xích {number} (dòng số {entry}): không nối tiếp mắt xích trước; chuỗi đã bị sửa.",
    "missing": "Chuỗi {chain}, mắt xích {number}: dòng nhật ký số {entry} đã bị xóa.",
    "changed": "Chuỗi {chain}, mắt xích {number}: nội dung dòng nhật ký số {entry} đã bị sửa.",
}


def heads() -> list[Head]:
    """Where each chain ends now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (chain) chain, number, month, encode(digest, 'hex') FROM agencies_recordlink"
            " ORDER BY chain, number DESC"
        )
        return [Head(*row) for row in cursor.fetchall()]


def findings(month: str = "") -> Iterator[str]:
    """What is not as it was written, in words; nothing when the whole record (or that month, YYYY-MM) stands.

    Looks at: the guards on the tables, every link against its line and against the link before, lines that are in no
    chain. What a chain cannot say of itself, that its end was cut off, the anchors say (``agencies/journal/files.py``).
    """
    yield from missing_guards()
    if month:
        # A month's first link is held against the last of the months before.
        query = _TORN.format(first="l.number - 1", where="WHERE l.month = %s")
        rows = _rows(query, month, MOST) + _rows(_BETWEEN, month, MOST)
    else:
        rows = _rows(_TORN.format(first="0", where=""), MOST)
    for chain, number, entry, found in rows:
        yield _WORDS[found].format(chain=chain, number=number, entry=entry)
    if len(rows) >= MOST:
        yield f"… còn nữa: chỉ nêu {MOST} chỗ đầu tiên."
    for entry, written_at in _rows(_UNCHAINED, MOST):
        yield (
            f"Dòng nhật ký số {entry} (ghi {written_at:%d/%m/%Y}) không nằm trong chuỗi nào: "
            "được chèn vào ngoài đường ghi của phần mềm."
        )


_BETWEEN = """
SELECT l.chain, l.number, l.entry_id, 'torn' FROM agencies_recordlink l
  LEFT JOIN agencies_recordlink p ON p.chain = l.chain AND p.number = l.number - 1
 WHERE l.month = %s AND l.number > 1 AND (p.number IS NULL OR (p.month <> l.month AND p.digest <> l.before))
 ORDER BY l.chain, l.number LIMIT %s
"""
# A note that waits is of a transaction not yet committed, which nobody else sees; one's own is linked at commit.
_UNCHAINED = """
SELECT r.id, r.written_at FROM agencies_recordentry r
 WHERE NOT EXISTS (SELECT FROM agencies_recordlink l WHERE l.entry_id = r.id) ORDER BY r.id LIMIT %s
"""


def _rows(query: str, *params) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def count(month: str = "") -> int:
    """How many links there are, in all or in that month."""
    return _rows("SELECT count(*) FROM agencies_recordlink WHERE %s IN ('', month)", month)[0][0]
