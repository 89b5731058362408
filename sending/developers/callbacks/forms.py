"""Which callbacks the log shows, and which are told again."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization
from accounts.trail_forms import ISO, day_field
from sending.developers.callbacks import words
from sending.models import CallbackKind


def kind_of(text: str | None) -> str:
    """Return a kind of callbacks as an address names it; delivery reports if it names none."""
    return text if text and text in words.KIND_LABELS else CallbackKind.STATUS.value


def state_of(text: str | None) -> str:
    """Return a state of callbacks as an address names it; empty for any."""
    return text if text and text in words.STATE_LABELS else ""


class ToldAgainForm(forms.Form):
    """The days on which events were given up."""

    first = day_field(gettext_lazy("First day"))
    last = day_field(gettext_lazy("Last day"))

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate(timezone=organization.zone)
        for field in self.fields.values():
            field.required = field.widget.is_required = True
            field.initial = today
            field.widget.attrs["max"] = f"{today:{ISO}}"
            field.error_messages["required"] = _("Enter a day.")

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["first"] > given["last"]:
            self.add_error("last", _("Enter a last day that is not before the first."))
        return given
