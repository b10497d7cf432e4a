"""The list of what is in a backup, with the digest of everything: what it names and nothing else is a backup."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from portal.backup.contents import Contents
from portal.backup.files import measure, write_through
from portal.backup.server import BackupProblem

FORMAT = 2  # 1 had no anchors of the record
READ = (1, FORMAT)
MANIFEST, SEAL, DUMP, FILES, RECORD = "manifest.json", "manifest.sha256", "database.dump", "files", "record"


@dataclass
class Manifest:
    """One backup: when, of what, and every digest."""

    made_at: str  # ISO 8601, UTC
    server_version: str
    migrations: list[str]
    tables: dict[str, Contents]
    dump: dict
    roles: list[str] = field(default_factory=list)  # of the server, which the database's policies name
    left_out: list[str] = field(default_factory=list)
    files: dict[str, dict] = field(default_factory=dict)
    record: dict[str, dict] = field(default_factory=dict)  # the record's anchors and their public key
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write the list and, beside it, its own digest."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode()
        write_through(folder / MANIFEST, text)
        write_through(folder / SEAL, f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode())

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a backup's list. Raises BackupProblem when the folder is no whole backup or was changed."""
        try:
            text, seal = (folder / MANIFEST).read_bytes(), (folder / SEAL).read_text().split()[0]
        except (OSError, IndexError) as error:
            raise BackupProblem(
                f"{folder} không phải một bản sao lưu trọn vẹn (thiếu {MANIFEST} hoặc {SEAL}). Chưa có gì thay đổi."
                " Chọn một thư mục do lệnh backup tạo ra."
            ) from error
        if hashlib.sha256(text).hexdigest() != seal:
            raise BackupProblem(
                f"{folder / MANIFEST} đã bị sửa sau khi sao lưu. Chưa có gì thay đổi. Dùng một bản sao lưu khác."
            )
        given = json.loads(text)
        if given.get("format") not in READ:
            raise BackupProblem(
                f"Bản sao lưu có định dạng {given.get('format')}, chương trình này đọc định dạng {FORMAT}."
                " Chưa có gì thay đổi. Dùng đúng phiên bản của cổng đã tạo bản sao lưu."
            )
        tables = {name: Contents(**value) for name, value in given.pop("tables").items()}
        return cls(tables=tables, **given)

    def problems(self, folder: Path) -> list[str]:
        """Everything in the folder that is not as it was when the backup was made."""
        wanted = {DUMP: self.dump} | {f"{FILES}/{name}": value for name, value in self.files.items()}
        wanted |= {f"{RECORD}/{name}": value for name, value in self.record.items()}
        there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {MANIFEST, SEAL}
        found = [f"Thiếu {name}." for name in sorted(wanted.keys() - there)]
        found += [f"Thừa {name}." for name in sorted(there - wanted.keys())]
        same = sorted(wanted.keys() & there)
        return found + [f"{name} đã bị thay đổi." for name in same if measure(folder / name) != wanted[name]]
