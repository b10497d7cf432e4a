"""The campaigns room."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Kế hoạch và nhiệm vụ"

    def ready(self):
        from campaigns import long_exports
        from campaigns.bulk_activities import works
        from campaigns.catalogue import sync_indicators

        long_exports.register_kinds()
        works.register_kinds()
        # The catalogue is data of the product; it follows the code at every migrate.
        post_migrate.connect(sync_indicators, sender=self, dispatch_uid="campaigns.sync_indicators")
