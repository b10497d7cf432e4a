"""What stands around every page: the person, their roles, what they may use, the size of the letters.

Templates read ``shell.…``; each part is computed only when a page asks for it, so that fragments cost nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from agencies import clock, signin_rules
from agencies.models import Notice
from agencies.permissions import Perm, grants_of
from portal.tours import TOUR_PAGES, tour_for

TEXT_SIZE_COOKIE = "text_size"
# The steps of +A | -A, as classes of <html> (portal.css).
TEXT_SIZES = {-1: "text-s", 0: "", 1: "text-1", 2: "text-2", 3: "text-3"}

NEW_HERE = timedelta(days=60)

WORK = (Perm.VIEW_WORK, Perm.VIEW_COUNCIL_WORK)


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation and who may use it; no ``perms`` means anybody with a role."""

    label: str
    url_name: str
    icon: str
    perms: tuple[Perm, ...] = ()
    also: tuple[str, ...] = ()  # names of other addresses that belong to this entry


PLACES = (
    Place("Việc của tôi", "my-work", "inbox-stack", (Perm.RECORD_PROGRESS, Perm.APPROVE_REPORT)),
    Place(
        "Điều phối",
        "board-home",
        "clipboard-document-list",
        (Perm.REVIEW_REPORTS,),
        ("board", "period", "consolidation", "template"),
    ),
    Place("Tổng quan", "summary", "chart-bar", (Perm.VIEW_SUMMARY,), ("summary",)),
    Place("Kế hoạch", "plan-list", "document-text", WORK, ("plan",)),
    Place("Nhiệm vụ", "task-list", "list-bullet", WORK, ("task",)),
    Place("Hoạt động", "activity-list", "megaphone", WORK, ("activity",)),
    Place("Lịch", "calendar", "calendar-days", (Perm.VIEW_WORK,), ("calendar",)),
    Place("Chỉ tiêu", "indicator-list", "flag", WORK, ("target",)),
    Place("Báo cáo", "report-home", "document-chart-bar", WORK, ("report", "rules", "line-evidence", "receipt")),
    Place("Biểu mẫu", "form-list", "table-cells", (Perm.VIEW_SUMMARY,), ("form",)),
    Place("Cơ quan", "agency-list", "building-office", (), ("agency", "membership", "account")),
    Place("Nhật ký", "record", "book-open", (Perm.VIEW_AGENCY_RECORD, Perm.VIEW_COUNCIL_RECORD)),
    Place("Quản trị", "admin:index", "cog-6-tooth", (Perm.MANAGE_ACCOUNTS,)),
)


def places_for(user) -> list[Place]:
    """The entries of the main navigation that the person may use."""
    grants = grants_of(user)
    anybody = bool(grants.all_councils)
    return [place for place in PLACES if (any(map(grants.holds, place.perms)) if place.perms else anybody)]


@dataclass(frozen=True)
class Item:
    """A navigation entry as drawn on one page."""

    label: str
    url: str
    icon: str
    current: bool
    exact: bool


def text_size(request) -> int:
    """The step of +A | -A that this browser chose; 0 when it never did or sends nonsense."""
    value = request.COOKIES.get(TEXT_SIZE_COOKIE, "0")
    return int(value) if value in {str(step) for step in TEXT_SIZES} else 0


class Shell:
    """The frame of one page for one request."""

    def __init__(self, request):
        self._request = request
        self.csrf_cookie = settings.CSRF_COOKIE_NAME
        self.demo_today = settings.PORTAL_TODAY if settings.PORTAL_DEMO else None

    @cached_property
    def person(self):
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def read_until(self):
        """As of when the page's numbers are, where they were read from the standby (portal/standby.py); else None."""
        return getattr(self._request, "read_until", None)

    @cached_property
    def _members(self):
        if self.person is None:
            return []
        open_roles = self.person.memberships.filter(left_on__isnull=True)
        # How many notices wait stands beside the first of them: one query, not two, on every page.
        waiting = self._waiting.order_by().values("recipient").annotate(count=Count("pk")).values("count")
        counted = open_roles.annotate(waiting=Coalesce(Subquery(waiting), 0))
        return list(counted.select_related("agency__council", "council"))

    @property
    def _waiting(self):
        return Notice.objects.visible_to(self.person).waiting()

    @cached_property
    def roles(self) -> list[str]:
        """Every role the person holds: 'Cán bộ đầu mối · Công an thành phố'."""
        # A council's own name stands in the header already.
        return [
            f"{member.get_role_display()} · {member.agency}" if member.agency else member.get_role_display()
            for member in self._members
        ]

    @cached_property
    def role_line(self) -> str:
        if not self.roles:
            return "Chưa được giao vai trò" if self.person else ""
        more = len(self.roles) - 1
        return self.roles[0] + (f" và {more} vai trò khác" if more else "")

    @cached_property
    def council_name(self) -> str:
        councils = {}
        for member in self._members:
            council = member.agency.council if member.agency else member.council
            councils[council.pk] = council.name
        return next(iter(councils.values())) if len(councils) == 1 else f"{len(councils)} hội đồng" if councils else ""

    @cached_property
    def scopes(self) -> list[tuple[str, str]]:
        """The agencies and councils in which the person has a role: key ('agency-3') and name."""
        found = {}
        for member in self._members:
            scope = member.agency or member.council
            found[f"{type(scope)._meta.model_name}-{scope.pk}"] = scope.name
        return list(found.items())

    @cached_property
    def newly_joined(self) -> list:
        """Agencies in which the person's role began within the last 60 days: there a handover helps."""
        since = clock.today() - NEW_HERE
        found = {
            member.agency_id: member.agency for member in self._members if member.agency and member.joined_on >= since
        }
        return list(found.values())

    @cached_property
    def tour(self):
        """The tour of a role that is new to this person, on the page where its work begins; else None."""
        match = self._request.resolver_match
        if not self._members or match is None or match.url_name not in TOUR_PAGES:
            return None
        unseen = {member.role for member in self._members} - set(self.person.tours_seen)
        return tour_for(unseen)

    @property
    def tour_url(self) -> str:
        return reverse("tour")

    @property
    def guide_url(self) -> str:
        return reverse("guide")

    @cached_property
    def navigation(self) -> list[Item]:
        if self.person is None:
            return []
        path, match = self._request.path, self._request.resolver_match
        name = (match.url_name or "") if match and not match.namespaces else ""
        places = {place: reverse(place.url_name) for place in places_for(self.person)}
        # The page's own name tells where it belongs; its address, where it lies (a new task lies under its plan).
        current = {place for place in places if any(f"{name}-".startswith(f"{prefix}-") for prefix in place.also)}
        current = current or {place for place, url in places.items() if path.startswith(url)}
        return [Item(place.label, url, place.icon, place in current, path == url) for place, url in places.items()]

    @cached_property
    def notices_waiting(self) -> int:
        """How many notices the person has not seen; asked only where somebody is signed in."""
        if self.person is None:
            return 0
        return self._members[0].waiting if self._members else self._waiting.count()

    @property
    def notices_url(self) -> str:
        return reverse("notice-list") if self.person else ""

    @cached_property
    def here(self) -> str:
        """The page's own address, for forms that come back to it."""
        return self._request.get_full_path()

    @property
    def text_class(self) -> str:
        return TEXT_SIZES[text_size(self._request)]

    @property
    def home_url(self) -> str:
        return reverse("home")

    @property
    def search_url(self) -> str:
        return reverse("search") if self.person and grants_of(self.person).all_councils else ""

    @property
    def text_size_url(self) -> str:
        return reverse("text-size")

    @property
    def idle_seconds(self) -> int:
        """After how long without use the session ends (agencies/signin_rules.py)."""
        return int(signin_rules.idle_limit(self.person).total_seconds())

    @property
    def warn_seconds(self) -> int:
        return int(signin_rules.WARN_BEFORE.total_seconds())

    @property
    def security_url(self) -> str:
        return reverse("security")

    @property
    def password_url(self) -> str:
        return reverse("password-change")

    @property
    def logout_url(self) -> str:
        return reverse("logout")


def shell(request) -> dict:
    """Context processor."""
    return {"shell": Shell(request)}
