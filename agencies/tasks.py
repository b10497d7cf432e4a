"""Jobs of this room, done by the worker (``manage.py procrastinate worker``)."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from agencies import clock, mail
from agencies.journal import anchors

# Tried again after 4, 16, 64 … seconds, about six hours in all; then kept as failed.
PATIENCE = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="agencies.mail_notices", retry=PATIENCE)
def mail_notices(notices: list[int]) -> None:
    """Send notices by e-mail. Deferred inside the verb's transaction: a verb that is taken back sends nothing."""
    mail.mail_notices(notices=notices, now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="agencies.take_up_stalled", queueing_lock="agencies.take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again what a worker was doing when it was killed; every job here may be done twice without harm."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="10 17 * * *")  # ten past midnight in Việt Nam
@app.task(name="agencies.keep_anchor", queueing_lock="agencies.keep_anchor", retry=PATIENCE)
def keep_anchor(timestamp: int) -> None:
    """Sign and keep where the record's chains end; done twice, it is written down twice."""
    anchors.keep_anchor(clock.instant())
