"""What narrows the list of reports of a period. All of it stands in the address."""

from agencies.models import Agency
from campaigns.filters import ListFilter, choose, pick
from reports.models import ProgressReport


class ReportFilter(ListFilter):
    """Reports by state and agency."""

    trang_thai = choose("Trạng thái", ProgressReport.State.choices)
    co_quan = pick("Cơ quan", Agency)

    def narrow(self, user):
        self.fields["co_quan"].queryset = Agency.objects.visible_to(user)

    def narrowed(self, reports):
        """The reports that the filters let through."""
        wanted = {"state": self.get("trang_thai"), "agency": self.get("co_quan")}
        return reports.filter(**{name: value for name, value in wanted.items() if value})
