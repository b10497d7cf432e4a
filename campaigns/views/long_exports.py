"""Ordering the list of activities as a file when it is too long to wait for (campaigns/long_exports.py)."""

from django.http import QueryDict
from django.shortcuts import redirect, render

from agencies import clock
from agencies.errors import BusinessError
from agencies.once import once
from agencies.permissions import Perm, access
from campaigns.filters import ActivityFilter
from campaigns.long_exports import narrowed, order_export
from campaigns.models import Activity

FORMATS = ("xlsx", "csv")


@access(Perm.VIEW_WORK)
@once
def activity_export(request):
    """Say how long the list is; on POST the worker writes it, narrowed as the address says."""
    form = ActivityFilter(request.GET, user=request.user)
    kept = QueryDict(mutable=True)
    for name in sorted(form.prefixed & set(request.GET)):
        if request.GET[name]:
            kept[name] = request.GET[name]
    count = narrowed(Activity.objects.visible_to(request.user), form).count()
    file_format = request.GET.get("xuat")
    file_format = file_format if file_format in FORMATS else FORMATS[0]
    refused, status = [], 200
    if request.method == "POST":
        try:
            work = order_export(
                query=kept.urlencode(), file_format=file_format, count=count, by=request.user, now=clock.now()
            )
        except BusinessError as error:
            refused, status = error.messages, error.status
        else:
            return redirect("work-detail", pk=work.pk)
    context = {"count": count, "file_format": file_format, "query": kept.urlencode(), "refused": refused}
    return render(request, "campaigns/activity_export.html", context, status=status)
