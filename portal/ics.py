"""A calendar as calendar programs read it (RFC 5545). Whole days only: deadlines here are days, not hours."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from portal.agenda import KINDS, Event

LONGEST_LINE = 75  # octets, without the line's end


def folded(line: str) -> str:
    """A content line cut after at most 75 octets, each further piece begun by a space; no letter is cut in two."""
    pieces, piece, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += octets
    return "\r\n".join([*pieces, piece])


def text(value: str) -> str:
    """A text value: backslash, semicolon, comma and line ends escaped, other control characters left out."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = "".join(char for char in value if char == "\n" or char >= " " and char != "\x7f")
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(sign, escaped)
    return value


def as_ics(events: Iterable[Event], *, name: str, host: str, origin: str, now: datetime) -> str:
    """The whole calendar. ``host`` makes the events' ids the portal's own; ``origin`` stands before their paths."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Cong phoi hop PBGDPL//Lich//VI",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}",
        "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.key}@{host}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.until + timedelta(days=1):%Y%m%d}",  # the day after the last one
            f"SUMMARY:{text(event.title)}",
            f"CATEGORIES:{text(KINDS[event.kind][0])}",
            "TRANSP:TRANSPARENT",
        ]
        if event.note:
            lines.append(f"DESCRIPTION:{text(event.note)}")
        if event.path:
            lines.append(f"URL:{origin}{event.path}")
        lines.append("END:VEVENT")
    return "\r\n".join([*map(folded, lines), "END:VCALENDAR", ""])
