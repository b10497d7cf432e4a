"""The calendar: a month of what waits for a person, and its address for calendar programs."""

import calendar
import re
from datetime import date, timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from agencies import clock, wall
from agencies.calendar_feed import person_of, renew_feed, secret_of, switch_off_feed
from agencies.downloads import write_calendar_read
from agencies.models import Agency, CalendarFeed
from agencies.permissions import Perm, access
from campaigns.filters import ListFilter, PlanChoice, choose, pick
from campaigns.models import Plan
from portal.agenda import KINDS, events_of
from portal.ics import as_ics
from portal.recording import address_of

PER_DAY = 5  # the others of a day are one press away
BEHIND, AHEAD = timedelta(days=92), timedelta(days=400)  # what the address for programs holds
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class CalendarFilter(ListFilter):
    """What of the calendar is shown."""

    loai = choose("Loại", [(key, words) for key, (words, _icon) in KINDS.items()])
    ke_hoach = pick("Kế hoạch", Plan, PlanChoice)
    co_quan = pick("Cơ quan", Agency)

    def narrow(self, user):
        self.fields["ke_hoach"].queryset = Plan.objects.visible_to(user)
        self.fields["co_quan"].queryset = Agency.objects.visible_to(user)


@require_safe
@access(Perm.VIEW_WORK)
def month(request):
    """A month of deadlines, activities and days of note."""
    today, form = clock.today(), CalendarFilter(request.GET, user=request.user)
    first, problem = _first_day(request.GET.get("thang", ""), today)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    wanted = {"plan": form.get("ke_hoach"), "agency": form.get("co_quan"), "kind": form.get("loai") or ""}
    events = events_of(request.user, first, last, today=today, **wanted)
    kept = {name: value for name, value in request.GET.items() if value and name in form.prefixed}
    feed = CalendarFeed.objects.filter(user=request.user).first()
    context = {
        "form": form,
        "month": first,
        "problem": problem,
        "weeks": _weeks(first, events, today),
        "long": [event for event in events if event.until != event.day],
        "count": len(events),
        "before_url": _url(kept, first - timedelta(days=1)),
        "after_url": _url(kept, last + timedelta(days=1)),
        "now_url": f"?{urlencode(kept)}",
        "is_now": (first.year, first.month) == (today.year, today.month),
        "feed": feed,
        "feed_url": f"{_origin(request)}{_feed_path(feed)}" if feed else "",
    }
    return render(request, "portal/calendar.html", context)


def _origin(request) -> str:
    """Where the portal is reached: as its settings say, else the host that was asked (one of PORTAL_HOSTS)."""
    return settings.PORTAL_URL or f"{request.scheme}://{request.get_host()}"


def _feed_path(feed: CalendarFeed) -> str:
    return reverse("calendar-feed", args=[secret_of(feed)])


def _first_day(asked: str, today: date) -> tuple[date, str]:
    """The first day of the month asked for, and what is wrong with the question."""
    if not asked:
        return today.replace(day=1), ""
    found = _MONTH.fullmatch(asked)
    if found and 1 <= int(found[2]) <= 12 and 2000 <= int(found[1]) <= 2100:
        return date(int(found[1]), int(found[2]), 1), ""
    return today.replace(day=1), "Không hiểu tháng trong địa chỉ; đang hiện tháng này. Viết như 2024-06."


def _url(kept: dict, day: date) -> str:
    return f"?{urlencode(kept | {'thang': f'{day:%Y-%m}'})}" if 2000 <= day.year <= 2100 else ""


def _weeks(first: date, events, today: date) -> list[list[dict]]:
    by_day: dict[date, list] = {}
    for event in events:
        by_day.setdefault(max(event.day, first), []).append(event)
    weeks = []
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        days = []
        for day in week:
            within = day.month == first.month
            rows = by_day.get(day, []) if within else []
            days.append(
                {"day": day, "within": within, "today": day == today, "rows": rows[:PER_DAY], "more": rows[PER_DAY:]}
            )
        weeks.append(days)
    return weeks


@require_safe
@access(public="địa chỉ bí mật của từng người, để chương trình lịch không có phiên đăng nhập đọc được")
def feed(request, secret: str):
    """One person's calendar for calendar programs: what they may see now, under a secret address."""
    user, now = person_of(secret), clock.now()
    if user is None:
        raise Http404
    today = clock.local_day(now)
    with wall.for_person(user.pk):
        write_calendar_read(person=user, address=address_of(request), now=now)
        events = events_of(user, today - BEHIND, today + AHEAD, today=today)
    events = [event for event in events if event.kind != "nghi"]
    origin = _origin(request)
    host = urlsplit(origin).hostname
    body = as_ics(events, name=f"PBGDPL · {user}", host=host, origin=origin, now=now)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="lich.ics"'
    response["Cache-Control"] = "private, max-age=900"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@access(Perm.VIEW_WORK)
def address_renew(request):
    """Give one's calendar an address, or a new one instead of the one before."""
    had = CalendarFeed.objects.filter(user=request.user).exists()
    renew_feed(by=request.user, now=clock.now())
    done = "Đã đổi địa chỉ lịch; địa chỉ cũ không còn dùng được." if had else "Đã lập địa chỉ lịch của bạn."
    messages.success(request, done)
    return redirect("calendar")


@require_POST
@access(Perm.VIEW_WORK)
def address_off(request):
    """Take the address of one's calendar away."""
    switch_off_feed(by=request.user)
    messages.success(request, "Đã tắt địa chỉ lịch. Chương trình lịch không đọc được nữa.")
    return redirect("calendar")
