"""One mobile number, as people enter it to look for it."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


def read_digits(text: str) -> str:
    """Return a number as E.164, however it is spaced; raise ValueError where it cannot be one."""
    digits = re.sub(r"[^0-9]", "", text).removeprefix("00")
    if not 7 <= len(digits) <= 15:
        raise ValueError("7 to 15 digits")
    return f"+{digits}"


class NumberForm(forms.Form):
    """One number, to look for what is known about it."""

    number = forms.CharField(
        label=_("Mobile number"),
        help_text=_("With its country code, such as +44 7700 900123."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave the form element to the page."""
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_number(self) -> str:
        """Return the number as E.164, however it is spaced."""
        try:
            return read_digits(self.cleaned_data["number"])
        except ValueError:
            raise forms.ValidationError(
                _("Enter a mobile number of 7 to 15 digits, starting with a country code."),
                code="number",
            ) from None
