"""What operators write about an incident."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import shared_time
from accounts.forms import CrispyForm
from accounts.requests import whole_number
from sending.models import Gateway, Incident, IncidentState
from sending.models.incident import INCIDENT_LABELS

_OPEN = [(s.value, t) for s, t in INCIDENT_LABELS.items() if s is not IncidentState.RESOLVED]
_ALL = [(state.value, label) for state, label in INCIDENT_LABELS.items()]


def _body() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("What to say"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "What is happening, whom it affects, and when you will say more. Do not name an "
            "organization."
        ),
    )


class _Gateways(forms.ModelMultipleChoiceField):
    """Gateways, as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """Return the gateways; what fits no column is none of them."""
        if not all(whole_number(str(one)) for one in value or []):
            raise forms.ValidationError(_("Choose from the list."), code="invalid_choice")
        return super().clean(value)


class IncidentForm(CrispyForm):
    """A new incident."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    body = _body()
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=_OPEN)
    gateways = _Gateways(
        label=gettext_lazy("Gateways it affects; none means all"),
        queryset=Gateway.objects.order_by("name"),
        required=False,
    )
    started_at = forms.DateTimeField(
        label=gettext_lazy("Since"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Leave it empty for now."),
    )

    def clean_started_at(self) -> Any:
        """Return a moment that has come."""
        now = shared_time.now()
        moment = self.cleaned_data["started_at"] or now
        if moment > now:
            raise forms.ValidationError(_("Enter a time in the past."), code="future")
        return moment


class IncidentUpdateForm(CrispyForm):
    """How an incident goes on."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=_ALL)
    body = _body()

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        """Begin with the state it is in; what is over can only come back."""
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)
        state.choices = _ALL if incident.is_open else _OPEN
        if incident.is_open:
            self.initial["state"] = incident.state
