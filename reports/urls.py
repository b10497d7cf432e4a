"""Addresses of the desk, the reports, the board, the consolidation and the leaders' summary."""

from django.urls import path, register_converter

from reports.views import (
    autosave,
    board,
    consolidation,
    desk,
    entry,
    form_versions,
    forms,
    handover,
    lines,
    live,
    long_exports,
    plans,
    receipts,
    reminding,
    report,
    rules,
    sources,
    summary,
    talk,
    targets,
    versions,
    word_templates,
    workbook,
)


class PeriodCode:
    """2024-q2, 2024-6t, 2024-9t, 2024."""

    regex = r"[0-9]{4}(?:-(?:q[1-4]|6tc?|9t))?"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(PeriodCode, "period")

urlpatterns = [
    path("co-quan/<int:pk>/ban-giao/", handover.agency_handover, name="agency-handover"),
    path("viec-cua-toi/", desk.my_work, name="my-work"),
    path("bao-cao/", report.report_home, name="report-home"),
    path("bao-cao/<period:code>/", report.report_list, name="report-list"),
    path("bao-cao/<period:code>/<slug:agency>/", report.report_detail, name="report-detail"),
    path("bao-cao/<period:code>/<slug:agency>/dong/<int:pk>/", lines.report_line, name="report-line"),
    path("bao-cao/<period:code>/<slug:agency>/dong/<int:pk>/minh-chung/", lines.line_evidence, name="line-evidence"),
    path(
        "bao-cao/<period:code>/<slug:agency>/dong/<int:pk>/tu-luu/", autosave.line_autosave, name="report-line-autosave"
    ),
    path("bao-cao/<period:code>/<slug:agency>/so-lieu/", entry.report_figures, name="report-figures"),
    path("bao-cao/<period:code>/<slug:agency>/so-lieu/kiem-tra/", live.figures_check, name="report-figures-check"),
    path("bao-cao/<period:code>/<slug:agency>/dong/<int:pk>/kiem-tra/", live.line_check, name="report-line-check"),
    path(
        "bao-cao/<period:code>/<slug:agency>/so-lieu/tu-luu/", autosave.figures_autosave, name="report-figures-autosave"
    ),
    path("bao-cao/<period:code>/<slug:agency>/so-lieu/<slug:indicator>/", sources.report_source, name="report-source"),
    path("bao-cao/<period:code>/<slug:agency>/danh-gia/", entry.report_narrative, name="report-narrative"),
    path(
        "bao-cao/<period:code>/<slug:agency>/danh-gia/tu-luu/",
        autosave.narrative_autosave,
        name="report-narrative-autosave",
    ),
    path("bao-cao/<period:code>/<slug:agency>/tep-dien.xlsx", workbook.workbook, name="report-workbook"),
    path("bao-cao/<period:code>/<slug:agency>/nap-tep/", workbook.upload, name="report-upload"),
    path(
        "bao-cao/<period:code>/<slug:agency>/nap-tep/xem-truoc/", workbook.upload_preview, name="report-upload-preview"
    ),
    path("bao-cao/<period:code>/<slug:agency>/nap-tep/hoan-tac/", workbook.upload_undo, name="report-upload-undo"),
    path("bao-cao/<period:code>/<slug:agency>/nap-tep/tep-loi.xlsx", workbook.upload_copy, name="report-upload-copy"),
    path("bao-cao/<period:code>/<slug:agency>/y-kien/", talk.report_talk, name="report-talk"),
    path("bao-cao/<period:code>/<slug:agency>/<slug:verb>/", report.report_transition, name="report-transition"),
    path("bien-nhan/<int:pk>/", receipts.receipt, name="receipt"),
    path("bien-nhan/<int:pk>/noi-dung.json", receipts.receipt_content, name="receipt-content"),
    path("quy-tac/", rules.rules, name="rules"),
    path("dieu-phoi/", board.board_home, name="board-home"),
    path("dieu-phoi/xuat-du-lieu/", long_exports.export_order, name="export-order"),
    path("dieu-phoi/mo-ky/", board.period_open, name="period-open"),
    path("dieu-phoi/<period:code>/", board.board, name="board"),
    path("dieu-phoi/<period:code>/tiep-nhan/", board.accept_selected, name="board-accept"),
    path("dieu-phoi/<period:code>/hoan-tac/", board.accept_undo, name="board-undo"),
    path("dieu-phoi/<period:code>/don-doc/", reminding.remind, name="board-remind"),
    path("dieu-phoi/<period:code>/bo-sung/", board.period_refresh, name="period-refresh"),
    path("dieu-phoi/<period:code>/trung/", sources.board_doubles, name="board-doubles"),
    path("dieu-phoi/<period:code>/khoa/", board.period_lock, name="period-lock"),
    path("dieu-phoi/<period:code>/mo-lai/", board.period_reopen, name="period-reopen"),
    path("tong-hop/<period:code>/", consolidation.consolidation, name="consolidation"),
    path("tong-hop/<period:code>/bao-cao.docx", consolidation.word, name="consolidation-word"),
    path("tong-hop/<period:code>/phu-luc.xlsx", consolidation.excel, name="consolidation-excel"),
    path("tong-hop/<period:code>/so-lieu/<slug:indicator>/", sources.consolidation_source, name="consolidation-source"),
    path("tong-hop/<period:code>/phat-hanh/", consolidation.issue, name="consolidation-issue"),
    path("tong-hop/<period:code>/phien-ban/", versions.versions, name="consolidation-versions"),
    path(
        "tong-hop/<period:code>/phien-ban/<int:edition>/<int:version>/",
        versions.version_detail,
        name="consolidation-version",
    ),
    path("tong-hop/<period:code>/so-sanh/", versions.compare, name="consolidation-compare"),
    path("mau-van-ban/", word_templates.template_list, name="template-list"),
    path("mau-van-ban/mau-co-san.docx", word_templates.template_builtin, name="template-builtin"),
    path("mau-van-ban/xem-thu.docx", word_templates.template_builtin_preview, name="template-builtin-preview"),
    path("mau-van-ban/dung-mau-co-san/", word_templates.template_reset, name="template-reset"),
    path("mau-van-ban/<int:pk>/mau.docx", word_templates.template_file, name="template-file"),
    path("mau-van-ban/<int:pk>/xem-thu.docx", word_templates.template_preview, name="template-preview"),
    path("mau-van-ban/<int:pk>/dung/", word_templates.template_use, name="template-use"),
    path("tong-quan/", summary.summary, name="summary"),
    path("tong-quan/<period:code>/", summary.summary, name="summary-period"),
    path("chi-tieu/hoi-dong/", targets.target_list, name="target-list"),
    path("chi-tieu/hoi-dong/them/", targets.target_create, name="target-create"),
    path("chi-tieu/hoi-dong/<slug:code>/", targets.target_edit, name="target-edit"),
    path("chi-tieu/hoi-dong/<slug:code>/bo/", targets.target_remove, name="target-remove"),
    path("bieu-mau/", forms.form_list, name="form-list"),
    path("bieu-mau/tai-len/", form_versions.form_upload, name="form-upload"),
    path("bieu-mau/ban/<int:pk>/", form_versions.form_version, name="form-version"),
    path("bieu-mau/ban/<int:pk>/<slug:verb>/", form_versions.form_version_transition, name="form-version-transition"),
    path("bieu-mau/<slug:form>/dinh-nghia.xlsx", form_versions.form_definition, name="form-definition"),
    path("bieu-mau/<slug:form>/<period:code>/", forms.form_fill, name="form-fill"),
    path("bieu-mau/<slug:form>/<period:code>/bieu.xlsx", forms.form_excel_file, name="form-excel"),
    path("bieu-mau/<slug:form>/<period:code>/uoc-tinh/", forms.form_estimates, name="form-estimates"),
    path("ke-hoach/<int:pk>/muc-dat/", plans.plan_attainment, name="plan-attainment"),
    path("ke-hoach/<int:pk>/chuyen/<slug:verb>/", plans.plan_transition, name="plan-transition"),
]
