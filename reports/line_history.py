"""Earlier versions of lines and reports, from the row history that the database keeps by itself."""

from datetime import timedelta

from reports.models import ProgressReport, ReportLine

# Saves of one person on one row within this time are one sitting: one entry of the record, one version to go back to.
SITTING = timedelta(minutes=15)
AUTOSAVE = "autosave_line"  # verb of such a save in the row history
_SHOWN = 10
_TEXTS = ("result", "difficulty", "proposal")


def as_of(row: ReportLine | ProgressReport, version: int):
    """The row as it stood at that version; None when there was none. Not a row to be saved: read its fields."""
    events = type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk, version=version)
    return events.order_by("-pgh_id").first()


def changed_only_by(row: ReportLine | ProgressReport, user, since: int) -> bool:
    """Whether every version after ``since`` is this person's own: another window of theirs, or a save unheard of."""
    events = type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk, version__gt=since)
    return set(events.values_list("pgh_context__metadata__user", flat=True)) <= {user.pk}


def earlier_versions(line: ReportLine) -> list:
    """What was saved before, newest first. Of what a form saved by itself in one sitting only the last, and what stood
    there before much was taken out: such a form leaves a version every few words (all stay in the row history).
    """
    events = ReportLine.pgh_event_model.objects.filter(pgh_obj_id=line.pk, edited_at__isnull=False)
    kept, newer = [], None
    for event in events.select_related("edited_by", "pgh_context").order_by("-version", "-pgh_id")[:300]:
        if newer is not None and event.version >= newer.version:
            continue
        if event.version < line.version and (newer is None or not _same_sitting(event, newer)):
            kept.append(event)
        newer = event
    return kept[:_SHOWN]


def _same_sitting(event, newer) -> bool:
    by_itself = newer.pgh_context is not None and newer.pgh_context.metadata.get("verb") == AUTOSAVE
    return (
        by_itself
        and event.edited_by_id == newer.edited_by_id
        and newer.edited_at - event.edited_at <= SITTING
        and 2 * _letters(newer) >= _letters(event)
    )


def _letters(row) -> int:
    return sum(len(getattr(row, name)) for name in _TEXTS)
