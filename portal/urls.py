"""Every address of the portal. Each view carries its own rule (agencies.permissions.access)."""

from django.contrib import admin
from django.urls import include, path

from portal import views, views_calendar, views_guide, views_health, views_people, views_record, views_why
from portal.design.page import design
from portal.signing_in import views as signing_in
from portal.signing_in import views_security, views_sso

urlpatterns = [
    path("", views.home, name="home"),
    path("dang-nhap/", signing_in.login, name="login"),
    path("dang-nhap/", signing_in.login, name="account_login"),  # as allauth calls it
    path("dang-nhap/buoc-hai/", signing_in.second_step, name="mfa_authenticate"),
    path("dang-nhap/mot-lan/", views_sso.sso_login, name="sso-login"),
    path("dang-nhap/mot-lan/<slug:provider_id>/ve/", views_sso.sso_callback, name="openid_connect_callback"),
    path("dang-xuat/", signing_in.logout, name="logout"),
    path("doi-mat-khau/", signing_in.password_change, name="password-change"),
    path("bao-mat/", views_security.security, name="security"),
    path("bao-mat/xac-nhan/", views_security.confirm, name="confirm"),
    path("bao-mat/ung-dung/", views_security.totp_add, name="totp-add"),
    path("bao-mat/khoa/", views_security.passkey_add, name="passkey-add"),
    path("bao-mat/ma-du-phong/", views_security.recovery_codes, name="recovery-codes"),
    path("bao-mat/<int:pk>/go/", views_security.factor_remove, name="factor-remove"),
    path("bao-mat/mot-lan/ket-noi/", views_sso.sso_connect, name="sso-connect"),
    path("bao-mat/mot-lan/ngat/", views_sso.sso_disconnect, name="sso-disconnect"),
    path("phien-lam-viec/", views_security.session_list, name="session-list"),
    path("phien-lam-viec/con/", views_security.session_extend, name="session-extend"),
    path("phien-lam-viec/khac/ket-thuc/", views_security.session_end_others, name="session-end-others"),
    path("phien-lam-viec/<slug:reference>/ket-thuc/", views_security.session_end, name="session-end"),
    path("co-chu/", views.text_size, name="text-size"),
    path("tim-kiem/", views.search, name="search"),
    path("lich/", views_calendar.month, name="calendar"),
    path("lich/dia-chi/", views_calendar.address_renew, name="calendar-address"),
    path("lich/dia-chi/tat/", views_calendar.address_off, name="calendar-address-off"),
    path("lich/<slug:secret>.ics", views_calendar.feed, name="calendar-feed"),
    path("nhat-ky/", views_record.record, name="record"),
    path("thiet-ke/", design, name="design"),
    path("vi-sao/<slug:kind>/<int:pk>/", views_why.why, name="why"),
    path("co-quan/nguoi/<int:pk>/xem-nhu/", views_people.person_preview, name="person-preview"),
    path("huong-dan-nhanh/", views_people.tour, name="tour"),
    path("huong-dan-nhanh/xong/", views_people.tour_done, name="tour-done"),
    path("huong-dan/", views_guide.guide, name="guide"),
    path("huong-dan/<slug:role>/", views_guide.guide, name="guide-role"),
    path("suc-khoe/", views_health.health_page, name="health"),
    path("suc-khoe/so-lieu/", views_health.metrics_page, name="metrics"),
    path("quan-tri/", admin.site.urls),
    path("", include("agencies.urls")),
    path("", include("campaigns.urls")),
    path("", include("reports.urls")),
]

handler400 = "portal.views.handler400"
handler403 = "portal.views.handler403"
handler404 = "portal.views.handler404"
handler500 = "portal.views.handler500"
