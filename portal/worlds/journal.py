"""The chain of a council's record, link by link, with the database's own digest (agencies/journal/database.sql)."""

from django.db import connection

_LINK = """
DO $$
DECLARE
    entry agencies_recordentry; place bigint := 0; this_month text; before bytea := decode(repeat('00', 32), 'hex');
    digest bytea;
BEGIN
    this_month := to_char(clock_timestamp() AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM');
    FOR entry IN SELECT * FROM agencies_recordentry WHERE council_id = {council} ORDER BY id LOOP
        place := place + 1;
        digest := portal_record_digest(before, {council}, place, this_month, 1, portal_record_text(entry, 1));
        INSERT INTO agencies_recordlink (entry_id, chain, number, month, form, before, digest, wall_council_id)
        VALUES (entry.id, {council}, place, this_month, 1, before, digest, {council});
        before := digest;
    END LOOP;
END $$
"""


def link(council: int) -> None:
    """Chain every line of a council that has no chain yet. The record's own triggers must be asleep."""
    with connection.cursor() as cursor:
        cursor.execute(_LINK.format(council=int(council)))
