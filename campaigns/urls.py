"""Addresses of plans, tasks, activities and evidence."""

from django.urls import path

from campaigns.views import activities, activity_entry, doubles, evidence, imports, long_exports, plans, targets, tasks

urlpatterns = [
    path("ke-hoach/", plans.plan_list, name="plan-list"),
    path("ke-hoach/them/", plans.plan_create, name="plan-create"),
    path("ke-hoach/nhap/", imports.import_upload, name="plan-import"),
    path("ke-hoach/nhap/xem-truoc/", imports.import_preview, name="plan-import-preview"),
    path("ke-hoach/nhap/ghi-chu-loi/", imports.import_errors, name="plan-import-errors"),
    path("ke-hoach/nhap/<int:pk>/hoan-tac/", imports.import_undo, name="plan-import-undo"),
    path("ke-hoach/<int:pk>/", plans.plan_detail, name="plan-detail"),
    path("ke-hoach/<int:pk>/sua/", plans.plan_edit, name="plan-edit"),
    path("ke-hoach/<int:pk>/van-ban/", plans.plan_file, name="plan-file"),
    path("ke-hoach/<int:pk>/chi-tieu/", targets.plan_targets, name="plan-targets"),
    path("ke-hoach/<int:pk>/chi-tieu/<int:target>/", targets.target_edit, name="plan-target-edit"),
    path("ke-hoach/<int:pk>/chi-tieu/<int:target>/bo/", targets.target_remove, name="plan-target-remove"),
    path("ke-hoach/<int:pk>/nhiem-vu/them/", tasks.task_create, name="task-create"),
    path("nhiem-vu/", tasks.task_list, name="task-list"),
    path("nhiem-vu/<int:pk>/", tasks.task_detail, name="task-detail"),
    path("nhiem-vu/<int:pk>/y-kien/", tasks.task_talk, name="task-talk"),
    path("nhiem-vu/<int:pk>/sua/", tasks.task_edit, name="task-edit"),
    path("nhiem-vu/<int:pk>/minh-chung/", evidence.task_evidence, name="task-evidence"),
    path("hoat-dong/xuat/", long_exports.activity_export, name="activity-export"),
    path("hoat-dong/", activities.activity_list, name="activity-list"),
    path("hoat-dong/them/", activity_entry.activity_create, name="activity-create"),
    path("hoat-dong/<int:pk>/", activities.activity_detail, name="activity-detail"),
    path("hoat-dong/<int:pk>/sua/", activity_entry.activity_edit, name="activity-edit"),
    path("hoat-dong/<int:pk>/rut/", activity_entry.activity_withdraw, name="activity-withdraw"),
    path("hoat-dong/<int:pk>/khoi-phuc/", activity_entry.activity_restore, name="activity-restore"),
    path("hoat-dong/<int:pk>/minh-chung/", evidence.activity_evidence, name="activity-evidence"),
    path("hoat-dong/<int:pk>/trung/<int:other>/", doubles.activity_compare, name="activity-compare"),
    path("hoat-dong/<int:pk>/khac/<int:other>/", doubles.activity_different, name="activity-different"),
    path("chi-tieu/", targets.indicator_list, name="indicator-list"),
    path("minh-chung/<int:pk>/", evidence.evidence_file, name="evidence-file"),
    path("minh-chung/<int:pk>/go/", evidence.evidence_remove, name="evidence-remove"),
    path("minh-chung/<int:pk>/khoi-phuc/", evidence.evidence_restore, name="evidence-restore"),
]
