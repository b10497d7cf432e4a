"""Backing up, destroying and restoring a filled world; and every backup that must not be used."""

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import override_settings

from agencies.comments import comment
from campaigns.evidence import store_evidence
from portal.backup.contents import Contents, contents_of, differences, sequences_behind
from portal.backup.make import UNFINISHED, forget_old, make_backup
from portal.backup.manifest import DUMP, MANIFEST, SEAL, Manifest
from portal.backup.restore import restore_backup
from portal.backup.server import BackupProblem
from reports.integrity import problems
from tests.drill import differing, write_rows
from tests.separate import own_database
from tests.world import build_world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """A backup of a filled world which is gone by now, with every row and file that it had."""
    place = tmp_path_factory.mktemp("backup")
    settings = {"MEDIA_ROOT": place / "media", "PORTAL_DEMO": False, "PORTAL_TODAY": None}
    with django_db_blocker.unblock(), override_settings(**settings), own_database("drill") as server:
        world = build_world()
        officer = world.people["officer_a"]
        for number in range(3):
            content = b"\x89PNG\r\n\x1a\n" + bytes([number]) * 4000
            store_evidence(
                agency=world.agencies["a"], by=officer, now=world.now, name=f"ảnh {number}.png", content=content,
                task=world.tasks[3],
            )  # fmt: skip
        comment(obj=world.report("a"), by=officer, now=world.now, text="Chữ có dấu | gạch\t\\N và\ndòng mới")
        write_rows(server, place / "rows")
        storage = FileSystemStorage(place / "media")
        folder = make_backup(server=server, storage=storage, folder=place / "backups", at=AT)
    shutil.copytree(place / "media", place / "files")
    return place, folder


@pytest.fixture
def copy(made, tmp_path):
    """The backup, to be spoilt."""
    return Path(shutil.copytree(made[1], tmp_path / "copy"))


@pytest.fixture(scope="module")
def empty(django_db_setup, django_db_blocker):
    """A database that holds nothing, and will hold nothing when each test has ended."""
    with django_db_blocker.unblock(), own_database("restored", like_tests=False) as server:
        yield server


def restore(empty, folder, media, **more):
    return restore_backup(server=empty, storage=FileSystemStorage(media), folder=folder, at=AT, **more)


def test_everything_comes_back_as_it_was(made, django_db_setup, django_db_blocker, tmp_path):
    place, folder = made
    with django_db_blocker.unblock(), own_database("back", like_tests=False) as server:
        restore(server, folder, tmp_path / "media")
        write_rows(server, tmp_path / "rows")
        assert differing(place / "rows", tmp_path / "rows") == []
        assert differing(place / "files", tmp_path / "media") == []
        with server.connect() as look:
            assert sequences_behind(look) == []
            walls = look.execute(
                "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            ).fetchone()
        assert walls[0] > 50
        with override_settings(MEDIA_ROOT=tmp_path / "media"):
            assert list(problems()) == []
        # It is in use now: a second time is refused, unless asked for; then the files that were there stay beside.
        with pytest.raises(BackupProblem, match="--overwrite"):
            restore(server, folder, tmp_path / "media")
        (tmp_path / "media" / "moi.txt").write_text("later")
        restore(server, folder, tmp_path / "media", overwrite=True)
        assert differing(place / "files", tmp_path / "media") == []
        assert (next(tmp_path.glob("media.truoc-*")) / "moi.txt").read_text() == "later"


def spoil_file(folder):
    next((folder / "files").rglob("*/*/*")).write_bytes(b"other")


def lose_file(folder):
    next((folder / "files").rglob("*/*/*")).unlink()


def add_file(folder):
    (folder / "files" / "thua.exe").write_bytes(b"MZ")


def cut_dump(folder):
    content = (folder / DUMP).read_bytes()
    (folder / DUMP).write_bytes(content[: len(content) // 2])


def edit_list(folder):
    (folder / MANIFEST).write_text((folder / MANIFEST).read_text().replace('"rows": 3', '"rows": 4', 1))


def lose_seal(folder):
    (folder / SEAL).unlink()


def other_format(folder):
    manifest = Manifest.read(folder)
    manifest.format = 99
    manifest.write(folder)


def newer_release(folder):
    manifest = Manifest.read(folder)
    manifest.migrations.append("reports.9999_sau_nay")
    manifest.write(folder)


def claims_another_row(folder):
    """Sealed anew, so that only the comparison inside the database can tell."""
    manifest = Manifest.read(folder)
    table = "public.agencies_council"
    manifest.tables[table] = Contents(manifest.tables[table].rows, "1")
    manifest.write(folder)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (spoil_file, "đã bị thay đổi"),
        (lose_file, "Thiếu files/"),
        (add_file, "Thừa files/thua.exe"),
        (cut_dump, "database.dump đã bị thay đổi"),
        (edit_list, "đã bị sửa"),
        (lose_seal, "trọn vẹn"),
        (other_format, "định dạng 99"),
        (newer_release, "phiên bản mới hơn"),
        (claims_another_row, "agencies_council"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(copy, empty, tmp_path, spoil, words):
    spoil(copy)
    with pytest.raises(BackupProblem, match=words):
        restore(empty, copy, tmp_path / "media")
    assert not (tmp_path / "media").exists() and not list(tmp_path.glob("media.*"))
    with empty.connect() as look:
        assert contents_of(look) == {}


def test_a_backup_is_of_one_moment(django_db_setup, django_db_blocker, tmp_path):
    """Rows written while it runs are in it together or not at all."""
    with django_db_blocker.unblock(), own_database("moment") as server:
        with server.connect() as admin:
            admin.execute("CREATE TABLE a_side (n int); CREATE TABLE b_side (n int)")
        stop, written = threading.Event(), threading.Event()

        def write():
            with server.connect() as writer:
                while not stop.is_set():
                    with writer.transaction():
                        writer.execute("INSERT INTO a_side VALUES (1)")
                        writer.execute("INSERT INTO b_side VALUES (1)")
                    written.set()

        thread = threading.Thread(target=write)
        thread.start()
        try:
            written.wait(30)
            folder = make_backup(server=server, storage=FileSystemStorage(tmp_path / "m"), folder=tmp_path / "b", at=AT)
        finally:
            stop.set()
            thread.join(30)
        tables = Manifest.read(folder).tables
        assert tables["public.a_side"] == tables["public.b_side"] and tables["public.a_side"].rows > 0
    with django_db_blocker.unblock(), own_database("restored2", like_tests=False) as other:
        restore(other, folder, tmp_path / "media")
        with other.connect() as look:
            assert list(differences(tables, contents_of(look))) == []


def test_a_backup_cut_short_is_none_and_old_ones_are_forgotten(empty, tmp_path):
    left = tmp_path / f"{UNFINISHED}-20240101T000000Z"
    left.mkdir()
    (left / DUMP).write_bytes(b"half")
    with empty.connect() as admin:
        admin.execute("CREATE TABLE django_migrations (app text, name text)")
    try:
        with pytest.raises(Exception, match="does not exist"):  # a database that is not the portal's
            make_backup(server=empty, storage=FileSystemStorage(tmp_path / "m"), folder=tmp_path, at=AT)
    finally:
        with empty.connect() as admin:
            admin.execute("DROP TABLE django_migrations")
    assert not left.exists()
    for day in range(4):
        whole = tmp_path / (AT + timedelta(days=day)).strftime("%Y%m%dT%H%M%SZ")
        whole.mkdir()
        (whole / MANIFEST).write_text(json.dumps({}))
    removed = forget_old(folder=tmp_path, keep=3)
    assert [path.name for path in removed] == ["20261122T080000Z"]
    assert forget_old(folder=tmp_path, keep=0) == []
