"""The shell: it imports everything, nothing imports it."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Cổng phối hợp PBGDPL"

    def ready(self):
        from agencies import permissions
        from portal.council_wall.checks import the_wall_stands
        from portal.council_wall.install import put_up
        from portal.deploy_checks import addresses_are_told
        from portal.unfinished import sign_in_keeping_typed

        permissions.sign_in_keeping_typed = sign_in_keeping_typed
        register(the_wall_stands, Tags.database, deploy=True)
        register(addresses_are_told, Tags.security, deploy=True)
        # Like the triggers (docs/decisions/0003): in force again after every migrate. The shell has no models, and an
        # app without models hears nothing of a migrate.
        post_migrate.connect(put_up, sender=apps.get_app_config("agencies"), dispatch_uid="portal.council_wall")


class PortalAdminConfig(AdminConfig):
    default_site = "portal.admin_site.PortalAdminSite"
