"""Files of a task, an activity or a plan: their list, what was taken off it, and keeping those of one sending."""

from django.contrib import messages
from django.http import JsonResponse
from django.template.loader import render_to_string

from agencies import clock
from agencies.files.receiving import checked
from agencies.files.storing import rows_and_files
from agencies.files.virus import RefusedFile
from agencies.permissions import Perm, can
from campaigns.evidence import store_evidence
from campaigns.forms import FilesForm
from campaigns.models import Evidence
from campaigns.views import REFUSED, tell


def file_lists(user, **subject) -> dict:
    """The files of a task, an activity or a plan that the person may see, and those taken off that may be put back.

    Each file says with ``may_go`` whether the person may take it off. One query, whatever their number.
    """
    files, removed = [], []
    rows = Evidence.objects.visible_to(user).filter(**subject).select_related("agency__council", "uploaded_by")
    for file in rows.select_related("removed_by", "plan__council"):
        council_file = file.plan is not None and can(user, Perm.MANAGE_PLANS, file.plan.council)
        file.may_go = council_file or can(user, Perm.RECORD_PROGRESS, file.agency)
        if file.removed_at is None:
            files.append(file)
        elif file.may_go:
            removed.append(file)
    return {"files": files, "removed_files": removed}


def keep_files(request, form: FilesForm, *, say: bool = True, **subject) -> bool:
    """Keep all files of the form for a task, an activity or a plan, or none of them.

    Every refused file is named with its reason on the form; True when all were kept.
    """
    if not form.is_valid():
        return False
    try:
        good = checked(form.cleaned_data["files"])
    except RefusedFile as error:
        for message in error.messages:
            form.add_error("files", message)
        return False
    try:
        with rows_and_files():
            for name, content in good:
                store_evidence(
                    agency=form.owner, by=request.user, now=clock.now(), name=name, content=content, **subject
                )
    except RefusedFile as error:
        tell(form, error)
        return False
    if say:
        messages.success(request, f"Đã lưu {len(good)} tệp.")
    return True


def one_by_one(request) -> bool:
    """Whether the page sends each file by itself and stays where it is (drop.js)."""
    return request.headers.get("Accept", "").startswith("application/json")


def list_answer(request, form: FilesForm, **subject) -> JsonResponse:
    """The list of files as it is now, or why the file was not kept; ``drop.js`` puts either in its place."""
    if not keep_files(request, form, say=False, **subject):
        return JsonResponse({"errors": [text for texts in form.errors.values() for text in texts]}, status=REFUSED)
    context = file_lists(request.user, **subject) | {"agencies": "task" in subject}
    return JsonResponse({"list": render_to_string("campaigns/_file_list.html", context, request)})
