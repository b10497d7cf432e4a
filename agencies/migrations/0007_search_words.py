from django.db import migrations

from agencies.search_words import create_function, words_of


class Migration(migrations.Migration):
    """The words that search asks for, of agencies and people; and the function that makes them for every room."""

    dependencies = [("agencies", "0006_find")]

    operations = [
        create_function(),
        words_of("agencies_agency", title="name || ' ' || short_name", body="folded"),
        words_of("agencies_user", title="full_name", body="username || ' ' || position"),
    ]
