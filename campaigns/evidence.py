"""Files that show what was done: checked by content, kept by digest, given out only through permission."""

import hashlib
import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from agencies.errors import BusinessError, NotAllowed
from agencies.history import acting, record
from agencies.models import Agency
from agencies.permissions import Perm, can
from agencies.vietnamese import clean
from campaigns.models import Evidence, Plan

# Extension → (media type, may a browser show it in place)
ALLOWED = {
    "pdf": ("application/pdf", True),
    "png": ("image/png", True),
    "jpg": ("image/jpeg", True),
    "jpeg": ("image/jpeg", True),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", False),
}
ACCEPT = ",".join(f".{extension}" for extension in ALLOWED)  # of a file field
NONE_KEPT = "Chưa lưu tệp nào, kể cả các tệp hợp lệ; hãy chọn lại tất cả rồi gửi một lần."
_MAGIC = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff"}
_OFFICE_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_MAX_UNPACKED = 200 * 1024 * 1024


class RefusedFile(BusinessError):
    """Files the portal does not take; the messages say why and what to send instead."""

    status = 422


def check_file(name: str, content: bytes) -> str:
    """The file's media type, found by its content. Raises RefusedFile (rule V27)."""
    limit = settings.PORTAL_MAX_UPLOAD_BYTES
    if not content:
        raise RefusedFile(f"Tệp “{name}” trống. Chưa lưu tệp nào; hãy chọn lại.")
    if len(content) > limit:
        raise RefusedFile(
            f"Tệp “{name}” nặng {len(content) / 1048576:.0f} MB, quá mức {limit // 1048576} MB. "
            "Hãy nén ảnh hoặc tách tệp rồi gửi lại."
        )
    extension = name.rsplit(".", 1)[-1].casefold() if "." in name else ""
    if extension not in ALLOWED:
        raise RefusedFile(f"Không nhận tệp “{name}”. Chỉ nhận PDF, Word (.docx), Excel (.xlsx) và ảnh PNG, JPG.")
    if extension in _MAGIC:
        good = content.startswith(_MAGIC[extension])
    else:
        good = _is_office_file(content, _OFFICE_PART[extension], name)
    if not good:
        raise RefusedFile(f"Nội dung tệp “{name}” không phải là .{extension}. Hãy mở tệp, lưu lại đúng loại rồi gửi.")
    return ALLOWED[extension][0]


def _is_office_file(content: bytes, part: str, name: str) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
                raise RefusedFile(f"Tệp “{name}” giải nén ra quá lớn nên không được nhận.")
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False
    if any(entry.casefold().endswith("vbaproject.bin") for entry in names):
        raise RefusedFile(f"Tệp “{name}” có macro nên không được nhận. Hãy lưu lại thành tệp không có macro.")
    return part in names


def store_evidence(
    *, agency: Agency, by, now: datetime, name: str, content: bytes, task=None, activity=None, plan=None
) -> Evidence:
    """Keep a file of an agency. The same content for the same object again finds the first, and puts it
    back when it had been taken off.

    Raises NotAllowed, or RefusedFile when the content is not what may be kept.
    """
    if not _may_keep(by, agency, plan):
        raise NotAllowed(f"Chỉ cán bộ đầu mối của {agency} được gửi minh chứng của cơ quan.")
    name = clean(name.replace("\\", "/").rsplit("/", 1)[-1])[:255] or "tep"
    media_type = check_file(name, content)
    digest = hashlib.sha256(content).hexdigest()
    place = {"agency": agency, "sha256": digest, "task": task, "activity": activity, "plan": plan}
    with acting(by=by, verb="store_evidence"):
        evidence = Evidence.objects.filter(**place).first()
        if evidence is not None:
            return restore_evidence(evidence=evidence, by=by, now=now) if evidence.removed_at else evidence
        evidence = Evidence(**place)
        storage, path = evidence.file.storage, evidence.file.field.upload_to(evidence, name)
        # Content-addressed: the same bytes are on disk once, whoever sent them.
        stored = _kept(storage, path, content)
        evidence, created = Evidence.objects.get_or_create(
            **place,
            defaults={
                "file": stored,
                "original_name": name,
                "media_type": media_type,
                "size": len(content),
                "uploaded_by": by,
                "uploaded_at": now,
            },
        )
        if created:
            record(by=by, now=now, verb="store_evidence", obj=evidence, summary=f"Gửi minh chứng: {name}")
    return evidence


def _kept(storage, path: str, content: bytes) -> str:
    """The name under which the bytes lie; what was left half written (a full disk, a kill) is not taken for them."""
    if storage.exists(path) and storage.size(path) == len(content):
        return path
    storage.delete(path)
    try:
        return storage.save(path, ContentFile(content))
    except OSError:
        storage.delete(path)
        raise


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


def checked(uploads: Iterable[UploadedFile]) -> list[tuple[str, bytes]]:
    """(name, content) of uploads that may all be kept. Raises RefusedFile that tells each refused one's reason."""
    good, refused = [], []
    for upload in uploads:
        try:
            content = read_upload(upload)
            check_file(upload.name, content)
        except RefusedFile as error:
            refused += error.messages
        else:
            good.append((upload.name, content))
    if refused:
        raise RefusedFile(*refused, *([NONE_KEPT] if good else []))
    return good


def read_upload(upload: UploadedFile) -> bytes:
    """The bytes of an upload. Raises RefusedFile by its size before reading it."""
    if upload.size > settings.PORTAL_MAX_UPLOAD_BYTES:
        limit = settings.PORTAL_MAX_UPLOAD_BYTES // 1048576
        raise RefusedFile(f"Tệp “{upload.name}” nặng {upload.size / 1048576:.0f} MB, quá mức {limit} MB.")
    return upload.read()


def shown_in_place(media_type: str) -> bool:
    """Whether a browser may show the type in place (pdf, png, jpg); everything else is a download."""
    return any(kind == media_type and inline for kind, inline in ALLOWED.values())
