"""What the portal's own commands have in common."""

from django.core.management.base import BaseCommand

from agencies import wall


class CouncilsCommand(BaseCommand):
    """A command that works on the business of councils: behind the wall (agencies/wall.py), which it opens to them all.

    Commands that make or empty the database itself run as its owner instead; tests/portal/test_wall_tables.py lists
    them with their reasons.
    """

    def execute(self, *args, **options):
        with wall.everywhere():
            return super().execute(*args, **options)
