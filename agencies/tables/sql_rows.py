"""Rows of a file made by the database itself: COPY of CSV lines, and of a sheet's rows as XML, typed and safe.

The same cells as agencies/tables/listing.py writes, without a Python object per cell: for exports of any length. Text
stays text: in CSV an apostrophe goes before what a spreadsheet would read as a formula, in Excel every text is an
inline string.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.db import connection

from agencies.tables.listing import FORMULA_STARTS, MAX_CELL

ZONE = "Asia/Ho_Chi_Minh"


class As(Enum):
    """What a column holds, and so how its cells are written."""

    TYPED = "typed"  # text that people wrote
    WORD = "word"  # text of the product's own: never a formula, no signs to escape
    NUMBER = "number"  # whole
    FIGURE = "figure"  # whole or not
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class SqlColumn:
    """One column: heading, the SQL that reads it from the source's tables, what it holds, width in letters."""

    heading: str
    sql: str
    kind: As = As.TYPED
    width: int = 18


def literal(text: str) -> str:
    """A text of the product's own as SQL, also where the statement takes parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def worded(sql: str, words: Iterable[tuple[object, str]]) -> str:
    """SQL that turns the stored values of a choice into their words; NULL for any other."""
    cases = " ".join(
        f"WHEN {value if isinstance(value, int) else literal(str(value))} THEN {literal(str(word))}"
        for value, word in words
    )
    return f"CASE {sql} {cases} END" if cases else "NULL::text"


@dataclass(frozen=True)
class Window:
    """Some rows of a source, in order: FROM … ORDER BY as SQL with its parameters, and how many rows it has."""

    sql: str
    params: dict
    rows: int


# --- CSV ---------------------------------------------------------------------------------------------------------


def csv_head(columns: list[SqlColumn]) -> bytes:
    """The mark of UTF-8, so that Excel reads the diacritics, and the line of headings."""
    cells = ('"' + column.heading.replace('"', '""') + '"' for column in columns)
    return ("\ufeff" + ",".join(cells) + "\n").encode()


def csv_rows(columns: list[SqlColumn], window: Window) -> Iterator[bytes]:
    """The lines of a window: dates as dd/mm/yyyy, a decimal comma, nothing that becomes a formula."""
    cells = ", ".join(_csv_cell(f"c{at}", column.kind) for at, column in enumerate(columns))
    with connection.cursor() as cursor:
        statement = f"COPY (SELECT {cells} FROM ({_values(columns, window)}) q) TO STDOUT (FORMAT csv)"
        with cursor.copy(statement, window.params) as copy:
            for data in copy:
                yield bytes(data)


def _values(columns: list[SqlColumn], window: Window) -> str:
    """Each value once, by a name of its own: what makes a cell of it may ask for it twice."""
    return f"SELECT {', '.join(f'{column.sql} AS c{at}' for at, column in enumerate(columns))} {window.sql}"


def _csv_cell(sql: str, kind: As) -> str:
    match kind:
        case As.TYPED:
            starts = ", ".join(_letter(start) for start in FORMULA_STARTS)
            return f"CASE WHEN left({sql}, 1) IN ({starts}) THEN '''' || {sql} ELSE nullif({sql}, '') END"
        case As.NUMBER | As.FIGURE:
            return f"replace(trim_scale(({sql})::numeric)::text, '.', ',')"
        case As.DAY:
            return f"to_char({sql}, 'DD/MM/YYYY')"
        case As.MOMENT:
            return f"to_char({sql} AT TIME ZONE '{ZONE}', 'DD/MM/YYYY HH24:MI')"
        case _:
            return sql


def _letter(letter: str) -> str:
    return f"U&'\\{ord(letter):04x}'"


# --- rows of a sheet -----------------------------------------------------------------------------------------------

# Control characters that no XML can hold; those of a text's lines stay.
_UNSEEN = bytes(set(range(32)) - {9, 10})
_LOOKS_ESCAPED = re.compile(rb"_(x[0-9A-Fa-f]{4}_)")
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


def sheet_rows(columns: list[SqlColumn], window: Window, *, first: int, styles: list[str]) -> Iterator[bytes]:
    """The window as ``<row>`` elements from row number ``first`` on.

    ``styles``: the number of each column's style, and behind them that of figures which are not whole.
    """
    named = enumerate(zip(columns, styles, strict=False))  # one style more: that of numbers that are not whole
    cells = ", ".join(_sheet_cell(at, column, style, styles[-1]) for at, (column, style) in named)
    numbered = f"SELECT ({int(first) - 1} + row_number() OVER ())::text AS n, q.* FROM ({_values(columns, window)}) q"
    # concat() fills one buffer; a chain of || would copy the row so far for each of its parts.
    row = f"""concat('<row r="', n, '">', {cells}, '</row>')"""
    with connection.cursor() as cursor:
        statement = f"COPY (SELECT convert_to({row}, 'UTF8') FROM ({numbered}) s) TO STDOUT (FORMAT binary)"
        with cursor.copy(statement, window.params) as copy:
            copy.set_types(["bytea"])
            for (data,) in copy.rows():
                yield _legal(data)


def _legal(data: bytes) -> bytes:
    data = data.translate(None, _UNSEEN)
    if b"_x" in data:  # Excel would read _x0041_ as the letter A
        data = _LOOKS_ESCAPED.sub(rb"_x005F_\1", data)
    if b"\xef\xbf" in data:
        for noncharacter in _NONCHARACTERS:
            data = data.replace(noncharacter, b"")
    return data


def _sheet_cell(at: int, column: SqlColumn, style: str, fraction: str) -> str:
    name, start = f"c{at}", f"""'<c r="{_letters(at)}', n, '" s="{style}"""
    match column.kind:
        case As.TYPED:
            plain = f"left({name}, {MAX_CELL})"
            escaped = f"replace(replace(replace({plain}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
            return _inline(name, start, f"CASE WHEN {name} ~ '[&<>]' THEN {escaped} ELSE {plain} END")
        case As.WORD:
            return _inline(name, start, name)
        case As.NUMBER:
            value = name
        case As.FIGURE:
            odd = f"""'<c r="{_letters(at)}', n, '" s="', CASE WHEN {name} <> trunc({name}) THEN '{fraction}' """
            start = f"""{odd} ELSE '{style}' END, '"""
            value = name
        case As.DAY:
            value = f"({name} - DATE '1899-12-30')"
        case As.MOMENT:
            days = f"extract(epoch FROM {name} AT TIME ZONE '{ZONE}' - TIMESTAMP '1899-12-30') / 86400"
            value = f"round({days}, 9)"
    filled = f"""concat({start}"><v>', {value}, '</v></c>')"""
    return f"""CASE WHEN {name} IS NULL THEN concat({start}"/>') ELSE {filled} END"""


def _inline(name: str, start: str, text: str) -> str:
    filled = f"""concat({start}" t="inlineStr"><is><t xml:space="preserve">', {text}, '</t></is></c>')"""
    return f"""CASE WHEN {name} <> '' THEN {filled} ELSE concat({start}"/>') END"""


def _letters(at: int) -> str:
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(65 + at % 26)


def deflated(pieces: Iterable[bytes], crc: int, *, last: bool = False) -> tuple[bytes, int, int]:
    """Compress pieces of one member of a zip file so that such results can follow one another.

    Returns (bytes, the check sum carried on from ``crc``, length before). ``last`` ends the member.
    """
    squeeze, out, size = zlib.compressobj(2, zlib.DEFLATED, -15), [], 0
    for chunk in _larger(pieces):
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        out.append(squeeze.compress(chunk))
    # A full flush ends on a byte and remembers nothing: what follows may be compressed by another process.
    out.append(squeeze.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH))
    return b"".join(out), crc, size


def _larger(pieces: Iterable[bytes], size: int = 1 << 16) -> Iterator[bytes]:
    held, length = [], 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(held)
            held, length = [], 0
    yield b"".join(held)
