"""What a receiver reads: delivery reports as a JSON array, a reply as a JSON object.

The fields are those of the reference API's callbacks, so that receivers written for it work on;
`event_id`, `event_time` and `session_context` are ours. Numbers and texts are read here, when they
are sent: of what was erased, or deleted, number and text are empty.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sending.error_codes.table import explain
from sending.lifecycle import MessageState, end_word
from sending.models import ApiMessage, CallbackEvent, CallbackKind, InboundMessage, Message
from sending.models.callback_event import TEST_SUBJECT
from sending.models.choices import MESSAGE_STATE_LABELS
from sending.sms.calling_code import cut
from templates_app.models import SignatureVersion

# The reference writes times of reports without a zone, as its own clocks show them.
_REPORT_ZONE = timezone(timedelta(hours=8))
# Of the range that is set apart for fiction.
TEST_MSISDN = "+12025550123"
TEST_TEXT = "Test of the SMS Console"


def body_of(kind: str, events: Sequence[CallbackEvent]) -> bytes:
    """Return the body for events of one kind; a reply goes alone."""
    if kind == CallbackKind.REPLY.value:
        (event,) = events
        return _json(_reply(event))
    return _json(_reports(events))


def _json(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _reports(events: Sequence[CallbackEvent]) -> list[dict[str, str]]:
    ids = {event.subject_id for event in events}
    organization_ids = {event.organization_id for event in events}
    messages = Message.objects.filter(pk__in=ids, organization_id__in=organization_ids)
    numbers = dict(messages.values_list("pk", "msisdn"))
    asked = ApiMessage.objects.filter(pk__in=ids).exclude(session_context="")
    contexts = dict(asked.values_list("pk", "session_context"))
    return [
        _report(event, numbers.get(event.subject_id, ""), contexts.get(event.subject_id, ""))
        for event in events
    ]


def _report(event: CallbackEvent, msisdn: str, session_context: str) -> dict[str, str]:
    state = MessageState(event.state)
    if event.subject_id == TEST_SUBJECT:
        msisdn = TEST_MSISDN
    code, number = cut(msisdn)
    delivered = state is MessageState.DELIVERED
    described = explain(event.code, event.state).what if event.code else MESSAGE_STATE_LABELS[state]
    report = {
        "user_receive_time": event.at.astimezone(_REPORT_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        "nationcode": code,
        "mobile": number,
        "report_status": "SUCCESS" if delivered else "FAIL",
        "errmsg": end_word(state, event.code),
        "description": str(MESSAGE_STATE_LABELS[state] if delivered else described),
        "sid": str(event.subject_id),
        **_own(event.pk, event.at),
    }
    return report | ({"session_context": session_context} if session_context else {})


def _reply(event: CallbackEvent) -> dict[str, Any]:
    own = InboundMessage.objects.filter(organization_id=event.organization_id)
    reply = own.filter(pk=event.subject_id).first()
    msisdn, text = (reply.msisdn, reply.text) if reply else ("", "")
    if event.subject_id == TEST_SUBJECT:
        msisdn, text = TEST_MSISDN, TEST_TEXT
    code, number = cut(msisdn)
    answered = reply.answers_message_id if reply else None
    return {
        "extend": "",
        "mobile": number,
        "nationcode": code,
        "sign": _signature(event.organization_id, answered),
        "text": text,
        "time": int(event.at.timestamp()),
        "sid": str(answered or ""),
        **_own(event.pk, event.at),
    }


def _signature(organization_id: int, message_id: int | None) -> str:
    """Return the signature of the message that was answered."""
    own = Message.objects.filter(organization_id=organization_id, pk=message_id or 0)
    version = own.values_list("signature_version_id", flat=True).first() or 0
    contents = SignatureVersion.objects.filter(pk=version).values_list("content", flat=True)
    return contents.first() or ""


def _own(event_id: int, at: datetime) -> dict[str, str]:
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"event_id": str(event_id), "event_time": moment}
