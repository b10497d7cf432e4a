"""Jobs of this room, done by the worker (``manage.py procrastinate worker``)."""

from datetime import datetime

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from agencies import clock, mail, wall
from agencies.journal import anchors
from agencies.tables import shelf

# Tried again after 4, 16, 64 … seconds, about six hours in all; then kept as failed.
PATIENCE = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="agencies.mail_notices", retry=PATIENCE)
def mail_notices(notices: list[int]) -> None:
    """Send notices by e-mail. Deferred inside the verb's transaction: a verb that is taken back sends nothing."""
    with wall.everywhere():
        mail.mail_notices(notices=notices, now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="agencies.take_up_stalled", queueing_lock="agencies.take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again what a worker was doing when it was killed; every job here may be done twice without harm."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="37 19 * * *")  # UTC: 2:37 in Vietnam
@app.task(name="agencies.sweep_shelf", queueing_lock="agencies.sweep_shelf")
def sweep_shelf(timestamp: int) -> None:
    """Every night: remove uploads between preview and confirmation that are older than a day."""
    with wall.everywhere():
        shelf.sweep(clock.instant())


@app.task(name="agencies.note_lock", retry=PATIENCE)
def note_lock(key: str, until: str) -> None:
    """Write on the record that wrong tries locked an account, if one has that name."""
    from agencies import accounts  # its notices import this module

    with wall.everywhere():
        accounts.note_lock(key=key, until=datetime.fromisoformat(until), now=clock.now())


@app.periodic(cron="17 19 * * *")  # UTC: 2:17 in Vietnam
@app.task(name="agencies.tidy_signing_in", queueing_lock="agencies.tidy_signing_in")
def tidy_signing_in(timestamp: int) -> None:
    """Every night: close unused accounts, forget sessions, tries and sent forms that have run out.

    A demo's day stands still while its accounts wait for visitors: there nobody is closed.
    """
    from agencies import accounts, locks, once, sessions

    with wall.everywhere():
        if not settings.PORTAL_DEMO:
            accounts.disable_unused(now=clock.now())
        sessions.forget_expired(clock.instant())
        locks.forget_old_tries(clock.instant())
        once.forget_old_forms(clock.instant())


@app.periodic(cron="10 17 * * *")  # ten past midnight in Việt Nam
@app.task(name="agencies.keep_anchor", queueing_lock="agencies.keep_anchor", retry=PATIENCE)
def keep_anchor(timestamp: int) -> None:
    """Sign and keep where the record's chains end; done twice, it is written down twice."""
    with wall.everywhere():
        anchors.keep_anchor(clock.instant())


@app.task(name="agencies.do_long_work", retry=PATIENCE, priority=-10)
def do_long_work(work: int, turn: int) -> None:
    """Pieces of a long work, for a while; what is left goes back into the queue, behind letters and reminders."""
    from agencies.long_work import running  # its notices import this module

    with wall.everywhere():
        running.carry_on(work=work, turn=turn, now=clock.now)


@app.periodic(cron="47 19 * * *")  # UTC: 2:47 in Vietnam
@app.task(name="agencies.remove_old_results", queueing_lock="agencies.remove_old_results")
def remove_old_results(timestamp: int) -> None:
    """Every night: remove the files of long works that ended a week ago."""
    from agencies.long_work import orders

    with wall.everywhere():
        orders.remove_old_files(clock.now())
