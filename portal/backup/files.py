"""The files of the portal, wherever the storage keeps them: listed, read, and copied with their digests."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

from agencies.models import WORK_FOLDER
from agencies.tables.shelf import FOLDER as SHELF
from portal.backup.server import BackupProblem

_CHUNK = 1 << 20


def names_in(storage: Storage, folder: str = "") -> Iterator[str]:
    """The names of all files that stay, in order: what lies on the shelf is looked at and gone again in
    a day, the results of long works in a week."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever sent
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        if folder or name not in (SHELF, WORK_FOLDER):
            yield from names_in(storage, f"{folder}{name}/")


def copy_out(storage: Storage, name: str, target: Path) -> dict:
    """Copy one file out of the storage; its size and digest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with storage.open(name, "rb") as source, target.open("xb") as copy:
        digest = hashlib.sha256()
        for chunk in iter(lambda: source.read(_CHUNK), b""):
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return {"size": target.stat().st_size, "sha256": digest.hexdigest()}


def write_through(path: Path, content: bytes) -> None:
    """Write a file that is on the disk when this returns."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def measure(path: Path) -> dict:
    """Size and digest of a file on disk."""
    with path.open("rb") as source:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(source, "sha256").hexdigest()}


def is_local(storage: Storage) -> bool:
    """Whether the files lie in a folder of this machine (which can be exchanged in one step)."""
    return isinstance(getattr(storage, "_wrapped", storage), FileSystemStorage)


def copy_in(storage: Storage, name: str, source: Path, wanted: dict) -> bool:
    """Put one file into a storage that is not a folder of this machine, and read it again; whether it was new there.

    One of the same content that is there already stays. Raises BackupProblem when what is there is another.
    """
    new = not storage.exists(name)
    if new:
        with source.open("rb") as content:
            storage.save(name, File(content))
    digest = hashlib.sha256()
    with storage.open(name, "rb") as stored:
        for chunk in iter(lambda: stored.read(_CHUNK), b""):
            digest.update(chunk)
    if digest.hexdigest() != wanted["sha256"]:
        raise BackupProblem(
            f"Tệp {name} trong kho khác với bản sao lưu. Cơ sở dữ liệu và các tệp có sẵn chưa thay đổi."
            " Chuyển tệp đó ra khỏi kho, hoặc phục hồi vào một kho trống."
        )
    return new


def flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
