"""Versions of statistical forms: download a definition, edit it, upload it, look at the empty form, confirm, retire."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agencies import clock
from agencies.errors import BusinessError
from agencies.files.receiving import read_upload
from agencies.history import timeline
from agencies.once import once
from agencies.permissions import Perm, access, get_for
from campaigns.models import Indicator
from reports import form_versions as verbs
from reports.forms_catalogue.definition import CALENDARS, SUBJECTS
from reports.forms_catalogue.filling import empty_form
from reports.forms_catalogue.workbook import write_definition
from reports.models import FormVersion
from reports.views.forms import council_for, drawn, xlsx_file


@access(Perm.VIEW_SUMMARY)
def form_definition(request, form):
    """The definition of a version as an Excel file to be edited: the one in force, or the one from ``?tu=``."""
    council = council_for(request, Perm.VIEW_SUMMARY)
    same = [version.form for version in verbs.versions_of(council) if version.form.code == form]
    chosen = [each for each in same if str(each.effective_from or "") == request.GET.get("tu", "")]
    if not same:
        raise Http404
    definition = (chosen or same)[-1]
    rows = [
        (row.code, row.name, row.unit, row.get_nature_display()) for row in Indicator.objects.order_by("sort_order")
    ]
    return xlsx_file(write_definition(definition, rows), f"DinhNghia_{definition.code}.xlsx")


class UploadForm(forms.Form):
    """An edited definition."""

    file = forms.FileField(
        label="Tệp định nghĩa biểu",
        help_text="Bảng tính Excel (.xlsx) theo đúng các trang Biểu, Dòng, Cột, Quy tắc của tệp định nghĩa tải về.",
        error_messages={"required": "Hãy chọn tệp định nghĩa.", "empty": "Tệp rỗng (0 byte). Hãy chọn lại."},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self):
        """The file, no heavier than the portal takes."""
        file, cap = self.cleaned_data["file"], settings.PORTAL_MAX_UPLOAD_BYTES
        if file.size > cap:
            raise forms.ValidationError(
                f"Tệp quá lớn (tối đa {cap // 1024 // 1024} MB). Định nghĩa biểu chỉ vài chục KB."
            )
        return file


@access(Perm.CONSOLIDATE)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def form_upload(request):
    """Upload an edited definition: everything wrong with it is told at once; what is right waits for confirmation."""
    council = council_for(request, Perm.CONSOLIDATE)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                content = read_upload(file)
                version = verbs.upload_form_version(
                    council=council, by=request.user, now=clock.now(), content=content, filename=file.name
                )
            except verbs.DefinitionRefused as error:
                problems = error.problems
            except BusinessError as error:
                form.add_error("file", error.messages)
            else:
                return redirect("form-version", pk=version.pk)
    known = [version.form for version in verbs.versions_of(council)]
    context = {"form": form, "problems": problems, "known": known, "council": council}
    return render(request, "reports/form_upload.html", context, status=status)


def _version_page(request, version: FormVersion, **more) -> dict:
    form = version.form
    return {
        "version": version,
        "definition": form,
        "subject": SUBJECTS[form.subject],
        "calendar": CALENDARS[form.calendar],
        "table": drawn(empty_form(form)),
        "actions": verbs.available_for_version(request.user, version),
        "timeline": timeline(version)[:20],
    } | more


def _version(request, pk: int, *perms: Perm) -> FormVersion:
    versions = FormVersion.objects.select_related("council", "uploaded_by", "confirmed_by", "retired_by")
    return get_for(request.user, versions, *perms, pk=pk)


@access(Perm.VIEW_COUNCIL_WORK)
def form_version(request, pk):
    """One uploaded version: the empty form as it will be drawn, its rules, what may be done with it."""
    return render(request, "reports/form_version.html", _version_page(request, _version(request, pk)))


@access(Perm.CONSOLIDATE)
@require_POST
def form_version_transition(request, pk, verb):
    """Confirm or retire a version."""
    version = _version(request, pk, Perm.CONSOLIDATE)
    reason = request.POST.get("reason", "")
    try:
        if verb == "xac-nhan":
            verbs.confirm_form_version(version=version, by=request.user, now=clock.now())
            done = f"Biểu {version.form_code} được áp dụng {version.form.dates}."
        elif verb == "thoi-dung":
            verbs.retire_form_version(version=version, by=request.user, now=clock.now(), reason=reason)
            done = f"Đã cho thôi dùng bản {version}."
        else:
            raise Http404
    except BusinessError as error:
        page = _version_page(request, _version(request, pk), refused=error.messages, refused_verb=verb, reason=reason)
        return render(request, "reports/form_version.html", page, status=error.status)
    messages.success(request, done)
    return redirect("form-version", pk=pk) if verb == "xac-nhan" else redirect("form-list")
