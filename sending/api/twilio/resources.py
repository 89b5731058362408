"""A message as the SDKs read it: every key always, numbers as text, only words they know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Min

from accounts.models import SmsApplication
from accounts.sids import MESSAGING_SERVICE, sid_of
from sending.api.callers import Caller
from sending.api.twilio.call import Body
from sending.delivery.queue.rendering import text_of
from sending.dialects.twilio.dates import rfc2822
from sending.dialects.twilio.errors import CODES
from sending.dialects.twilio.statuses import SCHEDULED, error_code_of, status_of
from sending.lifecycle import MessageState
from sending.models import ApiMessage, Message, PriceVersion, Submission

MESSAGE = "SM"
# What is held back for less is not something that a program scheduled.
_SCHEDULED = timedelta(minutes=14)
_NOT_CHARGED = frozenset(
    {
        MessageState.QUEUED,
        MessageState.SUBMITTING,
        MessageState.CANCELLED,
        MessageState.EXPIRED,
        MessageState.BLOCKED,
    }
)


@dataclass(slots=True)
class MessageResource:
    """What is said of a message."""

    message_id: int
    to: str
    sender: str
    text: str
    segments: int
    status: str
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    error_code: int | None = None
    price_micro: int | None = None
    currency: str = ""
    # Of a reply, in TwiML.
    is_answer: bool = False

    def body(self, caller: Caller) -> Body:
        """Return it in JSON, for the account of a caller."""
        account, sid = caller.account_sid, sid_of(MESSAGE, self.message_id)
        address = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
        code = CODES.get(self.error_code or 0)
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": self.text,
            "date_created": rfc2822(self.created_at),
            "date_sent": rfc2822(self.sent_at),
            "date_updated": rfc2822(self.updated_at),
            "direction": "outbound-reply" if self.is_answer else "outbound-api",
            "error_code": self.error_code,
            "error_message": str(code.cause) if code else None,
            "from": self.sender or None,
            "messaging_service_sid": sid_of(MESSAGING_SERVICE, caller.application_id),
            "num_media": "0",
            "num_segments": str(self.segments),
            "price": _price(self.price_micro),
            "price_unit": self.currency.lower() or None,
            "sid": sid,
            "status": self.status,
            "subresource_uris": {"media": f"{address}/Media.json"},
            "to": self.to,
            "uri": f"{address}.json",
        }


def _price(micro: int | None) -> str | None:
    """Return what was paid, as a negative amount."""
    return None if micro is None else f"{-Decimal(micro).scaleb(-6):.5f}"


def is_scheduled(due_at: datetime | None, created_at: datetime) -> bool:
    """Tell whether a program asked for a message to be sent later."""
    return due_at is not None and due_at - created_at >= _SCHEDULED


def resources(caller: Caller, asked: Sequence[ApiMessage]) -> list[Body]:
    """Return messages of a caller's application in the order given, without those that are gone."""
    ids = [one.message_id for one in asked]
    # Any organization: an application is of one, and its key was proved.
    own = Message.objects.filter(application_id=caller.application_id, pk__among=ids)
    rows = {message.pk: message for message in own}
    # Any organization: the same.
    application = SmsApplication.objects.get(pk=caller.application_id)
    sent = _sent_at(ids)
    currencies = _currencies(rows)
    return [
        _resource(rows[one.message_id], one, application, sent, currencies).body(caller)
        for one in asked
        if one.message_id in rows
    ]


def _resource(
    message: Message,
    asked: ApiMessage,
    application: SmsApplication,
    sent: Mapping[int, datetime],
    currencies: Mapping[int, str],
) -> MessageResource:
    state = MessageState(message.state)
    waits = state is MessageState.QUEUED and is_scheduled(asked.due_at, message.created_at)
    is_charged = state not in _NOT_CHARGED or message.pk in sent
    return MessageResource(
        message_id=message.pk,
        to=message.msisdn,
        sender=asked.originator or application.originator,
        text=_text(message),
        segments=message.segments,
        status=SCHEDULED if waits else status_of(state),
        created_at=message.created_at,
        updated_at=message.state_at,
        sent_at=sent.get(message.pk),
        error_code=error_code_of(state, message.code),
        price_micro=message.cost_micro if is_charged else None,
        currency=currencies.get(message.price_version_id or 0, ""),
        is_answer=asked.answers_reply,
    )


def _text(message: Message) -> str:
    """Return what the handset shows; empty where it was erased."""
    if message.erased_at is not None or not message.variables:
        return ""
    try:
        return text_of(message)
    except (ValueError, LookupError):
        return ""


def _sent_at(ids: Sequence[int]) -> dict[int, datetime]:
    """Return when gateways took the first segment of messages."""
    # Any organization: the messages were found by their application.
    taken = Submission.objects.filter(message_id__in=ids, command_status="ESME_ROK")
    first = taken.values("message_id").annotate(at=Min("submitted_at"))
    return {row["message_id"]: row["at"] for row in first}


def _currencies(messages: Mapping[int, Message]) -> dict[int, str]:
    versions = {message.price_version_id or 0 for message in messages.values()}
    # Any organization: the general lists are nobody's, and the messages name their own.
    found = PriceVersion.objects.filter(pk__in=versions)
    return dict(found.values_list("pk", "currency"))
