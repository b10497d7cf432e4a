"""The receipt of a hand-in: to keep, to print, and to check later that the content is the one handed in."""

from django.http import HttpResponse
from django.shortcuts import render

from agencies import downloads
from agencies.permissions import Perm, access, get_for
from reports.models import Receipt
from reports.receipts import changed_since, is_intact

_RECEIPTS = Receipt.objects.select_related("council", "report__agency__council", "report__period")


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def receipt(request, pk):
    """One receipt, with what the portal finds today: the content kept, the report as it stands."""
    found = get_for(request.user, _RECEIPTS.all(), pk=pk)
    others = found.report.receipts.exclude(pk=found.pk).only("pk", "year", "serial", "handed_in_at")
    context = {
        "receipt": found,
        "report": found.report,
        "intact": is_intact(found),
        "changed": changed_since(found),
        "others": others,
    }
    return render(request, "reports/receipt.html", context)


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def receipt_content(request, pk):
    """The content as handed in; the SHA-256 of this very file is the digest on the receipt."""
    found = get_for(request.user, _RECEIPTS.all(), pk=pk)
    downloads.of(request, found, "Nội dung đã nộp theo biên nhận")
    name = f"BienNhan_{found.year}_{found.serial:03d}.json"
    return HttpResponse(
        found.content.encode(),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
