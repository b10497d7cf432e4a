"""The Word template of the council's report: look at it, download it, put one's own in its place, go back."""

import re

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from agencies import clock, downloads
from agencies.errors import BusinessError
from agencies.files.receiving import read_upload
from agencies.models import Council
from agencies.once import once
from agencies.permissions import Perm, access, get_for, grants_of
from reports.exports.word_context import GUIDE
from reports.exports.word_guide import template_to_edit
from reports.exports.word_template_check import MAX_BYTES, preview
from reports.models import WordTemplate
from reports.word_templates import activate_template, install_template, use_builtin_template

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,40}")


class TemplateForm(forms.Form):
    """The edited template."""

    file = forms.FileField(
        label="Tệp mẫu đã sửa",
        help_text=f"Word (.docx), không quá {MAX_BYTES // 1048576} MB, không macro, không liên kết ngoài.",
        error_messages={"required": "Hãy chọn tệp mẫu.", "empty": "Tệp rỗng (0 byte). Hãy kiểm tra rồi chọn lại."},
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )

    def clean_file(self):
        """Refuse by size before reading."""
        if self.cleaned_data["file"].size > MAX_BYTES:
            raise forms.ValidationError(f"Tệp nặng quá {MAX_BYTES // 1048576} MB. Hãy bỏ ảnh rồi chọn lại.")
        return self.cleaned_data["file"]


def _council(request) -> Council:
    """The council whose template it is: the one named by ``?hoi-dong=``, else the first whose reports one writes."""
    mine = Council.objects.filter(pk__in=grants_of(request.user).councils(Perm.CONSOLIDATE))
    chosen = request.GET.get("hoi-dong")
    if not chosen:
        return mine.first()
    if not _SLUG.fullmatch(chosen):
        raise Http404
    if found := mine.filter(code=chosen).first():
        return found
    if Council.objects.visible_to(request.user).filter(code=chosen).exists():
        raise PermissionDenied
    raise Http404


def _address(council: Council) -> str:
    return f"{reverse('template-list')}?hoi-dong={council.code}"


def _word(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=WORD_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@access(Perm.CONSOLIDATE)
@once
def template_list(request):
    """What is in use, the versions, the upload with everything that is wrong with the file, the variables."""
    council = _council(request)
    form, status = TemplateForm(), 200
    if request.method == "POST":
        form, status = TemplateForm(request.POST, request.FILES), 422
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                template = install_template(
                    council=council, by=request.user, now=clock.now(), name=upload.name, content=read_upload(upload)
                )
            except BusinessError as error:
                status = error.status
                form.add_error("file", error.messages)
            else:
                messages.success(request, f"Báo cáo của Hội đồng từ nay xuất theo {template}.")
                return redirect(_address(council))
    templates = WordTemplate.objects.visible_to(request.user).filter(council=council).defer("content")
    page = {
        "council": council,
        "councils": Council.objects.filter(pk__in=grants_of(request.user).councils(Perm.CONSOLIDATE)),
        "templates": list(templates.select_related("uploaded_by")),
        "form": form,
        "guide": [(name, words, needed) for name, (words, needed) in GUIDE.items() if name != "guide"],
    }
    page["active"] = next((one for one in page["templates"] if one.is_active), None)
    return render(request, "reports/template_list.html", page, status=status)


@access(Perm.CONSOLIDATE)
def template_builtin(request):
    """The built-in template with its tags and a guide, to be edited in Word."""
    return _word(template_to_edit(), "MauBaoCao.docx")


@access(Perm.CONSOLIDATE)
def template_builtin_preview(request):
    """A made-up report by the built-in template."""
    return _word(preview(None), "XemThu_MauCoSan.docx")


def _template(request, pk: int) -> WordTemplate:
    return get_for(request.user, WordTemplate.objects.select_related("council"), Perm.CONSOLIDATE, pk=pk)


@access(Perm.CONSOLIDATE)
def template_file(request, pk):
    """One version as it was uploaded."""
    template = _template(request, pk)
    downloads.of(request, template)
    return _word(bytes(template.content), f"MauBaoCao_{template.council.code}_v{template.version}.docx")


@access(Perm.CONSOLIDATE)
def template_preview(request, pk):
    """A made-up report by one version."""
    template = _template(request, pk)
    return _word(preview(bytes(template.content)), f"XemThu_{template.council.code}_v{template.version}.docx")


@access(Perm.CONSOLIDATE)
@require_POST
def template_use(request, pk):
    """Use an earlier version again."""
    template = activate_template(template=_template(request, pk), by=request.user, now=clock.now())
    messages.success(request, f"Báo cáo của Hội đồng từ nay xuất theo {template}.")
    return redirect(_address(template.council))


@access(Perm.CONSOLIDATE)
@require_POST
def template_reset(request):
    """Go back to the built-in template."""
    council = _council(request)
    use_builtin_template(council=council, by=request.user, now=clock.now())
    messages.success(request, "Báo cáo của Hội đồng từ nay xuất theo mẫu có sẵn của cổng.")
    return redirect(_address(council))
