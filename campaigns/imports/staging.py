"""Uploaded annexes between the preview and the confirmation: files on disk, no business data half written.

A file lies under MEDIA_ROOT/nhap-tam under a random token, belongs to the person and session that uploaded it, and is
removed after a day. What the person corrected in the preview stays beside it, and what it was imported into, so that a
second click on "confirm" finds the plan.
"""

import json
import re
import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings

from campaigns.imports.corrections import NONE, Corrections

KEEP = timedelta(days=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Staged:
    """What was uploaded, with what the person typed beside it. Dates are ISO text or ''."""

    token: str
    user: int
    council: int
    filename: str
    number: str = ""
    title: str = ""
    starts_on: str = ""
    ends_on: str = ""
    imported_plan: int | None = None
    corrected: dict = field(default_factory=dict)  # Corrections as JSON

    @property
    def content(self) -> bytes:
        return _path(self.token, "tep").read_bytes()

    @property
    def corrections(self) -> Corrections:
        """What the person has corrected so far."""
        return Corrections.from_json(self.corrected)

    @property
    def given(self) -> dict:
        """The keyword arguments that preview and import take from the person."""
        return {
            "number": self.number,
            "title": self.title,
            "starts_on": date.fromisoformat(self.starts_on) if self.starts_on else None,
            "ends_on": date.fromisoformat(self.ends_on) if self.ends_on else None,
            "corrections": self.corrections,
        }


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "nhap-tam"


def _path(token: str, ending: str) -> Path:
    return _folder() / f"{token}.{ending}"


def keep(
    *,
    request,
    council_id: int,
    content: bytes,
    filename: str,
    now: datetime,
    corrections: Corrections = NONE,
    **given: str,
) -> Staged:
    """Put an upload aside for this person and session; uploads older than a day are removed on the way."""
    _sweep(now)
    token, corrected = secrets.token_hex(16), corrections.as_json()
    staged = Staged(token, request.user.pk, council_id, filename, corrected=corrected, **given)
    _folder().mkdir(parents=True, exist_ok=True)
    _write(_path(staged.token, "tep"), content)
    _write(_path(staged.token, "json"), json.dumps(asdict(staged)).encode())
    # A session remembers its last few uploads only.
    request.session["plan_imports"] = [*request.session.get("plan_imports", []), staged.token][-10:]
    return staged


def find(*, request, token: str) -> Staged | None:
    """The upload of this very person and session, or None: not theirs, never there, or removed after a day."""
    if not _TOKEN.fullmatch(token) or token not in request.session.get("plan_imports", []):
        return None
    try:
        staged = Staged(**json.loads(_path(token, "json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    here = staged.imported_plan is not None or _path(token, "tep").is_file()
    return staged if here and staged.user == request.user.pk else None


def correct(staged: Staged, corrections: Corrections) -> Staged:
    """Keep what the person corrected, in place of what was corrected before."""
    staged = replace(staged, corrected=corrections.as_json())
    _write(_path(staged.token, "json"), json.dumps(asdict(staged)).encode())
    return staged


def mark_imported(staged: Staged, plan_id: int) -> None:
    """Remember into which plan the upload went; its bytes are no longer needed."""
    _write(_path(staged.token, "json"), json.dumps(asdict(staged) | {"imported_plan": plan_id}).encode())
    _path(staged.token, "tep").unlink(missing_ok=True)


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
