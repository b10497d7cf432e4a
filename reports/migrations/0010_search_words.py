from django.db import migrations

from agencies.search_words import words_of

_LINE = "result || ' ' || difficulty || ' ' || proposal"
_REPORT = (
    "direction || ' ' || highlights || ' ' || difficulties || ' ' || causes || ' ' || next_steps || ' ' || proposals"
)


class Migration(migrations.Migration):
    """The words that search asks for, of reports: long texts, so whole words and their beginnings only."""

    dependencies = [("agencies", "0007_search_words"), ("reports", "0009_board")]

    operations = [
        words_of("reports_reportline", body=_LINE, inside=False, when=f"{_LINE} <> '  '"),
        words_of("reports_progressreport", body=_REPORT, inside=False, when=f"{_REPORT} <> '     '"),
    ]
