"""Every address of the portal. Each view carries its own rule (agencies.permissions.access)."""

from django.contrib import admin
from django.urls import include, path

from portal import views, views_calendar, views_guide, views_people, views_record, views_why
from portal.design.page import design

urlpatterns = [
    path("", views.home, name="home"),
    path("dang-nhap/", views.login, name="login"),
    path("dang-xuat/", views.logout, name="logout"),
    path("doi-mat-khau/", views.password_change, name="password-change"),
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
    path("quan-tri/", admin.site.urls),
    path("", include("agencies.urls")),
    path("", include("campaigns.urls")),
    path("", include("reports.urls")),
]

handler400 = "portal.views.handler400"
handler403 = "portal.views.handler403"
handler404 = "portal.views.handler404"
handler500 = "portal.views.handler500"
