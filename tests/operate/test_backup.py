"""Backing up, destroying and restoring a filled world; and every backup that must not be used."""

import json
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.core.management import CommandError, call_command
from django.test import override_settings

from agencies.comments import comment
from campaigns.evidence import store_evidence
from portal.backup import restore as restoring
from portal.backup.contents import Contents, contents_of, differences, sequences_behind
from portal.backup.make import UNFINISHED, forget_old, make_backup
from portal.backup.manifest import DUMP, FILES, MANIFEST, SEAL, Manifest
from portal.backup.restore import restore_backup
from portal.backup.server import BackupProblem, Server
from portal.demo.files import picture
from reports.integrity import problems
from tests.drill import differing, write_rows
from tests.separate import own_database
from tests.world import HASHERS, build_world

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)


class Busy(FileSystemStorage):
    """A store in which a sending fails just now: its file is listed and gone before it can be read."""

    def listdir(self, path):
        folders, files = super().listdir(path)
        return folders, [*files, "hong.png"] if not path else files


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """A backup of a filled world which is gone by now, with every row and file that it had."""
    place = tmp_path_factory.mktemp("backup")
    settings = {"MEDIA_ROOT": place / "media", "PORTAL_DEMO": False, "PORTAL_TODAY": None, "PASSWORD_HASHERS": HASHERS}
    with django_db_blocker.unblock(), override_settings(**settings), own_database("drill") as server:
        world = build_world()
        officer = world.people["officer_a"]
        for number in range(3):
            content = picture(str(number))
            store_evidence(
                agency=world.agencies["a"], by=officer, now=world.now, name=f"ảnh {number}.png", content=content,
                task=world.tasks[3],
            )  # fmt: skip
        comment(obj=world.report("a"), by=officer, now=world.now, text="Chữ có dấu | gạch\t\\N và\ndòng mới")
        write_rows(server, place / "rows")
        shutil.copytree(place / "media", place / "files")
        storage = Busy(place / "media")
        storage.save("nhap-tam/20261122/xem.tep", ContentFile(b"looked at, and gone tomorrow"))
        for name, content in (("anchors.jsonl", "{}\n"), ("public.pem", "PUBLIC"), ("key.pem", "PRIVATE")):
            (place / "record").mkdir(exist_ok=True)
            (place / "record" / name).write_text(content)
        folder = make_backup(server=server, storage=storage, folder=place / "backups", at=AT, record=place / "record")
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
        (tmp_path / "record").mkdir()
        (tmp_path / "record" / "anchors.jsonl").write_text("later")
        restore(server, folder, tmp_path / "media", record=tmp_path / "record")
        write_rows(server, tmp_path / "rows")
        assert differing(place / "rows", tmp_path / "rows") == []
        assert differing(place / "files", tmp_path / "media") == []
        assert set(Manifest.read(folder).record) == {"anchors.jsonl", "public.pem"} and not list(
            folder.rglob("key.pem")
        )
        assert (tmp_path / "record" / "anchors.jsonl").read_text() == "later"
        (beside,) = (tmp_path / "record").glob("phuc-hoi-*")
        assert differing(folder / "record", beside) == []
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


def test_a_restore_broken_off_leaves_rows_and_files_of_one_time(
    made, django_db_setup, django_db_blocker, tmp_path, monkeypatch
):
    """Ctrl-C before, after and instead of the server's answer; a server that says nothing once all is done."""
    _place, folder = made
    files, commit, connect = FileSystemStorage(tmp_path / "media"), restoring._Loading.commit, Server.connect
    files.save("cu.txt", ContentFile(b"old"))

    def before(loading):
        raise KeyboardInterrupt

    def refused(loading):
        loading._asked_to_commit = True
        loading._psql.kill()
        loading._read()

    def after(loading):
        commit(loading)
        raise KeyboardInterrupt

    def answer_lost(loading):
        commit(loading)
        raise BackupProblem("no answer")

    def silent(loading):
        commit(loading)
        monkeypatch.setattr(Server, "connect", gone)

    def gone(*_args, **_kwargs):
        raise psycopg.OperationalError("no server")

    for end, ending, is_there in (
        (before, KeyboardInterrupt, False),
        (refused, BackupProblem, False),
        (after, KeyboardInterrupt, True),
        (answer_lost, None, True),
        (silent, None, True),
    ):
        said = []
        with django_db_blocker.unblock(), own_database("cut", like_tests=False) as server:
            monkeypatch.setattr(restoring._Loading, "commit", end)
            media = tmp_path / end.__name__
            shutil.copytree(tmp_path / "media", media)
            if ending:
                with pytest.raises(ending):
                    restore(server, folder, media, overwrite=True)
            else:
                restore(server, folder, media, overwrite=True, say=said.append)
            monkeypatch.setattr(Server, "connect", connect)
            with server.connect() as look:
                assert bool(contents_of(look)) is is_there, end.__name__
        assert (media / "cu.txt").exists() is not is_there, end.__name__
        assert not list(tmp_path.glob("*.phuc-hoi-*")) and ("ANALYZE" in "".join(said)) is (end is silent)


def test_nothing_is_left_of_a_restore_that_could_not_begin(copy, empty, tmp_path, monkeypatch):
    def refuse(*_args):
        raise psycopg.OperationalError("too many clients")

    monkeypatch.setattr(restoring, "_Loading", refuse)
    with pytest.raises(psycopg.OperationalError):
        restore(empty, copy, tmp_path / "media")
    assert not list(tmp_path.glob("media*"))


def test_a_bucket_takes_what_is_missing_and_refuses_what_differs(copy):
    manifest, bucket = Manifest.read(copy), InMemoryStorage()
    first, second, *_more = sorted(manifest.files)
    bucket.save(first, ContentFile((copy / FILES / first).read_bytes()))
    files = restoring._Files(bucket, "x")
    files.stage(manifest, copy / FILES)
    assert all(bucket.exists(name) for name in manifest.files)
    files.take_back()
    assert bucket.exists(first) and not bucket.exists(second)
    bucket.save(second, ContentFile(b"another"))
    with pytest.raises(BackupProblem, match="khác với bản sao lưu"):
        restoring._Files(bucket, "x").stage(manifest, copy / FILES)
    with bucket.open(second) as there:
        assert there.read() == b"another"


@pytest.mark.parametrize("release", [15, 99])
def test_programs_of_another_release_are_refused_before_anything(release):
    connection = SimpleNamespace(info=SimpleNamespace(server_version=release * 10000 + 4))
    with pytest.raises(BackupProblem, match=f"postgresql-client-{release}"):
        Server("", "", "x").refuse_other_release(connection)


def test_a_server_that_is_not_there_is_told_in_words(copy, tmp_path, monkeypatch):
    nowhere = Server(f"host={tmp_path} port=1 dbname=x", "", "x")
    monkeypatch.setattr(Server, "of", lambda settings: nowhere)
    with pytest.raises(CommandError, match="không trả lời.*các bản sao lưu đã có còn nguyên"):
        call_command("backup", tmp_path / "b")
    with (
        pytest.raises(CommandError, match="không trả lời.*Chưa có gì thay đổi"),
        override_settings(MEDIA_ROOT=tmp_path / "m"),
    ):
        call_command("restore", copy)


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
            written.wait(600)
            folder = make_backup(server=server, storage=FileSystemStorage(tmp_path / "m"), folder=tmp_path / "b", at=AT)
        finally:
            stop.set()
            thread.join(600)
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
    (tmp_path / "20200101T000000Z-truoc-nang-cap").mkdir()  # what an administrator copied is not ours to remove
    (tmp_path / "20200101T000000Z-truoc-nang-cap" / MANIFEST).write_text("{}")
    removed = forget_old(folder=tmp_path, keep=3)
    assert [path.name for path in removed] == ["20261122T080000Z"]
    assert forget_old(folder=tmp_path, keep=0) == []
