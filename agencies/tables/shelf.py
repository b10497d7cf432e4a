"""Uploaded files between the preview and the confirmation: bytes in the store of files, no business data half written.

A file lies under nhap-tam/<day>/ under a random token, belongs to the person and the session that uploaded it, and is
removed after a day. What is known of it stands beside it as JSON.
"""

import json
import re
import secrets
from datetime import date, datetime, timedelta

from agencies.files.storing import StorageFails, content_of, drop, exists, keep, keep_anew, listed, walk

FOLDER = "nhap-tam"
KEEP = timedelta(days=1)
# The token says on which day it was given, so that a whole day's folder can go at once.
_TOKEN = re.compile(r"(\d{8})[0-9a-f]{32}")
# A session remembers its last few uploads only.
_REMEMBERED = 10


def put(*, request, place: str, content: bytes, about: dict, now: datetime) -> str:
    """Keep an upload for this person and session, and return its token. ``place`` names the kind of upload.

    Uploads older than a day are removed on the way. ``about`` is kept as JSON beside the bytes.
    """
    sweep(now)
    token = f"{now:%Y%m%d}{secrets.token_hex(16)}"
    keep(_path(token, "tep"), content)
    note(token, about | {"user": request.user.pk})
    request.session[place] = [*request.session.get(place, []), token][-_REMEMBERED:]
    return token


def about(*, request, place: str, token: str) -> dict | None:
    """What is known of an upload of this very person and session; None: not theirs, never there, or a day old."""
    if not _TOKEN.fullmatch(token) or token not in request.session.get(place, []):
        return None
    try:
        known = json.loads(content_of(_path(token, "json")))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and known.get("user") == request.user.pk else None


def all_about(*, request, place: str) -> list[tuple[str, dict]]:
    """Every upload of this person and session that is still known, oldest first: (token, what is known)."""
    tokens = request.session.get(place, [])
    known = [(token, about(request=request, place=place, token=token)) for token in tokens]
    return [(token, row) for token, row in known if row is not None]


def note(token: str, about: dict) -> None:
    """Write anew what is known of an upload."""
    keep_anew(_path(token, "json"), json.dumps(about).encode())


def note_done(token: str, about: dict) -> bool:
    """Write down what became of an upload whose deed is done and committed, and remove its bytes.

    A store that fails now is logged, and False: the deed is done all the same, and nobody may be told otherwise.
    """
    try:
        note(token, about)
    except StorageFails:  # in the log already, with its cause
        return False
    drop_content(token)
    return True


def content(token: str) -> bytes:
    """The bytes of an upload. Raises FileNotFoundError when they were removed."""
    return content_of(_path(token, "tep"))


def has_content(token: str) -> bool:
    """Whether the bytes are still there."""
    return exists(_path(token, "tep"))


def drop_content(token: str) -> None:
    """Remove the bytes; what is known of the upload stays until the day is over."""
    drop(_path(token, "tep"))


def _path(token: str, ending: str) -> str:
    return f"{FOLDER}/{token[:8]}/{token}.{ending}"


def sweep(now: datetime) -> None:
    """Remove the folders of days that ended more than a day ago."""
    days, loose = listed(FOLDER)
    for day in days:
        if re.fullmatch(r"\d{8}", day) and date(int(day[:4]), int(day[4:6]), int(day[6:])) < (now - KEEP).date():
            for name in walk(f"{FOLDER}/{day}"):
                drop(name)
            drop(f"{FOLDER}/{day}")
    for name in loose:
        drop(f"{FOLDER}/{name}")
