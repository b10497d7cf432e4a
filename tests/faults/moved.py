"""gunicorn's application with another clock: the portal as ever, on a machine whose clock is FAULTS_DAYS days off.

Every reading of the time goes through Django's (agencies/clock.py), so moving that one moves them all: the age of
sessions, of uploads and of links too. The database keeps its own clock, as another machine would.
"""

import os
from datetime import timedelta

from django.utils import timezone

_right = timezone.now
timezone.now = lambda: _right() + timedelta(days=int(os.environ["FAULTS_DAYS"]))

from portal.wsgi import application  # noqa: E402, F401
