"""The reports room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo"

    def ready(self):
        from campaigns import activities, goals
        from reports import long_exports, opening_everywhere
        from reports.facts import notes_on_day, reporting_year
        from reports.holidays import sync_holidays
        from reports.targets import sync_council_targets

        long_exports.register_kinds()
        opening_everywhere.register_kinds()
        activities.notes_on_day = notes_on_day
        goals.reporting_year = reporting_year
        post_migrate.connect(sync_holidays, sender=self, dispatch_uid="reports.sync_holidays")
        post_migrate.connect(sync_council_targets, sender=self, dispatch_uid="reports.sync_council_targets")
