"""The page of the rules: what is checked, how severely, on what ground."""

from django.shortcuts import render

from agencies.permissions import Perm, access
from campaigns.models import Indicator
from reports.rules.pairs import EVENTS, PARTS, SUMS
from reports.rules.register import REGISTER


@access(Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)
def rules(request):
    """Every rule with its anchor, and the table of figures that belong together."""
    names = dict(Indicator.objects.values_list("code", "name"))

    def named(code: str) -> tuple[str, str]:
        return code, names.get(code, "")

    context = {
        "rules": REGISTER,
        "sums": [(rule, named(whole), [named(part) for part in parts]) for rule, whole, parts in SUMS],
        "parts": [(rule, named(part), named(whole)) for rule, part, whole in PARTS],
        "events": [(named(events), named(people)) for events, people in EVENTS],
    }
    return render(request, "reports/rules.html", context)
