"""Handsets that answer: what their segments look like when a gateway has stored them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Member, Originator, OriginatorState
from sending.delivery.receipts import inbox
from sending.gateways.smpp.inbound import read_inbound
from sending.lifecycle import MessageState, TaskState
from sending.models import Gateway, InboundSegment, Message
from sending.replies import segments
from sending.smpp.pdu import DeliverSm
from sending.sms import data_coding, udh
from sending.sms.data_coding import DataCoding
from sending.sms.udh import ESM_CLASS_UDHI, Concatenation
from sending.tests.factories import a_number, make_messages, make_sender, make_task, move

NUMBER = a_number(1)
SHORT_CODE = "3939"


def sent_message(
    member: Member | None = None,
    gateway: Gateway | None = None,
    *,
    number: str = NUMBER,
    **fields: Any,
) -> Message:
    """A delivered message to NUMBER from SHORT_CODE."""
    given = {"originator": SHORT_CODE, "gateway": gateway, "numbers": [number]} | fields
    task = make_task(member or make_sender(), TaskState.SENDING, **given)
    Originator.objects.get_or_create(
        organization=task.organization, address=SHORT_CODE, state=OriginatorState.APPROVED.value
    )
    (message,) = make_messages(task)
    move([message], MessageState.DELIVERED)
    message.refresh_from_db()
    return message


def pdus(
    text: str,
    coding: DataCoding = DataCoding.UCS2,
    *,
    size: int = 134,
    reference: int = 7,
    source: str = NUMBER,
    destination: str = SHORT_CODE,
) -> list[DeliverSm]:
    """A text as the deliver_sm of its segments."""
    octets = data_coding.encode(text, coding)
    bodies = [octets[at : at + size] for at in range(0, len(octets), size)] or [b""]
    is_long = len(bodies) > 1
    return [
        DeliverSm(
            source_addr=source.removeprefix("+"),
            destination_addr=destination,
            data_coding=int(coding),
            esm_class=ESM_CLASS_UDHI if is_long else 0,
            short_message=udh.encode(Concatenation(reference, len(bodies), n)) + body
            if is_long
            else body,
        )
        for n, body in enumerate(bodies, 1)
    ]


def came(gateway: Gateway, deliver_sms: Sequence[DeliverSm]) -> None:
    """Have a gateway bring deliver_sm, as they come."""
    inbox.store(gateway, [read_inbound(deliver_sm) for deliver_sm in deliver_sms])


def answer(message: Message, text: str, **options: Any) -> None:
    """Have the handset of a message answer it, and put the answer together."""
    gateway = Gateway.objects.get(pk=message.gateway_id)
    came(gateway, pdus(text, **{"source": message.msisdn} | options))
    put_together()


def put_together() -> None:
    while segments.put_together_due():
        pass


def wait_a_day(at: datetime | None = None) -> None:
    """Make the segments that are there a day old."""
    old = (at or timezone.now()) - timedelta(hours=25)
    InboundSegment.objects.update(received_at=old)
    InboundSegment.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
