"""Files: sent from the page of what they show, taken off and put back, given out only to those who may see them."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies import clock, downloads
from agencies.errors import BusinessError, WrongState
from agencies.files.kinds import shown_in_place
from agencies.files.storing import opened
from agencies.permissions import Perm, access, get_for
from campaigns.evidence import remove_evidence, restore_evidence
from campaigns.forms import FilesForm
from campaigns.models import Evidence
from campaigns.views import REFUSED
from campaigns.views.activities import activity_page, find_activity
from campaigns.views.done import Undo, tell_done
from campaigns.views.files import keep_files, list_answer, one_by_one
from campaigns.views.tasks import find_task, recording_agencies, task_page


class MissingFile(BusinessError):
    """The row is there, the file is not: a restored database without its files, a disk that failed."""

    status = 404


@require_safe
@access(Perm.VIEW_WORK)
def evidence_file(request, pk: int):
    """A file: pdf and pictures in place, everything else as a download under its own name."""
    evidence = get_for(request.user, Evidence.objects.select_related("agency"), pk=pk)
    downloads.of(request, evidence)
    try:
        content = opened(evidence.file.name)
    except FileNotFoundError as error:
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
    response["X-Download-Options"] = "noopen"
    # Shown in place it is a page of this site: it may run, fetch and frame nothing, and has no origin of its own.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
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
    if one_by_one(request):
        return list_answer(request, form, task=task)
    if keep_files(request, form, task=task):
        return redirect("task-detail", pk=task.pk)
    return task_page(request, task, upload=form, status=REFUSED)


@require_POST
@access(Perm.RECORD_PROGRESS)
def activity_evidence(request, pk: int):
    """Keep files that show an activity, for the agency that held it."""
    activity = find_activity(request, pk, Perm.RECORD_PROGRESS)
    form = FilesForm(request.POST, request.FILES, agencies=[activity.agency])
    if activity.withdrawn_at:
        gone = "Hoạt động này đã được rút; không gửi thêm minh chứng được."
        if one_by_one(request):
            return JsonResponse({"errors": [gone]}, status=WrongState.status)
        raise WrongState(gone)
    if one_by_one(request):
        return list_answer(request, form, activity=activity)
    if keep_files(request, form, activity=activity):
        return redirect("activity-detail", pk=activity.pk)
    return activity_page(request, activity, upload=form, status=REFUSED)


@require_POST
@access(Perm.RECORD_PROGRESS, Perm.MANAGE_PLANS)
def evidence_remove(request, pk: int):
    """Take a file off the list; the notice puts it back with one press."""
    evidence = _find(request, pk)
    remove_evidence(evidence=evidence, by=request.user, now=clock.now())
    kept = " Báo cáo đã dẫn tệp này vẫn giữ tệp." if evidence.lines.exists() else ""
    tell_done(
        request,
        f"Đã gỡ tệp “{evidence.original_name}”.{kept}",
        undo=Undo(reverse("evidence-restore", args=[evidence.pk])),
    )
    return _back(evidence)


@require_POST
@access(Perm.RECORD_PROGRESS, Perm.MANAGE_PLANS)
def evidence_restore(request, pk: int):
    """Put a file back on the list."""
    evidence = _find(request, pk)
    restore_evidence(evidence=evidence, by=request.user, now=clock.now())
    tell_done(request, f"Đã đưa lại tệp “{evidence.original_name}”.")
    return _back(evidence)


def _find(request, pk: int) -> Evidence:
    # ``lines`` is made by the reports room; campaigns only asks whether there are any.
    return get_for(request.user, Evidence.objects.select_related("agency__council", "plan__council"), pk=pk)


def _back(evidence: Evidence):
    """To the page of what the file shows; its top, where the notice is."""
    for url_name, pk in (
        ("activity-detail", evidence.activity_id),
        ("task-detail", evidence.task_id),
        ("plan-detail", evidence.plan_id),
    ):
        if pk:
            return redirect(url_name, pk=pk)
    return redirect("activity-list")
