"""Import of a plan's annex: choose a file, look at what would happen, confirm."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agencies import clock
from agencies.errors import BusinessError
from agencies.models import Council
from agencies.permissions import Perm, access, grants_of
from campaigns.imports import staging
from campaigns.imports.preview_rows import preview_rows, with_anchors
from campaigns.imports.service import import_plan, plan_preview


class UploadForm(forms.Form):
    """The file, and what the person knows better than the file."""

    council = forms.ModelChoiceField(label="Hội đồng", queryset=Council.objects.none(), empty_label=None)
    file = forms.FileField(
        label="Tệp phụ lục",
        help_text="Word (.docx) hoặc Excel (.xlsx), có bảng với các cột Nội dung, Cơ quan chủ trì, Thời gian.",
        error_messages={"required": "Hãy chọn tệp phụ lục.", "empty": "Tệp rỗng (0 byte). Hãy kiểm tra rồi chọn lại."},
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx"}),
    )
    number = forms.CharField(
        label="Số, ký hiệu", max_length=80, required=False, help_text="Để trống thì lấy trong tệp."
    )
    title = forms.CharField(label="Trích yếu", max_length=400, required=False, help_text="Để trống thì lấy trong tệp.")
    starts_on = forms.DateField(label="Từ ngày", required=False, help_text="Để trống thì lấy theo năm ghi trong tệp.")
    ends_on = forms.DateField(label="Đến ngày", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        councils = Council.objects.filter(pk__in=grants_of(user).councils(Perm.MANAGE_PLANS))
        self.fields["council"].queryset = councils
        if len(councils) == 1:
            del self.fields["council"]
            self.only_council = councils[0]

    def clean_file(self):
        file, cap = self.cleaned_data["file"], settings.PORTAL_MAX_UPLOAD_BYTES
        if file.size > cap:
            size, most = (f"{size / 1024 / 1024:.1f}".replace(".", ",").removesuffix(",0") for size in (file.size, cap))
            raise forms.ValidationError(
                f"Tệp nặng {size} MB, vượt mức {most} MB. Hãy bỏ ảnh quét hoặc chỉ giữ phần phụ lục rồi chọn lại."
            )
        return file

    def clean(self):
        data = super().clean()
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Ngày kết thúc trước ngày bắt đầu.")
        return data

    @property
    def council_chosen(self) -> Council:
        return self.cleaned_data.get("council") or self.only_council


@access(Perm.MANAGE_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request):
    """Choose a file. A file that cannot be read at all is refused here, with what was typed kept."""
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data, council = form.cleaned_data, form.council_chosen
        content, filename = data["file"].read(), data["file"].name
        given = {name: data[name] for name in ("number", "title", "starts_on", "ends_on")}
        try:
            plan_preview(council=council, content=content, filename=filename, today=clock.today(), **given)
        except BusinessError as error:
            form.add_error("file", error.messages)
        else:
            staged = staging.keep(
                request=request,
                council_id=council.pk,
                content=content,
                filename=filename,
                now=clock.instant(),  # the age of a file on disk, whatever day the demo plays
                number=data["number"],
                title=data["title"],
                starts_on=data["starts_on"].isoformat() if data["starts_on"] else "",
                ends_on=data["ends_on"].isoformat() if data["ends_on"] else "",
            )
            return redirect(f"{reverse('plan-import-preview')}?{urlencode({'tep': staged.token})}")
    status = 422 if form.is_bound else 200
    return render(request, "campaigns/import_upload.html", {"form": form}, status=status)


@access(Perm.MANAGE_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request):
    """Show what would happen (GET), do it (POST). A second click on "confirm" goes to the plan of the first."""
    given = request.POST if request.method == "POST" else request.GET
    staged = staging.find(request=request, token=given.get("tep", ""))
    council = _council(request.user, staged)
    if staged is None or council is None:
        messages.warning(request, "Tệp tải lên không còn (được giữ một ngày). Chưa nhập gì; hãy chọn lại tệp.")
        return redirect("plan-import")
    if staged.imported_plan is not None:
        messages.info(request, "Tệp này đã được nhập rồi; không có gì thay đổi thêm.")
        return redirect("plan-detail", pk=staged.imported_plan)
    try:
        content = staged.content
    except FileNotFoundError:  # the other click of a double click has just imported it
        return redirect(f"{reverse('plan-import-preview')}?{urlencode({'tep': staged.token})}")
    source = {"council": council, "content": content, "filename": staged.filename, **staged.given}
    refused: list[str] = []
    if request.method == "POST":
        try:
            result = import_plan(**source, by=request.user, now=clock.now())
        except BusinessError as error:
            refused = error.messages[:1]
        else:
            staging.mark_imported(staged, result.plan.pk)
            messages.success(request, result.summary)
            return redirect("plan-detail", pk=result.plan.pk)
    try:
        preview = plan_preview(**source, today=clock.today())
    except BusinessError as error:  # the plan was closed, or an agency ended, since the file was uploaded
        for message in error.messages:
            messages.error(request, message)
        return redirect("plan-import")
    context = {
        "preview": preview,
        "council": council,
        "rows": preview_rows(preview),
        "errors_at": with_anchors(preview, preview.errors),
        "warnings_at": with_anchors(preview, preview.warnings),
        "token": staged.token,
        "refused": refused,
        "may_confirm": not preview.errors,
        "new": preview.count("new"),
        "changed": preview.count("changed"),
        "unchanged": preview.count("unchanged"),
        "failed": preview.count("error"),
    }
    return render(request, "campaigns/import_preview.html", context, status=422 if refused else 200)


def _council(user, staged: staging.Staged | None) -> Council | None:
    """The council of an upload, if the person still manages its plans."""
    if staged is None or staged.council not in grants_of(user).councils(Perm.MANAGE_PLANS):
        return None
    return Council.objects.filter(pk=staged.council).first()
