"""What a request wants sent, and what of it an answer says again."""

from typing import Any

from django.utils.translation import gettext as _

from sending.acceptance.request import WantedMessage
from sending.api.tencent.call import ApiCall
from sending.dialects.tencent.fields import TencentError
from sending.sms import msisdn

# What fits an id of the database.
_MOST_DIGITS = 18


def wanted_messages(call: ApiCall) -> list[WantedMessage]:
    """Return what SendSms or SendMultiGlobalSms asks for; raise TencentError."""
    return [
        WantedMessage(
            number=item["PhoneNumber"],
            text_template_id=_id(item["TemplateId"]),
            values=tuple(item.get("TemplateParamSet", ())),
            signature=item.get("SignName", "").strip(),
            originator=item.get("SenderId", "").strip(),
            session_context=item.get("SessionContext", ""),
        )
        for item in _items(call)
    ]


def echoes(call: ApiCall) -> list[dict[str, str]]:
    """Return what the answer says again of each item, from the request alone."""
    return [
        {
            "PhoneNumber": _as_read(item["PhoneNumber"]),
            "SessionContext": item.get("SessionContext", ""),
        }
        for item in _items(call)
    ]


def _items(call: ApiCall) -> list[dict[str, Any]]:
    if "MultiSmsInfoSet" in call.values:
        return list(call.values["MultiSmsInfoSet"])
    return [{**call.values, "PhoneNumber": number} for number in call.values["PhoneNumberSet"]]


def _as_read(number: str) -> str:
    """Return a number in E.164, or as it was sent where it is none."""
    try:
        return msisdn.parse(number).e164
    except msisdn.MsisdnError:
        return number


def _id(written: str) -> int:
    digits = written.strip()
    if digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS:
        return int(digits)
    raise TencentError(
        "FailedOperation.TemplateUnapprovedOrNotExist",
        _("TemplateId is the number of a text template, and “%(id)s” is none.") % {"id": written},
    )
