"""Import of a long list of activities: choose the file, look at what was found, have it written; and a sample file."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies import clock
from agencies.errors import BusinessError
from agencies.files.receiving import read_upload
from agencies.models import Council, LongWork
from agencies.once import once
from agencies.permissions import Perm, access, grants_of
from agencies.tables.listing import XLSX, Column, as_xlsx
from campaigns.bulk_activities import checking, writing
from campaigns.bulk_activities.rows import HEADINGS
from campaigns.models import Indicator


class UploadForm(forms.Form):
    """The council, where the person works in several, and the file."""

    council = forms.ModelChoiceField(label="Hội đồng", queryset=Council.objects.none(), empty_label=None)
    file = forms.FileField(
        label="Tệp hoạt động",
        help_text="Excel (.xlsx) hoặc CSV UTF-8, đến 200.000 hàng; các cột như tệp mẫu, thứ tự tùy ý.",
        error_messages={
            "required": "Hãy chọn tệp hoạt động.",
            "empty": "Tệp rỗng (0 byte). Hãy kiểm tra rồi chọn lại.",
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Council.objects.filter(agencies__in=grants_of(user).agencies(Perm.RECORD_PROGRESS)).distinct()
        self.fields["council"].queryset = mine
        if len(mine) == 1:
            self.fields["council"].initial = mine[0]
            self.fields["council"].widget = forms.HiddenInput()


@access(Perm.RECORD_PROGRESS)
@once
def activity_import(request):
    """Choose a file. One that cannot be read at all is refused here; its rows are read by the worker."""
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                work = checking.order_check(
                    council=form.cleaned_data["council"],
                    filename=upload.name,
                    content=read_upload(upload),
                    by=request.user,
                    now=clock.now(),
                )
            except BusinessError as error:
                form.add_error("file", error.messages)
            else:
                return redirect("work-detail", pk=work.pk)
    return render(request, "campaigns/bulk_upload.html", {"form": form}, status=status)


@access(Perm.RECORD_PROGRESS)
@once
def activity_import_preview(request, pk):
    """What the file would do (GET); have it done (POST)."""
    work = LongWork.objects.visible_to(request.user).filter(pk=pk, kind=checking.CHECK).first()
    if work is None:
        raise Http404
    if "preview" not in work.position:
        return redirect("work-detail", pk=pk)
    refused, status = [], 200
    if request.method == "POST":
        try:
            done = writing.order_import(check=work, by=request.user, now=clock.now())
        except BusinessError as error:
            refused, status = error.messages, error.status
        else:
            return redirect("work-detail", pk=done.pk)
    preview = work.position["preview"]
    context = {"work": work, "preview": preview, "new": preview["good"] - preview["known"], "refused": refused}
    context |= {"errors": checking.first_errors(work), "unknown": work.position.get("unknown", [])}
    return render(request, "campaigns/bulk_preview.html", context, status=status)


@require_safe
@access(Perm.RECORD_PROGRESS)
def activity_import_sample(request):
    """An empty list with the headings that the portal reads."""
    columns = [Column(ways[0], lambda row: row, 24) for ways in HEADINGS.values()]
    counts = Indicator.objects.filter(from_activities=True).select_related("parent")
    columns += [Column(f"{row.code} {row.full_name}", lambda row: row, 18) for row in counts]
    content = as_xlsx("Hoạt động", columns, [])
    headers = {"Content-Disposition": 'attachment; filename="mau-hoat-dong.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
