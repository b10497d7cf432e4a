from django.db import migrations

from agencies.search_words import words_of


class Migration(migrations.Migration):
    """The words that search asks for, of plans, tasks, activities, files and indicators."""

    dependencies = [("agencies", "0007_search_words"), ("campaigns", "0006_activity")]

    operations = [
        words_of("campaigns_plan", title="number || ' ' || title"),
        words_of("campaigns_task", title="number || ' ' || title", body="folded || ' ' || note"),
        words_of("campaigns_activity", title="title", body="folded"),
        words_of("campaigns_evidence", title="original_name"),
        words_of("campaigns_indicator", title="code || ' ' || name", body='"group" || \' \' || form_column'),
    ]
