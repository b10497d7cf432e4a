"""Whoever owns the server can switch the guards off; then the chain, the anchors and the signed file say so."""

import json
import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from agencies import clock
from agencies.errors import BusinessError
from agencies.history import acting, record
from agencies.journal import anchors, chain, signing
from agencies.journal.files import file_findings, write_month
from agencies.journal.guards import put_up_guards
from agencies.models import Agency, Council, RecordEntry, RecordLink

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    """Two councils with a few lines each and two of no council, as a commit leaves them."""
    councils = [
        Council.objects.create(code=code, name=code, short_name=code, place=code, parent_body=code) for code in "xy"
    ]
    for number in range(4):
        for council in councils:
            with acting(by=None, verb="amend_agency", reason="Ghi thử để kiểm tra"):
                agency = Agency.objects.create(
                    council=council, code=f"a{number}", name=f"Sở {number}", short_name="Sở", valid_from="2020-01-01"
                )
                agency.name = "Sở Tư pháp"
                agency.save()
                record(by=None, now=clock.now(), verb="amend_agency", obj=agency, summary=f"Sửa {number}")
    for _ in range(2):
        record(by=None, now=clock.now(), verb="sign_in_failed", obj=None, summary="Đăng nhập không thành công")
    connection.check_constraints()  # what waits for the commit
    return councils


def tamper(text: str, *params) -> None:
    """As somebody who owns the server: every trigger off."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for table in ("agencies_recordentry", "agencies_recordlink"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(text, params)
        for table in ("agencies_recordentry", "agencies_recordlink"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER portal_insert_only")


def said() -> str:
    connection.check_constraints()
    return "\n".join([*chain.findings(), *anchors.findings()])


def test_an_untouched_record_is_proved(written):
    assert said() == "" and chain.count() == 10
    assert [(head.chain, head.number) for head in chain.heads()] == [
        (0, 2),
        *[(council.pk, 4) for council in sorted(written, key=lambda each: each.pk)],
    ]
    out = StringIO()
    call_command("verify_record", stdout=out)
    assert "Nhật ký nguyên vẹn: 10 dòng trong 3 chuỗi" in out.getvalue()


def test_what_a_verb_changed_is_on_the_line_itself(written):
    changes = RecordEntry.objects.filter(verb="amend_agency").earliest("pk").changes
    assert changes["name"] == [None, "Sở Tư pháp"] and "folded" not in changes
    agency = Agency.objects.earliest("pk")
    with acting(by=None, verb="amend_agency"):
        agency.short_name, agency.aliases = "Sở TP", ["tên rất dài " * 15] * 20
        agency.save()
        line = record(by=None, now=clock.now(), verb="amend_agency", obj=agency, summary="Sửa tên")
    line.refresh_from_db()
    assert line.changes["short_name"] == ["Sở", "Sở TP"]
    assert set(line.changes["aliases"][1]) == {"sha256", "length"}  # long texts by their hash
    with acting(by=None, verb="look"):
        again = record(by=None, now=clock.now(), verb="look", obj=agency, summary="Không đổi gì")
    again.refresh_from_db()
    assert again.changes is None


EVERY_COLUMN = {
    "at": "at + interval '1 second'",
    "kind": "'export'",
    "actor_name": "'Người khác'",
    "address": "'10.0.0.9'",
    "verb": "'other'",
    "summary": "summary || '.'",
    "agency_id": "NULL",
    "object_type": "'agencies.user'",
    "object_id": "object_id + 1",
    "from_state": "'draft'",
    "to_state": "'draft'",
    "reason": "'vì thế'",
    "written_at": "written_at - interval '1 microsecond'",
    "context": "gen_random_uuid()",
    "changes": "'{}'",
}


def test_any_changed_column_is_found(written):
    columns = {field.column for field in RecordEntry._meta.concrete_fields}
    assert columns - set(EVERY_COLUMN) == {"id", "actor_id", "council_id"}  # tried below, having to point at a row
    line = RecordEntry.objects.filter(agency__council=written[0]).earliest("pk")
    for column, value in (EVERY_COLUMN | {"council_id": str(written[1].pk)}).items():
        kept = f"(SELECT {column} FROM kept)"
        tamper("CREATE TEMP TABLE kept AS SELECT * FROM agencies_recordentry WHERE id = %s", line.pk)
        tamper(f"UPDATE agencies_recordentry SET {column} = {value} WHERE id = %s", line.pk)
        assert f"dòng nhật ký số {line.pk} đã bị sửa" in said(), column
        tamper(f"UPDATE agencies_recordentry SET {column} = {kept} WHERE id = %s", line.pk)
        tamper("DROP TABLE kept")
        assert said() == "", column


def test_a_missing_line_is_found(written):
    line = RecordEntry.objects.filter(council=written[0]).order_by("pk")[1]
    tamper("DELETE FROM agencies_recordentry WHERE id = %s", line.pk)
    assert f"dòng nhật ký số {line.pk} đã bị xóa" in said()
    tamper("DELETE FROM agencies_recordlink WHERE entry_id = %s", line.pk)
    assert "thiếu mắt xích ngay trước số 3" in said()
    tamper("UPDATE agencies_recordlink SET number = number - 1 WHERE chain = %s AND number > 2", written[0].pk)
    assert "không nối tiếp mắt xích trước" in said()


def test_an_inserted_line_is_found(written):
    copied = "SELECT at, kind, actor_name, verb, 'Dòng giả', object_type, from_state, to_state, reason, written_at"
    columns = "at, kind, actor_name, verb, summary, object_type, from_state, to_state, reason, written_at"
    tamper(f"INSERT INTO agencies_recordentry ({columns}) {copied} FROM agencies_recordentry LIMIT 1")
    forged = RecordEntry.objects.get(summary="Dòng giả")
    assert f"Dòng nhật ký số {forged.pk}" in said() and "không nằm trong chuỗi nào" in said()


def test_lines_exchanged_are_found(written):
    first, second = RecordEntry.objects.filter(council=written[0]).order_by("pk")[:2]
    tamper(
        "UPDATE agencies_recordlink SET entry_id = CASE entry_id WHEN %s THEN %s ELSE %s END - 1000000"
        " WHERE entry_id IN (%s, %s)",
        *(first.pk, second.pk, first.pk, first.pk, second.pk),
    )
    tamper("UPDATE agencies_recordlink SET entry_id = entry_id + 1000000 WHERE entry_id < 0")
    assert said().count("đã bị sửa") == 2


def test_an_end_cut_off_is_found_by_the_anchor(written):
    assert anchors.keep_anchor(clock.instant()) == 3 and said() == ""
    last = RecordLink.objects.filter(chain=written[0].pk).latest("number")
    tamper("DELETE FROM agencies_recordentry WHERE id = %s", last.entry_id)
    tamper("DELETE FROM agencies_recordlink WHERE entry_id = %s", last.entry_id)
    assert list(chain.findings()) == []  # a chain cannot know how long it was
    assert "phần cuối nhật ký đã mất hoặc bị cắt" in said()


def test_a_chain_written_anew_is_found_by_the_anchor(written):
    anchors.keep_anchor(clock.instant())
    last = RecordLink.objects.filter(chain=written[0].pk).latest("number")
    tamper("UPDATE agencies_recordentry SET summary = 'Việc khác' WHERE id = %s", last.entry_id)
    tamper(
        "UPDATE agencies_recordlink l SET digest = portal_record_digest(l.before, l.chain, l.number, l.month, l.form,"
        " portal_record_text(r, l.form)) FROM agencies_recordentry r WHERE r.id = l.entry_id AND r.id = %s",
        last.entry_id,
    )
    assert list(chain.findings()) == []
    assert "nhật ký đã bị viết lại" in said()
    path = anchors.anchors_file()
    path.write_text(path.read_text().replace(f'\\"{written[0].pk}\\": [4', f'\\"{written[0].pk}\\": [3'))
    assert "không đúng chữ ký" in said()


def test_an_earlier_anchor_of_the_same_place_is_not_forgotten(written):
    anchors.keep_anchor(clock.instant())
    last = RecordLink.objects.filter(chain=written[0].pk).latest("number")
    tamper("UPDATE agencies_recordlink SET digest = sha256('x') WHERE entry_id = %s", last.entry_id)
    anchors.keep_anchor(clock.instant())
    assert said().count("nhật ký đã bị viết lại") == 1


def test_anchors_that_stopped_or_were_taken_away_are_missed(written, settings, capsys):
    later = clock.instant() + timedelta(days=4)
    assert list(anchors.missed(clock.instant())) == []  # a fresh installation
    assert len(list(anchors.missed(later))) == 3
    anchors.keep_anchor(later - timedelta(days=1))
    assert list(anchors.missed(later)) == [] and said() == ""
    assert len(list(anchors.missed(later + timedelta(days=3)))) == 3
    anchors.anchors_file().unlink()
    settings.PORTAL_DEMO = True
    assert list(anchors.missed(later)) == []
    settings.PORTAL_DEMO = False
    tamper("UPDATE agencies_recordentry SET written_at = written_at - interval '4 days'")
    assert len(list(anchors.missed(clock.instant()))) == 3
    with pytest.raises(SystemExit):
        call_command("verify_record")
    # the hashes do not fit any more either: the graver thing is said
    assert "KHÔNG còn nguyên vẹn" in capsys.readouterr().err


def test_the_command_says_that_anchors_are_missing(written, monkeypatch, capsys):
    monkeypatch.setattr(anchors, "MISSED_AFTER", timedelta(days=-1))  # as if the lines were old
    with pytest.raises(SystemExit):
        call_command("verify_record")
    said = capsys.readouterr().err
    assert "mỗi đêm phải có một mốc" in said and "KHÔNG" not in said


def test_an_anchor_is_a_line_of_its_own_or_none(written, monkeypatch):
    path = anchors.anchors_file()
    anchors.keep_anchor(clock.instant())
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"anchor": "')  # a server that went down while it wrote
    anchors.keep_anchor(clock.instant())
    lines = path.read_text().splitlines()
    assert len(lines) == 3 and path.read_bytes().startswith(whole)
    assert said() == "Mốc nhật ký dòng 2 của anchors.jsonl không đúng chữ ký của cổng này."
    kept, write = path.read_bytes(), os.write
    monkeypatch.setattr(anchors.os, "write", lambda handle, line: write(handle, line[:20]))  # a full disk
    with pytest.raises(OSError):
        anchors.keep_anchor(clock.instant())
    assert path.read_bytes() == kept and path.stat().st_mode & 0o077 == 0


def test_a_key_is_made_by_signing_alone_and_never_instead_of_a_lost_one(written, settings):
    key, folder = settings.PORTAL_RECORD_KEY, settings.PORTAL_RECORD_DIR
    with pytest.raises(BusinessError, match="Chưa có khóa"):
        signing.public_key()
    assert said() == "" and not key.exists()
    anchors.keep_anchor(clock.instant())
    assert key.stat().st_mode & 0o077 == 0 and sorted(path.name for path in folder.iterdir()) == [
        "anchors.jsonl", "key.pem", "public.pem",
    ]  # fmt: skip
    assert signing.as_pem(signing.public_key()) == (folder / "public.pem").read_text()
    key.unlink()  # the server is another one; of the backup the anchors came
    with pytest.raises(BusinessError, match="Chưa có khóa"):
        anchors.keep_anchor(clock.instant())
    assert "Không kiểm được các mốc" in said() and not key.exists()
    anchors.anchors_file().rename(folder / "old.jsonl")
    assert anchors.keep_anchor(clock.instant()) == 3 and said() == ""
    assert signing.as_pem(signing.public_key()) == (folder / "public.pem").read_text()


def test_a_guard_switched_off_is_found(written, capsys):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE agencies_agencyevent DISABLE TRIGGER portal_insert_only")
        cursor.execute("ALTER TABLE agencies_recordentry DISABLE TRIGGER portal_record_wait")
    try:
        assert "agencies_agencyevent không còn được chặn sửa" in said()
        assert "agencies_recordentry không còn ghi chuỗi" in said()
        with pytest.raises(SystemExit):
            call_command("verify_record")
        assert "KHÔNG còn nguyên vẹn" in capsys.readouterr().err
    finally:
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE agencies_agencyevent ENABLE ALWAYS TRIGGER portal_insert_only")
            cursor.execute("ALTER TABLE agencies_recordentry ENABLE TRIGGER portal_record_wait")
    assert said() == ""


CHANGED = {
    "a guard that lets deleting pass": ("CREATE OR REPLACE TRIGGER portal_insert_only BEFORE TRUNCATE ON agencies_agencyevent FOR EACH STATEMENT EXECUTE FUNCTION portal_insert_only(); ALTER TABLE agencies_agencyevent ENABLE ALWAYS TRIGGER portal_insert_only", "agencies_agencyevent không còn được chặn sửa"),
    "a line that is filled only sometimes": ("CREATE OR REPLACE TRIGGER portal_record_fill BEFORE INSERT ON agencies_recordentry FOR EACH ROW WHEN (NEW.id < 0) EXECUTE FUNCTION portal_record_fill()", "agencies_recordentry không còn ghi chuỗi"),
    "a function that no longer acts as the owner": ("ALTER FUNCTION portal_record_wait() SECURITY INVOKER", "Hàm ghi nhật ký"),
    "a function that looks elsewhere first": ("ALTER FUNCTION portal_record_link() SET search_path = pg_temp, public", "Hàm ghi nhật ký"),
    "a second function of that name": ("CREATE FUNCTION portal_record_digest(text) RETURNS text LANGUAGE sql AS $$ SELECT $1 $$", "Hàm ghi nhật ký"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGED)
def test_a_guard_that_was_made_to_do_something_else_is_found(db, what):
    change, expected = CHANGED[what]
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert expected in said()
    if "second" not in what:
        put_up_guards()  # the next migrate
        assert said() == ""


def test_who_and_why_of_a_verb_end_with_it(written):
    with connection.cursor() as cursor:
        long_ago = "gen_random_uuid(), now() - interval '1 second', now(), '{}'"
        cursor.execute(f"INSERT INTO pghistory_context (id, created_at, updated_at, metadata) SELECT {long_ago}")
    with pytest.raises(DatabaseError, match="insert only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pghistory_context SET metadata = '{\"user\": 1}' WHERE created_at < now()")
    with acting(by=None, verb="outer"):
        Agency.objects.earliest("pk").save()
        with acting(by=None, verb="inner", reason="Việc bên trong"):  # completes the same row while it lasts
            agency = Agency.objects.earliest("pk")
            agency.short_name = "Tên khác"
            agency.save()


def test_a_month_leaves_as_a_signed_file_that_proves_itself(written, tmp_path):
    path, month = tmp_path / "out.jsonl", RecordLink.objects.earliest("number").month
    assert write_month(month, path, now=clock.instant()) == 10
    assert path.stat().st_mode & 0o077 == 0
    key = signing.public_key()
    assert list(file_findings(path, key)) == []
    good = path.read_text(encoding="utf-8")
    lines = good.splitlines(keepends=True)
    assert json.loads(json.loads(lines[1])["line"])["summary"] == "Đăng nhập không thành công"
    broken = {
        "a word changed": good.replace("Sửa 2", "Sửa 3", 1),
        "a line left out": "".join(lines[:3] + lines[4:]),
        "a line twice": "".join(lines[:3] + lines[2:]),
        "the end left out": "".join(lines[:-2] + lines[-1:]),
        "another month": good.replace(f'"month": "{month}"', '"month": "2020-01"', 1),
    }
    for what, text in broken.items():
        path.write_text(text, encoding="utf-8")
        assert any("không khớp" in found for found in file_findings(path, key)), what
        assert any("Chuỗi" in found for found in file_findings(path, key)), what
    path.write_text(good, encoding="utf-8")
    signing.settings.PORTAL_RECORD_KEY = tmp_path / "other.pem"
    assert list(file_findings(path, signing.signing_key().public_key())) == [
        "Chữ ký không đúng: tệp không do cổng này xuất, hoặc đã bị sửa."
    ]


def test_a_file_and_its_line_are_one(written, tmp_path, monkeypatch):
    month, path = RecordLink.objects.earliest("number").month, tmp_path / "a.jsonl"
    monkeypatch.setattr(signing, "sign", lambda content: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("export_record", path, month=month)
    assert not path.exists() and not RecordEntry.objects.filter(verb="export_record").exists()
    monkeypatch.undo()
    monkeypatch.setattr("agencies.management.commands.export_record.record", lambda **line: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        call_command("export_record", path, month=month)
    assert not path.exists()


@pytest.mark.parametrize("broken", [
    '{"what": "portal record", "month": "2026-10", "chains": [{"chain": 1}]}\n{"lines": 0, "sha256": "", "signature": ""}\n',
    '{"chains": [7]}\n{"lines": 0, "sha256": "", "signature": ""}\n',
    '[]\n{}\n', '7\n', '',
])  # fmt: skip
def test_a_file_of_another_shape_is_told_and_not_stumbled_over(written, tmp_path, broken):
    (tmp_path / "a.jsonl").write_text(broken)
    signing.sign(b"")
    with pytest.raises(BusinessError, match="không đọc được"):
        list(file_findings(tmp_path / "a.jsonl", signing.public_key()))


def test_the_export_command(written, tmp_path, capsys):
    month, path = RecordLink.objects.earliest("number").month, tmp_path / "nhat-ky.jsonl"
    assert len(month) == 7
    call_command("export_record", path, month=month)
    assert RecordEntry.objects.get(verb="export_record").kind == RecordEntry.Kind.EXPORT
    call_command("export_record", path, verify=True)
    assert "không dòng nào bị sửa" in capsys.readouterr().out
    call_command("export_record", public_key=True)
    (tmp_path / "public.pem").write_text(capsys.readouterr().out)
    call_command("export_record", path, verify=True, key=tmp_path / "public.pem")
    path.write_text(path.read_text().replace("Sửa 1", "Sửa 9", 1))
    with pytest.raises(SystemExit):
        call_command("export_record", path, verify=True)
    for arguments in ({"month": "2026-13"}, {"month": "2019-01"}, {"month": month}, {}):  # the last but one: it exists
        with pytest.raises(Exception, match=r"Hãy|Không|Ghi dạng"):
            call_command("export_record", path, **arguments)
    assert said() == ""
