"""Import of a plan's annex: choose a file, look at what would happen and correct it, confirm; take it back."""

import io
from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError
from agencies.files.receiving import read_upload
from agencies.models import Council
from agencies.permissions import Perm, access, get_for, grants_of
from agencies.tables.marking import MEDIA_TYPES, marked_name
from agencies.tables.problems import BadFile
from campaigns.imports import staging
from campaigns.imports.corrections import NONE
from campaigns.imports.marking import with_comments
from campaigns.imports.preview_rows import preview_rows, with_anchors
from campaigns.imports.service import corrections_before, import_plan, plan_preview
from campaigns.imports.undo import undo_import
from campaigns.models import Plan, PlanImport
from campaigns.views.import_corrections import CorrectionForms


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
    errors_url = ""
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data, council = form.cleaned_data, form.council_chosen
        filename = data["file"].name
        given = {name: data[name] for name in ("number", "title", "starts_on", "ends_on")}
        try:
            content = read_upload(data["file"])
            again = corrections_before(council, content)
            source = {"council": council, "content": content, "filename": filename, "corrections": again, **given}
            plan_preview(**source, today=clock.today())
        except BusinessError as error:
            form.add_error("file", error.messages)
            if any(problem.cell for problem in getattr(error, "problems", ())):
                errors_url = _errors_url(_keep(request, council, content, filename, data, again))
        else:
            if again != NONE:
                messages.info(request, "Tệp này đã được nhập trước đây; các chỉnh sửa của lần đó được dùng lại.")
            return redirect(_preview_url(_keep(request, council, content, filename, data, again)))
    context = {"form": form, "errors_url": errors_url}
    return render(request, "campaigns/import_upload.html", context, status=422 if form.is_bound else 200)


def _keep(request, council: Council, content: bytes, filename: str, data: dict, corrections) -> staging.Staged:
    return staging.keep(
        request=request,
        council_id=council.pk,
        content=content,
        filename=filename,
        now=clock.instant(),  # the age of a file on disk, whatever day the demo plays
        corrections=corrections,
        number=data["number"],
        title=data["title"],
        starts_on=data["starts_on"].isoformat() if data["starts_on"] else "",
        ends_on=data["ends_on"].isoformat() if data["ends_on"] else "",
    )


@access(Perm.MANAGE_PLANS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request):
    """Show what would happen (GET); keep corrections or do it (POST).

    A second click on "confirm" goes to the plan of the first. What was corrected is looked at once more before it is
    imported.
    """
    given = request.POST if request.method == "POST" else request.GET
    found = _staged(request, given.get("tep", ""))
    if not isinstance(found, _Upload):
        return found
    try:
        preview = plan_preview(**found.source, today=clock.today())
    except BusinessError as error:  # the plan was closed, or an agency ended, since the file was uploaded
        for message in error.messages:
            messages.error(request, message)
        return redirect("plan-import")
    if request.method != "POST":
        return _show(request, found, preview, asked=tuple(request.GET.getlist("sua")[:20]))
    forms_sent = CorrectionForms(preview, request.POST)
    if not forms_sent.is_valid():
        refused = ["Chưa lưu: có ô điền chưa đúng, được đánh dấu bên dưới. Nội dung bạn gõ vẫn còn."]
        return _show(request, found, preview, sent=forms_sent, refused=refused)
    corrections = forms_sent.corrections()
    if corrections != preview.corrections:
        try:
            plan_preview(**found.source | {"corrections": corrections}, today=clock.today())
        except BusinessError as error:
            return _show(request, found, preview, sent=forms_sent, refused=error.messages)
        staging.correct(found.staged, corrections)
        confirm = request.POST.get("viec") == "nhap"
        said = "Đã lưu chỉnh sửa và đọc lại tệp."
        messages.success(request, f"{said} Hãy xem lại rồi bấm “Nhập kế hoạch”." if confirm else said)
        return redirect(_preview_url(found.staged))
    if request.POST.get("viec") == "luu":
        messages.info(request, "Không có chỉnh sửa nào mới.")
        return redirect(_preview_url(found.staged))
    try:
        result = import_plan(**found.source, by=request.user, now=clock.now())
    except BusinessError as error:
        return _show(request, found, preview, refused=error.messages[:1])
    staging.mark_imported(found.staged, result.plan.pk)
    messages.success(request, result.summary)
    return redirect("plan-detail", pk=result.plan.pk)


@require_safe
@access(Perm.MANAGE_PLANS)
def import_errors(request):
    """The person's own file with every error as a comment on its cell."""
    found = _staged(request, request.GET.get("tep", ""))
    if not isinstance(found, _Upload):
        return found
    try:
        try:
            problems = plan_preview(**found.source, today=clock.today()).errors
        except BadFile as error:  # the file as a whole, but it says where
            problems = error.problems
        if not problems:
            messages.info(request, "Tệp không còn lỗi nào.")
            return redirect(_preview_url(found.staged))
        marked, kind = with_comments(found.source["content"], found.staged.filename, problems)
    except BusinessError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect(_preview_url(found.staged))
    name = marked_name(found.staged.filename)
    return FileResponse(io.BytesIO(marked), as_attachment=True, filename=name, content_type=MEDIA_TYPES[kind])


@require_POST
@access(Perm.MANAGE_PLANS)
def import_undo(request, pk: int):
    """Take back an import that is not used yet."""
    imports = PlanImport.objects.select_related("council", "plan")
    done = get_for(request.user, imports, Perm.MANAGE_PLANS, pk=pk)
    done = undo_import(done=done, by=request.user, now=clock.now())
    messages.success(request, f"Đã hoàn tác lần nhập “{done.file_name}”; nội dung vẫn còn trong nhật ký.")
    return redirect("plan-detail", pk=done.plan_id) if done.plan_id else redirect("plan-list")


@dataclass(frozen=True)
class _Upload:
    """An upload of this person, and what the services take from it."""

    staged: staging.Staged
    council: Council
    source: dict


def _staged(request, token: str):
    """The upload, or the answer to give when it is gone or already imported."""
    staged = staging.find(request=request, token=token)
    council = _council(request.user, staged)
    if staged is None or council is None:
        messages.warning(request, "Tệp tải lên không còn (được giữ một ngày). Chưa nhập gì; hãy chọn lại tệp.")
        return redirect("plan-import")
    if staged.imported_plan is not None:
        if not Plan.objects.filter(pk=staged.imported_plan).exists():
            messages.info(request, "Tệp này đã được nhập rồi hoàn tác. Muốn nhập lại, hãy chọn lại tệp.")
            return redirect("plan-import")
        messages.info(request, "Tệp này đã được nhập rồi; không có gì thay đổi thêm.")
        return redirect("plan-detail", pk=staged.imported_plan)
    try:
        content = staged.content
    except FileNotFoundError:  # the other click of a double click has just imported it
        return redirect(_preview_url(staged))
    source = {"council": council, "content": content, "filename": staged.filename, **staged.given}
    return _Upload(staged, council, source)


def _preview_url(staged: staging.Staged) -> str:
    return f"{reverse('plan-import-preview')}?{urlencode({'tep': staged.token})}"


def _errors_url(staged: staging.Staged) -> str:
    return f"{reverse('plan-import-errors')}?{urlencode({'tep': staged.token})}"


def _show(request, found: _Upload, preview, *, asked=(), sent: CorrectionForms | None = None, refused=()):
    shown = sent or CorrectionForms(preview, asked=asked)
    general = [error for error in preview.errors if not shown.speaks_of(error)]
    context = {
        "preview": preview,
        "council": found.council,
        "rows": preview_rows(preview),
        "fix": shown,
        "general_at": with_anchors(preview, general),
        "warnings_at": with_anchors(preview, preview.warnings),
        "token": found.staged.token,
        "preview_url": _preview_url(found.staged),
        "errors_url": _errors_url(found.staged),
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
