"""Uploaded annexes between the preview and the confirmation, kept on the shelf of agencies/tables.

What the person corrected in the preview stays beside the file, and what it was imported into, so that a second click on
"confirm" finds the plan.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

from agencies.tables import shelf
from campaigns.imports.corrections import NONE, Corrections

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
    corrected: dict = field(default_factory=dict)  # Corrections as JSON

    @property
    def content(self) -> bytes:
        return shelf.content(self.token)

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
    staged = Staged("", request.user.pk, council_id, filename, corrected=corrections.as_json(), **given)
    token = shelf.put(request=request, place=_PLACE, content=content, about=_about(staged), now=now)
    return replace(staged, token=token)


def find(*, request, token: str) -> Staged | None:
    """The upload of this very person and session, or None: not theirs, never there, or removed after a day."""
    about = shelf.about(request=request, place=_PLACE, token=token)
    try:
        staged = Staged(token, **about) if about is not None else None
    except TypeError:  # written by another release
        return None
    if staged is None or (staged.imported_plan is None and not shelf.has_content(token)):
        return None
    return staged


def correct(staged: Staged, corrections: Corrections) -> Staged:
    """Keep what the person corrected, in place of what was corrected before."""
    staged = replace(staged, corrected=corrections.as_json())
    shelf.note(staged.token, _about(staged))
    return staged


def mark_imported(staged: Staged, plan_id: int) -> None:
    """Remember into which plan the upload went; its bytes are no longer needed."""
    shelf.note_done(staged.token, _about(replace(staged, imported_plan=plan_id)))


def _about(staged: Staged) -> dict:
    """What is known of an upload, its token aside."""
    return {name: value for name, value in asdict(staged).items() if name != "token"}
