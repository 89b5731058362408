"""What the request log says of a request: ids, lengths, masked numbers."""

from typing import Any

from accounts.masking import masked
from sending.api.tencent.call import ApiCall
from sending.dialects.tencent.fields import ApiField, JsonKind, ShownAs

_SHOWN_ITEMS = 5
_SHOWN_CHARS = 60


def summary(call: ApiCall) -> dict[str, Any]:
    """Return what was asked without what people wrote: ids, lengths, masked numbers."""
    return _shown(call.action.parameters, call.values)


def _shown(fields: tuple[ApiField, ...], values: Any) -> dict[str, Any]:
    return {
        field.name: _shown_value(field, values[field.name])
        for field in fields
        if field.name in values
    }


def _shown_value(field: ApiField, value: Any) -> Any:
    if isinstance(value, list):
        shown = [_shown_value(field, one) for one in value[:_SHOWN_ITEMS]]
        more = len(value) - _SHOWN_ITEMS
        return [*shown, f"… {more} more"] if more > 0 else shown
    if field.kind is JsonKind.OBJECT:
        return _shown(field.fields, value)
    is_number = not any(map(str.isalpha, value)) if isinstance(value, str) else False
    if field.shown is ShownAs.MASKED and is_number:
        return masked(value)[:_SHOWN_CHARS]
    if field.shown is not ShownAs.PLAIN and isinstance(value, str):
        return f"{len(value)} character{'' if len(value) == 1 else 's'}"
    return value[:_SHOWN_CHARS] if isinstance(value, str) else value
