"""Notices by e-mail, beside the portal: plain text, each once, sent by the job queue alone (agencies/tasks.py)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from agencies.models import Notice
from agencies.pseudonyms import Pseudonyms

# What somebody has to act on. The rest waits in the portal.
MAILED_KINDS = frozenset(
    {
        Notice.Kind.REMINDER, Notice.Kind.RETURNED, Notice.Kind.OPENED, Notice.Kind.APPROVAL, Notice.Kind.MENTION,
        Notice.Kind.ROLE,  # power given or an account opened anew: who could object must hear of it in time
    }
)  # fmt: skip
# After a long failure of the mail server nobody gets last week's reminders.
STALE_AFTER = timedelta(days=3)
SUBJECT_LENGTH = 120


class NotAllMailed(Exception):
    """Some e-mails could not be sent; the job is tried again for those alone."""


def mail_notices(*, notices: Iterable[int], now: datetime) -> int:
    """Send the notices of these ids that have not been sent; returns how many went.

    People without an address, closed accounts and notices older than three days are passed over. One address that is
    refused does not keep the others waiting. Raises NotAllMailed at the end when any failed.
    """
    sent, failed = 0, []
    for pk in notices:
        try:
            sent += _mail(pk, now)
        except (OSError, SMTPException) as error:
            failed.append(f"{pk}: {error}")
    if failed:
        raise NotAllMailed("; ".join(failed))
    return sent


@transaction.atomic
def _mail(pk: int, now: datetime) -> bool:
    # The row is held while it is sent, so that two workers never send the same one.
    waiting = Notice.objects.filter(pk=pk, mailed_at__isnull=True, recipient__is_active=True, at__gte=now - STALE_AFTER)
    waiting = waiting.exclude(recipient__email="").select_related("recipient")
    notice = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if notice is None:
        return False
    notice.text = Pseudonyms().instead(notice.text)  # what waited in the queue meanwhile; the notice itself stays
    EmailMessage(subject(notice), body(notice), to=[notice.recipient.email]).send()
    notice.mailed_at = now
    notice.save(update_fields=["mailed_at"])
    return True


def subject(notice: Notice) -> str:
    """'[PBGDPL] Đôn đốc: Đề nghị hoàn thành…': one line, whatever was typed."""
    words = " ".join(f"[PBGDPL] {notice.get_kind_display()}: {notice.text}".split())
    return words if len(words) <= SUBJECT_LENGTH else f"{words[: SUBJECT_LENGTH - 1]}…"


def body(notice: Notice) -> str:
    """The notice as a letter: who is addressed, the words, where to go, and that nobody reads answers."""
    if settings.PORTAL_URL:
        where = f"Mở trên cổng: {settings.PORTAL_URL}{notice.path or '/'}"
    else:
        where = "Xem và xử lý tại mục Thông báo trên Cổng phối hợp PBGDPL."
    return (
        f"Kính gửi {notice.recipient},\n\n{notice.text}\n\n{where}\n\n"
        "Thư này do Cổng phối hợp phổ biến, giáo dục pháp luật tự động gửi; vui lòng không trả lời thư.\n"
    )
