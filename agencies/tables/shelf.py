"""Uploaded files between the preview and the confirmation: bytes on disk, no business data half written.

A file lies under MEDIA_ROOT/nhap-tam under a random token, belongs to the person and the session that uploaded it, and
is removed after a day. What is known of it stands beside it as JSON.
"""

import json
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

KEEP = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
# A session remembers its last few uploads only.
_REMEMBERED = 10


def put(*, request, place: str, content: bytes, about: dict, now: datetime) -> str:
    """Keep an upload for this person and session, and return its token. ``place`` names the kind of upload.

    Uploads older than a day are removed on the way. ``about`` is kept as JSON beside the bytes.
    """
    _sweep(now)
    token = secrets.token_hex(16)
    _folder().mkdir(parents=True, exist_ok=True)
    _write(_path(token, "tep"), content)
    note(token, about | {"user": request.user.pk})
    request.session[place] = [*request.session.get(place, []), token][-_REMEMBERED:]
    return token


def about(*, request, place: str, token: str) -> dict | None:
    """What is known of an upload of this very person and session; None: not theirs, never there, or a day old."""
    if not _TOKEN.fullmatch(token) or token not in request.session.get(place, []):
        return None
    try:
        known = json.loads(_path(token, "json").read_text())
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
    _write(_path(token, "json"), json.dumps(about).encode())


def content(token: str) -> bytes:
    """The bytes of an upload. Raises FileNotFoundError when they were removed."""
    return _path(token, "tep").read_bytes()


def has_content(token: str) -> bool:
    """Whether the bytes are still there."""
    return _path(token, "tep").is_file()


def drop_content(token: str) -> None:
    """Remove the bytes; what is known of the upload stays until the day is over."""
    _path(token, "tep").unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "nhap-tam"


def _path(token: str, ending: str) -> Path:
    return _folder() / f"{token}.{ending}"


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)


def _sweep(now: datetime) -> None:
    if not _folder().is_dir():
        return
    oldest = (now - KEEP).timestamp()
    for path in _folder().iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue  # another request removed it first
