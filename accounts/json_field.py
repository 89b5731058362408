"""A form field of JSON that nothing written into it breaks."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput


class ForgivingJsonField(forms.JSONField):
    """JSON that cannot be read is an error of the field, whatever keeps Python from reading it.

    Numbers of 5,000 digits and brackets in brackets without end raise errors of their own.
    """

    def to_python(self, value: Any) -> Any:
        """Return what the text says; raises ValidationError."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            message = self.error_messages["invalid"]
            raise ValidationError(message, code="invalid", params={"value": ""}) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what is shown again."""
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)
