"""PullSmsSendStatus, the same for one number, and ReportConversion."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.requests import whole_number
from sending.api.repeating import Keep
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.periods import seconds
from sending.api.tencent.pulled import Ended, pull
from sending.delivery import by_program
from sending.dialects.tencent.fields import TencentError
from sending.dialects.tencent.refusals import CODE_OF_REFUSAL, OTHER
from sending.lifecycle import OVER_STATES, MessageState, end_word
from sending.models import ApiMessage, CallbackKind, Message, MessageNumber
from sending.models.message import first_id_at
from sending.sms import msisdn
from sending.sms.calling_code import cut

_OVER = [state.value for state in OVER_STATES]


def pull_send_status(call: ApiCall, _keep: Keep) -> Answer:
    """Give out reports, each once."""
    events = pull(call, CallbackKind.STATUS)
    ids = [event.subject_id for event in events]
    numbers = dict(_messages(call).filter(pk__among=ids).values_list("pk", "msisdn"))
    contexts = _contexts(call, ids)
    return {
        "PullSmsSendStatusSet": [
            _row(event, numbers.get(event.subject_id, ""), contexts) for event in events
        ]
    }


def pull_send_status_by_number(call: ApiCall, _keep: Keep) -> Answer:
    """Tell what became of the messages to one number, the oldest first."""
    begin, end = seconds(call)
    ids = MessageNumber.objects.for_organization(call.organization).filter(
        msisdn=number_of(call), message_id__gte=first_id_at(begin)
    )
    found = _messages(call).filter(
        pk__in=ids.values("message_id"),
        created_at__gte=begin,
        created_at__lt=end,
        state__in=_OVER,
    )
    rows = list(found.order_by("pk")[: call.values["Limit"]])
    call.items = len(rows)
    contexts = _contexts(call, [row.pk for row in rows])
    return {
        "PullSmsSendStatusSet": [
            _row(Ended(row.pk, row.state, row.code, row.state_at), row.msisdn, contexts)
            for row in rows
        ]
    }


def report_conversion(call: ApiCall, _keep: Keep) -> Answer:
    """Note that the recipient did what the message was for."""
    at = datetime.fromtimestamp(call.values["ConversionTime"], UTC)
    noted = by_program.note_conversion(
        call.caller.application_id, whole_number(call.values["SerialNo"]) or 0, at
    )
    call.items = 1
    if noted:
        return {"ReportConversionStatus": {"Code": "ok", "Message": "success"}}
    call.refuse_one(OTHER)
    message = _("The application has no message with this SerialNo. Copy it from the answer.")
    return {"ReportConversionStatus": {"Code": OTHER, "Message": message}}


def number_of(call: ApiCall) -> str:
    """Return PhoneNumber in E.164; raise TencentError."""
    try:
        return msisdn.parse(call.values["PhoneNumber"]).e164
    except msisdn.MsisdnError as error:
        raise TencentError(
            CODE_OF_REFUSAL[error.code],
            _("PhoneNumber is no mobile number. Write + , the country code and the number."),
        ) from error


def _messages(call: ApiCall) -> Any:
    rows = Message.objects.for_organization(call.organization)
    return rows.filter(application_id=call.caller.application_id)


def _contexts(call: ApiCall, ids: Iterable[int]) -> Mapping[int, str]:
    own = ApiMessage.objects.for_organization(call.organization)
    return dict(own.filter(pk__among=list(ids)).values_list("pk", "session_context"))


def _row(end: Ended, number: str, contexts: Mapping[int, str]) -> dict[str, Any]:
    country_code, subscriber = cut(number)
    is_delivered = end.state == MessageState.DELIVERED.value
    return {
        "UserReceiveTime": int(end.at.timestamp()),
        "CountryCode": country_code,
        "SubscriberNumber": subscriber,
        "PhoneNumber": number if subscriber else "",
        "SerialNo": str(end.subject_id),
        "ReportStatus": "SUCCESS" if is_delivered else "FAIL",
        "Description": end_word(MessageState(end.state), end.code),
        "SessionContext": contexts.get(end.subject_id) or None,
    }
