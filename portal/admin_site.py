"""The administrators' site: accounts, days off, the record. It shows no business data and has no sign-in of its own."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse

from agencies.permissions import Perm, grants_of


def manages_accounts(user) -> bool:
    """Whether the person administers any council; Django's own flags (staff, superuser) mean nothing here."""
    return grants_of(user).holds(Perm.MANAGE_ACCOUNTS)


# The queue's own pages are English and show every council's business; docs/operate.md says how to look at it. allauth's
# would give somebody a second factor or another directory's account without a word on the record.
NOT_HERE = frozenset({"procrastinate", "account", "mfa", "socialaccount"})


class PortalAdminSite(AdminSite):
    """Open to those who manage accounts, through the portal's own sign-in."""

    site_title = "Quản trị · Cổng phối hợp PBGDPL"
    site_header = "Quản trị Cổng phối hợp PBGDPL"
    index_title = "Tài khoản, ngày nghỉ, nhật ký"
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options):
        """Libraries that come with pages of their own are passed over, whenever they ask."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        super().register([model for model in models if model._meta.app_label not in NOT_HERE], admin_class, **options)

    def get_urls(self):
        # "View on site" leads from any content type to any object; nothing here uses it.
        return [entry for entry in super().get_urls() if getattr(entry, "name", "") != "view_on_site"]

    def has_permission(self, request):
        return manages_accounts(request.user)

    def login(self, request, extra_context=None):
        """The portal's own sign-in page; somebody signed in without the right is refused."""
        if request.user.is_authenticated:
            if self.has_permission(request):
                return redirect("admin:index")
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("login"))

    def logout(self, request, extra_context=None):
        from portal.signing_in.views import logout  # the views are loaded after the sites

        return logout(request)

    def password_change(self, request, extra_context=None):
        return redirect("password-change")

    def password_change_done(self, request, extra_context=None):
        return redirect("home")
