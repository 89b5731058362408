"""SendSms and SendMultiGlobalSms: words there, one acceptance, words back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accounts.masking import mask_numbers
from sending.acceptance.messages import accept_messages
from sending.acceptance.request import AcceptedMessage, Door, RefusedMessage
from sending.api.repeating import Keep
from sending.api.tencent.call import Answer, ApiCall
from sending.api.tencent.numbers import NO_COUNTRY
from sending.api.tencent.wanted import echoes, wanted_messages
from sending.api.waking import WAKE_UPS
from sending.dialects.tencent.error_codes import OK
from sending.dialects.tencent.refusals import CODE_OF_REFUSAL
from sending.lifecycle import DoorName

_UCS2 = 8
Result = AcceptedMessage | RefusedMessage


def send_sms(call: ApiCall, keep: Keep) -> Answer:
    """Send one text to many numbers."""
    return _send(call, keep, "SendStatusSet")


def send_multi(call: ApiCall, keep: Keep) -> Answer:
    """Send to each number a text of its own."""
    return _send(call, keep, "SendMultiStatusSet")


def _send(call: ApiCall, keep: Keep, name: str) -> Answer:
    caller = call.caller
    door = Door(
        organization_id=caller.organization_id,
        application_id=caller.application_id,
        api_key_id=caller.api_key_id,
        request_id=call.request_id,
        name=DoorName.TENCENT,
    )
    wanted = wanted_messages(call)
    call.items = len(wanted)
    echoed = echoes(call)

    def answer_to(results: Sequence[Result]) -> Answer:
        return {
            name: [
                {**_status(result, is_dry_run=call.is_dry_run), **echo}
                for result, echo in zip(results, echoed, strict=True)
            ]
        }

    results = accept_messages(
        door,
        wanted,
        dry_run=call.is_dry_run,
        before_commit=(lambda made: keep(answer_to(made))) if call.idempotency_key else None,
    )
    for result in results:
        if isinstance(result, RefusedMessage):
            call.refuse_one(CODE_OF_REFUSAL[result.code])
    if not call.is_dry_run and call.refused < call.items:
        call.afterwards.append(WAKE_UPS.ask)
    return answer_to(results)


def _status(result: Result, *, is_dry_run: bool) -> dict[str, Any]:
    if isinstance(result, RefusedMessage):
        return {
            "SerialNo": "",
            "Fee": 0,
            "Code": CODE_OF_REFUSAL[result.code],
            # A sentence may quote what was sent; answers are kept for a day, numbers are not.
            "Message": mask_numbers(result.sentence),
            "IsoCode": result.country or NO_COUNTRY,
        }
    status = {
        "SerialNo": "" if is_dry_run else str(result.message_id),
        "Fee": result.segments,
        "Code": OK,
        "Message": "would be sent" if is_dry_run else "send success",
        "IsoCode": result.country or NO_COUNTRY,
    }
    if is_dry_run:
        status["DryRun"] = {
            "Segments": result.segments,
            "Encoding": "UCS2" if result.data_coding == _UCS2 else "GSM7",
            "Cost": f"{Decimal(result.cost_micro).scaleb(-6):f}",
            "Currency": result.currency,
            "Lane": result.lane,
        }
    return status
