"""Files: sent from the page of what they show, given out only to those who may see them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from agencies import clock
from agencies.errors import BusinessError, WrongState
from agencies.permissions import Perm, access, get_for
from campaigns.evidence import RefusedFile, check_file, read_upload, shown_in_place, store_evidence
from campaigns.forms import FilesForm
from campaigns.models import Evidence
from campaigns.views import REFUSED, tell
from campaigns.views.activities import activity_page, find_activity
from campaigns.views.tasks import find_task, recording_agencies, task_page


class MissingFile(BusinessError):
    """The row is there, the file is not: a restored database without its files, a disk that failed."""

    status = 404


@require_safe
@access(Perm.VIEW_WORK)
def evidence_file(request, pk: int):
    """A file: pdf and pictures in place, everything else as a download under its own name."""
    evidence = get_for(request.user, Evidence.objects.select_related("agency"), pk=pk)
    try:
        content = evidence.file.open("rb")
    except OSError as error:
        raise MissingFile(
            f"Tệp “{evidence.original_name}” có trong danh sách nhưng không đọc được trên máy chủ. "
            "Hãy báo quản trị hệ thống khôi phục tệp, hoặc gửi lại tệp."
        ) from error
    response = FileResponse(
        content,
        as_attachment=not shown_in_place(evidence.media_type),
        filename=evidence.original_name,
        content_type=evidence.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@access(Perm.RECORD_PROGRESS)
def task_evidence(request, pk: int):
    """Keep files that show how a task was carried out, for an agency that carries it."""
    task = find_task(request, pk)
    agencies = recording_agencies(request, task)
    if not agencies:
        raise PermissionDenied
    form = FilesForm(request.POST, request.FILES, agencies=agencies)
    if keep_files(request, form, task=task):
        return redirect("task-detail", pk=task.pk)
    return task_page(request, task, upload=form, status=REFUSED)


@require_POST
@access(Perm.RECORD_PROGRESS)
def activity_evidence(request, pk: int):
    """Keep files that show an activity, for the agency that held it."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    if activity.withdrawn_at:
        raise WrongState("Hoạt động này đã được rút; không gửi thêm minh chứng được.")
    form = FilesForm(request.POST, request.FILES, agencies=[activity.agency])
    if keep_files(request, form, activity=activity):
        return redirect("activity-detail", pk=activity.pk)
    return activity_page(request, activity, upload=form, status=REFUSED)


def keep_files(request, form: FilesForm, **subject) -> bool:
    """Keep all files of the form for a task, an activity or a plan, or none of them.

    Every refused file is named with its reason on the form; True when all were kept.
    """
    if not form.is_valid():
        return False
    good, refused = [], False
    for upload in form.cleaned_data["files"]:
        try:
            content = read_upload(upload)
            check_file(upload.name, content)
        except RefusedFile as error:
            refused = True
            for message in error.messages:
                form.add_error("files", message)
        else:
            good.append((upload.name, content))
    if refused:
        if good:
            form.add_error("files", "Chưa lưu tệp nào, kể cả các tệp hợp lệ; hãy chọn lại tất cả rồi gửi một lần.")
        return False
    try:
        with transaction.atomic():
            for name, content in good:
                store_evidence(
                    agency=form.owner, by=request.user, now=clock.now(), name=name, content=content, **subject
                )
    except RefusedFile as error:
        tell(form, error)
        return False
    messages.success(request, f"Đã lưu {len(good)} tệp.")
    return True
