"""The offline workbook: download it, upload it filled in (or any sheet of figures), look at every change, confirm."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock, downloads
from agencies.errors import BusinessError, StaleVersion
from agencies.files.receiving import read_upload
from agencies.permissions import Perm, access
from agencies.tables import shelf
from reports.models import ProgressReport
from reports.rules import check
from reports.sheet import load_sheet
from reports.views.find import report_for
from reports.workbook.export import file_name, workbook_of
from reports.workbook.keys import check_editable
from reports.workbook.marked import has_marks, marked_copy
from reports.workbook.preview_rows import grouped
from reports.workbook.problems import Preview
from reports.workbook.undo import undo_figures
from reports.workbook.upload import UploadRefused, apply_upload, preview_upload

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLACE = "report_uploads"
_ANSWER = "q:"  # form fields that hold a decision
_GONE = "Tệp tải lên không còn (được giữ một ngày). Chưa ghi gì; hãy chọn lại tệp."
_NO_WAY_BACK = (
    "Số liệu đã ghi đủ, nhưng kho tệp đang lỗi nên lần nạp này không có nút hoàn tác. Cần sửa thì sửa ngay trên trang "
    "báo cáo, và báo quản trị hệ thống."
)


class UploadForm(forms.Form):
    """One .xlsx."""

    file = forms.FileField(
        label="Tệp Excel",
        help_text="Tệp điền đã tải ở trang báo cáo, hoặc bảng số liệu của cơ quan (.xlsx), nặng không quá 10 MB.",
        error_messages={"required": "Hãy chọn tệp Excel.", "empty": "Tệp rỗng (0 byte). Hãy kiểm tra rồi chọn lại."},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


@access(Perm.RECORD_PROGRESS)
@require_safe
def workbook(request, code, agency):
    """The report as a workbook to fill in offline. Answers 409, in words, once the report is not theirs to edit."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    check_editable(report)
    downloads.of(request, report, "Tệp điền báo cáo")
    content = workbook_of(load_sheet(report), clock.now())
    return _download(content, file_name(report))


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=_XLSX, headers=headers)


@access(Perm.RECORD_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request, code, agency):
    """Choose a file. One that cannot be read, or is of another report, is refused here."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    form, status = UploadForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                content = read_upload(file)
                preview_upload(report=report, content=content, filename=file.name, now=clock.now())
            except BusinessError as error:
                form.add_error("file", error.messages)
                status = error.status
            else:
                about = {"report": report.pk, "filename": file.name[:200], "applied": ""}
                # The age of a file on disk, whatever day the demo plays.
                token = shelf.put(request=request, place=_PLACE, content=content, about=about, now=clock.instant())
                return redirect(_preview_address(report, token))
    context = {"report": report, "period": report.period, "form": form, "editable": _is_editable(report)}
    context["undoable"] = _undoable(request, report) if context["editable"] else []
    return render(request, "reports/report_upload.html", context, status=status)


def _is_editable(report: ProgressReport) -> bool:
    return report.is_editable and not report.period.is_locked


def _undoable(request, report: ProgressReport) -> list[tuple[str, dict]]:
    """Sheets of figures that this session put into this report and that have not been taken back, newest first."""
    known = shelf.all_about(request=request, place=_PLACE)
    mine = [(token, about) for token, about in known if about.get("report") == report.pk and about.get("undo")]
    return mine[::-1]


@access(Perm.RECORD_PROGRESS)
@require_POST
def upload_undo(request, code, agency):
    """Take back a sheet of figures that this session put in; once taken back there is nothing left to press."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    token = request.POST.get("tep", "")
    known = _staged(request, report, token)
    if known is None or not known.get("undo"):
        messages.warning(request, "Lần nạp này đã được hoàn tác, hoặc đã quá một ngày; không có gì thay đổi.")
        return redirect("report-upload", code=code, agency=agency)
    try:
        count = undo_figures(report=report, undo=known["undo"], by=request.user, now=clock.now())
    except BusinessError as error:
        return _back(request, report, error)
    shelf.note_done(token, known | {"undo": {}})
    messages.success(request, f"Đã hoàn tác: {count} số liệu trở lại như trước khi nạp tệp {known['filename']}.")
    return redirect("report-upload", code=code, agency=agency)


def _preview_address(report: ProgressReport, token: str) -> str:
    place = {"code": report.period.code, "agency": report.agency.code}
    return f"{reverse('report-upload-preview', kwargs=place)}?{urlencode({'tep': token})}"


def _staged(request, report: ProgressReport, token: str) -> dict | None:
    """What is known of an upload to this very report by this very person and session."""
    known = shelf.about(request=request, place=_PLACE, token=token)
    if known is None or known.get("report") != report.pk:
        return None
    return known if known.get("applied") or shelf.has_content(token) else None


@access(Perm.RECORD_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def upload_preview(request, code, agency):
    """Show every change (GET), apply it (POST). A second click on "ghi" finds what the first one did."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    given = request.POST if request.method == "POST" else request.GET
    token = given.get("tep", "")
    known = _staged(request, report, token)
    if known is None:
        messages.warning(request, _GONE)
        return redirect("report-upload", code=code, agency=agency)
    if known["applied"]:
        messages.info(request, f"Tệp này đã nạp rồi; không ghi thêm gì. {known['applied']}")
        return redirect("report-detail", code=code, agency=agency)
    try:
        content = shelf.content(token)
    except FileNotFoundError:  # the other click of a double click has just applied it
        return redirect(_preview_address(report, token))
    answers = {name.removeprefix(_ANSWER): value for name, value in given.items() if name.startswith(_ANSWER)}
    source = {"report": report, "content": content, "filename": known["filename"], "answers": answers}
    refused, status, preview = [], 200, None
    if request.method == "POST" and "ghi" in request.POST:
        fingerprint = request.POST.get("van-tay", "")
        try:
            done = apply_upload(**source, by=request.user, now=clock.now(), fingerprint=fingerprint)
        except UploadRefused as error:
            refused, status, preview = error.messages, error.status, error.preview
        except StaleVersion as error:
            refused, status, preview = error.messages, error.status, error.current
        except BusinessError as error:  # handed in or locked since
            return _back(request, report, error)
        else:
            at = timezone.localtime(clock.now())
            about = {"applied": done.sentence, "undo": done.undo, "at": f"{at:%H:%M %d/%m/%Y}"}
            messages.success(request, done.sentence)
            if not shelf.note_done(token, known | about):
                messages.warning(request, _NO_WAY_BACK)
            return redirect("report-detail", code=code, agency=agency)
    if preview is None:
        try:
            preview = preview_upload(**source, now=clock.now())
        except BusinessError as error:
            return _back(request, report, error)
    return render(request, "reports/report_upload_preview.html", _page(report, preview, token, refused), status=status)


def _back(request, report: ProgressReport, error: BusinessError):
    for message in error.messages:
        messages.error(request, message)
    return redirect("report-upload", code=report.period.code, agency=report.agency.code)


def _page(report: ProgressReport, preview: Preview, token: str, refused: list[str]) -> dict:
    page = reverse("report-detail", kwargs={"code": report.period.code, "agency": report.agency.code})
    findings = [(found, f"{page}#{found.anchor}") for found in check(preview.result, clock.today())]
    return {
        "report": report,
        "period": report.period,
        "preview": preview,
        "groups": grouped(preview),
        "prefix": _ANSWER,
        "token": token,
        "refused": refused,
        "missing": [pair for pair in findings if pair[0].is_error],
        "warnings": [pair for pair in findings if not pair[0].is_error],
        "has_copy": has_marks(preview),
    }


@access(Perm.RECORD_PROGRESS)
@require_safe
def upload_copy(request, code, agency):
    """The uploaded file with its errors as comments on the cells."""
    report = report_for(request, code, agency, Perm.RECORD_PROGRESS)
    token = request.GET.get("tep", "")
    known = _staged(request, report, token)
    if known is None or not shelf.has_content(token):
        messages.warning(request, _GONE)
        return redirect("report-upload", code=code, agency=agency)
    content = shelf.content(token)
    try:
        preview = preview_upload(report=report, content=content, filename=known["filename"], now=clock.now())
        marked = marked_copy(content, preview)
    except BusinessError as error:
        return _back(request, report, error)
    return _download(marked, f"{file_name(report).removesuffix('.xlsx')}-ghi-chu-loi.xlsx")
