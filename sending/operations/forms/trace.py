"""What operators enter."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _


class TraceForm(forms.Form):
    """A number to look for in all organizations."""

    number = forms.CharField(
        label=_("Mobile number"),
        help_text=_("With its country code, such as 852 5123 0001. Searches are recorded."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        """Return the number as E.164, however it is spaced."""
        digits = re.sub(r"[^0-9]", "", self.cleaned_data["number"]).removeprefix("00")
        if not 7 <= len(digits) <= 15:
            raise forms.ValidationError(
                _("Enter a mobile number of 7 to 15 digits, starting with a country code.")
            )
        return f"+{digits}"
