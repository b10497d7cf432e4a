"""Import of lists of agencies and people: choose a file, look at what would happen, confirm, undo; and their files."""

from urllib.parse import quote, urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError
from agencies.files.receiving import read_upload
from agencies.imports import agencies_list, people_list
from agencies.imports.confirmed import PERM_OF, Kind, import_register, look, undo_import, used_since
from agencies.imports.running import ListResult
from agencies.models import Council, Membership, RegisterImport
from agencies.permissions import Perm, access, can, get_for, grants_of
from agencies.tables import shelf
from agencies.tables.listing import XLSX, as_xlsx, list_file
from agencies.tables.marking import marked_name, with_comments

_SHELF = "register_imports"
_WHO = (Perm.MANAGE_AGENCIES, Perm.MANAGE_ACCOUNTS)
_LISTS = {Kind.AGENCIES: agencies_list, Kind.PEOPLE: people_list}


class UploadForm(forms.Form):
    """The council and the file."""

    council = forms.ModelChoiceField(label="Hội đồng", queryset=Council.objects.none(), empty_label=None)
    file = forms.FileField(
        label="Tệp danh sách",
        help_text="Excel (.xlsx) hoặc CSV UTF-8, hàng tiêu đề như tệp mẫu. Cột thừa, dòng trống không sao.",
        error_messages={
            "required": "Hãy chọn tệp danh sách.",
            "empty": "Tệp rỗng (0 byte). Hãy kiểm tra rồi chọn lại.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, user, kind, **kwargs):
        super().__init__(*args, **kwargs)
        councils = Council.objects.filter(pk__in=grants_of(user).councils(PERM_OF[kind]))
        self.fields["council"].queryset = councils
        if len(councils) == 1:
            self.fields["council"].initial = councils[0]
            self.fields["council"].widget = forms.HiddenInput()


def _kind(request, text: str) -> Kind:
    """The kind of list that an address names: 404 for none, 403 for one that is not this person's business."""
    if text not in Kind.values:
        raise Http404
    if not grants_of(request.user).councils(PERM_OF[Kind(text)]):
        raise PermissionDenied
    return Kind(text)


@access(*_WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def import_upload(request, kind):
    """Choose a file. One that cannot be read at all is refused here."""
    kind = _kind(request, kind)
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, kind=kind)
    if request.method == "POST" and form.is_valid():
        upload, council = form.cleaned_data["file"], form.cleaned_data["council"]
        try:
            content = read_upload(upload)
            _look(request, kind, council, content, upload.name)
        except BusinessError as error:
            form.add_error("file", error.messages)
        else:
            about = {"kind": kind.value, "council": council.pk, "filename": upload.name}
            token = shelf.put(
                request=request, place=_SHELF, content=content, about=about, now=clock.instant()
            )  # the age of a file on disk, whatever day the demo plays
            return redirect(f"{reverse('register-import-preview', args=[kind.value])}?{urlencode({'tep': token})}")
    imports = RegisterImport.objects.visible_to(request.user).filter(kind=kind).select_related("imported_by")[:10]
    for batch in imports:
        batch.used = used_since(batch) if batch.undone_at is None else []
    context = {"form": form, "kind": kind, "imports": imports}
    return render(request, "agencies/import_upload.html", context, status=422 if form.is_bound else 200)


def _look(request, kind: Kind, council: Council, content: bytes, filename: str) -> ListResult:
    common = {"by": request.user, "now": clock.now(), "today": clock.today()}
    return look(kind=kind, council=council, content=content, filename=filename, **common)


def _staged(request, kind: Kind, token: str):
    """(council, content, file name) of an upload of this person and session; None when it is gone or not theirs."""
    about = shelf.about(request=request, place=_SHELF, token=token)
    if about is None or about["kind"] != kind or not shelf.has_content(token):
        return None
    council = Council.objects.filter(pk=about["council"]).first()
    if council is None or not can(request.user, PERM_OF[kind], council):
        return None
    return council, shelf.content(token), about["filename"]


@access(*_WHO)
@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request, kind):
    """Show what would happen (GET), do it (POST). The first passwords are shown once, on the answer to the POST."""
    kind = _kind(request, kind)
    token = (request.POST if request.method == "POST" else request.GET).get("tep", "")
    staged = _staged(request, kind, token)
    if staged is None:
        messages.warning(request, "Tệp tải lên không còn, hoặc đã được nhập rồi. Không có gì thay đổi thêm.")
        return redirect("register-import", kind=kind.value)
    council, content, filename = staged
    refused: list[str] = []
    if request.method == "POST":
        try:
            done = import_register(
                kind=kind, council=council, content=content, filename=filename,
                by=request.user, now=clock.now(), today=clock.today(),
            )  # fmt: skip
        except BusinessError as error:
            refused = error.messages[:1]
        else:
            shelf.drop_content(token)
            messages.success(request, f"{done.result.summary}.")
            if done.passwords:
                context = {"kind": kind, "passwords": done.passwords, "council": council}
                return render(request, "agencies/import_passwords.html", context)
            return redirect("agency-list" if kind == Kind.AGENCIES else "people-list")
    try:
        result = _look(request, kind, council, content, filename)
    except BusinessError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect("register-import", kind=kind.value)
    shown = [row for row in result.rows if row.outcome != "unchanged"]
    context = {"kind": kind, "result": result, "rows": shown, "token": token, "refused": refused, "council": council}
    return render(request, "agencies/import_preview.html", context, status=422 if refused else 200)


@access(*_WHO)
@require_safe
def import_errors(request, kind):
    """The person's own file with every error as a comment on its cell."""
    kind = _kind(request, kind)
    staged = _staged(request, kind, request.GET.get("tep", ""))
    if staged is None or staged[2].casefold().endswith(".csv"):
        raise Http404
    council, content, filename = staged
    problems = _look(request, kind, council, content, filename).problems
    marked, _kind_of_file = with_comments(content, filename, problems)
    response = HttpResponse(marked, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(marked_name(filename), safe='')}"
    return response


@access(*_WHO)
@require_safe
def import_sample(request, kind):
    """An empty list with the headings that the portal reads."""
    kind = _kind(request, kind)
    content = as_xlsx(kind.label, _LISTS[kind].COLUMNS, [])
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="mau-{kind.value}.xlsx"'}
    )


@access(*_WHO)
@require_POST
def import_undo(request, pk):
    """Take a confirmed import back, as long as nothing it made has been used."""
    batch = get_for(request.user, RegisterImport.objects.select_related("council"), pk=pk)
    if not can(request.user, PERM_OF[Kind(batch.kind)], batch.council):
        raise PermissionDenied
    try:
        undo_import(batch=batch, by=request.user, now=clock.now(), today=clock.today())
    except BusinessError as error:
        for message in error.messages:
            messages.error(request, message)
    else:
        messages.success(request, f"Đã hoàn tác: {batch}. Mọi việc còn trong nhật ký.")
    return redirect("register-import", kind=batch.kind)


@access(Perm.MANAGE_ACCOUNTS)
@require_safe
def people_list_page(request):
    """Everyone who holds a role in the councils one administers; also as the file that the import reads."""
    councils = grants_of(request.user).councils(Perm.MANAGE_ACCOUNTS)
    members = (
        Membership.objects.filter(agency__council__in=councils, left_on__isnull=True)
        | Membership.objects.filter(council__in=councils, left_on__isnull=True)
    ).select_related("user", "agency", "council")
    members = members.order_by("agency__protocol_order", "agency__code", "role", "user__full_name", "pk")
    name, title = "nguoi-dung", "Người dùng và vai trò"
    if file := list_file(request, name=name, title=title, columns=people_list.COLUMNS, rows=members):
        return file
    return render(request, "agencies/people.html", {"members": members})
