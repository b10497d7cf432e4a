"""Where files lie: behind Django's storage, a disk or an S3 bucket by setting. Nothing here asks for a local path."""

import logging
import os
from collections.abc import Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from agencies.errors import BusinessError

_log = logging.getLogger("portal.files")


class StorageFails(BusinessError):
    """The store of files does not take or give a file now: a full disk, a bucket that does not answer."""

    status = 503


class DurableFiles(FileSystemStorage):
    """Files on a disk that are there after a power cut, as the database's rows are."""

    def _save(self, name, content):
        name = super()._save(name, content)
        for path in (self.path(name), os.path.dirname(self.path(name))):
            _flush(path)
        return name


def _flush(path: str) -> None:
    if os.name == "nt" and os.path.isdir(path):
        return  # Windows opens no folder; it needs none for this
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep(path: str, content: bytes) -> None:
    """Put bytes under this very name. Raises StorageFails; what was half written is taken away again."""
    try:
        stored = default_storage.save(path, ContentFile(content))
    except Exception as error:  # each kind of storage has errors of its own
        _log.exception("storing fails")
        drop(path)
        raise StorageFails(
            "Kho tệp trên máy chủ đang không nhận tệp (đầy hoặc mất kết nối). Chưa lưu gì của lần gửi này; các tệp "
            "và nội dung đã lưu trước đó vẫn còn. Hãy gửi lại sau ít phút; nếu vẫn vậy, báo quản trị hệ thống."
        ) from error
    if stored != path:  # a storage gives another name to what is there already
        drop(stored)
        raise FileExistsError(path)


def keep_anew(path: str, content: bytes) -> None:
    """Put bytes under a name that may be taken: what was there is replaced. Raises StorageFails."""
    default_storage.delete(path)
    keep(path, content)


def content_of(path: str) -> bytes:
    """The bytes under a name. Raises FileNotFoundError, or StorageFails when the storage does not answer."""
    with opened(path) as file:
        return file.read()


def opened(path: str):
    """A file to read piece by piece. Raises FileNotFoundError, or StorageFails when the storage does not answer."""
    return _asked(lambda: default_storage.open(path, "rb"))


def exists(path: str) -> bool:
    """Whether there is a file of this name. Raises StorageFails when the storage does not answer."""
    return _asked(lambda: default_storage.exists(path))


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
