"""Notices that go by SMS, through the one acceptance: each becomes at most one message.

The notice is written down as sent in the transaction that accepts its message, so that neither is
without the other, whenever a worker is killed. From then on it is a message like any other.
"""

import logging
from datetime import timedelta

from accounts import shared_time
from accounts.errors import MayNotSend
from accounts.models import Notice, SmsApplication
from accounts.notice_delivery import BROKEN, claim, failed, sent
from accounts.notice_kinds import NoticeChannel, NoticeState
from sending.acceptance.messages import Answers, accept_messages
from sending.acceptance.request import (
    AcceptedMessage,
    Door,
    RefusedMessage,
    WantedMessage,
)
from sending.models.api_message import NO_KEY, NOTICE
from sending.notices import console, texts

log = logging.getLogger(__name__)

TOO_MANY = "TOO_MANY_NOTICES"
MOST_A_DAY = 200
"""SMS to the contacts of one organization within 24 hours: they are at the console's cost."""
_AGAIN_LATER = frozenset({"LIMITS_CONTENDED"})


class _LeaseLost(Exception):
    """Another worker has the notice by now: nothing may be accepted for it here."""


def deliver_sms() -> int:
    """Have the notices accepted that are due; return how many messages that made."""
    count = 0
    for notice in claim(NoticeChannel.SMS):
        try:
            count += _deliver(notice)
        except _LeaseLost:
            log.info("notice %s was taken over", notice.pk)
        except Exception:
            # One that cannot be sent delays no other.
            log.exception("notice %s cannot be sent", notice.pk)
            failed(notice, BROKEN)
    return count


def _deliver(notice: Notice) -> int:
    if _had_too_many(notice):
        failed(notice, TOO_MANY, is_final=True)
        return 0
    try:
        answer = _accept(notice, console.console_application())
    except MayNotSend as refusal:
        failed(notice, refusal.code, is_final=refusal.code not in _AGAIN_LATER)
        return 0
    if isinstance(answer, AcceptedMessage):
        return 1
    failed(notice, answer.code, is_final=True)
    return 0


def _accept(notice: Notice, application: SmsApplication) -> AcceptedMessage | RefusedMessage:
    kind = notice.kind_enum
    template = console.console_template(application, kind, notice.language)
    wanted = WantedMessage(
        number=notice.to,
        text_template_id=template.pk,
        values=texts.values_of(kind, notice.language, notice.organization.name, notice.subject),
    )

    def write_down(answers: Answers) -> None:
        (answer,) = answers
        if isinstance(answer, AcceptedMessage) and not sent(notice, message_id=answer.message_id):
            raise _LeaseLost

    door = Door(application.organization_id, application.pk, NO_KEY, f"{NOTICE}{notice.pk}")
    (answer,) = accept_messages(door, [wanted], before_commit=write_down)
    return answer


def _had_too_many(notice: Notice) -> bool:
    """Tell whether the organization had its SMS of a day; index notice_readable."""
    own = Notice.objects.for_organization(notice.organization).filter(
        created_at__gt=shared_time.now() - timedelta(days=1), erased_at=None
    )
    by_sms = own.filter(channel=NoticeChannel.SMS.value, state=NoticeState.SENT.value)
    return len(by_sms.values_list("pk")[:MOST_A_DAY]) >= MOST_A_DAY
