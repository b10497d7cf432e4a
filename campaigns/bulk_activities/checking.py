"""The first long work of an import: read the file, check every row, stage it; then say what would happen.

Nothing of the business is written. The rows wait in ``StagedRow``; the result is the file of all that is wrong.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import connection, transaction

from agencies import clock
from agencies.errors import NotAllowed
from agencies.files.storing import content_of, drop
from agencies.long_work import orders
from agencies.long_work.exporting import kept
from agencies.long_work.kinds import Step
from agencies.models import Agency, Council, LongWork, StagedRow, User
from agencies.permissions import Perm, grants_of
from agencies.tables.listing import Column, as_csv
from agencies.tables.long_lists import LongList, open_long_list
from agencies.vietnamese import show_number
from campaigns import activities
from campaigns.bulk_activities.rows import HEADINGS, REQUIRED, Rows

CHECK = "kiem-tra-tep-hoat-dong"
ROWS = 50_000  # of one piece; each opens the file anew
BATCH = 2_000  # of one statement
SHOWN = 50  # errors on the page
NOTES = 20

_ERRORS = [
    Column("Hàng", lambda row: row[0]),
    Column("Cột", lambda row: row[1]),
    Column("Giá trị", lambda row: row[2]),
    Column("Lỗi", lambda row: row[3]),
    Column("Cách sửa", lambda row: row[4]),
]


def own_agencies(user: User, council: Council):
    """The agencies of the council for which the person may record activities."""
    return Agency.objects.filter(pk__in=grants_of(user).agencies(Perm.RECORD_PROGRESS), council=council)


def order_check(*, council: Council, filename: str, content: bytes, by: User, now: datetime) -> LongWork:
    """Have a file read and checked. The file lies in the store until the work's files are removed.

    Raises NotAllowed without an agency of the council to record for; BadFile for one that has no list of activities.
    """
    mine = own_agencies(by, council)
    if not mine.exists():
        raise NotAllowed("Chỉ cán bộ đầu mối được nhập hoạt động của cơ quan mình.")
    _opened(content, filename, Rows(council=council.pk, agencies=mine, today=clock.local_day(now)))
    path, size = kept("tep", content)
    return orders.order(
        kind=CHECK,
        title=f"Kiểm tra tệp hoạt động “{filename}”",
        parameters={"file": [path, size], "filename": filename},
        by=by,
        now=now,
        council=council,
        file_name="loi-trong-tep.csv",
        parts=[[path, size]],
    )


def _opened(content: bytes, filename: str, rows: Rows) -> LongList:
    return open_long_list(
        content, filename, rows.means, REQUIRED, says={name: ways[0] for name, ways in HEADINGS.items()}
    )


def begin(work: LongWork, now: datetime) -> Step:
    """Open the file; how many rows it has is known only of a workbook."""
    found = _opened(content_of(work.parameters["file"][0]), work.parameters["filename"], _rows_of(work, now))
    return Step({"row": 0, "unknown": list(found.unknown)}, total=found.total)


def _rows_of(work: LongWork, now: datetime) -> Rows:
    mine = own_agencies(work.ordered_by, work.council)
    return Rows(council=work.council_id, agencies=mine, today=clock.local_day(now))


def piece(work: LongWork, now: datetime) -> Step:
    """Stage the next rows; after the last say what was found."""
    if work.position.get("staged"):
        return _finish(work)
    rows = _rows_of(work, now)
    found = _opened(content_of(work.parameters["file"][0]), work.parameters["filename"], rows)
    last, count = work.position["row"], 0
    for _number, row in islice(found.rows, work.rows_done):  # keys count how often a row was there before
        rows.read(row, found.columns)
    while batch := list(islice(found.rows, min(BATCH, ROWS - count))):
        _stage(work, [(number, *_said(rows.read(row, found.columns), found)) for number, row in batch])
        last, count = batch[-1][0], count + len(batch)
    position = work.position | {"row": last}
    if count < ROWS:
        return Step(position | {"staged": True}, rows=count, total=work.rows_done + count)
    return Step(position, rows=count)


def _said(read: tuple, found: LongList) -> tuple:
    """(day, key, values, problems) of a row as they are stored."""
    day, key, values, problems = read
    if not problems:
        return day, key, json.dumps(values, ensure_ascii=False), None
    told = [[found.headings.get(column, column), *rest] for column, *rest in problems]
    return None, None, None, json.dumps(told, ensure_ascii=False)


def _stage(work: LongWork, rows: list[tuple]) -> None:
    """Rows in one statement; COPY cannot write through the wall between councils (row-level security)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO agencies_stagedrow (work_id, number, day, key, values, problems)"
            " SELECT %s, number, day, key, said::jsonb, wrong::jsonb"
            " FROM unnest(%s::int[], %s::date[], %s::uuid[], %s::text[], %s::text[]) r (number, day, key, said, wrong)",
            [work.pk, *map(list, zip(*rows, strict=True))],
        )


def _finish(work: LongWork) -> Step:
    good = StagedRow.objects.filter(work=work, problems__isnull=True)
    wrong = StagedRow.objects.filter(work=work, problems__isnull=False)
    preview = {"good": good.count(), "wrong": wrong.count(), **_told(work)}
    parts = [kept(work.pk, "".join(as_csv(_ERRORS, _errors(wrong))).encode())] if preview["wrong"] else []
    path, _size = work.parameters["file"]
    transaction.on_commit(lambda: drop(path))
    outcome = f"{show_number(preview['good'])} dòng đúng, {show_number(preview['wrong'])} dòng có lỗi."
    return Step(work.position | {"preview": preview}, parts=parts, done=True, outcome=outcome)


def _errors(wrong) -> Iterator[list]:
    for number, problems in wrong.order_by("number").values_list("number", "problems").iterator(2000):
        for problem in problems:
            yield [number, *problem]


def first_errors(work: LongWork) -> list[list]:
    """The first errors of the file: [row, column, value, message, fix]."""
    return list(islice(_errors(StagedRow.objects.filter(work=work, problems__isnull=False)), SHOWN))


def _told(work: LongWork) -> dict:
    """What the good rows say together, and how many of them are there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(s.day)::text, max(s.day)::text, count(DISTINCT s.values->>'agency'),
                   sum((s.values->'figures'->>'PB02')::numeric)::text, count(v.id),
                   count(*) FILTER (WHERE v.id IS NULL AND EXISTS (
                       SELECT FROM campaigns_activity t WHERE t.agency_id = (s.values->>'agency')::bigint
                       AND t.held_on = s.day AND t.withdrawn_at IS NULL AND lower(t.title) = lower(s.values->>'title')))
            FROM agencies_stagedrow s LEFT JOIN campaigns_activity v
                 ON v.agency_id = (s.values->>'agency')::bigint AND v.form_key = s.key
            WHERE s.work_id = %s AND s.problems IS NULL
            """,
            [work.pk],
        )
        first, last, agencies, people, known, alike = cursor.fetchone()
        cursor.execute(
            "SELECT (values->>'agency')::bigint, min(day), max(day) FROM agencies_stagedrow"
            " WHERE work_id = %s AND problems IS NULL GROUP BY 1 ORDER BY 1",
            [work.pk],
        )
        spans = cursor.fetchall()
    told = {"first": first, "last": last, "agencies": agencies, "people": people, "known": known, "alike": alike}
    return told | {"notes": _notes(spans)}


def _notes(spans: list[tuple]) -> list[str]:
    """What is said of the first and the last day of each agency (rule V07), as after a single save; some of it."""
    agencies = Agency.objects.in_bulk([pk for pk, _first, _last in spans])
    found: dict[str, None] = {}
    for pk, first, last in spans:
        for day in {first, last}:
            found |= dict.fromkeys(activities.notes_on_day(agencies[pk], day))
    return list(found)[:NOTES]
