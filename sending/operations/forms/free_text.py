"""What an operator says to grant the right to free text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import CrispyForm
from sending.lifecycle import Lane
from sending.models.free_text_right import LEARNING_DAYS


class FreeTextForm(CrispyForm):
    """For how long, how urgent, and why."""

    LEARNING, ALWAYS = "learning", "always"

    kind = forms.ChoiceField(
        label=_("For how long"),
        choices=[
            (LEARNING, _("Learning mode: for some days, and its texts are listed as unmatched")),
            (ALWAYS, _("Until somebody withdraws it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for how long.")},
    )
    lane = forms.ChoiceField(
        label=_("Lane"),
        choices=[
            (Lane.API.value, _("API, as notifications are sent")),
            (Lane.OTP.value, _("OTP, before all others: only for codes")),
        ],
        initial=Lane.API.value,
    )
    links_allowed = forms.BooleanField(label=_("Texts may contain links"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The organization reads it in its audit trail. Name the ticket, if any."),
    )

    days = LEARNING_DAYS

    def granted(self) -> dict[str, Any]:
        """Return what is to be granted."""
        given = dict(self.cleaned_data)
        return {"is_learning": given.pop("kind") == self.LEARNING, **given}
