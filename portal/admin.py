"""What administrators may edit. Every permission is the portal's own; Django's model permissions are not asked."""

from copy import copy
from functools import partial

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.timezone import localtime

from agencies.accounts import (
    AMENDABLE,
    amend_person,
    may_manage,
    reopen_account,
    reset_password,
    reset_second_factor,
    unlock_account,
)
from agencies.clock import instant, now
from agencies.errors import BusinessError
from agencies.history import acting, record
from agencies.locks import locks_of
from agencies.membership import known_nowhere, people_of
from agencies.models import Council, User
from agencies.permissions import Perm, grants_of
from agencies.privacy import masked_email, masked_phone
from portal.admin_site import manages_accounts
from reports.models import Holiday


class AdministratorsOnly:
    """The one rule of this site, and nothing deleted unless a class says so."""

    can_add = can_change = can_delete = False
    show_facets = admin.ShowFacets.NEVER  # counting every filter is a query each, for a list that fits a page

    def has_module_permission(self, request):
        return manages_accounts(request.user)

    def has_view_permission(self, request, obj=None):
        return manages_accounts(request.user)

    def has_add_permission(self, request):
        return self.can_add and manages_accounts(request.user)

    def has_change_permission(self, request, obj=None):
        return self.can_change and manages_accounts(request.user)

    def has_delete_permission(self, request, obj=None):
        return self.can_delete and manages_accounts(request.user)

    def get_action_choices(self, request, default_choices=(("", "Chọn việc"),)):
        return super().get_action_choices(request, list(default_choices))

    def log_addition(self, request, obj, message):
        """The record of the portal is the only one; Django's own log would be a second truth."""

    def log_change(self, request, obj, message):
        """See ``log_addition``."""

    def log_deletions(self, request, queryset):
        """See ``log_addition``."""


class NewPasswordForm(AdminPasswordChangeForm):
    """A new password for somebody else."""

    error_messages = {"password_mismatch": "Hai lần nhập mật khẩu mới không giống nhau. Hãy nhập lại."}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        # Signing in is ended by closing the account, not by a password that nobody has.
        self.fields.pop("usable_password", None)
        self.fields["password1"].label = "Mật khẩu mới"
        self.fields["password2"].label = "Nhập lại mật khẩu mới"

    def save(self, commit=True):
        """Through the verb, so that it is on the record."""
        return reset_password(user=self.user, password=self.cleaned_data["password1"], by=self.by, now=now())


@admin.register(User)
class AccountAdmin(AdministratorsOnly, UserAdmin):
    """Accounts of one's own councils. Roles are given on the agencies' pages, never here."""

    can_change = True
    list_display = ("username", "full_name", "position", "roles_held", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username", "full_name")  # a number asked for digit by digit would tell what is masked
    ordering = ("username",)
    filter_horizontal = ()
    show_facets = admin.ShowFacets.NEVER
    actions = ("reopen", "unlock", "forget_second_factor")
    fieldsets = (
        (None, {"fields": ("username", "new_password")}),
        ("Người dùng", {"fields": AMENDABLE}),
        ("Tình trạng", {"fields": ("is_active", "locked", "roles_held", "last_login", "date_joined")}),
    )
    readonly_fields = ("username", "new_password", "is_active", "locked", "roles_held", "last_login", "date_joined")

    @admin.display(description="mật khẩu")
    def new_password(self, user):
        """Where a password is given anew; the stored one is shown to nobody, not even as a hash."""
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a class="button" href="{}">Đặt lại mật khẩu</a>', address)

    @admin.display(description="vai trò đang giữ")
    def roles_held(self, user):
        """The person's roles that have not ended."""
        held = [member for member in user.memberships.all() if member.left_on is None]
        return "; ".join(f"{member.get_role_display()} · {member.scope}" for member in held) or "—"

    @admin.display(description="khóa đăng nhập")
    def locked(self, user):
        """Whether wrong tries keep anybody from signing in under this name, and until when."""
        until = locks_of([user], instant()).get(user.pk)
        return f"đến {localtime(until):%H:%M %d/%m/%Y}" if until else "không"

    def get_queryset(self, request):
        """The people one's councils know, and accounts that no council knows yet."""
        reachable = Q(pk__in=known_nowhere())
        for council in Council.objects.filter(pk__in=grants_of(request.user).councils(Perm.MANAGE_ACCOUNTS)):
            reachable |= Q(pk__in=people_of(council).values("pk"))
        rows = super().get_queryset(request).filter(reachable)
        return rows.prefetch_related("memberships__agency", "memberships__council")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or may_manage(request.user, obj))

    def get_fieldsets(self, request, obj=None):
        """An account that another council knows too is shown, and how to reach its person is masked (privacy.py)."""
        if obj is None or may_manage(request.user, obj):
            return self.fieldsets
        shown = tuple({"phone": "masked_phone", "email": "masked_email"}.get(name, name) for name in AMENDABLE)
        return [(title, {"fields": shown} if title == "Người dùng" else options) for title, options in self.fieldsets]

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, "masked_phone", "masked_email")

    @admin.display(description="điện thoại")
    def masked_phone(self, user):
        """The end of the number."""
        return masked_phone(user.phone) or "—"

    @admin.display(description="thư điện tử")
    def masked_email(self, user):
        """The first letter and the office's domain."""
        return masked_email(user.email) or "—"

    def lookup_allowed(self, lookup, value, request=None):
        """Only the filters shown: a lookup through relations could ask about what is not seen."""
        return lookup.split("__")[0] == "is_active"

    def save_model(self, request, obj, form, change):
        particulars = {name: form.cleaned_data[name] for name in AMENDABLE}
        amend_person(user=obj, by=request.user, now=now(), **particulars)

    def save_related(self, request, form, formsets, change):
        """Nothing beside the person's particulars is edited here."""

    def user_change_password(self, request, id, form_url=""):
        """Django's page, with the administrator's name handed to the form that saves."""
        page = copy(self)
        page.change_password_form = partial(NewPasswordForm, by=request.user)
        return super(AccountAdmin, page).user_change_password(request, id, form_url)

    def history_view(self, request, object_id, extra_context=None):
        """The portal's own record of the person."""
        user = self.get_object(request, object_id)
        return redirect(f"{reverse('record')}?{urlencode({'nguoi': user.pk} if user else {})}")

    def _each(self, request, queryset, verb, said: str):
        for user in queryset:
            try:
                verb(user=user, by=request.user, now=now())
            except BusinessError as error:
                self.message_user(request, f"{user}: {' '.join(error.messages)}", messages.ERROR)
            else:
                self.message_user(request, said.format(user), messages.SUCCESS)

    @admin.action(description="Mở lại tài khoản đã đóng")
    def reopen(self, request, queryset):
        self._each(request, queryset, reopen_account, "Tài khoản {} đang mở; hãy giao vai trò nếu chưa có.")

    @admin.action(description="Mở khóa đăng nhập (sai mật khẩu nhiều lần)")
    def unlock(self, request, queryset):
        self._each(request, queryset, unlock_account, "{} đăng nhập lại được ngay.")

    @admin.action(description="Gỡ xác thực hai bước (mất điện thoại, mất khóa)")
    def forget_second_factor(self, request, queryset):
        self._each(request, queryset, reset_second_factor, "{} không còn xác thực hai bước; các phiên đã kết thúc.")


@admin.register(Holiday)
class HolidayAdmin(AdministratorsOnly, admin.ModelAdmin):
    """Days off and days worked instead; deadlines step over them."""

    can_add = can_change = can_delete = True
    list_display = ("day", "name", "is_makeup")
    list_filter = ("is_makeup",)
    search_fields = ("name",)
    ordering = ("-day",)

    def save_model(self, request, obj, form, change):
        with acting(by=request.user, verb="edit_holiday"):
            super().save_model(request, obj, form, change)
            self._record(request, obj, "Sửa" if change else "Thêm")

    def delete_model(self, request, obj):
        with acting(by=request.user, verb="edit_holiday"):
            self._record(request, obj, "Xóa")
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    def _record(self, request, obj, what):
        # The table is everybody's: the line goes to the record of each council that this administrator serves.
        kind = "ngày làm bù" if obj.is_makeup else "ngày nghỉ"
        for council in Council.objects.filter(pk__in=grants_of(request.user).councils(Perm.MANAGE_ACCOUNTS)):
            record(by=request.user, now=now(), verb="edit_holiday", obj=council, summary=f"{what} {kind} {obj}")


admin.site.unregister(Group)
