"""A form field of JSON that nothing written into it breaks."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput


class ForgivingJsonField(forms.JSONField):
    """JSON that cannot be read is an error of the field, whatever keeps Python from reading it.

    Numbers of 5,000 digits and brackets in brackets without end raise errors of their own; NaN, NUL
    and half a surrogate pair are read, and then neither stored nor shown.
    """

    def to_python(self, value: Any) -> Any:
        """Return what the text says; raises ValidationError."""
        try:
            return _storable(super().to_python(value))
        except (ValueError, RecursionError) as error:
            message = self.error_messages["invalid"]
            raise ValidationError(message, code="invalid", params={"value": ""}) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what is shown again."""
        try:
            return _storable(super().bound_data(data, initial))
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


def _storable(value: Any) -> Any:
    """Return a value as it is; raises ValueError for what no database or page takes."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError("a NUL")
    return value
