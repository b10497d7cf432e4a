"""100,000 activities of a province's year from an Excel file: checked, written, cut in the middle, compared."""

import hashlib
import tempfile
import time
from datetime import date, timedelta

import xlsxwriter
from django.db import connection

from agencies.long_work import orders
from agencies.models import Council, LongWork, StagedRow, User
from agencies.tables.long_lists import open_long_list
from campaigns.bulk_activities import checking, writing
from campaigns.models import Activity
from tests.long_work.data import NOW

HEADS = ["Mã cơ quan", "Ngày", "Hoạt động", "Hình thức", "Địa điểm", "Nội dung", "PB02", "PB02n", "PB05a", "Lĩnh vực"]
_WHAT = (
    "Luật Đất đai",
    "Luật Nhà ở",
    "phòng, chống ma túy",
    "an toàn giao thông",
    "bình đẳng giới",
    "hòa giải ở cơ sở",
)
_FORMS = ("Phổ biến trực tiếp, tư vấn, cung cấp tài liệu", "Thi tìm hiểu pháp luật", "")


def file_of(rows: int) -> bytes:
    """A year of 150 agencies: about 270 activities a day, some of them recorded by two agencies."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(file.name, {"constant_memory": True})
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADS)
        for at in range(rows):
            twin = at % 50 == 49  # as the row before, by another agency
            of, what = (at - 1 if twin else at), _WHAT[at % len(_WHAT)]
            sheet.write(at + 1, 0, f"cq-{at % 150}")
            sheet.write_datetime(at + 1, 1, date(2023, 1, 1) + timedelta(days=of % 360), day)
            what = _WHAT[of % len(_WHAT)]
            sheet.write(at + 1, 2, f"Tuyên truyền, phổ biến {what} cho Nhân dân tổ dân phố {of % 997}")
            sheet.write(at + 1, 3, _FORMS[of % 3])
            sheet.write(at + 1, 4, f"Nhà văn hóa khu vực {of % 613}, phường số {of % 150}")
            sheet.write(at + 1, 5, "Giới thiệu điểm mới của luật, trả lời câu hỏi, cấp phát tờ gấp tuyên truyền.")
            sheet.write(at + 1, 6, 30 + of % 200)
            sheet.write(at + 1, 7, of % 30)
            sheet.write(at + 1, 8, of % 90)
            sheet.write(at + 1, 9, "Đất đai; Nhà ở" if of % 2 else "")
        book.close()
        file.seek(0)
        return file.read()


def reading_alone(content: bytes) -> float:
    """Rows a second of the reader, nothing made of them."""
    from campaigns.bulk_activities.rows import Rows

    rows = Rows(council=0, agencies=[], today=date(2024, 6, 10))
    started = time.perf_counter()
    found = open_long_list(content, "a.xlsx", rows.means, checking.REQUIRED, says=dict.fromkeys(checking.REQUIRED, ""))
    count = sum(1 for _row in found.rows)
    return count / (time.perf_counter() - started)


def digest() -> str:
    """Of every activity with its counts and with whom it is counted."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT v.held_on || a.code || v.title || v.form || v.place || v.content || v.topics::text || v.folded
                   || coalesce(ha.code, '') || coalesce((SELECT string_agg(i.code || f.value, ',' ORDER BY i.code)
                      FROM campaigns_activityfigure f JOIN campaigns_indicator i ON i.id = f.indicator_id
                      WHERE f.activity_id = v.id), '')
            FROM campaigns_activity v JOIN agencies_agency a ON a.id = v.agency_id
            LEFT JOIN campaigns_activity h ON h.id = v.same_as_id LEFT JOIN agencies_agency ha ON ha.id = h.agency_id
            ORDER BY 1""")
        whole = hashlib.sha256()
        for (text,) in cursor:
            whole.update(text.encode())
    return whole.hexdigest()


def emptied() -> None:
    """No activity, as before the import."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM campaigns_activityfigure")
        cursor.execute("DELETE FROM campaigns_activity")
        cursor.execute("DELETE FROM agencies_stagedrow")
        cursor.execute("SET session_replication_role = DEFAULT")


def _checked(council: Council, person: User, content: bytes) -> LongWork:
    return checking.order_check(council=council, filename="nam-2023.xlsx", content=content, by=person, now=NOW)


def _cut(work: LongWork, person: User, pieces: int, run) -> None:
    run("work", work.pk, pieces)
    orders.cancel(work=work, by=person, now=NOW)
    orders.resume(work=work, by=person, now=NOW)
    run("work", work.pk, 0)


def measure(council: Council, rows: int, run) -> None:
    """Print what reading, checking and writing take, and whether a cut import is the same."""
    person = User.objects.get(username="dau-moi-thu")
    content = file_of(rows)
    print(f"file: {len(content) / 1e6:.1f} MB; reading alone {reading_alone(content):,.0f} rows/s", flush=True)
    emptied()
    check = _checked(council, person, content)
    seconds, done, most, began = run("work", check.pk, 0)
    check.refresh_from_db()
    good = StagedRow.objects.filter(work=check, problems__isnull=True).count()
    print(
        f"read, check, stage, preview: {seconds:.1f} s, {done / seconds:,.0f} rows/s, {good:,} good, peak {most:.0f} MB"
        f" (before {began:.0f} MB) {check.state} {check.error}",
        flush=True,
    )
    work = writing.order_import(check=check, by=person, now=NOW)
    seconds, done, most, began = run("work", work.pk, 0)
    work.refresh_from_db()
    same = Activity.objects.filter(same_as__isnull=False).count()
    print(
        f"write: {seconds:.1f} s, {done / seconds:,.0f} rows/s, peak {most:.0f} MB (before {began:.0f} MB);"
        f" {same:,} counted with another (V26). {work.outcome} {work.error}",
        flush=True,
    )
    whole, count = digest(), Activity.objects.count()
    emptied()
    check = _checked(council, person, content)
    _cut(check, person, 2, run)
    check.refresh_from_db()
    work = writing.order_import(check=check, by=person, now=NOW)
    _cut(work, person, 7, run)
    equal = digest() == whole and Activity.objects.count() == count == rows
    print(f"  both cancelled in the middle and resumed: {'EQUAL' if equal else 'DIFFERENT'}", flush=True)
    if not equal:
        raise SystemExit("the cut import differs")
    few = 500
    rate = _import_export(file_of(few))
    print(f"beside: import-export's default, {few} rows, dry run and import: {rate:,.0f} rows/s", flush=True)


def _import_export(content: bytes) -> float:
    """Rows a second of a ModelResource with the same columns, foreign key by code, dry run and confirm."""
    import tablib
    from import_export import fields, resources, widgets

    from agencies.models import Agency

    class ActivityResource(resources.ModelResource):
        agency = fields.Field("agency", "Mã cơ quan", widgets.ForeignKeyWidget(Agency, "code"))
        held_on = fields.Field("held_on", "Ngày", widgets.DateWidget("%Y-%m-%d"))
        title = fields.Field("title", "Hoạt động")
        place = fields.Field("place", "Địa điểm")
        content = fields.Field("content", "Nội dung")
        recorded_by = fields.Field("recorded_by_id", "by")
        recorded_at = fields.Field("recorded_at", "at")

        class Meta:
            model = Activity
            import_id_fields = ()
            fields = ("agency", "held_on", "title", "place", "content", "recorded_by", "recorded_at")
            clean_model_instances = True

    started = time.perf_counter()
    data = tablib.Dataset().load(content, format="xlsx")
    data.append_col([User.objects.get(username="dau-moi-thu").pk] * len(data), header="by")
    data.append_col([NOW] * len(data), header="at")
    for dry_run in (True, False):
        result = ActivityResource().import_data(data, dry_run=dry_run, raise_errors=False)
        if result.has_errors() or result.has_validation_errors():
            raise SystemExit(str(result.row_errors()[:1] or result.invalid_rows[:1]))
    return len(data) / (time.perf_counter() - started)
