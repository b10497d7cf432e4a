"""Addresses of the agencies' pages."""

from django.urls import path

from agencies import views, views_people

urlpatterns = [
    path("co-quan/", views.agency_list, name="agency-list"),
    path("co-quan/them/", views.agency_create, name="agency-create"),
    path("co-quan/<int:pk>/", views.agency_detail, name="agency-detail"),
    path("co-quan/<int:pk>/sua/", views.agency_edit, name="agency-edit"),
    path("co-quan/<int:pk>/ke-thua/", views.agency_succession, name="agency-succession"),
    path("co-quan/<int:pk>/tai-khoan/them/", views_people.account_create, name="account-create"),
    path("co-quan/<int:pk>/vai-tro/them/", views_people.membership_create, name="membership-create"),
    path("co-quan/vai-tro/<int:pk>/ket-thuc/", views_people.membership_end, name="membership-end"),
    path("co-quan/tai-khoan/<int:pk>/dong/", views_people.account_close, name="account-close"),
    path("co-quan/hoi-dong/<slug:code>/", views.council_detail, name="council-detail"),
    path("co-quan/hoi-dong/<slug:code>/tai-khoan/them/", views_people.account_create, name="council-account-create"),
    path(
        "co-quan/hoi-dong/<slug:code>/vai-tro/them/", views_people.membership_create, name="council-membership-create"
    ),
]
