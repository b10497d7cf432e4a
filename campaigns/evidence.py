"""Files that show what was done: checked by content, kept under a random name, given out only through permission."""

import hashlib
from datetime import datetime

from agencies.errors import NotAllowed
from agencies.files.kinds import check_file
from agencies.files.receiving import safe_name
from agencies.files.storing import keep, rows_and_files
from agencies.history import acting, record
from agencies.models import Agency
from agencies.permissions import Perm, can
from campaigns.models import Evidence, Plan


def store_evidence(
    *, agency: Agency, by, now: datetime, name: str, content: bytes, task=None, activity=None, plan=None
) -> Evidence:
    """Keep a file of an agency. The same content for the same object again finds the first, and puts it
    back when it had been taken off.

    Raises NotAllowed, RefusedFile when the content is not what may be kept, StorageFails when it cannot be now.
    """
    if not _may_keep(by, agency, plan):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {agency} được gửi minh chứng của cơ quan.")
    name = safe_name(name)
    media_type = check_file(name, content)
    digest = hashlib.sha256(content).hexdigest()
    place = {"agency": agency, "sha256": digest, "task": task, "activity": activity, "plan": plan}
    with rows_and_files(), acting(by=by, verb="store_evidence"):
        evidence = Evidence.objects.filter(**place).first()
        if evidence is not None:
            return restore_evidence(evidence=evidence, by=by, now=now) if evidence.removed_at else evidence
        path = Evidence.file.field.upload_to(None, name)
        evidence, created = Evidence.objects.get_or_create(
            **place,
            defaults={
                "file": path,
                "original_name": name,
                "media_type": media_type,
                "size": len(content),
                "uploaded_by": by,
                "uploaded_at": now,
            },
        )
        if created:
            keep(path, content)  # inside the transaction: without its file there is no row
            record(by=by, now=now, verb="store_evidence", obj=evidence, summary=f"Gửi minh chứng: {name}")
    return evidence


def remove_evidence(*, evidence: Evidence, by, now: datetime) -> Evidence:
    """Take a file off the lists; the file itself stays and can be put back. Taking it off twice changes nothing.

    A report that names the file keeps it: it is taken off there by itself. Raises NotAllowed.
    """
    return _set_removed(evidence, by, now, verb="remove_evidence", said="Gỡ minh chứng", removed=True)


def restore_evidence(*, evidence: Evidence, by, now: datetime) -> Evidence:
    """Put a file back that had been taken off. Raises NotAllowed."""
    return _set_removed(evidence, by, now, verb="restore_evidence", said="Đưa lại minh chứng", removed=False)


def _set_removed(evidence: Evidence, by, now: datetime, *, verb: str, said: str, removed: bool) -> Evidence:
    if not _may_keep(by, evidence.agency, evidence.plan):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {evidence.agency} được gỡ hoặc đưa lại minh chứng của cơ quan.")
    with acting(by=by, verb=verb):
        locked = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        if (locked.removed_at is not None) != removed:
            locked.removed_at, locked.removed_by = (now, by) if removed else (None, None)
            locked.save(update_fields=["removed_at", "removed_by"])
            record(by=by, now=now, verb=verb, obj=locked, summary=f"{said}: {locked.original_name}")
    return locked


def _may_keep(by, agency: Agency, plan: Plan | None) -> bool:
    return (plan is not None and can(by, Perm.MANAGE_PLANS, plan.council)) or can(by, Perm.RECORD_PROGRESS, agency)
