"""Where files lie: behind Django's storage, a disk or an S3 bucket by setting. Nothing here asks for a local path."""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from agencies.errors import BusinessError

_log = logging.getLogger("portal.files")
# The files that the present sending has stored so far; None outside of one.
_sending: ContextVar[list[str] | None] = ContextVar("sending", default=None)


class StorageFails(BusinessError):
    """The store of files does not take or give a file now: a full disk, a bucket that does not answer."""

    status = 503


class DurableFiles(FileSystemStorage):
    """Files on a disk that are there after a power cut, as the database's rows are."""

    def _save(self, name, content):
        name = super()._save(name, content)
        path = self.path(name)
        _flush(path)
        while path != self.location:  # each folder is a line in the one above it, and may have been made just now
            path = os.path.dirname(path)
            _flush(path)
        return name

    def replace(self, name, content):
        """Put a file in another one's place in one step: at every moment there is the old one or the new one."""
        beside = self._save(f"{name}.{secrets.token_hex(8)}", content)
        try:
            os.replace(self.path(beside), self.path(name))
        except OSError:
            self.delete(beside)
            raise
        _flush(os.path.dirname(self.path(name)))


def _flush(path: str) -> None:
    if os.name == "nt" and os.path.isdir(path):
        return  # Windows opens no folder; it needs none for this
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def rows_and_files():
    """One transaction for rows and the files they speak of: when it fails, what ``keep`` stored in it goes too.

    Inside another one, the files are the outer one's as the rows are. Where only the commit fails, nobody knows
    whether the rows are there: then the files stay, and ``check_integrity`` names those without a row.
    """
    stored, around = [], _sending.get()
    token = _sending.set(stored)
    try:
        with transaction.atomic():
            try:
                yield
            except BaseException:
                for path in stored:
                    drop(path)
                raise
    finally:
        _sending.reset(token)
    if around is not None:
        around += stored


def keep(path: str, content: bytes) -> None:
    """Put bytes under this very name. Raises StorageFails; what was half written is taken away again."""
    with _told_when_full():
        try:
            stored = default_storage.save(path, ContentFile(content))
        except Exception:
            drop(path)
            raise
    if stored != path:  # a storage gives another name to what is there already
        drop(stored)
        raise FileExistsError(path)
    if (sending := _sending.get()) is not None:
        sending.append(path)


def keep_anew(path: str, content: bytes) -> None:
    """Put bytes under a name that may be taken: what was there is replaced.

    Two at once are no error: one of them is the last. Raises StorageFails; then what was there is there still.
    """
    with _told_when_full():
        if hasattr(default_storage, "replace"):
            default_storage.replace(path, ContentFile(content))
        elif hasattr(default_storage, "file_overwrite"):  # a bucket puts one object over another in one step
            default_storage._save(path, ContentFile(content))
        else:
            default_storage.delete(path)
            default_storage.save(path, ContentFile(content))


@contextmanager
def _told_when_full():
    try:
        yield
    except Exception as error:  # each kind of storage has errors of its own
        _log.exception("storing fails")
        raise StorageFails(
            "Kho tệp trên máy chủ đang không nhận tệp (đầy hoặc mất kết nối). Chưa lưu gì của lần gửi này; các tệp "
            "và nội dung đã lưu trước đó vẫn còn. Hãy gửi lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống."
        ) from error


def content_of(path: str) -> bytes:
    """The bytes under a name. Raises FileNotFoundError, or StorageFails when the storage does not answer."""

    def read():
        with default_storage.open(path, "rb") as file:
            return file.read()

    return _asked(read)


def opened(path: str):
    """A file to read piece by piece. Raises FileNotFoundError, or StorageFails when the storage does not answer."""
    return _asked(lambda: default_storage.open(path, "rb"))


def exists(path: str) -> bool:
    """Whether there is a file of this name. Raises StorageFails when the storage does not answer."""
    return _asked(lambda: default_storage.exists(path))


def size_of(path: str) -> int:
    """How many bytes lie under a name. Raises FileNotFoundError, or StorageFails."""
    return _asked(lambda: default_storage.size(path))


def changed_at(path: str) -> datetime:
    """When the file came there. Raises FileNotFoundError, or StorageFails."""
    return _asked(lambda: default_storage.get_modified_time(path))


def listed(folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files of a folder; nothing when there is none. Raises StorageFails."""
    try:
        folders, files = _asked(lambda: default_storage.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    return sorted(filter(None, folders)), sorted(filter(None, files))


def _asked(question):
    try:
        return question()
    except (FileNotFoundError, NotADirectoryError):
        raise
    except Exception as error:  # each kind of storage has errors of its own
        _log.exception("reading fails")
        raise StorageFails(
            "Kho tệp trên máy chủ đang không đọc được. Tệp không bị thay đổi. "
            "Hãy mở lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống."
        ) from error


def drop(path: str) -> None:
    """Take a file away, if it is there and the storage answers."""
    try:
        default_storage.delete(path)
    except Exception:
        _log.exception("removing fails")


def walk(folder: str = "") -> Iterator[str]:
    """The names of all files under a folder, in order; nothing when there is no such folder. Raises StorageFails."""
    folders, files = listed(folder)
    for name in files:
        yield f"{folder}/{name}".lstrip("/")
    for name in folders:
        yield from walk(f"{folder}/{name}".lstrip("/"))
