"""Jobs of this room, done by the worker (``manage.py procrastinate worker``)."""

from django.conf import settings
from procrastinate.contrib.django import app

from agencies import clock, wall
from agencies.tasks import PATIENCE
from reports import opening_everywhere, reminders
from reports.calendars import quarter_of

# 07:30 in Việt Nam, where there is no summer time; the queue reads its timetable in UTC.
EVERY_MORNING = "30 0 * * *"


@app.periodic(cron=EVERY_MORNING)
@app.task(name="reports.send_reminders", queueing_lock="reports.send_reminders", retry=PATIENCE)
def send_reminders(timestamp: int) -> None:
    """What the timetable of reminders asks for today; done twice, nobody is told twice."""
    with wall.everywhere():
        reminders.remind_automatically(today=clock.today(), now=clock.now())


@app.periodic(cron="5 18 * * *")  # UTC: 1:05 in Vietnam
@app.task(name="reports.open_quarter", queueing_lock="reports.open_quarter", retry=PATIENCE)
def open_quarter(timestamp: int) -> None:
    """On a quarter's first day, where the installation says so (PORTAL_OPEN_PERIODS): open it for every council."""
    with wall.everywhere():
        today = clock.today()
        span = quarter_of(today)
        if settings.PORTAL_OPEN_PERIODS and today == span.starts_on:
            opening_everywhere.order_opening(code=span.code, now=clock.now())
