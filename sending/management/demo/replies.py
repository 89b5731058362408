"""What people answered to the demo's finished task, put into its inbox as the engine does."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Organization
from sending.lifecycle import MessageState
from sending.models import AssignedBy, Gateway, InboundMessage, Message
from sending.replies.assignment import Assigned
from sending.replies.recording import record

# Country of the number, what it answered; the same country is the same number.
_ANSWERS = (
    ("TW", "收到，謝謝！"),
    ("AE", "شكرا، إلى اللقاء يوم الجمعة"),
    ("GB", "STOP"),
    ("GB", "Sorry, wrong button."),
    ("GB", "Start"),
    ("NO", "Takk! Åpner dere virkelig klokka 9 på fredag? 😊"),
    ("AU", "Thank you! See you on Friday."),
)


def load_replies(organization: Organization, gateway: Gateway) -> None:
    """Make a few replies, half an hour old; the first ones were read."""
    messages = Message.objects.for_organization(organization)
    delivered = list(messages.filter(state=MessageState.DELIVERED.value).order_by("row"))
    of_country = {message.country: message for message in reversed(delivered)}
    at = timezone.now() - timedelta(minutes=40)
    spare = iter(delivered)
    for country, text in _ANSWERS:
        message = of_country.setdefault(country, next(spare))
        at += timedelta(minutes=3)
        record(
            Assigned(message.msisdn, message, AssignedBy.NEWEST),
            gateway_id=gateway.pk,
            originator="",
            text=text,
            is_incomplete=False,
            received_at=at,
        )
    replies = InboundMessage.objects.for_organization(organization).order_by("pk")
    read = list(replies.values_list("pk", flat=True)[:5])
    replies.filter(pk__in=read).update(read_at=timezone.now())
