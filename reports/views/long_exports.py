"""Ordering an export of everything that agencies reported in some quarters (reports/long_exports.py)."""

from django.http import Http404
from django.shortcuts import redirect, render

from agencies import clock
from agencies.errors import BusinessError
from agencies.models import Council
from agencies.once import once
from agencies.permissions import Perm, access, grants_of
from reports.forms import ExportForm
from reports.long_exports import FORMATS, NAMES, order_export
from reports.models import Period


@access(Perm.CONSOLIDATE)
@once
def export_order(request):
    """Choose what and which quarters; the worker writes the file."""
    councils = list(Council.objects.filter(pk__in=grants_of(request.user).councils(Perm.CONSOLIDATE)))
    chosen = request.POST.get("hoi-dong") or request.GET.get("hoi-dong") or councils[0].code
    council = next((row for row in councils if row.code == chosen), None)
    if council is None:
        raise Http404
    periods = list(Period.objects.quarters().filter(council=council).defer("frozen").order_by("-starts_on"))
    form = ExportForm(
        request.POST or None,
        kinds=[(kind, words) for kind, (words, _stem) in NAMES.items()],
        formats=list(FORMATS.items()),
        periods=periods,
        initial={"periods": [str(period.pk) for period in periods[:1]]},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            wanted = set(form.cleaned_data["periods"])
            try:
                work = order_export(
                    kind=form.cleaned_data["what"],
                    file_format=form.cleaned_data["file_format"],
                    council=council,
                    periods=[period for period in periods if str(period.pk) in wanted],
                    by=request.user,
                    now=clock.now(),
                )
            except BusinessError as error:
                status = error.status
                for message in error.messages:
                    form.add_error(None, message)
            else:
                return redirect("work-detail", pk=work.pk)
    context = {"form": form, "council": council, "councils": councils}
    return render(request, "reports/export_order.html", context, status=status)
