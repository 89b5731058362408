"""What operators enter about an organization: which months, and why they look at it."""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm

# At most so many months in one file.
MOST_MONTHS = 36
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class MonthField(forms.CharField):
    """A month as browsers write it, yyyy-mm; its value is the first day."""

    widget = forms.TextInput(attrs={"type": "month", "class": "form-control"})

    def clean(self, value: Any) -> date | None:
        """Return the first day of the month, or None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("Write a month such as 2026-11."), code="month")
        return date(int(found[1]), int(found[2]), 1)


class MonthsForm(forms.Form):
    """The first and the last month; without them the one that runs, or the last twelve."""

    first = MonthField(label=_("First month"), required=False)
    last = MonthField(label=_("Last month"), required=False)

    def __init__(self, *args: Any, months: int = 1, **kwargs: Any) -> None:
        """`months` are shown unless somebody chooses."""
        super().__init__(*args, **kwargs)
        self._months = months

    def asked(self) -> tuple[date, date]:
        """Return the first and the last day; what makes no sense is as if it was not there."""
        self.full_clean()
        first, last = (self.cleaned_data.get(name) for name in ("first", "last"))
        last = last or max(first or date.min, timezone.localdate().replace(day=1))
        earliest = _months_before(last, MOST_MONTHS - 1)
        first = max(first or _months_before(last, self._months - 1), earliest)
        first = min(first, last)
        return first, last.replace(day=monthrange(last.year, last.month)[1])


def _months_before(month: date, months: int) -> date:
    """Return the first day of so many months before."""
    years, at = divmod(month.year * 12 + month.month - 1 - months, 12)
    return date(years, at + 1, 1)


class SupportForm(CrispyForm):
    """Why somebody looks at an organization."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The organization reads it in its audit trail. Name the ticket, if any."),
    )
