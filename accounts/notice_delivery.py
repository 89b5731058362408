"""Delivers notices: who delivers one has leased it, tries again later each time, and gives up.

E-mail is delivered at least once: one that went out and was not yet written down when a worker was
killed goes out again. `sending.notices` delivers SMS by the same leases.
"""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.core.mail import EmailMessage

from accounts import shared_time
from accounts.models import Notice
from accounts.models.notice import NoticeQuerySet
from accounts.notice_kinds import NoticeChannel, NoticeState

log = logging.getLogger(__name__)

# A mail server that does not answer is given up after ten seconds for each of its steps.
LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_ATTEMPTS = 14
"""About seven hours."""
ROUND_SECONDS = 15.0

MAIL_REFUSED = "MAIL_REFUSED"
MAIL_SERVER_AWAY = "MAIL_SERVER_AWAY"
CONTACT_CHANGED = "CONTACT_CHANGED"
BROKEN = "BROKEN"
"""The console itself failed; its log says how."""
_PERMANENT = 500


def claim(channel: NoticeChannel, *, seconds: float = ROUND_SECONDS) -> Iterator[Notice]:
    """Yield due notices for about so long, each leased to the caller alone."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        waiting = Notice.objects.waiting(channel.value).filter(due_at__lte=shared_time.now())
        notice = waiting.select_related("organization").first()
        if notice is None:
            return
        # Of two workers at the same moment one changes the row.
        leased = {"due_at": shared_time.now() + LEASE, "attempts": notice.attempts + 1}
        if held(notice).update(**leased):
            notice.attempts += 1
            yield notice


def held(notice: Notice) -> NoticeQuerySet:
    """Return the row of a notice if nobody has leased it since."""
    rows = Notice.objects.for_organization(notice.organization)
    return rows.filter(pk=notice.pk, attempts=notice.attempts, due_at__isnull=False)


def sent(notice: Notice, *, message_id: int | None = None) -> bool:
    """Write down that it went out; return False if its lease is another worker's by now."""
    return bool(_end(notice, NoticeState.SENT, code="", message_id=message_id))


def failed(notice: Notice, code: str, *, is_final: bool = False) -> None:
    """Write down why an attempt failed; the next comes later, unless it is given up."""
    if is_final or notice.attempts >= MOST_ATTEMPTS:
        _end(notice, NoticeState.FAILED, code=code)
    else:
        held(notice).update(code=code, due_at=shared_time.now() + wait_after(notice.attempts))


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: twice as long each time."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def _end(notice: Notice, state: NoticeState, **said: object) -> int:
    over: dict[str, Any] = {"due_at": None, "ended_at": shared_time.now(), "text": "", **said}
    return held(notice).step(state, **over)


def deliver_mail() -> int:
    """Send the e-mails that are due; return how many went out. Ends when the server is away."""
    count = 0
    for notice in claim(NoticeChannel.EMAIL):
        try:
            EmailMessage(subject=notice.subject, body=notice.text, to=[notice.to]).send()
        except (OSError, SMTPException) as error:
            if not (status := _status(error)):
                log.warning("notices wait: the mail server is away (%s)", type(error).__name__)
                failed(notice, MAIL_SERVER_AWAY)
                return count
            failed(notice, MAIL_REFUSED, is_final=status >= _PERMANENT)
        except Exception:
            # One that cannot be sent delays no other.
            log.exception("notice %s cannot be mailed", notice.pk)
            failed(notice, BROKEN)
        else:
            count += sent(notice)
    return count


def _status(error: Exception) -> int:
    """Return what the mail server answered about this mail; 0 where it did not."""
    if isinstance(error, SMTPRecipientsRefused):
        return max((status for status, _words in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, SMTPDataError) else 0
