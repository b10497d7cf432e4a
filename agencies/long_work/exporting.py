"""Exports of any length as a long work: windows of rows, one part of the result each, as CSV or Excel."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agencies.errors import BusinessError
from agencies.files.storing import keep
from agencies.long_work.kinds import Step
from agencies.models import WORK_FOLDER, LongWork
from agencies.tables import pieced_xlsx
from agencies.tables.sql_rows import SqlColumn, Window, csv_head, csv_rows, deflated, sheet_rows
from agencies.vietnamese import show_number

ROWS = 20_000  # of one piece, about


@dataclass(frozen=True)
class Source:
    """Where the rows of an export come from.

    ``count(work)``: how many there are. ``after(work, key, rows)``: the window of about so many rows after the key that
    the one before ended with (None: from the beginning), and its own last key as JSON; None when nothing is left.
    """

    title: Callable[[LongWork], str]
    columns: Callable[[LongWork], list[SqlColumn]]
    count: Callable[[LongWork], int]
    after: Callable[[LongWork, object, int], tuple[Window, object] | None]


def begin(source: Source, work: LongWork, now: datetime) -> Step:
    """Count, and start the file."""
    total = source.count(work)
    if work.parameters["format"] == "csv":
        return Step({"key": None}, total=total, parts=[kept(work.pk, csv_head(source.columns(work)))])
    return Step({"key": None, "sheets": []}, total=total, parts=[])


def piece(source: Source, work: LongWork, now: datetime) -> Step:
    """The next window, or the end of the file when there is none."""
    if work.position.get("closed"):
        return Step(work.position, done=True, outcome=_outcome(work, 0))
    found = source.after(work, work.position["key"], ROWS)
    if work.parameters["format"] == "csv":
        return _csv(source, work, found)
    return _xlsx(source, work, found)


def _csv(source: Source, work: LongWork, found) -> Step:
    if found is None:
        return Step({"closed": True}, done=True, outcome=_outcome(work, 0))
    window, key = found
    part = kept(work.pk, b"".join(csv_rows(source.columns(work), window)))
    return Step({"key": key}, rows=window.rows, parts=[*work.parts, part])


def _xlsx(source: Source, work: LongWork, found) -> Step:
    """Sheets are [index of their first part, rows, check sum, packed bytes, bytes]; the last one is open."""
    sheets, parts = [list(sheet) for sheet in work.position["sheets"]], list(work.parts)
    columns, title = source.columns(work), source.title(work)
    if work.size > pieced_xlsx.MOST_BYTES:
        raise BusinessError("Tệp Excel vượt 2 GB. Hãy chọn ít kỳ hơn, hoặc xuất CSV (không giới hạn).")
    full = found is not None and sheets and _is_full(sheets[-1], found[0].rows)
    if not sheets or full:
        if full:
            _close(work, sheets, parts, columns, title)
        sheets.append([len(parts), 0, pieced_xlsx.EMPTY, 0, 0])
        _, head, _ = _shell(work, sheets, columns, title).parts[-1]
        _add(work, sheets[-1], parts, [head])
    if found is None:
        _close(work, sheets, parts, columns, title)
        members = [
            (name, crc, packed, size)
            for (name, _head, _tail), (_at, _rows, crc, packed, size) in zip(
                _shell(work, sheets, columns, title).parts, sheets, strict=True
            )
        ]
        offset = sum(size for _path, size in parts)
        rest = pieced_xlsx.closing(members, _shell(work, sheets, columns, title).members, offset)
        parts.append(kept(work.pk, rest))
        return Step({"closed": True}, parts=parts, done=True, outcome=_outcome(work, 0))
    window, key = found
    first = pieced_xlsx.FIRST_ROW + sheets[-1][1]
    styles = _shell(work, sheets, columns, title).styles
    _add(work, sheets[-1], parts, sheet_rows(columns, window, first=first, styles=styles))
    sheets[-1][1] += window.rows
    return Step({"key": key, "sheets": sheets}, rows=window.rows, parts=parts)


def _is_full(sheet: list, more: int) -> bool:
    return sheet[1] + more > pieced_xlsx.MOST_ROWS or sheet[4] > pieced_xlsx.MOST_BYTES


def _shell(work: LongWork, sheets: list, columns, title: str) -> pieced_xlsx.Shell:
    return pieced_xlsx.Shell(title, columns, [sheet[1] for sheet in sheets], work.ordered_at)


def _add(work: LongWork, sheet: list, parts: list, content, *, last: bool = False) -> None:
    data, sheet[2], size = deflated(content, sheet[2], last=last)
    sheet[3], sheet[4] = sheet[3] + len(data), sheet[4] + size
    parts.append(kept(work.pk, data))


def _close(work: LongWork, sheets: list, parts: list, columns, title: str) -> None:
    """End the open sheet, and put before it what only now is known of it."""
    name, _head, tail = _shell(work, sheets, columns, title).parts[-1]
    _add(work, sheets[-1], parts, [tail], last=True)
    at, _rows, crc, packed, size = sheets[-1]
    parts.insert(at, kept(work.pk, pieced_xlsx.local_head(name, crc=crc, packed=packed, size=size)))


def kept(folder: int | str, content: bytes) -> list:
    """Bytes put into the store, as a part of a work: [path, length]. Raises StorageFails."""
    path = f"{WORK_FOLDER}/{folder}/{secrets.token_hex(16)}"
    keep(path, content)
    return [path, len(content)]


def _outcome(work: LongWork, rows: int) -> str:
    return f"Đã xuất {show_number(work.rows_done + rows)} dòng."
