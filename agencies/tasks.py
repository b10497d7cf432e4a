"""Jobs of this room, done by the worker (``manage.py procrastinate worker``)."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from agencies import clock, mail

# Tried again after 4, 16, 64 … seconds, about six hours in all; then kept as failed.
PATIENCE = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name="agencies.mail_notices", retry=PATIENCE)
def mail_notices(notices: list[int]) -> None:
    """Send notices by e-mail. Deferred inside the verb's transaction: a verb that is taken back sends nothing."""
    mail.mail_notices(notices=notices, now=clock.now())
