"""A form that creates something does so once: a double click, a resend, the Back button and the same press again.

The page carries a key in its form ({% form_key %}); a view that creates is marked ``@once``. The deed and the note that
this key was used are one transaction, so that whatever breaks off in between, sending again does it once.
"""

import functools
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db import connection, transaction
from django.shortcuts import redirect

from agencies import clock
from agencies.models import SentForm

FIELD = "form_key"
KEPT = timedelta(days=7)  # a tab left open over a long weekend
ALREADY = "Biểu này đã được ghi ở lần bấm trước; không ghi thêm lần nữa."


def once(view):
    """Mark a view that creates something on POST. Without a key in the form it works as before.

    Stands under ``@access``. A form that was carried out before is answered with the page it led to then.
    """

    @functools.wraps(view)
    def guarded(request, *args, **kwargs):
        key = _key(request) if request.method == "POST" else None
        if key is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            _wait_for_the_other(request.user.pk, key)
            found = SentForm.objects.filter(user=request.user, key=key, path=request.path).first()
            if found is not None:
                messages.info(request, ALREADY)
                return redirect(found.location)
            response = view(request, *args, **kwargs)
            if response.status_code == 302 and len(response["Location"]) <= 2000:
                _note(request, key, response["Location"])
        return response

    return guarded


def _key(request) -> UUID | None:
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _wait_for_the_other(user: int, key: UUID) -> None:
    """The second of two clicks waits here until the first has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"form {user} {key}"])


def _note(request, key: UUID, location: str) -> None:
    now = clock.instant()
    mine = SentForm.objects.filter(user=request.user)
    mine.filter(at__lt=now - KEPT).delete()  # of those who send nothing more the nightly job forgets them
    # The same key at another address is another form: its page was copied. It is not held against it, nor kept.
    if not mine.filter(key=key).exists():
        SentForm.objects.create(user=request.user, key=key, path=request.path[:500], location=location, at=now)


def forget_old_forms(now: datetime) -> int:
    """Delete the keys of forms that nobody sends again any more (a nightly job); how many."""
    return SentForm.objects.filter(at__lt=now - KEPT).delete()[0]
