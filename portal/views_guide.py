"""The user guide on the portal."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.permissions import access
from portal.guide import guides


@require_safe
@access(signed_in="hướng dẫn không chứa dữ liệu; ai đăng nhập cũng đọc được")
def guide(request, role: str = ""):
    """The guide of one role, or the list of them, one's own first."""
    if role:
        found = next((row for row in guides() if row.slug == role), None)
        if found is None:
            raise Http404
        return render(request, "portal/guide.html", {"guide": found, "guides": guides()})
    held = set(request.user.memberships.filter(left_on__isnull=True).values_list("role", flat=True))
    rows = [(row, bool(held & {own.value for own in row.roles})) for row in guides()]
    return render(request, "portal/guide_index.html", {"rows": sorted(rows, key=lambda row: not row[1])})
