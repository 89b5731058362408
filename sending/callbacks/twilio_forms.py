"""Callbacks as Twilio writes them: one event a form, signed with the auth token.

Numbers and texts are read here, when they are sent: of what was erased both are empty.
"""

from collections.abc import Mapping
from datetime import UTC
from urllib.parse import urlencode

from accounts.models import ApiKey, KeyKind, SmsApplication
from accounts.sids import sid_of
from sending.callbacks.bodies import TEST_MSISDN, TEST_TEXT
from sending.callbacks.post import Posting
from sending.callbacks.target import read_url
from sending.dialects.twilio.signing import HEADER, signature, signed_url
from sending.dialects.twilio.statuses import error_code_of, status_of
from sending.lifecycle import OVER_STATES, MessageState
from sending.models import (
    ApiMessage,
    CallbackEndpoint,
    CallbackEvent,
    CallbackKind,
    DeliveryReceipt,
    InboundMessage,
    Message,
)
from sending.models.callback_event import TEST_SUBJECT
from sending.sms import segments

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_MESSAGE = "SM"
_VERSION = "2010-04-01"


class TokenMissing(Exception):
    """The application has no auth token that works, and nothing goes out unsigned."""


def posting_of(
    application: SmsApplication, endpoint: CallbackEndpoint, event: CallbackEvent, url: str
) -> Posting:
    """Return the request that tells an event; raise BadUrl, TokenMissing or InvalidToken."""
    url = signed_url(url)
    target = read_url(url)
    is_reply = endpoint.kind == CallbackKind.REPLY.value
    form = _reply(application, event) if is_reply else _status(application, event)
    moment = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    headers = [
        (HEADER, signature(_token(application), url, form)),
        ("I-Twilio-Idempotency-Token", f"event-{event.pk}"),
        ("X-Event-Time", moment),
        ("X-Event-Sequence", str(endpoint.sequence)),
    ]
    return Posting(target, headers, urlencode(form).encode(), FORM, keeps_answer=is_reply)


def url_of_message(event: CallbackEvent) -> str:
    """Return the URL that the message of an event named; empty where it is gone."""
    asked = ApiMessage.objects.filter(
        message_id=event.subject_id, application_id=event.application_id
    )
    return asked.values_list("status_callback", flat=True).first() or ""


def _token(application: SmsApplication) -> str:
    own = ApiKey.objects.for_organization(application.organization)
    keys = own.filter(application=application, kind=KeyKind.TOKEN.value).usable()
    key = keys.first()
    if key is None:
        raise TokenMissing
    token: str = key.secret_key
    return token


def _common(application: SmsApplication, sid: str) -> dict[str, str]:
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": application.account_sid,
        "MessagingServiceSid": application.service_sid,
        "ApiVersion": _VERSION,
    }


def _status(application: SmsApplication, event: CallbackEvent) -> Mapping[str, str]:
    state = MessageState(event.state)
    status = status_of(state)
    asked = ApiMessage.objects.filter(message_id=event.subject_id)
    originator = asked.values_list("originator", flat=True).first()
    known = {
        "ErrorCode": str(error_code_of(state, event.code) or ""),
        "RawDlrDoneDate": _done_date(event) if state in OVER_STATES else "",
    }
    return {
        **_common(application, sid_of(_MESSAGE, event.subject_id)),
        "MessageStatus": status,
        "SmsStatus": status,
        "To": _number(event),
        "From": originator or application.originator,
        **{name: value for name, value in known.items() if value},
    }


def _number(event: CallbackEvent) -> str:
    if event.subject_id == TEST_SUBJECT:
        return TEST_MSISDN
    own = Message.objects.filter(organization_id=event.organization_id, pk=event.subject_id)
    return own.values_list("msisdn", flat=True).first() or ""


def _done_date(event: CallbackEvent) -> str:
    """Return when the network was done with a message by its newest receipt, in UTC."""
    own = DeliveryReceipt.objects.filter(
        organization_id=event.organization_id, message_id=event.subject_id, done_at__isnull=False
    )
    done_at = own.order_by("-pk").values_list("done_at", flat=True).first()
    return done_at.astimezone(UTC).strftime("%y%m%d%H%M") if done_at else ""


def _reply(application: SmsApplication, event: CallbackEvent) -> Mapping[str, str]:
    own = InboundMessage.objects.filter(organization_id=event.organization_id)
    reply = own.filter(pk=event.subject_id).first()
    msisdn, text = (reply.msisdn, reply.text) if reply else ("", "")
    if event.subject_id == TEST_SUBJECT:
        msisdn, text = TEST_MSISDN, TEST_TEXT
    keyword = {"OptOutType": reply.keyword} if reply and reply.keyword else {}
    sid = sid_of(_MESSAGE, event.subject_id)
    return {
        **_common(application, sid),
        "SmsMessageSid": sid,
        "SmsStatus": "received",
        "From": msisdn,
        "To": reply.originator if reply else application.originator,
        "Body": text,
        "NumMedia": "0",
        "NumSegments": str(segments.count(text)[1] if text else 1),
        **keyword,
    }
