"""The record gets addresses, before and after, and its chain; every line written so far is linked, oldest first."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import agencies.clock

DATABASE = Path(__file__).resolve().parent.parent / "journal" / "database.sql"

# The former protection (pgtrigger's) stands in the way of the new column; the new one is put up after the migration.
DATES = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tgname FROM pg_trigger
                 WHERE tgrelid = 'agencies_recordentry'::regclass AND tgname LIKE 'pgtrigger_record_is_insert_only%'
    LOOP EXECUTE format('DROP TRIGGER %I ON agencies_recordentry', name); END LOOP;
END $$;
UPDATE agencies_recordentry SET written_at = at;
"""

LINKS = """
DO $$
DECLARE r agencies_recordentry%ROWTYPE; this_chain integer; last bytea; place bigint; sum bytea; this_month text;
BEGIN
    FOR this_chain IN SELECT DISTINCT coalesce(council_id, 0) FROM agencies_recordentry ORDER BY 1 LOOP
        last := decode(repeat('00', 32), 'hex'); place := 0; this_month := '';
        FOR r IN SELECT * FROM agencies_recordentry WHERE coalesce(council_id, 0) = this_chain ORDER BY id LOOP
            place := place + 1;
            this_month := greatest(this_month, to_char(r.written_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM'));
            sum := portal_record_digest(last, this_chain, place, this_month, 1, portal_record_text(r, 1));
            INSERT INTO agencies_recordlink (entry_id, chain, number, month, form, before, digest)
            VALUES (r.id, this_chain, place, this_month, 1, last, sum);
            last := sum;
        END LOOP;
    END LOOP;
END $$;
"""


def _sql(text: str):
    """Run SQL as it stands (no parameters, so that % needs no doubling)."""

    def run(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(text)

    return run


def _functions(apps, schema_editor):
    _sql(DATABASE.read_text(encoding="utf-8"))(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0012_accounts'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='registerimportevent',
            name='done',
        ),
        migrations.RemoveField(
            model_name='userevent',
            name='email',
        ),
        migrations.RemoveField(
            model_name='userevent',
            name='phone',
        ),
        migrations.AddField(
            model_name='recordentry',
            name='address',
            field=models.GenericIPAddressField(null=True, verbose_name='từ địa chỉ'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='changes',
            field=models.JSONField(editable=False, null=True, verbose_name='trước và sau'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='context',
            field=models.UUIDField(editable=False, null=True, verbose_name='lần thao tác'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='kind',
            field=models.CharField(choices=[('deed', 'Việc đã làm'), ('access', 'Đăng nhập, đăng xuất'), ('export', 'Xuất, tải tệp')], default='deed', max_length=10, verbose_name='loại'),
        ),
        migrations.AddField(
            model_name='recordentry',
            name='written_at',
            field=models.DateTimeField(default=agencies.clock.instant, editable=False, verbose_name='ghi lúc'),
        ),
        migrations.AlterField(
            model_name='recordentry',
            name='object_type',
            field=models.CharField(max_length=60, verbose_name='đối tượng'),
        ),
        migrations.CreateModel(
            name='RecordLink',
            fields=[
                ('entry', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.RESTRICT, primary_key=True, related_name='link', serialize=False, to='agencies.recordentry', verbose_name='dòng nhật ký')),
                ('chain', models.IntegerField(verbose_name='chuỗi')),
                ('number', models.BigIntegerField(verbose_name='số thứ tự trong chuỗi')),
                ('month', models.CharField(max_length=7, verbose_name='tháng')),
                ('form', models.PositiveSmallIntegerField(default=1, verbose_name='dạng nội dung')),
                ('before', models.BinaryField(max_length=32, verbose_name='mã băm của mắt xích trước')),
                ('digest', models.BinaryField(max_length=32, verbose_name='mã băm')),
            ],
            options={
                'verbose_name': 'mắt xích nhật ký',
                'verbose_name_plural': 'chuỗi nhật ký',
                'ordering': ['chain', 'number'],
                'indexes': [models.Index(fields=['month', 'chain', 'number'], name='record_link_by_month')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'number'), name='record_link_place_once')],
            },
        ),
        migrations.RunPython(_sql(DATES), migrations.RunPython.noop),
        migrations.RunPython(_functions, migrations.RunPython.noop),
        migrations.RunPython(_sql(LINKS), migrations.RunPython.noop),
    ]
