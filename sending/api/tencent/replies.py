"""PullSmsReplyStatus, and the same for one number."""

from collections.abc import Iterable, Sequence
from typing import Any

from sending.api.repeating import Keep
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.periods import seconds
from sending.api.tencent.pulled import pull
from sending.api.tencent.reports import number_of
from sending.models import CallbackKind, InboundMessage, Message
from sending.sms.calling_code import cut
from templates_app.models import SignatureVersion


def pull_reply_status(call: ApiCall, _keep: Keep) -> Answer:
    """Give out replies, each once."""
    ids = [event.subject_id for event in pull(call, CallbackKind.REPLY)]
    by_id = _own(call).in_bulk(ids)
    return _answer(call, [by_id[pk] for pk in ids if pk in by_id])


def pull_reply_status_by_number(call: ApiCall, _keep: Keep) -> Answer:
    """Tell the replies from one number, the oldest first."""
    begin, end = seconds(call)
    rows = _own(call).filter(msisdn=number_of(call), received_at__gte=begin, received_at__lt=end)
    found = list(rows.order_by("pk")[: call.values["Limit"]])
    call.items = len(found)
    return _answer(call, found)


def _own(call: ApiCall) -> Any:
    replies = InboundMessage.objects.for_organization(call.organization)
    return replies.filter(application_id=call.caller.application_id)


def _answer(call: ApiCall, replies: Sequence[InboundMessage]) -> Answer:
    signatures = _signatures(call, {reply.answers_message_id for reply in replies} - {None})
    rows = []
    for reply in replies:
        country_code, subscriber = cut(reply.msisdn)
        rows.append(
            {
                "ExtendCode": "",
                "CountryCode": country_code,
                "PhoneNumber": reply.msisdn if subscriber else "",
                "SignName": signatures.get(reply.answers_message_id, ""),
                "ReplyContent": reply.text,
                "ReplyTime": int(reply.received_at.timestamp()),
                "SubscriberNumber": subscriber,
            }
        )
    return {"PullSmsReplyStatusSet": rows}


def _signatures(call: ApiCall, ids: Iterable[int | None]) -> dict[int | None, str]:
    """Return the signatures of messages by their ids."""
    organization = call.organization
    messages = Message.objects.for_organization(organization).filter(pk__in=list(ids))
    of_messages = dict(messages.values_list("pk", "signature_version_id"))
    versions: Any = SignatureVersion.objects.for_organization(organization)
    contents = versions.filter(pk__in=set(of_messages.values()) - {None})
    names = dict(contents.values_list("pk", "content"))
    return {pk: names.get(version, "") for pk, version in of_messages.items()}
