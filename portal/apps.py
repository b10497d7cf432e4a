"""The shell: it imports everything, nothing imports it."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Cổng phối hợp PBGDPL"

    def ready(self):
        from agencies import permissions
        from portal.unfinished import sign_in_keeping_typed

        permissions.sign_in_keeping_typed = sign_in_keeping_typed


class PortalAdminConfig(AdminConfig):
    default_site = "portal.admin_site.PortalAdminSite"
