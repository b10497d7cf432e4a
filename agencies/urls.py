"""Addresses of the agencies' pages."""

from django.urls import path

from agencies import (
    views,
    views_accounts,
    views_comments,
    views_imports,
    views_long_work,
    views_notices,
    views_people,
    views_privacy,
    views_saved,
)

urlpatterns = [
    path("thong-bao/", views_notices.notice_list, name="notice-list"),
    path("thong-bao/da-xem/", views_notices.notice_read_all, name="notice-read-all"),
    path("thong-bao/<int:pk>/mo/", views_notices.notice_open, name="notice-open"),
    path("bo-loc/luu/", views_saved.view_save, name="view-save"),
    path("bo-loc/<int:pk>/doi-ten/", views_saved.view_rename, name="view-rename"),
    path("bo-loc/<int:pk>/bo/", views_saved.view_remove, name="view-remove"),
    path("bo-loc/<int:pk>/hoan-tac/", views_saved.view_restore, name="view-restore"),
    path("co-quan/", views.agency_list, name="agency-list"),
    path("co-quan/them/", views.agency_create, name="agency-create"),
    path("co-quan/nguoi-dung/", views_imports.people_list_page, name="people-list"),
    path("co-quan/nhap/<slug:kind>/", views_imports.import_upload, name="register-import"),
    path("co-quan/nhap/<slug:kind>/xem/", views_imports.import_preview, name="register-import-preview"),
    path("co-quan/nhap/<slug:kind>/loi.xlsx", views_imports.import_errors, name="register-import-errors"),
    path("co-quan/nhap/<slug:kind>/mau.xlsx", views_imports.import_sample, name="register-import-sample"),
    path("co-quan/nhap/<int:pk>/hoan-tac/", views_imports.import_undo, name="register-import-undo"),
    path("co-quan/<int:pk>/", views.agency_detail, name="agency-detail"),
    path("co-quan/<int:pk>/sua/", views.agency_edit, name="agency-edit"),
    path("co-quan/<int:pk>/ke-thua/", views.agency_succession, name="agency-succession"),
    path("co-quan/<int:pk>/tai-khoan/them/", views_people.account_create, name="account-create"),
    path("co-quan/<int:pk>/vai-tro/them/", views_people.membership_create, name="membership-create"),
    path("co-quan/vai-tro/<int:pk>/ket-thuc/", views_people.membership_end, name="membership-end"),
    path("co-quan/tai-khoan/<int:pk>/dong/", views_people.account_close, name="account-close"),
    path("co-quan/tai-khoan/<int:pk>/du-lieu/", views_privacy.person_data, name="person-data"),
    path("co-quan/tai-khoan/<int:pk>/du-lieu/tai/", views_privacy.person_data_file, name="person-data-file"),
    path("co-quan/tai-khoan/<int:pk>/xoa-ten/", views_privacy.person_erase, name="person-erase"),
    path("co-quan/hoi-dong/<slug:code>/", views.council_detail, name="council-detail"),
    path("co-quan/hoi-dong/<slug:code>/tai-khoan/them/", views_people.account_create, name="council-account-create"),
    path(
        "co-quan/hoi-dong/<slug:code>/vai-tro/them/", views_people.membership_create, name="council-membership-create"
    ),
    path("tai-khoan/", views_accounts.register, name="account-register"),
    path("tai-khoan/ra-soat/", views_accounts.review, name="account-review"),
    path("tai-khoan/ra-soat/xac-nhan/", views_accounts.review_confirm, name="account-review-confirm"),
    path("tai-khoan/ra-soat/<int:pk>/ket-thuc/", views_accounts.review_end, name="account-review-end"),
    path("viec-dai/", views_long_work.work_list, name="work-list"),
    path("viec-dai/<int:pk>/", views_long_work.work_detail, name="work-detail"),
    path("viec-dai/<int:pk>/huy/", views_long_work.work_cancel, name="work-cancel"),
    path("viec-dai/<int:pk>/lam-tiep/", views_long_work.work_resume, name="work-resume"),
    path("viec-dai/<int:pk>/tep/", views_long_work.work_file, name="work-file"),
    path("y-kien/<int:pk>/<slug:verb>/", views_comments.comment_move, name="comment-move"),
]
