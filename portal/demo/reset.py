"""Emptying the installation for a new demo: every row and every file, then the data that each migrate brings."""

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction

from agencies.files.storing import drop, walk
from agencies.journal.anchors import anchors_file
from agencies.journal.guards import without_guards
from campaigns.models import Evidence

# Django's own bookkeeping: without these rows the schema would look unmigrated or the permissions lose their names.
_KEPT = {"django_migrations", "django_content_type", "auth_permission"}
# The job queue keeps its tables itself, outside Django's models; a worker that is running keeps its own row.
_QUEUE = {"procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"}


def empty_database() -> None:
    """Truncate every table of the portal in one statement, then bring back indicators and holidays.

    The record refuses even that (agencies/journal/guards.py): its guards are taken down for this one statement, which
    only the owner of the tables can do. Only the demo uses it.
    """
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted({*known, *_QUEUE} - _KEPT)
    quoted = ", ".join(connection.ops.quote_name(table) for table in tables)
    with transaction.atomic():
        with without_guards(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE")
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def remove_files() -> int:
    """Remove what lies in the store of files and no row points at; returns how many files. To be called after the
    commit: a build that failed leaves the old rows, and those keep their files."""
    kept = set(Evidence.objects.values_list("file", flat=True))
    anchors_file().unlink(missing_ok=True)  # of a record that is no more
    left = [name for name in walk() if name not in kept]
    for name in left:
        drop(name)
    return len(left)
