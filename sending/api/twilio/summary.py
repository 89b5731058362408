"""What the request log says of a request: SIDs, lengths, masked numbers."""

from typing import Any

from accounts.masking import masked
from sending.api.twilio.call import TwilioCall

_NUMBERS = frozenset({"To", "From"})
# What people or programs wrote: its length alone.
_TEXTS = frozenset(
    {"Body", "Code", "ContentVariables", "CustomCode", "FriendlyName", "MediaUrl", "StatusCallback"}
)
_SHOWN_CHARS = 60
_SHOWN_FIELDS = 20


def summary(call: TwilioCall) -> dict[str, Any]:
    """Return what was asked without what people wrote."""
    fields = {**call.path, **dict(call.query), **dict(call.form)}
    fields.pop("AccountSid", None)
    shown = list(fields.items())[:_SHOWN_FIELDS]
    return {_name(name): _value(name, value) for name, value in shown}


def _name(name: str) -> str:
    return "".join(one for one in name[:_SHOWN_CHARS] if one.isprintable())


def _value(name: str, value: str) -> str:
    if name in _NUMBERS:
        is_number = not any(map(str.isalpha, value))
        return masked(value)[:_SHOWN_CHARS] if is_number else value[:_SHOWN_CHARS]
    if name.endswith("Sid") or name.startswith(("DateSent", "Page", "Status", "Schedule")):
        # Only what cannot be a text of somebody.
        return value[:_SHOWN_CHARS] if name not in _TEXTS else _length(value)
    return _length(value)


def _length(value: str) -> str:
    return f"{len(value)} character{'' if len(value) == 1 else 's'}"
