"""A reply as its organization gets it: the row, what it asks for, and what programs are told."""

from datetime import datetime
from functools import partial

import phonenumbers

from accounts import shared_time
from accounts.models import Organization, SmsApplication
from sending.models import CallbackEvent, CallbackKind, InboundMessage, SmppReceipt
from sending.models.suppression import REPLIED_STOP
from sending.replies import confirmation, suppressing
from sending.replies.assignment import Assigned
from sending.sms.keywords import Keyword, keyword_of


def record(
    assigned: Assigned,
    *,
    gateway_id: int,
    originator: str,
    text: str,
    is_incomplete: bool,
    received_at: datetime,
) -> InboundMessage:
    """Store a reply, and do what it asks for, within the caller's transaction."""
    answered = assigned.message
    country = _country_of(assigned.msisdn) or answered.country
    keyword = keyword_of(text, country)
    reply = InboundMessage(
        organization_id=answered.organization_id,
        application_id=answered.application_id,
        gateway_id=gateway_id,
        msisdn=assigned.msisdn,
        country=country,
        originator=originator,
        text=text,
        answers_message_id=answered.pk,
        assigned_by=assigned.by.value,
        keyword=keyword.value if keyword else "",
        is_incomplete=is_incomplete,
        received_at=received_at,
    )
    _begin_or_go_on(reply, keyword)
    _tell_programs(reply)
    if keyword is Keyword.STOP or keyword is Keyword.START:
        _obey(reply, keyword)
    return reply


def _country_of(msisdn: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(msisdn)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _begin_or_go_on(reply: InboundMessage, keyword: Keyword | None) -> None:
    """Store the reply as the newest of its conversation.

    Raise IntegrityError where another one of the same number was quicker; the next try sees it.
    """
    of_organization = InboundMessage.objects.filter(organization_id=reply.organization_id)
    of_number = of_organization.conversations().filter(msisdn=reply.msisdn)
    before = of_number.select_for_update().first()
    said_stop = before is not None and before.said_stop
    reply.said_stop = keyword is Keyword.STOP or (said_stop and keyword is not Keyword.START)
    reply.is_newest = True
    if before:
        InboundMessage.objects.filter(pk=before.pk).update(is_newest=False)
    reply.save()


def _tell_programs(reply: InboundMessage) -> None:
    """Write the outboxes: every reply can be fetched, and is called back where there is a URL.

    Accounts of SMPP that want replies are given it, too.
    """
    now = shared_time.now()
    application = SmsApplication.objects.filter(pk=reply.application_id)
    called_back = application.exclude(reply_callback_url="").exists()
    CallbackEvent.objects.create(
        organization_id=reply.organization_id,
        application_id=reply.application_id,
        kind=CallbackKind.REPLY.value,
        subject_id=reply.pk,
        at=now,
        due_at=now if called_back else None,
        is_pullable=True,
    )
    SmppReceipt.objects.owe_reply(reply.application_id, reply.pk, now)


def _obey(reply: InboundMessage, keyword: Keyword) -> None:
    """Suppress the number or take it off the list; confirm it where something changed.

    The confirmation of STOP is accepted first: afterwards the number gets nothing any more.
    """
    organization = Organization.objects.get(pk=reply.organization_id)
    if keyword is Keyword.START:
        confirm = partial(confirmation.confirm, reply, keyword)
        suppressing.unsuppress(organization=organization, msisdn=reply.msisdn, then=confirm)
        return
    confirmation.confirm(reply, keyword)
    local = reply.received_at.astimezone(organization.zone)
    at = f"{local:%Y-%m-%d %H:%M %Z}"
    reason = REPLIED_STOP % {"at": at}
    suppressing.suppress(organization=organization, msisdn=reply.msisdn, reason=reason)
