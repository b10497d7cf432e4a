"""Jobs of this room, done by the worker (``manage.py procrastinate worker``)."""

from procrastinate.contrib.django import app

from agencies import clock, wall
from agencies.tasks import PATIENCE
from reports import reminders

# 07:30 in Việt Nam, where there is no summer time; the queue reads its timetable in UTC.
EVERY_MORNING = "30 0 * * *"


@app.periodic(cron=EVERY_MORNING)
@app.task(name="reports.send_reminders", queueing_lock="reports.send_reminders", retry=PATIENCE)
def send_reminders(timestamp: int) -> None:
    """What the timetable of reminders asks for today; done twice, nobody is told twice."""
    with wall.everywhere():
        reminders.remind_automatically(today=clock.today(), now=clock.now())
