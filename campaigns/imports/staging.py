"""Uploaded annexes between the preview and the confirmation (campaigns/imports/shelf.py holds the files).

What an annex was imported into stays beside it, so that a second click on "confirm" finds the plan.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from campaigns.imports import shelf

KEEP = shelf.KEEP
_PLACE = "plan_imports"


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

    @property
    def content(self) -> bytes:
        return shelf.content(self.token)

    @property
    def given(self) -> dict:
        """The keyword arguments that preview and import take from the person."""
        return {
            "number": self.number,
            "title": self.title,
            "starts_on": date.fromisoformat(self.starts_on) if self.starts_on else None,
            "ends_on": date.fromisoformat(self.ends_on) if self.ends_on else None,
        }


def keep(*, request, council_id: int, content: bytes, filename: str, now: datetime, **given: str) -> Staged:
    """Put an upload aside for this person and session; uploads older than a day are removed on the way."""
    about = {"council": council_id, "filename": filename, **given}
    token = shelf.put(request=request, place=_PLACE, content=content, about=about, now=now)
    return Staged(token, request.user.pk, **about)


def find(*, request, token: str) -> Staged | None:
    """The upload of this very person and session, or None: not theirs, never there, or removed after a day."""
    known = shelf.about(request=request, place=_PLACE, token=token)
    try:
        staged = Staged(**known | {"token": token}) if known is not None else None
    except TypeError:
        return None
    here = staged is not None and (staged.imported_plan is not None or shelf.has_content(token))
    return staged if here else None


def mark_imported(staged: Staged, plan_id: int) -> None:
    """Remember into which plan the upload went; its bytes are no longer needed."""
    shelf.note(staged.token, asdict(staged) | {"imported_plan": plan_id})
    shelf.drop_content(staged.token)
