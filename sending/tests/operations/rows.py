"""Rows of gateways at work: what senders and networks write."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from sending.lifecycle import MessageState
from sending.models import BindSlot, DeliveryReceipt, Gateway, Message, Submission


def bind(gateway: Gateway, **fields: Any) -> BindSlot:
    """A slot that a living sender holds."""
    now = timezone.now()
    given = {"number": 1, "owner": "journal", "heartbeat_at": now, "bound_at": now}
    return BindSlot.objects.create(gateway=gateway, **given | fields)


def submit(message: Message, seconds_ago: float = 1.0, **fields: Any) -> Submission:
    """What the gateway answered some seconds ago."""
    given = {
        "segment": 1,
        "attempt": 1,
        "gateway_message_id": f"id-{message.pk}",
        "command_status": "ESME_ROK",
        "submitted_at": timezone.now() - timedelta(seconds=seconds_ago),
    }
    return Submission.objects.create(
        organization_id=message.organization_id,
        message_id=message.pk,
        gateway_id=message.gateway_id,
        **given | fields,
    )


def receive(submission: Submission, delay: float) -> DeliveryReceipt:
    """A receipt that came `delay` seconds after the answer."""
    return DeliveryReceipt.objects.create(
        organization_id=submission.organization_id,
        message_id=submission.message_id,
        gateway_id=submission.gateway_id,
        gateway_message_id=submission.gateway_message_id,
        message_state=MessageState.DELIVERED.value,
        said_by="HANDSET",
        received_at=submission.submitted_at + timedelta(seconds=delay),
    )
